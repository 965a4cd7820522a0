//! Fixed strings of the reports, from a catalogue per language. A test holds the catalogues to the same keys and places.

use super::ReportError;
use super::charts::Numerals;
use super::per_language::PerLanguage;
use super::phrase::{Phrase, Piece, direction, joined, plain};
use super::plurals::category;
use super::share::Share;
use crate::types::{Lang, Mark};
use std::collections::BTreeMap;

/// A catalogue compiled in: its name and content.
type Catalogue = (&'static str, &'static str);

/// The files of a language. A new file is a line here, a new language a line below.
macro_rules! catalogues {
    ($code:literal) => {
        catalogues!($code: "gap", "checks", "charts", "documents", "workshop_page", "assurance", "review")
    };
    ($code:literal: $($name:literal),+) => {
        &[$((
            concat!("messages/", $code, "/", $name, ".toml"),
            include_str!(concat!("../../data/reference/messages/", $code, "/", $name, ".toml")),
        )),+]
    };
}

const CATALOGUES: [(Lang, &[Catalogue]); 4] = [
    (Lang::En, catalogues!("en")),
    (Lang::Es, catalogues!("es")),
    (Lang::Ca, catalogues!("ca")),
    (Lang::Ar, catalogues!("ar")),
];

/// Section -> key -> text with `{name}` places.
pub type Texts = BTreeMap<String, BTreeMap<String, String>>;

/// The strings of one language.
#[derive(Debug)]
pub struct Messages {
    /// Language the page is written in: the one asked for when it has a catalogue, else English.
    pub language: Lang,
    texts: &'static Texts,
}

impl Messages {
    /// Strings for a reader of `language`; every catalogue is read once.
    ///
    /// # Errors
    /// When a catalogue compiled in does not parse.
    pub fn of(language: Lang) -> Result<Self, ReportError> {
        static READ: PerLanguage<Texts> = PerLanguage::new();
        let [english, ..] = CATALOGUES;
        let own = CATALOGUES.into_iter().find(|c| c.0 == language).unwrap_or(english);
        Ok(Self { language: own.0, texts: READ.get(own.0, |_| merged(own.1))? })
    }

