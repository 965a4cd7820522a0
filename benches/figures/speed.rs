//! What the other bench found, as a table.

use crate::common::{SpeedFile, number, read_json, speed_file};
use crate::table::table;
use anyhow::{Context, Result, ensure};

/// One row per figure.
pub fn measure() -> Result<String> {
    let found: SpeedFile = read_json(&speed_file())
        .context("run `cargo bench --bench speed` first: it leaves its figures for this one")?;
    ensure!(!found.figures.is_empty(), "the speed bench found nothing");
    let rows: Vec<Vec<String>> = found
        .figures
        .iter()
        .map(|f| {
            let beside =
                f.beside.as_ref().map_or("–".to_owned(), |(name, value)| format!("{} ({name})", number(*value)));
            let ratio = f.ratio.map_or("–".to_owned(), |r| format!("{} x", number(r)));
            vec![f.item.clone(), format!("{} {}", number(f.value), f.unit), beside, ratio, f.target.clone()]
        })
        .collect();
    let header = ["what", "skillgap", "beside it", "ours / theirs", "aim"];
    Ok(format!("{}\nOn {}.\n", table(&header, &rows), found.input))
}
