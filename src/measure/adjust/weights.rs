//! Weights that make postings stand for official employment: post-stratification to ISCO-08 major group and area.
//!
//! `w_h = target_h / n_h` in stratum h (Holt and Smith 1979), cut within each area to `1/cap ..= cap` of its mean (Potter
//! 1990). A posting without an occupation, or in an area without a figure, keeps weight 1.

use crate::measure::MeasureError;
use crate::measure::count::window::group_name;
use crate::measure::count::window::{Row, UNKNOWN_GROUP, Window};
use crate::types::{Mark, Observation, ObservationQuality, Period, Representation, SourceId, Weighting};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The `[weights]` table of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeightSpec {
    /// Source of employment by ISCO-08 major group.
    pub source: SourceId,
    /// Indicator as published, where the source has several.
    #[serde(default)]
    pub indicator: Option<String>,
    /// Period of the figures; absent = the latest of each area.
    #[serde(default)]
    pub period: Option<Period>,
    /// Largest weight within an area, the area's mean being 1; the smallest is its inverse.
    #[serde(default = "default_cap")]
    pub cap: f64,
}

fn default_cap() -> f64 {
    5.0
}

/// Number of ISCO-08 major groups, 0 to 9.
const GROUPS: u32 = UNKNOWN_GROUP;

/// An official figure of a stratum.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Figure {
    value: f64,
    period: Period,
    quality: ObservationQuality,
}

/// A stratum: an area with figures and a major group.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Stratum {
    postings: u64,
    figure: Option<Figure>,
    /// Figure without the areas inside it that have figures and postings of their own.
    employment: f64,
    weight: f64,
    trimmed: bool,
}

/// Weights of the postings.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    /// By posting row; mean 1.
    pub by_row: Vec<f64>,
    /// Stratum by posting row; absent = weight 1, not post-stratified.
    pub stratum_of_row: Vec<Option<u32>>,
    /// Number of strata.
    pub stratum_count: usize,
    /// Area codes of the window whose postings all lie in strata that lie in the area as a whole.
    whole_areas: Vec<bool>,
    /// What is published about them.
    pub weighting: Weighting,
    /// Postings beside employment.
    pub representation: Vec<Representation>,
}

impl Weights {
    /// Weighs the postings of a window.
    ///
    /// # Errors
    /// When the figures are missing, ambiguous or all zero, or no posting has one.
    pub fn new(window: &Window, observations: &[Observation], spec: &WeightSpec) -> Result<Self, MeasureError> {
        let chosen = choose(observations, spec)?;
        let regions = Regions::new(window, &chosen);
        let mut strata = regions.strata(window, &chosen);
        let placed_in = |row: &Row| regions.stratum(row).filter(|s| has_figure(&strata, *s));
        let stratum_of_row: Vec<Option<u32>> = window.rows.iter().map(placed_in).collect();
        let placed: u64 = strata.iter().filter(|s| s.figure.is_some()).map(|s| s.postings).sum();
        if placed == 0 {
            return Err(MeasureError::Weights(format!(
                "no posting has both an occupation and an area among those of source '{}' ({}); add figures of the \
                 postings' areas or take out [weights]",
                spec.source,
                regions.names.join(", ")
            )));
        }
        set_weights(&mut strata, chosen.is_count, placed, spec)?;
        let by_row: Vec<f64> = stratum_of_row.iter().map(|s| s.map_or(1.0, |s| weight_of(&strata, s))).collect();
        let told = regions.told_above(&strata, window);
        let weighting = weighting(&strata, &by_row, &chosen, (spec, &told));
        let representation = representation(&strata, &regions, &chosen, window);
        Ok(Self {
            by_row,
            stratum_of_row,
            stratum_count: strata.len(),
            whole_areas: regions.whole_areas(window),
            weighting,
            representation,
        })
    }

