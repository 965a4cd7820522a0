//! Named repairs: what cleaning had to change or refuse inside a record that it kept. Reports show their counts.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A repair of one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repair {
    /// No day in the text: null.
    DateUnreadable,
    /// A day before 1990: null.
    DateTooEarly,
    /// A posting day beyond the reference day plus 48 hours: null.
    DateInFuture,
    /// Closing day before the posting day: closing null.
    ClosesBeforePosted,
    /// Relative date counted from the snapshot's day.
    RelativeDate,
    /// Relative date, but the snapshot's day is unknown: null.
    RelativeDateWithoutSnapshotDay,
    /// Only month and year given: first of the month.
    DayAssumed,
    /// No year given: the last such day before the snapshot.
    YearAssumed,
    /// Only a bound is given (`30+ days ago`): null.
    DateOnlyBounded,
    /// Hijri date converted by the tabular calendar, a day or two uncertain.
    HijriConverted,
    /// E-mail address or phone number taken out.
    ContactRemoved,
    /// Place that no area knows: null.
    AreaUnknown,
    /// Link that is no web address or holds a contact: null.
    UrlDropped,
    /// Same outcome twice in a credential: once.
    OutcomeRepeated,
    /// Number that cannot be read: null.
    NumberUnreadable,
    /// Number outside its range: null.
    NumberOutOfRange,
    /// Raw control characters or wrong escapes inside a page's JSON-LD escaped.
    JsonLdEscaped,
    /// CDATA marks, comments, trailing commas or entities around a page's JSON-LD taken off.
    JsonLdUnwrapped,
    /// Page without JSON-LD: title and main text taken from its HTML.
    PageTextUsed,
    /// Optional column absent from one of several files: blank there.
    ColumnAbsent,
}

/// How often each repair was made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RepairCounts(pub BTreeMap<Repair, u64>);

impl RepairCounts {
    /// Adds the repairs of one record.
    pub fn add(&mut self, repairs: &[Repair]) {
        for repair in repairs {
            *self.0.entry(*repair).or_default() += 1;
        }
    }

    /// Adds the counts of another part of the work.
    pub fn merge(&mut self, other: &RepairCounts) {
        for (repair, count) in &other.0 {
            *self.0.entry(*repair).or_default() += count;
        }
    }
}
