//! `skillgap check`: reads all that a plan names, writes nothing, and says what a run would find.

use super::args::{CheckArguments, Common};
use super::catalogue;
use super::plans::read_plan;
use super::progress::printable;
use super::table::{aligned, counted, percent, thousands};
use super::{Exit, print};
use crate::checks::{self, Check, LayerView, PlanView};
use crate::clean::{Areas, Repair};
use crate::pipeline::{self, Plan, SourceKind, SourceSurvey, Survey, name_of};
use crate::types::{CredentialCheck, RejectReason};
use serde::Serialize;
use std::collections::BTreeSet;
use std::io::Write;

#[derive(Serialize)]
struct Told<'a> {
    plan: &'a str,
    sources: &'a [SourceSurvey],
    catalogue: &'a [CredentialCheck],
    checks: &'a [Check],
    skipped: &'a [String],
    /// What the plan's ledger holds, where it names one.
    ledger: Option<&'a str>,
}

/// Checks a plan.
pub fn check(common: &Common, arguments: &CheckArguments) -> anyhow::Result<Exit> {
    let plan = read_plan(common, &arguments.plan)?;
    let ledger = pipeline::ledger(&plan)?.map(|ledger| ledger.summary());
    let survey = pipeline::survey(&plan, arguments.rows, &|source| {
        drop(writeln!(std::io::stderr(), "reading {} ...", source.id));
    })?;
    let mut checks = all(&plan, &survey);
    refuse_unknown(&arguments.skip, &checks)?;
    checks.retain(|c| !arguments.skip.iter().any(|s| s == c.name));
    if common.json {
        let (name, sources) = (plan.name.as_str(), survey.sources.as_slice());
        let catalogue = survey.catalogue_checks.as_slice();
        let (skipped, ledger) = (arguments.skip.as_slice(), ledger.as_deref());
        let told = Told { plan: name, sources, catalogue, checks: &checks, skipped, ledger };
        print(&serde_json::to_string_pretty(&told)?)?;
    } else {
        if let Some(line) = ledger {
            print(&printable(&line))?;
        }
        tell(&plan, &survey, &checks, &arguments.plan.display().to_string())?;
    }
    let told = lines(&plan);
    Ok(if told.iter().flatten().any(Result::is_err) { Exit::SourceRefused } else { exit(&survey, &checks) })
}

/// What is to say of the files beside the sources: survey, register of decisions, supplied figures.
fn lines(plan: &Plan) -> [Option<Result<String, String>>; 3] {
    [pipeline::survey_line(plan), pipeline::decisions::register_line(plan), pipeline::figures_line(plan)]
}

fn exit(survey: &Survey, checks: &[Check]) -> Exit {
    if survey.sources.iter().any(|s| s.refused.is_some()) {
        return Exit::SourceRefused;
    }
    if checks.iter().all(Check::passed) { Exit::Done } else { Exit::CheckFailed }
}

fn refuse_unknown(skip: &[String], checks: &[Check]) -> anyhow::Result<()> {
    let names: Vec<&str> = checks.iter().map(|c| c.name).collect();
    match skip.iter().find(|s| !names.contains(&s.as_str())) {
        None => Ok(()),
        Some(unknown) => {
            let near = names.iter().map(|n| (strsim::jaro_winkler(n, unknown), n)).max_by(|a, b| a.0.total_cmp(&b.0));
            let hint =
                near.filter(|(s, _)| *s > 0.7).map(|(_, n)| format!(" (did you mean '{n}'?)")).unwrap_or_default();
            anyhow::bail!("--skip {unknown}: no check has this name{hint}; they are {}", names.join(", "))
        }
    }
}

/// Every named check over what was read.
fn all(plan: &Plan, survey: &Survey) -> Vec<Check> {
    let layers: Vec<LayerView<'_>> =
        survey.layers.iter().map(|l| LayerView { name: l.source.as_str(), own: l.own, layer: &l.layer }).collect();
    let view = view(plan, survey);
    let mut checks = checks::taxonomy(&layers);
    checks.extend(checks::catalogue(&survey.credentials));
    checks.extend(checks::plan(&view));
    checks.push(checks::programmes(&view, &survey.credentials));
    checks
}

