//! Weighted shares of the cells that are not split by occupation, with the design-based interval of a post-stratified
//! ratio under clustering by employer (Taylor linearisation; Särndal, Swensson and Wretman 1992, 7.6 and 7.10).
//!
//! With `x_i = 1` when posting i asks, `w_i` its weight and g its employer:
//! `R = sum w x / sum w`, `var(R) = G / (G - 1) sum_g (sum_(i in g) e_i)^2 / (sum w)^2`.
//! In a cell of whole strata `e_i = w_i (x_i - p_h) + m (R_placed - R)` for a posting of stratum h, `x_i - R` for one
//! without, p_h being the share in the stratum and m the mean weight of the placed; elsewhere `e_i = w_i (x_i - R)`.

use crate::measure::adjust::weights::Weights;
use crate::measure::count::cells::{Cells, Scope};
use crate::measure::count::frames::unpack;
use crate::measure::count::intervals::{Clusters, certainty, satterthwaite, wilson, worst_design_effect};
use crate::measure::count::mentions::Asked;
use crate::measure::count::window::Window;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::ops::Range;

/// A share with its interval, on `effective_n` postings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weighted {
    /// Weighted share.
    pub share: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Postings the interval rests on.
    pub effective_n: f64,
    /// Standard error.
    pub error: f64,
}

/// Weighted shares by cell and skill code; a skill nobody asks for in a cell has none.
pub type WeightedShares = FxHashMap<(u32, u32), Weighted>;

/// Where a part's weights lie.
const NOWHERE: u32 = u32::MAX;

/// A cell with weights.
#[derive(Debug, Clone)]
struct Slot {
    cell: u32,
    clusters: Clusters,
    /// `sum_g a_gc^4` by column.
    fourths: Vec<f64>,
    /// `sum w`, and of the placed postings alone.
    total: f64,
    placed_total: f64,
    /// Placed postings.
    placed: f64,
    /// Postings by stratum; empty = not post-stratified.
    strata: Vec<f64>,
    /// `sum_g a_gc a_gd` over columns c, d: strata, placed, unplaced; of one column where it is not post-stratified.
    matrix: Vec<f64>,
}

impl Slot {
    fn columns(&self) -> usize {
        if self.strata.is_empty() { 1 } else { self.strata.len() + 2 }
    }
}

/// What a skill adds up to in a slot.
#[derive(Debug, Clone, Default)]
struct Sums {
    asking: u64,
    /// `sum_g X_g`, `sum_g X_g^2`, X being weighted postings that ask.
    sum: f64,
    squares: f64,
    /// What is taken from each column, so that the rest of an employer is its residual.
    taken: Vec<f64>,
    /// `sum r_g^4` over employers that ask, less what they would have if they did not.
    fourths: f64,
    placed_sum: f64,
    /// Asking postings by stratum.
    by_stratum: Vec<f64>,
    /// `sum_g X_g a_gc`.
    products: Vec<f64>,
}

struct Design<'a> {
    weights: &'a Weights,
    cells: &'a Cells,
    slots: Vec<Slot>,
    /// Slot by part of [`Cells::by_employer`].
    slot_of_part: Vec<u32>,
    /// `sum w` by part.
    weight_of_part: Vec<f64>,
    /// Entries of parts of post-stratified slots: (column, sum).
    entries: FxHashMap<u32, Vec<(u32, f64)>>,
}

/// Weighted share of every skill in every published cell that mixes occupations.
pub fn weighted_shares(asked: &Asked, cells: &Cells, window: &Window, weights: &Weights) -> WeightedShares {
    let design = Design::new(cells, window, weights);
    let runs: Vec<Vec<((u32, u32), Weighted)>> =
        asked.runs().into_par_iter().map(|skills| design.shares(skills, asked)).collect();
    runs.into_iter().flatten().collect()
}

impl<'a> Design<'a> {
    fn new(cells: &'a Cells, window: &Window, weights: &'a Weights) -> Self {
        let mut slot_of_cell = vec![NOWHERE; cells.list.len()];
        let mut slots = Vec::new();
        for ((code, cell), place) in (0..).zip(&cells.list).zip(&mut slot_of_cell) {
            let whole = match cell.scope {
                Scope::Cube { area, period: 0, group: 0 } => weights.is_whole(area),
                Scope::Cube { group: 0, .. } | Scope::Audience(_) => false,
                _ => continue,
            };
            *place = slots.len() as u32;
            let strata = if whole { vec![0.0; weights.stratum_count] } else { Vec::new() };
            let columns = if whole { strata.len() + 2 } else { 1 };
            let matrix = vec![0.0; columns * columns];
            let clusters = cell.clusters;
            let fourths = vec![0.0; columns];
            slots.push(Slot {
                cell: code,
                clusters,
                fourths,
                total: 0.0,
                placed_total: 0.0,
                placed: 0.0,
                strata,
                matrix,
            });
        }
        let slot_of = |cell: &u32| slot_of_cell.get(*cell as usize).copied().unwrap_or(NOWHERE);
        let slot_of_part: Vec<u32> = cells.by_employer.cells.iter().map(slot_of).collect();
        let weight_of_part = vec![0.0; slot_of_part.len()];
        let mut design = Self { weights, cells, slots, slot_of_part, weight_of_part, entries: FxHashMap::default() };
        design.add_postings(window.rows.len() as u32);
        design.square_up();
        design
    }

