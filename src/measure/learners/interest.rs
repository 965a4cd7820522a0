//! Demand for a skill beside the interest of learners in it. The two are never joined in one figure: they are counted in
//! different units from different people.

use crate::measure::MeasureInputs;
use crate::measure::count::cells::Scope;
use crate::measure::count::demand::{Share, Shares};
use crate::measure::count::intervals::wilson;
use crate::measure::count::mentions::Asked;
use crate::measure::{MeasureSpec, NamedSkill};
use crate::types::{Credential, LearnerAnswer, LearnerInterest, Level, Mark, Verdict};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Fewest answers about a skill for its share to be published: the threshold of ten of statistical disclosure control
/// (Griffiths et al. 2019). Below it one person's answer could be read off.
pub const MIN_ANSWERS: u64 = 10;

/// Border of "most want to learn it".
const HALF: f64 = 0.5;

/// Code of a skill that no posting asks for and no outcome teaches.
const NO_CODE: u32 = u32::MAX;

/// A row for every skill that a micro-credential teaches or the survey asks about, largest demand first.
pub fn learner_interest(
    inputs: &MeasureInputs,
    shares: &Shares,
    asked: &Asked,
    spec: &MeasureSpec,
) -> Vec<LearnerInterest> {
    let teaching = teaching(inputs);
    let mut answers: BTreeMap<&str, Vec<&LearnerAnswer>> = BTreeMap::new();
    for answer in inputs.survey.iter().flat_map(|s| &s.answers) {
        answers.entry(answer.skill.0.as_str()).or_default().push(answer);
    }
    // A file of wishes alone would make every share 100 %.
    let has_no = answers.values().flatten().any(|a| !a.wants);
    let ranks = Ranks::new(shares);
    let skills: BTreeSet<&str> = teaching.keys().chain(answers.keys()).copied().collect();
    let row = |skill: &str| {
        let code = asked.code(skill).unwrap_or(NO_CODE);
        let share = shares.get(Scope::WHOLE, code);
        let name = NamedSkill::new(skill, inputs.taxonomy, spec.language);
        let offer = Offered::new(teaching.get(skill).into_iter().flatten().copied());
        let wishes = Wishes::new(answers.get(skill).map_or(&[], Vec::as_slice), has_no);
        row(name, &share, ranks.level(&share, spec.top_k), &offer, &wishes)
    };
    let mut rows: Vec<LearnerInterest> = skills.into_iter().map(row).collect();
    rows.sort_by(|a, b| larger(a.share, b.share).then_with(|| a.skill.cmp(&b.skill)));
    rows
}

/// The larger first, absent ones last.
fn larger(a: Option<f64>, b: Option<f64>) -> Ordering {
    let value = |share: Option<f64>| share.unwrap_or(-1.0);
    value(b).total_cmp(&value(a))
}

/// Micro-credentials by the skills of their accepted links; each once per skill.
pub fn teaching<'a>(inputs: &MeasureInputs<'a>) -> BTreeMap<&'a str, Vec<&'a Credential>> {
    let mut by_id: BTreeMap<&str, &Credential> = BTreeMap::new();
    for credential in inputs.credentials {
        by_id.entry(credential.id.0.as_str()).or_insert(credential);
    }
    let mut ids: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for linked in inputs.links {
        for link in linked.links.iter().filter(|l| l.verdict == Verdict::Accepted) {
            ids.entry(link.skill.0.as_str()).or_default().insert(linked.credential.0.as_str());
        }
    }
    let known = |ids: BTreeSet<&str>| ids.iter().filter_map(|id| by_id.get(id).copied()).collect();
    let rows = ids.into_iter().map(|(skill, ids)| (skill, known(ids)));
    rows.filter(|(_, credentials): &(&str, Vec<&Credential>)| !credentials.is_empty()).collect()
}

/// What the micro-credentials that teach a skill add up to.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Offered {
    credentials: u64,
    requests: Option<u64>,
    enrolments: Option<u64>,
    places: Option<u64>,
    /// Micro-credentials that state requests and places, and the sums of both over them.
    both: (u64, u64, u64),
}

impl Offered {
    fn new<'a>(credentials: impl Iterator<Item = &'a Credential>) -> Self {
        let mut offered = Self { credentials: 0, requests: None, enrolments: None, places: None, both: (0, 0, 0) };
        for c in credentials {
            offered.credentials += 1;
            add(&mut offered.requests, c.requests);
            add(&mut offered.enrolments, c.enrolments);
            add(&mut offered.places, c.places);
            if let Some((requests, places)) = c.requests.zip(c.places).filter(|(_, places)| *places > 0) {
                let (count, asked, there) = offered.both;
                offered.both = (count + 1, asked + u64::from(requests), there + u64::from(places));
            }
        }
        offered
    }

    fn level(&self) -> Level {
        match self.both {
            (0, ..) => Level::Unknown,
            (_, requests, places) if requests > places => Level::High,
            _ => Level::Low,
        }
    }
}

