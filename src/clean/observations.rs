//! One raw official figure to one typed one. Suppressed, missing and zero stay three different things.

use super::areas::Areas;
use super::fold::folded;
use super::numbers::parse_number;
use crate::types::{
    AreaCode, Breakdown, IscoCode, NumberStyle, Observation, ObservationQuality, Period, RawObservation, Reject,
    RejectReason,
};
use std::collections::HashMap;

/// What figures are cleaned against.
#[derive(Debug, Clone, Copy)]
pub struct ObservationContext<'a> {
    /// Place names.
    pub areas: &'a Areas,
    /// Area code of the source's country, which decides between places of one name.
    pub home: Option<&'a str>,
}

/// Tells figures that are given twice. What they are about is compared as spelt: two items that mean the same to us may be
/// two to their publisher.
#[derive(Debug, Default)]
pub struct Given(HashMap<String, Before>);

#[derive(Debug)]
struct Before {
    value: String,
    status: Option<String>,
    record: u64,
}

impl Given {
    /// Whether the same figure was given before.
    ///
    /// # Errors
    /// A [`Reject`] when a figure about the same was given before with another value or status.
    pub fn repeats(&mut self, raw: &RawObservation) -> Result<bool, Reject> {
        let (value, status) = (raw.value.trim(), raw.status.as_deref().map(str::trim));
        let key = about(raw);
        let Some(before) = self.0.get(&key) else {
            let (value, status) = (value.to_owned(), status.map(str::to_owned));
            self.0.insert(key, Before { value, status, record: raw.origin.record });
            return Ok(false);
        };
        if before.value == value && before.status.as_deref() == status {
            return Ok(true);
        }
        let short = |text: &str| text.chars().take(60).collect::<String>();
        let detail = format!(
            "column value: '{}' differs from '{}' in record {}, which is about the same ({}, {}, {}); map the column \
             that tells them apart",
            short(value),
            short(&before.value),
            before.record,
            short(&raw.indicator),
            short(&raw.area),
            short(&raw.period)
        );
        Err(Reject { origin: raw.origin.clone(), reason: RejectReason::ConflictingKey, detail })
    }
}

/// Everything that a figure is about.
fn about(raw: &RawObservation) -> String {
    let own = [raw.origin.source.as_str(), &raw.indicator, &raw.area, &raw.period, &raw.unit];
    let further = [&raw.area_name, &raw.occupation, &raw.sector, &raw.sex, &raw.age, &raw.note];
    let further = further.into_iter().map(|text| text.as_deref().unwrap_or_default());
    let items = raw.breakdown.iter().flat_map(|part| [part.dimension.as_str(), part.item.as_str()]);
    own.into_iter().chain(further).chain(items).collect::<Vec<_>>().join("\u{1f}")
}

/// Cleans one figure.
///
/// # Errors
/// A [`Reject`] naming column and value when the area, the period, the occupation or the value cannot be read.
pub fn observation(raw: &RawObservation, ctx: &ObservationContext<'_>) -> Result<Observation, Reject> {
    let bad = |column: &str, value: &str, expected: &str| {
        let value: String = value.chars().take(120).collect();
        let detail = format!("column {column}: '{value}' is not {expected}");
        Reject { origin: raw.origin.clone(), reason: RejectReason::BadValue, detail }
    };
    let mut breakdown: Vec<Breakdown> = raw.breakdown.iter().filter(|b| !is_total(&b.item)).cloned().collect();
    let area = area(raw, &mut breakdown, ctx).ok_or_else(|| match raw.area.as_str() {
        "" => bad("area", "", "named in the file; name the `area` of the source in the plan"),
        code => {
            let spelt = raw.area_name.as_ref().map_or_else(|| code.to_owned(), |name| format!("{code} ({name})"));
            bad("area", &spelt, "an area of data/reference/areas.csv; add it as an alias")
        }
    })?;
    let period = period(&raw.period).ok_or_else(|| bad("period", &raw.period, "a year, quarter or month"))?;
    let mut occupation = None;
    if let Some(item) = raw.occupation.as_deref().filter(|o| !is_total(o)) {
        occupation = isco(item);
        // Groups of groups and other classifications stay as published; they must not pass for all occupations.
        if occupation.is_none() {
            breakdown.insert(0, Breakdown { dimension: "occupation".to_owned(), item: item.to_owned() });
        }
    }
    let (value, quality) = figure(&raw.value, raw.status.as_deref(), raw.numbers)
        .ok_or_else(|| bad("value", &raw.value, "a number or a sign for suppressed or missing"))?;
    let filled = |text: Option<&str>| text.map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
    Ok(Observation {
        indicator: raw.indicator.trim().to_owned(),
        area,
        period,
        occupation,
        sector: item(raw.sector.as_deref()),
        sex: item(raw.sex.as_deref()),
        age: item(raw.age.as_deref()),
        breakdown,
        value,
        unit: raw.unit.trim().to_owned(),
        quality,
        flags: filled(raw.status.as_deref()),
        note: filled(raw.note.as_deref()),
        origin: raw.origin.clone(),
    })
}

