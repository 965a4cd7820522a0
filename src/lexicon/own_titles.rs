//! How employers title the jobs of an occupation, beside its names: `data/training/titles.tsv`.

use crate::types::{Label, LabelKind, Lang, Occupation};
use rustc_hash::FxHashMap;

const TITLES: &str = include_str!("../../data/training/titles.tsv");
/// What `esco:` stands for in our files.
const ESCO: &str = "http://data.europa.eu/esco/occupation/";

/// `esco:<uuid>` in full.
pub(crate) fn occupation_uri(short: &str) -> String {
    short.strip_prefix("esco:").map_or_else(|| short.to_owned(), |id| format!("{ESCO}{id}"))
}

/// Lines of the file after its head: occupation, language, title.
fn rows() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    TITLES.lines().skip(1).filter_map(|line| {
        let (occupation, rest) = line.split_once('\t')?;
        let (lang, title) = rest.split_once('\t')?;
        Some((occupation, lang, title))
    })
}

/// Titles of each occupation, as hidden labels.
pub(crate) fn titles_of(occupations: &[Occupation]) -> Vec<Vec<Label>> {
    let mut titles = vec![Vec::new(); occupations.len()];
    let short = |o: &'_ Occupation| o.id.strip_prefix(ESCO).map_or_else(|| o.id.clone(), |id| format!("esco:{id}"));
    let at: FxHashMap<String, usize> = occupations.iter().map(short).zip(0..).collect();
    for (occupation, lang, title) in rows() {
        if let Some(own) = at.get(occupation).and_then(|at| titles.get_mut(*at)) {
            own.push(Label { text: title.to_owned(), lang: Lang::from_code(lang), kind: LabelKind::Hidden });
        }
    }
    titles
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_title_is_read_in_a_language_we_have() {
        let count = rows().filter(|(_, lang, title)| Lang::from_code(lang) != Lang::Und && !title.is_empty()).count();
        assert!(count > 10_000 && count == TITLES.lines().count() - 1, "{count}");
        let (first, _, _) = rows().next().unwrap();
        let occupation = |id: &str| Occupation {
            id: occupation_uri(id),
            isco: None,
            labels: Vec::new(),
            description: None,
            sectors: Vec::new(),
        };
        let titles = titles_of(&[occupation("urn:nothing"), occupation(first)]);
        assert!(titles[0].is_empty() && titles[1].len() > 3);
    }
}
