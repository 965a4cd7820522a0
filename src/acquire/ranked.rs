//! Ranked skills made by another model: JSON lines as `skillgap rank` writes them, or a Parquet table.

use super::connectors::postings::postings_parquet::{BATCH_ROWS, calmly, check_footer, texts};
use super::error::{AcquireError, excerpt};
use super::limits::Limits;
use super::open::{Document, file_name};
use super::text::Markup;
use crate::types::{RankedFile, RankedList, RankedSkill};
use arrow::array::{Array, RecordBatch};
use bytes::Bytes;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::file::reader::ChunkReader;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::{BufRead, Read};
use std::path::Path;

/// What a line must be.
const LINE: &str = "each line is {\"id\": text, \"ranked\": [{\"uri\": text, \"score\": number}, ...]}, one line an id";
/// What a table must be.
const TABLE: &str = "the columns are id (text), uri (text) and score (number), one row a skill";
/// Columns of a table.
const COLUMNS: [&str; 3] = ["id", "uri", "score"];

#[derive(Deserialize)]
struct Line {
    id: String,
    ranked: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    uri: String,
    score: f64,
}

/// Reads a file of ranked skills, told apart by its content; skills are put in order by score, ties as they come.
///
/// # Errors
/// On a line or row that is not what is expected, a score that is no number, and an id that has two lines.
pub fn read_ranked(path: &Path, limits: &Limits) -> Result<RankedFile, AcquireError> {
    let name = file_name(path);
    let document = Document::of_path(path, &name, limits)?;
    if !document.head().starts_with(b"PAR1") {
        let mut body = document.text(Markup::Refused)?;
        return lines(&name, limits, &mut body);
    }
    match document.file_or_bytes()? {
        Ok(file) => table(&name, limits, file),
        Err(bytes) => table(&name, limits, Bytes::from(bytes)),
    }
}

/// Lists in the making.
#[derive(Default)]
struct Gathered(BTreeMap<String, Vec<RankedSkill>>);

impl Gathered {
    fn finish(self) -> RankedFile {
        let mut repeat_count = 0;
        let list = |(id, mut skills): (String, Vec<RankedSkill>)| {
            skills.sort_by(|a, b| b.score.total_cmp(&a.score));
            let all = skills.len();
            let mut seen = std::collections::BTreeSet::new();
            skills.retain(|skill| seen.insert(skill.uri.clone()));
            repeat_count += (all - skills.len()) as u64;
            RankedList { id, skills }
        };
        let lists = self.0.into_iter().map(list).collect();
        RankedFile { lists, repeat_count }
    }
}

fn lines(file: &str, limits: &Limits, body: &mut dyn BufRead) -> Result<RankedFile, AcquireError> {
    let mut gathered = Gathered::default();
    let mut line = Vec::new();
    for number in 1u64.. {
        line.clear();
        let read = body.take(limits.record_bytes + 1).read_until(b'\n', &mut line);
        if read.map_err(|e| AcquireError::io(file, e))? == 0 {
            break;
        }
        if line.len() as u64 > limits.record_bytes {
            let found = format!("line {number} is longer than {} bytes", limits.record_bytes);
            return Err(AcquireError::over(file, "record_bytes", found, format!("{} bytes", limits.record_bytes)));
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let bad = |problem: String| AcquireError::content(file, format!("line {number}: {problem}"), LINE);
        let parsed: Line = serde_json::from_slice(&line).map_err(|e| bad(excerpt(&e.to_string())))?;
        let skills = parsed.ranked.into_iter().map(|item| RankedSkill { uri: item.uri, score: item.score }).collect();
        match gathered.0.entry(parsed.id) {
            Entry::Vacant(place) => drop(place.insert(skills)),
            Entry::Occupied(place) => return Err(bad(format!("id '{}' has a line already", excerpt(place.key())))),
        }
    }
    Ok(gathered.finish())
}

fn table<R: ChunkReader + 'static>(file: &str, limits: &Limits, body: R) -> Result<RankedFile, AcquireError> {
    let fail = |e: String| AcquireError::damaged(file, &e);
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let builder = calmly(|| ParquetRecordBatchReaderBuilder::try_new_with_options(body, options)).map_err(fail)?;
    check_footer(file, limits, builder.metadata())?;
    let names: Vec<String> = builder.schema().fields().iter().map(|f| f.name().clone()).collect();
    let at = |column: &str| {
        let missing = || format!("has no column '{column}', but {}", excerpt(&names.join(", ")));
        let found = names.iter().position(|name| name == column);
        found.ok_or_else(|| AcquireError::content(file, missing(), TABLE))
    };
    let [id, uri, score] = COLUMNS.map(at);
    let columns = [id?, uri?, score?];
    let mask = ProjectionMask::roots(builder.parquet_schema(), columns);
    let built = calmly(|| builder.with_projection(mask).with_batch_size(BATCH_ROWS).build());
    let mut reader = built.map_err(fail)?;
    let (mut gathered, mut before) = (Gathered::default(), 0);
    while let Some(batch) = calmly(|| reader.next().transpose()).map_err(fail)? {
        rows(file, &batch, &names, columns, before, &mut gathered)?;
        before += batch.num_rows() as u64;
    }
    Ok(gathered.finish())
}

