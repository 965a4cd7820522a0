//! The estimators against worlds whose truth is known: `tests/simulation/generate.py` draws the postings, this measures
//! each replication as a run would and counts how often an interval holds the truth.

use anyhow::{Context, Result};
use flate2::read::GzDecoder;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use skillgap::lexicon::labels::LabelTable;
use skillgap::measure::{MeasureInputs, MeasureSpec, WeightSpec, measure};
use skillgap::store::write_table;
use skillgap::types::{
    AreaCode, ErrorClass, Field, Findings, IscoCode, Label, LabelKind, Lane, Lang, Mention, Observation,
    ObservationQuality, Origin, Period, Posting, PostingId, Reuse, Reviews, Score, SectionKind, Skill, SkillId,
    SkillKind, SnapshotId, SourceId, Taxonomy, TrendCall, Verdict,
};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;

const COUNTRY: &str = "ES";

#[derive(Debug, Deserialize)]
struct PostingRow {
    rep: u32,
    scenario: String,
    posting: String,
    employer: String,
    boards: String,
    period: String,
    isco_group: String,
    language: String,
    skills: String,
}

#[derive(Debug, Clone, Deserialize)]
struct TruthRow {
    scenario: String,
    skill: String,
    language: String,
    estimand: String,
    value: f64,
    note: String,
}

#[derive(Debug, Deserialize)]
struct EmploymentRow {
    isco_group: String,
    employed_persons: f64,
}

#[derive(Debug, Deserialize)]
struct ReviewRow {
    rep: u32,
    scenario: String,
    kind: String,
    class: String,
    language: String,
    reviewed_count: u64,
    right_count: u64,
}

#[derive(Debug, Deserialize)]
struct ClassRow {
    scenario: String,
    skill: String,
    class: String,
}

/// How often the interval of an estimand held the truth.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tally {
    /// Replications with an interval.
    pub given: u64,
    /// Replications without: withheld or refused.
    pub absent: u64,
    /// Intervals that held the truth.
    pub held: u64,
    /// Sum and sum of squares of the errors.
    pub errors: (f64, f64),
    /// Sum of the widths.
    pub widths: f64,
}

impl Tally {
    fn add(&mut self, truth: f64, value: Option<(f64, f64, f64)>) {
        let Some((value, low, high)) = value else {
            self.absent += 1;
            return;
        };
        self.given += 1;
        self.held += u64::from((low..=high).contains(&truth));
        self.errors = (self.errors.0 + value - truth, self.errors.1 + (value - truth).powi(2));
        self.widths += high - low;
    }

    /// Adds the tallies of other skills or replications.
    pub fn join(&mut self, other: &Self) {
        self.given += other.given;
        self.absent += other.absent;
        self.held += other.held;
        self.errors = (self.errors.0 + other.errors.0, self.errors.1 + other.errors.1);
        self.widths += other.widths;
    }

    /// Share of the intervals that held the truth.
    pub fn coverage(&self) -> f64 {
        self.held as f64 / self.given as f64
    }
}

/// Calls of a replication against the truth.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Calls {
    /// Replications.
    pub replications: u64,
    /// Sum over replications of the share of false calls among the emerging, and among all changes called.
    pub false_emerging: f64,
    /// As above, for growing, declining and emerging together.
    pub false_any: f64,
    /// By true ratio in hundredths: (skills tested, called in the right direction, called emerging).
    pub by_ratio: BTreeMap<i64, (u64, u64, u64)>,
}

/// What the replications add up to.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// By (scenario, estimand, note, skill).
    pub tallies: BTreeMap<(String, String, String, String), Tally>,
    /// Scenario `growth`.
    pub calls: Calls,
}

impl Outcome {
    fn join(mut self, other: Self) -> Self {
        for (key, tally) in other.tallies {
            self.tallies.entry(key).or_default().join(&tally);
        }
        let calls = other.calls;
        self.calls.replications += calls.replications;
        self.calls.false_emerging += calls.false_emerging;
        self.calls.false_any += calls.false_any;
        for (ratio, (tested, called, emerging)) in calls.by_ratio {
            let own = self.calls.by_ratio.entry(ratio).or_default();
            *own = (own.0 + tested, own.1 + called, own.2 + emerging);
        }
        self
    }

