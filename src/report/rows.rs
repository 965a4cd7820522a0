//! Flat rows of the findings that are nested in memory, for CSV and Parquet.

use crate::types::tables::{Table, adjusted, maybe, maybe_text, number, text};
use crate::types::{
    CorrectionStatus, Findings, GapStatus, Lang, Mark, NovelTerm, OutcomeId, PostingId, TrendCall, Verdict,
};
use arrow::datatypes::{DataType, FieldRef};
use serde::{Deserialize, Serialize};

/// A gap, flat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GapRow {
    /// Programme id, or `portfolio`.
    pub programme: String,
    /// Skill id.
    pub skill: String,
    /// Name in the report's language.
    pub label: String,
    /// Name of the broader skill or group.
    pub group: String,
    /// Postings that ask for it.
    pub posting_count: u64,
    /// Postings in the programme's target occupations.
    pub base_count: u64,
    /// Known employers that ask for it.
    pub employer_count: u64,
    /// Boards it was seen on.
    pub source_count: u64,
    /// Demand share, 0..=1.
    pub share: Option<f64>,
    /// Lower end of its 95 % interval.
    pub share_low: Option<f64>,
    /// Upper end.
    pub share_high: Option<f64>,
    /// Best coverage, 0..=1.
    pub coverage: f64,
    /// Outcome that gives it.
    pub outcome: Option<OutcomeId>,
    /// Postings per 100 that ask for it and find it untaught.
    pub unmet_per_100: Option<f64>,
    /// Lower end.
    pub unmet_low: Option<f64>,
    /// Upper end.
    pub unmet_high: Option<f64>,
    /// Rank by unmet demand, 1 = largest.
    pub rank: Option<u32>,
    /// Last rank tied with it.
    pub tied_to: Option<u32>,
    /// How often it is among the largest.
    pub top_probability: Option<f64>,
    /// What it suggests.
    pub status: GapStatus,
    /// Carries the ESCO green label.
    pub green: bool,
    /// Carries the ESCO digital label.
    pub digital: bool,
    /// Mark, if any.
    pub mark: Option<Mark>,
    /// Demand share, weighted to official employment.
    pub weighted_share: Option<f64>,
    /// Lower end of its 95 % interval.
    pub weighted_low: Option<f64>,
    /// Upper end.
    pub weighted_high: Option<f64>,
    /// Postings that interval rests on.
    pub weighted_effective_n: Option<f64>,
    /// Demand share, corrected for errors of extraction.
    pub corrected_share: Option<f64>,
    /// Lower end of its 95 % interval.
    pub corrected_low: Option<f64>,
    /// Upper end.
    pub corrected_high: Option<f64>,
    /// What became of the correction.
    pub correction: Option<CorrectionStatus>,
}

/// A trend, flat, without its series (which `demand` holds by period).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrendRow {
    /// Skill id.
    pub skill: String,
    /// Name in the report's language.
    pub label: String,
    /// Area code or `all`.
    pub area: String,
    /// Periods of the earlier half.
    pub first: String,
    /// Periods of the later half.
    pub last: String,
    /// Postings asking, earlier half.
    pub first_count: u64,
    /// Postings, earlier half.
    pub first_base: u64,
    /// Postings asking, later half.
    pub last_count: u64,
    /// Postings, later half.
    pub last_base: u64,
    /// `ln(p1 / p0)`.
    pub growth: Option<f64>,
    /// Lower end of its 95 % interval.
    pub growth_low: Option<f64>,
    /// Upper end.
    pub growth_high: Option<f64>,
    /// Least false discovery rate at which it is called.
    pub q: Option<f64>,
    /// Known employers asking, later half.
    pub last_employers: u64,
    /// Boards it was seen on, later half.
    pub last_sources: u64,
    /// What it allows to say.
    pub call: TrendCall,
}

/// A learning outcome with one of its links; an outcome without links has one row without skill.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutcomeRow {
    /// Outcome id.
    pub outcome: OutcomeId,
    /// Its micro-credential.
    pub credential: String,
    /// The statement.
    pub text: String,
    /// Its language.
    pub language: Lang,
    /// Verdict for the outcome as a whole.
    pub outcome_verdict: Verdict,
    /// Position of the link, 1 = best.
    pub link_rank: Option<u32>,
    /// Skill id.
    pub skill: Option<String>,
    /// Its name.
    pub label: Option<String>,
    /// Match score, 0..=1.
    pub score: Option<f32>,
    /// Verdict of the link.
    pub verdict: Option<Verdict>,
    /// Demand share of the skill in all postings, 0..=1.
    pub share: Option<f64>,
}

