//! What a person sees while stages run: a bar with ETA on a terminal, plain lines elsewhere. All on standard error.

use super::usage::Usage;
use crate::pipeline::{Progress, Stage};
use crate::types::StageCount;
use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// What a stage took, for `run.json`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct StageCost {
    /// By the clock.
    pub wall_seconds: f64,
    /// Of all threads.
    pub cpu_seconds: f64,
}

/// Cost per stage that ran.
pub type StageCosts = BTreeMap<&'static str, StageCost>;

/// Draws progress on standard error.
pub struct Terminal {
    interactive: bool,
    bar: Mutex<ProgressBar>,
    started: Mutex<(Instant, f64)>,
    costs: Mutex<StageCosts>,
}

impl Terminal {
    /// A bar on a terminal, lines elsewhere.
    pub fn new() -> Self {
        Self {
            interactive: std::io::stderr().is_terminal(),
            bar: Mutex::new(ProgressBar::hidden()),
            started: Mutex::new((Instant::now(), 0.0)),
            costs: Mutex::new(StageCosts::new()),
        }
    }

    /// What each stage took.
    pub fn costs(&self) -> StageCosts {
        self.costs.lock().map(|s| s.clone()).unwrap_or_default()
    }

    fn say(&self, line: &str) {
        let line = printable(line);
        if let Ok(bar) = self.bar.lock() {
            // A closed pipe is no reason to stop a run.
            bar.suspend(|| drop(writeln!(std::io::stderr(), "{line}")));
        }
    }
}

#[allow(clippy::cast_precision_loss)]
fn to_f64(count: u64) -> f64 {
    count as f64
}

fn cost_since((started, cpu): (Instant, f64)) -> StageCost {
    let round = |seconds: f64| (seconds * 1000.0).round() / 1000.0;
    StageCost {
        wall_seconds: round(started.elapsed().as_secs_f64()),
        cpu_seconds: round(Usage::now().cpu_seconds - cpu),
    }
}

impl Default for Terminal {
    fn default() -> Self {
        Self::new()
    }
}

impl Progress for Terminal {
    fn start(&self, stage: Stage, total: Option<u64>) {
        if let Ok(mut started) = self.started.lock() {
            *started = (Instant::now(), Usage::now().cpu_seconds);
        }
        if !self.interactive {
            return;
        }
        let bar = total.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
        let template = if total.is_some() {
            "{prefix:8} {wide_bar} {human_pos} of {human_len}, {eta} left"
        } else {
            "{prefix:8} {spinner} {human_pos} records"
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_prefix(stage.name());
        bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(5));
        if let Ok(mut slot) = self.bar.lock() {
            *slot = bar;
        }
    }

    fn advance(&self, count: u64) {
        if let Ok(bar) = self.bar.lock() {
            bar.inc(count);
        }
    }

    fn finish(&self, stage: Stage, counts: &[StageCount]) {
        let cost = self.started.lock().map(|s| cost_since(*s)).unwrap_or_default();
        if let Ok(mut all) = self.costs.lock() {
            all.insert(stage.name(), cost);
        }
        if let Ok(bar) = self.bar.lock() {
            bar.finish_and_clear();
        }
        for count in counts {
            self.say(&format!(
                "{}: read {} = kept {} + duplicate {} + rejected {}",
                count.step, count.read, count.kept, count.duplicate, count.rejected
            ));
        }
        self.say(&format!("{} done in {:.1} s", stage.name(), cost.wall_seconds));
    }

    fn asked(&self, source: &str, done: u64, waiting: u64, since: Duration) {
        let all = done + waiting;
        // A bar would jump whenever a page leads to a hundred others; a line now and then does not.
        let tells = waiting == 0 || done == 1 || done.is_multiple_of(if self.interactive { 10 } else { 100 });
        if tells {
            let left = since.as_secs_f64() / to_f64(done.max(1)) * to_f64(waiting);
            let left = HumanDuration(Duration::try_from_secs_f64(left).unwrap_or_default());
            let eta = if waiting == 0 { String::new() } else { format!(", about {left} left") };
            self.say(&format!("ask {source}: {done} of {all} answers{eta}"));
        }
    }

    fn reused(&self, stage: Stage) {
        self.say(&format!("{}: unchanged, reused", stage.name()));
    }

    fn warn(&self, message: &str) {
        self.say(&format!("warning: {message}"));
    }
}

/// Passes over texts while something is learned: a bar on a terminal, a line every few seconds elsewhere.
pub struct Passes {
    bar: Option<ProgressBar>,
    total: f32,
    started: Instant,
    said: Option<Instant>,
}

/// Time between two lines where there is no terminal.
const BETWEEN_LINES: Duration = Duration::from_secs(10);
/// Steps of the bar in a pass.
const PARTS: f32 = 1000.0;

impl Passes {
    /// Of `total` passes none is done.
    pub fn new(total: f32) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| ProgressBar::new((total * PARTS) as u64));
        if let Some((bar, style)) = bar.as_ref().zip(ProgressStyle::with_template("train    {wide_bar} {msg}").ok()) {
            bar.set_style(style);
        }
        Self { bar, total, started: Instant::now(), said: None }
    }

    /// So many passes are done, with this mean loss since the last time.
    pub fn advance(&mut self, done: f32, loss: f32) {
        let left = self.started.elapsed().mul_f32((self.total / done.max(f32::MIN_POSITIVE) - 1.0).clamp(0.0, 1e6));
        let line = format!("pass {done:.2} of {}, mean loss {loss:.3}, {} left", self.total, HumanDuration(left));
        match &self.bar {
            Some(bar) => {
                bar.set_position((done * PARTS) as u64);
                bar.set_message(line);
            }
            None if self.said.is_none_or(|said| said.elapsed() >= BETWEEN_LINES) || done >= self.total => {
                self.said = Some(Instant::now());
                drop(writeln!(std::io::stderr(), "train: {line}"));
            }
            None => {}
        }
    }

    /// All are done.
    pub fn finish(self) {
        self.bar.iter().for_each(ProgressBar::finish_and_clear);
        drop(writeln!(std::io::stderr(), "train done in {:.1} s", self.started.elapsed().as_secs_f64()));
    }
}

/// Text from outside without the control characters that could drive a terminal, nor bidirectional overrides.
pub fn printable(text: &str) -> String {
    let hostile = |c: char| {
        (c.is_control() && c != '\n' && c != '\t') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|c| if hostile(c) { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_escape_sequence_from_a_file_does_not_reach_the_terminal() {
        assert_eq!(super::printable("a\u{1b}[31mb\u{202e}c\n"), "a\u{fffd}[31mb\u{fffd}c\n");
    }
}
