//! Reports as one HTML file each: no script, nothing loaded, a content security policy that would forbid both.

use super::ReportError;
use super::document::Document;
use super::policy;
use super::view::page;
use crate::types::Findings;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, UndefinedBehavior, context};
use serde::Serialize;
use std::sync::OnceLock;

const TEMPLATES: [(&str, &str); 10] = [
    ("gap.html", include_str!("templates/gap.html")),
    ("document.html", include_str!("templates/document.html")),
    ("blocks.html", include_str!("templates/blocks.html")),
    ("workshop_page.html", include_str!("templates/workshop_page.html")),
    ("macros.html", include_str!("templates/macros.html")),
    ("page_one.html", include_str!("templates/page_one.html")),
    ("programmes.html", include_str!("templates/programmes.html")),
    ("sections.html", include_str!("templates/sections.html")),
    ("evidence.html", include_str!("templates/evidence.html")),
    ("closing.html", include_str!("templates/closing.html")),
];
const STYLE: &str = concat!(include_str!("templates/chart.css"), include_str!("templates/gap.css"));
const DOCUMENT_STYLE: &str = include_str!("templates/document.css");

/// Largest page we write.
const MOST_BYTES: usize = 5_000_000;
/// Rows per table, tried in turn until the page is small enough.
const ROWS: [usize; 4] = [400, 150, 50, 10];

/// `gap.html`: at most 5 MB; long tables are cut and say where the rest is.
///
/// # Errors
/// When a template or catalogue of ours is wrong.
pub fn gap_html(findings: &Findings) -> Result<String, ReportError> {
    let mut html = String::new();
    for rows in ROWS {
        let page = page(findings, rows)?;
        html = render("gap.html", Sheet { style: STYLE.to_owned(), foot: &page.foot, is_rtl: page.is_rtl() }, &page)?;
        if html.len() <= MOST_BYTES {
            break;
        }
    }
    Ok(html)
}

/// Any other report as one page.
///
/// # Errors
/// When a template of ours is wrong.
pub fn document_html(document: &Document) -> Result<String, ReportError> {
    let frame = &document.frame;
    let style = format!("{STYLE}{DOCUMENT_STYLE}");
    render("document.html", Sheet { style, foot: &frame.foot, is_rtl: frame.dir == "rtl" }, document)
}

/// What a style sheet depends on.
struct Sheet<'a> {
    style: String,
    foot: &'a str,
    is_rtl: bool,
}

fn render<T: Serialize>(template: &str, sheet: Sheet, content: &T) -> Result<String, ReportError> {
    let mut style = sheet.style.replace("PAGE_FOOT", sheet.foot);
    if sheet.is_rtl {
        // Margin boxes of a page have no logical names: the number goes to the outer corner by hand.
        style = style.replace("@bottom-right", "@bottom-start").replace("@bottom-left", "@bottom-right");
        style = style.replace("@bottom-start", "@bottom-left");
    }
    let allowed = policy::source(&style);
    let csp = format!("default-src 'none'; style-src {allowed}; img-src 'none'; base-uri 'none'; form-action 'none'");
    // Ours: the style sheet holds nothing from outside but letters, digits and plain punctuation of the foot.
    let style = Value::from_safe_string(style);
    let values = context! { csp, style, ..Value::from(Serde(content)) };
    Ok(templates()?.get_template(template)?.render(values)?)
}

