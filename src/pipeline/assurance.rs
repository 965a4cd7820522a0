//! `[assurance]`: what learners said and became, measured elsewhere: `credential,indicator,value,unit,period,n,source,link`.

use super::hand_table::{HandTable, shown};
use super::inputs::file_name;
use super::{Plan, RunError};
use crate::clean::contacts::redact;
use crate::clean::numbers::parse_number;
use crate::store::hash_file;
use crate::types::{Criterion, Date, Findings, NumberStyle, StageCount, SuppliedFigure};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// `[assurance]`
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AssuranceTable {
    /// CSV file with a row per figure (`data/templates/quality.csv`); absent = none.
    pub outcomes: Option<PathBuf>,
}

/// Figures about learners of micro-credentials.
const TABLE: HandTable = HandTable {
    key: "assurance.outcomes",
    holds: "figures",
    columns: &["credential", "indicator", "value", "unit", "period", "n", "source", "link"],
    needed: 5,
};
/// Longest text of a cell, in characters.
const LONGEST: usize = 300;
const INDICATORS: [(&str, Criterion); 4] = [
    ("satisfaction", Criterion::Satisfaction),
    ("completion", Criterion::Completion),
    ("employment", Criterion::Employment),
    ("other", Criterion::Other),
];

/// Figures of the file, and its rows counted.
#[derive(Debug)]
pub(super) struct Supplied {
    /// In the order of the file.
    pub figures: Vec<SuppliedFigure>,
    /// Rows read, kept and repeated.
    pub count: StageCount,
}

fn path(plan: &Plan) -> Option<PathBuf> {
    plan.assurance.outcomes.as_ref().map(|path| plan.folder.join(path))
}

fn refused(path: &Path) -> impl Fn(String) -> RunError + '_ {
    move |detail| RunError::Given { key: "assurance.outcomes", detail: format!("{}: {detail}", file_name(path)) }
}

/// Hash of the file.
pub(super) fn hashes(plan: &Plan) -> Result<BTreeMap<String, String>, RunError> {
    let Some(path) = path(plan) else { return Ok(BTreeMap::new()) };
    let missing = |e| refused(&path)(format!("{e}; paths are relative to the plan's file"));
    let (hash, _) = hash_file(&path).map_err(missing)?;
    Ok([(format!("assurance {}", file_name(&path)), hash)].into())
}

/// The table with the file's name in the place of its path, so that a moved folder changes nothing.
pub(super) fn plan_part(plan: &Plan) -> serde_json::Value {
    serde_json::json!({ "outcomes": path(plan).map(|path| file_name(&path)) })
}

/// The figures that the plan names, each about a micro-credential of the catalogue.
///
/// # Errors
/// When the file cannot be read or believed: with file, row, value and what is expected.
pub(super) fn figures(plan: &Plan, findings: &Findings) -> Result<Option<Supplied>, RunError> {
    let Some(path) = path(plan) else { return Ok(None) };
    let (rows, supplied) = read(&path, plan.as_of).map_err(refused(&path))?;
    let known: BTreeSet<&str> = findings.credentials.iter().map(|c| c.id.0.as_str()).collect();
    if let Some((row, figure)) =
        rows.iter().zip(&supplied.figures).find(|(_, f)| !known.contains(f.credential.as_str()))
    {
        let hint = nearest(&figure.credential, &known).map(|near| format!("; did you mean '{near}'?"));
        let said = format!(
            "row {row}: credential '{}' is no id of the catalogue{}",
            figure.credential,
            hint.unwrap_or_default()
        );
        return Err(refused(&path)(said));
    }
    Ok(Some(supplied))
}

/// What `check` says of the file. Whether it is about the catalogue is seen by a run only.
///
/// # Errors
/// The refusal in words.
pub(crate) fn figures_line(plan: &Plan) -> Option<Result<String, String>> {
    let path = path(plan)?;
    let read = read(&path, plan.as_of).map_err(refused(&path));
    Some(match read {
        Ok((_, supplied)) => Ok(format!("assurance.outcomes: {}, {} figures", file_name(&path), supplied.count.kept)),
        Err(error) => Err(error.to_string()),
    })
}

