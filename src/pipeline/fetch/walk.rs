//! One source, asked from its first question to its last answer; nothing is promoted before the set is complete.

use super::record::{Begun, Edition, KeptAnswer, Missed, SourceRecord};
use crate::acquire::fetch::{Asking, Body, FetchError, Fetched, Fetcher, Head};
use crate::acquire::services::{Answer, Ask, Expects, Request, Role, Service, Verdict};
use crate::pipeline::drift::Census;
use crate::pipeline::plan::{RobotsPolicy, Source};
use crate::pipeline::{Run, RunError};
use crate::store::{Scratch, StoreError, hash_bytes};
use crate::types::{Snapshot, SnapshotId};
use jiff::Timestamp;
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::io::{self, Read};
use std::time::{Duration, Instant};

/// Hours after which answers of an interrupted walk are too old to go on from.
const RESUMED_HOURS: i64 = 24;

/// How far into an answer a service looks for its own word of how new it is.
const VINTAGE_BYTES: u64 = 64 << 10;

/// Where an answer without bytes keeps the service's words for there being nothing, if the plan asked for it.
pub(in crate::pipeline) const NOTHING: &str = "nothing";

/// Headers that a certificate keeps.
const VINTAGE_HEADERS: [&str; 6] =
    ["etag", "last-modified", "content-type", "date", "x-api-version", "content-language"];

impl Body for Scratch {
    fn restart(&mut self) -> io::Result<()> {
        Scratch::restart(self)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        Scratch::write(self, bytes)
    }

    fn reader(&mut self) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(Scratch::reader(self)?))
    }
}

/// Why a walk ended without a complete set.
pub(super) enum Broken {
    /// The source is refused; others go on.
    Source(String),
    /// The run cannot go on.
    Run(RunError),
}

impl From<StoreError> for Broken {
    fn from(error: StoreError) -> Self {
        Broken::Run(error.into())
    }
}

impl From<RunError> for Broken {
    fn from(error: RunError) -> Self {
        Broken::Run(error)
    }
}

impl From<FetchError> for Broken {
    fn from(error: FetchError) -> Self {
        Broken::Source(error.to_string())
    }
}

/// What a walk works with.
pub(super) struct Walk<'a> {
    pub(super) run: &'a Run<'a>,
    pub(super) source: &'a Source,
    pub(super) service: &'static dyn Service,
    pub(super) ask: Ask<'a>,
    pub(super) fetcher: &'a Fetcher<'a>,
    pub(super) now: Timestamp,
    /// Asks without conditions, as if nothing were kept.
    pub(super) refresh: bool,
}

/// What is asked, by hash: another question is another walk.
pub(super) fn asked(source: &Source) -> String {
    hash_bytes(serde_json::json!([source.service, source.ask]).to_string().as_bytes())
}

/// Header and value that prove to a service who asks, where the environment has it.
pub(super) fn secret(service: &dyn Service) -> Option<(&'static str, String)> {
    let (variable, header) = service.about().credential?;
    Some((header, std::env::var(variable).ok()?))
}

