//! Small worlds with planted demand, counted by hand.

mod hostile;
mod novel;
mod planted;
mod proposals;
mod world;