/// The id that is most like an unknown one, where no other is as like.
fn nearest<'a>(unknown: &str, known: &BTreeSet<&'a str>) -> Option<&'a str> {
    let like = known.iter().map(|k| (strsim::normalized_damerau_levenshtein(unknown, k), *k));
    let mut like: Vec<(f64, &str)> = like.filter(|(similarity, _)| *similarity >= 0.6).collect();
    like.sort_by(|a, b| b.0.total_cmp(&a.0));
    let second = like.get(1).map_or(0.0, |(similarity, _)| *similarity);
    like.first().filter(|(similarity, _)| *similarity > second).map(|(_, name)| *name)
}

/// Row numbers of the figures, and the figures.
fn read(path: &Path, as_of: Date) -> Result<(Vec<u64>, Supplied), String> {
    parse(&TABLE.text(path)?, as_of)
}

fn parse(text: &str, as_of: Date) -> Result<(Vec<u64>, Supplied), String> {
    let mut seen: BTreeMap<(String, Criterion, String, String), (u64, SuppliedFigure)> = BTreeMap::new();
    let read = TABLE.rows(text, |row, cell| {
        let figure = figure(row, cell, as_of)?;
        let key = (figure.credential.clone(), figure.indicator, figure.period.clone(), figure.unit.clone());
        match seen.get(&key).filter(|_| figure.indicator != Criterion::Other) {
            Some((_, same)) if *same == figure => Ok(None),
            Some((first, _)) => {
                let (credential, indicator, period, _) = key;
                let name = INDICATORS.iter().find(|(_, i)| *i == indicator).map_or("", |(name, _)| name);
                Err(format!(
                    "rows {first} and {row} both give {name} of '{credential}' in {period}, and differ; keep one"
                ))
            }
            None => {
                seen.insert(key, (row, figure.clone()));
                Ok(Some((row, figure)))
            }
        }
    })?;
    let read_count = read.len() as u64;
    let (rows, figures): (Vec<u64>, Vec<SuppliedFigure>) = read.into_iter().flatten().unzip();
    let kept = figures.len() as u64;
    let step = "report supplied figures".to_owned();
    let count = StageCount { step, read: read_count, kept, duplicate: read_count - kept, rejected: 0 };
    Ok((rows, Supplied { figures, count }))
}

fn figure(row: u64, cell: &dyn Fn(&str) -> String, as_of: Date) -> Result<SuppliedFigure, String> {
    let wrong = |name: &str, expected: &str| format!("row {row}: {name} '{}' {expected}", shown(&cell(name)));
    for name in TABLE.columns {
        if cell(name).chars().nth(LONGEST).is_some() {
            return Err(wrong(name, &format!("is longer than {LONGEST} characters")));
        }
    }
    if let Some(empty) = TABLE.columns.iter().take(TABLE.needed).find(|name| cell(name).is_empty()) {
        let all = "every row says credential, indicator, value, unit and period";
        return Err(format!("row {row}: {empty} is empty; {all}"));
    }
    let said = cell("indicator").to_lowercase();
    let Some((_, indicator)) = INDICATORS.into_iter().find(|(name, _)| *name == said) else {
        return Err(wrong("indicator", "is none of satisfaction, completion, employment, other"));
    };
    let value = number(&cell("value")).ok_or_else(|| {
        wrong("value", "is no number; write 87.5, without a unit and without separators of thousands")
    })?;
    let unit = cell("unit");
    domain(indicator, value, &unit).map_err(|(name, expected)| wrong(name, &expected))?;
    let period = cell("period");
    if !is_period(&period, as_of) {
        let expected = format!("is no period up to {as_of}; write 2025, 2025-Q2, 2025-06 or 2024-2025");
        return Err(wrong("period", &expected));
    }
    let n = cell("n");
    let n = if n.is_empty() { None } else { Some(n.parse::<u64>().ok().filter(|n| *n > 0)) };
    let n = n.map(|n| n.ok_or_else(|| wrong("n", "is no whole number of people, 1 or more"))).transpose()?;
    let link = cell("link");
    let is_page = (link.starts_with("https://") || link.starts_with("http://")) && !link.contains(' ');
    if !link.is_empty() && (!is_page || redact(&link).1 > 0) {
        return Err(wrong("link", "is no web address without anybody's contact; write https://..."));
    }
    // Free text may name people by their addresses.
    let source = redact(&cell("source")).0.into_owned();
    let filled = |text: String| Some(text).filter(|text| !text.is_empty());
    let (source, link) = (filled(source), filled(link));
    Ok(SuppliedFigure { credential: cell("credential"), indicator, value, unit, period, n, source, link })
}

