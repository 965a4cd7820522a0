//! Dates as sources spell them. What is not certainly a day becomes null and is counted, never guessed.

use super::repairs::Repair;
use crate::types::Date;

/// First plausible posting year.
const FIRST_YEAR: i16 = 1990;
/// Days a date may lie beyond `as_of` (time zones and scheduled postings).
const FUTURE_DAYS: i64 = 2;

/// Order of day and month in `12/09/2024`; a value that does not fit the order is refused, not turned round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// dd/mm/yyyy
    #[default]
    DayFirst,
    /// mm/dd/yyyy
    MonthFirst,
}

/// What dates are read against.
#[derive(Debug, Clone, Copy)]
pub struct DateContext {
    /// The run's reference day.
    pub as_of: Date,
    /// Day the snapshot was obtained; relative dates count from it.
    pub retrieved_on: Option<Date>,
    /// Order of day and month.
    pub order: DateOrder,
}

/// Posting and closing day of a posting, with what had to be refused or repaired.
pub fn posting_dates(
    posted: Option<&str>,
    closes: Option<&str>,
    ctx: &DateContext,
    repairs: &mut Vec<Repair>,
) -> (Option<Date>, Option<Date>) {
    let posted_on = posted.and_then(|t| day(t, ctx, repairs)).and_then(|d| not_in_future(d, ctx, repairs));
    let closes_on = closes.and_then(|t| day(t, ctx, repairs));
    match (posted_on, closes_on) {
        (Some(from), Some(to)) if to < from => {
            repairs.push(Repair::ClosesBeforePosted);
            (posted_on, None)
        }
        both => both,
    }
}

/// One day; null with a repair noted when the text is no day.
pub fn day(text: &str, ctx: &DateContext, repairs: &mut Vec<Repair>) -> Option<Date> {
    let text = text.trim();
    if is_absent(text) {
        return None;
    }
    let noted = repairs.len();
    match read(text, ctx, repairs) {
        Some(day) if day.year() < FIRST_YEAR => {
            repairs.push(Repair::DateTooEarly);
            None
        }
        Some(day) => Some(day),
        None => {
            // One value, one repair: a relative date without its anchor has said so already.
            if repairs.len() == noted {
                repairs.push(Repair::DateUnreadable);
            }
            None
        }
    }
}

fn not_in_future(day: Date, ctx: &DateContext, repairs: &mut Vec<Repair>) -> Option<Date> {
    if day_number(day) > day_number(ctx.as_of) + FUTURE_DAYS {
        repairs.push(Repair::DateInFuture);
        return None;
    }
    Some(day)
}

fn is_absent(text: &str) -> bool {
    let lower = text.to_lowercase();
    matches!(lower.as_str(), "" | "na" | "n/a" | "n/d" | "nan" | "null" | "none" | "-" | "nat")
}

fn read(text: &str, ctx: &DateContext, repairs: &mut Vec<Repair>) -> Option<Date> {
    let ascii: String = text.chars().filter_map(plain_sign).flat_map(char::to_lowercase).collect();
    if is_bound(&ascii) {
        repairs.push(Repair::DateOnlyBounded);
        return None;
    }
    iso(&ascii, repairs)
        .or_else(|| numeric(&ascii, ctx.order, repairs))
        // "ago" is also the Spanish August, but no unit of time follows it there.
        .or_else(|| relative(&ascii, ctx, repairs))
        .or_else(|| named_month(&ascii, ctx, repairs))
}

fn western_digit(c: char) -> char {
    let offset = match c {
        '٠'..='٩' => c as u32 - 0x660,
        '۰'..='۹' => c as u32 - 0x6f0,
        _ => return c,
    };
    char::from_digit(offset, 10).unwrap_or(c)
}

/// Western digits; no vowel marks, no tatweel, one alef, and none of the marks that only steer the direction of text.
fn plain_sign(c: char) -> Option<char> {
    match c {
        'ـ'
        | '\u{64b}'..='\u{652}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{61c}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}' => None,
        'أ' | 'إ' | 'آ' => Some('ا'),
        other => Some(western_digit(other)),
    }
}

