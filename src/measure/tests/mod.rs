//! Small worlds with planted demand, counted by hand.

mod hostile;
mod learners;
mod ledger;
mod novel;
mod pathways;
mod pay;
mod planted;
mod proposals;
mod reference;
mod sectors;
mod world;
