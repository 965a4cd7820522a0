//! Why a published number is what it is: its formula with the numbers put in, its inputs and the sentences behind it.

use super::index::{Index, PORTFOLIO};
use super::messages::mark_text;
use super::view::evidence_parts;
use crate::types::{Coverage, Demand, Findings, Gap, Lang, OutcomeFinding, ProgrammeFinding, Trend};
use serde::Serialize;

/// Sentences shown.
const MOST_SENTENCES: usize = 20;

/// A sentence with the words that count.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sentence {
    /// Posting id.
    pub posting: String,
    /// Board.
    pub board: String,
    /// Day it was posted.
    pub posted_on: Option<String>,
    /// Language.
    pub language: Lang,
    /// Text before the words.
    pub before: String,
    /// The words.
    pub words: String,
    /// Text after them.
    pub after: String,
    /// Taxonomy label they met.
    pub label: String,
    /// How sure, 0..=1.
    pub score: f32,
}

/// The whole explanation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// `skill`, `programme` or `outcome`.
    pub kind: &'static str,
    /// Its id.
    pub id: String,
    /// Its name or text.
    pub name: String,
    /// Formulas with the numbers put in, one a line.
    pub lines: Vec<String>,
    /// Inputs: (source, SHA-256).
    pub inputs: Vec<(String, String)>,
    /// Evidence.
    pub sentences: Vec<Sentence>,
}

/// Explains a skill (id, anchor name or label), a programme (id) or an outcome (id).
pub fn explain(findings: &Findings, id: &str) -> Option<Explanation> {
    let index = Index::of(findings, findings.meta.language);
    if let Some(programme) = findings.programmes.iter().find(|p| p.programme == id) {
        return Some(of_programme(&index, programme));
    }
    if let Some(outcome) = index.outcome(id) {
        return Some(of_outcome(&index, outcome));
    }
    let by_id = index.slugged().find(|(skill, slug)| *skill == id || *slug == id).map(|(skill, _)| skill);
    let lower = id.to_lowercase();
    let skill = by_id.or_else(|| index.slugged().map(|(s, _)| s).find(|s| index.label(s).to_lowercase() == lower))?;
    Some(of_skill(&index, skill))
}

fn explanation(
    index: &Index,
    kind: &'static str,
    id: &str,
    name: &str,
    lines: Vec<String>,
    skills: &[&str],
) -> Explanation {
    let sentences = skills.iter().flat_map(|s| index.evidence(s)).take(MOST_SENTENCES).map(|e| {
        let (before, words, after) = evidence_parts(e);
        Sentence {
            posting: e.posting.0.clone(),
            board: e.board.clone(),
            posted_on: e.posted_on.clone(),
            language: e.language,
            before: before.to_owned(),
            words: words.to_owned(),
            after: after.to_owned(),
            label: e.label.clone(),
            score: e.score,
        }
    });
    Explanation {
        kind,
        id: id.to_owned(),
        name: name.to_owned(),
        lines,
        inputs: index.findings.meta.snapshots.clone(),
        sentences: sentences.collect(),
    }
}

fn of_skill(index: &Index, skill: &str) -> Explanation {
    let mut lines = Vec::new();
    let demand = index.demand(skill);
    lines.push(demand.map_or_else(|| "demand: not seen in any posting of the window".to_owned(), demand_line));
    if let Some(gap) = index.gap(PORTFOLIO, skill) {
        lines.extend(gap_lines(gap));
    }
    let rows = index.findings.coverage.iter().filter(|c| c.skill == skill);
    lines.extend(rows.map(|c| coverage_line(index, c)));
    lines.extend(index.trend(skill).map(trend_line));
    let name = demand.map_or(skill, |d| d.label.as_str());
    explanation(index, "skill", skill, name, lines, &[skill])
}