/// A novel term, flat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NovelRow {
    /// Position in its language, 1 = first.
    pub rank: u32,
    /// The words.
    pub term: String,
    /// Language of the passages it stands in.
    pub language: Lang,
    /// Postings with the term.
    pub posting_count: u64,
    /// Postings with passages in its language.
    pub base_count: u64,
    /// Known employers among them.
    pub employer_count: u64,
    /// `posting_count / base_count`, 0..=1.
    pub share: f64,
    /// C-value.
    pub c_value: f64,
    /// Longer candidate terms that hold this one.
    pub nested_in: u64,
    /// Effective employers / postings, 0..=1.
    pub spread: f64,
    /// Postings with the term, earlier half.
    pub first_count: u64,
    /// Postings, earlier half.
    pub first_base: u64,
    /// Postings with the term, later half.
    pub last_count: u64,
    /// Postings, later half.
    pub last_base: u64,
    /// `ln(p1 / p0)`.
    pub growth: Option<f64>,
    /// Lower end of its 95 % interval.
    pub growth_low: Option<f64>,
    /// Upper end.
    pub growth_high: Option<f64>,
    /// What the terms of a language are ranked by.
    pub term_score: f64,
    /// A sentence with the term.
    pub sentence_1: Option<String>,
    /// Its posting.
    pub posting_1: Option<PostingId>,
    /// A second one.
    pub sentence_2: Option<String>,
    /// Its posting.
    pub posting_2: Option<PostingId>,
    /// A third one.
    pub sentence_3: Option<String>,
    /// Its posting.
    pub posting_3: Option<PostingId>,
}

/// Rows of `novel_terms`.
pub fn novel_rows(findings: &Findings) -> Vec<NovelRow> {
    findings.novel.terms.iter().map(novel_row).collect()
}

fn novel_row(term: &NovelTerm) -> NovelRow {
    let context = |i: usize| term.contexts.get(i).map(|c| (c.sentence.clone(), c.posting.clone())).unzip();
    let [(sentence_1, posting_1), (sentence_2, posting_2), (sentence_3, posting_3)] = [0, 1, 2].map(context);
    NovelRow {
        rank: term.rank,
        term: term.term.clone(),
        language: term.language,
        posting_count: term.posting_count,
        base_count: term.base_count,
        employer_count: term.employer_count,
        share: term.share,
        c_value: term.c_value,
        nested_in: term.nested_in,
        spread: term.spread,
        first_count: term.first_count,
        first_base: term.first_base,
        last_count: term.last_count,
        last_base: term.last_base,
        growth: term.growth,
        growth_low: term.growth_low,
        growth_high: term.growth_high,
        term_score: term.score,
        sentence_1,
        posting_1,
        sentence_2,
        posting_2,
        sentence_3,
        posting_3,
    }
}

/// Rows of `gaps`.
pub fn gap_rows(findings: &Findings) -> Vec<GapRow> {
    let row = |gap: &crate::types::Gap| GapRow {
        programme: gap.programme.clone(),
        skill: gap.demand.skill.clone(),
        label: gap.demand.label.clone(),
        group: gap.group.clone(),
        posting_count: gap.demand.posting_count,
        base_count: gap.demand.base_count,
        employer_count: gap.demand.employer_count,
        source_count: gap.demand.source_count,
        share: gap.demand.share,
        share_low: gap.demand.share_low,
        share_high: gap.demand.share_high,
        coverage: gap.coverage,
        outcome: gap.outcome.clone(),
        unmet_per_100: gap.unmet_per_100,
        unmet_low: gap.unmet_low,
        unmet_high: gap.unmet_high,
        rank: gap.rank,
        tied_to: gap.tied_to,
        top_probability: gap.top_probability,
        status: gap.status,
        green: gap.green,
        digital: gap.digital,
        mark: gap.demand.mark,
        weighted_share: gap.demand.weighted_share,
        weighted_low: gap.demand.weighted_low,
        weighted_high: gap.demand.weighted_high,
        weighted_effective_n: gap.demand.weighted_effective_n,
        corrected_share: gap.demand.corrected_share,
        corrected_low: gap.demand.corrected_low,
        corrected_high: gap.demand.corrected_high,
        correction: gap.demand.correction,
    };
    findings.gaps.iter().map(row).collect()
}

/// Rows of `trends`.
pub fn trend_rows(findings: &Findings) -> Vec<TrendRow> {
    let row = |trend: &crate::types::Trend| TrendRow {
        skill: trend.skill.clone(),
        label: trend.label.clone(),
        area: trend.area.clone(),
        first: trend.first.clone(),
        last: trend.last.clone(),
        first_count: trend.first_count,
        first_base: trend.first_base,
        last_count: trend.last_count,
        last_base: trend.last_base,
        growth: trend.growth,
        growth_low: trend.low,
        growth_high: trend.high,
        q: trend.q,
        last_employers: trend.last_employers,
        last_sources: trend.last_sources,
        call: trend.call,
    };
    findings.trends.iter().map(row).collect()
}

