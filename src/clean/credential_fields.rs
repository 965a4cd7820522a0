//! Fields of a raw micro-credential, one reading for each kind of value.

use super::areas::Areas;
use super::contacts;
use super::fold::folded;
use super::numbers::parse_number;
use super::postings::is_null_word;
use super::repairs::Repair;
use super::text::{TextError, TextLimits, plain_line, plain_text};
use crate::types::{Date, DeclaredSkill, NumberStyle, Origin, RawCredential, Reject, RejectReason};

/// Reads the fields of one record and notes what it repaired.
pub(super) struct Reader<'a> {
    raw: &'a RawCredential,
    origin: &'a Origin,
    limits: &'a TextLimits,
    /// What had to be repaired, in order.
    pub(super) repairs: Vec<Repair>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(raw: &'a RawCredential, origin: &'a Origin, limits: &'a TextLimits) -> Self {
        Self { raw, origin, limits, repairs: Vec::new() }
    }

    fn field(&self, name: &str) -> &str {
        self.raw.fields.get(name).map(String::as_str).unwrap_or_default()
    }

    pub(super) fn reject(&self, reason: RejectReason, detail: String) -> Reject {
        Reject { origin: self.origin.clone(), reason, detail }
    }

    fn over_limit(&self, name: &str, error: TextError) -> Reject {
        self.reject(RejectReason::OverLimit, format!("column {name}: {error}"))
    }

    pub(super) fn line(&mut self, name: &str) -> Result<Option<String>, Reject> {
        let spelt = without_escapes(self.field(name));
        let spelt = unlisted(&spelt).map(|items| items.join(", ")).unwrap_or(spelt);
        let line = plain_line(&spelt, self.limits).map_err(|e| self.over_limit(name, e))?;
        let line = self.public(&line);
        Ok((!is_null_word(&line)).then_some(line))
    }

    fn public(&mut self, text: &str) -> String {
        let (clean, count) = contacts::redact(text);
        self.repairs.extend(std::iter::repeat_n(Repair::ContactRemoved, count));
        clean.into_owned()
    }

    /// The parts of a field between separators, each as plain lines: markup in one part must not swallow the others.
    fn parts(&self, name: &str, separators: &[char]) -> Result<String, Reject> {
        let spelt = without_escapes(self.field(name));
        let parts = spelt.split(separators).map(|part| plain_text(part, self.limits));
        let parts: Vec<String> = parts.collect::<Result<_, _>>().map_err(|e| self.over_limit(name, e))?;
        Ok(parts.join("\n"))
    }

    /// Values on lines of their own as one line.
    pub(super) fn several(&mut self, name: &str) -> Result<Option<String>, Reject> {
        let spelt = without_escapes(self.field(name));
        if !spelt.trim().contains('\n') {
            return self.line(name);
        }
        let lines = spelt.lines().map(|line| plain_line(line, self.limits));
        let lines: Vec<String> = lines.collect::<Result<_, _>>().map_err(|e| self.over_limit(name, e))?;
        let said: Vec<&str> = lines.iter().map(String::as_str).filter(|line| !is_null_word(line)).collect();
        let text = self.public(&said.join("; "));
        Ok((!text.is_empty()).then_some(text))
    }

    pub(super) fn list(&mut self, name: &str) -> Result<Vec<String>, Reject> {
        let items = unlisted(&without_escapes(self.field(name))).map(|items| items.join("\n"));
        let text = match items {
            Some(items) => items,
            None => self.parts(name, &['|', ';'])?,
        };
        let items = text.lines().map(|l| l.trim_start_matches("- ").trim().to_owned());
        Ok(items.filter(|item| !is_null_word(item)).collect())
    }

    /// Outcomes one by one, in file order, without repeats and without lines that only introduce the others.
    pub(super) fn statements(&mut self) -> Result<Vec<String>, Reject> {
        let text = self.parts("outcomes", &['|'])?;
        let text = self.public(&text);
        let lines = text.lines().flat_map(|line| numbered(line.trim_start_matches("- ").trim()));
        let lines: Vec<&str> = lines.map(without_code).collect();
        let mut seen = std::collections::BTreeSet::new();
        let mut kept = Vec::new();
        for line in &lines {
            let introduces = line.ends_with(':') && lines.len() > 1;
            if introduces || is_null_word(line) {
                continue;
            }
            if seen.insert(normalised(line)) {
                kept.push((*line).to_owned());
            } else {
                self.repairs.push(Repair::OutcomeRepeated);
            }
        }
        Ok(kept)
    }

    /// A number from 0 to `most`; null and noted when unreadable or outside.
    pub(super) fn number(&mut self, name: &str, style: NumberStyle, most: f64) -> Result<Option<f64>, Reject> {
        let Some(text) = self.line(name)? else { return Ok(None) };
        // A list of different numbers is no number, although its commas would make one.
        let items = unlisted(self.field(name)).unwrap_or_default();
        let is_one = items.iter().all(|item| Some(item) == items.first());
        let text = items.into_iter().next().unwrap_or(text);
        let number = parse_number(&text, style).filter(|_| is_one);
        let kept = number.filter(|n| (0.0..=most).contains(n));
        match (number, kept) {
            (None, _) => self.repairs.push(Repair::NumberUnreadable),
            (Some(_), None) => self.repairs.push(Repair::NumberOutOfRange),
            _ => {}
        }
        Ok(kept)
    }

    pub(super) fn count(&mut self, name: &str) -> Result<Option<u32>, Reject> {
        let number = self.number(name, NumberStyle::Either, f64::from(u32::MAX))?;
        if number.is_some_and(|n| n.fract() != 0.0) {
            self.repairs.push(Repair::NumberUnreadable);
            return Ok(None);
        }
        Ok(number.map(|n| n as u32))
    }

    /// `6`, `EQF 6`, `Level 6`: an EQF level.
    pub(super) fn level(&mut self, name: &str) -> Result<Option<u8>, Reject> {
        let Some(text) = self.line(name)? else { return Ok(None) };
        let digits: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|d| !d.is_empty()).collect();
        let level = match digits.as_slice() {
            [one] => one.parse::<u8>().ok(),
            [one, "0"] if text.contains('.') => one.parse::<u8>().ok(),
            _ => None,
        };
        match level {
            Some(level @ 1..=8) => return Ok(Some(level)),
            Some(_) => self.repairs.push(Repair::NumberOutOfRange),
            None => self.repairs.push(Repair::NumberUnreadable),
        }
        Ok(None)
    }

    /// Hours of work: a number, or a duration (`PT60H`). A stretch of days or months is no workload.
    pub(super) fn hours(&mut self) -> Result<Option<f64>, Reject> {
        const MOST: f64 = 12_000.0;
        let Some(text) = self.line("workload_hours")? else { return Ok(None) };
        if !text.starts_with(['P', 'p']) {
            return self.number("workload_hours", NumberStyle::Either, MOST);
        }
        let hours = duration_hours(&text);
        match hours {
            None => self.repairs.push(Repair::NumberUnreadable),
            Some(hours) if hours > MOST => self.repairs.push(Repair::NumberOutOfRange),
            _ => {}
        }
        Ok(hours.filter(|hours| *hours <= MOST))
    }

    /// `short cycle`, `1`, `second`, `Bachelor`: a QF-EHEA cycle.
    pub(super) fn cycle(&mut self) -> Result<Option<u8>, Reject> {
        let Some(text) = self.line("cycle")? else { return Ok(None) };
        let name = folded(&text);
        let cycle = CYCLES.iter().position(|words| name.split(' ').any(|word| words.contains(&word)));
        if cycle.is_none() {
            self.repairs.push(Repair::NumberUnreadable);
        }
        Ok(cycle.map(|cycle| cycle as u8))
    }

    /// An area code where the place is known, else the place as spelt.
    pub(super) fn country(&mut self) -> Result<Option<String>, Reject> {
        let place = self.line("country")?;
        Ok(place.map(|place| Areas::built_in().resolve(&place, None).map_or(place, |area| area.0)))
    }

    /// A web address without anybody's contact in it.
    pub(super) fn page(&mut self) -> Result<Option<String>, Reject> {
        let page = self.field("further_information").trim().to_owned();
        if page.is_empty() || is_null_word(&page) {
            return Ok(None);
        }
        let is_address = ["http://", "https://"].iter().any(|scheme| page.starts_with(scheme));
        if !is_address || contacts::redact(&page).1 > 0 {
            self.repairs.push(Repair::UrlDropped);
            return Ok(None);
        }
        Ok(Some(page))
    }

    /// An ISO 8601 day, with or without a time after it.
    pub(super) fn day(&mut self, name: &str) -> Result<Option<Date>, Reject> {
        let Some(text) = self.line(name)? else { return Ok(None) };
        let day = text.get(..10).and_then(|day| day.parse().ok());
        if day.is_none() {
            self.repairs.push(Repair::DateUnreadable);
        }
        Ok(day)
    }

    /// Concepts the provider names: an address, a label after it, or a label alone.
    pub(super) fn skills(&mut self) -> Result<Vec<DeclaredSkill>, Reject> {
        let spelt = without_escapes(self.field("declared_skills"));
        let items = match unlisted(&spelt) {
            Some(items) => items,
            // Labels without addresses are often parted by commas alone.
            None if spelt.contains(['|', ';', '\n']) || spelt.contains("//") => {
                spelt.split(['|', ';', '\n']).map(str::to_owned).collect()
            }
            None => spelt.split(',').map(str::to_owned).collect(),
        };
        let mut skills: Vec<DeclaredSkill> = Vec::new();
        for item in items {
            let line = plain_line(&item, self.limits).map_err(|e| self.over_limit("declared_skills", e))?;
            let line = self.public(&line);
            let (first, rest) = line.split_once(' ').unwrap_or((&line, ""));
            let is_address = ["http://", "https://", "urn:"].iter().any(|scheme| first.starts_with(scheme));
            let (uri, label) = if is_address { (Some(first), rest) } else { (None, line.as_str()) };
            let label = Some(label.trim()).filter(|label| !is_null_word(label)).map(str::to_owned);
            let skill = DeclaredSkill { uri: uri.map(str::to_owned), label };
            if (skill.uri.is_some() || skill.label.is_some()) && !skills.contains(&skill) {
                skills.push(skill);
            }
        }
        Ok(skills)
    }
}

