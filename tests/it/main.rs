//! One binary for every integration test: each further one would link the whole program again.

#![allow(clippy::disallowed_methods)]

mod cli;
mod conformance;
mod contacts;
mod credentials;
mod demo;
mod diff;
mod drift;
mod elm;
#[cfg(feature = "embedding")]
mod embedding;
mod faults;
mod gold;
mod hostile_answers;
mod init;
mod layers;
mod learners;
mod loopback;
mod models;
mod plans;
mod postings_files;
mod real;
mod real_credentials;
mod real_postings;
mod real_services;
mod review;
mod services;
mod simulation;
mod statistics;
mod support;
mod train;
mod walks;
