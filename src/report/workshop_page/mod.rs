//! The workshop page as one HTML file: tables that read without a script, and a script with which the groups of a session
//! filter, judge, vote and draft, and take their decisions home as `review.csv`. Nothing is loaded; the policy names the
//! one script and the one style sheet by hash.

mod data;
mod judged;
mod occupations;
mod parts;
mod picks;
mod skills;

use super::messages::{Messages, Texts};
use super::phrase::{Phrase, Piece, plain};
use super::view::{Context, EditionLink, Fact, edition_links, facts, frame, limits};
use super::{ReportError, editions, html, policy};
use crate::types::Findings;
use minijinja::context;
use minijinja::value::{Serde, Value};
use parts::Section;
use picks::Picks;
use serde::Serialize;

const STYLE: &str = include_str!("../templates/workshop_page.css");
/// One script: the data first, then its parts in the order in which they need each other.
const SCRIPT: &str = concat!(
    include_str!("../templates/workshop_review.js"),
    include_str!("../templates/workshop_parts.js"),
    include_str!("../templates/workshop_rows.js"),
    include_str!("../templates/workshop_forms.js"),
    include_str!("../templates/workshop_page.js"),
);

/// Name of the document among the files of a report.
const DOCUMENT: &str = "workshop-page";
/// Largest page we write.
const MOST_BYTES: usize = 5_000_000;
/// Rows per table, tried in turn until the page is small enough.
const ROWS: [usize; 5] = [400, 200, 80, 25, 5];

/// The page; `t` holds all words.
#[derive(Serialize)]
struct Page {
    lang: &'static str,
    dir: &'static str,
    t: Texts,
    title: Phrase,
    title_plain: String,
    synthetic: bool,
    frame: Phrase,
    editions: Vec<EditionLink>,
    sections: Vec<Section>,
    limits: Vec<Phrase>,
    facts: Vec<Fact>,
}

/// `workshop-page.html`, or `workshop-page.es.html` for another than the plan's language.
pub(super) fn file_name(findings: &Findings) -> String {
    editions::document_file(findings, DOCUMENT, findings.meta.language, "html")
}

/// The page in the language of the findings: at most 5 MB; long tables are cut and say so.
///
/// # Errors
/// When a template or catalogue of ours is wrong.
pub fn workshop_page(findings: &Findings) -> Result<String, ReportError> {
    let mut html = String::new();
    for rows in ROWS {
        html = render(findings, rows)?;
        if html.len() <= MOST_BYTES {
            break;
        }
    }
    Ok(html)
}

fn render(findings: &Findings, rows: usize) -> Result<String, ReportError> {
    let messages = Messages::of(findings.meta.language)?;
    let context = Context::of(findings, &messages, rows);
    let picks = Picks::of(&context);
    let (script, style) = (policy::source(SCRIPT), policy::source(STYLE));
    let csp =
        format!("default-src 'none'; script-src {script}; style-src {style}; base-uri 'none'; form-action 'none'");
    // Ours: the style sheet and the script hold nothing from outside, and the data block is escaped.
    let safe = |text: &str| Value::from_safe_string(text.to_owned());
    let values = context! {
        csp,
        style => safe(STYLE),
        script => safe(SCRIPT),
        data => safe(&data::json(&context, &picks)?),
        ..Value::from(Serde(page(&context, &picks)))
    };
    Ok(html::templates()?.get_template("workshop_page.html")?.render(values)?)
}

fn page(context: &Context, picks: &Picks) -> Page {
    let (findings, m) = (context.index.findings, context.messages);
    let meta = &findings.meta;
    Page {
        lang: m.language.code(),
        dir: m.direction(),
        title: vec![context.index.name(&meta.title)],
        title_plain: plain(&[Piece::outside(&meta.title)]),
        synthetic: meta.synthetic,
        frame: frame(context),
        editions: edition_links(findings, DOCUMENT, m.language),
        sections: vec![
            occupations::occupations(context, picks),
            skills::section(context, picks),
            occupations::transition(context, picks),
            judged::matches(context, picks),
            judged::mentions(context, picks),
            judged::terms(context, picks),
            judged::outcomes(context, picks),
            Section { script_only: true, ..Section::named(context, "decisions") },
        ],
        limits: limits(context),
        facts: facts(context),
        t: m.texts().clone(),
    }
}

#[cfg(test)]
mod tests;