/// Words for the cycles of QF-EHEA: short, first, second, third.
const CYCLES: [&[&str]; 4] = [
    &["0", "short", "curt", "corto"],
    &["1", "first", "bachelor", "grau", "grado", "primer", "primero"],
    &["2", "second", "master", "segon", "segundo"],
    &["3", "third", "doctoral", "doctorate", "doctorat", "doctorado", "tercer", "tercero"],
];

/// Lower case and single spaces, so that an outcome told twice is one.
pub(super) fn normalised(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// ISO 639-1 code of our languages, from a code or a name; others as spelt in lower case.
pub(super) fn language_code(text: &str) -> String {
    let lower = text.trim().to_lowercase();
    match lower.as_str() {
        "english" | "inglés" | "anglès" | "eng" | "الإنجليزية" => "en".to_owned(),
        "spanish" | "español" | "castellano" | "castellà" | "espanyol" | "spa" | "الإسبانية" => {
            "es".to_owned()
        }
        "catalan" | "català" | "catalán" | "cat" => "ca".to_owned(),
        "arabic" | "árabe" | "àrab" | "ara" | "العربية" => "ar".to_owned(),
        _ => lower,
    }
}

/// Line breaks and tabs that an export wrote as letters.
fn without_escapes(text: &str) -> String {
    text.replace("\\r", "").replace("\\n", "\n").replace("\\t", " ")
}

/// Items of a list that a program printed, `["5"]` or `['a', 'b']`; nothing when it is none.
fn unlisted(text: &str) -> Option<Vec<String>> {
    let inside = text.trim().strip_prefix('[')?.strip_suffix(']')?;
    if let Ok(items) = serde_json::from_str::<Vec<serde_json::Value>>(text) {
        return Some(items.iter().map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned)).collect());
    }
    let inside = inside.trim().strip_prefix('\'')?.strip_suffix('\'')?;
    Some(inside.split("', '").map(str::to_owned).collect())
}