/// `2018-12-27` or `1444/05/27`, alone or before a time: the day as the source's own clock shows it.
fn iso(text: &str, repairs: &mut Vec<Repair>) -> Option<Date> {
    let text = without_era(text).0;
    let head = text.get(..10)?;
    let rest = text.get(10..)?;
    let timed = rest.strip_prefix(['t', ' ']);
    if !(rest.is_empty() || timed.is_some_and(is_time)) {
        return None;
    }
    let mut parts = head.split(['-', '/']);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if year.len() != 4 || month.len() != 2 || day.len() != 2 {
        return None;
    }
    let (year, month, day) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    if HIJRI_YEARS.contains(&year) {
        let converted = from_hijri(year, month, day)?;
        repairs.push(Repair::HijriConverted);
        return Some(converted);
    }
    Date::new(year, month, day).ok()
}

/// Years that a posting can only have in the Hijri calendar (1880 to 2174).
const HIJRI_YEARS: std::ops::Range<i16> = 1300..1600;

/// The text without the mark of its era: `هـ` (Hijri), `م` (common era), and whether it was that of the Hijri era.
fn without_era(text: &str) -> (&str, bool) {
    let trimmed = text.trim_end_matches('.').trim_end();
    for mark in ["ه", "ah", "هجري", "هجرية"] {
        if let Some(rest) =
            trimmed.strip_suffix(mark).filter(|rest| rest.trim_end().ends_with(|c: char| c.is_ascii_digit()))
        {
            return (rest.trim_end(), true);
        }
    }
    let common = trimmed.strip_suffix('م').filter(|rest| rest.trim_end().ends_with(|c: char| c.is_ascii_digit()));
    (common.map_or(text, str::trim_end), false)
}

fn is_time(text: &str) -> bool {
    text.len() >= 4
        && text.as_bytes().first().is_some_and(u8::is_ascii_digit)
        && text.contains(':')
        && text.chars().all(|c| c.is_ascii_digit() || ":.+-z utcgmapm".contains(c))
}

/// `27/05/2024`, `27-05-2024`, `27.05.2024`, alone or before a time; Hijri years are converted.
fn numeric(text: &str, order: DateOrder, repairs: &mut Vec<Repair>) -> Option<Date> {
    let text = without_era(text).0;
    let (head, time) = text.split_once([' ', 't']).unwrap_or((text, "00:00"));
    if !is_time(time.trim()) {
        return None;
    }
    let mut parts = head.split(['/', '-', '.']);
    let (first, second, year, end) = (parts.next()?, parts.next()?, parts.next()?, parts.next());
    let short = |p: &str| (1..=2).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit());
    if end.is_some() || year.len() != 4 || !short(first) || !short(second) {
        return None;
    }
    let (first, second): (i8, i8) = (first.parse().ok()?, second.parse().ok()?);
    let year: i16 = year.parse().ok()?;
    let (day, month) = if order == DateOrder::DayFirst { (first, second) } else { (second, first) };
    if HIJRI_YEARS.contains(&year) {
        let converted = from_hijri(year, month, day)?;
        repairs.push(Repair::HijriConverted);
        return Some(converted);
    }
    Date::new(year, month, day).ok()
}

/// Tabular Islamic calendar (civil epoch, leap years 2, 5, 7, 10, 13, 16, 18, 21, 24, 26, 29 of 30), which is within a
/// day or two of the announced one. Day numbers as in Reingold and Dershowitz, Calendrical Calculations.
fn from_hijri(year: i16, month: i8, day: i8) -> Option<Date> {
    if !(1..=12).contains(&month) || !(1..=30).contains(&day) {
        return None;
    }
    let (year, month, day) = (i64::from(year), i64::from(month), i64::from(day));
    // 227,015 is the fixed day number of 1 Muharram 1; ours count from 1970-01-01 (719,163).
    let fixed = 227_015 - 1 + day + 29 * (month - 1) + month / 2 + (year - 1) * 354 + (3 + 11 * year).div_euclid(30);
    from_day_number(fixed - 719_163)
}

