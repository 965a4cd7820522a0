//! Periods as headings of statistical tables spell them, in four languages, to ISO 8601.

use crate::lexicon::normal::fold;

/// Folded names of months, in order; Arabic ones of the Levant and of Egypt.
const MONTHS: [&str; 12] = [
    "january|jan|enero|ene|gener|gen|يناير",
    "february|feb|febrero|febrer|febr|شباط|فبراير",
    "march|mar|marzo|marc|اذار|مارس",
    "april|apr|abril|abr|نيسان|ابريل",
    "may|mayo|maig|ايار|مايو",
    "june|jun|junio|juny|حزيران|يونيو",
    "july|jul|julio|juliol|تموز|يوليو",
    "august|aug|agosto|ago|agost|اب|اغسطس",
    "september|sept|sep|septiembre|setiembre|set|setembre|ايلول|سبتمبر",
    "october|oct|octubre|اكتوبر",
    "november|nov|noviembre|novembre|نوفمبر",
    "december|dec|diciembre|dic|desembre|des|ديسمبر",
];
/// Words beside a year that leave it a year: averages and the word itself.
const YEAR_WORDS: &str = "year|annual|average|mean|avg|ano|anual|media|promedio|any|mitjana|سنه|السنه|عام|العام|متوسط|\
                          المتوسط|معدل|المعدل|للعام|لعام";
const QUARTER_WORDS: &str = "quarter|qtr|trimestre|trim|trimestral|q|t|الربع|ربع";
const FILLERS: &str = "of|de|del|d|من|لعام|عام|the|في";
const ORDINALS: [&str; 4] = [
    "1|1st|1r|1er|first|primer|primero|i|اول|الاول",
    "2|2nd|2n|2o|second|segundo|segon|ii|ثاني|الثاني",
    "3|3rd|3r|3er|third|tercer|tercero|iii|ثالث|الثالث",
    "4|4th|4t|4o|fourth|cuarto|quart|iv|رابع|الرابع",
];

/// A year, quarter or month as ISO 8601 (`2025`, `2025-Q1`, `2025-01`). `year` stands in where a month or quarter is
/// named without one, as under a sheet named after its year.
pub(super) fn period_of(text: &str, year: Option<&str>) -> Option<String> {
    let folded = parted(&fold(text.split(['(', '[', '*']).next()?));
    let mut words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    if words.is_empty() || words.len() > 6 {
        return None;
    }
    // "1998.5" is a figure, not May.
    if !folded.contains(['.', ','])
        && let Some(period) = numeric(&words)
    {
        return Some(period);
    }
    let years: Vec<&str> = words.iter().copied().filter(|w| is_year(w)).collect();
    let year = match years.as_slice() {
        [] => year?,
        [one] => one,
        _ => return None,
    };
    words.retain(|w| !is_year(w));
    if words.is_empty() {
        return (!years.is_empty()).then(|| year.to_owned());
    }
    if let Some(month) = levantine(&words).or_else(|| month_of(&words)) {
        return Some(format!("{year}-{month:02}"));
    }
    if let Some(quarter) = quarter_of(&words) {
        return Some(format!("{year}-Q{quarter}"));
    }
    words.iter().all(|w| listed(YEAR_WORDS, w)).then(|| year.to_owned())
}

/// Puts a space between a word and the number written together with it: `ايار2025`, `mayo2025`. One or two Latin letters
/// stay with their number: `q1`, `2024m05`, `3rd`.
fn parted(text: &str) -> String {
    let mut apart = String::with_capacity(text.len());
    let (mut latin, mut after_arabic, mut after_digit) = (0, false, false);
    for c in text.chars() {
        let (is_digit, is_arabic) = (c.is_ascii_digit(), c.is_alphabetic() && !c.is_ascii());
        if (is_digit && (after_arabic || latin > 2)) || (is_arabic && after_digit) {
            apart.push(' ');
        }
        latin = if c.is_ascii_alphabetic() { latin + 1 } else { 0 };
        (after_arabic, after_digit) = (is_arabic, is_digit);
        apart.push(c);
    }
    apart
}

/// Whether a text is a year of statistics.
pub(super) fn is_year(word: &str) -> bool {
    word.len() == 4 && word.parse::<u16>().is_ok_and(|year| (1900..2100).contains(&year))
}

/// The one period that a title names, as ISO 8601; a range names none.
pub(super) fn period_in(title: &str) -> Option<String> {
    let folded = fold(title);
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let at: Vec<usize> = (0..words.len()).filter(|i| words.get(*i).is_some_and(|w| is_year(w))).collect();
    let [at] = at.as_slice() else { return None };
    // The words beside the year may say which part of it: "Q3 2024", "2024 الربع الثالث".
    for before in (0..=3.min(*at)).rev() {
        let span = words.get(at - before..=*at).unwrap_or_default().join(" ");
        if let Some(period) = period_of(&span, None) {
            return Some(period);
        }
    }
    None
}

