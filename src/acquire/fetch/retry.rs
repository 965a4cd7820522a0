//! When to ask again: exponential backoff with jitter, and what a service says in Retry-After (RFC 9110, 10.2.3).

use jiff::Timestamp;
use std::time::Duration;

/// Wait before try `attempt` (from 1), between half and one and a half times `base * 2^(attempt-1)`. The jitter follows
/// from the question, so that a run can be repeated and two questions do not come at once.
pub(super) fn backoff(base: Duration, attempt: u32, question: &str) -> Duration {
    let hash = question.bytes().fold(0xcbf2_9ce4_8422_2325_u64 ^ u64::from(attempt), |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    // The last bytes of a question differ most, and reach the high bits only by mixing (splitmix64).
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    let jitter = 0.5 + f64::from(u32::try_from(hash >> 32).unwrap_or_default()) / f64::from(u32::MAX);
    let doubled = 2_f64.powi(i32::try_from(attempt.saturating_sub(1).min(20)).unwrap_or_default());
    Duration::try_from_secs_f64(base.as_secs_f64() * doubled * jitter).unwrap_or(Duration::MAX)
}

/// The wait a service asks for: seconds, or a date. What is past, negative or garbage asks for none.
pub(super) fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let until = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_timestamp(value).ok()?;
    let seconds = until.duration_since(now).as_secs();
    u64::try_from(seconds).ok().filter(|s| *s > 0).map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_may_say_seconds_or_a_date_and_nonsense_says_nothing() {
        let now: Timestamp = "2026-11-26T12:00:00Z".parse().unwrap();
        let seconds = |value: &str| retry_after(value, now).map(|wait| wait.as_secs());
        assert_eq!(seconds("120"), Some(120));
        assert_eq!(seconds(" 0 "), Some(0));
        assert_eq!(seconds("1000000000"), Some(1_000_000_000));
        assert_eq!(seconds("Thu, 26 Nov 2026 12:01:30 GMT"), Some(90));
        assert_eq!(seconds("Thu, 26 Nov 2026 11:00:00 GMT"), None);
        for nonsense in ["-5", "soon", "", "1e9", "99999999999999999999999"] {
            assert_eq!(seconds(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn waits_double_and_questions_do_not_wait_alike() {
        let base = Duration::from_secs(1);
        for attempt in 1..=5_u32 {
            let full = f64::from(1_u32 << (attempt - 1));
            let waits: Vec<f64> = (0..50).map(|i| backoff(base, attempt, &format!("q{i}")).as_secs_f64()).collect();
            assert!(waits.iter().all(|w| (0.5 * full..=1.5 * full).contains(w)), "{waits:?}");
            assert!(waits.iter().any(|w| *w < 0.8 * full) && waits.iter().any(|w| *w > 1.2 * full));
        }
        assert_eq!(backoff(base, 2, "q"), backoff(base, 2, "q"));
    }
}
