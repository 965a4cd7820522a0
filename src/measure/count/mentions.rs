//! Which posting asks for which skill: a skill counts once per posting, and only when its match is accepted.

use crate::measure::MeasureError;
use crate::measure::count::frames::{codes, collect, count_error, frame, join, numbers, packed, scan, unpack};
use crate::measure::count::window::Window;
use crate::types::{Linked, Verdict};
use polars::prelude::{Column, DataFrame, DataType, Engine, LazyFrame, NamedFrom, PolarsError, Series, col, len, lit};
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;

/// Skills asked for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Asked {
    /// Skills seen in an accepted mention or taught by an accepted link, sorted; the position is the code.
    pub skills: Vec<String>,
    /// (skill, posting row), packed and sorted.
    pub pairs: Vec<u64>,
    /// Where each skill's pairs start; one more at the end.
    starts: Vec<usize>,
    /// Accepted mentions.
    pub accepted_mention_count: u64,
    /// Mentions for review.
    pub review_mention_count: u64,
}

impl Asked {
    /// Reads three columns of the table.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(path: &Path, window: &Window, links: &[Linked]) -> Result<Self, MeasureError> {
        let table = scan(path)?.select(["posting", "skill", "verdict"].map(col));
        Self::count(table, window, links).map_err(count_error(path))
    }

    fn count(table: LazyFrame, window: &Window, links: &[Linked]) -> Result<Self, PolarsError> {
        let ids = texts("posting", &window.ids);
        let inside = join(table, frame(vec![ids, codes("row", (0..window.ids.len() as u32).collect())])?, "posting");
        let by_verdict = inside.clone().group_by([col("skill"), col("verdict")]).agg([len().cast(DataType::UInt64)]);
        let (mut skills, accepted_mention_count, review_mention_count) =
            verdicts(&collect(by_verdict, Engine::Streaming)?)?;
        skills.extend(taught(links));
        let skills: Vec<String> = skills.into_iter().collect();
        let codes_of_skills = frame(vec![texts("skill", &skills), codes("code", (0..skills.len() as u32).collect())])?;
        let accepted = join(inside.filter(col("verdict").eq(lit("accepted"))), codes_of_skills, "skill");
        let pairs = numbers(&collect(accepted.select([packed("code", "row")]), Engine::Streaming)?, "key")?;
        Ok(Self { accepted_mention_count, review_mention_count, ..Self::of(skills, pairs) })
    }

    /// Things that postings have, by (code of the thing, row) in any order.
    pub fn of(skills: Vec<String>, mut pairs: Vec<u64>) -> Self {
        pairs.sort_unstable();
        pairs.dedup();
        let starts = (0..=skills.len() as u32).map(|s| pairs.partition_point(|p| unpack(*p).0 < s)).collect();
        Self { skills, pairs, starts, accepted_mention_count: 0, review_mention_count: 0 }
    }

    /// Skills without postings, sorted: what to look coverage up by.
    pub fn of_skills(skills: BTreeSet<String>) -> Self {
        Self { skills: skills.into_iter().collect(), ..Self::default() }
    }

    /// Pairs of one skill.
    pub fn pairs_of(&self, skill: u32) -> &[u64] {
        let at = |i: u32| self.starts.get(i as usize).copied().unwrap_or(self.pairs.len());
        self.pairs.get(at(skill)..at(skill + 1)).unwrap_or_default()
    }

    /// Codes of skills in one run per thread, each with about as many pairs.
    pub fn runs(&self) -> Vec<Range<u32>> {
        let workers = rayon::current_num_threads().max(1);
        let skills = self.skills.len() as u32;
        let bound = |worker: usize| {
            let pairs = self.pairs.len() * worker / workers;
            (self.starts.partition_point(|start| *start < pairs) as u32).min(skills)
        };
        (0..workers).map(|w| if w + 1 == workers { bound(w)..skills } else { bound(w)..bound(w + 1) }).collect()
    }

    /// Code of a skill.
    pub fn code(&self, skill: &str) -> Option<u32> {
        self.skills.binary_search_by(|s| s.as_str().cmp(skill)).ok().map(|i| i as u32)
    }
}

fn texts(name: &str, values: &[String]) -> Column {
    Column::from(Series::new(name.into(), values))
}

/// Skills of accepted links.
fn taught(links: &[Linked]) -> impl Iterator<Item = String> {
    let links = links.iter().flat_map(|l| &l.links).filter(|l| l.verdict == Verdict::Accepted);
    links.map(|l| l.skill.0.clone())
}

/// Skills with an accepted mention, accepted mentions, mentions for review.
fn verdicts(table: &DataFrame) -> Result<(BTreeSet<String>, u64, u64), PolarsError> {
    let (skill, verdict, count) =
        (table.column("skill")?.str()?, table.column("verdict")?.str()?, numbers(table, "len")?);
    let (mut skills, mut accepted, mut review) = (BTreeSet::new(), 0, 0);
    for ((skill, verdict), count) in skill.iter().zip(verdict.iter()).zip(count) {
        match verdict {
            Some("accepted") => {
                accepted += count;
                skills.extend(skill.map(str::to_owned));
            }
            Some("review") => review += count,
            _ => {}
        }
    }
    Ok((skills, accepted, review))
}
