//! Small worlds with planted demand, counted by hand.

mod beside;
mod evidence;
mod frame;
mod gaps;
mod growth;
mod hostile;
mod learners;
mod ledger;
mod market;
mod novel;
mod pathways;
mod pay;
mod planted;
mod proposals;
mod provision;
mod reference;
mod sectors;
mod sensitivity;
mod strata;
mod weights;
mod window;
mod world;
