//! Small worlds with planted demand, counted by hand.

mod beside;
mod hostile;
mod learners;
mod ledger;
mod novel;
mod pathways;
mod pay;
mod planted;
mod proposals;
mod provision;
mod reference;
mod sectors;
mod weights;
mod world;
