//! Why a file could not be read at all. A single bad record is a `Reject`, never one of these.

use std::io;

/// The file is refused; what was kept from earlier runs stays.
#[derive(Debug, thiserror::Error)]
pub enum AcquireError {
    /// The operating system says no.
    #[error("cannot read {file}: {source}")]
    Io {
        /// File name.
        file: String,
        /// What the system says.
        source: io::Error,
    },
    /// More than a limit of the plan allows.
    #[error(
        "{file}: {found}, over the limit of {limit}; raise `limits.{key}` in the plan if the file is to be trusted"
    )]
    OverLimit {
        /// File name.
        file: String,
        /// What was met.
        found: String,
        /// The limit in words.
        limit: String,
        /// Its plan key under `[limits]`.
        key: &'static str,
    },
    /// The bytes are not what the format promises.
    #[error("{file}: {problem}; {advice}")]
    Content {
        /// File name.
        file: String,
        /// What was met.
        problem: String,
        /// What to do about it.
        advice: &'static str,
    },
    /// A quote swallows the rest of the file.
    #[error(
        "{file}, line {line}: a quote opens here and is never closed; close it or double the quotes inside the text"
    )]
    UnclosedQuote {
        /// File name.
        file: String,
        /// One-based line of the field that opens it.
        line: u64,
    },
    /// Two columns of one name.
    #[error("{file}, line {line}: the column '{name}' is named twice; rename one of them")]
    DuplicateColumn {
        /// File name.
        file: String,
        /// One-based line of the header.
        line: u64,
        /// The name.
        name: String,
    },
    /// Names and fields do not fit each other.
    #[error(
        "{file}, line {line}: the header names {names} columns but most rows have {fields}; correct the header or the delimiter"
    )]
    HeaderWidth {
        /// File name.
        file: String,
        /// One-based line of the header.
        line: u64,
        /// Columns named.
        names: usize,
        /// Fields of most rows.
        fields: usize,
    },
    /// A column the plan or the format asks for is absent.
    #[error("{file}: no column '{column}' for `{field}`{hint}; map one in the plan: its columns are {present}")]
    MissingColumn {
        /// File name.
        file: String,
        /// Our name of the field.
        field: String,
        /// The column asked for.
        column: String,
        /// ` (did you mean 'titulo'?)` or nothing.
        hint: String,
        /// The columns there are.
        present: String,
    },
    /// A header that is not the one agreed on.
    #[error(
        "{place}: the header has '{found}' but no '{expected}'{hint}; correct the file, or the mapping in the plan"
    )]
    Header {
        /// File, sheet and one-based row.
        place: String,
        /// The column agreed on.
        expected: String,
        /// The names there are.
        found: String,
        /// ` (did you mean 'Year'?)` or nothing.
        hint: String,
    },
    /// The plan maps a field we do not have.
    #[error("the plan maps `{field}`, which is no field of {record}{hint}")]
    UnknownField {
        /// The name in the plan.
        field: String,
        /// `a posting` or `a credential`.
        record: &'static str,
        /// ` (did you mean 'title'?)` or nothing.
        hint: String,
    },
    /// A value in a file that must be right as a whole, such as a taxonomy.
    #[error("{file}, row {row}: {column} '{value}' {problem}")]
    BadValue {
        /// File name.
        file: String,
        /// One-based row after the header.
        row: u64,
        /// Column name.
        column: &'static str,
        /// The value, cut to 120 characters.
        value: String,
        /// What is wrong with it.
        problem: &'static str,
    },
}

impl AcquireError {
    /// Wraps what a reader says, giving back our own error where one travelled inside.
    pub fn io(file: &str, error: io::Error) -> Self {
        let kind = error.kind();
        match error.downcast::<AcquireError>() {
            Ok(own) => own,
            Err(source)
                if matches!(
                    kind,
                    io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput
                ) =>
            {
                Self::damaged(file, &source)
            }
            Err(source) => Self::Io { file: file.to_owned(), source },
        }
    }

    /// Compressed or columnar bytes that do not decode.
    pub fn damaged(file: &str, cause: &dyn std::fmt::Display) -> Self {
        let problem = format!("is cut short or damaged ({cause})");
        Self::Content { file: file.to_owned(), problem, advice: "obtain it again" }
    }

    /// Content of another kind than expected.
    pub fn content(file: &str, problem: impl Into<String>, advice: &'static str) -> Self {
        Self::Content { file: file.to_owned(), problem: problem.into(), advice }
    }

    /// A value that makes the whole file unusable.
    pub fn bad_value(file: &str, row: u64, column: &'static str, value: &str, problem: &'static str) -> Self {
        Self::BadValue { file: file.to_owned(), row, column, value: excerpt(value), problem }
    }

    /// Over the named limit.
    pub fn over(file: &str, key: &'static str, found: impl Into<String>, limit: impl Into<String>) -> Self {
        Self::OverLimit { file: file.to_owned(), found: found.into(), limit: limit.into(), key }
    }
}

/// The first 120 characters of a value, for messages.
pub(crate) fn excerpt(value: &str) -> String {
    match value.char_indices().nth(120) {
        Some((end, _)) => format!("{}...", value.get(..end).unwrap_or_default()),
        None => value.to_owned(),
    }
}

/// ` (did you mean 'x'?)` for the nearest name, or nothing when none is near.
pub(crate) fn did_you_mean<'a>(asked: &str, present: impl IntoIterator<Item = &'a str>) -> String {
    let asked = asked.to_lowercase();
    let likeness = |name: &str| {
        let name = name.to_lowercase();
        let whole_word = name.split(|c: char| !c.is_alphanumeric()).any(|word| word == asked);
        strsim::jaro_winkler(&asked, &name).max(if whole_word { 0.9 } else { 0.0 })
    };
    let scored = present.into_iter().map(|name| (likeness(name), name));
    match scored.max_by(|a, b| a.0.total_cmp(&b.0)) {
        Some((score, name)) if score >= 0.8 => format!(" (did you mean '{name}'?)"),
        _ => String::new(),
    }
}
