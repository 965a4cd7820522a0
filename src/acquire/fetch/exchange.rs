//! One exchange: gate, robots.txt, question, redirects, answer.

use super::body::{Body, Decoding};
use super::client::{connected, connection, host_of};
use super::error::FetchError;
use super::gate::Turn;
use super::robots::{self, Robots};
use super::{Asking, Fetcher, Head, backoff, seconds};
use crate::acquire::services::Expects;
use reqwest::header::{ACCEPT_ENCODING, ACCEPT_LANGUAGE, CONTENT_ENCODING, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Response};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use url::Url;

/// Statuses after which the same question may be answered.
fn is_busy(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500 | 502 | 503 | 504 | 520..=529)
}

/// Says that a question is over, however it ended.
struct Leaving<'a> {
    fetcher: &'a Fetcher<'a>,
    host: &'a str,
}

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.fetcher.manners.gates.leave(self.host);
    }
}

impl Fetcher<'_> {
    /// Asks and follows redirects; `None` when what is kept still holds.
    pub(super) async fn exchange(&self, asking: &Asking<'_>, body: &mut dyn Body) -> Result<Option<Head>, FetchError> {
        let rules = &*self.manners.rules;
        let request = asking.request;
        let wrong = |e: url::ParseError| FetchError::lasting(&request.url, format!("is no address: {e}"));
        let mut url = Url::parse(&request.url).map_err(wrong)?;
        let first_origin = url.origin();
        let mut post = request.post.as_ref();
        // What the plan says goes before what the service would like; what the site asks for goes before both.
        let mut pause = rules.pause_seconds.map_or(asking.pause, seconds);
        for _ in 0..=rules.redirects {
            let host = host_of(&url, rules)?;
            if asking.robots {
                pause = pause.max(self.robots_allow(&url).await?);
            }
            self.turn(&host, pause, &url).await?;
            let leaving = Leaving { fetcher: self, host: &host };
            let headers = headers(asking, url.origin() == first_origin)?;
            let response = self.send(&url, headers, post).await?;
            let Some(next) = redirect(&url, &response)? else {
                let head = self.receive(&url, request.expects, response, body).await?;
                drop(leaving);
                return self.judged(asking, head);
            };
            if url.scheme() == "https" && next.scheme() == "http" {
                let problem = format!("redirects from https to {}, which is not followed", super::shown(next.as_str()));
                return Err(FetchError::lasting(&request.url, problem));
            }
            // A POST is sent again only where the status says so.
            if !matches!(response.status().as_u16(), 307 | 308) {
                post = None;
            }
            url = next;
        }
        let found = format!("redirects more than {} times", rules.redirects);
        Err(FetchError::over(&request.url, "redirects", found))
    }

    /// Statuses that another try, or what is kept, can mend.
    fn judged(&self, asking: &Asking<'_>, head: Head) -> Result<Option<Head>, FetchError> {
        match head.status {
            304 if asking.kept.is_some() => Ok(None),
            304 => Err(FetchError::lasting(&head.url, "says that nothing changed, though nothing is kept")),
            status if is_busy(status) => Err(self.busy(&asking.request.url, &head, format!("status {status}"))),
            _ => Ok(Some(head)),
        }
    }

    /// Waits until the host may be asked.
    async fn turn(&self, host: &str, pause: Duration, url: &Url) -> Result<(), FetchError> {
        loop {
            match self.manners.gates.enter(host, pause, self.manners.rules.at_once, Instant::now()) {
                Turn::Now => return Ok(()),
                Turn::Wait(wait) => tokio::time::sleep(wait).await,
                Turn::Parked(reason) => return Err(FetchError::parked(url.as_str(), reason)),
            }
        }
    }

    async fn send(
        &self,
        url: &Url,
        headers: HeaderMap,
        post: Option<&(String, String)>,
    ) -> Result<Response, FetchError> {
        let method = if post.is_some() { Method::POST } else { Method::GET };
        let mut builder = self.client.request(method, url.clone()).headers(headers);
        if let Some((media_type, content)) = post {
            builder = builder.header("content-type", media_type).body(content.clone());
        }
        let wait = self.manners.rules.header_seconds;
        let late = |_| {
            let found = format!("sent no headers within {wait} s (`fetch.header_seconds`)");
            FetchError::passing(url.as_str(), found)
        };
        let sent = tokio::time::timeout(seconds(wait), builder.send()).await.map_err(late)?;
        let response = sent.map_err(|e| connection(url.as_str(), &e))?;
        connected(url, response.remote_addr(), &self.manners.rules)?;
        Ok(response)
    }

    /// Reads an answer to its end, piece by piece.
    async fn receive(
        &self,
        url: &Url,
        expects: Expects,
        mut response: Response,
        body: &mut dyn Body,
    ) -> Result<Head, FetchError> {
        let rules = &self.manners.rules;
        let headers = kept_headers(response.headers());
        let said = |name: &str| headers.get(name).map(String::as_str).unwrap_or_default();
        let unbounded = said("content-length").is_empty()
            && !said("transfer-encoding").contains("chunked")
            && response.version() < reqwest::Version::HTTP_2;
        let length = said("content-length").parse::<u64>().ok();
        if let Some(length) = length.filter(|l| *l > rules.wire_bytes) {
            let found = format!("announces {length} bytes, over {}", rules.wire_bytes);
            return Err(FetchError::over(url.as_str(), "wire_bytes", found));
        }
        let mut decoding = Decoding::new(said("content-encoding"), url.as_str(), expects, rules, body)?;
        let started = Instant::now();
        loop {
            let wait = rules.idle_seconds;
            let late = |_| {
                let found = format!("sent nothing for {wait} s (`fetch.idle_seconds`)");
                FetchError::passing(url.as_str(), found)
            };
            let piece = tokio::time::timeout(seconds(wait), response.chunk()).await.map_err(late)?;
            let cut = |e: reqwest::Error| {
                let error = connection(url.as_str(), &e);
                FetchError { problem: format!("its answer was cut short: {}", error.problem), ..error }
            };
            let Some(piece) = piece.map_err(cut)? else { break };
            decoding.take(&piece)?;
            let passed = started.elapsed();
            let least = passed.as_secs().saturating_mul(rules.bytes_per_second);
            if passed > seconds(rules.rate_after_seconds) && decoding.wire < least {
                let found =
                    format!("sends less than {} bytes a second (`fetch.bytes_per_second`)", rules.bytes_per_second);
                return Err(FetchError::passing(url.as_str(), found));
            }
        }
        let status = response.status().as_u16();
        let byte_count = decoding.finish()?;
        Ok(Head { url: super::public(url.as_str()), status, headers, byte_count, unbounded })
    }

    /// The pause a site asks for, where it lets us in.
    async fn robots_allow(&self, url: &Url) -> Result<Duration, FetchError> {
        let site = url.origin().ascii_serialization();
        let known = |all: &std::collections::HashMap<String, Result<Robots, String>>| all.get(&site).cloned();
        let lock = || self.manners.robots.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut robots = known(&lock());
        if robots.is_none() {
            let asked = self.robots(url).await?;
            lock().insert(site.clone(), asked.clone());
            robots = Some(asked);
        }
        match robots {
            Some(Ok(robots)) => {
                let path = url.query().map_or(url.path().to_owned(), |q| format!("{}?{q}", url.path()));
                if robots.allows(&path) {
                    return Ok(robots.delay.unwrap_or_default());
                }
                let advice =
                    "where its owner documents this address for programs, say `robots = \"ignore\"` in the source";
                Err(FetchError::lasting(url.as_str(), format!("robots.txt of the site disallows it; {advice}")))
            }
            Some(Err(problem)) => Err(FetchError::lasting(url.as_str(), problem)),
            None => Ok(Duration::ZERO),
        }
    }

    /// Asks for robots.txt: 2xx is read, 4xx allows all, whatever else stays after further tries forbids all (RFC 9309).
    /// A host that asks for patience gets it before the next question of whatever kind.
    async fn robots(&self, url: &Url) -> Result<Result<Robots, String>, FetchError> {
        let rules = &self.manners.rules;
        let Ok(first) = url.join("/robots.txt") else { return Ok(Ok(Robots::default())) };
        let (mut problem, mut allows) = (String::new(), false);
        for attempt in 0..=rules.retries {
            if attempt > 0 {
                tokio::time::sleep(backoff(seconds(rules.backoff_seconds), attempt, first.as_str())).await;
            }
            match self.robots_text(first.clone()).await {
                Ok((Head { status: 200..=299, .. }, text)) => return Ok(Ok(Robots::parse(&text))),
                Ok((head, _)) if is_busy(head.status) => {
                    let error = self.busy(first.as_str(), &head, format!("status {}", head.status));
                    if error.parked {
                        return Err(error);
                    }
                    (problem, allows) = (error.problem, head.status < 500);
                }
                Ok((Head { status: 400..=499, .. }, _)) => return Ok(Ok(Robots::default())),
                Ok((head, _)) => (problem, allows) = (format!("status {}", head.status), false),
                Err(error) if error.passing => (problem, allows) = (error.problem, false),
                Err(error) => return Err(error),
            }
        }
        if allows {
            return Ok(Ok(Robots::default()));
        }
        let reason =
            format!("robots.txt of the site cannot be had ({problem}), which forbids all until it can (RFC 9309)");
        Ok(Err(reason))
    }

    async fn robots_text(&self, mut url: Url) -> Result<(Head, String), FetchError> {
        let rules = &self.manners.rules;
        for _ in 0..=5 {
            let host = host_of(&url, rules)?;
            self.turn(&host, rules.pause_seconds.map_or(Duration::ZERO, seconds), &url).await?;
            let leaving = Leaving { fetcher: self, host: &host };
            let mut headers = usual_headers();
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
            let mut response = self.send(&url, headers, None).await?;
            if let Some(next) = redirect(&url, &response)? {
                drop(leaving);
                url = next;
                continue;
            }
            let mut bytes: Vec<u8> = Vec::new();
            let late = |_| FetchError::passing(url.as_str(), "robots.txt sent nothing (`fetch.idle_seconds`)");
            // Beyond the limit, so that it is known whether the last line is whole.
            while bytes.len() as u64 <= rules.robots_bytes {
                let piece = tokio::time::timeout(seconds(rules.idle_seconds), response.chunk()).await.map_err(late)?;
                let Some(piece) = piece.map_err(|e| connection(url.as_str(), &e))? else { break };
                bytes.extend_from_slice(&piece);
            }
            let status = response.status().as_u16();
            if let Some(packing) = unknown_packing(response.headers()).filter(|_| (200..300).contains(&status)) {
                let problem = format!("is packed as '{packing}', which was not asked for");
                return Err(FetchError::passing(url.as_str(), problem));
            }
            let headers = kept_headers(response.headers());
            let head = Head { url: super::public(url.as_str()), status, headers, ..Head::default() };
            return Ok((head, robots::text(&bytes, rules.robots_bytes)));
        }
        // More than five hops are as good as no robots.txt (RFC 9309, 2.3.1.2).
        Ok((Head { status: 404, ..Head::default() }, String::new()))
    }
}

