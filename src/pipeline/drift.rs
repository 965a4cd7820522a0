//! Whether a source still is what it was in the last complete run. A file that was cut short, filtered or exchanged reads
//! without an error; only its counts tell.

use crate::clean::{Areas, ObservationContext, observation};
use crate::types::{AcceptedDrift, NumberStyle, RawObservation, RawPosting};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Fewer postings or courses come and go by chance; published figures do not.
const FEWEST_RECORDS: u64 = 20;

/// `[drift]`: changes of a source's record count from which the last results stand until somebody accepts the change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DriftTable {
    /// Share of the earlier records that must be gone: 0.4 = 40 % fewer.
    pub fall: f64,
    /// Share of the earlier records that must have come on top: 3.0 = 300 % more.
    pub rise: f64,
}

impl Default for DriftTable {
    fn default() -> Self {
        Self { fall: 0.4, rise: 3.0 }
    }
}

impl DriftTable {
    /// Both are shares, and a fall cannot exceed the whole.
    pub(super) fn check(&self) -> Result<(), String> {
        if !(self.fall > 0.0 && self.fall <= 1.0) {
            return Err(format!("drift.fall = {} must lie above 0 and not above 1", self.fall));
        }
        if !(self.rise > 0.0 && self.rise.is_finite()) {
            return Err(format!("drift.rise = {} must be a number above 0", self.rise));
        }
        Ok(())
    }
}

/// What was read of a source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Census {
    /// Records kept.
    pub records: u64,
    /// Published figures among them that have a value.
    #[serde(default)]
    pub valued: u64,
    /// Records kept by country; those without a known place are in none.
    pub countries: BTreeMap<String, u64>,
    /// Records of a country from which its absence is no chance.
    pub fewest_of_country: u64,
    /// Hashes of its files, sorted: the same bytes never drift.
    pub snapshots: Vec<String>,
}

/// How a source differs from what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Drift {
    /// The source.
    pub source: String,
    /// Records in the last complete run.
    pub before: u64,
    /// Records now.
    pub after: u64,
    /// Figures with a value, before and now, where those fell.
    pub valued: Option<(u64, u64)>,
    /// Countries it no longer has.
    pub lost: Vec<String>,
}

/// The sources that changed too much to replace the last results unasked. A source that is new or was refused has nothing
/// to be compared.
pub(super) fn drifts(
    before: &BTreeMap<String, Census>,
    after: &BTreeMap<String, Census>,
    rules: &dyn Fn(&str) -> DriftTable,
) -> Vec<Drift> {
    let both = after.iter().filter_map(|(source, now)| Some((source, before.get(source)?, now)));
    both.filter_map(|(source, then, now)| drift(source, then, now, &rules(source))).collect()
}

#[allow(clippy::cast_precision_loss)]
pub(super) fn drift(source: &str, then: &Census, now: &Census, rules: &DriftTable) -> Option<Drift> {
    let is_small = then.valued == 0 && then.records < FEWEST_RECORDS;
    if then.snapshots == now.snapshots || is_small {
        return None;
    }
    let gone =
        then.countries.iter().filter(|(code, n)| **n >= then.fewest_of_country && !now.countries.contains_key(*code));
    let lost: Vec<String> = gone.map(|(code, _)| code.clone()).collect();
    // A count is whole; a hair's breadth of rounding must not let exactly 40 % through.
    let change = |before: u64, after: u64| after as f64 / before as f64 - 1.0;
    let fell = |before: u64, after: u64| after == 0 || change(before, after) <= 1e-9 - rules.fall;
    let rose = change(then.records, now.records) >= rules.rise - 1e-9;
    // A set of the same size whose figures went missing says no more than a smaller one.
    let valued = Some((then.valued, now.valued)).filter(|(before, after)| *before > 0 && fell(*before, *after));
    let is_drift = fell(then.records, now.records) || rose || valued.is_some() || !lost.is_empty();
    is_drift.then(|| Drift { source: source.to_owned(), before: then.records, after: now.records, valued, lost })
}

