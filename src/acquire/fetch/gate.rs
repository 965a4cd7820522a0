//! One gate per host: pauses between questions, few at a time, and a stop for all when the host asks for it.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// What is known of the hosts asked in a run; shared by all that ask.
#[derive(Debug, Default)]
pub(super) struct Gates {
    hosts: Mutex<HashMap<String, Gate>>,
}

#[derive(Debug, Default)]
struct Gate {
    next: Option<Instant>,
    until: Option<Instant>,
    running: u32,
    parked: Option<String>,
}

/// May ask now, must wait so long, or may not ask in this run.
#[derive(Debug, PartialEq)]
pub(super) enum Turn {
    Now,
    Wait(Duration),
    Parked(String),
}

/// How long somebody waits who finds as many asking as may.
const CROWDED: Duration = Duration::from_millis(20);

impl Gates {
    /// Takes a turn at a host; whoever may ask now says [`Gates::leave`] afterwards.
    pub(super) fn enter(&self, host: &str, pause: Duration, at_once: u32, now: Instant) -> Turn {
        self.with(host, |gate| {
            if let Some(reason) = &gate.parked {
                return Turn::Parked(reason.clone());
            }
            let from = gate.next.max(gate.until);
            if let Some(wait) = from.and_then(|from| from.checked_duration_since(now)).filter(|w| !w.is_zero()) {
                return Turn::Wait(wait);
            }
            if gate.running >= at_once.max(1) {
                return Turn::Wait(CROWDED);
            }
            gate.running += 1;
            gate.next = now.checked_add(pause);
            Turn::Now
        })
    }

    /// Somebody is done with a question.
    pub(super) fn leave(&self, host: &str) {
        self.with(host, |gate| gate.running = gate.running.saturating_sub(1));
    }

    /// Nobody asks the host for so long.
    pub(super) fn pause(&self, host: &str, wait: Duration, now: Instant) {
        self.with(host, |gate| gate.until = gate.until.max(now.checked_add(wait)));
    }

    /// Nobody asks the host again in this run.
    pub(super) fn park(&self, host: &str, reason: &str) {
        self.with(host, |gate| gate.parked = Some(reason.to_owned()));
    }

    fn with<T>(&self, host: &str, work: impl FnOnce(&mut Gate) -> T) -> T {
        // A panic elsewhere leaves a gate that is still true.
        let mut hosts = self.hosts.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        work(hosts.entry(host.to_owned()).or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_to_one_host_keep_their_distance_and_a_pause_is_for_all() {
        let (gates, start, second) = (Gates::default(), Instant::now(), Duration::from_secs(1));
        assert_eq!(gates.enter("a", second, 2, start), Turn::Now);
        assert_eq!(gates.enter("a", second, 2, start), Turn::Wait(second));
        assert_eq!(gates.enter("b", second, 2, start), Turn::Now);
        assert_eq!(gates.enter("a", second, 2, start + second), Turn::Now);
        assert_eq!(gates.enter("a", second, 2, start + 2 * second), Turn::Wait(CROWDED));
        gates.leave("a");
        gates.pause("a", 9 * second, start + 2 * second);
        assert_eq!(gates.enter("a", second, 2, start + 2 * second), Turn::Wait(9 * second));
        gates.park("a", "why");
        assert_eq!(gates.enter("a", second, 2, start + 20 * second), Turn::Parked("why".to_owned()));
    }
}
