//! Postings that a service gave more than once: of two texts under one key the newest set of answers decides, as boards
//! correct what they show. Two texts within one set stay a conflict.

use crate::acquire::services::{self, Service};
use crate::clean::DuplicateOutcome;
use crate::pipeline::fetch::SourceRecord;
use crate::pipeline::{Run, RunError, SourceKind};
use crate::types::{Duplicate, DuplicateKind, Origin, PostingId, SnapshotId, SourceId};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// The postings of services by id, with the set of answers each is of.
#[derive(Debug, Default)]
pub(super) struct Versions {
    /// By source and snapshot, the number of the newest set that holds it.
    sets: BTreeMap<SourceId, BTreeMap<SnapshotId, usize>>,
    /// By id, number and set of each posting.
    seen: BTreeMap<PostingId, Vec<(usize, usize)>>,
    /// Postings by set, of sources that show only their newest ones.
    feeds: BTreeMap<SourceId, BTreeMap<usize, BTreeSet<PostingId>>>,
}

impl Versions {
    /// For the sets that are kept of a plan's services.
    ///
    /// # Errors
    /// When the record of a source cannot be read.
    pub(super) fn of(run: &Run<'_>) -> Result<Self, RunError> {
        let mut versions = Self::default();
        for source in run.plan.of_kind(SourceKind::Postings).filter(|s| s.service.is_some()) {
            let record = SourceRecord::of(run.plan.name.as_str(), run.data, source.id.as_str())?;
            let service = source.service.as_deref().and_then(services::named);
            if service.is_some_and(Service::shows_newest_only) {
                versions.feeds.insert(source.id.clone(), BTreeMap::new());
            }
            let sets = versions.sets.entry(source.id.clone()).or_default();
            // A later set takes the place of an earlier one that held the same answer.
            for (number, edition) in record.editions.iter().enumerate().filter(|(_, e)| e.purged_on.is_none()) {
                sets.extend(edition.records().map(|(_, snapshot)| (snapshot.clone(), number)));
            }
        }
        Ok(versions)
    }

    /// Takes note of a posting, by its number.
    pub(super) fn add(&mut self, origin: &Origin, id: &PostingId, number: usize) {
        let set = self.sets.get(&origin.source).and_then(|sets| sets.get(&origin.snapshot));
        let Some(set) = set else { return };
        self.seen.entry(id.clone()).or_default().push((number, *set));
        if let Some(feed) = self.feeds.get_mut(&origin.source) {
            feed.entry(*set).or_default().insert(id.clone());
        }
    }

    /// Feeds whose newest set shares no posting with the one before it: some may have come and gone unseen in between.
    pub(super) fn torn(&self) -> impl Iterator<Item = &SourceId> {
        let is_torn = |sets: &BTreeMap<usize, BTreeSet<PostingId>>| {
            let mut newest = sets.iter().rev();
            let (Some((last, new)), Some((before, old))) = (newest.next(), newest.next()) else { return false };
            *last == before + 1 && new.is_disjoint(old)
        };
        self.feeds.iter().filter(move |(_, sets)| is_torn(sets)).map(|(source, _)| source)
    }

    /// Lets the newest text of a key stand for the older ones, which merge into it.
    pub(super) fn settle(&self, outcome: &mut DuplicateOutcome) {
        let conflicts: BTreeSet<usize> = outcome.conflicts.iter().copied().collect();
        let (mut settled, mut moved) = (BTreeSet::new(), BTreeMap::new());
        for (id, versions) in &self.seen {
            let is_conflict = |number: &usize| conflicts.contains(number);
            if !versions.iter().any(|(number, _)| is_conflict(number)) {
                continue;
            }
            let newest = versions.iter().max_by_key(|(number, set)| (*set, !is_conflict(number), Reverse(*number)));
            let Some((newest, last)) = newest.copied() else { continue };
            let winner = |number: usize| outcome.winner.get(number).copied().unwrap_or(number);
            let stands = if is_conflict(&newest) {
                settled.insert(newest);
                // Where the older text stood for others, the newest one now does.
                let old = versions.iter().find(|(number, _)| !is_conflict(number)).map(|(number, _)| winner(*number));
                if let Some(old) = old.filter(|old| versions.iter().any(|(number, _)| number == old)) {
                    moved.insert(old, newest);
                    outcome.duplicates.push(superseded(id));
                }
                newest
            } else {
                winner(newest)
            };
            for (number, set) in versions.iter().filter(|(number, _)| is_conflict(number) && *number != newest) {
                if *set < last {
                    settled.insert(*number);
                    moved.insert(*number, stands);
                    outcome.duplicates.push(superseded(id));
                }
            }
        }
        // A text that moved may have stood for one that moves on.
        for winner in &mut outcome.winner {
            while let Some(next) = moved.get(&*winner) {
                *winner = *next;
            }
        }
        outcome.conflicts.retain(|number| !settled.contains(number));
        outcome.duplicates.sort_by(|a, b| (&a.kept, &a.duplicate, a.kind).cmp(&(&b.kept, &b.duplicate, b.kind)));
    }
}

