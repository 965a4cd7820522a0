//! What SDMX figures share, in CSV, in TSV and in XML: attributes beside the value, and names of datasets.

use crate::types::RawObservation;

/// Attributes that go with a value; everything else a figure carries is a dimension.
const ATTRIBUTES: &[&str] = &[
    "OBS_FLAG",
    "OBS_STATUS",
    "CONF_STATUS",
    "OBS_CONF",
    "UNIT_MEASURE",
    "UNIT_MULT",
    "UNIT",
    "DECIMALS",
    "TIME_FORMAT",
    "COLLECTION",
    "TITLE",
    "TITLE_COMPL",
    "COMMENT_OBS",
    "OBS_PRE_BREAK",
    "PRE_BREAK_VALUE",
    "SOURCE",
    "NOTE_SOURCE",
    "NOTE_INDICATOR",
    "NOTE_CLASSIF",
    "LAST_UPDATE",
];
/// Attributes that say nothing a reader of the figure needs.
const FORMAL: &[&str] = &["DECIMALS", "TIME_FORMAT", "COLLECTION", "LAST_UPDATE"];

/// Whether the name is that of an attribute.
pub(super) fn is_attribute(name: &str) -> bool {
    ATTRIBUTES.contains(&name.to_uppercase().as_str())
}

/// Puts an attribute where it belongs.
pub(super) fn put_attribute(raw: &mut RawObservation, name: &str, value: &str) {
    let (upper, value) = (name.to_uppercase(), value.trim());
    match upper.as_str() {
        _ if value.is_empty() => {}
        "OBS_FLAG" | "OBS_STATUS" => add(&mut raw.status, "; ", value),
        // F is free.
        "CONF_STATUS" | "OBS_CONF" if value.eq_ignore_ascii_case("F") => {}
        "CONF_STATUS" | "OBS_CONF" => add(&mut raw.status, "; ", &format!("CONF_STATUS={value}")),
        "UNIT_MEASURE" | "UNIT" => raw.unit = format!("{value}{}", raw.unit),
        "UNIT_MULT" if value == "0" => {}
        "UNIT_MULT" => raw.unit = format!("{} ×10^{value}", raw.unit),
        formal if FORMAL.contains(&formal) => {}
        _ => add(&mut raw.note, " | ", &format!("{name}: {value}")),
    }
}

fn add(field: &mut Option<String>, between: &str, text: &str) {
    *field = Some(field.take().map_or(text.to_owned(), |before| format!("{before}{between}{text}")));
}

/// `ESTAT:EARN_SES_ANNUAL$DEFAULTVIEW(1.0)` is `EARN_SES_ANNUAL`.
pub(super) fn dataset_code(id: &str) -> &str {
    let id = id.rsplit(':').next().unwrap_or(id);
    id.split(['(', '$']).next().unwrap_or(id).trim()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Origin, SnapshotId, SourceId};

    #[test]
    fn attributes_become_status_unit_and_note_and_a_free_figure_has_no_mark() {
        let origin = Origin { source: SourceId::new("s").unwrap(), snapshot: SnapshotId(String::new()), record: 1 };
        let mut raw = RawObservation::at(origin);
        for (name, value) in [
            ("OBS_STATUS", "b"),
            ("CONF_STATUS", "F"),
            ("UNIT_MULT", "3"),
            ("UNIT_MEASURE", "PERS"),
            ("COMMENT_OBS", "new sample"),
        ] {
            put_attribute(&mut raw, name, value);
        }
        assert_eq!((raw.status.as_deref(), raw.unit.as_str()), (Some("b"), "PERS ×10^3"));
        assert_eq!(raw.note.as_deref(), Some("COMMENT_OBS: new sample"));
        put_attribute(&mut raw, "CONF_STATUS", "C");
        assert_eq!(raw.status.as_deref(), Some("b; CONF_STATUS=C"));
        assert_eq!(dataset_code("ESTAT:EARN_SES_ANNUAL$DEFAULTVIEW(1.0)"), "EARN_SES_ANNUAL");
    }
}
