//! Limits that hold for this edition, from what the data are.

use crate::measure::MeasureSpec;
use crate::measure::count::window::Window;
use crate::types::{AreaShare, Caveat, Lang, LanguageCount, PeriodKind, QualityBox};
use std::collections::BTreeMap;

/// Share of one board above which it is named.
const LARGE_BOARD: f64 = 0.6;
/// Share of postings with a gap in their data above which it is said.
const NOTABLE: f64 = 0.05;
/// Ratio of skills per posting between languages above which they are not alike.
const UNEVEN: f64 = 1.5;
/// Ratio of a board's postings in neighbouring periods above which the two are hardly comparable.
const LEAP: u64 = 3;
/// Boards whose leaps are named.
const MOST_LEAPS: usize = 3;
/// Postings of a language for its mean to be compared.
const ENOUGH_POSTINGS: u64 = 30;

/// The limits that hold, the gravest first.
pub fn caveats(window: &Window, quality: &QualityBox, synthetic: bool, spec: &MeasureSpec) -> Vec<Caveat> {
    let base = window.rows.len() as u64;
    let share = |count: u64| count as f64 / base.max(1) as f64;
    let mut caveats = Vec::new();
    caveats.extend(synthetic.then_some(Caveat::Synthetic));
    caveats.extend((base < spec.min_postings).then_some(Caveat::Withheld));
    let largest = quality.sources.first().map(|s| (share(s.posting_count), s.board.clone()));
    let one_board = largest.filter(|(share, _)| *share > LARGE_BOARD);
    caveats.extend(one_board.map(|(share, board)| Caveat::OneBoard { share, board }));
    caveats.extend(incomplete(quality, share));
    caveats.extend(uneven(&quality.languages));
    caveats.extend((window.periods.len() < two_years(spec.period) && base > 0).then_some(Caveat::ShortWindow));
    caveats.extend(leaps(window, spec.min_postings));
    let weights = if spec.weights.is_some() { Caveat::WeightedBeside } else { Caveat::Unweighted };
    caveats.extend([Caveat::CalibratedOnOwn, weights, Caveat::SamplingOnly]);
    caveats
}

/// What a notable share of the postings does not say.
fn incomplete(quality: &QualityBox, share: impl Fn(u64) -> f64) -> Vec<Caveat> {
    let unknown = |list: &[AreaShare]| list.iter().filter(|a| a.area == "unknown").map(|a| a.posting_count).sum();
    let notable = |count: u64| Some(share(count)).filter(|s| *s >= NOTABLE);
    let without_skill = quality.languages.iter().map(|l| l.without_skill_count).sum();
    [
        notable(quality.employer_unknown_count).map(|share| Caveat::EmployerUnknown { share }),
        notable(quality.undated_count).map(|share| Caveat::Undated { share }),
        notable(without_skill).map(|share| Caveat::WithoutSkill { share }),
        notable(unknown(&quality.areas)).map(|share| Caveat::AreaUnknown { share }),
        notable(unknown(&quality.occupation_groups)).map(|share| Caveat::OccupationUnknown { share }),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The largest leap of each board between neighbouring periods, most postings first. That a board comes or goes is a break
/// and told there.
fn leaps(window: &Window, least: u64) -> Vec<Caveat> {
    let mut by_board: BTreeMap<u32, BTreeMap<u32, u64>> = BTreeMap::new();
    for (row, board) in &window.seen_on {
        if let Some(period) = window.rows.get(*row as usize).and_then(|r| r.period) {
            *by_board.entry(*board).or_default().entry(period).or_default() += 1;
        }
    }
    let mut found: Vec<(u64, Caveat)> =
        by_board.iter().filter_map(|(board, own)| leap(window, *board, own, least)).collect();
    found.sort_by_key(|(size, _)| std::cmp::Reverse(*size));
    found.into_iter().take(MOST_LEAPS).map(|(_, caveat)| caveat).collect()
}

/// The largest one of a board, and the larger of its two counts.
fn leap(window: &Window, board: u32, own: &BTreeMap<u32, u64>, least: u64) -> Option<(u64, Caveat)> {
    let ((first, _), (last, _)) = (own.first_key_value()?, own.last_key_value()?);
    let count = |period: u32| own.get(&period).copied().unwrap_or_default();
    let pairs = (*first..*last).map(|period| (period, count(period), count(period + 1)));
    let is_leap = |(_, a, b): &(u32, u64, u64)| (*a).max(*b) >= least && (*a).max(*b) > LEAP * (*a).min(*b);
    let (period, a, b) = pairs.filter(is_leap).max_by_key(|(period, a, b)| (a.abs_diff(*b), *period))?;
    let name = |period: u32| window.periods.get(period as usize).cloned().unwrap_or_default();
    let caveat = Caveat::UnevenBoard {
        board: window.boards.get(board as usize).cloned().unwrap_or_default(),
        first: name(period),
        first_count: a,
        next: name(period + 1),
        next_count: b,
    };
    Some((a.max(b), caveat))
}

fn two_years(period: PeriodKind) -> usize {
    match period {
        PeriodKind::Year => 2,
        PeriodKind::Quarter => 8,
        PeriodKind::Month => 24,
    }
}

fn uneven(languages: &[LanguageCount]) -> Option<Caveat> {
    let mut known: Vec<_> =
        languages.iter().filter(|l| l.posting_count >= ENOUGH_POSTINGS && l.language != Lang::Und).collect();
    known.sort_by(|a, b| a.skills_per_posting.total_cmp(&b.skills_per_posting));
    let (least, most) = (known.first()?, known.last()?);
    (most.skills_per_posting > UNEVEN * least.skills_per_posting).then_some(Caveat::UnevenLanguages {
        most: most.skills_per_posting,
        most_language: most.language,
        least: least.skills_per_posting,
        least_language: least.language,
    })
}
