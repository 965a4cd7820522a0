//! The programme brief: one programme on two pages, for its director.

use super::{Block, Document, Frame, Part};
use crate::report::editions;
use crate::report::phrase::{Phrase, Piece};
use crate::report::view::tables::{gaps, table};
use crate::report::view::{Cell, Context, Fact, TableView, outcomes, page_one};
use crate::types::{Gap, GapStatus, OutcomeEdit, OutcomeFinding, ProgrammeFinding};

/// Rows of the table of demand.
const MOST_GAPS: usize = 15;

/// Builds the brief of a programme.
pub fn document(context: &Context, programme: &ProgrammeFinding) -> Document {
    let m = context.messages;
    let stem = editions::brief_stem(context.index.findings, &programme.programme);
    let title = vec![context.index.programme(&programme.programme)];
    let verdict =
        Block::Verdict { text: page_one::verdict(context, programme), grounds: page_one::grounds(context, programme) };
    let asked = asked(context, programme);
    let parts = [
        Part::titled(
            context,
            "verdict",
            "brief_verdict",
            vec![verdict, Block::Facts { facts: facts(context, programme) }],
        ),
        Part::titled(context, "demand", "brief_demand", Block::table(asked).into_iter().collect()),
        Part::titled(context, "outcomes", "brief_outcomes", taught(context, programme)),
        Part::titled(context, "edits", "brief_edits", Block::table(edits(context, programme)).into_iter().collect()),
        Part::titled(context, "seen", "brief_seen", detectable(context, programme)),
    ];
    Document {
        frame: Frame::of(context, &stem, title),
        stem,
        programme: Some(programme.programme.clone()),
        tables: vec!["gaps", "outcomes", "outcome_edits"],
        kicker: m.text("documents.brief_kicker"),
        is_print_set: false,
        parts: parts.into_iter().flatten().collect(),
    }
}

fn facts(context: &Context, programme: &ProgrammeFinding) -> Vec<Fact> {
    let m = context.messages;
    let names = |skills: &[String]| {
        let name = |skill: &String| {
            let gap = context.index.gap(&programme.programme, skill);
            vec![context.index.name(gap.map_or(skill.as_str(), |g| g.demand.label.as_str()))]
        };
        let names: Vec<Phrase> = skills.iter().map(name).collect();
        if names.is_empty() { m.own("programmes.none") } else { m.list(names) }
    };
    let fact = |key: &str, value: Phrase| Fact { label: m.text(key), value };
    let mut facts = Vec::new();
    if let Some(ects) = programme.ects {
        facts.push(fact(
            "documents.size",
            m.fill("programmes.ects", &[("ects", m.decimal(ects, usize::from(ects.fract() != 0.0)))]),
        ));
    }
    let occupations: Vec<Phrase> = programme.target_occupations.iter().map(|o| vec![context.index.name(o)]).collect();
    if occupations.is_empty() {
        facts.push(fact("documents.occupations_of", m.own("programmes.no_occupations")));
    } else {
        facts.push(fact("documents.occupations_of", m.list(occupations)));
        facts.push(fact("lists.add", names(&programme.add)));
        facts.push(fact("lists.strengthen", names(&programme.strengthen)));
    }
    facts.push(fact("lists.review", names(&programme.review)));
    facts
}

/// What its occupations ask for, most unmet first.
fn asked(context: &Context, programme: &ProgrammeFinding) -> TableView {
    let own = context.index.findings.gaps.iter().filter(|g| g.programme == programme.programme);
    let mut all: Vec<&Gap> = own.filter(|g| g.demand.share.is_some() && g.status != GapStatus::Review).collect();
    all.sort_by_key(|g| (g.rank.unwrap_or(u32::MAX), g.demand.skill.as_str()));
    let shown = all.len().min(MOST_GAPS);
    let note = context.cut_note(shown, all.len(), "gaps.csv");
    let shown = all.get(..shown).unwrap_or_default();
    gaps(context, "brief_gaps", shown, note)
}

