//! Typed rows in and out of Parquet, a batch at a time.

use super::{AtomicFile, StoreError, io_error};
use crate::types::tables::Table;
use arrow::datatypes::{FieldRef, Schema};
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows that travel together between the per-item stages.
pub const BATCH_ROWS: usize = 1024;

/// Rows per Parquet row group; fixed, so that bytes do not depend on batching.
const ROW_GROUP_ROWS: usize = 16 * BATCH_ROWS;

/// Writes rows of `T` in the order pushed.
pub struct TableWriter<T: Table> {
    path: PathBuf,
    writer: ArrowWriter<AtomicFile>,
    columns: Vec<FieldRef>,
    row_count: u64,
    rows: PhantomData<T>,
}

impl<T: Table> TableWriter<T> {
    /// Starts the file; it appears when `finish` succeeds.
    ///
    /// # Errors
    /// When it cannot be created.
    pub fn create(path: &Path) -> Result<Self, StoreError> {
        let columns = T::columns();
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_statistics_enabled(EnabledStatistics::None)
            .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
            .set_created_by("skillgap".to_owned())
            .build();
        let file = AtomicFile::create(path)?;
        let schema = Arc::new(Schema::new(columns.clone()));
        let writer = ArrowWriter::try_new(file, schema, Some(properties)).map_err(table_error(path))?;
        Ok(Self { path: path.to_owned(), writer, columns, row_count: 0, rows: PhantomData })
    }

    /// Appends rows.
    ///
    /// # Errors
    /// When the disk refuses or a row does not fit the layout.
    pub fn push(&mut self, rows: &[T]) -> Result<(), StoreError> {
        for chunk in rows.chunks(BATCH_ROWS) {
            let batch = to_batch(chunk, &self.columns).map_err(table_error(&self.path))?;
            self.writer.write(&batch).map_err(|e| write_error(&self.path, e))?;
            self.row_count += chunk.len() as u64;
        }
        Ok(())
    }

    /// Ends and commits the file; returns the number of rows.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn finish(self) -> Result<u64, StoreError> {
        let file = self.writer.into_inner().map_err(|e| write_error(&self.path, e))?;
        file.commit()?;
        Ok(self.row_count)
    }
}

/// Rows to a record batch.
fn to_batch<T: Table>(rows: &[T], columns: &[FieldRef]) -> Result<RecordBatch, String> {
    serde_arrow::to_record_batch(columns, &rows).map_err(|e| e.to_string())
}

fn table_error<E: std::fmt::Display>(path: &Path) -> impl FnOnce(E) -> StoreError {
    let path = path.to_owned();
    move |error| StoreError::Table { path, detail: error.to_string() }
}

/// Tells a full disk (environment) from a layout that does not fit.
fn write_error(path: &Path, error: parquet::errors::ParquetError) -> StoreError {
    match error {
        parquet::errors::ParquetError::External(inner) => match inner.downcast::<std::io::Error>() {
            Ok(source) => io_error("write", path)(*source),
            Err(other) => table_error(path)(other),
        },
        other => table_error(path)(other),
    }
}

/// Reads a table as record batches of at most [`BATCH_ROWS`] rows.
///
/// # Errors
/// When it cannot be opened or is no Parquet.
pub fn read_table_batches(path: &Path) -> Result<ParquetRecordBatchReader, StoreError> {
    let file = std::fs::File::open(path).map_err(io_error("read", path))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(table_error(path))?;
    builder.with_batch_size(BATCH_ROWS).build().map_err(table_error(path))
}

/// Iterator over typed batches of a table.
pub struct TableReader<T: Table> {
    path: PathBuf,
    reader: ParquetRecordBatchReader,
    rows: PhantomData<T>,
}

impl<T: Table> Iterator for TableReader<T> {
    type Item = Result<Vec<T>, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = match self.reader.next()? {
            Ok(batch) => batch,
            Err(error) => return Some(Err(table_error(&self.path)(error))),
        };
        Some(serde_arrow::from_record_batch(&batch).map_err(table_error(&self.path)))
    }
}

/// Reads a table a typed batch at a time.
///
/// # Errors
/// When it cannot be opened.
pub fn read_table<T: Table>(path: &Path) -> Result<TableReader<T>, StoreError> {
    Ok(TableReader { path: path.to_owned(), reader: read_table_batches(path)?, rows: PhantomData })
}

/// Writes a whole small table.
///
/// # Errors
/// When the disk refuses or a row does not fit the layout.
pub fn write_table<T: Table>(path: &Path, rows: &[T]) -> Result<u64, StoreError> {
    let mut writer = TableWriter::create(path)?;
    writer.push(rows)?;
    writer.finish()
}
