//! Stages as filters: plain files in, plain files out, for analysts, benchmarks and other engines.

use super::args::{
    CleanArguments, Common, EvaluateArguments, ExtractArguments, Files, Kind, LinkArguments, RankArguments,
};
use super::rows::{Rows, json_line, read_lines};
use super::{Exit, print, taxonomies};
use crate::acquire::{Columns, Input, Limits, Record, read_postings};
use crate::clean::occupation::TitleCoder;
use crate::clean::{self, Areas, CleanContext, TextLimits};
use crate::evaluate::{self, GoldSet, Scores};
use crate::extract::{ExtractSpec, Extractor};
use crate::lexicon::Lexicon;
use crate::lexicon::labels::LabelTable;
use crate::lexicon::occupations::OccupationCoder;
use crate::lexicon::ranker::{Ranked, Ranker};
use crate::link::{LinkSpec, Linker};
use crate::pipeline::PostingCleaner;
use crate::store::{AtomicFile, hash_file};
use crate::types::{
    CredentialId, Date, Duplicate, Lang, LearningOutcome, Linked, Mention, OutcomeId, Posting, PostingId, RawPosting,
    Section, SectionKind, SnapshotId, SourceId, StageCount, Taxonomy, Verdict,
};
use anyhow::Context;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;

/// Postings worked on together.
const BATCH: usize = 1024;
/// Day that files without a plan are cleaned as of, unless `--as-of` says otherwise: late enough to keep every date.
const NO_PLAN_AS_OF: Date = jiff::civil::date(2100, 1, 1);
/// Ranks kept for scoring.
const EVALUATED_RANKS: usize = 100;

/// A sentence, outcome or title to work on.
#[derive(Debug, Deserialize)]
struct Query {
    id: String,
    text: String,
    #[serde(default, alias = "language")]
    lang: Option<String>,
}

impl Query {
    /// The language said, else the one the text speaks.
    fn language(&self) -> Lang {
        let said = self.lang.as_deref().map(Lang::from_code).filter(|l| *l != Lang::Und);
        said.unwrap_or_else(|| clean::language::detect(&self.text, None))
    }
}

#[derive(Serialize)]
struct Answer<'a> {
    id: &'a str,
    ranked: Vec<AnswerItem<'a>>,
}

#[derive(Serialize)]
struct AnswerItem<'a> {
    uri: &'a str,
    label: &'a str,
    score: f32,
}

/// Cleans one file of postings.
pub fn clean(common: &Common, arguments: &CleanArguments) -> anyhow::Result<Exit> {
    let (input, output) = both(&arguments.files)?;
    let taxonomy = Taxonomy::default();
    let labels = LabelTable::of_occupations(&taxonomy);
    let coder = TitleCoder::new(&taxonomy, &labels);
    let context = context(common);
    let folder = output.parent().map_or_else(Default::default, Path::to_owned);
    let spool = folder.join(format!(".skillgap-clean-{}.parquet", std::process::id()));
    let mut cleaner = PostingCleaner::new(&context, &coder, &[], clean::duplicates::THRESHOLD, spool)?.with_own_ids();
    let read = each_batch(input, &mut |batch| Ok(cleaner.push(batch)?))?;
    let mut rows: Rows<Posting> = Rows::create(output)?;
    let mut failed = None;
    let mut cleaned = cleaner.finish(&mut |kept| {
        failed = failed.take().or(rows.push(kept).err());
        Ok(())
    })?;
    failed.map_or(Ok(()), Err)?;
    rows.finish()?;
    if let Some(path) = &arguments.duplicates {
        write_pairs(path, &cleaned.pairs())?;
    }
    cleaned.count.read += read.rejected;
    cleaned.count.rejected += read.rejected;
    tell(common, &cleaned.count)
}

