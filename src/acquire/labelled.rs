//! Tables of one figure a row whose columns are named in words: INE, Idescat, Eurostat's extractions.

use super::csv_file::CsvFile;
use super::dimensions::{Dimension, Role, plain, settle};
use super::rows::{Row, Rows, cell};
use super::{AcquireError, Input, Record, Sink};
use crate::types::{NumberStyle, RawObservation, RejectReason};
use csv::ByteRecord;

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
        let text = |at: usize| cell(cells, at).unwrap_or_default().trim();
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
