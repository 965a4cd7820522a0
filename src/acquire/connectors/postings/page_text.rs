//! Title and main text of a page, by its mark-up: what navigation, headers and footers hold is left out.

use crate::acquire::Limits;
use crate::types::RejectReason;
use scraper::{ElementRef, Html, Node, Selector};

/// Letters below which a page holds no posting.
const FEWEST_LETTERS: usize = 100;
/// Attributes of one tag from which the parser would compare each with all before it.
const MOST_ATTRIBUTES: usize = 500;

/// What a page says when it carries no data about itself.
#[derive(Debug, Default, PartialEq)]
pub(super) struct PageText {
    /// `og:title`, the first heading, or the title of the window.
    pub(super) title: Option<String>,
    /// Its main text as plain mark-up.
    pub(super) body: String,
    /// The address it says it has.
    pub(super) url: Option<String>,
    /// The language it says it has.
    pub(super) language: Option<String>,
    /// The day it says it was published.
    pub(super) posted_on: Option<String>,
}

/// The page as a tree, or why no parser should see it.
pub(super) fn parsed(text: &str, limits: &Limits) -> Result<Html, (RejectReason, String)> {
    let (depth, attributes) = survey(text);
    if depth > limits.html_depth {
        let detail = format!("the page nests {depth} elements, over `limits.html_depth` = {}", limits.html_depth);
        return Err((RejectReason::OverLimit, detail));
    }
    if attributes > MOST_ATTRIBUTES {
        return Err((RejectReason::Malformed, format!("a tag of the page has over {MOST_ATTRIBUTES} attributes")));
    }
    Ok(Html::parse_document(text))
}

/// Title and main text, or why the page holds no posting.
pub(super) fn page_text(text: &str, limits: &Limits) -> Result<PageText, (RejectReason, String)> {
    let page = parsed(text, limits)?;
    let none = |what: &str| Err((RejectReason::Malformed, format!("the page holds no posting: {what}")));
    if first(&page, "input[type=password]").is_some() && first(&page, "article, [itemprop=description]").is_none() {
        return none("it asks for a password");
    }
    let Some(main) = main_element(&page) else { return none("it has no text") };
    let (letters, linked) = weigh(main);
    if letters < FEWEST_LETTERS {
        return none("it has hardly any text");
    }
    if linked * 2 > letters {
        return none("it lists links; save the pages of the postings");
    }
    let attribute = |selector: &str, name: &str| {
        let value = first(&page, selector)?.value().attr(name)?.trim();
        (!value.is_empty()).then(|| value.to_owned())
    };
    Ok(PageText {
        title: title(&page),
        body: markup(main),
        url: attribute("link[rel=canonical]", "href").or_else(|| attribute("meta[property='og:url']", "content")),
        language: attribute("html[lang]", "lang"),
        posted_on: attribute("meta[property='article:published_time']", "content")
            .or_else(|| attribute("[itemprop=datePosted]", "content"))
            .or_else(|| attribute("[itemprop=datePosted]", "datetime")),
    })
}

/// `og:title`, the first heading, or the title of the window.
pub(super) fn title(page: &Html) -> Option<String> {
    let heading = |selector: &str| first(page, selector).map(words).filter(|t| !t.is_empty());
    let shared = first(page, "meta[property='og:title']").and_then(|meta| meta.value().attr("content"));
    let shared = shared.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    shared.or_else(|| heading("h1")).or_else(|| heading("title")).or_else(|| heading("h2"))
}

pub(super) fn first<'p>(page: &'p Html, selector: &str) -> Option<ElementRef<'p>> {
    let selector = Selector::parse(selector).ok()?;
    page.select(&selector).next()
}

/// The element that says it is the main text, else the smallest one that holds most of the text.
fn main_element(page: &Html) -> Option<ElementRef<'_>> {
    for selector in ["[itemprop=description]", "article", "main", "[role=main]", "#main-content", "#content"] {
        let Ok(selector) = Selector::parse(selector) else { continue };
        let largest = page.select(&selector).map(|e| (weigh(e).0, e)).max_by_key(|(letters, _)| *letters);
        if let Some((FEWEST_LETTERS.., element)) = largest {
            return Some(element);
        }
    }
    let mut at = first(page, "body")?;
    let mut all = weigh(at).0;
    loop {
        let children = at.children().filter_map(ElementRef::wrap).filter(|c| !is_silent(c.value().name()));
        match children.map(|c| (weigh(c).0, c)).max_by_key(|(letters, _)| *letters) {
            Some((letters, child)) if letters * 10 > all * 7 => (at, all) = (child, letters),
            _ => return Some(at),
        }
    }
}

/// Elements without the text of a posting.
fn is_silent(name: &str) -> bool {
    matches!(
        name,
        "script" | "style" | "noscript" | "template" | "head" | "iframe" | "svg" | "object" | "textarea" | "select"
    ) || matches!(name, "button" | "nav" | "header" | "footer" | "aside" | "form" | "dialog" | "label")
}

