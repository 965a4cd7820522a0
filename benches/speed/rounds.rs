//! Two ways of doing a thing, in turns, by CPU time of this thread.

use crate::common::median;
use anyhow::{Context, Result, ensure};

/// CPU seconds of this thread so far.
fn thread_cpu() -> Result<f64> {
    // The kernel brings the count up to date when it schedules; else it may be a tick old.
    std::thread::yield_now();
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").context("CPU time is read from Linux' /proc")?;
    let nanoseconds: f64 = stat.split_whitespace().next().unwrap_or_default().parse()?;
    Ok(nanoseconds / 1e9)
}

/// CPU seconds of `work`, and what it found; finding nothing is an error, since nothing can be done fast.
///
/// # Errors
/// When the work fails or finds nothing.
pub fn timed(work: &mut dyn FnMut() -> Result<usize>) -> Result<(f64, usize)> {
    let before = thread_cpu()?;
    let found = work()?;
    let seconds = thread_cpu()? - before;
    ensure!(found > 0, "nothing was found, so nothing was measured");
    Ok((seconds, found))
}

/// Medians over rounds.
pub struct Turns {
    /// CPU seconds of ours.
    pub ours: f64,
    /// CPU seconds of theirs.
    pub theirs: f64,
    /// Their seconds / our seconds: how many times faster we are.
    pub speedup: f64,
    /// What each found in the last round.
    pub found: (usize, usize),
}

/// Lets both work in turns.
///
/// # Errors
/// As for [`timed`].
pub fn alternate(
    rounds: usize,
    ours: &mut dyn FnMut() -> Result<usize>,
    theirs: &mut dyn FnMut() -> Result<usize>,
) -> Result<Turns> {
    let (mut our_seconds, mut their_seconds, mut speedups) = (Vec::new(), Vec::new(), Vec::new());
    let mut found = (0, 0);
    for _ in 0..rounds {
        let (a, b) = (timed(ours)?, timed(theirs)?);
        our_seconds.push(a.0);
        their_seconds.push(b.0);
        speedups.push(b.0 / a.0.max(1e-9));
        found = (a.1, b.1);
    }
    Ok(Turns { ours: median(our_seconds), theirs: median(their_seconds), speedup: median(speedups), found })
}

/// Numbers without pattern, the same in every run (xorshift64).
pub struct Numbers(u64);

impl Numbers {
    /// From the start.
    pub fn new() -> Self {
        Self(0x9E37_79B9_7F4A_7C15)
    }

    /// The next below `end`; 0 when `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        // The high bits scaled to 0..end.
        usize::try_from(((self.0 >> 32) * end as u64) >> 32).unwrap_or_default()
    }
}
