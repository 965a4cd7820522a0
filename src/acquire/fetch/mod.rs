//! The only code that opens connections: one question in, one checked answer out, politely and within limits.
//!
//! A question passes its host's gate (pauses, few at a time) and robots.txt, is sent without proxy or cookies, and is led
//! through redirects by hand, each hop under the same checks. What comes is decoded under ceilings, held against what it
//! must look like, and asked for again only where that can help.

mod address;
mod body;
mod check;
mod client;
mod error;
mod exchange;
mod gate;
mod retry;
mod robots;
mod rules;

pub use body::Body;
pub use error::FetchError;
pub(crate) use error::{public, shown, without_key};
pub use rules::FetchRules;

use super::services::{Answer, Expects, Request, Role, Verdict};
use body::Decoding;
use client::client;
use gate::Gates;
use jiff::Timestamp;
use retry::backoff;
use robots::Robots;
use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What all that ask in a run share: hosts, their robots.txt, the rules.
pub struct Manners {
    rules: Arc<FetchRules>,
    gates: Gates,
    /// By scheme and host; the words say why nothing may be asked.
    robots: Mutex<HashMap<String, Result<Robots, String>>>,
    /// Moment of the run, for dates in Retry-After.
    now: Timestamp,
    started: Instant,
}

impl Manners {
    /// For a run that began `now`.
    pub fn new(rules: FetchRules, now: Timestamp) -> Self {
        let (gates, robots) = (Gates::default(), Mutex::default());
        Self { rules: Arc::new(rules), gates, robots, now, started: Instant::now() }
    }

    fn now(&self) -> Timestamp {
        let passed = jiff::SignedDuration::try_from(self.started.elapsed()).unwrap_or_default();
        self.now.checked_add(passed).unwrap_or(self.now)
    }
}

/// A question with what its source adds to it.
pub struct Asking<'a> {
    /// The question.
    pub request: &'a Request,
    /// Least time between two questions to the host.
    pub pause: Duration,
    /// Whether robots.txt has a say.
    pub robots: bool,
    /// ETag and Last-Modified of the answer that is kept.
    pub kept: Option<(&'a str, &'a str)>,
    /// Header and value that prove who asks; dropped on another host.
    pub credential: Option<(&'a str, &'a str)>,
    /// What the service makes of an answer.
    pub verdict: &'a dyn Fn(&Answer<'_>) -> Verdict,
}

impl Asking<'_> {
    /// What became of the question, without the key that it was asked with.
    fn hidden(&self, fetched: Result<Fetched, FetchError>) -> Result<Fetched, FetchError> {
        let Some((_, key)) = self.credential else { return fetched };
        let hide = |words: String| without_key(words, key);
        match fetched {
            Ok(Fetched::Data(head)) => {
                let headers = head.headers.into_iter().map(|(name, value)| (name, hide(value))).collect();
                Ok(Fetched::Data(Head { url: hide(head.url), headers, ..head }))
            }
            Ok(Fetched::Unchanged) => Ok(Fetched::Unchanged),
            Ok(Fetched::Nothing(words)) => Ok(Fetched::Nothing(hide(words))),
            Err(error) => Err(FetchError { url: hide(error.url), problem: hide(error.problem), ..error }),
        }
    }

    /// Blots the key out of an answer that is only quoted: an excerpt could end in the middle of it.
    fn blot(&self, bytes: &mut [u8]) {
        let Some(key) = self.credential.map(|(_, key)| key.trim().as_bytes()).filter(|key| !key.is_empty()) else {
            return;
        };
        let mut from = 0;
        while let Some(rest) = bytes.get_mut(from..)
            && let Some(at) = rest.windows(key.len()).position(|window| window == key)
        {
            rest.iter_mut().skip(at).take(key.len()).for_each(|byte| *byte = b'.');
            from += at + key.len();
        }
    }
}

/// What became of a question.
#[derive(Debug, Clone, PartialEq)]
pub enum Fetched {
    /// An answer, checked.
    Data(Head),
    /// What is kept still holds.
    Unchanged,
    /// The service says that there is nothing; in words.
    Nothing(String),
}

/// What stands before an answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Head {
    /// Where it came from, after redirects.
    pub url: String,
    /// Its status.
    pub status: u16,
    /// Its headers, names in lower case.
    pub headers: BTreeMap<String, String>,
    /// Bytes, decoded.
    pub byte_count: u64,
    /// Only the end of the connection ended it.
    unbounded: bool,
}

/// Asks, one question at a time.
pub struct Fetcher<'m> {
    manners: &'m Manners,
    client: reqwest::Client,
    runtime: tokio::runtime::Runtime,
}