/// Its learning outcomes with their best match.
fn taught(context: &Context, programme: &ProgrammeFinding) -> Vec<Block> {
    let own = |o: &&OutcomeFinding| o.credential == programme.programme;
    let all: Vec<&OutcomeFinding> = context.index.findings.outcomes.iter().filter(own).collect();
    let shown = all.len().min(context.most_rows);
    let rows = all.iter().take(shown).map(|o| outcomes::row(context, o)).collect();
    let note = context.cut_note(shown, all.len(), "outcomes.csv");
    Block::table(table(context, "brief_outcomes", &outcomes::HEADS, rows, note)).into_iter().collect()
}

/// Skills it could take up, with what that would close.
fn edits(context: &Context, programme: &ProgrammeFinding) -> TableView {
    let m = context.messages;
    let row = |e: &OutcomeEdit| {
        let points = |v: f64| m.decimal(v, 1);
        let outcome = e.outcome.as_ref().and_then(|id| context.index.outcome(&id.0));
        let beside = outcome.map(|o| vec![Piece::spoken(&o.text, o.language)]).unwrap_or_default();
        let text = format!("{} ({})", points(e.closed_points), m.span(&points(e.closed_low), &points(e.closed_high)));
        vec![
            context.cell(context.index.skill(&e.skill, &e.label)),
            context.cell(beside),
            Cell { small: context.n(e.base_count), ..context.figure(m.count(e.shared_count)) },
            Cell { small: context.n(e.base_count), ..context.figure(text) },
        ]
    };
    let own = |e: &&OutcomeEdit| e.credential == programme.programme;
    let all: Vec<&OutcomeEdit> = context.index.findings.proposals.edits.iter().filter(own).collect();
    let shown = all.len().min(context.most_rows);
    let note = context.cut_note(shown, all.len(), "outcome_edits.csv");
    let heads = ["skill", "outcome_to_widen", "together#", "would_close#"];
    table(context, "brief_edits", &heads, all.into_iter().take(shown).map(row).collect(), note)
}

/// What these postings could have shown at all.
fn detectable(context: &Context, programme: &ProgrammeFinding) -> Vec<Block> {
    let m = context.messages;
    let found = context.index.findings.detectable.iter().find(|d| d.programme == programme.programme);
    let Some((d, share, ratio)) = found.and_then(|d| Some((d, d.least_share?, d.least_ratio?))) else {
        return Vec::new();
    };
    let values = [
        ("n", vec![m.figure(m.count(d.base_count))]),
        ("share", vec![m.figure(m.per_100(share))]),
        ("ratio", vec![m.figure(m.decimal(ratio, 1))]),
    ];
    vec![Block::Prose { lines: vec![m.phrase("documents.detectable", &values)] }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;
    use crate::report::messages::Messages;
    use crate::report::phrase::plain;
    use crate::report::view::cover;
    use crate::types::Lang;

    #[test]
    fn the_workbook_of_a_report_opens_with_the_words_of_that_report_and_not_with_another_ones() {
        let mut findings = fixture::realistic();
        let programme = findings.programmes.iter_mut().find(|p| p.programme != "portfolio").unwrap();
        (programme.coverage, programme.coverage_low, programme.coverage_high) = (Some(0.004), Some(0.0), Some(0.01));
        let programme = programme.clone();
        let messages = Messages::of(Lang::En).unwrap();
        let context = Context::of(&findings, &messages, 10);
        let own = document(&context, &programme);
        let held = own.own_findings(&findings);
        let first = |opening: Vec<Phrase>| {
            cover(&Context::of(&held, &messages, 10), Some(opening)).sentences.into_iter().next().unwrap()
        };
        let verdict = "Covers almost none of the demand seen: fewer than 1 of every 100 requests.";
        assert_eq!(first(own.opening()), verdict);
        let trend = super::super::trend::document(&context);
        let headlines = super::super::trend::headlines(&context);
        assert_eq!(first(trend.opening()), plain(headlines.first().unwrap()));
        // Cards say nothing first: the frame of the edition stands alone.
        assert_eq!(super::super::guidance::document(&context).opening(), Vec::<Phrase>::new());
        assert!(first(Vec::new()).starts_with("Postings of "));
    }
}
