//! Which of our fields a column is: by its name in the languages people head their columns in, confirmed by what it
//! holds. Pure; a guess says how sure it is, and what it did not believe.

use super::looks::{Looks, looks};
use super::mapping::{CREDENTIAL, FieldSet, JOIN_KEY, POSTING};
use super::sample::SampledColumn;
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

const NAMES: &str = include_str!("../../data/reference/header_names.csv");
/// Likeness of name times fit of values from which a column is taken.
const TAKEN: f64 = 0.5;
/// The same, from which nobody needs to look.
const SURE: f64 = 0.8;
/// Characters on average that make an unnamed column a body.
const BODY_CHARS: f64 = 120.0;

/// Where one of our fields seems to be.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldGuess {
    /// Our name.
    pub field: String,
    /// Its columns; several are joined.
    pub columns: Vec<String>,
    /// Whether both name and values speak for it.
    pub sure: bool,
    /// Why it is not sure.
    pub why: Option<String>,
}

/// What the columns of a table seem to be.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Guess {
    /// Fields found, in our order.
    pub fields: Vec<FieldGuess>,
    /// Required fields that no column gives.
    pub missing: Vec<String>,
    /// Columns that are read as nothing.
    pub unmapped: Vec<String>,
    /// Columns whose name says one thing and whose values another.
    pub disbelieved: Vec<String>,
    /// Sum of what speaks for this kind of record.
    pub score: f64,
}

impl Guess {
    /// The guess of a field.
    pub fn field(&self, name: &str) -> Option<&FieldGuess> {
        self.fields.iter().find(|f| f.field == name)
    }

    /// Whether some column gives every required field.
    pub fn is_complete(&self) -> bool {
        self.missing.is_empty()
    }
}

/// A field, or a part of it, with the names it goes by.
struct Named {
    record: &'static str,
    field: &'static str,
    part: &'static str,
    names: Vec<String>,
}

static TABLE: LazyLock<Vec<Named>> = LazyLock::new(|| {
    let rows = NAMES.lines().skip(1).filter_map(|line| {
        let mut cells = line.splitn(4, ',');
        let (record, field, part) = (cells.next()?, cells.next()?, cells.next()?);
        Some(Named { record, field, part, names: cells.next()?.split('|').map(folded).collect() })
    });
    let mut table: Vec<Named> = rows.collect();
    for (record, set) in [("posting", &POSTING), ("credential", &CREDENTIAL)] {
        for own in set.fields.iter().filter(|names| names.first() != Some(&JOIN_KEY)) {
            let Some(field) = own.first().copied() else { continue };
            let names = own.iter().map(|name| folded(name));
            match table.iter_mut().find(|n| n.record == record && n.field == field && n.part.is_empty()) {
                Some(named) => named.names.extend(names),
                None => table.push(Named { record, field, part: "", names: names.collect() }),
            }
        }
    }
    table
});

/// How many of the names are headers we know.
pub(super) fn known_names(names: &[String]) -> usize {
    let known = |name: &&String| {
        let name = folded(name);
        !name.is_empty() && TABLE.iter().any(|n| n.names.contains(&name))
    };
    names.iter().filter(known).count()
}

/// Guesses the columns of a file of postings.
pub fn postings(columns: &[SampledColumn]) -> Guess {
    let mut table = Table::new("posting", columns);
    table.by_name();
    table.postings_by_values();
    table.guess(&POSTING)
}

/// Guesses the columns of a file of micro-credentials.
pub fn credentials(columns: &[SampledColumn]) -> Guess {
    let mut table = Table::new("credential", columns);
    table.by_name();
    table.outcomes_by_values();
    table.guess(&CREDENTIAL)
}

/// A column for a field or a part of one.
#[derive(Clone)]
struct Found {
    field: &'static str,
    part: &'static str,
    column: usize,
    score: f64,
    why: Option<String>,
}

struct Table<'a> {
    record: &'static str,
    columns: &'a [SampledColumn],
    looks: Vec<Looks>,
    found: Vec<Found>,
    /// Field, and what is said about the column that is not it.
    disbelieved: Vec<(&'static str, String)>,
}

