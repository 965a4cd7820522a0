//! What is published of a term: postings, employers, both halves of the window, sentences.

use super::phrases::{Candidate, Writing};
use crate::measure::count::intervals::{Asking, Clusters, estimate, log_ratio};
use crate::measure::count::panel::Panel;
use crate::measure::count::window::Window;
use crate::measure::frame::evidence::sentence;
use crate::types::{TermContext, TermPosting};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Fewest postings with a term, both halves together, for a growth figure; as for skills.
const LEAST_ASKING: u64 = 10;

/// Fewest postings of a board for its own text to be told.
const LEAST_OF_BOARD: u32 = 50;
/// Postings of a board, in a hundred, from which a phrase belongs to the board's own text.
const BOARD_TEXT_PER_100: u64 = 33;

/// Letters of a word that is hardly a short form any more.
const LEAST_SHOUTED: usize = 6;

/// Postings of an employer: earlier half, later half, whole window.
type Parts = [u32; 3];
const WHOLE: usize = 2;

/// A term's postings.
#[derive(Debug, Default)]
pub struct Detail {
    /// Known employers.
    known: FxHashMap<u32, Parts>,
    /// Postings of unknown employers; each stands for itself.
    unknown: Parts,
    /// Postings by board.
    boards: FxHashMap<u32, u32>,
    /// Postings that write it in small letters, and as a name.
    writings: [u64; 2],
    /// (employer, words as written, sentence).
    pub contexts: Vec<(u32, String, TermContext)>,
}

/// Postings of a language.
#[derive(Debug, Default)]
pub struct Base {
    by_employer: FxHashMap<u32, Parts>,
    by_board: FxHashMap<u32, u32>,
    totals: [u64; 3],
}

/// Growth between the halves.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Growth {
    /// (postings with the term, postings), earlier half.
    pub first: (u64, u64),
    /// The same in the later half.
    pub last: (u64, u64),
    /// `ln(p1 / p0)`, lower and upper end.
    pub figures: Option<(f64, f64, f64)>,
}

/// Parts of the window a posting counts in.
fn parts(row: u32, window: &Window, panel: &Panel) -> Parts {
    let period = window.rows.get(row as usize).and_then(|r| r.period).filter(|_| panel.holds(row));
    let half = |later: bool| u32::from(period.is_some_and(|p| panel.is_later(p) == later));
    [half(false), half(true), 1]
}

fn add(to: &mut Parts, more: Parts) {
    to.iter_mut().zip(more).for_each(|(t, m)| *t += m);
}

fn employer(row: u32, window: &Window) -> u32 {
    window.rows.get(row as usize).map_or(u32::MAX, |r| r.employer)
}

fn board(row: u32, window: &Window) -> u32 {
    window.rows.get(row as usize).map_or(u32::MAX, |r| r.board)
}

impl Base {
    /// Counts a posting of the language.
    pub fn add(&mut self, row: u32, window: &Window, panel: &Panel) {
        let own = parts(row, window, panel);
        self.totals.iter_mut().zip(own).for_each(|(t, p)| *t += u64::from(p));
        add(self.by_employer.entry(employer(row, window)).or_default(), own);
        *self.by_board.entry(board(row, window)).or_default() += 1;
    }

    /// Postings.
    pub fn count(&self) -> u64 {
        self.totals[WHOLE]
    }

    fn clusters(&self, half: usize) -> Clusters {
        let sizes = self.by_employer.values().filter_map(|p| p.get(half)).filter(|n| **n > 0).map(|n| u64::from(*n));
        Clusters::of(sizes)
    }

    /// Both halves, to be reckoned once per language.
    pub fn halves(&self) -> [Clusters; 2] {
        [self.clusters(0), self.clusters(1)]
    }
}

