//! Wires `measure`: tables of the earlier stages in, findings and the demand cube out.

use super::acquire::{read_json, write_json};
use super::{Run, RunError, Stage, failed};
use crate::clean::Areas;
use crate::lexicon::ambiguity::surface_key;
use crate::measure::{MeasureError, MeasureInputs, MeasureSpec, measure};
use crate::store::{BATCH_ROWS, StageDraft, TableWriter, read_table, write_table};
use crate::types::{
    Credential, CredentialId, Demand, Linked, Observation, Occupation, Programme, StageCount, Taxonomy,
};
use std::collections::{BTreeMap, BTreeSet};

/// Rows of the gap table that a catalogue's programmes share, beside the portfolio's own.
const PROGRAMME_GAP_ROWS: usize = 20_000;
/// Fewest and most gap rows of one programme.
const GAP_ROWS: (usize, usize) = (3, 50);

pub(super) fn run(run: &Run<'_>, draft: &StageDraft) -> Result<Vec<StageCount>, RunError> {
    run.progress.start(Stage::Measure, None);
    let ledger = super::ledger::ledger(run.plan)?;
    let lexicon = run.lexicon()?;
    let taxonomy = &lexicon.taxonomy;
    let credentials: Vec<Credential> = read_json(&run.artefact(Stage::Clean, "credentials.json"))?;
    let links: Vec<Linked> = read_json(&run.artefact(Stage::Link, "links.json"))?;
    let mut observations: Vec<Observation> = Vec::new();
    for batch in read_table(&run.artefact(Stage::Clean, "observations.parquet"))? {
        observations.extend(batch?);
    }
    let programmes = programmes(run, &credentials, taxonomy);
    let reviews = super::reviews::read(run, taxonomy)?;
    let (survey, survey_count) = super::learners::survey(run, taxonomy)?.unzip();
    let inputs = MeasureInputs {
        postings: &run.artefact(Stage::Clean, "postings.parquet"),
        mentions: &run.artefact(Stage::Extract, "mentions.parquet"),
        links: &links,
        match_threshold: run.plan.link.accept,
        credentials: &credentials,
        programmes: &programmes,
        taxonomy,
        labels: &lexicon.skills,
        place_names: &place_names(),
        city_names: &city_names(),
        observations: &observations,
        survey: survey.as_ref(),
        area_parents: &area_parents(),
        reviews: reviews.as_ref(),
        synthetic: run.plan.synthetic,
        last: ledger.as_ref().map(|l| &l.last),
        decisions: ledger.as_ref().map(|l| l.decisions.as_slice()).unwrap_or_default(),
    };
    let mut spec = spec(run, programmes.len());
    spec.novel.rejected = super::decisions::Terms::of_plan(run.plan)?.rejected;
    let measured = measure(&inputs, &spec).map_err(|error| match error {
        MeasureError::Weights(detail) => RunError::Given { key: "weights", detail },
        other => failed(Stage::Measure)(other),
    })?;
    let mut table: TableWriter<Demand> = draft.table("demand")?;
    let cell_count = measured.demand.row_count() as u64;
    let mut chunk: Vec<Demand> = Vec::with_capacity(BATCH_ROWS);
    for row in measured.demand.rows() {
        chunk.push(row);
        if chunk.len() == BATCH_ROWS {
            table.push(&chunk)?;
            chunk.clear();
        }
    }
    table.push(&chunk)?;
    table.finish()?;
    write_table(&draft.path("coverage.parquet"), &measured.coverage)?;
    write_json(draft, "findings.json", &measured.findings)?;
    let step = "measure demand cells".to_owned();
    let cells = StageCount { step, read: cell_count, kept: cell_count, duplicate: 0, rejected: 0 };
    Ok(std::iter::once(cells).chain(survey_count).collect())
}

