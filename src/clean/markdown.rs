//! Markdown to lines. Only a text that shows certain signs of it is taken for Markdown: a lone star or underscore in
//! plain text means nothing.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// The text without its Markdown, or nothing when it is none.
pub(super) fn as_lines(text: &str) -> Option<String> {
    if !is_markdown(text) {
        return None;
    }
    let mut lines = Lines { out: String::with_capacity(text.len()), silent: 0 };
    for event in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        lines.take(event);
    }
    Some(lines.out)
}

/// A link with an address, words between double stars, or a heading mark before a word; and no HTML blocks, which have
/// their own reader.
fn is_markdown(text: &str) -> bool {
    let html = ["<p", "<P", "<div", "<DIV", "<li", "<LI", "<ul", "<UL", "<table", "&lt;"];
    if !text.contains(['*', '[', '#', '_']) || html.iter().any(|tag| text.contains(tag)) {
        return false;
    }
    text.contains("](http")
        || text.contains("](mailto:")
        || has_strong(text, "**")
        || has_strong(text, "__")
        || has_heading(text)
}

/// `**words**` within a line.
fn has_strong(text: &str, mark: &str) -> bool {
    text.lines().any(|line| {
        let mut parts = line.split(mark).skip(1).step_by(2);
        let closed = line.matches(mark).count() >= 2;
        closed
            && parts.any(|inner| {
                let edge = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace() && !matches!(c, '*' | '_'));
                edge(inner.chars().next()) && edge(inner.chars().next_back()) && inner.chars().any(char::is_alphabetic)
            })
    })
}

fn has_heading(text: &str) -> bool {
    text.lines().any(|line| {
        let marks = line.bytes().take_while(|b| *b == b'#').count();
        (1..=6).contains(&marks)
            && line.get(marks..).is_some_and(|rest| {
                rest.starts_with(' ') && rest.trim_start().chars().next().is_some_and(|c| c.is_alphabetic() || c == '*')
            })
    })
}

struct Lines {
    out: String,
    /// Inside pictures, whose text is no text of the posting.
    silent: usize,
}

impl Lines {
    fn break_line(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with('\n') && !self.out.ends_with("- ") {
            self.out.push('\n');
        }
    }

    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::Image { .. }) => self.silent += 1,
            Event::End(TagEnd::Image) => self.silent = self.silent.saturating_sub(1),
            _ if self.silent > 0 => {}
            Event::Start(Tag::Item) => {
                if !self.out.is_empty() && !self.out.ends_with('\n') {
                    self.out.push('\n');
                }
                self.out.push_str("- ");
            }
            Event::Text(text) | Event::Code(text) => self.out.push_str(&text),
            Event::InlineHtml(tag) | Event::Html(tag) if tag.trim_start().to_lowercase().starts_with("<br") => {
                self.break_line();
            }
            Event::InlineHtml(tag) | Event::Html(tag) => self.out.push_str(&tag),
            Event::SoftBreak | Event::HardBreak | Event::Rule => self.break_line(),
            Event::End(TagEnd::TableCell) => self.out.push(' '),
            Event::End(
                TagEnd::Paragraph
                | TagEnd::Heading(_)
                | TagEnd::Item
                | TagEnd::TableRow
                | TagEnd::TableHead
                | TagEnd::CodeBlock,
            ) => self.break_line(),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::as_lines;

    #[test]
    fn markdown_becomes_lines_and_items() {
        let text = "## What you do\n\n**Lead** the _team_ and [our site](https://x.org/a_b).\n\n* plan\n* build\n  1. test\n\n| a | b |\n|---|---|\n| c | d |\n";
        assert_eq!(
            as_lines(text).unwrap(),
            "What you do\nLead the team and our site.\n- plan\n- build\n- test\na b \nc d \n"
        );
        assert_eq!(as_lines("**About us**<br/>We build\\-things").unwrap(), "About us\nWe build-things\n");
    }

    #[test]
    fn plain_text_with_a_star_or_underscore_is_left_alone() {
        for text in [
            "5 * 3 * 2 and snake_case_name",
            "* plan\n* build",
            "** URGENTE ** camarero",
            "C# developer\n#hashtag",
            "salary: 1.000 _ 2.000",
            "R&D **",
            "[contact] (person)",
            "<p>**x**</p>",
            "*****\ntext\n*****",
        ] {
            assert!(as_lines(text).is_none(), "{text}");
        }
    }
}
