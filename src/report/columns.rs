//! What the columns of the published tables are called and mean, from a catalogue per language.

use super::ReportError;
use super::per_language::PerLanguage;
use crate::types::Lang;
use serde::Deserialize;
use std::collections::BTreeMap;

const CATALOGUES: [(Lang, &str, &str); 4] = [
    (Lang::En, "messages/en/columns.toml", include_str!("../../data/reference/messages/en/columns.toml")),
    (Lang::Es, "messages/es/columns.toml", include_str!("../../data/reference/messages/es/columns.toml")),
    (Lang::Ca, "messages/ca/columns.toml", include_str!("../../data/reference/messages/ca/columns.toml")),
    (Lang::Ar, "messages/ar/columns.toml", include_str!("../../data/reference/messages/ar/columns.toml")),
];

/// One column.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Head in a workbook.
    pub label: String,
    /// Meaning.
    pub description: String,
    /// Unit, where there is one.
    pub unit: Option<String>,
}

/// All columns in one language.
#[derive(Debug)]
pub struct Columns(BTreeMap<String, Column>);

impl Columns {
    /// For a reader of `language`; English where there is no catalogue. Every catalogue is read once.
    ///
    /// # Errors
    /// When a catalogue compiled in does not parse.
    pub fn of(language: Lang) -> Result<&'static Self, ReportError> {
        static READ: PerLanguage<Columns> = PerLanguage::new();
        READ.get(language, |served| {
            let [english, ..] = CATALOGUES;
            let (_, file, content) = CATALOGUES.into_iter().find(|c| c.0 == served).unwrap_or(english);
            toml::from_str(content)
                .map(Self)
                .map_err(|e: toml::de::Error| ReportError::Catalogue { file, detail: e.to_string() })
        })
    }

    /// A column of a table: its own description before that of all columns of the name.
    pub fn get(&self, table: &str, name: &str) -> Option<&Column> {
        self.0.get(&format!("{table}.{name}")).or_else(|| self.0.get(name))
    }

    /// Keys of the catalogue.
    #[cfg(test)]
    pub fn keys(&self) -> impl Iterator<Item = &String> {
        self.0.keys()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_describes_the_same_columns_and_gives_units_to_the_same() {
        let english = Columns::of(Lang::En).unwrap();
        for language in Lang::ALL {
            let columns = Columns::of(language).unwrap();
            assert!(columns.keys().eq(english.keys()), "{language:?}");
            for (key, column) in &columns.0 {
                assert_eq!(column.unit.is_some(), english.0[key].unit.is_some(), "{language:?} {key}");
                let same = column.description == english.0[key].description;
                assert_eq!(same, language == Lang::En, "{language:?} {key} is not translated");
            }
        }
    }
}