impl Detail {
    /// Counts a posting with the term, and keeps its sentence while there is room; other employers' come first.
    pub fn add(&mut self, row: u32, at: &Candidate, posting: &TermPosting, scene: (&Window, &Panel), most: usize) {
        let (window, panel) = scene;
        let own = parts(row, window, panel);
        let employer = employer(row, window);
        if window.is_known(employer) {
            add(self.known.entry(employer).or_default(), own);
        } else {
            add(&mut self.unknown, own);
        }
        *self.boards.entry(board(row, window)).or_default() += 1;
        match at.writing {
            Writing::Plain => self.writings[0] += 1,
            Writing::Name => self.writings[1] += 1,
            Writing::Untold => {}
        }
        let repeated = |c: &[(u32, String, TermContext)]| {
            c.iter().position(|(e, ..)| c.iter().filter(|(other, ..)| other == e).count() > 1)
        };
        let is_new = !self.contexts.iter().any(|(e, ..)| *e == employer);
        let full = self.contexts.len() >= most;
        let place = if full && is_new { repeated(&self.contexts) } else { None };
        if full && place.is_none() {
            return;
        }
        let Some((sentence, start, end)) = sentence(&posting.body, at.start as usize, at.end as usize) else { return };
        let words = posting.body.get(at.start as usize..at.end as usize).unwrap_or_default();
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let context = TermContext { posting: posting.id.clone(), sentence, start, end };
        if let Some(place) = place {
            self.contexts.remove(place);
        }
        self.contexts.push((employer, words, context));
    }

    fn total(&self, part: usize) -> u64 {
        let known: u64 = self.known.values().filter_map(|p| p.get(part)).map(|n| u64::from(*n)).sum();
        known + u64::from(self.unknown.get(part).copied().unwrap_or_default())
    }

    /// Postings.
    pub fn count(&self) -> u64 {
        self.total(WHOLE)
    }

    /// Known employers.
    pub fn employer_count(&self) -> u64 {
        self.known.len() as u64
    }

    /// Whether most postings name no employer, so that their number says nothing.
    pub fn is_mostly_unknown(&self) -> bool {
        u64::from(self.unknown[WHOLE]) * 2 > self.count()
    }

    /// Whether it is written as a name nearly always.
    pub fn is_name(&self) -> bool {
        let [plain, name] = self.writings;
        name > 0 && plain * 9 <= name
    }

    /// Whether nobody writes it in small letters, as names and texts of capitals have it.
    pub fn is_never_plain(&self) -> bool {
        self.writings[0] == 0
    }

    /// Whether it stands in so many postings of a board that it belongs to the board's own text.
    pub fn is_of_a_board(&self, base: &Base) -> bool {
        self.boards.iter().any(|(board, count)| {
            let all = base.by_board.get(board).copied().unwrap_or_default();
            all >= LEAST_OF_BOARD && u64::from(*count) * 100 >= u64::from(all) * BOARD_TEXT_PER_100
        })
    }

    /// Effective employers / postings: `n^2 / sum n_g^2 / n` (inverse Simpson).
    pub fn spread(&self) -> f64 {
        let squares: u64 = self.known.values().map(|p| u64::from(p[WHOLE]).pow(2)).sum();
        let all = squares + u64::from(self.unknown[WHOLE]);
        if all == 0 { 0.0 } else { self.count() as f64 / all as f64 }
    }

    /// Growth of the share of the language's postings, by the same reckoning as a skill's.
    pub fn growth(&self, base: &Base, clusters: [Clusters; 2]) -> Growth {
        let asking = |half: usize| {
            let mut asking = Asking::default();
            for (employer, own) in &self.known {
                let n = base.by_employer.get(employer).and_then(|p| p.get(half)).copied().unwrap_or_default();
                let x = u64::from(own.get(half).copied().unwrap_or_default());
                asking.add(x, u64::from(n));
            }
            // An unknown employer is a cluster of one posting.
            let alone = u64::from(self.unknown.get(half).copied().unwrap_or_default());
            (0..alone).for_each(|_| asking.add(1, 1));
            asking
        };
        let part = |half: usize| {
            let (asking, cell) = (asking(half), clusters.get(half).copied().unwrap_or_default());
            (asking.count, cell.base, estimate(asking, cell, None).effective_n)
        };
        let (first, last) = (part(0), part(1));
        let told = first.0 + last.0 >= LEAST_ASKING && first.1 > 0 && last.1 > 0;
        let figures = told.then(|| log_ratio(last, first, 0.0));
        Growth { first: (first.0, first.1), last: (last.0, last.1), figures }
    }

