//! Wires the network: every source with a service is asked, its answers become snapshots, and a complete set that can be
//! believed takes the place of the last one. Whatever goes wrong, the last good set stays.

mod probe;
mod purge;
mod read;
mod record;
mod walk;

pub use probe::{Freshness, Probe, freshness, probe};
pub use purge::{Purged, purge};
pub(super) use read::{AnswerFile, answer_files, damaged, read_postings, unreadable};
pub(super) use record::{SourceRecord, verify};
pub(super) use walk::NOTHING;

use super::drift::{self, Census};
use super::plan::{Source, SourceKind};
use super::{Run, RunError};
use crate::acquire::fetch::{Fetcher, Manners, without_key};
use crate::acquire::services::{self, Ask, Service};
use crate::types::{AcceptedDrift, Date};
use jiff::{RoundMode, Timestamp, TimestampRound, Unit};
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
    /// A run that begins now; its day is that of universal time. The second that has begun counts, so that no wait up
    /// to a moment is too short.
    pub fn at(now: Timestamp, refresh: bool) -> Option<Self> {
        let begun = TimestampRound::new().smallest(Unit::Second).mode(RoundMode::Floor);
        let now = now.round(begun).unwrap_or(now);
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
    let mut due = Vec::new();
    for (source, service) in asked_sources(run.plan) {
        if is_due(run, source, network)? {
            due.push((source, service));
        }
    }
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
fn is_due(run: &Run<'_>, source: &Source, network: &Network) -> Result<bool, RunError> {
    let record = SourceRecord::of(run.plan.name.as_str(), run.data, source.id.as_str())?;
    let Some(newest) = record.newest() else { return Ok(true) };
    // Older sets cannot be asked for again, so what they lack is no reason to ask.
    let mut ids = newest.answers.iter().filter_map(|answer| answer.snapshot.as_ref());
    let is_whole = record.begun.is_none()
        && record.failed.is_none()
        && newest.purged_on.is_none()
        && ids.all(|id| run.data.snapshot_path(&id.0).exists());
    let is_fresh = is_fresh(newest.completed_at, network.now, run.plan.fetch.fresh_hours);
    Ok(network.refresh || !is_whole || newest.asked != walk::asked(source) || !is_fresh)
}

/// Whether answers are young enough; those of a moment to come are of a clock that was set back.
fn is_fresh(completed_at: Timestamp, now: Timestamp, fresh_hours: f64) -> bool {
    let age = now.duration_since(completed_at).as_secs_f64() / 3600.0;
    (0.0..fresh_hours).contains(&age)
}

fn ask_source(
    run: &Run<'_>,
    network: &Network,
    fetcher: &Fetcher<'_>,
    source: &Source,
    service: &'static dyn Service,
) -> Result<(), RunError> {
    let mut record = SourceRecord::of(run.plan.name.as_str(), run.data, source.id.as_str())?;
    let outcome = edition(run, network, fetcher, source, service, &mut record);
    match outcome {
        Ok(edition) => {
            record.failed = None;
            promote(&mut record, edition, source.kind);
            if network.refresh {
                leave_out_damaged(run, network, source, &mut record);
            }
        }
        Err(Broken::Run(error)) => return Err(error),
        Err(Broken::Source(problem)) => {
            let key = walk::secret(service).map(|(_, key)| key).unwrap_or_default();
            record.failed = Some(Failure { on: network.today, problem: without_key(problem, &key) });
        }
    }
    record.keep(run, source.id.as_str())?;
    // After the set itself: a crash in between leaves a walk to go on from, never neither.
    record.keep_begun(run, source.id.as_str())
}

/// Older sets whose bytes are damaged or lost, and did not come again when all was asked for: they count as removed, or
/// nothing of the source could be read any more.
fn leave_out_damaged(run: &Run<'_>, network: &Network, source: &Source, record: &mut SourceRecord) {
    for edition in record.editions.iter_mut().filter(|edition| edition.purged_on.is_none()) {
        let mut ids = edition.answers.iter().filter_map(|answer| answer.snapshot.as_ref());
        let Some(id) = ids.find(|id| !run.data.is_sound(&id.0)) else { continue };
        let day = day_of(edition.completed_at).map(|day| day.to_string()).unwrap_or_default();
        run.progress.warn(&format!(
            "source '{}': its answers of {day} are left out from now on: snapshot {} is damaged or gone",
            source.id, id.0
        ));
        edition.purged_on = Some(network.today);
    }
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
        (Some(found), None) => {
            let said = drift::refusal(&[found], rules);
            // Whoever tells it names the source.
            let named = format!("source '{}': ", source.id);
            Err(Broken::Source(said.strip_prefix(&named).unwrap_or(&said).to_owned()))
        }
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
    fn answers_of_a_moment_to_come_are_asked_for_again() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let now = at("2026-11-27T08:00:00Z");
        assert!(is_fresh(now, now, 20.0) && is_fresh(at("2026-11-26T12:00:01Z"), now, 20.0));
        assert!(!is_fresh(at("2026-11-26T12:00:00Z"), now, 20.0) && !is_fresh(at("2031-01-01T00:00:00Z"), now, 20.0));
    }

    #[test]
    fn a_run_begins_with_the_second_that_has_begun() {
        let network = Network::at("2026-11-27T23:59:59.9Z".parse().unwrap(), false).unwrap();
        assert_eq!(network.now, "2026-11-27T23:59:59Z".parse::<Timestamp>().unwrap());
        assert_eq!(network.today, jiff::civil::date(2026, 11, 27));
    }

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
