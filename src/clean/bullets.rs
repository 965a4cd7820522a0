//! Lines as people lay them out to lines as the pipeline reads them: list items become `- ` lines, hard-wrapped lines
//! are joined, rulers and Markdown marks are dropped.

use super::fold::is_invisible;

/// Signs that open a list item wherever they stand.
fn is_strong_bullet(c: char) -> bool {
    matches!(
        c,
        '•' | '●'
            | '▪'
            | '■'
            | '◦'
            | '○'
            | '‣'
            | '⁃'
            | '∙'
            | '►'
            | '▶'
            | '➢'
            | '➤'
            | '✓'
            | '✔'
            | '✅'
            | '☑'
            | '❖'
            | '◆'
            | '♦'
            | '\u{f0b7}'
            | '\u{f0a7}'
            | '\u{f0d8}'
            | '\u{f0fc}'
    )
}

/// Signs that open a list item only at the start of a line, or between items of an evident run.
fn is_weak_bullet(c: char) -> bool {
    matches!(c, '-' | '*' | '–' | '—' | '·' | '―' | '→' | '+')
}

/// All lines of `text` in the pipeline's layout.
pub(super) fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut line = String::new();
    for block in text.split('\n') {
        if is_plain(block) {
            tidy_line(block.trim(), &mut out);
            continue;
        }
        for raw in block.split(['\r', '\u{2028}', '\u{2029}', '\u{b}', '\u{c}', '\u{85}']) {
            collapse(raw, &mut line);
            tidy_line(line.trim(), &mut out);
        }
    }
    out
}

fn tidy_line(body: &str, out: &mut String) {
    if let Some(items) = printed_list(body) {
        items.for_each(|item| push_line(item, true, out));
    } else if body.chars().any(char::is_alphanumeric) {
        lay_out(body, out);
    }
}

/// Whether `collapse` would leave `line` as it is and nothing but `\n` breaks it: most lines need no second look.
fn is_plain(line: &str) -> bool {
    let mut before = 0;
    line.bytes().all(|byte| {
        let previous = std::mem::replace(&mut before, byte);
        match byte {
            b'*' | b'_' | b'=' | b'~' | b'?' | 0x7f => false,
            b' ' => previous != b' ',
            b'-' => !matches!(previous, b'-' | b'.'),
            // Spaces of all widths, controls, invisible marks and dashes begin with these bytes.
            0xc2 | 0xe1..=0xe3 | 0xef => false,
            other => other > b' ',
        }
    })
}

/// Items of a list that a program printed: `['plan', 'test']`.
fn printed_list(line: &str) -> Option<impl Iterator<Item = &str>> {
    let inside = line.strip_prefix('[')?.strip_suffix(']')?;
    let quote = inside.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let inside = inside.strip_prefix(quote)?.strip_suffix(quote)?;
    let items = inside.split(['\'', '"']).collect::<Vec<_>>();
    // Apostrophes inside items make the quotes ambiguous: only whole `', '` separators are cut.
    let is_plain = items.iter().skip(1).step_by(2).all(|gap| gap.trim() == ",");
    let cut: Vec<&str> = if is_plain { items.into_iter().step_by(2).collect() } else { inside.split("', '").collect() };
    Some(cut.into_iter().map(str::trim).filter(|item| item.chars().any(char::is_alphanumeric)))
}

/// Single spaces, no invisible characters, no Markdown emphasis, no rulers.
fn collapse(raw: &str, line: &mut String) {
    line.clear();
    let mut space = false;
    let mut run = (' ', 0usize);
    for c in raw.chars() {
        if c.is_whitespace() {
            space = true;
            run = (' ', 0);
            continue;
        }
        if is_invisible(c) {
            continue;
        }
        run = if run.0 == c { (c, run.1 + 1) } else { (c, 1) };
        // A ruler (`*****`, `-----`) or emphasis (`**bold**`) is decoration: keep one sign at most where a bullet may stand.
        if run.1 == 2 && matches!(c, '*' | '_' | '=' | '~') && line.ends_with(c) {
            line.pop();
            continue;
        }
        if run.1 >= 2 && matches!(c, '*' | '_' | '=' | '~') || run.1 >= 3 && matches!(c, '-' | '–' | '—') {
            continue;
        }
        if space && !line.is_empty() {
            line.push(' ');
        }
        space = false;
        line.push(c);
    }
    if line.contains(".-") {
        *line = format!(" {line}").replace(" .- ", " - ").trim_start().to_owned();
    }
    repair_apostrophes(line);
}

/// What exports leave of an apostrophe they cannot write.
const LOST_APOSTROPHES: [char; 3] = ['?', '¿', '\u{fffd}'];

