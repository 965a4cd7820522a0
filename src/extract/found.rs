//! What the matcher finds, before it becomes a mention.

use crate::types::{Field, Lane, SectionKind};

/// A match, before it becomes a mention.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    /// Label of the reader.
    pub label: u32,
    pub field: Field,
    pub start: u32,
    pub end: u32,
    pub lane: Lane,
    pub section: SectionKind,
    pub score: f32,
    /// Ordinary words without support of their own.
    pub held: bool,
}