    /// The words as most sentences have them; small letters unless all write a capital inside a sentence.
    pub fn surface(&self) -> String {
        let mut votes: BTreeMap<String, usize> = BTreeMap::new();
        for (_, words, context) in &self.contexts {
            *votes.entry(shown(words, context.start == 0)).or_default() += 1;
        }
        let best = votes.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)));
        best.map(|(words, _)| words).unwrap_or_default()
    }
}

/// Without the capital of a sentence's first word; a word with more than one capital, or a digit, is a name.
fn shown(words: &str, opens: bool) -> String {
    let lowered = |word: &str| {
        let name = word.chars().skip(1).any(|c| c.is_uppercase() || c.is_ascii_digit());
        if name { word.to_owned() } else { word.to_lowercase() }
    };
    if is_shouted(words) {
        return words.to_lowercase();
    }
    let mut parts = words.split(' ');
    let head = without_particle(parts.next().unwrap_or_default());
    let head = if opens { lowered(&head) } else { head };
    std::iter::once(head).chain(parts.map(str::to_owned)).collect::<Vec<_>>().join(" ")
}

/// Whether several words stand in capitals because their text does, and not as short forms do (MIG MAG).
fn is_shouted(words: &str) -> bool {
    let is_long = |word: &str| word.chars().filter(|c| c.is_uppercase()).count() >= LEAST_SHOUTED;
    words.contains(' ') && !words.chars().any(char::is_lowercase) && words.split(' ').any(is_long)
}

