//! The template of this project for figures of a ministry of labour (`data/templates`): a row per indicator, area, period
//! and group, headed in English, in Arabic or in both. A person fills it in by hand, so every cell is held to its domain.

use super::statistics_table::open_sign;
use crate::acquire::error::excerpt;
use crate::acquire::figures::{ascii_digits, figure};
use crate::acquire::isco_titles::code_of;
use crate::acquire::periods::period_of;
use crate::acquire::rows::{Row, Rows, cell};
use crate::acquire::{AcquireError, Input, Record, Sink, StatisticsAsk};
use crate::lexicon::normal::fold;
use crate::types::{IscoCode, RawObservation, RejectReason};
use std::collections::BTreeMap;

/// Columns in English and Arabic, in the template's order.
pub(in crate::acquire) const COLUMNS: [(&str, &str); 11] = [
    ("indicator", "المؤشر"),
    ("area", "المنطقة"),
    ("period", "الفترة"),
    ("occupation", "المهنة"),
    ("sector", "القطاع"),
    ("sex", "الجنس"),
    ("age", "الفئة العمرية"),
    ("value", "القيمة"),
    ("unit", "الوحدة"),
    ("status", "الحالة"),
    ("note", "ملاحظات"),
];
/// Folded words for a status, and what it is called here.
const STATUSES: [(&str, &str); 7] = [
    ("normal|final|نهائي", ""),
    ("provisional|اولي|موقت", "provisional"),
    ("estimated|تقديري", "estimated"),
    ("unreliable|low reliability|غير موثوق", "low reliability"),
    ("break|break in series|انقطاع في السلسله", "break in series"),
    ("suppressed|confidential|محجوب|سري", "suppressed"),
    ("missing|not available|غير متوفر|غير متاح", "missing"),
];
const SEXES: &str = "total|both sexes|male|males|men|female|females|women|المجموع|كلا الجنسين|ذكر|ذكور|انثي|اناث";

/// Whether a row is the template's header: every column, in one of its spellings.
pub(in crate::acquire) fn is_header(names: &[String]) -> bool {
    COLUMNS.iter().all(|column| position(names, column).is_some())
}

fn position(names: &[String], (english, arabic): &(&str, &str)) -> Option<usize> {
    let wanted = [fold(english), fold(arabic)];
    names.iter().position(|name| name.split('/').any(|part| wanted.contains(&fold(part.trim()))))
}

/// Reads figures.
///
/// # Errors
/// When a column is absent, no row is filled in, or more rows break the template's rules than keep them.
pub(in crate::acquire) fn read(
    input: &Input,
    rows: &mut dyn Rows,
    ask: StatisticsAsk<'_>,
    sink: Sink<'_, RawObservation>,
) -> Result<(), AcquireError> {
    let mut at = BTreeMap::new();
    for column in COLUMNS {
        let Some(found) = position(rows.header(), &column) else {
            return Err(crate::acquire::mapping::missing(rows.header(), column.0, column.0, &input.file));
        };
        at.insert(column.0, found);
    }
    let mut seen: BTreeMap<Vec<String>, (u64, String)> = BTreeMap::new();
    let (mut kept, mut broken, mut first) = (0_u64, 0_u64, None);
    while let Some((number, row)) = rows.next()? {
        let cells: Vec<String> = match row {
            Row::Cells(cells) => {
                (0..cells.len()).map(|i| cell(cells, i).unwrap_or_default().trim().to_owned()).collect()
            }
            Row::Bad(reason, detail) => {
                sink(input.reject(number, reason, detail));
                continue;
            }
        };
        if cells.iter().all(String::is_empty) {
            continue;
        }
        let text = |column: &str| at.get(column).and_then(|i| cells.get(*i)).map_or("", String::as_str);
        let typed = at.get("value").is_some_and(|i| rows.is_number(*i));
        let found = checked(input, number, &text, typed, ask)?.and_then(|figure| match seen.get(&key(&text)) {
            Some((before, value)) if *value != figure.value => Err(format!(
                "row {number}: value '{}' differs from '{value}' in row {before} for the same figure",
                figure.value
            )),
            _ => Ok(figure),
        });
        match found {
            Ok(figure) => {
                kept += 1;
                seen.insert(key(&text), (number, figure.value.clone()));
                sink(Record::Kept(figure));
            }
            Err(detail) => {
                broken += 1;
                first.get_or_insert_with(|| detail.clone());
                let reason =
                    if detail.contains("differs from") { RejectReason::ConflictingKey } else { RejectReason::BadValue };
                sink(input.reject(number, reason, detail));
            }
        }
    }
    match first {
        Some(detail) if broken > kept => {
            let problem = format!("{broken} of {} rows break the rules of the template; {detail}", broken + kept);
            Err(AcquireError::content(&input.file, problem, "correct them; the sheet 'help' of the template says how"))
        }
        None if kept == 0 => Err(AcquireError::content(&input.file, "holds no figure", "fill in the template")),
        _ => Ok(()),
    }
}