    /// All strings, for templates.
    pub fn texts(&self) -> &'static Texts {
        self.texts
    }

    /// Direction of the page.
    pub fn direction(&self) -> &'static str {
        direction(self.language)
    }

    /// Whether the page runs from right to left.
    pub fn is_rtl(&self) -> bool {
        self.direction() == "rtl"
    }

    /// The string `section.key`; a missing one shows as `⟦section.key⟧`, which a test looks for.
    pub fn text(&self, key: &str) -> String {
        self.find(key).map_or_else(|| format!("⟦{key}⟧"), str::to_owned)
    }

    /// The string `section.key`, if the catalogue has it.
    pub fn find(&self, key: &str) -> Option<&str> {
        let (section, name) = key.split_once('.')?;
        self.texts.get(section)?.get(name).map(String::as_str)
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
        let values: Vec<(&str, Phrase)> = values.iter().map(|(n, v)| (*n, vec![self.figure(v)])).collect();
        self.phrase(key, &values)
    }

    /// A figure or word of ours. From right to left it is isolated, or signs and brackets would change sides.
    pub fn figure(&self, text: impl std::fmt::Display) -> Piece {
        Piece { outside: self.is_rtl(), ..Piece::own(text) }
    }

    /// The string alone.
    pub fn own(&self, key: &str) -> Phrase {
        vec![Piece::own(self.text(key))]
    }

    /// The form of `key` that goes with `n` (CLDR), with `{n}` filled.
    pub fn counted(&self, key: &str, n: u64) -> Phrase {
        self.counted_with(key, n, &[])
    }

    /// The same with more places to fill.
    pub fn counted_with(&self, key: &str, n: u64, values: &[(&str, Phrase)]) -> Phrase {
        let form = format!("{key}_{}", category(self.language, n));
        let mut all = vec![("n", vec![self.figure(self.count(n))])];
        all.extend(values.iter().cloned());
        self.phrase(if self.find(&form).is_some() { &form } else { key }, &all)
    }

    /// A period code in short: `2026-Q2` is a quarter, `2020-07` Jul 2020; years and anything unknown stay as they are.
    pub fn period(&self, code: &str) -> Phrase {
        if let Some((year, month)) = year_and_month(code) {
            return self.phrase(&format!("period.short_{month:02}"), &[("year", vec![Piece::own(year)])]);
        }
        let quarter = code.split_once("-Q").filter(|(year, _)| year.len() == 4);
        match quarter.filter(|(year, quarter)| year.parse::<u16>().is_ok() && matches!(*quarter, "1" | "2" | "3" | "4"))
        {
            Some((year, quarter)) => {
                self.phrase(&format!("period.quarter_{quarter}"), &[("year", vec![Piece::own(year)])])
            }
            None => vec![Piece::outside(code)],
        }
    }

    /// A period in running text: `2020-07` is July 2020.
    pub fn period_in_words(&self, code: &str) -> Phrase {
        match year_and_month(code) {
            Some((year, month)) => {
                self.phrase(&format!("period.month_{month:02}"), &[("year", vec![Piece::own(year)])])
            }
            None => self.period(code),
        }
    }

    /// Periods as they are counted, `2020-07..2020-11`, in short form.
    pub fn span_of_periods(&self, periods: &str) -> Phrase {
        match periods.split_once("..").filter(|(first, last)| first != last) {
            Some((first, last)) => {
                self.phrase("page.period", &[("first", self.period(first)), ("last", self.period(last))])
            }
            None => self.period(periods.split("..").next().unwrap_or(periods)),
        }
    }

    /// A day in running text: `2025-11-30` is 30 November 2025; anything else stays as it is.
    pub fn day(&self, code: &str) -> Phrase {
        let parts = code.rsplit_once('-').and_then(|(month, day)| {
            let (year, month) = year_and_month(month)?;
            Some((year, month, two_digits(day).filter(|day| (1..=31).contains(day))?))
        });
        let Some((year, month, day)) = parts else { return vec![Piece::outside(code)] };
        let values = [("day", vec![Piece::own(day)]), ("year", vec![Piece::own(year)])];
        self.phrase(&format!("period.day_{month:02}"), &values)
    }

    /// Our word for a value of a closed list, `section.value`; a value we have no word for stays itself.
    pub fn word(&self, section: &str, value: &str) -> Phrase {
        match self.find(&format!("{section}.{value}")) {
            Some(word) => vec![Piece::own(word)],
            None => vec![Piece::outside(value)],
        }
    }

    /// Parts one after another, with the language's comma in between.
    pub fn list(&self, parts: Vec<Phrase>) -> Phrase {
        joined(parts, &self.text("join.list"))
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

    /// Known employers behind so many postings; where no posting names one, there is no figure.
    pub fn employers(&self, known: u64, postings: u64) -> String {
        if known == 0 && postings > 0 { self.text("number.none") } else { self.count(known) }
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

    /// How the axes of charts write their numbers.
    pub fn numerals(&self) -> Numerals {
        Numerals { decimal: self.text("number.decimal"), thousands: self.text("number.thousands") }
    }

    /// A share 0..=1 per 100, one decimal below 10.
    pub fn per_100(&self, share: f64) -> String {
        self.decimal(share * 100.0, places(share))
    }

    /// Whole per cent with its sign; a part of one is said as such.
    pub fn per_cent(&self, share: f64) -> String {
        let value = match share * 100.0 {
            p if p > 0.0 && p < 1.0 => "<1".to_owned(),
            p if p > 99.0 && p < 100.0 => ">99".to_owned(),
            p => self.decimal(p, 0),
        };
        plain(&self.phrase("number.per_cent", &[("value", vec![Piece::own(value)])]))
    }

    /// `low–high` per 100, with the decimals of `share`.
    pub fn range(&self, share: f64, low: f64, high: f64) -> String {
        let places = places(share);
        self.span(&self.decimal(low * 100.0, places), &self.decimal(high * 100.0, places))
    }

    /// `low–high`; in words from right to left, where a dash would leave open which end comes first.
    pub fn span(&self, low: &str, high: &str) -> String {
        let ends = [("low", vec![Piece::own(low)]), ("high", vec![Piece::own(high)])];
        plain(&self.phrase("number.range", &ends))
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

    /// The interval of a share.
    pub fn share(&self, share: impl Into<Share>) -> String {
        let Share { share, low, high, mark, .. } = share.into();
        self.interval(share, low, high, mark)
    }

    /// `14 of 100 postings (12–16), n = 1,120`, or why there is no figure.
    pub fn demand(&self, share: impl Into<Share>) -> Phrase {
        let Share { share, low, high, mark, base } = share.into();
        let n = ("n", self.count(base));
        match (share, low, high) {
            (Some(share), Some(low), Some(high)) => {
                let mark = mark.map(|m| format!(" {}", mark_text(m))).unwrap_or_default();
                let values =
                    [("share", self.per_100(share)), ("range", self.range(share, low, high)), n, ("mark", mark)];
                self.fill("demand.in_words", &values)
            }
            _ => {
                let mark = mark_text(mark.unwrap_or(Mark::NotAvailable)).to_owned();
                self.fill("demand.withheld", &[("mark", mark), n])
            }
        }
    }
}

/// The sections of several catalogues in one.
fn merged(catalogues: &[Catalogue]) -> Result<Texts, ReportError> {
    let mut texts = Texts::new();
    for (file, content) in catalogues.iter().copied() {
        let read: Texts = toml::from_str(content)
            .map_err(|e: toml::de::Error| ReportError::Catalogue { file, detail: e.to_string() })?;
        for (section, own) in read {
            texts.entry(section).or_default().extend(own);
        }
    }
    Ok(texts)
}

/// Year and month of `2020-07`.
fn year_and_month(code: &str) -> Option<(&str, u8)> {
    let (year, month) = code.split_once('-')?;
    let is_year = year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit());
    two_digits(month).filter(|month| is_year && (1..=12).contains(month)).map(|month| (year, month))
}

/// The number that two digits write.
fn two_digits(text: &str) -> Option<u8> {
    let is_number = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
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
    use std::collections::BTreeSet;

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
    fn each_language_writes_numbers_its_own_way() {
        let shown = |language| {
            let m = Messages::of(language).unwrap();
            (m.count(1_234_567), m.decimal(-1234.5, 1), m.range(0.034, 0.0278, 0.104))
        };
        let expected = |count: &str, decimal: &str, range: &str| (count.into(), decimal.into(), range.into());
        assert_eq!(shown(Lang::Es), expected("1.234.567", "−1.234,5", "2,8–10,4"));
        assert_eq!(shown(Lang::Ca), expected("1.234.567", "−1.234,5", "2,8–10,4"));
        assert_eq!(shown(Lang::Ar), expected("1,234,567", "−1,234.5", "2.8 إلى 10.4"));
    }

    #[test]
    fn months_and_days_have_their_names_in_running_text_and_short_ones_in_tables() {
        let said = |language| {
            let m = Messages::of(language).unwrap();
            [plain(&m.period_in_words("2020-07")), plain(&m.period_in_words("2021-04")), plain(&m.day("2025-11-30"))]
        };
        assert_eq!(said(Lang::En), ["July 2020", "April 2021", "30 November 2025"]);
        assert_eq!(said(Lang::Es), ["julio de 2020", "abril de 2021", "30 de noviembre de 2025"]);
        assert_eq!(said(Lang::Ca), ["juliol de 2020", "abril de 2021", "30 de novembre de 2025"]);
        assert_eq!(said(Lang::Ar), ["تموز 2020", "نيسان 2021", "30 تشرين الثاني 2025"]);
        let catalan = Messages::of(Lang::Ca).unwrap();
        assert_eq!(plain(&catalan.day("2026-04-01")), "1 d'abril de 2026");
        let m = Messages::of(Lang::En).unwrap();
        assert_eq!([plain(&m.period("2020-11")), plain(&m.period("2024-Q3"))], ["Nov 2020", "Q3 2024"]);
        assert_eq!(plain(&catalan.period("2020-04")), "abr. 2020");
        for code in ["2024-Q3", "2024", "2020-13", "2020-+7", "20-07", "<b>"] {
            assert_eq!(m.period_in_words(code), m.period(code), "{code}");
        }
        for code in ["2025-11-32", "2025-11", "2025-11-3", "soon"] {
            assert_eq!(plain(&m.day(code)), code);
        }
    }

    #[test]
    fn employers_that_no_posting_names_are_unknown_and_not_none() {
        let said = |language, known, postings| Messages::of(language).unwrap().employers(known, postings);
        assert_eq!([said(Lang::En, 0, 3657), said(Lang::Es, 0, 3657)], ["n/a", "n. d."]);
        assert_eq!([said(Lang::En, 0, 0), said(Lang::En, 1203, 3657)], ["0", "1,203"]);
    }

    #[test]
    fn counted_nouns_agree_with_their_number() {
        let said = |language, n| plain(&Messages::of(language).unwrap().counted("count.boards", n));
        assert_eq!([said(Lang::En, 1), said(Lang::En, 5)], ["1 board", "5 boards"]);
        assert_eq!([said(Lang::Es, 1), said(Lang::Es, 5)], ["1 portal", "5 portales"]);
        assert_eq!(said(Lang::Es, 2_000_000), "2.000.000 de portales");
        assert_eq!([said(Lang::Ca, 1), said(Lang::Ca, 5)], ["1 portal", "5 portals"]);
        let arabic = [1, 2, 5, 12, 200].map(|n| said(Lang::Ar, n));
        assert_eq!(arabic, ["موقع توظيف واحد", "موقعا توظيف", "5 مواقع توظيف", "12 موقع توظيف", "200 موقع توظيف"]);
    }

    #[test]
    fn a_language_without_a_catalogue_is_served_in_english_and_says_so() {
        let m = Messages::of(Lang::Und).unwrap();
        assert_eq!((m.language, m.direction()), (Lang::En, "ltr"));
    }

    /// (key without its plural form, places of its longest form)
    fn keys(m: &Messages) -> BTreeMap<String, BTreeSet<String>> {
        let mut keys: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (section, texts) in m.texts {
            for (name, text) in texts {
                let full = format!("{section}.{name}");
                let form = full.rsplit_once('_').filter(|(base, form)| FORMS.contains(form) && m.find(base).is_some());
                let places = text.split('{').skip(1).filter_map(|p| Some(p.split_once('}')?.0.to_owned()));
                keys.entry(form.map_or(full.clone(), |(base, _)| base.to_owned())).or_default().extend(places);
            }
        }
        keys
    }

    const FORMS: [&str; 5] = ["zero", "one", "two", "few", "many"];

    #[test]
    fn every_catalogue_has_the_keys_the_places_and_the_plural_forms() {
        let english = Messages::of(Lang::En).unwrap();
        let counted: Vec<String> =
            keys(&english).into_keys().filter(|k| english.find(&format!("{k}_one")).is_some()).collect();
        assert!(counted.len() >= 8, "{counted:?}");
        for language in Lang::ALL {
            let m = Messages::of(language).unwrap();
            assert_eq!(m.language, language);
            assert_eq!(keys(&m), keys(&english), "{language:?}");
            let wanted: BTreeSet<&str> = (0..=1000).chain([1_000_000]).map(|n| category(language, n)).collect();
            for key in &counted {
                for form in wanted.iter().filter(|f| **f != "other") {
                    assert!(m.find(&format!("{key}_{form}")).is_some(), "{language:?} {key}_{form}");
                }
            }
        }
    }

    #[test]
    fn a_value_with_braces_is_not_read_as_a_place() {
        let m = Messages::of(Lang::En).unwrap();
        let filled = m.phrase("page.data_period", &[("period", vec![Piece::outside("{n} {{ 7*7 }}")])]);
        assert!(plain(&filled).contains("{n} {{ 7*7 }}"));
    }
}
