//! What stands around a report: its period and n, the method, the limits, the files beside it, sources and snapshots.

use super::{Context, Fact};
use crate::report::phrase::{Phrase, Piece, joined, plain, readable};
use crate::report::tables::layouts;
use crate::report::{editions, elm};
use crate::types::{AcceptedDrift, Caveat, Lang};
use serde::Serialize;

fn own(text: impl std::fmt::Display) -> Phrase {
    vec![Piece::own(text)]
}

/// Data period in words.
pub fn period(context: &Context) -> Phrase {
    let meta = &context.index.findings.meta;
    ends(context, meta.period_first.as_deref(), meta.period_last.as_deref())
}

/// Periods as `measure` writes them, `2024-Q3..2025-Q2`, in words.
pub fn span(context: &Context, periods: &str) -> Phrase {
    let (first, last) = periods.split_once("..").unwrap_or((periods, periods));
    ends(context, Some(first), Some(last))
}

fn ends(context: &Context, first: Option<&str>, last: Option<&str>) -> Phrase {
    match (first, last) {
        (Some(first), Some(last)) if first == last => context.messages.period_in_words(first),
        (Some(first), Some(last)) => {
            let m = context.messages;
            let ends = [("first", m.period_in_words(first)), ("last", m.period_in_words(last))];
            m.phrase("page.period", &ends)
        }
        _ => context.messages.own("page.undated"),
    }
}

/// `Q3 2024 to Q2 2026 · 7,412 postings · 1,203 known employers · 5 boards`
pub fn frame(context: &Context) -> Phrase {
    let (meta, m) = (&context.index.findings.meta, context.messages);
    let parts = vec![
        m.phrase("page.data_period", &[("period", period(context))]),
        m.counted("count.postings", meta.posting_count),
        m.counted("count.employers", meta.employer_count),
        m.counted("count.boards", meta.source_count),
    ];
    joined(parts, " · ")
}

/// The frame as labels with values.
pub fn facts(context: &Context) -> Vec<Fact> {
    let (meta, m) = (&context.index.findings.meta, context.messages);
    let fact = |key: &str, value: Phrase| Fact { label: m.text(key), value };
    vec![
        fact("foot.period", period(context)),
        fact("foot.as_of", m.day(&meta.as_of)),
        fact("foot.n", m.counted("count.postings", meta.posting_count)),
        fact("foot.employers", own(m.count(meta.employer_count))),
        fact("foot.boards", own(m.count(meta.source_count))),
        fact("foot.taxonomy", vec![Piece::outside(&meta.taxonomy_version)]),
        fact("foot.plan", vec![Piece::outside(&meta.plan)]),
        fact("foot.version", vec![m.figure(format!("skillgap {}", meta.version))]),
        fact("foot.licence", m.own("foot.licence_text")),
    ]
}

/// Only letters, digits and plain punctuation: it goes into a style sheet.
pub fn foot(context: &Context) -> String {
    let meta = &context.index.findings.meta;
    let m = context.messages;
    let text = format!(
        "{}{}: {} | {} \u{2068}{}\u{2069} | {} | skillgap {}",
        if meta.synthetic { format!("{} | ", m.text("page.synthetic_short")) } else { String::new() },
        m.text("foot.period"),
        plain(&period(context)),
        m.text("foot.as_of"),
        plain(&m.day(&meta.as_of)),
        plain(&context.n(meta.posting_count)).replace('\u{a0}', " "),
        meta.version
    );
    text.chars()
        .filter(|c| c.is_alphanumeric() || is_arabic_mark(*c) || " .,،:-|=()–'\u{2068}\u{2069}".contains(*c))
        .take(200)
        .collect()
}

/// What the marks mean that these parts of a report use; nothing where they use none.
pub fn marks<T: Serialize>(context: &Context, shown: &T) -> Phrase {
    let m = context.messages;
    // What does not serialise is not rendered either, and is told there.
    let text = serde_json::to_string(shown).unwrap_or_default();
    let used = ["c", "u", "x", "b"].into_iter().filter(|mark| text.contains(&format!("[{mark}]")));
    let meaning = |mark: &str| {
        vec![m.figure(format!("[{mark}]")), Piece::own(" "), Piece::own(m.text(&format!("book.mark_{mark}")))]
    };
    let meanings: Vec<Phrase> = used.map(meaning).collect();
    if meanings.is_empty() {
        return Phrase::new();
    }
    let listed = joined(meanings, &m.text("join.clause"));
    joined(vec![m.own("book.marks"), listed], ": ").into_iter().chain(own(".")).collect()
}

