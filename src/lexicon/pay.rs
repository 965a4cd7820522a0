//! Pay as postings spell it: currency, range and what it is paid for. What is not certain is not read.

mod items;

use crate::types::PayPeriod;
use items::{Amount, Item, items};

/// Pay that a posting states, before deductions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pay {
    /// ISO 4217.
    pub currency: &'static str,
    /// Lower end of the range, hundredths of the currency; equal to `high` when one amount is stated.
    pub low: u64,
    /// Upper end.
    pub high: u64,
    /// What it is paid for.
    pub per: PayPeriod,
}

/// Why a text is not read as pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PayDoubt {
    /// "Negotiable", "Band 5".
    NoAmount,
    /// An amount of no stated currency, or of one that several countries call so.
    NoCurrency,
    /// No word says whether it is paid by the hour or the year.
    NoPeriod,
    /// Only the lower or only the upper end.
    OneEnd,
    /// After deductions, which differ by person.
    Net,
    /// Below or above anything that is paid.
    Implausible,
    /// Several amounts, currencies or periods that do not fit together.
    Unclear,
}

impl PayDoubt {
    /// Name in tables.
    pub fn name(self) -> &'static str {
        match self {
            PayDoubt::NoAmount => "no_amount",
            PayDoubt::NoCurrency => "no_currency",
            PayDoubt::NoPeriod => "no_period",
            PayDoubt::OneEnd => "one_end",
            PayDoubt::Net => "net",
            PayDoubt::Implausible => "implausible",
            PayDoubt::Unclear => "unclear",
        }
    }
}

/// Longest text that is pay and not a whole description.
const LONGEST: usize = 1_000;

/// Widest range that is one job's: the upper end is at most this many times the lower.
const WIDEST: u64 = 5;

/// Currencies and, for the bounds only, the order of magnitude of what a euro's worth is in each.
const CURRENCIES: [(&str, f64); 34] = [
    ("AED", 4.0),
    ("AUD", 1.5),
    ("BGN", 2.0),
    ("BHD", 0.4),
    ("BRL", 6.0),
    ("CAD", 1.5),
    ("CHF", 1.0),
    ("CNY", 8.0),
    ("CZK", 25.0),
    ("DKK", 7.5),
    ("DZD", 145.0),
    ("EGP", 40.0),
    ("EUR", 1.0),
    ("GBP", 1.0),
    ("HUF", 400.0),
    ("ILS", 4.0),
    ("INR", 90.0),
    ("IQD", 1_400.0),
    ("JOD", 0.8),
    ("JPY", 150.0),
    ("KWD", 0.33),
    ("MAD", 11.0),
    ("MXN", 20.0),
    ("NOK", 11.0),
    ("NZD", 1.8),
    ("OMR", 0.4),
    ("PLN", 4.3),
    ("QAR", 4.0),
    ("RON", 5.0),
    ("SAR", 4.0),
    ("SEK", 11.0),
    ("TND", 3.3),
    ("TRY", 30.0),
    ("USD", 1.0),
];

/// Currencies of three decimals, in which "12.500" is twelve and a half.
const THREE_DECIMALS: [&str; 6] = ["BHD", "IQD", "JOD", "KWD", "OMR", "TND"];

/// Lowest and highest pay that is believed, in euros' worth.
fn bounds(per: PayPeriod) -> (f64, f64) {
    match per {
        PayPeriod::Hour => (1.0, 300.0),
        PayPeriod::Day => (5.0, 2_500.0),
        PayPeriod::Week => (20.0, 6_000.0),
        PayPeriod::Month => (50.0, 25_000.0),
        PayPeriod::Year => (600.0, 400_000.0),
    }
}

/// Reads pay.
///
/// # Errors
/// Why it cannot be read with certainty.
pub fn read(text: &str) -> Result<Pay, PayDoubt> {
    if text.chars().nth(LONGEST).is_some() {
        return Err(PayDoubt::Unclear);
    }
    let items = without_extras(items(text));
    let (low, high) = range(&items)?;
    if items.contains(&Item::Unsure) {
        return Err(PayDoubt::Unclear);
    }
    if items.contains(&Item::Net) {
        return Err(PayDoubt::Net);
    }
    let currency = currency(&items)?;
    if (low.is_three || high.is_three) && THREE_DECIMALS.contains(&currency) {
        return Err(PayDoubt::Unclear);
    }
    let per = one(items.iter().filter_map(period_of))
        .map_err(|none| none.map_or(PayDoubt::NoPeriod, |()| PayDoubt::Unclear))?;
    let (low, high) = amounts(low, high)?;
    let payments = items.iter().find_map(|i| if let Item::Payments(n) = i { Some(*n) } else { None });
    // Fourteen payments a year of a month's pay make a year's pay and no ordinary month's.
    let (low, high, per) = match payments.filter(|n| per == PayPeriod::Month && *n != 12) {
        Some(n) if (12..=16).contains(&n) => (low.saturating_mul(n), high.saturating_mul(n), PayPeriod::Year),
        Some(_) => return Err(PayDoubt::Unclear),
        None => (low, high, per),
    };
    plausible(Pay { currency, low, high, per })
}

