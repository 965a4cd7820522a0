//! Tables of one figure a row whose columns are named in words: INE, Idescat, Eurostat's extractions.

use super::csv_file::CsvFile;
use super::dimensions::{Dimension, Role, plain, settle};
use super::rows::{Row, Rows, cell};
use super::{AcquireError, Input, Record, Sink};
use crate::types::{NumberStyle, RawObservation, RejectReason};
use csv::ByteRecord;

/// Spain's occupations stay as published, outside the column of ISCO-08, unless their name says ISCO (CIUO in Spanish):
/// they are groups of CNO-11, or CCO-11 in Catalan, whose 27 is ISCO-08's 25. Major groups are no exception, because
/// figures of ISCO-08 major groups are weights, and a table for weights has to say that it is one. `is_spanish` = a Spanish
/// office counts, in whatever language it names the dimension.
pub(super) fn national_groups(dimension: &mut Dimension, is_spanish: bool) {
    let name = plain(&dimension.name);
    let says_isco = ["isco", "ciuo"].iter().any(|own| name.contains(*own));
    let is_named_so = name.split(' ').any(|word| word.starts_with("ocupacio"));
    if dimension.role != Role::Occupation || says_isco || !(is_spanish || is_named_so) {
        return;
    }
    let is_catalan = name.split(' ').any(|word| matches!(word, "ocupacio" | "ocupacions"));
    dimension.name.push_str(if is_catalan { " (CCO-11)" } else { " (CNO-11)" });
    dimension.role = Role::Other;
}

/// What a layout of this kind fixes.
pub(super) struct Labelled<'a> {
    /// Names of the column of the figure, the first that is there counts.
    pub(super) value: &'a [&'a str],
    /// Names of columns of flags.
    pub(super) flags: &'a [&'a str],
    pub(super) numbers: NumberStyle,
    pub(super) indicator: &'a str,
    pub(super) unit: &'a str,
}

impl Labelled<'_> {
    /// Reads a figure per row; every other column is a dimension.
    pub(super) fn read(
        &self,
        input: &Input,
        csv: &mut CsvFile<'_>,
        sink: Sink<'_, RawObservation>,
    ) -> Result<(), AcquireError> {
        let is = |names: &[&str], header: &str| names.iter().any(|name| plain(name) == plain(header));
        let header = csv.header().to_vec();
        let value = header.iter().rposition(|name| is(self.value, name));
        let value = value.map_or_else(|| csv.require(self.value.first().copied().unwrap_or("Value")), Ok)?;
        let flags = header.iter().position(|name| is(self.flags, name));
        let kept = |at: &usize| *at != value && Some(*at) != flags;
        let at: Vec<usize> = (0..header.len()).filter(kept).collect();
        let mut dimensions: Vec<Dimension> =
            at.iter().filter_map(|at| header.get(*at)).map(|name| Dimension::of("", name)).collect();
        dimensions.iter_mut().for_each(|dimension| national_groups(dimension, false));
        settle(&mut dimensions);
        if !dimensions.iter().any(|dimension| dimension.role == Role::Time) {
            let problem = format!("has no column of a period among {}", header.join(", "));
            return Err(AcquireError::content(&input.file, problem, "rename the column of the period to `Period`"));
        }
        let columns: Vec<(usize, Dimension)> = at.into_iter().zip(dimensions).collect();
        while let Some((number, row)) = csv.next()? {
            sink(match row {
                Row::Bad(reason, detail) => input.reject(number, reason, detail),
                Row::Cells(cells) => self.observation(input, number, cells, &columns, (value, flags)),
            });
        }
        Ok(())
    }

    fn observation(
        &self,
        input: &Input,
        number: u64,
        cells: &ByteRecord,
        columns: &[(usize, Dimension)],
        (value, flags): (usize, Option<usize>),
    ) -> Record<RawObservation> {
        let text = |at: usize| tidy(cell(cells, at).unwrap_or_default());
        let mut raw = RawObservation::at(input.origin(number));
        self.indicator.clone_into(&mut raw.indicator);
        self.unit.clone_into(&mut raw.unit);
        raw.numbers = self.numbers;
        text(value).clone_into(&mut raw.value);
        raw.status = flags.map(text).filter(|flag| !flag.is_empty()).map(str::to_owned);
        columns.iter().for_each(|(at, dimension)| dimension.put(&mut raw, "", text(*at)));
        let area_named = columns.iter().any(|(_, dimension)| dimension.role == Role::Area);
        if raw.period.is_empty() || (area_named && raw.area.is_empty()) {
            return input.reject(number, RejectReason::MissingField, "the area or the period is empty".to_owned());
        }
        Record::Kept(raw)
    }
}

/// A cell without what stands around it: where two files were joined, the mark at the beginning of the second, too.
fn tidy(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_of_byte_order_where_two_files_were_joined_is_no_part_of_a_cell() {
        assert_eq!(tidy("\u{feff} Mujeres "), "Mujeres");
    }

    #[test]
    fn occupations_of_spain_are_no_isco_08_unless_they_say_so() {
        let named = |name: &str, is_spanish: bool| {
            let mut dimension = Dimension::of("", name);
            national_groups(&mut dimension, is_spanish);
            (dimension.role, dimension.name)
        };
        let other = |name: &str| (Role::Other, name.to_owned());
        let isco = |name: &str| (Role::Occupation, name.to_owned());
        assert_eq!(named("Ocupación", false), other("Ocupación (CNO-11)"));
        assert_eq!(named("Ocupació", false), other("Ocupació (CCO-11)"));
        assert_eq!(named("Occupation", true), other("Occupation (CNO-11)"));
        assert_eq!(named("Ocupación (CNO-11)", true), other("Ocupación (CNO-11)"));
        assert_eq!(named("Ocupación (CIUO-08)", true), isco("Ocupación (CIUO-08)"));
        assert_eq!(named("Occupation (ISCO-08)", true), isco("Occupation (ISCO-08)"));
        assert_eq!(named("Occupation", false), isco("Occupation"));
        assert_eq!(named("Sexo", true).0, Role::Sex);
    }
}
