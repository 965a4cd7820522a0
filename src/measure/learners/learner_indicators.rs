//! Official indicators about learners: the latest figure of each series beside the one five years before.

use crate::measure::MeasureInputs;
use crate::measure::count::window::Window;
use crate::measure::learners::recognition::{EMPLOYMENT, Recognition, Topics};
use crate::types::{Breakdown, LearnerIndicator, Observation, ObservationQuality, Period, PeriodKind};
use std::collections::{BTreeMap, BTreeSet};

/// How far back the figure beside the latest lies: such indicators hardly move from one year to the next.
const YEARS_BEFORE: i16 = 5;

/// What figures of one series have in common: topic, area, indicator, source; occupation, sector, sex, age; breakdown,
/// unit, length of a period.
type Series<'a> = ((usize, &'a str, &'a str, &'a str), [Option<&'a str>; 4], (&'a [Breakdown], &'a str, PeriodKind));

/// Picks the indicators of the committed table, by topic, area and series. Nothing is added up or averaged: each sex, age
/// and item stays a series of its own.
pub fn learner_indicators(
    inputs: &MeasureInputs,
    window: &Window,
    recognition: &Recognition,
    topics: &Topics,
) -> Vec<LearnerIndicator> {
    let places = Places::new(window, inputs.area_parents);
    let mut series: BTreeMap<Series, Vec<&Observation>> = BTreeMap::new();
    for observation in inputs.observations.iter().filter(|o| places.holds(&o.area.0)) {
        let topic = topics.of(&observation.indicator).filter(|t| recognition.name(*t) != EMPLOYMENT);
        if let Some(topic) = topic {
            series.entry(key(topic, observation)).or_default().push(observation);
        }
    }
    let rows = series.into_iter().flat_map(|((head, ..), figures)| rows(recognition.name(head.0), figures));
    rows.collect()
}

fn key(topic: usize, o: &Observation) -> Series<'_> {
    (
        (topic, &o.area.0, &o.indicator, o.origin.source.as_str()),
        [o.occupation.as_ref().map(|c| c.as_str()), o.sector.as_deref(), o.sex.as_deref(), o.age.as_deref()],
        (&o.breakdown, &o.unit, o.period.kind()),
    )
}

/// Areas that the edition is about: those of postings, the areas above them, and the areas inside them; all when no
/// posting has one.
struct Places<'a> {
    window: &'a Window,
    parents: &'a BTreeMap<String, String>,
    own: BTreeSet<&'a str>,
}

impl<'a> Places<'a> {
    fn new(window: &'a Window, parents: &'a BTreeMap<String, String>) -> Self {
        let codes: BTreeSet<u32> = window.rows.iter().filter_map(|r| r.area).collect();
        let own = codes.into_iter().filter_map(|a| window.areas.get(a as usize)).map(String::as_str).collect();
        Self { window, parents, own }
    }

    fn holds(&self, area: &str) -> bool {
        let (mut at, mut steps) = (area, 0);
        if self.own.is_empty() || self.window.areas.binary_search_by(|a| a.as_str().cmp(area)).is_ok() {
            return true;
        }
        // A circle among the parents must end.
        while let Some(parent) = self.parents.get(at).filter(|_| steps < self.parents.len()) {
            (at, steps) = (parent.as_str(), steps + 1);
            if self.own.contains(at) {
                return true;
            }
        }
        false
    }
}

/// The latest figures of one series. A file that gives two figures for one period has two rows: none is chosen.
fn rows(topic: &str, mut figures: Vec<&Observation>) -> Vec<LearnerIndicator> {
    figures.sort_by(|a, b| (a.period, &a.origin).cmp(&(b.period, &b.origin)));
    let published = figures.iter().filter(|o| o.quality != ObservationQuality::Missing).map(|o| o.period).max();
    let Some(latest) = published.or_else(|| figures.iter().map(|o| o.period).max()) else { return Vec::new() };
    let before = years_before(latest, YEARS_BEFORE);
    let earlier = before.and_then(|period| figures.iter().find(|o| o.period == period));
    let has_break = |from: Period| {
        let mut between = figures.iter().filter(|o| from < o.period && o.period <= latest);
        between.any(|o| o.quality == ObservationQuality::BreakInSeries)
    };
    let mut seen = BTreeSet::new();
    let mut rows = Vec::new();
    for o in figures.iter().filter(|o| o.period == latest) {
        if !seen.insert((o.value.map(f64::to_bits), o.quality)) {
            continue;
        }
        rows.push(LearnerIndicator {
            topic: topic.to_owned(),
            area: o.area.0.clone(),
            indicator: o.indicator.clone(),
            occupation: o.occupation.as_ref().map(|c| c.as_str().to_owned()),
            sector: o.sector.clone(),
            sex: o.sex.clone(),
            age: o.age.clone(),
            breakdown: breakdown(&o.breakdown),
            period: latest.to_string(),
            value: o.value,
            unit: o.unit.clone(),
            mark: o.quality.mark(),
            earlier_period: earlier.map(|e| e.period.to_string()),
            earlier_value: earlier.and_then(|e| e.value),
            earlier_mark: earlier.and_then(|e| e.quality.mark()),
            break_between: earlier.map(|e| has_break(e.period)),
            source: o.origin.source.as_str().to_owned(),
            note: o.note.clone(),
        });
    }
    rows
}

/// `Working time: Full-time; Citizenship: Foreign`.
fn breakdown(items: &[Breakdown]) -> Option<String> {
    let items: Vec<String> = items.iter().map(|b| format!("{}: {}", b.dimension, b.item)).collect();
    (!items.is_empty()).then(|| items.join("; "))
}

/// The same year, quarter or month some years earlier.
fn years_before(period: Period, years: i16) -> Option<Period> {
    let text = period.to_string();
    let (year, rest) = text.split_at_checked(4)?;
    let year = year.parse::<i16>().ok()?.checked_sub(years).filter(|y| *y >= 0)?;
    Period::parse(&format!("{year:04}{rest}")).ok()
}
