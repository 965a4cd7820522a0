//! Pay as spelt, cut into amounts, currencies, periods and the few words that say how they belong together.

use crate::lexicon::normal::fold;
use crate::types::PayPeriod;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// Words of pay: `kind,value,words`, the words separated by bars.
const WORDS: &str = include_str!("../../../data/reference/pay_words.csv");

/// Highest number before a unit of time that is a length of time and no amount: "40 hours", "2 years".
const LONGEST_SPAN: u64 = 100;

/// An amount as spelt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Amount {
    /// Hundredths of the currency; absent when its digits are grouped like no number.
    pub hundredths: Option<u64>,
    /// Written with a "k" or another word for a thousand.
    pub kilo: bool,
    /// One point and three digits after it: thousands here, a fraction where a currency has three decimals.
    pub is_three: bool,
}

/// What a part of the text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Item {
    /// A number that may be pay.
    Amount(Amount),
    /// A currency by its ISO code, or `$`.
    Currency(&'static str),
    /// What the amount is paid for.
    Period(PayPeriod),
    /// "-", "to": joins two amounts.
    Range,
    /// "from": the amount is the lower end.
    Least,
    /// "up to": the upper end.
    Most,
    /// "plus": the next amount is no part of the pay.
    Extra,
    /// After deductions.
    Net,
    /// Pay that hangs on results.
    Unsure,
    /// Payments a year.
    Payments(u64),
    /// A minus right before an amount.
    Minus,
    /// A word that changes nothing.
    Filler,
    /// Any other word.
    Other,
}

/// What a word means before its neighbours are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Item(Item),
    Span,
    PaymentsUnit,
    Count(u64),
    Kilo,
    Label,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Word,
    Sign,
}

#[derive(Debug, Clone, Copy)]
struct Token<'a> {
    text: &'a str,
    kind: Kind,
    /// Stands after white space or at the start.
    is_spaced: bool,
}

/// Phrases by their first word: the words and what they mean.
type Phrases = FxHashMap<String, Vec<(Vec<String>, Vec<Word>)>>;

/// Phrases by their first token, longest first.
struct Vocabulary(Phrases);

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::parse(WORDS));

impl Vocabulary {
    /// A phrase may have two meanings: "mes" is a period, and after a small number a span.
    fn parse(table: &'static str) -> Self {
        let mut phrases: FxHashMap<Vec<String>, Vec<Word>> = FxHashMap::default();
        for line in table.lines().skip(1) {
            let mut cells = line.splitn(3, ',');
            let (Some(kind), Some(value), Some(words)) = (cells.next(), cells.next(), cells.next()) else { continue };
            let Some(word) = word_of(kind, value) else { continue };
            for phrase in words.split('|') {
                let parts = tokens(&fold(phrase)).into_iter().map(|t| t.text.to_owned()).collect();
                phrases.entry(parts).or_default().push(word);
            }
        }
        let mut by_first = Phrases::default();
        for (phrase, words) in phrases {
            if let Some(first) = phrase.first() {
                by_first.entry(first.clone()).or_default().push((phrase, words));
            }
        }
        for list in by_first.values_mut() {
            list.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
        }
        Self(by_first)
    }

    /// The longest phrase that starts here: its length and meanings.
    fn at(&self, tokens: &[Token]) -> Option<(usize, &[Word])> {
        let list = self.0.get(tokens.first()?.text)?;
        let fits = |phrase: &[String]| {
            phrase.len() <= tokens.len() && phrase.iter().zip(tokens).all(|(word, token)| word == token.text)
        };
        list.iter().find(|(phrase, _)| fits(phrase)).map(|(phrase, words)| (phrase.len(), words.as_slice()))
    }

    /// Length of the phrase that starts here, if it has this meaning.
    fn len_of(&self, tokens: &[Token], wanted: impl Fn(&Word) -> bool) -> Option<usize> {
        self.at(tokens).filter(|(_, words)| words.iter().any(wanted)).map(|(len, _)| len)
    }
}

