//! Small worlds with planted demand, counted by hand.

mod hostile;
mod ledger;
mod novel;
mod pathways;
mod planted;
mod world;
