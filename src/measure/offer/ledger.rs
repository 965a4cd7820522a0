//! The recommendation ledger: what the last edition suggested, and whether the catalogue or a person has answered.

use crate::measure::MeasureInputs;
use crate::measure::count::demand::Share;
use crate::measure::count::mentions::Asked;
use crate::measure::offer::coverage::{Best, Taught};
use crate::measure::offer::gaps::Bench;
use crate::measure::offer::plans::Offer;
use crate::types::{
    Fate, Gap, GapStatus, LastEdition, LedgerDecision, LedgerEvidence, LedgerRemark, LedgerRow, OutcomeId,
};
use std::collections::{BTreeMap, BTreeSet};

/// Coverage from which a skill counts as taught.
const TAUGHT: f64 = 0.5;
/// Growth of coverage that counts as an answer by itself.
const GROWN: f64 = 0.25;

/// A figure with its interval.
type Unmet = (Option<f64>, Option<f64>, Option<f64>);

/// What is asked after: a recommendation of the last edition, or an older one that is still open.
struct Item<'a> {
    programme: &'a str,
    skill: &'a str,
    label: &'a str,
    recommendation: GapStatus,
    first_recommended: &'a str,
    /// Editions that have asked after it before.
    editions: u32,
    coverage_before: f64,
    outcome_before: Option<&'a OutcomeId>,
    unmet_before: Unmet,
    /// Its row in the last edition's ledger, if it had one.
    earlier: Option<&'a LedgerRow>,
    /// Whether that row is the same recommendation, still going on.
    goes_on: bool,
    /// Whether it is listed without being named by a decision.
    is_live: bool,
}

/// Items by programme and skill.
type Items<'a> = BTreeMap<(&'a str, &'a str), Item<'a>>;

fn is_recommendation(status: GapStatus) -> bool {
    matches!(status, GapStatus::Add | GapStatus::Strengthen | GapStatus::Review)
}

/// Add and strengthen ask for more of a skill, review for less: from one to the other a recommendation starts anew. So it
/// does when the catalogue had answered and the skill is named again.
fn goes_on(row: &LedgerRow, status: GapStatus) -> bool {
    let answered = row.fate == Fate::Adopted && row.evidence == LedgerEvidence::Seen;
    (row.recommendation == GapStatus::Review) == (status == GapStatus::Review) && !answered
}

fn items(last: &LastEdition) -> Items<'_> {
    let rows: BTreeMap<(&str, &str), &LedgerRow> =
        last.ledger.iter().map(|row| ((row.programme.as_str(), row.skill.as_str()), row)).collect();
    let mut items = Items::new();
    for gap in last.gaps.iter().filter(|g| is_recommendation(g.status)) {
        let earlier = rows.get(&(gap.programme.as_str(), gap.demand.skill.as_str())).copied();
        let fresh = Item {
            programme: &gap.programme,
            skill: &gap.demand.skill,
            label: &gap.demand.label,
            recommendation: gap.status,
            first_recommended: &last.meta.as_of,
            editions: 0,
            coverage_before: gap.coverage,
            outcome_before: gap.outcome.as_ref(),
            unmet_before: (gap.unmet_per_100, gap.unmet_low, gap.unmet_high),
            earlier,
            goes_on: false,
            is_live: true,
        };
        let item = match earlier.filter(|row| goes_on(row, gap.status)) {
            Some(row) => Item { label: fresh.label, recommendation: gap.status, is_live: true, ..carried(row) },
            None => fresh,
        };
        items.entry((item.programme, item.skill)).or_insert(item);
    }
    for row in &last.ledger {
        items.entry((row.programme.as_str(), row.skill.as_str())).or_insert_with(|| carried(row));
    }
    items
}

