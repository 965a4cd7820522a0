//! Which part of a posting talks about the work, and which is boilerplate. Headings rule until the next heading; single
//! sentences can speak for themselves. The cues are data: `data/reference/section_cues.csv`.

use super::cues::COMPILED;
use super::fold::fold_words;
use super::sentences::sentences;
use super::voice::{Voice, is_said_of_employer, listen, opens_with_task, speaks_to_reader, wants_somebody};
use crate::types::{Lang, Section, SectionKind};

/// Words that a heading may have at most.
const HEADING_WORDS: usize = 9;
/// Bytes that a heading may have at most.
const HEADING_BYTES: usize = 160;

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
        .next_back();
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
    if let Some(kind) = voice.opening.filter(|_| !wants_somebody(words)) {
        return (kind, false);
    }
    if let Some(predicate) = voice.predicate.filter(|p| is_said_of_employer(sentence, words, *p)) {
        // The name may itself hold cues: `Engineering Ltd`.
        let rest = listen(words.get(predicate.1..).unwrap_or_default());
        if !wants_somebody(words) && !speaks_to_reader(words) {
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

fn to_sections(spans: &[(usize, SectionKind)], length: usize) -> Vec<Section> {
    let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let ends = spans.iter().skip(1).map(|(start, _)| *start).chain([length]);
    let mut out: Vec<Section> = Vec::with_capacity(spans.len());
    for ((start, kind), end) in spans.iter().zip(ends) {
        let start = if out.is_empty() { 0 } else { *start };
        if start < end {
            let (start, end) = (narrow(start), narrow(end));
            out.push(Section { kind: *kind, start, end, language: Lang::Und });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::cues::{CUES, kind_of, says_of};
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
    fn an_employer_is_known_by_what_is_said_of_it_and_the_same_words_about_the_work_stay() {
        for sentence in [
            "Rowan Clinics runs care homes and first aid courses.",
            "Our company sells accounting software to shops.",
            "Acme is a fast growing marketing group.",
            "Talleres Pinar ofrece soldadura y fontanería.",
            "La nostra empresa fa formació en primers auxilis.",
            "FUNDACIÓ ROURE ÉS UNA ENTITAT DEDICADA A L'EDUCACIÓ.",
            "تقدم شركة الأرز خدمات المحاسبة.",
        ] {
            assert_eq!(kind_holding(sentence, sentence), SectionKind::Employer, "{sentence}");
        }
        for sentence in [
            "The Hospital Pharmacist provides clinical leadership.",
            "Acme is a marketing group looking for a welder.",
            "Empresa dedicada a la carpintería necesita un soldador.",
            "This is one of the broadest roles in data science.",
            "تبحث شركة الأرز عن محاسب.",
        ] {
            assert!(kind_holding(sentence, sentence).yields_skills(), "{sentence}");
        }
    }

    #[test]
    fn perks_documents_and_privacy_yield_no_skills_but_tasks_of_the_same_words_do() {
        for sentence in [
            "Paid training in first aid.",
            "Ayuda para sacarse el carné de conducir.",
            "Formació en idiomes cada any.",
            "دروس لغة فرنسية مجانية.",
            "Adjunta copia del carné de conducir.",
            "Your data will be kept under the data protection law.",
        ] {
            assert!(!kind_holding(sentence, sentence).yields_skills(), "{sentence}");
        }
        for sentence in ["- Data protection", "Deliver language courses for our staff.", "- Protección de datos"] {
            assert!(kind_holding(sentence, sentence).yields_skills(), "{sentence}");
        }
    }

    #[test]
    fn a_line_between_two_perks_is_a_perk() {
        let body = "- Private health insurance\n- English twice a week\n- Free parking\n- SQL";
        assert_eq!(kind_holding(body, "English"), SectionKind::Benefits);
        assert_eq!(kind_holding(body, "SQL"), SectionKind::Other);
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