    /// Weights that stand for nothing, as they come.
    #[cfg(test)]
    pub fn fixed(by_row: Vec<f64>) -> Self {
        let weighting = Weighting {
            source: String::new(),
            indicator: String::new(),
            unit: String::new(),
            cap: 1.0,
            placed_count: 0,
            unplaced_count: by_row.len() as u64,
            trimmed_count: 0,
            design_effect: 1.0,
            missing_share: 0.0,
        };
        let stratum_of_row = vec![None; by_row.len()];
        let (whole_areas, representation) = (Vec::new(), Vec::new());
        Self { by_row, stratum_of_row, stratum_count: 0, whole_areas, weighting, representation }
    }

    /// Whether the postings of an area (one more than its code; 0 = all) are whole strata.
    pub fn is_whole(&self, area: u32) -> bool {
        area.checked_sub(1).is_none_or(|a| self.whole_areas.get(a as usize).copied().unwrap_or_default())
    }
}

fn has_figure(strata: &[Stratum], stratum: u32) -> bool {
    strata.get(stratum as usize).is_some_and(|s| s.figure.is_some())
}

fn weight_of(strata: &[Stratum], stratum: u32) -> f64 {
    strata.get(stratum as usize).map_or(1.0, |s| s.weight)
}

/// Figures by area and major group.
struct Chosen {
    indicator: String,
    unit: String,
    /// Persons can be added over areas, per cent cannot.
    is_count: bool,
    figures: BTreeMap<(String, u32), Figure>,
}

/// Totals by major group of one indicator, in the latest period of each area or the plan's.
fn choose(observations: &[Observation], spec: &WeightSpec) -> Result<Chosen, MeasureError> {
    let named = |o: &&Observation| spec.indicator.as_ref().is_none_or(|i| *i == o.indicator);
    let wanted = |o: &&Observation| o.origin.source == spec.source && major(o).is_some() && o.is_total();
    let own: Vec<&Observation> = observations.iter().filter(wanted).filter(named).collect();
    let indicators: BTreeSet<(&str, &str)> = own.iter().map(|o| (o.indicator.as_str(), o.unit.as_str())).collect();
    let mut indicators = indicators.into_iter();
    let Some((indicator, unit)) = indicators.next() else {
        return Err(MeasureError::Weights(format!(
            "source '{}' has no figure by ISCO-08 major group for both sexes and all ages{}; name a source of \
             employment by occupation",
            spec.source,
            spec.indicator.as_ref().map(|i| format!(" of the indicator '{i}'")).unwrap_or_default()
        )));
    };
    if let Some((other, other_unit)) = indicators.next() {
        return Err(MeasureError::Weights(format!(
            "source '{}' has several indicators by major group: '{indicator}' ({unit}), '{other}' ({other_unit}); name \
             one as weights.indicator",
            spec.source
        )));
    }
    let latest = latest_periods(&own, spec.period);
    let mut figures = BTreeMap::new();
    for o in own.iter().filter(|o| latest.get(o.area.0.as_str()) == Some(&o.period)) {
        let (Some(group), Some(value)) = (major(o), o.value.filter(|v| v.is_finite() && *v >= 0.0)) else { continue };
        let figure = Figure { value, period: o.period, quality: o.quality };
        let before = figures.insert((o.area.0.clone(), group), figure);
        if let Some(before) = before.filter(|b: &Figure| b.value.total_cmp(&value).is_ne()) {
            return Err(MeasureError::Weights(format!(
                "source '{}' gives two figures for {}, group {group}, {}: {} and {value}; name weights.indicator or \
                 clean the file",
                spec.source, o.area.0, o.period, before.value
            )));
        }
    }
    let is_count = !unit.contains('%') && !unit.to_lowercase().contains("per cent");
    Ok(Chosen { indicator: indicator.to_owned(), unit: unit.to_owned(), is_count, figures })
}

fn major(observation: &Observation) -> Option<u32> {
    let code = observation.occupation.as_ref()?.as_str();
    (code.len() == 1).then(|| code.parse().ok()).flatten()
}