impl<'a> Table<'a> {
    fn new(record: &'static str, columns: &'a [SampledColumn]) -> Self {
        let looks = columns.iter().map(|c| looks(&c.values)).collect();
        Self { record, columns, looks, found: Vec::new(), disbelieved: Vec::new() }
    }

    fn is_free(&self, column: usize) -> bool {
        self.found.iter().all(|f| f.column != column)
    }

    fn has(&self, field: &str) -> bool {
        self.found.iter().any(|f| f.field == field)
    }

    /// The best pairs of name and column first, each column and each field once.
    fn by_name(&mut self) {
        let mut pairs = Vec::new();
        for named in TABLE.iter().filter(|n| n.record == self.record) {
            for (column, (sampled, looks)) in self.columns.iter().zip(&self.looks).enumerate() {
                let name = likeness(&folded(&sampled.name), &named.names);
                if name < TAKEN {
                    continue;
                }
                let fit = looks.fit(named.field);
                if fit < TAKEN && name >= 0.9 && looks.filled > 0 {
                    let shown = looks.example.chars().take(40).collect::<String>();
                    let said = format!("'{}' is not taken as {}: it holds '{shown}'", sampled.name, named.field);
                    self.disbelieved.push((named.field, said));
                }
                let (field, part) = (named.field, named.part);
                pairs.push(Found { field, part, column, score: name * fit, why: None });
            }
        }
        pairs.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.column.cmp(&b.column)));
        for pair in pairs.into_iter().filter(|p| p.score >= TAKEN) {
            let taken = self.found.iter().any(|f| f.field == pair.field && f.part == pair.part);
            if !taken && self.is_free(pair.column) {
                self.found.push(pair);
            }
        }
        self.settle();
    }

    /// A column of the whole field makes its parts needless, and the parts one that is the field only by likeness.
    fn settle(&mut self) {
        for field in ["place", "salary", "outcomes"] {
            let best = |whole: bool| {
                let of = self.found.iter().filter(|f| f.field == field && f.part.is_empty() == whole);
                of.map(|f| f.score).fold(0.0, f64::max)
            };
            let (whole, parts) = (best(true), best(false));
            let keep_whole = whole + 0.1 >= parts;
            if whole > 0.0 && parts > 0.0 {
                self.found.retain(|f| f.field != field || f.part.is_empty() == keep_whole);
            }
        }
    }

    fn postings_by_values(&mut self) {
        if !self.has("body") {
            let longest = (0..self.columns.len())
                .filter(|c| self.is_free(*c))
                .filter_map(|c| self.looks.get(c).map(|l| (c, l.mean_chars)))
                .filter(|(c, mean)| *mean >= BODY_CHARS && self.looks.get(*c).is_some_and(|l| l.links < 0.3))
                .max_by(|a, b| a.1.total_cmp(&b.1));
            self.take("body", longest.map(|(c, _)| c), "taken because its texts are the longest");
        }
        if !self.has("title") {
            let occupation = self.found.iter().find(|f| f.field == "occupation").map(|f| f.column);
            let at = occupation.or_else(|| self.title_like());
            self.take(
                "title",
                at,
                if occupation.is_some() {
                    "the occupation stands in for it"
                } else {
                    "taken because its texts are short and differ"
                },
            );
        }
        self.rescue_rows_without_text();
        if !self.has("body") {
            // Two readers of one column: what a title says is all the text there is.
            let title = self.found.iter().find(|f| f.field == "title").map(|f| f.column);
            self.take("body", title, "no column holds long texts, so the title stands in: few skills will be found");
        }
    }

    /// Where most rows leave the text empty, the title is read with it: a posting needs some text.
    fn rescue_rows_without_text(&mut self) {
        let is_thin = |f: &Found| f.field == "body" && self.looks.get(f.column).is_some_and(|l| l.fill < 0.6);
        let title = self.found.iter().find(|f| f.field == "title").map(|f| f.column);
        let whole = self.found.iter().find(|f| f.field == "body");
        if let (Some(title), true) = (title, whole.is_some_and(is_thin)) {
            let why = Some("most rows leave it empty, so the title is read with it".to_owned());
            self.found.push(Found { field: "body", part: "", column: title, score: 0.6, why });
        }
    }

    fn title_like(&self) -> Option<usize> {
        let like = |c: &usize| self.is_free(*c) && self.looks.get(*c).is_some_and(Looks::like_titles);
        let of_jobs = |c: &usize| {
            let name = self.columns.get(*c).map(|c| folded(&c.name)).unwrap_or_default();
            ["job", "title", "puesto", "oferta", "titul", "titol", "وظيف"].iter().any(|word| name.contains(word))
        };
        let of_words = |c: &usize| self.looks.get(*c).is_some_and(|l| l.spaced >= 0.3);
        let all = || (0..self.columns.len()).filter(like);
        all().find(of_jobs).or_else(|| all().find(of_words))
    }

    fn outcomes_by_values(&mut self) {
        let whole = |f: &&Found| f.field == "outcomes" && f.part.is_empty();
        if self.found.iter().any(|f| whole(&f)) {
            return;
        }
        for found in self.found.iter_mut().filter(|f| f.field == "outcomes") {
            found.score = found.score.min(0.6);
            found.why = Some("no column holds learning outcomes, so the description stands in".to_owned());
        }
    }

    fn take(&mut self, field: &'static str, column: Option<usize>, why: &str) {
        if let Some(column) = column {
            self.found.push(Found { field, part: "", column, score: 0.6, why: Some(why.to_owned()) });
        }
    }

    fn guess(self, set: &FieldSet) -> Guess {
        let mut guess = Guess::default();
        for field in set.fields.iter().filter_map(|names| names.first()) {
            let order = TABLE.iter().filter(|n| n.record == self.record && n.field == *field).map(|n| n.part);
            let mut parts: Vec<Found> = Vec::new();
            for part in order {
                parts.extend(self.found.iter().filter(|f| f.field == *field && f.part == part).cloned());
            }
            let Some(best) = parts.iter().map(|p| p.score).reduce(f64::max) else {
                if set.required.contains(field) {
                    guess.missing.push((*field).to_owned());
                }
                continue;
            };
            let why = parts.iter().find_map(|p| p.why.clone());
            let why = why.or_else(|| (best < SURE).then(|| "by the likeness of its name".to_owned()));
            let columns = parts.iter().filter_map(|p| self.columns.get(p.column)).map(|c| c.name.clone()).collect();
            guess.score += best;
            guess.fields.push(FieldGuess { field: (*field).to_owned(), columns, sure: why.is_none(), why });
        }
        let used: BTreeSet<&String> = guess.fields.iter().flat_map(|f| &f.columns).collect();
        guess.unmapped = self.columns.iter().map(|c| &c.name).filter(|n| !used.contains(n)).cloned().collect();
        let doubtful = |field: &str| guess.field(field).is_none_or(|f| !f.sure);
        let said: Vec<String> = self.disbelieved.into_iter().filter(|(f, _)| doubtful(f)).map(|(_, s)| s).collect();
        guess.disbelieved = said;
        guess
    }
}

