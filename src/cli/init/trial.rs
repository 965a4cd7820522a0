//! Reads a source with its guessed mapping, to the last row, and says what it met.

use super::look::{Look, input_of};
use crate::acquire::{CredentialAsk, Limits, Record, StatisticsAsk, read_credentials, read_postings, read_statistics};
use crate::clean::dates::{DateContext, DateOrder, day};
use crate::clean::{Areas, language};
use crate::pipeline::SourceKind;
use crate::types::{Date, Lang, RawPosting};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Texts whose language is looked at, and places that are looked up.
const TEXTS: u64 = 500;
/// Late enough that no date is cut off for being in the future.
const NO_END: Date = jiff::civil::date(2100, 1, 1);

/// What reading a source met.
#[derive(Debug, Clone, Default)]
pub struct Trial {
    /// Records read.
    pub read: u64,
    /// Records kept.
    pub kept: u64,
    /// The encoding, when it is text.
    pub encoding: Option<&'static str>,
    /// Why the file cannot be read as it is.
    pub refused: Option<String>,
    /// Texts by language.
    pub languages: BTreeMap<Lang, u64>,
    /// Places by country.
    pub countries: BTreeMap<String, u64>,
    /// Publication dates given.
    pub with_date: u64,
    /// Those that count from the day the file was obtained.
    pub relative: u64,
    /// Days read with the day first, and with the month first.
    day_first: BTreeMap<Date, u64>,
    month_first: BTreeMap<Date, u64>,
    texts: u64,
}

impl Trial {
    /// The order of day and month that reads more dates; the day goes first unless it fails.
    pub fn date_order(&self) -> DateOrder {
        let count = |days: &BTreeMap<Date, u64>| days.values().sum::<u64>();
        if count(&self.month_first) > count(&self.day_first) { DateOrder::MonthFirst } else { DateOrder::DayFirst }
    }

    /// Dates that were read.
    pub fn dated(&self) -> u64 {
        self.days().values().sum()
    }

    fn days(&self) -> &BTreeMap<Date, u64> {
        if self.date_order() == DateOrder::MonthFirst { &self.month_first } else { &self.day_first }
    }

    /// The last day that is no slip of the pen: of many dates, a two-hundredth lies within the month up to it.
    pub fn latest(&self) -> Option<Date> {
        let days = self.days();
        let enough = if self.dated() >= 50 { (self.dated() / 200).max(2) } else { 1 };
        let near = |last: Date| -> u64 {
            let first = last.checked_sub(jiff::Span::new().days(30)).unwrap_or(last);
            days.range(first..=last).map(|(_, count)| count).sum()
        };
        days.keys().rev().find(|last| near(**last) >= enough).copied()
    }

    /// The language of nearly all texts.
    pub fn language(&self) -> Option<Lang> {
        majority(&self.languages, 85).filter(|l| *l != Lang::Und)
    }

    /// The country of most places.
    pub fn country(&self) -> Option<String> {
        majority(&self.countries, 60)
    }

    fn posting(&mut self, posting: &RawPosting) {
        if let Some(text) = posting.posted_on.as_deref().filter(|t| !t.trim().is_empty()) {
            self.with_date += 1;
            for (order, days) in
                [(DateOrder::DayFirst, &mut self.day_first), (DateOrder::MonthFirst, &mut self.month_first)]
            {
                let context = DateContext { as_of: NO_END, retrieved_on: None, order };
                if let Some(found) = day(text, &context, &mut Vec::new()) {
                    *days.entry(found).or_default() += 1;
                } else if order == DateOrder::DayFirst {
                    // What a day of retrieval makes readable counts from it.
                    let context = DateContext { retrieved_on: Some(NO_END), ..context };
                    self.relative += u64::from(day(text, &context, &mut Vec::new()).is_some());
                }
            }
        }
        self.texts += 1;
        if self.texts <= TEXTS {
            *self.languages.entry(language::detect(&posting.body, None)).or_default() += 1;
            let areas = Areas::built_in();
            let area = posting.place.as_deref().and_then(|p| areas.resolve(p, None));
            let country = area.and_then(|a| areas.chain(&a.0).last().map(str::to_owned));
            // Places we have no name for count against a country as much as those of another.
            *self.countries.entry(country.unwrap_or_default()).or_default() += u64::from(posting.place.is_some());
        }
    }
}