impl Drift {
    /// As recorded when an analyst accepts it.
    pub(super) fn accepted(self, reason: &str) -> AcceptedDrift {
        let Self { source, before, after, lost, .. } = self;
        AcceptedDrift { source, before, after, lost_countries: lost, reason: reason.to_owned() }
    }
}

/// Every drift, and what to do.
pub(super) fn refusal(drifts: &[Drift], rules: &DriftTable) -> String {
    let said: Vec<String> = drifts.iter().map(ToString::to_string).collect();
    format!(
        "{}. The last results stand (limits: [drift] fall = {}, rise = {} in the plan). Look at the file; when the change \
         is real, run again with --accept-drift \"REASON\": the reason is printed in the report",
        said.join("; "),
        rules.fall,
        rules.rise
    )
}

impl std::fmt::Display for Drift {
    #[allow(clippy::cast_precision_loss)]
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let percent = (self.after as f64 / self.before.max(1) as f64 - 1.0) * 100.0;
        let Self { source, before, after, valued, lost } = self;
        write!(f, "source '{source}': {before} records in the last complete run, {after} now ({percent:+.0} %)")?;
        if let Some((before, after)) = valued {
            write!(f, ", and {after} figures with a value instead of {before}")?;
        }
        if !lost.is_empty() {
            write!(f, ", and none of {}", lost.join(", "))?;
        }
        Ok(())
    }
}

/// Countries of a source's records, and what its figures are good for, counted as they are read.
pub(super) struct Countries<'a> {
    /// Area of records that name no place.
    home: Option<&'a str>,
    /// Place as spelt -> country; boards repeat the same few thousand.
    known: BTreeMap<String, Option<String>>,
    /// Records by country.
    pub(super) counts: BTreeMap<String, u64>,
    /// Published figures that have a value.
    pub(super) valued: u64,
    /// Published figures that cleaning will reject.
    pub(super) unusable: u64,
    /// Why it will reject the first.
    pub(super) first_unusable: Option<String>,
}

impl<'a> Countries<'a> {
    pub(super) fn new(home: Option<&'a str>) -> Self {
        let (known, counts) = (BTreeMap::new(), BTreeMap::new());
        Self { home, known, counts, valued: 0, unusable: 0, first_unusable: None }
    }

    /// Counts a posting by the place it names.
    pub(super) fn posting(&mut self, posting: &RawPosting) {
        let home = self.home;
        self.count(posting.place.as_deref().unwrap_or_default(), |place| Areas::built_in().resolve(place, home));
    }

    /// Counts a published figure by the area it is about, and by what cleaning makes of it.
    pub(super) fn observation(&mut self, raw: &RawObservation) {
        match observation(raw, &ObservationContext { areas: Areas::built_in(), home: self.home }) {
            Ok(cleaned) => self.valued += u64::from(cleaned.value.is_some()),
            Err(reject) => {
                self.unusable += 1;
                self.first_unusable.get_or_insert_with(|| with_hint(raw, reject.detail));
            }
        }
        let name = raw.area_name.as_deref();
        let key = format!("{}\u{0}{}", raw.area, name.unwrap_or_default());
        self.count(&key, |_| Areas::built_in().published(&raw.area, name));
    }

    fn count(&mut self, place: &str, resolve: impl FnOnce(&str) -> Option<crate::types::AreaCode>) {
        if !self.known.contains_key(place) {
            let area = resolve(place).map(|a| a.0).or_else(|| self.home.map(str::to_owned));
            self.known.insert(place.to_owned(), area.map(|code| country(&code)));
        }
        if let Some(Some(country)) = self.known.get(place) {
            *self.counts.entry(country.clone()).or_default() += 1;
        }
    }
}

/// A reason, and the key of the plan that may help: the decimal sign of a file is the plan's to say.
fn with_hint(raw: &RawObservation, detail: String) -> String {
    let sign = match raw.numbers {
        NumberStyle::Point if raw.value.contains(',') => "comma",
        NumberStyle::Comma if raw.value.contains('.') => "point",
        _ => return detail,
    };
    if detail.starts_with("column value") {
        format!("{detail}; say numbers = \"{sign}\" for the source in the plan if that is how it writes numbers")
    } else {
        detail
    }
}

