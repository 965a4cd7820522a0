//! Pay that postings state: medians by currency and period of pay, which are never converted into each other.

use crate::lexicon::pay::{Pay, PayDoubt, read};
use crate::measure::count::frames::{collect, count_error, scan, unpack};
use crate::measure::count::intervals::{Asking, Clusters, effective_n, estimate, wilson, worst_design_effect};
use crate::measure::count::mentions::Asked;
use crate::measure::count::suppression::{Publication, publication};
use crate::measure::count::window::Window;
use crate::measure::count::window::{group_name, name_of};
use crate::measure::{ALL, MeasureError, MeasureSpec, NamedSkill};
use crate::types::{Mark, PayPeriod, PostedPay, QualityBox};
use polars::prelude::{DataFrame, Engine, PolarsError, col};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::path::Path;

/// Stated amounts are kept as the sum of both ends in hundredths: four hundredths of a middle, whole.
const PER_UNIT: f64 = 200.0;

/// What the postings of the window state as pay.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Stated {
    /// Pay by posting row.
    pays: Vec<Option<Pay>>,
    /// Postings with a text where pay stands.
    filled_count: u64,
    /// Postings whose text was not read, by reason.
    unread: BTreeMap<String, u64>,
}

impl Stated {
    /// Reads the pay of every posting of the window.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub fn read(path: &Path, window: &Window) -> Result<Self, MeasureError> {
        let table = collect(scan(path)?.select(["id", "salary"].map(col)), Engine::Streaming);
        table.and_then(|t| Self::of_table(&t, window)).map_err(count_error(path))
    }

    fn of_table(table: &DataFrame, window: &Window) -> Result<Self, PolarsError> {
        let (ids, texts) = (table.column("id")?.str()?, table.column("salary")?.str()?);
        let spelt = (0..table.height()).filter_map(|i| {
            let text = texts.get(i).map(str::trim).filter(|t| !t.is_empty())?;
            Some((window.row_of(ids.get(i)?)?, text))
        });
        let mut spelt: Vec<(u32, &str)> = spelt.collect();
        spelt.sort_unstable();
        spelt.dedup_by_key(|s| s.0);
        let mut stated = Self { pays: vec![None; window.rows.len()], ..Self::default() };
        // Boards repeat the same few spellings.
        let mut known: FxHashMap<&str, Result<Pay, PayDoubt>> = FxHashMap::default();
        for (row, text) in spelt {
            stated.filled_count += 1;
            match *known.entry(text).or_insert_with(|| read(text)) {
                Ok(pay) => {
                    if let Some(slot) = stated.pays.get_mut(row as usize) {
                        *slot = Some(pay);
                    }
                }
                Err(doubt) => *stated.unread.entry(doubt.name().to_owned()).or_default() += 1,
            }
        }
        Ok(stated)
    }

    /// Writes its counts into the quality box.
    pub fn tell(&self, quality: &mut QualityBox) {
        quality.pay_filled_count = self.filled_count;
        quality.pay_read_count = self.pays.iter().flatten().count() as u64;
        quality.pay_unread.clone_from(&self.unread);
    }

    fn of(&self, row: u32) -> Option<Pay> {
        self.pays.get(row as usize).copied().flatten()
    }
}

