//! Questions and answers, without a connection.

use crate::acquire::AcquireError;
use crate::acquire::decode::decoded;
use crate::acquire::mend::escaped;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// What an answer must look like, whatever its status says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expects {
    /// JSON, whole.
    Json,
    /// Delimited text; no markup.
    Csv,
    /// XML, whole.
    Xml,
    /// A page.
    Page,
    /// An Excel workbook or another ZIP container.
    Workbook,
    /// Anything that is not empty.
    Any,
}

/// What an answer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Leads to other answers and holds no record.
    Listing,
    /// Holds records.
    Records,
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Absolute address.
    pub url: String,
    /// Media type and content of what is posted; `None` = GET.
    pub post: Option<(String, String)>,
    /// Headers beside the usual ones.
    pub headers: Vec<(String, String)>,
    /// What the answer must look like.
    pub expects: Expects,
    /// What the answer is for.
    pub role: Role,
    /// The answer can be missed: its failure costs a counted reject, not the source.
    pub optional: bool,
    /// What the service wants to know again when it reads the answer (a board, an employer).
    pub note: String,
}

impl Request {
    /// A GET whose answer holds records.
    pub fn get(url: impl Into<String>, expects: Expects) -> Self {
        let (headers, note) = (Vec::new(), String::new());
        Self { url: url.into(), post: None, headers, expects, role: Role::Records, optional: false, note }
    }

    /// The same as a POST.
    #[must_use]
    pub fn posting(mut self, media_type: &str, content: impl Into<String>) -> Self {
        self.post = Some((media_type.to_owned(), content.into()));
        self
    }

    /// The same, asking for a representation.
    #[must_use]
    pub fn accepting(mut self, media_type: &str) -> Self {
        self.headers.push(("accept".to_owned(), media_type.to_owned()));
        self
    }

    /// The same for an answer that only leads on.
    #[must_use]
    pub fn listing(mut self) -> Self {
        self.role = Role::Listing;
        self
    }

    /// The same for an answer that can be missed.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// The same with a note.
    #[must_use]
    pub fn noting(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// What tells this question from every other.
    pub fn key(&self) -> String {
        match &self.post {
            None => self.url.clone(),
            Some((_, content)) => format!("{} {content}", self.url),
        }
    }
}

/// An answer, whole.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// The question.
    pub request: &'a Request,
    /// Where the answer came from, after redirects.
    pub url: &'a str,
    /// Status of the service.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: &'a BTreeMap<String, String>,
    /// Content, decoded.
    pub body: &'a [u8],
}

impl Answer<'_> {
    /// The content as JSON, whatever its encoding; half a character in one text does not cost the others.
    ///
    /// # Errors
    /// When it is none.
    pub fn json(&self) -> Result<Value, AcquireError> {
        let text = decoded(self.body);
        serde_json::from_str(&text)
            .or_else(|e| escaped(&text).ok_or(e))
            .map_err(|e| AcquireError::content(self.url, format!("is not JSON: {e}"), "ask again later"))
    }

    /// The content as text, whatever its encoding.
    pub fn text(&self) -> String {
        decoded(self.body).into_owned()
    }

    /// A refusal of this answer in words.
    pub fn refuse(&self, problem: impl Into<String>) -> AcquireError {
        AcquireError::content(self.url, problem, "look at what the service answers today")
    }
}

/// Whether a text that is not empty ends within a line.
pub fn is_cut(text: &str) -> bool {
    !text.is_empty() && !text.ends_with(['\n', '\r'])
}

/// Whether a table ends within a row of figures, whose last one may have lost digits. A note under a table may end as it
/// likes, and one line alone does not tell how lines end.
pub(super) fn is_figure_cut(text: &str) -> bool {
    let line = text.rsplit(['\n', '\r']).next().unwrap_or_default();
    if !is_cut(text) || line.len() == text.len() {
        return false;
    }
    let is_number = |cell: &str| {
        let cell = cell.trim_matches(['"', ' ', '<', '-']);
        cell.starts_with(|c: char| c.is_ascii_digit()) && cell.chars().all(|c| c.is_ascii_digit() || c == '.')
    };
    let mut cells = line.split([',', ';', '\t']);
    let last = cells.next_back().unwrap_or_default();
    is_number(last) || (last.trim_matches('"').is_empty() && cells.any(is_number))
}

