//! Learning outcomes: what they match and what demand stands behind it; and those with none in sight.

use super::{Cell, Context, Section, TableView};
use crate::report::phrase::{Phrase, Piece, joined};
use crate::types::{Demand, OutcomeFinding, Verdict};

/// Score from which an accepted match is called exact.
const EXACT: f32 = 0.95;
/// Score below which an accepted match without demand is more likely wrong than the postings silent.
const DOUBTFUL: f32 = 0.6;

/// Columns of [`row`].
pub const HEADS: [&str; 5] = ["outcome", "match", "band", "demand#", "trend"];

type LinkTuple = (String, String, f32, Verdict, Option<f64>);

/// `exact`, `strong`, `possible` or `none`.
pub fn band(link: Option<&LinkTuple>) -> &'static str {
    match link {
        Some((_, _, score, Verdict::Accepted, _)) if *score >= EXACT => "outcomes.exact",
        Some((_, _, _, Verdict::Accepted, _)) => "outcomes.strong",
        Some((_, _, _, Verdict::Review, _)) => "outcomes.possible",
        _ => "outcomes.unmatched",
    }
}

/// Learning outcome by skill.
pub fn matches(context: &Context) -> Section {
    let m = context.messages;
    let all = &context.index.findings.outcomes;
    if all.is_empty() {
        return Section::default();
    }
    let shown = all.len().min(context.most_rows);
    let table = TableView {
        id: "outcomes-table".to_owned(),
        caption: m.own("outcomes.caption"),
        head: context.heads(&HEADS),
        rows: all.iter().take(shown).map(|o| row(context, o)).collect(),
        note: context.cut_note(shown, all.len(), "outcomes.csv"),
    };
    let lead = m.own("outcomes.lead");
    Section { id: "outcomes", heading: m.text("outcomes.heading"), lead, tables: vec![table], ..Section::default() }
}

fn statement(context: &Context, outcome: &OutcomeFinding) -> Cell {
    let text = vec![Piece::spoken(&outcome.text, outcome.language)];
    Cell { text, small: vec![context.index.programme(&outcome.credential)], kind: "" }
}

/// An outcome with its best match and the demand for it.
pub fn row(context: &Context, outcome: &OutcomeFinding) -> Vec<Cell> {
    let m = context.messages;
    let best = outcome.links.first();
    let also: Vec<Phrase> = outcome.links.iter().skip(1).take(2).map(|l| context.index.skill(&l.0, &l.1)).collect();
    let matched = Cell {
        text: best.map_or_else(|| m.own("outcomes.no_match"), |l| context.index.skill(&l.0, &l.1)),
        small: if also.is_empty() { Phrase::new() } else { m.phrase("outcomes.also", &[("skills", m.list(also))]) },
        kind: "",
    };
    let score = best.map(|l| m.fill("outcomes.score", &[("score", m.decimal(f64::from(l.2), 2))]));
    let strength = Cell { text: m.own(band(best)), small: score.unwrap_or_default(), kind: "word" };
    let trend = best.and_then(|l| context.index.trend(&l.0));
    vec![statement(context, outcome), matched, strength, share(context, best), context.word(context.trend_words(trend))]
}

fn share(context: &Context, link: Option<&LinkTuple>) -> Cell {
    let m = context.messages;
    let Some(link) = link else { return context.figure("–") };
    match (context.index.demand(&link.0), link.4) {
        (Some(demand), _) => context.demand_cell(demand),
        (None, Some(share)) => {
            let n = context.n(context.index.findings.meta.posting_count);
            Cell { text: vec![m.figure(m.per_100(share))], small: n, kind: "num" }
        }
        (None, None) => Cell {
            text: m.own("outcomes.not_seen"),
            small: context.n(context.index.findings.meta.posting_count),
            kind: "num",
        },
    }
}

/// Why an outcome has no demand evidence; absent when it has, and when a match waits for a reader: what is asked of it is not
/// known before.
fn silence(context: &Context, outcome: &OutcomeFinding) -> Option<Phrase> {
    let m = context.messages;
    if outcome.verdict == Verdict::Unmatched || outcome.links.is_empty() {
        return Some(m.own("silent.unmatched"));
    }
    let accepted: Vec<&LinkTuple> = outcome.links.iter().filter(|l| l.3 == Verdict::Accepted).collect();
    if accepted.is_empty() {
        let waits = outcome.links.iter().any(|l| l.3 == Verdict::Review);
        return (!waits).then(|| m.own("silent.unmatched"));
    }
    let below = context.index.findings.meta.review_below_per_100 / 100.0;
    let reasons: Vec<&str> = accepted.iter().filter_map(|l| quiet(context.index.demand(&l.0), l.4, below)).collect();
    let best = reasons.first().filter(|_| reasons.len() == accepted.len())?;
    let score = accepted.first().map(|l| l.2).filter(|score| *score < DOUBTFUL);
    let doubt = score.map(|s| m.fill("silent.doubtful", &[("score", m.decimal(f64::from(s), 2))]));
    Some(joined(std::iter::once(m.own(best)).chain(doubt).collect(), " "))
}

