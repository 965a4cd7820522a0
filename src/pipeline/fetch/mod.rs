//! Wires the network: every source with a service is asked, its answers become snapshots, and a complete set that can be
//! believed takes the place of the last one. Whatever goes wrong, the last good set stays.

mod probe;
mod purge;
mod read;
mod record;
mod walk;

pub use probe::{Freshness, Probe, freshness, probe};
pub use purge::{Purged, purge};
pub(super) use read::{AnswerFile, answer_files, read_postings, unreadable};
pub(super) use record::SourceRecord;
pub(super) use walk::NOTHING;

use super::drift::{self, Census};
use super::plan::{Source, SourceKind};
use super::{Run, RunError};
use crate::acquire::fetch::{Fetcher, Manners};
use crate::acquire::services::{self, Ask, Service};
use crate::types::{AcceptedDrift, Date};
use jiff::Timestamp;
use record::{Edition, Failure};
use std::sync::atomic::{AtomicUsize, Ordering};
use walk::{Broken, Walk};

/// Sources asked at a time; each host has its own pace beside it.
const WORKERS: usize = 8;

/// That the network may be used, and when it is.
#[derive(Debug, Clone, Copy)]
pub struct Network {
    /// Moment of the run.
    pub now: Timestamp,
    /// Day of the run, which certificates carry.
    pub today: Date,
    /// Asks for everything, whatever is kept (`--refresh`).
    pub refresh: bool,
}

impl Network {
    /// A run that begins now; its day is that of universal time.
    pub fn at(now: Timestamp, refresh: bool) -> Option<Self> {
        let now = now.round(jiff::Unit::Second).unwrap_or(now);
        Some(Self { now, today: day_of(now)?, refresh })
    }
}

/// Day of a moment, in universal time.
fn day_of(moment: Timestamp) -> Option<Date> {
    moment.to_string().get(..10)?.parse().ok()
}

/// Sources of a plan that are asked over the network, with their services.
pub(super) fn asked_sources(plan: &super::Plan) -> impl Iterator<Item = (&Source, &'static dyn Service)> {
    let service = |s: &Source| s.service.as_deref().and_then(services::named);
    plan.sources.iter().filter_map(move |source| Some((source, service(source)?)))
}

/// Asks every source that is due. A source that gives nothing is recorded as failed and does not stop the others.
///
/// # Errors
/// When the network cannot be used at all, or the disk refuses.
pub fn ask(run: &Run<'_>, network: &Network) -> Result<(), RunError> {
    let due: Vec<_> = asked_sources(run.plan).filter(|(source, _)| is_due(run, source, network)).collect();
    if due.is_empty() {
        return Ok(());
    }
    let manners = Manners::new(run.plan.fetch.clone(), network.now);
    let next = AtomicUsize::new(0);
    let worker = || -> Result<(), RunError> {
        let network_error = |detail| RunError::Given { key: "fetch", detail };
        let fetcher = Fetcher::new(&manners, &run.plan.folder).map_err(network_error)?;
        while let Some((source, service)) = due.get(next.fetch_add(1, Ordering::Relaxed)) {
            ask_source(run, network, &fetcher, source, *service)?;
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..due.len().min(WORKERS)).map(|_| scope.spawn(worker)).collect();
        let lost = || RunError::Stage { stage: "acquire", detail: "a thread that asks services was lost".to_owned() };
        workers.into_iter().try_for_each(|w| w.join().map_err(|_| lost())?)
    })
}

/// Whether the answers that are kept are too old, of another question, or not whole.
fn is_due(run: &Run<'_>, source: &Source, network: &Network) -> bool {
    let record = SourceRecord::of(run.plan.name.as_str(), run.data, source.id.as_str());
    let Some(newest) = record.newest() else { return true };
    let age = network.now.duration_since(newest.completed_at).as_secs_f64() / 3600.0;
    let is_whole = record.begun.is_none() && record.failed.is_none() && newest.purged_on.is_none();
    network.refresh || !is_whole || newest.asked != walk::asked(source) || age >= run.plan.fetch.fresh_hours
}

fn ask_source(
    run: &Run<'_>,
    network: &Network,
    fetcher: &Fetcher<'_>,
    source: &Source,
    service: &'static dyn Service,
) -> Result<(), RunError> {
    let mut record = SourceRecord::of(run.plan.name.as_str(), run.data, source.id.as_str());
    let outcome = edition(run, network, fetcher, source, service, &mut record);
    match outcome {
        Ok(edition) => {
            record.failed = None;
            promote(&mut record, edition, source.kind);
        }
        Err(Broken::Run(error)) => return Err(error),
        Err(Broken::Source(problem)) => {
            record.failed = Some(Failure { on: network.today, problem });
        }
    }
    record.keep(run, source.id.as_str())?;
    // After the set itself: a crash in between leaves a walk to go on from, never neither.
    record.keep_begun(run, source.id.as_str())
}

