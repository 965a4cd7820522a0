//! Nodes of the European Learning Model, in the spelling of ELM 3, of LOQ and of the first Europass credentials:
//! what a specification, an organisation and an assessment say in our fields.
//!
//! Only what is taught is looked at. Names, dates of birth, addresses and grades of learners are never read.

use crate::acquire::draft::Draft;
use crate::acquire::multilingual::{Graph, Voice, many, short_code, uri};
use serde_json::Value;

/// Concepts of controlled vocabularies that files often name without a label (design/sources.md:537 (V)).
const CONCEPTS: [(&str, &str); 6] = [
    ("learning-assessment/920fbb3cbe", "Online"),
    ("learning-assessment/e92d221e4d", "Blended"),
    ("learning-assessment/9191af2ed9", "Presential"),
    ("learning-assessment/729f3bed4b", "Work-based"),
    ("learning-setting/6fd4685715", "Formal learning"),
    ("learning-setting/e207a81fc7", "Non-formal learning"),
];
/// ECTS among the credit systems.
const ECTS: &str = "education-credit/6fcec5c5af";
/// Names of the provider's organisation.
const ORGANISATION_NAMES: [&str; 4] = ["legalName", "prefLabel", "altLabel", "name"];

/// A document of the model, with its references and the language to read it in.
pub(super) struct Model<'v> {
    pub(super) graph: Graph<'v>,
    pub(super) voice: Voice,
}

impl<'v> Model<'v> {
    pub(super) fn new(document: &'v Value, voice: Voice) -> Self {
        Self { graph: Graph::of(document), voice }
    }