/// The one value of a list; `Err(None)` when there is none, `Err(Some(()))` when several differ.
fn one<T: PartialEq>(mut values: impl Iterator<Item = T>) -> Result<T, Option<()>> {
    let first = values.next().ok_or(None)?;
    if values.all(|v| v == first) { Ok(first) } else { Err(Some(())) }
}

fn period_of(item: &Item) -> Option<PayPeriod> {
    if let Item::Period(per) = item { Some(*per) } else { None }
}

fn amount_of(item: &Item) -> Option<Amount> {
    if let Item::Amount(amount) = item { Some(*amount) } else { None }
}

/// `$` is the dollar of the United States unless another dollar is named.
fn currency(items: &[Item]) -> Result<&'static str, PayDoubt> {
    let named = || items.iter().filter_map(|i| if let Item::Currency(code) = i { Some(*code) } else { None });
    let is_dollar = |code: &&str| ["AUD", "CAD", "NZD", "USD"].contains(code);
    let sign = named().any(|code| code == "$");
    match one(named().filter(|code| *code != "$")) {
        Ok(code) if !sign || is_dollar(&code) => Ok(code),
        Ok(_) | Err(Some(())) => Err(PayDoubt::Unclear),
        Err(None) if sign => Ok("USD"),
        Err(None) => Err(PayDoubt::NoCurrency),
    }
}

/// Leaves out amounts after "plus", with their currency: bonuses and allowances are no part of the pay.
fn without_extras(items: Vec<Item>) -> Vec<Item> {
    let mut kept: Vec<Item> = Vec::with_capacity(items.len());
    let mut rest = items.as_slice();
    while let Some((item, after)) = rest.split_first() {
        rest = after;
        kept.push(*item);
        if *item != Item::Extra || !kept.iter().any(|i| amount_of(i).is_some()) {
            continue;
        }
        let words = after.iter().take(5).take_while(|i| {
            matches!(i, Item::Other | Item::Filler | Item::Currency(_) | Item::Most | Item::Least | Item::Extra)
        });
        let at = words.count();
        if after.get(at).and_then(amount_of).is_some() {
            let beyond = after.get(at + 1..).unwrap_or_default();
            let currency = usize::from(matches!(beyond.first(), Some(Item::Currency(_))));
            rest = beyond.get(currency..).unwrap_or_default();
            kept.push(Item::Other);
        }
    }
    kept
}

/// Lower and upper amount as spelt, in the order of the text.
fn range(items: &[Item]) -> Result<(Amount, Amount), PayDoubt> {
    let places: Vec<(usize, Amount)> =
        items.iter().enumerate().filter_map(|(i, item)| Some((i, amount_of(item)?))).collect();
    let marked = |at: usize| beside_currency(items, at);
    let joined: Vec<bool> =
        places.windows(2).map(|pair| matches!(pair, [a, b] if is_joined(items, a.0, b.0))).collect();
    let link = |i: usize| joined.get(i).copied().unwrap_or_default();
    let is_pay = |i: usize| {
        let at = |i: usize| places.get(i).is_some_and(|p| marked(p.0));
        at(i) || (link(i) && at(i + 1)) || (i > 0 && link(i - 1) && at(i - 1))
    };
    let has_pay = (0..places.len()).any(is_pay);
    // Beside amounts with a currency, small numbers and years are points of a scale and dates.
    let counts = |(i, place): (usize, &(usize, Amount))| {
        let kept = !has_pay || is_pay(i) || !is_aside(place.1);
        kept.then_some((i, *place))
    };
    let amounts: Vec<(usize, (usize, Amount))> = places.iter().enumerate().filter_map(counts).collect();
    let (first, place, amount) = match amounts.first() {
        Some((i, (place, amount))) => (*i, *place, *amount),
        None => return Err(PayDoubt::NoAmount),
    };
    if is_negative(items, place) || amounts.iter().any(|(_, (_, a))| a.hundredths.is_none()) {
        return Err(PayDoubt::Unclear);
    }
    let others = || amounts.iter().skip(1).map(|(_, (_, a))| *a);
    if others().all(|other| other == amount) {
        return if is_one_end(items, place) { Err(PayDoubt::OneEnd) } else { Ok((amount, amount)) };
    }
    let second = others().next().filter(|_| link(first)).ok_or(PayDoubt::Unclear)?;
    let value = |a: Amount| a.hundredths.unwrap_or_default();
    let (low, high) = (value(amount).min(value(second)), value(amount).max(value(second)));
    let inside = others().all(|a| a.kilo == second.kilo && (low..=high).contains(&value(a)));
    if inside { Ok((amount, second)) } else { Err(PayDoubt::Unclear) }
}