/// Every template, compiled once.
pub(super) fn templates() -> Result<&'static Environment<'static>, ReportError> {
    static COMPILED: OnceLock<Environment<'static>> = OnceLock::new();
    if let Some(compiled) = COMPILED.get() {
        return Ok(compiled);
    }
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    for (name, source) in TEMPLATES {
        environment.add_template(name, source)?;
    }
    Ok(COMPILED.get_or_init(|| environment))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::document::documents;
    use crate::report::view::{Context, evidence};
    use crate::report::{fixture, messages::Messages, phrase::readable};
    use crate::types::Lang;
    use scraper::{ElementRef, Html, Selector};

    fn all<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
        page.select(&Selector::parse(selector).unwrap()).collect()
    }

    fn text(element: ElementRef) -> String {
        element.text().collect()
    }

    fn isolated(page: &Html) -> std::collections::BTreeSet<String> {
        all(page, "bdi").into_iter().map(text).collect()
    }

    #[test]
    fn hostile_texts_come_out_of_the_page_as_they_went_in_and_run_nothing() {
        let findings = fixture::hostile();
        let html = gap_html(&findings).unwrap();
        let page = Html::parse_document(&html);
        for forbidden in [
            "script",
            "[style]",
            "[onerror]",
            "[onload]",
            "[onmouseover]",
            "img",
            "link",
            "iframe",
            "object",
            "[src]",
            "base",
        ] {
            assert!(all(&page, forbidden).is_empty(), "{forbidden}");
        }
        assert!(
            !html.contains("<script")
                && !html.contains(" style=")
                && !html.contains("@import")
                && !html.contains("url(")
        );
        let shown = isolated(&page);
        for outcome in &findings.outcomes {
            assert!(shown.contains(&readable(&outcome.text)), "{}", outcome.text);
        }
        for text in fixture::HOSTILE {
            assert!(shown.contains(&readable(text)), "{text}");
        }
        let messages = Messages::of(findings.meta.language).unwrap();
        let context = Context::of(&findings, &messages, 400);
        let here = evidence::on_page_one(&context);
        let rows = findings.evidence.iter().filter(|row| here.contains(&row.skill.as_str()));
        for row in rows.step_by(6) {
            let (before, words, after) = crate::report::view::evidence_parts(row);
            assert!(shown.contains(&[before, words, after].map(readable).concat()), "{}", row.sentence);
        }
        assert_eq!(text(all(&page, "h1")[0]), findings.meta.title);
        assert_eq!(all(&page, "style").len(), 1);
        let own = regex::Regex::new(r"^(briefs/)?[a-z0-9-]+(\.[a-z]{2})?\.(html|pdf)(#[a-z0-9-]+)?$").unwrap();
        for link in all(&page, "[href]") {
            let href = link.value().attr("href").unwrap();
            assert!(href.starts_with('#') || href.starts_with("https://ok.example/") || own.is_match(href), "{href}");
        }
    }

    #[test]
    fn the_policy_allows_the_one_style_sheet_and_nothing_else() {
        let html = gap_html(&fixture::hostile()).unwrap();
        let page = Html::parse_document(&html);
        let style = text(all(&page, "style")[0]);
        let policy = all(&page, "meta[http-equiv]")[0].value().attr("content").unwrap();
        assert!(policy.contains(&format!("style-src {}", policy::source(&style))), "{policy}");
        assert!(policy.starts_with("default-src 'none';") && !policy.contains("unsafe"));
    }

    #[test]
    fn the_same_findings_give_the_same_bytes() {
        let findings = fixture::realistic();
        assert_eq!(fixture::rendered(&findings), fixture::rendered(&findings));
    }

    #[test]
    fn every_place_is_filled_and_every_inner_link_lands() {
        for findings in [fixture::realistic(), fixture::hostile()] {
            let html = gap_html(&findings).unwrap();
            assert!(!html.contains('⟦'), "{}", &html[html.find('⟦').unwrap_or(0)..][..80]);
            let page = Html::parse_document(&html);
            let ids: Vec<&str> = all(&page, "[id]").iter().map(|e| e.value().attr("id").unwrap()).collect();
            let unique: std::collections::BTreeSet<&str> = ids.iter().copied().collect();
            assert_eq!(ids.len(), unique.len(), "ids repeat");
            for link in all(&page, "a[href^='#']") {
                let target = &link.value().attr("href").unwrap()[1..];
                assert!(unique.contains(target), "{target}");
            }
        }
    }

    #[test]
    fn sentences_of_page_one_are_closed_and_all_others_are_linked_where_they_stand() {
        let findings = fixture::realistic();
        let page = Html::parse_document(&gap_html(&findings).unwrap());
        let closed = all(&page, "details.shown");
        assert!(!closed.is_empty() && closed.len() <= 15, "{}", closed.len());
        assert!(closed.iter().all(|e| e.value().attr("open").is_none()));
        let documents = documents(&findings, 60).unwrap();
        let evidence = documents.iter().find(|d| d.stem == "evidence").unwrap();
        let there = Html::parse_document(&document_html(evidence).unwrap());
        let anchors: Vec<&str> = all(&there, "[id]").iter().map(|e| e.value().attr("id").unwrap()).collect();
        let links = all(&page, "a[href^='evidence.html#']");
        assert!(links.len() > 5, "{}", links.len());
        for link in links {
            let (_, target) = link.value().attr("href").unwrap().split_once('#').unwrap();
            assert!(anchors.contains(&target), "{target}");
        }
        let style = text(all(&page, "style")[0]);
        assert!(style.contains("details:not([open]),#evidence:not(:has([open])){display:none}"));
    }

    #[test]
    fn every_share_has_its_n_beside_it() {
        let page = Html::parse_document(&gap_html(&fixture::realistic()).unwrap());
        // A share is written with its interval, `14 (12–16)`, or as `14 of 100 postings`.
        let interval = regex::Regex::new(r"\d \(\d[\d.]*–\d").unwrap();
        let mut seen = 0;
        for cell in all(&page, "td, .demand, .line, .grounds") {
            let words = text(cell).replace('\u{a0}', " ");
            let in_words = words.contains(" of 100 postings") || words.contains("interval ");
            if interval.is_match(&words) || in_words {
                seen += 1;
                assert!(words.contains("n = ") || words.contains(" postings, "), "{words}");
            }
        }
        assert!(seen > 60, "{seen}");
    }

    /// The page of every edition but English.
    fn translated() -> Vec<(Lang, String)> {
        let findings = fixture::realistic();
        crate::report::editions::others(&findings).map(|f| (f.meta.language, gap_html(&f).unwrap())).collect()
    }

    /// Sentences of a catalogue without their places, long enough to be told apart.
    fn sentences(language: Lang) -> std::collections::BTreeSet<String> {
        let m = Messages::of(language).unwrap();
        let texts = m.texts().values().flat_map(|section| section.values());
        let parts = texts.flat_map(|text| text.split('{').map(|p| p.split_once('}').map_or(p, |(_, tail)| tail)));
        parts.map(|p| p.trim().to_owned()).filter(|p| p.chars().filter(|c| c.is_alphabetic()).count() >= 4).collect()
    }

    #[test]
    fn no_english_sentence_of_ours_is_left_on_a_page_in_another_language() {
        let latin = regex::Regex::new("[A-Za-z]{3,}").unwrap();
        let english = sentences(Lang::En);
        let pages = translated();
        assert_eq!(pages.len(), 3);
        for (language, html) in pages {
            let own = sentences(language);
            let page = Html::parse_document(&html);
            let outside: Vec<_> = all(&page, "bdi, code, style, svg, nav.editions").iter().map(|e| e.id()).collect();
            let ours = page.tree.root().descendants().filter(|n| n.ancestors().all(|a| !outside.contains(&a.id())));
            let words: Vec<&str> =
                ours.filter_map(|n| n.value().as_text()).map(|t| t.trim()).filter(|t| !t.is_empty()).collect();
            assert!(words.len() > 300, "{}", words.len());
            for text in words {
                let left =
                    english.iter().find(|e| text.contains(e.as_str()) && !own.iter().any(|o| o.contains(e.as_str())));
                assert_eq!(left, None, "{language:?}: {text}");
                let names = ["ECTS", "ISCO", "SHA", "ESCO", "URN", "CSV", "PDF", "Parquet", "skillgap", "starter"];
                let strange = latin.find_iter(text).find(|w| !names.contains(&w.as_str()));
                assert!(language != Lang::Ar || strange.is_none(), "{text}");
            }
        }
    }

    #[test]
    fn every_edition_is_written_in_its_language_and_links_the_others() {
        for (language, html) in translated() {
            let page = Html::parse_document(&html);
            let root = page.root_element().value();
            assert_eq!(root.attr("lang"), Some(language.code()));
            assert_eq!(root.attr("dir"), Some(if language == Lang::Ar { "rtl" } else { "ltr" }));
            assert!(!html.contains('⟦'), "{language:?}");
            let links: Vec<_> =
                all(&page, "nav.editions a").iter().map(|a| a.value().attr("href").unwrap().to_owned()).collect();
            assert!(links.len() == 3 && links.contains(&"gap.html".to_owned()), "{links:?}");
            assert!(!links.contains(&format!("gap.{}.html", language.code())), "{links:?}");
        }
    }

    #[test]
    fn an_arabic_page_isolates_signs_from_the_text_around_them_and_mirrors_its_chart() {
        let (_, html) = translated().pop().unwrap();
        let page = Html::parse_document(&html);
        let signed: Vec<String> =
            all(&page, "td bdi").into_iter().map(text).filter(|t| t.starts_with(['+', '−'])).collect();
        assert!(signed.len() > 10, "{signed:?}");
        let bare = page.tree.root().descendants().filter_map(|n| Some((n.value().as_text()?, n.parent()?)));
        for (words, parent) in bare.filter(|(w, _)| w.contains(['−', '+'])) {
            let name = parent.value().as_element().map(|e| e.name()).unwrap_or_default();
            assert!(matches!(name, "bdi" | "mark" | "code" | "style") || words.contains(" + "), "{name}: {}", &**words);
        }
        assert_eq!(all(&page, "svg.rtl").len(), 2);
        let fallback = all(&page, "bdi[lang=en][dir=ltr]").into_iter().map(text).collect::<Vec<_>>();
        assert!(fallback.iter().any(|t| t.contains("boards.html is a page")), "{fallback:?}");
    }

    #[test]
    fn arabic_texts_are_marked_as_arabic_and_run_from_the_right() {
        let findings = fixture::realistic();
        let page = Html::parse_document(&gap_html(&findings).unwrap());
        let arabic: Vec<String> = all(&page, "bdi[lang=ar][dir=rtl]").into_iter().map(text).collect();
        let outcomes = findings.outcomes.iter().filter(|o| o.language == crate::types::Lang::Ar);
        assert!(outcomes.clone().count() > 0 && outcomes.into_iter().all(|o| arabic.contains(&o.text)));
        assert!(!all(&page, "blockquote[dir=rtl] bdi[lang=ar] mark").is_empty());
    }

    #[test]
    fn a_million_rows_still_give_a_page_under_five_megabytes_that_says_what_was_cut() {
        let mut findings = fixture::realistic();
        let outcome = findings.outcomes[0].clone();
        findings.outcomes = (0..20_000).map(|_| outcome.clone()).collect();
        findings.outcomes.iter_mut().for_each(|o| o.text = "<&>\"'".repeat(120));
        let gap = findings.gaps[0].clone();
        findings.gaps.extend((0..20_000).map(|i| {
            let mut gap = gap.clone();
            gap.demand.skill = format!("urn:{i}");
            gap
        }));
        let html = gap_html(&findings).unwrap();
        assert!(html.len() <= MOST_BYTES, "{}", html.len());
        assert!(html.contains("of 20,000; all rows are in outcomes.csv"));
    }

    #[test]
    fn findings_without_anything_still_give_a_page() {
        let mut findings = fixture::realistic();
        (findings.programmes, findings.gaps, findings.demand) = (Vec::new(), Vec::new(), Vec::new());
        (findings.coverage, findings.trends, findings.outcomes) = (Vec::new(), Vec::new(), Vec::new());
        (findings.official, findings.evidence, findings.quality) = (Vec::new(), Vec::new(), Default::default());
        (findings.meta.period_first, findings.meta.period_last) = (None, None);
        let html = gap_html(&findings).unwrap();
        assert!(html.contains("There is no portfolio to judge") && !html.contains('⟦'));
    }

    /// Writes the pages for looking at: `cargo test --release --lib report -- --ignored writes_pages`.
    #[test]
    #[ignore = "writes files to look at"]
    fn writes_pages_to_look_at() {
        let folder = std::env::temp_dir().join("skillgap-report");
        for (name, findings) in [("realistic", fixture::realistic()), ("hostile", fixture::hostile())] {
            for (file, bytes) in fixture::rendered(&findings) {
                crate::store::write_atomic(&folder.join(name).join(file), &bytes).unwrap();
            }
        }
    }
}
