//! One raw posting to one typed posting.

use super::areas::Areas;
use super::dates::{DateContext, DateOrder, posting_dates};
use super::fold::folded;
use super::repairs::Repair;
use super::text::{TextError, TextLimits, plain_line, plain_text};
use super::{contacts, hash16, language, passages, sections};
use crate::types::{Date, Lang, Posting, PostingId, RawPosting, Reject, RejectReason, SourceId};
use std::collections::BTreeMap;

/// What is known of a source beside its records.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceContext {
    /// Day its snapshot was obtained.
    pub retrieved_on: Option<Date>,
    /// Area code of its country, which decides between places of one name and stands for places that are unknown.
    pub country: Option<String>,
    /// Language it declares for all its records.
    pub language: Option<Lang>,
    /// Order of day and month.
    pub date_order: DateOrder,
}

/// What postings are cleaned against.
#[derive(Debug, Clone)]
pub struct CleanContext<'a> {
    /// The run's reference day.
    pub as_of: Date,
    /// Per source; a source that is not listed has no defaults.
    pub sources: BTreeMap<SourceId, SourceContext>,
    /// Place names.
    pub areas: &'a Areas,
    /// Largest texts.
    pub limits: TextLimits,
}

/// A posting, and what had to be repaired in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Cleaned {
    /// The typed posting; occupation and ISCO are left to occupation coding.
    pub posting: Posting,
    /// Repairs, in the order they were made.
    pub repairs: Vec<Repair>,
}

/// First 16 hex digits of SHA-256(source, NUL, source key).
pub fn posting_id(source: &SourceId, source_key: &str) -> PostingId {
    PostingId(hash16(&[source.as_str(), source_key]))
}

/// Cleans one posting.
///
/// # Errors
/// A [`Reject`] when it has no title and no body, or a text is over a limit.
pub fn posting(raw: &RawPosting, ctx: &CleanContext<'_>) -> Result<Cleaned, Reject> {
    let unknown = SourceContext::default();
    let source = ctx.sources.get(&raw.origin.source).unwrap_or(&unknown);
    let mut repairs = Vec::new();
    let title = public_line(raw, "title", &raw.title, ctx, &mut repairs)?;
    let body = plain_text(&raw.body, &ctx.limits).map_err(|e| over_limit(raw, "body", e))?;
    let body = without_contacts(sections::break_headings(body), &mut repairs);
    if title.is_empty() && body.is_empty() {
        return Err(reject(
            raw,
            RejectReason::MissingField,
            "title and body are both empty; a posting needs one".to_owned(),
        ));
    }
    let dates = DateContext { as_of: ctx.as_of, retrieved_on: source.retrieved_on, order: source.date_order };
    let (posted_on, closes_on) =
        posting_dates(raw.posted_on.as_deref(), raw.closes_on.as_deref(), &dates, &mut repairs);
    let declared = raw.language.as_deref().map(Lang::from_code).filter(|l| *l != Lang::Und).or(source.language);
    let language = text_language(&title, &body, declared);
    let sections = passages::in_languages(&body, sections::sections(&body), language);
    let area = resolve_area(raw, source, ctx, &mut repairs);
    let url = raw.url.as_deref().map(str::trim).filter(|u| !u.is_empty()).and_then(|url| {
        let kept = contacts::public_url(url);
        repairs.extend(kept.is_none().then_some(Repair::UrlDropped));
        kept.map(str::to_owned)
    });
    let employer = optional_line(raw, "employer", raw.employer.as_deref(), ctx, &mut repairs)?;
    // Some exports fill the column of the board with whoever posted there.
    let board = without_contacts(raw.board.clone(), &mut repairs);
    let posting = Posting {
        id: posting_id(&raw.origin.source, &raw.source_key),
        source: raw.origin.source.clone(),
        board: board.clone(),
        url,
        title,
        body,
        employer: employer.filter(|name| is_name(name)),
        area,
        sector: optional_line(raw, "sector", raw.sector.as_deref(), ctx, &mut repairs)?,
        occupation: None,
        isco: None,
        occupation_score: None,
        language,
        posted_on,
        closes_on,
        salary: optional_line(raw, "salary", raw.salary.as_deref(), ctx, &mut repairs)?,
        sections,
        boards: vec![board],
        origins: vec![raw.origin.clone()],
    };
    Ok(Cleaned { posting, repairs })
}

