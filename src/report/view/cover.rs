//! The words of a workbook's cover and notes: the sentences of the page, without its marks.

use super::{Context, facts, frame, limits, method, page_one, period};
use crate::report::phrase::{Phrase, Piece, plain, readable};

/// A cover, plain.
#[derive(Debug, Clone, Default)]
pub struct Cover {
    /// Kind of report.
    pub kicker: String,
    /// Title.
    pub title: String,
    /// Said first when the postings are made up.
    pub warning: Option<String>,
    /// What is said first, what it rests on and the frame, in this order.
    pub sentences: Vec<String>,
    /// What it is and its value.
    pub facts: Vec<(String, String)>,
}

/// Title, what is said first, frame, licence and how to cite. A workbook of one report opens with that report's own words;
/// without any, with the verdict on the whole offer.
pub fn cover(context: &Context, opening: Option<Vec<Phrase>>) -> Cover {
    let (m, meta) = (context.messages, &context.index.findings.meta);
    let opening = opening.unwrap_or_else(|| match context.index.portfolio() {
        Some(portfolio) => vec![page_one::verdict(context, portfolio), page_one::grounds(context, portfolio)],
        None => vec![m.own("verdict.none")],
    });
    let cited = [
        ("title", vec![Piece::outside(&meta.title)]),
        ("period", period(context)),
        ("as_of", vec![Piece::outside(&meta.as_of)]),
        ("version", vec![Piece::outside(&meta.version)]),
    ];
    let mut rows: Vec<(String, String)> = facts(context).into_iter().map(|f| (f.label, plain(&f.value))).collect();
    rows.push((m.text("foot.cite_heading"), plain(&m.phrase("foot.cite", &cited))));
    rows.extend(meta.attributions.iter().map(|a| (m.text("foot.attributions"), readable(a))));
    let sentences = opening.into_iter().chain([frame(context)]).map(|p| plain(&p));
    Cover {
        kicker: m.text("page.kicker"),
        title: readable(&meta.title),
        warning: meta.synthetic.then(|| format!("{}. {}", m.text("page.synthetic_short"), m.text("page.synthetic"))),
        sentences: sentences.filter(|s| !s.is_empty()).collect(),
        facts: rows,
    }
}

/// (topic, sentence) of method and limits.
pub fn notes(context: &Context) -> Vec<(String, String)> {
    let m = context.messages;
    let under = |key: &str, lines: Vec<Phrase>| -> Vec<(String, String)> {
        lines.iter().map(|line| (m.text(key), plain(line))).collect()
    };
    let mut rows = under("method.heading", method(context));
    rows.extend(under("limits.heading", limits(context)));
    rows
}
