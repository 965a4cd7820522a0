//! robots.txt as RFC 9309 has it: the most specific group, the longest rule, allow before disallow. Crawl-delay is no part
//! of it and is honoured all the same.

use crate::acquire::decode::decoded;
use flate2::read::MultiGzDecoder;
use std::io::Read;
use std::time::Duration;

/// Our product token.
pub(super) const PRODUCT: &str = "skillgap";

/// Longest Crawl-delay that is followed as it stands.
const LONGEST_DELAY: f64 = 120.0;

/// What a site allows us.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Robots {
    /// Pattern and whether it allows.
    rules: Vec<(String, bool)>,
    /// Pause the site asks for.
    pub(super) delay: Option<Duration>,
}

#[derive(Default)]
struct Group {
    agents: Vec<String>,
    rules: Vec<(String, bool)>,
    delay: Option<Duration>,
}

impl Robots {
    /// Reads a robots.txt; what it cannot read it leaves out.
    pub(super) fn parse(text: &str) -> Self {
        let groups = groups(text.trim_start_matches('\u{feff}'));
        let of = |agent: &str| -> Option<Robots> {
            let mut found = groups.iter().filter(|g| g.agents.iter().any(|a| a == agent)).peekable();
            found.peek()?;
            // Several groups of one agent count as one.
            let mut robots = Robots::default();
            for group in found {
                robots.rules.extend(group.rules.iter().cloned());
                robots.delay = robots.delay.max(group.delay);
            }
            Some(robots)
        };
        of(PRODUCT).or_else(|| of("*")).unwrap_or_default()
    }

    /// Whether a path, with its query, may be asked for.
    pub(super) fn allows(&self, path: &str) -> bool {
        if path == "/robots.txt" {
            return true;
        }
        let path = normal(path);
        let matching = self.rules.iter().filter(|(pattern, _)| matches(pattern, &path));
        matching.max_by_key(|(pattern, allow)| (pattern.len(), *allow)).is_none_or(|(_, allow)| *allow)
    }
}

/// The text of a robots.txt, unpacked where it comes packed: its whole lines within the first `most` bytes.
pub(super) fn text(bytes: &[u8], most: u64) -> String {
    let limit = usize::try_from(most).unwrap_or(usize::MAX);
    if !bytes.starts_with(&[0x1F, 0x8B]) {
        return decoded(whole_lines(bytes, limit)).into_owned();
    }
    let mut unpacked = Vec::new();
    // What stands before a cut or damaged end counts all the same.
    drop(MultiGzDecoder::new(bytes).take(most.saturating_add(1)).read_to_end(&mut unpacked));
    decoded(whole_lines(&unpacked, limit)).into_owned()
}

/// All bytes, or those up to the last end of a line within `most`: half a path is another rule.
fn whole_lines(bytes: &[u8], most: usize) -> &[u8] {
    let Some(head) = bytes.get(..most).filter(|head| head.len() < bytes.len()) else { return bytes };
    let end = head.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).map_or(0, |at| at + 1);
    head.get(..end).unwrap_or_default()
}

/// `10`, `2.5`, `1e3`, `2s`: the number a delay begins with.
fn delay(value: &str) -> Option<Duration> {
    let is_part = |c: &char| c.is_ascii_digit() || ".eE+-".contains(*c);
    let number: String = value.chars().take_while(is_part).take(40).collect();
    let longest = (1..=number.len()).rev().find_map(|end| number.get(..end)?.parse::<f64>().ok());
    let seconds = longest.filter(|seconds| seconds.is_sign_positive())?;
    Some(Duration::from_secs_f64(seconds.min(LONGEST_DELAY)))
}

fn groups(text: &str) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut heading = false;
    for line in text.split(['\n', '\r']) {
        let line = line.split('#').next().unwrap_or_default();
        let Some((key, value)) = line.split_once(':') else { continue };
        let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
        if key == "user-agent" {
            if !heading {
                groups.push(Group::default());
            }
            heading = true;
            let name: String = value.chars().take_while(|c| c.is_ascii_alphabetic() || "-_*".contains(*c)).collect();
            groups.iter_mut().last().into_iter().for_each(|g| g.agents.push(name.to_ascii_lowercase()));
            continue;
        }
        let Some(group) = groups.last_mut() else { continue };
        match key.as_str() {
            "allow" | "disallow" => {
                heading = false;
                if !value.is_empty() {
                    group.rules.push((normal(value), key == "allow"));
                }
            }
            "crawl-delay" => {
                heading = false;
                group.delay = delay(value).or(group.delay);
            }
            // Sitemap and what others invented belong to no group.
            _ => {}
        }
    }
    groups
}

/// Percent-encoding in one spelling: unreserved characters bare, the rest as upper-case hex.
fn normal(path: &str) -> String {
    let bytes = path.as_bytes();
    let mut out = String::with_capacity(path.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let hex = bytes.get(at + 1..at + 3).and_then(|h| std::str::from_utf8(h).ok());
        let encoded = hex.filter(|_| byte == b'%').and_then(|h| u8::from_str_radix(h, 16).ok());
        let (byte, length, was_encoded) = encoded.map_or((byte, 1, false), |b| (b, 3, true));
        let unreserved = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if unreserved || (!was_encoded && byte.is_ascii_graphic()) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        at += length;
    }
    out
}