/// Currency and period of pay.
type Money = (&'static str, PayPeriod);

/// Area and occupation group of a row, each one more than its code and 0 = all; skill, one more than its code.
type Place = (u32, u32, u32);

/// Medians by area x (all, occupation group, skill) x currency x period of pay. A group whose figures are withheld has a
/// row with its base; a skill has rows only where there is enough.
pub fn posted_pay(
    stated: &Stated,
    asked: &Asked,
    window: &Window,
    names: &[NamedSkill],
    spec: &MeasureSpec,
) -> Vec<PostedPay> {
    if stated.pays.iter().all(Option::is_none) {
        return Vec::new();
    }
    let bench = Bench { stated, window, spec };
    let mut found: Vec<(Place, Money, PostedPay)> = Vec::new();
    let mut groups: BTreeMap<(u32, u32), Vec<u32>> = BTreeMap::new();
    for (row, posting) in (0..).zip(&window.rows) {
        for area in window.areas_of(posting) {
            for group in [0, posting.group + 1] {
                groups.entry((area, group)).or_default().push(row);
            }
        }
    }
    for ((area, group), rows) in groups {
        found.extend(bench.figures(&rows).into_iter().map(|(money, pay)| ((area, group, 0), money, pay)));
    }
    for skill in 0..asked.skills.len() as u32 {
        let rows: Vec<u32> = asked.pairs_of(skill).iter().map(|pair| unpack(*pair).1).collect();
        let paid = rows.iter().filter(|row| stated.of(**row).is_some()).count() as u64;
        if paid == 0 || paid < spec.min_postings {
            continue;
        }
        for (area, rows) in by_area(&rows, window) {
            let enough = bench.figures(&rows).into_iter().filter(|(_, pay)| pay.mark != Some(Mark::Suppressed));
            found.extend(enough.map(|(money, pay)| ((area, 0, skill + 1), money, pay)));
        }
    }
    found.sort_by_key(|f| (f.0.0, f.0.1, f.0.2, f.1));
    found.into_iter().map(|(place, _, pay)| named(place, pay, window, names)).collect()
}

/// Postings of each area, with the areas inside it; 0 = all.
fn by_area(rows: &[u32], window: &Window) -> BTreeMap<u32, Vec<u32>> {
    let mut areas: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for row in rows {
        let Some(posting) = window.rows.get(*row as usize) else { continue };
        for area in window.areas_of(posting) {
            areas.entry(area).or_default().push(*row);
        }
    }
    areas
}

/// A figure with the names of what it is of.
fn named(place: Place, pay: PostedPay, window: &Window, names: &[NamedSkill]) -> PostedPay {
    let (area, group, skill) = place;
    let skill = skill.checked_sub(1).and_then(|s| names.get(s as usize));
    PostedPay {
        area: name_of(&window.areas, area).to_owned(),
        occupation_group: group.checked_sub(1).map_or_else(|| ALL.to_owned(), group_name),
        skill: skill.map_or(ALL, |s| s.id.as_str()).to_owned(),
        label: skill.map(|s| s.label.clone()).unwrap_or_default(),
        ..pay
    }
}

/// What every figure needs.
struct Bench<'a> {
    stated: &'a Stated,
    window: &'a Window,
    spec: &'a MeasureSpec,
}

impl Bench<'_> {
    /// One figure per currency and period of pay that the postings state.
    fn figures(&self, rows: &[u32]) -> Vec<(Money, PostedPay)> {
        let mut paid: BTreeMap<Money, Vec<u32>> = BTreeMap::new();
        for row in rows {
            if let Some(pay) = self.stated.of(*row) {
                paid.entry((pay.currency, pay.per)).or_default().push(*row);
            }
        }
        if paid.is_empty() {
            return Vec::new();
        }
        let sizes = self.window.by_employer(rows.iter().copied());
        paid.into_iter().map(|(money, paid)| (money, self.figure(money, &paid, rows.len() as u64, &sizes))).collect()
    }

    fn employer(&self, row: u32) -> Option<u32> {
        self.window.rows.get(row as usize).map(|r| r.employer)
    }

    fn figure(&self, money: Money, paid: &[u32], base: u64, sizes: &FxHashMap<u32, u64>) -> PostedPay {
        let own = self.window.by_employer(paid.iter().copied());
        let employers = own.keys().filter(|e| self.window.is_known(**e)).count() as u64;
        let publication = publication(paid.len() as u64, employers, own.len() as u64 - employers, self.spec);
        if publication == Publication::Withheld {
            return withheld(money, base);
        }
        let clusters = Clusters::of(sizes.values().copied());
        let size = |employer: &u32| sizes.get(employer).copied().unwrap_or_default();
        let asking = Asking::of(own.iter().map(|(employer, n)| (*n, size(employer))));
        let stated = estimate(asking, clusters, None);
        let middles = paid.iter().filter_map(|row| {
            let pay = self.stated.of(*row)?;
            Some((pay.low + pay.high, self.employer(*row)?))
        });
        let spread = Spread::of(middles.collect());
        PostedPay {
            posting_count: asking.count,
            employer_count: employers,
            source_count: self.window.board_count(paid),
            share: Some(stated.share),
            share_low: Some(stated.low),
            share_high: Some(stated.high),
            effective_n: spread.effective_n,
            median: Some(spread.median),
            median_low: Some(spread.median_low),
            median_high: Some(spread.median_high),
            quartile_1: Some(spread.quartile_1),
            quartile_3: Some(spread.quartile_3),
            mark: publication.mark(asking.count, employers, self.spec),
            ..withheld(money, base)
        }
    }
}

