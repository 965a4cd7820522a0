//! One `[[source]]` of a plan: files or a service, and how they are read.

use super::super::contract::ContractTable;
use crate::acquire::services::{Given, Holds};
use crate::acquire::{Columns, CredentialAsk, DecimalSign, JoinOn, PeriodColumns, StatisticsAsk, StatisticsLayout};
use crate::types::{Date, Lang, SourceId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What a source holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// Job postings.
    Postings,
    /// Our own taxonomy folder, or an ESCO package (folder or zip).
    Taxonomy,
    /// Micro-credentials with learning outcomes.
    Credentials,
    /// Official statistics, in any layout of [`crate::acquire::StatisticsLayout`].
    Statistics,
}

impl SourceKind {
    /// The kind of what a service gives.
    pub fn of(holds: Holds) -> Self {
        match holds {
            Holds::Postings => Self::Postings,
            Holds::Taxonomy => Self::Taxonomy,
            Holds::Credentials => Self::Credentials,
            Holds::Statistics => Self::Statistics,
        }
    }
}

/// Whether robots.txt has a say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RobotsPolicy {
    /// It has (RFC 9309).
    #[default]
    Follow,
    /// The owner documents the address for programs, whatever robots.txt says to crawlers.
    Ignore,
}

/// One or several paths.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Paths {
    /// `path = "a.csv"`
    One(PathBuf),
    /// `path = ["classification.zip", "relations.zip"]`
    Many(Vec<PathBuf>),
}

/// One `[[source]]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Name, unique in the plan.
    pub id: SourceId,
    /// What it holds.
    pub kind: SourceKind,
    /// Files or folders; or else a service.
    #[serde(default)]
    pub path: Option<Paths>,
    /// Service that is asked over the network (`skillgap sources services` lists them).
    #[serde(default, skip_serializing_if = "is_unset")]
    pub service: Option<String>,
    /// What the service is asked for.
    #[serde(default, skip_serializing_if = "is_unset")]
    pub ask: BTreeMap<String, Given>,
    /// Whether robots.txt of the service's host has a say.
    #[serde(default, skip_serializing_if = "is_unset")]
    pub robots: RobotsPolicy,
    /// Licence as its owner states it.
    #[serde(default)]
    pub licence: Option<String>,
    /// Day the file was obtained; relative dates count from it.
    #[serde(default)]
    pub retrieved_on: Option<Date>,
    /// Area of postings that name no known place.
    #[serde(default)]
    pub area: Option<String>,
    /// Language of texts too short to tell.
    #[serde(default)]
    pub language: Option<Lang>,
    /// Order of day and month where a date does not tell.
    #[serde(default)]
    pub date_order: crate::clean::DateOrder,
    /// Layout of statistics, where the file is not recognised.
    #[serde(default)]
    pub layout: Option<StatisticsLayout>,
    /// What the file counts, where it does not say so itself (INE tables).
    #[serde(default)]
    pub indicator: Option<String>,
    /// Its unit, where the file does not say.
    #[serde(default)]
    pub unit: Option<String>,
    /// Decimal sign of statistics, where the file does not tell.
    #[serde(default)]
    pub numbers: Option<DecimalSign>,
    /// Columns of statistics that are periods.
    #[serde(default)]
    pub periods: Option<PeriodColumns>,
    /// Columns and sheets of statistics to leave out, by name.
    #[serde(default)]
    pub ignore: Vec<String>,
    /// Encoding of the files, where it is told wrong (`iso-8859-15`).
    #[serde(default)]
    pub encoding: Option<String>,
    /// Another file with the other part of each record (postings only).
    #[serde(default)]
    pub join: Option<JoinTable>,
    /// Name and version for reports (taxonomies only).
    #[serde(default)]
    pub version: Option<String>,
    /// What is demanded of its records.
    #[serde(default, skip_serializing_if = "is_unset")]
    pub contract: ContractTable,
    /// The user's columns by our names.
    #[serde(default)]
    pub columns: Columns,
}

/// One `[source.join]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JoinTable {
    /// Files or folders, read before the source's own.
    pub path: Paths,
    /// `"id"`, or `{ id_here = "id_there" }`; for pages of an archive or a folder, `file` is a page's file name.
    pub on: JoinOn,
    /// Columns of these files by our names.
    pub columns: Columns,
}

impl Source {
    /// What readers of statistics are told.
    pub(crate) fn statistics_ask(&self) -> StatisticsAsk<'_> {
        StatisticsAsk {
            layout: self.layout,
            columns: &self.columns,
            indicator: self.indicator.as_deref(),
            unit: self.unit.as_deref(),
            numbers: self.numbers,
            periods: self.periods.as_ref(),
            ignore: &self.ignore,
            paged: self.service.is_some(),
        }
    }

    /// What readers of micro-credentials are told.
    pub(crate) fn credential_ask(&self) -> CredentialAsk<'_> {
        CredentialAsk { columns: &self.columns, language: self.language }
    }
}

/// What a plan leaves out is no part of what its stages depend on.
fn is_unset<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
