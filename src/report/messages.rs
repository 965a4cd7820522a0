//! Fixed strings of the reports, from a catalogue per language; what a language lacks is said in English.

use super::ReportError;
use super::phrase::{Phrase, Piece, direction};
use crate::types::{Demand, Lang, Mark};
use std::collections::BTreeMap;

/// Catalogues compiled in. A new language is a file and a line here.
const CATALOGUES: [(Lang, &str, &str); 1] =
    [(Lang::En, "messages_en.toml", include_str!("../../data/reference/messages_en.toml"))];

/// Section -> key -> text with `{name}` places.
pub type Texts = BTreeMap<String, BTreeMap<String, String>>;

/// The strings of one language.
#[derive(Debug)]
pub struct Messages {
    /// Language the page is written in: the one asked for when it has a catalogue, else English.
    pub language: Lang,
    texts: Texts,
}

impl Messages {
    /// Strings for a reader of `language`.
    ///
    /// # Errors
    /// When a catalogue compiled in does not parse.
    pub fn of(language: Lang) -> Result<Self, ReportError> {
        let mut messages = Self { language: Lang::En, texts: Texts::new() };
        for (lang, file, content) in CATALOGUES {
            if lang == Lang::En || lang == language {
                let catalogue: Texts = toml::from_str(content)
                    .map_err(|e: toml::de::Error| ReportError::Catalogue { file, detail: e.to_string() })?;
                for (section, keys) in catalogue {
                    messages.texts.entry(section).or_default().extend(keys);
                }
                messages.language = lang;
            }
        }
        Ok(messages)
    }

    /// All strings, for templates.
    pub fn texts(&self) -> &Texts {
        &self.texts
    }

    /// Direction of the page.
    pub fn direction(&self) -> &'static str {
        direction(self.language)
    }

    /// The string `section.key`; a missing one shows as `⟦section.key⟧`, which a test looks for.
    pub fn text(&self, key: &str) -> String {
        let found = key.split_once('.').and_then(|(section, name)| self.texts.get(section)?.get(name));
        found.cloned().unwrap_or_else(|| format!("⟦{key}⟧"))
    }

    /// The string with its places filled.
    pub fn phrase(&self, key: &str, values: &[(&str, Phrase)]) -> Phrase {
        let text = self.text(key);
        let mut out = Phrase::new();
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, tail)) = after.split_once('}') else { break };
            out.push(Piece::own(before));
            match values.iter().find(|(n, _)| *n == name) {
                Some((_, value)) => out.extend(value.iter().cloned()),
                None => out.push(Piece::own(format!("⟦{name}⟧"))),
            }
            rest = tail;
        }
        out.push(Piece::own(rest));
        out.retain(|p| !p.text.is_empty());
        out
    }

    /// The string with its places filled by text of our own.
    pub fn fill(&self, key: &str, values: &[(&str, String)]) -> Phrase {
        let values: Vec<(&str, Phrase)> = values.iter().map(|(n, v)| (*n, vec![Piece::own(v)])).collect();
        self.phrase(key, &values)
    }

    /// The string alone.
    pub fn own(&self, key: &str) -> Phrase {
        vec![Piece::own(self.text(key))]
    }

    /// `key_one` for 1, else `key`, with `{n}` filled.
    pub fn counted(&self, key: &str, n: u64) -> Phrase {
        let key = if n == 1 { format!("{key}_one") } else { key.to_owned() };
        self.fill(&key, &[("n", self.count(n))])
    }

    /// A whole number with separators: `1,120`.
    pub fn count(&self, n: u64) -> String {
        let digits = n.to_string();
        let mut out = String::new();
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                out.push_str(&self.text("number.thousands"));
            }
            out.push(digit);
        }
        out
    }

    /// A number with a fixed count of decimals, separators in the whole part.
    pub fn decimal(&self, value: f64, places: usize) -> String {
        if !value.is_finite() {
            return self.text("number.none");
        }
        let text = format!("{:.places$}", value.abs());
        let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
        let whole = whole.parse::<u64>().map_or_else(|_| whole.to_owned(), |n| self.count(n));
        let negative = value < 0.0 && text.bytes().any(|b| (b'1'..=b'9').contains(&b));
        let sign = if negative { "−" } else { "" };
        let point = if part.is_empty() { String::new() } else { self.text("number.decimal") };
        format!("{sign}{whole}{point}{part}")
    }

    /// A share 0..=1 per 100, one decimal below 10.
    pub fn per_100(&self, share: f64) -> String {
        self.decimal(share * 100.0, places(share))
    }

    /// `low–high` per 100, with the decimals of `share`.
    pub fn range(&self, share: f64, low: f64, high: f64) -> String {
        let places = places(share);
        format!("{}–{}", self.decimal(low * 100.0, places), self.decimal(high * 100.0, places))
    }

    /// `14 (12–16)`, or the mark when withheld.
    pub fn interval(&self, share: Option<f64>, low: Option<f64>, high: Option<f64>, mark: Option<Mark>) -> String {
        let flag = mark.map(mark_text);
        match (share, low, high) {
            (Some(share), Some(low), Some(high)) => {
                let tail = flag.map(|f| format!(" {f}")).unwrap_or_default();
                format!("{} ({}){tail}", self.per_100(share), self.range(share, low, high))
            }
            _ => flag.unwrap_or("[x]").to_owned(),
        }
    }

    /// `14 of 100 postings (12–16), n = 1,120`, or why there is no figure.
    pub fn demand(&self, demand: &Demand) -> Phrase {
        let n = ("n", self.count(demand.base_count));
        match (demand.share, demand.share_low, demand.share_high) {
            (Some(share), Some(low), Some(high)) => {
                let mark = demand.mark.map(|m| format!(" {}", mark_text(m))).unwrap_or_default();
                let values =
                    [("share", self.per_100(share)), ("range", self.range(share, low, high)), n, ("mark", mark)];
                self.fill("demand.in_words", &values)
            }
            _ => self.fill(
                "demand.withheld",
                &[("mark", mark_text(demand.mark.unwrap_or(Mark::NotAvailable)).to_owned()), n],
            ),
        }
    }
}

