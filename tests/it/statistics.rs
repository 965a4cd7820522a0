//! Every real file of official statistics, where they are at hand: read to the last row, with counts and figures that
//! another program took out of the same files.

use crate::support::root;
use skillgap::acquire::{Columns, Input, Limits, Record, StatisticsAsk, StatisticsLayout, read_statistics};
use skillgap::clean::{Areas, ObservationContext, observation};
use skillgap::types::{Observation, ObservationQuality, RejectReason, SnapshotId, SourceId};
use std::path::PathBuf;

fn statistics() -> Option<PathBuf> {
    let folder = root().parent()?.join("shared/data/statistics");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var_os("REQUIRE_SHARED").is_none(), "REQUIRE_SHARED is set, but {} is absent", folder.display());
    eprintln!("skipped: {} is absent", folder.display());
    None
}

#[derive(Default)]
struct Found {
    layout: Option<StatisticsLayout>,
    read: usize,
    kept: Vec<Observation>,
    rejects: Vec<(RejectReason, String)>,
}

impl Found {
    fn count(&self, quality: ObservationQuality) -> usize {
        self.kept.iter().filter(|o| o.quality == quality).count()
    }
}

/// Reads and cleans a file with what a plan would say about it.
fn read(file: &str, area: &str, indicator: &str) -> Option<Result<Found, String>> {
    let path = statistics()?.join(file);
    let (source, snapshot) = (SourceId::new("office").unwrap(), SnapshotId("0".repeat(64)));
    let input = Input { source, snapshot, file: file.to_owned(), limits: Limits::default(), before: 0 };
    let columns = Columns::default();
    let said = Some(indicator).filter(|said| !said.is_empty());
    let unit = said.map(|_| "thousands");
    let ask = StatisticsAsk { indicator: said, unit, ..StatisticsAsk::unaided(&columns) };
    let mut found = Found::default();
    let context = ObservationContext { areas: Areas::built_in(), home: Some(area).filter(|area| !area.is_empty()) };
    let layout = read_statistics(&path, &input, ask, &mut |record| {
        found.read += 1;
        match record {
            Record::Kept(raw) => match observation(&raw, &context) {
                Ok(kept) => found.kept.push(kept),
                Err(reject) => found.rejects.push((reject.reason, reject.detail)),
            },
            Record::Rejected(reject) => found.rejects.push((reject.reason, reject.detail)),
        }
    });
    found.layout = layout.as_ref().ok().copied().flatten();
    Some(layout.map(|_| found).map_err(|e| e.to_string()))
}

