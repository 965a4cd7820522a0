//! From postings, mentions, links and official statistics to findings: every share with its n, sources and interval.
//!
//! `count` reads, joins and reduces the tables to integer codes and counts skills in cells over those; shares, intervals and
//! calls follow from the integers in a fixed order, so that neither thread count nor the order of input rows can show.
//! `adjust` puts weighted and corrected shares beside them, `growth` and `market` compare, `offer` sets what is taught beside
//! what is asked for, `learners` and `frame` add what people need to read the rest; `changes` compares two editions.

mod adjust;
mod changes;
mod count;
mod frame;
mod growth;
mod learners;
mod market;
mod novel;
mod offer;

pub use adjust::correction::CorrectionSpec;
pub use adjust::cube::DemandCube;
pub use adjust::weights::WeightSpec;
pub use changes::edition_diff;
pub use count::intervals::wilson;
pub use frame::evidence::sentence;
pub use growth::trends::TrendSpec;
pub use market::occupations::OutlookSpec;
pub use novel::NovelSpec;
pub use offer::ledger::check_decisions;
pub use offer::proposals::ProposalSpec;

use crate::lexicon::labels::LabelTable;
use crate::store::StoreError;
use crate::types::{
    Coverage, Credential, Date, Expectation, Findings, FindingsMeta, Lang, LastEdition, LearnerInterest, LearnerSurvey,
    LedgerDecision, Linked, Observation, PeriodKind, Programme, Reviews, Skill, Taxonomy,
};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

pub use crate::types::PORTFOLIO;

/// Name of a dimension that is not split.
pub const ALL: &str = "all";

/// What stopped the stage.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    /// A table between stages cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A table could be opened but not counted.
    #[error("cannot count {path}: {detail}; rerun the stage that wrote it")]
    Count {
        /// The table.
        path: String,
        /// What the engine said.
        detail: String,
    },
    /// Official figures that postings cannot be weighted to.
    #[error("weights: {0}")]
    Weights(String),
    /// More postings, cells or skills than codes of 32 bits.
    #[error("{what}: more than {limit}; split the window or the areas")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
}

/// The `[measure]` table of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasureSpec {
    /// Length of a period.
    pub period: PeriodKind,
    /// First day of the window; absent = open.
    pub first_day: Option<Date>,
    /// Last day of the window; absent = open.
    pub last_day: Option<Date>,
    /// Fewest postings of a cell for its shares to be published.
    pub min_postings: u64,
    /// Fewest known employers of a cell for its shares to be published.
    pub min_employers: u64,
    /// Postings of an area from which nothing is shown in their place.
    pub thin_postings: u64,
    /// How many ranks count as "among the largest".
    pub top_k: u32,
    /// Upper bound of demand, per 100 postings, below which a taught skill is up for review.
    pub review_below_per_100: f64,
    /// When a change is called, and when growth is called emerging.
    pub trends: TrendSpec,
    /// What postings are weighted to; absent = not weighted.
    pub weights: Option<WeightSpec>,
    /// Official forecast shown beside occupations.
    pub outlook: Option<OutlookSpec>,
    /// Fewest judgements of a class of errors for a share to be corrected.
    pub min_reviewed: u64,
    /// Most sentences per skill.
    pub evidence_per_skill: usize,
    /// Skills with evidence beside those named in a list, by rank in the portfolio.
    pub evidence_skills: usize,
    /// Levels of areas above a posting's own that it also counts in.
    pub area_depth: usize,
    /// Uncovered skills listed per programme, by rank; the portfolio lists all.
    pub gap_rows: usize,
    /// Language of names and sentences.
    pub language: Lang,
    /// Other languages in which names and sentences are wanted too.
    pub also_in: Vec<Lang>,
    /// Terms that no skill explains.
    pub novel: NovelSpec,
    /// Proposed micro-credentials.
    pub proposals: ProposalSpec,
    /// Sections listed by sector; empty = all.
    pub priority_sectors: Vec<String>,
}

