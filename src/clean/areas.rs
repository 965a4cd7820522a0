//! Place names to area codes. Several countries' names for one place resolve to the same code, and the most specific
//! area named wins. The table is data: `data/reference/areas.csv`.
//!
//! Two questions are asked of it. [`Areas::resolve`] finds the area a posting's free text lies in; a town leads to its
//! province. [`Areas::published`] finds the area a published figure is about; a town's figure is not its province's.

use super::fold::folded;
use crate::types::AreaCode;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

const BUILT_IN: &str = include_str!("../../data/reference/areas.csv");
/// Words of the longest name looked for inside a longer text.
const MOST_WORDS: usize = 6;

/// The areas table does not have the layout this version reads.
#[derive(Debug, thiserror::Error)]
#[error(
    "areas table, row {row}: {detail}; expected \
     code,kind,parent,label_en,label_es,label_ca,label_ar,aliases,codes,places"
)]
pub struct AreasError {
    /// One-based data row.
    pub row: usize,
    /// What does not fit.
    pub detail: String,
}

#[derive(Debug, Clone)]
struct Area {
    code: String,
    parent: Option<String>,
    /// Whether its names are looked for inside a longer text.
    inside: bool,
}

type Names = FxHashMap<String, Vec<Area>>;

/// Look-up from names, in any of the table's languages, to codes.
#[derive(Debug, Clone, Default)]
pub struct Areas {
    /// Names a posting may use, with the towns of an area.
    by_name: Names,
    /// Names a statistics office uses.
    published: Names,
    /// Codes of every classification, as spelt.
    by_code: FxHashMap<String, String>,
    parents: FxHashMap<String, String>,
}

static TABLE: LazyLock<Areas> = LazyLock::new(|| Areas::parse(BUILT_IN).unwrap_or_default());

