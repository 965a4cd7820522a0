//! From pairs of like texts to winners: which posting stands for which, and how they are alike.

use super::pairs::jaccard;
use super::{Deduplicator, Entry};
use crate::store::StoreError;
use crate::types::{Duplicate, DuplicateKind};
use rustc_hash::FxHashMap;

/// Two distinct texts found alike, by text number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TextPair {
    /// Text whose first posting is earlier.
    pub first: u32,
    /// The other.
    pub second: u32,
    /// Word-3-gram Jaccard similarity.
    pub similarity: f32,
}

/// What became of every posting that was added.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DuplicateOutcome {
    /// Per posting number: the number of the posting that stands for it; its own when it is kept.
    pub winner: Vec<usize>,
    /// Posting numbers, earliest first: the order to merge in.
    pub order: Vec<usize>,
    /// One row per merged posting, and one per `Partial` posting that was kept; sorted by ids.
    pub duplicates: Vec<Duplicate>,
    /// Postings with the id of an earlier one and another text: to be rejected as conflicting keys.
    pub conflicts: Vec<usize>,
    /// Per posting number: the number of its text.
    pub text: Vec<u32>,
    /// Verified pairs of distinct texts, for those who want all pairs and not only winners.
    pub text_pairs: Vec<TextPair>,
}

impl DuplicateOutcome {
    /// Postings merged into another.
    pub fn merged_count(&self) -> usize {
        self.winner.iter().enumerate().filter(|(number, winner)| number != *winner).count()
    }

    /// All pairs of postings with like texts, smaller number first, sorted; in groups of over `most` postings with one
    /// text only the pairs with the group's first posting.
    pub fn posting_pairs(&self, most: usize) -> Vec<(usize, usize, f32)> {
        let mut members: FxHashMap<u32, Vec<usize>> = FxHashMap::default();
        for number in &self.order {
            members.entry(self.text.get(*number).copied().unwrap_or_default()).or_default().push(*number);
        }
        let mut pairs = Vec::new();
        let mut push = |a: usize, b: usize, s: f32| pairs.push((a.min(b), a.max(b), s));
        for group in members.values() {
            let reach = if group.len() <= most { group.len() } else { 1 };
            for (at, a) in group.iter().enumerate().take(reach) {
                group.iter().skip(at + 1).for_each(|b| push(*a, *b, 1.0));
            }
        }
        for pair in &self.text_pairs {
            let (Some(left), Some(right)) = (members.get(&pair.first), members.get(&pair.second)) else { continue };
            for a in left.iter().take(most) {
                right.iter().take(most).for_each(|b| push(*a, *b, pair.similarity));
            }
        }
        pairs.sort_unstable_by_key(|pair| (pair.0, pair.1));
        pairs
    }
}

/// Earliest publication first (unknown last), then source order and record, then what else tells two apart.
pub(super) fn total_order(entries: &[Entry]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..u32::try_from(entries.len()).unwrap_or(u32::MAX)).collect();
    let key = |number: &u32| {
        entries
            .get(*number as usize)
            .map(|e| (e.posted_on.is_none(), e.posted_on, e.source_order, e.record, &e.id, e.employer))
    };
    order.sort_by(|a, b| key(a).cmp(&key(b)));
    order
}

/// Text numbers in the order of their first posting.
pub(super) fn texts_by_rank(entries: &[Entry], order: &[u32], text_count: usize) -> Vec<u32> {
    let mut seen = vec![false; text_count];
    let mut ranked = Vec::with_capacity(text_count);
    for text in order.iter().filter_map(|n| entries.get(*n as usize)).map(|e| e.text) {
        if let Some(slot) = seen.get_mut(text as usize).filter(|s| !**s) {
            *slot = true;
            ranked.push(text);
        }
    }
    ranked
}

/// Winners by what a later posting must agree with. Employers and areas agree when equal, when one lies in the other,
/// or when one is unknown; look-ups instead of comparisons keep a text that a thousand employers use linear.
#[derive(Default)]
struct Winners {
    by_key: FxHashMap<(u32, Place, Place), u32>,
    first_of_text: FxHashMap<u32, u32>,
}

