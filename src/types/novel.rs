//! Noun phrases of postings that no skill of the taxonomy explains.

use crate::types::{Lang, PostingId, Section};
use serde::{Deserialize, Serialize};

/// A sentence that shows a term, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TermContext {
    /// The posting.
    pub posting: PostingId,
    /// The sentence, at most 200 characters, cut marked with an ellipsis.
    pub sentence: String,
    /// Byte offsets of the words within `sentence`.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// A frequent noun phrase that no skill explains: a proposal for a person to read, counted in no demand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct NovelTerm {
    /// Position in its language, 1 = first.
    pub rank: u32,
    /// The words, as most of its sentences have them.
    pub term: String,
    /// Language of the passages it stands in.
    pub language: Lang,
    /// Postings with the term where no skill was recognised in it.
    pub posting_count: u64,
    /// Postings with passages in its language.
    pub base_count: u64,
    /// Known employers among them.
    pub employer_count: u64,
    /// `posting_count / base_count`, 0..=1.
    pub share: f64,
    /// C-value over postings (Frantzi, Ananiadou and Mima 2000).
    pub c_value: f64,
    /// Longer candidate terms that hold this one.
    pub nested_in: u64,
    /// Effective employers / postings (inverse Simpson), 0..=1: 1 = every posting from another employer.
    pub spread: f64,
    /// Postings with the term in the earlier half of the window.
    pub first_count: u64,
    /// Postings in its language in the earlier half.
    pub first_base: u64,
    /// Postings with the term in the later half.
    pub last_count: u64,
    /// Postings in its language in the later half.
    pub last_base: u64,
    /// `ln(p1 / p0)` with 0.5 added to each count; absent with fewer than ten postings in both halves together.
    pub growth: Option<f64>,
    /// Lower end of its 95 % interval.
    pub growth_low: Option<f64>,
    /// Upper end.
    pub growth_high: Option<f64>,
    /// What the terms of a language are ranked by.
    pub score: f64,
    /// Sentences, from different employers where there are.
    pub contexts: Vec<TermContext>,
}

/// Terms by language and rank, and what was left out.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct NovelTerms {
    /// By language, then rank.
    pub terms: Vec<NovelTerm>,
    /// Fewest postings of a term.
    pub min_postings: u64,
    /// Fewest known employers of a term.
    pub min_employers: u64,
    /// Frequent phrases that a skill, an occupation, a place or the own text of a board explains, and ordinary words.
    pub explained_count: u64,
    /// Frequent phrases that hardly occur outside a longer one.
    pub nested_count: u64,
    /// Frequent phrases with too few employers.
    pub few_employers_count: u64,
    /// Phrases in at most so many postings may have been dropped to hold memory; 0 = nothing was.
    pub dropped_below: u64,
}

/// What terms need of a posting; columns of [`crate::types::Posting`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TermPosting {
    /// Stable id.
    pub id: PostingId,
    /// Plain text.
    pub body: String,
    /// Employer.
    pub employer: Option<String>,
    /// Parts of the body in order, without gaps.
    pub sections: Vec<Section>,
}

/// Where a skill stands in a posting; columns of [`crate::types::Mention`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct MentionSpan {
    /// The posting.
    pub posting: PostingId,
    /// Title or body.
    pub field: crate::types::Field,
    /// First byte of the span in that field's text.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
}
