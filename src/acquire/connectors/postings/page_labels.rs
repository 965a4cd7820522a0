//! Pages of jobs.ps without JSON-LD: labels and values beside a text.

use super::page_text::{first, markup, parsed, title, words};
use crate::acquire::Limits;
use crate::types::RejectReason;
use scraper::{ElementRef, Selector};
use serde_json::{Map, Value};

/// The mark-up of a label and its value.
const ITEM: &str = "view--detail-item";
/// The labels that are read, and our fields.
const LABELS: [(&str, &str); 5] = [
    ("الشركة", "employer"),
    ("المكان", "place"),
    ("آخر موعد للتقديم", "closes_on"),
    ("الراتب", "salary"),
    ("التصنيف", "sector"),
];

/// The fields of a page of labels and values, under our names; nothing where it is none, or has no text.
pub(super) fn labelled(text: &str, limits: &Limits) -> Result<Option<Value>, (RejectReason, String)> {
    if !text.contains(ITEM) {
        return Ok(None);
    }
    let page = parsed(text, limits)?;
    let (Some(content), Some(title)) = (first(&page, ".view--content"), title(&page)) else { return Ok(None) };
    let mut fields = Map::new();
    let Ok(items) = Selector::parse(&format!(".{ITEM}")) else { return Ok(None) };
    for (field, value) in page.select(&items).filter_map(field) {
        fields.entry(field).or_insert(Value::String(value));
    }
    fields.insert("title".to_owned(), Value::String(title));
    fields.insert("body".to_owned(), Value::String(markup(content)));
    Ok(Some(Value::Object(fields)))
}

/// Our field and its value: the first span is the label, what follows it the value.
fn field(item: ElementRef<'_>) -> Option<(&'static str, String)> {
    let spans = Selector::parse("span").ok()?;
    let label = words(item.select(&spans).next()?);
    let value = words(item).strip_prefix(&label)?.trim_start_matches([':', ' ']).trim().to_owned();
    let label = label.trim_end_matches([':', ' ']);
    let (_, field) = LABELS.iter().find(|(known, _)| *known == label)?;
    (!value.is_empty()).then_some((*field, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// design/sources.md, section 4.3.
    const PAGE: &str = "<html><head><title>محاسب | jobs.ps</title></head><body><h1>محاسب</h1>\
        <div class=\"row view--detail-item\"><span>الشركة:</span> <span>شركة المثال</span></div>\
        <div class=\"view--detail-item\"><span>المكان</span><span>نابلس</span></div>\
        <div class=\"view--detail-item\"><span>آخر موعد للتقديم</span><span>2026-09-12</span></div>\
        <div class=\"view--detail-item\"><span>الراتب</span><span></span></div>\
        <div class=\"view--content\"><p>مسك الدفاتر</p></div></body></html>";

    #[test]
    fn labels_and_values_beside_a_text_are_a_posting() {
        let found = labelled(PAGE, &Limits::default()).unwrap().unwrap();
        let expected = serde_json::json!({"employer": "شركة المثال", "place": "نابلس", "closes_on": "2026-09-12",
            "title": "محاسب", "body": "<p>مسك الدفاتر</p>"});
        assert_eq!(found, expected);
    }

    #[test]
    fn a_page_without_them_is_none_and_a_hostile_one_is_never_parsed() {
        assert_eq!(labelled(&PAGE.replace("view--", "x-"), &Limits::default()), Ok(None));
        assert_eq!(labelled(&PAGE.replace("view--content", "x"), &Limits::default()), Ok(None));
        let deep = PAGE.replace("<h1>", &"<div>".repeat(100_000));
        assert!(labelled(&deep, &Limits::default()).unwrap_err().1.contains("limits.html_depth"));
    }
}