/// Month names and their abbreviations in English, Spanish, Catalan and Arabic (Egypt and the Gulf, the Levant, the
/// Maghreb), in lower case and with one alef.
const MONTHS: &[(&str, i8)] = &[
    ("january|jan|enero|ene|gener|gen|يناير|كانون الثاني|جانفي", 1),
    ("february|feb|febrero|febrer|febr|فبراير|شباط|فيفري", 2),
    ("march|mar|marzo|març|مارس|اذار", 3),
    ("april|apr|abril|abr|ابريل|نيسان|افريل", 4),
    ("may|mayo|maig|مايو|ايار|ماي", 5),
    ("june|jun|junio|juny|يونيو|يونيه|حزيران|جوان", 6),
    ("july|jul|julio|juliol|يوليو|يوليه|تموز|جويلية|يوليوز", 7),
    ("august|aug|agosto|ago|agost|ag|اغسطس|اب|اوت|غشت", 8),
    ("september|sep|sept|septiembre|setiembre|set|setembre|سبتمبر|ايلول|شتنبر", 9),
    ("october|oct|octubre|اكتوبر|تشرين الاول", 10),
    ("november|nov|noviembre|novembre|نوفمبر|تشرين الثاني|نونبر", 11),
    ("december|dec|diciembre|dic|desembre|des|ديسمبر|كانون الاول|دجنبر", 12),
];

/// Months of the Hijri year in Arabic and as they are written in Latin letters.
const HIJRI_MONTHS: &[(&str, i8)] = &[
    ("محرم|المحرم|muharram", 1),
    ("صفر|safar", 2),
    ("ربيع الاول|rabi al-awwal|rabi i", 3),
    ("ربيع الاخر|ربيع الثاني|rabi al-thani|rabi ii", 4),
    ("جمادى الاولى|جمادي الاولى|جمادى الاول|jumada al-awwal|jumada al-ula|jumada i", 5),
    ("جمادى الاخرة|جمادى الثانية|جمادي الثانية|جمادى الاخر|jumada al-thani|jumada al-akhirah|jumada ii", 6),
    ("رجب|rajab", 7),
    ("شعبان|shaaban|shaban|sha'ban", 8),
    ("رمضان|ramadan", 9),
    ("شوال|shawwal", 10),
    ("ذو القعدة|ذي القعدة|ذو القعده|dhu al-qadah|dhul qadah", 11),
    ("ذو الحجة|ذي الحجة|ذو الحجه|dhu al-hijjah|dhul hijjah", 12),
];

fn month_of(word: &str) -> Option<i8> {
    let word = word.trim_matches('.');
    MONTHS.iter().find(|(names, _)| names.split('|').any(|n| n == word)).map(|(_, month)| *month)
}

/// The month of a text whose name has two words, with the text without it.
fn two_words(text: &str, months: &[(&str, i8)]) -> Option<(i8, String)> {
    months.iter().find_map(|(names, month)| {
        let name = names.split('|').filter(|n| n.contains(' ')).find(|n| text.contains(*n))?;
        Some((*month, text.replacen(name, " ", 1)))
    })
}

/// `27 جمادى الأولى 1444 هـ`, `15 Ramadan 1444`.
fn hijri_month(text: &str, repairs: &mut Vec<Repair>) -> Option<Date> {
    let text = without_era(text).0;
    let single = || {
        HIJRI_MONTHS.iter().find_map(|(names, month)| {
            let name =
                names.split('|').filter(|n| !n.contains(' ')).find(|n| text.split_whitespace().any(|w| w == *n))?;
            Some((*month, text.replacen(name, " ", 1)))
        })
    };
    let (month, rest) = two_words(text, HIJRI_MONTHS).or_else(single)?;
    let mut numbers = rest.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty());
    let (first, second, end) = (numbers.next()?, numbers.next()?, numbers.next());
    let (day, year) = if first.len() == 4 { (second, first) } else { (first, second) };
    let year: i16 = year.parse().ok()?;
    if end.is_some() || !HIJRI_YEARS.contains(&year) {
        return None;
    }
    let converted = from_hijri(year, month, day.parse().ok()?)?;
    repairs.push(Repair::HijriConverted);
    Some(converted)
}