impl Areas {
    /// The table that comes with the program.
    pub fn built_in() -> &'static Areas {
        &TABLE
    }

    /// Reads a table of the same layout.
    ///
    /// # Errors
    /// When a row has too few fields or no code.
    pub fn parse(table: &str) -> Result<Self, AreasError> {
        let mut areas = Self::default();
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(table.as_bytes());
        for (index, row) in reader.records().enumerate() {
            let fail = |detail: String| AreasError { row: index + 1, detail };
            let row = row.map_err(|e| fail(e.to_string()))?;
            let code = row.get(0).unwrap_or_default().trim();
            if code.is_empty() || row.len() < 7 {
                return Err(fail(format!("'{}' has {} fields", code, row.len())));
            }
            areas.add(code, &row);
        }
        Ok(areas)
    }

    fn add(&mut self, code: &str, row: &csv::StringRecord) {
        let parent = row.get(2).map(str::trim).filter(|p| !p.is_empty()).map(str::to_owned);
        let kind = row.get(1).unwrap_or_default();
        let area = Area { code: code.to_owned(), parent: parent.clone(), inside: kind != "state" };
        let listed = |field: usize| row.get(field).unwrap_or_default().split('|').filter(|name| !name.is_empty());
        let names: Vec<&str> = (3..=6).filter_map(|field| row.get(field)).chain(listed(7)).collect();
        for name in &names {
            insert(&mut self.published, name, &area);
        }
        for code in listed(8).chain([code]) {
            self.by_code.entry(code.to_owned()).or_insert_with(|| area.code.clone());
        }
        // Codes of two or three letters are also words ("La", "Sur"): in a text they count only where listed as places.
        let spelt = Some(code).filter(|c| c.len() > 3 || kind == "region");
        if !matches!(kind, "aggregate" | "nuts1" | "city") {
            for name in names.into_iter().chain(listed(9)).chain(spelt) {
                insert(&mut self.by_name, name, &area);
            }
        }
        if let Some(parent) = parent {
            self.parents.insert(area.code, parent);
        }
    }

    /// The area a published figure is about: by the code it has in its file, by its name there, or by both. A name
    /// that says another place than the code wins over it, and a code of two letters alone does not decide against a
    /// name that is unknown: `AL` is Albania and Alabama.
    pub fn published(&self, spelt: &str, name: Option<&str>) -> Option<AreaCode> {
        let (spelt, name) = (spelt.trim(), name.map(str::trim).filter(|n| !n.is_empty() && *n != spelt.trim()));
        let by_code = self.by_code.get(spelt).cloned();
        let Some(name) = name else {
            return by_code.or_else(|| self.exact(spelt)).or_else(|| self.exact(bare(spelt))).map(AreaCode);
        };
        let bears =
            |code: &String| self.published.get(&folded(name)).is_some_and(|f| f.iter().any(|a| a.code == *code));
        let found = match (by_code, self.exact(name)) {
            (Some(code), Some(_)) if bears(&code) => Some(code),
            (Some(code), Some(named)) if self.lies_in(&code, &named) || self.lies_in(&named, &code) => Some(code),
            (_, Some(named)) => Some(named),
            (Some(code), None) if code.len() > 2 || self.exact(bare(name)).as_ref() == Some(&code) => Some(code),
            (_, None) => self.exact(bare(name)),
        };
        found.map(AreaCode)
    }

    fn exact(&self, name: &str) -> Option<String> {
        self.published.get(&folded(name)).and_then(|found| self.pick(found.iter(), None))
    }

    fn lies_in(&self, code: &str, other: &str) -> bool {
        self.chain(code).any(|up| up == other)
    }

    /// Every name that a posting may give a place, folded, in no order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    /// Every code that lies in another.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.parents.keys().map(String::as_str)
    }

    /// Steps from `code` up to its country.
    fn depth(&self, code: &str) -> usize {
        self.chain(code).count()
    }

    /// `code` and the areas it lies in, narrowest first.
    pub fn chain<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        let mut next = Some(code);
        // A table that names itself as its own parent must not loop.
        let mut steps = 0;
        std::iter::from_fn(move || {
            let here = next?;
            steps += 1;
            next = self.parents.get(here).map(String::as_str).filter(|_| steps < 8);
            Some(here)
        })
    }

    /// The most specific area that `place` names. A country that stands beside it, or else the source's own country
    /// (`home`), decides between places of one name.
    pub fn resolve(&self, place: &str, home: Option<&str>) -> Option<AreaCode> {
        let whole = folded(place);
        if let Some(area) = self.by_name.get(&whole).and_then(|found| self.pick(found.iter(), home)) {
            return Some(AreaCode(area));
        }
        if let Some(code) = self.by_code.get(place.trim()) {
            return Some(AreaCode(code.clone()));
        }
        let parts: Vec<String> = split_places(place).map(folded).filter(|p| !p.is_empty()).collect();
        let named: Vec<&Area> = parts.iter().filter_map(|p| self.by_name.get(p)).flatten().collect();
        let country = named.iter().find(|a| a.parent.is_none()).map(|a| a.code.clone());
        let country = country.as_deref().or(home);
        let fitting = |area: &&&Area| country.is_none_or(|c| self.chain(&area.code).any(|up| up == c));
        let best = self.pick(named.iter().filter(fitting).copied(), home);
        if let Some(code) = best.as_ref().filter(|code| self.parents.contains_key(*code)) {
            return Some(AreaCode(code.clone()));
        }
        let inside: Vec<&Area> = parts.iter().flat_map(|p| self.names_inside(p)).collect();
        let deeper = self.pick(inside.iter().filter(fitting).copied(), home);
        deeper.or(best).map(AreaCode)
    }

    /// Deepest area; the first named among equals.
    fn pick<'a>(&self, found: impl Iterator<Item = &'a Area>, home: Option<&str>) -> Option<String> {
        let mut best: Option<(bool, usize, &Area)> = None;
        for area in found {
            let at_home = home.is_some_and(|h| self.chain(&area.code).any(|up| up == h));
            let rank = (at_home, self.depth(&area.code));
            if best.is_none_or(|(b_home, b_depth, _)| rank > (b_home, b_depth)) {
                best = Some((rank.0, rank.1, area));
            }
        }
        best.map(|(_, _, area)| area.code.clone())
    }

    /// Names of areas among the words of a part; two-letter words are too short to be names there.
    fn names_inside<'a>(&'a self, part: &str) -> Vec<&'a Area> {
        let words: Vec<&str> = part.split(' ').collect();
        let mut found = Vec::new();
        for start in 0..words.len() {
            for length in (1..=MOST_WORDS.min(words.len() - start)).rev() {
                let name = words.get(start..start + length).unwrap_or_default().join(" ");
                let hit = self.by_name.get(&name).filter(|_| name.chars().count() > 3);
                let before = found.len();
                found.extend(hit.into_iter().flatten().filter(|area| area.inside));
                if found.len() > before {
                    break;
                }
            }
        }
        found
    }
}

fn insert(names: &mut Names, name: &str, area: &Area) {
    let key = folded(name);
    if key.is_empty() {
        return;
    }
    let known = names.entry(key).or_default();
    if known.iter().all(|a| a.code != area.code) {
        known.push(area.clone());
    }
}

/// A name without a bracket behind it, a mark of a footnote, or the number some offices put before it.
fn bare(name: &str) -> &str {
    let name = name.split(['(', '[', '*']).next().unwrap_or_default().trim();
    match name.split_once(' ') {
        Some((number, rest)) if number.len() == 2 && number.bytes().all(|b| b.is_ascii_digit()) => rest.trim(),
        _ => name,
    }
}

