//! The measures over 1 and 10 million mentions, with the 1,000 replications of the joint bootstrap, in a process of its own.

use crate::common::{Figure, thousands};
use crate::rounds::Numbers;
use anyhow::{Context, Result};
use skillgap::lexicon::labels::LabelTable;
use skillgap::measure::{MeasureInputs, MeasureSpec, NovelSpec, WeightSpec, measure};
use skillgap::store::TableWriter;
use skillgap::types::{
    AreaCode, Credential, CredentialId, Field, IscoCode, Label, LabelKind, Lane, Lang, LearningOutcome, Link, Linked,
    Mention, Observation, ObservationQuality, Origin, OutcomeId, Period, Posting, PostingId, Programme, Reuse, Score,
    SectionKind, Skill, SkillId, SkillKind, SnapshotId, SourceId, Taxonomy, Verdict,
};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// Postings measured; each asks for ten skills.
const SIZES: [usize; 2] = [100_000, 1_000_000];
const MENTIONS: usize = 10;
const SKILLS: usize = 10_000;
const OCCUPATIONS: usize = 400;
const CREDENTIALS: usize = 40;
const OUTCOMES: usize = 5;
/// Written and dropped at a time.
const CHUNK: usize = 20_000;
/// Argument of the process that only measures.
pub const CHILD: &str = "--measure-once";

/// Seconds and memory at both sizes.
pub fn run() -> Result<Vec<Figure>> {
    let mut figures: Vec<Figure> = Vec::new();
    for size in SIZES {
        let folder = tempfile::tempdir()?;
        write_tables(folder.path(), size)?;
        let output = Command::new(std::env::current_exe()?).arg(CHILD).arg(folder.path()).output()?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let number = |at: usize| -> Result<f64> {
            let word = said.split_whitespace().nth(at);
            let failed = || format!("{said}{}", String::from_utf8_lossy(&output.stderr));
            word.with_context(failed)?.parse().with_context(failed)
        };
        let (seconds, megabytes) = (number(0)?, number(1)?);
        let mentions = format!("{} million mentions", size * MENTIONS / 1_000_000);
        let first = figures.iter().find(|f| f.unit == "s").map(|f| f.value);
        let note = format!("{} postings, 10,000 skills, two threads; {:.0} MB", thousands(size as u64), megabytes);
        figures.push(figure(&format!("measures over {mentions}"), (seconds, "s"), first, "60 s at 10 million", &note));
        let first = figures.iter().find(|f| f.unit == "MB").map(|f| f.value);
        figures.push(figure(
            &format!("their memory, {mentions}"),
            (megabytes, "MB"),
            first,
            "4,000 at 10 million",
            &note,
        ));
    }
    Ok(figures)
}

fn figure(item: &str, (value, unit): (f64, &str), first: Option<f64>, target: &str, note: &str) -> Figure {
    Figure {
        item: item.to_owned(),
        value,
        unit: unit.to_owned(),
        beside: first.map(|f| ("1 million".to_owned(), f)),
        ratio: first.map(|f| value / f),
        target: target.to_owned(),
        note: note.to_owned(),
    }
}

/// Measures the tables of a folder; prints wall seconds and the peak of memory in MB.
pub fn child(folder: &Path) -> Result<String> {
    let world = World::new()?;
    let start = Instant::now();
    let measured = measure(&world.inputs(folder), &world.spec()?)?;
    let seconds = start.elapsed().as_secs_f64();
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak =
        status.lines().find_map(|l| l.strip_prefix("VmHWM:")?.trim().strip_suffix("kB")?.trim().parse::<f64>().ok());
    let peak = peak.context("no VmHWM in /proc/self/status")? / 1024.0;
    Ok(format!("{seconds:.2} {peak:.0} {}", measured.findings.gaps.len()))
}

fn skill_id(number: usize) -> String {
    format!("urn:skillgap:skill:{number:05}")
}

