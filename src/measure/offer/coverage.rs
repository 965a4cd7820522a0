//! How much of each skill the offer teaches, through accepted links and the skill hierarchy.

use crate::measure::MeasureInputs;
use crate::measure::count::bootstrap::mix;
use crate::measure::count::mentions::Asked;
use crate::measure::offer::plans::Offer;
use crate::types::{Coverage, Linked, OutcomeId, Taxonomy, Verdict};
use rustc_hash::FxHashMap;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Grade of an outcome linked to the skill itself or to a directly narrower one.
const SAME_OR_NARROWER: f64 = 1.0;

/// Grade of an outcome linked to a directly broader skill: it may touch the skill, but says nothing of it.
const DIRECTLY_BROADER: f64 = 0.5;

/// Coverage is added up in millionths, so that sums do not depend on their order.
pub const MILLION: f64 = 1e6;

/// Coverage in millionths.
pub fn millionths(coverage: f64) -> u64 {
    (coverage.clamp(0.0, 1.0) * MILLION).round() as u64
}

/// The outcome that covers a skill best.
#[derive(Debug, Clone, PartialEq)]
pub struct Best {
    /// Grade x score, 0..=1.
    pub coverage: f64,
    /// 1 or 0.5.
    pub grade: f64,
    /// Match score.
    pub score: f64,
    /// The outcome.
    pub outcome: OutcomeId,
    /// Skill the outcome is linked to.
    pub linked_skill: String,
}

/// A match that covers a skill to some extent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reach {
    /// 1 or 0.5.
    pub grade: f64,
    /// Probability that the match is right.
    pub score: f64,
    /// Name of the match among the draws.
    pub key: u64,
}

/// Best coverage by skill code, for each programme of the offer.
#[derive(Debug, Clone, PartialEq)]
pub struct Taught {
    programmes: Vec<(String, BTreeMap<u32, Best>)>,
    /// All matches by skill code, for each programme.
    reaches: Vec<BTreeMap<u32, Vec<Reach>>>,
    skills: Vec<String>,
}

impl Taught {
    /// Follows every accepted link to the skills it covers that are asked for or taught.
    pub fn new(inputs: &MeasureInputs, offer: &Offer, asked: &Asked) -> Self {
        let hierarchy = Hierarchy::new(inputs.taxonomy, asked);
        let links: FxHashMap<&str, &Linked> = inputs.links.iter().map(|l| (l.outcome.0.as_str(), l)).collect();
        let mut reaches = FxHashMap::default();
        let (mut programmes, mut all) = (Vec::new(), Vec::new());
        for programme in &offer.programmes {
            let mut best = BTreeMap::new();
            let mut own: BTreeMap<u32, Vec<Reach>> = BTreeMap::new();
            for linked in programme.outcomes.iter().filter_map(|o| links.get(o.id.0.as_str())) {
                for link in linked.links.iter().filter(|l| l.verdict == Verdict::Accepted) {
                    let skill = link.skill.0.as_str();
                    let reach = reaches.entry(skill).or_insert_with(|| hierarchy.reach(skill));
                    for (code, grade) in reach.iter() {
                        let score = f64::from(link.score.get());
                        let key = key_of(&linked.outcome.0, skill);
                        own.entry(*code).or_default().push(Reach { grade: *grade, score, key });
                        let (outcome, linked_skill) = (linked.outcome.clone(), skill.to_owned());
                        keep_better(
                            &mut best,
                            *code,
                            Best { coverage: grade * score, grade: *grade, score, outcome, linked_skill },
                        );
                    }
                }
            }
            programmes.push((programme.id.clone(), best));
            all.push(own);
        }
        Self { programmes, reaches: all, skills: asked.skills.clone() }
    }

    /// Coverage of a programme by its place in the offer; 0 = portfolio.
    pub fn of(&self, place: usize) -> Option<&BTreeMap<u32, Best>> {
        self.programmes.get(place).map(|(_, best)| best)
    }

    /// Matches that cover each skill, by a programme's place in the offer.
    pub fn reach_of(&self, place: usize) -> Option<&BTreeMap<u32, Vec<Reach>>> {
        self.reaches.get(place)
    }

    /// As rows, programmes in the order of the offer, skills by id.
    pub fn into_rows(self) -> Vec<Coverage> {
        let skills = &self.skills;
        let rows = self.programmes.into_iter().flat_map(|(programme, best)| {
            best.into_iter().map(move |(code, best)| Coverage {
                programme: programme.clone(),
                skill: skills.get(code as usize).cloned().unwrap_or_default(),
                coverage: best.coverage,
                grade: best.grade,
                outcome: best.outcome,
                linked_skill: best.linked_skill,
                score: best.score,
            })
        });
        rows.collect()
    }
}

/// Name of a match among the draws: the same in every programme that has the outcome.
fn key_of(outcome: &str, skill: &str) -> u64 {
    let hash = |text: &str| {
        text.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01B3))
    };
    mix(hash(outcome) ^ hash(skill).rotate_left(32))
}

/// Larger coverage, then the plainer grade; ids decide the rest, so that the order of outcomes does not.
fn keep_better(best: &mut BTreeMap<u32, Best>, code: u32, new: Best) {
    let better = |old: &Best| {
        let worth = new.coverage.total_cmp(&old.coverage).then(new.grade.total_cmp(&old.grade));
        let name = |b: &Best| (b.outcome.clone(), b.linked_skill.clone());
        worth.then_with(|| name(old).cmp(&name(&new))) == Ordering::Greater
    };
    if best.get(&code).is_none_or(better) {
        best.insert(code, new);
    }
}

