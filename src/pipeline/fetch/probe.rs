//! Whether services answer today, and how old their answers are.

use super::record::{Edition, SourceRecord};
use super::{Network, asked_sources, is_due};
use crate::acquire::fetch::{Asking, Fetched, Fetcher, Manners};
use crate::acquire::services::{Answer, Ask};
use crate::pipeline::plan::RobotsPolicy;
use crate::pipeline::{Run, RunError};
use crate::store::Scratch;
use crate::types::Date;
use serde::Serialize;
use std::collections::BTreeMap;
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

/// Asks every service its first question and keeps nothing.
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
        let ask = Ask::new(&about, &source.ask, network.today);
        let first = ask.and_then(|ask| service.first(&ask)).map(|requests| requests.into_iter().next());
        let Ok(Some(request)) = first else { continue };
        let asking = Asking {
            request: &request,
            pause: Duration::ZERO,
            robots: source.robots == RobotsPolicy::Follow,
            kept: None,
            credential: None,
            verdict: &|answer: &Answer<'_>| service.verdict(answer),
        };
        let mut scratch = Scratch::create(run.data)?;
        let outcome = fetcher.fetch(&asking, &mut scratch);
        let (usable, found) = match outcome {
            Ok(Fetched::Data(head)) => {
                let vintage = ["last-modified", "etag"].iter().find_map(|name| head.headers.get(*name));
                let vintage = vintage.map(|v| format!(", {v}")).unwrap_or_default();
                (true, format!("status {}, {} bytes{vintage}", head.status, head.byte_count))
            }
            Ok(Fetched::Unchanged) => (true, "unchanged".to_owned()),
            Ok(Fetched::Nothing(words)) => (true, format!("nothing: {words}")),
            Err(error) => (false, error.problem),
        };
        let url = crate::acquire::fetch::shown(&request.url);
        probes.push(Probe { source: source.id.to_string(), service: about.id, url, usable, found });
    }
    Ok(probes)
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
pub fn freshness(run: &Run<'_>, network: &Network) -> Vec<Freshness> {
    let row = |(source, service): (&crate::pipeline::Source, &'static dyn crate::acquire::services::Service)| {
        let record = SourceRecord::of(run.plan.name.as_str(), run.data, source.id.as_str());
        let newest = record.newest();
        let age = newest.map(|e| network.now.duration_since(e.completed_at).as_secs_f64() / 3600.0);
        let about = service.about();
        Freshness {
            source: source.id.to_string(),
            service: about.id,
            sets: record.editions.len() as u64,
            answers: newest.map_or(0, |e| e.answers.len() as u64),
            records: newest.map_or(0, |e| e.census.records),
            completed_at: newest.map(|e| e.completed_at.to_string()),
            age_hours: age.map(|hours| (hours * 10.0).round() / 10.0),
            due: is_due(run, source, network),
            failed: record.failed.clone().map(|f| (f.on, f.problem)),
            vintage: about.vintage,
            vintages: newest.map(vintages).unwrap_or_default(),
        }
    };
    asked_sources(run.plan).map(row).collect()
}
