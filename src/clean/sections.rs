//! Which part of a posting talks about the work, and which is boilerplate. Headings rule until the next heading; single
//! sentences can speak for themselves. The cues are data: `data/reference/section_cues.csv`.

use super::fold::{fold_words, folded};
use super::sentences::sentences;
use crate::types::{Section, SectionKind};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// kind,lang,scope,cue
const CUES: &str = include_str!("../../data/reference/section_cues.csv");
/// Words that a heading may have at most.
const HEADING_WORDS: usize = 9;
/// Bytes that a heading may have at most.
const HEADING_BYTES: usize = 160;

/// Cues by their folded spelling. One spelling may serve several languages.
struct Cues {
    headings: FxHashMap<String, SectionKind>,
    /// By first word.
    sentences: FxHashMap<String, CueList>,
    /// Longest heading in words.
    heading_words: usize,
}

static COMPILED: LazyLock<Cues> = LazyLock::new(compile);

fn kind_of(name: &str) -> Option<SectionKind> {
    Some(match name {
        "duties" => SectionKind::Duties,
        "requirements" => SectionKind::Requirements,
        "employer" => SectionKind::Employer,
        "benefits" => SectionKind::Benefits,
        "diversity" => SectionKind::Diversity,
        "apply" => SectionKind::Apply,
        "salary" => SectionKind::Salary,
        _ => return None,
    })
}

fn compile() -> Cues {
    let mut cues = Cues { headings: FxHashMap::default(), sentences: FxHashMap::default(), heading_words: 1 };
    let mut reader = csv::Reader::from_reader(CUES.as_bytes());
    for row in reader.records().flatten() {
        let (Some(kind), Some(scope), Some(cue)) = (row.get(0).and_then(kind_of), row.get(2), row.get(3)) else {
            continue;
        };
        let cue = folded(cue);
        if scope == "heading" {
            cues.heading_words = cues.heading_words.max(cue.split(' ').count());
            cues.headings.entry(cue).or_insert(kind);
        } else {
            let first = cue.split(' ').next().unwrap_or_default().to_owned();
            add_cue(cues.sentences.entry(first).or_default(), cue + " ", kind);
        }
    }
    for list in cues.sentences.values_mut() {
        list.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
    }
    cues
}

fn add_cue(list: &mut CueList, cue: String, kind: SectionKind) {
    match list.iter_mut().find(|(known, _)| *known == cue) {
        Some((_, kinds)) if kinds.contains(&kind) => {}
        Some((_, kinds)) => kinds.push(kind),
        None => list.push((cue, vec![kind])),
    }
}

/// A sentence's own voice: boilerplate cues and cues of work that it holds.
#[derive(Debug, Default)]
struct Voice {
    boilerplate: Option<SectionKind>,
    work: Option<SectionKind>,
}

impl Voice {
    fn hear(&mut self, kind: SectionKind) {
        let slot = if kind.yields_skills() { &mut self.work } else { &mut self.boilerplate };
        let first = *slot.get_or_insert(kind);
        // What is asked outweighs what is done, as the nouns of duties stand everywhere.
        if kind == SectionKind::Requirements && first == SectionKind::Duties {
            *slot = Some(kind);
        }
    }
}

/// Cues of one first word, longest first, each with a closing space.
type CueList = Vec<(String, Vec<SectionKind>)>;

/// `words`: folded words, each with a space after it.
fn listen(words: &str) -> Voice {
    let mut voice = Voice::default();
    let mut rest = words;
    while let Some((word, tail)) = rest.split_once(' ') {
        let cues = COMPILED.sentences.get(word).map(Vec::as_slice).unwrap_or_default();
        if let Some((_, kinds)) = cues.iter().find(|(cue, _)| rest.starts_with(cue.as_str())) {
            kinds.iter().for_each(|kind| voice.hear(*kind));
        }
        rest = tail;
    }
    voice
}

