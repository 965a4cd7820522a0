//! Stages as filters: plain files in, plain files out, for analysts, benchmarks and other engines.

use super::args::{CleanArguments, Common, ExtractArguments, Files, LinkArguments, RankArguments};
use super::ranking::{Query, Ranking};
use super::rows::{Rows, json_line, read_lines};
use super::{Exit, print, taxonomies};
use crate::acquire::{Columns, Input, Limits, Record, read_postings};
use crate::clean::occupation::TitleCoder;
use crate::clean::{self, Areas, CleanContext, TextLimits};
use crate::embed::Text;
use crate::extract::ExtractSpec;
use crate::lexicon::labels::LabelTable;
use crate::lexicon::ranker::Ranked;
use crate::lexicon::vectors::Vectors;
use crate::link::{LinkSpec, Linker};
use crate::pipeline::{ModelSource, PostingCleaner, Reader, model_lists};
use crate::store::{AtomicFile, DataDir, hash_file};
use crate::types::{
    CredentialId, Date, Duplicate, Lang, LearningOutcome, Linked, Mention, OutcomeId, Posting, PostingId, RankedSkill,
    RawPosting, SnapshotId, SourceId, StageCount, Taxonomy,
};
use anyhow::Context;
use rayon::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

/// Postings worked on together.
const BATCH: usize = 1024;
/// Day that files without a plan are cleaned as of, unless `--as-of` says otherwise: late enough to keep every date.
const NO_PLAN_AS_OF: Date = jiff::civil::date(2100, 1, 1);

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
    let vectors = Vectors::default();
    let coder = TitleCoder::new(&taxonomy, &labels, &vectors);
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
    let lexicon = taxonomies::lexicon(common, &arguments.taxonomy, &arguments.vectors)?;
    let spec = ExtractSpec { lanes: arguments.lanes.into(), ..ExtractSpec::default() };
    let reader = Reader::new(&lexicon, &spec, &LinkSpec::default());
    let context = context(common);
    let mut rows: Rows<Mention> = Rows::create(output)?;
    let mut unclean = 0;
    let count = each_batch(input, &mut |batch| {
        let found: Vec<Option<Vec<Mention>>> = batch
            .par_iter()
            .map(|raw| {
                let mut posting = clean::posting(raw, &context).ok()?.posting;
                posting.id = PostingId(raw.source_key.clone());
                Some(reader.mentions(&posting))
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
    let lexicon = taxonomies::lexicon(common, &arguments.taxonomy, &arguments.vectors)?;
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
    if let Some(folder) = &arguments.model {
        return rank_by_model(common, arguments, folder, &queries);
    }
    let language = queries.first().map_or(Lang::En, Query::language);
    let vectors = taxonomies::vectors(&arguments.vectors)?;
    let corpus = arguments.corpus.as_deref();
    let ranking = Ranking::read(common, &arguments.taxonomy, corpus, arguments.kind, language, vectors)?;
    let engine = ranking.engine();
    let answers: Vec<Vec<Ranked>> =
        queries.par_iter().map(|query| engine.rank(&query.text, query.language(), arguments.top)).collect();
    let mut file = AtomicFile::create(&arguments.output)?;
    for (query, answer) in queries.iter().zip(&answers) {
        let item =
            |r: &Ranked| AnswerItem { uri: ranking.uri(r.concept), label: ranking.label(r.label), score: r.score };
        json_line(&mut file, &Answer { id: &query.id, ranked: answer.iter().map(item).collect() })?;
    }
    file.commit()?;
    let read = queries.len() as u64;
    tell(common, &StageCount { step: "rank texts".to_owned(), read, kept: read, duplicate: 0, rejected: 0 })
}

/// Ranks skills by a model of a folder; the label is the skill's name in the text's language.
fn rank_by_model(common: &Common, arguments: &RankArguments, folder: &Path, queries: &[Query]) -> anyhow::Result<Exit> {
    let taxonomy = taxonomies::read(common, &arguments.taxonomy)?;
    let texts: Vec<Text<'_>> = queries.iter().map(|q| Text { id: &q.id, text: &q.text, lang: q.language() }).collect();
    let data = DataDir::new(&common.data_dir);
    let told = |line: &str| drop(writeln!(std::io::stderr(), "{line}"));
    let ranked =
        model_lists(ModelSource::Folder(folder), &taxonomy, &texts, arguments.top, (&data, &Limits::default()), &told)
            .map_err(anyhow::Error::msg)?;
    let mut file = AtomicFile::create(&arguments.output)?;
    for (list, text) in ranked.lists.iter().zip(&texts) {
        let label =
            |uri: &str| taxonomy.skill_index(uri).and_then(|at| taxonomy.skills.get(at)).map(|s| s.name(text.lang));
        let item =
            |s: &'_ RankedSkill| serde_json::json!({ "uri": s.uri, "label": label(&s.uri), "score": s.score as f32 });
        let ranked: Vec<serde_json::Value> = list.skills.iter().map(item).collect();
        json_line(&mut file, &serde_json::json!({ "id": list.id, "ranked": ranked }))?;
    }
    file.commit()?;
    let read = queries.len() as u64;
    tell(common, &StageCount { step: "rank texts".to_owned(), read, kept: read, duplicate: 0, rejected: 0 })
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

/// How postings are cleaned without a plan.
pub fn context(common: &Common) -> CleanContext<'static> {
    CleanContext {
        as_of: common.as_of.unwrap_or(NO_PLAN_AS_OF),
        sources: BTreeMap::new(),
        areas: Areas::built_in(),
        limits: TextLimits::default(),
    }
}

/// Streams a file of postings in batches; the count says how many were read, kept and rejected by the reader.
pub fn each_batch(
    path: &Path,
    work: &mut dyn FnMut(&[RawPosting]) -> anyhow::Result<()>,
) -> anyhow::Result<StageCount> {
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
