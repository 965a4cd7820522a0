//! Whether services answer today, and how old their answers are.

use super::record::{Edition, KeptAnswer, SourceRecord};
use super::{AnswerFile, Network, asked_sources, is_due, read};
use crate::acquire::Input;
use crate::acquire::fetch::{Asking, Fetched, Fetcher, Head, Manners};
use crate::acquire::services::{Answer, Ask, Request, Role, Service};
use crate::pipeline::plan::{RobotsPolicy, Source, SourceKind};
use crate::pipeline::{ContractTable, Run, RunError};
use crate::store::Scratch;
use crate::types::Date;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::Read;
use std::time::Duration;

/// What a service said to its first question.
#[derive(Debug, Clone, Serialize)]
pub struct Probe {
    /// The plan's name of the source.
    pub source: String,
    /// The service.
    pub service: &'static str,
    /// Where it was asked.
    pub url: String,
    /// Whether it can be used today.
    pub usable: bool,
    /// What was found: bytes and vintage, or why not.
    pub found: String,
}

/// Asks every service its first question, and that of every board, reads what it answers as a run would, and keeps
/// nothing.
///
/// # Errors
/// When the network cannot be used at all, or the disk refuses.
pub fn probe(run: &Run<'_>, network: &Network) -> Result<Vec<Probe>, RunError> {
    let manners = Manners::new(run.plan.fetch.clone(), network.now);
    let network_error = |detail| RunError::Given { key: "fetch", detail };
    let fetcher = Fetcher::new(&manners, &run.plan.folder).map_err(network_error)?;
    let mut probes = Vec::new();
    for (source, service) in asked_sources(run.plan) {
        let about = service.about();
        // What is wrong with `ask` was told when the plan was read.
        let Ok(ask) = Ask::new(&about, &source.ask, network.today) else { continue };
        let Ok(first) = service.first(&ask) else { continue };
        let all = about.parameters.iter().any(|parameter| parameter.name == "board");
        for request in first.iter().take(if all { first.len() } else { 1 }) {
            let (usable, found) = question(run, &fetcher, source, service, (&ask, request))?;
            let url = crate::acquire::fetch::shown(&request.url);
            probes.push(Probe { source: source.id.to_string(), service: about.id, url, usable, found });
        }
    }
    Ok(probes)
}

