//! Markup to lines of text. Two lanes give the same text: a linear scan for the plain markup that editors write, and
//! the HTML parser for whole pages, tables, scripts and everything unknown.

use super::entities;
use scraper::{Html, Node};

/// Deeper than the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooDeep {
    /// Open elements at the deepest place.
    pub depth: usize,
}

/// What a pass over the tags shows before any parser runs.
#[derive(Debug, Default)]
struct Survey {
    depth: usize,
    has_tag: bool,
    has_block: bool,
    all_plain: bool,
    /// A tag with more attributes than the parser can take, which compares each with all before it.
    crowded: bool,
}

/// Bytes that scans of very long tags may cost per text: a quote that never closes must not make every tag read on to
/// the end of the text.
const LONG_TAG_BUDGET: usize = 4 << 20;
/// A tag up to this length costs no budget.
const LONG_TAG: usize = 512;
/// Attributes that a tag may have before it is kept away from the parser.
const MOST_ATTRIBUTES: usize = 500;

/// Elements whose end tags are optional or that have none: they do not nest without limit.
fn closes_itself(name: &str) -> bool {
    matches!(
        name,
        "p" | "li"
            | "br"
            | "hr"
            | "img"
            | "input"
            | "meta"
            | "link"
            | "wbr"
            | "col"
            | "td"
            | "th"
            | "tr"
            | "dt"
            | "dd"
            | "option"
    )
}

fn is_block(name: &str) -> bool {
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
            | "blockquote"
            | "pre"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "main"
            | "aside"
            | "table"
            | "thead"
            | "tbody"
            | "tr"
            | "dl"
            | "dt"
            | "dd"
            | "form"
            | "fieldset"
            | "figure"
            | "address"
            | "nav"
            | "body"
            | "html"
            | "center"
    )
}

/// Markup that the linear lane understands exactly as the parser does.
fn is_plain(name: &str) -> bool {
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
            | "center"
            | "b"
            | "strong"
            | "i"
            | "em"
            | "u"
            | "span"
            | "a"
            | "font"
            | "small"
            | "sub"
            | "sup"
            | "big"
            | "s"
            | "code"
            | "label"
    )
}

/// Elements without readable text.
fn is_silent(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "noscript"
            | "template"
            | "head"
            | "iframe"
            | "svg"
            | "object"
            | "textarea"
            | "select"
            | "button"
    )
}

/// A tag at the start of `text`.
struct Tag<'a> {
    name: &'a str,
    closing: bool,
    /// Bytes up to and with `>`.
    length: usize,
    /// About how many attributes.
    attributes: usize,
}

fn tag_at<'a>(text: &'a str, budget: &mut usize) -> Option<Tag<'a>> {
    let bytes = text.as_bytes();
    let closing = bytes.get(1) == Some(&b'/');
    let from = if closing { 2 } else { 1 };
    let first = *bytes.get(from)?;
    if !first.is_ascii_alphabetic() {
        return None;
    }
    let reach = if *budget > 0 { bytes.len() } else { bytes.len().min(LONG_TAG) };
    let within = bytes.get(..reach)?;
    let name_length = within.get(from..)?.iter().position(|b| !b.is_ascii_alphanumeric() && *b != b'-')?;
    let name_end = from + name_length;
    if !within.get(name_end).is_some_and(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'/')) {
        return None;
    }
    let (mut quote, mut attributes) = (None, 0);
    for (at, byte) in within.iter().enumerate().skip(name_end) {
        match (quote, byte) {
            (None, b'>') => {
                *budget = budget.saturating_sub(if at > LONG_TAG { at } else { 0 });
                return Some(Tag { name: text.get(from..name_end)?, closing, length: at + 1, attributes });
            }
            (None, b'"' | b'\'') if bytes.get(at.wrapping_sub(1)) == Some(&b'=') => quote = Some(*byte),
            (None, b' ' | b'\n' | b'\t' | b'/') => attributes += 1,
            (Some(q), b) if q == *b => quote = None,
            _ => {}
        }
    }
    *budget = budget.saturating_sub(if reach > LONG_TAG { reach } else { 0 });
    None
}

fn lower<'a>(name: &'a str, buffer: &'a mut String) -> &'a str {
    if !name.bytes().any(|b| b.is_ascii_uppercase()) {
        return name;
    }
    buffer.clear();
    buffer.extend(name.chars().map(|c| c.to_ascii_lowercase()));
    buffer
}

