//! The published tables, listed once; and as CSV files that are safe to open in a spreadsheet.

use super::ReportError;
use super::rows::{gap_rows, novel_rows, outcome_rows, trend_rows};
use crate::types::tables::Table;
use crate::types::{Findings, SheetRow, StackRow};
use arrow::datatypes::{DataType, FieldRef};
use serde_json::Value;

/// Something done with each published table.
pub trait TableVisitor {
    /// What can go wrong.
    type Error;

    /// Called once per table, in the order of `datapackage.json`.
    ///
    /// # Errors
    /// As the visitor says.
    fn visit<T: Table>(&mut self, name: &'static str, rows: &[T]) -> Result<(), Self::Error>;
}

/// Shows a visitor every published table of an edition.
///
/// # Errors
/// The visitor's own.
pub fn visit_tables<V: TableVisitor>(findings: &Findings, visitor: &mut V) -> Result<(), V::Error> {
    visitor.visit("gaps", &gap_rows(findings))?;
    visitor.visit("demand", &findings.demand)?;
    visitor.visit("coverage", &findings.coverage)?;
    visitor.visit("trends", &trend_rows(findings))?;
    visitor.visit("outcomes", &outcome_rows(findings))?;
    visitor.visit("evidence", &findings.evidence)?;
    visitor.visit("novel_terms", &novel_rows(findings))?;
    visitor.visit("occupations", &findings.occupations)?;
    visitor.visit("transitions", &findings.transitions)?;
    visitor.visit("trend_variants", &findings.trend_variants)?;
    visitor.visit("gap_variants", &findings.gap_variants)?;
    visitor.visit("new_skills", &findings.new_skills)?;
    visitor.visit("breaks", &findings.breaks)?;
    visitor.visit("stock_flow", &findings.stock_flow)?;
    visitor.visit("detectable", &findings.detectable)?;
    visitor.visit("specialisations", &findings.specialisations)?;
    visitor.visit("representation", &findings.representation)?;
    visitor.visit("learner_indicators", &findings.learner_indicators)?;
    visitor.visit("learner_interest", &findings.learner_interest)?;
    visitor.visit("survey_rejects", &findings.survey_rejects)?;
    visitor.visit("expectations", &findings.expectations)?;
    visitor.visit("proposals", &findings.proposals.proposals)?;
    visitor.visit("proposal_skills", &findings.proposals.skills)?;
    visitor.visit("proposal_occupations", &findings.proposals.occupations)?;
    visitor.visit("outcome_edits", &findings.proposals.edits)?;
    visitor.visit("provisions", &findings.provisions)?;
    visitor.visit("pathways", &findings.pathways)?;
    visitor.visit("pathway_missing", &findings.pathway_missing)?;
    visitor.visit("stacks", &findings.stacks.iter().map(StackRow::from).collect::<Vec<_>>())?;
    visitor.visit("ledger", &findings.ledger)?;
    visitor.visit("workshop_decisions", &findings.workshop.decisions)?;
    visitor.visit("pay", &findings.pay)?;
    visitor.visit("sectors", &findings.sectors)?;
    visitor.visit("assurance", &findings.assurance)?;
    visitor.visit("credential_checks", &findings.credential_checks)
}

/// Name and columns of a published table.
pub struct Layout {
    /// Name, without extension.
    pub name: &'static str,
    /// Columns, in order.
    pub columns: Vec<FieldRef>,
}

struct Layouts(Vec<Layout>);

impl TableVisitor for Layouts {
    type Error = std::convert::Infallible;

    fn visit<T: Table>(&mut self, name: &'static str, _rows: &[T]) -> Result<(), Self::Error> {
        self.0.push(Layout { name, columns: T::columns() });
        Ok(())
    }
}

/// Names and columns of the published tables, in the order of `datapackage.json`.
pub fn layouts() -> Vec<Layout> {
    let mut layouts = Layouts(Vec::new());
    match visit_tables(&Findings::default(), &mut layouts) {
        Ok(()) => layouts.0,
    }
}

struct CsvFiles(Vec<(String, Vec<u8>)>);

impl TableVisitor for CsvFiles {
    type Error = ReportError;