/// A number alone. A comma may be a decimal sign where it cannot part thousands.
fn number(text: &str) -> Option<f64> {
    let is_plain = text.bytes().all(|b| b.is_ascii_digit() || b"+-.,".contains(&b));
    let after = text.rsplit_once([',', '.']).map_or(0, |(_, after)| after.len());
    let is_open = text.contains(',') && after == 3 || text.matches([',', '.']).count() > 1;
    let number = if is_plain && !is_open { parse_number(text, NumberStyle::SmallEither) } else { None };
    number.filter(|n| n.is_finite())
}

/// The units that an indicator can have, and what its value may be then: (column, expected) of what does not fit.
fn domain(indicator: Criterion, value: f64, unit: &str) -> Result<(), (&'static str, String)> {
    let most = match unit {
        "%" => Some(100.0),
        "share" => Some(1.0),
        other => other.strip_prefix("of ").and_then(number).filter(|most| *most >= 2.0 && *most <= 100.0),
    };
    let is_part = matches!(indicator, Criterion::Completion | Criterion::Employment);
    match most {
        Some(most) if (0.0..=most).contains(&value) && !(is_part && unit.starts_with("of")) => Ok(()),
        _ if indicator == Criterion::Other => Ok(()),
        _ if is_part && !matches!(unit, "%" | "share") => Err(("unit", "is neither '%' nor 'share'".to_owned())),
        None => Err(("unit", "is none of '%', 'share' and 'of 5' (the top of a scale)".to_owned())),
        Some(most) => Err(("value", format!("does not lie between 0 and {most}, as the unit '{unit}' says"))),
    }
}

/// `2025`, `2025-Q2`, `2025-06`, `2024-2025` or `2024/2025`, begun before the edition's day.
fn is_period(text: &str, as_of: Date) -> bool {
    if !text.bytes().all(|b| b.is_ascii_digit() || b"-/Q".contains(&b)) {
        return false;
    }
    let year = |text: &str| text.parse::<i16>().ok().filter(|y| text.len() == 4 && (1990..=9999).contains(y));
    let (first, rest) = text.split_once(['-', '/']).map_or((text, None), |(first, rest)| (first, Some(rest)));
    let Some(first) = year(first).filter(|y| *y <= as_of.year()) else { return false };
    let is_past = |month: i8| first < as_of.year() || month <= as_of.month();
    let Some(rest) = rest else { return true };
    let month = rest.parse::<i8>().ok().filter(|m| rest.len() == 2 && (1..=12).contains(m));
    let quarter = rest.strip_prefix('Q').and_then(|q| q.parse::<i8>().ok()).filter(|q| (1..=4).contains(q));
    if text.contains('/') {
        return year(rest) == Some(first + 1);
    }
    year(rest) == Some(first + 1)
        || month.is_some_and(is_past)
        || quarter.is_some_and(|q| rest.len() == 2 && is_past(3 * q - 2))
}

#[cfg(test)]
mod tests;