/// `*` is any run of characters, a `$` at the end is the end; everything else is a prefix. Linear in path and pattern.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, anchored) = match pattern.strip_suffix('$') {
        Some(rest) => (rest, true),
        None => (pattern, false),
    };
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return !anchored || rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    if anchored { rest.ends_with(last) } else { rest.contains(last) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(text: &str, path: &str) -> bool {
        Robots::parse(text).allows(path)
    }

    #[test]
    fn the_longest_rule_wins_and_of_equal_ones_the_one_that_allows() {
        // RFC 9309, section 5.2.
        let text = "User-Agent: *\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n";
        assert!(!allows(text, "/example/page/disallowed.gif") && allows(text, "/example/page/other.html"));
        let text = "User-agent: *\nDisallow: /jobs\nAllow: /jobs\n";
        assert!(allows(text, "/jobs/1"));
    }

    #[test]
    fn our_own_group_goes_before_the_one_for_everybody_and_groups_of_one_name_add_up() {
        let text = "User-agent: *\nDisallow: /\n\nUser-agent: SkillGap/1.0\nUser-agent: other\nDisallow: /a\n\nuser-agent: skillgap\nDisallow: /b\nCrawl-delay: 10\n";
        assert!(!allows(text, "/a/1") && !allows(text, "/b") && allows(text, "/c"));
        assert_eq!(Robots::parse(text).delay, Some(Duration::from_secs(10)));
        assert!(!allows("User-agent: *\nDisallow: /\n", "/anything") && allows("", "/anything"));
        assert!(allows("User-agent: *\nDisallow:\n", "/anything"));
    }

    #[test]
    fn stars_and_ends_are_what_the_standard_says() {
        let text = "User-agent: *\nDisallow: /*&page=*\nDisallow: /*.gif$\nDisallow: /search/*/converter\n";
        assert!(!allows(text, "/jobs?a=1&page=2") && allows(text, "/jobs?page=2"));
        assert!(!allows(text, "/x/y.gif") && allows(text, "/x/y.gif?a"));
        assert!(!allows(text, "/search/x/converter/1") && allows(text, "/search/converter"));
        assert!(
            !allows("User-agent: *\nDisallow: /%D7%90\n", "/א") && !allows("User-agent: *\nDisallow: /א\n", "/%d7%90")
        );
    }

    #[test]
    fn a_packed_robots_txt_is_unpacked_and_a_cut_one_counts_as_far_as_it_goes() {
        use std::io::Write;
        let rules = "User-agent: *\nDisallow: /\n";
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
        gz.write_all(format!("{rules}{}", "#\n".repeat(100_000)).as_bytes()).unwrap();
        let packed = gz.finish().unwrap();
        assert!(!allows(&text(&packed, 500 << 10), "/x") && text(&packed, 1000).len() == 1000);
        assert!(!allows(&text(packed.get(..packed.len() / 2).unwrap(), 500 << 10), "/x"));
        assert_eq!(text(rules.as_bytes(), 500 << 10), rules);
    }

    #[test]
    fn a_rule_at_the_limit_is_read_whole_or_not_at_all() {
        let rules = "User-agent: *\nDisallow: /a\nDisallow: /other-place\n";
        let most = rules.len() as u64 - "other-place\n".len() as u64;
        let first = "User-agent: *\nDisallow: /a\n";
        assert_eq!(text(rules.as_bytes(), most), first);
        assert_eq!(text(rules.as_bytes(), rules.len() as u64), rules);
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut gz, rules.as_bytes()).unwrap();
        assert_eq!(text(&gz.finish().unwrap(), most), first);
    }

    #[test]
    fn a_delay_with_an_exponent_is_as_long_as_it_says_up_to_the_cap() {
        let delay = |value: &str| Robots::parse(&format!("User-agent: *\nCrawl-delay: {value}\n")).delay;
        for value in ["1e9", "1E400", "9999999999999999999999999999999999999999999999", "3600"] {
            assert_eq!(delay(value), Some(Duration::from_secs(120)), "{value}");
        }
        assert_eq!(["1e1", "5e", "5 e3"].map(delay), [10, 5, 5].map(|s| Some(Duration::from_secs(s))));
    }

    #[test]
    fn lines_may_end_in_cr_alone_and_a_delay_may_have_a_unit() {
        assert!(!allows("User-agent: *\rDisallow: /private\r", "/private/x"));
        let delay = |value: &str| Robots::parse(&format!("User-agent: *\nCrawl-delay: {value}\n")).delay;
        assert_eq!(
            ["2s", "2", "0.5", "soon", "-1"].map(delay).map(|d| d.map(|d| d.as_millis())),
            [Some(2000), Some(2000), Some(500), None, None]
        );
    }

    #[test]
    fn marks_comments_and_noise_do_not_hide_a_rule_and_a_hostile_pattern_costs_nothing() {
        let text =
            "\u{feff}# hello\r\nSitemap: https://x/s.xml\r\nnoise\r\nUSER-AGENT : *\r\n  disallow : /private # why\r\n";
        assert!(!allows(text, "/private/x") && allows(text, "/public"));
        let stars = format!("User-agent: *\nDisallow: /{}b\n", "*a".repeat(20_000));
        assert!(allows(&stars, &format!("/{}", "a".repeat(20_000))));
    }
}
