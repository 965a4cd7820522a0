//! Rows of the published tables as cells: codes keep their columns and get their names beside them.

use super::sheet::{Cell, Head, Width};
use crate::report::ReportError;
use crate::report::columns::Columns;
use crate::report::messages::Messages;
use crate::report::phrase::plain;
use crate::report::view::Context;
use crate::types::tables::Table;
use arrow::datatypes::{DataType, FieldRef};
use serde_json::Value;

/// A column of names beside a column of codes: (table or any, code column, name column).
pub(super) const NAMED: [(&str, &str, &str); 9] = [
    ("", "programme", "programme_title"),
    ("", "credential", "credential_title"),
    ("", "area", "area_name"),
    ("", "occupation_group", "occupation_group_name"),
    ("coverage", "skill", "label"),
    ("coverage", "outcome", "outcome_text"),
    ("official", "occupation", "occupation_group_name"),
    ("learner_indicators", "occupation", "occupation_group_name"),
    ("expectations", "occupation", "occupation_group_name"),
];

/// Closed lists that are said in the reader's language: (table or any, column, section of the catalogue, prefix there).
const WORDS: [(&str, &str, &str, &str); 27] = [
    ("", "status", "values", "status"),
    ("", "call", "values", "call"),
    ("", "pay_period", "values", "pay_period"),
    ("", "variant", "documents", "variant"),
    ("", "transition", "values", "transition"),
    ("", "correction", "values", "correction"),
    ("outcomes", "outcome_verdict", "values", "verdict"),
    ("outcomes", "verdict", "values", "verdict"),
    ("breaks", "change", "values", "break"),
    ("specialisations", "dimension", "values", "dimension"),
    ("learner_indicators", "topic", "values", "topic"),
    ("learner_interest", "demand_level", "values", "level"),
    ("learner_interest", "request_level", "values", "level"),
    ("learner_interest", "survey_level", "values", "level"),
    ("expectations", "reason", "values", "no_expectation"),
    ("expectations", "basis", "values", "expectation"),
    ("ledger", "recommendation", "values", "status"),
    ("ledger", "fate", "values", "fate"),
    ("ledger", "evidence", "values", "evidence"),
    ("ledger", "remark", "values", "remark"),
    ("workshop_decisions", "decision", "agreed", "choice"),
    ("workshop_decisions", "state", "values", "decision_state"),
    ("workshop_decisions", "kind", "values", "decision_kind"),
    ("assurance", "framework", "values", "framework"),
    ("assurance", "criterion", "values", "criterion"),
    ("assurance", "extent", "values", "extent"),
    ("assurance", "basis", "values", "basis"),
];

/// Section and prefix of the words of a column, where it holds a closed list.
fn words_of(table: &str, column: &str) -> Option<(&'static str, &'static str)> {
    let (_, _, section, prefix) =
        WORDS.iter().find(|(of, name, ..)| (of.is_empty() || *of == table) && *name == column)?;
    Some((*section, *prefix))
}

/// Names that cells look up.
pub struct Lookup<'a> {
    context: &'a Context<'a>,
}

/// Columns of a sheet.
pub struct Layout<'a> {
    table: &'static str,
    columns: Vec<Place<'a>>,
}

struct Place<'a> {
    field: FieldRef,
    /// Set when the column holds names of the codes in `field`.
    name: Option<&'static str>,
    label: &'a str,
    description: &'a str,
    unit: &'a str,
}

impl<'a> Layout<'a> {
    /// The columns of a table with those of names beside.
    pub fn of<T: Table>(table: &'static str, columns: &'a Columns) -> Self {
        let mut places = Vec::new();
        let has_titles = T::columns().iter().any(|field| field.name() == "title");
        for field in T::columns() {
            let code = field.name().clone();
            places.push(place(table, field.clone(), None, columns));
            let beside = NAMED.iter().filter(|(of, from, _)| (of.is_empty() || *of == table) && *from == code);
            // A table that brings the titles of its credentials needs no second column of them.
            let beside = beside.filter(|(_, _, name)| *name != "credential_title" || !has_titles);
            places.extend(beside.map(|(_, _, name)| place(table, field.clone(), Some(name), columns)));
        }
        Self { table, columns: places }
    }

    /// Heads of the columns, unique within the table as Excel demands.
    pub fn heads(&self) -> Vec<Head> {
        self.columns.iter().map(|p| Head { text: p.label.to_owned(), width: p.width(self.table) }).collect()
    }