/// Nothing said is not zero.
fn add(sum: &mut Option<u64>, count: Option<u32>) {
    if let Some(count) = count {
        *sum = Some(sum.unwrap_or_default() + u64::from(count));
    }
}

/// What a survey says of a skill.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Wishes {
    answers: u64,
    yes: Option<u64>,
    /// Effective answers; share, lower and upper end.
    value: Option<(f64, f64, f64, f64)>,
    mark: Option<Mark>,
}

impl Wishes {
    /// `sum w x / sum w` with Wilson's interval on `(sum w)^2 / sum w^2` answers (Kish 1965).
    fn new(answers: &[&LearnerAnswer], has_no: bool) -> Self {
        let count = answers.len() as u64;
        let bare = |mark| Self { answers: count, yes: None, value: None, mark };
        if count == 0 {
            return bare(None);
        }
        if !has_no {
            return bare(Some(Mark::NotAvailable));
        }
        if count < MIN_ANSWERS {
            return bare(Some(Mark::Suppressed));
        }
        // In one order and on one scale: neither the order of rows nor the size of weights may show.
        let mut weights: Vec<(f64, bool)> = answers.iter().map(|a| (a.weight, a.wants)).collect();
        weights.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let largest = weights.last().map_or(1.0, |w| w.0);
        let (mut all, mut squares, mut yes) = (0.0, 0.0, 0.0);
        for (weight, wants) in weights {
            let weight = weight / largest;
            all += weight;
            squares += weight * weight;
            yes += if wants { weight } else { 0.0 };
        }
        let (share, n) = ((yes / all).min(1.0), all * all / squares);
        let (low, high) = wilson(share, n);
        Self {
            answers: count,
            yes: Some(answers.iter().filter(|a| a.wants).count() as u64),
            value: Some((n, share, low, high)),
            mark: (n < MIN_ANSWERS as f64).then_some(Mark::LowReliability),
        }
    }

    fn level(&self) -> Level {
        match self.value {
            None => Level::Unknown,
            Some((.., low, _)) if low > HALF => Level::High,
            Some((.., high)) if high <= HALF => Level::Low,
            Some(_) => Level::Unclear,
        }
    }
}

/// Ends of the intervals of all skills asked for, each sorted.
struct Ranks {
    lows: Vec<f64>,
    highs: Vec<f64>,
}

impl Ranks {
    fn new(shares: &Shares) -> Self {
        let rows = shares.cells.code(Scope::WHOLE).map_or(&[] as &[_], |cell| shares.of_cell(cell));
        let (mut lows, mut highs): (Vec<f64>, Vec<f64>) =
            rows.iter().filter_map(|(_, share)| share.value).map(|(_, low, high)| (low, high)).unzip();
        lows.sort_by(f64::total_cmp);
        highs.sort_by(f64::total_cmp);
        Self { lows, highs }
    }

    /// High when fewer than `top_k` others may be as large, low when `top_k` others are surely larger or nobody asks.
    fn level(&self, share: &Share, top_k: u32) -> Level {
        let Some((_, low, high)) = share.value else { return Level::Unknown };
        if share.asking == 0 {
            return Level::Low;
        }
        let from = |ends: &[f64], at: usize| ends.len() - at;
        let surely = from(&self.lows, self.lows.partition_point(|l| *l <= high));
        // The skill itself is among those that reach its lower end.
        let perhaps = from(&self.highs, self.highs.partition_point(|h| *h < low)).saturating_sub(1);
        match top_k as usize {
            k if perhaps < k => Level::High,
            k if surely >= k => Level::Low,
            _ => Level::Unclear,
        }
    }
}

fn row(name: NamedSkill, share: &Share, demand_level: Level, offer: &Offered, wishes: &Wishes) -> LearnerInterest {
    let (ratio_credential_count, requests, places) = offer.both;
    LearnerInterest {
        skill: name.id,
        label: name.label,
        posting_count: share.asking,
        base_count: share.base,
        employer_count: share.employers,
        source_count: share.sources,
        share: share.value.map(|v| v.0),
        share_low: share.value.map(|v| v.1),
        share_high: share.value.map(|v| v.2),
        mark: share.mark,
        demand_level,
        credential_count: offer.credentials,
        requests: offer.requests,
        enrolments: offer.enrolments,
        places: offer.places,
        ratio_credential_count,
        requests_per_place: (ratio_credential_count > 0).then(|| requests as f64 / places as f64),
        request_level: offer.level(),
        answer_count: wishes.answers,
        wants_count: wishes.yes,
        wants_effective_n: wishes.value.map(|v| v.0),
        wants_share: wishes.value.map(|v| v.1),
        wants_low: wishes.value.map(|v| v.2),
        wants_high: wishes.value.map(|v| v.3),
        wants_mark: wishes.mark,
        survey_level: wishes.level(),
    }
}
