//! What a file is: its kind by its content, and its columns by names and values.

use crate::acquire::guess::{self, FieldGuess, Guess};
use crate::acquire::{
    AcquireError, ColumnRule, Columns, CredentialAsk, Input, Limits, Record, Sample, Shape, read_credentials, sample,
    sniff_statistics, taxonomy_package,
};
use crate::pipeline::{SourceKind, name_of};
use crate::types::{SnapshotId, SourceId};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Rows a guess is made from.
const ROWS: usize = 300;
/// Fields that only postings have, as far as headers go.
const OF_POSTINGS: [&str; 6] = ["body", "employer", "place", "posted_on", "closes_on", "salary"];
/// Fields that files of one source have in common.
const NEEDED: [&str; 5] = ["title", "body", "employer", "place", "posted_on"];
/// Fields that only micro-credentials have.
const OF_CREDENTIALS: [&str; 9] = [
    "outcomes",
    "ects",
    "eqf_level",
    "nqf_level",
    "provider",
    "workload_hours",
    "competence_group",
    "enrolments",
    "stacks_into",
];

/// A file or folder looked at.
#[derive(Debug, Clone)]
pub struct Look {
    /// The files or the folder, as given.
    pub paths: Vec<PathBuf>,
    /// What it holds.
    pub kind: SourceKind,
    /// Its format in words.
    pub format: String,
    /// The first rows, where it is a table.
    pub sample: Option<Sample>,
    /// Its columns, where they need a mapping.
    pub guess: Option<Guess>,
    /// Columns that all of several files have.
    common: Option<BTreeSet<String>>,
    /// Columns of fields that only some of several files have.
    pub lost: BTreeSet<String>,
}

impl Look {
    /// The mapping for the readers.
    pub fn columns(&self) -> Columns {
        let fields = self.guess.iter().flat_map(|g| &g.fields);
        fields
            .map(|f| {
                let rule = match f.columns.as_slice() {
                    [one] => ColumnRule::Column(one.clone()),
                    several => ColumnRule::Join(several.to_vec()),
                };
                (f.field.clone(), rule)
            })
            .collect()
    }

    /// Whether a further file of the folder is the same kind of thing, with no field from another column.
    pub fn takes(&self, other: &Look) -> bool {
        let same = self.kind == other.kind && self.format == other.format;
        same && match (&self.guess, &other.guess) {
            (Some(mine), Some(theirs)) => {
                // What a report stands on is not given up for the sake of one source less.
                let needed = |f: &&FieldGuess| NEEDED.contains(&f.field.as_str());
                let there = |f: &FieldGuess, names: &BTreeSet<String>| f.columns.iter().all(|c| names.contains(c));
                let (ours, others) = (self.common(), other.common());
                let agree = |f: &FieldGuess| theirs.field(&f.field).is_none_or(|o| o.columns == f.columns);
                mine.missing.is_empty()
                    && theirs.missing.is_empty()
                    && mine.fields.iter().filter(needed).all(|f| agree(f) && there(f, &others))
                    && theirs.fields.iter().filter(needed).all(|f| there(f, &ours))
            }
            (None, None) => true,
            _ => false,
        }
    }

    /// Columns that all files have.
    fn common(&self) -> BTreeSet<String> {
        let own = || self.sample.iter().flat_map(|s| &s.columns).map(|c| c.name.clone()).collect();
        self.common.clone().unwrap_or_else(own)
    }

    /// Adds a further file: a field keeps the columns that all files have, and one without such columns is not mapped.
    pub fn add(&mut self, other: Look) {
        let common: BTreeSet<String> = self.common().intersection(&other.common()).cloned().collect();
        self.paths.extend(other.paths);
        if let (Some(mine), Some(theirs)) = (&mut self.guess, other.guess) {
            let everywhere = |f: &FieldGuess| f.columns.iter().all(|c| common.contains(c));
            let lost = mine.fields.iter().chain(&theirs.fields).filter(|f| !everywhere(f));
            self.lost.extend(lost.map(|f| f.columns.join(" + ")));
            mine.fields.retain(everywhere);
            let new: Vec<FieldGuess> =
                theirs.fields.into_iter().filter(|f| everywhere(f) && mine.field(&f.field).is_none()).collect();
            mine.fields.extend(new);
            let used: BTreeSet<&String> = mine.fields.iter().flat_map(|f| &f.columns).collect();
            mine.unmapped = common.iter().filter(|c| !used.contains(c)).cloned().collect();
        }
        self.common = Some(common);
    }
}