/// The text without the offset that dates of feeds end with (RFC 2822: `Tue, 01 Sep 2026 10:00:00 +0300`).
fn without_offset(text: &str) -> &str {
    let is_offset = |zone: &str| {
        let digits = zone.strip_prefix(['+', '-']).unwrap_or_default();
        digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit())
    };
    text.rsplit_once(' ').filter(|(before, zone)| before.contains(':') && is_offset(zone)).map_or(text, |(t, _)| t)
}

/// `12 May 2024`, `May 12, 2024`, `12 de mayo de 2024`, `May 2024` (first of the month), `27 de ene` (the last such day
/// before the snapshot).
fn named_month(text: &str, ctx: &DateContext, repairs: &mut Vec<Repair>) -> Option<Date> {
    if let Some(found) = hijri_month(text, repairs) {
        return Some(found);
    }
    let text = without_offset(without_era(text).0);
    let (found, rest) = two_words(text, MONTHS).map_or((None, text.to_owned()), |(month, rest)| (Some(month), rest));
    let (mut day, mut month, mut year) = (None, found, None);
    let separates = |c: char| c.is_whitespace() || matches!(c, ',' | '،' | '-' | '/' | '\'' | '’');
    for word in rest.split(separates).filter(|w| !w.is_empty()) {
        let number = word.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '.');
        if let Some(found) = month_of(word) {
            if month.replace(found).is_some() {
                return None;
            }
        } else if number.len() == 4 && number.len() == word.len() && year.is_none() {
            year = Some(number.parse::<i16>().ok()?);
        } else if (1..=2).contains(&number.len()) && day.is_none() && number.bytes().all(|b| b.is_ascii_digit()) {
            day = Some(number.parse::<i8>().ok()?);
        } else if word.bytes().any(|b| b.is_ascii_digit()) && !is_time(word) {
            return None;
        }
    }
    match (day, month?, year) {
        (Some(day), month, Some(year)) => Date::new(year, month, day).ok(),
        (None, month, Some(year)) => {
            repairs.push(Repair::DayAssumed);
            Date::new(year, month, 1).ok()
        }
        (Some(day), month, None) => {
            let retrieved = ctx.retrieved_on?;
            repairs.push(Repair::YearAssumed);
            let same_year = Date::new(retrieved.year(), month, day).ok().filter(|d| *d <= retrieved);
            same_year.or_else(|| Date::new(retrieved.year() - 1, month, day).ok())
        }
        (None, _, None) => None,
    }
}

/// `30+ days ago`, `hace más de 30 días`: at least so long ago, and no day.
fn is_bound(text: &str) -> bool {
    let bound = ["+ day", "+ día", "+ dia", "+ die", "+d", "more than", "over ", "más de", "més de", "اكثر من"];
    let relative = ["ago", "hace", "fa ", "منذ", "قبل", "day", "día", "dies", "يوم"];
    bound.iter().any(|b| text.contains(b)) && relative.iter().any(|r| text.contains(r))
}

/// `hace 4d`, `2 days ago`, `fa una hora`, `ayer`, `منذ 3 أيام`: counted from the snapshot's day, unknown without it.
fn relative(text: &str, ctx: &DateContext, repairs: &mut Vec<Repair>) -> Option<Date> {
    let days = relative_days(text)?;
    let Some(retrieved) = ctx.retrieved_on else {
        repairs.push(Repair::RelativeDateWithoutSnapshotDay);
        return None;
    };
    repairs.push(Repair::RelativeDate);
    from_day_number(day_number(retrieved) - days)
}

/// Words for a unit of time at its start, and how many days it stands for; weeks and months are told before days.
const UNITS: &[(&[&str], i64)] = &[
    (&["min", "hour", "hora", "hore", "hr", "sec", "seg", "دقيق", "دقائق", "ساع", "ثان", "ثوان"], 0),
    (&["week", "semana", "setman", "sem", "wk", "اسبوع", "اسابيع"], 7),
    (&["month", "mes", "شهر", "اشهر", "شهور"], 30),
    (&["day", "día", "dia", "die", "يوم", "ايام"], 1),
];

