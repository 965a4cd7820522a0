//! The learners' side, and what a taxonomy expects where postings are few.

pub mod expectations;
pub mod interest;
pub mod learner_indicators;
pub mod recognition;