fn carried(row: &LedgerRow) -> Item<'_> {
    Item {
        programme: &row.programme,
        skill: &row.skill,
        label: &row.label,
        recommendation: row.recommendation,
        first_recommended: &row.first_recommended,
        editions: row.editions,
        coverage_before: row.coverage_before,
        outcome_before: row.outcome_before.as_ref(),
        unmet_before: (row.unmet_before, row.unmet_before_low, row.unmet_before_high),
        earlier: Some(row),
        goes_on: true,
        is_live: row.fate == Fate::Open,
    }
}

/// The item that a decision is about: by skill id, else by the only skill of the programme with that name.
fn about<'a>(items: &'a Items<'a>, decision: &LedgerDecision) -> Option<&'a Item<'a>> {
    let own = || items.values().filter(|item| item.programme == decision.programme);
    let named = |item: &&Item| item.label.to_lowercase() == decision.skill.to_lowercase();
    own().find(|item| item.skill == decision.skill).or_else(|| {
        let mut named = own().filter(named);
        named.next().filter(|_| named.next().is_none())
    })
}

/// Whether a decision is the one that closed an earlier recommendation, kept in the file as a record.
fn is_record(item: &Item, decision: &LedgerDecision) -> bool {
    let same = |row: &LedgerRow| {
        row.fate == decision.fate && row.decided_on.as_deref() == Some(decision.decided_on.to_string().as_str())
    };
    item.earlier.is_some_and(same)
}

fn word(fate: Fate) -> &'static str {
    match fate {
        Fate::Adopted => "adopted",
        Fate::Declined => "declined",
        Fate::Open => "open",
    }
}

/// Whether decisions answer what the last edition recommended: each about one of its rows, none twice, none older.
///
/// # Errors
/// With the row, the value and what to do.
pub fn check_decisions(last: &LastEdition, decisions: &[LedgerDecision]) -> Result<(), String> {
    let items = items(last);
    let mut seen: BTreeMap<(&str, &str), &LedgerDecision> = BTreeMap::new();
    for decision in decisions {
        let Some(item) = about(&items, decision) else { return Err(unknown(&items, last, decision)) };
        let LedgerDecision { row, programme, skill, .. } = decision;
        let date = decision.decided_on.to_string();
        // Days are written alike, so their texts order as they do.
        if date.as_str() < item.first_recommended && !is_record(item, decision) {
            return Err(format!(
                "row {row}: decided_on {date} about programme '{programme}', skill '{skill}' is before the recommendation \
                 of {}: it answers something older; decide anew or remove the row",
                item.first_recommended
            ));
        }
        if let Some(first) = seen.insert((item.programme, item.skill), decision) {
            let repeated = LedgerDecision { row: *row, skill: skill.clone(), ..first.clone() } == *decision;
            if !repeated {
                return Err(format!(
                    "rows {} and {row} both decide about programme '{programme}', skill '{skill}': {} on {} and {} on {date}; \
                     keep the one that holds",
                    first.row,
                    word(first.fate),
                    first.decided_on,
                    word(decision.fate)
                ));
            }
        }
    }
    Ok(())
}

fn unknown(items: &Items, last: &LastEdition, decision: &LedgerDecision) -> String {
    let LedgerDecision { row, programme, skill, .. } = decision;
    let as_of = &last.meta.as_of;
    let own: Vec<&str> = items.values().filter(|i| i.programme == *programme).map(|i| i.skill).take(5).collect();
    let programmes: BTreeSet<&str> = items.values().map(|item| item.programme).collect();
    let expected = match (own.is_empty(), programmes.is_empty()) {
        (false, _) => format!("for this programme it recommended {}", own.join(", ")),
        (true, false) => {
            let shown: Vec<&str> = programmes.into_iter().take(5).collect();
            format!("it recommended something for {}", shown.join(", "))
        }
        (true, true) => "it recommended nothing at all".to_owned(),
    };
    format!(
        "row {row}: programme '{programme}', skill '{skill}': the last edition (as of {as_of}) did not recommend this; \
         {expected}. Correct the ids or remove the row"
    )
}