fn view<'a>(plan: &'a Plan, survey: &'a Survey) -> PlanView<'a> {
    let areas = Areas::built_in();
    let named: Vec<(&str, &str)> =
        plan.sources.iter().filter_map(|s| Some((s.id.as_str(), s.area.as_deref()?))).collect();
    let is_known = |code: &&str| areas.resolve(code, None).is_some_and(|found| found.0 == **code);
    let late = |s: &SourceSurvey| s.repairs.0.get(&Repair::DateInFuture).copied().unwrap_or_default();
    let measure = &plan.measure;
    PlanView {
        as_of: Some(plan.as_of),
        late_postings: survey.sources.iter().map(|s| (s.id.as_str(), s.dated + late(s), late(s))).collect(),
        known_areas: named.iter().map(|(_, area)| *area).filter(is_known).collect::<BTreeSet<_>>(),
        areas: named,
        programme_credentials: plan
            .programmes
            .iter()
            .flat_map(|p| p.credentials.iter().map(|c| (p.id.as_str(), c.as_str())))
            .collect(),
        thresholds: vec![
            ("clean.near_duplicate_similarity", plan.clean.near_duplicate_similarity, 0.6, 0.99),
            ("measure.min_postings", measure.min_postings as f64, 5.0, 10_000.0),
            ("measure.min_employers", measure.min_employers as f64, 1.0, 1_000.0),
            ("measure.thin_postings", measure.thin_postings as f64, 0.0, 100_000.0),
            ("measure.top_k", f64::from(measure.top_k), 1.0, 1_000.0),
            ("measure.review_below_per_100", measure.review_below_per_100, 0.0, 50.0),
            ("trends.false_discovery_rate", plan.trends.false_discovery_rate, 0.001, 0.2),
            ("trends.emerging_ratio", plan.trends.emerging_ratio, 1.0, 10.0),
            ("proposals.ects_per_skill", plan.proposals.ects_per_skill, 0.1, 30.0),
            ("extract.accept", f64::from(plan.extract.accept), 0.2, 0.999),
            ("link.accept", f64::from(plan.link.accept), 0.2, 0.999),
        ],
    }
}

fn tell(plan: &Plan, survey: &Survey, checks: &[Check], path: &str) -> anyhow::Result<()> {
    let mut rows =
        vec![["source", "kind", "format", "encoding", "read", "kept", "rejected"].map(str::to_owned).to_vec()];
    for s in &survey.sources {
        let kept = if s.refused.is_some() { "refused".to_owned() } else { thousands(s.kept) };
        let rejected: u64 = s.rejects.iter().map(|r| r.count).sum();
        let (format, encoding) = (s.formats.join(", "), s.encodings.join(", "));
        rows.push(vec![
            s.id.to_string(),
            name_of(&s.kind),
            format,
            encoding,
            thousands(s.read),
            kept,
            thousands(rejected),
        ]);
    }
    for line in aligned(&rows) {
        print(&printable(&line))?;
    }
    for source in &survey.sources {
        for line in details(source) {
            print(&printable(&line))?;
        }
    }
    for Ok(line) | Err(line) in lines(plan).into_iter().flatten() {
        print("")?;
        print(&printable(&line))?;
    }
    let about = catalogue::lines(survey);
    for line in about.iter().take(1).map(|_| "").chain(about.iter().map(String::as_str)) {
        print(&printable(line))?;
    }
    print("")?;
    for check in checks {
        print(&printable(&line_of(check)))?;
        for example in &check.examples {
            print(&printable(&format!("        {example}")))?;
        }
        if check.problem_count > check.examples.len() {
            print(&format!("        ... and {} more", thousands((check.problem_count - check.examples.len()) as u64)))?;
        }
        if !check.passed() {
            print(&format!("        next: {}", check.next_step))?;
        }
    }
    print("")?;
    print(&verdict(plan, survey, checks, path))
}

fn line_of(check: &Check) -> String {
    match check.problem_count {
        0 => format!("ok    {}: {}", check.name, check.claim),
        count => format!("FAIL  {}: not so: {} ({})", check.name, check.claim, counted(count as u64, "problem")),
    }
}

