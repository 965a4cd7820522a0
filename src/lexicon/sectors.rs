//! Sectors as postings spell them: a name or a code, read as a section of NACE Rev. 2, whose letters are those of ISIC
//! Rev. 4 and of the Spanish and Catalan editions. What is not certain has none.

use crate::lexicon::normal::fold;
use crate::types::Lang;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// `section,divisions,label_en,label_es,label_ca,label_ar,spellings`; a spelling may begin or end with a star.
const TABLE: &str = include_str!("../../data/reference/sectors.csv");

/// Longest text that names a sector.
const LONGEST: usize = 300;

/// Words that say which classification a code belongs to.
const SCHEMES: [&str; 12] =
    ["nace", "cnae", "isic", "ciiu", "ccae", "citi", "section", "seccion", "seccio", "division", "divisio", "القسم"];

/// Words without a say: "IT and telecoms" and "IT / telecoms" are one spelling.
const IDLE: [&str; 6] = ["and", "y", "i", "e", "the", "و"];

/// Words around the name: "construction industry", "sector sanitario".
const FRAME: [&str; 4] = ["sector", "industry", "القطاع", "قطاع"];

/// A section with its names.
struct Section {
    letter: &'static str,
    first: u32,
    last: u32,
    /// By the order of [`LANGUAGES`].
    names: [String; 4],
}

/// Languages of the names, in the order of the columns.
const LANGUAGES: [Lang; 4] = [Lang::En, Lang::Es, Lang::Ca, Lang::Ar];

/// Letters of the sections, in order.
const LETTERS: [&str; 21] =
    ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P", "Q", "R", "S", "T", "U"];

#[derive(Default)]
struct Sectors {
    list: Vec<Section>,
    exact: FxHashMap<String, &'static str>,
    /// Beginnings and ends of spellings, longest first.
    starts: Vec<(String, &'static str)>,
    ends: Vec<(String, &'static str)>,
}

static SECTORS: LazyLock<Sectors> = LazyLock::new(Sectors::parse);

/// The section a text names, by name or code.
pub fn section(text: &str) -> Option<&'static str> {
    if text.chars().nth(LONGEST).is_some() {
        return None;
    }
    // Official names hold semicolons themselves.
    if let Some(letter) = SECTORS.exact.get(&key(text)) {
        return Some(letter);
    }
    let mut parts = text.split([';', '|']).filter(|part| !part.trim().is_empty());
    let first = SECTORS.read(parts.next()?)?;
    parts.all(|part| SECTORS.read(part) == Some(first)).then_some(first)
}

/// Name of a section; English where there is none in the language.
pub fn name(section: &str, language: Lang) -> Option<&'static str> {
    let found = SECTORS.list.iter().find(|s| s.letter == section)?;
    let at = LANGUAGES.iter().position(|l| *l == language).unwrap_or_default();
    found.names.get(at).map(String::as_str)
}

/// The section of a letter.
pub fn letter(text: &str) -> Option<&'static str> {
    LETTERS.into_iter().find(|l| *l == text)
}

/// Whether each is the letter of a section, named once.
///
/// # Errors
/// What is wrong, and the letter that may be meant.
pub fn check(letters: &[String]) -> Result<(), String> {
    for (i, sector) in letters.iter().enumerate() {
        if letter(sector).is_none() {
            let hint = section(sector).map(|meant| format!("; did you mean \"{meant}\"?")).unwrap_or_default();
            let wanted = "a section of NACE Rev. 2, \"A\" to \"U\" (data/reference/sectors.csv)";
            return Err(format!("{sector:?} is not {wanted}{hint}"));
        }
        if letters.iter().take(i).any(|earlier| earlier == sector) {
            return Err(format!("{sector:?} is named twice; each section once"));
        }
    }
    Ok(())
}

impl Sectors {
    fn parse() -> Self {
        let mut sectors = Self::default();
        for row in csv::Reader::from_reader(TABLE.as_bytes()).records().flatten() {
            let cell = |i: usize| row.get(i).unwrap_or_default();
            let Some(letter) = letter(cell(0)) else { continue };
            let (first, last) = cell(1).split_once('-').unwrap_or((cell(1), cell(1)));
            let (Ok(first), Ok(last)) = (first.parse(), last.parse()) else { continue };
            let names = [2, 3, 4, 5].map(|i| cell(i).to_owned());
            for spelling in cell(6).split('|').chain(names.iter().map(String::as_str)) {
                sectors.add(spelling, letter);
            }
            sectors.list.push(Section { letter, first, last, names });
        }
        for list in [&mut sectors.starts, &mut sectors.ends] {
            list.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
        }
        sectors
    }