/// The area a figure is about. Where the file has no column of areas, one may stand in the name of its series; else it
/// is the area of the source.
fn area(raw: &RawObservation, breakdown: &mut Vec<Breakdown>, ctx: &ObservationContext<'_>) -> Option<AreaCode> {
    // Items that stand for all areas of a table, such as `Total`, are the source's own area.
    let all = is_total(&raw.area) || raw.area_name.as_deref().is_some_and(is_total);
    if let Some(found) = ctx.areas.published(&raw.area, raw.area_name.as_deref()) {
        return Some(found);
    }
    if !raw.area.trim().is_empty() && !all {
        return None;
    }
    let in_series = breakdown.iter().enumerate().filter(|(_, part)| part.dimension == "series");
    let named = in_series.filter_map(|(at, part)| Some((at, ctx.areas.published(&part.item, None)?))).next();
    if let Some((at, found)) = named {
        breakdown.remove(at);
        return Some(found);
    }
    ctx.home.and_then(|home| ctx.areas.published(home, None))
}

/// A classification item as published; totals and empty items are absent.
fn item(text: Option<&str>) -> Option<String> {
    text.map(str::trim).filter(|t| !is_total(t)).map(str::to_owned)
}

/// `Sex: Total`, `T`, `SEX_T`, `Ambos sexos`: the item that stands for all.
fn is_total(text: &str) -> bool {
    let last = text.rsplit(':').next().unwrap_or_default();
    let code_tail = last.trim().rsplit('_').next().unwrap_or_default();
    let is_word = |t: &str| {
        matches!(
            folded(t).as_str(),
            "" | "total"
                | "t"
                | "all"
                | "both sexes"
                | "ambos sexos"
                | "ambdos sexes"
                | "tots"
                | "todos"
                | "all ages"
                | "todas las edades"
                | "totes les edats"
                | "all items"
                | "nrp total"
                | "المجموع"
                | "الاجمالي"
                | "اجمالي"
                | "كلا الجنسين"
                | "all occupations"
                | "all sectors"
                | "total general"
                | "total sectores"
                | "total total"
                | "all categories"
        )
    };
    // `All categories: Sex` has its word in front.
    is_word(last) || is_word(code_tail) || folded(text).starts_with("all categories ")
}

/// `2024`, `2024Q1`, `2024-Q1`, `Q1 2024`, `2025T3`, `2001TIV`, `2024M05`, `2024-05`, `2024-05-01` (its month).
fn period(text: &str) -> Option<Period> {
    if let Some(quarter) = quarter_in_words(text) {
        return Some(quarter);
    }
    let mut compact: String = text.trim().chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect();
    // INE's older series: `2001TIV`. Four numerals that are words elsewhere would be refused below.
    for (roman, number) in [("TIV", "T4"), ("TIII", "T3"), ("TII", "T2"), ("TI", "T1")] {
        if compact.ends_with(roman) {
            compact.truncate(compact.len() - roman.len());
            compact.push_str(number);
        }
    }
    if let Ok(period) = Period::parse(&compact) {
        return Some(period);
    }
    let (year, rest) = match compact.split_at_checked(4)? {
        (year, rest) if year.bytes().all(|b| b.is_ascii_digit()) => (year, rest),
        _ => {
            let (rest, year) = compact.split_at_checked(compact.len().checked_sub(4)?)?;
            (year, rest.trim_end_matches(['-', '/']))
        }
    };
    let part = rest.trim_start_matches(['-', '/']);
    let (lead, number) = part.split_at_checked(part.find(|c: char| c.is_ascii_digit())?)?;
    let digits = number.split('-').next()?;
    let number: u8 = digits.parse().ok()?;
    match lead {
        "Q" | "T" | "K" | "TRIM" => Period::parse(&format!("{year}-Q{number}")).ok(),
        // `20241` may be a month or a quarter.
        "" if digits.len() < 2 && !is_parted(&compact) => None,
        "M" | "" => Period::parse(&format!("{year}-{number:02}")).ok(),
        _ => None,
    }
}

fn is_parted(period: &str) -> bool {
    period.contains(['-', '/'])
}