/// Vowels and doubling above and below letters.
fn is_arabic_mark(c: char) -> bool {
    ('\u{64b}'..='\u{655}').contains(&c)
}

/// The method in ten lines.
pub fn method(context: &Context) -> Vec<Phrase> {
    let (meta, m) = (&context.index.findings.meta, context.messages);
    let values = [
        ("min_postings", m.count(meta.min_postings)),
        ("min_employers", m.count(meta.min_employers)),
        ("review_below", m.decimal(meta.review_below_per_100, 1)),
        ("taxonomy", readable(&meta.taxonomy_version)),
    ];
    (1..=10).map(|i| m.fill(&format!("method.line_{i:02}"), &values)).collect()
}

/// Limits of this edition, at most so many.
pub fn caveats(context: &Context, most: usize) -> impl Iterator<Item = Phrase> {
    context.index.findings.caveats.iter().take(most).map(|caveat| said(context, caveat))
}

/// Boards whose number of postings leaps from one period to the next.
pub fn leaps(context: &Context) -> Vec<Phrase> {
    let all = context.index.findings.caveats.iter().filter(|c| matches!(c, Caveat::UnevenBoard { .. }));
    all.map(|caveat| said(context, caveat)).collect()
}

fn said(context: &Context, caveat: &Caveat) -> Phrase {
    let m = context.messages;
    let of_postings = |key: &str, share: f64| m.fill(&format!("caveats.{key}"), &[("share", m.per_cent(share))]);
    match caveat {
        Caveat::Synthetic => m.own("caveats.synthetic"),
        Caveat::Withheld => m.own("caveats.withheld"),
        Caveat::OneBoard { share, board } => {
            let values = [("share", vec![m.figure(m.per_cent(*share))]), ("board", vec![Piece::outside(board)])];
            m.phrase("caveats.one_board", &values)
        }
        Caveat::EmployerUnknown { share } => of_postings("employer_unknown", *share),
        Caveat::Undated { share } => of_postings("undated", *share),
        Caveat::WithoutSkill { share } => of_postings("without_skill", *share),
        Caveat::AreaUnknown { share } => of_postings("area_unknown", *share),
        Caveat::OccupationUnknown { share } => of_postings("occupation_unknown", *share),
        Caveat::UnevenLanguages { most, most_language, least, least_language } => {
            let name = |language: &Lang| m.text(&format!("languages.{}", language.code()));
            let values = [
                ("most", m.decimal(*most, 1)),
                ("most_language", name(most_language)),
                ("least", m.decimal(*least, 1)),
                ("least_language", name(least_language)),
            ];
            m.fill("caveats.uneven_languages", &values)
        }
        Caveat::ShortWindow => m.own("caveats.short_window"),
        Caveat::UnevenBoard { board, first, first_count, next, next_count } => {
            let values = [
                ("board", vec![Piece::outside(board)]),
                ("first_count", m.counted("count.postings", *first_count)),
                ("first", m.period_in_words(first)),
                ("next_count", vec![m.figure(m.count(*next_count))]),
                ("next", m.period_in_words(next)),
            ];
            m.phrase("caveats.uneven_board", &values)
        }
        Caveat::CalibratedOnOwn => m.own("caveats.calibrated_on_own"),
        Caveat::Unweighted => m.own("caveats.unweighted"),
        Caveat::WeightedBeside => m.own("caveats.weighted_beside"),
        Caveat::SamplingOnly => m.own("caveats.sampling_only"),
    }
}

/// What the figures cannot say.
pub fn limits(context: &Context) -> Vec<Phrase> {
    let m = context.messages;
    let fixed = (1..=5).map(|i| m.own(&format!("limits.line_{i}")));
    let refused = context.index.findings.refused.iter().map(|(source, detail)| {
        let values = [("source", vec![Piece::outside(source)]), ("detail", vec![Piece::spoken(detail, Lang::En)])];
        m.phrase("limits.refused", &values)
    });
    let drifts = context.index.findings.accepted_drifts.iter().flat_map(|d| drift(context, d));
    caveats(context, context.most_rows).chain(refused).chain(drifts).chain(fixed).collect()
}

