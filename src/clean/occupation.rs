//! Job title to ESCO occupation and ISCO-08, through the lexicon's coder.

use crate::lexicon::occupations::OccupationCoder;
use crate::types::{Posting, RawPosting, Taxonomy};

/// Fills a posting's occupation; it stays empty when nothing is likely. A label the source gives is tried first.
pub fn code(posting: &mut Posting, raw: &RawPosting, taxonomy: &Taxonomy, coder: &OccupationCoder<'_>) {
    let coded = coder.code(&posting.title, posting.language, raw.occupation.as_deref());
    let Some((coded, occupation)) = coded.and_then(|c| Some((taxonomy.occupations.get(c.occupation)?, c))) else {
        return;
    };
    posting.occupation = Some(coded.id.clone());
    posting.isco = occupation.isco.clone();
    posting.occupation_score = Some(occupation.score);
}