/// Whether a question is answered with what can be used, and what was found.
fn question(
    run: &Run<'_>,
    fetcher: &Fetcher<'_>,
    source: &Source,
    service: &'static dyn Service,
    (ask, request): (&Ask<'_>, &Request),
) -> Result<(bool, String), RunError> {
    let asking = Asking {
        request,
        pause: Duration::try_from_secs_f64(service.about().pause_seconds).unwrap_or_default(),
        robots: source.robots == RobotsPolicy::Follow,
        kept: None,
        credential: None,
        verdict: &|answer: &Answer<'_>| service.verdict(answer),
    };
    let mut scratch = Scratch::create(run.data)?;
    Ok(match fetcher.fetch(&asking, &mut scratch) {
        Ok(Fetched::Data(head)) => {
            let vintage = ["last-modified", "etag"].iter().find_map(|name| head.headers.get(*name));
            let vintage = vintage.map(|v| format!(", {v}")).unwrap_or_default();
            let found = format!("status {}, {} bytes{vintage}", head.status, head.byte_count);
            match understood(run, source, service, (ask, request), &head, &scratch) {
                Ok(records) => (true, format!("{found}{records}")),
                Err(problem) => (false, format!("{found}, but {problem}")),
            }
        }
        Ok(Fetched::Unchanged) => (true, "unchanged".to_owned()),
        Ok(Fetched::Nothing(words)) => (true, format!("nothing: {words}")),
        Err(error) => (false, error.problem),
    })
}

/// Follows and reads an answer as a run would, as far as one of many allows; `, 12 records` or why it cannot be used.
fn understood(
    run: &Run<'_>,
    source: &Source,
    service: &dyn Service,
    (ask, request): (&Ask<'_>, &Request),
    head: &Head,
    scratch: &Scratch,
) -> Result<String, String> {
    let mut body = Vec::new();
    let reader = scratch.reader().map_err(|e| e.to_string())?;
    reader.take(run.plan.fetch.document_bytes).read_to_end(&mut body).map_err(|e| e.to_string())?;
    let (url, status, headers) = (head.url.as_str(), head.status, &head.headers);
    let answer = Answer { request, url, status, headers, body: &body };
    service.next(ask, &answer).map_err(|e| e.to_string())?;
    // Skills and occupations are only whole together.
    if request.role == Role::Listing || source.kind == SourceKind::Taxonomy {
        return Ok(String::new());
    }
    let (id, _) = scratch.content();
    let input = Input {
        source: source.id.clone(),
        snapshot: id.clone(),
        file: crate::acquire::fetch::shown(url),
        limits: run.plan.limits.clone(),
        before: 0,
    };
    let answer = KeptAnswer {
        request: request.clone(),
        url: url.to_owned(),
        status,
        headers: headers.clone(),
        snapshot: Some(id),
        retrieved_on: ask.today,
    };
    let file = AnswerFile { answer, path: scratch.path().to_owned(), input };
    // What the plan demands, it demands of all answers together.
    let source = Source { contract: ContractTable::default(), ..source.clone() };
    let counted = read::count(run.plan, &source, service, &[file]).map_err(|e| e.to_string())?;
    match (counted.kept, counted.first_reject) {
        (0, Some(first)) => Err(format!("none of its {} records can be used (the first: {first})", counted.rejected)),
        (kept, _) => Ok(format!(", {kept} records")),
    }
}

/// How old a source's answers are.
#[derive(Debug, Clone, Serialize)]
pub struct Freshness {
    /// The plan's name of the source.
    pub source: String,
    /// The service.
    pub service: &'static str,
    /// Complete sets of answers that are kept.
    pub sets: u64,
    /// Answers of the newest.
    pub answers: u64,
    /// Records read of the newest.
    pub records: u64,
    /// When the newest was complete.
    pub completed_at: Option<String>,
    /// Its age in hours.
    pub age_hours: Option<f64>,
    /// Whether a run would ask.
    pub due: bool,
    /// Day and reason of a try that gave nothing.
    pub failed: Option<(Date, String)>,
    /// How a new vintage shows.
    pub vintage: &'static str,
    /// Vintages of the newest answers, in the service's own words.
    pub vintages: Vec<String>,
}

fn vintages(edition: &Edition) -> Vec<String> {
    let said = |headers: &BTreeMap<String, String>| {
        ["vintage", "last-modified"].iter().find_map(|name| headers.get(*name)).cloned()
    };
    let mut all: Vec<String> = edition.answers.iter().filter_map(|a| said(&a.headers)).collect();
    all.sort();
    all.dedup();
    all
}

/// The age of every source's answers, without asking.
///
/// # Errors
/// When the record of a source cannot be read.
pub fn freshness(run: &Run<'_>, network: &Network) -> Result<Vec<Freshness>, RunError> {
    let row = |(source, service): (&Source, &'static dyn Service)| -> Result<Freshness, RunError> {
        let record = SourceRecord::of(run.plan.name.as_str(), run.data, source.id.as_str())?;
        let newest = record.newest();
        let age = newest.map(|e| network.now.duration_since(e.completed_at).as_secs_f64() / 3600.0);
        let about = service.about();
        Ok(Freshness {
            source: source.id.to_string(),
            service: about.id,
            sets: record.editions.len() as u64,
            answers: newest.map_or(0, |e| e.answers.len() as u64),
            records: newest.map_or(0, |e| e.census.records),
            completed_at: newest.map(|e| e.completed_at.to_string()),
            age_hours: age.map(|hours| (hours * 10.0).round() / 10.0),
            due: is_due(run, source, network)?,
            failed: record.failed.clone().map(|f| (f.on, f.problem)),
            vintage: about.vintage,
            vintages: newest.map(vintages).unwrap_or_default(),
        })
    };
    asked_sources(run.plan).map(row).collect()
}
