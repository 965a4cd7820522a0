//! From the columns of a file to our names of fields.

use super::cells::cell_error;
use super::error::{AcquireError, did_you_mean};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where one of our fields comes from, as the plan's TOML says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ColumnRule {
    /// `title = "titulo"`
    Column(String),
    /// `place = ["region", "pais"]`: non-empty cells, joined.
    Join(Vec<String>),
    /// `title = { any = ["titulo", "puesto"] }`: the first of these columns that a file has and that is not blank.
    Any {
        /// The columns, best first.
        any: Vec<String>,
    },
    /// `language = { const = "es" }`
    Constant {
        /// The value of every record.
        r#const: String,
    },
}

/// The plan's rules by our names of fields.
pub type Columns = BTreeMap<String, ColumnRule>;

/// The fields of a kind of record: name, then the other names a file may use without being mapped.
pub(super) struct FieldSet {
    pub(super) record: &'static str,
    pub(super) fields: &'static [&'static [&'static str]],
    /// Fields that some column must give.
    pub(super) required: &'static [&'static str],
}

/// What a record and its other part in another file have in common.
pub(super) const JOIN_KEY: &str = "join_key";

/// A posting's fields.
pub(super) static POSTING: FieldSet = FieldSet {
    record: "a posting",
    fields: &[
        &["title"],
        &["body", "text", "description"],
        &["employer", "company"],
        &["place", "location"],
        &["posted_on", "date"],
        &["id"],
        &["url"],
        &["occupation"],
        &["language", "lang"],
        &["board", "source"],
        &["sector"],
        &["salary"],
        &["closes_on"],
        &[JOIN_KEY],
    ],
    required: &["title", "body"],
};

/// A micro-credential's fields, each with the names it has in English, Catalan, Spanish and Arabic exports.
pub(super) static CREDENTIAL: FieldSet = FieldSet {
    record: "a credential",
    fields: &[
        &["credential_id", "id", "code", "course id", "codi", "código", "identificador", "الرمز", "رمز المقرر"],
        &[
            "title",
            "títol",
            "título",
            "name",
            "course name",
            "lesson name",
            "nom",
            "nombre",
            "denominació",
            "denominación",
            "العنوان",
            "اسم المقرر",
        ],
        &[
            "provider",
            "proveïdor",
            "proveedor",
            "university",
            "universitat",
            "universidad",
            "awarding body",
            "الجهة المانحة",
            "الجامعة",
        ],
        &["competence_group", "category", "grup de competències", "grupo de competencias", "مجموعة الكفايات"],
        &["language", "lang", "llengua", "idioma", "اللغة"],
        &["delivery_languages", "delivery language", "llengua d'impartició", "idioma de impartición", "لغة التدريس"],
        &["description", "descripció", "descripción", "course description", "الوصف", "وصف المقرر"],
        &["country", "país", "pais", "الدولة", "البلد"],
        &["eqf_level", "nivell mec", "nivel mec", "nivell eqf", "nivel eqf", "nivel mecu", "المستوى الأوروبي"],
        &["nqf_level", "nivell meces", "nivel meces", "المستوى الوطني", "مستوى الإطار الوطني للمؤهلات"],
        &["cycle", "cicle", "ciclo", "الحلقة"],
        &["ects", "crèdits ects", "créditos ects", "ects credits", "crèdits", "créditos", "نقاط ects"],
        &["workload_hours", "hours", "hores", "horas", "workload", "dedicació", "dedicación", "عدد الساعات", "الساعات"],
        &["places", "places ofertes", "plazas", "plazas ofertadas", "المقاعد", "عدد المقاعد"],
        &["requests", "sol·licituds", "solicitudes", "الطلبات", "عدد الطلبات"],
        &[
            "enrolments",
            "enrollments",
            "matrícules",
            "matriculats",
            "matrículas",
            "matriculados",
            "المسجلون",
            "عدد المسجلين",
        ],
        &["stacks_into", "s'acumula a", "acumulable a", "يندرج ضمن"],
        &["assessment", "avaluació", "evaluación", "التقييم", "طريقة التقييم"],
        &["participation", "modalitat", "modalidad", "mode", "شكل المشاركة", "نمط الدراسة"],
        &["quality_assurance", "garantia de qualitat", "garantía de calidad", "ضمان الجودة"],
        &["prerequisites", "requisits", "prerequisits", "requisitos", "المتطلبات", "المتطلبات السابقة"],
        &["supervision", "supervisió", "supervisión", "الإشراف"],
        &["further_information", "url", "course url", "més informació", "más información", "معلومات إضافية", "الرابط"],
        &["issued_on", "data d'expedició", "fecha de expedición", "تاريخ الإصدار"],
        &["learner_identified"],
        &[
            "qualifications",
            "qualification",
            "qualificacions professionals",
            "cualificaciones profesionales",
            "المؤهلات المهنية",
        ],
        &["declared_skills", "esco skills", "competències esco", "competencias esco", "مهارات esco"],
        &["target_occupations", "occupations", "ocupacions", "ocupaciones", "المهن المستهدفة"],
        &[
            "outcomes",
            "learning outcomes",
            "what you learn",
            "what you will learn",
            "resultats d'aprenentatge",
            "resultados de aprendizaje",
            "مخرجات التعلم",
            "نواتج التعلم",
        ],
    ],
    required: &["title"],
};

