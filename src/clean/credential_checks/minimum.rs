//! The sixteen elements of the EU minimum information set: Council Recommendation 2022/C 243/02, Annex I
//! (design/sources.md:509 (V)).

use super::rows::{Rows, figure};
use crate::types::CheckKey::{self, ElementMissing, ElementPresent, IssuedOnly, LearnerNotRead};
use crate::types::CheckKind::{self, Mandatory, Optional};
use crate::types::CheckVerdict::{Missing, NotApplicable, Present};
use crate::types::Credential;

/// Longest value shown.
const SHOWN: usize = 120;

/// Eleven mandatory and five optional elements, each a row.
pub(super) fn check(credential: &Credential, rows: &mut Rows) {
    let issued = credential.learner_identified.is_some() || credential.issued_on.is_some();
    learner(credential, issued, rows);
    element(rows, Mandatory, "title", Some(credential.title.clone()));
    element(rows, Mandatory, "country", credential.country.clone());
    element(rows, Mandatory, "provider", credential.provider.clone());
    if issued {
        element(rows, Mandatory, "issued_on", credential.issued_on.map(|day| day.to_string()));
    } else {
        rows.say("issued_on", (Mandatory, NotApplicable, IssuedOnly), None, None);
    }
    let outcome_count = credential.outcomes.len();
    element(rows, Mandatory, "outcomes", (outcome_count > 0).then(|| outcome_count.to_string()));
    workload(credential, rows);
    level(credential, rows);
    element(rows, Mandatory, "assessment", credential.assessment.clone());
    element(rows, Mandatory, "participation", credential.participation.clone());
    element(rows, Mandatory, "quality_assurance", credential.quality_assurance.clone());
    element(rows, Optional, "prerequisites", credential.prerequisites.clone());
    element(rows, Optional, "supervision", credential.supervision.clone());
    let grade = if issued { LearnerNotRead } else { IssuedOnly };
    rows.say("grade", (Optional, NotApplicable, grade), None, None);
    element(rows, Optional, "stacks_into", credential.stacks_into.clone());
    element(rows, Optional, "further_information", credential.further_information.clone());
}

fn learner(credential: &Credential, issued: bool, rows: &mut Rows) {
    let (verdict, key) = match (issued, credential.learner_identified) {
        (false, _) => (NotApplicable, IssuedOnly),
        (true, Some(true)) => (Present, LearnerNotRead),
        (true, _) => (Missing, ElementMissing),
    };
    rows.say("learner_identified", (Mandatory, verdict, key), None, None);
}

fn element(rows: &mut Rows, kind: CheckKind, field: &str, value: Option<String>) {
    let (verdict, key) = if value.is_some() { (Present, ElementPresent) } else { (Missing, ElementMissing) };
    rows.say(field, (kind, verdict, key), value.map(shown), None);
}

/// "In ECTS wherever possible": hours alone do, with a word about it.
fn workload(credential: &Credential, rows: &mut Rows) {
    match (credential.ects, credential.workload_hours) {
        (Some(ects), _) => element(rows, Mandatory, "workload", Some(format!("{} ECTS", figure(ects)))),
        (None, Some(hours)) => {
            let said = (Mandatory, Present, CheckKey::WorkloadInHours);
            rows.say("workload", said, Some(format!("{} h", figure(hours))), None);
        }
        (None, None) => element(rows, Mandatory, "workload", None),
    }
}

/// EQF, or the cycle of QF-EHEA, or at least a national level.
fn level(credential: &Credential, rows: &mut Rows) {
    let eqf = credential.eqf_level.map(|level| format!("EQF {level}"));
    let cycle = credential.cycle.map(|cycle| format!("QF-EHEA {cycle}"));
    let stated: Vec<String> = [eqf, cycle].into_iter().flatten().collect();
    match (stated.is_empty(), &credential.nqf_level) {
        (true, Some(national)) => {
            let said = (Mandatory, Present, CheckKey::LevelNationalOnly);
            rows.say("level", said, Some(shown(national.clone())), None);
        }
        (true, None) => element(rows, Mandatory, "level", None),
        (false, national) => {
            let all: Vec<String> = stated.into_iter().chain(national.clone()).collect();
            element(rows, Mandatory, "level", Some(all.join("; ")));
        }
    }
}

pub(super) fn shown(text: String) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default().trim_end()),
        None => text,
    }
}
