//! What changes: growth on the panel, and what stands beside it.

pub mod breaks;
pub mod newcomers;
pub mod paired;
pub mod sensitivity;
pub mod stock;
pub mod trends;
