//! What a plan says to a service.

use super::about::About;
use crate::acquire::error::did_you_mean;
use crate::types::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use url::Url;

/// A value of the `ask` table: text, a number, a switch, or a list of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Given {
    /// `board = "acme"`
    Text(String),
    /// `limit = 20`
    Number(i64),
    /// `compensation = true`
    Switch(bool),
    /// `board = ["acme", "initech"]`
    Many(Vec<Given>),
}

/// Parameters that make no question; the message names the key of the plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`ask.{key}`: {problem}")]
pub struct AskError {
    /// Key of the `ask` table.
    pub key: String,
    /// What is wrong, and what to write.
    pub problem: String,
}

impl AskError {
    /// A key and what is wrong with it.
    pub fn new(key: &str, problem: impl Into<String>) -> Self {
        Self { key: key.to_owned(), problem: problem.into() }
    }
}

/// What a service is asked for.
#[derive(Debug, Clone)]
pub struct Ask<'a> {
    base: String,
    given: BTreeMap<&'a str, Vec<String>>,
    /// Day of the question.
    pub today: Date,
}

impl<'a> Ask<'a> {
    /// The plan's parameters, held against what the service knows.
    ///
    /// # Errors
    /// When one is unknown, one is missing or blank, or `base_url` is none that may be asked.
    pub fn new(about: &About, given: &'a BTreeMap<String, Given>, today: Date) -> Result<Self, AskError> {
        let known = |name: &str| name == "base_url" || about.parameters.iter().any(|p| p.name == name);
        if let Some(unknown) = given.keys().find(|name| !known(name)) {
            let names = || about.parameters.iter().map(|p| p.name).chain(["base_url"]);
            let hint = did_you_mean(unknown, names());
            let names = names().collect::<Vec<_>>().join(", ");
            let problem = format!("service \"{}\" knows no such key{hint}; its keys are {names}", about.id);
            return Err(AskError::new(unknown, problem));
        }
        let values: BTreeMap<&str, Vec<String>> =
            given.iter().map(|(name, value)| (name.as_str(), texts(value))).collect();
        // A blank value would leave a hole in the address.
        let is_blank = |texts: &Vec<String>| texts.is_empty() || texts.iter().any(|text| text.trim().is_empty());
        let absent = |name: &str| values.get(name).is_none_or(is_blank);
        if let Some(missing) = about.parameters.iter().find(|p| p.required && absent(p.name)) {
            let problem = format!("service \"{}\" cannot be asked without it: {}", about.id, missing.about);
            return Err(AskError::new(missing.name, problem));
        }
        let own = values.get("base_url").and_then(|v| v.first());
        if let Some(base) = own {
            check_base(base)?;
        }
        let base = own.map_or(about.base, String::as_str).to_owned();
        Ok(Self { base, given: values, today })
    }

    /// The first value of a parameter.
    pub fn one(&self, name: &str) -> Option<&str> {
        self.many(name).first().map(String::as_str)
    }

    /// Every value of a parameter.
    pub fn many(&self, name: &str) -> &[String] {
        self.given.get(name).map_or(&[], Vec::as_slice)
    }

    /// A whole number, if given.
    ///
    /// # Errors
    /// When it is none.
    pub fn number(&self, name: &str) -> Result<Option<u64>, AskError> {
        self.one(name)
            .map(|text| text.parse().map_err(|_| AskError::new(name, format!("\"{text}\" is no whole number"))))
            .transpose()
    }

    /// The pairs of `filter`: `["geo=ES", "sex=T"]`.
    ///
    /// # Errors
    /// When one is no pair.
    pub fn pairs(&self) -> Result<Vec<(&str, &str)>, AskError> {
        let problem = |text: &str| AskError::new("filter", format!("\"{text}\" is no pair such as \"geo=ES\""));
        let pairs = self.many("filter").iter().map(|text| (text, text.split_once('=')));
        pairs.map(|(text, pair)| pair.map(|(n, v)| (n.trim(), v.trim())).ok_or_else(|| problem(text))).collect()
    }

    /// The tables named with the plan's `key` of each: one for all of them, or one each.
    ///
    /// # Errors
    /// When there are as many keys as fit neither.
    pub fn keyed(&self, tables: &str) -> Result<Vec<(&str, &str)>, AskError> {
        let (names, keys) = (self.many(tables), self.many("key"));
        if keys.len() != 1 && keys.len() != names.len() {
            let problem =
                format!("{} for {} of `{tables}`: give one for all, or one for each", keys.len(), names.len());
            return Err(AskError::new("key", problem));
        }
        Ok(names.iter().zip(keys.iter().cycle()).map(|(name, key)| (name.as_str(), key.as_str())).collect())
    }

    /// The service's address with these segments and parameters; segments are encoded, empty parameters left out.
    ///
    /// # Errors
    /// When `base_url` is no address.
    pub fn url(&self, segments: &[&str], query: &[(&str, &str)]) -> Result<String, AskError> {
        address(&self.base, segments, query)
    }