/// Days before the snapshot.
fn relative_days(text: &str) -> Option<i64> {
    let has = |words: &[&str]| words.iter().any(|w| text.contains(w));
    if has(&["anteayer", "antes de ayer", "abans-d'ahir", "abans d'ahir", "abans-d’ahir", "اول امس"]) {
        return Some(2);
    }
    if has(&["yesterday", "ayer", "ahir", "امس"]) {
        return Some(1);
    }
    if has(&["today", "just posted", "just now", "hoy", "avui", "ahora", "ara mateix", "اليوم", "الان"]) {
        return Some(0);
    }
    if !has(&["ago", "hace", "fa ", "منذ", "قبل"]) {
        return None;
    }
    let duals: [(&str, i64); 4] = [("يومين", 2), ("اسبوعين", 14), ("شهرين", 60), ("ساعتين", 0)];
    if let Some((_, days)) = duals.iter().find(|(word, _)| text.contains(word)) {
        return Some(*days);
    }
    let number: String = text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    let count = number.parse::<i64>().unwrap_or(1).min(5_000);
    let digits_end = text.find(number.as_str()).map_or(0, |at| at + number.len());
    let unit = text.get(digits_end..).unwrap_or_default().trim_start();
    // Without a number ("a day ago") the unit stands anywhere.
    let named = |names: &[&str]| names.iter().any(|n| unit.starts_with(n) || number.is_empty() && text.contains(n));
    if let Some((_, days)) = UNITS.iter().find(|(names, _)| named(names)) {
        return Some(count * days);
    }
    let letter: String = unit.chars().take_while(|c| c.is_alphabetic()).collect();
    match letter.as_str() {
        "h" | "m" => Some(0),
        "d" => Some(count),
        "w" => Some(count * 7),
        _ => None,
    }
}