fn survey(text: &str) -> Survey {
    let mut seen = Survey { all_plain: true, ..Survey::default() };
    let (mut rest, mut depth, mut buffer, mut budget) = (text, 0usize, String::new(), LONG_TAG_BUDGET);
    while let Some(at) = rest.find('<') {
        rest = rest.get(at..).unwrap_or_default();
        let Some(tag) = tag_at(rest, &mut budget) else {
            // A comment or a declaration needs the parser; a lone '<' is text.
            seen.all_plain &= !rest.starts_with("<!") && !rest.starts_with("<?");
            seen.has_tag |= rest.starts_with("<!--") || rest.starts_with("<!DOCTYPE") || rest.starts_with("<!doctype");
            rest = rest.get(1..).unwrap_or_default();
            continue;
        };
        let name = lower(tag.name, &mut buffer);
        seen.has_tag = true;
        seen.has_block |= is_block(name);
        seen.all_plain &= is_plain(name);
        seen.crowded |= tag.attributes > MOST_ATTRIBUTES;
        if !closes_itself(name) {
            depth = if tag.closing { depth.saturating_sub(1) } else { depth + 1 };
            seen.depth = seen.depth.max(depth);
        }
        rest = rest.get(tag.length..).unwrap_or_default();
    }
    seen
}

/// Lines under construction: white space collapses, blocks break lines, a bullet waits for its text.
struct Lines {
    out: String,
    bullet: bool,
    space: bool,
    keep_newlines: bool,
}

impl Lines {
    fn new(capacity: usize, keep_newlines: bool) -> Self {
        Self { out: String::with_capacity(capacity), bullet: false, space: false, keep_newlines }
    }