/// The body speaks; the title helps when the body is short.
fn text_language(title: &str, body: &str, declared: Option<Lang>) -> Lang {
    if body.len() >= 80 {
        language::detect(body, declared)
    } else {
        language::detect(&format!("{title}\n{body}"), declared)
    }
}

fn resolve_area(
    raw: &RawPosting,
    source: &SourceContext,
    ctx: &CleanContext<'_>,
    repairs: &mut Vec<Repair>,
) -> Option<crate::types::AreaCode> {
    let home = || source.country.clone().map(crate::types::AreaCode);
    let Some(place) = raw.place.as_deref().map(str::trim).filter(|p| !p.is_empty()) else { return home() };
    let area = ctx.areas.resolve(place, source.country.as_deref());
    repairs.extend(area.is_none().then_some(Repair::AreaUnknown));
    area.or_else(home)
}

fn without_contacts(text: String, repairs: &mut Vec<Repair>) -> String {
    let (clean, count) = contacts::redact(&text);
    if count == 0 {
        return text;
    }
    repairs.extend(std::iter::repeat_n(Repair::ContactRemoved, count));
    clean.into_owned()
}

fn public_line(
    raw: &RawPosting,
    column: &str,
    text: &str,
    ctx: &CleanContext<'_>,
    repairs: &mut Vec<Repair>,
) -> Result<String, Reject> {
    let line = plain_line(text, &ctx.limits).map_err(|e| over_limit(raw, column, e))?;
    Ok(without_contacts(line, repairs))
}

fn optional_line(
    raw: &RawPosting,
    column: &str,
    text: Option<&str>,
    ctx: &CleanContext<'_>,
    repairs: &mut Vec<Repair>,
) -> Result<Option<String>, Reject> {
    let Some(text) = text else { return Ok(None) };
    let line = public_line(raw, column, text, ctx, repairs)?;
    Ok(Some(line).filter(|l| !l.is_empty() && !is_null_word(l)))
}

/// Spellings of "no value" in exports.
pub(super) fn is_null_word(text: &str) -> bool {
    matches!(
        folded(text).as_str(),
        "" | "na" | "n a" | "n d" | "nd" | "nan" | "null" | "none" | "nil" | "undefined" | "no disponible"
    )
}

/// Words that stand where an employer wishes not to be named.
fn is_name(employer: &str) -> bool {
    let name = folded(employer);
    let hidden = [
        "confidential",
        "confidencial",
        "anonymous",
        "anonimo",
        "unknown",
        "not specified",
        "no especificado",
        "empresa confidencial",
        "company confidential",
        "confidential company",
        "private advertiser",
        "private employer",
        "sin especificar",
        "سري",
        "غير محدد",
        "شركه سريه",
    ];
    !is_null_word(employer) && !hidden.contains(&name.as_str())
}

fn over_limit(raw: &RawPosting, column: &str, error: TextError) -> Reject {
    reject(raw, RejectReason::OverLimit, format!("column {column}: {error}"))
}

