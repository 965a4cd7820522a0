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

/// Words that `*` in a cue may stand for.
const WILD_WORDS: usize = 6;
/// Words of a sentence within which its subject must end.
const SUBJECT_WORDS: usize = 9;

/// What a cue says of the sentence it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Says {
    /// One vote for a kind.
    Kind(SectionKind),
    /// Decides alone when the sentence opens with it.
    Opening(SectionKind),
    /// What only employers are said to be: `was founded`, `is known for`. Any name may be its subject.
    Predicate,
    /// What employers do but people do too: `provides`. The subject must name an organisation.
    Verb,
    /// A noun phrase that is the employer: `our company`.
    Subject,
    /// A word by which organisations are named: `hospital`, `ltd`.
    Organisation,
    /// What an employer says who wants somebody: `is looking for`. Such a sentence is about the work too.
    Seeks,
}

/// Words that stand together, with gaps of a few words where the cue has a `*`. `#` is a year.
#[derive(Debug)]
struct Cue {
    /// With a closing space.
    head: String,
    /// Each with a closing space.
    tails: Vec<String>,
    says: Vec<Says>,
}

impl Cue {
    /// Bytes of `words` that the cue covers from their start.
    fn covers(&self, words: &str) -> Option<usize> {
        words.starts_with(self.head.as_str()).then_some(())?;
        let mut at = self.head.len();
        for tail in &self.tails {
            at += tail_end(words.get(at..)?, tail)?;
        }
        Some(at)
    }

    fn length(&self) -> usize {
        self.head.len() + self.tails.iter().map(String::len).sum::<usize>()
    }
}

/// How a year is written in a cue.
const YEAR: &str = "#";

/// One past `tail` within the next few of `words`.
fn tail_end(words: &str, tail: &str) -> Option<usize> {
    if tail == YEAR {
        let word = words.get(..4)?;
        let is_year = (word.starts_with("19") || word.starts_with("20")) && word.bytes().all(|b| b.is_ascii_digit());
        return (is_year && words.as_bytes().get(4) == Some(&b' ')).then_some(5);
    }
    let mut from = 0;
    for _ in 0..=WILD_WORDS {
        let rest = words.get(from..)?;
        let (word, _) = rest.split_once(' ')?;
        if rest.starts_with(tail) {
            return Some(from + tail.len());
        }
        from += word.len() + 1;
    }
    None
}

/// Cues by their folded spelling. One spelling may serve several languages.
struct Cues {
    headings: FxHashMap<String, SectionKind>,
    /// By first word; longest first.
    sentences: FxHashMap<String, Vec<Cue>>,
    /// Which values of [`word_slot`] some cue's first word has.
    first_words: Box<[bool; SLOTS]>,
    /// Longest heading in words.
    heading_words: usize,
}

/// Slots of the filter over first words.
const SLOTS: usize = 1 << 13;

