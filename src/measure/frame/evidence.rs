//! Sentences that show a skill in postings, chosen to come from many employers, boards and languages.

use crate::measure::count::frames::{collect, count_error, frame, pack, scan, unpack};
use crate::measure::count::mentions::Asked;
use crate::measure::count::window::Window;
use crate::measure::{MeasureError, MeasureInputs, MeasureSpec, NamedSkill, PORTFOLIO};
use crate::store::read_table;
use crate::types::{Evidence, Gap, Lane, ProgrammeFinding, QuotablePosting};
use polars::prelude::{
    Column, DataFrame, Engine, JoinArgs, JoinType, LazyFrame, NamedFrom, PolarsError, Series, col, lit,
};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Most characters of a quotation.
const MOST_CHARACTERS: usize = 200;

/// Postings of a skill among which is chosen; ids are hashes, so the first are as good as any.
const MOST_CANDIDATES: usize = 400;

/// Chooses mentions and cuts their sentences; sorted by skill and posting.
///
/// # Errors
/// When a table cannot be read.
pub fn evidence(
    inputs: &MeasureInputs,
    asked: &Asked,
    window: &Window,
    names: &[NamedSkill],
    programmes: &[ProgrammeFinding],
    gaps: &[Gap],
    spec: &MeasureSpec,
) -> Result<Vec<Evidence>, MeasureError> {
    let mut chosen: BTreeSet<u64> = BTreeSet::new();
    for skill in named_skills(programmes, gaps, spec).into_iter().filter_map(|id| asked.code(id)) {
        chosen.extend(choose(asked.pairs_of(skill), window, spec.evidence_per_skill));
    }
    if chosen.is_empty() {
        return Ok(Vec::new());
    }
    let wanted = wanted(&chosen, window).map_err(count_error(inputs.mentions))?;
    let columns = ["posting", "skill", "field", "start", "end", "label", "lane", "score", "verdict"].map(col);
    let mentions = scan(inputs.mentions)?.select(columns);
    let mentions = mentions.join(wanted, [col("posting")], [col("posting")], JoinArgs::new(JoinType::Semi));
    let spans = collect(mentions.filter(col("verdict").eq(lit("accepted"))), Engine::Streaming)
        .and_then(|table| best_spans(&table, &chosen, asked, window))
        .map_err(count_error(inputs.mentions))?;
    // Texts are read a batch at a time and dropped again; a frame of them would stay in memory as a whole.
    let mut quotes = Quotes { spans: &spans, window, names, seen: BTreeSet::new(), evidence: Vec::new() };
    for batch in read_table::<QuotablePosting>(inputs.postings)? {
        for posting in batch? {
            quotes.add(&posting);
        }
    }
    quotes.evidence.sort_by(|a, b| (&a.skill, &a.posting).cmp(&(&b.skill, &b.posting)));
    Ok(quotes.evidence)
}

/// Skills in a list, those a programme covers, and the first by rank in the portfolio.
fn named_skills<'a>(programmes: &'a [ProgrammeFinding], gaps: &'a [Gap], spec: &MeasureSpec) -> BTreeSet<&'a str> {
    let listed = programmes.iter().flat_map(|p| p.add.iter().chain(&p.strengthen).chain(&p.review));
    let limit = spec.evidence_skills as u64;
    let first =
        |g: &&Gap| g.programme == PORTFOLIO && (g.coverage > 0.0 || g.rank.is_none_or(|r| u64::from(r) <= limit));
    let ranked = gaps.iter().filter(first).map(|g| g.demand.skill.as_str());
    listed.map(String::as_str).chain(ranked).collect()
}

/// Up to `most` pairs, each time the posting whose employer, language and board were used least.
fn choose(pairs: &[u64], window: &Window, most: usize) -> Vec<u64> {
    let mut open: Vec<u64> = pairs.iter().take(MOST_CANDIDATES).copied().collect();
    let mut chosen: Vec<u64> = Vec::new();
    let row = |pair: u64| window.rows.get(unpack(pair).1 as usize);
    while chosen.len() < most && !open.is_empty() {
        let used = |pair: u64| {
            let rows = || chosen.iter().filter_map(|c| row(*c).zip(row(pair)));
            let employer = rows().filter(|(a, b)| a.employer == b.employer).count();
            let language = rows().filter(|(a, b)| a.language == b.language).count();
            (employer, language, rows().filter(|(a, b)| a.board == b.board).count())
        };
        let Some(next) = open.iter().enumerate().min_by_key(|(i, pair)| (used(**pair), *i)).map(|(i, _)| i) else {
            break;
        };
        chosen.push(open.remove(next));
    }
    chosen
}