impl<'m> Fetcher<'m> {
    /// Gets ready; nothing is sent yet. Certificates of the rules are relative to `folder`.
    ///
    /// # Errors
    /// When the plan names no contact, or the network cannot be used at all.
    pub fn new(manners: &'m Manners, folder: &Path) -> Result<Self, String> {
        let contact =
            manners.rules.contact.as_deref().map(str::trim).filter(|c| !c.is_empty() && !c.contains(char::is_control));
        let Some(contact) = contact else {
            return Err("`fetch.contact` is missing: whoever is asked wants to know by whom; \
                give a mail address or a page, such as contact = \"skills-unit@example.edu\""
                .to_owned());
        };
        let agent = format!("{}/{} (+{contact})", robots::PRODUCT, env!("CARGO_PKG_VERSION"));
        let client = client(&manners.rules, &agent, folder)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
        Ok(Self { manners, client, runtime })
    }

    /// Asks, again where that can help, and keeps the answer in `body`.
    ///
    /// # Errors
    /// See [`FetchError`]; `body` then holds nothing to be used.
    pub fn fetch(&self, asking: &Asking<'_>, body: &mut dyn Body) -> Result<Fetched, FetchError> {
        let fetched = self.runtime.block_on(async {
            let url = asking.request.url.as_str();
            let whole = seconds(self.manners.rules.total_seconds);
            let late = |_| {
                let found = format!("was not answered within {:.0} s in all", whole.as_secs_f64());
                FetchError::over(url, "total_seconds", found)
            };
            tokio::time::timeout(whole, self.tries(asking, body)).await.map_err(late)?
        });
        asking.hidden(fetched)
    }

    async fn tries(&self, asking: &Asking<'_>, body: &mut dyn Body) -> Result<Fetched, FetchError> {
        let mut tried = 0;
        loop {
            let disk =
                |e: std::io::Error| FetchError::lasting(&asking.request.url, format!("its answer cannot be kept: {e}"));
            body.restart().map_err(disk)?;
            let error = match self.once(asking, body).await {
                Err(error) if error.passing => error,
                other => return other,
            };
            tried += 1;
            if tried > self.manners.rules.retries {
                let problem = format!("{} (asked {tried} times)", error.problem);
                return Err(FetchError { problem, ..error });
            }
            tokio::time::sleep(backoff(seconds(self.manners.rules.backoff_seconds), tried, &asking.request.key()))
                .await;
        }
    }

    /// One try: the answer, whole and checked.
    async fn once(&self, asking: &Asking<'_>, body: &mut dyn Body) -> Result<Fetched, FetchError> {
        let Some(mut head) = self.exchange(asking, body).await? else { return Ok(Fetched::Unchanged) };
        let url = asking.request.url.as_str();
        let disk = |e: std::io::Error| FetchError::lasting(url, format!("its answer cannot be read back: {e}"));
        let is_good = (200..300).contains(&head.status);
        if is_good {
            unpack(asking.request, &self.manners.rules, &mut head, body)?;
        }
        let mut bytes = Vec::new();
        body.reader().map_err(disk)?.take(self.manners.rules.document_bytes).read_to_end(&mut bytes).map_err(disk)?;
        if !is_good {
            asking.blot(&mut bytes);
        }
        let shown = Answer {
            request: asking.request,
            url: &head.url,
            status: head.status,
            headers: &head.headers,
            body: &bytes,
        };
        // What the service says of itself goes before what its answer looks like.
        let said = (asking.verdict)(&shown);
        drop(bytes);
        match &said {
            Verdict::Busy(words) => return Err(self.busy(url, &head, format!("is busy: {words}"))),
            Verdict::Refused(words) if !is_good => return Err(FetchError::lasting(url, words.clone())),
            _ => {}
        }
        let mut looks_right = Ok(());
        // A listing of any form may well be empty, as robots.txt often is.
        let may_be_anything = asking.request.expects == Expects::Any && asking.request.role == Role::Listing;
        if is_good && head.status != 204 && !may_be_anything {
            looks_right = check::check(asking.request.expects, head.unbounded, &mut body.reader().map_err(disk)?);
        }
        match (said, looks_right) {
            (Verdict::Refused(words), Ok(())) => Err(FetchError::lasting(url, words)),
            // What is damaged may be whole next time, whatever the service makes of it.
            (Verdict::Refused(words), Err(_)) => Err(FetchError::passing(url, words)),
            (_, Err(problem)) => Err(FetchError::passing(url, problem)),
            (Verdict::Nothing(words), Ok(())) => Ok(Fetched::Nothing(words)),
            (_, Ok(())) => Ok(Fetched::Data(head)),
        }
    }

    /// A host that asks for patience: all questions to it wait, or it is left for the next run.
    fn busy(&self, url: &str, head: &Head, problem: String) -> FetchError {
        let rules = &self.manners.rules;
        let asked = head.headers.get("retry-after").and_then(|value| retry::retry_after(value, self.manners.now()));
        let Some(wait) = asked else { return FetchError::passing(url, problem) };
        let Ok(parsed) = url::Url::parse(&head.url) else { return FetchError::passing(url, problem) };
        let host = client::host_of(&parsed, rules).unwrap_or_default();
        if wait > seconds(rules.retry_after_seconds) {
            let reason = format!(
                "its host asks for a wait of {} s, over the limit of {:.0} s (`fetch.retry_after_seconds`); the next run goes on from here",
                wait.as_secs(),
                rules.retry_after_seconds
            );
            self.manners.gates.park(&host, &reason);
            return FetchError::parked(url, reason);
        }
        self.manners.gates.pause(&host, wait, Instant::now());
        FetchError::passing(url, problem)
    }
}