/// A number under `limit`, small ones far more often: about 1 / (rank + 5).
fn skewed(numbers: &mut Numbers, limit: usize) -> usize {
    let unit = numbers.below(1 << 20) as f64 / f64::from(1 << 20);
    let (low, high) = (5.0_f64, limit as f64 + 5.0);
    ((low * (high / low).powf(unit)) - low).floor().min(limit as f64 - 1.0) as usize
}

fn origin(source: &str) -> Result<Origin> {
    Ok(Origin { source: SourceId::new(source)?, snapshot: SnapshotId("00".to_owned()), record: 1 })
}

fn posting(number: usize, numbers: &mut Numbers) -> Result<Posting> {
    let id = PostingId(format!("{:016x}", (number as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15)));
    let month = 1 + numbers.below(24);
    let day = format!("{}-{:02}-15", 2024 + (month - 1) / 12, 1 + (month - 1) % 12);
    let occupation = skewed(numbers, OCCUPATIONS);
    let employer = skewed(numbers, 200_000);
    let board = format!("board-{}", numbers.below(6));
    let areas = ["ES511", "ES512", "ES513", "ES514", "PSE-RBH", "PSE-HBN", "PS"];
    Ok(Posting {
        board: board.clone(),
        boards: vec![board],
        employer: (numbers.below(20) > 0).then(|| format!("employer {employer}")),
        area: Some(AreaCode(areas[numbers.below(areas.len())].to_owned())),
        isco: Some(IscoCode::new(&(1 + occupation % 9).to_string())?),
        occupation: Some(format!("urn:skillgap:occupation:{occupation:03}")),
        posted_on: Some(day.parse()?),
        origins: vec![origin("boards")?],
        ..Posting::of_words(id, SourceId::new("boards")?, "Job", "We look for you.", Lang::ALL[numbers.below(4)])
    })
}

fn mention(posting: &PostingId, skill: String) -> Mention {
    Mention {
        posting: posting.clone(),
        skill: SkillId(skill),
        field: Field::Body,
        start: 0,
        end: 2,
        surface: "We".to_owned(),
        label: "We".to_owned(),
        lane: Lane::Exact,
        section: SectionKind::Other,
        score: Score::new(0.9),
        verdict: Verdict::Accepted,
    }
}

fn write_tables(folder: &Path, size: usize) -> Result<()> {
    let mut numbers = Numbers::new();
    let mut postings: TableWriter<Posting> = TableWriter::create(&folder.join("postings.parquet"))?;
    let mut mentions: TableWriter<Mention> = TableWriter::create(&folder.join("mentions.parquet"))?;
    for first in (0..size).step_by(CHUNK) {
        let (mut own, mut asks) = (Vec::with_capacity(CHUNK), Vec::with_capacity(CHUNK * MENTIONS));
        for number in first..size.min(first + CHUNK) {
            let posting = posting(number, &mut numbers)?;
            asks.extend((0..MENTIONS).map(|_| mention(&posting.id, skill_id(skewed(&mut numbers, SKILLS)))));
            own.push(posting);
        }
        postings.push(&own)?;
        mentions.push(&asks)?;
    }
    postings.finish()?;
    mentions.finish()?;
    Ok(())
}

/// What does not grow with the postings.
struct World {
    taxonomy: Taxonomy,
    labels: LabelTable,
    credentials: Vec<Credential>,
    programmes: Vec<Programme>,
    links: Vec<Linked>,
    observations: Vec<Observation>,
    parents: BTreeMap<String, String>,
    none: BTreeSet<String>,
}

