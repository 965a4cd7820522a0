//! Official figures in the CSV layout of the Spanish statistics office (INE): classification columns, `Periodo`, `Total`.

use crate::acquire::csv_file::CsvFile;
use crate::acquire::dimensions::{Dimension, Role};
use crate::acquire::labelled::Labelled;
use crate::acquire::rows::Rows;
use crate::acquire::{AcquireError, Input, Sink, StatisticsAsk};
use crate::types::{NumberStyle, RawObservation};
use std::io::BufRead;

/// Reads observations. The file does not say what it counts: `indicator` comes from the plan, and so does `unit` where
/// no column says it.
///
/// # Errors
/// When a column of the layout is absent or the file is no usable CSV.
pub fn read(
    input: &Input,
    body: &mut dyn BufRead,
    ask: StatisticsAsk<'_>,
    sink: Sink<'_, RawObservation>,
) -> Result<(), AcquireError> {
    let indicator = super::need(input, ask.indicator, "indicator")?;
    let mut csv = CsvFile::open(&input.file, body, &input.limits)?;
    csv.require("Periodo")?;
    let says_unit = csv.header().iter().any(|name| Dimension::of("", name).role == Role::Unit);
    let unit = if says_unit { "" } else { super::need(input, ask.unit, "unit")? };
    // "24.440" is 24,440: INE writes thousands with a point and decimals with a comma.
    let table = Labelled { value: &["Total"], flags: &[], numbers: NumberStyle::Comma, indicator, unit };
    table.read(input, &mut csv, sink)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::{Columns, Limits, Record};
    use crate::types::{SnapshotId, SourceId};

    #[test]
    fn the_unit_of_a_column_stands_alone_whatever_the_plan_says() {
        let text = "Sexo;Unidad;Periodo;Total\nAmbos sexos;Valor absoluto;2024T2;21.684,7\n\
            Ambos sexos;Porcentaje;2024T2;100,0\n";
        let (source, snapshot) = (SourceId::new("ine").unwrap(), SnapshotId("0".repeat(64)));
        let input = Input { source, snapshot, file: "65134.csv".to_owned(), limits: Limits::default(), before: 0 };
        let columns = Columns::default();
        for unit in [Some("thousand persons"), None] {
            let ask = StatisticsAsk { indicator: Some("Ocupados"), unit, ..StatisticsAsk::unaided(&columns) };
            let mut units = Vec::new();
            read(&input, &mut text.as_bytes(), ask, &mut |record| match record {
                Record::Kept(figure) => units.push(figure.unit),
                Record::Rejected(reject) => panic!("{reject:?}"),
            })
            .unwrap();
            assert_eq!(units, ["Valor absoluto", "Porcentaje"]);
        }
    }

    #[test]
    fn a_column_of_occupations_is_of_cno_11_and_its_codes_are_no_isco_08() {
        let text = "Sexo;Ocupación;Periodo;Total\nMujeres;27 Profesionales TIC;2026T1;61,25\n\
            Mujeres;2 Técnicos y profesionales;2026T1;1.204,5\n";
        let (source, snapshot) = (SourceId::new("ine").unwrap(), SnapshotId("0".repeat(64)));
        let input = Input { source, snapshot, file: "65134.csv".to_owned(), limits: Limits::default(), before: 0 };
        let columns = Columns::default();
        let (indicator, unit) = (Some("Ocupados"), Some("miles"));
        let ask = StatisticsAsk { indicator, unit, ..StatisticsAsk::unaided(&columns) };
        let mut kept = Vec::new();
        read(&input, &mut text.as_bytes(), ask, &mut |record| match record {
            Record::Kept(figure) => kept.push(figure),
            Record::Rejected(reject) => panic!("{reject:?}"),
        })
        .unwrap();
        assert!(kept.iter().all(|figure| figure.occupation.is_none()));
        let items: Vec<_> = kept.iter().flat_map(|figure| &figure.breakdown).collect();
        assert!(items.iter().all(|item| item.dimension == "Ocupación (CNO-11)"), "{items:?}");
        assert_eq!(items[0].item, "27 Profesionales TIC");
    }
}