/// The period that speaks for each area.
fn latest_periods<'a>(own: &[&'a Observation], asked: Option<Period>) -> BTreeMap<&'a str, Period> {
    let mut latest = BTreeMap::new();
    for o in own.iter().filter(|o| o.value.is_some() && asked.is_none_or(|p| p == o.period)) {
        let period = latest.entry(o.area.0.as_str()).or_insert(o.period);
        *period = (*period).max(o.period);
    }
    latest
}

/// Areas with figures.
struct Regions {
    /// Sorted.
    names: Vec<String>,
    /// The nearest region by area code of the window.
    of_area: Vec<Option<u32>>,
}

impl Regions {
    fn new(window: &Window, chosen: &Chosen) -> Self {
        let names: BTreeSet<&String> = chosen.figures.keys().map(|(area, _)| area).collect();
        let names: Vec<String> = names.into_iter().cloned().collect();
        let place = |area: &u32| {
            let name = window.areas.get(*area as usize)?;
            names.binary_search(name).ok().map(|i| i as u32)
        };
        let of_area = window.area_chain.iter().map(|chain| chain.iter().find_map(place)).collect();
        Self { names, of_area }
    }

    fn stratum(&self, row: &Row) -> Option<u32> {
        let region = (*self.of_area.get(row.area? as usize)?)?;
        (row.group < GROUPS).then_some(region * GROUPS + row.group)
    }

    /// Postings and figures of every stratum.
    fn strata(&self, window: &Window, chosen: &Chosen) -> Vec<Stratum> {
        let mut strata = vec![Stratum::default(); self.names.len() * GROUPS as usize];
        for stratum in window.rows.iter().filter_map(|row| self.stratum(row)) {
            if let Some(stratum) = strata.get_mut(stratum as usize) {
                stratum.postings += 1;
            }
        }
        let figures = self.names.iter().flat_map(|name| (0..GROUPS).map(move |group| (name, group)));
        let figures: Vec<_> = figures.map(|(name, group)| chosen.figures.get(&(name.clone(), group))).collect();
        for (stratum, figure) in strata.iter_mut().zip(figures) {
            stratum.figure = figure.copied();
            stratum.employment = figure.map_or(0.0, |f| f.value);
        }
        if chosen.is_count {
            self.take_out_inner(&mut strata, window);
        }
        strata
    }

    fn region_of(&self, area: &String) -> Option<u32> {
        self.names.binary_search(area).ok().map(|i| i as u32)
    }

    /// Takes the employment of a region with postings out of the regions above it, up to the next one with postings.
    fn take_out_inner(&self, strata: &mut [Stratum], window: &Window) {
        let used = |region: u32| {
            let own = (region * GROUPS) as usize;
            strata.get(own..own + GROUPS as usize).is_some_and(|s| s.iter().any(|s| s.postings > 0))
        };
        let mut inner: Vec<(u32, u32)> = Vec::new();
        for (area, name) in window.areas.iter().enumerate() {
            let Some(region) = self.region_of(name).filter(|region| used(*region)) else { continue };
            let chain = window.area_chain.get(area).into_iter().flatten().skip(1);
            for above in chain.filter_map(|a| self.region_of(window.areas.get(*a as usize)?)) {
                inner.push((region, above));
                // What lies above a region with postings is told by that region's own figure.
                if used(above) {
                    break;
                }
            }
        }
        let figure =
            |strata: &[Stratum], s: u32| strata.get(s as usize).and_then(|s| s.figure).map_or(0.0, |f| f.value);
        for (region, above) in inner {
            for group in 0..GROUPS {
                let own = figure(strata, region * GROUPS + group);
                if let Some(above) = strata.get_mut((above * GROUPS + group) as usize) {
                    above.employment = (above.employment - own).max(0.0);
                }
            }
        }
    }

    /// By region: whether it has no postings and lies in another region, whose figure tells of its people already.
    fn told_above(&self, strata: &[Stratum], window: &Window) -> Vec<bool> {
        let regions = self.names.iter().zip(strata.chunks(GROUPS as usize));
        let told = |(name, strata): (&String, &[Stratum])| {
            let mut above = window.parents.get(name);
            let mut steps = 0;
            while let Some(area) = above.filter(|_| steps < self.names.len() + window.parents.len()) {
                if area != name && self.region_of(area).is_some() {
                    return strata.iter().all(|s| s.postings == 0);
                }
                above = window.parents.get(area);
                steps += 1;
            }
            false
        };
        regions.map(told).collect()
    }