fn wanted(chosen: &BTreeSet<u64>, window: &Window) -> Result<LazyFrame, PolarsError> {
    let rows: BTreeSet<u32> = chosen.iter().map(|pair| unpack(*pair).1).collect();
    let ids: Vec<&str> = rows.iter().filter_map(|r| window.ids.get(*r as usize)).map(String::as_str).collect();
    frame(vec![Column::from(Series::new("posting".into(), ids))])
}

/// A mention of a skill in a posting.
#[derive(Debug, Clone, PartialEq)]
struct Span {
    skill: u32,
    in_title: bool,
    start: u32,
    end: u32,
    label: String,
    lane: Lane,
    score: f32,
}

impl Span {
    /// Best first: surest, then in the body, then earliest.
    fn order(&self) -> (Reverse<u32>, bool, u32, u32, &str, Lane) {
        // Scores lie in 0..=1, where bits order as numbers do.
        (Reverse(self.score.max(0.0).to_bits()), self.in_title, self.start, self.end, &self.label, self.lane)
    }
}

/// The best mention of every chosen pair, by posting row.
fn best_spans(
    table: &DataFrame,
    chosen: &BTreeSet<u64>,
    asked: &Asked,
    window: &Window,
) -> Result<BTreeMap<u32, Vec<Span>>, PolarsError> {
    let text = |name: &str| table.column(name)?.str();
    let (posting, skill, field) = (text("posting")?, text("skill")?, text("field")?);
    let (label, lane) = (text("label")?, text("lane")?);
    let (start, end) = (table.column("start")?.u32()?, table.column("end")?.u32()?);
    let score = table.column("score")?.f32()?;
    let mut best: BTreeMap<u64, Span> = BTreeMap::new();
    for i in 0..table.height() {
        let row = posting.get(i).and_then(|id| window.row_of(id));
        let Some((row, skill)) = row.zip(skill.get(i).and_then(|id| asked.code(id))) else { continue };
        let pair = pack(skill, row);
        let Some(lane) = lane.get(i).and_then(lane_of).filter(|_| chosen.contains(&pair)) else { continue };
        let span = Span {
            skill,
            in_title: field.get(i) == Some("title"),
            start: start.get(i).unwrap_or_default(),
            end: end.get(i).unwrap_or_default(),
            label: label.get(i).unwrap_or_default().to_owned(),
            lane,
            score: score.get(i).unwrap_or_default(),
        };
        if best.get(&pair).is_none_or(|old| span.order() < old.order()) {
            best.insert(pair, span);
        }
    }
    let mut by_row: BTreeMap<u32, Vec<Span>> = BTreeMap::new();
    for (pair, span) in best {
        by_row.entry(unpack(pair).1).or_default().push(span);
    }
    Ok(by_row)
}

fn lane_of(name: &str) -> Option<Lane> {
    match name {
        "exact" => Some(Lane::Exact),
        "stem" => Some(Lane::Stem),
        "fuzzy" => Some(Lane::Fuzzy),
        "ranked" => Some(Lane::Ranked),
        _ => None,
    }
}

/// Sentences cut so far.
struct Quotes<'a> {
    spans: &'a BTreeMap<u32, Vec<Span>>,
    window: &'a Window,
    names: &'a [NamedSkill],
    seen: BTreeSet<u32>,
    evidence: Vec<Evidence>,
}

