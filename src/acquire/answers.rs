//! A survey of learners: a CSV file with a row for each respondent and skill.

use super::Columns;
use super::csv_file::CsvFile;
use super::error::AcquireError;
use super::limits::Limits;
use super::mapping::SURVEY;
use super::open::{file_name, open};
use super::rows::{Row, Rows, cell};
use crate::types::RawAnswer;
use std::path::Path;

/// Rows of a survey, and those that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RawSurvey {
    /// File name.
    pub file: String,
    /// Rows as spelt.
    pub rows: Vec<RawAnswer>,
    /// Row number and what is wrong with it.
    pub unreadable: Vec<(u64, String)>,
}

/// Reads a survey; delimiter and encoding are told from the file, columns by their names in four languages.
///
/// # Errors
/// When the file cannot be read or believed, or has no column of skills or of answers.
pub fn read_answers(path: &Path, limits: &Limits) -> Result<RawSurvey, AcquireError> {
    let file = file_name(path);
    let mut body = open(path, limits)?;
    let mut rows = CsvFile::open(&file, &mut body, limits)?;
    let bound = SURVEY.bind(&Columns::new(), rows.header(), &file)?;
    let has_weight = bound.position_of("weight").is_some();
    let mut survey = RawSurvey { file, ..RawSurvey::default() };
    while let Some((row, cells)) = rows.next()? {
        match cells {
            Row::Bad(_, detail) => survey.unreadable.push((row, detail)),
            Row::Cells(cells) => {
                let value = |field: &str| bound.value(field, &|at| cell(cells, at)).map(|v| v.trim().to_owned());
                survey.rows.push(RawAnswer {
                    row,
                    respondent: value("respondent"),
                    skill: value("skill").unwrap_or_default(),
                    wants: value("wants_to_learn").unwrap_or_default(),
                    weight: has_weight.then(|| value("weight").unwrap_or_default()),
                });
            }
        }
    }
    Ok(survey)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<RawSurvey, AcquireError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("survey.csv");
        std::fs::write(&path, bytes).unwrap();
        read_answers(&path, &Limits::default())
    }

    #[test]
    fn a_survey_is_read_in_any_delimiter_with_headers_of_four_languages() {
        for text in [
            "respondent,skill,wants_to_learn,weight\nr1,SQL,yes,2\n",
            "encuestado;competencia;quiere aprender;peso\nr1;SQL;yes;2\n",
            "enquestat\tcompetència\tvol aprendre\tpes\nr1\tSQL\tyes\t2\n",
            "المستجيب,المهارة,يريد التعلم,الوزن\nr1,SQL,yes,2\n",
        ] {
            let survey = read(text.as_bytes()).unwrap();
            let answer = RawAnswer {
                row: 1,
                respondent: Some("r1".into()),
                skill: "SQL".into(),
                wants: "yes".into(),
                weight: Some("2".into()),
            };
            assert_eq!((survey.rows, survey.file.as_str()), (vec![answer], "survey.csv"), "{text}");
        }
    }

    #[test]
    fn respondents_and_weights_may_be_absent_and_a_ragged_row_is_kept_apart_with_its_number() {
        let survey = read("skill,wants_to_learn\nSQL,yes\nSQL\nSQL,no\nSQL,\n".as_bytes()).unwrap();
        assert_eq!(survey.rows.iter().map(|r| r.row).collect::<Vec<_>>(), [1, 3, 4]);
        assert!(survey.rows.iter().all(|r| r.respondent.is_none() && r.weight.is_none()));
        assert_eq!((survey.unreadable[0].0, survey.rows[2].wants.as_str()), (2, ""));
    }

    #[test]
    fn a_file_that_is_no_survey_is_refused_by_the_column_it_lacks() {
        let error = read(b"skill,score\nSQL,3\n").unwrap_err().to_string();
        assert!(error.contains("wants_to_learn") && error.contains("survey.csv"), "{error}");
        assert!(read(b"").is_err());
    }

    #[test]
    fn the_template_is_a_survey() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/templates");
        let survey = read_answers(&folder.join("learner_survey.csv"), &Limits::default()).unwrap();
        assert!(survey.rows.len() >= 2 && survey.unreadable.is_empty());
        assert!(survey.rows.iter().all(|r| r.respondent.is_some() && r.weight.is_some()));
    }
}
