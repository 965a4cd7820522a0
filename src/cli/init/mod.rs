//! `skillgap init`: files in, a commented plan out, and in words what was not sure.

mod look;
mod text;
mod trial;

use super::args::{Common, InitArguments};
use super::progress::printable;
use super::table::{counted, percent, thousands};
use super::{Exit, print};
use crate::acquire::Limits;
use crate::acquire::guess::FieldGuess;
use crate::pipeline::{Plan, SourceKind, name_of};
use crate::store::write_atomic;
use crate::types::{Date, Lang, SourceId};
use look::Look;
use serde_json::json;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use trial::Trial;

/// Files of one sort in a folder from which they are one source, looked at through the first of them.
const MANY: usize = 20;
/// Files left out that are named, each with its reason.
const LEFT_OUT: usize = 8;
/// How many of them are looked at.
const FEW: usize = 3;

/// A source of the plan to be.
pub struct Found {
    look: Look,
    trial: Trial,
    id: String,
    /// Day its newest file was made, and who says so.
    made_on: Option<(Date, &'static str)>,
    /// What the user must do before it can be read.
    todo: Vec<String>,
}

impl Found {
    fn new(look: Look, limits: &Limits, taken: &mut BTreeSet<String>) -> Self {
        let readable = look.guess.as_ref().is_none_or(|g| g.missing.is_empty());
        let trial = if readable { trial::read(&look, limits) } else { Trial::default() };
        let files = trial::files(&look);
        let made_on = files.iter().filter_map(|f| trial::made_on(f)).max();
        let id =
            unique(&slug(look.paths.first().map_or(Path::new("source"), PathBuf::as_path), look.paths.len()), taken);
        let todo =
            trial.refused.iter().map(|r| format!("it cannot be read like this: {}", text::comment_long(r))).collect();
        Self { look, trial, id, made_on, todo }
    }

    /// Format and counts in a line.
    fn described(&self) -> String {
        let mut parts = vec![self.look.format.clone()];
        if let Some(sample) = &self.look.sample {
            let encoding = self.trial.encoding.unwrap_or(sample.encoding);
            if encoding != "binary" {
                parts.push(encoding.to_owned());
            }
            match sample.delimiter {
                Some('\t') => parts.push("cells parted by TAB".to_owned()),
                Some(delimiter) => parts.push(format!("cells parted by '{delimiter}'")),
                None => {}
            }
            parts.push(format!("{} looked at", counted(sample.row_count as u64, "row")));
        }
        if self.trial.read > 0 {
            parts.push(format!("{} read, {} can be kept", thousands(self.trial.read), thousands(self.trial.kept)));
        }
        if self.trial.with_date > 0 {
            let dated = self.trial.dated() + self.trial.relative;
            parts.push(format!("{} of the dates read", percent(dated.min(self.trial.with_date), self.trial.with_date)));
        }
        parts.join(", ")
    }

    /// The first value of a field, fit for a comment.
    fn example(&self, field: &FieldGuess) -> String {
        let columns = self.look.sample.iter().flat_map(|s| &s.columns);
        let mut of = columns.filter(|c| field.columns.contains(&c.name));
        let first = of.find_map(|c| c.values.iter().find(|v| !v.trim().is_empty()));
        first.map(|v| text::comment(v)).unwrap_or_default()
    }

    fn is_readable(&self) -> bool {
        self.trial.refused.is_none() && self.look.guess.as_ref().is_none_or(|g| g.missing.is_empty())
    }

