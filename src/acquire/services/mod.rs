//! Services that answer over the network: what to ask each, and where its answers lead.
//!
//! A service is pure: it gives questions ([`Request`]) and reads answers ([`Answer`]), and never opens a connection. One
//! file and one line in [`all`] per service. What an answer holds is read by the connectors that also read files.

mod about;
mod answered;
mod ashby;
mod ask;
mod boards;
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
mod items;
mod jobs_ps;
mod lever;
mod ooapi;
mod paging;
mod pcbs;
mod personio;
mod recruitee;
mod reliefweb;
mod request;
mod sepe_municipal;
mod sepe_occupations;
mod site;
mod sitemap;
mod smartrecruiters;
mod socrata;
mod teamtailor;
mod workable;
mod worldbank;

pub use about::{About, Holds, Parameter};
pub use ask::{Ask, AskError, Given};
pub use items::read_items;
pub use request::{Answer, Expects, Request, Role, Verdict};

use super::{AcquireError, ColumnRule, Columns};
use crate::types::RawPosting;
use serde_json::Value;

/// A service on the network.
pub trait Service: Sync {
    /// Who it is and what it must be told.
    fn about(&self) -> About;

    /// The questions to begin with.
    ///
    /// # Errors
    /// When the plan's parameters make no question.
    fn first(&self, ask: &Ask<'_>) -> Result<Vec<Request>, AskError>;

    /// Where an answer leads: further pages, details. By default nowhere.
    ///
    /// # Errors
    /// When the answer is not what the service promises.
    fn next(&self, _ask: &Ask<'_>, _answer: &Answer<'_>) -> Result<Vec<Request>, AcquireError> {
        Ok(Vec::new())
    }

    /// What an answer means. By default 2xx is data and every other status a refusal.
    fn verdict(&self, answer: &Answer<'_>) -> Verdict {
        Verdict::by_status(answer)
    }

    /// The service's own word for how new an answer is, out of the first 64 KiB of it; beside the hash of its bytes.
    fn vintage(&self, _head: &str) -> Option<String> {
        None
    }

    /// How the records of an answer are read. By default by what it holds, as a file would be.
    fn reading(&self, _request: &Request) -> Reading {
        Reading::ByContent
    }

    /// The employer of every record of an answer, where it is named once for all of them.
    fn employer(&self, _whole: &Value) -> Option<String> {
        None
    }

    /// A record before its columns are looked up; for what no path can say.
    fn reshape(&self, _request: &Request, record: Value) -> Value {
        record
    }

    /// Why an item of a list is none of the records that are asked for, in words.
    fn leaves_out(&self, _record: &Value) -> Option<String> {
        None
    }

    /// What the address of a page says of its posting.
    fn located(&self, _url: &str, _posting: &mut RawPosting) {}

    /// Whether a full answer holds the newest postings alone, so that some may come and go between two walks.
    fn shows_newest_only(&self) -> bool {
        false
    }
}

/// How the records of an answer are read.
#[derive(Debug, Clone, PartialEq)]
pub enum Reading {
    /// As a file of the source's kind.
    ByContent,
    /// Postings as items of JSON or XML.
    Items {
        /// Dotted path to the list; empty = the document itself.
        records: &'static str,
        /// Where each field comes from.
        columns: Columns,
    },
}

impl Reading {
    /// Items at `records`; each field with the dotted path of its value.
    pub fn items(records: &'static str, fields: &[(&str, &str)]) -> Self {
        let rule = |path: &str| ColumnRule::Column(path.to_owned());
        let columns = fields.iter().map(|(field, path)| ((*field).to_owned(), rule(path))).collect();
        Reading::Items { records, columns }
    }

    /// The same with one value for every record, such as an employer whose board this is.
    #[must_use]
    pub fn with_const(self, field: &str, value: &str) -> Self {
        self.with(field, ColumnRule::Constant { r#const: value.to_owned() })
    }

    /// The same with a field out of several values, joined.
    #[must_use]
    pub fn with_join(self, field: &str, paths: &[&str]) -> Self {
        self.with(field, ColumnRule::Join(paths.iter().map(|p| (*p).to_owned()).collect()))
    }

    /// The same with a field out of the first of several values that is there.
    #[must_use]
    pub fn with_any(self, field: &str, paths: &[&str]) -> Self {
        self.with(field, ColumnRule::Any { any: paths.iter().map(|p| (*p).to_owned()).collect() })
    }

    fn with(mut self, field: &str, rule: ColumnRule) -> Self {
        if let Reading::Items { columns, .. } = &mut self {
            columns.insert(field.to_owned(), rule);
        }
        self
    }
}

/// Every service, in the order of their ids.
pub fn all() -> &'static [&'static dyn Service] {
    &[
        &ashby::Ashby,
        &cedefop::Cedefop,
        &course_site::CourseSite,
        &elm_catalogue::ElmCatalogue,
        &esco::Esco,
        &eurostat::Eurostat,
        &greenhouse::Greenhouse,
        &idescat::Idescat,
        &ilostat::Ilostat,
        &ilostat_sdmx::IlostatSdmx,
        &ine::Ine,
        &jobs_ps::JobsPs,
        &lever::Lever,
        &ooapi::Ooapi,
        &pcbs::Pcbs,
        &personio::Personio,
        &recruitee::Recruitee,
        &reliefweb::Reliefweb,
        &sepe_municipal::SepeMunicipal,
        &sepe_occupations::SepeOccupations,
        &site::Site,
        &smartrecruiters::SmartRecruiters,
        &socrata::Socrata,
        &teamtailor::Teamtailor,
        &workable::Workable,
        &worldbank::Worldbank,
    ]
}

/// A service by its id.
pub fn named(id: &str) -> Option<&'static dyn Service> {
    all().iter().copied().find(|service| service.about().id == id)
}
