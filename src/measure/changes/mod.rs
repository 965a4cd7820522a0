//! Two editions side by side: which figures changed, how sure that is, and which inputs can be the reason.

mod causes;
mod frame;
mod shares;

#[cfg(test)]
mod tests;

use super::PORTFOLIO;
use crate::measure::count::discovery::q_values;
use crate::measure::count::intervals::{Estimate, wilson};
use crate::types::{
    ChangeCall, EditionDiff, EditionFrame, Figure, Findings, FrameChange, Gap, Mark, ProgrammeChange, ProgrammeFigures,
    ProgrammeFinding, SkillChange, SkillFigures, Trend, TrendCall, TrendChange, TrendFigures,
};
use causes::{causes, moves_postings};
use shares::{difference, p_value};
use std::collections::{BTreeMap, BTreeSet};

/// Share of the changes called that may be chance.
const FALSE_DISCOVERY_RATE: f64 = 0.05;
/// Effective asking postings of both editions together under which a skill is not tested, as for trends.
const FEWEST: f64 = 10.0;

/// Compares two editions. Empty when they say the same; a figure withheld on either side is never compared.
pub fn edition_diff(before: &Findings, after: &Findings) -> EditionDiff {
    let outcomes = frame::outcomes(before, after);
    let frame = frame::frame(before, after, &outcomes);
    let inputs_known = frame::says_inputs(before) && frame::says_inputs(after);
    let same_postings =
        inputs_known && before.meta.posting_count == after.meta.posting_count && !frame.iter().any(moves_postings);
    let (compared_count, skills) = skills(before, after, same_postings, &frame);
    let programmes = programmes(before, after, &frame);
    let trends = trends(before, after, &frame);
    let named = |f: &Findings| EditionFrame {
        plan: f.meta.plan.clone(),
        as_of: f.meta.as_of.clone(),
        version: f.meta.version.clone(),
        posting_count: f.meta.posting_count,
        employer_count: f.meta.employer_count,
        source_count: f.meta.source_count,
    };
    EditionDiff {
        before: named(before),
        after: named(after),
        inputs_known,
        same_postings,
        frame,
        outcomes,
        compared_count,
        skills,
        programmes,
        trends,
    }
}

/// Skills of the whole portfolio in one edition.
struct Side<'a> {
    gaps: BTreeMap<&'a str, &'a Gap>,
    /// A skill that nobody asks for and nothing teaches has no row.
    unlisted: SkillFigures,
}

impl<'a> Side<'a> {
    fn new(findings: &'a Findings) -> Self {
        let gaps: BTreeMap<&str, &Gap> = findings
            .gaps
            .iter()
            .filter(|g| g.programme == PORTFOLIO)
            .map(|gap| (gap.demand.skill.as_str(), gap))
            .collect();
        let unlisted = unlisted(&gaps);
        Self { gaps, unlisted }
    }

    fn figures(&self, skill: &str) -> SkillFigures {
        self.gaps.get(skill).map_or_else(|| self.unlisted.clone(), |gap| figures(gap))
    }
}

/// Nobody of the base asks, on the median effective postings of the other skills; withheld where they are.
fn unlisted(gaps: &BTreeMap<&str, &Gap>) -> SkillFigures {
    let published: Vec<&&Gap> = gaps.values().filter(|g| g.demand.share.is_some()).collect();
    let mut sizes: Vec<f64> = published.iter().map(|g| g.demand.effective_n).collect();
    sizes.sort_unstable_by(f64::total_cmp);
    let base_count = gaps.values().map(|g| g.demand.base_count).max().unwrap_or_default();
    let Some(effective_n) = sizes.get(sizes.len() / 2).copied() else {
        return SkillFigures { base_count, mark: Some(Mark::Suppressed), ..SkillFigures::default() };
    };
    let (low, high) = wilson(0.0, effective_n);
    SkillFigures {
        base_count,
        effective_n,
        share: Some(0.0),
        share_low: Some(low),
        share_high: Some(high),
        ..SkillFigures::default()
    }
}

fn figures(gap: &Gap) -> SkillFigures {
    let demand = &gap.demand;
    SkillFigures {
        posting_count: demand.posting_count,
        base_count: demand.base_count,
        employer_count: demand.employer_count,
        source_count: demand.source_count,
        effective_n: demand.effective_n,
        share: demand.share,
        share_low: demand.share_low,
        share_high: demand.share_high,
        mark: demand.mark,
        coverage: gap.coverage,
        rank: gap.rank,
        tied_to: gap.tied_to,
        status: Some(gap.status),
    }
}

fn estimate(figures: &SkillFigures) -> Option<Estimate> {
    let (share, low, high) = (figures.share?, figures.share_low?, figures.share_high?);
    Some(Estimate { share, low, high, effective_n: figures.effective_n })
}