    /// What a person should look at.
    fn doubts(&self) -> Vec<String> {
        let mut doubts = self.todo.clone();
        if let Some(guess) = &self.look.guess {
            doubts.extend(
                guess.missing.iter().map(|f| format!("no column looks like `{f}`: name one under [source.columns]")),
            );
            let unsure = guess.fields.iter().filter_map(|f| f.why.as_ref().map(|why| (f, why)));
            doubts.extend(unsure.map(|(f, why)| format!("`{}` = {}: {why}", f.field, f.columns.join(" + "))));
            doubts.extend(guess.disbelieved.iter().map(|d| text::comment_long(d)));
        }
        if !self.look.lost.is_empty() {
            let lost = self.look.lost.iter().cloned().collect::<Vec<_>>().join(", ");
            doubts.push(format!("left out because not every file has it: {lost}"));
        }
        let trial = &self.trial;
        if trial.relative > 0 {
            doubts.push(format!("{} dates are relative: is retrieved_on right?", thousands(trial.relative)));
        } else if self.look.kind == SourceKind::Postings && trial.kept > 0 && trial.with_date == 0 {
            doubts.push("no publication dates: there will be no trends".to_owned());
        } else if trial.dated() * 10 < trial.with_date * 9 {
            doubts.push(format!("only {} of the dates could be read", percent(trial.dated(), trial.with_date)));
        }
        if trial.kept * 10 < trial.read * 9 {
            doubts.push(format!(
                "{} of {} records would be rejected",
                thousands(trial.read - trial.kept),
                thousands(trial.read)
            ));
        }
        doubts
    }
}

/// Looks at the files and writes the plan.
pub fn init(common: &Common, arguments: &InitArguments) -> anyhow::Result<Exit> {
    if arguments.output.exists() && !arguments.force {
        anyhow::bail!(
            "{} is there already; give another --output, or --force to write over it",
            arguments.output.display()
        );
    }
    let limits = Limits::default();
    let (looks, unknown) = look_at(arguments, common, &limits)?;
    let mut taken = BTreeSet::new();
    let found: Vec<Found> = looks.into_iter().map(|l| Found::new(l, &limits, &mut taken)).collect();
    let name = plan_name(arguments)?;
    let folder = arguments.output.parent().map(Path::to_owned).unwrap_or_default();
    let head = text::Head { name, as_of: as_of(common, &found), language: report_language(&found) };
    let plan = text::plan(&head, &found, &folder);
    write_atomic(&arguments.output, plan.as_bytes())?;
    let broken = Plan::read(&arguments.output).err().map(|e| e.to_string());
    let runs = broken.is_none() && found.iter().all(Found::is_readable);
    let told = Told { path: &arguments.output, found: &found, unknown: &unknown, broken: broken.as_deref(), runs };
    if common.json {
        told.json(&head)?
    } else {
        told.words(&head)?
    }
    Ok(match (runs, unknown.is_empty()) {
        (false, _) => Exit::Usage,
        (true, false) => Exit::SourceRefused,
        (true, true) => Exit::Done,
    })
}

/// Everything given, by kind, and what is of no kind, with the reason.
fn look_at(arguments: &InitArguments, common: &Common, limits: &Limits) -> anyhow::Result<(Vec<Look>, Vec<String>)> {
    let (mut looks, mut unknown) = (Vec::new(), Vec::new());
    let kinds = [
        (None, &arguments.files),
        (Some(SourceKind::Postings), &arguments.postings),
        (Some(SourceKind::Credentials), &arguments.catalogue),
        (Some(SourceKind::Statistics), &arguments.statistics),
        (Some(SourceKind::Taxonomy), &arguments.taxonomy),
    ];
    if kinds.iter().all(|(_, paths)| paths.is_empty()) {
        anyhow::bail!("give files or folders to look at, e.g. skillgap init postings.csv catalogue.xlsx");
    }
    for (kind, paths) in kinds {
        for path in paths {
            if !path.exists() {
                anyhow::bail!("there is no file or folder {}", path.display());
            }
            look_into(path, kind, limits, &mut looks, &mut unknown);
        }
    }
    let reference = common.data_dir.join("reference");
    if !looks.iter().any(|l: &Look| l.kind == SourceKind::Taxonomy) && reference.is_dir() {
        looks.extend(look::look(&reference, Some(SourceKind::Taxonomy), limits).ok());
    }
    let order = |kind: SourceKind| match kind {
        SourceKind::Postings => 0,
        SourceKind::Credentials => 1,
        SourceKind::Taxonomy => 2,
        SourceKind::Statistics => 3,
    };
    looks.sort_by_key(|l| order(l.kind));
    Ok((looks, unknown))
}

/// A file, a package, or the files of a folder; files of one sort become one source.
fn look_into(path: &Path, kind: Option<SourceKind>, limits: &Limits, looks: &mut Vec<Look>, unknown: &mut Vec<String>) {
    let is_package =
        matches!(kind, None | Some(SourceKind::Taxonomy)) && crate::acquire::taxonomy_package(path, limits).is_some();
    if !path.is_dir() || is_package {
        match look::look(path, kind, limits) {
            Ok(look) => looks.push(look),
            Err(error) => unknown.push(format!("{error:#}")),
        }
        return;
    }
    let files = trial::inside(path);
    if files.is_empty() {
        // A folder of folders, as packages are often kept.
        let inner = trial::folders(path);
        if inner.is_empty() {
            unknown.push(format!("{} holds no files", path.display()));
        }
        inner.iter().for_each(|folder| look_into(folder, kind, limits, looks, unknown));
        return;
    }
    let many = files.len() > MANY;
    let mut inside: Vec<Look> = Vec::new();
    for file in files.iter().take(if many { FEW } else { files.len() }) {
        match look::look(file, kind, limits) {
            Err(error) => unknown.push(format!("{error:#}")),
            Ok(look) => match inside.iter_mut().find(|l| l.takes(&look)) {
                Some(first) => first.add(look),
                None => inside.push(look),
            },
        }
    }
    if let ([only], true) = (inside.as_mut_slice(), many) {
        only.paths = vec![path.to_owned()];
    }
    looks.extend(inside);
}

fn plan_name(arguments: &InitArguments) -> anyhow::Result<String> {
    let name = arguments.name.clone().unwrap_or_else(|| slug(&arguments.output, 1));
    SourceId::new(&name).map_err(|e| anyhow::anyhow!("--name: {}", e.to_string().replace("source id", "the name")))?;
    Ok(name)
}

/// The day asked for, else the last posting's, else the day the newest file was written.
fn as_of(common: &Common, found: &[Found]) -> Option<(Date, String)> {
    if let Some(day) = common.as_of {
        return Some((day, "as asked".to_owned()));
    }
    let postings = || found.iter().filter(|f| f.look.kind == SourceKind::Postings);
    let last = postings()
        .filter_map(|f| f.trial.latest())
        .max()
        .map(|d| (d, "the last plausible day in the postings".to_owned()));
    let said = |(day, who): (Date, &str)| (day, format!("NOT SURE: {who}"));
    // Relative dates count from the day of their file, so the report cannot speak for an earlier one.
    let anchors = postings().filter(|f| f.trial.relative > 0).filter_map(|f| f.made_on).map(said).max();
    let known = last.into_iter().chain(anchors).max_by_key(|(day, _)| *day);
    known.or_else(|| {
        let made = postings().filter_map(|f| f.made_on).max().or_else(|| found.iter().filter_map(|f| f.made_on).max());
        made.map(|(day, who)| (day, format!("NOT SURE: no posting gives a day; {who}")))
    })
}

/// The language most postings are in; English where that is none of ours.
fn report_language(found: &[Found]) -> Lang {
    let mut counts = std::collections::BTreeMap::new();
    for (lang, count) in found.iter().filter(|f| f.look.kind == SourceKind::Postings).flat_map(|f| &f.trial.languages) {
        *counts.entry(*lang).or_insert(0_u64) += count;
    }
    let most = counts.into_iter().filter(|(l, _)| *l != Lang::Und).max_by_key(|(_, count)| *count);
    most.map_or(Lang::En, |(lang, _)| lang)
}

/// A file's name as an id: small Latin letters, digits and dashes.
fn slug(path: &Path, files: usize) -> String {
    let stem_of = |p: &Path| {
        p.file_name().unwrap_or_default().to_string_lossy().to_lowercase().split('.').next().map(str::to_owned)
    };
    let stem = stem_of(path).unwrap_or_default();
    // Names that say nothing give way to the folder's.
    let says_nothing =
        matches!(stem.as_str(), "data" | "result" | "results" | "sample-data" | "export" | "output" | "file");
    let named = if files > 1 || says_nothing { path.parent().unwrap_or(path) } else { path };
    let name = named.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let stem = if named.is_dir() { name.as_str() } else { name.split('.').next().unwrap_or_default() };
    let mut slug = String::new();
    for c in stem.chars() {
        match c {
            'a'..='z' | '0'..='9' => slug.push(c),
            _ if !slug.ends_with('-') && !slug.is_empty() => slug.push('-'),
            _ => {}
        }
    }
    let slug: String = slug.trim_matches('-').chars().take(50).collect();
    if SourceId::new(&slug).is_ok() { slug } else { "source".to_owned() }
}

fn unique(slug: &str, taken: &mut BTreeSet<String>) -> String {
    let mut id = slug.to_owned();
    let mut number = 2;
    while !taken.insert(id.clone()) {
        id = format!("{slug}-{number}");
        number += 1;
    }
    id
}

/// A plan's problem, without the name of the plan that was told just before.
fn without_path<'p>(problem: &'p str, path: &Path) -> &'p str {
    let shown = path.display().to_string();
    problem.strip_prefix(&shown).unwrap_or(problem).trim_start_matches([':', ' '])
}

