//! One binary for every integration test: each further one would link the whole program again.

#![allow(clippy::disallowed_methods)]

mod cli;
mod demo;
mod faults;
mod init;
mod layers;
mod real;
mod statistics;
mod support;