    fn break_line(&mut self) {
        self.space = false;
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    fn open(&mut self, name: &str) {
        if name == "li" || name == "dd" {
            self.break_line();
            self.bullet = true;
        } else if is_block(name) {
            self.break_line();
        } else if name == "td" || name == "th" {
            self.space = true;
        }
    }

    fn close(&mut self, name: &str) {
        if is_block(name) {
            self.break_line();
            self.bullet &= !matches!(name, "li" | "ul" | "ol");
        }
    }

    fn text(&mut self, text: &str) {
        for piece in text.split_inclusive(|c: char| c.is_ascii_whitespace() || c == '\u{a0}') {
            let word = piece.trim_end_matches(|c: char| c.is_ascii_whitespace() || c == '\u{a0}');
            if !word.is_empty() {
                self.word(word);
            }
            if word.len() != piece.len() {
                if self.keep_newlines && piece.ends_with('\n') {
                    self.out.push('\n');
                } else {
                    self.space = true;
                }
            }
        }
    }

    fn word(&mut self, word: &str) {
        let at_start = self.out.is_empty() || self.out.ends_with('\n');
        if at_start && self.bullet {
            self.out.push_str("- ");
        } else if self.space && !at_start {
            self.out.push(' ');
        }
        self.bullet = false;
        self.space = false;
        self.out.push_str(word);
    }
}

fn plain_lane(text: &str, keep_newlines: bool) -> String {
    let mut lines = Lines::new(text.len(), keep_newlines);
    let (mut rest, mut buffer, mut decoded, mut budget) = (text, String::new(), String::new(), LONG_TAG_BUDGET);
    while !rest.is_empty() {
        let at = rest.find('<').unwrap_or(rest.len());
        let (mut run, mut after) = rest.split_at(at);
        let tag = tag_at(after, &mut budget);
        if tag.is_none() && !after.is_empty() {
            (run, after) = rest.split_at(at + 1);
        }
        if run.contains('&') {
            decoded.clear();
            entities::decode_into(run, &mut decoded);
            lines.text(&decoded);
        } else {
            lines.text(run);
        }
        let Some(tag) = tag else {
            rest = after;
            continue;
        };
        let name = lower(tag.name, &mut buffer);
        if tag.closing {
            lines.close(name)
        } else {
            lines.open(name)
        }
        rest = after.get(tag.length..).unwrap_or_default();
    }
    lines.out
}

/// Walks the parsed tree without recursion, so depth never meets the stack.
fn parser_lane(text: &str, keep_newlines: bool) -> String {
    let head = text.get(..text.len().min(2048)).unwrap_or(text).to_ascii_lowercase();
    let whole_page = head.contains("<html") || head.contains("<!doctype") || head.contains("<body");
    let page = if whole_page { Html::parse_document(text) } else { Html::parse_fragment(text) };
    let mut lines = Lines::new(text.len() / 2, keep_newlines);
    let mut next = Some(page.tree.root());
    while let Some(node) = next {
        let mut descend = true;
        match node.value() {
            Node::Text(run) => lines.text(run),
            Node::Element(element) => {
                descend = !is_silent(element.name());
                lines.open(element.name());
            }
            _ => {}
        }
        next = node.first_child().filter(|_| descend);
        let mut up = node;
        while next.is_none() {
            if let Node::Element(element) = up.value() {
                lines.close(element.name());
            }
            next = up.next_sibling();
            match up.parent() {
                Some(parent) if next.is_none() => up = parent,
                _ => break,
            }
        }
    }
    lines.out
}

/// Whether escaped markup hides in `text`: `&lt;` followed by the start of a tag.
fn has_escaped_tag(text: &str) -> bool {
    text.match_indices("&lt;").any(|(at, found)| {
        let after = text.as_bytes().get(at + found.len());
        after.is_some_and(|b| b.is_ascii_alphabetic() || *b == b'/' || *b == b'!')
    })
}

/// Text of `raw`, one block per line, list items as `- ` lines. Text without markup keeps its own lines.
///
/// Markup that was escaped once or twice is unescaped first, but only when no tag stands beside it: in real HTML an
/// escaped tag is an example, not markup.
pub(super) fn to_text(raw: &str, depth_limit: usize) -> Result<String, TooDeep> {
    let mut text = std::borrow::Cow::Borrowed(raw);
    let mut seen = survey(&text);
    for _ in 0..2 {
        if seen.has_tag || !(has_escaped_tag(&text) || text.contains("&amp;")) {
            break;
        }
        text = std::borrow::Cow::Owned(entities::decode(&text));
        seen = survey(&text);
    }
    if seen.depth > depth_limit {
        return Err(TooDeep { depth: seen.depth });
    }
    if !seen.has_tag {
        return Ok(entities::decode(&text));
    }
    let keep_newlines = !seen.has_block;
    Ok(if seen.all_plain || seen.crowded {
        plain_lane(&text, keep_newlines)
    } else {
        parser_lane(&text, keep_newlines)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_lanes_read_the_same_text_from_plain_markup() {
        let cases = [
            "<p>One&nbsp;two</p>\n<ul><li><p>first <b>bold</b></p></li><li>second<br>line</li></ul>tail",
            "<div>a<div>b</div>c</div><h2>Head</h2>text R&amp;D &eacute;",
            "<p>open<p>again <span>x</span>y",
            "<ul>\n<li> spaced </li>\n<li></li>\n<li>last</li></ul>",
        ];
        for case in cases {
            assert_eq!(plain_lane(case, false).trim(), parser_lane(case, false).trim(), "{case}");
        }
        assert_eq!(plain_lane(cases[0], false), "One two\n- first bold\n- second\nline\ntail");
    }

    #[test]
    fn depth_is_gated_before_any_parser_and_optional_end_tags_do_not_count() {
        let nested = "<div>".repeat(100_000);
        assert_eq!(to_text(&nested, 512), Err(TooDeep { depth: 100_000 }));
        let paragraphs = "<p>a".repeat(2_000);
        assert!(to_text(&paragraphs, 512).is_ok());
    }

    #[test]
    fn escaped_markup_is_unescaped_only_where_no_real_tag_stands_beside_it() {
        assert_eq!(to_text("&lt;p&gt;R&amp;amp;D &amp;amp; more&lt;/p&gt;", 512).unwrap().trim(), "R&D & more");
        assert_eq!(to_text("&amp;lt;li&amp;gt;deep&amp;lt;/li&amp;gt;", 512).unwrap().trim(), "- deep");
        assert_eq!(to_text("<p>Write &lt;b&gt; tags</p>", 512).unwrap().trim(), "Write <b> tags");
        assert_eq!(to_text("pay < 5000 & > 3000", 512).unwrap(), "pay < 5000 & > 3000");
    }

    #[test]
    fn scripts_and_styles_leave_no_text_and_table_cells_stay_apart() {
        let page = "<html><head><title>t</title><style>p{}</style></head><body><script>x()</script><table><tr><td>a</td><td>b</td></tr></table></body></html>";
        assert_eq!(to_text(page, 512).unwrap().trim(), "a b");
    }

    #[test]
    fn unfinished_tags_are_text_and_cost_no_second_scan() {
        for hostile in
            ["<a ".repeat(200_000), "<a b='".repeat(160_000) + ">", format!("<p {}>x", "a=1 ".repeat(100_000))]
        {
            assert!(to_text(&hostile, 512).is_ok());
        }
    }
}