    /// Shares of a run of skills.
    fn shares(&self, skills: Range<u32>, asked: &Asked) -> Vec<((u32, u32), Weighted)> {
        let mut shares = Vec::new();
        let mut by_part = vec![0.0; self.slot_of_part.len()];
        let mut sums = vec![Sums::default(); self.slots.len()];
        for skill in skills {
            let touched = self.add_up(asked.pairs_of(skill), &mut by_part, &mut sums);
            for slot in touched {
                let Some((slot, sums)) = self.slots.get(slot).zip(sums.get_mut(slot)) else { continue };
                shares.push(((slot.cell, skill), slot.share(&std::mem::take(sums))));
            }
        }
        shares
    }

    fn weight(&self, row: u32) -> (f64, Option<u32>) {
        let at = row as usize;
        let weight = self.weights.by_row.get(at).copied().unwrap_or(1.0);
        (weight, self.weights.stratum_of_row.get(at).copied().flatten())
    }

    fn add_postings(&mut self, row_count: u32) {
        let cells = self.cells;
        for row in 0..row_count {
            let (weight, stratum) = self.weight(row);
            for part in cells.by_employer.parts_of(row) {
                let at = *part as usize;
                let Some(slot) = self.slot_of_part.get(at).and_then(|s| self.slots.get_mut(*s as usize)) else {
                    continue;
                };
                slot.total += weight;
                if let Some(sum) = self.weight_of_part.get_mut(at) {
                    *sum += weight;
                }
                if slot.strata.is_empty() {
                    continue;
                }
                let (placed, unplaced) = (slot.strata.len() as u32, slot.strata.len() as u32 + 1);
                let own = self.entries.entry(*part).or_default();
                match stratum {
                    Some(h) => {
                        slot.placed += 1.0;
                        slot.placed_total += weight;
                        slot.strata.iter_mut().skip(h as usize).take(1).for_each(|n| *n += 1.0);
                        add(own, h, weight);
                        add(own, placed, 1.0);
                    }
                    None => add(own, unplaced, 1.0),
                }
            }
        }
    }

    /// Fills the matrices, part by part.
    fn square_up(&mut self) {
        for part in 0..self.slot_of_part.len() as u32 {
            let mut own: Vec<(u32, f64)> = Vec::new();
            self.each_entry(part, |column, entry| own.push((column, entry)));
            let slot = self.slot_of_part.get(part as usize).and_then(|s| self.slots.get_mut(*s as usize));
            let Some(slot) = slot else { continue };
            let columns = slot.columns();
            for (c, a) in &own {
                slot.fourths.iter_mut().skip(*c as usize).take(1).for_each(|sum| *sum += a.powi(4));
                for (d, b) in &own {
                    let place = *c as usize * columns + *d as usize;
                    slot.matrix.iter_mut().skip(place).take(1).for_each(|sum| *sum += a * b);
                }
            }
        }
    }

    /// Columns of a part: its weight where the slot is not post-stratified.
    fn each_entry(&self, part: u32, mut visit: impl FnMut(u32, f64)) {
        match self.entries.get(&part) {
            Some(entries) => entries.iter().for_each(|(column, entry)| visit(*column, *entry)),
            None => visit(0, self.weight_of_part.get(part as usize).copied().unwrap_or_default()),
        }
    }

    /// Adds up the postings of one skill; gives the slots it is seen in.
    fn add_up(&self, pairs: &[u64], by_part: &mut [f64], sums: &mut [Sums]) -> Vec<usize> {
        let mut parts: Vec<u32> = Vec::new();
        let mut slots: Vec<usize> = Vec::new();
        for row in pairs.iter().map(|pair| unpack(*pair).1) {
            let (weight, stratum) = self.weight(row);
            for part in self.cells.by_employer.parts_of(row) {
                let at = *part as usize;
                let Some(slot) = self.slot_of_part.get(at).copied().filter(|s| *s != NOWHERE) else { continue };
                let (Some(own), Some(sum)) = (by_part.get_mut(at), sums.get_mut(slot as usize)) else { continue };
                if *own == 0.0 {
                    parts.push(*part);
                }
                *own += weight;
                if sum.asking == 0 {
                    slots.push(slot as usize);
                }
                sum.asking += 1;
                let Some(h) = stratum else { continue };
                sum.placed_sum += weight;
                let strata = self.slots.get(slot as usize).map_or(0, |s| s.strata.len());
                sum.by_stratum.resize(strata, 0.0);
                sum.by_stratum.iter_mut().skip(h as usize).take(1).for_each(|n| *n += 1.0);
            }
        }
        let asking = |part: &u32| by_part.get(*part as usize).copied().unwrap_or_default();
        parts.iter().for_each(|part| self.add_part(*part, asking(part), sums));
        for slot in &slots {
            if let Some((slot, sums)) = self.slots.get(*slot).zip(sums.get_mut(*slot)) {
                sums.taken = slot.coefficients(sums);
            }
        }
        parts.iter().for_each(|part| self.add_residual(*part, asking(part), sums));
        parts.into_iter().for_each(|part| by_part.iter_mut().skip(part as usize).take(1).for_each(|x| *x = 0.0));
        slots
    }