/// `1r trimestre 2024`, `2n trimestre de 2024`, `3er trimestre 2024`, `4th quarter 2024`.
fn quarter_in_words(text: &str) -> Option<Period> {
    if !text.contains(' ') {
        return None;
    }
    let folded = folded(text);
    let words: Vec<&str> = folded.split(' ').filter(|word| !matches!(*word, "de" | "del" | "of")).collect();
    let [ordinal, "trimestre" | "trim" | "quarter", year] = words.as_slice() else { return None };
    let (number, end) = ordinal.split_at_checked(1)?;
    let is_ordinal = matches!(end, "" | "r" | "n" | "t" | "er" | "o" | "st" | "nd" | "rd" | "th");
    is_ordinal.then(|| Period::parse(&format!("{year}-Q{number}")).ok()).flatten()
}

/// `Occupation (ISCO-08): 2. Professionals`, `OCU_ISCO08_2`, `OC25`, `2 Professionals`: the code.
fn isco(text: &str) -> Option<IscoCode> {
    if text.contains("ISCO-88") || text.contains("ISCO88") {
        return None;
    }
    let item = text.rsplit(':').next().unwrap_or_default().trim();
    let item = item.rsplit('_').next().unwrap_or_default();
    let item = item.strip_prefix("OC").unwrap_or(item).trim_start();
    let end = item.find(|c: char| !c.is_ascii_digit()).unwrap_or(item.len());
    let (code, rest) = item.split_at_checked(end)?;
    // "OC1-OC3", "1-3" are groups of groups.
    let is_group = rest.trim_start().starts_with(['-', '–']) && rest.chars().any(|c| c.is_ascii_digit());
    IscoCode::new(code).ok().filter(|_| !is_group)
}

/// The figure and how it was published; `None` when the value is neither a number nor a known sign.
fn figure(value: &str, status: Option<&str>, style: NumberStyle) -> Option<(Option<f64>, ObservationQuality)> {
    let value = value.trim();
    let published = status.and_then(quality_of);
    let sign = folded(value);
    let is_missing = matches!(value, "" | ":" | ".." | "..." | "." | "-" | "–" | "…" | "x" | "X")
        || matches!(sign.as_str(), "na" | "n a" | "nan" | "null" | "nd" | "n d");
    if matches!(value, "c" | "C" | "*" | "**" | "[c]" | "s" | ": c" | ":c") || value.starts_with('<') {
        return Some((None, ObservationQuality::Suppressed));
    }
    if is_missing {
        // `: u` and `: c`: what is published nowhere because it is unreliable or confidential is withheld.
        let withheld = matches!(published, Some(ObservationQuality::Suppressed | ObservationQuality::LowReliability));
        return Some((None, if withheld { ObservationQuality::Suppressed } else { ObservationQuality::Missing }));
    }
    // Eurostat writes flags behind the figure: `12.3 u`, `12.3 b`, `(12.3)`.
    let bare = value.trim_start_matches(['(', '[']).trim_end_matches([')', ']']);
    let figure_end = bare.rfind(|c: char| c.is_ascii_digit())? + 1;
    let (number, flags) = bare.split_at_checked(figure_end)?;
    let flags = flags.trim();
    if !flags.chars().all(|c| c.is_ascii_lowercase() || matches!(c, '%' | ' ')) || flags.len() > 4 {
        return None;
    }
    let number = parse_number(number, style)?;
    let bracketed = value.starts_with('(').then_some(ObservationQuality::LowReliability);
    let quality = published.or(quality_of(flags)).or(bracketed).unwrap_or(ObservationQuality::Normal);
    match quality {
        ObservationQuality::Suppressed => Some((None, quality)),
        // A number is there, whatever the status says.
        ObservationQuality::Missing => Some((Some(number), ObservationQuality::Normal)),
        _ => Some((Some(number), quality)),
    }
}

