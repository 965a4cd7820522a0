//! Small worlds with planted demand, counted by hand.

mod hostile;
mod planted;
mod world;
