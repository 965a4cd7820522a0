//! How politely and how far the network is asked: `[fetch]` of a plan.

use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// `[fetch]`. Every ceiling is a key, and errors name it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FetchRules {
    /// Address or mail of whoever runs the plan; it is sent with every question, so that owners of a site can complain.
    pub contact: Option<String>,
    /// Answers younger than this are not asked for again.
    pub fresh_hours: f64,
    /// Least seconds between two questions to a host, instead of what each service asks for.
    pub pause_seconds: Option<f64>,
    /// Questions to one host at a time.
    pub at_once: u32,
    /// Questions of one source.
    pub questions: u64,
    /// Bytes of an answer on the wire.
    pub wire_bytes: u64,
    /// Bytes of an answer, decoded.
    pub decoded_bytes: u64,
    /// The same of an answer that is looked at as a whole: JSON, XML, a page.
    pub document_bytes: u64,
    /// Decoded bytes per byte on the wire.
    pub ratio: u64,
    /// Redirects followed.
    pub redirects: u32,
    /// Further tries after a failure that may pass.
    pub retries: u32,
    /// Wait before the first further try; doubled each time, with jitter.
    pub backoff_seconds: f64,
    /// Longest wait a service may ask for; beyond it the host is left for the next run.
    pub retry_after_seconds: f64,
    /// To the headers of an answer.
    pub header_seconds: f64,
    /// Between two pieces of an answer.
    pub idle_seconds: f64,
    /// For an answer in all, tries and waits included.
    pub total_seconds: f64,
    /// Fewest bytes a second, after `rate_after_seconds`.
    pub bytes_per_second: u64,
    /// When the rate is first looked at.
    pub rate_after_seconds: f64,
    /// Bytes of robots.txt that are read (RFC 9309: at least 500 KiB).
    pub robots_bytes: u64,
    /// Hosts of a private network that may be asked, as `host` or `host:port`; for tests and mirrors.
    pub allow_private_hosts: Vec<String>,
    /// Certificates of authorities to trust beside the system's (PEM files, relative to the plan).
    pub certificates: Vec<PathBuf>,
}

impl Default for FetchRules {
    fn default() -> Self {
        Self {
            contact: None,
            fresh_hours: 20.0,
            pause_seconds: None,
            at_once: 2,
            questions: 5_000,
            wire_bytes: 256 << 20,
            decoded_bytes: 512 << 20,
            document_bytes: 32 << 20,
            ratio: 200,
            redirects: 10,
            retries: 4,
            backoff_seconds: 1.0,
            retry_after_seconds: 600.0,
            header_seconds: 30.0,
            idle_seconds: 60.0,
            total_seconds: 1800.0,
            bytes_per_second: 1024,
            rate_after_seconds: 10.0,
            robots_bytes: 500 << 10,
            allow_private_hosts: Vec::new(),
            certificates: Vec::new(),
        }
    }
}

impl FetchRules {
    /// The first value that no fetch can work with, by name.
    pub fn problem(&self) -> Option<String> {
        let seconds = [
            ("fresh_hours", self.fresh_hours),
            ("pause_seconds", self.pause_seconds.unwrap_or(0.0)),
            ("backoff_seconds", self.backoff_seconds),
            ("retry_after_seconds", self.retry_after_seconds),
            ("header_seconds", self.header_seconds),
            ("idle_seconds", self.idle_seconds),
            ("total_seconds", self.total_seconds),
            ("rate_after_seconds", self.rate_after_seconds),
        ];
        let year = 366.0 * 86_400.0;
        let wrong = seconds.into_iter().find(|(_, value)| !(0.0..=year).contains(value));
        wrong.map(|(key, value)| format!("fetch.{key} = {value} is no length of time; give seconds from 0 up"))
    }

    pub(super) fn allows_private(&self, host: &str, port: Option<u16>) -> bool {
        let with_port = port.map(|port| format!("{host}:{port}"));
        self.allow_private_hosts.iter().any(|h| h == host || with_port.as_ref() == Some(h))
    }
}