/// A complete set of answers that can be believed.
fn edition(
    run: &Run<'_>,
    network: &Network,
    fetcher: &Fetcher<'_>,
    source: &Source,
    service: &'static dyn Service,
    record: &mut SourceRecord,
) -> Result<Edition, Broken> {
    let ask = Ask::new(&service.about(), &source.ask, network.today).map_err(|e| Broken::Source(e.to_string()))?;
    let walk = Walk { run, source, service, ask, fetcher, now: network.now, refresh: network.refresh };
    let mut edition = walk.walk(record)?;
    edition.census = census(run, source, service, &edition)?;
    let last = record.editions.iter().rev().find(|e| e.asked == edition.asked);
    if let Some(last) = last {
        edition.accepted = drifted(run, source, last, &edition)?;
    }
    Ok(edition)
}

/// The change of a source since its last good set, where somebody accepted it.
fn drifted(run: &Run<'_>, source: &Source, last: &Edition, now: &Edition) -> Result<Option<AcceptedDrift>, Broken> {
    let rules = &source.contract.drift(&run.plan.drift);
    match (drift::drift(source.id.as_str(), &last.census, &now.census, rules), run.accept_drift) {
        (None, _) => Ok(last.accepted.clone().filter(|_| last.census.snapshots == now.census.snapshots)),
        (Some(found), Some(reason)) => Ok(Some(found.accepted(reason))),
        (Some(found), None) => Err(Broken::Source(drift::refusal(&[found], rules))),
    }
}

/// Reads an edition as a stage would, and counts: what cannot be read is not promoted.
fn census(run: &Run<'_>, source: &Source, service: &dyn Service, edition: &Edition) -> Result<Census, Broken> {
    let files = read::files_of(run, source, edition);
    let counted = read::count(run.plan, source, service, &files).map_err(|e| Broken::Source(e.to_string()))?;
    let (least, most) = service.about().records;
    if counted.kept == 0 && counted.rejected > 0 {
        let first = counted.first_reject.unwrap_or_default();
        let problem = format!("none of its {} records can be used (the first: {first})", counted.rejected);
        return Err(Broken::Source(problem));
    }
    if !(least..=most).contains(&counted.kept) {
        let problem = format!(
            "gave {} records, and {least} to {most} were expected; look at what is asked for, and at what the service answers",
            counted.kept
        );
        return Err(Broken::Source(problem));
    }
    if source.kind == SourceKind::Statistics {
        usable(&counted).map_err(Broken::Source)?;
    }
    let mut snapshots: Vec<String> = edition.records().map(|(_, id)| id.0.clone()).collect();
    snapshots.sort();
    let fewest_of_country = if source.kind == SourceKind::Postings { super::acquire::COUNTRY_POSTINGS } else { 1 };
    let read::Counted { kept: records, valued, countries, .. } = counted;
    Ok(Census { records, valued, countries, fewest_of_country, snapshots })
}

/// Figures that cleaning would reject, or that are all missing, must not take the place of good ones.
fn usable(counted: &read::Counted) -> Result<(), String> {
    let read::Counted { kept, valued, unusable, .. } = counted;
    if unusable * 2 > *kept {
        let first = counted.first_unusable.as_deref().unwrap_or_default();
        return Err(format!("{unusable} of its {kept} figures cannot be used (the first: {first})"));
    }
    if *valued == 0 {
        return Err(format!(
            "none of its {kept} figures has a value; look at what is asked for, and at what the service answers"
        ));
    }
    Ok(())
}

/// Postings leave a board within weeks, so every set of them stays; of everything else the newest counts.
fn promote(record: &mut SourceRecord, edition: Edition, kind: SourceKind) {
    let is_same = record.newest().is_some_and(|newest| {
        newest.asked == edition.asked
            && newest.census.snapshots == edition.census.snapshots
            && newest.purged_on.is_none()
    });
    if is_same || kind != SourceKind::Postings {
        record.editions.pop();
    }
    record.editions.push(edition);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_that_are_all_missing_or_mostly_unusable_are_no_set() {
        let counted = |kept, valued, unusable| read::Counted {
            kept,
            valued,
            unusable,
            first_unusable: Some("column area: 'XYZ'".to_owned()),
            ..read::Counted::default()
        };
        assert!(usable(&counted(308, 1, 154)).is_ok());
        assert!(usable(&counted(308, 0, 0)).unwrap_err().contains("none of its 308 figures has a value"));
        let said = usable(&counted(308, 1, 307)).unwrap_err();
        assert!(said.contains("307 of its 308 figures") && said.contains("'XYZ'"), "{said}");
    }
}