/// A figure that shows its base and nothing else.
fn withheld((currency, pay_period): Money, base_count: u64) -> PostedPay {
    PostedPay {
        area: String::new(),
        occupation_group: String::new(),
        skill: String::new(),
        label: String::new(),
        currency: currency.to_owned(),
        pay_period,
        posting_count: 0,
        base_count,
        employer_count: 0,
        source_count: 0,
        share: None,
        share_low: None,
        share_high: None,
        effective_n: 0.0,
        median: None,
        median_low: None,
        median_high: None,
        quartile_1: None,
        quartile_3: None,
        mark: Some(Mark::Suppressed),
    }
}

/// Quartiles of amounts with the interval of their median.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Spread {
    effective_n: f64,
    median: f64,
    median_low: f64,
    median_high: f64,
    quartile_1: f64,
    quartile_3: f64,
}

impl Spread {
    /// Of (both ends added, employer). The interval is that of the share of postings below the median, turned into
    /// amounts (Woodruff 1952), on the postings left after the design effect of that share.
    fn of(mut amounts: Vec<(u64, u32)>) -> Self {
        amounts.sort_unstable();
        let sorted: Vec<u64> = amounts.iter().map(|a| a.0).collect();
        let at = |p: f64| quantile(&sorted, p) / PER_UNIT;
        let middle = quantile(&sorted, 0.5);
        let mut sizes: BTreeMap<u32, (u64, u64, u64)> = BTreeMap::new();
        for (amount, employer) in &amounts {
            let (all, below, up_to) = sizes.entry(*employer).or_default();
            *all += 1;
            *below += u64::from((*amount as f64) < middle);
            *up_to += u64::from(*amount as f64 <= middle);
        }
        // Where many postings state the median itself, both sides of it are asked and the larger effect is taken.
        let below = clustering(sizes.values().map(|s| (s.0, s.1)));
        let up_to = clustering(sizes.values().map(|s| (s.0, s.2)));
        let base = amounts.len() as u64;
        let squares: u64 = sizes.values().map(|s| s.0 * s.0).sum();
        // As many employers of one size as say what these of unequal size do (Kish 1965).
        let alike = (base * base).checked_div(squares).unwrap_or_default();
        let all = Clusters { base, count: alike.max(1), squares, ..Clusters::default() };
        let largest = [below, up_to].into_iter().flatten().reduce(f64::max);
        let effective_n = effective_n(all, largest.unwrap_or_else(|| worst_design_effect(all)), all.count as f64 - 1.0);
        let (low, high) = wilson(0.5, effective_n);
        Self {
            effective_n,
            median: at(0.5),
            median_low: at(low),
            median_high: at(high),
            quartile_1: at(0.25),
            quartile_3: at(0.75),
        }
    }
}

/// Design effect of a share from (postings, those that count) of each employer, by the jackknife over employers in its
/// linear form (Bell and McCaffrey 2002): one employer with many postings weighs as it should. Absent when all, none or
/// a single employer cannot show it.
fn clustering(employers: impl Iterator<Item = (u64, u64)> + Clone) -> Option<f64> {
    let sum = |(n, x): (u64, u64), (size, own): (u64, u64)| (n + size, x + own);
    let (base, some) = employers.clone().fold((0, 0), sum);
    let groups = employers.clone().count() as f64;
    if groups < 2.0 || some == 0 || some >= base {
        return None;
    }
    let (base, share) = (base as f64, some as f64 / base as f64);
    let rest = |(size, own): (u64, u64)| (own as f64 - share * size as f64) / (1.0 - size as f64 / base);
    let spread: f64 = employers.map(|e| rest(e).powi(2)).sum();
    let clustered = (groups - 1.0) / groups * spread / (base * base);
    Some((clustered / (share * (1.0 - share) / base)).max(1.0))
}

/// Quantile of sorted values by linear interpolation (definition 7 of Hyndman and Fan 1996); 0 of none.
fn quantile(sorted: &[u64], p: f64) -> f64 {
    let place = p.clamp(0.0, 1.0) * sorted.len().saturating_sub(1) as f64;
    let value = |i: f64| sorted.get(i as usize).copied().unwrap_or_default() as f64;
    let (below, above) = (value(place.floor()), value(place.ceil()));
    below + (above - below) * place.fract()
}

#[cfg(test)]
mod tests;
