//! The scales that numbers and codes live on.

use serde::{Deserialize, Serialize};

/// A value in `0.0..=1.0`, never NaN.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Score(f32);

impl Score {
    /// Clamps into `0..=1`; NaN becomes 0.
    pub fn new(value: f32) -> Self {
        if value.is_nan() { Self(0.0) } else { Self(value.clamp(0.0, 1.0)) }
    }

    /// The value.
    pub fn get(self) -> f32 {
        self.0
    }
}

/// Languages the pipeline reads.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// English
    #[default]
    En,
    /// Spanish
    Es,
    /// Catalan
    Ca,
    /// Arabic
    Ar,
    /// Any other, or not enough text to say.
    Und,
}

impl Lang {
    /// The four languages with labels, in the order reports use.
    pub const ALL: [Lang; 4] = [Lang::En, Lang::Es, Lang::Ca, Lang::Ar];

    /// ISO 639-1 code, `und` when unknown.
    pub fn code(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Es => "es",
            Lang::Ca => "ca",
            Lang::Ar => "ar",
            Lang::Und => "und",
        }
    }

    /// Reads an ISO 639-1 code, with or without a region (`en-GB`); anything else is `Und`.
    pub fn from_code(code: &str) -> Self {
        match code.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "en" => Lang::En,
            "es" => Lang::Es,
            "ca" => Lang::Ca,
            "ar" => Lang::Ar,
            _ => Lang::Und,
        }
    }
}

/// ISO 3166, NUTS or governorate code of `data/reference/areas.csv` (`PS`, `PSE-RBH`, `ES51`, `ES511`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct AreaCode(pub String);

/// ISCO-08 code of one to four digits; the first digit is the major group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct IscoCode(String);

/// Not an ISCO-08 code.
#[derive(Debug, thiserror::Error)]
#[error("'{0}' is not an ISCO-08 code of one to four digits")]
pub struct IscoCodeError(String);

impl IscoCode {
    /// Accepts one to four digits.
    ///
    /// # Errors
    /// On anything else.
    pub fn new(code: &str) -> Result<Self, IscoCodeError> {
        let ok = (1..=4).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_digit());
        if ok { Ok(Self(code.to_owned())) } else { Err(IscoCodeError(code.to_owned())) }
    }

    /// All digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The one-digit major group.
    pub fn major(&self) -> &str {
        &self.0[..1]
    }
}

impl TryFrom<String> for IscoCode {
    type Error = IscoCodeError;
    fn try_from(code: String) -> Result<Self, Self::Error> {
        Self::new(&code)
    }
}

impl From<IscoCode> for String {
    fn from(code: IscoCode) -> Self {
        code.0
    }
}

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PeriodKind {
    /// Calendar year
    Year,
    /// Calendar quarter
    Quarter,
    /// Calendar month
    Month,
}

/// A calendar year, quarter or month; text form `2026`, `2026-Q2`, `2026-05`. Orders by time within one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Period {
    year: i16,
    part: u8,
    kind: PeriodKind,
}

/// Not a period.
#[derive(Debug, thiserror::Error)]
#[error("'{0}' is not a period: write 2026, 2026-Q2 or 2026-05")]
pub struct PeriodError(String);

impl Period {
    /// The period of the given kind that holds the day.
    pub fn of(day: crate::types::Date, kind: PeriodKind) -> Self {
        let month = u8::try_from(day.month()).unwrap_or(1);
        let part = match kind {
            PeriodKind::Year => 0,
            PeriodKind::Quarter => (month - 1) / 3 + 1,
            PeriodKind::Month => month,
        };
        Self { year: day.year(), part, kind }
    }

    /// Its last day; absent beyond the calendar.
    pub fn last_day(self) -> Option<crate::types::Date> {
        let month = match (self.kind, i8::try_from(self.part).ok()?) {
            (PeriodKind::Year, _) => 12,
            (PeriodKind::Quarter, part) => part * 3,
            (PeriodKind::Month, part) => part,
        };
        crate::types::Date::new(self.year, month, 1).ok().map(jiff::civil::Date::last_of_month)
    }

    /// Its length.
    pub fn kind(self) -> PeriodKind {
        self.kind
    }

    /// Reads `2026`, `2026-Q2`, `2026-05`.
    ///
    /// # Errors
    /// On any other text.
    pub fn parse(text: &str) -> Result<Self, PeriodError> {
        let fail = || PeriodError(text.to_owned());
        let (year, rest) = text.split_at_checked(4).ok_or_else(fail)?;
        let year: i16 = year.parse().map_err(|_| fail())?;
        let (kind, part, most) = match rest.strip_prefix('-') {
            None if rest.is_empty() => return Ok(Self { year, part: 0, kind: PeriodKind::Year }),
            None => return Err(fail()),
            Some(tail) => match tail.strip_prefix('Q') {
                Some(quarter) => (PeriodKind::Quarter, quarter, 4),
                None => (PeriodKind::Month, tail, 12),
            },
        };
        let part: u8 = part.parse().map_err(|_| fail())?;
        if (1..=most).contains(&part) { Ok(Self { year, part, kind }) } else { Err(fail()) }
    }
}

impl std::fmt::Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.kind {
            PeriodKind::Year => write!(f, "{:04}", self.year),
            PeriodKind::Quarter => write!(f, "{:04}-Q{}", self.year, self.part),
            PeriodKind::Month => write!(f, "{:04}-{:02}", self.year, self.part),
        }
    }
}

impl TryFrom<String> for Period {
    type Error = PeriodError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Period> for String {
    fn from(period: Period) -> Self {
        period.to_string()
    }
}
