//! What is taught beside what is asked for: coverage, gaps, verdicts and proposals.

pub mod coverage;
pub mod detectable;
pub mod gaps;
pub mod joint;
pub mod ledger;
pub mod outcomes;
pub mod pathways;
pub mod plans;
pub mod programmes;
pub mod proposals;
pub mod provision;
pub mod sensitivity;
