//! Small worlds with planted demand, counted by hand.

mod hostile;
mod novel;
mod pay;
mod planted;
mod sectors;
mod world;
