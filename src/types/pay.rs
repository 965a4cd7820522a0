//! Pay that postings state.

use super::Mark;
use super::tables::{Table, maybe, maybe_text, number, text};
use arrow::datatypes::{DataType, FieldRef};
use serde::{Deserialize, Serialize};

/// What an amount of pay is paid for. Pay of different periods is never mixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PayPeriod {
    /// An hour of work.
    Hour,
    /// A day.
    Day,
    /// A week.
    Week,
    /// A month, in twelve payments a year unless the posting says otherwise.
    Month,
    /// A year.
    Year,
}

/// Pay that postings of a group state, in one currency and for one period of pay. Of a group with too few postings or
/// employers that state such pay only `base_count` is shown; its other counts are 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PostedPay {
    /// Area code or `all`.
    pub area: String,
    /// ISCO-08 major group (one digit), `unknown`, or `all`.
    pub occupation_group: String,
    /// Skill id, or `all`.
    pub skill: String,
    /// Its name in the report's language; empty for `all`.
    pub label: String,
    /// Currency, ISO 4217.
    pub currency: String,
    /// What the amount is paid for.
    pub pay_period: PayPeriod,
    /// Postings of the group that state such pay.
    pub posting_count: u64,
    /// All postings of the group.
    pub base_count: u64,
    /// Known employers that state it.
    pub employer_count: u64,
    /// Boards they were seen on.
    pub source_count: u64,
    /// `posting_count / base_count`, 0..=1; absent when suppressed.
    pub share: Option<f64>,
    /// Lower end of its 95 % interval.
    pub share_low: Option<f64>,
    /// Upper end.
    pub share_high: Option<f64>,
    /// Postings the median's interval rests on, after the employers' clustering.
    pub effective_n: f64,
    /// Median of the middle of the stated range, in units of the currency.
    pub median: Option<f64>,
    /// Lower end of its 95 % interval.
    pub median_low: Option<f64>,
    /// Upper end.
    pub median_high: Option<f64>,
    /// A quarter of the postings pay this or less.
    pub quartile_1: Option<f64>,
    /// A quarter pay this or more.
    pub quartile_3: Option<f64>,
    /// Mark, if any.
    pub mark: Option<Mark>,
}

impl Table for PostedPay {
    fn columns() -> Vec<FieldRef> {
        let mut columns = ["area", "occupation_group", "skill", "label", "currency", "pay_period"].map(text).to_vec();
        let counts = ["posting_count", "base_count", "employer_count", "source_count"];
        columns.extend(counts.map(|n| number(n, DataType::UInt64)));
        columns.extend(["share", "share_low", "share_high"].map(|n| maybe(n, DataType::Float64)));
        columns.push(number("effective_n", DataType::Float64));
        let amounts = ["median", "median_low", "median_high", "quartile_1", "quartile_3"];
        columns.extend(amounts.map(|n| maybe(n, DataType::Float64)));
        columns.push(maybe_text("mark"));
        columns
    }
}
