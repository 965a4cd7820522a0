//! From the columns of a file to our names of fields.

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

/// A rule with its columns found in a header.
enum Cells {
    At(Vec<usize>),
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
        let rules = self.rules(columns)?;
        let mut bound = Vec::new();
        for names in self.fields {
            let Some(field) = names.first() else { continue };
            match rules.get(field) {
                Some(ColumnRule::Constant { r#const }) => bound.push((*field, Cells::Constant(r#const.clone()))),
                Some(ColumnRule::Column(column)) => {
                    bound.push((*field, Cells::At(vec![position(header, field, column, file)?])));
                }
                Some(ColumnRule::Join(list)) => {
                    let at: Result<_, _> = list.iter().map(|c| position(header, field, c, file)).collect();
                    bound.push((*field, Cells::At(at?)));
                }
                None => {
                    let at = names.iter().find_map(|n| header.iter().position(|h| same_name(h, n)));
                    match at {
                        Some(at) => bound.push((*field, Cells::At(vec![at]))),
                        None if self.required.contains(field) => return Err(missing(header, field, field, file)),
                        None => {}
                    }
                }
            }
        }
        Ok(Bound(bound))
    }
}

impl Bound {
    /// Every column that is read, for readers that can leave the others out.
    pub(super) fn positions(&self) -> impl Iterator<Item = usize> + '_ {
        self.0
            .iter()
            .flat_map(|(_, cells)| match cells {
                Cells::At(at) => at.as_slice(),
                Cells::Constant(_) => &[],
            })
            .copied()
    }

    /// The first column of a field.
    pub(super) fn position_of(&self, field: &str) -> Option<usize> {
        match self.0.iter().find(|(name, _)| *name == field) {
            Some((_, Cells::At(at))) => at.first().copied(),
            _ => None,
        }
    }

    /// The value of a field, given the cell at a position; blank is absent.
    pub(super) fn value<'r>(&self, field: &str, cell: &dyn Fn(usize) -> Option<&'r str>) -> Option<String> {
        let (_, cells) = self.0.iter().find(|(name, _)| *name == field)?;
        match cells {
            Cells::Constant(text) => present(text),
            Cells::At(at) => join(field, at.iter().filter_map(|i| cell(*i))),
        }
    }

    /// Fields that some column gives.
    pub(super) fn fields(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.0.iter().map(|(name, _)| *name)
    }
}

/// Several cells as one value: places with commas, texts and lists of outcomes with line breaks.
pub(super) fn join<'a>(field: &str, cells: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut cells = cells.filter(|c| !c.trim().is_empty());
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
    (!text.trim().is_empty()).then(|| text.to_owned())
}

fn position(header: &[String], field: &str, column: &str, file: &str) -> Result<usize, AcquireError> {
    header.iter().position(|h| h == column.trim()).ok_or_else(|| missing(header, field, column, file))
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
