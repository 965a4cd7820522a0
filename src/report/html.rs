//! The gap report as one HTML file: no script, nothing loaded, a content security policy that would forbid both.

use super::ReportError;
use super::view::{Page, page};
use crate::types::Findings;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, UndefinedBehavior};
use sha2::{Digest, Sha256};

const TEMPLATES: [(&str, &str); 7] = [
    ("gap.html", include_str!("templates/gap.html")),
    ("macros.html", include_str!("templates/macros.html")),
    ("page_one.html", include_str!("templates/page_one.html")),
    ("programmes.html", include_str!("templates/programmes.html")),
    ("sections.html", include_str!("templates/sections.html")),
    ("evidence.html", include_str!("templates/evidence.html")),
    ("closing.html", include_str!("templates/closing.html")),
];
const STYLE: &str = include_str!("templates/gap.css");

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
        html = render(&page(findings, rows)?)?;
        if html.len() <= MOST_BYTES {
            break;
        }
    }
    Ok(html)
}

fn render(page: &Page) -> Result<String, ReportError> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    for (name, source) in TEMPLATES {
        environment.add_template(name, source)?;
    }
    let style = STYLE.replace("PAGE_FOOT", &page.foot);
    let hash = base64(&Sha256::digest(style.as_bytes()));
    environment.add_global(
        "csp",
        format!("default-src 'none'; style-src 'sha256-{hash}'; img-src 'none'; base-uri 'none'; form-action 'none'"),
    );
    // Ours: the style sheet holds nothing from outside but letters, digits and plain punctuation of the foot.
    environment.add_global("style", Value::from_safe_string(style));
    Ok(environment.get_template("gap.html")?.render(Value::from(Serde(page)))?)
}

/// Standard base64 with padding (RFC 4648), for the hash in the policy.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let padded = chunk.iter().fold(0u32, |sum, b| (sum << 8) | u32::from(*b)) << (8 * (3 - chunk.len()));
        for i in 0..4 {
            let index = (padded >> (18 - 6 * i)) & 63;
            let letter = ALPHABET.get(index as usize).copied().unwrap_or(b'=');
            out.push(if i <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{fixture, phrase::readable};
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
        for caveat in &findings.caveats {
            assert!(shown.contains(&readable(caveat)), "{caveat}");
        }
        for row in findings.evidence.iter().step_by(6) {
            let (before, words, after) = crate::report::view::evidence_parts(row);
            assert!(shown.contains(&[before, words, after].map(readable).concat()), "{}", row.sentence);
        }
        assert_eq!(text(all(&page, "h1")[0]), findings.meta.title);
        assert_eq!(all(&page, "style").len(), 1);
        for link in all(&page, "[href]") {
            let href = link.value().attr("href").unwrap();
            assert!(href.starts_with('#') || href.starts_with("https://ok.example/"), "{href}");
        }
    }

    #[test]
    fn the_policy_allows_the_one_style_sheet_and_nothing_else() {
        let html = gap_html(&fixture::hostile()).unwrap();
        let page = Html::parse_document(&html);
        let style = text(all(&page, "style")[0]);
        let policy = all(&page, "meta[http-equiv]")[0].value().attr("content").unwrap();
        let hash = base64(&Sha256::digest(style.as_bytes()));
        assert!(policy.contains(&format!("style-src 'sha256-{hash}'")), "{policy}");
        assert!(policy.starts_with("default-src 'none';") && !policy.contains("unsafe"));
    }

    #[test]
    fn base64_agrees_with_the_vectors_of_rfc_4648() {
        let vectors = [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")];
        vectors.iter().for_each(|(plain, coded)| assert_eq!(base64(plain.as_bytes()), *coded));
    }

    #[test]
    fn the_same_findings_give_the_same_bytes() {
        let findings = fixture::realistic();
        assert_eq!(crate::report::render(&findings).unwrap(), crate::report::render(&findings).unwrap());
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
        assert!(seen > 150, "{seen}");
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
            for (file, bytes) in crate::report::render(&findings).unwrap() {
                crate::store::write_atomic(&folder.join(name).join(file), &bytes).unwrap();
            }
        }
    }
}