/// Rows of `outcomes`.
pub fn outcome_rows(findings: &Findings) -> Vec<OutcomeRow> {
    let mut rows = Vec::new();
    for finding in &findings.outcomes {
        let bare = OutcomeRow {
            outcome: finding.outcome.clone(),
            credential: finding.credential.clone(),
            text: finding.text.clone(),
            language: finding.language,
            outcome_verdict: finding.verdict,
            link_rank: None,
            skill: None,
            label: None,
            score: None,
            verdict: None,
            share: None,
        };
        if finding.links.is_empty() {
            rows.push(bare.clone());
        }
        for (rank, (skill, label, score, verdict, share)) in (1u32..).zip(&finding.links) {
            rows.push(OutcomeRow {
                link_rank: Some(rank),
                skill: Some(skill.clone()),
                label: Some(label.clone()),
                score: Some(*score),
                verdict: Some(*verdict),
                share: *share,
                ..bare.clone()
            });
        }
    }
    rows
}

impl Table for GapRow {
    fn columns() -> Vec<FieldRef> {
        let mut columns = ["programme", "skill", "label", "group"].map(text).to_vec();
        let counts = ["posting_count", "base_count", "employer_count", "source_count"];
        columns.extend(counts.map(|n| number(n, DataType::UInt64)));
        columns.extend(["share", "share_low", "share_high"].map(|n| maybe(n, DataType::Float64)));
        columns.extend([number("coverage", DataType::Float64), maybe_text("outcome")]);
        columns.extend(["unmet_per_100", "unmet_low", "unmet_high"].map(|n| maybe(n, DataType::Float64)));
        columns.extend(["rank", "tied_to"].map(|n| maybe(n, DataType::UInt32)));
        columns.push(maybe("top_probability", DataType::Float64));
        columns.push(text("status"));
        columns.extend(["green", "digital"].map(|n| number(n, DataType::Boolean)));
        columns.push(maybe_text("mark"));
        columns.extend(adjusted());
        columns
    }
}

impl Table for TrendRow {
    fn columns() -> Vec<FieldRef> {
        let mut columns = ["skill", "label", "area", "first", "last"].map(text).to_vec();
        let counts = ["first_count", "first_base", "last_count", "last_base"];
        columns.extend(counts.map(|n| number(n, DataType::UInt64)));
        columns.extend(["growth", "growth_low", "growth_high", "q"].map(|n| maybe(n, DataType::Float64)));
        columns.extend(["last_employers", "last_sources"].map(|n| number(n, DataType::UInt64)));
        columns.push(text("call"));
        columns
    }
}

impl Table for NovelRow {
    fn columns() -> Vec<FieldRef> {
        let mut columns = vec![number("rank", DataType::UInt32), text("term"), text("language")];
        columns.extend(["posting_count", "base_count", "employer_count"].map(|n| number(n, DataType::UInt64)));
        columns.extend(["share", "c_value"].map(|n| number(n, DataType::Float64)));
        columns.extend([number("nested_in", DataType::UInt64), number("spread", DataType::Float64)]);
        let halves = ["first_count", "first_base", "last_count", "last_base"];
        columns.extend(halves.map(|n| number(n, DataType::UInt64)));
        columns.extend(["growth", "growth_low", "growth_high"].map(|n| maybe(n, DataType::Float64)));
        columns.push(number("term_score", DataType::Float64));
        let contexts = ["sentence_1", "posting_1", "sentence_2", "posting_2", "sentence_3", "posting_3"];
        columns.extend(contexts.map(maybe_text));
        columns
    }
}

impl Table for OutcomeRow {
    fn columns() -> Vec<FieldRef> {
        let mut columns = ["outcome", "credential", "text", "language", "outcome_verdict"].map(text).to_vec();
        columns.push(maybe("link_rank", DataType::UInt32));
        columns.extend(["skill", "label"].map(maybe_text));
        columns.extend([maybe("score", DataType::Float32), maybe_text("verdict"), maybe("share", DataType::Float64)]);
        columns
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;
    use crate::store::{read_table, write_table};

    fn there_and_back<T: Table + PartialEq + std::fmt::Debug>(rows: &[T]) {
        assert!(!rows.is_empty());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.parquet");
        write_table(&path, rows).unwrap();
        let back: Vec<T> = read_table(&path).unwrap().flat_map(Result::unwrap).collect();
        assert_eq!(back, rows);
    }

    #[test]
    fn flat_rows_come_back_from_parquet_as_they_went_in() {
        for findings in [fixture::realistic(), fixture::hostile()] {
            there_and_back(&gap_rows(&findings));
            there_and_back(&trend_rows(&findings));
            there_and_back(&outcome_rows(&findings));
            there_and_back(&novel_rows(&findings));
            there_and_back(&findings.pathways);
            there_and_back(&findings.pathway_missing);
            there_and_back(&findings.stacks.iter().map(crate::types::StackRow::from).collect::<Vec<_>>());
            there_and_back(&findings.ledger);
            there_and_back(&findings.workshop.decisions);
            there_and_back(&findings.assurance);
            there_and_back(&findings.pay);
            there_and_back(&findings.sectors);
        }
    }
}