/// A point in a hierarchy (employer below "unknown"; area below its country below "unknown"), as a look-up key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    /// Winners exactly here.
    At(u64),
    /// Winners here or below.
    Below(u64),
}

/// `chain`: the point and all points above it, narrowest first, without the root "unknown", which is 0.
fn register(chain: &[u64]) -> Vec<Place> {
    let own = chain.first().copied().unwrap_or(0);
    let mut keys = vec![Place::At(own), Place::Below(0)];
    keys.extend(chain.iter().map(|point| Place::Below(*point)));
    keys
}

fn enquire(chain: &[u64]) -> Vec<Place> {
    let own = chain.first().copied().unwrap_or(0);
    let mut keys = vec![Place::Below(own)];
    keys.extend(chain.iter().skip(1).map(|point| Place::At(*point)));
    if !chain.is_empty() {
        keys.push(Place::At(0));
    }
    keys
}

impl Winners {
    fn insert(&mut self, text: u32, employer: &[u64], area: &[u64], position: u32) {
        self.first_of_text.entry(text).or_insert(position);
        for e in register(employer) {
            for a in register(area) {
                self.by_key.entry((text, e, a)).or_insert(position);
            }
        }
    }

    /// Position of the earliest agreeing winner with this text.
    fn agreeing(&self, text: u32, employer: &[u64], area: &[u64]) -> Option<u32> {
        let areas = enquire(area);
        let keys = enquire(employer).into_iter().flat_map(|e| areas.iter().map(move |a| (text, e, *a)));
        keys.filter_map(|key| self.by_key.get(&key).copied()).min()
    }
}

/// How a posting was placed: the winner's position in the order, the kind, the similarity.
struct Placed {
    position: u32,
    kind: DuplicateKind,
    similarity: f32,
}

struct Decider<'a> {
    entries: &'a [Entry],
    chains: &'a [Vec<u64>],
    order: &'a [u32],
    /// Per text: like texts with their similarity.
    near: FxHashMap<u32, Vec<(u32, f32)>>,
    /// Postings per text.
    sizes: Vec<u32>,
    winners: Winners,
}

impl<'a> Decider<'a> {
    fn entry(&self, position: u32) -> Option<&'a Entry> {
        self.order.get(position as usize).and_then(|number| self.entries.get(*number as usize))
    }

    /// Places a posting: merged, kept beside a like one (`Partial`), or a winner like no other.
    fn place(&mut self, entry: &Entry, position: u32) -> Option<Placed> {
        let near = self.near.get(&entry.text).map(Vec::as_slice).unwrap_or_default();
        let lonely = near.is_empty() && self.sizes.get(entry.text as usize).is_none_or(|n| *n < 2);
        if lonely {
            return None;
        }
        let employer: &[u64] = if entry.employer == 0 { &[] } else { std::slice::from_ref(&entry.employer) };
        let area = self.chains.get(entry.area as usize).map(Vec::as_slice).unwrap_or_default();
        let texts = || std::iter::once((entry.text, 1.0f32)).chain(near.iter().copied());
        let earliest = |find: &dyn Fn(u32) -> Option<u32>| {
            let hits = texts().filter_map(|(text, similarity)| find(text).map(|p| (text != entry.text, p, similarity)));
            hits.min_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)))
        };
        if let Some((other_text, at, similarity)) = earliest(&|text| self.winners.agreeing(text, employer, area)) {
            let kind = if other_text { DuplicateKind::Near } else { self.same_text_kind(entry, at) };
            return Some(Placed { position: at, kind, similarity });
        }
        let beside = earliest(&|text| self.winners.first_of_text.get(&text).copied());
        self.winners.insert(entry.text, employer, area, position);
        beside.map(|(_, at, similarity)| Placed { position: at, kind: DuplicateKind::Partial, similarity })
    }

    fn same_text_kind(&self, entry: &Entry, winner: u32) -> DuplicateKind {
        let reposted = self.entry(winner).is_some_and(|w| {
            w.board == entry.board
                && w.posted_on.is_some()
                && entry.posted_on.is_some()
                && w.posted_on != entry.posted_on
        });
        if reposted { DuplicateKind::Repost } else { DuplicateKind::Exact }
    }
}

