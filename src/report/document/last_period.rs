//! Whether the last period is over in the data: a week of postings must not be read as a month.

use crate::report::phrase::Phrase;
use crate::report::view::Context;
use crate::types::{Date, Period, PeriodKind};
use std::collections::BTreeSet;

/// Quoted postings of the last period from which the latest of them tells where the data end: among so many, the last days
/// are hardly ever missing by chance.
const LEAST_QUOTED: usize = 200;
/// Days that may be missing at the end of a month, and of a longer period.
const SLACK: [i64; 2] = [3, 7];

/// A last period whose data end before it does.
pub struct Incomplete<'a> {
    /// The period.
    pub period: &'a str,
    /// What to say of it.
    pub said: Phrase,
}

/// The last period, where its days are not over in the data; nothing where they are or nobody can tell.
pub fn incomplete<'a>(context: &Context<'a>) -> Option<Incomplete<'a>> {
    let (m, meta) = (context.messages, &context.index.findings.meta);
    let code = meta.period_last.as_deref()?;
    let period = Period::parse(code).ok()?;
    let (key, day) = match last_quoted(context, period) {
        Some(day) => ("documents.incomplete", day),
        None => ("documents.incomplete_as_of", meta.as_of.parse::<Date>().ok()?),
    };
    let [of_a_month, of_longer] = SLACK;
    let slack = if period.kind() == PeriodKind::Month { of_a_month } else { of_longer };
    let missing = i64::from((period.last_day()? - day).get_days());
    let said = || m.phrase(key, &[("period", m.period_in_words(code)), ("day", m.day(&day.to_string()))]);
    (missing > slack).then(|| Incomplete { period: code, said: said() })
}

/// Latest day of the postings of a period that are quoted, where they are enough to tell.
fn last_quoted(context: &Context, period: Period) -> Option<Date> {
    let quoted = context.index.findings.evidence.iter();
    let dated = quoted.filter_map(|e| Some((e.posted_on.as_deref()?.parse::<Date>().ok()?, e.posting.0.as_str())));
    let own: BTreeSet<(Date, &str)> = dated.filter(|(day, _)| Period::of(*day, period.kind()) == period).collect();
    own.last().filter(|_| own.len() >= LEAST_QUOTED).map(|(day, _)| *day)
}

/// The last of these periods that is over in the data; the last one where none is.
pub fn last_complete<'p>(periods: &[&'p str], open: Option<&Incomplete>) -> Option<&'p str> {
    let is_over = |period: &&&str| open.is_none_or(|open| open.period != **period);
    periods.iter().rev().find(is_over).or(periods.last()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;
    use crate::report::messages::Messages;
    use crate::report::phrase::plain;
    use crate::types::{Findings, Lang, PostingId};

    /// What is said of a last period with so many quoted postings, the latest of this day.
    fn said(period: &str, as_of: &str, count: usize, latest: &str) -> Option<String> {
        let mut findings: Findings = fixture::realistic();
        findings.meta.period_last = Some(period.into());
        findings.meta.as_of = as_of.into();
        let row = findings.evidence[0].clone();
        let posting = |i: usize| PostingId(format!("{i}"));
        findings.evidence = (0..count).map(|i| crate::types::Evidence { posting: posting(i), ..row.clone() }).collect();
        findings.evidence.iter_mut().for_each(|e| e.posted_on = Some(latest.into()));
        let messages = Messages::of(Lang::En).unwrap();
        incomplete(&Context::of(&findings, &messages, 10)).map(|open| plain(&open.said))
    }

    #[test]
    fn a_month_whose_postings_end_on_its_sixth_day_is_incomplete_and_one_that_lacks_three_days_is_not() {
        let told = said("2020-11", "2020-12-01", 200, "2020-11-06");
        let wanted = "November 2020 is incomplete: the latest posting quoted is of 6 November 2020.";
        assert_eq!(told.as_deref(), Some(wanted));
        assert_eq!(said("2020-11", "2020-12-01", 200, "2020-11-27"), None);
        assert!(said("2020-11", "2020-12-01", 200, "2020-11-26").is_some());
        assert_eq!(said("2020-Q4", "2021-01-01", 200, "2020-12-24"), None);
        assert!(said("2020-Q4", "2021-01-01", 200, "2020-12-23").is_some());
    }

    #[test]
    fn few_quoted_postings_tell_no_end_and_an_edition_made_before_the_end_does() {
        assert_eq!(said("2020-11", "2020-12-01", 199, "2020-11-06"), None);
        let told = said("2020-11", "2020-11-10", 0, "2020-11-06");
        assert_eq!(told.as_deref(), Some("November 2020 is incomplete: this edition is of 10 November 2020."));
    }

    #[test]
    fn the_last_complete_period_is_the_one_before_an_incomplete_one() {
        let open = Incomplete { period: "2020-11", said: Phrase::new() };
        assert_eq!(last_complete(&["2020-10", "2020-11"], Some(&open)), Some("2020-10"));
        assert_eq!(last_complete(&["2020-10", "2020-11"], None), Some("2020-11"));
        assert_eq!(last_complete(&["2020-11"], Some(&open)), Some("2020-11"));
    }
}
