//! Whether a source still is what it was in the last complete run. A file that was cut short, filtered or exchanged reads
//! without an error; only its counts tell.

use crate::clean::Areas;
use crate::types::{AcceptedDrift, RawObservation, RawPosting};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Sources with fewer records come and go by chance.
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
    if then.snapshots == now.snapshots || then.records < FEWEST_RECORDS {
        return None;
    }
    let gone =
        then.countries.iter().filter(|(code, n)| **n >= then.fewest_of_country && !now.countries.contains_key(*code));
    let lost: Vec<String> = gone.map(|(code, _)| code.clone()).collect();
    let change = now.records as f64 / then.records as f64 - 1.0;
    // A count is whole; a hair's breadth of rounding must not let exactly 40 % through.
    let is_drift = now.records == 0 || change <= 1e-9 - rules.fall || change >= rules.rise - 1e-9 || !lost.is_empty();
    is_drift.then(|| Drift { source: source.to_owned(), before: then.records, after: now.records, lost })
}

impl Drift {
    /// As recorded when an analyst accepts it.
    pub(super) fn accepted(self, reason: &str) -> AcceptedDrift {
        let Self { source, before, after, lost } = self;
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
        let Self { source, before, after, lost } = self;
        write!(f, "source '{source}': {before} records in the last complete run, {after} now ({percent:+.0} %)")?;
        if !lost.is_empty() {
            write!(f, ", and none of {}", lost.join(", "))?;
        }
        Ok(())
    }
}

/// Countries of a source's records, counted as they are read.
pub(super) struct Countries<'a> {
    /// Area of records that name no place.
    home: Option<&'a str>,
    /// Place as spelt -> country; boards repeat the same few thousand.
    known: BTreeMap<String, Option<String>>,
    /// Records by country.
    pub(super) counts: BTreeMap<String, u64>,
}

impl<'a> Countries<'a> {
    pub(super) fn new(home: Option<&'a str>) -> Self {
        Self { home, known: BTreeMap::new(), counts: BTreeMap::new() }
    }

    /// Counts a posting by the place it names.
    pub(super) fn posting(&mut self, posting: &RawPosting) {
        let home = self.home;
        self.count(posting.place.as_deref().unwrap_or_default(), |place| Areas::built_in().resolve(place, home));
    }

    /// Counts a published figure by the area it is about.
    pub(super) fn observation(&mut self, raw: &RawObservation) {
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

/// The outermost area of a code.
fn country(code: &str) -> String {
    Areas::built_in().chain(code).last().unwrap_or(code).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn census(records: u64, countries: &[(&str, u64)], bytes: &str) -> Census {
        let countries = countries.iter().map(|(c, n)| ((*c).to_owned(), *n)).collect();
        Census { records, countries, fewest_of_country: 20, snapshots: vec![bytes.to_owned()] }
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
    fn the_same_bytes_never_drift_whatever_the_plan_makes_of_them() {
        assert!(passes(census(1_000, &[("ES", 1_000)], "a"), census(10, &[], "a")));
    }
}