/// Hours of an ISO 8601 duration that counts hours, minutes and seconds only.
fn duration_hours(text: &str) -> Option<f64> {
    let upper = text.to_ascii_uppercase();
    let mut rest = upper.strip_prefix("PT")?;
    let mut hours = 0.0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')?;
        let amount: f64 = rest.get(..end)?.replace(',', ".").parse().ok()?;
        hours += match rest.get(end..=end)? {
            "H" => amount,
            "M" => amount / 60.0,
            "S" => amount / 3600.0,
            _ => return None,
        };
        rest = rest.get(end + 1..)?;
    }
    Some(hours)
}

/// `RA1.`, `LO 2 -`, `R.A. 3:`: the statement without the code of its place in a list.
fn without_code(line: &str) -> &str {
    let letters = ["R.A.", "RA", "LO", "CLO", "ILO"];
    let Some(rest) = letters.iter().find_map(|code| line.strip_prefix(code)) else { return without_number(line) };
    let rest = rest.trim_start();
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
    let after = rest.get(digits..).unwrap_or_default();
    let statement = after.trim_start_matches(|c: char| c.is_whitespace() || ":-–)".contains(c));
    // "LO2 description" is a name that goes on; "RA2 Configura" and "RA2: configura" are not.
    let is_apart =
        rest.get(..digits).is_some_and(|d| d.ends_with('.')) || after.trim_start().starts_with([':', '-', '–', ')']);
    let begins = after.starts_with(' ') && !statement.starts_with(char::is_lowercase);
    let is_code = rest.starts_with(|c: char| c.is_ascii_digit()) && (is_apart || begins);
    if is_code && !statement.is_empty() { statement } else { line }
}