impl Default for MeasureSpec {
    fn default() -> Self {
        Self {
            period: PeriodKind::Quarter,
            first_day: None,
            last_day: None,
            min_postings: 30,
            min_employers: 5,
            thin_postings: 200,
            top_k: 10,
            review_below_per_100: 1.0,
            trends: TrendSpec::default(),
            weights: None,
            outlook: None,
            min_reviewed: 30,
            evidence_per_skill: 20,
            evidence_skills: 300,
            area_depth: 4,
            gap_rows: 50,
            language: Lang::En,
            also_in: Vec::new(),
            novel: NovelSpec::default(),
            proposals: ProposalSpec::default(),
            priority_sectors: Vec::new(),
        }
    }
}

/// What the stage reads.
#[derive(Debug, Clone, Copy)]
pub struct MeasureInputs<'a> {
    /// `postings.parquet` of the clean stage.
    pub postings: &'a Path,
    /// `mentions.parquet` of the extract stage.
    pub mentions: &'a Path,
    /// Links of every outcome.
    pub links: &'a [Linked],
    /// Score from which a link was accepted.
    pub match_threshold: f32,
    /// The catalogue.
    pub credentials: &'a [Credential],
    /// Programmes of the plan.
    pub programmes: &'a [Programme],
    /// The taxonomy of the run.
    pub taxonomy: &'a Taxonomy,
    /// Its skill labels, cut.
    pub labels: &'a LabelTable,
    /// Names of places as folded words joined by spaces.
    pub place_names: &'a BTreeSet<String>,
    /// Names of large cities anywhere, in the same form; many are ordinary words too.
    pub city_names: &'a BTreeSet<String>,
    /// Official figures, handed through and never pooled.
    pub observations: &'a [Observation],
    /// What a survey of learners says, where there is one.
    pub survey: Option<&'a LearnerSurvey>,
    /// Parent of each area code (`ES511` -> `ES51`); codes without one are not in it.
    pub area_parents: &'a BTreeMap<String, String>,
    /// What people judged of the extraction; absent = nothing is corrected.
    pub reviews: Option<&'a Reviews>,
    /// Whether the postings are made up.
    pub synthetic: bool,
    /// The edition before this one, where the plan names it.
    pub last: Option<&'a LastEdition>,
    /// What was decided about its recommendations, checked ([`check_decisions`]).
    pub decisions: &'a [LedgerDecision],
}

/// What the stage gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Every cell, for `demand.parquet`; its rows are made one at a time.
    pub demand: DemandCube,
    /// For `coverage.parquet`.
    pub coverage: Vec<Coverage>,
    /// Without what only the pipeline knows: plan, title, as-of day, snapshots, attributions, `quality.stages` and
    /// `quality.duplicates`.
    pub findings: Findings,
}

/// A skill of the run: asked for, taught, or both.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NamedSkill {
    id: String,
    label: String,
    group: String,
    green: bool,
    digital: bool,
}

impl NamedSkill {
    /// Something counted as skills are that is none: an occupation, a transition.
    fn plain(id: &str, label: String) -> Self {
        Self { id: id.to_owned(), label, group: String::new(), green: false, digital: false }
    }

    /// A skill the taxonomy does not know goes by its id.
    fn new(id: &str, taxonomy: &Taxonomy, language: Lang) -> Self {
        let skill = taxonomy.skill_index(id).and_then(|i| taxonomy.skills.get(i));
        let group = skill.and_then(|s| group_name(s, taxonomy, language)).unwrap_or_default();
        Self {
            id: id.to_owned(),
            label: skill.map_or(id, |s| s.name(language)).to_owned(),
            group,
            green: skill.is_some_and(|s| s.green),
            digital: skill.is_some_and(|s| s.digital),
        }
    }
}

/// Name of the first broader concept that has one; a group outside the taxonomy has none.
fn group_name(skill: &Skill, taxonomy: &Taxonomy, language: Lang) -> Option<String> {
    let broader = skill.broader.iter().filter_map(|id| taxonomy.skill_index(id));
    broader.filter_map(|i| taxonomy.skills.get(i)).map(|s| s.name(language).to_owned()).next()
}

/// What every measure is made of.
struct Ground<'a> {
    inputs: &'a MeasureInputs<'a>,
    spec: &'a MeasureSpec,
    offer: &'a offer::plans::Offer<'a>,
    panel: &'a count::panel::Panel,
    cells: &'a count::cells::Cells,
    taught: &'a offer::coverage::Taught,
    weights: Option<&'a adjust::weights::Weights>,
    bench: offer::gaps::Bench<'a>,
}