    fn add(&mut self, spelling: &str, letter: &'static str) {
        let words = key(spelling);
        match (spelling.ends_with('*'), spelling.starts_with('*')) {
            (true, _) => self.starts.push((format!("{words} "), letter)),
            (_, true) => self.ends.push((format!(" {words}"), letter)),
            _ => drop(self.exact.insert(words, letter)),
        }
    }

    fn read(&self, text: &str) -> Option<&'static str> {
        let words = key(text);
        self.named(&words).or_else(|| self.coded(text))
    }

    /// By name.
    fn named(&self, words: &str) -> Option<&'static str> {
        let bare: Vec<&str> = words.split(' ').filter(|w| !FRAME.contains(w)).collect();
        let bare = bare.join(" ");
        let whole = self.exact.get(words).or_else(|| self.exact.get(&bare)).copied();
        let found = |list: &[(String, &'static str)], fits: fn(&str, &str) -> bool| {
            list.iter().find(|(part, _)| fits(words, part)).map(|(_, letter)| *letter)
        };
        whole
            .or_else(|| found(&self.starts, |words, part| words.starts_with(part)))
            .or_else(|| found(&self.ends, |words, part| words.ends_with(part)))
    }

    /// By code: a letter, a letter with a division, "62.01", or a number after the name of its classification.
    fn coded(&self, text: &str) -> Option<&'static str> {
        let folded = fold(text);
        let mut rest: Vec<&str> = folded.split(|c: char| !(c.is_alphanumeric() || c == '.')).collect();
        rest.retain(|w| !w.trim_matches('.').is_empty());
        let all = rest.len();
        rest = without_scheme(&rest);
        let is_named = rest.len() < all;
        let (code, words) = rest.split_first()?;
        let code = code.trim_matches('.').to_ascii_uppercase();
        let digits: String = code.chars().filter(char::is_ascii_digit).collect();
        let said = self.named(&key(&words.join(" ")));
        let own = match code.strip_suffix(|c: char| c.is_ascii_digit()) {
            None if code.len() == 1 => letter(&code).filter(|_| is_named || words.is_empty() || said.is_some()),
            None => None,
            Some(_) => {
                let stated = code.get(..1).and_then(letter);
                let number = if stated.is_some() { code.get(1..)? } else { code.as_str() };
                let is_dotted = number.split_once('.').is_some_and(|(d, _)| d.len() == 2);
                let is_number = number.chars().all(|c| c.is_ascii_digit() || c == '.');
                // A bare number may be any board's own code, and one of three digits may have lost its zero.
                let is_code = is_dotted || ((is_named || stated.is_some()) && [2, 4, 5].contains(&digits.len()));
                let division = Some(digits).filter(|_| is_number && is_code)?.get(..2)?.parse::<u32>().ok()?;
                let found = self.list.iter().find(|s| (s.first..=s.last).contains(&division)).map(|s| s.letter);
                found.filter(|f| stated.is_none_or(|s| s == *f))
            }
        }?;
        said.is_none_or(|s| s == own).then_some(own)
    }
}

/// What is left after "CNAE-2009" or "NACE Rev. 2".
fn without_scheme<'a>(words: &[&'a str]) -> Vec<&'a str> {
    let is_scheme = |w: &str| SCHEMES.iter().any(|s| w.trim_matches('.') == *s);
    let is_edition = |w: &str| ["rev", "rev.", "rev.2", "rev.4", "2009", "2008"].contains(&w);
    let mut rest = words;
    let mut before = "";
    while let Some((word, after)) = rest.split_first() {
        let is_revision = before.trim_end_matches('.') == "rev" && ["2", "4", "2."].contains(word);
        let passes = is_scheme(word) || (rest.len() < words.len() && (is_edition(word) || is_revision));
        if !passes || after.is_empty() {
            break;
        }
        (rest, before) = (after, *word);
    }
    rest.to_vec()
}

