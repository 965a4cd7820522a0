//! One kit for every service: a complete walk, and what must happen when the network, the service or the data go wrong.
//! Letters and numbers are those of the catalogue of faults in CONTRIBUTING.

use crate::loopback::{Authority, Fault, Server, gzip};
use crate::services::{Asked, Case, Reply, cases};
use crate::support::{gunzip, root};
use skillgap::pipeline::{self, Freshness, Network, Plan, Progress, Run, RunError, RunSummary, Stage};
use skillgap::store::DataDir;
use skillgap::types::StageCount;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

/// Hears what a run says.
#[derive(Default)]
pub struct Heard(pub Mutex<Vec<String>>);

impl Progress for Heard {
    fn start(&self, _: Stage, _: Option<u64>) {}
    fn advance(&self, _: u64) {}
    fn finish(&self, _: Stage, _: &[StageCount]) {}
    fn reused(&self, _: Stage) {}
    fn warn(&self, message: &str) {
        self.0.lock().unwrap().push(message.to_owned());
    }
}

/// A plan with one service, asked at a server of ours, and a data directory.
pub struct World {
    folder: tempfile::TempDir,
    server: Server,
    pub plan: PathBuf,
    hours: i64,
}

const FETCH: &str = "contact = 'tests@example.org'\npause_seconds = 0.0\nbackoff_seconds = 0.001\nretries = 2\n\
    header_seconds = 10.0\nidle_seconds = 10.0\ntotal_seconds = 60.0\nbytes_per_second = 1000\nrate_after_seconds = 9.0\n\
    wire_bytes = 20000000\ndecoded_bytes = 40000000\n";

impl World {
    fn of(case: &Case) -> Self {
        Self::with(case, Server::start(case.reply), "allow_private_hosts = ['127.0.0.1']\n")
    }

    pub fn with(case: &Case, server: Server, fetch: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let plan = folder.path().join("kit.toml");
        let base = format!("{}{}", server.base(), case.base_path);
        std::fs::write(&plan, plan_text(case, folder.path(), &base, fetch)).unwrap();
        Self { folder, server, plan, hours: 0 }
    }

    pub fn data(&self) -> DataDir {
        DataDir::new(&self.folder.path().join("data"))
    }

    fn network(&self, refresh: bool) -> Network {
        // A day later each time: what is kept is too old, and is asked for again.
        let now = "2026-11-26T08:00:00Z".parse::<jiff::Timestamp>().unwrap();
        Network::at(now.checked_add(jiff::SignedDuration::from_hours(self.hours)).unwrap(), refresh).unwrap()
    }

    /// Asks, and says how the source stands.
    fn ask(&mut self) -> Freshness {
        self.ask_accepting(None)
    }

    fn ask_accepting(&mut self, reason: Option<&str>) -> Freshness {
        self.hours += 24;
        let (plan, data, heard) = (Plan::read(&self.plan).unwrap(), self.data(), Heard::default());
        let mut run = Run::new(&plan, &data, &heard, false);
        run.accept_drift = reason;
        pipeline::ask(&run, &self.network(false)).unwrap();
        pipeline::freshness(&run, &self.network(false)).unwrap().remove(0)
    }

    /// Runs the first stage; asks only where there is a network.
    pub fn acquire(&mut self, online: bool) -> Result<RunSummary, RunError> {
        self.through(Stage::Acquire, online)
    }

    pub fn through(&mut self, stage: Stage, online: bool) -> Result<RunSummary, RunError> {
        self.hours += 24;
        let (plan, data, heard) = (Plan::read(&self.plan).unwrap(), self.data(), Heard::default());
        let mut run = Run::new(&plan, &data, &heard, false);
        run.network = online.then(|| self.network(false));
        run.through(stage)
    }

    /// Everything the stages kept, as text.
    fn records(&self) -> String {
        let folder = self.data().stage("kit", "acquire");
        let mut all = String::new();
        for name in ["observations.json", "credentials.json", "taxonomy-service.json"] {
            all.push_str(&std::fs::read_to_string(folder.join(name)).unwrap_or_default());
        }
        let cleaned = self.data().stage("kit", "clean").join("observations.parquet");
        for rows in skillgap::store::read_table::<skillgap::types::Observation>(&cleaned).unwrap() {
            all.push_str(&serde_json::to_string(&rows.unwrap()).unwrap());
        }
        let cleaned = self.data().stage("kit", "clean").join("postings.parquet");
        for rows in skillgap::store::read_table::<skillgap::types::Posting>(&cleaned).unwrap() {
            all.push_str(&serde_json::to_string(&rows.unwrap()).unwrap());
        }
        let table = folder.join("postings-service.parquet");
        if table.exists() {
            for rows in skillgap::store::read_table::<skillgap::types::RawPosting>(&table).unwrap() {
                all.push_str(&serde_json::to_string(&rows.unwrap()).unwrap());
            }
        }
        all
    }
}

/// What matters of how a source stands.
fn short(now: &Freshness) -> String {
    let failed = now.failed.as_ref().map(|(_, problem)| problem.as_str());
    format!("{} records of {} answers, {} sets, {failed:?}", now.records, now.answers, now.sets)
}

/// Three postings, for the plan to be whole.
fn few_postings() -> &'static str {
    static FEW: OnceLock<String> = OnceLock::new();
    FEW.get_or_init(|| {
        let all = gunzip(&root().join("data/samples/postings.jsonl.gz"));
        all.lines().take(3).collect::<Vec<_>>().join("\n")
    })
}