/// Counts, compares and calls. Pure but for reading the two tables.
///
/// # Errors
/// When a table cannot be read, or holds more than codes of 32 bits can name; when official figures cannot carry weights.
pub fn measure(inputs: &MeasureInputs, spec: &MeasureSpec) -> Result<Measured, MeasureError> {
    let window = count::window::Window::read(inputs.postings, spec, inputs.area_parents)?;
    let asked = count::mentions::Asked::read(inputs.mentions, &window, inputs.links)?;
    let names: Vec<_> = asked.skills.iter().map(|id| NamedSkill::new(id, inputs.taxonomy, spec.language)).collect();
    let offer = offer::plans::Offer::new(inputs, spec.language);
    let panel = count::panel::Panel::new(&window);
    let cells = count::cells::Cells::build(&window, &offer.audiences, &panel, spec)?;
    let counts = count::demand::count(&asked, &cells, &window);
    let shares = count::demand::Shares::new(&cells, counts, spec);
    let weights =
        spec.weights.as_ref().map(|s| adjust::weights::Weights::new(&window, inputs.observations, s)).transpose()?;
    let adjusted = adjust::adjusted::Adjusted::new(&asked, &shares, &window, weights.as_ref(), inputs.reviews, spec);
    let taught = offer::coverage::Taught::new(inputs, &offer, &asked);
    let bench = offer::gaps::Bench {
        shares: &shares,
        adjusted: &adjusted,
        asked: &asked,
        window: &window,
        names: &names,
        spec,
    };
    let ground = Ground {
        inputs,
        spec,
        offer: &offer,
        panel: &panel,
        cells: &cells,
        taught: &taught,
        weights: weights.as_ref(),
        bench,
    };
    let mut findings = Findings { meta: meta(inputs, &window, spec), ..Findings::default() };
    ground.judge(&mut findings)?;
    ground.compare(&mut findings)?;
    ground.describe(&mut findings)?;
    ground.advise(&mut findings);
    ground.name(&mut findings);
    findings.coverage = taught.into_rows();
    findings.weighting = weights.map(|w| w.weighting);
    let cube = DemandCube::new(shares, adjusted, &window, names);
    findings.demand = cube.one_way();
    Ok(Measured { demand: cube, coverage: findings.coverage.clone(), findings })
}