/// A slot by the ends and the length of a word: most words begin no cue, and this tells so without a look-up.
fn word_slot(word: &[u8]) -> usize {
    let at = |index: usize| word.get(index).copied().map_or(0, usize::from);
    let last = word.last().copied().map_or(0, usize::from);
    (at(0) * 31 + at(1) * 457 + at(2) * 1_201 + last * 2_503 + word.len() * 5_009) % SLOTS
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

fn says_of(scope: &str, kind: SectionKind) -> Option<Says> {
    Some(match scope {
        "sentence" => Says::Kind(kind),
        "opening" => Says::Opening(kind),
        "predicate" => Says::Predicate,
        "verb" => Says::Verb,
        "subject" => Says::Subject,
        "organisation" => Says::Organisation,
        "seeks" => Says::Seeks,
        _ => return None,
    })
}

fn compile() -> Cues {
    let mut cues = Cues {
        headings: FxHashMap::default(),
        sentences: FxHashMap::default(),
        first_words: Box::new([false; SLOTS]),
        heading_words: 1,
    };
    let mut reader = csv::Reader::from_reader(CUES.as_bytes());
    for row in reader.records().flatten() {
        let (Some(kind), Some(scope), Some(cue)) = (row.get(0).and_then(kind_of), row.get(2), row.get(3)) else {
            continue;
        };
        if scope == "heading" {
            let cue = folded(cue);
            cues.heading_words = cues.heading_words.max(cue.split(' ').count());
            cues.headings.entry(cue).or_insert(kind);
        } else if let Some(says) = says_of(scope, kind) {
            add_cue(&mut cues, cue, says);
        }
    }
    for list in cues.sentences.values_mut() {
        list.sort_by(|a, b| b.length().cmp(&a.length()).then_with(|| (&a.head, &a.tails).cmp(&(&b.head, &b.tails))));
    }
    cues
}

fn add_cue(cues: &mut Cues, cue: &str, says: Says) {
    let cue = cue.replace(YEAR, "*#");
    let mut pieces =
        cue.split('*').map(|piece| if piece == YEAR { YEAR.to_owned() } else { folded(piece.trim()) + " " });
    let head = pieces.next().unwrap_or_default();
    let tails: Vec<String> = pieces.collect();
    let first = head.split(' ').next().unwrap_or_default().to_owned();
    if let Some(slot) = cues.first_words.get_mut(word_slot(first.as_bytes())) {
        *slot = true;
    }
    let list = cues.sentences.entry(first).or_default();
    match list.iter_mut().find(|known| known.head == head && known.tails == tails) {
        Some(known) if known.says.contains(&says) => {}
        Some(known) => known.says.push(says),
        None => list.push(Cue { head, tails, says: vec![says] }),
    }
}

/// A sentence's own voice: boilerplate cues and cues of work that it holds.
#[derive(Debug, Default)]
struct Voice {
    boilerplate: Option<SectionKind>,
    work: Option<SectionKind>,
    /// Kind by which the sentence opens, if that decides.
    opening: Option<SectionKind>,
    /// Start and end of the first predicate of an employer, and whether it needs an organisation as its subject.
    predicate: Option<(usize, usize, bool)>,
    /// Whether somebody is wanted.
    seeks: bool,
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

    fn is_silent(&self) -> bool {
        self.boilerplate.is_none() && self.work.is_none()
    }
}

/// `words`: folded words, each with a space after it.
fn listen(words: &str) -> Voice {
    let mut voice = Voice::default();
    let (mut at, mut index) = (0, 0);
    while let Some(rest) = words.get(at..).filter(|rest| !rest.is_empty()) {
        let length = rest.bytes().position(|b| b == b' ').unwrap_or(rest.len());
        let word = rest.as_bytes().get(..length).unwrap_or_default();
        let may_begin = COMPILED.first_words.get(word_slot(word)).copied().unwrap_or_default();
        let covered = if may_begin { hear_cue(&mut voice, rest, length, at, index) } else { 0 };
        at += covered.max(length + 1);
        index += 1;
    }
    voice
}

/// Hears the cue at the start of `rest`, if any; bytes of it that must not be read again.
fn hear_cue(voice: &mut Voice, rest: &str, length: usize, at: usize, index: usize) -> usize {
    let cues = COMPILED.sentences.get(rest.get(..length).unwrap_or_default()).map(Vec::as_slice).unwrap_or_default();
    let mut covered = 0;
    let mut decided: Option<&Cue> = None;
    let second = rest.as_bytes().get(length + 1);
    for cue in cues {
        // The second word's first letter tells most cues apart without a comparison.
        let letter = cue.head.as_bytes().get(length + 1);
        if letter.is_some() && letter != second {
            continue;
        }
        let Some(end) = cue.covers(rest) else { continue };
        for says in &cue.says {
            match says {
                Says::Kind(kind) if decided.is_none_or(|d| std::ptr::eq(d, cue)) => {
                    voice.hear(*kind);
                    // A boilerplate cue owns its words: `help to obtain a driving licence` asks for no licence.
                    covered = if kind.yields_skills() { covered } else { end };
                    decided = Some(cue);
                }
                Says::Opening(kind) if at == 0 => voice.opening = voice.opening.or(Some(*kind)),
                Says::Seeks => voice.seeks = true,
                Says::Predicate | Says::Verb if index < SUBJECT_WORDS && voice.predicate.is_none() => {
                    voice.predicate = Some((at, at + end, *says == Says::Verb));
                }
                _ => {}
            }
        }
    }
    covered
}

/// Whether a cue of `wanted` starts `words`; its length.
fn cue_at(words: &str, wanted: Says) -> Option<usize> {
    let (first, _) = words.split_once(' ')?;
    let cues = COMPILED.sentences.get(first)?;
    cues.iter().filter(|cue| cue.says.contains(&wanted)).find_map(|cue| cue.covers(words))
}

fn is_organisation(word: &str) -> bool {
    let Some(cues) = COMPILED.sentences.get(word) else { return false };
    cues.iter()
        .any(|cue| cue.tails.is_empty() && cue.head.len() == word.len() + 1 && cue.says.contains(&Says::Organisation))
}

/// Endings of words for people, jobs and parts of a house: `The Hospital Pharmacist provides` is about the work.
const NO_EMPLOYER: &[&str] = &[
    "er",
    "or",
    "ora",
    "ist",
    "ista",
    "ian",
    "nurse",
    "assistant",
    "consultant",
    "lead",
    "wife",
    "post",
    "role",
    "job",
    "team",
    "service",
    "department",
    "candidate",
    "position",
    "vacancy",
    "holder",
    "apprentice",
    "equipo",
    "puesto",
    "persona",
    "candidato",
    "equip",
    "lloc",
    "departamento",
    "departament",
];

/// Whether the subject of the predicate at `start..end` is an employer. `sentence` as written, `words` folded.
fn is_said_of_employer(sentence: &str, words: &str, predicate: (usize, usize, bool)) -> bool {
    let (start, end, needs_organisation) = predicate;
    let subject = words.get(..start).unwrap_or_default();
    if cue_at(subject, Says::Subject).is_some() {
        return true;
    }
    let first = words.split(' ').next().unwrap_or_default();
    if start == 0 {
        // Arabic puts the verb first: `تقدم شركة ...`.
        return first.bytes().next().is_some_and(|b| !b.is_ascii()) && names_employer_first(sentence, words, end);
    }
    // An Arabic noun may open without capital letters.
    if !first.is_ascii() && is_organisation(first) {
        return true;
    }
    // Where all is in capitals, capitals make no name.
    let shouts = !sentence.contains(char::is_lowercase);
    let says_what = words.get(start..end).unwrap_or_default().split(' ').any(is_organisation);
    is_name(sentence, subject, needs_organisation || shouts && !says_what)
        && !(needs_organisation && names_person(subject))
}

/// `شركة`, `شركتنا` or a name in Latin letters right after an Arabic verb.
fn names_employer_first(sentence: &str, words: &str, end: usize) -> bool {
    let rest = words.get(end..).unwrap_or_default();
    let next = rest.split(' ').next().unwrap_or_default();
    let latin = || {
        let skipped = words.get(..end).unwrap_or_default().matches(' ').count();
        sentence.split_whitespace().nth(skipped).and_then(|w| w.chars().next()).is_some_and(|c| c.is_ascii_uppercase())
    };
    is_organisation(next) || cue_at(rest, Says::Subject).is_some() || latin()
}

/// Small words inside names.
const NAME_LINKS: &[&str] = &[
    "de", "del", "d", "of", "the", "la", "el", "les", "els", "los", "las", "y", "i", "and", "for", "&", "-", "per",
    "al",
];

/// Whether the words of `subject` (folded) open `sentence` as a capitalised name.
fn is_name(sentence: &str, subject: &str, needs_organisation: bool) -> bool {
    let mut left = subject.len();
    let mut organisation = false;
    let mut folded_token = String::new();
    for token in sentence.trim_start_matches("- ").split_whitespace() {
        if left == 0 {
            break;
        }
        fold_words(token, &mut folded_token);
        left = left.saturating_sub(if folded_token.is_empty() { 0 } else { folded_token.len() + 1 });
        let capital =
            token.chars().find(|c| c.is_alphanumeric()).is_some_and(|c| c.is_uppercase() || c.is_ascii_digit());
        let house = folded_token.split(' ').any(is_organisation);
        organisation |= house;
        if !capital && !house && !NAME_LINKS.contains(&token) {
            return false;
        }
    }
    organisation || !needs_organisation
}

fn names_person(subject: &str) -> bool {
    let last = subject.trim_end().rsplit(' ').next().unwrap_or_default();
    !is_organisation(last) && NO_EMPLOYER.iter().any(|end| last.ends_with(end))
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
    /// Whether the last span is one sentence that says nothing of its own kind.
    silent: bool,
}

/// Longest sentence, in bytes, that its neighbours may speak for.
const BETWEEN_BYTES: usize = 90;

impl Walker {
    /// From byte `start` on, the body is of `kind`. A silent sentence between two of one boilerplate kind is of that kind.
    fn mark(&mut self, start: usize, kind: SectionKind, silent: bool) {
        let is_between = self.silent
            && !kind.yields_skills()
            && matches!(self.spans.as_slice(), [.., (_, before), _] if is_one_matter(*before, kind));
        if is_between {
            self.spans.pop();
        }
        let is_new = self.spans.last().is_none_or(|(_, last)| *last != kind);
        if is_new {
            self.spans.push((start, kind));
        }
        self.silent = silent && is_new;
    }

    fn begin(&mut self, kind: SectionKind) {
        self.base = kind;
        self.lead = None;
        self.had_items = false;
    }
}

/// Benefits and terms of work stand together in lists.
fn is_one_matter(before: SectionKind, after: SectionKind) -> bool {
    let terms = |kind| matches!(kind, SectionKind::Benefits | SectionKind::Salary);
    before == after && before == SectionKind::Employer || terms(before) && terms(after)
}

/// Parts of `body`, in order, without gaps; empty for an empty body.
pub fn sections(body: &str) -> Vec<Section> {
    let mut walker =
        Walker { base: SectionKind::Other, lead: None, had_items: false, spans: Vec::new(), silent: false };
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
            walker.mark(line_start, kind, false);
            return;
        }
        Line::HeadingAndText(kind) => {
            walker.begin(kind);
            // Terms of work are told on one line; what follows is another matter.
            if kind == SectionKind::Salary {
                walker.begin(SectionKind::Other);
                if line.len() <= 140 {
                    walker.mark(line_start, kind, false);
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
        let sentence = line.get(start..end).unwrap_or_default();
        let (kind, silent) = sentence_kind(base, sentence, words);
        let from = if start == 0 { line_start } else { line_start + start };
        let may_follow = base == SectionKind::Other && sentence.len() <= BETWEEN_BYTES && !sentence.contains('?');
        walker.mark(from, kind, silent && may_follow);
        last = kind;
    }
    if !is_item {
        walker.lead = Some(last).filter(|kind| line.ends_with(':') && !kind.yields_skills());
    }
}

/// A boilerplate cue makes boilerplate of a sentence unless the sentence also asks for something or the heading does;
/// a cue of work rescues a sentence from under a heading about the employer. Also whether the sentence had no voice.
fn sentence_kind(base: SectionKind, sentence: &str, words: &mut String) -> (SectionKind, bool) {
    fold_words(sentence, words);
    words.push(' ');
    let mut voice = listen(words);
    if let Some(kind) = voice.opening.filter(|_| !voice.seeks) {
        return (kind, false);
    }
    if let Some(predicate) = voice.predicate.filter(|p| is_said_of_employer(sentence, words, *p)) {
        // The name may itself hold cues: `Engineering Ltd`.
        let rest = listen(words.get(predicate.1..).unwrap_or_default());
        if !rest.seeks && !speaks_to_reader(words) {
            let work = rest.work.filter(|_| sentence.len() > 220);
            voice = Voice { boilerplate: Some(SectionKind::Employer), work, ..rest };
        }
    }
    if voice.boilerplate == Some(SectionKind::Benefits) && opens_with_task(words) {
        voice.boilerplate = None;
    }
    (kind_by_voice(base, &voice, sentence.len(), words), voice.is_silent())
}

fn kind_by_voice(base: SectionKind, voice: &Voice, length: usize, words: &str) -> SectionKind {
    match (base, voice.boilerplate, voice.work) {
        // Terms of work are told in items and short lines; running text under them is another matter.
        (SectionKind::Salary, None, work) if length > 60 => work.unwrap_or(SectionKind::Other),
        (_, Some(kind @ SectionKind::Apply), Some(_)) if length <= 60 => kind,
        // An employer's praise and a notice use the nouns of duties too, as long as nothing is asked of the reader.
        (
            SectionKind::Other | SectionKind::Employer,
            Some(kind @ (SectionKind::Employer | SectionKind::Apply | SectionKind::Diversity)),
            Some(SectionKind::Duties),
        ) if length <= 220 => kind,
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

/// First words of tasks. A task may be done for the staff without being a benefit: `Provide courses for all staff`.
const TASKS: &[&str] = &[
    "provide",
    "deliver",
    "organise",
    "organize",
    "develop",
    "design",
    "coordinate",
    "manage",
    "create",
    "assist",
    "ensure",
    "facilitate",
    "conduct",
    "prepare",
    "promote",
    "maintain",
    "teach",
    "act",
    "undertake",
    "contribute",
    "participate",
    "carry",
    "make",
    "implement",
    "monitor",
    "review",
    "advise",
    "liaise",
    "oversee",
    "administer",
    "arrange",
    "attend",
    "responsible",
    "تقديم",
    "تنظيم",
    "اعداد",
    "تطوير",
    "المشاركه",
    "توفير",
];

/// Words by which Spanish and Catalan are told from English.
const ROMANCE_WORDS: &[&str] = &[" de ", " la ", " el ", " els ", " les ", " los ", " las ", " en ", " del "];

/// Whether a sentence opens with a verb of duty: an English imperative or gerund, a Spanish or Catalan infinitive.
fn opens_with_task(words: &str) -> bool {
    let first = words.split(' ').next().unwrap_or_default();
    let ending = |end: &str| first.len() >= 5 && first.ends_with(end);
    let english = TASKS.iter().any(|task| first == *task || first.strip_suffix('s') == Some(task));
    let gerund = ending("ing") && !matches!(first, "training" | "parking" | "housing" | "learning" | "nursing");
    let romance = ROMANCE_WORDS.iter().any(|word| words.contains(word));
    english || gerund || romance && (ending("ar") || ending("er") || ending("ir"))
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
                kind_of(&row[0]).is_some()
                    && (&row[2] == "heading" || says_of(&row[2], SectionKind::Other).is_some())
                    && !row[3].is_empty(),
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
