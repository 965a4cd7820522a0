//! What the dimensions of a table of figures stand for, by their codes and by their names in four languages.

use super::periods::period_of;
use crate::types::{Breakdown, RawObservation};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What a dimension stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Area,
    Time,
    Sex,
    Age,
    Occupation,
    Sector,
    Unit,
    Indicator,
    /// Yearly, quarterly: the period says it too.
    Frequency,
    Other,
}

/// A dimension of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dimension {
    /// Its name as published.
    pub(super) name: String,
    pub(super) role: Role,
}

impl Dimension {
    /// By its code and its name, either of which may be empty.
    pub(super) fn of(code: &str, name: &str) -> Self {
        let role = [code, name].into_iter().map(role).find(|role| *role != Role::Other).unwrap_or(Role::Other);
        let name = if name.trim().is_empty() { code } else { name };
        Self { name: name.trim().to_owned(), role }
    }

    /// `2005 - 3` of a dimension of quarters is a quarter, not March.
    fn period(&self, item: &str) -> String {
        let quarters = ["trimestre", "trimester", "quarter", "الربع"];
        let parted = item.split_once('-').map(|(year, part)| (year.trim(), part.trim()));
        match parted {
            Some((year, part @ ("1" | "2" | "3" | "4"))) if quarters.contains(&plain(&self.name).as_str()) => {
                format!("{year}Q{part}")
            }
            _ => item.to_owned(),
        }
    }

    /// Puts an item of this dimension where it belongs; items that stand for all are left out. Code and label may each
    /// be empty.
    pub(super) fn put(&self, raw: &mut RawObservation, code: &str, label: &str) {
        let (code, label) = (code.trim(), label.trim());
        let named = if label.is_empty() { code } else { label };
        if named.is_empty() {
            return;
        }
        let part = (!is_total(code)).then(|| named.to_owned());
        match self.role {
            Role::Area => {
                raw.area = if code.is_empty() { label } else { code }.to_owned();
                raw.area_name = Some(label).filter(|l| !l.is_empty() && *l != code).map(str::to_owned);
            }
            Role::Time => {
                let period = || self.period(if holds_year(code) { code } else { named });
                raw.period = quarter_named(code, label).unwrap_or_else(period);
            }
            Role::Sex => raw.sex = part,
            Role::Age => raw.age = part,
            Role::Occupation => raw.occupation = part.map(|part| if is_group(code) { code.to_owned() } else { part }),
            Role::Sector => raw.sector = part.map(|part| with_code(code, &part)),
            Role::Unit => raw.unit = unit_within(named, &raw.unit),
            Role::Indicator if raw.indicator.is_empty() => named.clone_into(&mut raw.indicator),
            Role::Indicator if raw.indicator != named => raw.indicator = format!("{}: {named}", raw.indicator),
            Role::Indicator | Role::Frequency => {}
            Role::Other => {
                raw.breakdown.extend(part.map(|item| Breakdown { dimension: self.name.clone(), item }));
            }
        }
    }
}

/// Leaves the first dimension of each role its role: of two places the second says no more where the figure belongs.
pub(super) fn settle(dimensions: &mut [Dimension]) {
    let mut seen = Vec::new();
    for dimension in dimensions {
        if matches!(dimension.role, Role::Other | Role::Indicator) {
            continue;
        }
        if seen.contains(&dimension.role) {
            dimension.role = Role::Other;
        }
        seen.push(dimension.role);
    }
}

/// `Valor absoluto` of a table in `Miles Personas, %`: both are needed to read the figure.
fn unit_within(item: &str, table: &str) -> String {
    if table.is_empty() || table == item { item.to_owned() } else { format!("{item} ({table})") }
}

/// `T`, `TOTAL`, `_T`.
fn is_total(code: &str) -> bool {
    ["T", "_T", "TOT", "TOTAL"].iter().any(|total| code.eq_ignore_ascii_case(total))
}

fn holds_year(code: &str) -> bool {
    let starts = |text: &str| (text.starts_with("19") || text.starts_with("20")) && text.len() >= 4;
    starts(code) && code.bytes().take(4).all(|b| b.is_ascii_digit())
}

/// `20241` named `1r trimestre 2024` is a quarter; alone, its code might be a month.
fn quarter_named(code: &str, label: &str) -> Option<String> {
    let is_open = code.len() > 4 && code.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let named = || period_of(label, None).filter(|period| period.contains("-Q"));
    is_open.then(named).flatten()
}

/// `25`, `OC25`, `OC1-3`, `OCU_ISCO08_25`: the code of an occupation group.
fn is_group(code: &str) -> bool {
    let tail = code.rsplit('_').next().unwrap_or_default();
    let tail = tail.strip_prefix("OC").unwrap_or(tail);
    !tail.is_empty() && tail.len() <= 7 && tail.bytes().all(|b| b.is_ascii_digit() || b"-OC".contains(&b))
}

/// Codes of industries are better known than their labels.
fn with_code(code: &str, label: &str) -> String {
    if code.is_empty() || label.starts_with(code) { label.to_owned() } else { format!("{code} {label}") }
}

