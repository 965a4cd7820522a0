//! Learning opportunities and qualifications as XML (LOQ, what the Qualification Dataset Register takes): every
//! specification is a micro-credential, told more by the opportunities that offer it; elements refer to each other.

use super::elm::catalogue_entry;
use super::learning_model::Model;
use crate::acquire::draft::Draft;
use crate::acquire::multilingual::{Voice, many, uri};
use serde_json::Value;

/// Every specification of the document, and every opportunity that offers none of them.
pub(in crate::acquire) fn read(document: &Value, voice: &Voice) -> Vec<Draft> {
    let model = Model::new(document, voice.clone());
    let below = |list: &str, names: [&str; 2]| -> Vec<&Value> {
        let members = document.get(list).into_iter();
        members.flat_map(|list| names.into_iter().filter_map(|name| list.get(name)).flat_map(many)).collect()
    };
    let specs =
        below("learningAchievementSpecificationReferences", ["qualification", "learningAchievementSpecification"]);
    let opportunities = below("learningOpportunityReferences", ["learningOpportunity", "course"]);
    let offers = |opportunity: &Value, spec: &Value| {
        let offered = opportunity.get("learningAchievementSpecification").map_or(&[][..], many);
        uri(spec).is_some() && offered.iter().any(|o| uri(o) == uri(spec))
    };
    let mut drafts = Vec::new();
    for spec in &specs {
        let mut draft = Draft::default();
        draft.set("credential_id", uri(spec).map(str::to_owned));
        model.specification(spec, &mut draft);
        model.award(spec, &mut draft);
        for opportunity in opportunities.iter().filter(|o| offers(o, spec)) {
            for body in model.all(opportunity, &["providedBy"]) {
                model.organisation(body, &mut draft);
            }
        }
        for whole in model.all(spec, &["isPartOf"]) {
            draft.set("stacks_into", model.text(whole, &["title"]));
        }
        drafts.push(draft);
    }
    let alone = opportunities.iter().filter(|o| !specs.iter().any(|spec| offers(o, spec)));
    drafts.extend(alone.filter_map(|opportunity| catalogue_entry(&model, opportunity)));
    drafts
}