/// File, area and indicator of the plan; layout; rows or cells, those of them without a figure, and those rejected.
type Expected = (&'static str, &'static str, &'static str, StatisticsLayout, usize, usize, usize);

use StatisticsLayout::{
    Barcelona, EurostatCsv, Ilostat, IneCsv, JsonStat, PcAxis, SdmxCsv, SdmxMl, Worldbank, WorldbankJson,
};

const FILES: &[Expected] = &[
    ("catalunya/bcn_unemployment.csv", "", "", Barcelona, 14_208, 0, 0),
    ("eurostat/2021_extraction_activity_rates.csv", "", "Activity rate", EurostatCsv, 133, 1, 0),
    ("eurostat/2021_extraction_employment_rates.csv", "", "Employment rate", EurostatCsv, 133, 1, 0),
    ("eurostat/2021_extraction_temporal_rates.csv", "", "Temporary", EurostatCsv, 133, 1, 0),
    ("eurostat/2021_extraction_unemployment_rates.csv", "", "Unemployment rate", EurostatCsv, 133, 1, 0),
    ("eurostat/sdmx_csv_EARN_SES_ANNUAL.csv", "", "", SdmxCsv, 194, 0, 0),
    ("ilostat/EMP_NIFL_SEX_RT_A-20240726T0000.csv.gz", "", "", Ilostat, 3_559, 0, 0),
    ("ilostat/EMP_TEMP_SEX_INS_NB_A-20240725T0039.csv.gz", "", "", Ilostat, 15_839, 0, 0),
    ("ine_epa/Ocupados.csv.gz", "", "Employed", IneCsv, 38_220, 277, 0),
    ("ine_epa/Parados.csv.gz", "", "Unemployed", IneCsv, 38_220, 272, 0),
    ("ine_px/02002-2.px", "ES", "", PcAxis, 936, 0, 0),
    ("ine_px/02002.px", "ES", "", PcAxis, 1_365, 0, 0),
    ("ine_px/04002-2.px", "ES", "", PcAxis, 936, 0, 0),
    ("ine_px/04002.px", "ES", "", PcAxis, 1_365, 0, 0),
    ("ine_px/4050.px", "ES", "", PcAxis, 3_003, 0, 0),
    ("ine_px/4086.px", "ES", "", PcAxis, 3_003, 0, 0),
    ("ine_px/Activos_totales.px", "ES", "", PcAxis, 6_006, 0, 0),
    ("ine_px/Evolucion_pib.px", "ES", "", PcAxis, 105, 4, 0),
    ("ine_px/IPC.px", "ES", "", PcAxis, 12_064, 0, 0),
    ("ine_px/Inactivos.px", "ES", "", PcAxis, 6_006, 0, 0),
    ("ine_px/Ocupaos_x_secor.px", "ES", "", PcAxis, 265, 0, 0),
    ("ine_px/PUBLICO_VS_PRIVADO.PX", "ES", "", PcAxis, 6_930, 10, 0),
    ("ine_px/ocupados_rama_actividad.px", "ES", "", PcAxis, 34_980, 2_786, 0),
    ("ine_px/ocupados_totales.px", "ES", "", PcAxis, 6_006, 0, 0),
    ("ine_px/tipo_contrato_y_jornada.px", "ES", "", PcAxis, 5_544, 2_079, 0),
    ("jsonstat/dataset_unemployment_v1.json", "", "", JsonStat, 12, 0, 0),
    ("jsonstat/eurostat-name_gpd_c-geo_IT_FR.json", "", "", JsonStat, 138, 74, 0),
    ("jsonstat/eurostat-name_gpd_c.json", "", "", JsonStat, 3_036, 1_902, 0),
    ("jsonstat/galicia.json", "ES11", "", JsonStat, 3_960, 4, 0),
    ("jsonstat/oecd.json", "", "", JsonStat, 432, 0, 0),
    ("jsonstat/pyjstat_cantabria.json", "ES13", "", JsonStat, 5_400, 1_195, 0),
    ("jsonstat/pyjstat_galicia-2.0.json", "ES11", "", JsonStat, 3_960, 4, 0),
    // England and Wales, and counties of the United States, are no areas of ours.
    ("jsonstat/pyjstat_ons.json", "", "", JsonStat, 261, 0, 261),
    ("jsonstat/us-labor.json", "", "", JsonStat, 12_880, 0, 12_880),
    ("sdmx/ESTAT_NAMA_10_GDP-ss.xml", "", "", SdmxMl, 4, 0, 0),
    ("sdmx/ESTAT_demography-xs.xml", "", "", SdmxMl, 60, 5, 0),
    ("worldbank/API_NY.GDP.PCAP.CD_DS2_en_csv_v2_1887433.csv", "", "", Worldbank, 17_024, 3_039, 0),
    ("worldbank/hdx_wb_health_pse.json", "", "", WorldbankJson, 6_822, 0, 0),
    ("worldbank/pse_se_adt_litr_zs.json", "", "", WorldbankJson, 14, 0, 0),
    ("worldbank/pse_se_ter_enrr.json", "", "", WorldbankJson, 14, 0, 0),
    ("worldbank/pse_sl_tlf_cact_fe_zs.json", "", "", WorldbankJson, 13, 0, 0),
    ("worldbank/pse_sl_tlf_cact_ma_zs.json", "", "", WorldbankJson, 13, 0, 0),
    ("worldbank/pse_sl_tlf_cact_zs.json", "", "", WorldbankJson, 13, 0, 0),
    ("worldbank/pse_sl_uem_totl_fe_zs.json", "", "", WorldbankJson, 13, 0, 0),
    ("worldbank/pse_sl_uem_totl_ma_zs.json", "", "", WorldbankJson, 13, 0, 0),
    ("worldbank/pse_sl_uem_totl_zs.json", "", "", WorldbankJson, 13, 0, 0),
];

#[test]
fn every_file_of_official_statistics_is_read_to_the_last_row_and_counted() {
    let mut wrong = Vec::new();
    for (file, area, indicator, layout, rows, missing, rejected) in FILES {
        let Some(outcome) = read(file, area, indicator) else { return };
        let found = match outcome {
            Ok(found) => found,
            Err(said) => {
                wrong.push(format!("{file}: refused: {said}"));
                continue;
            }
        };
        let (kept, without) = (found.kept.len(), found.count(ObservationQuality::Missing));
        println!("{file} {:?} {} {kept} {without} {}", found.layout, found.read, found.rejects.len());
        let as_counted = (found.layout, found.read, without, found.rejects.len());
        if as_counted != (Some(*layout), *rows, *missing, *rejected) || found.read != kept + found.rejects.len() {
            let mut reasons: Vec<&str> = found.rejects.iter().map(|(_, detail)| detail.as_str()).collect();
            reasons.sort_unstable();
            reasons.dedup();
            reasons.truncate(12);
            wrong.push(format!("{file}: {as_counted:?}, kept {kept}, rejects {reasons:?}"));
        }
        for (reason, detail) in &found.rejects {
            assert!(*reason == RejectReason::BadValue && detail.contains("column area"), "{file}: {detail}");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// One figure: its file, then what it is about.
struct Cell {
    file: &'static str,
    area: &'static str,
    period: &'static str,
    /// Sex, age, sector and further items, each as published.
    items: &'static [&'static str],
    value: f64,
}

#[rustfmt::skip]
const CELLS: &[Cell] = &[
    Cell { file: "ine_px/4086.px", area: "ES", period: "2013-Q1", items: &["Mujeres", "De 20 a 24 años"], value: 51.02 },
    Cell { file: "ine_px/02002-2.px", area: "ES", period: "1998-Q3", items: &["mujeres", "de 25 a 29"], value: 74.81 },
    Cell { file: "ine_px/Activos_totales.px", area: "ES", period: "2020-Q1", items: &["Hombres", "De 25 a 29 años", "Porcentaje (Miles Personas, %)"], value: 8.9 },
    Cell { file: "jsonstat/oecd.json", area: "ES", period: "2012", items: &[], value: 25.047_734_98 },
    Cell { file: "jsonstat/galicia.json", area: "ES114", period: "2011", items: &["female", "25-29", "abroad"], value: 3_670.0 },
    Cell { file: "jsonstat/pyjstat_cantabria.json", area: "ES13", period: "2013-Q2", items: &["Mujeres", "De 20 a 24 años", "Población de 16 y más años por relación con la actividad económica, sexo y grupo de edad: Parados"], value: 3.1 },
    Cell { file: "jsonstat/eurostat-name_gpd_c.json", area: "GR", period: "2010", items: &[], value: 19_900.0 },
    Cell { file: "eurostat/sdmx_csv_EARN_SES_ANNUAL.csv", area: "ES", period: "2022", items: &["Full-time"], value: 32_814.0 },
    Cell { file: "eurostat/2021_extraction_unemployment_rates.csv", area: "ES", period: "2013", items: &["From 15 to 64 years"], value: 26.2 },
    Cell { file: "ine_epa/Ocupados.csv.gz", area: "ES51", period: "2020-Q2", items: &["Mujeres"], value: 1_526.0 },
    Cell { file: "ine_epa/Ocupados.csv.gz", area: "ES", period: "2024-Q2", items: &[], value: 21_684.7 },
    Cell { file: "ilostat/EMP_TEMP_SEX_INS_NB_A-20240725T0039.csv.gz", area: "PS", period: "2022", items: &["Sex: Female", "Public"], value: 67.341 },
    Cell { file: "sdmx/ESTAT_NAMA_10_GDP-ss.xml", area: "LU", period: "2014", items: &["CP_MEUR"], value: 51_791.3 },
    Cell { file: "sdmx/ESTAT_demography-xs.xml", area: "GR", period: "2009", items: &["M", "DEMOGRAPHY: DEATHST"], value: 57_015.0 },
    Cell { file: "worldbank/pse_sl_uem_totl_zs.json", area: "PS", period: "2020", items: &[], value: 25.895 },
    Cell { file: "catalunya/bcn_unemployment.csv", area: "ES511-08019", period: "2016-05", items: &["Female", "Horta", "Unemployment demand"], value: 169.0 },
];

/// Everything a figure is about but its area and period.
fn items(o: &Observation) -> Vec<&str> {
    let own = [o.sex.as_deref(), o.age.as_deref(), o.sector.as_deref(), Some(o.unit.as_str()), Some(&o.indicator)];
    own.into_iter().flatten().chain(o.breakdown.iter().map(|b| b.item.as_str())).collect()
}

#[test]
fn single_figures_are_those_that_another_program_finds_at_the_same_place() {
    for cell in CELLS {
        let plan = FILES.iter().find(|(file, ..)| *file == cell.file).unwrap();
        let Some(found) = read(plan.0, plan.1, plan.2) else { return };
        let found = found.unwrap();
        // The figure with fewest items beyond those asked for: totals have none.
        let fits = |o: &&Observation| {
            let about = items(o);
            o.area.0 == cell.area && o.period.to_string() == cell.period && cell.items.iter().all(|i| about.contains(i))
        };
        let best = found.kept.iter().filter(fits).min_by_key(|o| items(o).len());
        let value = best.unwrap_or_else(|| panic!("{}: nothing for {:?}", cell.file, cell.items)).value;
        assert_eq!(value, Some(cell.value), "{} {:?}", cell.file, best);
    }
}

#[test]
fn marks_of_breaks_and_reliability_are_counted_as_in_the_files_and_what_is_withheld_for_them_is_not_missing() {
    let counts = |file: &str| {
        let found = read(file, "", "")?.unwrap();
        use ObservationQuality::{BreakInSeries, LowReliability, Suppressed};
        Some([BreakInSeries, LowReliability, Suppressed].map(|quality| found.count(quality)))
    };
    let Some(sector) = counts("ilostat/EMP_TEMP_SEX_INS_NB_A-20240725T0039.csv.gz") else { return };
    // 31 rows are marked unreliable; 12 of them have no figure.
    assert_eq!(sector, [1_788, 19, 12]);
    assert_eq!(counts("ilostat/EMP_NIFL_SEX_RT_A-20240726T0000.csv.gz"), Some([369, 20, 1]));
    assert_eq!(counts("jsonstat/eurostat-name_gpd_c.json"), Some([20, 0, 0]));
}

#[test]
fn a_page_of_html_under_the_name_of_a_table_is_refused_in_words() {
    let Some(outcome) = read("jsonstat/cso_ie-NQQ25.json", "", "") else { return };
    let said = outcome.err().unwrap();
    assert!(said.contains("is an HTML or XML page") && said.contains("<!DOCTYPE html"), "{said}");
}