/// Finds the skills of one file of postings.
pub fn extract(common: &Common, arguments: &ExtractArguments) -> anyhow::Result<Exit> {
    let (input, output) = both(&arguments.files)?;
    let lexicon = Lexicon::new(taxonomies::read(common, &arguments.taxonomy)?);
    let spec = ExtractSpec { lanes: arguments.lanes.into(), ..ExtractSpec::default() };
    let extractor = Extractor::new(&lexicon, &spec);
    let context = context(common);
    let mut rows: Rows<Mention> = Rows::create(output)?;
    let mut unclean = 0;
    let count = each_batch(input, &mut |batch| {
        let found: Vec<Option<Vec<Mention>>> = batch
            .par_iter()
            .map(|raw| {
                let mut posting = clean::posting(raw, &context).ok()?.posting;
                posting.id = PostingId(raw.source_key.clone());
                Some(extractor.mentions(&posting))
            })
            .collect();
        unclean += found.iter().filter(|f| f.is_none()).count() as u64;
        rows.push(&found.into_iter().flatten().flatten().collect::<Vec<_>>())
    })?;
    rows.finish()?;
    let step = "extract postings".to_owned();
    tell(common, &StageCount { step, kept: count.kept - unclean, rejected: count.rejected + unclean, ..count })
}

/// Links one file of learning outcomes.
pub fn link(common: &Common, arguments: &LinkArguments) -> anyhow::Result<Exit> {
    let (input, output) = both(&arguments.files)?;
    let lexicon = Lexicon::new(taxonomies::read(common, &arguments.taxonomy)?);
    let linker = Linker::new(&lexicon, &LinkSpec::default());
    let outcomes: Vec<LearningOutcome> = read_lines::<Query>(input)?
        .into_iter()
        .map(|q| LearningOutcome {
            language: q.language(),
            id: OutcomeId(q.id),
            credential: CredentialId(String::new()),
            text: q.text,
        })
        .collect();
    let linked: Vec<Linked> = outcomes.par_iter().map(|outcome| linker.links(outcome)).collect();
    let mut rows: Rows<Linked> = Rows::create(output)?;
    rows.push(&linked)?;
    rows.finish()?;
    let read = linked.len() as u64;
    tell(common, &StageCount { step: "link outcomes".to_owned(), read, kept: read, duplicate: 0, rejected: 0 })
}

/// Ranks skills or occupations for each text of a file.
pub fn rank(common: &Common, arguments: &RankArguments) -> anyhow::Result<Exit> {
    let queries: Vec<Query> = read_lines(&arguments.input)?;
    let ranking = Ranking::read(common, &arguments.taxonomy, arguments.corpus.as_deref(), arguments.kind, &queries)?;
    let answers = ranking.answers(&queries, arguments.top);
    let mut file = AtomicFile::create(&arguments.output)?;
    for (query, answer) in queries.iter().zip(&answers) {
        let ranked = answer.iter().map(|(uri, label, score)| AnswerItem { uri, label, score: *score }).collect();
        json_line(&mut file, &Answer { id: &query.id, ranked })?;
    }
    file.commit()?;
    let read = queries.len() as u64;
    tell(common, &StageCount { step: "rank texts".to_owned(), read, kept: read, duplicate: 0, rejected: 0 })
}

/// Scores rankings, and accepted mentions where skills are ranked, against gold.
pub fn evaluate(common: &Common, arguments: &EvaluateArguments) -> anyhow::Result<Exit> {
    let queries: Vec<Query> = read_lines(&arguments.gold)?;
    let ranking = Ranking::read(common, &arguments.taxonomy, arguments.corpus.as_deref(), arguments.kind, &queries)?;
    let text = std::fs::read_to_string(&arguments.gold)
        .with_context(|| format!("cannot read the gold {}", arguments.gold.display()))?;
    let gold = evaluate::read_gold(&text, |uri| ranking.knows(uri))?;
    let by_id: BTreeMap<String, Vec<String>> = queries
        .iter()
        .zip(ranking.answers(&queries, EVALUATED_RANKS))
        .map(|(query, answer)| (query.id.clone(), answer.into_iter().map(|(uri, _, _)| uri).collect()))
        .collect();
    let accepted = (arguments.kind == Kind::Skill && arguments.corpus.is_none())
        .then(|| accepted_mentions(&ranking.lexicon, &queries));
    tell_scores(common, &gold, &evaluate::score(&gold, &by_id, accepted.as_ref()))
}

