//! The first European Digital Credentials, in XML: presentations, credentials, and descriptions of opportunities in
//! the same words. They are brought into the shape of their successors and read like those.

use super::elm;
use super::learning_model::Model;
use crate::acquire::draft::Draft;
use crate::acquire::multilingual::{Voice, many};
use serde_json::Value;

/// Every micro-credential of a document, given its root's name and content.
pub(in crate::acquire) fn read(root: &str, document: Value, voice: &Voice) -> Vec<Draft> {
    match root {
        "learningOpportunity" | "learningSpecification" | "qualification" => {
            let model = Model::new(&document, voice.clone());
            elm::catalogue_entry(&model, &document).into_iter().collect()
        }
        _ => {
            let held = document.get("europassCredential").cloned().unwrap_or(document);
            many(&held).iter().flat_map(|credential| elm::read(&in_new_shape(credential.clone()), voice)).collect()
        }
    }
}

/// Achievements, or else activities, stand under `hasClaim`.
fn in_new_shape(mut credential: Value) -> Value {
    if let Some(subject) = credential.get_mut("credentialSubject").and_then(Value::as_object_mut) {
        let claims = ["/learningAchievement", "/activity"].iter().zip(["achievements", "activities"]);
        let claims = claims.filter_map(|(path, list)| subject.get(list)?.pointer(path).cloned()).next();
        if let Some(claims) = claims {
            subject.insert("hasClaim".to_owned(), claims);
        }
    }
    credential
}
