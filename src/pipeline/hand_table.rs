//! CSV tables that people write by hand: small, UTF-8, comma or semicolon, the header being row 1.

use std::collections::BTreeMap;
use std::path::Path;

/// Largest file: people write it.
pub const MOST_BYTES: u64 = 16 << 20;

/// A kind of table.
pub struct HandTable {
    /// Key of the plan that names the file.
    pub key: &'static str,
    /// What its rows are.
    pub holds: &'static str,
    /// Columns, the first `needed` of them filled in every row.
    pub columns: &'static [&'static str],
    /// How many a row cannot go without.
    pub needed: usize,
}

impl HandTable {
    /// The text of a file.
    ///
    /// # Errors
    /// When it cannot be read, is far too large or no UTF-8.
    pub fn text(&self, path: &Path) -> Result<String, String> {
        let unreadable = |e: std::io::Error| format!("cannot be read: {e}; {} names a CSV file", self.key);
        let size = std::fs::metadata(path).map_err(unreadable)?.len();
        if size > MOST_BYTES {
            return Err(format!("is {size} bytes long, more than {MOST_BYTES}: it is no table of {}", self.holds));
        }
        let bytes = std::fs::read(path).map_err(unreadable)?;
        let text = utf8(&bytes).map_err(|line| format!("line {line} is not UTF-8; save it as CSV UTF-8"))?;
        Ok(text.to_owned())
    }

    /// What `row` makes of each row that holds anything: its number, and its cells by column, their white space single.
    ///
    /// # Errors
    /// A fault of the header or of a row, or what `row` says.
    pub fn rows<T>(
        &self,
        text: &str,
        mut row: impl FnMut(u64, &dyn Fn(&str) -> String) -> Result<T, String>,
    ) -> Result<Vec<T>, String> {
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter(text)).from_reader(text.as_bytes());
        let places = self.places(reader.headers().map_err(|e| format!("row 1: {e}"))?)?;
        let mut rows = Vec::new();
        for (number, record) in (2..).zip(reader.records()) {
            let record = record.map_err(|e| format!("row {number}: {e}; quote a text that holds the delimiter"))?;
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let cell = |name: &str| {
                let cell = places.get(name).and_then(|place| record.get(*place)).unwrap_or_default();
                cell.split_whitespace().collect::<Vec<_>>().join(" ")
            };
            rows.push(row(number, &cell)?);
        }
        Ok(rows)
    }

    fn places(&self, heads: &csv::StringRecord) -> Result<BTreeMap<String, usize>, String> {
        let expected = self.columns.join(", ");
        let mut places = BTreeMap::new();
        for (place, head) in heads.iter().map(str::trim).enumerate() {
            if !self.columns.contains(&head) {
                return Err(format!("row 1: column '{}' is not known; the columns are {expected}", shown(head)));
            }
            if places.insert(head.to_owned(), place).is_some() {
                return Err(format!("row 1: column '{head}' stands there twice; keep one"));
            }
        }
        match self.columns.iter().take(self.needed).find(|name| !places.contains_key(**name)) {
            Some(absent) => Err(format!("row 1: no column '{absent}'; the columns are {expected}")),
            None => Ok(places),
        }
    }
}

/// Text without its byte-order mark.
///
/// # Errors
/// The line that is no UTF-8.
pub fn utf8(bytes: &[u8]) -> Result<&str, u64> {
    let text = std::str::from_utf8(bytes)
        .map_err(|e| bytes.iter().take(e.valid_up_to()).filter(|b| **b == b'\n').count() as u64 + 1)?;
    Ok(text.trim_start_matches('\u{feff}'))
}

/// What parts the cells of the header: spreadsheets of many countries write semicolons.
pub fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    if header.contains(';') && !header.contains(',') { b';' } else { b',' }
}

/// The start of a value, for messages.
pub fn shown(text: &str) -> String {
    text.chars().take(60).collect()
}