    pub(super) fn all(&self, node: &'v Value, names: &[&str]) -> Vec<&'v Value> {
        self.graph.all(node, names)
    }

    /// The text of the first property of these names.
    pub(super) fn text(&self, node: &'v Value, names: &[&str]) -> Option<String> {
        names.iter().filter_map(|name| node.get(*name)).find_map(|value| self.voice.text(value)).filter(|t| is_said(t))
    }

    /// Every text of the first property of these names that has one.
    fn texts(&self, node: &'v Value, names: &[&str]) -> Vec<String> {
        let mut said = names.iter().filter_map(|name| node.get(*name)).map(|value| self.voice.texts(value));
        let texts = said.find(|texts| !texts.is_empty()).unwrap_or_default();
        texts.into_iter().filter(|text| is_said(text)).collect()
    }

    /// The same with its paragraphs on lines of their own.
    fn prose(&self, node: &'v Value, names: &[&str]) -> Option<String> {
        Some(self.texts(node, names).join("\n")).filter(|text| !text.is_empty())
    }

    /// Every concept of a property by its label, else by the name we know for its URI.
    fn concepts(&self, node: &'v Value, names: &[&str]) -> Vec<String> {
        let found = self.all(node, names).into_iter().filter_map(|value| {
            let known = CONCEPTS.iter().find(|(id, _)| uri(value).is_some_and(|u| ends_with(u, id)));
            let label = self.voice.text(value).filter(|text| is_said(text) && !is_address(text));
            label.or_else(|| known.map(|(_, name)| (*name).to_owned()))
        });
        found.collect()
    }

    /// What a specification says: title, workload, levels, form, outcomes.
    pub(super) fn specification(&self, spec: &'v Value, draft: &mut Draft) {
        let said = ["title", "prefLabel"].iter().filter_map(|name| spec.get(*name)).find_map(|v| self.voice.said(v));
        if let Some((title, language)) = said.filter(|(title, _)| is_said(title)) {
            draft.set("title", Some(title));
            draft.set("language", language);
        }
        draft.set("description", self.prose(spec, &["description", "definition"]));
        draft.set("workload_hours", self.text(spec, &["volumeOfLearning", "workload"]));
        self.credits(spec, draft);
        let qualification = self.all(spec, &["qualification"]);
        for node in std::iter::once(spec).chain(qualification) {
            let eqf = self.all(node, &["eqfLevel", "EQFLevel"]);
            draft.set("eqf_level", eqf.into_iter().find_map(|level| self.eqf(level)));
            let levels = self.all(node, &["educationLevel"]);
            draft.set("eqf_level", levels.into_iter().filter(|l| is_eqf(l)).find_map(|level| self.eqf(level)));
            for level in self.all(node, &["nqfLevel", "NQFLevel"]) {
                let label = self.voice.text(level).filter(|text| is_said(text));
                draft.set("nqf_level", label.or_else(|| uri(level).map(str::to_owned)));
            }
        }
        for mode in self.concepts(spec, &["mode"]) {
            draft.add("participation", Some(mode));
        }
        for language in self.all(spec, &["language", "teachingLanguage"]) {
            let code = uri(language).map(str::to_owned).or_else(|| self.voice.text(language));
            draft.add("delivery_languages", code.map(|code| short_code(&code)));
        }
        let entry = ["entryRequirement", "entryRequirementsNote", "entryRequirementNote"];
        draft.set("prerequisites", self.prose(spec, &entry));
        for note in self.all(spec, &["accreditation"]) {
            draft.add("quality_assurance", self.text(note, &["title", "description", "prefLabel"]));
        }
        for page in self.all(spec, &["homepage", "landingPage"]) {
            draft.set("further_information", self.page(page));
        }
        for assessment in self.all(spec, &["provenBy", "assessmentSpecification"]) {
            self.assessment(assessment, draft);
        }
        self.outcomes(spec, draft);
    }

    fn credits(&self, spec: &'v Value, draft: &mut Draft) {
        for credit in self.all(spec, &["creditPoint"]) {
            let framework = self.all(credit, &["framework"]);
            let is_ects = framework.iter().any(|f| uri(f).is_some_and(|u| ends_with(u, ECTS)));
            if is_ects {
                draft.set("ects", self.text(credit, &["point"]));
            }
        }
        draft.set("ects", self.text(spec, &["hasECTSCreditPoints", "ECTSCreditPoints"]));
    }

    fn eqf(&self, level: &Value) -> Option<String> {
        let address = uri(level).filter(|_| is_eqf(level)).map(|u| u.trim_end_matches('/'));
        let of_uri = address.and_then(|u| u.rsplit('/').next()).map(str::to_owned);
        of_uri.or_else(|| self.voice.text(level)).filter(|text| is_said(text))
    }

    fn outcomes(&self, spec: &'v Value, draft: &mut Draft) {
        let mut outcomes = self.all(spec, &["learningOutcome"]);
        for list in self.all(spec, &["learningOutcomes"]) {
            outcomes.extend(self.all(list, &["learningOutcome"]));
        }
        for outcome in &outcomes {
            self.outcome(outcome).into_iter().for_each(|text| draft.add("outcomes", Some(text)));
            for names in [["relatedESCOSkill", "relatedEscoSkill"], ["relatedSkill", "relatedskill"]] {
                for skill in self.all(outcome, &names) {
                    let address = uri(skill).filter(|address| skill.is_object() || is_address(address));
                    let is_esco = names.contains(&"relatedESCOSkill") || address.is_some_and(|u| u.contains("/esco/"));
                    if is_esco {
                        draft.skill(address, self.voice.text(skill).filter(|label| !is_address(label)));
                    }
                }
            }
        }
        // Also where the outcomes are addresses that lead nowhere.
        if draft.get("outcomes").is_none() {
            draft.set("outcomes", Some(self.texts(spec, &["learningOutcomeSummary"]).join("|")));
        }
    }

    /// Statements: the description under its name, or each name alone; a name like "Learning outcome 2" says nothing.
    fn outcome(&self, outcome: &'v Value) -> Vec<String> {
        let names = self.texts(outcome, &["title", "prefLabel"]);
        let told = match (names.join(" "), self.prose(outcome, &["description"])) {
            (name, Some(statement)) if is_numbered(&name) || statement.contains(&name) => vec![statement],
            (name, Some(statement)) => vec![format!("{}: {statement}", name.trim_end_matches([':', '.']))],
            (_, None) if names.is_empty() => self.bare(outcome),
            (_, None) => names,
        };
        told.iter().map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }

    /// What an outcome says that is a text and no node with a name.
    fn bare(&self, outcome: &Value) -> Vec<String> {
        self.voice.texts(outcome).into_iter().filter(|text| is_said(text) && !is_pointer(text)).collect()
    }

    /// Type of an assessment and how it is supervised.
    pub(super) fn assessment(&self, assessment: &'v Value, draft: &mut Draft) {
        let specified = self.all(assessment, &["specifiedBy"]);
        let node = specified.first().copied().unwrap_or(assessment);
        let kind = self.concepts(node, &["dcType", "type", "assessmentType"]);
        // Of a JSON node `type` is its class.
        let is_kind = |text: &String| !text.contains("Assessment") && text != "Qualification";
        let kinds: Vec<String> = kind.into_iter().filter(is_kind).collect();
        let title = self.text(node, &["title", "prefLabel"]).or_else(|| self.text(assessment, &["title"]));
        let shown = if kinds.is_empty() { title.into_iter().collect() } else { kinds };
        shown.into_iter().for_each(|text| draft.add("assessment", Some(text)));
        for method in self.concepts(assessment, &["idVerification", "idVerificationMethod"]) {
            draft.add("supervision", Some(method));
        }
        for part in self.all(assessment, &["hasPart"]).into_iter().filter(|part| part.get("specifiedBy").is_some()) {
            for spec in self.all(part, &["specifiedBy"]) {
                let kinds = self.concepts(spec, &["dcType", "type"]).into_iter().filter(is_kind);
                kinds.for_each(|text| draft.add("assessment", Some(text)));
            }
        }
    }

    /// Name and country of an organisation.
    pub(super) fn organisation(&self, body: &'v Value, draft: &mut Draft) {
        if body.is_string() {
            return draft.set("provider", self.voice.text(body).filter(|name| is_said(name) && !is_address(name)));
        }
        draft.set("provider", self.text(body, &ORGANISATION_NAMES).or_else(|| self.voice.text(body)));
        for location in self.all(body, &["location", "hasLocation"]) {
            for address in self.all(location, &["address", "hasAddress"]) {
                for country in self.all(address, &["countryCode", "country"]) {
                    let code = uri(country).and_then(|u| u.trim_end_matches('/').rsplit('/').next());
                    draft.set("country", code.map(str::to_owned).or_else(|| self.voice.text(country)));
                }
            }
        }
    }

    /// The body that awards, and the day it did.
    pub(super) fn award(&self, node: &'v Value, draft: &mut Draft) {
        for process in self.all(node, &["awardedBy", "wasAwardedBy", "awardingOpportunity"]) {
            for body in self.all(process, &["awardingBody"]) {
                self.organisation(body, draft);
            }
            draft.set("issued_on", self.text(process, &["awardingDate", "date"]));
        }
    }

    fn page(&self, page: &'v Value) -> Option<String> {
        let address = self.text(page, &["contentURL", "contentUrl"]);
        address.or_else(|| uri(page).map(str::to_owned)).filter(|u| is_address(u.trim()) && !u.starts_with("urn:"))
    }
}

fn is_address(text: &str) -> bool {
    ["http:", "https:", "urn:"].iter().any(|scheme| text.starts_with(scheme))
}

/// Whether a text is the id of a node that is not there, and no statement.
fn is_pointer(text: &str) -> bool {
    let text = text.trim();
    let is_code = !text.contains(char::is_whitespace) && text.contains(|c: char| c == ':' || c.is_numeric());
    is_code || is_address(text) || text.starts_with(['#', '/'])
}

/// Whether an address ends with an id, with or without a slash behind it.
fn ends_with(address: &str, id: &str) -> bool {
    address.trim_end_matches('/').ends_with(id)
}

fn is_eqf(level: &Value) -> bool {
    uri(level).is_some_and(|u| u.contains("/eqf/"))
}

/// Placeholders of forms that nobody filled in.
fn is_said(text: &str) -> bool {
    let text = text.trim();
    !["", "n/a", "none", "no defined", "not defined", "-"].contains(&text.to_lowercase().as_str())
}

fn is_numbered(name: &str) -> bool {
    let rest = name.trim().to_lowercase().replace("learning outcome", "").replace("lo", "");
    !rest.chars().any(char::is_alphabetic)
}

/// Whether a node of any of these names is there and holds something.
pub(super) fn has(node: &Value, names: &[&str]) -> bool {
    names.iter().filter_map(|name| node.get(*name)).any(|v| !many(v).is_empty())
}
