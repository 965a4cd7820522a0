//! The evidence page: of each finding the formula with its numbers, the outcome behind the coverage, and up to twenty sentences.

use super::{Block, Document, Frame, Part};
use crate::report::index::PORTFOLIO;
use crate::report::phrase::{Phrase, Piece, joined};
use crate::report::view::evidence::{self, quoted};
use crate::report::view::tables::Place;
use crate::report::view::{Context, Fact};
use crate::types::{Demand, Gap, WorkshopDecision};

/// Builds it.
pub fn document(context: &Context) -> Document {
    let m = context.messages;
    let stem = evidence::EVIDENCE;
    let inputs = context.index.findings.meta.snapshots.iter().take(context.most_rows);
    let line =
        |(source, hash): &(String, String)| vec![Piece::outside(source), Piece::own(" · "), Piece::outside(hash)];
    let inputs = Block::list(inputs.map(line).collect());
    let mut parts: Vec<Part> =
        evidence::findings(context).into_iter().map(|(skill, most)| finding(context, skill, most)).collect();
    parts.extend(Part::titled(context, "inputs", "evidence_inputs", inputs.into_iter().collect()));
    Document {
        stem: stem.to_owned(),
        frame: Frame::of(context, stem, m.own("documents.evidence_title")),
        programme: None,
        tables: vec!["coverage"],
        kicker: m.text("documents.evidence_kicker"),
        is_print_set: false,
        parts,
    }
}

/// A skill with its figures and at most so many sentences.
fn finding(context: &Context, skill: &str, most: usize) -> Part {
    let gap = context.index.gap(PORTFOLIO, skill);
    let mut facts = Vec::new();
    facts.extend(context.index.demand(skill).and_then(|d| demand(context, d)));
    if let Some(gap) = gap {
        facts.extend(coverage(context, gap));
        facts.extend(unmet(context, gap));
    }
    facts.extend(growth(context, skill));
    facts.extend(decided(context, skill));
    let sentences = context.index.evidence(skill).iter().take(most);
    let sentences: Vec<_> = sentences.map(|e| quoted(context, e)).collect();
    let mut blocks = vec![Block::Facts { facts }];
    if !sentences.is_empty() {
        blocks.push(Block::Sentences { sentences });
    }
    let slug = context.index.slug(skill).unwrap_or_default();
    let id = vec![Piece::outside(skill)];
    Part {
        id: format!("finding-{slug}"),
        heading: vec![context.index.name(context.index.label(skill))],
        lead: id,
        blocks,
    }
}

/// `897 of 7,200 postings = 12 per 100 ...`
fn demand(context: &Context, d: &Demand) -> Option<Fact> {
    let m = context.messages;
    let values = [
        ("count", m.count(d.posting_count)),
        ("base", m.count(d.base_count)),
        ("share", m.decimal(d.share? * 100.0, 2)),
        ("range", m.span(&m.decimal(d.share_low? * 100.0, 2), &m.decimal(d.share_high? * 100.0, 2))),
        ("n", m.decimal(d.effective_n, 0)),
    ];
    let mut values: Vec<(&str, Phrase)> = values.iter().map(|(place, text)| (*place, vec![m.figure(text)])).collect();
    values.push(("employers", m.counted("count.employers", d.employer_count)));
    values.push(("boards", m.counted("count.boards", d.source_count)));
    Some(Fact { label: m.text("documents.asked_for"), value: m.phrase("documents.evidence_demand", &values) })
}

/// The outcome that covers it best, with grade and score.
fn coverage(context: &Context, gap: &Gap) -> Option<Fact> {
    let m = context.messages;
    let rows = context.index.findings.coverage.iter();
    let row = rows
        .filter(|c| c.programme == PORTFOLIO && c.skill == gap.demand.skill)
        .max_by(|a, b| a.coverage.total_cmp(&b.coverage).then(b.outcome.0.cmp(&a.outcome.0)))?;
    let outcome = context.index.outcome(&row.outcome.0)?;
    let [grade, score, product] = [row.grade, row.score, row.coverage].map(|v| m.decimal(v, 3));
    let formula = format!("{grade} × {score} = {product}");
    let values = [
        ("outcome", vec![Piece::spoken(&outcome.text, outcome.language)]),
        ("credential", vec![context.index.programme(&outcome.credential)]),
        ("formula", vec![m.figure(formula)]),
    ];
    Some(Fact { label: m.text("documents.taught"), value: m.phrase("documents.evidence_coverage", &values) })
}

/// Decisions of workshops that touched it.
fn decided(context: &Context, skill: &str) -> Option<Fact> {
    let m = context.messages;
    let all = context.index.findings.workshop.decisions.iter();
    let touches = |d: &&WorkshopDecision| d.subject == skill || d.target.split_whitespace().any(|t| t == skill);
    let line = |d: &WorkshopDecision| {
        let groups = d.groups.split_whitespace().map(|g| m.word("agreed", &format!("group_{g}"))).collect();
        let values = [
            ("decision", m.word("agreed", &format!("choice_{}", d.decision.name()))),
            ("groups", m.list(groups)),
            ("day", vec![Piece::outside(&d.last_decided_on)]),
            ("reason", d.reason.as_deref().map(|r| vec![Piece::outside(r)]).unwrap_or_default()),
        ];
        m.phrase("documents.evidence_decision", &values)
    };
    let lines: Vec<Phrase> = all.filter(touches).take(10).map(line).collect();
    (!lines.is_empty()).then(|| Fact { label: m.text("documents.decided"), value: joined(lines, " ") })
}

fn unmet(context: &Context, gap: &Gap) -> Option<Fact> {
    let m = context.messages;
    let range = gap.unmet_low.zip(gap.unmet_high).map(|(low, high)| m.span(&m.decimal(low, 2), &m.decimal(high, 2)))?;
    let share = m.decimal(gap.demand.share? * 100.0, 2);
    let formula = format!("{share} × (1 − {}) = {}", m.decimal(gap.coverage, 3), m.decimal(gap.unmet_per_100?, 2));
    let others = context.index.findings.gaps.iter().filter(|g| g.programme == PORTFOLIO);
    let rank = Place::of_gap(gap)?.words(context, others.filter_map(Place::of_gap));
    let values = [("formula", vec![m.figure(formula)]), ("range", vec![m.figure(range)]), ("rank", rank)];
    Some(Fact { label: m.text("documents.not_covered"), value: m.phrase("documents.evidence_unmet", &values) })
}

fn growth(context: &Context, skill: &str) -> Option<Fact> {
    let m = context.messages;
    let t = context.index.trend(skill)?;
    let changed: Phrase = context.change(t.growth, t.low, t.high);
    if changed.is_empty() {
        return None;
    }
    let values = [
        ("first", vec![m.figure(format!("{} / {}", m.count(t.first_count), m.count(t.first_base)))]),
        ("last", vec![m.figure(format!("{} / {}", m.count(t.last_count), m.count(t.last_base)))]),
        ("change", changed),
        ("call", context.call_words(Some(t.call))),
    ];
    Some(Fact { label: m.text("table.trend"), value: m.phrase("documents.evidence_growth", &values) })
}