impl World {
    fn new() -> Result<Self> {
        let taxonomy = Taxonomy { skills: (0..SKILLS).map(skill).collect(), ..Taxonomy::default() };
        let mut numbers = Numbers::new();
        let (mut credentials, mut programmes, mut links) = (Vec::new(), Vec::new(), Vec::new());
        for number in 0..CREDENTIALS {
            let id = CredentialId(format!("mc-{number}"));
            let mut own = Credential::new(id.clone(), format!("Course {number}"), Lang::En, origin("catalogue")?);
            for outcome in 0..OUTCOMES {
                let (outcome, skill) = (OutcomeId(format!("o{number}-{outcome}")), skewed(&mut numbers, 500));
                let text = "Do it".to_owned();
                own.outcomes.push(LearningOutcome {
                    id: outcome.clone(),
                    credential: id.clone(),
                    text,
                    language: Lang::En,
                });
                links.push(linked(outcome, &id, skill_id(skill), 0.5 + 0.1 * numbers.below(5) as f32));
            }
            let targets = (0..number % 4).map(|t| format!("urn:skillgap:occupation:{:03}", 10 * t + number)).collect();
            let title = own.title.clone();
            programmes.push(Programme { id: id.0.clone(), title, credentials: vec![id], target_occupations: targets });
            credentials.push(own);
        }
        let observations =
            (1..=9).flat_map(|g| ["ES", "PS"].map(|area| observation(area, g))).collect::<Result<_>>()?;
        let pairs = [("ES511", "ES51"), ("ES512", "ES51"), ("ES513", "ES51"), ("ES514", "ES51"), ("ES51", "ES")];
        let more = [("PSE-RBH", "PS"), ("PSE-HBN", "PS")];
        let parents = pairs.into_iter().chain(more).map(|(a, b)| (a.to_owned(), b.to_owned())).collect();
        let labels = LabelTable::of_skills(&taxonomy);
        Ok(Self { taxonomy, labels, credentials, programmes, links, observations, parents, none: BTreeSet::new() })
    }

    fn inputs<'a>(&'a self, folder: &Path) -> MeasureInputs<'a> {
        // Paths live as long as the process, which measures once.
        let path = |name: &str| -> &'static Path { Box::leak(folder.join(name).into_boxed_path()) };
        MeasureInputs {
            postings: path("postings.parquet"),
            mentions: path("mentions.parquet"),
            links: &self.links,
            match_threshold: 0.4,
            credentials: &self.credentials,
            programmes: &self.programmes,
            taxonomy: &self.taxonomy,
            labels: &self.labels,
            place_names: &self.none,
            city_names: &self.none,
            observations: &self.observations,
            area_parents: &self.parents,
            survey: None,
            last: None,
            decisions: &[],
            reviews: None,
            synthetic: true,
        }
    }

    fn spec(&self) -> Result<MeasureSpec> {
        let weights = WeightSpec { source: SourceId::new("lfs")?, indicator: None, period: None, cap: 5.0 };
        // Novel terms read every text; here texts are two words, and there is nothing to find.
        let novel = NovelSpec { top: 0, ..NovelSpec::default() };
        Ok(MeasureSpec { weights: Some(weights), novel, ..MeasureSpec::default() })
    }
}

fn skill(number: usize) -> Skill {
    let label = Label { text: format!("skill {number}"), lang: Lang::En, kind: LabelKind::Preferred };
    Skill {
        id: SkillId(skill_id(number)),
        kind: SkillKind::Skill,
        reuse: Reuse::CrossSector,
        labels: vec![label],
        description: None,
        broader: if number % 3 == 1 { vec![skill_id(number - 1)] } else { Vec::new() },
        green: number.is_multiple_of(17),
        digital: number.is_multiple_of(5),
    }
}

fn linked(outcome: OutcomeId, credential: &CredentialId, skill: String, score: f32) -> Linked {
    let (label, verdict) = (skill.clone(), Verdict::Accepted);
    let link =
        Link { skill: SkillId(skill), label, surface: None, score: Score::new(score), verdict, evidence: vec![] };
    Linked { outcome, credential: credential.clone(), links: vec![link], verdict }
}

fn observation(area: &str, group: u32) -> Result<Observation> {
    Ok(Observation {
        indicator: "Employment by occupation".to_owned(),
        area: AreaCode(area.to_owned()),
        period: Period::parse("2025")?,
        occupation: Some(IscoCode::new(&group.to_string())?),
        sector: None,
        sex: None,
        age: None,
        breakdown: Vec::new(),
        value: Some(100.0 * f64::from(group)),
        unit: "thousand persons".to_owned(),
        quality: ObservationQuality::Normal,
        flags: None,
        note: None,
        origin: origin("lfs")?,
    })
}
