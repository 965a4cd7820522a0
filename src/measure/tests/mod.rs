//! Small worlds with planted demand, counted by hand.

mod hostile;
mod learners;
mod novel;
mod planted;
mod proposals;
mod reference;
mod world;
