//! Occupations, sectors, areas and pay.

pub mod occupations;
pub mod pay;
pub mod sectors;
pub mod specialisation;
pub mod transition;