/// Unpacks an answer that is a packed file (`.json.gz`), whatever its headers say, so that every service sees the same.
/// Once, under the same ceilings: some files unpack to themselves.
fn unpack(request: &Request, rules: &FetchRules, head: &mut Head, body: &mut dyn Body) -> Result<(), FetchError> {
    let url = request.url.as_str();
    let disk = |e: std::io::Error| FetchError::lasting(url, format!("its answer cannot be read back: {e}"));
    if request.expects == Expects::Any {
        return Ok(());
    }
    let mut packed = Vec::new();
    body.reader().map_err(disk)?.take(2).read_to_end(&mut packed).map_err(disk)?;
    if packed != [0x1F, 0x8B] {
        return Ok(());
    }
    packed.clear();
    body.reader().map_err(disk)?.read_to_end(&mut packed).map_err(disk)?;
    body.restart().map_err(disk)?;
    let mut decoding = Decoding::new("gzip", url, request.expects, rules, body)?;
    for piece in packed.chunks(64 << 10) {
        decoding.take(piece)?;
    }
    head.byte_count = decoding.finish()?;
    Ok(())
}

fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{self, Write};

    #[derive(Default)]
    struct Kept(Vec<u8>);

    impl Body for Kept {
        fn restart(&mut self) -> io::Result<()> {
            self.0.clear();
            Ok(())
        }

        fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
            self.0.extend_from_slice(bytes);
            Ok(())
        }

        fn reader(&mut self) -> io::Result<Box<dyn Read + '_>> {
            Ok(Box::new(self.0.as_slice()))
        }
    }

    #[test]
    fn a_key_that_a_service_quotes_stands_in_no_word_that_is_told_or_kept() {
        let request = Request::get("https://a.example/x.csv", Expects::Csv);
        let asking = Asking {
            request: &request,
            pause: Duration::ZERO,
            robots: false,
            kept: None,
            credential: Some(("X-App-Token", " TOKXYZZY99 ")),
            verdict: &Verdict::by_status,
        };
        let words = || "status 403: Invalid app_token TOKXYZZY99".to_owned();
        let hidden = "status 403: Invalid app_token ...";
        let error = asking.hidden(Err(FetchError::lasting(&request.url, words()))).unwrap_err();
        assert_eq!(error.problem, hidden);
        assert_eq!(asking.hidden(Ok(Fetched::Nothing(words()))), Ok(Fetched::Nothing(hidden.to_owned())));
        let mut body = b"{\"message\":\"Invalid app_token TOKXYZZY99\", \"token\":\"TOKXYZZY99\"}".to_vec();
        asking.blot(&mut body);
        let blotted = "{\"message\":\"Invalid app_token ..........\", \"token\":\"..........\"}";
        assert_eq!(String::from_utf8(body).unwrap(), blotted);
        // Without a key nothing is hidden.
        let asking = Asking { credential: Some(("X-App-Token", "")), ..asking };
        assert_eq!(asking.hidden(Ok(Fetched::Nothing(words()))), Ok(Fetched::Nothing(words())));
    }

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gz.write_all(bytes).unwrap();
        gz.finish().unwrap()
    }

    fn unpacked(expects: Expects, bytes: Vec<u8>) -> Result<(Vec<u8>, u64), FetchError> {
        let rules = FetchRules { document_bytes: 1 << 20, ..FetchRules::default() };
        let (mut head, mut body) = (Head::default(), Kept(bytes));
        unpack(&Request::get("https://a.example/x.json.gz", expects), &rules, &mut head, &mut body)?;
        Ok((body.0, head.byte_count))
    }

    #[test]
    fn a_file_that_is_packed_is_unpacked_once_and_no_further_than_allowed() {
        assert_eq!(unpacked(Expects::Json, packed(b"{}")).unwrap(), (b"{}".to_vec(), 2));
        assert_eq!(unpacked(Expects::Json, packed(&packed(b"{}"))).unwrap().0, packed(b"{}"));
        assert_eq!(unpacked(Expects::Json, b"{}".to_vec()).unwrap().0, b"{}");
        // What may be anything is kept as it came.
        assert_eq!(unpacked(Expects::Any, packed(b"{}")).unwrap().0, packed(b"{}"));
        let bomb = unpacked(Expects::Json, packed(&vec![b' '; 8 << 20])).err().unwrap();
        assert!(bomb.problem.contains("document_bytes"), "{}", bomb.problem);
        let whole = packed(b"{\"a\": [1, 2, 3]}");
        let cut = unpacked(Expects::Json, whole.get(..whole.len() / 2).unwrap().to_vec()).err().unwrap();
        assert!(cut.passing && cut.problem.contains("cut short"), "{}", cut.problem);
    }
}