impl Quotes<'_> {
    /// Cuts the sentences of a posting; a span that does not fit its text gives none.
    fn add(&mut self, posting: &QuotablePosting) {
        let Some(row) = self.window.row_of(&posting.id.0).filter(|row| self.spans.contains_key(row)) else { return };
        if !self.seen.insert(row) {
            return;
        }
        for span in self.spans.get(&row).into_iter().flatten() {
            let source = if span.in_title { &posting.title } else { &posting.body };
            let cut = sentence(source, span.start as usize, span.end as usize);
            let Some(((sentence, start, end), name)) = cut.zip(self.names.get(span.skill as usize)) else { continue };
            self.evidence.push(Evidence {
                skill: name.id.clone(),
                posting: posting.id.clone(),
                board: posting.board.clone(),
                url: posting.url.clone(),
                title: posting.title.clone(),
                posted_on: posting.posted_on.clone(),
                language: posting.language,
                sentence,
                start,
                end,
                label: span.label.clone(),
                lane: span.lane,
                score: span.score,
            });
        }
    }
}

/// The sentence or line around a span, at most [`MOST_CHARACTERS`], with the span's offsets in it.
pub fn sentence(text: &str, start: usize, end: usize) -> Option<(String, u32, u32)> {
    let span = text.get(start..end).filter(|s| !s.is_empty())?;
    let before = text.get(..start)?;
    let after = text.get(end..)?;
    let head =
        before.get(sentence_start(before)..)?.trim_start_matches(|c: char| c.is_whitespace() || "-•*·".contains(c));
    let tail = after.get(..sentence_end(after))?.trim_end();
    let room = MOST_CHARACTERS.saturating_sub(span.chars().count());
    let (head_length, tail_length) = (head.chars().count(), tail.chars().count());
    let fits = span.chars().count() <= MOST_CHARACTERS;
    if fits && head_length + tail_length <= room {
        return Some(joined(head, span, tail));
    }
    // Two characters are kept for the ellipses; what one side does not use goes to the other.
    let room = room.saturating_sub(2);
    let tail_room = tail_length.min(room.saturating_sub(head_length.min(room / 2)));
    let head_room = room - tail_room;
    let kept: String = span.chars().take(MOST_CHARACTERS - 2).collect();
    let tail = if kept.len() < span.len() { "…".to_owned() } else { first_words(tail, tail_room) };
    Some(joined(&last_words(head, head_room), &kept, &tail))
}

fn joined(head: &str, span: &str, tail: &str) -> (String, u32, u32) {
    (format!("{head}{span}{tail}"), head.len() as u32, (head.len() + span.len()) as u32)
}

fn is_stop(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '؟' | '…')
}

/// Where the last sentence of a text starts.
fn sentence_start(text: &str) -> usize {
    let mut after = text.len();
    let mut next = None;
    for (i, c) in text.char_indices().rev() {
        let stops = c == '\n' || (is_stop(c) && next.is_some_and(char::is_whitespace));
        if stops {
            return after;
        }
        (next, after) = (Some(c), i);
    }
    0
}

/// Where the first sentence of a text ends, its stop included.
fn sentence_end(text: &str) -> usize {
    let mut stopped = None;
    for (i, c) in text.char_indices() {
        match stopped {
            _ if c == '\n' => return i,
            Some(end) if c.is_whitespace() => return end,
            _ => stopped = is_stop(c).then_some(i + c.len_utf8()),
        }
    }
    text.len()
}

/// The last characters of a text from the start of a word, after an ellipsis when something is left out.
fn last_words(text: &str, room: usize) -> String {
    let length = text.chars().count();
    if length <= room {
        return text.to_owned();
    }
    let kept: String = text.chars().skip(length - room).collect();
    let word = kept.find(char::is_whitespace).and_then(|i| kept.get(i..)).unwrap_or_default();
    format!("…{}", word.trim_start())
}