/// Broader and narrower among the skills of the run. Wide groups are no skills, so siblings never cover each other.
pub struct Hierarchy<'a> {
    taxonomy: &'a Taxonomy,
    asked: &'a Asked,
    /// Skills of the run by their directly broader skill.
    narrower: FxHashMap<&'a str, Vec<u32>>,
}

impl<'a> Hierarchy<'a> {
    /// Files the skills of the run under their broader ones.
    pub fn new(taxonomy: &'a Taxonomy, asked: &'a Asked) -> Self {
        let mut narrower: FxHashMap<&str, Vec<u32>> = FxHashMap::default();
        for (code, id) in (0..).zip(&asked.skills) {
            for broader in broader(taxonomy, id) {
                narrower.entry(broader).or_default().push(code);
            }
        }
        Self { taxonomy, asked, narrower }
    }

    /// Skills that teaching `skill` covers, with their grade. One step: two steps up, a skill is a field of work.
    pub fn reach(&self, skill: &'a str) -> Vec<(u32, f64)> {
        let taught: BTreeSet<&str> = broader(self.taxonomy, skill).chain([skill]).collect();
        let full = taught.iter().filter_map(|id| self.asked.code(id)).map(|code| (code, SAME_OR_NARROWER));
        let below = self.narrower.get(skill).into_iter().flatten().map(|code| (*code, DIRECTLY_BROADER));
        full.chain(below).collect()
    }

    /// Skills of the run that are broader than `skill` at any depth, itself among them.
    pub fn above(&self, skill: &'a str) -> Vec<u32> {
        let mut above = BTreeSet::from([skill]);
        let mut open = vec![skill];
        while let Some(next) = open.pop() {
            open.extend(broader(self.taxonomy, next).filter(|id| above.insert(id)));
        }
        above.iter().filter_map(|id| self.asked.code(id)).collect()
    }
}

/// Directly broader concepts that are skills themselves.
fn broader<'a>(taxonomy: &'a Taxonomy, id: &str) -> impl Iterator<Item = &'a str> {
    let skill = taxonomy.skill_index(id).and_then(|i| taxonomy.skills.get(i));
    let broader = skill.into_iter().flat_map(|s| &s.broader).map(String::as_str);
    broader.filter(|id| taxonomy.skill_index(id).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Reuse, Skill, SkillId, SkillKind};

    /// FNV-1a of 64 bits (`foobar` 0x85944171f73967e8, `a` 0xaf63dc4c8601ec8c in its authors' test suite), the second rotated
    /// by 32 bits, then `splitmix64`, in Python.
    #[test]
    fn a_match_is_drawn_by_a_name_of_its_own_in_every_edition() {
        assert_eq!(key_of("foobar", "a"), 0x031A_16BB_FDF1_55B1);
        assert_eq!(key_of("a", "foobar"), 0x1C1F_7AEC_7E37_24EA);
        let keys: BTreeSet<u64> = (0..100).map(|i| key_of(&format!("o{}", i / 10), &format!("s{}", i % 10))).collect();
        assert_eq!(keys.len(), 100);
    }

    #[test]
    fn the_better_match_covers_a_skill_whichever_comes_first() {
        let of = |coverage: f64, grade: f64, outcome: &str, linked: &str| Best {
            coverage,
            grade,
            score: coverage / grade,
            outcome: OutcomeId(outcome.into()),
            linked_skill: linked.into(),
        };
        // Larger coverage, then the larger grade, then the smaller name.
        let by_worth =
            [of(0.5, 0.5, "o9", "s9"), of(0.4, 1.0, "o2", "s2"), of(0.4, 0.5, "o1", "s1"), of(0.4, 0.5, "o1", "s2")];
        for (at, better) in by_worth.iter().enumerate() {
            for worse in &by_worth[at..] {
                for pair in [[better, worse], [worse, better]] {
                    let mut best = BTreeMap::new();
                    pair.into_iter().for_each(|b| keep_better(&mut best, 7, b.clone()));
                    assert_eq!(best.get(&7), Some(better));
                }
            }
        }
    }

    #[test]
    fn coverage_is_told_to_the_millionth() {
        assert_eq!([0.0, 0.25, 1.0, 2.0, -1.0, 1e-6 / 3.0].map(millionths), [0, 250_000, 1_000_000, 1_000_000, 0, 0]);
    }

    fn skill(id: &str, broader: &[&str]) -> Skill {
        Skill {
            id: SkillId(id.into()),
            kind: SkillKind::Skill,
            reuse: Reuse::CrossSector,
            labels: vec![],
            description: None,
            broader: broader.iter().map(|b| (*b).to_owned()).collect(),
            green: false,
            digital: false,
        }
    }

    #[test]
    fn a_skill_two_steps_up_is_broader_and_yet_not_covered_whether_the_run_has_the_one_between_or_not() {
        let skills = vec![skill("child", &["mid"]), skill("mid", &["top"]), skill("other", &[]), skill("top", &[])];
        let taxonomy = Taxonomy { skills, ..Taxonomy::default() };
        let of = |ids: &[&str]| Asked::of_skills(ids.iter().map(|id| (*id).to_owned()).collect());
        let asked = of(&["child", "mid", "other", "top"]);
        let hierarchy = Hierarchy::new(&taxonomy, &asked);
        assert_eq!((hierarchy.above("child"), hierarchy.above("top")), (vec![0, 1, 3], vec![3]));
        assert_eq!(hierarchy.reach("child"), [(0, 1.0), (1, 1.0)]);
        assert_eq!(hierarchy.reach("top"), [(3, 1.0), (1, 0.5)]);
        let asked = of(&["child", "other", "top"]);
        let hierarchy = Hierarchy::new(&taxonomy, &asked);
        assert_eq!((hierarchy.above("child"), hierarchy.reach("child")), (vec![0, 2], vec![(0, 1.0)]));
    }
}
