//! Answers of a survey of learners: which skill, yes or no, with what weight. Respondents are told apart and left behind.

use crate::lexicon::normal::fold;
use crate::types::{LabelKind, LearnerAnswer, LearnerSurvey, RawAnswer, SkillId, SurveyFault, SurveyReject, Taxonomy};
use rustc_hash::FxHashMap;
use std::collections::hash_map::Entry;

/// What the file's first column of answers may say, folded.
const YES: [&str; 7] = ["yes", "y", "true", "si", "s", "نعم", "اجل"];
const NO: [&str; 5] = ["no", "n", "false", "لا", "كلا"];

/// Longest value shown of a row that was not counted.
const SHOWN: usize = 120;

/// Rows of a survey to answers that count and rows that do not, with the reason. `unreadable` are rows by number with
/// what is wrong with them.
///
/// # Errors
/// When the answers are on a scale: its lowest step is written like a yes.
pub fn learner_survey(
    file: &str,
    rows: Vec<RawAnswer>,
    unreadable: Vec<(u64, String)>,
    taxonomy: &Taxonomy,
) -> Result<LearnerSurvey, String> {
    let names = SkillNames::new(taxonomy);
    let mut survey = LearnerSurvey { read: (rows.len() + unreadable.len()) as u64, ..LearnerSurvey::default() };
    let mut given: FxHashMap<(String, usize), (bool, u64)> = FxHashMap::default();
    for row in rows {
        if let Some(step) = scale_step(&row.wants) {
            return Err(format!(
                "{file}, row {}: wants_to_learn is '{step}', so the answers look like a scale, on which 1 would pass for \
                 yes; write yes or no, and decide yourself from which step on it is a yes",
                row.row
            ));
        }
        let refused = |(column, value, reason): (&str, &str, SurveyFault)| SurveyReject {
            file: file.to_owned(),
            row: row.row,
            column: column.to_owned(),
            value: shown(value),
            reason,
        };
        let (skill, wants, weight) = match read(&row, &names) {
            Ok(read) => read,
            Err(fault) => {
                survey.rejects.push(refused(fault));
                continue;
            }
        };
        if let Some(respondent) = &row.respondent {
            match given.entry((respondent.clone(), skill)) {
                Entry::Vacant(place) => drop(place.insert((wants, weight.to_bits()))),
                Entry::Occupied(before) if *before.get() == (wants, weight.to_bits()) => {
                    survey.duplicates += 1;
                    continue;
                }
                Entry::Occupied(_) => {
                    survey.rejects.push(refused(("wants_to_learn", &row.wants, SurveyFault::ConflictingAnswer)));
                    continue;
                }
            }
        }
        if let Some(skill) = taxonomy.skills.get(skill).map(|s| SkillId(s.id.0.clone())) {
            survey.answers.push(LearnerAnswer { skill, wants, weight });
        }
    }
    let bad = unreadable.into_iter().map(|(row, detail)| {
        let (file, column, value) = (file.to_owned(), String::new(), shown(&detail));
        SurveyReject { file, row, column, value, reason: SurveyFault::UnreadableRow }
    });
    survey.rejects.extend(bad);
    survey.rejects.sort_by_key(|reject| reject.row);
    Ok(survey)
}

fn shown(value: &str) -> String {
    value.chars().take(SHOWN).collect()
}

/// Skill, answer and weight; or column, value and fault.
fn read<'r>(
    row: &'r RawAnswer,
    names: &SkillNames,
) -> Result<(usize, bool, f64), (&'static str, &'r str, SurveyFault)> {
    let skill = names.find(&row.skill).map_err(|fault| ("skill", row.skill.as_str(), fault))?;
    let wants = answer(&row.wants).map_err(|fault| ("wants_to_learn", row.wants.as_str(), fault))?;
    let weight = match &row.weight {
        None => 1.0,
        Some(spelt) => weight(spelt).ok_or(("weight", spelt.as_str(), SurveyFault::BadWeight))?,
    };
    Ok((skill, wants, weight))
}

/// Yes or no in four languages, 1 or 0.
fn answer(spelt: &str) -> Result<bool, SurveyFault> {
    let folded = fold(spelt.trim());
    match folded.as_str() {
        "" => Err(SurveyFault::NoAnswer),
        word if YES.contains(&word) => Ok(true),
        word if NO.contains(&word) => Ok(false),
        number => match number.parse::<f64>() {
            Ok(1.0) => Ok(true),
            Ok(0.0) => Ok(false),
            _ => Err(SurveyFault::BadAnswer),
        },
    }
}

/// An answer that is a number, but neither 0 nor 1.
fn scale_step(spelt: &str) -> Option<String> {
    let number: f64 = fold(spelt.trim()).parse().ok()?;
    (number.is_finite() && number != 0.0 && number != 1.0).then(|| shown(spelt.trim()))
}

