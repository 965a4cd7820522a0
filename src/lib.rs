//! Open labour-market skills intelligence: which skills do postings ask for, and which of them does a portfolio of
//! micro-credentials teach?
//!
//! Six stages run in alphabetical order, with plain files between them:
//! [`acquire`] -> [`clean`] -> [`extract`] -> [`link`] -> [`measure`] -> [`report`]. [`pipeline`] tells the story on one screen.

#![cfg_attr(test, allow(clippy::disallowed_methods))]

pub mod acquire;
pub mod checks;
pub mod clean;
pub mod cli;
pub mod embed;
pub mod evaluate;
pub mod extract;
pub mod lexicon;
pub mod link;
pub mod measure;
pub mod pipeline;
pub mod report;
pub mod store;
pub mod train;
pub mod types;
