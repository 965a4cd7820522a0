//! Countries as the European vocabularies name them: three letters.

use std::collections::BTreeMap;

const AREAS: &str = include_str!("../../../data/reference/areas.csv");
/// Areas within areas that are followed.
const DEEPEST: usize = 6;

/// Areas with what contains them and their codes in other classifications.
#[derive(Debug, Default)]
pub struct Countries(BTreeMap<String, (String, String)>);

impl Countries {
    /// Out of the reference table compiled in.
    pub fn built_in() -> Self {
        let mut reader = csv::Reader::from_reader(AREAS.as_bytes());
        let headers = reader.headers().cloned().unwrap_or_default();
        let at = |name: &str| headers.iter().position(|h| h == name).unwrap_or(usize::MAX);
        let (parent, codes) = (at("parent"), at("codes"));
        let row = |row: csv::StringRecord| {
            let cell = |at: usize| row.get(at).unwrap_or_default().to_owned();
            (cell(0), (cell(parent), cell(codes)))
        };
        Self(reader.records().flatten().map(row).collect())
    }

    /// ISO 3166-1 alpha-3 of the country that an area is or lies in.
    pub fn alpha3(&self, area: &str) -> Option<&str> {
        let is_alpha3 = |code: &&str| code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase());
        let mut at = area;
        for _ in 0..DEEPEST {
            let (parent, codes) = self.0.get(at)?;
            if let Some(found) = codes.split('|').find(is_alpha3) {
                return Some(found);
            }
            at = parent;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_has_the_code_of_its_country_and_a_place_of_no_country_has_none() {
        let countries = Countries::built_in();
        for (area, code) in [("ES", "ESP"), ("ES511", "ESP"), ("PSE-GZA", "PSE"), ("SI", "SVN")] {
            assert_eq!(countries.alpha3(area), Some(code), "{area}");
        }
        for area in ["EU27_2020", "Atlantis", ""] {
            assert_eq!(countries.alpha3(area), None, "{area}");
        }
    }
}
