//! Spans: words found for a skill against words marked for it, exactly or overlapping; each is met at most once.

use super::gold::Span;
use super::sets::{Counts, SetScores, set_scores};
use serde::{Deserialize, Serialize};

/// Precision, recall and F1 of spans, pooled over the texts in which somebody marked spans.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SpanScores {
    /// Same skill, same first and last byte.
    pub exact: SetScores,
    /// Same skill, at least one byte in common.
    pub overlap: SetScores,
    /// Texts with marked spans.
    pub text_count: u64,
}

/// Skill with first byte and one past the last.
pub(super) type Found<'a> = (&'a str, usize, usize);

/// Counts of one text: exact, overlapping.
pub(super) fn span_counts(gold: &[Span], found: &[Found<'_>]) -> [Counts; 2] {
    let gold: Vec<Found<'_>> = gold.iter().map(|s| (s.uri.as_str(), s.start, s.end)).collect();
    let exact = |g: &Found<'_>, f: &Found<'_>| g == f;
    let overlap = |g: &Found<'_>, f: &Found<'_>| g.0 == f.0 && g.1 < f.2 && f.1 < g.2;
    [met(&gold, found, exact), met(&gold, found, overlap)]
}

/// Pairs one by one from the left; spans of one skill lie apart on either side, so no better pairing is missed.
fn met(gold: &[Found<'_>], found: &[Found<'_>], meets: impl Fn(&Found<'_>, &Found<'_>) -> bool) -> Counts {
    let mut left: Vec<Found<'_>> = found.to_vec();
    left.sort_unstable();
    left.dedup();
    let (found_count, mut gold) = (left.len() as u64, gold.to_vec());
    gold.sort_unstable();
    let mut right = 0;
    for span in &gold {
        if let Some(at) = left.iter().position(|f| meets(span, f)) {
            left.remove(at);
            right += 1;
        }
    }
    [right, found_count, gold.len() as u64]
}

/// Scores of the texts' counts; none when no text has spans.
pub(super) fn span_scores(rows: &[[Counts; 2]]) -> Option<SpanScores> {
    if rows.is_empty() {
        return None;
    }
    let column = |at: usize| rows.iter().filter_map(|row| row.get(at).copied()).collect::<Vec<Counts>>();
    Some(SpanScores { exact: set_scores(&column(0)), overlap: set_scores(&column(1)), text_count: rows.len() as u64 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_met_once_and_only_for_its_own_skill() {
        let span = |uri: &str, start, end| Span { start, end, uri: uri.to_owned() };
        let gold = [span("a", 0, 10), span("b", 20, 30), span("c", 40, 45)];
        // Exact a; b twice inside one gold span; d where c is meant; a again where nothing is.
        let found = [("a", 0, 10), ("b", 20, 24), ("b", 25, 30), ("d", 40, 45), ("a", 60, 62)];
        let [exact, overlap] = span_counts(&gold, &found);
        assert_eq!((exact, overlap), ([1, 5, 3], [2, 5, 3]));
        // Touching is not overlapping.
        assert_eq!(span_counts(&gold[..1], &[("a", 10, 12)])[1], [0, 1, 1]);
    }

    #[test]
    fn without_marked_texts_there_is_no_span_score() {
        assert!(span_scores(&[]).is_none());
    }
}
