//! A trie over numbered words (tokens or stems): the exact and the stem lane walk it.
//!
//! Edges of a node lie side by side, sorted; the root is an array by symbol, since most words of a text start no label.

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::ops::Range;

const NONE: u32 = u32::MAX;

#[derive(Debug, Clone, Default)]
struct Node {
    edges: Range<u32>,
    labels: Range<u32>,
}

/// Sequences of symbols with the labels that end there.
#[derive(Debug, Clone, Default)]
pub struct Trie {
    /// Per symbol: node of the sequence of that one symbol, 0 when none begins with it.
    root: Vec<u32>,
    nodes: Vec<Node>,
    edges: Vec<(u32, u32)>,
    labels: Vec<u32>,
}

/// A position in the trie, behind at least one symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At(NonZeroU32);

impl Trie {
    /// Builds from (sequence, label) pairs in any order; empty sequences are left out.
    pub fn build(mut sequences: Vec<(&[u32], u32)>) -> Self {
        sequences.retain(|(s, _)| !s.is_empty());
        sequences.sort_unstable();
        let mut trie = Self::default();
        let mut queue = VecDeque::from([(0..sequences.len(), 0, NONE)]);
        while let Some((range, depth, node)) = queue.pop_front() {
            trie.add_node(&sequences, range, depth, node, &mut queue);
        }
        let symbols = trie.edges_of_root().iter().map(|(s, _)| *s as usize + 1).max().unwrap_or(0);
        trie.root = vec![0; symbols];
        for (symbol, node) in trie.edges_of_root().to_vec() {
            if let Some(slot) = trie.root.get_mut(symbol as usize) {
                *slot = node;
            }
        }
        trie
    }

    /// Fills a node with the sequences of `range`, which agree on their first `depth` symbols.
    fn add_node(
        &mut self,
        sequences: &[(&[u32], u32)],
        range: Range<usize>,
        depth: usize,
        node: u32,
        queue: &mut VecDeque<(Range<usize>, usize, u32)>,
    ) {
        let node = if node == NONE { self.new_node() } else { node };
        let label_start = mark(self.labels.len());
        let mut at = range.start;
        while at < range.end && sequences[at].0.len() == depth {
            self.labels.push(sequences[at].1);
            at += 1;
        }
        let edge_start = mark(self.edges.len());
        while at < range.end {
            let symbol = sequences[at].0[depth];
            let same = sequences[at..range.end].iter().take_while(|(s, _)| s[depth] == symbol).count();
            let child = self.new_node();
            self.edges.push((symbol, child));
            queue.push_back((at..at + same, depth + 1, child));
            at += same;
        }
        self.nodes[node as usize] =
            Node { edges: edge_start..mark(self.edges.len()), labels: label_start..mark(self.labels.len()) };
    }

    fn new_node(&mut self) -> u32 {
        self.nodes.push(Node::default());
        mark(self.nodes.len() - 1)
    }

    fn edges_of_root(&self) -> &[(u32, u32)] {
        self.nodes.first().map_or(&[], |n| slice(&self.edges, &n.edges))
    }

    /// The position behind a first symbol.
    #[inline]
    pub fn first(&self, symbol: u32) -> Option<At> {
        self.root.get(symbol as usize).and_then(|n| at_node(*n))
    }

    /// The position behind one more symbol.
    #[inline]
    pub fn next(&self, at: At, symbol: u32) -> Option<At> {
        let edges = slice(&self.edges, &self.nodes.get(at.0.get() as usize)?.edges);
        if edges.len() <= 8 {
            return edges.iter().find(|(s, _)| *s == symbol).and_then(|(_, n)| at_node(*n));
        }
        edges.binary_search_by_key(&symbol, |(s, _)| *s).ok().and_then(|i| edges.get(i)).and_then(|(_, n)| at_node(*n))
    }

    /// Labels that end here, in ascending order.
    #[inline]
    pub fn labels(&self, at: At) -> &[u32] {
        self.nodes.get(at.0.get() as usize).map_or(&[], |n| slice(&self.labels, &n.labels))
    }
}

/// Node 0 is the root, which is no position.
fn at_node(node: u32) -> Option<At> {
    NonZeroU32::new(node).map(At)
}

fn mark(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(NONE)
}

fn slice<'a, T>(items: &'a [T], range: &Range<u32>) -> &'a [T] {
    items.get(range.start as usize..range.end as usize).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(trie: &Trie, sequence: &[u32]) -> Vec<u32> {
        let mut at = sequence.first().and_then(|s| trie.first(*s));
        for symbol in sequence.iter().skip(1) {
            at = at.and_then(|a| trie.next(a, *symbol));
        }
        at.map(|a| trie.labels(a).to_vec()).unwrap_or_default()
    }

    #[test]
    fn every_sequence_is_found_and_no_prefix_of_one() {
        let many: Vec<Vec<u32>> = (0..40).map(|i| vec![7, i, 3]).collect();
        let mut sequences: Vec<(&[u32], u32)> = many.iter().zip(100..).map(|(s, l)| (s.as_slice(), l)).collect();
        sequences.extend([(&[1, 2, 3][..], 0), (&[1, 2], 1), (&[1, 2], 2), (&[9], 3), (&[], 4)]);
        let trie = Trie::build(sequences);
        assert_eq!(find(&trie, &[1, 2]), [1, 2]);
        assert_eq!(find(&trie, &[1, 2, 3]), [0]);
        assert_eq!(find(&trie, &[9]), [3]);
        assert_eq!(find(&trie, &[7, 33, 3]), [133]);
        assert!(find(&trie, &[1]).is_empty() && find(&trie, &[1, 2, 3, 4]).is_empty() && find(&trie, &[77]).is_empty());
    }
}