/// What a format that brings its own mapping is called, where it has no name.
const AS_PUBLISHED: &str = "as its publisher writes it";

/// What readers are told about a file that no plan names yet.
pub fn input_of(path: &Path, limits: &Limits) -> anyhow::Result<Input> {
    Ok(Input {
        source: SourceId::new("init")?,
        snapshot: SnapshotId(String::new()),
        file: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        limits: limits.clone(),
        before: 0,
    })
}

/// Looks at a file or package; `asked` is the kind the user says it has.
pub fn look(path: &Path, asked: Option<SourceKind>, limits: &Limits) -> anyhow::Result<Look> {
    let of = |kind, format: String| Look {
        paths: vec![path.to_owned()],
        kind,
        format,
        sample: None,
        guess: None,
        common: None,
        lost: BTreeSet::new(),
    };
    if matches!(asked, None | Some(SourceKind::Taxonomy))
        && let Some(package) = taxonomy_package(path, limits)
    {
        let format = match package {
            crate::acquire::TaxonomyPackage::Starter => "our own layout".to_owned(),
            crate::acquire::TaxonomyPackage::Esco(languages) => format!("ESCO package, {}", languages.join(", ")),
        };
        return Ok(of(SourceKind::Taxonomy, format));
    }
    let sampled = sample(path, limits, ROWS);
    let kind = match asked {
        Some(SourceKind::Taxonomy) => anyhow::bail!(
            "{} is no taxonomy: give an ESCO folder or zip as published, or a folder in our own layout",
            path.display()
        ),
        Some(kind) => Some(kind),
        None => by_content(path, sampled.as_ref().ok(), limits)?,
    };
    let Some(kind) = kind else {
        let why = match sampled {
            Err(error) => error.to_string(),
            Ok(sample) => unknown(path, &sample),
        };
        anyhow::bail!(why);
    };
    Ok(match kind {
        SourceKind::Statistics => {
            let layout = sniff_statistics(path, &input_of(path, limits)?);
            of(kind, layout.map_or_else(|_| "no layout that is known".to_owned(), |l| name_of(&l)))
        }
        _ => mapped(of(kind, String::new()), sampled, path, limits)?,
    })
}

fn unknown(path: &Path, sample: &Sample) -> String {
    let names: Vec<String> = sample.columns.iter().take(12).map(|c| format!("'{}'", c.name)).collect();
    format!(
        "{} is not recognised as postings, micro-credentials, statistics or a taxonomy by its columns {}; say what it is with --postings, --catalogue or --statistics",
        path.display(),
        names.join(", ")
    )
}

/// A look with the columns mapped, where a format does not bring a mapping of its own.
fn mapped(mut look: Look, sampled: Result<Sample, AcquireError>, path: &Path, limits: &Limits) -> anyhow::Result<Look> {
    let reads_itself = look.kind == SourceKind::Credentials && credentials_without_mapping(path, limits);
    match sampled {
        Ok(sample) => {
            let of_its_own = reads_itself && needs_no_columns(&sample);
            look.format = if of_its_own { AS_PUBLISHED } else { shape_name(sample.shape) }.to_owned();
            if sample.shape != Shape::JobPosting && !of_its_own {
                let of_kind = if look.kind == SourceKind::Credentials { guess::credentials } else { guess::postings };
                look.guess = Some(of_kind(&sample.columns));
            }
            look.sample = Some(sample);
        }
        // Formats that are no table: pages, XML, archives of them. Their readers know them.
        Err(error) if !reads_itself && look.kind == SourceKind::Credentials => return Err(error.into()),
        Err(_) => {
            let format = crate::acquire::sniff(path, limits);
            look.format = format.map_or_else(|_| AS_PUBLISHED.to_owned(), |format| name_of(&format));
        }
    }
    Ok(look)
}

