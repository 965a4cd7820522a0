//! What the process used, as the kernel tells it (Linux); zero elsewhere.

use serde::Serialize;

/// CPU time and memory of this process so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Usage {
    /// User and system CPU seconds of all threads.
    pub cpu_seconds: f64,
    /// Largest resident set, in bytes.
    pub peak_memory_bytes: u64,
}

/// Ticks per second of `/proc/self/stat`: fixed at 100 in Linux' interface to user programs.
const TICKS_PER_SECOND: f64 = 100.0;

impl Usage {
    /// Reads `/proc/self`.
    pub fn now() -> Self {
        let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        Self {
            cpu_seconds: cpu_ticks(&stat).unwrap_or_default() / TICKS_PER_SECOND,
            peak_memory_bytes: peak_kib(&status).unwrap_or_default() * 1024,
        }
    }
}

/// Fields 14 and 15 (utime, stime); the command in field 2 may hold spaces, so counting starts after its bracket.
fn cpu_ticks(stat: &str) -> Option<f64> {
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    Some(fields.next()?.parse::<f64>().ok()? + fields.next()?.parse::<f64>().ok()?)
}

fn peak_kib(status: &str) -> Option<u64> {
    status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_name_with_spaces_and_brackets_does_not_shift_the_fields() {
        let stat = "77 (a) b) S 1 77 77 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 3 0 100 1 1";
        assert_eq!(cpu_ticks(stat), Some(300.0));
    }

    #[test]
    fn this_process_has_used_memory() {
        assert!(Usage::now().peak_memory_bytes > 1 << 20);
    }
}
