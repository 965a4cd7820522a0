//! What is known of a service before it is asked.

use serde::Serialize;

/// What a service gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Holds {
    /// Job postings.
    Postings,
    /// Official statistics.
    Statistics,
    /// Micro-credentials.
    Credentials,
    /// Skills and occupations.
    Taxonomy,
}

/// One key of a source's `ask` table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Whether the service cannot be asked without it.
    pub required: bool,
    /// What it says, with an example.
    pub about: &'static str,
}

/// A service's card: who answers, under which terms, how gently.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct About {
    /// `service =` of a plan.
    pub id: &'static str,
    /// What it gives.
    pub holds: Holds,
    /// Who answers.
    pub publisher: &'static str,
    /// Address that paths are joined to; `{name}` stands for a parameter. A plan's `base_url` replaces it.
    pub base: &'static str,
    /// What a plan may or must say.
    pub parameters: &'static [Parameter],
    /// Least seconds between two questions to its host.
    pub pause_seconds: f64,
    /// Licence or terms as its owner states them.
    pub terms: &'static str,
    /// Variable of the environment that holds a key, and the header it is sent in.
    pub credential: Option<(&'static str, &'static str)>,
    /// How a new vintage shows.
    pub vintage: &'static str,
    /// Fewest and most records of a complete answer that can be right.
    pub records: (u64, u64),
}

/// A parameter that must be given.
pub const fn required(name: &'static str, about: &'static str) -> Parameter {
    Parameter { name, required: true, about }
}

/// A parameter that may be given.
pub const fn optional(name: &'static str, about: &'static str) -> Parameter {
    Parameter { name, required: false, about }
}
