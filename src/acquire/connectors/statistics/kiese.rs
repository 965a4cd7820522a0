//! Key indicators on education, skills and employment (ETF, KIESE). The publisher keeps no fixed layout, so the plan maps
//! the columns, and a file that has more figures, or other names, than were mapped is refused.

use super::statistics_table::{Unmapped, read as read_table};
use crate::acquire::open::Document;
use crate::acquire::{AcquireError, Input, Sink, StatisticsAsk};
use crate::types::RawObservation;

/// Reads figures from every sheet that has the mapped header; the sheet's name is the indicator where none is mapped.
///
/// # Errors
/// When the plan maps nothing, the header differs from the mapping, or columns or sheets with figures are not mapped.
pub(in crate::acquire) fn read(
    input: &Input,
    document: Document<'_>,
    ask: StatisticsAsk<'_>,
    sink: Sink<'_, RawObservation>,
) -> Result<(), AcquireError> {
    if ask.columns.is_empty() {
        return Err(AcquireError::content(
            &input.file,
            "is read as KIESE, which has no fixed layout, and the plan maps no column",
            "map area, period, value and the others under [source.columns]; look at the workbook for their names",
        ));
    }
    read_table(input, document, ask, Unmapped::Refused, sink)
}
