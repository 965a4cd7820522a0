//! Charts as inline SVG, one file per question: pure functions of plain values, told apart by shape and not by colour.

pub mod dumbbell;
