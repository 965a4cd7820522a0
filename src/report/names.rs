//! Names of areas, occupation groups and official statistics, from the reference tables compiled in.

use super::per_language::PerLanguage;
use crate::types::Lang;
use std::collections::BTreeMap;

const AREAS: &str = include_str!("../../data/reference/areas.csv");
const ISCO: &str = include_str!("../../data/reference/isco.csv");
const OFFICIAL: &str = include_str!("../../data/reference/official_names.csv");

/// Code -> name in one language.
#[derive(Debug, Default)]
pub struct Names {
    areas: BTreeMap<String, String>,
    levels: BTreeMap<String, u8>,
    groups: BTreeMap<String, String>,
    official: BTreeMap<String, String>,
}

impl Names {
    /// Names for a reader of `language`, read once; English where it has none.
    pub fn of(language: Lang) -> &'static Self {
        static READ: PerLanguage<Names> = PerLanguage::new();
        let read = |served| {
            let (areas, groups, official) = (column(AREAS, served), column(ISCO, served), column(OFFICIAL, served));
            Ok(Self { areas, levels: levels(), groups, official })
        };
        let Ok(names) = READ.get(language, read) as Result<_, std::convert::Infallible>;
        names
    }

    /// Name of an area; the code when unknown to us.
    pub fn area<'a>(&'a self, code: &'a str) -> &'a str {
        self.areas.get(code).map_or(code, String::as_str)
    }

    /// How deep an area lies: areas of one level do not hold each other. Areas unknown to us have a level of their own.
    pub fn area_level(&self, code: &str) -> u8 {
        self.levels.get(code).copied().unwrap_or(u8::MAX)
    }

    /// Name of an ISCO-08 group; the code when unknown to us.
    pub fn group<'a>(&'a self, code: &'a str) -> &'a str {
        self.groups.get(code).map_or(code, String::as_str)
    }

    /// Our words for an indicator, a unit or an item of official statistics, where we have some.
    pub fn official(&self, as_published: &str) -> Option<&str> {
        self.official.get(as_published).map(String::as_str)
    }

    /// Who publishes what a source holds, told by the first word of its id: `ilostat-employment`.
    pub fn publisher(&self, source: &str) -> Option<&str> {
        let word = source.split(['-', '_']).next().unwrap_or(source);
        self.official(&format!("source:{word}"))
    }
}

/// Area -> level, from what kind of area it is.
fn levels() -> BTreeMap<String, u8> {
    let level = |kind: &str| match kind {
        "aggregate" => 0,
        "country" | "state" => 1,
        "nuts1" => 2,
        "region" | "territory" => 3,
        "province" | "governorate" => 4,
        _ => 5,
    };
    let mut reader = csv::Reader::from_reader(AREAS.as_bytes());
    let rows = reader.records().flatten();
    rows.filter_map(|row| Some((row.get(0)?.to_owned(), level(row.get(1)?)))).collect()
}

fn column(table: &str, language: Lang) -> BTreeMap<String, String> {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let headers = reader.headers().cloned().unwrap_or_default();
    let position = |name: &str| headers.iter().position(|h| h == name);
    let wanted = position(&format!("label_{}", language.code()));
    let english = position("label_en");
    let mut names = BTreeMap::new();
    for record in reader.records().flatten() {
        let cell = |at: Option<usize>| at.and_then(|i| record.get(i)).filter(|t| !t.is_empty());
        if let (Some(code), Some(name)) = (record.get(0), cell(wanted).or_else(|| cell(english))) {
            names.insert(code.to_owned(), name.to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_and_groups_have_names_and_unknown_codes_stay_themselves() {
        let names = Names::of(Lang::Ar);
        assert_eq!(names.area("PS"), "فلسطين");
        assert_eq!(Names::of(Lang::Und).area("PS"), "Palestine");
        assert_eq!(names.area("XX9"), "XX9");
        assert_eq!(Names::of(Lang::En).group("2"), "Professionals");
        let levels = ["ES", "ES51", "ES511", "PSE-RBH", "XX9"].map(|area| names.area_level(area));
        assert_eq!(levels, [1, 3, 4, 4, u8::MAX]);
    }

    #[test]
    fn codes_of_official_statistics_have_words_and_sources_a_publisher() {
        let names = Names::of(Lang::Ca);
        assert_eq!(names.official("NY.GDP.PCAP.CD"), Some("PIB per càpita"));
        assert_eq!(names.official("thousand persons"), Some("milers de persones"));
        assert_eq!(names.official("XX.YY"), None);
        let publishers = ["ine-employed", "worldbank_gdp", "ilostat", "inert"].map(|id| names.publisher(id));
        assert_eq!(publishers, [Some("INE"), Some("Banc Mundial"), Some("ILOSTAT"), None]);
    }
}
