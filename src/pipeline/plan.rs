//! A plan: which sources, which window, and one table per stage. Paths in it are relative to the plan's file.

mod checks;
mod source;

pub use source::{JoinTable, Paths, RobotsPolicy, Source, SourceKind};

use super::assurance::AssuranceTable;
use super::decisions::ReviewTable;
use super::drift::DriftTable;
use super::learners::LearnersTable;
use super::ledger::LedgerTable;
use super::vectors::TaxonomyTable;
use crate::acquire::Limits;
use crate::acquire::fetch::FetchRules;
use crate::clean::TextLimits;
use crate::clean::credential_checks::CheckRules;
use crate::extract::ExtractSpec;
use crate::lexicon::vectors::VectorsFileError;
use crate::link::LinkSpec;
use crate::measure::{CorrectionSpec, NovelSpec, OutlookSpec, ProposalSpec, TrendSpec, WeightSpec};
use crate::types::{Date, Lang, PeriodKind, SourceId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A `pipelines/*.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Names the folder of results: `^[a-z0-9][a-z0-9_-]{0,63}$`.
    pub name: SourceId,
    /// Title of the report.
    pub title: String,
    /// Day the report speaks for; nothing reads the clock.
    pub as_of: Date,
    /// Language of the report.
    #[serde(default = "english")]
    pub language: Lang,
    /// Languages in which the report is written as well: `gap.es.html`, `gap.es.xlsx` beside `gap.html`.
    #[serde(default)]
    pub also_in: Vec<Lang>,
    /// Titles of the report in these languages; without one it keeps the plan's.
    #[serde(default)]
    pub titles: BTreeMap<Lang, String>,
    /// Says on every page that the postings are made up.
    #[serde(default)]
    pub synthetic: bool,
    /// Lines that licences ask for, printed in the report.
    #[serde(default)]
    pub attributions: Vec<String>,
    /// Ceilings for every file read.
    #[serde(default)]
    pub limits: Limits,
    /// `[fetch]`: how services are asked over the network.
    #[serde(default)]
    pub fetch: FetchRules,
    /// `[retention]`: how long texts of postings are kept.
    #[serde(default)]
    pub retention: RetentionTable,
    /// `[drift]`: changes of a source that stop a run until they are accepted.
    #[serde(default)]
    pub drift: DriftTable,
    /// Where records come from, in order of precedence.
    #[serde(default, rename = "source")]
    pub sources: Vec<Source>,
    /// Credentials judged together; none = one programme per credential.
    #[serde(default, rename = "programme")]
    pub programmes: Vec<ProgrammeTable>,
    /// `[clean]`
    #[serde(default)]
    pub clean: CleanTable,
    /// `[credentials]`: what a catalogue is checked against.
    #[serde(default)]
    pub credentials: CheckRules,
    /// `[extract]`
    #[serde(default)]
    pub extract: ExtractSpec,
    /// `[link]`
    #[serde(default)]
    pub link: LinkSpec,
    /// `[taxonomy]`
    #[serde(default)]
    pub taxonomy: TaxonomyTable,
    /// `[measure]`
    #[serde(default)]
    pub measure: MeasureTable,
    /// `[learners]`: a survey of what they want to learn.
    #[serde(default)]
    pub learners: LearnersTable,
    /// `[trends]`: when a change is called.
    #[serde(default)]
    pub trends: TrendSpec,
    /// `[weights]`: official employment that postings are weighted to.
    #[serde(default)]
    pub weights: Option<WeightSpec>,
    /// `[correction]`: reviewed matches that shares are corrected by.
    #[serde(default)]
    pub correction: Option<CorrectionSpec>,
    /// `[outlook]`: official forecast shown beside occupations.
    #[serde(default)]
    pub outlook: Option<OutlookSpec>,
    /// `[novel]`: terms that no skill explains.
    #[serde(default)]
    pub novel: NovelSpec,
    /// `[proposals]`: micro-credentials that the postings suggest.
    #[serde(default)]
    pub proposals: ProposalSpec,
    /// `[ledger]`: the last edition and what was decided about its recommendations.
    #[serde(default)]
    pub ledger: LedgerTable,
    /// `[review]`: what people decided of earlier reports.
    #[serde(default)]
    pub review: ReviewTable,
    /// `[assurance]`: outcomes of micro-credentials that somebody measured elsewhere.
    #[serde(default)]
    pub assurance: AssuranceTable,
    /// Folder the paths are relative to.
    #[serde(skip)]
    pub folder: PathBuf,
}

/// `[retention]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RetentionTable {
    /// Days after which `skillgap purge` removes stored answers with texts of postings.
    pub text_days: u32,
}

impl Default for RetentionTable {
    fn default() -> Self {
        Self { text_days: 180 }
    }
}

/// One `[[programme]]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProgrammeTable {
    /// Id, unique in the plan.
    pub id: SourceId,
    /// Title.
    pub title: String,
    /// Credential ids.
    pub credentials: Vec<String>,
    /// Occupation URIs or labels; empty = all postings.
    #[serde(default)]
    pub target_occupations: Vec<String>,
}