fn spec(run: &Run<'_>, programme_count: usize) -> MeasureSpec {
    let table = &run.plan.measure;
    MeasureSpec {
        period: table.period,
        first_day: table.from,
        last_day: table.to,
        min_postings: table.min_postings,
        min_employers: table.min_employers,
        thin_postings: table.thin_postings,
        top_k: table.top_k,
        review_below_per_100: table.review_below_per_100,
        trends: run.plan.trends,
        weights: run.plan.weights.clone(),
        outlook: run.plan.outlook.clone(),
        min_reviewed: run.plan.correction.as_ref().map_or(0, |c| c.min_reviewed),
        evidence_per_skill: table.evidence_per_skill as usize,
        gap_rows: (PROGRAMME_GAP_ROWS / programme_count.max(1)).clamp(GAP_ROWS.0, GAP_ROWS.1),
        language: run.plan.language,
        also_in: run.plan.also_in.clone(),
        novel: run.plan.novel.clone(),
        proposals: run.plan.proposals.under(run.plan.credentials.ects_cap_unit, run.plan.credentials.ects_cap_legal),
        priority_sectors: table.priority_sectors.clone(),
        ..MeasureSpec::default()
    }
}

/// The plan's programmes, or one per micro-credential that has learning outcomes.
fn programmes(run: &Run<'_>, credentials: &[Credential], taxonomy: &Taxonomy) -> Vec<Programme> {
    let by_name = occupation_names(taxonomy);
    let resolve = |programme: &str, spelt: &[String]| -> Vec<String> {
        let mut found: Vec<String> = spelt.iter().filter_map(|name| by_name.get(&plain(name)).cloned()).collect();
        let unknown: Vec<&str> =
            spelt.iter().filter(|name| !by_name.contains_key(&plain(name))).map(String::as_str).collect();
        if !unknown.is_empty() {
            let names = unknown.join("', '");
            run.progress.warn(&format!(
                "programme '{programme}': target occupations left out, since they are not in the taxonomy: '{names}'"
            ));
        }
        found.sort();
        found.dedup();
        found
    };
    if run.plan.programmes.is_empty() {
        let taught = credentials.iter().filter(|c| !c.outcomes.is_empty());
        return taught
            .map(|c| Programme {
                id: c.id.0.clone(),
                title: c.title.clone(),
                credentials: vec![c.id.clone()],
                target_occupations: resolve(&c.id.0, &c.target_occupations),
            })
            .collect();
    }
    let tables = run.plan.programmes.iter();
    tables
        .map(|p| Programme {
            id: p.id.to_string(),
            title: p.title.clone(),
            credentials: p.credentials.iter().cloned().map(CredentialId).collect(),
            target_occupations: resolve(p.id.as_str(), &p.target_occupations),
        })
        .collect()
}

/// Occupation ids by id, label and slug; of two occupations with one name, the one that prefers it wins.
fn occupation_names(taxonomy: &Taxonomy) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    let preferred = |o: &Occupation, wanted: bool| -> Vec<String> {
        let labels = o.labels.iter().filter(|l| (l.kind == crate::types::LabelKind::Preferred) == wanted);
        labels.map(|l| plain(&l.text)).collect()
    };
    for wanted in [true, false] {
        for occupation in &taxonomy.occupations {
            for name in preferred(occupation, wanted) {
                names.entry(name).or_insert_with(|| occupation.id.clone());
            }
            names.insert(plain(&occupation.id), occupation.id.clone());
        }
    }
    names
}

/// Lower case, with slugs read as words.
fn plain(name: &str) -> String {
    let spaced =
        if name.contains("://") || name.starts_with("urn:") { name.to_owned() } else { name.replace('-', " ") };
    spaced.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn area_parents() -> BTreeMap<String, String> {
    let areas = Areas::built_in();
    let pairs = areas.codes().filter_map(|code| Some((code.to_owned(), areas.chain(code).nth(1)?.to_owned())));
    pairs.collect()
}

/// Names of large cities, from `name,country`.
const CITIES: &str = include_str!("../../data/reference/cities.csv");

fn city_names() -> BTreeSet<String> {
    let names = CITIES.lines().skip(1).filter_map(|line| line.rsplit_once(',')).map(|(name, _)| surface_key(name));
    names.filter(|name| !name.is_empty()).collect()
}

/// Names of places as the novel terms meet them.
fn place_names() -> BTreeSet<String> {
    Areas::built_in().names().map(surface_key).filter(|name| !name.is_empty()).collect()
}
