//! Mentions drawn at random for people to judge, and sentences that show a term.

use super::super::RunError;
use crate::measure::sentence;
use crate::store::{StoreError, TableReader, read_table};
use crate::types::{Field, Lang, Mention, MentionPair, QuotablePosting, Verdict};
use sha2::{Digest, Sha256};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A pair of posting and skill that the program counted, with the sentence that shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// The posting.
    pub posting: String,
    /// The skill.
    pub skill: String,
    /// Label met.
    pub label: String,
    /// Language of the posting.
    pub language: Lang,
    /// The words.
    pub words: String,
    /// The sentence around them.
    pub sentence: String,
}

/// Draws `most` counted pairs, as many from each language as there are, but for those that were judged. A pair's place in
/// the draw follows from the edition and its own name, so that every run of an edition draws the same.
///
/// # Errors
/// When a table cannot be read.
pub fn draw(
    (postings, mentions): (&Path, &Path),
    edition: &str,
    most: usize,
    judged: &BTreeSet<(String, String)>,
) -> Result<Vec<Drawn>, RunError> {
    let mut drawn: BTreeMap<Lang, BTreeMap<[u8; 16], Drawn>> = BTreeMap::new();
    visit(postings, mentions, |posting, found| {
        for mention in pairs(found) {
            let pair = (posting.id.0.clone(), mention.skill.0.clone());
            let place = place(edition, &pair);
            let own = drawn.entry(posting.language).or_default();
            let is_late = own.len() >= most && own.last_key_value().is_some_and(|(last, _)| *last < place);
            if is_late || judged.contains(&pair) {
                continue;
            }
            let Some(quoted) = quoted(posting, mention) else { continue };
            own.insert(place, quoted);
            if own.len() > most {
                own.pop_last();
            }
        }
    })?;
    Ok(in_turn(drawn, most))
}

/// One from each language after another until there are enough; then by language.
fn in_turn(drawn: BTreeMap<Lang, BTreeMap<[u8; 16], Drawn>>, most: usize) -> Vec<Drawn> {
    let mut lists: Vec<_> = drawn.into_values().map(BTreeMap::into_values).collect();
    let mut chosen = Vec::new();
    while chosen.len() < most {
        let before = chosen.len();
        for list in &mut lists {
            chosen.extend(list.next().filter(|_| chosen.len() < most));
        }
        if chosen.len() == before {
            break;
        }
    }
    chosen.sort_by(|a: &Drawn, b| (a.language, &a.posting, &a.skill).cmp(&(b.language, &b.posting, &b.skill)));
    chosen
}

fn place(edition: &str, (posting, skill): &(String, String)) -> [u8; 16] {
    let hash = Sha256::digest(format!("{edition}\0{posting}\0{skill}").as_bytes());
    let mut place = [0; 16];
    place.iter_mut().zip(hash.iter()).for_each(|(to, from)| *to = *from);
    place
}

/// The surest accepted mention of each skill.
fn pairs(found: &[Mention]) -> impl Iterator<Item = &Mention> {
    let mut best: BTreeMap<&str, &Mention> = BTreeMap::new();
    for mention in found.iter().filter(|m| m.verdict == Verdict::Accepted) {
        let slot = best.entry(mention.skill.0.as_str()).or_insert(mention);
        let surer = mention.score.get().total_cmp(&slot.score.get());
        if surer == Ordering::Greater {
            *slot = mention;
        }
    }
    best.into_values()
}

fn quoted(posting: &QuotablePosting, mention: &Mention) -> Option<Drawn> {
    let text = if mention.field == Field::Title { &posting.title } else { &posting.body };
    let (sentence, from, to) = sentence(text, mention.start as usize, mention.end as usize)?;
    Some(Drawn {
        posting: posting.id.0.clone(),
        skill: mention.skill.0.clone(),
        label: mention.label.clone(),
        language: posting.language,
        words: sentence.get(from as usize..to as usize)?.to_owned(),
        sentence,
    })
}

/// Postings in which skills were recognised by one of these names, with a few of the sentences.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Seen {
    /// Postings.
    pub posting_count: u64,
    /// Sentences, at most three.
    pub sentences: Vec<String>,
}

/// Most sentences of a term.
const SENTENCES: usize = 3;

/// Where terms were seen, by skill and folded name.
///
/// # Errors
/// When a table cannot be read.
pub fn seen(
    (postings, mentions): (&Path, &Path),
    terms: &BTreeSet<(String, String)>,
) -> Result<BTreeMap<(String, String), Seen>, RunError> {
    let mut seen: BTreeMap<(String, String), Seen> = BTreeMap::new();
    visit(postings, mentions, |posting, found| {
        let mut met = BTreeSet::new();
        for mention in found.iter().filter(|m| m.verdict == Verdict::Accepted) {
            let term = (mention.skill.0.clone(), super::term_key(&mention.label));
            if !terms.contains(&term) || !met.insert(term.clone()) {
                continue;
            }
            let slot = seen.entry(term).or_default();
            slot.posting_count += 1;
            if let Some(quoted) = quoted(posting, mention)
                && slot.sentences.len() < SENTENCES
                && !slot.sentences.contains(&quoted.sentence)
            {
                slot.sentences.push(quoted.sentence);
            }
        }
    })?;
    Ok(seen)
}

/// Gives every posting with its mentions, which were written in the order of the postings.
fn visit(
    postings: &Path,
    mentions: &Path,
    mut each: impl FnMut(&QuotablePosting, &[Mention]),
) -> Result<(), StoreError> {
    let mut reader: TableReader<Mention> = read_table(mentions)?;
    let mut batch = Vec::new().into_iter().peekable();
    let mut own = Vec::new();
    for postings in read_table::<QuotablePosting>(postings)? {
        for posting in postings? {
            own.clear();
            loop {
                if batch.peek().is_none() {
                    match reader.next() {
                        Some(next) => batch = next?.into_iter().peekable(),
                        None => break,
                    }
                    continue;
                }
                let Some(mention) = batch.next_if(|m: &Mention| m.posting == posting.id) else { break };
                own.push(mention);
            }
            each(&posting, &own);
        }
    }
    Ok(())
}

/// Pairs of posting and skill that the program counts now, among these postings.
///
/// # Errors
/// When the table cannot be read.
pub fn counted(mentions: &Path, postings: &BTreeSet<&str>) -> Result<BTreeSet<(String, String)>, StoreError> {
    let mut counted = BTreeSet::new();
    for batch in read_table::<MentionPair>(mentions)? {
        let own = batch?.into_iter().filter(|m| m.verdict == Verdict::Accepted);
        counted.extend(own.filter(|m| postings.contains(m.posting.0.as_str())).map(|m| (m.posting.0, m.skill.0)));
    }
    Ok(counted)
}