/// Commas, slashes, bars, dots and spaced dashes part places.
fn split_places(place: &str) -> impl Iterator<Item = &str> {
    place.split([',', ';', '|', '·', '(', ')', '/', '،']).flat_map(|p| p.split(" - ")).flat_map(|p| p.split(" – "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(place: &str) -> Option<String> {
        Areas::built_in().resolve(place, None).map(|a| a.0)
    }

    #[test]
    fn three_names_of_one_country_are_one_area() {
        for name in ["Occupied Palestinian Territory", "West Bank and Gaza", "PSE", "فلسطين", "palestine", "PS"] {
            assert_eq!(code(name).as_deref(), Some("PS"), "{name}");
        }
    }

    #[test]
    fn the_most_specific_area_wins_whatever_the_case_and_accents() {
        assert_eq!(code("Ramallah, Palestine").as_deref(), Some("PSE-RBH"));
        assert_eq!(code(" Ramallah\r\n").as_deref(), Some("PSE-RBH"));
        assert_eq!(code("رام الله").as_deref(), Some("PSE-RBH"));
        assert_eq!(code("BARCELONA, España").as_deref(), Some("ES511"));
        assert_eq!(code("Barcelona - Vallès Oriental - 08530 Garriga, La").as_deref(), Some("ES511"));
        assert_eq!(code("A CORUNA").as_deref(), Some("ES111"));
        assert_eq!(code("Cataluña").as_deref(), Some("ES51"));
        assert_eq!(code("Centro de trabajo en Girona ciudad").as_deref(), Some("ES512"));
    }

    #[test]
    fn a_published_figure_is_about_the_area_named_and_never_about_the_one_around_it() {
        let published = |spelt: &str, name: Option<&str>| Areas::built_in().published(spelt, name).map(|a| a.0);
        for (spelt, name, code) in [
            ("EL", None, Some("GR")),
            ("GR", Some("Greece"), Some("GR")),
            ("DE", Some("Germany (until 1990 former territory of the FRG)"), Some("DE")),
            ("AL", Some("Alabama"), None),
            ("AL", Some("Albania"), Some("AL")),
            ("15", Some("A Coruña"), Some("ES111")),
            ("09 Cataluña", None, Some("ES51")),
            ("EA12", Some("Euro area (12 countries)"), Some("EA12")),
            ("WLD", None, Some("WLD")),
            ("Arab World", None, Some("ARB")),
            ("Gaza Strip", None, Some("PSE-GS")),
            ("الأردن", None, Some("JO")),
            ("Jordània", None, Some("JO")),
            ("Palmas, Las", None, Some("ES705-35")),
            ("Sabadell", None, None),
            ("London", None, None),
            ("Lebanon County, PA", None, None),
            ("", None, None),
        ] {
            assert_eq!(published(spelt, name).as_deref(), code, "{spelt} {name:?}");
        }
    }

    #[test]
    fn short_codes_and_names_of_regions_of_the_world_are_no_places_in_a_text() {
        assert_eq!(code("Rioja, La").as_deref(), Some("ES23"));
        assert_eq!(code("Prat de Llobregat, El, Barcelona").as_deref(), Some("ES511"));
        assert_eq!(code("World Vision"), None);
        assert_eq!(code("Madrid, Sur").as_deref(), Some("ES300"));
        assert_eq!(code("Paris, France").as_deref(), Some("FR"));
        assert_eq!(code("Hebron, West Bank").as_deref(), Some("PSE-HBN"));
        assert_eq!(code("Gaza Strip").as_deref(), Some("PSE-GS"));
    }

    #[test]
    fn a_country_named_beside_a_place_decides_and_unknown_places_stay_unknown() {
        assert_eq!(code("Jerusalem Road, Madrid, Spain").as_deref(), Some("ES300"));
        assert_eq!(code("Atlantis"), None);
        assert_eq!(code(""), None);
    }

    #[test]
    fn every_area_resolves_to_itself_by_code_and_by_every_label() {
        for row in csv::Reader::from_reader(BUILT_IN.as_bytes()).records() {
            let row = row.unwrap();
            assert_eq!(code(&row[0]).as_deref(), Some(&row[0]));
            for label in (3..=6).map(|field| &row[field]).filter(|label| !label.is_empty()) {
                let found = Areas::built_in().published(&row[0], Some(label)).map(|a| a.0);
                assert_eq!(found.as_deref(), Some(&row[0]), "{label}");
            }
        }
    }

    #[test]
    fn a_bad_table_names_its_row() {
        let error = Areas::parse("code,kind\nPS,country\n").unwrap_err().to_string();
        assert!(error.contains("row 1"), "{error}");
    }
}