    /// Whether no posting of an area takes its figure from an area above it.
    fn whole_areas(&self, window: &Window) -> Vec<bool> {
        let mut whole = vec![true; window.areas.len()];
        for area in window.rows.iter().filter_map(|r| r.area).collect::<BTreeSet<_>>() {
            let Some(region) = self.of_area.get(area as usize).copied().flatten() else { continue };
            let name = self.names.get(region as usize);
            let chain = window.area_chain.get(area as usize).into_iter().flatten();
            let below = chain.take_while(|a| window.areas.get(**a as usize) != name);
            below.for_each(|a| whole.iter_mut().skip(*a as usize).take(1).for_each(|w| *w = false));
        }
        whole
    }
}

/// Fills in the weights of all strata with postings and a figure: within each area first, where they are cut, then by the size
/// of the area. Cut all at once, a small country beside a large one would keep nothing but the smallest weight.
fn set_weights(strata: &mut [Stratum], is_count: bool, placed: u64, spec: &WeightSpec) -> Result<(), MeasureError> {
    let is_used = |s: &&Stratum| s.postings > 0 && s.figure.is_some();
    let employed = |area: &[Stratum]| area.iter().filter(is_used).map(|s| s.employment).sum::<f64>();
    let all = employed(strata);
    for area in strata.chunks_mut(GROUPS as usize) {
        let own: u64 = area.iter().filter(is_used).map(|s| s.postings).sum();
        let employment = employed(area);
        if own == 0 {
            continue;
        }
        if employment <= 0.0 {
            return Err(MeasureError::Weights(format!(
                "every figure of source '{}' for an area with postings is 0; weights would have nothing to stand for",
                spec.source
            )));
        }
        for stratum in area.iter_mut().filter(|s| is_used(&&**s)) {
            stratum.weight = stratum.employment / employment * own as f64 / stratum.postings as f64;
        }
        trim(area, own, spec.cap);
        // Per cent say nothing about the size of an area: each keeps its share of the postings.
        let size = if is_count { employment / all * placed as f64 / own as f64 } else { 1.0 };
        area.iter_mut().for_each(|stratum| stratum.weight *= size);
    }
    Ok(())
}

/// Cuts the weights of an area to `1/cap ..= cap` after the one scaling that keeps their mean at 1, found by bisection.
fn trim(strata: &mut [Stratum], postings: u64, cap: f64) {
    let used: Vec<(f64, f64)> =
        strata.iter().filter(|s| s.postings > 0 && s.figure.is_some()).map(|s| (s.weight, s.postings as f64)).collect();
    let cut = |weight: f64| weight.clamp(1.0 / cap, cap);
    let sum = |scale: f64| -> f64 { used.iter().map(|(w, n)| cut(scale * w) * n).sum() };
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    while sum(high) < postings as f64 && high < 1e12 {
        high *= 2.0;
    }
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if sum(middle) < postings as f64 { low = middle } else { high = middle }
    }
    for stratum in strata.iter_mut().filter(|s| s.postings > 0 && s.figure.is_some()) {
        let scaled = high * stratum.weight;
        stratum.weight = cut(scaled);
        stratum.trimmed = scaled < 1.0 / cap || scaled > cap;
    }
}

