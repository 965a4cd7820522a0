//! One file per format, by what it gives. Each reads records from a reader and gives them to a sink.

pub mod credentials;
pub mod postings;
pub mod statistics;
pub mod taxonomies;