/// `L?ESCOLA` -> `L'ESCOLA`: exports lose the apostrophe of elided Catalan articles, always after a lone l, d, s, m, n or t.
pub(super) fn repair_apostrophes(line: &mut String) {
    if !line.contains(LOST_APOSTROPHES) {
        return;
    }
    let chars: Vec<char> = line.chars().collect();
    let elided = |at: usize| {
        let letter = at.checked_sub(1).and_then(|i| chars.get(i)).is_some_and(|c| "ldsmntLDSMNT".contains(*c));
        let alone = at.checked_sub(2).and_then(|i| chars.get(i)).is_none_or(|c| !c.is_alphanumeric());
        let vowel = chars.get(at + 1).is_some_and(|c| "aeiouhàèéíòóúAEIOUHÀÈÉÍÒÓÚ".contains(*c));
        letter && alone && vowel
    };
    *line = chars
        .iter()
        .enumerate()
        .map(|(at, c)| if LOST_APOSTROPHES.contains(c) && elided(at) { '\'' } else { *c })
        .collect();
}

fn lay_out(body: &str, out: &mut String) {
    let (is_item, body) = strip_mark(body);
    let mut from = 0;
    let mut first = true;
    let cuts = item_starts(body);
    for cut in cuts.iter().map(|c| (c.mark, c.text)).chain([(body.len(), body.len())]) {
        let piece = body.get(from..cut.0).unwrap_or_default().trim();
        if piece.chars().any(char::is_alphanumeric) {
            push_line(piece, is_item || !first, out);
        }
        first = false;
        from = cut.1;
    }
}

fn push_line(piece: &str, is_item: bool, out: &mut String) {
    if !is_item && continues(out, piece) {
        out.push(' ');
    } else {
        if !out.is_empty() {
            out.push('\n');
        }
        if is_item {
            out.push_str("- ");
        }
    }
    out.push_str(piece);
}

/// Whether `piece` goes on with the last line: it starts in lower case after a long line without an end.
fn continues(out: &str, piece: &str) -> bool {
    if !piece.chars().next().is_some_and(char::is_lowercase) {
        return false;
    }
    // Only the end of the last line is looked at; a line of thousands of bytes is no hard-wrapped paragraph.
    let mut from = out.len().saturating_sub(4_000);
    while !out.is_char_boundary(from) {
        from += 1;
    }
    let tail = out.get(from..).unwrap_or_default();
    let Some(last) = tail.rsplit('\n').next().filter(|last| from == 0 || last.len() < tail.len()) else { return false };
    let open_end = last.chars().next_back().is_some_and(|c| c.is_alphabetic() || c == ',');
    open_end && last.len() >= 50
}

/// The line without the mark of a list item or a Markdown heading, and whether it was an item.
fn strip_mark(line: &str) -> (bool, &str) {
    let mut rest = line;
    let mut item = false;
    loop {
        let Some(mark) = rest.chars().next() else { return (item, rest) };
        let after = rest.get(mark.len_utf8()..).unwrap_or_default();
        let next = after.chars().next();
        let marks_item = is_strong_bullet(mark)
            || is_weak_bullet(mark)
                && next.is_none_or(|c| c == ' ' || c.is_alphabetic() || is_strong_bullet(c) || is_weak_bullet(c));
        if marks_item {
            item = true;
        } else if mark != '#' {
            return (item, rest);
        }
        rest = after.trim_start();
    }
}

/// Where an item starts inside a line: its mark, and the text after the mark.
#[derive(Clone, Copy)]
struct ItemStart {
    mark: usize,
    text: usize,
    strong: bool,
    after_colon: bool,
    glued: bool,
}

/// Item starts inside a line that is evidently a list; empty when it is none.
fn item_starts(line: &str) -> Vec<ItemStart> {
    let mut starts = Vec::new();
    if !may_hold_items(line) {
        return starts;
    }
    let mut before: [Option<char>; 2] = [None, None];
    let mut chars = line.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, n)| *n);
        if let Some(start) = item_start(at, c, before, next, line) {
            starts.push(start);
        }
        before = [before[1], Some(c)];
    }
    keep_evident(line, starts)
}

/// A sign beyond ASCII, or a dash or star next to a space or a colon. Nothing else can open an item inside a line.
fn may_hold_items(line: &str) -> bool {
    let mut before = 0;
    let mut after_dash = false;
    line.bytes().any(|byte| {
        let previous = std::mem::replace(&mut before, byte);
        let roomy = after_dash && byte == b' ';
        after_dash = matches!(byte, b'-' | b'*');
        roomy || after_dash && matches!(previous, b' ' | b':') || matches!(byte, 0xc2 | 0xe2 | 0xef)
    })
}