/// The first characters of a text up to the end of a word, with an ellipsis when something is left out.
fn first_words(text: &str, room: usize) -> String {
    if text.chars().count() <= room {
        return text.to_owned();
    }
    let kept: String = text.chars().take(room).collect();
    let word = kept.rfind(char::is_whitespace).and_then(|i| kept.get(..i)).unwrap_or_default();
    format!("{}…", word.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cut(text: &str, words: &str) -> String {
        let start = text.find(words).unwrap();
        let (sentence, from, to) = sentence(text, start, start + words.len()).unwrap();
        assert_eq!(&sentence[from as usize..to as usize], words);
        sentence
    }

    #[test]
    fn a_sentence_ends_at_its_stop_or_its_line_and_loses_its_bullet() {
        assert_eq!(cut("We are 3.5 years old. You use R v4.2 daily. Apply!", "R v4.2"), "You use R v4.2 daily.");
        assert_eq!(cut("Tasks:\n- Cuidar de niños\n- Limpiar", "niños"), "Cuidar de niños");
        assert_eq!(cut("هل تجيد التمريض؟ نحن بانتظارك.", "التمريض"), "هل تجيد التمريض؟");
        assert_eq!(cut("SQL", "SQL"), "SQL");
    }

    #[test]
    fn a_long_sentence_is_cut_at_words_on_both_sides_of_the_span() {
        let text = format!("{}Excel {}", "before ".repeat(60), "after ".repeat(60));
        let sentence = cut(&text, "Excel");
        assert!(sentence.starts_with("…before") && sentence.ends_with("after…"), "{sentence}");
        assert!((180..=200).contains(&sentence.chars().count()));
    }

    #[test]
    fn a_sentence_of_200_characters_is_kept_whole_and_one_of_201_is_not() {
        for (before, whole) in [(97, true), (98, false)] {
            let text = format!("{} SQL {}", "b".repeat(before), "a".repeat(98));
            let sentence = cut(&text, "SQL");
            assert_eq!(sentence == text, whole, "{sentence}");
            // The one word of either side does not fit beside the ellipses.
            assert!(whole || sentence == "…SQL…", "{sentence}");
        }
    }

    #[test]
    fn what_one_side_does_not_use_of_the_room_goes_to_the_other() {
        // 200 characters, two for ellipses: 10 + 5 + 183 of `after `, or 183 of `before ` + 5 + 10, down to whole words.
        let early = cut(&format!("Know very Excel {}", "after ".repeat(60)), "Excel");
        assert!(early.starts_with("Know very Excel after") && early.ends_with("after…"), "{early}");
        assert!((193..=200).contains(&early.chars().count()), "{}", early.chars().count());
        let late = cut(&format!("{}Excel very well", "before ".repeat(60)), "Excel");
        assert!(late.starts_with("…before") && late.ends_with("before Excel very well"), "{late}");
        assert!((192..=200).contains(&late.chars().count()), "{}", late.chars().count());
        let middle = cut(&format!("{}Excel {}", "before ".repeat(60), "after ".repeat(60)), "Excel");
        let (head, tail) = middle.split_once("Excel").unwrap();
        assert!(head.len().abs_diff(tail.len()) <= 12, "{middle}");
    }

    #[test]
    fn a_span_longer_than_a_quotation_is_cut_itself() {
        let span = "é".repeat(250);
        let text = format!("Know {span} well");
        let start = text.find('é').unwrap();
        let (sentence, from, to) = sentence(&text, start, start + span.len()).unwrap();
        assert_eq!(sentence.get(from as usize..to as usize).unwrap(), "é".repeat(198));
        assert!(sentence.ends_with('…') && sentence.chars().count() <= 200, "{sentence}");
        let (last, ..) = super::sentence(&span, 0, span.len()).unwrap();
        assert_eq!(last, format!("{}…", "é".repeat(198)));
        let whole = "é".repeat(200);
        assert_eq!(super::sentence(&whole, 0, whole.len()).unwrap(), (whole.clone(), 0, 400));
    }

    #[test]
    fn a_stop_ends_a_sentence_before_a_space_only_and_a_line_always_does() {
        assert_eq!(cut("Why? You write R. v2 of it", "write"), "You write R.");
        assert_eq!(cut("See a.b.c for SQL 2.0\nThen apply.", "SQL"), "See a.b.c for SQL 2.0");
        assert_eq!(cut("One.\n* You plan.\nTwo.", "plan"), "You plan.");
        assert_eq!(cut("Really… you plan… Then", "plan"), "you plan…");
        assert_eq!(sentence("text", 2, 2), None);
        assert_eq!(sentence("é", 0, 1), None);
    }

    proptest! {
        #[test]
        fn any_text_and_span_give_a_short_quotation_or_none(
            text in "[a-zéش .!?\n-]{0,500}", start in 0_usize..600, length in 0_usize..600
        ) {
            if let Some((sentence, from, to)) = sentence(&text, start, start + length) {
                prop_assert!(sentence.chars().count() <= MOST_CHARACTERS);
                prop_assert!(text[start..].starts_with(&sentence[from as usize..to as usize]));
            }
        }
    }
}