fn reject(raw: &RawPosting, reason: RejectReason, detail: String) -> Reject {
    Reject { origin: raw.origin.clone(), reason, detail }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::types::{AreaCode, Origin, SnapshotId};

    pub(crate) fn raw(title: &str, body: &str) -> RawPosting {
        let source = SourceId::new("board").unwrap();
        RawPosting {
            origin: Origin { source, snapshot: SnapshotId("0".repeat(64)), record: 1 },
            board: "board".to_owned(),
            source_key: "k1".to_owned(),
            url: None,
            title: title.to_owned(),
            body: body.to_owned(),
            employer: None,
            place: None,
            occupation: None,
            sector: None,
            posted_on: None,
            closes_on: None,
            salary: None,
            language: None,
        }
    }

    fn ctx() -> CleanContext<'static> {
        CleanContext {
            as_of: "2025-11-01".parse().unwrap(),
            sources: BTreeMap::new(),
            areas: Areas::built_in(),
            limits: TextLimits::default(),
        }
    }

    #[test]
    fn a_posting_is_typed_and_holds_no_contact() {
        let mut one = raw(
            "<b>Nurse</b> call 0599 123 456",
            "&lt;p&gt;You care for patients.&lt;/p&gt;&lt;p&gt;Write to a@b.org.&lt;/p&gt;",
        );
        one.employer = Some("  Al  Quds\tHospital ".to_owned());
        one.place = Some("Ramallah".to_owned());
        one.posted_on = Some("10/10/2025".to_owned());
        one.url = Some("mailto:a@b.org".to_owned());
        one.salary = Some("NA".to_owned());
        let cleaned = posting(&one, &ctx()).unwrap();
        let p = &cleaned.posting;
        assert_eq!(p.title, "Nurse call [contact removed]");
        assert_eq!(p.body, "You care for patients.\nWrite to [contact removed].");
        assert_eq!(p.employer.as_deref(), Some("Al Quds Hospital"));
        assert_eq!(p.area, Some(AreaCode("PSE-RBH".to_owned())));
        assert_eq!(p.posted_on.unwrap().to_string(), "2025-10-10");
        assert_eq!((p.url.as_deref(), p.salary.as_deref(), p.language), (None, None, Lang::En));
        assert_eq!(cleaned.repairs, [Repair::ContactRemoved, Repair::ContactRemoved, Repair::UrlDropped]);
        // printf 'board\0k1' | sha256sum
        assert_eq!(p.id.0, "5e85cb4b9dcfbe0c");
    }

    #[test]
    fn hostile_texts_of_a_megabyte_cost_no_more_than_their_length() {
        let wrapped = "aaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeeee fffff\n";
        let pieces = [
            ":",
            "no 123456 ",
            "a@",
            "-",
            " - A",
            "<b",
            "<a ",
            "&lt;",
            "1",
            "> ",
            "**a** ",
            "[a](http",
            "[\n",
            "['a', ",
            "`",
            "**a** _b",
            "\\n",
            "(a)",
            "about ",
            ".a",
            "? ",
            "• ",
            wrapped,
        ];
        for piece in pieces {
            let body = piece.repeat((1 << 20) / piece.len());
            // Returning soon is the claim: what is quadratic takes minutes here.
            assert!(posting(&raw("Nurse", &body), &ctx()).is_ok());
        }
    }

    #[test]
    fn employers_that_hide_are_unknown() {
        for name in ["Confidential", "EMPRESA CONFIDENCIAL", "NA", "null", " - ", "N/D"] {
            let mut one = raw("Nurse", "");
            one.employer = Some(name.to_owned());
            assert_eq!(posting(&one, &ctx()).unwrap().posting.employer, None, "{name}");
        }
    }

    #[test]
    fn too_deep_html_is_rejected_with_the_name_of_the_limit_and_an_empty_posting_with_its_fields() {
        let reject = posting(&raw("Nurse", &"<div>".repeat(600)), &ctx()).unwrap_err();
        assert_eq!(reject.reason, RejectReason::OverLimit);
        assert!(reject.detail.contains("html_depth") && reject.detail.contains("body"), "{}", reject.detail);
        assert_eq!(posting(&raw(" ", "<p> </p>"), &ctx()).unwrap_err().reason, RejectReason::MissingField);
    }
}
