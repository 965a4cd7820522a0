//! A table of figures whose cells stand in the order of its dimensions, the last one running fastest.

use super::AcquireError;
use super::dimensions::{Dimension, Role, settle};
use crate::types::{NumberStyle, Origin, RawObservation};

/// An item of a dimension.
#[derive(Debug, Clone, Default)]
pub(super) struct Item {
    pub(super) code: String,
    pub(super) label: String,
    /// Its own unit, where the table has several.
    pub(super) unit: Option<String>,
}

/// A dimension and its items.
#[derive(Debug, Clone)]
pub(super) struct Axis {
    pub(super) dimension: Dimension,
    pub(super) items: Vec<Item>,
}

/// What all cells of a table share.
#[derive(Debug, Clone)]
pub(super) struct Cube {
    pub(super) indicator: String,
    pub(super) unit: String,
    pub(super) note: Option<String>,
    pub(super) numbers: NumberStyle,
    axes: Vec<Axis>,
    /// Number of cells.
    pub(super) cells: u64,
}

impl Cube {
    /// # Errors
    /// When there is no dimension of time, or one without items, or more cells than can be counted.
    pub(super) fn new(file: &str, mut axes: Vec<Axis>) -> Result<Self, AcquireError> {
        let mut dimensions: Vec<Dimension> = axes.iter().map(|axis| axis.dimension.clone()).collect();
        settle(&mut dimensions);
        for (axis, dimension) in axes.iter_mut().zip(dimensions) {
            axis.dimension = dimension;
        }
        let refuse = |problem: String| AcquireError::content(file, problem, "obtain the table with all its dimensions");
        if !axes.iter().any(|axis| axis.dimension.role == Role::Time) {
            let names: Vec<&str> = axes.iter().map(|axis| axis.dimension.name.as_str()).collect();
            return Err(refuse(format!("has no dimension of time among {}", names.join(", "))));
        }
        let cells = axes.iter().try_fold(1_u64, |cells, axis| cells.checked_mul(axis.items.len() as u64));
        match cells {
            Some(0) | None => Err(refuse("has a dimension without items, or more cells than can be read".to_owned())),
            Some(cells) => {
                let (indicator, unit) = (String::new(), String::new());
                Ok(Self { indicator, unit, note: None, numbers: NumberStyle::Point, axes, cells })
            }
        }
    }

    /// The figure at a place of the flat order; its value and status are still open.
    pub(super) fn at(&self, flat: u64, origin: Origin) -> RawObservation {
        let mut raw = RawObservation::at(origin);
        self.indicator.clone_into(&mut raw.indicator);
        self.unit.clone_into(&mut raw.unit);
        self.note.clone_into(&mut raw.note);
        raw.numbers = self.numbers;
        let mut below = self.cells;
        for axis in &self.axes {
            let count = (axis.items.len() as u64).max(1);
            below = (below / count).max(1);
            let Some(item) = usize::try_from(flat / below % count).ok().and_then(|at| axis.items.get(at)) else {
                continue;
            };
            axis.dimension.put(&mut raw, &item.code, &item.label);
            if let Some(unit) = &item.unit {
                unit.clone_into(&mut raw.unit);
            }
        }
        raw
    }
}

/// Notes are repeated with every figure: the beginning of a long one is enough to find it by.
pub(super) fn note(parts: impl IntoIterator<Item = String>) -> Option<String> {
    let parts: Vec<String> = parts.into_iter().map(|part| part.trim().to_owned()).filter(|p| !p.is_empty()).collect();
    let whole = parts.join(" | ");
    let cut = whole.char_indices().nth(MOST_NOTE).map(|(at, _)| at);
    let short = cut.and_then(|at| whole.get(..at)).map(|start| format!("{start}…"));
    (!whole.is_empty()).then(|| short.unwrap_or(whole))
}

const MOST_NOTE: usize = 300;
