//! How publishers of official statistics lay out their tables, and what a plan says about one.

use super::mapping::Columns;
use serde::{Deserialize, Serialize};

/// How a publisher lays out a table of figures. A plan names one (`layout`) where a file cannot be recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, clap::ValueEnum)]
#[value(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum StatisticsLayout {
    /// ILOSTAT, labels or codes.
    Ilostat,
    /// World Bank WDI, a year a column.
    Worldbank,
    /// World Bank JSON: `[meta, rows]`, or rows in an object.
    WorldbankJson,
    /// World Bank by the Humanitarian Data Exchange, a row a figure.
    WorldbankLong,
    /// Spain's INE, CSV of a table.
    IneCsv,
    /// Spain's INE, JSON of Tempus3.
    IneJson,
    /// PC-Axis (`.px`) of any office.
    PcAxis,
    /// SDMX-CSV: Eurostat, ILO.
    SdmxCsv,
    /// SDMX-ML: Eurostat, ILO.
    SdmxMl,
    /// Eurostat, TSV.
    EurostatTsv,
    /// Eurostat, CSV of an extraction (`TIME`, `GEO`, ..., `Value`).
    EurostatCsv,
    /// JSON-stat: Eurostat, Idescat and others.
    JsonStat,
    /// Idescat, CSV.
    IdescatCsv,
    /// Barcelona's registered unemployment by neighbourhood.
    Barcelona,
    /// Any table, its columns mapped in the plan.
    Table,
    /// ETF's KIESE workbook: every column of figures mapped in the plan or set aside by name.
    Kiese,
    /// Cedefop's downloads: skills intelligence, shortage, short-term and imbalance tables, the skills forecast.
    Cedefop,
    /// The template of this project for a ministry of labour.
    LabourMinistry,
    /// Tables of the Palestinian statistics office: workbooks, pages, CSV.
    Pcbs,
    /// Spain's employment service, registered unemployment or contracts by municipality.
    SepeMunicipal,
    /// Spain's employment service, a saved page of an occupation.
    SepeOccupation,
}

/// The sign between whole number and fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecimalSign {
    /// `1,234.5`
    Point,
    /// `1.234,5`
    Comma,
}

/// Columns that are periods, in a table with a column per period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PeriodColumns {
    /// `periods = ["2020", "2021"]`
    Named(Vec<String>),
    /// `periods = "20??"`: `?` stands for one character, `*` for any number of them.
    Pattern(String),
}

/// What the plan says about a file of statistics.
#[derive(Debug, Clone, Copy)]
pub struct StatisticsAsk<'a> {
    /// Layout; absent = recognised by content.
    pub layout: Option<StatisticsLayout>,
    /// Columns by our names, for layouts that are mapped.
    pub columns: &'a Columns,
    /// What is counted, where the file does not say.
    pub indicator: Option<&'a str>,
    /// Its unit, where the file does not say.
    pub unit: Option<&'a str>,
    /// The sign between whole number and fraction, where the file does not tell.
    pub numbers: Option<DecimalSign>,
    /// Columns that are periods.
    pub periods: Option<&'a PeriodColumns>,
    /// Columns and sheets to leave out, by name.
    pub ignore: &'a [String],
    /// The file may be one of several pages of a service, which are read together.
    pub paged: bool,
}

impl<'a> StatisticsAsk<'a> {
    /// Nothing but the columns is said: the file must tell the rest.
    pub fn unaided(columns: &'a Columns) -> Self {
        let (layout, indicator, unit, numbers, periods) = (None, None, None, None, None);
        Self { layout, columns, indicator, unit, numbers, periods, ignore: &[], paged: false }
    }
}
