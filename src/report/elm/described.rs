//! A micro-credential on its way out, before it is known in which format.

use std::collections::BTreeMap;

/// A text by the code of its language.
pub type Texts = BTreeMap<&'static str, String>;
/// Fields of the template by name.
pub type Row = BTreeMap<&'static str, String>;

/// What is said of a proposed or revised micro-credential. What nobody decided is absent.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Described {
    /// Name of its node.
    pub iri: String,
    /// That it is a proposal, in words.
    pub status: &'static str,
    /// Day of the edition.
    pub modified: Option<String>,
    /// Title.
    pub title: Texts,
    /// What it is about.
    pub description: Texts,
    /// Where it comes from, what it rests on, what is open.
    pub notes: Vec<Texts>,
    /// Group in the provider's catalogue.
    pub category: Texts,
    /// Languages, as codes of two letters.
    pub languages: Vec<String>,
    /// Credits.
    pub ects: Option<f64>,
    /// Notional hours.
    pub hours: Option<f64>,
    /// EQF level, where there is one and not a range.
    pub eqf: Option<u8>,
    /// National level as spelt.
    pub nqf: Texts,
    /// Form of participation.
    pub mode: Texts,
    /// What a learner needs before.
    pub entry: Texts,
    /// Type of assessment.
    pub assessment: Texts,
    /// Page with more.
    pub homepage: Option<String>,
    /// Awarding body and its country as three letters.
    pub provider: Option<(Texts, String)>,
    /// Learning outcomes, in order.
    pub outcomes: Vec<Outcome>,
    /// The same in the columns of the template.
    pub row: Row,
}

/// A learning outcome with its skills.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcome {
    /// The statement.
    pub statement: Texts,
    /// Its skills.
    pub skills: Vec<Skill>,
}

/// A skill of the run's taxonomy.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Skill {
    /// Id.
    pub id: String,
    /// Names.
    pub names: Texts,
}

/// One line without control characters.
pub fn line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A statement in one line; bars part statements in the template.
pub fn statement(text: &str) -> String {
    line(text).replace('|', "/")
}

/// The text under a language, or nothing when it is blank.
pub fn said(language: &'static str, text: Option<&str>) -> Texts {
    text.map(line).filter(|text| !text.is_empty()).map(|text| (language, text)).into_iter().collect()
}

/// A name in our own space: anything but letters, digits and `.-_` is written as its bytes.
pub fn urn(parts: &[&str]) -> String {
    let mut out = "urn:skillgap".to_owned();
    for part in parts {
        out.push(':');
        for byte in part.bytes() {
            if byte.is_ascii_alphanumeric() || b".-_".contains(&byte) {
                out.push(char::from(byte));
            } else {
                out.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    out
}

/// `http://data.europa.eu/esco/skill/` and a UUID: nothing else may stand in an ESCO property.
pub fn is_esco_skill(id: &str) -> bool {
    id.strip_prefix("http://data.europa.eu/esco/skill/").is_some_and(|id| {
        let is_hex = id.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
        is_hex && id.split('-').map(str::len).eq([8, 4, 4, 4, 12])
    })
}

/// Whether a text can be the name of a node as it is.
pub fn is_iri(text: &str) -> bool {
    let has_scheme =
        ["http://", "https://", "urn:"].iter().any(|s| text.strip_prefix(s).is_some_and(|r| !r.is_empty()));
    has_scheme && text.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"{}|\\^`".contains(&b))
}

/// A number above zero.
pub fn positive(number: Option<f64>) -> Option<f64> {
    number.filter(|n| n.is_finite() && *n > 0.0)
}
