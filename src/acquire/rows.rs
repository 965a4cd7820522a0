//! Rows of cells under one header, whatever kind of file they come from.

use super::error::AcquireError;
use super::mapping::missing;
use crate::types::RejectReason;
use csv::ByteRecord;

/// One row: its cells as UTF-8, or why it is no row.
pub(super) enum Row<'r> {
    Cells(&'r ByteRecord),
    Bad(RejectReason, String),
}

/// A table read row by row.
pub(super) trait Rows {
    /// Name of the file, for messages.
    fn file(&self) -> &str;

    /// Names of the columns, trimmed.
    fn header(&self) -> &[String];

    /// The next row with its one-based number, or nothing at the end.
    ///
    /// # Errors
    /// When the rest of the file cannot be believed.
    fn next(&mut self) -> Result<Option<(u64, Row<'_>)>, AcquireError>;

    /// Whether the last row has a number at `column` by its type, not a text that may look like one.
    fn is_number(&self, column: usize) -> bool {
        let _ = column;
        false
    }

    /// Where the cell of a column stands in the row given last, for messages.
    fn place(&self, column: usize) -> String {
        format!("column '{}'", self.header().get(column).map_or("", String::as_str))
    }

    /// Position of a column.
    fn column(&self, name: &str) -> Option<usize> {
        self.header().iter().position(|h| h == name)
    }

    /// Position of a column the format cannot do without.
    ///
    /// # Errors
    /// When it is absent, with the nearest name there is.
    fn require(&self, name: &str) -> Result<usize, AcquireError> {
        self.column(name).ok_or_else(|| missing(self.header(), name, name, self.file()))
    }
}

/// A cell as text; absent when there is none.
pub(super) fn cell(cells: &ByteRecord, at: usize) -> Option<&str> {
    cells.get(at).and_then(|bytes| std::str::from_utf8(bytes).ok())
}