/// Answers to a query, best first.
type RankQuery<'a> = dyn Fn(&Query) -> Vec<Ranked> + Sync + 'a;

/// What is ranked, with its index.
struct Ranking {
    lexicon: Lexicon,
    kind: Kind,
    labels: LabelTable,
}

impl Ranking {
    fn read(
        common: &Common,
        taxonomy: &super::args::TaxonomyArguments,
        corpus: Option<&Path>,
        kind: Kind,
        queries: &[Query],
    ) -> anyhow::Result<Self> {
        let language = queries.first().map_or(Lang::En, Query::language);
        let (taxonomy, kind) = match corpus {
            Some(path) => (taxonomies::read_corpus(path, language)?, Kind::Occupation),
            None => (taxonomies::read(common, taxonomy)?, kind),
        };
        let labels = match kind {
            Kind::Skill => LabelTable::of_skills(&taxonomy),
            Kind::Occupation => LabelTable::of_occupations(&taxonomy),
        };
        Ok(Self { lexicon: Lexicon::new(taxonomy), kind, labels })
    }

    fn knows(&self, uri: &str) -> bool {
        match self.kind {
            Kind::Skill => self.lexicon.taxonomy.skill_index(uri).is_some(),
            Kind::Occupation => self.lexicon.taxonomy.occupation_index(uri).is_some(),
        }
    }

    /// (uri, label, score) per query, best first.
    fn answers(&self, queries: &[Query], top: usize) -> Vec<Vec<(String, String, f32)>> {
        let taxonomy = &self.lexicon.taxonomy;
        let rank: Box<RankQuery<'_>> = match self.kind {
            Kind::Skill => {
                let ranker = Ranker::skills(&self.labels, taxonomy, &[]);
                Box::new(move |query| ranker.rank(&query.text, Some(query.language()), top))
            }
            Kind::Occupation => {
                let coder = OccupationCoder::new(taxonomy, &self.labels);
                Box::new(move |query| coder.rank(&query.text, query.language(), top))
            }
        };
        let uri = |concept: usize| match self.kind {
            Kind::Skill => taxonomy.skills.get(concept).map_or("", |s| s.id.0.as_str()),
            Kind::Occupation => taxonomy.occupations.get(concept).map_or("", |o| o.id.as_str()),
        };
        queries
            .par_iter()
            .map(|query| {
                let row = |r: Ranked| (uri(r.concept).to_owned(), self.labels.text(r.label).to_owned(), r.score);
                rank(query).into_iter().map(row).collect()
            })
            .collect()
    }
}

/// Skills accepted in each sentence when it is read as a posting's requirement.
fn accepted_mentions(lexicon: &Lexicon, queries: &[Query]) -> BTreeMap<String, BTreeSet<String>> {
    let extractor = Extractor::new(lexicon, &ExtractSpec::default());
    queries
        .iter()
        .map(|query| {
            let mentions = extractor.mentions(&sentence_as_posting(query));
            let accepted = mentions.into_iter().filter(|m| m.verdict == Verdict::Accepted).map(|m| m.skill.0);
            (query.id.clone(), accepted.collect())
        })
        .collect()
}

fn sentence_as_posting(query: &Query) -> Posting {
    let end = u32::try_from(query.text.len()).unwrap_or(u32::MAX);
    Posting {
        id: PostingId(query.id.clone()),
        source: standard_input(),
        board: String::new(),
        url: None,
        title: String::new(),
        body: query.text.clone(),
        employer: None,
        area: None,
        sector: None,
        occupation: None,
        isco: None,
        occupation_score: None,
        language: query.language(),
        posted_on: None,
        closes_on: None,
        salary: None,
        sections: vec![Section { kind: SectionKind::Requirements, start: 0, end, language: query.language() }],
        boards: Vec::new(),
        origins: Vec::new(),
    }
}