fn word_of(kind: &str, value: &'static str) -> Option<Word> {
    let item = match kind {
        "currency" => Item::Currency(value),
        "period" => Item::Period(match value {
            "hour" => PayPeriod::Hour,
            "day" => PayPeriod::Day,
            "week" => PayPeriod::Week,
            "month" => PayPeriod::Month,
            _ => PayPeriod::Year,
        }),
        "range" => Item::Range,
        "least" => Item::Least,
        "most" => Item::Most,
        "extra" => Item::Extra,
        "net" => Item::Net,
        "unsure" => Item::Unsure,
        "none" => Item::Other,
        "filler" => Item::Filler,
        "span" => return Some(Word::Span),
        "payments" => return Some(Word::PaymentsUnit),
        "count" => return value.parse().ok().map(Word::Count),
        "kilo" => return Some(Word::Kilo),
        "label" => return Some(Word::Label),
        _ => return None,
    };
    Some(Word::Item(item))
}

/// The items of a text, in order.
pub(super) fn items(text: &str) -> Vec<Item> {
    // Catalan "més" (more) and "mes" (month) differ by an accent that folding takes away.
    let folded = fold(&text.to_lowercase().replace("més", "plus").replace("me\u{301}s", "plus"));
    let tokens = tokens(&folded);
    let mut found = Vec::with_capacity(tokens.len());
    let mut rest = tokens.as_slice();
    let mut is_labelled = false;
    while let Some(token) = rest.first() {
        let (len, item, labels) = match token.kind {
            Kind::Number if is_labelled => (1, Item::Other, false),
            Kind::Number => {
                let (len, item) = number(rest, found.last());
                (len, item, false)
            }
            _ => word(rest),
        };
        found.push(item);
        // "Grade: 5"
        is_labelled = labels || (is_labelled && item == Item::Filler);
        rest = rest.get(len.max(1)..).unwrap_or_default();
    }
    found
}

/// A word or sign: how many tokens, what it is, and whether a number after it is a label's.
fn word(rest: &[Token]) -> (usize, Item, bool) {
    let is_minus = |t: &Token| t.text == "-" && t.is_spaced;
    let tight = |i: usize| rest.get(i).is_some_and(|t| !t.is_spaced);
    if rest.first().is_some_and(is_minus) && tight(1) {
        return (1, Item::Minus, false);
    }
    let Some((len, words)) = VOCABULARY.at(rest) else {
        let is_mark = rest.first().is_some_and(|t| t.kind == Kind::Sign && ":,;=.*".contains(t.text));
        return (1, if is_mark { Item::Filler } else { Item::Other }, false);
    };
    for meaning in words {
        match meaning {
            Word::Label => return (len, Item::Other, true),
            Word::Item(item) => return (len, *item, false),
            Word::Count(count) => {
                let unit = VOCABULARY.len_of(rest.get(len..).unwrap_or_default(), |w| *w == Word::PaymentsUnit);
                return unit.map_or((len, Item::Other, false), |unit| (len + unit, Item::Payments(*count), false));
            }
            Word::Span | Word::PaymentsUnit | Word::Kilo => {}
        }
    }
    (len, Item::Other, false)
}

/// A number with what belongs to it.
fn number(rest: &[Token], before: Option<&Item>) -> (usize, Item) {
    let (Some(token), after) = (rest.first(), rest.get(1..).unwrap_or_default()) else { return (1, Item::Other) };
    let value = hundredths(token.text);
    let is_small = value.is_some_and(|v| v < LONGEST_SPAN * 100);
    let is_money = matches!(before, Some(Item::Currency(_)));
    if after.first().is_some_and(|t| t.text == "%" || t.text == "\u{66A}") {
        return (2, Item::Other);
    }
    if let Some(len) = VOCABULARY.len_of(after, |w| *w == Word::PaymentsUnit) {
        let count = value.filter(|v| v % 100 == 0 && *v <= 2_000);
        return (1 + len, count.map_or(Item::Other, |v| Item::Payments(v / 100)));
    }
    if let Some(len) = VOCABULARY.len_of(after, |w| *w == Word::Span).filter(|_| is_small && !is_money) {
        // "40 hours a week": the week belongs to the hours.
        let beyond = after.get(len..).unwrap_or_default();
        return (1 + len + period_len(beyond), Item::Other);
    }
    let kilo = VOCABULARY.len_of(after, |w| *w == Word::Kilo);
    let next = after.first().filter(|t| !t.is_spaced && t.kind == Kind::Word);
    // "8a", "1e309": the number of something else.
    if next.is_some() && kilo.is_none() && VOCABULARY.len_of(after, is_unit).is_none() {
        return (2, Item::Other);
    }
    if !token.is_spaced && before == Some(&Item::Other) {
        return (1, Item::Other);
    }
    let groups: Vec<&str> = token.text.split(|c: char| !c.is_ascii_digit()).collect();
    let is_three = groups.len() == 2 && groups.last().is_some_and(|g| g.len() == 3) && token.text.contains('.');
    let amount = Amount { hundredths: value, kilo: kilo.is_some(), is_three };
    (1 + kilo.unwrap_or_default(), Item::Amount(amount))
}