fn shape_name(shape: Shape) -> &'static str {
    match shape {
        Shape::Delimited => "delimited text",
        Shape::Workbook => "Excel workbook",
        Shape::Json => "JSON",
        Shape::JobPosting => "schema.org JobPosting",
        Shape::Parquet => "Parquet",
    }
}

/// The kind a file's content speaks for, if any.
fn by_content(path: &Path, sample: Option<&Sample>, limits: &Limits) -> anyhow::Result<Option<SourceKind>> {
    if sample.is_some_and(|s| s.shape == Shape::JobPosting) {
        return Ok(Some(SourceKind::Postings));
    }
    let columns = sample.map_or(&[][..], |s| s.columns.as_slice());
    let (postings, credentials) = (guess::postings(columns), guess::credentials(columns));
    let (hint_postings, hint_credentials) = hints(path);
    let of_postings = weight(&postings, &OF_POSTINGS) + hint_postings;
    let of_credentials = weight(&credentials, &OF_CREDENTIALS) + hint_credentials;
    let strong = of_postings.max(of_credentials);
    if strong < 2.5 && sniff_statistics(path, &input_of(path, limits)?).is_ok() {
        return Ok(Some(SourceKind::Statistics));
    }
    // A title and a text that only their values speak for make no posting.
    let by_name = ["title", "body"].iter().any(|f| postings.field(f).is_some_and(|f| f.sure));
    let (is_postings, is_credentials) = (postings.is_complete() && by_name, credentials.is_complete());
    let is_table = sample.is_some_and(|s| !needs_no_columns(s));
    Ok(match () {
        () if is_postings && of_postings > of_credentials && of_postings >= 1.5 => Some(SourceKind::Postings),
        () if is_credentials && of_credentials >= of_postings && of_credentials >= 1.5 => Some(SourceKind::Credentials),
        () if !is_table && credentials_without_mapping(path, limits) => Some(SourceKind::Credentials),
        () if is_postings && of_postings >= 1.0 => Some(SourceKind::Postings),
        () if sample.is_none() => readable_postings(path, limits),
        () => None,
    })
}

/// JSON, and text in one column such as a module guide, may be of a format that needs no mapping.
fn needs_no_columns(sample: &Sample) -> bool {
    sample.shape == Shape::Json || sample.columns.len() < 2
}

/// What the names of the file and its folder say, for files whose columns say little.
fn hints(path: &Path) -> (f64, f64) {
    let last: Vec<String> = path.iter().rev().take(2).map(|p| p.to_string_lossy().to_lowercase()).collect();
    let says = |words: &[&str]| f64::from(u8::from(words.iter().any(|w| last.iter().any(|name| name.contains(w)))));
    let of_postings =
        says(&["posting", "job", "offer", "oferta", "ofert", "vacan", "empleo", "feina", "وظائف", "وظيف"]);
    let of_credentials = says(&["course", "curs", "catalog", "credencial", "credential", "module", "مقرر", "دورات"]);
    (of_postings, of_credentials)
}

/// How much the fields that only one kind has speak for it; a stand-in counts half.
fn weight(guess: &Guess, fields: &[&str]) -> f64 {
    let found = fields.iter().filter_map(|name| guess.field(name));
    found.map(|f| if f.sure { 1.0 } else { 0.5 }).sum()
}

fn credentials_without_mapping(path: &Path, limits: &Limits) -> bool {
    let Ok(input) = input_of(path, limits) else { return false };
    let mut kept = 0_u64;
    let columns = Columns::new();
    let ask = CredentialAsk { columns: &columns, language: None };
    let read = read_credentials(path, &input, ask, &mut |record| {
        kept += u64::from(matches!(record, Record::Kept(_)));
    });
    read.is_ok() && kept > 0
}

fn readable_postings(path: &Path, limits: &Limits) -> Option<SourceKind> {
    let input = input_of(path, limits).ok()?;
    let mut kept = 0_u64;
    let read = crate::acquire::read_postings(path, &input, &Columns::new(), &mut |record| {
        kept += u64::from(matches!(record, Record::Kept(_)));
    });
    (read.is_ok() && kept > 0).then_some(SourceKind::Postings)
}