    fn visit<T: Table>(&mut self, name: &'static str, rows: &[T]) -> Result<(), ReportError> {
        self.0.push((format!("{name}.csv"), csv_bytes(name, rows)?));
        Ok(())
    }
}

/// All tables as CSV files: (file name, bytes).
///
/// # Errors
/// When a row does not serialise.
pub fn csv_files(findings: &Findings) -> Result<Vec<(String, Vec<u8>)>, ReportError> {
    let mut files = CsvFiles(Vec::new());
    visit_tables(findings, &mut files)?;
    Ok(files.0)
}

/// The sheet of what is to be decided. It starts with a byte order mark, or spreadsheets would spoil its letters.
///
/// # Errors
/// When a row does not serialise.
pub fn sheet_csv(rows: &[SheetRow]) -> Result<Vec<u8>, ReportError> {
    Ok([b"\xef\xbb\xbf".to_vec(), csv_bytes("review", rows)?].concat())
}

/// Rows as RFC 4180 CSV with the columns of the Parquet table; UTF-8, empty = missing.
///
/// # Errors
/// When a row does not serialise.
pub fn csv_bytes<T: Table>(table: &'static str, rows: &[T]) -> Result<Vec<u8>, ReportError> {
    let fail = |detail: String| ReportError::Row { table, detail };
    let columns = T::columns();
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(columns.iter().map(|c| c.name())).map_err(|e| fail(e.to_string()))?;
    for row in rows {
        let value = serde_json::to_value(row).map_err(|e| fail(e.to_string()))?;
        let cells = columns.iter().map(|c| cell(value.get(c.name()), c.data_type()));
        writer.write_record(cells).map_err(|e| fail(e.to_string()))?;
    }
    writer.into_inner().map_err(|e| fail(e.to_string()))
}

fn cell(value: Option<&Value>, kind: &DataType) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => guarded(text),
        // serde_json widens an f32; written back at its own precision it reads 0.9 and not 0.8999999761581421.
        Some(Value::Number(number)) if *kind == DataType::Float32 => {
            number.as_f64().map_or_else(String::new, |v| (v as f32).to_string())
        }
        Some(other) => other.to_string(),
    }
}

/// A text that a spreadsheet would run as a formula gets an apostrophe in front.
pub(super) fn guarded(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn no_text_cell_can_start_a_formula_and_numbers_stay_numbers() {
        let findings = fixture::hostile();
        for (name, bytes) in csv_files(&findings).unwrap() {
            let mut reader = csv::Reader::from_reader(bytes.as_slice());
            for record in reader.records() {
                for field in record.unwrap().iter() {
                    let number = field.parse::<f64>().is_ok();
                    assert!(number || !field.starts_with(['=', '+', '-', '@', '\t', '\r']), "{name}: {field}");
                }
            }
        }
        let trends = csv_bytes("trends", &trend_rows(&findings)).unwrap();
        assert!(String::from_utf8(trends).unwrap().contains(",-0."), "a decline must stay a negative number");
    }

    #[test]
    fn a_hostile_text_comes_back_from_csv_as_it_went_in_but_for_the_guard() {
        let mut findings = fixture::realistic();
        findings.evidence.truncate(1);
        findings.evidence[0].title = "=cmd|'/c calc'!A1, \"quoted\"\nsecond line".into();
        findings.evidence[0].score = 0.9;
        let bytes = csv_bytes("evidence", &findings.evidence).unwrap();
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let record = reader.records().next().unwrap().unwrap();
        assert_eq!(&record[4], "'=cmd|'/c calc'!A1, \"quoted\"\nsecond line");
        assert_eq!(&record[12], "0.9");
    }
}