/// What is told at the end.
struct Told<'a> {
    path: &'a Path,
    found: &'a [Found],
    unknown: &'a [String],
    broken: Option<&'a str>,
    runs: bool,
}

impl Told<'_> {
    fn next(&self) -> String {
        format!("skillgap check {}", self.path.display())
    }

    fn json(&self, head: &text::Head) -> anyhow::Result<()> {
        let source = |f: &Found| {
            json!({
                "id": f.id, "kind": name_of(&f.look.kind), "format": f.look.format,
                "paths": f.look.paths.iter().map(|p| p.display().to_string()).collect::<Vec<_>>(),
                "encoding": f.trial.encoding, "delimiter": f.look.sample.as_ref().and_then(|s| s.delimiter),
                "read": f.trial.read, "kept": f.trial.kept, "columns": f.look.guess,
                "language": f.trial.language(), "area": f.trial.country(), "not_sure": f.doubts(),
            })
        };
        let told = json!({
            "plan": self.path.display().to_string(), "runs": self.runs, "problem": self.broken,
            "as_of": head.as_of.as_ref().map(|(day, _)| day),
            "sources": self.found.iter().map(source).collect::<Vec<_>>(),
            "left_out": self.unknown, "next": self.next(),
        });
        print(&serde_json::to_string_pretty(&told)?)
    }

    fn words(&self, head: &text::Head) -> anyhow::Result<()> {
        let mut lines = Vec::new();
        for found in self.found {
            lines.push(format!("{}: {}; {}", found.id, name_of(&found.look.kind), found.described()));
            if let Some(guess) = &found.look.guess {
                let fields = guess.fields.iter().map(|f| format!("{} = {}", f.field, f.columns.join(" + ")));
                lines.push(format!("  {}", fields.collect::<Vec<_>>().join(", ")));
            }
            lines.extend(found.doubts().into_iter().map(|d| format!("  not sure: {d}")));
        }
        lines.extend(self.unknown.iter().take(LEFT_OUT).map(|u| format!("left out: {u}")));
        if self.unknown.len() > LEFT_OUT {
            lines.push(format!("left out: {} more; --json lists all", self.unknown.len() - LEFT_OUT));
        }
        lines.push(String::new());
        let day = match &head.as_of {
            Some((day, from)) => format!("as of {day} ({from})"),
            None => "without a day".to_owned(),
        };
        lines.push(format!("{} written: {}, {day}.", self.path.display(), counted(self.found.len() as u64, "source")));
        match self.broken {
            Some(problem) => lines.push(format!(
                "IT CANNOT RUN YET: {}. See the lines with TODO in it.",
                without_path(problem, self.path)
            )),
            None if !self.runs => {
                lines.push("IT CANNOT RUN YET as it stands: see the lines with TODO in it.".to_owned())
            }
            None => {}
        }
        let first = if self.runs { "Fill in the licences" } else { "Complete it" };
        lines.push(format!("{first}, then: {}", self.next()));
        lines.iter().try_for_each(|line| print(&printable(line)))
    }
}