/// What makes a figure one figure.
fn key<'t>(text: &dyn Fn(&str) -> &'t str) -> Vec<String> {
    ["indicator", "area", "period", "occupation", "sector", "sex", "age", "unit"]
        .iter()
        .map(|c| fold(text(c)))
        .collect()
}

/// A row whose every cell lies in its domain, or which does not, and what was expected.
fn checked<'t>(
    input: &Input,
    number: u64,
    text: &dyn Fn(&str) -> &'t str,
    typed: bool,
    ask: StatisticsAsk<'_>,
) -> Result<Result<RawObservation, String>, AcquireError> {
    let Some((value, numbers)) = figure(text("value"), typed, ask.numbers) else {
        return Err(open_sign(&input.file, number, "value", text("value")));
    };
    Ok(domains(number, text, &value).map(|(period, occupation, status)| {
        let item = |column: &str| Some(text(column)).filter(|t| !t.is_empty()).map(str::to_owned);
        RawObservation {
            indicator: text("indicator").to_owned(),
            area: text("area").to_owned(),
            period,
            occupation,
            sector: item("sector"),
            sex: item("sex"),
            age: item("age"),
            value,
            numbers,
            unit: text("unit").to_owned(),
            status: Some(status.to_owned()).filter(|s| !s.is_empty()),
            note: item("note"),
            ..RawObservation::at(input.origin(number))
        }
    }))
}

/// Period, occupation and status as they are called here.
fn domains<'t>(
    number: u64,
    text: &dyn Fn(&str) -> &'t str,
    value: &str,
) -> Result<(String, Option<String>, &'static str), String> {
    let bad = |column: &str, expected: &str| {
        Err(format!("row {number}, column {column}: '{}' is not {expected}", excerpt(text(column))))
    };
    for column in ["indicator", "area", "unit"] {
        if text(column).is_empty() {
            return bad(column, "filled in");
        }
    }
    let Some(period) = period_of(text("period"), None) else {
        return bad("period", "a year, a quarter (2025-Q1) or a month (2025-01)");
    };
    let Some(occupation) = occupation(text("occupation")) else {
        return bad("occupation", "an ISCO-08 code of 1 to 4 digits, the name of a major or sub-major group, or empty");
    };
    let sex = fold(text("sex"));
    if !sex.is_empty() && !SEXES.split('|').any(|known| known == sex) {
        return bad("sex", "male, female, total (ذكور، إناث، المجموع) or empty");
    }
    if !is_age(text("age")) {
        return bad("age", "an age group such as 15-24 or 15+, total, or empty");
    }
    let status = fold(text("status"));
    let known = STATUSES.iter().find(|(words, _)| status.is_empty() || words.split('|').any(|word| word == status));
    let Some((_, status)) = known else {
        return bad("status", "normal, provisional, estimated, unreliable, break, suppressed, missing or empty");
    };
    let withheld = matches!(*status, "suppressed" | "missing");
    match (value.is_empty(), withheld) {
        (true, false) => return bad("value", "a number; leave it empty only with the status suppressed or missing"),
        (false, true) => return bad("value", "empty although the status says suppressed or missing"),
        (false, false) if !is_number(value) => {
            return bad("value", "a number alone, without unit or sign of the footnote");
        }
        _ => {}
    }
    let share: Option<f64> = value.replace(',', ".").parse().ok();
    if text("unit") == "%" && share.is_some_and(|share| !(0.0..=100.0).contains(&share)) {
        return bad("value", "a share of 0 to 100 per cent; for a change write the unit as 'percentage change'");
    }
    Ok((period, occupation, status))
}

/// `Some(None)` is a total.
fn occupation(text: &str) -> Option<Option<String>> {
    let plain = ascii_digits(text);
    let folded = fold(text);
    if folded.is_empty() || matches!(folded.as_str(), "total" | "المجموع") {
        return Some(None);
    }
    let code = plain.split(' ').next().unwrap_or_default();
    match IscoCode::new(code) {
        Ok(_) => Some(Some(plain)),
        Err(_) => code_of(text).map(|code| Some(format!("{code} {text}"))),
    }
}

fn is_age(text: &str) -> bool {
    let plain = fold(&ascii_digits(text));
    if matches!(plain.as_str(), "" | "total" | "all ages" | "المجموع" | "جميع الاعمار") {
        return true;
    }
    let years = plain.trim_end_matches('+').split('-').map(str::trim).collect::<Vec<_>>();
    years.len() <= 2 && years.iter().all(|year| year.parse::<u8>().is_ok())
}

fn is_number(value: &str) -> bool {
    let digits = value.trim_start_matches(['-', '−']);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ' | '\u{a0}'))
}