/// How like a name is to the names of a field, which stand in order of preference: 1 = the first of them.
fn likeness(name: &str, known: &[String]) -> f64 {
    if name.is_empty() {
        return 0.0;
    }
    let one = |(rank, wanted): (usize, &String)| {
        let late = 0.01 * f64::from(u8::try_from(rank.min(15)).unwrap_or(15));
        let padded = format!(" {name} ");
        if name == wanted {
            1.0 - late
        } else if wanted.len() > 3 && padded.contains(&format!(" {wanted} ")) {
            let more = name.split(' ').count() - wanted.split(' ').count();
            (0.72 - 0.04 * f64::from(u8::try_from(more.min(10)).unwrap_or(10)) - late).max(0.0)
        } else if wanted.len() > 5 && strsim::normalized_damerau_levenshtein(name, wanted) >= 0.85 {
            0.75 - late
        } else {
            0.0
        }
    };
    known.iter().enumerate().map(one).fold(0.0, f64::max)
}

/// A name as words in lower case, without accents, Arabic vowel signs and letter variants.
pub(super) fn folded(name: &str) -> String {
    let mut words = String::new();
    let mut before = ' ';
    for c in name.nfd().filter(|c| !is_combining_mark(*c) && *c != '\u{640}') {
        if c.is_uppercase() && before.is_lowercase() {
            words.push(' ');
        }
        before = c;
        match c {
            'ة' => words.push('ه'),
            'ى' => words.push('ي'),
            c if c.is_alphanumeric() => words.extend(c.to_lowercase()),
            _ => words.push(' '),
        }
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str, values: &[&str]) -> SampledColumn {
        SampledColumn { name: name.to_owned(), values: values.iter().map(|v| (*v).to_owned()).collect() }
    }

    fn mapped(guess: &Guess, field: &str) -> Vec<String> {
        guess.field(field).map(|f| f.columns.clone()).unwrap_or_default()
    }

    const LONG: [&str; 3] = [
        "Buscamos persona para la atención a pacientes, con experiencia previa y buen trato con las familias.",
        "Se precisa electricista con carnet de conducir para obras en toda la provincia, jornada completa.",
        "Importante empresa del sector precisa incorporar a dos personas para su departamento de compras.",
    ];

    #[test]
    fn names_in_camel_case_with_accents_or_arabic_letter_variants_fold_to_words() {
        assert_eq!(folded("fechaCreaciónPortal"), "fecha creacion portal");
        assert_eq!(folded("Títol de l'oferta"), "titol de l oferta");
        assert_eq!(folded("المُسمّى الوظيفي"), folded("المسمي الوظيفى"));
    }

    #[test]
    fn values_overrule_names_that_mislead() {
        let columns = [
            column("job_description", &["Nurse", "Electrician", "Buyer"]),
            column("description", &LONG),
            column("ciudad", &["28079", "08019", "46250"]),
            column("provincia", &["Madrid", "Barcelona", "Valencia"]),
            column("Date", &["08:23.8", "11:02.1", "42:00.0"]),
        ];
        let guess = postings(&columns);
        assert_eq!(mapped(&guess, "body"), ["description"]);
        assert_eq!(mapped(&guess, "title"), ["job_description"]);
        assert_eq!(mapped(&guess, "place"), ["provincia"]);
        assert!(guess.field("posted_on").is_none());
        assert!(guess.disbelieved.iter().any(|d| d.contains("'Date'") && d.contains("08:23.8")), "{guess:?}");
    }

    #[test]
    fn a_title_that_says_the_same_on_every_row_gives_way_to_the_occupation() {
        let columns = [
            column("titulo", &["WORK"; 6]),
            column("ocupacion", &["Camarero", "Soldador", "Pintor", "Cocinero", "Albañil", "Peón"]),
            column("descripcion", &[LONG[0], LONG[1], LONG[2], LONG[0], LONG[1], LONG[2]]),
        ];
        let guess = postings(&columns);
        assert_eq!(mapped(&guess, "title"), ["ocupacion"]);
        assert!(!guess.field("title").unwrap().sure);
    }

    #[test]
    fn parts_of_a_place_are_joined_from_narrow_to_wide_and_a_whole_place_goes_alone() {
        let names = [
            column("pais", &["España"; 3]),
            column("region", &["Madrid"; 3]),
            column("titulo", &["a b", "c d", "e f"]),
        ];
        assert_eq!(mapped(&postings(&names), "place"), ["region", "pais"]);
        let whole = [column("Location", &["Cairo, Egypt"; 3]), column("country", &["Egypt"; 3])];
        assert_eq!(mapped(&postings(&whole), "place"), ["Location"]);
    }

    #[test]
    fn every_row_of_the_table_of_names_is_of_a_field_there_is() {
        for named in TABLE.iter() {
            let set = if named.record == "posting" { &POSTING } else { &CREDENTIAL };
            assert!(set.fields.iter().any(|names| names.first() == Some(&named.field)), "{}", named.field);
            assert!(named.names.iter().all(|n| !n.is_empty()));
        }
    }
}