    /// Topic, name, meaning and unit of each column, for the notes; a closed list is given by its words, and by its codes too
    /// where the description says what each means.
    pub fn described(&self, topic: &str, m: &Messages) -> Vec<[String; 4]> {
        let words = |p: &Place| {
            let (section, prefix) = words_of(self.table, p.field.name()).filter(|_| p.name.is_none())?;
            let values = m.texts().get(section)?.iter();
            let own: Vec<(&str, &str)> = values
                .filter_map(|(key, word)| Some((key.strip_prefix(prefix)?.strip_prefix('_')?, word.as_str())))
                .collect();
            let joined = |words: Vec<String>| words.join(&m.text("join.list"));
            if !defines(p.description, &own) {
                return Some(joined(own.iter().map(|(_, word)| (*word).to_owned()).collect()));
            }
            let coded = own.iter().map(|(code, word)| match code == word {
                true => (*word).to_owned(),
                false => format!("{word} ({code})"),
            });
            Some(format!("{}. {}", joined(coded.collect()), p.description))
        };
        let row = |p: &Place| {
            let meaning = words(p).unwrap_or_else(|| p.description.to_owned());
            [topic.to_owned(), p.label.to_owned(), meaning, p.unit.to_owned()]
        };
        self.columns.iter().map(row).collect()
    }

    /// Cells of a row.
    ///
    /// # Errors
    /// When the row does not serialise.
    pub fn cells<T: Table>(&self, row: &T, lookup: &Lookup) -> Result<Vec<Cell>, ReportError> {
        let fail = |e: serde_json::Error| ReportError::Row { table: self.table, detail: e.to_string() };
        let row = serde_json::to_value(row).map_err(fail)?;
        let cell = |place: &Place| {
            let (column, kind) = (place.field.name().as_str(), place.field.data_type());
            let value = row.get(column);
            let text = value.and_then(Value::as_str);
            match (place.name, text) {
                (Some(name), _) => lookup.name(name, text.unwrap_or_default()),
                (None, Some(text)) => Cell::Text(lookup.text(self.table, column, text, &row)),
                (None, None) if is_unknown(column, &row) => Cell::Empty,
                (None, None) => value_cell(kind, value),
            }
        };
        Ok(self.columns.iter().map(cell).collect())
    }
}

/// Whether a description says what each code means, `high = …` or `begins: …`, and does not only list them.
fn defines(description: &str, words: &[(&str, &str)]) -> bool {
    description.contains(" = ") || words.iter().any(|(code, _)| description.contains(&format!("{code}:")))
}

/// Whether a count of employers is no count, since none of the postings counted names one.
fn is_unknown(column: &str, row: &Value) -> bool {
    let count = |column: &str| row.get(column).and_then(Value::as_u64);
    let postings = match column {
        "employer_count" => count("posting_count").or_else(|| count("base_count")),
        "last_employers" => count("last_count"),
        _ => return false,
    };
    count(column) == Some(0) && postings.is_some_and(|postings| postings > 0)
}

fn place<'a>(table: &str, field: FieldRef, name: Option<&'static str>, columns: &'a Columns) -> Place<'a> {
    let column = columns.get(table, name.unwrap_or(field.name()));
    let text = |part: fn(&crate::report::columns::Column) -> &str| column.map_or("", part);
    let label = column.map_or_else(|| "⟦?⟧", |c| c.label.as_str());
    let unit = column.and_then(|c| c.unit.as_deref()).unwrap_or_default();
    Place { field, name, label, description: text(|c| &c.description), unit }
}