impl Ground<'_> {
    /// Programmes, gaps, and the sentences behind them.
    fn judge(&self, findings: &mut Findings) -> Result<(), MeasureError> {
        let Self { inputs, spec, bench, .. } = self;
        (findings.programmes, findings.gaps) = offer::programmes::judge(self.offer, self.taught, inputs.links, bench);
        findings.gap_variants = offer::sensitivity::variants(inputs, self.offer, &findings.gaps, bench);
        findings.outcomes = offer::outcomes::outcomes(inputs, bench.shares, bench.asked, spec);
        let (programmes, gaps) = (&findings.programmes, &findings.gaps);
        findings.evidence =
            frame::evidence::evidence(inputs, bench.asked, bench.window, bench.names, programmes, gaps, spec)?;
        findings.detectable = offer::detectable::detectable(self.offer, bench.shares, spec);
        Ok(())
    }

    /// What changes, and what differs between occupations, areas and sectors.
    fn compare(&self, findings: &mut Findings) -> Result<(), MeasureError> {
        let Self { inputs, spec, panel, cells, .. } = self;
        let offer::gaps::Bench { shares, asked, window, names, .. } = self.bench;
        findings.trends = growth::trends::trends(panel, asked, shares, window, names, &spec.trends);
        findings.trend_variants =
            growth::sensitivity::variants(inputs.postings, asked, window, panel, &findings.trends)?;
        findings.new_skills = growth::newcomers::new_skills(inputs, shares, window, names, spec);
        findings.breaks = growth::breaks::breaks(window, panel);
        findings.stock_flow = growth::stock::stock_and_flow(window);
        findings.specialisations = market::specialisation::specialisations(shares, window, names);
        findings.occupations = market::occupations::occupations(inputs, cells, window, panel, spec);
        findings.transitions =
            market::transition::transitions(asked, names, cells, window, (panel, self.weights), spec);
        findings.sectors = market::sectors::sectors(shares, window, names, spec);
        findings.novel = novel::novel_terms(inputs, window, panel, &spec.novel)?;
        Ok(())
    }

    /// What the postings are, and what official figures say beside them.
    fn describe(&self, findings: &mut Findings) -> Result<(), MeasureError> {
        let Self { inputs, spec, .. } = self;
        let offer::gaps::Bench { shares, asked, window, names, .. } = self.bench;
        let stated = market::pay::Stated::read(inputs.postings, window)?;
        findings.quality = frame::quality::quality(window, asked);
        stated.tell(&mut findings.quality);
        findings.pay = market::pay::posted_pay(&stated, asked, window, names, spec);
        let representation = self.weights.map(|w| w.representation.clone());
        findings.representation = representation.unwrap_or_else(|| adjust::weights::unweighted(window));
        findings.official = inputs.observations.to_vec();
        let recognition = learners::recognition::Recognition::built_in();
        let topics = recognition.topics(inputs.observations);
        findings.learner_indicators =
            learners::learner_indicators::learner_indicators(inputs, window, &recognition, &topics);
        findings.learner_interest = learners::interest::learner_interest(inputs, shares, asked, spec);
        findings.survey_rejects = inputs.survey.map_or_else(Vec::new, |survey| survey.rejects.clone());
        let official = (&recognition, &topics);
        findings.expectations = learners::expectations::expectations(inputs, official, window, (shares, asked), spec);
        Ok(())
    }

    /// What could be offered, and what became of earlier advice.
    fn advise(&self, findings: &mut Findings) {
        let Self { inputs, spec, bench, .. } = self;
        findings.provisions = offer::provision::provisions(inputs, bench.shares, bench.asked, spec);
        findings.proposals = offer::proposals::proposals(inputs, self.taught, bench);
        findings.ledger = offer::ledger::ledger(inputs, self.offer, &findings.gaps, bench);
        let ways = offer::pathways::pathways(inputs, bench.asked, bench.window, spec);
        (findings.pathways, findings.pathway_missing, findings.stacks) = (ways.steps, ways.missing, ways.stacks);
    }

    /// Limits that hold, and names in every language of the report.
    fn name(&self, findings: &mut Findings) {
        let Self { inputs, spec, bench, .. } = self;
        findings.caveats = frame::caveats::caveats(bench.window, &findings.quality, inputs.synthetic, spec);
        let named = named_skills(&bench.asked.skills, &findings.learner_interest, &findings.expectations);
        let shown = findings.pathways.iter().map(|step| step.occupation.as_str());
        let shown = shown.chain(findings.proposals.occupations.iter().map(|o| o.occupation.as_str()));
        let shown = shown.chain(findings.occupations.iter().map(|o| o.occupation.as_str()));
        let shown = shown.chain(findings.new_skills.iter().map(|n| n.occupation.as_str()));
        findings.definitions = frame::editions::definitions(inputs.taxonomy, &findings.evidence);
        findings.editions =
            frame::editions::editions(inputs, spec, (named.as_slice(), shown), &findings.evidence, bench.window);
    }
}

/// Skills that some table names, for the names in other languages.
fn named_skills(asked: &[String], interest: &[LearnerInterest], expected: &[Expectation]) -> Vec<String> {
    let beside = interest.iter().map(|i| &i.skill).chain(expected.iter().filter_map(|e| e.skill.as_ref()));
    asked.iter().chain(beside).cloned().collect::<BTreeSet<_>>().into_iter().collect()
}

/// The part of the frame that follows from the postings.
fn meta(inputs: &MeasureInputs, window: &count::window::Window, spec: &MeasureSpec) -> FindingsMeta {
    FindingsMeta {
        language: spec.language,
        period_first: window.periods.first().cloned(),
        period_last: window.periods.last().cloned(),
        posting_count: window.rows.len() as u64,
        employer_count: u64::from(window.employer_count),
        source_count: window.boards.len() as u64,
        taxonomy_version: inputs.taxonomy.version.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        synthetic: inputs.synthetic,
        min_postings: spec.min_postings,
        min_employers: spec.min_employers,
        top_k: spec.top_k,
        review_below_per_100: spec.review_below_per_100,
        priority_sectors: spec.priority_sectors.clone(),
        ..FindingsMeta::default()
    }
}

#[cfg(test)]
mod tests;
