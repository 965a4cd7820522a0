//! The languages that micro-credentials are described in: those of the report, with their sentences and names of skills.

use super::described::{Skill, Texts, line};
use crate::report::ReportError;
use crate::report::messages::Messages;
use crate::report::phrase::{Phrase, plain};
use crate::types::{EditionName, Findings, Lang};
use std::collections::BTreeMap;

/// Sentences by language, the plan's first, and names of skills.
pub struct Speech<'a> {
    findings: &'a Findings,
    messages: Vec<Messages>,
    /// Names in the plan's language where the editions have none.
    labels: BTreeMap<&'a str, &'a str>,
}

impl<'a> Speech<'a> {
    /// The languages of an edition of the report.
    ///
    /// # Errors
    /// When a catalogue of messages does not parse.
    pub fn of(findings: &'a Findings) -> Result<Self, ReportError> {
        let others = findings.editions.iter().map(|e| e.language).filter(|l| *l != findings.meta.language);
        let messages = std::iter::once(findings.meta.language).chain(others).map(Messages::of);
        let proposals = &findings.proposals;
        let edited = proposals.edits.iter().map(|e| (e.skill.as_str(), e.label.as_str()));
        let linked = findings.outcomes.iter().flat_map(|o| &o.links).map(|l| (l.0.as_str(), l.1.as_str()));
        let proposed = proposals.skills.iter().map(|s| (s.skill.as_str(), s.label.as_str()));
        let mut labels = BTreeMap::new();
        for (skill, label) in proposed.chain(edited).chain(linked) {
            labels.entry(skill).or_insert(label);
        }
        Ok(Self { findings, messages: messages.collect::<Result<_, _>>()?, labels })
    }

    /// Sentences of the plan's language.
    pub fn own(&self) -> Option<&Messages> {
        self.messages.first()
    }

    /// Code of the plan's language.
    pub fn code(&self) -> &'static str {
        self.own().map_or("en", |m| m.language.code())
    }

    /// A text in every language that has one.
    pub fn each(&self, text: impl Fn(&Messages) -> Option<Phrase>) -> Texts {
        let said = |m: &Messages| Some((m.language.code(), line(&plain(&text(m)?))));
        self.messages.iter().filter_map(said).filter(|(_, text)| !text.is_empty()).collect()
    }

    fn edition_name(&self, skill: &str, language: Lang) -> Option<&EditionName> {
        self.findings.editions.iter().find(|e| e.language == language)?.skills.get(skill)
    }

    /// Name of a skill for readers of a language, in another where it has none.
    pub fn name(&self, skill: &str, language: Lang) -> String {
        let name = self.edition_name(skill, language).map(|name| name.text.as_str());
        line(name.or_else(|| self.labels.get(skill).copied()).unwrap_or(skill))
    }

    /// Name of a skill where it is in that language; in the plan's there is always one.
    pub fn native(&self, skill: &str, language: Lang) -> Option<String> {
        let is_native = self.edition_name(skill, language).is_some_and(|name| name.language.is_none());
        let is_plan = self.own().is_some_and(|m| m.language == language);
        (is_native || is_plan).then(|| self.name(skill, language)).filter(|name| !name.is_empty())
    }

    /// A skill with its names.
    pub fn skill(&self, id: &str) -> Skill {
        let names = self.messages.iter().filter_map(|m| Some((m.language.code(), self.native(id, m.language)?)));
        Skill { id: id.to_owned(), names: names.collect() }
    }
}