fn keeps_lines(name: &str) -> bool {
    matches!(
        name,
        "p" | "br"
            | "li"
            | "div"
            | "ul"
            | "ol"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "hr"
            | "section"
            | "article"
    ) || matches!(name, "table" | "tr" | "td" | "th" | "dl" | "dt" | "dd" | "blockquote" | "pre")
}

/// A step of a walk through an element, silent parts left out.
enum Step<'p> {
    Open(&'p str),
    Close(&'p str),
    Text(&'p str),
}

/// Walks without recursion, so depth never meets the stack.
fn walk<'p>(element: ElementRef<'p>, step: &mut dyn FnMut(Step<'p>)) {
    let mut next = element.first_child();
    while let Some(node) = next {
        let mut descend = true;
        match node.value() {
            Node::Text(run) => step(Step::Text(run)),
            Node::Element(inner) => {
                descend = !is_silent(inner.name());
                if descend {
                    step(Step::Open(inner.name()));
                }
            }
            _ => {}
        }
        next = node.first_child().filter(|_| descend);
        let mut up = node;
        while next.is_none() {
            if let Some(inner) = up.value().as_element().filter(|e| !is_silent(e.name())) {
                step(Step::Close(inner.name()));
            }
            next = up.next_sibling();
            match up.parent() {
                Some(parent) if next.is_none() && parent.id() != element.id() => up = parent,
                _ => break,
            }
        }
    }
}

/// Letters in all, and those inside links.
fn weigh(element: ElementRef<'_>) -> (usize, usize) {
    let (mut all, mut linked, mut links) = (0, 0, 0_usize);
    walk(element, &mut |step| match step {
        Step::Open("a") => links += 1,
        Step::Close("a") => links = links.saturating_sub(1),
        Step::Text(run) => {
            let letters = run.chars().filter(|c| c.is_alphabetic()).count();
            all += letters;
            linked += if links > 0 { letters } else { 0 };
        }
        _ => {}
    });
    (all, linked)
}

pub(super) fn words(element: ElementRef<'_>) -> String {
    element.text().flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}

/// The element as plain mark-up: tags that make lines, without attributes.
pub(super) fn markup(element: ElementRef<'_>) -> String {
    let mut out = String::new();
    walk(element, &mut |step| match step {
        Step::Open(name) if keeps_lines(name) => out.push_str(&format!("<{name}>")),
        Step::Close(name) if keeps_lines(name) && !matches!(name, "br" | "hr") => out.push_str(&format!("</{name}>")),
        Step::Text(run) => {
            for c in run.chars() {
                match c {
                    '<' => out.push_str("&lt;"),
                    '>' => out.push_str("&gt;"),
                    '&' => out.push_str("&amp;"),
                    other => out.push(other),
                }
            }
        }
        _ => {}
    });
    out
}

/// How deep tags nest and how many attributes the fullest has, before any parser sees them: what nests 100,000 deep
/// costs the parser a minute.
fn survey(text: &str) -> (u64, usize) {
    let (mut depth, mut deepest, mut most) = (0_u64, 0_u64, 0_usize);
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        rest = rest.get(at + 1..).unwrap_or_default();
        let closing = rest.starts_with('/');
        let name: String = rest
            .trim_start_matches('/')
            .chars()
            .take(16)
            .take_while(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_lowercase())
            .collect();
        if name.is_empty() {
            continue;
        }
        if !closes_itself(&name) {
            depth = if closing { depth.saturating_sub(1) } else { depth + 1 };
            deepest = deepest.max(depth);
        }
        let end = rest.find('>').unwrap_or(rest.len());
        let tag = rest.get(..end).unwrap_or_default();
        most = most.max(tag.split_ascii_whitespace().count());
        rest = rest.get(end..).unwrap_or_default();
        if matches!(name.as_str(), "script" | "style") && !closing {
            let close = format!("</{name}");
            let length = find_ignoring_case(rest, &close).unwrap_or(rest.len());
            rest = rest.get(length..).unwrap_or_default();
        }
    }
    (deepest, most)
}

fn find_ignoring_case(text: &str, asked: &str) -> Option<usize> {
    text.as_bytes().windows(asked.len()).position(|w| w.eq_ignore_ascii_case(asked.as_bytes()))
}

/// Elements whose end tags are optional or that have none: they do not nest without limit.
fn closes_itself(name: &str) -> bool {
    matches!(
        name,
        "p" | "li" | "br" | "hr" | "img" | "input" | "meta" | "link" | "wbr" | "col" | "td" | "th" | "tr" | "dt" | "dd"
    ) || matches!(name, "option" | "source" | "area" | "base" | "embed" | "track" | "param")
}