fn is_unit(word: &Word) -> bool {
    matches!(word, Word::Item(Item::Currency(_) | Item::Period(_) | Item::Range))
}

/// Tokens of a period that follows a length of time, with the word that joins them.
fn period_len(rest: &[Token]) -> usize {
    let is_period = |w: &Word| matches!(w, Word::Item(Item::Period(_)));
    if let Some(len) = VOCABULARY.len_of(rest, is_period) {
        return len;
    }
    let joins = rest.first().is_some_and(|t| ["a", "per", "por", "al", "/", "la", "في"].contains(&t.text));
    let beyond = rest.get(1..).unwrap_or_default();
    VOCABULARY.len_of(beyond, is_period).filter(|_| joins).map_or(0, |len| len + 1)
}

/// Numbers, words and signs of a folded text; quotation marks and brackets are left out.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    let mut is_spaced = true;
    while let Some(c) = rest.chars().next() {
        let (len, kind) = if c.is_ascii_digit() {
            (number_len(rest), Kind::Number)
        } else if c.is_alphabetic() {
            let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
            (end, Kind::Word)
        } else {
            (c.len_utf8(), Kind::Sign)
        };
        let (token, beyond) = rest.split_at(len);
        rest = beyond;
        if c.is_whitespace() || "'\"()[]{}«»“”`@&#".contains(c) {
            is_spaced |= c != '\'';
            continue;
        }
        found.push(Token { text: token, kind, is_spaced });
        is_spaced = false;
    }
    found
}

/// Bytes of the number that a text starts with: digits, and marks or single blanks between groups of digits.
fn number_len(text: &str) -> usize {
    let digits = |t: &str| t.bytes().take_while(u8::is_ascii_digit).count();
    let mut len = digits(text);
    let first = len;
    while let Some(mark) = text.get(len..).and_then(|t| t.chars().next()) {
        let after = text.get(len + mark.len_utf8()..).unwrap_or_default();
        let group = digits(after);
        let is_grouping = match mark {
            '.' | ',' | '\u{66B}' | '\u{66C}' => group > 0,
            ' ' | '\'' => first <= 3 && group == 3,
            _ => false,
        };
        if !is_grouping {
            break;
        }
        len += mark.len_utf8() + group;
    }
    len
}

/// Hundredths of a number as spelt: three digits after a mark are thousands, one or two are a fraction.
pub(super) fn hundredths(spelt: &str) -> Option<u64> {
    let groups: Vec<&str> = spelt.split(|c: char| !c.is_ascii_digit()).collect();
    let marks: Vec<char> = spelt.chars().filter(|c| !c.is_ascii_digit()).collect();
    let (last, before) = groups.split_last()?;
    let is_fraction = marks.last().is_some_and(|m| ['.', ',', '\u{66B}'].contains(m)) && last.len() < 3;
    let (whole, thousands, fraction) = if is_fraction {
        (before, marks.get(..marks.len() - 1)?, *last)
    } else {
        (groups.as_slice(), marks.as_slice(), "")
    };
    let [lead, threes @ ..] = whole else { return None };
    let alike = thousands.iter().all(|m| Some(m) == thousands.first() && *m != '\u{66B}');
    let told_apart = !is_fraction || thousands.iter().all(|m| Some(m) != marks.last());
    let grouped = threes.iter().all(|g| g.len() == 3) && (threes.is_empty() || (lead.len() <= 3 && *lead != "0"));
    if !(alike && told_apart && grouped) {
        return None;
    }
    let digits: String = whole.concat();
    let units: u64 = Some(digits).filter(|d| d.len() <= 12)?.parse().ok()?;
    let cents: u64 = format!("{fraction:0<2}").parse().ok()?;
    units.checked_mul(100)?.checked_add(cents)
}
