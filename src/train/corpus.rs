//! What is learned from: texts that name a concept, cut into words once.

use crate::lexicon::query;
use crate::lexicon::vectors::words;
use crate::types::Lang;
use rustc_hash::FxHashMap;

/// Words of a text at most.
const WORD_LIMIT: usize = 64;

/// How a text is varied while learning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// A name: words are left out at random.
    Name,
    /// A description: some of its words in a row.
    Description,
    /// A phrase as people write it: whole, words left out at random.
    Phrase,
}

/// A text of a concept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text {
    pub(crate) class: u32,
    pub(crate) kind: Kind,
    from: u32,
    to: u32,
}

/// Texts with their words.
#[derive(Debug, Default)]
pub(crate) struct Corpus {
    pub(crate) stems: Vec<String>,
    stem_ids: FxHashMap<String, u32>,
    /// Texts a stem stands in.
    pub(crate) stem_counts: Vec<u32>,
    form_ids: FxHashMap<(String, Lang), u32>,
    /// Stem of each form, and where its buckets lie.
    pub(crate) form_stems: Vec<u32>,
    bucket_starts: Vec<u32>,
    buckets: Vec<u32>,
    pub(crate) bucket_count: u32,
    words: Vec<u32>,
    pub(crate) texts: Vec<Text>,
    pub(crate) class_count: u32,
}

impl Corpus {
    pub(crate) fn new(bucket_count: u32) -> Self {
        Self { bucket_count, bucket_starts: vec![0], ..Self::default() }
    }

    /// Adds a text of a class; function words are left out.
    pub(crate) fn add(&mut self, class: u32, text: &str, lang: Lang, kind: Kind) {
        let from = self.words.len() as u32;
        let forms: Vec<String> = words::forms(text).take(WORD_LIMIT).collect();
        let all_stops = forms.iter().all(|f| query::is_stop(f, lang));
        for form in forms {
            if all_stops || !query::is_stop(&form, lang) {
                let id = self.form(form, lang);
                self.words.push(id);
            }
        }
        let to = self.words.len() as u32;
        if to > from {
            self.texts.push(Text { class, kind, from, to });
            self.class_count = self.class_count.max(class + 1);
            for at in from..to {
                let stem = self.form_stems[self.words[at as usize] as usize];
                self.stem_counts[stem as usize] += 1;
            }
        }
    }

    fn form(&mut self, form: String, lang: Lang) -> u32 {
        if let Some(&id) = self.form_ids.get(&(form.clone(), lang)) {
            return id;
        }
        let key = words::key(&form, lang);
        let next = self.stems.len() as u32;
        let stem = *self.stem_ids.entry(key.clone()).or_insert(next);
        if stem == next {
            self.stems.push(key);
            self.stem_counts.push(0);
        }
        let id = self.form_stems.len() as u32;
        self.form_stems.push(stem);
        let buckets = &mut self.buckets;
        words::buckets(&form, self.bucket_count, |bucket| buckets.push(bucket));
        self.bucket_starts.push(self.buckets.len() as u32);
        self.form_ids.insert((form, lang), id);
        id
    }

    pub(crate) fn words(&self, text: &Text) -> &[u32] {
        self.words.get(text.from as usize..text.to as usize).unwrap_or_default()
    }

    pub(crate) fn buckets(&self, form: u32) -> &[u32] {
        let at = |form: u32| self.bucket_starts.get(form as usize).map_or(0, |at| *at as usize);
        self.buckets.get(at(form)..at(form + 1)).unwrap_or_default()
    }
}
