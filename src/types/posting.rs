//! Job postings, as read and as cleaned.

use crate::types::{AreaCode, Date, IscoCode, Lang, Origin, SourceId};
use serde::{Deserialize, Serialize};

/// First 16 hex digits of SHA-256(source, NUL, source key) of the earliest origin.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct PostingId(pub String);

/// A posting as its source spells it. Texts are untouched: HTML, dates and places are still the source's own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RawPosting {
    /// Where it was read.
    pub origin: Origin,
    /// Board or sub-source when the file names one, else the plan's source; `source_count` counts these.
    pub board: String,
    /// The source's own key; the record number when it has none.
    pub source_key: String,
    /// Link to the posting.
    pub url: Option<String>,
    /// Job title.
    pub title: String,
    /// Description, perhaps HTML.
    pub body: String,
    /// Employer as spelt.
    pub employer: Option<String>,
    /// Place as spelt, most specific first (`"Arlesey, SG15 6SN, GB"`).
    pub place: Option<String>,
    /// Occupation label or code as spelt.
    pub occupation: Option<String>,
    /// Sector as spelt.
    pub sector: Option<String>,
    /// Publication date as spelt.
    pub posted_on: Option<String>,
    /// Closing date as spelt.
    pub closes_on: Option<String>,
    /// Salary as spelt.
    pub salary: Option<String>,
    /// Language code as declared.
    pub language: Option<String>,
}

/// What a part of a posting talks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SectionKind {
    /// What the person will do.
    Duties,
    /// What the person must bring.
    Requirements,
    /// Neither headed nor recognised: may hold skills.
    Other,
    /// About the employer.
    Employer,
    /// Benefits and perks.
    Benefits,
    /// Equality and diversity statements.
    Diversity,
    /// How to apply, contact, closing dates, privacy notices.
    Apply,
    /// Pay, contract and hours.
    Salary,
}

impl SectionKind {
    /// Whether skills are read from it; boilerplate yields none.
    pub fn yields_skills(self) -> bool {
        matches!(self, SectionKind::Duties | SectionKind::Requirements | SectionKind::Other)
    }
}

/// A run of the body, as byte offsets in the cleaned NFC text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Section {
    /// What it talks about.
    pub kind: SectionKind,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// Language it is written in: the posting's, or that of a passage in another one.
    pub language: Lang,
}

/// A cleaned posting: plain NFC text, typed dates and codes, no e-mail address and no phone number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Posting {
    /// Stable id.
    pub id: PostingId,
    /// The plan's source of the earliest origin.
    pub source: SourceId,
    /// Board of the earliest origin.
    pub board: String,
    /// Link to the posting.
    pub url: Option<String>,
    /// Job title.
    pub title: String,
    /// Plain text: bullets as `- ` lines, sentence ends kept.
    pub body: String,
    /// Employer, spaces collapsed; absent when unknown.
    pub employer: Option<String>,
    /// Area resolved by code.
    pub area: Option<AreaCode>,
    /// Sector as spelt.
    pub sector: Option<String>,
    /// ESCO (or `urn:skillgap:`) occupation.
    pub occupation: Option<String>,
    /// ISCO-08 code of that occupation.
    pub isco: Option<IscoCode>,
    /// Confidence of the occupation, 0..=1.
    pub occupation_score: Option<f32>,
    /// Language of the text.
    pub language: Lang,
    /// Publication day.
    #[schemars(with = "Option<String>")]
    pub posted_on: Option<Date>,
    /// Closing day.
    #[schemars(with = "Option<String>")]
    pub closes_on: Option<Date>,
    /// Salary as spelt.
    pub salary: Option<String>,
    /// Parts of the body in order, without gaps.
    pub sections: Vec<Section>,
    /// Boards it was seen on, sorted, after duplicates merged.
    pub boards: Vec<String>,
    /// Every origin that merged into it, earliest first.
    pub origins: Vec<Origin>,
}

impl Posting {
    /// A posting of which only the words are known; its body is one passage.
    pub fn of_words(id: PostingId, source: SourceId, title: &str, body: &str, language: Lang) -> Self {
        let end = u32::try_from(body.len()).unwrap_or(u32::MAX);
        Self {
            id,
            source,
            board: String::new(),
            url: None,
            title: title.to_owned(),
            body: body.to_owned(),
            employer: None,
            area: None,
            sector: None,
            occupation: None,
            isco: None,
            occupation_score: None,
            language,
            posted_on: None,
            closes_on: None,
            salary: None,
            sections: vec![Section { kind: SectionKind::Other, start: 0, end, language }],
            boards: Vec::new(),
            origins: Vec::new(),
        }
    }
}

/// How two postings are the same advertisement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DuplicateKind {
    /// Same source and key.
    SameKey,
    /// Same text on another board or under another key.
    Exact,
    /// Same text posted again later on the same board.
    Repost,
    /// Texts with word-3-gram Jaccard similarity of at least the threshold.
    Near,
    /// Same or near text, other employer or area: two vacancies, both kept.
    Partial,
}

impl DuplicateKind {
    /// Whether the second posting was merged into the first.
    pub fn merges(self) -> bool {
        self != DuplicateKind::Partial
    }
}

/// A pair of postings found to be alike.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Duplicate {
    /// The earlier one, kept.
    pub kept: PostingId,
    /// The later one, merged into it unless the kind is `Partial`.
    pub duplicate: PostingId,
    /// How they are alike.
    pub kind: DuplicateKind,
    /// Word-3-gram Jaccard similarity, 0..=1.
    pub similarity: f32,
}

/// What a posting passes on to the one it is merged into; the same columns as [`Posting`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PostingShare {
    /// Link to the posting.
    pub url: Option<String>,
    /// Employer.
    pub employer: Option<String>,
    /// Area.
    pub area: Option<AreaCode>,
    /// Sector as spelt.
    pub sector: Option<String>,
    /// Salary as spelt.
    pub salary: Option<String>,
    /// Occupation.
    pub occupation: Option<String>,
    /// Its ISCO-08 code.
    pub isco: Option<IscoCode>,
    /// Confidence of the occupation, 0..=1.
    pub occupation_score: Option<f32>,
    /// Boards it was seen on.
    pub boards: Vec<String>,
    /// Its origins.
    pub origins: Vec<Origin>,
}

/// What a quotation needs of a posting; columns of [`Posting`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct QuotablePosting {
    /// Stable id.
    pub id: PostingId,
    /// Board.
    pub board: String,
    /// Link to the posting.
    pub url: Option<String>,
    /// Job title.
    pub title: String,
    /// Plain text.
    pub body: String,
    /// Language of the text.
    pub language: Lang,
    /// Publication day, ISO 8601.
    pub posted_on: Option<String>,
}
