//! Every report in every language, from realistic and from hostile findings.

use super::*;
use crate::report::html::document_html;
use crate::report::index::PORTFOLIO;
use crate::report::pdf::document_pdf;
use crate::report::phrase::{plain, readable};
use crate::report::view::{Cell, Head};
use crate::report::{editions, fixture};
use crate::types::Lang;
use scraper::{ElementRef, Html, Selector};
use std::collections::BTreeSet;

fn all<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    page.select(&Selector::parse(selector).unwrap()).collect()
}

fn text(element: ElementRef) -> String {
    element.text().collect()
}

/// Findings in every language with their documents; of the briefs, two.
fn editions_of(findings: &Findings) -> Vec<(Findings, Vec<Document>)> {
    let all = std::iter::once(findings.clone()).chain(editions::others(findings));
    all.map(|f| {
        let mut documents = documents(&f, 60).unwrap();
        documents.truncate(7);
        (f, documents)
    })
    .collect()
}

#[test]
fn hostile_texts_run_nothing_and_stay_what_they_are_in_every_report() {
    let findings = fixture::hostile();
    let mut skills_seen = BTreeSet::new();
    let own = regex::Regex::new(r"^(\.\./)?(briefs/)?[a-z0-9-]+(\.[a-z]{2})?\.(html|pdf)(#[a-z0-9-]+)?$").unwrap();
    for document in documents(&findings, 60).unwrap() {
        let html = document_html(&document).unwrap();
        let page = Html::parse_document(&html);
        for forbidden in
            ["script", "[style]", "[onerror]", "[onload]", "[onmouseover]", "img", "link", "iframe", "[src]", "base"]
        {
            assert!(all(&page, forbidden).is_empty(), "{}: {forbidden}", document.stem);
        }
        assert!(!html.contains("<script") && !html.contains(" style=") && !html.contains("url("), "{}", document.stem);
        for link in all(&page, "[href]") {
            let href = link.value().attr("href").unwrap();
            assert!(href.starts_with('#') || href.starts_with("https://ok.example/") || own.is_match(href), "{href}");
        }
        skills_seen.extend(all(&page, "bdi").into_iter().map(text));
    }
    let asked = findings.gaps.iter().filter(|g| g.programme == PORTFOLIO && g.demand.share.is_some());
    let missing: Vec<&str> =
        asked.map(|g| g.demand.label.as_str()).filter(|l| !skills_seen.contains(&readable(l))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_place_is_filled_every_link_lands_and_no_id_repeats_in_any_language() {
    for (findings, documents) in editions_of(&fixture::realistic()) {
        for document in documents {
            let html = document_html(&document).unwrap();
            let name = format!("{:?} {}", findings.meta.language, document.stem);
            assert!(!html.contains('⟦'), "{name}: {}", &html[html.find('⟦').unwrap_or(0)..][..80]);
            let page = Html::parse_document(&html);
            let ids: Vec<&str> = all(&page, "[id]").iter().map(|e| e.value().attr("id").unwrap()).collect();
            let unique: BTreeSet<&str> = ids.iter().copied().collect();
            assert_eq!(ids.len(), unique.len(), "{name}");
            for link in all(&page, "a[href^='#']") {
                assert!(unique.contains(&link.value().attr("href").unwrap()[1..]), "{name}");
            }
            let root = page.root_element().value();
            assert_eq!(root.attr("lang"), Some(findings.meta.language.code()));
            assert_eq!(root.attr("dir"), Some(if findings.meta.language == Lang::Ar { "rtl" } else { "ltr" }));
        }
    }
}

#[test]
fn no_latin_word_of_ours_stands_on_an_arabic_report() {
    let findings = fixture::realistic();
    let latin = regex::Regex::new("[A-Za-z]{3,}").unwrap();
    let (_, documents) = editions_of(&findings).pop().unwrap();
    for document in documents {
        let page = Html::parse_document(&document_html(&document).unwrap());
        let outside: Vec<_> = all(&page, "title, bdi, code, style, svg, nav.editions").iter().map(|e| e.id()).collect();
        let ours = page.tree.root().descendants().filter(|n| n.ancestors().all(|a| !outside.contains(&a.id())));
        for words in ours.filter_map(|n| n.value().as_text()) {
            let names = [
                "ECTS", "EQF", "ISCO", "CSV", "Parquet", "skillgap", "starter", "review", "csv", "import", "PLAN",
                "weights",
            ];
            let strange = latin.find_iter(words).find(|w| !names.contains(&w.as_str()));
            assert!(strange.is_none(), "{}: {}", document.stem, &**words);
        }
    }
}

/// The document as another program reads it, where one is there.
fn read_by_poppler(pdf: &[u8], program: &str, arguments: &[&str]) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.pdf");
    std::fs::write(&path, pdf).unwrap();
    let mut command = std::process::Command::new(program);
    let output = match program {
        "pdftotext" => command.args(arguments).arg(&path).arg("-").output(),
        _ => command.args(arguments).arg(&path).output(),
    };
    let Ok(output) = output else {
        eprintln!("skipped: {program} (package poppler-utils) is not installed");
        return None;
    };
    Some(String::from_utf8(output.stdout).unwrap())
}

/// Arabic as it is mostly written, and as a report on paper writes it.
fn without_vowels(text: &str) -> String {
    text.chars().filter(|c| !('\u{64b}'..='\u{652}').contains(c)).collect()
}

/// The document with nothing in it but a small table.
fn with_table(document: &Document) -> Document {
    let head = |label: &str| Head { text: vec![Piece::own(label)], label: label.to_owned(), kind: "" };
    let row = |name: Piece, figure: &str| {
        [name, Piece::outside(figure)].map(|piece| Cell { text: vec![piece], ..Cell::default() }).to_vec()
    };
    let rows = vec![row(Piece::outside("Spreadsheets"), "48213"), row(Piece::spoken("جداول", Lang::Ar), "59314")];
    let head = ["Skillhead", "Figurehead"].map(head).to_vec();
    let table = TableView { id: "small".to_owned(), head, rows, ..TableView::default() };
    let heading = vec![Piece::own("Part")];
    let part = Part { id: "part".to_owned(), heading, blocks: vec![Block::Table { table }], ..Part::default() };
    Document { parts: vec![part], ..document.clone() }
}

/// Left and right edge of a word on paper; Poppler gives letters from the right in the order in which they stand.
fn edges(boxes: &str, word: &str) -> [f64; 2] {
    let turned: String = word.chars().rev().collect();
    let wanted = [format!(">{word}<"), format!(">{turned}<")];
    let line = boxes.lines().find(|line| wanted.iter().any(|w| line.contains(w.as_str()))).unwrap();
    ["xMin=\"", "xMax=\""].map(|name| line.split_once(name).unwrap().1.split('"').next().unwrap().parse().unwrap())
}

#[test]
fn figures_and_foreign_names_stand_under_their_heads_from_whichever_side_a_report_is_read() {
    for (findings, documents) in editions_of(&fixture::realistic()) {
        let pdf = document_pdf(&with_table(&documents[0])).unwrap();
        let Some(boxes) = read_by_poppler(&pdf, "pdftotext", &["-bbox"]) else { return };
        let start = usize::from(findings.meta.language == Lang::Ar);
        for (head, cells) in [("Skillhead", ["Spreadsheets", "جداول"]), ("Figurehead", ["48213", "59314"])] {
            for cell in cells {
                let apart = edges(&boxes, cell)[start] - edges(&boxes, head)[start];
                assert!(apart.abs() < 1.0, "{:?}: {cell} is {apart} points from {head}", findings.meta.language);
            }
        }
    }
}

#[test]
fn words_with_vowel_marks_are_found_in_an_arabic_report_and_no_steering_sign_is_printed() {
    let (_, documents) = editions_of(&fixture::realistic()).pop().unwrap();
    let gap = documents.iter().find(|d| d.stem == "gap").unwrap();
    let steered = Piece::own("\u{2066}+58%\u{2069} ثم \u{2068}−12\u{2069}");
    let part = Part { id: "part".to_owned(), heading: vec![steered], ..Part::default() };
    let first = gap.parts.iter().filter(|part| ["verdict", "decisions"].contains(&part.id.as_str())).cloned();
    let short = Document { parts: first.chain([part]).collect(), ..gap.clone() };
    // Pictures steer their own lines.
    let short = without_pictures(short);
    let Some(words) = read_by_poppler(&document_pdf(&short).unwrap(), "pdftotext", &[]) else { return };
    assert!(words.contains("المصغرة"), "{words}");
    assert!(words.contains("+58%") && words.contains("−12"), "{words}");
    assert!(!words.contains(|c: char| ('\u{2066}'..='\u{2069}').contains(&c)), "{words}");
}

fn without_pictures(mut document: Document) -> Document {
    document.parts.iter_mut().for_each(|part| part.blocks.retain(|block| !matches!(block, Block::Chart { .. })));
    document
}

#[test]
fn the_lists_of_the_workshop_pack_are_those_of_page_one() {
    let mut findings = fixture::realistic();
    let listed = findings.gaps.iter().rfind(|g| g.programme == PORTFOLIO && g.demand.share.is_some()).unwrap();
    let (skill, label) = (listed.demand.skill.clone(), listed.demand.label.clone());
    let portfolio = findings.programmes.iter_mut().find(|p| p.programme == PORTFOLIO).unwrap();
    portfolio.review = vec![skill];
    let documents = documents(&findings, 60).unwrap();
    let pack = documents.iter().find(|d| d.stem == "workshop").unwrap();
    let blocks = &pack.parts.iter().find(|part| part.id == "context").unwrap().blocks;
    let facts = blocks.iter().find_map(|block| if let Block::Facts { facts } = block { Some(facts) } else { None });
    assert_eq!(plain(&facts.unwrap().last().unwrap().value), label);
    let cards = pack.parts.iter().flat_map(|part| &part.blocks);
    let cards = cards.filter_map(|block| if let Block::Cards { cards } = block { Some(cards) } else { None });
    assert!(cards.flatten().any(|card| plain(&card.title) == label));
}

#[test]
fn what_the_workshop_said_is_in_the_printed_gap_report() {
    let documents = documents(&fixture::realistic(), 60).unwrap();
    let gap = documents.iter().find(|d| d.stem == "gap").unwrap();
    assert!(gap.parts.iter().any(|part| part.id == "workshop"));
    let first = gap.parts.first().unwrap().blocks.get(1);
    let Some(Block::Prose { lines }) = first else { panic!("{first:?}") };
    assert!(plain(&lines[0]).starts_with("In this figure: 1 match decided by people"), "{lines:?}");
}

#[test]
fn a_pdf_is_tagged_carries_its_fonts_and_reads_in_the_order_of_its_language() {
    let (findings, documents) = editions_of(&fixture::realistic()).pop().unwrap();
    assert_eq!(findings.meta.language, Lang::Ar);
    let guidance = documents.iter().find(|d| d.stem == "guidance").unwrap();
    let pdf = document_pdf(guidance).unwrap();
    assert_eq!(pdf, document_pdf(guidance).unwrap());
    let Some(words) = read_by_poppler(&pdf, "pdftotext", &[]) else { return };
    // Poppler wraps right-to-left lines in marks; letters come in logical order.
    let words: String = words.chars().filter(|c| !('\u{200e}'..='\u{202e}').contains(c)).collect();
    let heading = without_vowels(&plain(&guidance.parts.first().unwrap().heading));
    assert!(words.contains(heading.as_str()), "{heading}: {}", words.chars().take(600).collect::<String>());
    let info = read_by_poppler(&pdf, "pdfinfo", &[]).unwrap();
    assert!(info.contains("Tagged:          yes") && info.contains("Pages:           "), "{info}");
    let fonts = read_by_poppler(&pdf, "pdffonts", &[]).unwrap();
    let embedded: Vec<bool> = fonts.lines().skip(2).map(|l| l.contains(" yes yes yes ")).collect();
    assert!(!embedded.is_empty() && embedded.iter().all(|e| *e), "{fonts}");
}

#[test]
fn a_hostile_title_is_set_as_text_and_a_sign_no_font_has_stops_no_report() {
    let mut findings = fixture::realistic();
    findings.meta.title = "#read(\"/etc/passwd\") {{ 7*7 }} $x$ 漢字 \u{1f600} =1+1".into();
    findings.editions.clear();
    let documents = documents(&findings, 5).unwrap();
    let gap = documents.iter().find(|d| d.stem == "gap").unwrap();
    let pdf = document_pdf(gap).unwrap();
    let Some(words) = read_by_poppler(&pdf, "pdftotext", &["-l", "1"]) else { return };
    assert!(words.contains("#read(\"/etc/passwd\") {{ 7*7 }} $x$"), "{words}");
}

#[test]
fn hostile_findings_make_every_pdf() {
    for document in documents(&fixture::hostile(), 20).unwrap() {
        assert!(document_pdf(&document).unwrap().starts_with(b"%PDF-"), "{}", document.stem);
    }
}

/// At least so many of them.
fn many<T: Clone>(rows: &mut Vec<T>, count: usize) {
    let own = rows.clone();
    while !own.is_empty() && rows.len() < count {
        rows.extend(own.iter().cloned());
    }
}

#[test]
fn with_a_million_rows_every_page_stays_under_five_megabytes_and_says_what_was_cut() {
    let mut f = fixture::realistic();
    many(&mut f.gaps, 200_000);
    many(&mut f.demand, 400_000);
    many(&mut f.trends, 200_000);
    many(&mut f.evidence, 100_000);
    many(&mut f.outcomes, 50_000);
    many(&mut f.gap_variants, 10_000);
    many(&mut f.official, 10_000);
    many(&mut f.sectors, 10_000);
    many(&mut f.pay, 10_000);
    many(&mut f.assurance, 10_000);
    many(&mut f.pathways, 10_000);
    many(&mut f.pathway_missing, 10_000);
    many(&mut f.ledger, 10_000);
    many(&mut f.meta.snapshots, 1_000);
    // One programme has all outcomes, as a catalogue that comes as one.
    let whole = f.programmes[0].programme.clone();
    f.outcomes.iter_mut().for_each(|o| o.credential.clone_from(&whole));
    let is_looked_at = |d: &Document| d.programme.as_ref().is_none_or(|p| *p == whole);
    for document in documents(&f, 60).unwrap().into_iter().filter(is_looked_at) {
        let html = document_html(&document).unwrap();
        assert!(html.len() < 5_000_000, "{}: {}", document.stem, html.len());
        if ["gap", "trend"].contains(&document.stem.as_str()) || document.programme.is_some() {
            assert!(html.contains("all rows are in"), "{}", document.stem);
        }
    }
}
