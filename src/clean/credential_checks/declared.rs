//! Taxonomy concepts that a provider names: known to the run's taxonomy, or not and then what is near.

use super::minimum::shown;
use super::rows::Rows;
use crate::clean::fold::folded;
use crate::lexicon::ngrams::{NGramIndex, NGramScratch};
use crate::types::{CheckKey, CheckKind, CheckVerdict, Credential, DeclaredSkill, Lang, Taxonomy};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Cosine of character n-grams from which two labels are called near.
const NEAR: f32 = 0.55;
/// Different unknown labels for which something near is looked up; beyond, only equal labels are found.
const LOOKED_UP: usize = 2_000;
/// Unknown concepts listed for one credential; the rest is counted in the last row.
const LISTED: usize = 50;

/// ESCO concepts from which a taxonomy is ESCO as a whole (1.0 has 13,485 skills): what it lacks does not exist.
const WHOLE_ESCO: usize = 10_000;

/// Labels of the taxonomy, indexed when first asked for.
pub(super) struct Concepts<'t> {
    taxonomy: &'t Taxonomy,
    is_whole: bool,
    labels: Option<Labels<'t>>,
    near: BTreeMap<String, Option<String>>,
}

struct Labels<'t> {
    by_name: FxHashMap<String, usize>,
    texts: Vec<(&'t str, usize)>,
    index: NGramIndex,
    scratch: NGramScratch,
}

impl<'t> Concepts<'t> {
    pub(super) fn new(taxonomy: &'t Taxonomy) -> Self {
        let is_whole = taxonomy.skills.iter().filter(|skill| is_esco(&skill.id.0)).count() >= WHOLE_ESCO;
        Self { taxonomy, is_whole, labels: None, near: BTreeMap::new() }
    }

    fn knows(&self, uri: &str) -> bool {
        self.taxonomy.skill_index(&canonical(uri)).is_some()
    }

    fn labels(&mut self) -> &mut Labels<'t> {
        let taxonomy = self.taxonomy;
        self.labels.get_or_insert_with(|| {
            let all = taxonomy.skills.iter().enumerate();
            let texts: Vec<(&str, usize)> =
                all.flat_map(|(at, skill)| skill.labels.iter().map(move |label| (label.text.as_str(), at))).collect();
            let mut by_name = FxHashMap::default();
            for (text, at) in &texts {
                by_name.entry(folded(text)).or_insert(*at);
            }
            let index = NGramIndex::new(texts.iter().map(|(text, _)| *text));
            Labels { by_name, texts, index, scratch: NGramScratch::default() }
        })
    }

    /// The concept of exactly this label.
    fn named(&mut self, label: &str) -> Option<usize> {
        let name = folded(label);
        self.labels().by_name.get(&name).copied()
    }

    /// The concept of this label, or of the one nearest to it: `label (URI)`.
    fn nearest(&mut self, label: &str) -> Option<String> {
        let name = folded(label);
        if let Some(known) = self.near.get(&name) {
            return known.clone();
        }
        let look_up = self.near.len() < LOOKED_UP;
        let labels = self.labels();
        let found = labels.by_name.get(&name).copied().or_else(|| {
            let best = look_up.then(|| labels.index.top(label, 1, &mut labels.scratch))?;
            let (at, _) = best.into_iter().find(|(_, cosine)| *cosine >= NEAR)?;
            labels.texts.get(at as usize).map(|(_, skill)| *skill)
        });
        let skill = found.and_then(|at| self.taxonomy.skills.get(at));
        let shown = skill.map(|skill| format!("{} ({})", skill.name(Lang::En), skill.id.0));
        if look_up {
            self.near.insert(name, shown.clone());
        }
        shown
    }
}

/// ESCO's own form of a URI: `http`, no slash at the end.
fn canonical(uri: &str) -> String {
    let uri = uri.trim().trim_end_matches('/');
    uri.strip_prefix("https://data.europa.eu/esco/")
        .map_or(uri.to_owned(), |rest| format!("http://data.europa.eu/esco/{rest}"))
}

/// `http://data.europa.eu/esco/skill/` and a UUID (or the older numbers of a few concepts).
fn is_esco(uri: &str) -> bool {
    let canonical = canonical(uri);
    let Some(id) = canonical.strip_prefix("http://data.europa.eu/esco/skill/") else { return false };
    let groups: Vec<&str> = id.split('-').collect();
    let is_hex = id.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    // Ends of one digit only are typed as a placeholder, never drawn.
    let is_typed = |group: &&&str| group.len() >= 8 && group.bytes().all(|b| group.bytes().next() == Some(b));
    is_hex && groups.iter().map(|g| g.len()).eq([8, 4, 4, 4, 12]) && groups.iter().find(is_typed).is_none()
}

pub(super) fn check(credential: &Credential, concepts: &mut Concepts<'_>, rows: &mut Rows) {
    let (with_uri, labels): (Vec<&DeclaredSkill>, Vec<&DeclaredSkill>) =
        credential.declared_skills.iter().partition(|skill| skill.uri.is_some());
    let uris = with_uri.iter().filter_map(|skill| Some((skill.uri.as_deref()?, skill.label.as_deref())));
    let unknown: Vec<(&str, Option<&str>)> = uris.filter(|(uri, _)| !concepts.knows(uri)).collect();
    for (uri, label) in unknown.iter().take(LISTED) {
        let (key, verdict) = match (is_esco(uri), concepts.is_whole) {
            (true, true) => (CheckKey::SkillUnknown, CheckVerdict::Warning),
            // A small taxonomy lacks most of ESCO: nothing is wrong, but the concept is not compared.
            (true, false) => (CheckKey::SkillUnknown, CheckVerdict::Hint),
            (false, _) => (CheckKey::SkillMalformed, CheckVerdict::Warning),
        };
        let value = label.map_or_else(|| (*uri).to_owned(), |label| format!("{label} ({uri})"));
        let near = label.and_then(|label| concepts.nearest(label)).unwrap_or_else(|| "-".to_owned());
        rows.say("declared_skills", (CheckKind::Esco, verdict, key), Some(shown(value)), Some(near));
    }
    if !with_uri.is_empty() {
        known(rows, with_uri.len() - unknown.len(), with_uri.len(), "URI");
    }
    if !labels.is_empty() {
        let found = labels.iter().filter(|s| s.label.as_deref().is_some_and(|l| concepts.named(l).is_some())).count();
        known(rows, found, labels.len(), "label");
    }
}

/// How many are known: a fact where all are, else a hint beside the rows that name the others.
fn known(rows: &mut Rows, found: usize, all: usize, by: &str) {
    let verdict = if found == all { CheckVerdict::Present } else { CheckVerdict::Hint };
    let said = (CheckKind::Esco, verdict, CheckKey::SkillsKnown);
    rows.say("declared_skills", said, Some(format!("{found} of {all}")), Some(by.to_owned()));
}
