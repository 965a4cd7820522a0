//! When to ask again: exponential backoff with jitter, and what a service says in Retry-After (RFC 9110, 10.2.3).

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, fmt};
use std::time::Duration;

/// The newest form of an HTTP date and the two old ones, which are read all the same (RFC 9110, 5.6.7).
const FORMS: [&str; 3] = ["%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y"];

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

/// The wait a service asks for: seconds, or a date, however far. What is past, negative or garbage asks for none.
pub(super) fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More than fits is longer than anybody waits, and no reason to ask at once.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let wait = Duration::try_from(moment(value)?.duration_since(now)).ok()?;
    (!wait.is_zero()).then_some(wait)
}

/// The moment that an HTTP date names; the last one there is where it lies beyond.
fn moment(value: &str) -> Option<Timestamp> {
    let usual = fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_timestamp(value).ok();
    usual.or_else(|| {
        let named = FORMS.iter().find_map(|form| DateTime::strptime(form, value).ok())?;
        Some(TimeZone::UTC.to_timestamp(named).unwrap_or(Timestamp::MAX))
    })
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
        for nonsense in ["-5", "soon", "", "1e9", "Friday", "27-Nov-26"] {
            assert_eq!(seconds(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn a_wait_of_ages_is_a_wait_in_digits_and_as_a_date() {
        let now: Timestamp = "2026-11-26T12:00:00Z".parse().unwrap();
        let century = Duration::from_secs(100 * 365 * 86_400);
        for ages in ["99999999999999999999999", "999999999999999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"] {
            assert!(retry_after(ages, now).unwrap() > century, "{ages}");
        }
    }

    #[test]
    fn dates_in_their_old_forms_are_read_and_none_is_cut_to_whole_seconds() {
        // The two obsolete forms of RFC 9110, 5.6.7; a day below ten stands after two spaces in the second.
        let now: Timestamp = "2026-11-27T06:41:00.1Z".parse().unwrap();
        for (date, millis) in [
            ("Fri, 27 Nov 2026 06:41:04 GMT", 3_900),
            ("Friday, 27-Nov-26 06:41:03 GMT", 2_900),
            ("Fri Nov 27 06:41:04 2026", 3_900),
            ("Mon Dec  7 06:41:00 2026", 863_999_900),
        ] {
            assert_eq!(retry_after(date, now), Some(Duration::from_millis(millis)), "{date}");
        }
        for past in ["Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
            assert_eq!(retry_after(past, now), None, "{past}");
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