fn verdict(plan: &Plan, survey: &Survey, checks: &[Check], path: &str) -> String {
    let refused = survey.sources.iter().filter(|s| s.refused.is_some()).count() as u64;
    let failed = checks.iter().filter(|c| !c.passed()).count() as u64;
    match (refused, failed) {
        (0, 0) => format!("{}: all is in order. Next: skillgap run {path}", plan.name),
        (0, _) => {
            format!("{}: {} failed. A run would go on; its report would show it.", plan.name, counted(failed, "check"))
        }
        _ => format!(
            "{}: {} refused, {} failed. Correct the plan or the file first.",
            plan.name,
            counted(refused, "source"),
            counted(failed, "check")
        ),
    }
}

/// What there is to say about a source beyond its counts.
fn details(source: &SourceSurvey) -> Vec<String> {
    let mut lines = vec![String::new(), format!("{}: {}", source.id, shown_files(&source.files))];
    lines.extend(source.warnings.iter().map(|warning| format!("  warning: {warning}")));
    if let Some(refused) = &source.refused {
        lines.push(format!("  refused: {refused}"));
    }
    for group in &source.rejects {
        let reason = serde_json::to_value(group.reason).ok().and_then(|v| v.as_str().map(str::to_owned));
        let (records, reason) = (counted(group.count, "record"), reason.unwrap_or_default());
        lines.push(format!("  {records} rejected as {reason}; next: {}", next_step(group.reason)));
        lines.extend(group.examples.iter().map(|e| format!("    {} row {}: {}", e.file, e.row, e.detail)));
    }
    if source.kind == SourceKind::Postings && source.kept > 0 {
        lines.push(format!("  dates: {}", dates(source)));
        let filled =
            source.empty.iter().map(|(field, empty)| format!("{field} {}", percent(source.kept - empty, source.kept)));
        lines.push(format!("  filled: {}", filled.collect::<Vec<_>>().join(", ")));
    }
    if !source.languages.is_empty() {
        let mut languages: Vec<_> = source.languages.iter().collect();
        languages.sort_by_key(|(code, count)| (std::cmp::Reverse(**count), **code));
        let all = languages.iter().map(|(_, count)| **count).sum();
        let unit = if source.kind == SourceKind::Taxonomy { "labels" } else { "languages" };
        let shares =
            languages.iter().map(|(code, count)| format!("{code} {} ({})", thousands(**count), percent(**count, all)));
        lines.push(format!("  {unit}: {}", shares.collect::<Vec<_>>().join(", ")));
    }
    for (repair, count) in &source.repairs.0 {
        let name = serde_json::to_value(repair).ok().and_then(|v| v.as_str().map(|s| s.replace('_', " ")));
        lines.push(format!("  noted: {} ({})", name.unwrap_or_default(), thousands(*count)));
    }
    lines
}

fn dates(source: &SourceSurvey) -> String {
    let read = format!("{} of {} could be read", thousands(source.dated), thousands(source.with_date));
    match source.days {
        _ if source.with_date == 0 => "none given; without them there are no trends".to_owned(),
        Some((first, last)) => format!("{read}, {first} to {last}"),
        None => read,
    }
}

fn shown_files(files: &[String]) -> String {
    let shown = files.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
    if files.len() > 3 { format!("{shown} and {} more", files.len() - 3) } else { shown }
}

/// What helps against a kind of reject.
fn next_step(reason: RejectReason) -> &'static str {
    match reason {
        RejectReason::Malformed => "look at the row in the file; a program that wrote it may have been cut off",
        RejectReason::RaggedRow => "correct the quotes or the delimiter in that row",
        RejectReason::MissingField => "nothing, if the source has none; else map another column under [source.columns]",
        RejectReason::BadValue => {
            "nothing, if the record is not of your area; else correct the value, or map another column"
        }
        RejectReason::OverLimit => "raise the limit it names in the plan if the file is to be trusted",
        RejectReason::BadEncoding => "save the file as UTF-8",
        RejectReason::NoPartner => "look whether both files are of one day, or correct `on` under [source.join]",
        RejectReason::NotFetched => "look at the page in a browser; it may be gone, or closed to programs",
        RejectReason::ConflictingKey => "map `id` to a column that differs from record to record",
    }
}