fn of_programme(index: &Index, programme: &ProgrammeFinding) -> Explanation {
    let gaps: Vec<&Gap> = index.findings.gaps.iter().filter(|g| g.programme == programme.programme).collect();
    let shares = gaps.iter().filter_map(|g| Some((g.demand.share?, g.coverage)));
    let (asked, met) =
        shares.fold((0.0, 0.0), |(asked, met), (share, coverage)| (asked + share, met + share * coverage));
    let mut lines = vec![format!(
        "postings of its occupations: n = {}, {} known employers, {} boards",
        programme.base_count, programme.employer_count, programme.source_count
    )];
    lines.push(match (programme.coverage, programme.coverage_low, programme.coverage_high) {
        (Some(c), Some(low), Some(high)) => format!(
            "coverage = sum(share x coverage) / sum(share) over {} skills = {met:.4} / {asked:.4} = {c:.4}; 95 % interval {low:.4} to {high:.4}",
            gaps.iter().filter(|g| g.demand.share.is_some()).count()
        ),
        _ => format!("coverage: withheld {}", programme.mark.map_or("[x]", mark_text)),
    });
    lines.push(format!(
        "outcomes with an accepted match: {} of {}",
        programme.outcome_linked_count, programme.outcome_count
    ));
    for (list, skills) in
        [("add", &programme.add), ("strengthen", &programme.strengthen), ("review", &programme.review)]
    {
        for skill in skills {
            if let Some(gap) = index.gap(&programme.programme, skill) {
                let unmet = gap.unmet_per_100.map_or_else(|| "withheld".to_owned(), |u| format!("{u:.2} per 100"));
                let (label, coverage) = (&gap.demand.label, gap.coverage);
                lines.push(format!(
                    "{list}: {label}; coverage {coverage:.3}, not covered {unmet}, n = {}",
                    gap.demand.base_count
                ));
            }
        }
    }
    let skills: Vec<&str> = programme
        .add
        .iter()
        .filter_map(|s| index.gap(&programme.programme, s))
        .map(|g| g.demand.skill.as_str())
        .collect();
    explanation(index, "programme", &programme.programme, &programme.title, lines, &skills)
}

fn of_outcome(index: &Index, outcome: &OutcomeFinding) -> Explanation {
    let mut lines =
        vec![format!("verdict: {:?}, micro-credential {}", outcome.verdict, outcome.credential).to_lowercase()];
    for (skill, label, score, verdict, _) in &outcome.links {
        lines.push(format!("match: {label}, score {score:.3}, {verdict:?}").to_lowercase());
        lines.extend(index.demand(skill).map(demand_line));
    }
    let skills: Vec<&str> = outcome.links.iter().map(|l| l.0.as_str()).collect();
    explanation(index, "outcome", &outcome.outcome.0, &outcome.text, lines, &skills)
}

fn demand_line(d: &Demand) -> String {
    let counts = format!(
        "{} of {} postings, {} known employers, {} boards",
        d.posting_count, d.base_count, d.employer_count, d.source_count
    );
    match (d.share, d.share_low, d.share_high) {
        (Some(share), Some(low), Some(high)) => format!(
            "demand share = {} / {} = {:.2} per 100; 95 % Wilson interval on effective n {:.1}: {:.2} to {:.2}; {counts}",
            d.posting_count,
            d.base_count,
            share * 100.0,
            d.effective_n,
            low * 100.0,
            high * 100.0
        ),
        _ => format!("demand share: withheld {}; {counts}", d.mark.map_or("[x]", mark_text)),
    }
}

fn gap_lines(gap: &Gap) -> Vec<String> {
    let mut lines = Vec::new();
    if let (Some(share), Some(unmet)) = (gap.demand.share, gap.unmet_per_100) {
        lines.push(format!(
            "not covered = share x (1 - coverage) x 100 = {share:.4} x (1 - {:.3}) x 100 = {unmet:.2} per 100",
            gap.coverage
        ));
    }
    let status = format!("{:?}", gap.status).to_lowercase();
    let rank = gap.rank.map_or_else(|| "none".to_owned(), |r| r.to_string());
    let tied = gap.tied_to.filter(|t| Some(*t) > gap.rank).map(|t| format!(", tied down to {t}")).unwrap_or_default();
    lines.push(format!("rank by unmet demand: {rank}{tied}; status: {status}"));
    lines
}