/// A small number or a year of the calendar.
fn is_aside(amount: Amount) -> bool {
    !amount.kilo && amount.hundredths.is_some_and(|v| v < 10_000 || (199_000..=210_000).contains(&v))
}

fn beside_currency(items: &[Item], at: usize) -> bool {
    let is = |i: Option<usize>| i.and_then(|i| items.get(i)).is_some_and(|i| matches!(i, Item::Currency(_)));
    is(at.checked_sub(1)) || is(at.checked_add(1))
}

/// Whether nothing but a word of range stands between two amounts.
fn is_joined(items: &[Item], from: usize, to: usize) -> bool {
    let between = items.get(from + 1..to).unwrap_or_default();
    let joins = |i: &Item| matches!(i, Item::Range | Item::Most | Item::Least | Item::Minus);
    let passes = |i: &Item| joins(i) || matches!(i, Item::Currency(_) | Item::Period(_) | Item::Filler);
    between.iter().any(joins) && between.iter().all(passes)
}

/// A minus before the amount: "-500 €", "£-500".
fn is_negative(items: &[Item], at: usize) -> bool {
    let before = items.get(..at).unwrap_or_default();
    let minus = before.iter().rev().find(|i| !matches!(i, Item::Currency(_))) == Some(&Item::Minus);
    minus || matches!(before, [.., Item::Currency(_), Item::Range])
}

/// Whether a single amount is called the lower or the upper end.
fn is_one_end(items: &[Item], at: usize) -> bool {
    let before = items.get(..at).unwrap_or_default();
    let named = before.iter().rev().find(|i| !matches!(i, Item::Currency(_) | Item::Filler));
    let after = items.get(at + 1..).unwrap_or_default();
    let mut beyond = after.iter().skip_while(|i| matches!(i, Item::Currency(_) | Item::Period(_) | Item::Filler));
    let is_end = |i: Option<&Item>| matches!(i, Some(Item::Least | Item::Most));
    let next = beyond.next();
    // "30.000 €+", but not "30.000 € + benefits".
    let is_open = next == Some(&Item::Extra) && matches!(beyond.next(), None | Some(Item::Period(_) | Item::Range));
    is_end(named) || is_end(next) || is_open
}

/// Both ends in hundredths, sorted; in "30-35k" the k is of both.
fn amounts(first: Amount, second: Amount) -> Result<(u64, u64), PayDoubt> {
    let (Some(a), Some(b)) = (first.hundredths, second.hundredths) else { return Err(PayDoubt::Unclear) };
    let times = |value: u64, kilo: bool| value.saturating_mul(if kilo { 1_000 } else { 1 });
    let shared = second.kilo && a < 100_000 && a <= b;
    let (a, b) = (times(a, first.kilo || shared), times(b, second.kilo));
    let (low, high) = (a.min(b), a.max(b));
    if high > low.saturating_mul(WIDEST) && low > 0 { Err(PayDoubt::Unclear) } else { Ok((low, high)) }
}

fn plausible(pay: Pay) -> Result<Pay, PayDoubt> {
    let worth = CURRENCIES.iter().find(|c| c.0 == pay.currency).map(|c| c.1).ok_or(PayDoubt::NoCurrency)?;
    let (least, most) = bounds(pay.per);
    let fits = |hundredths: u64| (least..=most).contains(&(hundredths as f64 / 100.0 / worth));
    if fits(pay.low) && fits(pay.high) { Ok(pay) } else { Err(PayDoubt::Implausible) }
}

#[cfg(test)]
mod tests;
