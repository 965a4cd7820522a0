//! The plan as text: what was found, in words a person can check line by line.

use super::Found;
use crate::acquire::guess::FieldGuess;
use crate::clean::contacts::redact;
use crate::cli::progress::printable;
use crate::cli::table::{percent, thousands};
use crate::extract::ExtractSpec;
use crate::link::LinkSpec;
use crate::pipeline::plan::{CleanTable, MeasureTable};
use crate::pipeline::{NovelSpec, ProposalSpec, SourceKind, TrendSpec, name_of};
use crate::types::{Date, Lang};
use std::fmt::Write;
use std::path::{Component, Path, PathBuf};

/// Characters of a sample value that are shown.
const SHOWN: usize = 60;

/// What stands above the sources.
pub struct Head {
    /// Name.
    pub name: String,
    /// Day the report speaks for, and where it comes from.
    pub as_of: Option<(Date, String)>,
    /// Language of the report.
    pub language: Lang,
}

/// The whole plan; `folder` is where it will lie.
pub fn plan(head: &Head, sources: &[Found], folder: &Path) -> String {
    let mut text = String::new();
    put(
        &mut text,
        "# A plan for `skillgap run`, written by `skillgap init`. Every line may be changed; paths are relative to this file.",
    );
    put(
        &mut text,
        "# Lines with TODO need you. `skillgap check` reads everything the plan names and says what a run would find.\n",
    );
    put(&mut text, &format!("name = {}                # folder of results", quoted(&head.name)));
    put(&mut text, &format!("title = {}", quoted(&format!("Skills gap: {}", head.name))));
    match &head.as_of {
        Some((day, from)) => put(&mut text, &format!("as_of = \"{day}\"   # day the report speaks for: {from}")),
        None => put(
            &mut text,
            "# TODO no date was met in the postings: name the day the report speaks for\n# as_of = \"YYYY-MM-DD\"",
        ),
    }
    put(&mut text, &format!("language = \"{}\"      # of the report: en, es, ca or ar", head.language.code()));
    put(
        &mut text,
        "# attributions = [\"Source: ...\"]   # lines that the licences of the sources ask for, printed in the report\n",
    );
    for found in sources {
        source(&mut text, found, folder);
    }
    for (kind, what, example) in [
        (SourceKind::Postings, "job postings", "postings.csv"),
        (SourceKind::Credentials, "micro-credentials with their learning outcomes", "catalogue.csv"),
        (SourceKind::Taxonomy, "a taxonomy", "reference"),
    ] {
        if !sources.iter().any(|s| s.look.kind == kind) {
            let kind = name_of(&kind);
            put(&mut text, &format!("# TODO a run needs at least one source of {what}:"));
            put(&mut text, &format!("# [[source]]\n# id = \"{kind}\"\n# kind = \"{kind}\"\n# path = \"{example}\"\n"));
        }
    }
    thresholds(&mut text);
    text
}

