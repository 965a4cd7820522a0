//! A table of parameters, learned row by row (Adam; Kingma & Ba 2015, moments of rows that are touched only).

use rayon::prelude::*;

const FIRST: f32 = 0.9;
const SECOND: f32 = 0.98;
const TINY: f32 = 1e-7;

/// Rows of numbers with their moments.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) dim: usize,
    pub(crate) values: Vec<f32>,
    first: Vec<f32>,
    second: Vec<f32>,
    gradient: Vec<f32>,
    touched: Vec<u32>,
    is_touched: Vec<bool>,
}

impl Table {
    pub(crate) fn new(dim: usize, values: Vec<f32>) -> Self {
        let zeros = vec![0.0; values.len()];
        let rows = values.len() / dim.max(1);
        Self {
            dim,
            first: zeros.clone(),
            second: zeros.clone(),
            gradient: zeros,
            values,
            touched: Vec::new(),
            is_touched: vec![false; rows],
        }
    }

    pub(crate) fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.dim..(row + 1) * self.dim]
    }

    /// Adds `factor * vector` to the gradient of a row.
    pub(crate) fn push(&mut self, row: usize, factor: f32, vector: &[f32]) {
        if !self.is_touched[row] {
            self.is_touched[row] = true;
            self.touched.push(row as u32);
        }
        let gradient = &mut self.gradient[row * self.dim..(row + 1) * self.dim];
        gradient.iter_mut().zip(vector).for_each(|(g, v)| *g += factor * v);
    }

    /// Moves the touched rows against their gradient; `step` counts from 1.
    pub(crate) fn step(&mut self, rate: f32, step: i32) {
        let (one, two) = (1.0 - FIRST.powi(step), 1.0 - SECOND.powi(step));
        let dim = self.dim;
        let is_touched = &self.is_touched;
        let rows = (
            self.values.par_chunks_mut(dim),
            self.first.par_chunks_mut(dim),
            self.second.par_chunks_mut(dim),
            self.gradient.par_chunks_mut(dim),
        );
        rows.into_par_iter().enumerate().with_min_len(4096).for_each(|(row, (values, first, second, gradient))| {
            if !is_touched[row] {
                return;
            }
            for k in 0..dim {
                let g = gradient[k];
                first[k] = FIRST * first[k] + (1.0 - FIRST) * g;
                second[k] = SECOND * second[k] + (1.0 - SECOND) * g * g;
                values[k] -= rate * (first[k] / one) / ((second[k] / two).sqrt() + TINY);
                gradient[k] = 0.0;
            }
        });
        for row in self.touched.drain(..) {
            self.is_touched[row as usize] = false;
        }
    }
}