/// Rows of the ledger, by programme and skill; none without a last edition. Decisions are taken as checked.
pub fn ledger(inputs: &MeasureInputs, offer: &Offer, gaps: &[Gap], bench: &Bench) -> Vec<LedgerRow> {
    let Some(last) = inputs.last else { return Vec::new() };
    let items = items(last);
    let skills = items.values().map(|item| item.skill).chain(bench.asked.skills.iter().map(String::as_str));
    // A skill that nobody asks for now may be taught all the same.
    let known = Asked::of_skills(skills.map(str::to_owned).collect());
    let desk = Desk {
        inputs,
        offer,
        bench,
        taught: Taught::new(inputs, offer, &known),
        known: &known,
        gaps: gaps.iter().map(|g| ((g.programme.as_str(), g.demand.skill.as_str()), g)).collect(),
        outcomes: last.outcomes.iter().map(|o| &o.outcome).collect(),
    };
    let mut decided: BTreeMap<(&str, &str), &LedgerDecision> = BTreeMap::new();
    for decision in inputs.decisions {
        if let Some(item) = about(&items, decision) {
            decided.insert((item.programme, item.skill), decision);
        }
    }
    let row = |(key, item): (&(&str, &str), &Item)| {
        let decision = decided.get(key).copied();
        (item.is_live || decision.is_some()).then(|| desk.row(item, decision))
    };
    items.iter().filter_map(row).collect()
}

/// What a row is worked out from.
struct Desk<'a> {
    inputs: &'a MeasureInputs<'a>,
    offer: &'a Offer<'a>,
    bench: &'a Bench<'a>,
    taught: Taught,
    /// Numbers of skills in `taught`.
    known: &'a Asked,
    /// Gaps of this edition by programme and skill.
    gaps: BTreeMap<(&'a str, &'a str), &'a Gap>,
    /// Outcomes of the last edition.
    outcomes: BTreeSet<&'a OutcomeId>,
}

/// A skill in a programme now.
struct Now<'a> {
    best: Option<&'a Best>,
    share: Share,
    /// Whether the outcome that covers it best came after the recommendation.
    is_new: bool,
    seen: bool,
}

impl Now<'_> {
    fn coverage(&self) -> f64 {
        self.best.map_or(0.0, |b| b.coverage)
    }
}