impl Walk<'_> {
    /// Asks to the end.
    pub(super) fn walk(&self, record: &mut SourceRecord) -> Result<Edition, Broken> {
        let asked = asked(self.source);
        let resumed = record.begun.clone().filter(|b| b.asked == asked && self.is_young(b.started_at) && !self.refresh);
        let (mut known, mut begun) = self.resume(resumed, &asked);
        let missed: HashSet<String> = begun.missed.iter().map(|m| m.key.clone()).collect();
        let kept = self.kept(record, &asked);
        let refused = |e: &dyn std::fmt::Display| Broken::Source(e.to_string());
        let mut queue: VecDeque<Request> = self.service.first(&self.ask).map_err(|e| refused(&e))?.into();
        let planned: HashSet<String> = queue.iter().map(Request::key).collect();
        let (mut seen, started, most) = (HashSet::new(), Instant::now(), self.run.plan.fetch.questions);
        while let Some(request) = queue.pop_front() {
            if !seen.insert(request.key()) || missed.contains(&request.key()) {
                continue;
            }
            if seen.len() as u64 > most {
                let advice = "raise `fetch.questions` in the plan, or ask for less";
                return Err(Broken::Source(format!("asks more than {most} questions; {advice}")));
            }
            if let Some(answer) = known.remove(&request.key()) {
                let answer = KeptAnswer { request, ..answer };
                queue.extend(self.next(&answer)?);
                begun.answers.push(answer);
                continue;
            }
            match self.fetch(&request, kept.get(request.key().as_str())) {
                Ok(mut answer) => {
                    // Of what the plan asks for, or a list leads to, it is news that there is nothing; of a further
                    // part of an answer it is only the end.
                    let is_page = request.role == Role::Records && request.expects == Expects::Page;
                    if !is_page && !planned.contains(&request.key()) {
                        answer.headers.remove(NOTHING);
                    }
                    let more = self.next(&answer);
                    begun.answers.push(answer);
                    queue.extend(more?);
                }
                Err(Tried::Missed(problem)) => begun.missed.push(problem),
                Err(Tried::Broken(broken)) => return Err(broken),
            }
            record.begun = Some(begun.clone());
            record.keep_begun(self.run, self.source.id.as_str())?;
            let (done, waiting) = (seen.len() as u64, queue.len() as u64);
            self.run.progress.asked(self.source.id.as_str(), done, waiting, started.elapsed());
        }
        record.begun = None;
        let Begun { asked, answers, missed, .. } = begun;
        // A set of nothing but misses is none, and all of it is asked for again.
        if let (true, Some(first)) = (answers.is_empty(), missed.first()) {
            let (count, url, problem) = (missed.len(), &first.url, &first.problem);
            let advice = "look at what the plan asks for";
            let words = format!("none of its {count} questions was answered (the first: {url}: {problem}); {advice}");
            return Err(Broken::Source(words));
        }
        let (census, accepted, purged_on) = (Census::default(), None, None);
        Ok(Edition { asked, completed_at: self.now, answers, missed, census, accepted, purged_on })
    }

    /// A moment to come says that the clock was set back: how old the answers are is not known.
    fn is_young(&self, then: Timestamp) -> bool {
        let age = self.now.duration_since(then);
        !age.is_negative() && age.as_hours() < RESUMED_HOURS
    }

    /// Answers to go on from, by question, and the walk they belong to.
    fn resume(&self, resumed: Option<Begun>, asked: &str) -> (HashMap<String, KeptAnswer>, Begun) {
        let fresh = |started_at, missed| Begun { asked: asked.to_owned(), started_at, answers: Vec::new(), missed };
        let Some(begun) = resumed else { return (HashMap::new(), fresh(self.now, Vec::new())) };
        let there = |a: &KeptAnswer| a.snapshot.as_ref().is_none_or(|id| self.run.data.is_sound(&id.0));
        let started_at = begun.started_at;
        let known = begun.answers.into_iter().filter(there).map(|answer| (answer.request.key(), answer)).collect();
        (known, fresh(started_at, begun.missed))
    }

    /// Answers of the newest edition that a service can be asked to confirm.
    fn kept(&self, record: &SourceRecord, asked: &str) -> HashMap<String, KeptAnswer> {
        let newest = record.newest().filter(|e| e.asked == asked && e.purged_on.is_none() && !self.refresh);
        let answers = newest.into_iter().flat_map(|e| &e.answers);
        let there = |a: &&KeptAnswer| a.snapshot.as_ref().is_some_and(|id| self.run.data.is_sound(&id.0));
        answers.filter(there).map(|answer| (answer.request.key(), answer.clone())).collect()
    }

    /// Where an answer leads.
    fn next(&self, answer: &KeptAnswer) -> Result<Vec<Request>, Broken> {
        let Some(id) = &answer.snapshot else { return Ok(Vec::new()) };
        let mut body = Vec::new();
        let limit = self.run.plan.fetch.document_bytes;
        let path = self.run.data.snapshot_path(&id.0);
        let unread = |source| StoreError::Io { action: "read", path, source };
        self.run.data.open_snapshot(id)?.take(limit).read_to_end(&mut body).map_err(unread)?;
        let (request, url) = (&answer.request, answer.url.as_str());
        let whole = Answer { request, url, status: answer.status, headers: &answer.headers, body: &body };
        self.service.next(&self.ask, &whole).map_err(|e| Broken::Source(e.to_string()))
    }

    fn fetch(&self, request: &Request, kept: Option<&KeptAnswer>) -> Result<KeptAnswer, Tried> {
        let about = self.service.about();
        let secret = secret(self.service);
        let header = |name: &str| kept.and_then(|k| k.headers.get(name)).map(String::as_str).unwrap_or_default();
        let conditions = (header("etag"), header("last-modified"));
        let verdict = |answer: &Answer<'_>| -> Verdict { self.service.verdict(answer) };
        let asking = Asking {
            request,
            pause: Duration::try_from_secs_f64(about.pause_seconds).unwrap_or_default(),
            robots: self.source.robots == RobotsPolicy::Follow,
            kept: kept.filter(|_| conditions != ("", "")).map(|_| conditions),
            credential: secret.as_ref().map(|(header, value)| (*header, value.as_str())),
            verdict: &verdict,
        };
        let mut scratch = Scratch::create(self.run.data)?;
        let today = self.ask.today;
        match self.fetcher.fetch(&asking, &mut scratch) {
            Ok(Fetched::Data(head)) => Ok(self.keep(request, head, scratch)?),
            Ok(Fetched::Unchanged) => {
                let missing = || Tried::Broken(Broken::Source("what was kept is gone; ask with --refresh".to_owned()));
                // The question may carry another note than last time.
                let request = request.clone();
                Ok(KeptAnswer { request, retrieved_on: today, ..kept.ok_or_else(missing)?.clone() })
            }
            Ok(Fetched::Nothing(words)) => {
                let headers = BTreeMap::from([(NOTHING.to_owned(), words)]);
                let (request, url) = (request.clone(), crate::acquire::fetch::public(&request.url));
                Ok(KeptAnswer { request, url, status: 204, headers, snapshot: None, retrieved_on: today })
            }
            Err(error) if request.optional && request.role == Role::Records && is_shut(&error) => {
                let advice = "the service shuts its door, so no other page is asked for and nothing is taken over; \
                              the next run goes on from here";
                Err(Tried::Broken(Broken::Source(format!("{error}; {advice}"))))
            }
            Err(error) if request.optional && !error.parked => {
                Err(Tried::Missed(Missed { key: request.key(), url: error.url, problem: error.problem }))
            }
            Err(error) => Err(Tried::Broken(error.into())),
        }
    }

    /// Makes an answer a snapshot.
    fn keep(&self, request: &Request, head: Head, scratch: Scratch) -> Result<KeptAnswer, StoreError> {
        let (id, byte_count) = scratch.content();
        let mut headers = head.headers;
        headers.retain(|name, _| VINTAGE_HEADERS.contains(&name.as_str()));
        let mut beginning = Vec::new();
        let unread = |source| StoreError::Io { action: "read", path: self.run.data.root().to_owned(), source };
        let mut reader = Scratch::reader(&scratch).map_err(unread)?.take(VINTAGE_BYTES);
        reader.read_to_end(&mut beginning).map_err(unread)?;
        let vintage = self.service.vintage(&String::from_utf8_lossy(&beginning));
        headers.extend(vintage.map(|vintage| ("vintage".to_owned(), vintage)));
        let certificate = self.certificate(&id, &head.url, head.status, &headers, byte_count);
        scratch.keep(self.run.data, &certificate)?;
        let (request, retrieved_on) = (request.clone(), self.ask.today);
        Ok(KeptAnswer { request, url: head.url, status: head.status, headers, snapshot: Some(id), retrieved_on })
    }

    fn certificate(
        &self,
        id: &SnapshotId,
        url: &str,
        status: u16,
        headers: &BTreeMap<String, String>,
        byte_count: u64,
    ) -> Snapshot {
        let media_type = headers.get("content-type").and_then(|t| t.split(';').next()).unwrap_or_default();
        Snapshot {
            id: id.clone(),
            source: self.source.id.clone(),
            url: url.to_owned(),
            retrieved_on: Some(self.ask.today),
            media_type: media_type.trim().to_owned(),
            byte_count,
            licence: self.source.licence.clone().or_else(|| Some(self.service.about().terms.to_owned())),
            status: Some(status),
            headers: headers.clone(),
        }
    }
}

/// Whether a service asks to be left alone (design/sources.md 0.2, rule 12), also after further tries. A page that is gone
/// can be missed.
fn is_shut(error: &FetchError) -> bool {
    ["status 403", "status 429"].iter().any(|status| error.problem.starts_with(status))
}

/// A question that gave no answer to go on with.
enum Tried {
    /// It could be missed.
    Missed(Missed),
    /// The walk is over.
    Broken(Broken),
}

impl From<StoreError> for Tried {
    fn from(error: StoreError) -> Self {
        Tried::Broken(error.into())
    }
}