/// A finite number above 0; a comma is a decimal sign unless it may part thousands, as in `1,500`.
fn weight(spelt: &str) -> Option<f64> {
    let text = fold(spelt.trim());
    let text = match text.split_once(',') {
        Some((whole, rest)) if whole.contains('.') || rest.contains([',', '.']) => return None,
        Some((whole, rest)) if rest.len() == 3 && !whole.trim_start_matches('0').is_empty() => return None,
        Some((whole, rest)) => format!("{whole}.{rest}"),
        None => text,
    };
    text.parse::<f64>().ok().filter(|weight| weight.is_finite() && *weight > 0.0)
}

/// Skills by id and by folded name; a preferred name wins over another's alternative one.
struct SkillNames<'a> {
    taxonomy: &'a Taxonomy,
    preferred: FxHashMap<String, Named>,
    other: FxHashMap<String, Named>,
}

/// Bearer of a name.
#[derive(Clone, Copy, PartialEq)]
enum Named {
    One(usize),
    Several,
}

impl<'a> SkillNames<'a> {
    fn new(taxonomy: &'a Taxonomy) -> Self {
        let (mut preferred, mut other) = (FxHashMap::default(), FxHashMap::default());
        for (at, skill) in taxonomy.skills.iter().enumerate() {
            for label in &skill.labels {
                let names = if label.kind == LabelKind::Preferred { &mut preferred } else { &mut other };
                let bearer = names.entry(plain(&label.text)).or_insert(Named::One(at));
                if *bearer != Named::One(at) {
                    *bearer = Named::Several;
                }
            }
        }
        Self { taxonomy, preferred, other }
    }

    fn find(&self, spelt: &str) -> Result<usize, SurveyFault> {
        let spelt = spelt.trim();
        if spelt.is_empty() {
            return Err(SurveyFault::NoSkill);
        }
        let own = || self.taxonomy.skill_index(&format!("urn:skillgap:skill:{spelt}"));
        if let Some(at) = self.taxonomy.skill_index(spelt).or_else(own) {
            return Ok(at);
        }
        let name = plain(spelt);
        match self.preferred.get(&name).or_else(|| self.other.get(&name)) {
            Some(Named::One(at)) => Ok(*at),
            Some(Named::Several) => Err(SurveyFault::AmbiguousSkill),
            None => Err(SurveyFault::UnknownSkill),
        }
    }
}