fn item_start(at: usize, c: char, before: [Option<char>; 2], next: Option<char>, line: &str) -> Option<ItemStart> {
    let strong = is_strong_bullet(c);
    if at == 0 || !strong && !is_weak_bullet(c) {
        return None;
    }
    let spaced = before[1] == Some(' ');
    let previous = if spaced { before[0] } else { before[1] };
    let after_colon = previous.is_some_and(|p| p == ':');
    let text = at + c.len_utf8();
    let following = line.get(text..)?.trim_start().chars().next()?;
    // `09:00 - 14:00`, `£18,005 - £19,337`: a range, no list.
    let range = |x: char| x.is_ascii_digit() || matches!(x, '€' | '£' | '$');
    let is_range = previous.is_some_and(|p| p.is_ascii_digit() || p == '€') && range(following);
    let roomy = next == Some(' ') || following.is_uppercase() || after_colon && following.is_alphabetic();
    let glued = !spaced && !strong && !after_colon;
    if !strong && (is_range || !roomy || c == '+' || c == '→') {
        return None;
    }
    if glued && !(c == '-' && next == Some(' ') && following.is_uppercase()) {
        return None;
    }
    Some(ItemStart { mark: at, text, strong, after_colon, glued })
}

/// Two strong signs, a colon before a sign, or three weak signs between texts of some length make a list.
fn keep_evident(line: &str, mut starts: Vec<ItemStart>) -> Vec<ItemStart> {
    // What stands before the colon that opens the list is no item: `ADMINISTRATIVO - GESTOR. FUNCIONES: - ...`.
    let opening = starts.iter().find(|s| s.after_colon).map(|s| s.mark);
    let after_colon = opening.is_some();
    match opening {
        Some(opening) => starts.retain(|s| s.strong || s.mark >= opening),
        None => starts.retain(|s| !s.glued),
    }
    let strong = starts.iter().filter(|s| s.strong).count();
    let weak = starts.len() - strong;
    let long_items = line.len() / (weak + 1) >= 15;
    if !after_colon && (weak < 3 || !long_items) {
        starts.retain(|s| s.strong);
    }
    if strong < 2 && !after_colon && starts.iter().all(|s| s.strong) {
        starts.clear();
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::tidy;

    #[test]
    fn every_kind_of_bullet_becomes_the_same_line() {
        assert_eq!(
            tidy("• one\n\u{f0b7}\ttwo\n* three\n– four\n-five\n  · six\n• - seven"),
            "- one\n- two\n- three\n- four\n- five\n- six\n- seven"
        );
    }

    #[test]
    fn a_run_with_dashes_after_a_colon_becomes_a_list() {
        let raw = "FUNCIONES: - REVISAR PLANOS - SUPERVISAR OBRAS HORARIO DE 08:30 - 14:30 Y SALARIO 1.200 - 1.400 €";
        assert_eq!(
            tidy(raw),
            "FUNCIONES:\n- REVISAR PLANOS\n- SUPERVISAR OBRAS HORARIO DE 08:30 - 14:30 Y SALARIO 1.200 - 1.400 €"
        );
        assert_eq!(
            tidy("Te ofrecemos:- Contrato hasta 2024- Jornada completa"),
            "Te ofrecemos:\n- Contrato hasta 2024\n- Jornada completa"
        );
    }

    #[test]
    fn names_with_dashes_and_middle_dots_are_no_lists() {
        for line in [
            "Barcelona - Vallès Oriental - La Garriga",
            "col·laborar amb l'equip",
            "Doha · Qatar",
            "pre- and post-natal care",
            "a well-being role",
        ] {
            assert_eq!(tidy(line), line);
        }
    }

    #[test]
    fn a_printed_list_becomes_items() {
        assert_eq!(tidy("['  plan work', 'test', '  ']"), "- plan work\n- test");
        assert_eq!(tidy("['d'escriure', 'go']"), "- d'escriure\n- go");
        assert_eq!(tidy("[sic] text"), "[sic] text");
    }

    #[test]
    fn hard_wrapped_lines_are_joined_and_rulers_dropped() {
        let raw = "We look for an engineer who has worked with at least eight\nyears of experience in teams.\n********\nNext line";
        assert_eq!(
            tidy(raw),
            "We look for an engineer who has worked with at least eight years of experience in teams.\nNext line"
        );
        assert_eq!(tidy("### **Role**\n**Build** things"), "Role\nBuild things");
    }

    #[test]
    fn a_question_mark_for_a_catalan_apostrophe_is_repaired_and_real_questions_stay() {
        assert_eq!(
            tidy("CASTELL (L?ESTARTIT) D¿EMPÚRIES. VOLS?ENVIA EL CV, d¿acord? ¿El teu nivell és C? A"),
            "CASTELL (L'ESTARTIT) D'EMPÚRIES. VOLS?ENVIA EL CV, d'acord? ¿El teu nivell és C? A"
        );
    }
}