    fn sums_of<'s>(&self, part: u32, sums: &'s mut [Sums]) -> Option<(&Slot, &'s mut Sums)> {
        let slot = *self.slot_of_part.get(part as usize)? as usize;
        self.slots.get(slot).zip(sums.get_mut(slot))
    }

    fn add_part(&self, part: u32, asking: f64, sums: &mut [Sums]) {
        let Some((slot, sums)) = self.sums_of(part, sums) else { return };
        sums.sum += asking;
        sums.squares += asking * asking;
        sums.products.resize(slot.columns(), 0.0);
        self.each_entry(part, |column, entry| {
            sums.products.iter_mut().skip(column as usize).take(1).for_each(|sum| *sum += asking * entry);
        });
    }

    fn add_residual(&self, part: u32, asking: f64, sums: &mut [Sums]) {
        let Some((_, sums)) = self.sums_of(part, sums) else { return };
        let (mut rest, mut idle) = (asking, 0.0);
        self.each_entry(part, |column, entry| {
            let taken = sums.taken.get(column as usize).copied().unwrap_or_default() * entry;
            rest -= taken;
            idle += taken.powi(4);
        });
        sums.fourths += rest.powi(4) - idle;
    }
}

fn add(entries: &mut Vec<(u32, f64)>, column: u32, value: f64) {
    match entries.iter_mut().find(|e| e.0 == column) {
        Some(entry) => entry.1 += value,
        None => entries.push((column, value)),
    }
}

impl Slot {
    fn weighted_share(&self, sums: &Sums) -> f64 {
        // Weights add up to the last digit only by luck; all is all.
        let all = sums.asking == self.clusters.base;
        if all { 1.0 } else { (sums.sum / self.total).clamp(0.0, 1.0) }
    }

    /// What is taken from each column, so that the rest of an employer is its residual.
    fn coefficients(&self, sums: &Sums) -> Vec<f64> {
        let share = self.weighted_share(sums);
        if self.strata.is_empty() {
            return vec![share];
        }
        let asking = sums.by_stratum.iter().copied().chain(std::iter::repeat(0.0));
        let mut own: Vec<f64> =
            self.strata.iter().zip(asking).map(|(n, x)| if *n > 0.0 { x / n } else { 0.0 }).collect();
        let placed = if self.placed_total > 0.0 { sums.placed_sum / self.placed_total - share } else { 0.0 };
        let mean = if self.placed > 0.0 { self.placed_total / self.placed } else { 1.0 };
        own.extend([-mean * placed, share]);
        own
    }

    fn share(&self, sums: &Sums) -> Weighted {
        let (share, taken) = (self.weighted_share(sums), &sums.taken);
        let crossed: f64 = taken.iter().zip(&sums.products).map(|(b, p)| b * p).sum();
        let rows = self.matrix.chunks(self.columns()).zip(taken);
        let squared: f64 = rows.map(|(row, b)| b * row.iter().zip(taken).map(|(a, c)| a * c).sum::<f64>()).sum();
        let squares = sums.squares - 2.0 * crossed + squared;
        // Of employers that do not ask, the columns are taken one by one: few have postings in many strata.
        let idle: f64 = taken.iter().zip(&self.fourths).map(|(b, fourth)| b.powi(4) * fourth).sum();
        let groups = self.clusters.count as f64;
        let spread = squares * groups / (groups - 1.0).max(1.0);
        let variance = spread / (self.total * self.total);
        let binomial = share * (1.0 - share);
        let base = self.clusters.base as f64;
        // Nothing to see a variance from: as cautious as if all postings of an employer were the same.
        let seen = binomial > 1e-12 && variance > 1e-15 && self.clusters.count > 1;
        let plain = if seen { binomial / variance } else { base / worst_design_effect(self.clusters) };
        let freedom = satterthwaite(seen.then_some((squares, sums.fourths + idle)), self.clusters);
        let effective_n = plain * certainty(self.clusters, base / plain, freedom);
        let (low, high) = wilson(share, effective_n);
        Weighted { share, low, high, effective_n, error: variance.max(0.0).sqrt() }
    }
}