/// `[clean]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CleanTable {
    /// Word-3-gram Jaccard similarity from which two texts are one advertisement.
    pub near_duplicate_similarity: f64,
    /// Largest texts.
    pub limits: TextLimits,
}

/// `[measure]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MeasureTable {
    /// Length of a period.
    pub period: PeriodKind,
    /// First day of the window; absent = from the first posting.
    pub from: Option<Date>,
    /// Last day of the window; absent = to the last posting.
    pub to: Option<Date>,
    /// Fewest postings for a published share.
    pub min_postings: u64,
    /// Fewest known employers for a published share.
    pub min_employers: u64,
    /// Postings of an area below which the taxonomy's expectations stand beside them.
    pub thin_postings: u64,
    /// How many of the largest unmet demands may be called "add" or "strengthen".
    pub top_k: u32,
    /// Upper bound of demand, per 100 postings, below which a taught skill is up for review.
    pub review_below_per_100: f64,
    /// Sentences kept for each skill the report names.
    pub evidence_per_skill: u32,
    /// Sections of NACE Rev. 2 listed in the table by sector; empty = all.
    pub priority_sectors: Vec<String>,
}

fn english() -> Lang {
    Lang::En
}

impl Default for CleanTable {
    fn default() -> Self {
        Self { near_duplicate_similarity: 0.8, limits: TextLimits::default() }
    }
}

impl Default for MeasureTable {
    fn default() -> Self {
        Self {
            period: PeriodKind::Quarter,
            from: None,
            to: None,
            min_postings: 30,
            min_employers: 5,
            thin_postings: 200,
            top_k: 10,
            review_below_per_100: 1.0,
            evidence_per_skill: 20,
            priority_sectors: Vec::new(),
        }
    }
}

/// A plan that cannot be run.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The file cannot be read.
    #[error("cannot read the plan {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is not a plan.
    #[error("{path} is not a plan: {detail}")]
    Parse {
        /// The file.
        path: PathBuf,
        /// Line, column and what was expected.
        detail: String,
    },
    /// `taxonomy.vectors` cannot be used.
    #[error("taxonomy.vectors of the plan: {0} (paths are relative to the plan's file)")]
    Vectors(#[from] VectorsFileError),
    /// A value that no stage can work with.
    #[error("{path}: {detail}")]
    Value {
        /// The file.
        path: PathBuf,
        /// Key, value and what is expected.
        detail: String,
    },
}

/// Longest plan read; a plan is written by hand.
const PLAN_BYTES: u64 = 1 << 20;

impl Plan {
    /// Reads and checks a plan.
    ///
    /// # Errors
    /// When it cannot be read, parsed, or holds a value out of its domain.
    pub fn read(path: &Path) -> Result<Self, PlanError> {
        let text = read_limited(path).map_err(|source| PlanError::Read { path: path.to_owned(), source })?;
        let mut plan: Plan = toml::from_str(&text)
            .map_err(|e| PlanError::Parse { path: path.to_owned(), detail: explain_toml(&e, &text) })?;
        plan.folder = path.parent().map(Path::to_owned).unwrap_or_default();
        plan.check().map_err(|detail| PlanError::Value { path: path.to_owned(), detail })?;
        Ok(plan)
    }