fn put(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

fn source(text: &mut String, found: &Found, folder: &Path) {
    let look = &found.look;
    put(text, "[[source]]");
    put(text, &format!("id = {}", quoted(&found.id)));
    put(text, &format!("kind = \"{}\"", name_of(&look.kind)));
    let paths: Vec<String> = look.paths.iter().map(|p| quoted(&relative(folder, p))).collect();
    match paths.as_slice() {
        [one] => put(text, &format!("path = {one}")),
        several => put(text, &format!("path = [\n  {},\n]", several.join(",\n  "))),
    }
    put(text, &format!("# {}", found.described()));
    put(text, "licence = \"\"   # as its owner states it, e.g. \"CC BY 4.0\"");
    if look.kind == SourceKind::Taxonomy {
        text.push('\n');
        return;
    }
    context(text, found);
    for todo in &found.todo {
        put(text, &format!("# TODO {todo}"));
    }
    columns(text, found);
    text.push('\n');
}

/// What is known of a source beside its records.
fn context(text: &mut String, found: &Found) {
    let trial = &found.trial;
    match found.made_on {
        Some((day, who)) if trial.relative > 0 => put(
            text,
            &format!(
                "retrieved_on = \"{day}\"   # NOT SURE, {who}; {} dates (\"3 days ago\", \"30 Jan\") count from it",
                thousands(trial.relative)
            ),
        ),
        _ => put(text, "# retrieved_on = \"YYYY-MM-DD\"   # day the file was obtained; relative dates count from it"),
    }
    if found.look.kind == SourceKind::Statistics {
        put(text, "# indicator = \"\"   # what is counted, and");
        put(text, "# unit = \"\"        # in what unit, where the file does not say");
        return;
    }
    let all: u64 = trial.languages.values().sum();
    let shares = trial.languages.iter().map(|(lang, count)| format!("{} {}", lang.code(), percent(*count, all)));
    let shares = shares.collect::<Vec<_>>().join(", ");
    match trial.language() {
        Some(lang) => {
            put(text, &format!("language = \"{}\"   # of texts too short to tell; seen: {shares}", lang.code()))
        }
        None => put(
            text,
            &format!(
                "# language = \"\"   # of texts too short to tell; seen: {}",
                if shares.is_empty() { "none" } else { &shares }
            ),
        ),
    }
    if found.look.kind != SourceKind::Postings {
        return;
    }
    match trial.country() {
        Some(code) => put(
            text,
            &format!("area = \"{code}\"   # of postings that name no known place, and between places of one name"),
        ),
        None => put(
            text,
            "# area = \"\"   # code of the country or region of postings that name no known place, e.g. \"ES51\" or \"PS\"",
        ),
    }
    if trial.date_order() == crate::clean::DateOrder::MonthFirst {
        put(text, "date_order = \"month_first\"   # 12/31/2024");
    }
}

fn columns(text: &mut String, found: &Found) {
    let Some(guess) = &found.look.guess else { return };
    text.push('\n');
    put(text, "[source.columns]   # our field = column of the file   # first value");
    let left = |f: &FieldGuess| format!("{} = {}", f.field, rule(f));
    let width = guess.fields.iter().map(|f| left(f).chars().count()).max().unwrap_or_default().min(48);
    for field in &guess.fields {
        let line = left(field);
        let sample = found.example(field);
        let doubt = field.why.as_ref().map(|why| format!("NOT SURE: {why}; ")).unwrap_or_default();
        let _ = writeln!(
            text,
            "{line:width$}   # {doubt}{}",
            if sample.is_empty() { "empty in the rows looked at" } else { &sample }
        );
    }
    for field in &guess.missing {
        put(text, &format!("# TODO {field} = \"\"   # no column looks like it; the source cannot be read without it"));
    }
    if !guess.unmapped.is_empty() {
        put(text, "# not read:");
        guess.unmapped.chunks(8).for_each(|names| {
            let names: Vec<String> = names.iter().map(|n| comment(n)).collect();
            put(text, &format!("#   {}", names.join(", ")));
        });
    }
}

fn rule(field: &FieldGuess) -> String {
    match field.columns.as_slice() {
        [one] => quoted(one),
        several => format!("[{}]", several.iter().map(|c| quoted(c)).collect::<Vec<_>>().join(", ")),
    }
}

/// Key, default, and what it does.
type Threshold = (&'static str, String, &'static str);

/// Every threshold with its default, commented out: what stands here is what holds anyway.
/// Tables that name a source or a file: nothing stands for them unless somebody writes it.
const LINES_BY_HAND: [&str; 19] = [
    "# Official employment by ISCO-08 major group that shares are weighted to, beside the plain ones.",
    "# [weights]",
    "# source = \"lfs-by-occupation\"       # a source of kind statistics",
    "# cap = 5.0                          # largest weight, the mean being 1",
    "# An official forecast by ISCO-08 group, shown beside occupations.",
    "# [outlook]",
    "# source = \"forecast\"",
    "# Matches that people judged, as in data/templates/reviewed.csv: shares corrected for errors of extraction stand beside.",
    "# [correction]",
    "# reviewed = \"reviewed.csv\"",
    "[learners]",
    "# survey = \"learner_survey.csv\"      # what learners want to learn, as in data/templates; none unless named",
    "# What became of the recommendations of the last edition: name its report and what was decided since.",
    "[ledger]",
    "# previous = \"last/findings.json\"   # or the folder of that report, kept apart from the new one",
    "# decisions = \"ledger.csv\"          # programme, skill, decision, decided_on, reason, decided_by",
    "# Satisfaction, completion and employment that somebody measured, as in data/templates/quality.csv.",
    "[assurance]",
    "# outcomes = \"quality.csv\"",
];

fn thresholds(text: &mut String) {
    let (clean, extract, link, measure) =
        (CleanTable::default(), ExtractSpec::default(), LinkSpec::default(), MeasureTable::default());
    let tables: [(&str, Vec<Threshold>); 7] = [
        (
            "clean",
            vec![(
                "near_duplicate_similarity",
                clean.near_duplicate_similarity.to_string(),
                "from which likeness two texts are one advertisement (0.5 to 1)",
            )],
        ),
        (
            "extract",
            vec![
                ("accept", extract.accept.to_string(), "from which score a skill in a posting counts"),
                ("review", extract.review.to_string(), "from which score it is kept for a person to look at"),
            ],
        ),
        (
            "link",
            vec![
                ("accept", link.accept.to_string(), "from which score a learning outcome teaches a skill"),
                ("review", link.review.to_string(), "from which score the match is kept for a person to look at"),
            ],
        ),
        (
            "measure",
            vec![
                ("period", "\"quarter\"".to_owned(), "length of a period: year, quarter or month"),
                ("min_postings", measure.min_postings.to_string(), "fewest postings behind a published share"),
                ("min_employers", measure.min_employers.to_string(), "fewest employers behind a published share"),
                (
                    "thin_postings",
                    measure.thin_postings.to_string(),
                    "an area with fewer shows the taxonomy's expectations beside",
                ),
                (
                    "top_k",
                    measure.top_k.to_string(),
                    "how many of the largest gaps may be called \"add\" or \"strengthen\"",
                ),
                (
                    "review_below_per_100",
                    format!("{:?}", measure.review_below_per_100),
                    "a taught skill asked for by fewer postings in 100 is up for review",
                ),
                (
                    "evidence_per_skill",
                    measure.evidence_per_skill.to_string(),
                    "sentences quoted for each skill the report names",
                ),
                (
                    "priority_sectors",
                    "[]".to_owned(),
                    "sections of NACE Rev. 2 listed by sector, such as [\"J\", \"Q\"]; [] = all",
                ),
            ],
        ),
        ("trends", trend_thresholds(&TrendSpec::default())),
        ("novel", novel_thresholds(&NovelSpec::default())),
        ("proposals", proposal_thresholds(&ProposalSpec::default())),
    ];
    put(text, "# Thresholds, with the values that hold when nothing is said. Take the # away to change one.");
    for (name, keys) in tables {
        put(text, &format!("[{name}]"));
        for (key, value, meaning) in keys {
            let line = format!("# {key} = {value}");
            let _ = writeln!(text, "{line:36} # {meaning}");
        }
    }
    LINES_BY_HAND.iter().for_each(|line| put(text, line));
}

fn trend_thresholds(trends: &TrendSpec) -> Vec<Threshold> {
    vec![
        (
            "false_discovery_rate",
            trends.false_discovery_rate.to_string(),
            "share of the changes called that may be chance",
        ),
        ("emerging_ratio", trends.emerging_ratio.to_string(), "least ratio of later to earlier share for \"emerging\""),
        ("emerging_postings", trends.emerging_postings.to_string(), "fewest postings of the later half for it"),
        ("emerging_employers", trends.emerging_employers.to_string(), "fewest employers of the later half for it"),
        ("emerging_sources", trends.emerging_sources.to_string(), "fewest boards of the later half for it"),
    ]
}

fn novel_thresholds(novel: &NovelSpec) -> Vec<Threshold> {
    vec![
        ("min_postings", novel.min_postings.to_string(), "fewest postings of a phrase that no skill explains"),
        ("min_employers", novel.min_employers.to_string(), "fewest employers of such a phrase"),
        ("top", novel.top.to_string(), "most such phrases per language; 0 looks for none"),
    ]
}

fn proposal_thresholds(proposals: &ProposalSpec) -> Vec<Threshold> {
    vec![
        ("ects_cap", "6.0".to_owned(), "most ECTS of a proposal; not given, the ceilings under [credentials], else 6"),
        ("ects_per_skill", format!("{:?}", proposals.ects_per_skill), "ECTS a skill takes: an assumption of yours"),
        ("most", proposals.most.to_string(), "most proposals"),
        ("least_skills", proposals.least_skills.to_string(), "fewest skills of a proposal"),
    ]
}

/// A TOML string.
pub fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A value of a file as part of a comment: one line, no contact, nothing that drives a terminal, at most 60 characters.
pub fn comment(value: &str) -> String {
    let clean = comment_long(value);
    match clean.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}...", clean.get(..end).unwrap_or_default().trim_end()),
        None => clean,
    }
}