/// One decimal below 10 per 100, none above.
fn places(share: f64) -> usize {
    usize::from(share < 0.0995)
}

/// A mark as printed.
pub fn mark_text(mark: Mark) -> &'static str {
    match mark {
        Mark::Suppressed => "[c]",
        Mark::LowReliability => "[u]",
        Mark::NotAvailable => "[x]",
        Mark::Break => "[b]",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::phrase::plain;

    #[test]
    fn numbers_are_written_as_a_reader_expects_them() {
        let m = Messages::of(Lang::En).unwrap();
        assert_eq!(m.count(1_234_567), "1,234,567");
        assert_eq!(m.count(120), "120");
        assert_eq!(m.per_100(0.14), "14");
        assert_eq!(m.per_100(0.0341), "3.4");
        assert_eq!(m.range(0.034, 0.0278, 0.104), "2.8–10.4");
        assert_eq!(m.decimal(-1234.5, 1), "−1,234.5");
        assert_eq!(m.decimal(-0.01, 1), "0.0");
        assert_eq!(m.decimal(f64::NAN, 1), "n/a");
    }

    #[test]
    fn a_language_without_a_catalogue_is_served_in_english_and_says_so() {
        let m = Messages::of(Lang::Ca).unwrap();
        assert_eq!((m.language, m.direction()), (Lang::En, "ltr"));
    }

    #[test]
    fn a_value_with_braces_is_not_read_as_a_place() {
        let m = Messages::of(Lang::En).unwrap();
        let filled = m.phrase("page.data_period", &[("period", vec![Piece::outside("{n} {{ 7*7 }}")])]);
        assert!(plain(&filled).contains("{n} {{ 7*7 }}"));
    }
}