/// `2024M05`, `2024Q1`, `2025T3`, `202405` and the numeric forms `05/2024`, `2024-05`, `2024-05-01`.
fn numeric(words: &[&str]) -> Option<String> {
    let month = |text: &str| text.parse::<u8>().ok().filter(|m| (1..=12).contains(m) && text.len() <= 2);
    match words {
        [one] => {
            let (year, rest) = one.split_at_checked(4).filter(|(year, _)| is_year(year))?;
            let (kind, number) = rest.split_at_checked(rest.find(|c: char| c.is_ascii_digit())?)?;
            match (kind, month(number)?) {
                ("m", month) => Some(format!("{year}-{month:02}")),
                ("", month) if number.len() == 2 => Some(format!("{year}-{month:02}")),
                ("q" | "t" | "k", quarter @ 1..=4) => Some(format!("{year}-Q{quarter}")),
                _ => None,
            }
        }
        [year, rest] | [rest, year] if is_year(year) => month(rest).map(|m| format!("{year}-{m:02}")),
        [year, part, day] if is_year(year) && month(part).is_some() && day.parse::<u8>().is_ok() => {
            month(part).map(|m| format!("{year}-{m:02}"))
        }
        _ => None,
    }
}

fn month_of(words: &[&str]) -> Option<usize> {
    let mut found = words.iter().filter(|w| !listed(FILLERS, w)).map(|w| MONTHS.iter().position(|m| listed(m, w)));
    let first = found.next()??;
    found.all(|other| other == Some(first)).then_some(first + 1)
}

/// The four Levantine months that share two names: كانون الثاني or كانون2 is January, تشرين الأول October.
fn levantine(words: &[&str]) -> Option<usize> {
    let mut words = words.iter().filter(|w| !listed(FILLERS, w));
    let (name, ordinal) = (*words.next()?, words.next()?.trim_start_matches("ال"));
    let month = match (name, ordinal) {
        ("كانون", "ثاني" | "2") => 1,
        ("كانون", "اول" | "1") => 12,
        ("تشرين", "اول" | "1") => 10,
        ("تشرين", "ثاني" | "2") => 11,
        _ => return None,
    };
    words.all(|w| MONTHS.get(month - 1).is_some_and(|m| listed(m, w))).then_some(month)
}

fn quarter_of(words: &[&str]) -> Option<usize> {
    let words: Vec<&str> = words.iter().copied().filter(|w| !listed(FILLERS, w)).collect();
    let ordinal = |word: &str| ORDINALS.iter().position(|o| listed(o, word)).map(|at| at + 1);
    match words.as_slice() {
        [one] => {
            let digit = one.trim_matches(|c| matches!(c, 'q' | 't' | 'k'));
            (digit.len() == 1 && one.len() == 2).then(|| ordinal(digit)).flatten()
        }
        [one, other] if listed(QUARTER_WORDS, one) => ordinal(other),
        [one, other] if listed(QUARTER_WORDS, other) => ordinal(one),
        _ => None,
    }
}

fn listed(names: &str, word: &str) -> bool {
    names.split('|').any(|name| name == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_in_four_languages_and_nothing_else_is_one() {
        for (text, expected) in [
            ("2025", "2025"),
            ("2019**", "2019"),
            ("٢٠٢٤", "2024"),
            ("المتوسط 2025", "2025"),
            ("كانون ثاني 2025", "2025-01"),
            ("كانون الثاني/يناير 2025", "2025-01"),
            ("تشرين الأول 2024", "2024-10"),
            ("كانون الأول ٢٠٢٤", "2024-12"),
            ("شباط 2025", "2025-02"),
            ("كانون2 2025", "2025-01"),
            ("كانون 1 2024", "2024-12"),
            ("تشرين1 2024", "2024-10"),
            ("تشرين ٢ ٢٠٢٤", "2024-11"),
            ("ايار2025", "2025-05"),
            ("2025ايار", "2025-05"),
            ("mayo2025", "2025-05"),
            ("آب 2025", "2025-08"),
            ("Jun. 2020", "2020-06"),
            ("Enero de 2026", "2026-01"),
            ("Setiembre 2025", "2025-09"),
            ("gener 2026", "2026-01"),
            ("Q1/2020", "2020-Q1"),
            ("2020Q1", "2020-Q1"),
            ("2024T3", "2024-Q3"),
            ("الربع الثالث 2024", "2024-Q3"),
            ("Third Quarter, 2024", "2024-Q3"),
            ("1r trimestre 2024", "2024-Q1"),
            ("2n trimestre de 2024", "2024-Q2"),
            ("3r trimestre 2024", "2024-Q3"),
            ("4t trimestre 2024", "2024-Q4"),
            ("2024M05", "2024-05"),
            ("202601", "2026-01"),
            ("05/2024", "2024-05"),
            ("2024-05-01", "2024-05"),
        ] {
            assert_eq!(period_of(text, None).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "",
            "West Bank",
            "2023/2024",
            "12",
            "1998.5",
            "شباط",
            "Unemployed 2024",
            "نسبة التغير",
            "24,440",
            "النصف الأول 2025",
            "ر4 2025",
            "Q1-25",
            "كانون3 2025",
            "NACE2008",
        ] {
            assert_eq!(period_of(text, None), None, "{text}");
        }
        assert_eq!(period_of("تشرين الثاني", Some("2025")).as_deref(), Some("2025-11"));
    }

    #[test]
    fn a_title_gives_its_one_period_and_a_range_none() {
        let quarter = "Labour force by governorate, Q3 2024 (persons aged 15 and above)";
        assert_eq!(period_in(quarter).as_deref(), Some("2024-Q3"));
        assert_eq!(period_in("معدل البطالة حسب المحافظة، 2023").as_deref(), Some("2023"));
        assert_eq!(period_in("Unemployment rate, 2019-2023"), None);
    }
}
