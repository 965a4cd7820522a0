//! Skills asked for together as communities no larger than the plan allows.

use super::together::place_of;
use kodama::{Dendrogram, Method, linkage};

/// Least mean association across the two halves of a community: under it they have too little to do with each other.
const LEAST_ASSOCIATION: f64 = 0.1;

/// Communities of `count` skills as lists of their places, each sorted; `strengths` of the pairs in the order of
/// [`place_of`], 0..=1.
///
/// Average linkage (Sokal and Michener 1958) on `1 - strength`. Walking down from the root, the first branch that is
/// held together well enough and has at most `most` skills is a community; one with fewer than `least` is none.
pub fn communities(strengths: &[f64], count: usize, least: usize, most: usize) -> Vec<Vec<usize>> {
    if count < 2 {
        return Vec::new();
    }
    let mut distances: Vec<f64> = strengths.iter().map(|s| 1.0 - s).collect();
    let tree = linkage(&mut distances, count, Method::Average);
    let mut found = Vec::new();
    let mut open = vec![count + tree.len() - 1];
    while let Some(node) = open.pop() {
        let Some(step) = node.checked_sub(count).and_then(|i| tree.steps().get(i)) else { continue };
        if step.size < least {
            continue;
        }
        if step.size <= most && step.dissimilarity <= 1.0 - LEAST_ASSOCIATION {
            found.push(leaves(&tree, node, count));
        } else {
            open.extend([step.cluster1, step.cluster2]);
        }
    }
    found.sort_unstable();
    found
}

fn leaves(tree: &Dendrogram<f64>, node: usize, count: usize) -> Vec<usize> {
    let (mut leaves, mut open) = (Vec::new(), vec![node]);
    while let Some(node) = open.pop() {
        match node.checked_sub(count).and_then(|i| tree.steps().get(i)) {
            Some(step) => open.extend([step.cluster1, step.cluster2]),
            None => leaves.push(node),
        }
    }
    leaves.sort_unstable();
    leaves
}

/// Mean association of each member with the others, in the order of the members.
pub fn cohesion(members: &[usize], strengths: &[f64], count: usize) -> Vec<f64> {
    let strength = |one: usize, other: usize| {
        let place = place_of(one.min(other), one.max(other), count);
        strengths.get(place).copied().unwrap_or_default()
    };
    let others = members.len().saturating_sub(1).max(1) as f64;
    let mean = |one: &usize| members.iter().filter(|m| *m != one).map(|m| strength(*one, *m)).sum::<f64>() / others;
    members.iter().map(mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Skills 0-2 and 3-4 are asked for together, 5 alone; 2 and 3 share a little.
    fn strengths() -> Vec<f64> {
        let mut strengths = vec![0.0; 15];
        for (one, other, strength) in [(0, 1, 0.8), (0, 2, 0.6), (1, 2, 0.7), (3, 4, 0.5), (2, 3, 0.2)] {
            strengths[place_of(one, other, 6)] = strength;
        }
        strengths
    }

    /// `scipy.cluster.hierarchy.linkage(1 - strengths, "average")` of scipy 1.17.1 merges 0-1 at 0.2, 2 at 0.35, 3-4 at
    /// 0.5, both at 0.9667 and 5 at 1.
    #[test]
    fn a_community_is_the_largest_branch_that_holds_together_and_fits() {
        assert_eq!(communities(&strengths(), 6, 2, 6), [vec![0, 1, 2], vec![3, 4]]);
        assert_eq!(communities(&strengths(), 6, 3, 6), [vec![0, 1, 2]]);
        assert_eq!(communities(&strengths(), 6, 2, 2), [vec![0, 1], vec![3, 4]]);
        assert!(communities(&strengths(), 6, 2, 1).is_empty() && communities(&[], 1, 2, 6).is_empty());
        assert!(communities(&[0.0; 15], 6, 2, 6).is_empty() && communities(&[], 0, 2, 6).is_empty());
    }

    #[test]
    fn cohesion_is_the_mean_with_the_others() {
        let found = cohesion(&[0, 1, 2], &strengths(), 6);
        let right = [0.7, 0.75, 0.65];
        assert!(found.iter().zip(right).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?}");
    }
}
