//! Official figures as the JSON service of the Spanish statistics office (INE, Tempus3) gives them: series with `COD`,
//! `Nombre` and `Data`, friendly (`T3_...`) or plain (`FK_...`), with or without `MetaData`.

use crate::acquire::dimensions::Dimension;
use crate::acquire::labelled::national_groups;
use crate::acquire::{AcquireError, Input, Record, Sink, StatisticsAsk};
use crate::types::{Breakdown, RawObservation, RejectReason};
use serde_json::Value;

/// Name of the parts of a series' name, where no `MetaData` says what they are.
const PART: &str = "series";

/// Reads observations of all series.
///
/// # Errors
/// When it is no such answer.
pub fn read(
    input: &Input,
    text: &str,
    ask: StatisticsAsk<'_>,
    sink: Sink<'_, RawObservation>,
) -> Result<(), AcquireError> {
    let whole: Value = serde_json::from_str(text).map_err(|e| AcquireError::damaged(&input.file, &e))?;
    let series: Vec<&Value> = whole.as_array().map_or_else(|| vec![&whole], |list| list.iter().collect());
    let mut record = 0;
    for one in &series {
        let Some(data) = one.get("Data").and_then(Value::as_array) else { continue };
        for point in data {
            record += 1;
            sink(figure(input, record, one, point, ask));
        }
    }
    if record == 0 {
        let said = whole.get("status").and_then(Value::as_str).unwrap_or("no series with `Data`");
        let problem = format!("holds no figures: {said}");
        return Err(AcquireError::content(&input.file, problem, "download DATOS_TABLA or DATOS_SERIE"));
    }
    Ok(())
}

fn figure(input: &Input, record: u64, series: &Value, point: &Value, ask: StatisticsAsk<'_>) -> Record<RawObservation> {
    let mut raw = RawObservation::at(input.origin(record));
    let text = |key: &str| series.get(key).and_then(Value::as_str).map(str::trim).filter(|t| !t.is_empty());
    let name = text("Nombre").unwrap_or_default();
    raw.indicator = ask.indicator.unwrap_or(name).to_owned();
    let scale = text("T3_Escala").map(|scale| format!("{scale} ")).unwrap_or_default();
    let unit = text("T3_Unidad").map(|unit| format!("{scale}{unit}"));
    raw.unit = unit.unwrap_or_else(|| ask.unit.unwrap_or_default().to_owned());
    raw.note = Some([text("COD").unwrap_or_default(), name].join(" | "));
    match series.get("MetaData").and_then(Value::as_array) {
        Some(metadata) => metadata.iter().for_each(|item| described(&mut raw, item)),
        None => name.split(". ").for_each(|part| guessed(&mut raw, part.trim().trim_end_matches('.'))),
    }
    // The instant is midnight in Madrid, the day before in UTC: the period is taken from what names it.
    let Some(period) = period(point) else {
        let detail = "no `T3_Periodo` with `Anyo`, and `FK_Periodo` is no month: ask the service with tip=A".to_owned();
        return input.reject(record, RejectReason::BadValue, detail);
    };
    raw.period = period;
    raw.value = point.get("Valor").filter(|value| !value.is_null()).map(plain_value).unwrap_or_default();
    raw.status = point.get("T3_TipoDato").and_then(Value::as_str).map(str::to_owned);
    if point.get("Secreto") == Some(&Value::Bool(true)) {
        raw.status = Some("Secreto estadístico".to_owned());
    }
    Record::Kept(raw)
}

fn plain_value(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// An item with the variable it belongs to.
fn described(raw: &mut RawObservation, item: &Value) {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let variable = match item.get("Variable") {
        Some(Value::Object(variable)) => text(variable.get("Nombre")),
        other => text(other.or_else(|| item.get("T3_Variable"))),
    };
    let mut dimension = Dimension::of("", &variable);
    national_groups(&mut dimension, true);
    dimension.put(raw, "", &text(item.get("Nombre")));
}

/// A part of a series' name: sexes and ages tell themselves; among the rest the area is looked for later.
fn guessed(raw: &mut RawObservation, part: &str) {
    let lower = part.to_lowercase();
    match lower.as_str() {
        "" => {}
        "ambos sexos" | "both sexes" => {}
        "hombres" | "mujeres" | "varones" | "males" | "females" | "men" | "women" => raw.sex = Some(part.to_owned()),
        _ if lower.contains("años") || lower.contains("years") => raw.age = Some(part.to_owned()),
        _ => raw.breakdown.push(Breakdown { dimension: PART.to_owned(), item: part.to_owned() }),
    }
}

/// `T3_Periodo` (`M05`, `T1`, `A`) with `Anyo`, or a month by number.
fn period(point: &Value) -> Option<String> {
    let year = point.get("Anyo").and_then(Value::as_i64)?;
    if let Some(part) = point.get("T3_Periodo").and_then(Value::as_str) {
        return Some(if part == "A" { year.to_string() } else { format!("{year}{part}") });
    }
    let month = point.get("FK_Periodo").and_then(Value::as_i64).filter(|month| (1..=12).contains(month))?;
    Some(format!("{year}M{month:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::{Columns, Limits};
    use crate::types::{SnapshotId, SourceId};

    #[test]
    fn groups_of_cno_11_are_a_breakdown_and_no_isco_08_code() {
        let text = r#"[{"COD":"EPA1","Nombre":"Ocupados.","MetaData":[
            {"T3_Variable":"Ocupación","Nombre":"27 Profesionales de las tecnologías de la información"},
            {"T3_Variable":"Sexo","Nombre":"Mujeres"}],
            "Data":[{"T3_Periodo":"T1","Anyo":2026,"Valor":512.3}]}]"#;
        let (source, snapshot) = (SourceId::new("ine").unwrap(), SnapshotId("0".repeat(64)));
        let input = Input { source, snapshot, file: "65134".to_owned(), limits: Limits::default(), before: 0 };
        let (columns, mut kept) = (Columns::default(), Vec::new());
        read(&input, text, StatisticsAsk::unaided(&columns), &mut |record| match record {
            Record::Kept(figure) => kept.push(figure),
            Record::Rejected(reject) => panic!("{reject:?}"),
        })
        .unwrap();
        let item = "27 Profesionales de las tecnologías de la información".to_owned();
        assert_eq!(kept[0].breakdown, [Breakdown { dimension: "Ocupación (CNO-11)".to_owned(), item }]);
        assert_eq!((kept[0].occupation.as_deref(), kept[0].sex.as_deref()), (None, Some("Mujeres")));
    }
}
