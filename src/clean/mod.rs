//! Raw records to typed ones: pure functions from what a source spells to what the pipeline means, and a reason for
//! every record that is not kept.

mod answers;
pub mod areas;
mod bullets;
pub mod contacts;
pub mod credential_checks;
mod credential_fields;
pub mod credentials;
mod cues;
pub mod dates;
pub mod duplicates;
mod entities;
mod fold;
mod html;
pub mod language;
mod literals;
mod markdown;
pub mod numbers;
pub mod observations;
pub mod occupation;
mod passages;
pub mod postings;
pub mod repairs;
pub mod sections;
pub mod sentences;
pub mod taxonomy;
pub mod text;
mod voice;

pub use answers::learner_survey;
pub use areas::{Areas, AreasError};
pub use credentials::{CleanedCredential, credential, outcome_id};
pub use dates::DateOrder;
pub use duplicates::{Deduplicator, DuplicateOutcome, PostingView};
pub use observations::{ObservationContext, observation};
pub use postings::{CleanContext, Cleaned, SourceContext, posting, posting_id};
pub use repairs::{Repair, RepairCounts};
pub use taxonomy::{LayerCounts, MergedTaxonomy};
pub use text::{TextError, TextLimits};

use sha2::{Digest, Sha256};

/// First 16 hex digits of the SHA-256 of `parts` joined by NUL.
pub(crate) fn hash16(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            hasher.update([0]);
        }
        hasher.update(part.as_bytes());
    }
    hasher.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
