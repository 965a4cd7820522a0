//! Why an answer could not be had. Messages name the address, what was met, the limit and its key.

/// A question without a usable answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{url}: {problem}")]
pub struct FetchError {
    /// Address, without what could be a secret.
    pub url: String,
    /// What was met, and what to do.
    pub problem: String,
    /// Whether the same question may be answered later.
    pub passing: bool,
    /// Whether the host is left for the next run.
    pub parked: bool,
}

impl FetchError {
    /// Asking again will not help.
    pub(super) fn lasting(url: &str, problem: impl Into<String>) -> Self {
        Self { url: shown(url), problem: problem.into(), passing: false, parked: false }
    }

    /// Asking again may help.
    pub(super) fn passing(url: &str, problem: impl Into<String>) -> Self {
        Self { passing: true, ..Self::lasting(url, problem) }
    }

    /// The host is not asked again in this run.
    pub(super) fn parked(url: &str, problem: impl Into<String>) -> Self {
        Self { parked: true, ..Self::lasting(url, problem) }
    }

    /// Over the named limit.
    pub(super) fn over(url: &str, key: &str, found: impl std::fmt::Display) -> Self {
        let advice = format!("raise `fetch.{key}` in the plan if the source is to be trusted");
        Self::lasting(url, format!("{found}; {advice}"))
    }
}

/// Words without the key that was sent along: some services quote it when they refuse it.
pub(crate) fn without_key(words: String, key: &str) -> String {
    let key = key.trim();
    if key.is_empty() { words } else { words.replace(key, "...") }
}

/// Names of parameters whose values nobody needs to see.
const SECRETS: [&str; 8] = ["key", "token", "secret", "password", "app_id", "apikey", "signature", "appname"];

/// An address as messages may have it: without what is secret, and not endless.
pub(crate) fn shown(url: &str) -> String {
    let text = public(url);
    match text.char_indices().nth(300) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// An address as records and certificates may have it: no user, no password, no key.
pub(crate) fn public(url: &str) -> String {
    let Ok(mut parsed) = url::Url::parse(url) else { return crate::acquire::error::excerpt(url) };
    if parsed.set_username("").and(parsed.set_password(None)).is_err() {
        // Only addresses that can have neither refuse.
        return crate::acquire::error::excerpt(url);
    }
    parsed.set_fragment(None);
    if parsed.query().is_some() {
        let secret = |name: &str| SECRETS.iter().any(|s| name.to_ascii_lowercase().contains(s));
        let pairs: Vec<(String, String)> =
            parsed.query_pairs().map(|(n, v)| (n.into_owned(), v.into_owned())).collect();
        if pairs.iter().any(|(name, _)| secret(name)) {
            let hidden = pairs.iter().map(|(n, v)| (n.as_str(), if secret(n) { "..." } else { v.as_str() }));
            parsed.query_pairs_mut().clear().extend_pairs(hidden);
        }
    }
    parsed.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_or_password_stands_in_a_message() {
        let url = "https://me:pw@example.org/jobs?app_key=abc&q=x&API_TOKEN=def&appname=ghi#frag";
        let said = shown(url);
        for secret in ["me:", "pw@", "abc", "def", "ghi", "frag"] {
            assert!(!said.contains(secret), "{said}");
        }
        assert!(said.starts_with("https://example.org/jobs?") && said.contains("q=x"), "{said}");
        assert_eq!(shown("https://example.org/a?q=1"), "https://example.org/a?q=1");
        let long = format!("https://example.org/{}", "a".repeat(400));
        assert_eq!((public(&long), shown(&long).len()), (long, 303));
    }
}
