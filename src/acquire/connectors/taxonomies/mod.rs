//! Formats that taxonomies come in.

pub mod esco;
pub(in crate::acquire) mod esco_api;
pub mod starter;