fn majority<K: Clone + Ord + Nothing>(counts: &BTreeMap<K, u64>, percent: u64) -> Option<K> {
    let all: u64 = counts.values().sum();
    let (key, count) = counts.iter().max_by_key(|(_, count)| **count)?;
    (all > 0 && count * 100 >= all * percent && !key.is_nothing()).then(|| key.clone())
}

/// Keys that stand for "not known".
trait Nothing {
    fn is_nothing(&self) -> bool;
}

impl Nothing for Lang {
    fn is_nothing(&self) -> bool {
        *self == Lang::Und
    }
}

impl Nothing for String {
    fn is_nothing(&self) -> bool {
        self.is_empty()
    }
}

/// Reads all files of a source.
pub fn read(look: &Look, limits: &Limits) -> Trial {
    let mut trial = Trial::default();
    for path in &files(look) {
        if let Err(error) = read_one(look, path, limits, &mut trial) {
            trial.refused.get_or_insert_with(|| format!("{error:#}"));
        }
    }
    trial
}

fn read_one(look: &Look, path: &Path, limits: &Limits, trial: &mut Trial) -> anyhow::Result<()> {
    let (input, columns) = (input_of(path, limits)?, look.columns());
    match look.kind {
        SourceKind::Postings => {
            let (_, encoding) = read_postings(path, &input, &columns, &mut |record| {
                trial.read += 1;
                if let Record::Kept(posting) = record {
                    trial.kept += 1;
                    trial.posting(&posting);
                }
            })?;
            trial.encoding = Some(encoding);
        }
        SourceKind::Credentials => {
            let ask = CredentialAsk { columns: &columns, language: None };
            read_credentials(path, &input, ask, &mut |record| {
                trial.read += 1;
                if let Record::Kept((_, credential)) = record {
                    trial.kept += 1;
                    let text = |field: &str| credential.fields.get(field).cloned().unwrap_or_default();
                    let language = language::detect(&format!("{}. {}", text("title"), text("outcomes")), None);
                    *trial.languages.entry(language).or_default() += 1;
                }
            })?;
        }
        SourceKind::Statistics => {
            let ask = StatisticsAsk::unaided(&columns);
            read_statistics(path, &input, ask, &mut |record| {
                trial.read += 1;
                trial.kept += u64::from(matches!(record, Record::Kept(_)));
            })?;
        }
        SourceKind::Taxonomy => {}
    }
    Ok(())
}

/// The files of a source, those of a folder by name.
pub fn files(look: &Look) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in &look.paths {
        if path.is_dir() && look.kind != SourceKind::Taxonomy {
            files.extend(inside(path));
        } else {
            files.push(path.clone());
        }
    }
    files
}

/// Visible files of a folder, by name.
pub fn inside(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let visible = |p: &PathBuf| p.is_file() && !p.file_name().unwrap_or_default().to_string_lossy().starts_with('.');
    let mut files: Vec<PathBuf> = entries.map(|e| e.path()).filter(visible).collect();
    files.sort();
    files
}

/// Visible folders of a folder, by name; a link is not followed, so that nothing is met twice.
pub fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let real = entries.filter(|e| e.file_type().is_ok_and(|t| t.is_dir()));
    let mut folders: Vec<PathBuf> =
        real.filter(|e| !e.file_name().to_string_lossy().starts_with('.')).map(|e| e.path()).collect();
    folders.sort();
    folders
}

/// The day a file was made: as its name says (`offers_2018-10-30.csv`), else when its system says it was last written.
pub fn made_on(path: &Path) -> Option<(Date, &'static str)> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let starts = name.char_indices().map(|(at, _)| at);
    let mut dates = starts.filter_map(|at| name.get(at..at + 10)).filter_map(|text| text.parse::<Date>().ok());
    let named = dates.find(|d| (1990..2100).contains(&d.year()));
    named
        .map(|d| (d, "as the file's name says"))
        .or_else(|| Some((written_on(path)?, "when the file was last written")))
}

fn written_on(path: &Path) -> Option<Date> {
    let modified = std::fs::metadata(path).and_then(|m| m.modified()).ok()?;
    let stamp = jiff::Timestamp::try_from(modified).ok()?;
    Some(jiff::tz::TimeZone::UTC.to_datetime(stamp).date())
}
