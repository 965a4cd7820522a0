//! What the values of a column look like, whatever its name.

use std::collections::BTreeSet;

/// What a sample of values looks like.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Looks {
    /// Values that say something.
    pub(super) filled: usize,
    /// Different ones among them.
    pub(super) distinct: usize,
    /// Characters on average.
    pub(super) mean_chars: f64,
    /// Shares of the filled values, 0..=1.
    pub(super) links: f64,
    pub(super) dates: f64,
    pub(super) numbers: f64,
    pub(super) codes: f64,
    pub(super) flags: f64,
    pub(super) spaced: f64,
    pub(super) digits: f64,
    /// Share of all values that say something.
    pub(super) fill: f64,
    /// The first filled value.
    pub(super) example: String,
}

/// Looks at the values of a column.
pub(super) fn looks(values: &[String]) -> Looks {
    let filled: Vec<&str> = values.iter().map(|v| v.trim()).filter(|v| !is_nothing(v)).collect();
    let share = |test: &dyn Fn(&str) -> bool| match filled.len() {
        0 => 0.0,
        all => filled.iter().filter(|v| test(v)).count() as f64 / all as f64,
    };
    let chars: usize = filled.iter().map(|v| v.chars().count()).sum();
    Looks {
        filled: filled.len(),
        distinct: filled.iter().collect::<BTreeSet<_>>().len(),
        mean_chars: chars as f64 / filled.len().max(1) as f64,
        links: share(&is_link),
        dates: share(&is_date),
        numbers: share(&is_number),
        codes: share(&|v| matches!(v.len(), 2 | 3 | 5) && v.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-')),
        flags: share(&is_flag),
        spaced: share(&|v| v.contains(' ')),
        digits: share(&|v| v.chars().any(char::is_numeric)),
        fill: filled.len() as f64 / values.len().max(1) as f64,
        example: filled.first().map(|v| (*v).to_owned()).unwrap_or_default(),
    }
}

impl Looks {
    /// How well the values suit one of our fields, 0..=1.
    pub(super) fn fit(&self, field: &str) -> f64 {
        let no_words = self.links > 0.3 || self.dates > 0.5 || self.numbers > 0.3 || self.flags > 0.5;
        let words = if no_words { 0.2 } else { 1.0 };
        match field {
            _ if self.filled == 0 => 0.6,
            "title" if self.filled >= 5 && self.distinct == 1 => 0.0,
            "title" if self.mean_chars > 160.0 => words * 0.3,
            "title" => words,
            "body" | "outcomes" if self.mean_chars < 25.0 => words * 0.55,
            "body" | "outcomes" if self.mean_chars < 60.0 => words * 0.75,
            "body" | "outcomes" => words,
            "posted_on" | "closes_on" => {
                if self.dates >= 0.5 {
                    1.0
                } else {
                    0.15
                }
            }
            "url" => {
                if self.links >= 0.5 {
                    1.0
                } else {
                    0.1
                }
            }
            "id" => {
                if self.distinct * 2 >= self.filled && self.mean_chars <= 200.0 {
                    1.0
                } else {
                    0.3
                }
            }
            "language" => {
                if self.codes >= 0.8 {
                    1.0
                } else {
                    0.2
                }
            }
            "salary" => {
                if self.mean_chars <= 80.0 && self.digits >= 0.2 {
                    1.0
                } else {
                    0.3
                }
            }
            "board" => {
                if self.distinct <= 50 && self.mean_chars <= 40.0 {
                    words
                } else {
                    0.2
                }
            }
            "employer" | "place" | "sector" | "occupation" if self.mean_chars > 160.0 => 0.3,
            "employer" | "place" | "sector" | "occupation" | "provider" | "competence_group" => words,
            "eqf_level" | "ects" | "workload_hours" | "places" | "requests" | "enrolments" => {
                if self.numbers >= 0.5 {
                    1.0
                } else {
                    0.3
                }
            }
            _ => 1.0,
        }
    }

    /// Short texts that differ from row to row.
    pub(super) fn like_titles(&self) -> bool {
        let plain = self.links < 0.3 && self.dates < 0.5 && self.numbers < 0.3;
        plain && self.filled > 0 && self.distinct * 2 >= self.filled && (6.0..=120.0).contains(&self.mean_chars)
    }
}

/// Spellings of "no value".
fn is_nothing(value: &str) -> bool {
    matches!(value.to_lowercase().as_str(), "" | "-" | "na" | "n/a" | "n/d" | "nan" | "null" | "none" | "nil")
}

/// Yes or no, in the words exports use.
fn is_flag(value: &str) -> bool {
    matches!(value.to_lowercase().as_str(), "true" | "false" | "yes" | "no" | "si" | "sí" | "y" | "n")
}

fn is_link(value: &str) -> bool {
    let lower = value.to_lowercase();
    ["http://", "https://", "www."].iter().any(|start| lower.starts_with(start)) && !value.contains(char::is_whitespace)
}

/// Digits with the signs that stand between them: amounts, codes, coordinates.
fn is_number(value: &str) -> bool {
    value.chars().any(char::is_numeric)
        && value.chars().all(|c| c.is_numeric() || matches!(c, '.' | ',' | '-' | '+' | ' ' | '%' | '€' | '$'))
}

/// Three groups of digits that can be a day, a named month between digits, or so long ago.
fn is_date(value: &str) -> bool {
    let value = value.trim();
    if value.chars().count() > 60 {
        return false;
    }
    let head: String = value.chars().take_while(|c| c.is_numeric() || matches!(c, '/' | '-' | '.')).collect();
    let groups: Vec<&str> = head.split(['/', '-', '.']).filter(|g| !g.is_empty()).collect();
    let widths: Vec<usize> = groups.iter().map(|g| g.chars().count()).collect();
    if let [first, middle, last] = widths.as_slice() {
        let year = *first == 4 || *last == 4 || (*first <= 2 && *last == 2);
        return year && *middle <= 2 && first + last <= 6;
    }
    is_relative(value) || (has_month(value) && value.chars().any(char::is_numeric))
}

/// "hace 4 días", "fa una hora", "3 days ago", "منذ يومين".
fn is_relative(value: &str) -> bool {
    let lower = value.to_lowercase();
    let starts = [
        "hace ",
        "fa ",
        "منذ",
        "قبل ",
        "il y a",
        "ha ",
        "publicada hace",
        "publicat fa",
        "avui",
        "hoy",
        "ayer",
        "ahir",
        "today",
        "yesterday",
        "اليوم",
        "أمس",
    ];
    starts.iter().any(|s| lower.starts_with(s)) || lower.ends_with(" ago") || lower.contains("hace ")
}

fn has_month(value: &str) -> bool {
    let months = [
        "jan",
        "feb",
        "mar",
        "apr",
        "may",
        "jun",
        "jul",
        "aug",
        "sep",
        "oct",
        "nov",
        "dec",
        "ene",
        "abr",
        "ago",
        "dic",
        "gen",
        "mai",
        "set",
        "des",
        "يناير",
        "فبراير",
        "مارس",
        "أبريل",
        "ابريل",
        "مايو",
        "يونيو",
        "يوليو",
        "أغسطس",
        "سبتمبر",
        "أكتوبر",
        "نوفمبر",
        "ديسمبر",
        "كانون",
        "شباط",
        "آذار",
        "نيسان",
        "أيار",
        "حزيران",
        "تموز",
        "آب",
        "أيلول",
        "تشرين",
    ];
    let lower = value.to_lowercase();
    lower.split(|c: char| !c.is_alphabetic()).any(|word| months.iter().any(|m| word.starts_with(m)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_as_boards_write_them_look_like_dates_and_times_of_day_and_coordinates_do_not() {
        for date in [
            "12/09/2024",
            "2018-11-02T09:24:44Z",
            "27/05/1444",
            "3-10-23",
            "12 de marzo de 2024",
            "fa una hora",
            "Publicada hace 4d (Publicada de nuevo)",
            "2 days ago",
            "١٢/٠٩/٢٠٢٤",
            "منذ 3 أيام",
        ] {
            assert!(is_date(date), "{date}");
        }
        for other in ["08:23.8", "39.412597,-0.399604", "1000", "Full-time", "Marketing", "93 412 34 56"] {
            assert!(!is_date(other), "{other}");
        }
    }
}
