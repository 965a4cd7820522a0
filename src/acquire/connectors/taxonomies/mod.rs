//! Formats that taxonomies come in.

pub mod esco;
pub mod starter;