/// A publisher's flags or label; what has no bearing on use (provisional `p`, estimated `e`, another definition `d`)
/// gives `None`. Flags may stand together (`bu`, `b; CONF_STATUS=C`); the most serious one counts.
fn quality_of(status: &str) -> Option<ObservationQuality> {
    use ObservationQuality::{BreakInSeries, LowReliability, Missing, Suppressed};
    // JSON-stat writes `:c` where TSV has `: c`.
    let status = status.trim().trim_start_matches(':');
    let parts: Vec<&str> = status.split([';', ',', ' ']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let withheld =
        |part: &str| part.strip_prefix("CONF_STATUS=").is_some_and(|code| matches!(code, "C" | "D" | "N" | "S"));
    if parts.iter().any(|part| withheld(part)) {
        return Some(Suppressed);
    }
    let are_letters = |part: &&str| part.len() <= 3 && part.bytes().all(|b| b.is_ascii_alphabetic());
    if !parts.is_empty() && parts.iter().all(are_letters) {
        let letters = parts.concat().to_ascii_lowercase();
        let has = |flags: &[char]| letters.contains(flags);
        return match () {
            // SDMX code list CL_OBS_STATUS: Q missing and suppressed, U low reliability, B break, M, O, L, H missing.
            () if has(&['c', 'q']) => Some(Suppressed),
            () if has(&['u']) => Some(LowReliability),
            () if has(&['b']) => Some(BreakInSeries),
            () if has(&['m', 'o', 'l', 'h', 'z']) => Some(Missing),
            () => None,
        };
    }
    let status = folded(status);
    let has = |words: &[&str]| words.iter().any(|word| status.contains(word));
    match () {
        () if has(&[
            "confidential",
            "suppressed",
            "secreto",
            "secret estad",
            "confidencial",
            "not for publication",
        ]) =>
        {
            Some(Suppressed)
        }
        () if has(&["unreliable", "low reliability", "poca fiabilidad", "poc fiable", "baixa fiabilitat"]) => {
            Some(LowReliability)
        }
        () if has(&["break in", "ruptura", "trencament"]) => Some(BreakInSeries),
        () if has(&["missing", "not available", "no disponible", "not applicable"]) => Some(Missing),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Origin, SnapshotId, SourceId};

    fn raw(value: &str, status: Option<&str>) -> RawObservation {
        RawObservation {
            indicator: "EMP".to_owned(),
            area: "Occupied Palestinian Territory".to_owned(),
            area_name: None,
            breakdown: Vec::new(),
            period: "2023".to_owned(),
            occupation: Some("Occupation (ISCO-08): 2. Professionals".to_owned()),
            sector: None,
            sex: Some("Sex: Total".to_owned()),
            age: Some("Age (Youth, adults): 15+".to_owned()),
            value: value.to_owned(),
            numbers: NumberStyle::Point,
            unit: "thousand persons".to_owned(),
            status: status.map(str::to_owned),
            note: None,
            origin: Origin {
                source: SourceId::new("ilostat").unwrap(),
                snapshot: SnapshotId("0".to_owned()),
                record: 1,
            },
        }
    }

    fn clean(raw: &RawObservation) -> Result<Observation, Reject> {
        observation(raw, &ObservationContext { areas: Areas::built_in(), home: None })
    }

    #[test]
    fn labels_become_codes_and_totals_vanish() {
        let o = clean(&raw("120.5", None)).unwrap();
        assert_eq!((o.area.0.as_str(), o.period.to_string().as_str()), ("PS", "2023"));
        assert_eq!(
            (o.occupation.unwrap().as_str(), o.sex, o.age.as_deref()),
            ("2", None, Some("Age (Youth, adults): 15+"))
        );
        assert_eq!((o.value, o.quality), (Some(120.5), ObservationQuality::Normal));
    }

    #[test]
    fn zero_missing_and_suppressed_are_three_things() {
        use ObservationQuality::{BreakInSeries, LowReliability, Missing, Normal, Suppressed};
        let cases = [
            ("0", None, Some(0.0), Normal),
            ("", None, None, Missing),
            (":", None, None, Missing),
            ("..", None, None, Missing),
            ("<5", None, None, Suppressed),
            ("c", None, None, Suppressed),
            ("", Some("C"), None, Suppressed),
            ("7.1", Some("Unreliable"), Some(7.1), LowReliability),
            ("7.1 u", None, Some(7.1), LowReliability),
            ("8", Some("Break in series"), Some(8.0), BreakInSeries),
            ("9.2 b", None, Some(9.2), BreakInSeries),
            ("-5", Some("p"), Some(-5.0), Normal),
            ("0", Some("n"), Some(0.0), Normal),
            ("4.2", Some("bu"), Some(4.2), LowReliability),
            ("4.2", Some("de"), Some(4.2), Normal),
            ("4.2", Some("s"), Some(4.2), Normal),
            (":", Some("u"), None, Suppressed),
            (":", Some("c"), None, Suppressed),
            (":", Some("z"), None, Missing),
            ("", Some(":c"), None, Suppressed),
            ("", Some(":u"), None, Suppressed),
            ("", Some(":"), None, Missing),
            ("", Some("dada confidencial"), None, Suppressed),
            ("57015", Some("M"), Some(57_015.0), Normal),
            ("57015", Some("A; CONF_STATUS=N"), None, Suppressed),
            ("", Some("b; CONF_STATUS=C"), None, Suppressed),
            ("", Some("Secreto estadístico"), None, Suppressed),
            ("21.3", Some("Definitivo"), Some(21.3), Normal),
        ];
        for (value, status, expected, quality) in cases {
            let o = clean(&raw(value, status)).unwrap();
            assert_eq!((o.value, o.quality), (expected, quality), "{value} {status:?}");
        }
        assert!(clean(&raw("12x3", None)).unwrap_err().detail.contains("12x3"));
    }

    #[test]
    fn a_figure_without_a_place_is_about_the_area_of_its_source() {
        let context = ObservationContext { areas: Areas::built_in(), home: Some("ES11") };
        let about = |area: &str, series: &[&str]| {
            let part = |item: &&str| Breakdown { dimension: "series".to_owned(), item: (*item).to_owned() };
            let breakdown = series.iter().map(part).collect();
            let raw = RawObservation { area: area.to_owned(), breakdown, ..raw("1", None) };
            observation(&raw, &context).map(|o| (o.area.0, o.breakdown.len())).map_err(|reject| reject.detail)
        };
        assert_eq!(about("", &[]), Ok(("ES11".to_owned(), 0)));
        assert_eq!(about("Total", &["Parados"]), Ok(("ES11".to_owned(), 1)));
        assert_eq!(about("", &["Cataluña", "Parados"]), Ok(("ES51".to_owned(), 1)));
        assert_eq!(about("Total Nacional", &[]), Ok(("ES".to_owned(), 0)));
        assert!(about("Sabadell", &[]).unwrap_err().contains("Sabadell"));
        assert!(
            clean(&RawObservation { area: String::new(), ..raw("1", None) }).unwrap_err().detail.contains("`area`")
        );
    }

    #[test]
    fn a_figure_given_twice_is_one_and_another_value_about_the_same_is_a_reject() {
        let mut given = Given::default();
        assert_eq!(given.repeats(&raw("7.1", None)), Ok(false));
        assert_eq!(given.repeats(&raw("7.1", None)), Ok(true));
        let reject = given.repeats(&raw("8", None)).unwrap_err();
        assert_eq!(reject.reason, RejectReason::ConflictingKey);
        assert!(reject.detail.contains("'8' differs from '7.1' in record 1"), "{}", reject.detail);
        // Two surveys of one country in one year are two figures.
        let other = RawObservation { note: Some("HIES - household survey".to_owned()), ..raw("8", None) };
        assert_eq!(given.repeats(&other), Ok(false));
    }

    #[test]
    fn periods_are_read_in_every_publishers_spelling() {
        for (text, expected) in [
            ("2024Q1", "2024-Q1"),
            ("2025T3", "2025-Q3"),
            ("Q4 2023", "2023-Q4"),
            ("2024M05", "2024-05"),
            ("2024-5", "2024-05"),
            ("05/2024", "2024-05"),
            ("2001TIV", "2001-Q4"),
            ("1987TII", "1987-Q2"),
            ("1r trimestre 2024", "2024-Q1"),
            ("2n trimestre de 2024", "2024-Q2"),
            ("3r trimestre 2024", "2024-Q3"),
            ("4t trimestre 2024", "2024-Q4"),
            ("202401", "2024-01"),
        ] {
            assert_eq!(period(text).map(|p| p.to_string()).as_deref(), Some(expected), "{text}");
        }
        // Five digits may be a month or a quarter.
        assert!(["", "24", "2024Q5", "2024W12", "20241", "soon", "ñandú"].iter().all(|t| period(t).is_none()));
    }

    #[test]
    fn occupation_items_that_are_no_isco_08_group_stay_as_published() {
        for (item, code) in [
            ("OCU_ISCO08_25", Some("25")),
            ("OC2", Some("2")),
            ("2 Professionals", Some("2")),
            ("OC1-OC3", None),
            ("OCU_ISCO88_2", None),
            ("X. Not elsewhere classified", None),
        ] {
            assert_eq!(isco(item).map(String::from).as_deref(), code, "{item}");
        }
        let group = RawObservation { occupation: Some("OC1-OC3".to_owned()), ..raw("1", None) };
        let kept = clean(&group).unwrap();
        assert_eq!((kept.occupation, kept.breakdown[0].item.as_str()), (None, "OC1-OC3"));
        let unknown = RawObservation { area: "Atlantis".to_owned(), ..raw("1", None) };
        assert!(clean(&unknown).unwrap_err().detail.contains("Atlantis"));
    }
}
