//! Look-ups over the findings that several parts of a report need.

use super::editions;
use super::phrase::{Phrase, Piece};
use crate::types::{Demand, Evidence, Findings, Gap, Lang, OutcomeFinding, ProgrammeFinding, Trend};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

pub use crate::types::PORTFOLIO;

/// A programme that teaches a skill, and how much of it.
#[derive(Debug, Clone, Copy)]
pub struct Taught<'a> {
    /// The programme.
    pub programme: &'a str,
    /// Best coverage there, 0..=1.
    pub coverage: f64,
}

/// Findings by what they are about.
pub struct Index<'a> {
    /// The findings.
    pub findings: &'a Findings,
    /// Language of skill names, when it is not the page's.
    foreign: Option<Lang>,
    /// Single names in another language than the page.
    foreign_names: BTreeMap<&'a str, Lang>,
    /// Gaps of the portfolio, by rank.
    pub portfolio_gaps: Vec<&'a Gap>,
    gaps: BTreeMap<(&'a str, &'a str), &'a Gap>,
    demand: BTreeMap<&'a str, &'a Demand>,
    trends: BTreeMap<&'a str, &'a Trend>,
    evidence: BTreeMap<&'a str, Vec<&'a Evidence>>,
    outcomes: BTreeMap<&'a str, &'a OutcomeFinding>,
    programmes: BTreeMap<&'a str, &'a ProgrammeFinding>,
    languages: BTreeMap<&'a str, Lang>,
    taught: BTreeMap<&'a str, Vec<Taught<'a>>>,
    slugs: BTreeMap<&'a str, String>,
    /// Skills whose sentences stand on the page itself.
    here: BTreeSet<&'a str>,
    /// Skills with a place on the evidence page.
    elsewhere: BTreeSet<&'a str>,
    /// That page, as the page links to it.
    evidence_page: String,
}

impl<'a> Index<'a> {
    /// Sorts the findings into drawers, for a page written in `page_language`.
    pub fn of(findings: &'a Findings, page_language: Lang) -> Self {
        let mut portfolio_gaps: Vec<&Gap> = findings.gaps.iter().filter(|g| g.programme == PORTFOLIO).collect();
        portfolio_gaps.sort_by_key(|g| g.rank.unwrap_or(u32::MAX));
        let whole =
            findings.demand.iter().filter(|d| d.area == "all" && d.period == "all" && d.occupation_group == "all");
        let mut evidence: BTreeMap<&str, Vec<&Evidence>> = BTreeMap::new();
        for row in &findings.evidence {
            evidence.entry(&row.skill).or_default().push(row);
        }
        let mut languages = BTreeMap::new();
        for outcome in &findings.outcomes {
            languages.entry(outcome.credential.as_str()).or_insert(outcome.language);
        }
        Self {
            findings,
            foreign: Some(findings.meta.language).filter(|l| *l != page_language),
            foreign_names: editions::foreign(findings),
            portfolio_gaps,
            gaps: findings.gaps.iter().map(|g| ((g.programme.as_str(), g.demand.skill.as_str()), g)).collect(),
            demand: whole.map(|d| (d.skill.as_str(), d)).collect(),
            trends: findings.trends.iter().filter(|t| t.area == "all").map(|t| (t.skill.as_str(), t)).collect(),
            evidence,
            outcomes: findings.outcomes.iter().map(|o| (o.outcome.0.as_str(), o)).collect(),
            programmes: findings.programmes.iter().map(|p| (p.programme.as_str(), p)).collect(),
            languages,
            taught: taught(findings),
            slugs: slugs(findings),
            here: BTreeSet::new(),
            elsewhere: BTreeSet::new(),
            evidence_page: String::new(),
        }
    }

    /// The same with links to sentences: on the page itself, and on the evidence page.
    pub fn with_sentences(self, here: BTreeSet<&'a str>, elsewhere: BTreeSet<&'a str>, evidence_page: String) -> Self {
        Self { here, elsewhere, evidence_page, ..self }
    }

    /// The same for a page that holds no sentences of its own.
    pub fn beside(self, evidence_page: String) -> Self {
        Self { here: BTreeSet::new(), evidence_page, ..self }
    }