/// A figure's fields.
pub(super) static STATISTIC: FieldSet = FieldSet {
    record: "a figure",
    fields: &[
        &["indicator"],
        &["area"],
        &["period"],
        &["occupation"],
        &["sector"],
        &["sex"],
        &["age"],
        &["value"],
        &["unit"],
        &["status"],
        &["note"],
    ],
    required: &["area"],
};

/// What a survey of learners holds.
pub(super) static SURVEY: FieldSet = FieldSet {
    record: "an answer of a survey",
    fields: &[
        &["respondent", "respondent id", "encuestado", "encuestada", "enquestat", "enquestada", "المستجيب"],
        &["skill", "competencia", "competència", "المهارة"],
        &[
            "wants_to_learn",
            "wants",
            "quiere aprender",
            "quiere aprenderla",
            "vol aprendre",
            "vol aprendre-la",
            "يريد التعلم",
        ],
        &["weight", "peso", "pes", "ponderación", "ponderació", "الوزن"],
    ],
    required: &["skill", "wants_to_learn"],
};

/// A rule with its columns found in a header.
enum Cells {
    At(Vec<usize>),
    FirstOf(Vec<usize>),
    Constant(String),
}

/// Our fields with the positions of their columns.
pub(super) struct Bound(Vec<(&'static str, Cells)>);

impl FieldSet {
    /// The plan's rules by canonical name.
    ///
    /// # Errors
    /// When the plan maps a field there is not.
    pub(super) fn rules<'c>(
        &self,
        columns: &'c Columns,
    ) -> Result<BTreeMap<&'static str, &'c ColumnRule>, AcquireError> {
        let mut rules = BTreeMap::new();
        for (asked, rule) in columns {
            let found = self.fields.iter().find(|names| names.contains(&asked.as_str()));
            let Some(name) = found.and_then(|names| names.first()) else {
                let hint = did_you_mean(asked, self.fields.iter().copied().flatten().copied());
                return Err(AcquireError::UnknownField { field: asked.clone(), record: self.record, hint });
            };
            rules.insert(*name, rule);
        }
        Ok(rules)
    }

    /// Finds the columns of every field: mapped ones must be there, unmapped ones are taken by our own names.
    ///
    /// # Errors
    /// When a mapped column is absent, or nothing gives a required field.
    pub(super) fn bind(&self, columns: &Columns, header: &[String], file: &str) -> Result<Bound, AcquireError> {
        let (bound, absent) = self.bind_present(columns, header, file, self.required)?;
        absent.into_iter().next().map_or(Ok(bound), |absent| Err(absent.error))
    }

    /// The same for one of several files: mapped columns of fields that are not required may be absent from it.
    ///
    /// # Errors
    /// When nothing gives a field of `required`.
    pub(super) fn bind_present(
        &self,
        columns: &Columns,
        header: &[String],
        file: &str,
        required: &[&str],
    ) -> Result<(Bound, Vec<Absent>), AcquireError> {
        let rules = self.rules(columns)?;
        let (mut bound, mut absent) = (Vec::new(), Vec::new());
        for names in self.fields {
            let Some(field) = names.first() else { continue };
            let Some(rule) = rules.get(field) else {
                let at = names.iter().find_map(|n| header.iter().position(|h| same_name(h, n)));
                match at {
                    Some(at) => bound.push((*field, Cells::At(vec![at]))),
                    None if required.contains(field) => return Err(missing(header, field, field, file)),
                    None => {}
                }
                continue;
            };
            let (cells, mut lacking) = cells_of(rule, header);
            if let (Some(column), true) = (lacking.first(), cells.is_empty() && required.contains(field)) {
                return Err(missing(header, field, column, file));
            }
            absent.extend(lacking.drain(..).map(|column| {
                let error = missing(header, field, column, file);
                Absent { field, column: column.to_owned(), error }
            }));
            if !cells.is_empty() {
                bound.push((*field, cells));
            }
        }
        Ok((Bound(bound), absent))
    }
}

impl FieldSet {
    /// Whether a header gives what is required, and everything that is mapped unless the file is one of several.
    pub(super) fn fits(&self, columns: &Columns, header: &[String], required: &[&str], several: bool) -> bool {
        let bound = self.bind_present(columns, header, "", required);
        bound.is_ok_and(|(_, absent)| several || absent.is_empty())
    }
}

/// A mapped column that a file does not have.
pub(super) struct Absent {
    pub(super) field: &'static str,
    pub(super) column: String,
    pub(super) error: AcquireError,
}

/// The cells of a rule that a header has, and the columns it lacks; of alternatives none is lacking when one is there.
fn cells_of<'r>(rule: &'r ColumnRule, header: &[String]) -> (Cells, Vec<&'r str>) {
    let find = |column: &String| header.iter().position(|h| h == column.trim());
    match rule {
        ColumnRule::Constant { r#const } => (Cells::Constant(r#const.clone()), Vec::new()),
        ColumnRule::Any { any } => {
            let at: Vec<usize> = any.iter().filter_map(find).collect();
            let lacking = any.first().filter(|_| at.is_empty()).map(String::as_str);
            (Cells::FirstOf(at), lacking.into_iter().collect())
        }
        ColumnRule::Column(_) | ColumnRule::Join(_) => {
            let list = columns_of(rule);
            let lacking = list.iter().filter(|c| find(c).is_none()).map(String::as_str).collect();
            (Cells::At(list.iter().filter_map(find).collect()), lacking)
        }
    }
}

/// Every column a rule names.
pub(super) fn columns_of(rule: &ColumnRule) -> &[String] {
    match rule {
        ColumnRule::Column(column) => std::slice::from_ref(column),
        ColumnRule::Join(list) | ColumnRule::Any { any: list } => list,
        ColumnRule::Constant { .. } => &[],
    }
}

impl Cells {
    fn is_empty(&self) -> bool {
        matches!(self, Cells::At(at) | Cells::FirstOf(at) if at.is_empty())
    }

    fn positions(&self) -> &[usize] {
        match self {
            Cells::At(at) | Cells::FirstOf(at) => at.as_slice(),
            Cells::Constant(_) => &[],
        }
    }
}

impl Bound {
    /// Every column that is read, for readers that can leave the others out.
    pub(super) fn positions(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().flat_map(|(_, cells)| cells.positions()).copied()
    }

    /// The columns of a field.
    pub(super) fn columns(&self, field: &str) -> &[usize] {
        self.0.iter().find(|(name, _)| *name == field).map_or(&[], |(_, cells)| cells.positions())
    }

    /// The first column of a field.
    pub(super) fn position_of(&self, field: &str) -> Option<usize> {
        match self.0.iter().find(|(name, _)| *name == field) {
            Some((_, cells)) => cells.positions().first().copied(),
            None => None,
        }
    }

    /// The value of a field, given the cell at a position; blank is absent.
    pub(super) fn value<'r>(&self, field: &str, cell: &dyn Fn(usize) -> Option<&'r str>) -> Option<String> {
        let (_, cells) = self.0.iter().find(|(name, _)| *name == field)?;
        match cells {
            Cells::Constant(text) => present(text),
            Cells::At(at) => join(field, at.iter().filter_map(|i| cell(*i))),
            Cells::FirstOf(at) => at.iter().filter_map(|i| cell(*i)).find(|c| !is_blank(c)).map(str::to_owned),
        }
    }

    /// Fields that some column gives.
    pub(super) fn fields(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.0.iter().map(|(name, _)| *name)
    }
}