    /// The files of a source, relative to where the program runs.
    pub fn paths(&self, source: &Source) -> Vec<PathBuf> {
        source.path.as_ref().map_or_else(Vec::new, |path| self.absolute(path))
    }

    /// Absolute or plan-relative paths of what a source is joined to.
    pub fn join_paths(&self, source: &Source) -> Vec<PathBuf> {
        source.join.as_ref().map_or_else(Vec::new, |join| self.absolute(&join.path))
    }

    fn absolute(&self, paths: &Paths) -> Vec<PathBuf> {
        match paths {
            Paths::One(path) => vec![self.folder.join(path)],
            Paths::Many(paths) => paths.iter().map(|p| self.folder.join(p)).collect(),
        }
    }

    /// A source by its id.
    pub fn source(&self, id: &SourceId) -> Option<&Source> {
        self.sources.iter().find(|s| s.id == *id)
    }

    /// Sources of a kind, in the plan's order.
    pub fn of_kind(&self, kind: SourceKind) -> impl Iterator<Item = &Source> {
        self.sources.iter().filter(move |s| s.kind == kind)
    }
}

fn read_limited(path: &Path) -> std::io::Result<String> {
    use std::io::Read;
    let mut text = String::new();
    std::fs::File::open(path)?.take(PLAN_BYTES + 1).read_to_string(&mut text)?;
    if text.len() as u64 > PLAN_BYTES {
        let said = format!(
            "it is longer than {PLAN_BYTES} bytes, and a plan is written by hand; name folders, not every file"
        );
        return Err(std::io::Error::new(std::io::ErrorKind::InvalidData, said));
    }
    Ok(text)
}

/// The parser's message with a "did you mean" for unknown keys.
fn explain_toml(error: &toml::de::Error, text: &str) -> String {
    let message = error.message();
    let line = error.span().map_or(0, |s| text[..s.start.min(text.len())].matches('\n').count() + 1);
    let mut quoted = message.split('`').skip(1).step_by(2);
    let is_unknown = message.starts_with("unknown field") || message.starts_with("unknown variant");
    let hint = quoted
        .next()
        .filter(|_| is_unknown)
        .and_then(|unknown| language_code(unknown).or_else(|| nearest(unknown, quoted)))
        .map(|near| format!("; did you mean `{near}`?"))
        .unwrap_or_default();
    // A key may be as long as the plan.
    let shown: String = message.chars().take(600).collect();
    format!("line {line}: {shown}{hint}")
}

/// The code of a language whose name was written.
fn language_code(name: &str) -> Option<&'static str> {
    let names = [
        ("en", ["english", "inglés", "anglès", "الإنجليزية"]),
        ("es", ["spanish", "español", "castellano", "الإسبانية"]),
        ("ca", ["catalan", "català", "catalán", "الكتالونية"]),
        ("ar", ["arabic", "árabe", "àrab", "العربية"]),
    ];
    let name = name.to_lowercase();
    names.iter().find(|(_, spelt)| spelt.contains(&name.as_str())).map(|(code, _)| *code)
}

