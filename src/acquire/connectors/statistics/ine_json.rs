//! Official figures as the JSON service of the Spanish statistics office (INE, Tempus3) gives them: series with `COD`,
//! `Nombre` and `Data`, friendly (`T3_...`) or plain (`FK_...`), with or without `MetaData`.

use super::strict_json::strict;
use crate::acquire::dimensions::Dimension;
use crate::acquire::error::excerpt;
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
    let whole = strict(input, text)?;
    let series: Vec<&Value> = whole.as_array().map_or_else(|| vec![&whole], |list| list.iter().collect());
    let bare = || series.iter().filter(|one| points(one).is_empty());
    let said = bare().find_map(|one| one.get("status")?.as_str()).map(excerpt);
    if bare().count() == series.len() {
        let problem = format!("holds no figures: {}", said.as_deref().unwrap_or("no series with `Data`"));
        return Err(AcquireError::content(&input.file, problem, "download DATOS_TABLA or DATOS_SERIE"));
    }
    if let Some(said) = said {
        let problem = format!("says '{said}' among its series: it is a part of what was asked for");
        return Err(AcquireError::content(&input.file, problem, "ask for less at once, or again later"));
    }
    let mut record = 0;
    for one in &series {
        let data = points(one);
        if data.is_empty() {
            record += 1;
            sink(input.reject(record, RejectReason::MissingField, without_figures(one)));
        }
        for point in data {
            record += 1;
            sink(figure(input, record, one, point, ask));
        }
    }
    Ok(())
}

/// The figures of a series; one may stand without a list.
fn points(series: &Value) -> &[Value] {
    match series.get("Data") {
        Some(Value::Array(list)) => list,
        Some(one @ Value::Object(_)) => std::slice::from_ref(one),
        _ => &[],
    }
}

/// Which series of a table came without figures, though others have some.
fn without_figures(series: &Value) -> String {
    let named = ["COD", "Nombre"].iter().find_map(|key| series.get(*key)?.as_str()).unwrap_or("without a name");
    format!("series {} has no figures: its `Data` is empty", excerpt(named.trim()))
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
    raw.status = point.get("T3_TipoDato").and_then(named).map(str::to_owned);
    if point.get("Secreto").is_some_and(is_true) {
        raw.status = Some("Secreto estadístico".to_owned());
    }
    Record::Kept(raw)
}

/// A text, or the name of what stands there with an id.
fn named(value: &Value) -> Option<&str> {
    value.as_str().or_else(|| value.get("Nombre")?.as_str())
}

/// Whether a mark is set, however it is written.
fn is_true(mark: &Value) -> bool {
    match mark {
        Value::Bool(is_set) => *is_set,
        Value::String(text) => text.trim().eq_ignore_ascii_case("true") || text.trim() == "1",
        other => other.as_i64() == Some(1),
    }
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
    let year = point.get("Anyo")?;
    let year = year.as_i64().or_else(|| year.as_str()?.trim().parse().ok())?;
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

    /// Figures that were read, and why other records were not.
    fn read_text(text: &str) -> Result<(Vec<RawObservation>, Vec<String>), String> {
        let (source, snapshot) = (SourceId::new("ine").unwrap(), SnapshotId("0".repeat(64)));
        let input = Input { source, snapshot, file: "65134".to_owned(), limits: Limits::default(), before: 0 };
        let (columns, mut kept, mut rejects) = (Columns::default(), Vec::new(), Vec::new());
        read(&input, text, StatisticsAsk::unaided(&columns), &mut |record| match record {
            Record::Kept(figure) => kept.push(figure),
            Record::Rejected(reject) => rejects.push(reject.detail),
        })
        .map_err(|e| e.to_string())?;
        Ok((kept, rejects))
    }

    /// design/sources.md 6.3, tip=A.
    fn series(code: &str, data: &str) -> String {
        format!(r#"{{"COD":"{code}","Nombre":"Ocupados. ","T3_Unidad":"Personas","T3_Escala":"Miles","Data":{data}}}"#)
    }

    #[test]
    fn a_series_without_figures_beside_others_is_counted_and_named() {
        let full = series("EPA1", r#"[{"T3_Periodo":"T1","Anyo":2026,"Valor":512.3}]"#);
        for none in ["[]", "null"] {
            let (kept, rejects) = read_text(&format!("[{full},{}]", series("EPA2", none))).unwrap();
            assert_eq!((kept.len(), kept[0].value.as_str()), (1, "512.3"));
            assert_eq!(rejects, ["series EPA2 has no figures: its `Data` is empty"]);
            assert!(read_text(&format!("[{}]", series("EPA2", none))).unwrap_err().contains("holds no figures"));
        }
    }

    #[test]
    fn a_figure_without_a_list_is_one_and_a_message_among_the_series_refuses_all() {
        let point = r#"{"T3_Periodo":"T1","Anyo":2026,"Valor":512.3}"#;
        let (full, alone) = (series("EPA1", &format!("[{point}]")), series("EPA2", point));
        let (kept, rejects) = read_text(&format!("[{full},{alone}]")).unwrap();
        assert_eq!((kept.len(), kept[1].value.as_str(), rejects.len()), (2, "512.3", 0));
        let message = r#"{"status":"Se han truncado los resultados"}"#;
        let said = read_text(&format!("[{full},{message}]")).unwrap_err();
        assert!(said.contains("says 'Se han truncado los resultados' among its series"), "{said}");
    }

    #[test]
    fn a_secret_figure_is_secret_however_it_is_marked() {
        for (mark, status) in [
            ("true", Some("Secreto estadístico")),
            (r#""true""#, Some("Secreto estadístico")),
            ("1", Some("Secreto estadístico")),
            ("false", None),
            (r#""false""#, None),
            ("0", None),
            ("null", None),
        ] {
            let point = format!(r#"[{{"T3_Periodo":"T1","Anyo":2026,"Valor":5,"Secreto":{mark}}}]"#);
            assert_eq!(read_text(&series("EPA1", &point)).unwrap().0[0].status.as_deref(), status, "{mark}");
        }
    }

    #[test]
    fn half_a_character_in_a_name_costs_itself_only() {
        let text =
            series("EPA1", r#"[{"T3_Periodo":"T1","Anyo":2026,"Valor":5}]"#).replace("Ocupados", r"Ocupados \ud800");
        assert_eq!(read_text(&text).unwrap().0[0].value, "5");
    }

    #[test]
    fn years_as_texts_and_kinds_of_figures_as_objects_are_read() {
        let point = r#"[{"T3_TipoDato":{"Id":1,"Nombre":"Avance"},"T3_Periodo":"M05","Anyo":"2025","Valor":118.077}]"#;
        let (kept, rejects) = read_text(&series("IPC1", point)).unwrap();
        assert!(rejects.is_empty(), "{rejects:?}");
        assert_eq!((kept[0].period.as_str(), kept[0].status.as_deref()), ("2025M05", Some("Avance")));
    }

    #[test]
    fn a_figure_that_is_given_twice_is_refused() {
        let point = r#"[{"T3_Periodo":"T1","Anyo":2026,"Valor":100.5,"Valor":5.0}]"#;
        assert!(read_text(&series("EPA1", point)).unwrap_err().contains("the key 'Valor' stands twice"));
    }

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
