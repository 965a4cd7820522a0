//! Open Badges: achievements of version 3 (issued, or alone in a catalogue, or gathered in a CLR) and badge classes of
//! version 2. An alignment to a framework is what a badge has for a learning outcome.

use crate::acquire::draft::Draft;
use crate::acquire::multilingual::{Voice, many, short_code, types};
use serde_json::Value;

/// Whether a JSON object is a badge of either version.
pub(in crate::acquire) fn is_badge(node: &Value) -> bool {
    const KINDS: [&str; 7] = [
        "OpenBadgeCredential",
        "AchievementCredential",
        "AchievementSubject",
        "ClrCredential",
        "Achievement",
        "BadgeClass",
        "Assertion",
    ];
    types(node).iter().any(|name| KINDS.contains(name))
}

/// Every achievement of a badge. Recipients are not read.
pub(in crate::acquire) fn read(node: &Value, voice: &Voice) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let subjects = node.get("credentialSubject").map_or(&[][..], many);
    for subject in subjects {
        for achievement in subject.get("achievement").map_or(&[][..], many).iter().filter(|a| a.is_object()) {
            let mut draft = achievement_of(achievement, voice);
            issued(node, subject.get("id").is_some() || subject.get("identifier").is_some(), voice, &mut draft);
            drafts.push(draft);
        }
        for inner in subject.get("verifiableCredential").map_or(&[][..], many).iter().filter(|inner| is_badge(inner)) {
            drafts.extend(read(inner, voice));
        }
    }
    if subjects.is_empty() {
        let class = node.get("badge").filter(|badge| badge.is_object());
        let mut draft = achievement_of(class.unwrap_or(node), voice);
        if class.is_some() {
            issued(node, node.get("recipient").is_some(), voice, &mut draft);
        }
        drafts.push(draft);
    }
    drafts
}

fn issued(node: &Value, names_learner: bool, voice: &Voice, draft: &mut Draft) {
    draft.set("learner_identified", Some(if names_learner { "yes" } else { "no" }));
    let dates = ["awardedDate", "issuanceDate", "issuedOn", "validFrom"];
    draft.set("issued_on", dates.iter().find_map(|key| node.get(*key)?.as_str()));
    draft.set("provider", node.get("issuer").filter(|issuer| issuer.is_object()).and_then(|i| voice.text(i)));
}

fn achievement_of(node: &Value, voice: &Voice) -> Draft {
    let mut draft = Draft::default();
    let text = |key: &str| node.get(key).and_then(|value| voice.text(value));
    draft.set("credential_id", ["id", "@id"].iter().find_map(|key| node.get(*key)?.as_str()));
    draft.set("title", text("name"));
    draft.set("description", text("description"));
    draft.set("language", text("inLanguage").or_else(|| text("@language")).map(|code| short_code(&code)));
    let criteria = node.get("criteria").map_or(&[][..], many).iter();
    let mut narrative = criteria.filter_map(|c| c.as_str().or_else(|| c.get("narrative")?.as_str()));
    draft.set("assessment", narrative.find(|text| !text.starts_with("http")));
    draft.set("ects", text("creditsAvailable"));
    draft.set("competence_group", text("fieldOfStudy"));
    for key in ["creator", "issuer"] {
        draft.set("provider", node.get(key).filter(|body| body.is_object()).and_then(|body| voice.text(body)));
    }
    let country = ["creator", "issuer"].iter().find_map(|key| node.get(*key)?.pointer("/address/addressCountryCode"));
    draft.set("country", country.and_then(Value::as_str));
    for alignment in node.get("alignment").or_else(|| node.get("alignments")).map_or(&[][..], many) {
        let of = |key: &str| alignment.get(key).and_then(Value::as_str);
        draft.add("outcomes", of("targetName").or_else(|| of("targetDescription")));
        let target = of("targetUrl").or_else(|| of("targetURL")).filter(|url| url.contains("/esco/"));
        if target.is_some() || of("targetFramework").is_some_and(|name| name.to_uppercase().contains("ESCO")) {
            draft.skill(target.or_else(|| of("targetUrl")), of("targetName").map(str::to_owned));
        }
    }
    draft
}