fn coverage_line(index: &Index, c: &Coverage) -> String {
    let outcome = index.outcome(&c.outcome.0).map_or(c.outcome.0.as_str(), |o| o.text.as_str());
    format!(
        "coverage in {} = grade x score = {} x {:.3} = {:.3}, by outcome {} \"{outcome}\"",
        c.programme, c.grade, c.score, c.coverage, c.outcome.0
    )
}

fn trend_line(t: &Trend) -> String {
    let halves =
        format!("{}: {} of {}; {}: {} of {}", t.first, t.first_count, t.first_base, t.last, t.last_count, t.last_base);
    match (t.growth, t.low, t.high) {
        (Some(growth), Some(low), Some(high)) => format!(
            "growth = ln(p1 / p0), 0.5 added to each count = {growth:.3}; 95 % interval {low:.3} to {high:.3} ({halves})"
        ),
        _ => format!("growth: too few postings to say ({halves})"),
    }
}

/// Controls and direction overrides must not reach a terminal.
fn terminal(text: &str) -> String {
    let unsafe_mark = |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if unsafe_mark(c) { '\u{fffd}' } else { c }).collect()
}

impl std::fmt::Display for Explanation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{} {}", self.kind, terminal(&self.name))?;
        writeln!(f, "  id {}", terminal(&self.id))?;
        for line in &self.lines {
            writeln!(f, "  {}", terminal(line))?;
        }
        writeln!(f, "inputs")?;
        for (source, hash) in &self.inputs {
            writeln!(f, "  {} sha256 {}", terminal(source), terminal(hash))?;
        }
        writeln!(f, "sentences ({})", self.sentences.len())?;
        for s in &self.sentences {
            let day = s.posted_on.as_deref().unwrap_or("undated");
            let text = format!("{}[{}]{}", s.before, s.words, s.after);
            writeln!(f, "  {}", terminal(&text))?;
            writeln!(
                f,
                "    {}, {}, posting {}, label \"{}\", score {:.2}",
                terminal(&s.board),
                terminal(day),
                terminal(&s.posting),
                terminal(&s.label),
                s.score
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn a_skill_is_explained_by_id_anchor_or_name_with_its_numbers_put_in() {
        let mut findings = fixture::realistic();
        let demand = &mut findings.gaps[0].demand;
        (demand.posting_count, demand.base_count) = (157, 1120);
        (demand.share, demand.share_low, demand.share_high) = (Some(157.0 / 1120.0), Some(0.12), Some(0.164));
        let demand = demand.clone();
        let (skill, label) = (demand.skill.clone(), demand.label.clone());
        findings.demand.retain(|d| d.skill != skill);
        findings.demand.insert(0, demand);
        let slug = crate::report::index::ascii_slug(&label);
        let one = explain(&findings, &skill).unwrap();
        assert_eq!(Some(&one), explain(&findings, &slug).as_ref());
        assert_eq!(Some(&one), explain(&findings, &label.to_uppercase()).as_ref());
        assert!(one.lines[0].contains("157 / 1120 = 14.02 per 100"), "{}", one.lines[0]);
        assert!(!one.sentences.is_empty() && one.sentences.len() <= 20);
        assert_eq!(one.inputs, findings.meta.snapshots);
        assert!(one.to_string().contains(&format!("[{}]", one.sentences[0].words)));
    }

    #[test]
    fn programmes_and_outcomes_are_explained_and_unknown_ids_are_not() {
        let findings = fixture::realistic();
        let programme = explain(&findings, "MC-002").unwrap();
        assert!(programme.lines.iter().any(|l| l.starts_with("coverage = ")), "{programme}");
        let outcome = explain(&findings, &findings.outcomes[0].outcome.0).unwrap();
        assert!(outcome.lines.iter().any(|l| l.starts_with("match: ")), "{outcome}");
        assert_eq!(explain(&findings, "no such thing"), None);
    }

    #[test]
    fn nothing_from_outside_can_steer_a_terminal() {
        let findings = fixture::hostile();
        for gap in &findings.gaps {
            let text = explain(&findings, &gap.demand.skill).unwrap().to_string();
            assert!(!text.contains(['\u{1b}', '\u{202e}', '\0', '\u{2066}']), "{text}");
        }
    }
}