/// Several cells as one value: places with commas, texts and lists of outcomes with line breaks.
pub(super) fn join<'a>(field: &str, cells: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut cells = cells.filter(|c| !is_blank(c));
    let mut joined = cells.next()?.to_owned();
    let between = if matches!(field, "body" | "outcomes" | "target_occupations" | "declared_skills" | "qualifications")
    {
        "\n"
    } else {
        ", "
    };
    for cell in cells {
        joined.push_str(between);
        joined.push_str(cell);
    }
    Some(joined)
}

/// Whether a header says a name: letter case, spaces for underscores and the form of apostrophes do not matter.
pub(super) fn same_name(header: &str, name: &str) -> bool {
    if header.eq_ignore_ascii_case(name) {
        return true;
    }
    let plain = |text: &str| -> String {
        let spaced = text.chars().map(|c| match c {
            '_' | '-' | '\u{a0}' => ' ',
            '\u{2019}' | '\u{b4}' | '`' => '\'',
            other => other,
        });
        spaced.collect::<String>().to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    plain(header) == plain(name)
}

fn present(text: &str) -> Option<String> {
    (!is_blank(text)).then(|| text.to_owned())
}

/// Whether a cell holds nothing: no text, a program's word for nothing, or an error of a spreadsheet.
pub(super) fn is_blank(text: &str) -> bool {
    let text = text.trim();
    matches!(
        text,
        "" | "NULL" | "Null" | "null" | "NA" | "N/A" | "n/a" | "#N/A" | "nan" | "NaN" | "NAN" | "None" | "NaT" | "\\N"
    ) || cell_error(text).is_some()
}

/// The error of an absent column, with the nearest name there is.
pub(super) fn missing(header: &[String], field: &str, column: &str, file: &str) -> AcquireError {
    let hint = did_you_mean(column, header.iter().map(String::as_str));
    let shown: Vec<String> = header.iter().take(60).map(|h| format!("'{}'", super::error::excerpt(h))).collect();
    AcquireError::MissingColumn {
        file: file.to_owned(),
        field: field.to_owned(),
        column: column.to_owned(),
        hint,
        present: shown.join(", "),
    }
}