/// Lower case without accents, words parted by single spaces.
pub(super) fn plain(name: &str) -> String {
    let letters = name.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    let spaced: String = letters.map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

const AREA: &[&str] = &[
    "geo",
    "geopolitical",
    "geographical",
    "geography",
    "area",
    "country",
    "countries",
    "region",
    "regions",
    "governorate",
    "territory",
    "location",
    "province",
    "county",
    "comunidades",
    "comunidad",
    "ccaa",
    "comunitat",
    "comunitats",
    "provincias",
    "provincia",
    "provincies",
    "municipios",
    "municipio",
    "municipi",
    "municipis",
    "comarca",
    "comarques",
    "pais",
    "paises",
    "paisos",
    "territorio",
    "territori",
    "nacional",
    "المنطقه",
    "المنطقة",
    "المحافظة",
    "الدولة",
    "البلد",
];
const TIME: &[&str] = &[
    "time",
    "time period",
    "period",
    "periodo",
    "periode",
    "year",
    "years",
    "ano",
    "any",
    "trimestre",
    "trimester",
    "quarter",
    "month",
    "mes",
    "السنة",
    "الفترة",
    "الشهر",
    "الربع",
];
const SEX: &[&str] = &["sex", "sexo", "sexe", "gender", "genero", "الجنس"];
const AGE: &[&str] = &["age", "edad", "edades", "edat", "edats", "العمر", "العمرية"];
/// `OCU` and `ECO` are those of the ILO.
const OCCUPATION: &[&str] = &[
    "isco08",
    "isco",
    "ocu",
    "occupation",
    "occupations",
    "ocupacion",
    "ocupaciones",
    "ocupacio",
    "ocupacions",
    "المهنة",
];
/// Other classifications of occupations: their codes are no ISCO-08 codes.
const OTHER_OCCUPATION: &[&str] = &["isco88", "88", "cno", "cno11", "cno94", "cco", "cco11", "soc"];
const SECTOR: &[&str] = &["nace", "cnae", "ccae", "isic", "industry"];
const SECTOR_NAMES: &[&str] = &[
    "sector",
    "eco",
    "economic activity",
    "economic sector",
    "sector economico",
    "sector economic",
    "rama de actividad",
    "actividad economica",
    "activitat economica",
    "النشاط الاقتصادي",
];
const UNIT: &[&str] = &["unit", "units", "unidad", "unidades", "unitat", "unitats", "وحدة"];
const INDICATOR: &[&str] = &["indic", "indicator", "concept", "variables", "variable", "measure", "measures", "demo"];
const FREQUENCY: &[&str] = &["freq", "frequency", "time frequency", "frecuencia", "frequencia"];
/// Places, ages and industries of something else than the figure.
const OF_OTHERS: &[&str] =
    &["birth", "nacimiento", "naixement", "citizen", "citizenship", "nationality", "nacionalidad", "nacionalitat"];

fn role(name: &str) -> Role {
    let name = plain(name);
    let words: Vec<&str> = name.split(' ').collect();
    let first = words.first().copied().unwrap_or_default();
    let any = |list: &[&str]| words.iter().any(|word| list.contains(word));
    let begins = |list: &[&str]| list.iter().any(|start| words.iter().any(|word| word.starts_with(start)));
    match () {
        () if any(OF_OTHERS) => Role::Other,
        () if FREQUENCY.contains(&name.as_str()) => Role::Frequency,
        () if TIME.contains(&name.as_str()) => Role::Time,
        () if any(OCCUPATION) && !any(OTHER_OCCUPATION) => Role::Occupation,
        () if any(OCCUPATION) => Role::Other,
        () if begins(SECTOR) || SECTOR_NAMES.contains(&name.as_str()) => Role::Sector,
        () if SEX.contains(&first) => Role::Sex,
        () if any(AGE) => Role::Age,
        () if UNIT.contains(&first) => Role::Unit,
        () if INDICATOR.contains(&first) || name.starts_with("na item") => Role::Indicator,
        () if any(AREA) => Role::Area,
        () => Role::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_that_is_named_is_no_month_whatever_its_code() {
        let origin = crate::types::Origin {
            source: crate::types::SourceId::new("s").unwrap(),
            snapshot: crate::types::SnapshotId(String::new()),
            record: 1,
        };
        let mut raw = RawObservation::at(origin);
        for (code, label, period) in [
            ("20241", "1r trimestre 2024", "2024-Q1"),
            ("20242", "2n trimestre de 2024", "2024-Q2"),
            ("202403", "març 2024", "202403"),
            ("2024", "any 2024", "2024"),
            ("2026T1", "2026T1", "2026T1"),
        ] {
            Dimension::of("TIME", "trimestre").put(&mut raw, code, label);
            assert_eq!(raw.period, period, "{code} {label}");
        }
    }

    #[test]
    fn dimensions_are_known_by_code_or_by_name_in_four_languages() {
        use Role::{Age, Area, Frequency, Indicator, Occupation, Other, Sector, Sex, Time, Unit};
        for (code, name, role) in [
            ("geo", "Geopolitical entity (reporting)", Area),
            ("", "Comunidades y Ciudades Autónomas", Area),
            ("COM", "comarca", Area),
            ("", "المحافظة", Area),
            ("2011CMLADH", "2011 Census merged local authority district hierarchy", Other),
            ("", "place of birth", Other),
            ("TIME_PERIOD", "Time", Time),
            ("worktime", "Working time", Other),
            ("", "Año", Time),
            ("CL_0000035", "Sex (T003A)", Sex),
            ("", "Grupos de edad  (años)", Age),
            ("isco08", "International Standard Classification of Occupations 2008 (ISCO-08)", Occupation),
            ("", "Ocupación (CNO-11)", Other),
            ("nace_r21", "", Sector),
            ("", "Rama de actividad CNAE 2009", Sector),
            ("", "Sector económico", Sector),
            ("", "Tipo de sector", Other),
            ("unit", "", Unit),
            ("indic_se", "Structure of earnings indicator", Indicator),
            ("freq", "Time frequency", Frequency),
            ("OCU", "", Occupation),
            ("ECO", "", Sector),
            ("", "Relación con la actividad económica", Other),
        ] {
            assert_eq!(Dimension::of(code, name).role, role, "{code} {name}");
        }
    }
}
