//! The score of a match: a sum of points, so that a reader can recount it.
//!
//! The points were set by reading matches on public validation sentences; the sum orders matches well but is **not** a
//! probability: calibration against judged mentions is a step of its own.
//!
//! | points | when |
//! |---|---|
//! | .62 / .68 / .72 / .74 | label of 1 / 2 / 3 / 4 and more words |
//! | +.10 | preferred label |
//! | -.04 | hidden label |
//! | -.07 .. 0 | other label, by the share of its stems that the preferred label lacks |
//! | -.03 / -.08 / -.16 | stem lane / fuzzy lane, several words / one word |
//! | -.22 | stem lane in a title, or a word only derived from the same root (`management` for `manage`) |
//! | +.03 / +.01 | requirements / duties |
//! | +.12 | capitals or context words speak for a label that needs them |
//! | -.28 / -.20 | held back: one ordinary word / several of them without support |
//! | +.22 / +.09 | held back, but the occupation asks for it / a believed neighbour of its group stands nearby |
//! | -.16 | label of several concepts none of which it is the preferred name of |

use crate::lexicon::ambiguity::strangeness;
use crate::lexicon::labels::LabelTable;
use crate::types::{LabelKind, Lane, SectionKind};

/// Points of the label itself.
pub(super) fn base(table: &LabelTable, label: usize, preferred: Option<usize>) -> f32 {
    let Some(entry) = table.entries.get(label) else { return 0.0 };
    let words = match table.tokens(label).len() {
        0 | 1 => 0.62,
        2 => 0.68,
        3 => 0.72,
        _ => 0.74,
    };
    let standing = match entry.kind {
        LabelKind::Preferred => 0.10,
        LabelKind::Alternative => -0.07 * strangeness(table, label, preferred),
        LabelKind::Hidden => -0.04 - 0.07 * strangeness(table, label, preferred),
    };
    words + standing
}

/// Points of the place and the way.
pub(super) fn place(lane: Lane, several_words: bool, section: SectionKind) -> f32 {
    let lane = match lane {
        Lane::Exact => 0.0,
        Lane::Stem => -0.03,
        Lane::Fuzzy if several_words => -0.08,
        Lane::Fuzzy | Lane::Ranked => -0.16,
    };
    let section = match section {
        SectionKind::Requirements => 0.03,
        SectionKind::Duties => 0.01,
        _ => 0.0,
    };
    lane + section
}

/// Points of a stem match through a derived word.
pub(super) const DERIVED: f32 = -0.22;

/// Points of a held-back match; several ordinary words together are less ordinary than one.
pub(super) fn held(several_words: bool) -> f32 {
    if several_words { -0.20 } else { -0.28 }
}

/// Points of a label whose capitals or context words were asked for and found.
pub(super) const SPOKEN_FOR: f32 = 0.12;

/// Points of a label that names several concepts equally well.
pub(super) const SHARED: f32 = -0.16;

/// Points that give a held-back match its credit again.
pub(super) fn support(asked_by_occupation: bool, near_its_group: bool) -> f32 {
    if asked_by_occupation {
        0.22
    } else if near_its_group {
        0.09
    } else {
        0.0
    }
}