impl Place<'_> {
    fn width(&self, table: &str) -> Width {
        let name = self.name.unwrap_or(self.field.name());
        if self.name.is_none() && *self.field.data_type() == DataType::Boolean {
            return Width::Flag;
        }
        let is_number = matches!(
            self.field.data_type(),
            DataType::UInt32 | DataType::UInt64 | DataType::Float32 | DataType::Float64
        );
        match name {
            "text" | "outcome_text" | "message" | "sentence_1" | "sentence_2" | "sentence_3" => Width::Text(70.0),
            "label" | "term" | "title" | "programme_title" | "credential_title" | "note" | "indicator" | "part"
            | "item" | "overlap_title" | "occupation_name" | "occupation_label" | "stack" | "credentials"
            | "skills" | "reason" | "sector_label" => Width::Text(36.0),
            "group" | "area_name" | "occupation_group_name" | "measure" | "element" | "kind" => Width::Text(26.0),
            _ if !is_number => Width::Text(16.0),
            "requests_per_place" => Width::Number("0.00"),
            "employed" | "earlier_value" | "wants_effective_n" => Width::Number("#,##0.0"),
            "share" | "share_low" | "share_high" | "wants_share" | "wants_low" | "wants_high" => Width::Number("0.0%"),
            "share_of_occupations" => Width::Number("0.0%"),
            "together_share" | "together_low" | "together_high" | "overlap_share" => Width::Number("0.0%"),
            "coverage" | "grade" | "score" | "spread" | "association" => Width::Number("0.00"),
            "coverage_before" | "coverage_after" | "closed_points" | "closed_low" | "closed_high" => {
                Width::Number("0.000")
            }
            "q" => Width::Number("0.000"),
            "c_value" | "term_score" => Width::Number("#,##0.0"),
            "unmet_per_100" | "unmet_low" | "unmet_high" | "effective_n" => Width::Number("#,##0.0"),
            "coverage_now" | "coverage_low" | "coverage_high" | "gain" | "gain_low" | "gain_high" => {
                Width::Number("0.00")
            }
            "ects" | "ects_total" | "stack_ects" => Width::Number("#,##0.##"),
            "unmet_before" | "unmet_before_low" | "unmet_before_high" | "unmet_now" | "unmet_now_low"
            | "unmet_now_high" => Width::Number("#,##0.0"),
            "growth" | "growth_low" | "growth_high" | "log_rca" | "log_rca_low" | "log_rca_high" => {
                Width::Number("0.000")
            }
            "weighted_share" | "weighted_low" | "weighted_high" | "corrected_share" | "corrected_low"
            | "corrected_high" | "posting_share" | "employment_share" | "first_high" | "least_share" | "least_gap"
            | "top_probability" => Width::Number("0.0%"),
            "demand_part" | "places_part" | "ects_part" => Width::Number("0.0%"),
            "places_ratio" | "places_ratio_low" | "places_ratio_high" | "ects_ratio" | "ects_ratio_low"
            | "ects_ratio_high" => Width::Number("0.00"),
            "representation" | "weight" | "design_effect" | "least_ratio" => Width::Number("0.00"),
            "weighted_effective_n" | "employment" | "outlook_first_value" | "outlook_last_value" => {
                Width::Number("#,##0.0")
            }
            "value" if matches!(table, "official" | "learner_indicators") => Width::Number("#,##0.0"),
            "median" | "median_low" | "median_high" | "quartile_1" | "quartile_3" => Width::Number("#,##0.00"),
            "value" => Width::Number("#,##0.##"),
            _ => Width::Number("#,##0"),
        }
    }
}

impl<'a> Lookup<'a> {
    /// Names in the language of the context.
    pub fn of(context: &'a Context<'a>) -> Self {
        Self { context }
    }

    fn messages(&self) -> &Messages {
        self.context.messages
    }

    /// A name for a code; a code without a name stands for itself in its own column only.
    fn name(&self, kind: &str, code: &str) -> Cell {
        let (context, m) = (self.context, self.messages());
        let name = match kind {
            _ if code.is_empty() => String::new(),
            "programme_title" if code == crate::report::index::PORTFOLIO => m.text("values.portfolio"),
            "programme_title" | "credential_title" => {
                let title = context.index.programme(code).text;
                if title == code { String::new() } else { title }
            }
            "label" => context.index.label(code).to_owned(),
            "outcome_text" => context.index.outcome(code).map(|o| o.text.clone()).unwrap_or_default(),
            _ if code == "all" => m.text("values.all"),
            _ if code == "unknown" => m.text("quality.unknown"),
            "area_name" => context.names.area(code).to_owned(),
            _ => context.names.group(code).to_owned(),
        };
        Cell::Text(name)
    }

    /// A text as the reader has it: words for codes, periods with their word in between.
    fn text(&self, table: &str, column: &str, text: &str, row: &Value) -> String {
        let m = self.messages();
        if let Some((section, prefix)) = words_of(table, column) {
            let key = format!("{prefix}_{text}");
            return m.find(&format!("{section}.{key}")).unwrap_or(text).to_owned();
        }
        let listed = |section: &str, prefix: &str| {
            let words = text.split_whitespace().map(|code| match m.find(&format!("{section}.{prefix}{code}")) {
                Some(word) => word.to_owned(),
                None => code.to_owned(),
            });
            words.collect::<Vec<_>>().join(&m.text("join.list"))
        };
        let basis = || row.get("basis").and_then(Value::as_str).unwrap_or_default();
        match (table, column) {
            ("trends", "first" | "last") => plain(&m.span_of_periods(text)),
            ("workshop_decisions", "groups") => listed("agreed", "group_"),
            ("assurance", "detail") if matches!(basis(), "elements_missing" | "terms_missing") => {
                listed("check_field", "")
            }
            _ => text.to_owned(),
        }
    }
}

/// Anything but a text.
fn value_cell(kind: &DataType, value: Option<&Value>) -> Cell {
    match value {
        None | Some(Value::Null) => Cell::Empty,
        Some(Value::Bool(flag)) => Cell::Flag(*flag),
        Some(Value::Number(number)) => number.as_f64().map_or(Cell::Empty, |v| Cell::Number(as_written(v, kind))),
        Some(other) => Cell::Text(other.to_string()),
    }
}

/// An f32 widened to an f64 reads 0.8999999761581421; at its own precision it reads 0.9.
fn as_written(value: f64, kind: &DataType) -> f64 {
    if *kind == DataType::Float32 { (value as f32).to_string().parse().unwrap_or(value) } else { value }
}