/// The outermost area of a code.
fn country(code: &str) -> String {
    Areas::built_in().chain(code).last().unwrap_or(code).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn census(records: u64, countries: &[(&str, u64)], bytes: &str) -> Census {
        let countries = countries.iter().map(|(c, n)| ((*c).to_owned(), *n)).collect();
        Census { records, valued: 0, countries, fewest_of_country: 20, snapshots: vec![bytes.to_owned()] }
    }

    /// Whether the change is let through.
    fn passes(then: Census, now: Census) -> bool {
        let (then, now) = (BTreeMap::from([("s".to_owned(), then)]), BTreeMap::from([("s".to_owned(), now)]));
        drifts(&then, &now, &|_| DriftTable::default()).is_empty()
    }

    #[test]
    fn a_fall_of_forty_percent_a_rise_of_three_hundred_or_none_at_all_is_a_drift_and_a_hair_less_is_none() {
        for (then, now, pass) in [
            (1_000, 601, true),
            (1_000, 600, false),
            (1_000, 0, false),
            (1_000, 3_999, true),
            (1_000, 4_000, false),
            (45, 27, false),
            (19, 0, true),
            (20, 12, false),
        ] {
            assert_eq!(passes(census(then, &[], "a"), census(now, &[], "b")), pass, "{then} -> {now}");
        }
    }

    #[test]
    fn a_country_that_is_gone_is_a_drift_unless_it_had_a_handful() {
        let then = census(1_000, &[("ES", 900), ("PT", 80), ("FR", 3)], "a");
        assert!(passes(then.clone(), census(1_000, &[("ES", 999), ("PT", 1)], "b")));
        let now = census(1_000, &[("ES", 1_000)], "b");
        assert!(!passes(then.clone(), now.clone()));
        let before = BTreeMap::from([("s".to_owned(), then)]);
        let found = drifts(&before, &BTreeMap::from([("s".to_owned(), now)]), &|_| DriftTable::default());
        let said = refusal(&found, &DriftTable::default());
        assert!(said.contains("source 's': 1000 records") && said.contains("none of PT"), "{said}");
        assert!(said.contains("--accept-drift"), "{said}");
    }

    #[test]
    fn a_few_figures_drift_too_and_so_do_those_that_lose_their_values() {
        let figures = |records: u64, valued: u64, bytes: &str| Census { valued, ..census(records, &[], bytes) };
        assert!(!passes(figures(16, 16, "a"), figures(3, 3, "b")));
        assert!(passes(figures(16, 16, "a"), figures(15, 14, "b")));
        assert!(!passes(figures(1_000, 990, "a"), figures(1_000, 0, "b")));
        let found = drift("s", &figures(1_000, 990, "a"), &figures(1_000, 400, "b"), &DriftTable::default()).unwrap();
        assert!(found.to_string().contains("400 figures with a value instead of 990"), "{found}");
    }

    #[test]
    fn figures_are_counted_as_cleaning_reads_them_and_the_first_reason_names_the_key_that_helps() {
        let (source, snapshot) = (crate::types::SourceId::new("s").unwrap(), crate::types::SnapshotId(String::new()));
        let mut countries = Countries::new(None);
        for (area, value) in [("ES", "0.83"), ("ES", ":"), ("ES", "0,22"), ("XYZ", "1")] {
            let origin = crate::types::Origin { source: source.clone(), snapshot: snapshot.clone(), record: 1 };
            let (area, period, value) = (area.to_owned(), "2026".to_owned(), value.to_owned());
            countries.observation(&RawObservation { area, period, value, ..RawObservation::at(origin) });
        }
        assert_eq!((countries.valued, countries.unusable), (1, 2));
        let first = countries.first_unusable.unwrap();
        assert!(first.contains("'0,22'") && first.contains("numbers = \"comma\""), "{first}");
    }

    #[test]
    fn the_same_bytes_never_drift_whatever_the_plan_makes_of_them() {
        assert!(passes(census(1_000, &[("ES", 1_000)], "a"), census(10, &[], "a")));
    }
}