    /// Tallies of an estimand over the skills of a note.
    pub fn pooled(&self) -> BTreeMap<(String, String), (Tally, f64, f64)> {
        let mut pooled: BTreeMap<(String, String), (Tally, f64, f64)> = BTreeMap::new();
        for ((_, estimand, note, _), tally) in self.tallies.iter().filter(|(_, t)| t.given > 0) {
            let own = pooled.entry((estimand.clone(), note.clone())).or_insert((Tally::default(), 1.0, 0.0));
            own.0.join(tally);
            (own.1, own.2) = (own.1.min(tally.coverage()), own.2.max(tally.coverage()));
        }
        pooled
    }
}

fn table<T: DeserializeOwned>(folder: &Path, name: &str) -> Result<Vec<T>> {
    let path = folder.join(format!("{name}.csv.gz"));
    let file = File::open(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let rows = csv::Reader::from_reader(GzDecoder::new(file)).into_deserialize().collect::<Result<Vec<T>, _>>();
    rows.with_context(|| format!("cannot read {}", path.display()))
}

/// A folder that the generator wrote.
pub struct Simulation {
    postings: BTreeMap<(String, u32), Vec<PostingRow>>,
    truth: Vec<TruthRow>,
    employment: Vec<Observation>,
    reviews: BTreeMap<u32, Reviews>,
    taxonomy: Taxonomy,
}

impl Simulation {
    /// Reads it whole.
    ///
    /// # Errors
    /// When a file is missing or has other columns.
    pub fn read(folder: &Path) -> Result<Self> {
        let truth: Vec<TruthRow> = table(folder, "truth")?;
        let classes: Vec<ClassRow> = table(folder, "classes")?;
        let mut postings: BTreeMap<(String, u32), Vec<PostingRow>> = BTreeMap::new();
        let mut number = 0;
        for mut row in table::<PostingRow>(folder, "postings")? {
            // The small set spells no ids: empty is a new posting, `=` the one above once more.
            number += u32::from(row.posting != "=");
            if matches!(row.posting.as_str(), "" | "=") {
                row.posting = format!("n{number}");
            }
            postings.entry((row.scenario.clone(), row.rep)).or_default().push(row);
        }
        let mut reviews: BTreeMap<u32, Reviews> = BTreeMap::new();
        for row in table::<ReviewRow>(folder, "reviews")?.iter().filter(|r| r.scenario == "corrected") {
            add_review(reviews.entry(row.rep).or_default(), row);
        }
        let doubtful = classes.iter().filter(|c| c.scenario == "corrected" && c.class == "ambiguous");
        let doubtful: Vec<&str> = doubtful.map(|c| c.skill.as_str()).collect();
        for own in reviews.values_mut() {
            own.ambiguous =
                Lang::ALL.into_iter().flat_map(|l| doubtful.iter().map(move |s| (l, (*s).to_owned()))).collect();
        }
        let skills: BTreeSet<&str> = truth.iter().map(|t| t.skill.as_str()).collect();
        let taxonomy = Taxonomy { skills: skills.into_iter().map(skill).collect(), ..Taxonomy::default() };
        let employment =
            table::<EmploymentRow>(folder, "employment")?.iter().map(observation).collect::<Result<_>>()?;
        Ok(Self { postings, truth, employment, reviews, taxonomy })
    }

    /// Replications per scenario.
    pub fn replications(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        self.postings.keys().for_each(|(scenario, _)| *counts.entry(scenario.as_str()).or_default() += 1);
        counts
    }

    /// Measures every replication.
    ///
    /// # Errors
    /// When one cannot be measured.
    pub fn run(&self) -> Result<Outcome> {
        // Threads of our own: a measure waits for the pool, and would take up another replication on top of itself there.
        let workers = std::thread::available_parallelism()?.get();
        let all: Vec<(&(String, u32), &Vec<PostingRow>)> = self.postings.iter().collect();
        let part = |own: &[(&(String, u32), &Vec<PostingRow>)]| {
            own.iter().try_fold(Outcome::default(), |sum, ((scenario, rep), rows)| {
                Ok::<_, anyhow::Error>(sum.join(self.replication(scenario, *rep, rows)?))
            })
        };
        let parts: Vec<Result<Outcome>> = std::thread::scope(|scope| {
            let each: Vec<_> =
                all.chunks(all.len().div_ceil(workers).max(1)).map(|own| scope.spawn(|| part(own))).collect();
            each.into_iter().map(|t| t.join().unwrap_or_else(|_| Err(anyhow::anyhow!("a worker panicked")))).collect()
        });
        parts.into_iter().try_fold(Outcome::default(), |sum, part| Ok(sum.join(part?)))
    }

    fn replication(&self, scenario: &str, rep: u32, rows: &[PostingRow]) -> Result<Outcome> {
        let folder = tempfile::tempdir()?;
        let (postings, mentions) = (folder.path().join("postings.parquet"), folder.path().join("mentions.parquet"));
        write_table(&postings, &rows.iter().map(posting).collect::<Result<Vec<_>>>()?)?;
        write_table(&mentions, &rows.iter().flat_map(asks).collect::<Vec<_>>())?;
        let inputs = MeasureInputs {
            postings: &postings,
            mentions: &mentions,
            links: &[],
            match_threshold: 0.4,
            credentials: &[],
            programmes: &[],
            taxonomy: &self.taxonomy,
            labels: &LabelTable::of_skills(&self.taxonomy),
            place_names: &BTreeSet::new(),
            city_names: &BTreeSet::new(),
            observations: &self.employment,
            area_parents: &BTreeMap::new(),
            survey: None,
            last: None,
            decisions: &[],
            reviews: self.reviews.get(&rep).filter(|_| scenario == "corrected"),
            synthetic: true,
        };
        let weights = WeightSpec { source: SourceId::new("lfs")?, indicator: None, period: None, cap: 20.0 };
        let spec =
            MeasureSpec { weights: Some(weights), evidence_skills: 0, evidence_per_skill: 0, ..MeasureSpec::default() };
        let measured = measure(&inputs, &spec)?;
        Ok(self.compare(scenario, &measured.findings))
    }

    fn compare(&self, scenario: &str, findings: &Findings) -> Outcome {
        let mut outcome = Outcome::default();
        // The generator has a third class of errors; the program knows two.
        let known = |t: &&TruthRow| t.language.is_empty() && !t.note.contains("acronym");
        for truth in self.truth.iter().filter(|t| t.scenario == scenario).filter(known) {
            let demand = findings.demand.iter().find(|d| d.skill == truth.skill && d.area == "all");
            let three = |a: Option<f64>, b: Option<f64>, c: Option<f64>| Some((a?, b?, c?));
            let value = match truth.estimand.as_str() {
                // The recorded share is what the plain estimator converges to.
                "share" if scenario != "corrected" => demand.and_then(|d| three(d.share, d.share_low, d.share_high)),
                "weighted_share" if scenario != "corrected" => {
                    demand.and_then(|d| three(d.weighted_share, d.weighted_low, d.weighted_high))
                }
                "corrected_share" => demand.and_then(|d| three(d.corrected_share, d.corrected_low, d.corrected_high)),
                "growth" => {
                    let trend = findings.trends.iter().find(|t| t.skill == truth.skill && t.area == "all");
                    trend.and_then(|t| three(t.growth, t.low, t.high))
                }
                _ => continue,
            };
            let note = truth.note.clone();
            let key = (scenario.to_owned(), truth.estimand.clone(), note, truth.skill.clone());
            outcome.tallies.entry(key).or_default().add(truth.value, value);
        }
        if scenario == "growth" {
            outcome.calls = self.calls(findings);
        }
        outcome
    }

    fn calls(&self, findings: &Findings) -> Calls {
        let truth: BTreeMap<&str, f64> = self
            .truth
            .iter()
            .filter(|t| t.scenario == "growth" && t.estimand == "growth")
            .map(|t| (t.skill.as_str(), t.value))
            .collect();
        let mut calls = Calls { replications: 1, ..Calls::default() };
        let (mut emerging, mut any) = ((0, 0), (0, 0));
        for trend in findings.trends.iter().filter(|t| t.area == "all") {
            let Some(truth) = truth.get(trend.skill.as_str()).copied() else { continue };
            let is_emerging = trend.call == TrendCall::Emerging;
            let up = matches!(trend.call, TrendCall::Emerging | TrendCall::Growing);
            let down = trend.call == TrendCall::Declining;
            let right = (up && truth > 1e-9) || (down && truth < -1e-9);
            let own = calls.by_ratio.entry((truth.exp() * 100.0).round() as i64).or_default();
            *own = (own.0 + 1, own.1 + u64::from(right), own.2 + u64::from(is_emerging));
            any = (any.0 + u64::from((up || down) && !right), any.1 + u64::from(up || down));
            emerging = (emerging.0 + u64::from(is_emerging && truth <= 1e-9), emerging.1 + u64::from(is_emerging));
        }
        let share = |(wrong, all): (u64, u64)| if all == 0 { 0.0 } else { wrong as f64 / all as f64 };
        (calls.false_emerging, calls.false_any) = (share(emerging), share(any));
        calls
    }
}

fn add_review(reviews: &mut Reviews, row: &ReviewRow) {
    if row.class == "acronym" {
        return;
    }
    let class = ErrorClass { language: Lang::from_code(&row.language), ambiguous: row.class == "ambiguous" };
    let counts = reviews.counts.entry(class).or_default();
    match row.kind.as_str() {
        "precision" => (counts.counted, counts.right) = (row.reviewed_count, row.right_count),
        _ => (counts.asked, counts.found) = (row.reviewed_count, row.right_count),
    }
}

fn origin(source: &str, record: u64) -> Result<Origin> {
    Ok(Origin { source: SourceId::new(source)?, snapshot: SnapshotId("00".to_owned()), record })
}

fn skill(id: &str) -> Skill {
    let label = Label { text: format!("skill {id}"), lang: Lang::En, kind: LabelKind::Preferred };
    Skill {
        id: SkillId(id.to_owned()),
        kind: SkillKind::Skill,
        reuse: Reuse::CrossSector,
        labels: vec![label],
        description: None,
        broader: Vec::new(),
        green: false,
        digital: false,
    }
}

fn observation(row: &EmploymentRow) -> Result<Observation> {
    Ok(Observation {
        indicator: "Employment by occupation".to_owned(),
        area: AreaCode(COUNTRY.to_owned()),
        period: Period::parse("2025")?,
        occupation: Some(IscoCode::new(&row.isco_group)?),
        sector: None,
        sex: None,
        age: None,
        breakdown: Vec::new(),
        value: Some(row.employed_persons),
        unit: "thousand persons".to_owned(),
        quality: ObservationQuality::Normal,
        flags: None,
        note: None,
        origin: origin("lfs", 1)?,
    })
}

fn posting(row: &PostingRow) -> Result<Posting> {
    let (id, source) = (PostingId(row.posting.clone()), SourceId::new("boards")?);
    let month = match row.period.rsplit_once('Q').map(|p| p.1) {
        Some("1") => "02",
        Some("2") => "05",
        Some("3") => "08",
        _ => "11",
    };
    let day = format!("{}-{month}-10", row.period.get(..4).unwrap_or_default());
    let boards: Vec<String> = row.boards.split(';').map(str::to_owned).collect();
    Ok(Posting {
        board: boards.first().cloned().unwrap_or_default(),
        boards,
        employer: Some(row.employer.clone()).filter(|e| !e.is_empty()),
        area: Some(AreaCode(COUNTRY.to_owned())),
        isco: Some(IscoCode::new(&row.isco_group)?),
        posted_on: Some(day.parse()?),
        origins: vec![origin("boards", 1)?],
        ..Posting::of_words(id, source, "Job", "We look for you.", Lang::from_code(&row.language))
    })
}

fn asks(row: &PostingRow) -> impl Iterator<Item = Mention> {
    let mention = |skill: &str| Mention {
        posting: PostingId(row.posting.clone()),
        skill: SkillId(skill.to_owned()),
        field: Field::Body,
        start: 0,
        end: 2,
        surface: "We".to_owned(),
        label: "We".to_owned(),
        lane: Lane::Exact,
        section: SectionKind::Other,
        score: Score::new(0.9),
        verdict: Verdict::Accepted,
    };
    row.skills.split(';').filter(|s| !s.is_empty()).map(mention).collect::<Vec<_>>().into_iter()
}
