//! Official figures in PC-Axis files (`.px`): keywords, then all cells in the order of stub and heading.

use crate::acquire::cube::{Axis, Cube, Item, note};
use crate::acquire::dimensions::{Dimension, Role, plain};
use crate::acquire::labelled::national_groups;
use crate::acquire::px_text::{Keywords, decode, parse};
use crate::acquire::{AcquireError, Input, Record, Sink, StatisticsAsk};
use crate::types::RawObservation;
use std::io::Read;

/// How Spain's statistics office names itself as the source.
const SPANISH_OFFICE: [&str; 3] =
    ["instituto nacional de estadistica", "national statistics institute", "spanish statistical office"];

/// Reads the figures. A dot sign is given back as the publisher explains it (`DATASYMBOL`), or as spelt.
///
/// # Errors
/// When a keyword the format cannot do without is absent, or cells and dimensions do not fit each other.
pub fn read(
    input: &Input,
    bytes: &mut dyn Read,
    ask: StatisticsAsk<'_>,
    sink: Sink<'_, RawObservation>,
) -> Result<(), AcquireError> {
    let most = input.limits.document_bytes;
    let mut whole = Vec::new();
    bytes.take(most + 1).read_to_end(&mut whole).map_err(|e| AcquireError::io(&input.file, e))?;
    if whole.len() as u64 > most {
        let found = format!("has more than {most} bytes");
        return Err(AcquireError::over(&input.file, "document_bytes", found, format!("{most} bytes")));
    }
    let text = decode(&whole);
    let (words, data) = parse(&text).map_err(|problem| {
        AcquireError::content(&input.file, problem, "download the PC-Axis file again; it may have been cut")
    })?;
    let cube = cube(input, &words, ask)?;
    let cells: Vec<&str> = data.collect();
    if cells.len() as u64 != cube.cells {
        let problem = format!("has {} cells under DATA but its VALUES make {}", cells.len(), cube.cells);
        return Err(AcquireError::content(&input.file, problem, "download it again; it may have been cut"));
    }
    for (flat, cell) in (0..).zip(cells) {
        let mut raw = cube.at(flat, input.origin(flat + 1));
        match symbol(&words, cell) {
            Some(meaning) => raw.status = Some(meaning),
            None => cell.clone_into(&mut raw.value),
        }
        sink(Record::Kept(raw));
    }
    Ok(())
}

/// What the publisher says a sign of one to six dots, or a dash, stands for.
fn symbol(words: &Keywords, cell: &str) -> Option<String> {
    let key = match cell {
        "-" => "DATASYMBOLNIL".to_owned(),
        dots if (1..=6).contains(&dots.len()) && dots.bytes().all(|b| b == b'.') => {
            format!("DATASYMBOL{}", dots.len())
        }
        _ => return None,
    };
    // A symbol shown as itself explains nothing.
    words.text(&key).map(str::trim).filter(|m| m.chars().any(char::is_alphabetic)).map(str::to_owned)
}

fn cube(input: &Input, words: &Keywords, ask: StatisticsAsk<'_>) -> Result<Cube, AcquireError> {
    let refuse = |problem: String| AcquireError::content(&input.file, problem, "download the PC-Axis file again");
    if words.list("KEYS").is_some() || words.has_any("KEYS") {
        let advice = "download it without leaving out empty rows, or as CSV or JSON-stat";
        return Err(AcquireError::content(&input.file, "lists its rows by KEYS, which is not read", advice));
    }
    let names: Vec<String> = ["STUB", "HEADING"].iter().filter_map(|key| words.list(key)).flatten().cloned().collect();
    if names.is_empty() {
        return Err(refuse("has neither STUB nor HEADING".to_owned()));
    }
    let content = words.text("CONTVARIABLE");
    let source = plain(words.text("SOURCE").unwrap_or_default());
    let is_spanish = SPANISH_OFFICE.iter().any(|name| source.contains(*name));
    let mut axes = Vec::new();
    for name in &names {
        let values = words.of("VALUES", name).ok_or_else(|| refuse(format!("has no VALUES of '{name}'")))?;
        let codes = words.of("CODES", name).filter(|codes| codes.len() == values.len());
        let mut dimension = Dimension::of("", name);
        national_groups(&mut dimension, is_spanish);
        if words.of("TIMEVAL", name).is_some() {
            dimension.role = Role::Time;
        } else if content == Some(name) {
            dimension.role = Role::Indicator;
        } else if words.of("MAP", name).is_some() {
            dimension.role = Role::Area;
        }
        let items = values.iter().enumerate().map(|(at, label)| Item {
            code: codes.and_then(|codes| codes.get(at)).cloned().unwrap_or_default(),
            label: label.clone(),
            unit: words.of("UNITS", label).and_then(|unit| unit.first()).cloned(),
        });
        axes.push(Axis { dimension, items: items.collect() });
    }
    let mut cube = Cube::new(&input.file, axes)?;
    let title = words.text("CONTENTS").filter(|_| content.is_none()).or_else(|| words.text("TITLE"));
    cube.indicator = ask.indicator.or(title.map(str::trim)).unwrap_or_default().to_owned();
    cube.unit = ask.unit.or(words.text("UNITS").map(str::trim)).unwrap_or_default().to_owned();
    cube.note = note(["SOURCE", "TITLE", "NOTE"].iter().filter_map(|key| words.text(key).map(str::to_owned)));
    Ok(cube)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::{Columns, Limits};
    use crate::types::{SnapshotId, SourceId};

    fn figures(name: &str, source: &str) -> Vec<RawObservation> {
        let text = format!(
            "AXIS-VERSION=\"2006\";\nTITLE=\"Employed\";\nCONTENTS=\"Employed\";\nUNITS=\"persons\";\nSTUB=\"{name}\";\n\
             HEADING=\"Year\";\nVALUES(\"{name}\")=\"27 Professionals\";\nVALUES(\"Year\")=\"2025\";\nSOURCE=\"{source}\";\n\
             DATA=\n5;\n"
        );
        let (source, snapshot) = (SourceId::new("office").unwrap(), SnapshotId("0".repeat(64)));
        let input = Input { source, snapshot, file: "1.px".to_owned(), limits: Limits::default(), before: 0 };
        let (columns, mut kept) = (Columns::default(), Vec::new());
        read(&input, &mut text.as_bytes(), StatisticsAsk::unaided(&columns), &mut |record| match record {
            Record::Kept(figure) => kept.push(figure),
            Record::Rejected(reject) => panic!("{reject:?}"),
        })
        .unwrap();
        kept
    }

    #[test]
    fn occupations_of_a_spanish_office_are_of_cno_11_and_those_of_others_may_be_isco_08() {
        for (name, source) in [("Ocupacion", "An office"), ("Occupation", "Instituto Nacional de Estadistica")] {
            let kept = figures(name, source);
            assert_eq!(kept[0].occupation, None, "{name}, {source}");
            assert_eq!(kept[0].breakdown[0].dimension, format!("{name} (CNO-11)"));
        }
        assert_eq!(figures("Occupation", "An office")[0].occupation.as_deref(), Some("27 Professionals"));
    }
}