/// The items of a list that was run together: `able to: 1. plan 2. test`. What stands before the first only leads in.
fn numbered(line: &str) -> Vec<&str> {
    let opens = |from: usize, number: usize| -> Option<(usize, usize)> {
        let found = [format!("{number}. "), format!("{number}) ")].into_iter().filter_map(|mark| {
            let at = line.get(from..)?.find(mark.as_str())? + from;
            let before = line.get(..at)?.chars().next_back();
            before.is_none_or(|c| c.is_whitespace() || c == '(').then_some((at, at + mark.len()))
        });
        found.min()
    };
    let mut items = Vec::new();
    let Some((at, mut after)) = opens(0, 1) else { return vec![line] };
    let lead = line.get(..at).unwrap_or_default().trim();
    let leads_in = lead.is_empty() || lead.ends_with(':');
    while let Some((next, beyond)) = opens(after, items.len() + 2) {
        items.push(line.get(after..next).unwrap_or_default());
        after = beyond;
    }
    items.push(line.get(after..).unwrap_or_default());
    if items.len() < 2 || !leads_in {
        return vec![line];
    }
    items.into_iter().map(|item| item.trim().trim_end_matches(['(', ';', ',']).trim()).collect()
}

/// `1. Plan`, `2) Test`: the item without its number.
fn without_number(line: &str) -> &str {
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = line.get(digits..).unwrap_or(line);
    let numbered = (1..=2).contains(&digits) && rest.starts_with([')', '.']) && rest.get(1..2) == Some(" ");
    if numbered { rest.get(2..).unwrap_or_default().trim() } else { line }
}