/// Where a redirect leads; `None` for every other answer.
fn redirect(url: &Url, response: &Response) -> Result<Option<Url>, FetchError> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let target = response.headers().get("location").map(|v| String::from_utf8_lossy(v.as_bytes()).into_owned());
    let Some(target) = target else { return Err(FetchError::lasting(url.as_str(), "redirects without saying where")) };
    url.join(&target).map(Some).map_err(|_| {
        FetchError::lasting(url.as_str(), format!("redirects to '{}'", crate::acquire::error::excerpt(&target)))
    })
}

/// A packing other than gzip, which is told by the bytes.
fn unknown_packing(headers: &HeaderMap) -> Option<String> {
    let said = headers.get(CONTENT_ENCODING)?;
    let said = String::from_utf8_lossy(said.as_bytes()).trim().to_ascii_lowercase();
    let is_known = matches!(said.as_str(), "" | "identity" | "gzip" | "x-gzip");
    (!is_known).then(|| crate::acquire::error::excerpt(&said))
}

fn usual_headers() -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("en"));
    headers
}

/// Headers of a question; what proves who asks goes to the host it was meant for and to no other.
fn headers(asking: &Asking<'_>, same_host: bool) -> Result<HeaderMap, FetchError> {
    let mut headers = usual_headers();
    let own = asking.request.headers.iter().map(|(n, v)| (n.as_str(), v.as_str()));
    let conditions =
        asking.kept.into_iter().flat_map(|(etag, date)| [("if-none-match", etag), ("if-modified-since", date)]);
    let credential = asking.credential.filter(|_| same_host);
    for (name, value) in own.chain(conditions).chain(credential).filter(|(_, value)| !value.is_empty()) {
        let wrong = || FetchError::lasting(&asking.request.url, format!("the header '{name}' cannot be sent"));
        let name = HeaderName::try_from(name).map_err(|_| wrong())?;
        headers.insert(name, HeaderValue::try_from(value).map_err(|_| wrong())?);
    }
    Ok(headers)
}

/// Headers as text; a hostile one is cut.
fn kept_headers(headers: &HeaderMap) -> BTreeMap<String, String> {
    let text = |v: &HeaderValue| String::from_utf8_lossy(v.as_bytes()).chars().take(500).collect::<String>();
    headers.iter().take(100).map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}