fn weighting(
    strata: &[Stratum],
    by_row: &[f64],
    chosen: &Chosen,
    (spec, told_above): (&WeightSpec, &[bool]),
) -> Weighting {
    let of = |f: &dyn Fn(&&Stratum) -> bool| -> u64 { strata.iter().filter(f).map(|s| s.postings).sum() };
    let placed_count = of(&|s| s.figure.is_some());
    let (sum, squares) = by_row.iter().fold((0.0, 0.0), |(sum, squares), w| (sum + w, squares + w * w));
    // Per cent of areas do not add up to the people of the area above, so nothing tells of them there.
    let counts = |told: bool| !(told && chosen.is_count);
    let counted = strata.chunks(GROUPS as usize).zip(told_above).filter(|(_, told)| counts(**told));
    let counted: Vec<&Stratum> = counted.flat_map(|(region, _)| region).collect();
    let employed: f64 = counted.iter().map(|s| s.employment).sum();
    let missing: f64 = counted.iter().filter(|s| s.postings == 0).map(|s| s.employment).sum();
    Weighting {
        source: spec.source.to_string(),
        indicator: chosen.indicator.clone(),
        unit: chosen.unit.clone(),
        cap: spec.cap,
        placed_count,
        unplaced_count: by_row.len() as u64 - placed_count,
        trimmed_count: of(&|s| s.trimmed),
        design_effect: by_row.len() as f64 * squares / (sum * sum),
        missing_share: if employed > 0.0 { missing / employed } else { 0.0 },
    }
}

/// Postings beside employment, by area and group, then the postings that have none.
fn representation(strata: &[Stratum], regions: &Regions, chosen: &Chosen, window: &Window) -> Vec<Representation> {
    let mut rows = Vec::new();
    for (name, strata) in regions.names.iter().zip(strata.chunks(GROUPS as usize)) {
        let postings: u64 = strata.iter().map(|s| s.postings).sum();
        let employed: f64 = strata.iter().map(|s| s.employment).sum();
        for (group, stratum) in (0..).zip(strata).filter(|(_, s)| s.postings > 0 || s.figure.is_some()) {
            rows.push(stratum.row(name, group, (postings, employed), chosen));
        }
    }
    rows.extend(unplaced(window, |row| regions.stratum(row).is_some()));
    rows
}

/// Postings by group without official figures beside them.
pub fn unweighted(window: &Window) -> Vec<Representation> {
    unplaced(window, |_| false)
}

fn unplaced(window: &Window, is_placed: impl Fn(&Row) -> bool) -> Vec<Representation> {
    let mut counts: BTreeMap<u32, u64> = BTreeMap::new();
    for row in window.rows.iter().filter(|row| !is_placed(row)) {
        *counts.entry(row.group).or_default() += 1;
    }
    let row = |(group, posting_count): (u32, u64)| Representation {
        area: crate::measure::ALL.to_owned(),
        occupation_group: group_name(group),
        posting_count,
        posting_share: posting_count as f64 / window.rows.len().max(1) as f64,
        employment: None,
        employment_share: None,
        representation: None,
        weight: None,
        trimmed: false,
        official_period: None,
        unit: None,
        mark: Some(Mark::NotAvailable),
    };
    counts.into_iter().map(row).collect()
}

impl Stratum {
    fn row(&self, area: &str, group: u32, (postings, employed): (u64, f64), chosen: &Chosen) -> Representation {
        let posting_share = self.postings as f64 / postings.max(1) as f64;
        let employment_share = self.figure.filter(|_| employed > 0.0).map(|_| self.employment / employed);
        let weighed = self.figure.is_some() && self.postings > 0;
        Representation {
            area: area.to_owned(),
            occupation_group: group_name(group),
            posting_count: self.postings,
            posting_share,
            employment: self.figure.map(|_| self.employment),
            employment_share,
            representation: employment_share.filter(|e| *e > 0.0).map(|e| posting_share / e),
            weight: weighed.then_some(self.weight),
            trimmed: self.trimmed,
            official_period: self.figure.map(|f| f.period.to_string()),
            unit: self.figure.map(|_| chosen.unit.clone()),
            mark: self.figure.map_or(Some(Mark::NotAvailable), |f| mark(f.quality)),
        }
    }
}

fn mark(quality: ObservationQuality) -> Option<Mark> {
    match quality {
        ObservationQuality::LowReliability => Some(Mark::LowReliability),
        ObservationQuality::BreakInSeries => Some(Mark::Break),
        _ => None,
    }
}