/// Why a skill counts as hardly seen, by its demand or, where none is listed, its share; absent when demand is seen.
fn quiet(demand: Option<&Demand>, share: Option<f64>, below: f64) -> Option<&'static str> {
    match demand {
        None if share.is_some_and(|share| share >= below) => None,
        None if share.is_some_and(|share| share > 0.0) => Some("silent.little"),
        None => Some("silent.not_seen"),
        Some(d) if d.posting_count == 0 => Some("silent.not_seen"),
        Some(d) if d.share.is_none() => Some("silent.withheld"),
        Some(d) if d.share_high.is_some_and(|high| high < below) => Some("silent.little"),
        _ => None,
    }
}

/// Outcomes without demand evidence, with likely reasons.
pub fn silent(context: &Context) -> Section {
    let m = context.messages;
    let all: Vec<(&OutcomeFinding, Phrase)> =
        context.index.findings.outcomes.iter().filter_map(|o| Some((o, silence(context, o)?))).collect();
    if all.is_empty() {
        return Section::default();
    }
    let shown = all.len().min(context.most_rows);
    let row = |(outcome, reason): &(&OutcomeFinding, Phrase)| {
        // The reason is that of the first accepted match: the figure beside it has to be of the same.
        let link = outcome.links.iter().find(|l| l.3 == Verdict::Accepted).or(outcome.links.first());
        let matched = link.map_or_else(|| m.own("outcomes.no_match"), |l| context.index.skill(&l.0, &l.1));
        vec![statement(context, outcome), context.cell(matched), share(context, link), context.cell(reason.clone())]
    };
    let table = TableView {
        id: "silent-table".to_owned(),
        caption: m.own("silent.caption"),
        head: context.heads(&["outcome", "match", "demand#", "reason"]),
        rows: all.iter().take(shown).map(row).collect(),
        note: context.cut_note(shown, all.len(), "outcomes.csv"),
    };
    let lead = m.own("silent.lead");
    Section { id: "silent", heading: m.text("silent.heading"), lead, tables: vec![table], ..Section::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;
    use crate::report::messages::Messages;
    use crate::report::phrase::plain;
    use crate::types::Lang;

    #[test]
    fn a_match_that_waits_for_a_reader_is_not_told_to_lack_demand() {
        let mut findings = fixture::realistic();
        findings.outcomes.truncate(3);
        let links = |verdict| vec![("urn:s".to_owned(), "s".to_owned(), 0.4_f32, verdict, Some(0.21))];
        for (outcome, verdict) in
            findings.outcomes.iter_mut().zip([Verdict::Review, Verdict::Rejected, Verdict::Unmatched])
        {
            (outcome.verdict, outcome.links) = (verdict, links(verdict));
        }
        let messages = Messages::of(Lang::En).unwrap();
        let context = Context::of(&findings, &messages, 10);
        let reasons: Vec<Option<String>> =
            findings.outcomes.iter().map(|o| silence(&context, o).map(|reason| plain(&reason))).collect();
        let unmatched = messages.text("silent.unmatched");
        assert_eq!(reasons, [None, Some(unmatched.clone()), Some(unmatched)]);
    }

    #[test]
    fn reasons_without_demand_are_possibilities_and_a_weak_match_is_doubted_first() {
        let mut findings = fixture::realistic();
        findings.outcomes.truncate(3);
        let links = |score, share| vec![("urn:gone".to_owned(), "gone".to_owned(), score, Verdict::Accepted, share)];
        let cases = [(0.9_f32, None), (0.44, None), (0.9, Some(0.0003))];
        for (outcome, (score, share)) in findings.outcomes.iter_mut().zip(cases) {
            (outcome.verdict, outcome.links) = (Verdict::Accepted, links(score, share));
        }
        let messages = Messages::of(Lang::En).unwrap();
        let context = Context::of(&findings, &messages, 10);
        let reason = |o: &OutcomeFinding| silence(&context, o).map(|reason| plain(&reason)).unwrap();
        let reasons: Vec<String> = findings.outcomes.iter().map(reason).collect();
        assert!(reasons[0].starts_with("Not seen in any posting of the window. Perhaps these postings"), "{reasons:?}");
        assert_eq!(reasons[1], format!("{} Perhaps a wrong match (score 0.44): read it first.", reasons[0]));
        assert!(reasons[2].starts_with("Little demand seen. Perhaps"), "four postings are some: {reasons:?}");
    }

    #[test]
    fn the_figure_beside_a_reason_is_of_the_match_that_the_reason_is_of() {
        let mut findings = fixture::realistic();
        findings.outcomes.truncate(1);
        let link = |id: &str, verdict, share| (id.to_owned(), id.to_owned(), 0.8_f32, verdict, share);
        findings.outcomes[0].links =
            vec![link("urn:a", Verdict::Review, Some(0.0003)), link("urn:b", Verdict::Accepted, None)];
        findings.outcomes[0].verdict = Verdict::Accepted;
        let messages = Messages::of(Lang::En).unwrap();
        let section = silent(&Context::of(&findings, &messages, 10));
        let row: Vec<String> = section.tables[0].rows[0].iter().map(|cell| plain(&cell.text)).collect();
        assert_eq!(row[1..3], ["urn:b", "not seen"]);
    }
}