/// Two figures before they are called; p where they are tested.
fn pair(skill: &str, label: &str, before: SkillFigures, after: SkillFigures, same: bool) -> (SkillChange, Option<f64>) {
    let estimates = estimate(&before).zip(estimate(&after));
    let mut change = SkillChange {
        skill: skill.to_owned(),
        label: label.to_owned(),
        before,
        after,
        difference: None,
        difference_low: None,
        difference_high: None,
        q: None,
        call: ChangeCall::Withheld,
        share_causes: Vec::new(),
        coverage_causes: Vec::new(),
        status_causes: Vec::new(),
    };
    let Some((first, second)) = estimates else { return (change, None) };
    let (d, low, high) = difference(&first, &second);
    change.difference = Some(d);
    if same {
        let recounted = change.before.posting_count != change.after.posting_count;
        change.call = if recounted { ChangeCall::Recounted } else { ChangeCall::NotToldApart };
        return (change, None);
    }
    (change.difference_low, change.difference_high) = (Some(low), Some(high));
    if first.share * first.effective_n + second.share * second.effective_n < FEWEST {
        change.call = ChangeCall::TooFew;
        return (change, None);
    }
    change.call = ChangeCall::NotToldApart;
    (change, Some(p_value(&first, &second)))
}

/// How many skills were tested, and those whose figures differ.
fn skills(before: &Findings, after: &Findings, same: bool, frame: &[FrameChange]) -> (u64, Vec<SkillChange>) {
    let (first, second) = (Side::new(before), Side::new(after));
    let ids: BTreeSet<&str> = first.gaps.keys().chain(second.gaps.keys()).copied().collect();
    let label = |id: &str| second.gaps.get(id).or_else(|| first.gaps.get(id)).map_or("", |g| g.demand.label.as_str());
    let pairs: Vec<(SkillChange, Option<f64>)> =
        ids.iter().map(|id| pair(id, label(id), first.figures(id), second.figures(id), same)).collect();
    // Every skill tested counts in the family, those that stayed the same too.
    let tested: Vec<f64> = pairs.iter().filter_map(|(_, p)| *p).collect();
    let mut q = q_values(&tested).into_iter();
    let mut changes = Vec::new();
    for (mut change, p) in pairs {
        change.q = p.and_then(|_| q.next());
        if change.q.is_some_and(|q| q <= FALSE_DISCOVERY_RATE) {
            change.call = ChangeCall::Changed;
        }
        if change.before == change.after {
            continue;
        }
        let why = |is_other: bool, figure| if is_other { causes(figure, frame) } else { Vec::new() };
        change.share_causes = why(change.share_changed(), Figure::Share);
        change.coverage_causes = why(change.coverage_changed(), Figure::Coverage);
        change.status_causes = why(change.status_changed(), Figure::Status);
        changes.push(change);
    }
    let size = |c: &SkillChange| c.difference.map_or(-1.0, f64::abs);
    changes.sort_by(|a, b| {
        let called = b.share_changed().cmp(&a.share_changed());
        called.then(size(b).total_cmp(&size(a))).then(a.skill.cmp(&b.skill))
    });
    (tested.len() as u64, changes)
}

fn programmes(before: &Findings, after: &Findings, frame: &[FrameChange]) -> Vec<ProgrammeChange> {
    let figures = |p: &ProgrammeFinding| ProgrammeFigures {
        base_count: p.base_count,
        outcome_count: p.outcome_count,
        coverage: p.coverage,
        coverage_low: p.coverage_low,
        coverage_high: p.coverage_high,
    };
    let find = |f: &Findings, id: &str| f.programmes.iter().find(|p| p.programme == id).map(figures);
    let gone = before.programmes.iter().filter(|p| !after.programmes.iter().any(|a| a.programme == p.programme));
    let change = |p: &ProgrammeFinding| {
        let (first, second) = (find(before, &p.programme), find(after, &p.programme));
        (first != second).then(|| ProgrammeChange {
            programme: p.programme.clone(),
            title: p.title.clone(),
            before: first,
            after: second,
            causes: causes(Figure::Programme, frame),
        })
    };
    after.programmes.iter().chain(gone).filter_map(change).collect()
}

/// Trends called otherwise. One that is not listed says as little as one with too few postings.
fn trends(before: &Findings, after: &Findings, frame: &[FrameChange]) -> Vec<TrendChange> {
    let (first, second) = (indexed(before), indexed(after));
    let figures = |t: &Trend| TrendFigures { call: t.call, growth: t.growth, low: t.low, high: t.high };
    let call = |t: Option<&Trend>| t.map_or(TrendCall::TooFew, |t| t.call);
    let mut changes = Vec::new();
    for key in first.keys().chain(second.keys()).collect::<BTreeSet<_>>() {
        let (had, has) = (first.get(key).copied(), second.get(key).copied());
        let Some(named) = has.or(had).filter(|_| call(had) != call(has)) else { continue };
        // Coming into the list or leaving it without a call is no news.
        if (had.is_none() || has.is_none()) && named.call == TrendCall::NoClearChange {
            continue;
        }
        changes.push(TrendChange {
            skill: named.skill.clone(),
            label: named.label.clone(),
            area: named.area.clone(),
            before: had.map(figures),
            after: has.map(figures),
            causes: causes(Figure::Trend, frame),
        });
    }
    changes
}

fn indexed(findings: &Findings) -> BTreeMap<(&str, &str), &Trend> {
    findings.trends.iter().map(|t| ((t.area.as_str(), t.skill.as_str()), t)).collect()
}
