//! Open labour-market skills intelligence: which skills do postings ask for, and which of them does a portfolio of
//! micro-credentials teach?
//!
//! Six stages run in alphabetical order, with plain files between them:
//! [`acquire`] -> [`clean`] -> [`extract`] -> [`link`] -> [`measure`] -> [`report`]. [`pipeline`] tells the story on one screen.

pub mod measure;
pub mod store;
pub mod types;