/// Folded, slugs read as words, one space between words.
fn plain(name: &str) -> String {
    fold(name).replace(['-', '_'], " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Label, Lang, Reuse, Skill, SkillKind};

    fn skill(id: &str, labels: &[(&str, LabelKind)]) -> Skill {
        let label = |(text, kind): &(&str, LabelKind)| Label { text: (*text).into(), lang: Lang::En, kind: *kind };
        Skill {
            id: SkillId(id.into()),
            kind: SkillKind::Skill,
            reuse: Reuse::CrossSector,
            labels: labels.iter().map(label).collect(),
            description: None,
            broader: vec![],
            green: false,
            digital: false,
        }
    }

    fn taxonomy() -> Taxonomy {
        use LabelKind::{Alternative, Preferred};
        let skills = vec![
            skill(
                "urn:a",
                &[("Data Analysis", Preferred), ("análisis de datos", Alternative), ("figures", Alternative)],
            ),
            skill("urn:b", &[("C++", Preferred), ("figures", Alternative)]),
            skill("urn:skillgap:skill:welding", &[("soldadura", Preferred), ("data analysis", Alternative)]),
        ];
        Taxonomy { skills, ..Taxonomy::default() }
    }

    /// Rows as (respondent, skill, answer, weight); an empty respondent and the weight `-` are absent.
    fn survey(rows: &[(&str, &str, &str, &str)]) -> Result<LearnerSurvey, String> {
        let rows = (1..).zip(rows).map(|(row, (respondent, skill, wants, weight))| RawAnswer {
            row,
            respondent: Some((*respondent).to_owned()).filter(|r| !r.is_empty()),
            skill: (*skill).to_owned(),
            wants: (*wants).to_owned(),
            weight: Some((*weight).to_owned()).filter(|w| w != "-"),
        });
        learner_survey("s.csv", rows.collect(), vec![], &taxonomy())
    }

    fn faults(survey: &LearnerSurvey) -> Vec<(u64, &str, &str, SurveyFault)> {
        survey.rejects.iter().map(|r| (r.row, r.column.as_str(), r.value.as_str(), r.reason)).collect()
    }

    #[test]
    fn yes_and_no_are_understood_in_four_languages_and_as_one_and_zero() {
        let spelt = ["yes", "YES", "Sí", "si", "نعم", "1", "1.0", "١", "no", "No", "لا", "0", "٠"];
        let rows: Vec<_> = spelt.iter().map(|s| ("", "urn:a", *s, "-")).collect();
        let survey = survey(&rows).unwrap();
        let wants: Vec<bool> = survey.answers.iter().map(|a| a.wants).collect();
        assert_eq!(wants, [[true; 8].as_slice(), &[false; 5]].concat());
        assert!(survey.rejects.is_empty() && survey.answers.iter().all(|a| a.weight == 1.0));
    }

    #[test]
    fn a_skill_is_matched_by_id_slug_or_whole_name_and_never_forced() {
        use SurveyFault::{AmbiguousSkill, NoSkill, UnknownSkill};
        let named = ["urn:b", "c++", "welding", "SOLDADURA", "Analisis de datos", "data-analysis"];
        let rows: Vec<_> = named.iter().map(|s| ("", *s, "yes", "-")).collect();
        let found = survey(&rows).unwrap();
        let ids: Vec<&str> = found.answers.iter().map(|a| a.skill.0.as_str()).collect();
        let welding = "urn:skillgap:skill:welding";
        // A preferred name wins over the alternative of another skill.
        assert_eq!(ids, ["urn:b", "urn:b", welding, welding, "urn:a", "urn:a"]);
        let rows = [("", "C", "yes", "-"), ("", "figures", "yes", "-"), ("", "data", "no", "-"), ("", " ", "no", "-")];
        let lost = survey(&rows).unwrap();
        let expected = [
            (1, "skill", "C", UnknownSkill),
            (2, "skill", "figures", AmbiguousSkill),
            (3, "skill", "data", UnknownSkill),
            (4, "skill", " ", NoSkill),
        ];
        assert_eq!((lost.answers.len(), faults(&lost)), (0, expected.to_vec()));
    }

    #[test]
    fn weights_that_are_no_numbers_above_zero_are_rejects_that_name_row_and_value() {
        let spelt = ["2", "0,5", "0,125", "2.25", "0", "-1", "x", "", "nan", "inf", "1,500", "1.500,5"];
        let rows: Vec<_> = spelt.iter().map(|w| ("", "urn:a", "yes", *w)).collect();
        let survey = survey(&rows).unwrap();
        let weights: Vec<f64> = survey.answers.iter().map(|a| a.weight).collect();
        assert_eq!(weights, [2.0, 0.5, 0.125, 2.25]);
        let rejected: Vec<_> = faults(&survey).iter().map(|f| (f.0, f.2.to_owned())).collect();
        let expected: Vec<_> = (5..).zip(&spelt[4..]).map(|(row, w)| (row, (*w).to_owned())).collect();
        assert_eq!(rejected, expected);
        assert!(faults(&survey).iter().all(|f| (f.1, f.3) == ("weight", SurveyFault::BadWeight)));
    }

    #[test]
    fn one_person_counts_once_per_skill_and_every_row_is_accounted_for() {
        let rows = [
            ("r1", "urn:a", "yes", "1"),
            ("r1", "urn:a", "yes", "1"),
            ("r1", "urn:a", "no", "1"),
            ("r1", "urn:b", "no", "1"),
            ("r2", "urn:a", "perhaps", "1"),
            ("r2", "urn:a", "", "1"),
        ];
        let survey = survey(&rows).unwrap();
        let expected = [
            (3, "wants_to_learn", "no", SurveyFault::ConflictingAnswer),
            (5, "wants_to_learn", "perhaps", SurveyFault::BadAnswer),
            (6, "wants_to_learn", "", SurveyFault::NoAnswer),
        ];
        assert_eq!((survey.answers.len(), survey.duplicates, faults(&survey)), (2, 1, expected.to_vec()));
        assert_eq!(survey.read, survey.answers.len() as u64 + survey.duplicates + survey.rejects.len() as u64);
        // Rows without a respondent are other people.
        let rows = [("", "urn:a", "yes", "1"), ("", "urn:a", "no", "1")];
        assert_eq!(self::survey(&rows).unwrap().answers.len(), 2);
        let bad = learner_survey("s.csv", vec![], vec![(2, "line 3 has 1 fields".into())], &taxonomy()).unwrap();
        assert_eq!(faults(&bad), [(2, "", "line 3 has 1 fields", SurveyFault::UnreadableRow)]);
        assert!(!serde_json::to_string(&survey).unwrap().contains("r1"), "respondents are left behind");
    }

    #[test]
    fn answers_on_a_scale_are_refused_since_their_lowest_step_would_be_a_yes() {
        let error = survey(&[("", "urn:a", "1", "-"), ("", "urn:a", "4", "-")]).unwrap_err();
        assert!(error.contains("s.csv, row 2") && error.contains("'4'") && error.contains("yes or no"), "{error}");
    }
}