    /// The whole offer.
    pub fn portfolio(&self) -> Option<&'a ProgrammeFinding> {
        self.programmes.get(PORTFOLIO).copied()
    }

    /// Programmes beside the portfolio.
    pub fn programme_count(&self) -> usize {
        self.programmes.keys().filter(|id| **id != PORTFOLIO).count()
    }

    /// Gap of a programme for a skill id.
    pub fn gap(&self, programme: &str, skill: &str) -> Option<&'a Gap> {
        self.gaps.get(&(programme, skill)).copied()
    }

    /// Demand in all postings of the window.
    pub fn demand(&self, skill: &str) -> Option<&'a Demand> {
        self.demand.get(skill).copied().or_else(|| self.gaps.get(&(PORTFOLIO, skill)).map(|g| &g.demand))
    }

    /// Growth in all areas together.
    pub fn trend(&self, skill: &str) -> Option<&'a Trend> {
        self.trends.get(skill).copied()
    }

    /// Sentences that show the skill.
    pub fn evidence(&self, skill: &str) -> &[&'a Evidence] {
        self.evidence.get(skill).map_or(&[], Vec::as_slice)
    }

    /// The outcome with that id.
    pub fn outcome(&self, id: &str) -> Option<&'a OutcomeFinding> {
        self.outcomes.get(id).copied()
    }

    /// Programmes that teach the skill, best first.
    pub fn taught(&self, skill: &str) -> &[Taught<'a>] {
        self.taught.get(skill).map_or(&[], Vec::as_slice)
    }

    /// Anchor name of the skill.
    pub fn slug(&self, skill: &str) -> Option<&str> {
        self.slugs.get(skill).map(String::as_str)
    }

    /// Link to the sentences of a skill, where a page shows any.
    pub fn evidence_href(&self, skill: &str) -> Option<String> {
        let slug = self.slug(skill)?;
        if self.here.contains(skill) {
            return Some(format!("#evidence-{slug}"));
        }
        self.elsewhere.contains(skill).then(|| format!("{}#finding-{slug}", self.evidence_page))
    }

    /// Skill name, linked to its sentences.
    pub fn skill(&self, skill: &str, label: &str) -> Phrase {
        vec![self.name(label).linked(self.evidence_href(skill))]
    }

    /// A name in the report's language.
    pub fn name(&self, label: &str) -> Piece {
        let foreign = self.foreign.or_else(|| self.foreign_names.get(label).copied());
        foreign.map_or_else(|| Piece::outside(label), |language| Piece::spoken(label, language))
    }

    /// Programme title in its language, where its outcomes tell.
    pub fn programme(&self, id: &str) -> Piece {
        let title = self.programmes.get(id).map_or(id, |p| p.title.as_str());
        self.titled(id, title)
    }

    /// A title in the language of the outcomes below it, where they tell.
    pub fn titled(&self, id: &str, title: &str) -> Piece {
        let arabic = title.chars().any(|c| ('\u{0600}'..='\u{06ff}').contains(&c));
        match self.languages.get(id) {
            Some(language) => Piece::spoken(title, *language),
            None if arabic => Piece::spoken(title, Lang::Ar),
            None => Piece::outside(title),
        }
    }

    /// Name of a skill met anywhere in the findings.
    pub fn label(&self, skill: &'a str) -> &'a str {
        self.demand(skill).map_or(skill, |d| d.label.as_str())
    }

    /// Skills that have an anchor, with it.
    pub fn slugged(&self) -> impl Iterator<Item = (&'a str, &str)> {
        self.slugs.iter().map(|(skill, slug)| (*skill, slug.as_str()))
    }
}

fn taught(findings: &Findings) -> BTreeMap<&str, Vec<Taught<'_>>> {
    let mut by_skill: BTreeMap<&str, Vec<Taught>> = BTreeMap::new();
    let real = findings.coverage.iter().filter(|c| c.programme != PORTFOLIO && c.coverage > 0.0);
    for row in real {
        by_skill.entry(&row.skill).or_default().push(Taught { programme: &row.programme, coverage: row.coverage });
    }
    for rows in by_skill.values_mut() {
        rows.sort_by(|a, b| b.coverage.total_cmp(&a.coverage).then(a.programme.cmp(b.programme)));
        rows.dedup_by_key(|t| t.programme);
    }
    by_skill
}

/// One anchor per skill: its name in ASCII, or eight digits of the id's hash when that is empty or taken.
fn slugs(findings: &Findings) -> BTreeMap<&str, String> {
    let mut labels: BTreeMap<&str, &str> = BTreeMap::new();
    let named = findings.demand.iter().chain(findings.gaps.iter().map(|g| &g.demand));
    for demand in named {
        labels.entry(&demand.skill).or_insert(&demand.label);
    }
    for trend in &findings.trends {
        labels.entry(&trend.skill).or_insert(&trend.label);
    }
    for evidence in &findings.evidence {
        labels.entry(&evidence.skill).or_insert(&evidence.label);
    }
    let mut used = BTreeSet::new();
    let mut slugs = BTreeMap::new();
    for (skill, label) in labels {
        let name = ascii_slug(label);
        let digest = Sha256::digest(skill.as_bytes());
        let hash: String = digest.iter().take(4).map(|b| format!("{b:02x}")).collect();
        let slug = match name.as_str() {
            "" => hash,
            name if used.contains(name) => format!("{name}-{hash}"),
            name => name.to_owned(),
        };
        used.insert(slug.clone());
        slugs.insert(skill, slug);
    }
    slugs
}

/// Lower-case ASCII letters and digits with single hyphens, at most 60.
pub fn ascii_slug(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
        if out.len() >= 60 {
            break;
        }
    }
    out.trim_end_matches('-').to_owned()
}
