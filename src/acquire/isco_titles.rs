//! Occupation groups that a table names by title alone, to ISCO-08 codes. The titles are data: `data/reference/isco.csv`.

use crate::lexicon::normal::fold;
use std::collections::BTreeMap;
use std::sync::LazyLock;

static TITLES: LazyLock<BTreeMap<String, String>> =
    LazyLock::new(|| titles(include_str!("../../data/reference/isco.csv")));

/// The code of a major or sub-major group, given its title in any language of the table.
pub(super) fn code_of(title: &str) -> Option<&'static str> {
    TITLES.get(&plain(title)).map(String::as_str)
}

fn titles(table: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for row in csv::Reader::from_reader(table.as_bytes()).records().flatten() {
        let mut cells = row.iter();
        let code = cells.next().unwrap_or_default();
        for title in cells {
            found.entry(plain(title)).or_insert_with(|| code.to_owned());
        }
    }
    found
}

/// Letters and digits with single spaces; "&" is "and".
fn plain(title: &str) -> String {
    let folded = fold(&title.replace('&', " and "));
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_of_groups_lead_to_their_codes_whatever_the_case() {
        assert_eq!(code_of("Science and engineering professionals"), Some("21"));
        assert_eq!(code_of("CLERICAL SUPPORT WORKERS"), Some("4"));
        assert_eq!(code_of("المهن الأولية"), Some("9"));
        assert_eq!(code_of("Professionals and managers"), None);
    }
}
