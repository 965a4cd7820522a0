//! Builder of a small world: postings, mentions, a taxonomy and a catalogue.

use crate::lexicon::labels::LabelTable;
use crate::measure::{MeasureError, MeasureInputs, MeasureSpec, Measured, measure};
use crate::store::write_table;
use crate::types::*;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Default)]
pub struct World {
    pub postings: Vec<Posting>,
    pub mentions: Vec<Mention>,
    pub links: Vec<Linked>,
    pub credentials: Vec<Credential>,
    pub programmes: Vec<Programme>,
    pub taxonomy: Taxonomy,
    pub parents: BTreeMap<String, String>,
    pub spec: MeasureSpec,
    pub observations: Vec<Observation>,
    pub reviews: Option<Reviews>,
    pub place_names: BTreeSet<String>,
    pub city_names: BTreeSet<String>,
    pub survey: Option<LearnerSurvey>,
    pub last: Option<LastEdition>,
    pub decisions: Vec<LedgerDecision>,
    pub synthetic: bool,
}

pub fn origin(record: u64) -> Origin {
    Origin { source: SourceId::new("a").unwrap(), snapshot: SnapshotId("00".into()), record }
}

fn skill(id: &str, broader: &[&str]) -> Skill {
    Skill {
        id: SkillId(id.into()),
        kind: SkillKind::Skill,
        reuse: Reuse::CrossSector,
        labels: vec![Label { text: format!("name of {id}"), lang: Lang::En, kind: LabelKind::Preferred }],
        description: None,
        broader: broader.iter().map(|b| (*b).to_owned()).collect(),
        green: false,
        digital: true,
    }
}

impl World {
    /// Skills as (id, broader ids).
    pub fn with_skills(skills: &[(&str, &[&str])]) -> Self {
        let mut world = Self::default();
        world.taxonomy.skills = skills.iter().map(|(id, broader)| skill(id, broader)).collect();
        world.taxonomy.skills.sort_by(|a, b| a.id.cmp(&b.id));
        world
    }

