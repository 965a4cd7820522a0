//! Lists and objects that a program printed into a cell, as Python or JSON writes them: each item becomes a line.

/// Bytes that attempts which come to nothing may cost per text: an open bracket on every line must not make each read
/// on to the end.
const VAIN_BYTES: usize = 4 << 20;
/// Lists within lists that are still read.
const DEEPEST: usize = 16;

/// The text with each printed list or object on lines of its own; nothing when it holds none.
///
/// One is looked for only at the start of a line and must end with its line.
pub(super) fn as_lines(text: &str, item_mark: &str) -> Option<String> {
    let opens = ["\n[", "\n(", "\n{"];
    if !text.trim_start().starts_with(['[', '(', '{']) && !opens.iter().any(|mark| text.contains(mark)) {
        return None;
    }
    let mut out = String::new();
    let (mut rest, mut budget, mut any) = (text, VAIN_BYTES, false);
    while !rest.is_empty() {
        let start = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let line = rest.get(start..).unwrap_or_default();
        if budget > 0
            && line.starts_with(['[', '(', '{'])
            && let Some((items, length)) = literal(line, &mut budget)
        {
            any = true;
            push_items(&items, item_mark, &mut out);
            rest = line.get(length..).unwrap_or_default().trim_start_matches(['\r', '\n']);
            continue;
        }
        let end = rest.find('\n').map_or(rest.len(), |at| at + 1);
        out.push_str(rest.get(..end).unwrap_or_default());
        rest = rest.get(end..).unwrap_or_default();
    }
    any.then_some(out)
}

fn push_items(items: &[String], mark: &str, out: &mut String) {
    let mark = if items.len() > 1 { mark } else { "" };
    for item in items.iter().map(|item| item.trim()).filter(|item| item.chars().any(char::is_alphanumeric)) {
        out.push_str(mark);
        out.push_str(item);
        out.push('\n');
    }
}

/// The items of a literal at the start of `line` that its line ends with, and its length.
fn literal(line: &str, budget: &mut usize) -> Option<(Vec<String>, usize)> {
    let mut reader = Literal { text: line, at: 0, items: Vec::new(), strings: 0 };
    let closed = reader.value(0, None);
    let after = line.get(reader.at..).unwrap_or_default().trim_start_matches([' ', '\t', '\r']);
    // A bracket around words, "[sic]", "(m/f)", holds no string and is no list.
    if closed.is_some() && reader.strings > 0 && (after.is_empty() || after.starts_with('\n')) {
        let length = line.len() - after.len();
        return Some((reader.items, length));
    }
    *budget = budget.saturating_sub(reader.at + 1);
    None
}

struct Literal<'t> {
    text: &'t str,
    at: usize,
    items: Vec<String>,
    strings: usize,
}

impl Literal<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// One value; `key` goes before what it holds.
    fn value(&mut self, depth: usize, key: Option<&str>) -> Option<()> {
        self.skip_space();
        match self.peek()? {
            open @ ('[' | '(' | '{') if depth < DEEPEST => self.container(open, depth, key),
            '\'' | '"' => {
                let text = self.string()?;
                self.strings += 1;
                self.push(key, &text);
                Some(())
            }
            _ => {
                let word = self.word()?;
                if !matches!(word.as_str(), "None" | "null" | "nan" | "NaN") {
                    self.push(key, &word);
                }
                Some(())
            }
        }
    }

    fn push(&mut self, key: Option<&str>, text: &str) {
        self.items.push(key.map_or_else(|| text.to_owned(), |key| format!("{key}: {text}")));
    }

    fn container(&mut self, open: char, depth: usize, key: Option<&str>) -> Option<()> {
        let close = match open {
            '[' => ']',
            '(' => ')',
            _ => '}',
        };
        self.at += 1;
        loop {
            self.skip_space();
            if self.peek()? == close {
                self.at += 1;
                return Some(());
            }
            let own_key = if open == '{' { self.key() } else { None };
            self.value(depth + 1, own_key.as_deref().or(key))?;
            self.skip_space();
            match self.peek()? {
                ',' => self.at += 1,
                c if c == close => {}
                _ => return None,
            }
        }
    }

    /// `'name':` of an object; sets have none.
    fn key(&mut self) -> Option<String> {
        let from = self.at;
        let key = self.string().filter(|_| {
            self.skip_space();
            self.peek() == Some(':')
        });
        self.at = if key.is_some() { self.at + 1 } else { from };
        key
    }

    fn string(&mut self) -> Option<String> {
        let quote = self.peek().filter(|c| matches!(c, '\'' | '"'))?;
        let mut out = String::new();
        let mut chars = self.text.get(self.at + 1..)?.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => match chars.next()?.1 {
                    'n' | 'r' => out.push('\n'),
                    't' => out.push(' '),
                    'x' => out.push(code(&mut chars, 2)?),
                    'u' => out.push(code(&mut chars, 4)?),
                    'U' => out.push(code(&mut chars, 8)?),
                    other => out.push(other),
                },
                c if c == quote => {
                    self.at += 1 + at + 1;
                    return Some(out);
                }
                other => out.push(other),
            }
        }
        self.at = self.text.len();
        None
    }

    /// A number, `True`, `None`.
    fn word(&mut self) -> Option<String> {
        let word: String = self
            .rest()
            .chars()
            .take(40)
            .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+' | '_'))
            .collect();
        let known = matches!(word.as_str(), "None" | "null" | "nan" | "NaN" | "True" | "False" | "true" | "false");
        (known || word.parse::<f64>().is_ok()).then(|| {
            self.at += word.len();
            word
        })
    }
}

fn code(chars: &mut std::str::CharIndices<'_>, digits: usize) -> Option<char> {
    let text: String = chars.by_ref().take(digits).map(|(_, c)| c).collect();
    let number = u32::from_str_radix(&text, 16).ok()?;
    Some(char::from_u32(number).unwrap_or('\u{fffd}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_lists_and_objects_become_lines() {
        for (text, lines) in [
            ("['  plan work', \"don't stop\", '  ']", "- plan work\n- don't stop\n"),
            ("('one', 'two')", "- one\n- two\n"),
            ("['only']", "only\n"),
            (r#"["a\u00f1o", "two\nlines"]"#, "- año\n- two\nlines\n"),
            ("{'skills': ['SQL', 'R'], 'years': 3, 'note': None}", "- skills: SQL\n- skills: R\n- years: 3\n"),
            ("['first']\n['second', 'third']\nplain", "first\n- second\n- third\nplain"),
            ("[{'title': 'a'}, {'title': 'b'}]", "- title: a\n- title: b\n"),
        ] {
            assert_eq!(as_lines(text, "- ").as_deref(), Some(lines), "{text}");
        }
    }

    #[test]
    fn brackets_around_words_stay() {
        for text in
            ["[sic] text", "(m/f)", "(1) first", "[2024]", "['open", "{x}", "Nurse (part time)", "['a'] and more"]
        {
            assert_eq!(as_lines(text, "- "), None, "{text}");
        }
        assert!(as_lines(&"[\n".repeat(200_000), "- ").is_none());
        assert!(as_lines(&"['a\n".repeat(200_000), "- ").is_none());
    }
}