/// The same at any length, for sentences of ours that quote a value.
pub fn comment_long(value: &str) -> String {
    let line = value.split_whitespace().collect::<Vec<_>>().join(" ");
    printable(&redact(&line).0)
}

/// A path as seen from a folder, with `/`.
pub fn relative(folder: &Path, path: &Path) -> String {
    let whole = |p: &Path| std::fs::canonicalize(if p.as_os_str().is_empty() { Path::new(".") } else { p });
    let (Ok(from), Ok(to)) = (whole(folder), whole(path)) else { return path.to_string_lossy().into_owned() };
    let (from, to): (Vec<Component<'_>>, Vec<Component<'_>>) = (from.components().collect(), to.components().collect());
    let same = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    if same <= 1 {
        return to.iter().collect::<PathBuf>().to_string_lossy().into_owned();
    }
    let up = std::iter::repeat_n("..".to_owned(), from.len() - same);
    let down = to.iter().skip(same).map(|c| c.as_os_str().to_string_lossy().into_owned());
    let parts: Vec<String> = up.chain(down).collect();
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_value_is_one_short_line_without_contacts_or_control_characters() {
        let shown = comment(
            "Write to ana@example.org\nor\u{1b}[31m call; then wait and see what happens next in this long text",
        );
        assert!(!shown.contains("example.org") && !shown.contains('\n') && !shown.contains('\u{1b}'), "{shown}");
        assert!(shown.chars().count() <= 63, "{shown}");
    }

    #[test]
    fn paths_are_told_from_the_folder_of_the_plan() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("plans")).unwrap();
        std::fs::write(folder.path().join("a.csv"), "x").unwrap();
        assert_eq!(relative(&folder.path().join("plans"), &folder.path().join("a.csv")), "../a.csv");
        assert_eq!(relative(folder.path(), &folder.path().join("a.csv")), "a.csv");
    }
}