    /// Adds a posting that asks for `skills`; returns it for changes.
    pub fn post(&mut self, employer: Option<&str>, day: Option<&str>, skills: &[&str]) -> &mut Posting {
        let number = self.postings.len();
        // Ids as hashes are: in no order.
        let id = format!("{:016x}", (number as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        for skill in skills {
            self.mention(&id, skill, Verdict::Accepted);
        }
        self.postings.push(Posting {
            id: PostingId(id),
            source: SourceId::new("a").unwrap(),
            board: "board-a".into(),
            url: None,
            title: "Job".into(),
            body: "We look for you. You know things well! Apply.".into(),
            employer: employer.map(str::to_owned),
            area: None,
            sector: None,
            occupation: None,
            isco: None,
            occupation_score: None,
            language: Lang::En,
            posted_on: day.map(|d| d.parse().unwrap()),
            closes_on: None,
            salary: None,
            sections: vec![],
            boards: vec![],
            origins: vec![origin(number as u64 + 1)],
        });
        self.postings.last_mut().unwrap()
    }

    pub fn mention(&mut self, posting: &str, skill: &str, verdict: Verdict) {
        self.mentions.push(Mention {
            posting: PostingId(posting.into()),
            skill: SkillId(skill.into()),
            field: Field::Body,
            start: 26,
            end: 32,
            surface: "things".into(),
            label: "things".into(),
            lane: Lane::Exact,
            section: SectionKind::Other,
            score: Score::new(0.9),
            verdict,
        });
    }

    /// Adds a micro-credential and its programme; outcomes as (id, linked skill, score, verdict).
    pub fn teach(&mut self, id: &str, targets: &[&str], outcomes: &[(&str, &str, f32, Verdict)]) {
        let credential = CredentialId(id.into());
        let link = |skill: &str, score, verdict| Link {
            skill: SkillId(skill.into()),
            label: skill.into(),
            surface: None,
            score: Score::new(score),
            verdict,
            evidence: vec![],
        };
        self.links.extend(outcomes.iter().map(|(outcome, skill, score, verdict)| Linked {
            outcome: OutcomeId((*outcome).into()),
            credential: credential.clone(),
            links: vec![link(skill, *score, *verdict)],
            verdict: *verdict,
        }));
        let outcome = |(outcome, ..): &(&str, &str, f32, Verdict)| LearningOutcome {
            id: OutcomeId((*outcome).into()),
            credential: credential.clone(),
            text: "Do it".into(),
            language: Lang::En,
        };
        self.credentials.push(Credential {
            ects: Some(4.0),
            outcomes: outcomes.iter().map(outcome).collect(),
            ..Credential::new(credential.clone(), id.to_uppercase(), Lang::En, origin(1))
        });
        self.programmes.push(Programme {
            id: id.into(),
            title: id.to_uppercase(),
            credentials: vec![credential],
            target_occupations: targets.iter().map(|t| (*t).to_owned()).collect(),
        });
    }

    pub fn measure(&self) -> Measured {
        self.try_measure().unwrap()
    }

    pub fn try_measure(&self) -> Result<Measured, MeasureError> {
        let folder = tempfile::tempdir().unwrap();
        let (postings, mentions) = (folder.path().join("postings[1].parquet"), folder.path().join("mentions.parquet"));
        write_table(&postings, &self.postings).unwrap();
        write_table(&mentions, &self.mentions).unwrap();
        let labels = LabelTable::of_skills(&self.taxonomy);
        let inputs = MeasureInputs {
            postings: &postings,
            mentions: &mentions,
            links: &self.links,
            match_threshold: 0.4,
            credentials: &self.credentials,
            programmes: &self.programmes,
            taxonomy: &self.taxonomy,
            labels: &labels,
            place_names: &self.place_names,
            city_names: &self.city_names,
            observations: &self.observations,
            survey: self.survey.as_ref(),
            area_parents: &self.parents,
            reviews: self.reviews.as_ref(),
            synthetic: self.synthetic,
            last: self.last.as_ref(),
            decisions: &self.decisions,
        };
        measure(&inputs, &self.spec)
    }
}

/// The cube as rows.
pub fn cube(measured: &Measured) -> Vec<Demand> {
    measured.demand.rows().collect()
}

/// One row of the cube, (area, period, group).
pub fn row(measured: &Measured, skill: &str, place: (&str, &str, &str)) -> Option<Demand> {
    let at =
        |d: &Demand| (d.area.as_str(), d.period.as_str(), d.occupation_group.as_str()) == place && d.skill == skill;
    cube(measured).into_iter().find(at)
}

/// A world with two boards, three areas, eight quarters, seven employers, thin and thick cells.
pub fn varied() -> World {
    let mut world = World::with_skills(&[("a", &["wide"]), ("b", &["wide"]), ("c", &[]), ("d", &[]), ("wide", &[])]);
    world.parents = [("ES511", "ES51"), ("ES51", "ES")].map(|(a, b)| (a.to_owned(), b.to_owned())).into();
    for i in 0..400_usize {
        let employer = format!("Employer {}", i * i % 13);
        let day = format!("202{}-{:02}-15", 4 + (i / 12) % 2, 1 + i % 12);
        let mut skills = vec!["a"];
        skills.extend(
            [("b", 3), ("c", 4 + 3 * usize::from(i % 24 < 12)), ("d", 90)].iter().filter(|s| i % s.1 == 0).map(|s| s.0),
        );
        let posting =
            world.post((i % 10 != 9).then_some(employer.as_str()), (i % 20 != 19).then_some(day.as_str()), &skills);
        posting.area = Some(AreaCode(["ES511", "ES51", "PS"][i % 3].into()));
        posting.isco = [None, Some(IscoCode::new("2512").unwrap()), Some(IscoCode::new("5").unwrap())][i % 3].clone();
        posting.occupation = [None, Some("dev".to_owned()), Some("cook".to_owned())][i % 3].clone();
        posting.board = ["board-a", "board-b"][usize::from(i % 5 == 0)].into();
        posting.boards =
            if i % 15 == 0 { vec!["board-a".into(), "board-b".into()] } else { vec![posting.board.clone()] };
        posting.language = [Lang::En, Lang::Ar][i % 2];
    }
    world.teach("mc-1", &["dev"], &[("o1", "a", 0.9, Verdict::Accepted), ("o2", "wide", 0.8, Verdict::Accepted)]);
    world.teach("mc-2", &[], &[("o3", "b", 0.6, Verdict::Accepted), ("o4", "c", 0.7, Verdict::Review)]);
    world
}
