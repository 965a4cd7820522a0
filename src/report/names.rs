//! Names of areas and occupation groups, from the reference tables compiled in.

use super::per_language::PerLanguage;
use crate::types::Lang;
use std::collections::BTreeMap;

const AREAS: &str = include_str!("../../data/reference/areas.csv");
const ISCO: &str = include_str!("../../data/reference/isco.csv");

/// Code -> name in one language.
#[derive(Debug, Default)]
pub struct Names {
    areas: BTreeMap<String, String>,
    groups: BTreeMap<String, String>,
}

impl Names {
    /// Names for a reader of `language`, read once; English where it has none.
    pub fn of(language: Lang) -> &'static Self {
        static READ: PerLanguage<Names> = PerLanguage::new();
        let read = |served| Ok(Self { areas: column(AREAS, served), groups: column(ISCO, served) });
        let Ok(names) = READ.get(language, read) as Result<_, std::convert::Infallible>;
        names
    }

    /// Name of an area; the code when unknown to us.
    pub fn area<'a>(&'a self, code: &'a str) -> &'a str {
        self.areas.get(code).map_or(code, String::as_str)
    }

    /// Name of an ISCO-08 group; the code when unknown to us.
    pub fn group<'a>(&'a self, code: &'a str) -> &'a str {
        self.groups.get(code).map_or(code, String::as_str)
    }
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
    }
}