/// What changed in a source, and why that was accepted.
fn drift(context: &Context, d: &AcceptedDrift) -> Vec<Phrase> {
    let m = context.messages;
    let source = || ("source", vec![Piece::outside(&d.source)]);
    let count = |n| vec![Piece::own(m.count(n))];
    let reason = ("reason", vec![Piece::outside(&d.reason)]);
    let mut lines =
        vec![m.phrase("limits.drift", &[source(), ("before", count(d.before)), ("after", count(d.after)), reason])];
    if !d.lost_countries.is_empty() {
        let names: Vec<&str> = d.lost_countries.iter().map(|code| context.names.area(code)).collect();
        lines.push(m.phrase("limits.drift_areas", &[source(), ("areas", vec![Piece::outside(&names.join(" · "))])]));
    }
    lines
}

/// The data files, and what each holds.
pub fn files(context: &Context) -> Vec<Fact> {
    let mut files: Vec<Fact> = Vec::new();
    for name in layouts().into_iter().map(|l| l.name) {
        let label = format!("{name}.csv, {name}.parquet");
        files.push(Fact { label, value: context.messages.own(&format!("files.{name}")) });
    }
    let findings = context.index.findings;
    let workbook = editions::file_name(findings, findings.meta.language, "xlsx");
    files.push(Fact { label: workbook, value: context.messages.own("files.workbook") });
    let written = [
        ("review.csv", "agreed.sheet"),
        ("findings.json", "files.findings"),
        ("datapackage.json", "files.datapackage"),
    ];
    for (label, key) in elm::FILES.into_iter().chain(written) {
        files.push(Fact { label: label.to_owned(), value: context.messages.own(key) });
    }
    files
}

/// Lines as the plan gives them, in its language.
pub fn attributions(context: &Context) -> Vec<Phrase> {
    let findings = context.index.findings;
    let plan = findings.editions.first().map(|e| e.language).filter(|l| *l != context.messages.language);
    let line = |text: &String| plan.map_or_else(|| Piece::outside(text), |language| Piece::spoken(text, language));
    findings.meta.attributions.iter().take(context.most_rows).map(|a| vec![line(a)]).collect()
}

/// The files read, by hash.
pub fn snapshots(context: &Context) -> Vec<Fact> {
    let all = context.index.findings.meta.snapshots.iter().take(context.most_rows);
    all.map(|(source, hash)| Fact { label: source.clone(), value: vec![Piece::outside(hash)] }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;
    use crate::report::messages::Messages;

    #[test]
    fn only_the_marks_that_are_used_are_explained() {
        let findings = fixture::realistic();
        let told = |language, shown: &str| {
            let messages = Messages::of(language).unwrap();
            plain(&marks(&Context::of(&findings, &messages, 10), &shown))
        };
        assert_eq!(told(Lang::En, "7 (5–9) [u]"), "Marks: [u] low reliability.");
        assert_eq!(told(Lang::Es, "[x] y [u]"), "Marcas: [u] baja fiabilidad; [x] no disponible.");
        assert_eq!(told(Lang::En, "7 (5–9)"), "");
    }

    #[test]
    fn prose_names_months_and_the_day_in_full() {
        let mut findings = fixture::realistic();
        (findings.meta.period_first, findings.meta.period_last) = (Some("2020-07".into()), Some("2020-11".into()));
        findings.meta.as_of = "2025-11-30".into();
        let messages = Messages::of(Lang::En).unwrap();
        let context = Context::of(&findings, &messages, 10);
        assert_eq!(plain(&period(&context)), "July 2020 to November 2020");
        assert!(foot(&context).contains("30 November 2025"), "{}", foot(&context));
    }

    #[test]
    fn limits_are_said_in_the_readers_language_with_figures_as_the_reader_writes_them() {
        let findings = fixture::realistic();
        let told = |language| {
            let messages = Messages::of(language).unwrap();
            let context = Context::of(&findings, &messages, 10);
            caveats(&context, 10).map(|c| plain(&c)).collect::<Vec<_>>()
        };
        assert_eq!(
            told(Lang::En).first().map(String::as_str),
            Some(
                "62% of the postings come from one board (Adzuna): the figures describe that board as much as the market."
            )
        );
        assert!(told(Lang::Es).iter().any(|c| c.starts_with("El 5\u{a0}% de las ofertas no lleva fecha")));
        let catalan = told(Lang::Ca).join(" ");
        assert!(catalan.contains("6,2 competències per oferta en anglès, 2,5 en àrab"), "{catalan}");
        let arabic = told(Lang::Ar).join(" ");
        assert!(arabic.contains("62%") && arabic.contains("باللغة الإنجليزية"), "{arabic}");
    }
}