fn tell_scores(common: &Common, gold: &GoldSet, scores: &Scores) -> anyhow::Result<Exit> {
    if common.json {
        print(&serde_json::to_string_pretty(scores)?)?;
        return Ok(Exit::Done);
    }
    print(&format!("{} queries ({} without a known answer dropped)", scores.n, gold.dropped_query_count))?;
    for (name, estimate) in &scores.ranking {
        print(&format!("{name:12} {:5.1}  [{:.1} - {:.1}]", estimate.value, estimate.low, estimate.high))?;
    }
    if let Some(accepted) = &scores.accepted {
        for (name, e) in [("precision", accepted.precision), ("recall", accepted.recall), ("f1", accepted.f1)] {
            print(&format!("accepted {name:10} {:5.1}  [{:.1} - {:.1}]", e.value, e.low, e.high))?;
        }
    }
    Ok(Exit::Done)
}

fn write_pairs(path: &Path, pairs: &[Duplicate]) -> anyhow::Result<()> {
    let mut file = AtomicFile::create(path)?;
    writeln!(file, "kept\tduplicate\tkind\tsimilarity")?;
    for pair in pairs {
        let kind = serde_json::to_value(pair.kind)?;
        let kind = kind.as_str().unwrap_or_default();
        writeln!(file, "{}\t{}\t{kind}\t{:.4}", pair.kept.0, pair.duplicate.0, pair.similarity)?;
    }
    Ok(file.commit()?)
}

fn both(files: &Files) -> anyhow::Result<(&Path, &Path)> {
    let pair = files.input.as_deref().zip(files.output.as_deref());
    pair.context("give a plan, or both --input and --output")
}

fn standard_input() -> SourceId {
    // The id is a constant of ours and valid; the fallback cannot be reached.
    SourceId::new("input").unwrap_or_else(|_| unreachable!("'input' is a valid source id"))
}

fn context(common: &Common) -> CleanContext<'static> {
    CleanContext {
        as_of: common.as_of.unwrap_or(NO_PLAN_AS_OF),
        sources: BTreeMap::new(),
        areas: Areas::built_in(),
        limits: TextLimits::default(),
    }
}

/// Streams a file of postings in batches; the count says how many were read, kept and rejected by the reader.
fn each_batch(path: &Path, work: &mut dyn FnMut(&[RawPosting]) -> anyhow::Result<()>) -> anyhow::Result<StageCount> {
    let (sha256, _) = hash_file(path)?;
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let input =
        Input { source: standard_input(), snapshot: SnapshotId(sha256), file, limits: Limits::default(), before: 0 };
    let (mut kept, mut rejected) = (0, 0);
    let mut batch = Vec::with_capacity(BATCH);
    let mut failed: Option<anyhow::Error> = None;
    read_postings(path, &input, &Columns::new(), &mut |record| {
        match record {
            Record::Rejected(_) => rejected += 1,
            Record::Kept(posting) => {
                kept += 1;
                batch.push(posting);
            }
        }
        if batch.len() == BATCH && failed.is_none() {
            failed = work(&batch).err();
            batch.clear();
        }
    })?;
    failed.map_or(Ok(()), Err)?;
    work(&batch)?;
    Ok(StageCount { step: String::new(), read: kept + rejected, kept, duplicate: 0, rejected })
}

fn tell(common: &Common, count: &StageCount) -> anyhow::Result<Exit> {
    if common.json {
        print(&serde_json::to_string(count)?)?;
    } else {
        let line = format!(
            "{}: read {} = kept {} + duplicate {} + rejected {}",
            count.step, count.read, count.kept, count.duplicate, count.rejected
        );
        drop(writeln!(std::io::stderr(), "{line}"));
    }
    Ok(Exit::Done)
}
