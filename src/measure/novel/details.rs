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
    let mut parts = words.split(' ');
    let head = without_particle(parts.next().unwrap_or_default());
    let head = if opens { lowered(&head) } else { head };
    std::iter::once(head).chain(parts.map(str::to_owned)).collect::<Vec<_>>().join(" ")
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