/// Days since 1970-01-01 (Howard Hinnant, days_from_civil).
pub(super) fn day_number(day: Date) -> i64 {
    let (year, month, date) = (i64::from(day.year()), i64::from(day.month()), i64::from(day.day()));
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + date - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The inverse of [`day_number`] (Howard Hinnant, civil_from_days).
fn from_day_number(number: i64) -> Option<Date> {
    let shifted = number + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let date = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(date).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn ctx() -> DateContext {
        DateContext { as_of: date("2025-11-01"), retrieved_on: Some(date("2025-10-31")), order: DateOrder::DayFirst }
    }

    fn read_one(text: &str) -> (Option<String>, Vec<Repair>) {
        let mut repairs = Vec::new();
        (day(text, &ctx(), &mut repairs).map(|d| d.to_string()), repairs)
    }

    #[test]
    fn certain_days_are_read_without_a_repair() {
        for (text, expected) in [
            ("2018-12-27T10:50:17+0000", "2018-12-27"),
            ("2026-02-26T20:39:53.242+00:00", "2026-02-26"),
            ("2020-12-31", "2020-12-31"),
            ("10/10/2025", "2025-10-10"),
            ("7-11-2025", "2025-11-07"),
            ("31.12.2024", "2024-12-31"),
            ("12 de mayo de 2024", "2024-05-12"),
            ("May 12, 2024", "2024-05-12"),
            ("3 d'octubre de 2024", "2024-10-03"),
            ("12 ago 2024", "2024-08-12"),
            ("١٢/٠٣/٢٠٢٤", "2024-03-12"),
            ("15 كانون الثاني 2024", "2024-01-15"),
            ("٣ تشرين الأول ٢٠٢٤", "2024-10-03"),
            ("12 مايو، 2024 م", "2024-05-12"),
            ("28 de setembre de 2024", "2024-09-28"),
            ("5 de març del 2024", "2024-03-05"),
            ("3 d’abr. 2024", "2024-04-03"),
            ("12 May 2024 10:30", "2024-05-12"),
            ("Tue, 01 Sep 2026 00:30:00 +0300", "2026-09-01"),
            ("1 Sep 2026 10:00:00 -0500", "2026-09-01"),
            ("Tue, 01 Sep 2026 10:00:00 GMT", "2026-09-01"),
            ("\u{200f}12/03/2024", "2024-03-12"),
        ] {
            assert_eq!(read_one(text), (Some(expected.to_owned()), vec![]), "{text}");
        }
    }

    #[test]
    fn relative_days_count_from_the_snapshot() {
        for (text, expected) in [
            ("Publicada hace 4d (Publicada de nuevo)", "2025-10-27"),
            ("2 days ago", "2025-10-29"),
            ("3 weeks ago", "2025-10-10"),
            ("fa una hora", "2025-10-31"),
            ("fa 5 hores", "2025-10-31"),
            ("hace 2 semanas", "2025-10-17"),
            ("ayer", "2025-10-30"),
            ("منذ 3 أيام", "2025-10-28"),
            ("منذ يومين", "2025-10-29"),
            ("منذ أسبوعين", "2025-10-17"),
            ("قبل ٥ أيام", "2025-10-26"),
            ("أمس", "2025-10-30"),
            ("fa 3 dies", "2025-10-28"),
            ("Publicada fa 2 setmanes", "2025-10-17"),
            ("avui", "2025-10-31"),
            ("Publicada hace 3h", "2025-10-31"),
            ("a day ago", "2025-10-30"),
            ("hace un mes", "2025-10-01"),
        ] {
            assert_eq!(read_one(text), (Some(expected.to_owned()), vec![Repair::RelativeDate]), "{text}");
        }
        assert_eq!(read_one("Publicada el 27 de ene"), (Some("2025-01-27".to_owned()), vec![Repair::YearAssumed]));
        assert_eq!(read_one("Publicada el 12 de dic"), (Some("2024-12-12".to_owned()), vec![Repair::YearAssumed]));
    }

    #[test]
    fn garbage_and_impossible_days_are_refused_and_counted() {
        for text in ["30+ days ago", "Hace más de 30 días", "fa més de 30 dies", "منذ أكثر من 30 يوما"]
        {
            assert_eq!(read_one(text), (None, vec![Repair::DateOnlyBounded]), "{text}");
        }
        for text in ["08:23.8", "10/25/2025", "2025-13-01", "Publish date", "soon", "31/02/2024", "12/09/24", "45000"] {
            let (found, repairs) = read_one(text);
            assert!(found.is_none() && repairs.contains(&Repair::DateUnreadable), "{text}: {found:?} {repairs:?}");
        }
        assert_eq!(read_one("1970-01-01"), (None, vec![Repair::DateTooEarly]));
        assert_eq!(read_one("N/D"), (None, vec![]));
    }

    #[test]
    fn hijri_days_are_converted_and_marked() {
        // 1 Ramadan 1444 fell on 2023-03-23, 27 Jumada I 1444 on 2022-12-21.
        assert_eq!(read_one("01/09/1444"), (Some("2023-03-23".to_owned()), vec![Repair::HijriConverted]));
        for text in [
            "27/05/1444",
            "٢٧/٠٥/١٤٤٤",
            "1444-05-27",
            "27/05/1444هـ",
            "1444/05/27 هـ",
            "27 جمادى الأولى 1444 هـ",
            "27 Jumada I 1444",
            "٢٧ جمادى الأولى ١٤٤٤",
        ] {
            assert_eq!(read_one(text), (Some("2022-12-21".to_owned()), vec![Repair::HijriConverted]), "{text}");
        }
        assert_eq!(read_one("1 رمضان 1444"), (Some("2023-03-23".to_owned()), vec![Repair::HijriConverted]));
    }

    #[test]
    fn future_postings_and_closings_before_the_posting_are_null() {
        let mut repairs = Vec::new();
        assert_eq!(posting_dates(Some("2025-11-03"), None, &ctx(), &mut repairs).0, Some(date("2025-11-03")));
        assert_eq!(
            posting_dates(Some("2025-11-04"), Some("2025-12-01"), &ctx(), &mut repairs),
            (None, Some(date("2025-12-01")))
        );
        assert_eq!(
            posting_dates(Some("2025-10-10"), Some("09/10/2025"), &ctx(), &mut repairs),
            (Some(date("2025-10-10")), None)
        );
        assert_eq!(repairs, [Repair::DateInFuture, Repair::ClosesBeforePosted]);
    }

    #[test]
    fn day_numbers_go_both_ways() {
        for text in ["1990-01-01", "2000-02-29", "2024-12-31", "2100-03-01"] {
            assert_eq!(from_day_number(day_number(date(text))), Some(date(text)));
        }
        assert_eq!(day_number(date("2025-01-01")), 20_089);
    }
}
