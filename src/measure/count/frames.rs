//! The few calls to the frame engine that every count makes.

use crate::measure::MeasureError;
use polars::prelude::{
    Column, DataFrame, DataType, Engine, Expr, IntoLazy, JoinArgs, JoinType, LazyFrame, NamedFrom, PlRefPath,
    PolarsError, ScanArgsParquet, Series, col, lit,
};
use std::path::Path;

/// Half of a packed key: two codes of 32 bits make one of 64, which hashes and sorts as one number.
const HALF: u64 = 1 << 32;

/// Two 32-bit codes as one number that orders by `high`, then `low`.
pub fn pack(high: u32, low: u32) -> u64 {
    u64::from(high) * HALF + u64::from(low)
}

/// The codes back.
pub fn unpack(key: u64) -> (u32, u32) {
    ((key / HALF) as u32, (key % HALF) as u32)
}

/// [`pack`] of two columns, named `key`.
pub fn packed(high: &str, low: &str) -> Expr {
    let wide = |name: &str| col(name).cast(DataType::UInt64);
    (wide(high) * lit(HALF) + wide(low)).alias("key")
}

/// Names the table in what the engine says.
pub fn count_error(path: &Path) -> impl Fn(PolarsError) -> MeasureError {
    let path = path.display().to_string();
    move |error| MeasureError::Count { path: path.clone(), detail: error.to_string() }
}

/// A Parquet table as a lazy frame; only the columns a query names are read.
pub fn scan(path: &Path) -> Result<LazyFrame, MeasureError> {
    // Brackets in a folder's name are no pattern.
    let args = ScanArgsParquet { glob: false, ..ScanArgsParquet::default() };
    let place = PlRefPath::try_from_path(path).map_err(count_error(path))?;
    LazyFrame::scan_parquet(place, args).map_err(count_error(path))
}

/// Runs a query over a file in bounded memory.
pub fn collect(query: LazyFrame, engine: Engine) -> Result<DataFrame, PolarsError> {
    Ok(query.collect_with_engine(engine)?.unwrap_single())
}

/// Codes as a column.
pub fn codes(name: &str, values: Vec<u32>) -> Column {
    Column::from(Series::new(name.into(), values))
}

/// Columns of one length as a lazy frame.
pub fn frame(columns: Vec<Column>) -> Result<LazyFrame, PolarsError> {
    Ok(DataFrame::new_infer_height(columns)?.lazy())
}

/// Inner join on a column of the same name.
pub fn join(left: LazyFrame, right: LazyFrame, on: &str) -> LazyFrame {
    left.join(right, [col(on)], [col(on)], JoinArgs::new(JoinType::Inner))
}

/// A column of 64-bit counts.
pub fn numbers(frame: &DataFrame, name: &str) -> Result<Vec<u64>, PolarsError> {
    Ok(frame.column(name)?.u64()?.iter().map(Option::unwrap_or_default).collect())
}

/// Number of items of each list of a column.
pub fn list_lengths(table: &DataFrame, name: &str) -> Result<Vec<usize>, PolarsError> {
    let lists = table.column(name)?.list()?.rechunk();
    Ok(lists.amortized_iter().map(|list| list.map_or(0, |l| l.as_ref().len())).collect())
}