/// What is said of a table that ends within a row of figures.
pub(super) const FIGURE_CUT: &str = "ends within its last row, whose figure may have lost digits: it was cut short; if its \
    owner ends it so, download it and name the file as `path` in the plan";

/// Text or number of the first member of this name in JSON that may be cut off.
pub(super) fn member(head: &str, name: &str) -> Option<String> {
    let (_, rest) = head.split_once(&format!("\"{name}\""))?;
    let value = rest.trim_start().strip_prefix(':')?.trim_start();
    let end = |c: char| matches!(c, '"' | ',' | '}' | ']' | '\n');
    let text = value.strip_prefix('"').unwrap_or(value).split(end).next()?.trim();
    (!text.is_empty() && text != "null").then(|| text.chars().take(60).collect())
}

/// What an answer means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is data.
    Data,
    /// The service says that there is none; in words.
    Nothing(String),
    /// The service is busy, whatever the status says: wait and ask again.
    Busy(String),
    /// It is no answer to the question; in words.
    Refused(String),
}

impl Verdict {
    /// By the status; a refusal in the words of JSON-stat: `{"error":[{"label":...}]}` or `{"class":"error","label":...}`.
    pub fn in_words(answer: &Answer<'_>) -> Self {
        let verdict = Verdict::by_status(answer);
        if verdict == Verdict::Data {
            return verdict;
        }
        let whole = answer.json().unwrap_or_default();
        let label = ["/error/0/label", "/label"].iter().find_map(|at| whole.pointer(at)?.as_str());
        label.map_or(verdict, |label| Verdict::Refused(format!("status {}: {label}", answer.status)))
    }

    /// 2xx is data, every other status a refusal that quotes the beginning of what was said.
    pub fn by_status(answer: &Answer<'_>) -> Self {
        match answer.status {
            200..=299 => Verdict::Data,
            status => Verdict::Refused(format!("status {status}{}", said(answer.body))),
        }
    }
}

/// `: ...` with the beginning of an error's text, on one line.
fn said(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body.get(..body.len().min(2000)).unwrap_or_default());
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() { String::new() } else { format!(": {}", crate::acquire::error::excerpt(&line)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_that_ends_within_a_row_of_figures_was_cut_and_one_that_ends_in_words_may_end_so() {
        for whole in ["", "a;b\r\n1;50\r\n", "a,b\r1,50\r", "a,b\n1,2\nSource: the office", "a;b\n1;2\nFuente;;", "1,2"]
        {
            assert!(!is_figure_cut(whole), "{whole}");
        }
        for cut in ["a;b\r\n1;50\r\n2;5", "a,b\n1,0.7", "a;b\n1;0,", "\"a\",\"b\"\n\"1\",\"104", "a;b\n1;", "a;b\n1;<5"]
        {
            assert!(is_figure_cut(cut) && is_cut(cut), "{cut}");
        }
        assert!(is_cut("a,b\n1,2\nSource") && !is_cut("a,b\n1,2\n") && !is_cut(""));
    }

    #[test]
    fn json_is_read_in_any_encoding_and_half_a_character_costs_itself_only() {
        let (request, headers) = (Request::get("https://a.example", Expects::Json), BTreeMap::new());
        let title = |body: &[u8]| {
            let answer = Answer { request: &request, url: "https://a.example", status: 200, headers: &headers, body };
            Some(answer.json().ok()?.get("title")?.as_str()?.to_owned())
        };
        let wide: Vec<u8> = "\u{feff}{\"title\":\"ñ\"}".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(title(&wide).as_deref(), Some("ñ"));
        assert_eq!(title(b"{\"title\":\"Espa\xF1a\"}").as_deref(), Some("España"));
        assert_eq!(title(br#"{"title":"half \ud83d"}"#).as_deref(), Some("half \u{fffd}"));
        assert_eq!(title(br#"{"title":"cut"#), None);
    }
}