/// Folded words without signs and joining words.
fn key(text: &str) -> String {
    let folded = fold(text);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty() && !IDLE.contains(w));
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_as_boards_write_them_lead_to_their_section_in_four_languages() {
        let cases = [
            ("IT Services and IT Consulting", "J"),
            ("IT & Telecom", "J"),
            ("Motor Vehicle Manufacturing", "C"),
            ("Hospitals and Health Care", "Q"),
            ("Hostelería", "I"),
            ("Hoteleria i turisme", "I"),
            ("Sanitat i serveis socials", "Q"),
            ("Banca, assegurances i finances", "K"),
            ("Sector: construcción", "F"),
            ("التعليم", "P"),
            ("قطاع التعليم", "P"),
            ("البيع بالتجزئة للزهور والورود", "G"),
            ("صناعة الخزائن الحديدية", "C"),
            ("Information and communication", "J"),
            ("المعلومات والاتصالات", "J"),
        ];
        for (text, expected) in cases {
            assert_eq!(section(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn codes_are_read_when_their_classification_is_certain() {
        let cases = [
            ("62.01", "J"),
            ("J", "J"),
            ("j", "J"),
            ("CNAE 8610", "Q"),
            ("CNAE-2009 8610", "Q"),
            ("NACE Rev. 2: 62.01", "J"),
            ("NACE Rev. 2 Section Q", "Q"),
            ("ISIC 6201", "J"),
            ("J62", "J"),
            ("J62.01 Computer programming", "J"),
            ("62.01; 63.1", "J"),
            ("Q - Human health", "Q"),
            ("División 41", "F"),
            ("01.13", "A"),
        ];
        for (text, expected) in cases {
            assert_eq!(section(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_sector_two_sectors_or_a_boards_own_number_has_none() {
        // "03" is what a public board calls industry; division 03 is fishing.
        let long = "Hostelería ".repeat(1_000);
        let texts = [
            "",
            " ",
            "03",
            "6201",
            "Serveis",
            "Altres",
            "Recursos humanos",
            "2 school alumni",
            "V",
            "J86.10",
            "Q - Construction",
            "CNAE 0400",
            "NACE",
            "CNAE 113",
            "Healthcare; Retail",
            "62.01; 41.2",
            "99999999999999999999",
            "1e309",
            "-62.01e9",
            "خدمات",
            long.as_str(),
            "CNAE ٤",
            "Logística, transport i comerç",
            "62.01.x",
        ];
        for text in texts {
            assert_eq!(section(text), None, "{text:.40}");
        }
        assert_eq!(section("Healthcare; Hospitals"), Some("Q"));
        assert_eq!(section("CNAE ٨٦١٠"), Some("Q"));
    }

    #[test]
    fn every_section_has_four_names_its_divisions_and_spellings_of_its_own() {
        assert_eq!(SECTORS.list.iter().map(|s| s.letter).collect::<Vec<_>>(), LETTERS);
        for section in &SECTORS.list {
            assert!(section.names.iter().all(|n| !n.trim().is_empty()), "{}", section.letter);
            for name in &section.names {
                assert_eq!(super::section(name), Some(section.letter), "{name}");
            }
        }
        let divisions: Vec<u32> = SECTORS.list.iter().flat_map(|s| s.first..=s.last).collect();
        // NACE Rev. 2 has 88 divisions: 1 to 99 without 4, 34, 40, 44, 48, 54, 57, 67, 76, 83 and 89.
        assert_eq!(divisions.len(), 88);
        assert!(divisions.windows(2).all(|d| d[0] < d[1]));
        assert_eq!(name("J", Lang::Ca), Some("Informació i comunicacions"));
        assert_eq!((letter("V"), letter("j"), name("V", Lang::En)), (None, None, None));
        let mut owners: FxHashMap<String, String> = FxHashMap::default();
        for row in csv::Reader::from_reader(TABLE.as_bytes()).records().flatten() {
            for spelling in row[6].split('|') {
                let inner = spelling.trim_matches('*');
                assert!(!inner.contains('*') && !key(inner).is_empty(), "{spelling}");
                let marked = format!("{} {}", key(inner), spelling.replace(|c| c != '*', ""));
                let owner = owners.entry(marked).or_insert_with(|| row[0].to_owned());
                assert_eq!(*owner, row[0], "{spelling} leads to two sections");
            }
        }
    }
}