/// Puts known headings that stand inside a line (`... PLANOS REQUISITOS: ...`) on a line of their own.
pub fn break_headings(text: String) -> String {
    if !text.contains(':') {
        return text;
    }
    let mut cuts = Vec::new();
    let mut words = String::new();
    for (colon, _) in text.match_indices(':') {
        let line_start = heading_window(&text, colon);
        if let Some(start) = heading_before(&text, line_start, colon, &mut words) {
            cuts.push(start);
        }
    }
    if cuts.is_empty() {
        return text;
    }
    let mut out = String::with_capacity(text.len() + cuts.len());
    let mut from = 0;
    for cut in cuts {
        let piece = text.get(from..cut).unwrap_or_default().trim_end();
        out.push_str(piece.strip_suffix("\n-").unwrap_or(piece));
        out.push('\n');
        from = cut;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

/// Start of the line that holds `colon`, or a place a few words before it in a very long line.
fn heading_window(text: &str, colon: usize) -> usize {
    let mut from = colon.saturating_sub(HEADING_BYTES);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    text.get(from..colon).and_then(|t| t.rfind('\n')).map_or(from, |at| from + at + 1)
}

/// Start of the longest known heading that ends at `colon` and begins inside its line with a capital letter.
fn heading_before(text: &str, line_start: usize, colon: usize, words: &mut String) -> Option<usize> {
    let line = text.get(line_start..colon)?;
    let mut starts: Vec<usize> =
        line.rmatch_indices(' ').map(|(at, _)| line_start + at + 1).take(COMPILED.heading_words).collect();
    starts.reverse();
    starts.into_iter().find(|start| {
        let candidate = text.get(*start..colon).unwrap_or_default();
        let opens = candidate
            .trim_start_matches(['¿', '¡', '('])
            .chars()
            .next()
            .is_some_and(|c| c.is_uppercase() || is_caseless(c));
        fold_words(candidate, words);
        opens
            && COMPILED.headings.contains_key(words.as_str())
            && stands_alone(text.get(line_start..*start).unwrap_or_default())
    })
}

/// Words that tie a heading to what stands before it: `CÓDIGO DE OFERTA`, `about the role`.
const TIES: &[&str] = &[
    "de", "del", "d", "of", "the", "la", "el", "les", "els", "los", "las", "y", "i", "and", "or", "o", "an", "a", "al",
    "sobre", "for", "our", "your", "en", "su", "sus", "con", "amb", "per", "para", "por", "tu", "to", "in", "with",
    "job", "key", "main",
];

/// Whether a heading after `before` (the start of its line) begins something new.
fn stands_alone(before: &str) -> bool {
    let is_item = before.starts_with("- ");
    let before = before.trim_start_matches("- ").trim_end();
    if before.ends_with(['.', '!', '?', ';', ')', ',']) {
        return true;
    }
    let mut words = before.split_whitespace();
    let last = words.next_back().map(|w| w.to_lowercase()).unwrap_or_default();
    (is_item || words.next().is_some()) && !last.is_empty() && !TIES.contains(&last.as_str())
}

fn is_caseless(c: char) -> bool {
    c.is_alphabetic() && !c.is_lowercase() && !c.is_uppercase()
}

/// What a line is.
enum Line {
    /// A heading alone on its line.
    Heading(SectionKind),
    /// A heading, a colon and text.
    HeadingAndText(SectionKind),
    /// A short line with a colon that no cue knows.
    UnknownHeading,
    Text,
}

fn classify(line: &str, words: &mut String) -> Line {
    let is_item = line.starts_with("- ");
    let line = line.trim_start_matches("- ");
    let line = line.strip_suffix(';').map_or(std::borrow::Cow::Borrowed(line), |l| format!("{l}:").into());
    let (head, tail) = line.split_once(':').map_or((line.as_ref(), None), |(h, t)| (h, Some(t.trim())));
    let head_text = head.trim_matches(|c: char| !c.is_alphanumeric());
    if head_text.len() > HEADING_BYTES {
        return Line::Text;
    }
    let words_in_head = head_text.split_whitespace().count();
    if words_in_head == 0 || words_in_head > HEADING_WORDS {
        return Line::Text;
    }
    fold_words(head_text, words);
    let known = COMPILED.headings.get(words.as_str()).copied();
    match (known, tail) {
        (Some(kind), Some("")) => Line::Heading(kind),
        (Some(kind), Some(_)) => Line::HeadingAndText(kind),
        // "Experience" as a list item is an item.
        (Some(kind), None) if !is_item && !head.trim_end().ends_with([',', ';']) => Line::Heading(kind),
        (None, Some("")) if !is_item => begins_like_heading(words, 1).map_or(Line::UnknownHeading, Line::Heading),
        (None, None) if !is_item && words_in_head <= 7 && !head.trim_end().ends_with(['.', ',', ';']) => {
            begins_like_heading(words, 2).map_or(Line::Text, Line::Heading)
        }
        _ => Line::Text,
    }
}

/// `About Acme`, `Requirements for the role:`: a known heading of at least `least` words, or "about", opens the line.
fn begins_like_heading(words: &str, least: usize) -> Option<SectionKind> {
    let ends = words.match_indices(' ').map(|(at, _)| at);
    let longest = ends
        .filter_map(|end| words.get(..end))
        .filter(|head| least < 2 || head.contains(' '))
        .filter_map(|head| COMPILED.headings.get(head))
        .last();
    let names = [
        ("about ", SectionKind::Employer),
        ("life at ", SectionKind::Employer),
        ("why ", SectionKind::Employer),
        ("sobre ", SectionKind::Employer),
    ];
    longest.copied().or_else(|| names.iter().find(|(lead, _)| words.starts_with(lead)).map(|(_, kind)| *kind))
}

/// State while walking the lines of a body.
struct Walker {
    base: SectionKind,
    /// Kind of the running line that leads into the items below it.
    lead: Option<SectionKind>,
    had_items: bool,
    spans: Vec<(usize, SectionKind)>,
}

impl Walker {
    /// From byte `start` on, the body is of `kind`.
    fn mark(&mut self, start: usize, kind: SectionKind) {
        if self.spans.last().is_none_or(|(_, last)| *last != kind) {
            self.spans.push((start, kind));
        }
    }

    fn begin(&mut self, kind: SectionKind) {
        self.base = kind;
        self.lead = None;
        self.had_items = false;
    }
}

/// Parts of `body`, in order, without gaps; empty for an empty body.
pub fn sections(body: &str) -> Vec<Section> {
    let mut walker = Walker { base: SectionKind::Other, lead: None, had_items: false, spans: Vec::new() };
    let mut words = String::new();
    let mut line_start = 0;
    for line in body.split('\n') {
        walk_line(&mut walker, line, line_start, &mut words);
        line_start += line.len() + 1;
    }
    to_sections(&walker.spans, body.len())
}

fn walk_line(walker: &mut Walker, line: &str, line_start: usize, words: &mut String) {
    let is_item = line.starts_with("- ");
    match classify(line, words) {
        Line::Heading(kind) => {
            walker.begin(kind);
            walker.mark(line_start, kind);
            return;
        }
        Line::HeadingAndText(kind) => {
            walker.begin(kind);
            // Terms of work are told on one line; what follows is another matter.
            if kind == SectionKind::Salary {
                walker.begin(SectionKind::Other);
                if line.len() <= 140 {
                    walker.mark(line_start, kind);
                    return;
                }
            }
        }
        Line::UnknownHeading
            if matches!(walker.base, SectionKind::Employer | SectionKind::Diversity | SectionKind::Apply) =>
        {
            walker.begin(SectionKind::Other);
        }
        _ => {}
    }
    // After the list under a boilerplate heading, running text is a new matter.
    if !is_item && walker.had_items && !walker.base.yields_skills() && line.len() > 60 {
        walker.begin(SectionKind::Other);
    }
    walker.had_items |= is_item;
    let lead = walker.lead.filter(|_| is_item && walker.base == SectionKind::Other);
    let base = lead.unwrap_or(walker.base);
    let mut last = base;
    for (start, end) in sentences(line) {
        let kind = sentence_kind(base, line.get(start..end).unwrap_or_default(), words);
        let from = if start == 0 { line_start } else { line_start + start };
        walker.mark(from, kind);
        last = kind;
    }
    if !is_item {
        walker.lead = Some(last).filter(|kind| line.ends_with(':') && !kind.yields_skills());
    }
}

/// A boilerplate cue makes boilerplate of a sentence unless the sentence also asks for something or the heading does;
/// a cue of work rescues a sentence from under a heading about the employer.
fn sentence_kind(base: SectionKind, sentence: &str, words: &mut String) -> SectionKind {
    fold_words(sentence, words);
    words.push(' ');
    let voice = listen(words);
    match (base, voice.boilerplate, voice.work) {
        // Terms of work are told in items and short lines; running text under them is another matter.
        (SectionKind::Salary, None, work) if sentence.len() > 60 => work.unwrap_or(SectionKind::Other),
        (_, Some(kind @ SectionKind::Apply), Some(_)) if sentence.len() <= 60 => kind,
        // An employer's praise and a notice use the nouns of duties too, as long as nothing is asked of the reader.
        (
            SectionKind::Other | SectionKind::Employer,
            Some(kind @ (SectionKind::Employer | SectionKind::Apply | SectionKind::Diversity)),
            Some(SectionKind::Duties),
        ) if sentence.len() <= 220 => kind,
        // How to apply, privacy and diversity notices are never about the work, wherever they stand.
        (_, Some(kind @ (SectionKind::Apply | SectionKind::Diversity)), None) => kind,
        (SectionKind::Other, Some(kind), None) => kind,
        (SectionKind::Other, _, Some(kind)) => kind,
        (SectionKind::Duties | SectionKind::Requirements, Some(kind), None) => kind,
        (SectionKind::Employer, None, Some(SectionKind::Requirements)) => SectionKind::Requirements,
        (SectionKind::Employer, None, Some(kind)) if speaks_to_reader(words) => kind,
        _ => base,
    }
}

/// Whether a sentence tells the reader what they would do, rather than what an employer does.
fn speaks_to_reader(words: &str) -> bool {
    let signs =
        ["you will ", "you ll ", "your role", "in this role", "seras ", "te encargaras", "t encarregaras", "ستكون "];
    signs.iter().any(|sign| words.contains(sign))
}

fn to_sections(spans: &[(usize, SectionKind)], length: usize) -> Vec<Section> {
    let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let ends = spans.iter().skip(1).map(|(start, _)| *start).chain([length]);
    let mut out: Vec<Section> = Vec::with_capacity(spans.len());
    for ((start, kind), end) in spans.iter().zip(ends) {
        let start = if out.is_empty() { 0 } else { *start };
        if start < end {
            out.push(Section { kind: *kind, start: narrow(start), end: narrow(end) });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn parts(body: &str) -> Vec<(SectionKind, String)> {
        sections(body).iter().map(|s| (s.kind, body[s.start as usize..s.end as usize].trim().to_owned())).collect()
    }

    fn kind_holding(body: &str, needle: &str) -> SectionKind {
        parts(body).into_iter().find(|(_, t)| t.contains(needle)).map(|(k, _)| k).unwrap()
    }

    #[test]
    fn every_language_has_at_least_thirty_cues_and_all_parse() {
        let mut per_lang: BTreeMap<String, usize> = BTreeMap::new();
        for row in csv::Reader::from_reader(CUES.as_bytes()).records() {
            let row = row.unwrap();
            assert!(
                kind_of(&row[0]).is_some() && matches!(&row[2], "heading" | "sentence") && !row[3].is_empty(),
                "{row:?}"
            );
            *per_lang.entry(row[1].to_owned()).or_default() += 1;
        }
        assert!(["en", "es", "ca", "ar"].iter().all(|l| per_lang[*l] >= 30), "{per_lang:?}");
    }

    #[test]
    fn headings_rule_until_the_next_heading() {
        let body = "About us\nAcme makes boats since 1920.\nResponsibilities\n- Write code\n- Test it\nWhat we offer:\n- Python courses\nRequirements:\n- SQL";
        assert_eq!(kind_holding(body, "boats"), SectionKind::Employer);
        assert_eq!(kind_holding(body, "Write code"), SectionKind::Duties);
        assert_eq!(kind_holding(body, "Python courses"), SectionKind::Benefits);
        assert_eq!(kind_holding(body, "SQL"), SectionKind::Requirements);
    }

    #[test]
    fn headings_of_all_four_languages_are_known() {
        for (heading, kind) in [
            ("Qui som", SectionKind::Employer),
            ("¿Quiénes somos?", SectionKind::Employer),
            ("من نحن", SectionKind::Employer),
            ("Se ofrece:", SectionKind::Benefits),
            ("S'ofereix:", SectionKind::Benefits),
            ("المزايا:", SectionKind::Benefits),
            ("REQUISITS", SectionKind::Requirements),
            ("المؤهلات المطلوبة", SectionKind::Requirements),
            ("How to apply", SectionKind::Apply),
            ("Dades de contacte:", SectionKind::Apply),
            ("RESPONSABILITATS", SectionKind::Duties),
        ] {
            let body = format!("{heading}\nquelque chose");
            assert_eq!(kind_holding(&body, "quelque"), kind, "{heading}");
        }
    }

    #[test]
    fn sentences_speak_for_themselves_without_headings() {
        let body =
            "We need a nurse to run the ward. We are an equal opportunities employer. Please send your CV to Ann.";
        assert_eq!(kind_holding(body, "nurse"), SectionKind::Other);
        assert_eq!(kind_holding(body, "equal"), SectionKind::Diversity);
        assert_eq!(kind_holding(body, "CV"), SectionKind::Apply);
        assert_eq!(kind_holding("Somos una empresa líder en alimentación.", "Somos"), SectionKind::Employer);
        assert_eq!(kind_holding("Salari segons conveni.", "Salari"), SectionKind::Salary);
    }

    #[test]
    fn items_belong_to_the_boilerplate_line_that_leads_into_them() {
        let body =
            "These hospitals were founded in 1920 and stand for:\n- excels in patient safety\nWe run a busy ward.";
        assert_eq!(kind_holding(body, "excels"), SectionKind::Employer);
        assert_eq!(kind_holding(body, "busy ward"), SectionKind::Other);
    }

    #[test]
    fn a_sentence_that_asks_for_something_is_no_boilerplate() {
        assert!(
            kind_holding("SE OFRECE CONTRATO INDEFINIDO Y SE REQUIERE EXPERIENCIA EN SOLDADURA", "SOLDADURA")
                .yields_skills()
        );
    }

    #[test]
    fn a_heading_of_several_words_is_not_torn() {
        for line in [
            "CÓDIGO DE OFERTA: 12",
            "Job Location: Oakland",
            "Key Qualifications: SQL",
            "Información sobre el proceso de selección: x",
        ] {
            assert_eq!(break_headings(line.to_owned()), line);
        }
    }

    #[test]
    fn headings_inside_a_line_get_their_own_line() {
        let raw = "FUNCIONES:\n- REVISAR PLANOS REQUISITOS:\n- AUTOCAD SE OFRECE:\n- COCHE";
        let text = break_headings(raw.to_owned());
        assert_eq!(text, "FUNCIONES:\n- REVISAR PLANOS\nREQUISITOS:\n- AUTOCAD\nSE OFRECE:\n- COCHE");
        assert_eq!(kind_holding(&text, "COCHE"), SectionKind::Benefits);
        assert_eq!(kind_holding(&text, "AUTOCAD"), SectionKind::Requirements);
    }

    proptest! {
        #[test]
        fn sections_cover_the_body_without_gaps(body in "(About us|Requisitos:|send your cv|\\. |\n|\n- |\\PC{1,6}| ){0,40}") {
            let body = super::super::text::plain_text(&body, &Default::default()).unwrap();
            let parts = sections(&body);
            let mut at = 0;
            for part in &parts {
                prop_assert_eq!(part.start, at);
                prop_assert!(part.end > part.start && body.is_char_boundary(part.end as usize));
                at = part.end;
            }
            prop_assert_eq!(at as usize, body.len());
        }
    }
}
