//! Postings as Parquet with columns of any names and types.

use crate::acquire::desk::Desk;
use crate::acquire::{AcquireError, Input, Limits};
use arrow::array::{Array, RecordBatch, StringArray};
use arrow::compute::{can_cast_types, cast};
use arrow::datatypes::DataType;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::file::metadata::ParquetMetaData;
use parquet::file::reader::ChunkReader;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

pub(in crate::acquire) const BATCH_ROWS: usize = 1024;

/// Reads postings from any Parquet file; dates become ISO 8601 and numbers decimal text.
///
/// # Errors
/// When the file is damaged, a mapped column is absent or has a type that is no text.
pub(in crate::acquire) fn read<R: ChunkReader + 'static>(
    input: &Input,
    file: R,
    desk: &mut Desk<'_>,
) -> Result<(), AcquireError> {
    let fail = |e: &dyn std::fmt::Display| AcquireError::damaged(&input.file, e);
    // The Arrow schema a writer may have left beside the file's own is not needed for text, and not to be trusted.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let builder =
        calmly(|| ParquetRecordBatchReaderBuilder::try_new_with_options(file, options)).map_err(|e| fail(&e))?;
    check_footer(&input.file, &input.limits, builder.metadata())?;
    let names: Vec<String> = builder.schema().fields().iter().map(|f| f.name().clone()).collect();
    let bound = desk.bind(&names, &input.file)?;
    let mask = ProjectionMask::roots(builder.parquet_schema(), bound.positions());
    let built = calmly(|| builder.with_projection(mask).with_batch_size(BATCH_ROWS).build());
    let mut reader = built.map_err(|e| fail(&e))?;
    let mut number = 0;
    while let Some(batch) = calmly(|| reader.next().transpose()).map_err(|e| fail(&e))? {
        let texts = texts(&batch, &names, &input.file)?;
        for row in 0..batch.num_rows() {
            number += 1;
            let cell = |at: usize| texts.get(&at).filter(|c| c.is_valid(row)).map(|column| column.value(row));
            desk.record(input, number, &mut |field| bound.value(field, &cell));
        }
    }
    Ok(())
}

/// Refuses sizes over the limits, and negative ones, which the decoder takes for bugs of its own.
pub(in crate::acquire) fn check_footer(
    file: &str,
    limits: &Limits,
    footer: &ParquetMetaData,
) -> Result<(), AcquireError> {
    let mut decoded = 0i64;
    for column in footer.row_groups().iter().flat_map(|group| group.columns()) {
        let start = column.dictionary_page_offset().unwrap_or(0).min(column.data_page_offset());
        let sizes = [start, column.compressed_size(), column.uncompressed_size(), column.num_values()];
        if sizes.iter().any(|size| *size < 0) {
            return Err(AcquireError::damaged(file, &"its footer gives a negative size"));
        }
        decoded = decoded.saturating_add(column.uncompressed_size());
    }
    crate::acquire::limits::check(file, limits, decoded.unsigned_abs(), None)
}

/// The batch's columns as text, by their position in the file.
pub(in crate::acquire) fn texts(
    batch: &RecordBatch,
    names: &[String],
    file: &str,
) -> Result<BTreeMap<usize, StringArray>, AcquireError> {
    let mut texts = BTreeMap::new();
    for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
        let Some(at) = names.iter().position(|name| name == field.name()) else { continue };
        if !can_cast_types(column.data_type(), &DataType::Utf8) {
            let problem = format!("column '{}' has type {}, which is no text", field.name(), column.data_type());
            return Err(AcquireError::content(file, problem, "map another column"));
        }
        let text = calmly(|| cast(column, &DataType::Utf8)).map_err(|e| AcquireError::damaged(file, &e))?;
        if let Some(text) = text.as_any().downcast_ref::<StringArray>() {
            texts.insert(at, text.clone());
        }
    }
    Ok(texts)
}

/// Damaged files can make the decoder panic: that too is an error of the file.
pub(in crate::acquire) fn calmly<T, E: std::fmt::Display>(read: impl FnOnce() -> Result<T, E>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(result) => result.map_err(|e| e.to_string()),
        Err(_) => Err("its pages contradict its footer".to_owned()),
    }
}