/// An Arabic word without what is written together with it: والتسويق, للتسويق -> التسويق. A term never begins with و
/// unless the word itself does, which `term_words.csv` lists.
fn without_particle(word: &str) -> String {
    if let Some(rest) = word.strip_prefix("لل").filter(|r| r.chars().count() >= 3) {
        return format!("ال{rest}");
    }
    let definite = ["وال", "فال", "بال", "كال"].iter().any(|p| word.starts_with(p));
    let bare = word.strip_prefix(['و', 'ف', 'ب', 'ك']).filter(|_| definite);
    bare.unwrap_or(word).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::count::window::Row;
    use crate::types::{Lang, PostingId};

    /// A window of two periods of rows as (employer, board, later); employers from `known` on are unknown.
    fn window(rows: &[(u32, u32, bool)], known: u32) -> Window {
        let row = |(employer, board, later): &(u32, u32, bool)| Row {
            area: None,
            period: Some(u32::from(*later)),
            group: 0,
            employer: *employer,
            occupation: None,
            board: *board,
            language: Lang::En,
            sector: None,
        };
        Window {
            seen_on: (0..).zip(rows).map(|(at, (_, board, _))| (at, *board)).collect(),
            rows: rows.iter().map(row).collect(),
            employer_count: known,
            periods: vec!["2025-Q1".into(), "2025-Q2".into()],
            ..Window::default()
        }
    }

    const BODY: &str = "You align gyrostats.";

    fn posting(body: &str) -> TermPosting {
        TermPosting { id: PostingId("p".into()), body: body.to_owned(), employer: None, sections: vec![] }
    }

    fn candidate((start, end): (u32, u32), writing: Writing) -> Candidate {
        Candidate { phrase: 1, left: 0, right: 0, length: 1, language: 0, start, end, writing }
    }

    /// Counts the rows with the term; the base has all.
    fn counted(window: &Window, with_term: &[u32], most: usize) -> (Detail, Base) {
        let panel = Panel::new(window);
        let (mut detail, mut base) = (Detail::default(), Base::default());
        (0..window.rows.len() as u32).for_each(|row| base.add(row, window, &panel));
        for row in with_term {
            detail.add(*row, &candidate((10, 19), Writing::Plain), &posting(BODY), (window, &panel), most);
        }
        (detail, base)
    }

    #[test]
    fn sentences_are_kept_of_different_employers_first() {
        let employers = |rows: &[u32], most: usize| {
            let rows: Vec<(u32, u32, bool)> = rows.iter().map(|e| (*e, 0, false)).collect();
            let window = window(&rows, 9);
            let all: Vec<u32> = (0..rows.len() as u32).collect();
            counted(&window, &all, most).0.contexts.iter().map(|c| c.0).collect::<Vec<_>>()
        };
        assert_eq!(employers(&[0, 0, 1], 3), [0, 0, 1]);
        assert_eq!(employers(&[0, 0, 1, 1, 2], 2), [0, 1]);
        assert_eq!(employers(&[0, 1, 1, 2, 0], 3), [0, 1, 2]);
        assert_eq!(employers(&[0, 0, 0, 0], 2), [0, 0]);
    }

    #[test]
    fn most_are_unknown_when_more_than_half_are() {
        let mostly = |known: usize, unknown: usize| {
            let rows: Vec<(u32, u32, bool)> =
                (0..known + unknown).map(|i| (if i < known { i as u32 } else { 100 + i as u32 }, 0, false)).collect();
            let all: Vec<u32> = (0..rows.len() as u32).collect();
            let (detail, _) = counted(&window(&rows, 100), &all, 1);
            assert_eq!((detail.employer_count(), detail.count()), (known as u64, (known + unknown) as u64));
            detail.is_mostly_unknown()
        };
        assert_eq!([mostly(2, 2), mostly(2, 3), mostly(3, 2), mostly(0, 1)], [false, true, false, true]);
    }

    #[test]
    fn a_name_is_written_as_one_nine_times_in_ten() {
        let window = window(&[(0, 0, false)], 1);
        let panel = Panel::new(&window);
        let is_name = |plain: usize, name: usize, untold: usize| {
            let mut detail = Detail::default();
            for (writing, times) in [(Writing::Plain, plain), (Writing::Name, name), (Writing::Untold, untold)] {
                (0..times)
                    .for_each(|_| detail.add(0, &candidate((10, 19), writing), &posting(BODY), (&window, &panel), 1));
            }
            detail.is_name()
        };
        assert!(is_name(1, 9, 0) && is_name(0, 1, 5) && is_name(2, 18, 0));
        assert!(!is_name(1, 8, 0) && !is_name(0, 0, 9) && !is_name(2, 17, 0));
    }

    #[test]
    fn a_phrase_in_a_third_of_a_large_boards_postings_is_the_boards_own() {
        let own = |board: u32, all: usize, with_term: usize| {
            // A large board beside it, where nothing holds the phrase.
            let rows: Vec<(u32, u32, bool)> =
                (0..all + 200).map(|i| (i as u32, if i < all { board } else { 7 }, false)).collect();
            let term: Vec<u32> = (0..with_term as u32).collect();
            let (detail, base) = counted(&window(&rows, 999), &term, 1);
            detail.is_of_a_board(&base)
        };
        assert_eq!([own(0, 100, 33), own(0, 100, 32), own(3, 100, 33)], [true, false, true]);
        assert_eq!([own(0, 50, 17), own(0, 49, 49)], [true, false]);
    }

    #[test]
    fn growth_is_told_from_ten_postings_where_both_halves_have_any_and_rests_on_the_employers_of_each() {
        let growth = |first: usize, last: usize, bases: (usize, usize)| {
            let rows: Vec<(u32, u32, bool)> = (0..bases.0 + bases.1).map(|i| (i as u32, 0, i >= bases.0)).collect();
            let term: Vec<u32> = (0..first as u32).chain((0..last as u32).map(|i| bases.0 as u32 + i)).collect();
            let (detail, base) = counted(&window(&rows, 999), &term, 1);
            assert_eq!(base.halves().map(|h| (h.base, h.count)), [bases.0, bases.1].map(|n| (n as u64, n as u64)));
            detail.growth(&base, base.halves())
        };
        let told = growth(4, 6, (40, 40));
        assert_eq!((told.first, told.last), ((4, 40), (6, 40)));
        assert!((told.figures.unwrap().0 - (6.5_f64 / 4.5).ln()).abs() < 1e-12);
        assert_eq!([growth(4, 5, (40, 40)).figures, growth(9, 0, (40, 40)).figures], [None; 2]);
        assert!(growth(0, 10, (40, 40)).figures.is_some());
        // No board is in both halves.
        let one_sided = growth_of_one_half();
        assert_eq!((one_sided.first, one_sided.last, one_sided.figures), ((0, 0), (0, 0), None));
    }

    fn growth_of_one_half() -> Growth {
        let rows: Vec<(u32, u32, bool)> = (0..60).map(|i| (i, u32::from(i >= 30), i >= 30)).collect();
        let (detail, base) = counted(&window(&rows, 999), &(0..60).collect::<Vec<_>>(), 1);
        detail.growth(&base, base.halves())
    }

    #[test]
    fn growth_is_not_told_of_a_language_that_one_half_has_no_posting_of() {
        let rows: Vec<(u32, u32, bool)> = (0..80).map(|i| (i, 0, i >= 40)).collect();
        let window = window(&rows, 999);
        let panel = Panel::new(&window);
        for half in [0..40, 40..80] {
            let (mut detail, mut base) = (Detail::default(), Base::default());
            for row in half {
                base.add(row, &window, &panel);
                detail.add(row, &candidate((10, 19), Writing::Plain), &posting(BODY), (&window, &panel), 1);
            }
            let found = detail.growth(&base, base.halves());
            assert_eq!((found.first.0 + found.last.0, found.figures), (40, None));
        }
    }

    #[test]
    fn the_words_shown_are_those_of_most_sentences_without_the_capital_of_the_first() {
        let surface = |sentences: &[(&str, u32)]| {
            let mut detail = Detail::default();
            for (words, start) in sentences {
                let context =
                    TermContext { posting: PostingId("p".into()), sentence: String::new(), start: *start, end: 0 };
                detail.contexts.push((0, (*words).to_owned(), context));
            }
            detail.surface()
        };
        assert_eq!(surface(&[("beta tools", 4), ("alpha tools", 4), ("beta tools", 4)]), "beta tools");
        assert_eq!(
            surface(&[("Zeolite gyrostats", 0), ("Zeolite Gyrostats", 4), ("zeolite gyrostats", 4)]),
            "zeolite gyrostats"
        );
        assert_eq!(surface(&[("Zeolite gyrostats", 4)]), "Zeolite gyrostats");
        assert_eq!([surface(&[("GaN devices", 0)]), surface(&[("H2 storage", 0)])], ["GaN devices", "H2 storage"]);
        assert_eq!([surface(&[("والتسويق", 4)]), surface(&[("للتسويق", 4)])], ["التسويق"; 2]);
        assert_eq!(surface(&[("وثائق", 4)]), "وثائق");
        let shouted = ["ABASTECIMIENTO DE MATERIAS PRIMAS", "MIG MAG", "CAMHS"].map(|words| surface(&[(words, 4)]));
        assert_eq!(shouted, ["abastecimiento de materias primas", "MIG MAG", "CAMHS"]);
    }
}
