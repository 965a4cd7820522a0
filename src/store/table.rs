//! Typed rows in and out of Parquet, a batch at a time.

use super::{AtomicFile, StoreError, io_error};
use crate::types::tables::Table;
use arrow::datatypes::{FieldRef, Schema};
use arrow::record_batch::RecordBatch;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::arrow::{ArrowWriter, ProjectionMask};
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
        Self::with_compression(path, Compression::ZSTD(ZstdLevel::default()))
    }

    /// Starts a file that the same stage reads again and removes: not compressed.
    ///
    /// # Errors
    /// When it cannot be created.
    pub fn scratch(path: &Path) -> Result<Self, StoreError> {
        Self::with_compression(path, Compression::UNCOMPRESSED)
    }

    fn with_compression(path: &Path, compression: Compression) -> Result<Self, StoreError> {
        let columns = T::columns();
        let properties = WriterProperties::builder()
            .set_compression(compression)
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

/// Reads only the named columns, as record batches of at most [`BATCH_ROWS`] rows.
fn read_columns(path: &Path, columns: &[FieldRef]) -> Result<ParquetRecordBatchReader, StoreError> {
    let file = std::fs::File::open(path).map_err(io_error("read", path))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(table_error(path))?;
    let names: Vec<&str> = columns.iter().map(|c| c.name().as_str()).collect();
    let roots = builder.parquet_schema().root_schema().get_fields().iter().enumerate();
    let wanted: Vec<usize> = roots.filter(|(_, f)| names.contains(&f.name())).map(|(at, _)| at).collect();
    let mask = ProjectionMask::roots(builder.parquet_schema(), wanted);
    builder.with_projection(mask).with_batch_size(BATCH_ROWS).build().map_err(table_error(path))
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

/// Reads a table a typed batch at a time; columns that `T` does not have are left where they are.
///
/// # Errors
/// When it cannot be opened.
pub fn read_table<T: Table>(path: &Path) -> Result<TableReader<T>, StoreError> {
    let reader = read_columns(path, &T::columns())?;
    Ok(TableReader { path: path.to_owned(), reader, rows: PhantomData })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{
        CorrectionStatus, Demand, Field, Lane, Link, LinkEvidence, Linked, Mark, Mention, Origin, OutcomeId, Posting,
        PostingId, Score, Section, SectionKind, SkillId, SnapshotId, SourceId, Verdict,
    };

    fn there_and_back<T: Table + PartialEq + std::fmt::Debug>(rows: &[T]) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.parquet");
        assert_eq!(write_table(&path, rows).unwrap(), rows.len() as u64);
        let back: Vec<T> = read_table(&path).unwrap().flat_map(Result::unwrap).collect();
        assert_eq!(back, rows);
    }

    fn origin() -> Origin {
        Origin { source: SourceId::new("a").unwrap(), snapshot: SnapshotId("00".into()), record: 7 }
    }

    #[test]
    fn a_posting_with_lists_and_gaps_comes_back_from_parquet_as_it_went_in() {
        let posting = Posting {
            id: PostingId("p".into()),
            source: SourceId::new("a").unwrap(),
            board: "b".into(),
            url: None,
            title: "Enfermera".into(),
            body: "- تمريض".into(),
            employer: Some("E".into()),
            area: Some(crate::types::AreaCode("ES51".into())),
            sector: None,
            occupation: None,
            isco: Some(crate::types::IscoCode::new("2221").unwrap()),
            occupation_score: Some(0.5),
            language: crate::types::Lang::Ar,
            posted_on: Some(jiff::civil::date(2026, 1, 31)),
            closes_on: None,
            salary: None,
            sections: vec![Section { kind: SectionKind::Duties, start: 0, end: 3, language: crate::types::Lang::En }],
            boards: vec!["b".into(), "c".into()],
            origins: vec![origin()],
        };
        there_and_back(&[posting]);
    }

    #[test]
    fn mentions_links_and_demand_come_back_from_parquet_as_they_went_in() {
        there_and_back(&[Mention {
            posting: PostingId("p".into()),
            skill: SkillId("s".into()),
            field: Field::Body,
            start: 1,
            end: 9,
            surface: "x".into(),
            label: "y".into(),
            lane: Lane::Fuzzy,
            section: SectionKind::Other,
            score: Score::new(0.25),
            verdict: Verdict::Review,
        }]);
        let evidence = vec![LinkEvidence { lane: "cover".into(), value: 0.5 }];
        let link = Link {
            skill: SkillId("s".into()),
            label: "l".into(),
            surface: None,
            score: Score::new(0.75),
            verdict: Verdict::Accepted,
            evidence,
        };
        there_and_back(&[Linked {
            outcome: OutcomeId("o".into()),
            credential: crate::types::CredentialId("c".into()),
            links: vec![link],
            verdict: Verdict::Accepted,
        }]);
        there_and_back(&[Demand {
            skill: "s".into(),
            label: "l".into(),
            area: "all".into(),
            period: "2025-Q1".into(),
            occupation_group: "2".into(),
            posting_count: 3,
            base_count: 20,
            employer_count: 2,
            source_count: 1,
            effective_n: 18.5,
            share: None,
            share_low: None,
            share_high: None,
            mark: Some(Mark::Suppressed),
            weighted_share: Some(0.25),
            correction: Some(CorrectionStatus::TooFewReviewed),
            ..Demand::default()
        }]);
    }

    #[test]
    fn bytes_do_not_depend_on_how_rows_were_batched() {
        let rows: Vec<crate::types::Duplicate> = (0..5000)
            .map(|i| crate::types::Duplicate {
                kept: PostingId(format!("{i:016x}")),
                duplicate: PostingId(format!("{:016x}", i * 7)),
                kind: crate::types::DuplicateKind::Near,
                similarity: 0.9,
            })
            .collect();
        let folder = tempfile::tempdir().unwrap();
        let (one, many) = (folder.path().join("one"), folder.path().join("many"));
        write_table(&one, &rows).unwrap();
        let mut writer = TableWriter::create(&many).unwrap();
        for part in rows.chunks(BATCH_ROWS * 2) {
            writer.push(part).unwrap();
        }
        writer.finish().unwrap();
        assert_eq!(std::fs::read(one).unwrap(), std::fs::read(many).unwrap());
    }

    #[test]
    fn a_file_cut_short_is_an_error_that_names_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cut.parquet");
        std::fs::write(&path, b"PAR1 not really").unwrap();
        let error = read_table::<crate::types::Duplicate>(&path).err().unwrap();
        assert!(error.to_string().contains("cut.parquet"), "{error}");
    }
}