fn plan_text(case: &Case, folder: &Path, base: &str, fetch: &str) -> String {
    let postings = folder.join("few.jsonl");
    std::fs::write(&postings, few_postings()).unwrap();
    let source = |id: &str, kind: &str, path: &Path| {
        format!("[[source]]\nid = '{id}'\nkind = '{kind}'\npath = '{}'\n\n", path.display())
    };
    // The others make the plan whole; they are not looked at.
    let mut text = format!("name = 'kit'\ntitle = 'Kit'\nas_of = '2026-12-31'\n\n[fetch]\n{FETCH}{fetch}\n");
    text.push_str(&source("files-taxonomy", "taxonomy", &root().join("data/reference")));
    text.push_str(&source("files-credentials", "credentials", &root().join("data/samples/credentials.csv")));
    text.push_str(&source("files-postings", "postings", &postings));
    text.push_str(&format!(
        "[[source]]\nid = 'service'\nkind = '{}'\nservice = '{}'\n{}\n[source.ask]\nbase_url = '{base}'\n{}\n",
        case.kind, case.service, case.source, case.ask
    ));
    text
}

pub fn named(case: &Case, at: usize) -> String {
    format!("{} (case {at})", case.service)
}

#[test]
fn every_service_is_imitated_and_every_imitation_is_walked_to_its_end() {
    let known: Vec<&str> = skillgap::acquire::services::all().iter().map(|s| s.about().id).collect();
    let imitated: Vec<&str> = cases().iter().map(|c| c.service).collect();
    for id in &known {
        assert!(imitated.contains(id), "{id} has no imitation");
    }
    let mut wrong = Vec::new();
    for (at, case) in cases().iter().enumerate() {
        let mut world = World::of(case);
        let summary = match world.through(Stage::Clean, true) {
            Ok(summary) => summary,
            Err(error) => {
                wrong.push(format!("{}: {error}", named(case, at)));
                continue;
            }
        };
        let seen = world.server.seen();
        let count = summary.counts.iter().find(|c| c.step == "acquire service");
        let found = count.map(|c| (c.kept, c.rejected));
        if !summary.refused.is_empty() || found != Some((case.kept, case.rejected)) || seen.len() != case.questions {
            let asked: Vec<String> = seen.iter().map(|a| format!("{} {:?} {}", a.path, a.query, a.body)).collect();
            wrong.push(format!(
                "{}: {found:?} of ({}, {}); {} of {} questions; {:?}\n    {}",
                named(case, at),
                case.kept,
                case.rejected,
                seen.len(),
                case.questions,
                summary.refused,
                asked.join("\n    ")
            ));
            continue;
        }
        let records = world.records();
        for text in case.shows {
            let quoted = serde_json::to_string(text).unwrap();
            if !records.contains(*text) && !records.contains(quoted.trim_matches('"')) {
                wrong.push(format!("{}: no '{text}' among what was read", named(case, at)));
            }
        }
        for asked in &seen {
            let agent = asked.header("user-agent").unwrap_or_default();
            let polite = agent.starts_with("skillgap/") && agent.contains("tests@example.org");
            if !polite || asked.header("accept-language") != Some("en") {
                wrong.push(format!("{}: asked as '{agent}'", named(case, at)));
            }
        }
        // D1: the same answers again add nothing, and without a network nothing is asked.
        let again = world.acquire(true).unwrap();
        let asked = world.server.seen().len();
        let offline = world.acquire(false).unwrap();
        for summary in [again, offline] {
            let found = summary.counts.iter().find(|c| c.step == "acquire service").map(|c| (c.kept, c.rejected));
            if found != Some((case.kept, case.rejected)) {
                wrong.push(format!("{}: the same again gives {found:?}", named(case, at)));
            }
        }
        if world.server.seen().len() != asked {
            wrong.push(format!("{}: asked although offline", named(case, at)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A case of each service: its other ways to ask fail alike.
fn one_each() -> Vec<Case> {
    let mut all = cases();
    all.dedup_by_key(|case| case.service);
    all
}

/// The limits of time of a plan, short or as long as a busy machine may need.
fn hurried(world: &World, hurried: bool) {
    let pairs =
        [("header_seconds", "10.0", "0.4"), ("idle_seconds", "10.0", "0.4"), ("rate_after_seconds", "9.0", "0.3")];
    let mut text = std::fs::read_to_string(&world.plan).unwrap();
    for (key, long, short) in pairs {
        let (from, to) = if hurried { (long, short) } else { (short, long) };
        text = text.replace(&format!("{key} = {from}"), &format!("{key} = {to}"));
    }
    std::fs::write(&world.plan, text).unwrap();
}

/// The first question of a walk goes wrong.
fn first(server: &Server, fault: Fault, times: usize) {
    nth(server, 1, fault, times);
}

/// So does the n-th of different ones.
fn nth(server: &Server, n: usize, fault: Fault, times: usize) {
    let count = AtomicUsize::new(0);
    let different: Mutex<Vec<String>> = Mutex::default();
    server.wrong(move |asked: &Asked| {
        let key = format!("{} {:?} {}", asked.path, asked.query, asked.body);
        let mut different = different.lock().unwrap();
        if !different.contains(&key) {
            different.push(key.clone());
        }
        let is_it = different.get(n - 1) == Some(&key);
        (is_it && count.fetch_add(1, Ordering::SeqCst) < times).then(|| fault.clone())
    });
}

/// The first question that a walk cannot do without: a description may be missed.
fn needed(case: &Case) -> usize {
    if case.service == "socrata" || case.ask.contains("inventory = true") { 2 } else { 1 }
}

fn status(status: u16, retry_after: &str) -> Fault {
    let reply = Reply::new(status, "text/plain", "slow down");
    Fault::Instead(if retry_after.is_empty() { reply } else { reply.with("retry-after", retry_after) })
}

fn login_page() -> Fault {
    Fault::Instead(Reply::new(200, "text/html", "<!DOCTYPE html><html><body><form>Log in</form></body></html>"))
}

#[test]
fn a_failure_that_passes_is_asked_again_and_costs_no_record() {
    let past = "Thu, 26 Nov 2015 08:00:00 GMT";
    let faults = [
        ("N1 length", Fault::CutLength),
        ("N1 chunks", Fault::CutChunked),
        ("N1 gzip", Fault::CutGzip),
        ("N2 empty", Fault::Instead(Reply::new(200, "text/plain", ""))),
        ("N3 0", status(429, "0")),
        ("N3 past", status(503, past)),
        ("N3 negative", status(429, "-10")),
        ("N3 garbage", status(503, "soon, I promise")),
        ("N3 bare 500", status(500, "")),
        ("N8 reset", Fault::Reset),
        ("N8 closed", Fault::Closed),
        ("packed", Fault::Gzip),
    ];
    let mut wrong = Vec::new();
    for (at, case) in one_each().iter().enumerate() {
        let mut world = World::of(case);
        let whole = world.ask();
        for (name, fault) in &faults {
            nth(&world.server, needed(case), fault.clone(), 1);
            let now = world.ask();
            if now.failed.is_some() || (now.records, now.answers) != (whole.records, whole.answers) {
                wrong.push(format!("{} {name}: {}", named(case, at), short(&now)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_failure_that_stays_is_told_in_words_and_the_last_good_answers_stay() {
    let faults = [
        ("N1 length", Fault::CutLength, "cut short"),
        ("N1 chunks", Fault::CutChunked, "cut short"),
        ("N1 gzip", Fault::CutGzip, "cut short"),
        ("N2 closed", Fault::CutClosed, ""),
        ("N2 login", login_page(), ""),
        ("N2 empty", Fault::Instead(Reply::new(200, "text/plain", "")), ""),
        ("N3 cap", status(429, "1000000000"), "fetch.retry_after_seconds"),
        ("N6 br", Fault::Packed("br", vec![1; 100]), "not asked for"),
        ("N6 nested", Fault::Packed("gzip, gzip", gzip(&gzip(b"{}"))), "not asked for"),
        ("N8 403", Fault::Instead(Reply::new(403, "text/plain", "forbidden")), "403"),
        ("N8 503", status(503, ""), "503"),
    ];
    let mut wrong = Vec::new();
    for (at, case) in one_each().iter().enumerate() {
        let mut world = World::of(case);
        let whole = world.ask();
        for (name, fault, words) in &faults {
            nth(&world.server, needed(case), fault.clone(), usize::MAX);
            let now = world.ask();
            let said = now.failed.as_ref().map(|(_, problem)| problem.clone()).unwrap_or_default();
            // A page that a fallback makes up for is no failure.
            let made_up_for = case.ask.contains("fallback") && matches!(*name, "N2 login" | "N8 403");
            if made_up_for && now.failed.is_none() && now.records == whole.records {
                continue;
            }
            if said.is_empty() || !said.contains(words) || now.records != whole.records || now.sets != whole.sets {
                wrong.push(format!("{} {name}: {}", named(case, at), short(&now)));
            }
        }
        // D5: down, and the last good answers are used and marked.
        world.server.wrong(|_| Some(status(503, "")));
        let summary = world.acquire(true).unwrap();
        let count = summary.counts.iter().find(|c| c.step == "acquire service").map(|c| c.kept);
        let marked = summary.refused.iter().any(|r| r.source == "service" && r.detail.contains("are used"));
        if count != Some(case.kept) || !marked {
            wrong.push(format!("{} D5: {count:?} {:?}", named(case, at), summary.refused));
        }
        world.server.wrong(|_| None);
        if let Some((_, problem)) = world.ask().failed {
            wrong.push(format!("{}: does not recover: {problem}", named(case, at)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_walk_that_was_interrupted_goes_on_from_where_it_stood() {
    let mut wrong = Vec::new();
    for (at, case) in one_each().iter().enumerate().filter(|(_, c)| c.questions > 1) {
        let mut world = World::of(case);
        let last = case.questions;
        let count = Arc::new(AtomicUsize::new(0));
        let asked = Arc::clone(&count);
        world
            .server
            .wrong(move |_| (asked.fetch_add(1, Ordering::SeqCst) + 1 >= last).then(|| status(429, "1000000000")));
        let broken = world.ask();
        world.server.wrong(|_| None);
        world.server.forget();
        // Within a day, or the answers would be too old to go on from.
        world.hours -= 23;
        let now = world.ask();
        let seen = world.server.seen().len();
        if broken.failed.is_none() || broken.sets != 0 || now.failed.is_some() || seen != 1 || now.records == 0 {
            wrong.push(format!("{}: {}, then {seen} questions, {}", named(case, at), short(&broken), short(&now)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn other_encodings_of_the_same_text_give_the_same_records_or_a_refusal() {
    let mut wrong = Vec::new();
    for (at, case) in one_each().iter().enumerate() {
        let whole = World::of(case).ask();
        for marks in [true, false] {
            let mut world = World::of(case);
            let reply = case.reply;
            world.server.wrong(move |asked| {
                let mut answer = reply(asked);
                // What is no UTF-8 to begin with stays as it is.
                let text = std::str::from_utf8(&answer.body).ok()?;
                if text.starts_with('\u{feff}') || answer.status != 200 {
                    return None;
                }
                let text = format!("\u{feff}{text}");
                let wide = || text.encode_utf16().flat_map(u16::to_le_bytes).collect();
                answer.body = if marks { text.as_bytes().to_vec() } else { wide() };
                Some(Fault::Instead(answer))
            });
            let now = world.ask();
            let is_same = now.failed.is_none() && now.records == whole.records;
            // A mark changes nothing; UTF-16 may be refused in words, and never read as something else.
            if !is_same && (marks || now.failed.is_none()) {
                wrong.push(format!("{} marks {marks}: {} instead of {}", named(case, at), short(&now), whole.records));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// One case that stands for all where the fetcher alone decides.
fn any_case() -> Case {
    cases().into_iter().find(|c| c.service == "greenhouse").unwrap()
}

fn said(world: &mut World) -> String {
    world.ask().failed.map(|(_, problem)| problem).unwrap_or_default()
}

#[test]
fn redirects_are_followed_by_hand_and_only_where_they_may_lead() {
    let case = any_case();
    let mut world = World::of(&case);
    let to = |target: &str| Fault::Instead(Reply::new(302, "text/plain", "").with("location", target));
    let (own, other) = (world.server.clone(), Server::start(case.reply));
    for (target, words) in [
        ("file:///etc/passwd".to_owned(), "only http and https"),
        ("data:text/plain,x".to_owned(), "only http and https"),
        ("ftp://example.org/x".to_owned(), "only http and https"),
        ("http://10.0.0.1/".to_owned(), "private network"),
        ("http://2130706434/".to_owned(), "private network"),
        ("http://0x7f.0.0.2/".to_owned(), "private network"),
        ("http://[::1]/".to_owned(), "private network"),
        ("http://[::ffff:10.1.1.1]/".to_owned(), "private network"),
        ("http://169.254.169.254/latest/meta-data".to_owned(), "private network"),
        ("http://localhost/".to_owned(), "private network"),
        (format!("{}/v1/boards/acme/jobs?content=true", own.base()), "redirects more than 10 times"),
        (String::new(), "redirects"),
    ] {
        first(&world.server, to(&target), usize::MAX);
        let problem = said(&mut world);
        assert!(problem.contains(words), "{target}: {problem}");
    }
    // To another host it is followed.
    first(&world.server, to(&format!("{}/v1/boards/acme/jobs?content=true", other.base())), usize::MAX);
    assert_eq!(said(&mut world), "");
    assert_eq!(other.seen().len(), 1);
}

#[test]
fn a_key_goes_to_the_host_it_is_for_and_to_no_other() {
    let case = cases().into_iter().find(|c| c.service == "socrata").unwrap();
    let (other, server) = (Server::start(case.reply), Server::start(case.reply));
    let target = other.base();
    server.wrong(move |asked| {
        let to = format!(
            "{target}{}?{}",
            asked.path,
            asked.query.iter().map(|(n, v)| format!("{n}={v}")).collect::<Vec<_>>().join("&")
        );
        Some(Fault::Instead(Reply::new(302, "text/plain", "").with("location", &to.replace(' ', "%20"))))
    });
    let world = World::with(&case, server, "allow_private_hosts = ['127.0.0.1']\n");
    let told = acquired_with_key(&world);
    let (here, there) = (world.server.seen(), other.seen());
    assert!(!here.is_empty() && !there.is_empty(), "{told}");
    assert!(here.iter().all(|a| a.header("x-app-token") == Some("sesame-7391")));
    assert!(there.iter().all(|a| a.header("x-app-token").is_none()));
}

/// What a run says that asks with a key, which must be nowhere in it, nor in what is kept.
fn acquired_with_key(world: &World) -> String {
    // The key is in the environment of a program of its own.
    let output = crate::support::skillgap()
        .args(["--data-dir"])
        .arg(world.folder.path().join("data"))
        .args(["acquire"])
        .arg(&world.plan)
        .env("SOCRATA_APP_TOKEN", "sesame-7391")
        .output()
        .unwrap();
    let kept = crate::support::tree(&world.folder.path().join("data"));
    for (name, bytes) in kept {
        assert!(!String::from_utf8_lossy(&bytes).contains("sesame-7391"), "{name} holds the key");
    }
    let told = crate::support::stderr(&output) + &crate::support::stdout(&output);
    assert!(!told.contains("sesame-7391"), "{told}");
    told
}

#[test]
fn a_key_that_a_service_quotes_when_it_refuses_it_is_neither_told_nor_kept() {
    let case = cases().into_iter().find(|c| c.service == "socrata").unwrap();
    let server = Server::start(|asked: &Asked| {
        let key = asked.header("x-app-token").unwrap_or_default();
        Reply::new(403, "application/json", format!("{{\"message\":\"Invalid app_token {key}\"}}"))
    });
    let world = World::with(&case, server, "allow_private_hosts = ['127.0.0.1']\n");
    let told = acquired_with_key(&world);
    assert!(told.contains("Invalid app_token ..."), "{told}");
    assert!(world.server.seen().iter().any(|a| a.header("x-app-token") == Some("sesame-7391")));
}

#[test]
fn no_plan_leads_into_a_private_network_unless_it_says_so() {
    let case = any_case();
    let server = Server::start(case.reply);
    let port = server.port;
    for host in [
        "127.0.0.1",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "10.0.0.7",
        "169.254.169.254",
    ] {
        let world = World::with(&case, server.clone(), "");
        let text = std::fs::read_to_string(&world.plan).unwrap().replace("127.0.0.1", host);
        std::fs::write(&world.plan, text).unwrap();
        let mut world = world;
        let problem = said(&mut world);
        assert!(problem.contains("private network"), "{host}:{port}: {problem}");
    }
    assert!(server.seen().is_empty() && server.robots_seen() == 0);
}

#[test]
fn bombs_and_endless_answers_are_refused_by_the_name_of_a_limit() {
    let mut world = World::of(&any_case());
    let zeros = vec![b' '; 60_000_000];
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut zlib, &zeros).unwrap();
    let zlib = zlib.finish().unwrap();
    for (fault, words) in [
        (Fault::Packed("gzip", gzip(&zeros)), "fetch."),
        (Fault::Packed("deflate", zlib), "fetch."),
        (Fault::Endless, "fetch.wire_bytes"),
        (Fault::Packed("zstd", vec![0x28, 0xb5, 0x2f, 0xfd]), "not asked for"),
    ] {
        first(&world.server, fault, usize::MAX);
        let problem = said(&mut world);
        assert!(problem.contains(words), "{problem}");
    }
}

#[test]
fn slow_answers_end_at_the_limits_of_time_and_rate() {
    let mut world = World::of(&any_case());
    hurried(&world, true);
    for (fault, words) in [
        (Fault::Silence(Duration::from_secs(2)), "fetch.header_seconds"),
        (Fault::Drip(Duration::from_millis(30)), "fetch.bytes_per_second"),
        (Fault::Drip(Duration::from_millis(700)), "fetch.idle_seconds"),
    ] {
        first(&world.server, fault, usize::MAX);
        let problem = said(&mut world);
        assert!(problem.contains(words), "{problem}");
    }
}

#[test]
fn what_cannot_pass_is_asked_once_and_what_can_a_few_times() {
    let mut world = World::of(&any_case());
    for (fault, times) in [
        (Fault::Instead(Reply::new(403, "text/plain", "no")), 1),
        (Fault::Instead(Reply::new(410, "text/plain", "gone")), 1),
        (status(503, ""), 3),
        (Fault::Closed, 3),
    ] {
        world.server.forget();
        first(&world.server, fault, usize::MAX);
        assert!(!said(&mut world).is_empty());
        assert_eq!(world.server.seen().len(), times);
    }
    // A name that does not exist is looked up again, and given up.
    let text = std::fs::read_to_string(&world.plan).unwrap();
    let base = world.server.base();
    std::fs::write(&world.plan, text.replace(&base, "http://nobody.invalid")).unwrap();
    let problem = said(&mut world);
    assert!(problem.contains("cannot be reached"), "{problem}");
}

#[test]
fn https_is_not_left_for_http_and_a_bad_certificate_is_asked_once() {
    let case = any_case();
    let authority = Authority::new();
    let trust = "allow_private_hosts = ['127.0.0.1']\ncertificates = ['authority.pem']\n";
    let at_https = |server: &Server, fetch: &str| {
        let world = World::with(&case, server.clone(), fetch);
        std::fs::write(world.folder.path().join("authority.pem"), &authority.pem).unwrap();
        let text = std::fs::read_to_string(&world.plan).unwrap();
        std::fs::write(&world.plan, text.replace("http://127.0.0.1", "https://127.0.0.1")).unwrap();
        world
    };
    // Signed by an authority that the plan trusts beside the system's.
    let valid = Server::start_tls(&authority, 2120, case.reply);
    let mut world = at_https(&valid, trust);
    assert_eq!(said(&mut world), "");
    // Sent on to plain http, it stops there.
    let plain = Server::start(case.reply);
    let target = format!("{}/v1/boards/acme/jobs?content=true", plain.base());
    first(&valid, Fault::Instead(Reply::new(301, "text/plain", "").with("location", &target)), usize::MAX);
    let problem = said(&mut world);
    assert!(problem.contains("from https to http"), "{problem}");
    assert!(plain.seen().is_empty());
    // An authority that nobody trusts, and a certificate that has expired.
    for (until, fetch) in [(2120, "allow_private_hosts = ['127.0.0.1']\n"), (2021, trust)] {
        let server = Server::start_tls(&authority, until, case.reply);
        let mut world = at_https(&server, fetch);
        let problem = said(&mut world);
        assert!(problem.contains("certificate"), "{until}: {problem}");
        assert_eq!((server.connections(), server.seen().len()), (1, 0), "{until}: {problem}");
    }
}

#[test]
fn robots_txt_is_obeyed_as_the_standard_says() {
    let mut world = World::of(&any_case());
    let text = |body: &str| Fault::Instead(Reply::new(200, "text/plain", body));
    let disallow = "User-agent: *\nDisallow: /v1/\n";
    world.server.robots({
        let fault = text(&format!("\u{feff}{disallow}"));
        move |_| fault.clone()
    });
    let problem = said(&mut world);
    assert!(problem.contains("robots.txt") && problem.contains("robots = \"ignore\""), "{problem}");
    assert!(world.server.seen().is_empty());
    // A rule beyond 500 KiB need not be read, one before it must.
    let (early, late) =
        (format!("{disallow}{}", "#\n".repeat(300_000)), format!("{}{disallow}", "#\n".repeat(300_000)));
    for (body, refused) in [
        (early, true),
        (late, false),
        ("User-agent: skillgap\nAllow: /\n\nUser-agent: *\nDisallow: /\n".to_owned(), false),
    ] {
        let fault = text(&body);
        world.server.robots(move |_| fault.clone());
        assert_eq!(!said(&mut world).is_empty(), refused);
    }
    for (fault, refused, asked) in [
        (status(503, ""), true, 3),
        (Fault::Silence(Duration::from_secs(1)), true, 3),
        // What asks for more patience than the plan has is left for the next run, whatever its status.
        (status(503, "9999"), true, 1),
        (status(429, "9999"), true, 1),
        (status(429, ""), false, 3),
        (Fault::Instead(Reply::new(401, "text/plain", "")), false, 1),
        (Fault::Instead(Reply::not_found()), false, 1),
    ] {
        world.server.forget();
        hurried(&world, matches!(fault, Fault::Silence(_)));
        world.server.robots(move |_| fault.clone());
        let problem = said(&mut world);
        assert_eq!((!problem.is_empty(), world.server.robots_seen()), (refused, asked), "{problem}");
    }
    hurried(&world, false);
    world.server.robots(|before| if before == 0 { status(503, "") } else { Fault::Instead(Reply::not_found()) });
    world.server.forget();
    assert_eq!(said(&mut world), "");
    // Nothing at all is asked before the time that a robots.txt asks for has passed.
    world.server.robots(|before| if before == 0 { status(429, "1") } else { Fault::Instead(Reply::not_found()) });
    world.server.forget();
    let started = std::time::Instant::now();
    assert_eq!((said(&mut world).as_str(), world.server.robots_seen()), ("", 2));
    assert!(started.elapsed() >= Duration::from_secs(1), "{:?}", started.elapsed());
    // A delay of the site goes before ours.
    world.server.robots(|_| Fault::Instead(Reply::new(200, "text/plain", "User-agent: *\nCrawl-delay: 0.2\n")));
    let plan = std::fs::read_to_string(&world.plan).unwrap();
    std::fs::write(&world.plan, plan.replace("pause_seconds = 0.0\n", "")).unwrap();
    assert_eq!(said(&mut world), "");
    // The owner's documentation goes before robots.txt where the plan says so.
    world.server.robots(|_| Fault::Instead(Reply::new(200, "text/plain", "User-agent: *\nDisallow: /\n")));
    assert!(!said(&mut world).is_empty());
    let plan = std::fs::read_to_string(&world.plan).unwrap();
    std::fs::write(&world.plan, plan.replace("service = 'greenhouse'", "service = 'greenhouse'\nrobots = 'ignore'"))
        .unwrap();
    assert_eq!(said(&mut world), "");
}

#[test]
fn what_a_service_confirms_is_not_sent_again() {
    let case = any_case();
    let reply = case.reply;
    let server = Server::start(move |asked: &Asked| {
        if asked.header("if-none-match") == Some("\"v1\"") {
            return Reply::new(304, "application/json", "");
        }
        reply(asked).with("etag", "\"v1\"")
    });
    let mut world = World::with(&case, server, "allow_private_hosts = ['127.0.0.1']\n");
    let whole = world.ask();
    let again = world.ask();
    assert_eq!((again.records, again.sets, again.failed.is_none()), (whole.records, 1, true));
    assert_eq!(world.server.seen()[1].header("if-none-match"), Some("\"v1\""));
    // Asked a moment later it is not asked at all.
    let before = world.server.seen().len();
    world.hours -= 23;
    world.ask();
    assert_eq!(world.server.seen().len(), before);
}

#[test]
fn a_snapshot_that_is_not_what_was_fetched_is_refused_by_name_and_fetched_again() {
    let case = any_case();
    let reply = case.reply;
    let server = Server::start(move |asked: &Asked| {
        if asked.header("if-none-match").is_some() {
            return Reply::new(304, "application/json", "");
        }
        reply(asked).with("etag", "\"v1\"")
    });
    let mut world = World::with(&case, server, "allow_private_hosts = ['127.0.0.1']\n");
    world.ask();
    let id = world.data().snapshot_ids().remove(0);
    let path = world.data().snapshot_path(&id);
    let whole = std::fs::read(&path).unwrap();
    let edited = String::from_utf8(whole.clone()).unwrap().replacen('e', "u", 1).into_bytes();
    let cut = whole.get(..whole.len() / 2).unwrap().to_vec();
    for (damaged, words) in [(Some(edited), "hash differs"), (Some(cut), "hash differs"), (None, "is gone")] {
        match &damaged {
            Some(bytes) => std::fs::write(&path, bytes).unwrap(),
            None => std::fs::remove_file(&path).unwrap(),
        }
        world.data().remove_stage("kit", "acquire").unwrap();
        let (_, problems) = pipeline::verify(&world.data()).unwrap();
        assert_eq!(problems.len(), 1, "{problems:?}");
        let error = world.acquire(false).unwrap_err().to_string();
        let is_named = [id.as_str(), words, "source 'service'", "--refresh"].iter().all(|part| error.contains(part));
        assert!(is_named, "{error}");
        // What is gone is asked for again however fresh it would be, what is damaged when it is due; neither is confirmed.
        world.server.forget();
        world.hours -= if damaged.is_none() { 71 } else { 0 };
        assert_eq!(said(&mut world), "");
        assert!(world.server.seen().iter().all(|asked| asked.header("if-none-match").is_none()));
        assert_eq!(std::fs::read(&path).unwrap(), whole);
        assert!(world.acquire(false).unwrap().refused.is_empty());
    }
}

#[test]
fn an_older_set_whose_bytes_are_lost_is_left_out_when_everything_is_asked_for_again() {
    let size = Arc::new(AtomicUsize::new(60));
    let spain = Arc::clone(&size);
    let server = Server::start(move |_: &Asked| board(spain.load(Ordering::SeqCst), 40));
    let mut world = World::with(&any_case(), server, "allow_private_hosts = ['127.0.0.1']\n");
    world.ask();
    let older = world.data().snapshot_ids().remove(0);
    size.store(62, Ordering::SeqCst);
    assert_eq!(world.ask().sets, 2);
    std::fs::remove_file(world.data().snapshot_path(&older)).unwrap();
    let error = world.acquire(true).unwrap_err().to_string();
    assert!(error.contains(&older) && error.contains("is gone"), "{error}");
    let (plan, data, heard) = (Plan::read(&world.plan).unwrap(), world.data(), Heard::default());
    let mut run = Run::new(&plan, &data, &heard, false);
    run.network = Some(world.network(true));
    let summary = run.through(Stage::Acquire).unwrap();
    let kept = summary.counts.iter().find(|c| c.step == "acquire service").map(|c| c.kept);
    assert_eq!((kept, summary.refused.len()), (Some(102), 0), "{:?}", summary.refused);
    let said = heard.0.lock().unwrap().join("\n");
    assert!(said.contains("left out") && said.contains(&older), "{said}");
}

/// A board of so many postings in Spain, and so many in Palestine.
fn board(spain: usize, palestine: usize) -> Reply {
    let job = |at: usize| {
        let place = if at < spain { "Girona, Spain" } else { "Ramallah, Palestine" };
        serde_json::json!({ "id": at, "title": format!("Technician {at}"), "content": format!("Repairs pumps, number {at}."),
            "absolute_url": format!("https://example.org/{at}"), "location": {"name": place}, "updated_at": "2026-09-01T00:00:00Z" })
    };
    let jobs: Vec<_> = (0..spain + palestine).map(job).collect();
    Reply::json(serde_json::json!({ "jobs": jobs, "meta": {"total": jobs.len()} }).to_string())
}

#[test]
fn a_source_that_changed_a_lot_keeps_its_last_good_answers_until_somebody_says_why() {
    let now = Arc::new(Mutex::new((60, 40)));
    let size = Arc::clone(&now);
    let server = Server::start(move |_: &Asked| {
        let (spain, palestine) = *size.lock().unwrap();
        board(spain, palestine)
    });
    let mut world = World::with(&any_case(), server, "allow_private_hosts = ['127.0.0.1']\n");
    assert_eq!(world.ask().records, 100);
    for (changed, words) in [((0, 0), "-100 %"), ((30, 30), "-40 %"), ((250, 150), "+300 %"), ((95, 0), "none of PS")] {
        *now.lock().unwrap() = changed;
        let held = world.ask();
        let problem = held.failed.map(|(_, problem)| problem).unwrap_or_default();
        assert!(problem.contains(words) && problem.contains("--accept-drift"), "{changed:?}: {problem}");
        assert_eq!((held.records, held.sets), (100, 1), "{changed:?}");
    }
    let accepted = world.ask_accepting(Some("the employer closed its office in Ramallah"));
    assert_eq!((accepted.records, accepted.failed.is_none()), (95, true));
    let summary = world.acquire(false).unwrap();
    assert!(summary.refused.is_empty(), "{:?}", summary.refused);
    let acquired = std::fs::read_to_string(world.data().stage("kit", "acquire").join("acquired.json")).unwrap();
    assert!(acquired.contains("the employer closed its office in Ramallah"));
}

#[test]
fn another_layout_is_refused_and_named() {
    let mut wrong = Vec::new();
    for (service, from, to, words) in [
        ("greenhouse", "\"title\"", "\"naslov\"", "title"),
        ("greenhouse", "\"jobs\"", "\"openings\"", "`jobs`"),
        ("recruitee", "\"offers\"", "\"vacancies\"", "`offers`"),
        ("workable", "\"description\"", "\"texto\"", "body"),
        ("ashby", "\"jobs\"", "\"posts\"", "`jobs`"),
        ("reliefweb", "\"fields\"", "\"attributes\"", "'fields."),
        ("worldbank", "\"date\"", "\"jahr\"", ""),
        ("ilostat", "obs_value", "wert", ""),
        ("eurostat", "\"dimension\"", "\"axis\"", ""),
    ] {
        let case = cases().into_iter().find(|c| c.service == service).unwrap();
        let reply = case.reply;
        let changed = Arc::new(AtomicUsize::new(0));
        let is_changed = Arc::clone(&changed);
        let server = Server::start(move |asked: &Asked| {
            let mut answer = reply(asked);
            if is_changed.load(Ordering::SeqCst) > 0 {
                answer.body = String::from_utf8_lossy(&answer.body).replace(from, to).into_bytes();
            }
            answer
        });
        let mut world = World::with(&case, server, "allow_private_hosts = ['127.0.0.1']\n");
        let whole = world.ask();
        changed.store(1, Ordering::SeqCst);
        let now = world.ask();
        let problem = now.failed.clone().map(|(_, problem)| problem).unwrap_or_default();
        if problem.is_empty() || !problem.contains(words) || now.records != whole.records {
            wrong.push(format!("{service} {from}: {}", short(&now)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_contract_that_is_broken_names_record_value_and_expectation_for_services_and_files() {
    let case = |contract: &'static str| {
        let mut case = cases().into_iter().find(|c| c.service == "worldbank").unwrap();
        case.source = contract;
        case
    };
    let held = case(
        "contract = { records = [5, 20], codes = { area = ['PSE', 'ESP'] }, key = ['indicator', 'area', 'period'] }",
    );
    assert_eq!(said(&mut World::of(&held)), "");
    for (contract, words) in [
        ("contract = { codes = { area = ['PSE'] } }", "`area` is 'ESP', and one of PSE was expected"),
        ("contract = { records = [10, 20] }", "9 records, and 10 to 20 were expected"),
        ("contract = { filled = ['regoin'] }", "`regoin`, which is no field; its fields are"),
    ] {
        let mut world = World::of(&case(contract));
        let now = world.ask();
        let problem = now.failed.map(|(_, problem)| problem).unwrap_or_default();
        assert!(problem.contains(words) && problem.contains("[source.contract]"), "{problem}");
        assert_eq!(now.sets, 0);
    }
    // The same of a file: the source is refused, the others go on.
    let mut world = World::of(&held);
    let text = std::fs::read_to_string(&world.plan).unwrap();
    let from = "path = 'few.jsonl'";
    let to = format!("{from}\ncontract = {{ codes = {{ language = ['ca'] }} }}");
    let text = text.replace(&format!("path = '{}/few.jsonl'", world.folder.path().display()), &to);
    assert!(text.contains("contract = { codes = { language"), "{text}");
    std::fs::write(&world.plan, text).unwrap();
    let error = world.acquire(true).unwrap_err().to_string();
    assert!(error.contains("few.jsonl, record 1: `language` is"), "{error}");
}

#[test]
fn texts_that_are_kept_too_long_are_removed_and_their_postings_no_longer_count() {
    let mut world = World::of(&any_case());
    world.acquire(true).unwrap();
    let plan = Plan::read(&world.plan).unwrap();
    let today = |text: &str| text.parse().unwrap();
    let young = pipeline::purge(&plan, &world.data(), today("2026-12-20"), false).unwrap();
    assert_eq!((young.editions, young.snapshots), (0, 0));
    let old = pipeline::purge(&plan, &world.data(), today("2027-09-01"), false).unwrap();
    assert_eq!((old.editions, old.snapshots), (1, 1));
    let texts = crate::support::tree(&world.folder.path().join("data"));
    for (name, bytes) in texts {
        assert!(!String::from_utf8_lossy(&bytes).contains("servidores Linux"), "{name} still holds a text");
    }
    let (_, problems) = pipeline::verify(&world.data()).unwrap();
    assert!(problems.is_empty(), "a tombstone is no damage");
    let refused = world.acquire(false).unwrap().refused;
    assert!(refused.iter().any(|r| r.detail.contains("were removed on 2027-09-01")), "{refused:?}");
    // Asked again, it is there again.
    assert!(world.acquire(true).unwrap().refused.is_empty());
}

/// Whether a text is anywhere in the data directory.
fn is_kept(world: &World, text: &str) -> bool {
    let files = crate::support::tree(&world.folder.path().join("data"));
    files.iter().any(|(_, bytes)| String::from_utf8_lossy(bytes).contains(text))
}

#[test]
fn texts_of_walks_that_were_refused_or_interrupted_are_removed_with_the_others() {
    // A layout that cannot be read: the answer came, and no set names it.
    let case = any_case();
    let reply = case.reply;
    let server = Server::start(move |asked: &Asked| {
        let mut answer = reply(asked);
        answer.body = String::from_utf8_lossy(&answer.body).replace("\"title\"", "\"naslov\"").into_bytes();
        answer
    });
    let mut refused = World::with(&case, server, "allow_private_hosts = ['127.0.0.1']\n");
    assert!(said(&mut refused).contains("title"));
    // A host that asks for a day's patience before the last detail: the answers so far wait for the next run.
    let case = cases().into_iter().find(|c| c.service == "smartrecruiters").unwrap();
    let mut interrupted = World::of(&case);
    interrupted.server.wrong(|asked| asked.path.ends_with("00005").then(|| status(429, "1000000000")));
    assert!(!said(&mut interrupted).is_empty());
    for (world, text) in [(&refused, "servidores Linux"), (&interrupted, "Forklift licence")] {
        assert!(is_kept(world, text), "{text}");
        let plan = Plan::read(&world.plan).unwrap();
        let young = pipeline::purge(&plan, &world.data(), "2026-12-20".parse().unwrap(), false).unwrap();
        assert!(young.snapshots == 0 && is_kept(world, text), "{text}");
        let all = pipeline::purge(&plan, &world.data(), "2026-12-20".parse().unwrap(), true).unwrap();
        assert!(all.snapshots > 0 && all.editions == 0, "{all:?}");
        assert!(!is_kept(world, text), "{text} is still there");
    }
    // Nothing is left to go on from: all is asked again.
    interrupted.server.wrong(|_| None);
    interrupted.server.forget();
    interrupted.hours -= 23;
    assert_eq!(said(&mut interrupted), "");
    assert_eq!(interrupted.server.seen().len(), case.questions);
}

/// A case of two boards.
fn two_boards() -> Case {
    Case { ask: "board = ['acme', 'initech']", ..any_case() }
}

#[test]
fn a_board_that_is_gone_is_counted_and_all_that_are_gone_are_a_refusal() {
    // The imitation knows one of the two.
    let mut world = World::of(&two_boards());
    let summary = world.acquire(true).unwrap();
    let count = summary.counts.iter().find(|c| c.step == "acquire service").map(|c| (c.kept, c.rejected));
    assert_eq!((count, summary.refused.len()), (Some((2, 1)), 0), "{:?}", summary.refused);
    world.server.wrong(|_| Some(Fault::Instead(Reply::new(410, "text/plain", "gone"))));
    let now = world.ask();
    let problem = now.failed.map(|(_, problem)| problem).unwrap_or_default();
    assert!(problem.contains("none of its 2 questions") && problem.contains("410"), "{problem}");
    assert_eq!((now.records, now.sets), (2, 1));
    // What was missed is asked again, however soon.
    world.server.wrong(|_| None);
    world.hours -= 23;
    assert_eq!(said(&mut world), "");
}

#[test]
fn a_check_asks_every_board_and_reads_what_it_is_answered() {
    let case = two_boards();
    let reply = case.reply;
    let server = Server::start(move |asked: &Asked| match asked.path.contains("initech") {
        true => Reply::json(r#"{"x":1}"#),
        false => reply(asked),
    });
    let world = World::with(&case, server, "allow_private_hosts = ['127.0.0.1']\n");
    let (plan, data, heard) = (Plan::read(&world.plan).unwrap(), world.data(), Heard::default());
    let probes = pipeline::probe(&Run::new(&plan, &data, &heard, false), &world.network(false)).unwrap();
    let found: Vec<(bool, &str)> = probes.iter().map(|p| (p.usable, p.found.as_str())).collect();
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].0 && found[0].1.contains("2 records"), "{found:?}");
    assert!(!found[1].0 && found[1].1.contains("no list at `jobs`"), "{found:?}");
    assert!(data.snapshot_ids().is_empty(), "nothing is kept");
}

#[test]
fn pages_that_a_purged_source_had_missed_are_no_rejects_of_the_source_after_it() {
    let case = cases().into_iter().find(|c| c.service == "site" && c.rejected > 0).unwrap();
    let mut world = World::of(&case);
    let after = format!(
        "\n[[source]]\nid = 'after'\nkind = 'credentials'\npath = '{}'\n",
        root().join("data/samples/credentials.csv").display()
    );
    let text = std::fs::read_to_string(&world.plan).unwrap() + &after;
    std::fs::write(&world.plan, text).unwrap();
    world.acquire(true).unwrap();
    let plan = Plan::read(&world.plan).unwrap();
    pipeline::purge(&plan, &world.data(), "2027-09-01".parse().unwrap(), true).unwrap();
    let summary = world.acquire(false).unwrap();
    let count = summary.counts.iter().find(|c| c.step == "acquire after").unwrap();
    assert_eq!((count.read, count.kept, count.rejected), (40, 40, 0));
}