impl Desk<'_> {
    fn now(&self, item: &Item) -> Option<Now<'_>> {
        let place = self.offer.programmes.iter().position(|p| p.id == item.programme)?;
        let programme = self.offer.programmes.get(place)?;
        let best = self.known.code(item.skill).and_then(|code| self.taught.of(place)?.get(&code));
        // No skill has the last number: nobody asks for it, and its share is nought of n.
        let code = self.bench.asked.code(item.skill).unwrap_or(u32::MAX);
        let share = self.bench.shares.get(programme.scope, code);
        let was_new =
            item.earlier.filter(|row| item.goes_on && row.outcome_is_new).and_then(|r| r.outcome_now.as_ref());
        let is_new = best.is_some_and(|b| !self.outcomes.contains(&b.outcome) || was_new == Some(&b.outcome));
        let mut now = Now { best, share, is_new, seen: false };
        now.seen = if item.recommendation == GapStatus::Review {
            let is_gone = |outcome: &OutcomeId| programme.outcomes.iter().all(|o| o.id != *outcome);
            item.outcome_before.is_some_and(is_gone) && now.coverage() < TAUGHT
        } else {
            is_new && is_covered(item.coverage_before, now.coverage())
        };
        Some(now)
    }

    fn row(&self, item: &Item, decision: Option<&LedgerDecision>) -> LedgerRow {
        let now = self.now(item);
        let seen = now.as_ref().is_some_and(|now| now.seen);
        let standing = item.earlier.filter(|row| item.goes_on && row.fate != Fate::Open);
        // The record of an earlier recommendation does not answer one that was made anew.
        let decision = decision.filter(|d| item.goes_on || !is_record(item, d));
        let fate = decision.map(|d| d.fate).or(standing.map(|row| row.fate));
        let fate = fate.unwrap_or(if seen { Fate::Adopted } else { Fate::Open });
        let text = |new: Option<Option<String>>, old: fn(&LedgerRow) -> &Option<String>| match new {
            Some(text) => text,
            None => standing.and_then(|row| old(row).clone()),
        };
        let share = now.as_ref().map_or(Share::withheld(0), |now| now.share);
        let rest = now.as_ref().map_or(0.0, |now| 100.0 * (1.0 - now.coverage()));
        // A skill that the gap table leaves out is untaught: its interval is that of the share.
        let gap = self.gaps.get(&(item.programme, item.skill)).filter(|_| now.is_some());
        let listed = gap.and_then(|g| Some((g.unmet_per_100?, g.unmet_low?, g.unmet_high?)));
        let unmet = listed.or(share.value.map(|(value, low, high)| (value * rest, low * rest, high * rest)));
        LedgerRow {
            programme: item.programme.to_owned(),
            skill: item.skill.to_owned(),
            label: self.label(item),
            recommendation: item.recommendation,
            first_recommended: item.first_recommended.to_owned(),
            // A closed one that a decision file still names is not asked after any more.
            editions: item.editions.saturating_add(u32::from(item.is_live)),
            fate,
            evidence: if seen { LedgerEvidence::Seen } else { LedgerEvidence::NotSeenYet },
            remark: self.remark(item, now.as_ref()),
            coverage_before: item.coverage_before,
            coverage_now: now.as_ref().map(Now::coverage),
            outcome_before: item.outcome_before.cloned(),
            outcome_now: now.as_ref().and_then(|now| now.best).map(|b| b.outcome.clone()),
            outcome_is_new: now.as_ref().is_some_and(|now| now.is_new),
            unmet_before: item.unmet_before.0,
            unmet_before_low: item.unmet_before.1,
            unmet_before_high: item.unmet_before.2,
            unmet_now: unmet.map(|u| u.0),
            unmet_now_low: unmet.map(|u| u.1),
            unmet_now_high: unmet.map(|u| u.2),
            posting_count: share.asking,
            base_count: share.base,
            employer_count: share.employers,
            source_count: share.sources,
            mark: now.as_ref().and(share.mark),
            reason: text(decision.map(|d| d.reason.clone()), |row| &row.reason),
            decided_on: text(decision.map(|d| Some(d.decided_on.to_string())), |row| &row.decided_on),
            decided_by: text(decision.map(|d| d.decided_by.clone()), |row| &row.decided_by),
        }
    }

    fn remark(&self, item: &Item, now: Option<&Now>) -> Option<LedgerRemark> {
        let Some(now) = now else { return Some(LedgerRemark::ProgrammeNoLongerOffered) };
        let more = item.recommendation != GapStatus::Review && is_covered(item.coverage_before, now.coverage());
        if self.inputs.taxonomy.skill_index(item.skill).is_none() {
            Some(LedgerRemark::SkillNoLongerInTaxonomy)
        } else {
            (more && !now.is_new).then_some(LedgerRemark::CoveredByAnEarlierOutcome)
        }
    }

    /// The name of this edition's taxonomy, else the last one's.
    fn label(&self, item: &Item) -> String {
        let taxonomy = self.inputs.taxonomy;
        let skill = taxonomy.skill_index(item.skill).and_then(|i| taxonomy.skills.get(i));
        skill.map_or(item.label, |s| s.name(self.bench.spec.language)).to_owned()
    }
}

/// Whether coverage has risen enough to be an answer; compared in millionths, so that .6 - .35 is a quarter.
fn is_covered(before: f64, now: f64) -> bool {
    let millionths = |value: f64| (value * 1e6).round() as i64;
    let risen = millionths(now) - millionths(before);
    risen > 0 && (millionths(now) >= millionths(TAUGHT) || risen >= millionths(GROWN))
}