fn nearest<'a>(unknown: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|k| (k, strsim::normalized_damerau_levenshtein(unknown, k)))
        .filter(|(_, similarity)| *similarity >= 0.5)
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(k, _)| k)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Plan, PlanError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.toml");
        std::fs::write(&path, text).unwrap();
        Plan::read(&path)
    }

    const WHOLE: &str = "name = 'x'\ntitle = 'X'\nas_of = '2026-06-30'\n\
        [[source]]\nid = 'p'\nkind = 'postings'\npath = 'p.csv'\n\
        [[source]]\nid = 't'\nkind = 'taxonomy'\npath = ['a.zip', 'b.zip']\n\
        [[source]]\nid = 'c'\nkind = 'credentials'\npath = 'c.csv'\n";

    #[test]
    fn a_plan_with_three_sources_is_read_and_its_paths_are_relative_to_its_file() {
        let plan = read(WHOLE).unwrap();
        assert!(plan.paths(&plan.sources[1])[1].ends_with("b.zip"));
        assert!(plan.paths(&plan.sources[1])[1].starts_with(&plan.folder));
    }

    #[test]
    fn the_plans_that_show_an_analyst_how_are_plans() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines");
        for (name, statistics) in [("catalonia-files", 7), ("palestine-files", 7), ("catalonia", 6), ("palestine", 4)] {
            let plan = Plan::read(&folder.join(format!("{name}.toml"))).unwrap();
            assert_eq!((plan.name.as_str(), plan.of_kind(SourceKind::Statistics).count()), (name, statistics));
        }
    }

    #[test]
    fn a_misspelt_key_is_named_with_its_line_and_the_key_that_was_meant() {
        let error = read(&format!("{WHOLE}[measure]\nmin_postngs = 3\n")).unwrap_err().to_string();
        assert!(error.contains("line 17") && error.contains("did you mean `min_postings`?"), "{error}");
    }

    #[test]
    fn a_misspelt_kind_a_language_by_name_and_an_area_by_name_say_what_was_meant() {
        let kind = read(&WHOLE.replace("'credentials'", "'credencials'")).unwrap_err().to_string();
        assert!(kind.contains("line 14") && kind.contains("did you mean `credentials`?"), "{kind}");
        let language =
            read(&WHOLE.replace("title = 'X'", "title = 'X'\nlanguage = 'español'")).unwrap_err().to_string();
        assert!(language.contains("did you mean `es`?"), "{language}");
        let area =
            read(&WHOLE.replace("path = 'p.csv'", "path = 'p.csv'\narea = 'Palestina'")).unwrap_err().to_string();
        assert!(area.contains("source 'p'") && area.contains("did you mean \"PS\"?"), "{area}");
        assert!(read(&WHOLE.replace("path = 'p.csv'", "path = 'p.csv'\narea = 'FR'")).is_ok());
    }

    #[test]
    fn a_plan_without_postings_says_what_is_missing() {
        let error = read(&WHOLE.replace("'postings'", "'statistics'")).unwrap_err().to_string();
        assert!(error.contains("kind = \"postings\""), "{error}");
    }

    #[test]
    fn a_name_that_could_leave_the_data_directory_is_refused() {
        assert!(read(&WHOLE.replace("'x'", "'../x'")).is_err());
    }

    #[test]
    fn an_id_that_is_no_safe_file_name_on_every_system_is_refused_wherever_it_stands() {
        let long = "x".repeat(65);
        for id in [
            "../../x",
            "CON",
            &long,
            "",
            "a/b",
            "a.b",
            "-a",
            "Caixa",
            "cafe\u{301}",
            "café",
            "a b",
            "a\\\\b",
            "a\\u0000",
        ] {
            let quoted = format!("\"{id}\"");
            for place in ["'x'", "'p'"] {
                let said = read(&WHOLE.replacen(place, &quoted, 1)).unwrap_err().to_string();
                assert!(said.contains("1 to 64 characters of a-z"), "{id}: {said}");
            }
        }
        assert!(read(&WHOLE.replace("'x'", &format!("'{}'", "x".repeat(64)))).is_ok());
    }

    #[test]
    fn no_hostile_plan_is_more_than_an_error() {
        let deep = |open: &str, close: &str, n: usize| format!("{WHOLE}a = {}{}\n", open.repeat(n), close.repeat(n));
        let whole = WHOLE.to_owned();
        let plans = [
            deep("[", "]", 100_000),
            deep("{a=", "}", 100_000),
            format!("{WHOLE}{}b = 1\n", "a.".repeat(100_000)),
            format!("{WHOLE}[{}b]\n", "a.".repeat(100_000)),
            format!("{WHOLE}[measure]\nmin_postings = 99999999999999999999999\n"),
            format!("{WHOLE}[measure]\nmin_postings = -1\n"),
            format!("{WHOLE}[measure]\ntop_k = 1e400\n"),
            format!("{WHOLE}[drift]\nfall = nan\n"),
            format!("{WHOLE}[drift]\nrise = inf\n"),
            format!("{WHOLE}[link]\naccept = nan\n"),
            format!("{WHOLE}[trends]\nfalse_discovery_rate = nan\n"),
            format!("{WHOLE}[trends]\nemerging_ratio = inf\n"),
            format!("{WHOLE}[trends]\nemerging_ratio = 0.5\n"),
            format!("{WHOLE}[proposals]\nects_per_skill = nan\n"),
            format!("{WHOLE}[proposals]\nects_cap = -1.0\n"),
            format!("{WHOLE}[proposals]\nleast_skills = 1\n"),
            format!("{WHOLE}[proposals]\nects_below = 1.0\n"),
            format!("{whole}\0"),
            whole.replace("'X'", "'X\0'"),
            whole.replace("'X'", &format!("'{}'", "x".repeat(1 << 20))),
            whole.replace("as_of", "as_of = '2026-06-30'\nas_of"),
            whole.replace("2026-06-30", "2026-02-30"),
            "\u{feff}\u{202e}".to_owned(),
            format!("{WHOLE}{} = 1\n", "k".repeat(500_000)),
        ];
        for (at, plan) in plans.iter().enumerate() {
            let said = read(plan).map(|_| at).unwrap_err().to_string();
            assert!(said.contains("p.toml") && said.len() < 2_000, "{at}: {said:.300}");
        }
        for cut in (0..WHOLE.len()).step_by(3) {
            let flipped: String =
                WHOLE.char_indices().map(|(i, c)| if i == cut { char::from(c as u8 ^ 0x15) } else { c }).collect();
            drop((read(&WHOLE[..cut]), read(&flipped)));
        }
    }

    #[test]
    fn languages_of_the_report_are_known_and_named_once_and_a_title_belongs_to_one() {
        let plan =
            read(&format!("language = 'ca'\nalso_in = ['es', 'ar']\ntitles = {{ ar = 'تقرير' }}\n{WHOLE}")).unwrap();
        assert_eq!((plan.also_in.len(), plan.titles[&Lang::Ar].as_str()), (2, "تقرير"));
        for (head, said) in [
            ("also_in = ['en']", "written in it anyway"),
            ("also_in = ['es', 'es']", "written in it anyway"),
            ("also_in = ['und']", "\"en\", \"es\""),
            ("titles = { es = 'X' }", "titles.es"),
            ("also_in = ['fr']", "fr"),
        ] {
            let error = read(&format!("{head}\n{WHOLE}")).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }

    #[test]
    fn priority_sectors_are_letters_of_sections_and_a_name_or_code_says_what_was_meant() {
        let plan = read(&format!("{WHOLE}[measure]\npriority_sectors = ['J', 'Q']\n")).unwrap();
        assert_eq!(plan.measure.priority_sectors, ["J", "Q"]);
        for (value, said) in
            [("'V'", "\"V\" is not a section"), ("'62.01'", "did you mean \"J\"?"), ("'J', 'J'", "twice")]
        {
            let error = read(&format!("{WHOLE}[measure]\npriority_sectors = [{value}]\n")).unwrap_err().to_string();
            assert!(error.contains("measure.priority_sectors") && error.contains(said), "{error}");
        }
    }

    #[test]
    fn weights_and_outlook_name_a_source_of_statistics_and_the_cap_is_no_less_than_one() {
        let source = "[[source]]\nid = 'lfs'\nkind = 'statistics'\npath = 's.csv'\n";
        let plan = read(&format!("{WHOLE}{source}[weights]\nsource = 'lfs'\n[outlook]\nsource = 'lfs'\n")).unwrap();
        assert_eq!((plan.weights.unwrap().cap, plan.outlook.unwrap().source.as_str()), (5.0, "lfs"));
        for (table, said) in [
            ("[weights]\nsource = 'nobody'\n", "weights.source = \"nobody\""),
            ("[outlook]\nsource = 'nobody'\n", "outlook.source = \"nobody\""),
            ("[weights]\nsource = 'lfs'\ncap = 0.5\n", "weights.cap = 0.5"),
            ("[weights]\nsource = 'lfs'\ncap = nan\n", "weights.cap = NaN"),
            ("[weights]\ncap = 5.0\n", "source"),
        ] {
            let error = read(&format!("{WHOLE}{source}{table}")).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }

    #[test]
    fn a_threshold_outside_its_domain_is_refused_by_name() {
        let error = read(&format!("{WHOLE}[link]\naccept = 1.5\n")).unwrap_err().to_string();
        assert!(error.contains("link.accept = 1.5"), "{error}");
    }
}