fn rows(
    file: &str,
    batch: &RecordBatch,
    names: &[String],
    columns: [usize; 3],
    before: u64,
    gathered: &mut Gathered,
) -> Result<(), AcquireError> {
    let texts = texts(batch, names, file)?;
    for row in 0..batch.num_rows() {
        let bad =
            |problem: String| AcquireError::content(file, format!("row {}: {problem}", before + row as u64 + 1), TABLE);
        let cell = |at: usize| texts.get(&at).filter(|c| c.is_valid(row)).map(|column| column.value(row));
        let [Some(id), Some(uri), Some(score)] = columns.map(cell) else {
            return Err(bad("id, uri or score is empty".to_owned()));
        };
        let number = score.parse::<f64>().ok().filter(|score| score.is_finite());
        let score = number.ok_or_else(|| bad(format!("score '{}' is not a number", excerpt(score))))?;
        gathered.0.entry(id.to_owned()).or_default().push(RankedSkill { uri: uri.to_owned(), score });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{Float32Array, Int64Array, StringArray};
    use std::sync::Arc;

    fn read(bytes: &[u8]) -> Result<RankedFile, AcquireError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("other.jsonl");
        std::fs::write(&path, bytes).unwrap();
        read_ranked(&path, &Limits { record_bytes: 400, ..Limits::default() })
    }

    fn skills(list: &RankedList) -> Vec<(&str, f64)> {
        list.skills.iter().map(|s| (s.uri.as_str(), s.score)).collect()
    }

    fn shown(file: &RankedFile) -> Vec<(&str, Vec<(&str, f64)>)> {
        file.lists.iter().map(|list| (list.id.as_str(), skills(list))).collect()
    }

    fn parquet(columns: Vec<(&str, Arc<dyn Array>)>) -> Vec<u8> {
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let mut bytes = Vec::new();
        let mut writer = parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        bytes
    }

    #[test]
    fn lists_are_ordered_by_score_and_a_skill_named_again_keeps_its_best() {
        let text = "\u{feff}{\"id\":\"b\",\"ranked\":[{\"uri\":\"u1\",\"score\":0.25,\"label\":\"x\"},{\"uri\":\"u2\",\"score\":3},{\"uri\":\"u1\",\"score\":1}]}\n\n{\"id\":\"a\",\"ranked\":[]}";
        let file = read(text.as_bytes()).unwrap();
        assert_eq!(shown(&file), [("a", vec![]), ("b", vec![("u2", 3.0), ("u1", 1.0)])]);
        assert_eq!(file.repeat_count, 1);
    }

    #[test]
    fn a_table_says_the_same_whatever_the_types_of_its_columns() {
        let ids: Arc<dyn Array> = Arc::new(Int64Array::from(vec![7, 8, 7]));
        let uris: Arc<dyn Array> = Arc::new(StringArray::from(vec!["u1", "u1", "u2"]));
        let scores: Arc<dyn Array> = Arc::new(Float32Array::from(vec![0.5, -1.0, 0.75]));
        let file =
            read(&parquet(vec![("uri", uris.clone()), ("rank", ids.clone()), ("score", scores), ("id", ids.clone())]));
        assert_eq!(shown(&file.unwrap()), [("7", vec![("u2", 0.75), ("u1", 0.5)]), ("8", vec![("u1", -1.0)])]);
        let missing = read(&parquet(vec![("id", ids.clone()), ("skill", uris.clone())])).unwrap_err().to_string();
        assert!(missing.contains("no column 'uri', but id, skill"), "{missing}");
        let nan: Arc<dyn Array> = Arc::new(Float32Array::from(vec![0.5, f32::NAN, 0.75]));
        let error = read(&parquet(vec![("id", ids), ("uri", uris), ("score", nan)])).unwrap_err().to_string();
        assert!(error.contains("row 2: score 'NaN' is not a number"), "{error}");
    }

    #[test]
    fn a_hostile_file_is_refused_with_its_name_its_line_and_what_was_expected() {
        let deep = format!("{{\"id\":\"b\",\"x\":{}", "[".repeat(300));
        let long = format!("{{\"id\":\"{}\"", "a".repeat(400));
        let good = "{\"id\":\"a\",\"ranked\":[{\"uri\":\"u\",\"score\":1}]}\n";
        for (line, said) in [
            ("{\"id\":\"b\"}", "line 2: missing field `ranked`"),
            ("{\"id\":\"b\",\"ranked\":[{\"uri\":\"u\",\"score\":null}]}", "line 2: invalid type: null"),
            ("{\"id\":\"b\",\"ranked\":[{\"uri\":\"u\",\"score\":1e999}]}", "line 2: number out of range"),
            ("{\"id\":\"b\",\"ranked\":[{\"uri\":\"u\",\"score\":NaN}]}", "line 2: expected"),
            ("{\"id\":3,\"ranked\":[]}", "line 2: invalid type: integer"),
            ("{\"id\":\"a\",\"ranked\":[]}", "line 2: id 'a' has a line already"),
            ("[]", "line 2: invalid length 0"),
            ("{\"id\":\"b\",\"ran", "line 2: EOF while parsing"),
            (&deep, "line 2: EOF while parsing"),
            (&long, "line 2 is longer than 400 bytes"),
        ] {
            let error = read(format!("{good}{line}").as_bytes()).unwrap_err().to_string();
            assert!(error.starts_with("other.jsonl: ") && error.contains(said), "{line}: {error}");
            assert!(error.contains("each line is") || error.contains("limits.record_bytes"), "{error}");
        }
        for bytes in
            [&b""[..], b"PAR1 not really", b"\x00\x01\x02", b"\x1f\x8b\x08broken", b"<html><body>no</body></html>"]
        {
            assert!(read(bytes).unwrap_err().to_string().contains("other.jsonl"));
        }
    }
}