fn sizes(entries: &[Entry], text_count: usize) -> Vec<u32> {
    let mut sizes = vec![0; text_count];
    for entry in entries {
        if let Some(size) = sizes.get_mut(entry.text as usize) {
            *size += 1;
        }
    }
    sizes
}

/// Walks the postings from the earliest on.
pub(super) fn decide(
    mut all: Deduplicator,
    order: Vec<u32>,
    text_pairs: Vec<TextPair>,
) -> Result<DuplicateOutcome, StoreError> {
    let entries = std::mem::take(&mut all.entries);
    let chains = std::mem::take(&mut all.area_chains);
    let mut near: FxHashMap<u32, Vec<(u32, f32)>> = FxHashMap::default();
    for pair in &text_pairs {
        near.entry(pair.first).or_default().push((pair.second, pair.similarity));
        near.entry(pair.second).or_default().push((pair.first, pair.similarity));
    }
    let sizes = sizes(&entries, all.texts.len());
    let mut decider =
        Decider { entries: &entries, chains: &chains, order: &order, near, sizes, winners: Winners::default() };
    let mut outcome = DuplicateOutcome {
        winner: (0..entries.len()).collect(),
        order: order.iter().map(|n| *n as usize).collect(),
        text: entries.iter().map(|e| e.text).collect(),
        text_pairs,
        ..DuplicateOutcome::default()
    };
    let mut first_of_id: FxHashMap<&str, u32> = FxHashMap::default();
    for (position, number) in (0u32..).zip(&order) {
        let Some(entry) = entries.get(*number as usize) else { continue };
        let placed = match first_of_id.get(entry.id.0.as_str()).and_then(|at| decider.entry(*at).map(|e| (*at, e))) {
            Some((at, first)) => match similarity(&mut all, first.text, entry.text)? {
                alike if alike >= all.threshold => {
                    Some(Placed { position: at, kind: DuplicateKind::SameKey, similarity: alike as f32 })
                }
                _ => {
                    outcome.conflicts.push(*number as usize);
                    continue;
                }
            },
            None => {
                first_of_id.insert(&entry.id.0, position);
                decider.place(entry, position)
            }
        };
        if let Some(placed) = placed {
            record(&mut outcome, &entries, *number as usize, &placed);
        }
    }
    outcome.conflicts.sort_unstable();
    outcome.duplicates.sort_by(|a, b| (&a.kept, &a.duplicate, a.kind).cmp(&(&b.kept, &b.duplicate, b.kind)));
    Ok(outcome)
}

fn record(outcome: &mut DuplicateOutcome, entries: &[Entry], number: usize, placed: &Placed) {
    let like = outcome.order.get(placed.position as usize).copied().unwrap_or(number);
    // The first posting of an id may itself have been merged.
    let kept = outcome.winner.get(like).copied().unwrap_or(like);
    if placed.kind.merges()
        && let Some(slot) = outcome.winner.get_mut(number)
    {
        *slot = kept;
    }
    let (Some(first), Some(second)) = (entries.get(kept), entries.get(number)) else { return };
    outcome.duplicates.push(Duplicate {
        kept: first.id.clone(),
        duplicate: second.id.clone(),
        kind: placed.kind,
        similarity: placed.similarity,
    });
}

fn similarity(all: &mut Deduplicator, a: u32, b: u32) -> Result<f64, StoreError> {
    if a == b {
        return Ok(1.0);
    }
    let (Some(first), Some(second)) = (all.texts.get(a as usize), all.texts.get(b as usize)) else { return Ok(0.0) };
    let (mut left, mut right) = (Vec::new(), Vec::new());
    all.spill.read(first.set, &mut left)?;
    all.spill.read(second.set, &mut right)?;
    Ok(jaccard(&left, &right))
}
