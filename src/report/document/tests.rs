//! Every report in every language, from realistic and from hostile findings.

use super::*;
use crate::report::html::document_html;
use crate::report::index::PORTFOLIO;
use crate::report::pdf::document_pdf;
use crate::report::phrase::readable;
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
    let heading = crate::report::phrase::plain(&guidance.parts.first().unwrap().heading);
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