/// An older text of the same key. That it is too unlike to merge by its words is why it is here.
fn superseded(id: &PostingId) -> Duplicate {
    Duplicate { kept: id.clone(), duplicate: id.clone(), kind: DuplicateKind::SameKey, similarity: 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ids and sets of postings in the order they were read, and the outcome before the sets are looked at.
    fn settled(postings: &[(&str, usize)], winner: &[usize], conflicts: &[usize]) -> (Vec<usize>, Vec<usize>, usize) {
        let source = SourceId::new("board").unwrap();
        let snapshot = |set: usize| SnapshotId(set.to_string());
        let sets = (0..9).map(|set| (snapshot(set), set)).collect();
        let mut versions = Versions { sets: BTreeMap::from([(source.clone(), sets)]), ..Versions::default() };
        for (number, (id, set)) in postings.iter().enumerate() {
            let origin = Origin { source: source.clone(), snapshot: snapshot(*set), record: 1 };
            versions.add(&origin, &PostingId((*id).to_owned()), number);
        }
        let mut outcome =
            DuplicateOutcome { winner: winner.to_vec(), conflicts: conflicts.to_vec(), ..DuplicateOutcome::default() };
        versions.settle(&mut outcome);
        (outcome.winner, outcome.conflicts, outcome.duplicates.len())
    }

    #[test]
    fn a_corrected_text_takes_the_place_of_the_older_one_and_of_all_it_stood_for() {
        // The third is a copy of the first on another board.
        let found = settled(&[("a", 0), ("a", 1), ("b", 0)], &[0, 1, 0], &[1]);
        assert_eq!(found, (vec![1, 1, 1], vec![], 1));
        // Whichever is told first: a page that did not change is read with the set it first came in.
        assert_eq!(settled(&[("a", 1), ("a", 0)], &[0, 1], &[1]), (vec![0, 0], vec![], 1));
    }

    #[test]
    fn a_feed_whose_newest_postings_are_all_new_may_have_missed_some() {
        let source = SourceId::new("feed").unwrap();
        let torn = |postings: &[(&str, usize)]| {
            let sets = (0..9).map(|set| (SnapshotId(set.to_string()), set)).collect();
            let feeds = BTreeMap::from([(source.clone(), BTreeMap::new())]);
            let mut versions =
                Versions { sets: BTreeMap::from([(source.clone(), sets)]), feeds, ..Versions::default() };
            for (number, (id, set)) in postings.iter().enumerate() {
                let origin = Origin { source: source.clone(), snapshot: SnapshotId(set.to_string()), record: 1 };
                versions.add(&origin, &PostingId((*id).to_owned()), number);
            }
            versions.torn().count()
        };
        assert_eq!(torn(&[("a", 0), ("b", 0), ("c", 1), ("d", 1)]), 1);
        assert_eq!(torn(&[("a", 0), ("b", 0), ("b", 1), ("d", 1)]), 0);
        assert_eq!(torn(&[("a", 0), ("b", 0)]), 0);
    }

    #[test]
    fn of_many_texts_the_newest_stands() {
        let found = settled(&[("a", 0), ("a", 1), ("a", 2), ("a", 3)], &[0, 1, 2, 0], &[1, 2]);
        assert_eq!(found, (vec![0, 0, 0, 0], vec![], 2));
        assert_eq!(settled(&[("a", 0), ("a", 1), ("a", 2)], &[0, 1, 2], &[1, 2]), (vec![2, 2, 2], vec![], 2));
    }

    #[test]
    fn two_texts_of_one_key_in_one_set_stay_a_conflict_and_files_are_left_alone() {
        assert_eq!(settled(&[("a", 1), ("a", 1)], &[0, 1], &[1]), (vec![0, 1], vec![1], 0));
        assert_eq!(settled(&[("a", 9), ("a", 10)], &[0, 1], &[1]), (vec![0, 1], vec![1], 0));
        // The text that stood so far was merged into another posting, and stays there.
        assert_eq!(settled(&[("b", 0), ("a", 0), ("a", 1)], &[0, 0, 2], &[2]), (vec![0, 0, 2], vec![], 0));
    }
}
