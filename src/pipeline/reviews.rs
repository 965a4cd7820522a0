//! Reads what people judged of matches: `kind,skill,language,right`, one judgement a row.

use super::decisions::{Register, add_judged, judged};
use super::inputs::file_name;
use super::{Plan, Run, RunError};
use crate::lexicon::ambiguity::{Ambiguity, Trust, surface_key};
use crate::types::{ErrorCounts, Lang, Reviews, Taxonomy};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Largest file of judgements: people write it.
const MOST_BYTES: u64 = 64 << 20;

#[derive(Deserialize)]
struct Judgement {
    kind: String,
    skill: String,
    language: String,
    right: String,
}

impl Plan {
    /// File of judgements, relative to where the program runs.
    pub(crate) fn reviewed_path(&self) -> Option<PathBuf> {
        let reviewed = self.correction.as_ref()?.reviewed.as_ref()?;
        Some(self.folder.join(reviewed))
    }
}

/// The plan's judgements by class of errors, those of its file and those of its register; none without `[correction]`.
pub(super) fn read(run: &Run<'_>, taxonomy: &Taxonomy) -> Result<Option<Reviews>, RunError> {
    if run.plan.correction.is_none() {
        return Ok(None);
    }
    let ambiguous = ambiguous(taxonomy);
    let mut reviews = match run.plan.reviewed_path() {
        Some(path) => judgements(&path, taxonomy, ambiguous)
            .map_err(|detail| RunError::Given { key: "correction.reviewed", detail })?,
        None => Reviews { ambiguous, ..Reviews::default() },
    };
    if let Some(register) = Register::of(run.plan)? {
        add_judged(&mut reviews, &judged(run, &register)?);
    }
    Ok(Some(reviews))
}

fn judgements(path: &Path, taxonomy: &Taxonomy, ambiguous: BTreeSet<(Lang, String)>) -> Result<Reviews, String> {
    let name = file_name(path);
    let refused = |detail: String| format!("{name}: {detail}");
    let size = std::fs::metadata(path).map_err(|e| refused(format!("cannot be read: {e}")))?.len();
    if size > MOST_BYTES {
        return Err(refused(format!("holds {size} bytes; a file of judgements has at most {MOST_BYTES}")));
    }
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_path(path)
        .map_err(|e| refused(format!("cannot be read: {e}")))?;
    let mut reviews = Reviews { ambiguous, ..Reviews::default() };
    for (row, judgement) in (2..).zip(reader.deserialize::<Judgement>()) {
        let expected = "expected the columns kind, skill, language, right";
        let judgement = judgement.map_err(|e| refused(format!("row {row}: {e}; {expected}")))?;
        add(&mut reviews, &judgement, taxonomy).map_err(|detail| refused(format!("row {row}: {detail}")))?;
    }
    Ok(reviews)
}

fn add(reviews: &mut Reviews, judgement: &Judgement, taxonomy: &Taxonomy) -> Result<(), String> {
    let language = Lang::from_code(&judgement.language);
    if language == Lang::Und {
        return Err(format!("language = '{}' is none of en, es, ca, ar", judgement.language));
    }
    if taxonomy.skill_index(&judgement.skill).is_none() {
        return Err(format!("skill = '{}' is no skill id of the run's taxonomy", judgement.skill));
    }
    let right = match judgement.right.to_lowercase().as_str() {
        "yes" => 1,
        "no" => 0,
        other => return Err(format!("right = '{other}' is neither yes nor no")),
    };
    let class = reviews.class(language, &judgement.skill);
    let counts: &mut ErrorCounts = reviews.counts.entry(class).or_default();
    match judgement.kind.as_str() {
        "precision" => (counts.counted, counts.right) = (counts.counted + 1, counts.right + right),
        "recall" => (counts.asked, counts.found) = (counts.asked + 1, counts.found + right),
        other => return Err(format!("kind = '{other}' is neither precision nor recall")),
    }
    Ok(())
}

/// Skills with a label that is not believed on sight, by language.
fn ambiguous(taxonomy: &Taxonomy) -> BTreeSet<(Lang, String)> {
    let mut ambiguous = BTreeSet::new();
    for language in Lang::ALL {
        let table = Ambiguity::of(language);
        let is_doubtful = |text: &str| table.rule(&surface_key(text)).is_some_and(|rule| rule.trust != Trust::Named);
        for skill in &taxonomy.skills {
            if skill.labels.iter().any(|l| l.lang == language && is_doubtful(&l.text)) {
                ambiguous.insert((language, skill.id.0.clone()));
            }
        }
    }
    ambiguous
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{ErrorClass, Label, LabelKind, Reuse, Skill, SkillId, SkillKind};

    /// `spark` is a row of the table of ambiguous labels, the other is none.
    fn taxonomy() -> Taxonomy {
        let skill = |id: &str, label: &str| Skill {
            id: SkillId(id.into()),
            kind: SkillKind::Skill,
            reuse: Reuse::CrossSector,
            labels: vec![Label { text: label.into(), lang: Lang::En, kind: LabelKind::Preferred }],
            description: None,
            broader: vec![],
            green: false,
            digital: false,
        };
        Taxonomy { skills: vec![skill("urn:a", "spark"), skill("urn:b", "PostgreSQL")], ..Taxonomy::default() }
    }

    fn read(rows: &str) -> Result<Reviews, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("reviewed.csv");
        crate::store::write_atomic(&path, rows.as_bytes()).unwrap();
        judgements(&path, &taxonomy(), ambiguous(&taxonomy()))
    }

    #[test]
    fn judgements_add_up_by_language_and_by_whether_the_labels_are_ambiguous() {
        let reviews = read(
            "kind,skill,language,right\nprecision,urn:a,en,yes\nprecision,urn:a,en,no\nrecall,urn:a,en,Yes\n\
             precision,urn:b,en,yes\nrecall,urn:b,ar,no\n",
        )
        .unwrap();
        let of = |language, ambiguous| reviews.counts.get(&ErrorClass { language, ambiguous }).copied();
        assert_eq!(of(Lang::En, true), Some(ErrorCounts { counted: 2, right: 1, asked: 1, found: 1 }));
        assert_eq!(of(Lang::En, false), Some(ErrorCounts { counted: 1, right: 1, asked: 0, found: 0 }));
        assert_eq!(of(Lang::Ar, false), Some(ErrorCounts { counted: 0, right: 0, asked: 1, found: 0 }));
        assert_eq!(reviews.counts.len(), 3);
    }

    #[test]
    fn a_row_that_cannot_be_meant_is_refused_by_file_row_and_value() {
        for (row, said) in [
            ("precision,urn:a,en,perhaps", "right = 'perhaps' is neither yes nor no"),
            ("precision,urn:x,en,yes", "skill = 'urn:x' is no skill id"),
            ("precision,urn:a,fr,yes", "language = 'fr' is none of en, es, ca, ar"),
            ("both,urn:a,en,yes", "kind = 'both' is neither precision nor recall"),
            ("precision,urn:a,en", "expected the columns kind, skill, language, right"),
        ] {
            let error = read(&format!("kind,skill,language,right\nrecall,urn:b,en,yes\n{row}\n")).unwrap_err();
            assert!(error.contains("reviewed.csv: row 3") && error.contains(said), "{error}");
        }
        assert!(read("what,ever\n1,2\n").unwrap_err().contains("kind"));
        assert!(
            judgements(Path::new("/nowhere.csv"), &taxonomy(), BTreeSet::new()).unwrap_err().contains("cannot be read")
        );
    }
}
