//! Imitations of services, written from their documentation. They know nothing of how the program asks or reads: no
//! `skillgap::acquire` here.

mod ashby;
mod cedefop;
mod course_site;
mod elm_catalogue;
mod esco;
mod eurostat;
mod greenhouse;
mod idescat;
mod ilostat;
mod ilostat_sdmx;
mod ine;
mod jobs_ps;
mod lever;
mod ooapi;
mod pcbs;
mod personio;
mod recruitee;
mod reliefweb;
mod sepe_municipal;
mod sepe_occupations;
mod site;
mod smartrecruiters;
mod socrata;
mod teamtailor;
mod workable;
mod worldbank;

use std::collections::BTreeMap;

/// A question as the imitation sees it.
#[derive(Debug, Clone)]
pub struct Asked {
    pub method: String,
    /// Without the query, decoded.
    pub path: String,
    /// Decoded, in the order asked.
    pub query: Vec<(String, String)>,
    /// Names in lower case.
    pub headers: BTreeMap<String, String>,
    pub body: String,
    /// `http://127.0.0.1:PORT`, for links in answers.
    pub base: String,
    /// How often this question came before.
    pub before: usize,
}

impl Asked {
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

/// What the imitation answers.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn new(status: u16, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: vec![("content-type".to_owned(), media_type.to_owned())], body: body.into() }
    }

    pub fn json(body: impl Into<Vec<u8>>) -> Self {
        Self::new(200, "application/json", body)
    }

    pub fn not_found() -> Self {
        Self::new(404, "text/plain", "not found")
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// A service, imitated: how a plan asks it, and what must come out. Counts are counted by hand from the answers.
pub struct Case {
    /// `service =` of the plan.
    pub service: &'static str,
    /// `kind =` of the plan.
    pub kind: &'static str,
    /// Path added to the server's address as `base_url`; mostly empty.
    pub base_path: &'static str,
    /// Lines of the `[source.ask]` table.
    pub ask: &'static str,
    /// Further lines of the `[[source]]` table.
    pub source: &'static str,
    pub reply: fn(&Asked) -> Reply,
    /// Questions of a complete walk, robots.txt apart.
    pub questions: usize,
    /// Records kept and rejected.
    pub kept: u64,
    pub rejected: u64,
    /// Texts that must be among the records as read.
    pub shows: &'static [&'static str],
}

/// Every imitation there is.
pub fn cases() -> Vec<Case> {
    let mut all = Vec::new();
    all.push(ashby::case());
    all.extend(cedefop::cases());
    all.push(course_site::case());
    all.push(elm_catalogue::case());
    all.push(esco::case());
    all.extend(eurostat::cases());
    all.push(greenhouse::case());
    all.push(idescat::case());
    all.push(ilostat::case());
    all.push(ilostat_sdmx::case());
    all.extend(ine::cases());
    all.extend(jobs_ps::cases());
    all.push(lever::case());
    all.push(ooapi::case());
    all.extend(pcbs::cases());
    all.extend(personio::cases());
    all.push(recruitee::case());
    all.push(reliefweb::case());
    all.push(sepe_municipal::case());
    all.extend(sepe_occupations::cases());
    all.extend(site::cases());
    all.push(smartrecruiters::case());
    all.push(socrata::case());
    all.extend(teamtailor::cases());
    all.push(workable::case());
    all.push(worldbank::case());
    all
}