    /// The same where the base holds `{name}`.
    ///
    /// # Errors
    /// When the value makes no address, or several values would make the same one.
    pub fn url_of(
        &self,
        name: &str,
        value: &str,
        segments: &[&str],
        query: &[(&str, &str)],
    ) -> Result<String, AskError> {
        let hole = format!("{{{name}}}");
        let values = self.many(name).len();
        if values > 1 && !self.base.contains(&hole) {
            let problem = format!(
                "\"{}\" has no {hole}, and {values} of `{name}` are asked for: say where the name stands, or make a \
                 source of each",
                self.base
            );
            return Err(AskError::new("base_url", problem));
        }
        let plain = !value.is_empty() && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
        if !plain {
            return Err(AskError::new(name, format!("\"{value}\" is no name of a site: letters, digits, - _ .")));
        }
        address(&self.base.replace(&hole, value), segments, query)
    }
}

/// An address may hold `{board}` where no host can, so it is looked at as text. Its user and password are not repeated.
fn check_base(base: &str) -> Result<(), AskError> {
    let (scheme, rest) = base.trim().split_once("://").unwrap_or_default();
    let problem = if !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        "it is no address of a web service: write it with http:// or https:// in front"
    } else if rest.split(['/', '\\', '?', '#']).next().is_some_and(|host| host.contains('@')) {
        "it holds a user or a password, and a plan is no place for either: leave out what stands before the @"
    } else {
        return Ok(());
    };
    Err(AskError::new("base_url", problem))
}

fn texts(given: &Given) -> Vec<String> {
    match given {
        Given::Text(text) => vec![text.clone()],
        Given::Number(number) => vec![number.to_string()],
        Given::Switch(on) => vec![on.to_string()],
        Given::Many(list) => list.iter().flat_map(texts).collect(),
    }
}

fn address(base: &str, segments: &[&str], query: &[(&str, &str)]) -> Result<String, AskError> {
    let wrong = || AskError::new("base_url", format!("\"{base}\" is no address of a web service"));
    let mut url = Url::parse(base).map_err(|_| wrong())?;
    url.path_segments_mut().map_err(|()| wrong())?.pop_if_empty().extend(segments);
    let given: Vec<_> = query.iter().filter(|(_, value)| !value.is_empty()).collect();
    if !given.is_empty() {
        url.query_pairs_mut().extend_pairs(given);
    }
    Ok(url.into())
}

#[cfg(test)]
mod tests {
    use super::super::named;
    use super::*;

    #[test]
    fn a_blank_board_and_an_address_that_is_none_of_the_web_are_refused_by_key() {
        let refused = |board: Given, base: Option<&str>| {
            let base = base.map(|base| ("base_url".to_owned(), Given::Text(base.to_owned())));
            let given = [("board".to_owned(), board)].into_iter().chain(base).collect();
            let about = named("greenhouse").unwrap().about();
            Ask::new(&about, &given, "2026-09-10".parse().unwrap()).err().map(|error| (error.key, error.problem))
        };
        let text = |text: &str| Given::Text(text.to_owned());
        for board in [text(""), text(" "), Given::Many(vec![text("acme"), text("")]), Given::Many(Vec::new())] {
            assert_eq!(refused(board, None).map(|(key, _)| key).as_deref(), Some("board"));
        }
        for base in ["", "file:///tmp", "ftp://x.org", "x.org", "https:x.org", "http://me:sesame@x.org/a"] {
            let (key, problem) = refused(text("acme"), Some(base)).unwrap();
            assert!(key == "base_url" && !problem.contains("sesame"), "{base}: {problem}");
        }
        for base in ["http://127.0.0.1:9/a@b", "HTTPS://x.org?to=a@b", "https://{board}.x.org"] {
            assert_eq!(refused(text("acme"), Some(base)), None, "{base}");
        }
    }

    #[test]
    fn an_address_without_the_place_of_the_name_serves_one_board_and_no_more() {
        let asked = |boards: &[&str], base: &str| {
            let boards = boards.iter().map(|board| Given::Text((*board).to_owned())).collect();
            let given = BTreeMap::from([
                ("board".to_owned(), Given::Many(boards)),
                ("base_url".to_owned(), Given::Text(base.to_owned())),
            ]);
            let service = named("teamtailor").unwrap();
            let ask = Ask::new(&service.about(), &given, "2026-09-10".parse().unwrap()).unwrap();
            service.first(&ask).map(|requests| requests.into_iter().map(|r| r.url).collect::<Vec<_>>())
        };
        let own = "https://careers.example.org";
        assert_eq!(asked(&["acme"], own).unwrap(), ["https://careers.example.org/jobs.rss"]);
        let refused = asked(&["acme", "initech"], own).unwrap_err();
        assert_eq!(refused.key, "base_url");
        assert!(refused.problem.contains("has no {board}, and 2 of `board`"), "{refused}");
        assert_eq!(asked(&["acme", "initech"], "https://{board}.example.org").unwrap().len(), 2);
    }
}
