//! The postings of an occupation as whole numbers: who asks for which skill, by employer.

use super::choose::Cover;
use crate::measure::MeasureSpec;
use crate::measure::count::bootstrap::replicate;
use crate::measure::count::frames::unpack;
use crate::measure::count::intervals::{
    Asking, Clusters, Estimate, design_effect, estimate, percentile_interval, worst_design_effect,
};
use crate::measure::count::mentions::Asked;
use crate::measure::count::suppression::{Publication, publication};
use crate::measure::count::window::{Row, Window};
use crate::measure::offer::coverage::MILLION;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Which profile a posting belongs to.
pub struct Members {
    /// Profile of each occupation of the window.
    pub by_occupation: Vec<Option<u32>>,
    /// Profile of all postings.
    pub whole: Option<u32>,
    /// Number of profiles.
    pub count: u32,
}

impl Members {
    fn of(&self, row: &Row) -> impl Iterator<Item = u32> + use<> {
        let own = row.occupation.and_then(|o| self.by_occupation.get(o as usize).copied().flatten());
        [own, self.whole].into_iter().flatten()
    }
}

/// Postings that ask for a skill.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tally {
    /// By employer.
    pub asking: Asking,
    /// Known employers.
    pub employers: u64,
    /// Boards.
    pub sources: u64,
}

/// Postings of an occupation, or all.
pub struct Profile {
    /// Postings by employer.
    pub clusters: Clusters,
    /// Employers by place.
    employer_codes: Vec<u32>,
    /// Known employers.
    pub employers: u64,
    /// Boards.
    pub sources: u64,
    /// Whether its shares may be shown.
    pub publication: Publication,
    /// Skills asked for.
    pub skills: BTreeMap<u32, Tally>,
    /// (employer's place, skill, postings that ask).
    parts: Vec<(u32, u32, u32)>,
    /// Median design effect of its skills, for one that everybody asks for.
    typical: f64,
}

/// An employer's place in a profile and its postings there, by (profile, employer).
type Places = FxHashMap<(u32, u32), (u32, u64)>;

/// Counts the postings of every profile; `code_of` gives skill codes of `asked` another number.
pub fn profiles(
    members: &Members,
    window: &Window,
    asked: &Asked,
    code_of: &[u32],
    spec: &MeasureSpec,
) -> Vec<Profile> {
    let mut profiles: Vec<Profile> = (0..members.count).map(|_| Profile::empty()).collect();
    let places = add_postings(&mut profiles, members, window);
    let boards = boards_by_row(window);
    for (skill, code) in (0..asked.skills.len() as u32).zip(code_of) {
        add_skill(&mut profiles, (members, &places), (window, &boards), asked.pairs_of(skill), *code);
    }
    for profile in &mut profiles {
        profile.close(spec);
    }
    profiles
}

fn add_postings(profiles: &mut [Profile], members: &Members, window: &Window) -> Places {
    let owned = window.rows.iter().flat_map(|row| members.of(row).map(move |profile| (profile, row.employer)));
    let mut places = Places::default();
    for ((at, employer), size) in counted(owned.collect()) {
        let Some(profile) = profiles.get_mut(at as usize) else { continue };
        places.insert((at, employer), (profile.clusters.count as u32, size));
        profile.employer_codes.push(employer);
        profile.clusters.base += size;
        profile.clusters.add_employer(size);
        profile.employers += u64::from(window.is_known(employer));
    }
    let seen = window.seen_on.iter().filter_map(|(row, board)| Some((window.rows.get(*row as usize)?, *board)));
    let seen = seen.flat_map(|(row, board)| members.of(row).map(move |profile| (profile, board)));
    for ((at, _), _) in counted(seen.collect()) {
        if let Some(profile) = profiles.get_mut(at as usize) {
            profile.sources += 1;
        }
    }
    places
}

/// Each pair once, sorted, with how often it came.
fn counted(mut pairs: Vec<(u32, u32)>) -> Vec<((u32, u32), u64)> {
    pairs.sort_unstable();
    pairs.chunk_by(|a, b| a == b).filter_map(|group| Some((*group.first()?, group.len() as u64))).collect()
}

/// Where each row's boards start in `seen_on`; one more at the end.
fn boards_by_row(window: &Window) -> Vec<usize> {
    let mut starts = Vec::with_capacity(window.rows.len() + 1);
    let mut at = 0;
    for row in 0..=window.rows.len() as u32 {
        while window.seen_on.get(at).is_some_and(|(r, _)| *r < row) {
            at += 1;
        }
        starts.push(at);
    }
    starts
}

fn add_skill(
    profiles: &mut [Profile],
    (members, places): (&Members, &Places),
    (window, boards): (&Window, &[usize]),
    pairs: &[u64],
    code: u32,
) {
    let (mut owners, mut seen) = (Vec::new(), Vec::new());
    for row in pairs.iter().map(|pair| unpack(*pair).1 as usize) {
        let Some(posting) = window.rows.get(row) else { continue };
        let at = |i: usize| boards.get(i).copied().unwrap_or_default();
        let on = window.seen_on.get(at(row)..at(row + 1)).unwrap_or_default();
        for profile in members.of(posting) {
            owners.push((profile, posting.employer));
            seen.extend(on.iter().map(|(_, board)| (profile, *board)));
        }
    }
    for ((at, employer), asking) in counted(owners) {
        let (place, size) = places.get(&(at, employer)).copied().unwrap_or_default();
        let Some(profile) = profiles.get_mut(at as usize) else { continue };
        profile.parts.push((place, code, asking as u32));
        let tally = profile.skills.entry(code).or_default();
        tally.asking.add(asking, size);
        tally.employers += u64::from(window.is_known(employer));
    }
    for ((at, _), _) in counted(seen) {
        if let Some(tally) = profiles.get_mut(at as usize).and_then(|p| p.skills.get_mut(&code)) {
            tally.sources += 1;
        }
    }
}

impl Profile {
    fn empty() -> Self {
        Self {
            clusters: Clusters::default(),
            employer_codes: Vec::new(),
            employers: 0,
            sources: 0,
            publication: Publication::Withheld,
            skills: BTreeMap::new(),
            parts: Vec::new(),
            typical: 1.0,
        }
    }

    fn close(&mut self, spec: &MeasureSpec) {
        let unknown = self.clusters.count - self.employers;
        self.publication = publication(self.clusters.base, self.employers, unknown, spec);
        let effects = self.skills.values().filter_map(|t| design_effect(t.asking, self.clusters));
        let mut effects: Vec<f64> = effects.collect();
        effects.sort_unstable_by(f64::total_cmp);
        let middle = effects.get(effects.len() / 2).copied();
        self.typical = middle.unwrap_or_else(|| worst_design_effect(self.clusters));
    }

    /// Whether nothing but its base may be shown.
    pub fn is_withheld(&self) -> bool {
        self.publication == Publication::Withheld
    }

    /// Share of a tally with the ends of its interval, as for every other cell.
    pub fn share(&self, tally: &Tally) -> (f64, f64, f64) {
        let Estimate { share, low, high, .. } = estimate(tally.asking, self.clusters, Some(self.typical));
        (share, low, high)
    }

    /// Requests for skills: what covers all of them covers the occupation.
    pub fn asked(&self) -> u64 {
        self.skills.values().map(|t| t.asking.count).sum()
    }

    /// Coverage of the requests; absent when nothing is asked for.
    pub fn coverage(&self, cover: &Cover) -> Option<f64> {
        let asked = self.asked();
        let covered: u64 = self.skills.iter().map(|(skill, t)| t.asking.count * cover.of(*skill)).sum();
        (asked > 0).then(|| covered as f64 / MILLION / asked as f64)
    }

    /// Coverage by each cover in each replication: employers are drawn with replacement, the covers stay.
    pub fn replicate(&self, covers: &[Cover]) -> Vec<Vec<f64>> {
        let places = self.employer_codes.len();
        let mut sums = vec![vec![0_u64; places]; covers.len() + 1];
        for (place, skill, count) in &self.parts {
            let (place, count) = (*place as usize, u64::from(*count));
            let weights = std::iter::once(1).chain(covers.iter().map(|cover| cover.of(*skill)));
            for (sums, weight) in sums.iter_mut().zip(weights) {
                sums.iter_mut().skip(place).take(1).for_each(|sum| *sum += count * weight);
            }
        }
        let columns: Vec<Vec<(u32, u64)>> = sums.into_iter().map(|sums| (0..).zip(sums).collect()).collect();
        let drawn = replicate(&self.employer_codes, &columns);
        let Some((asked, covered)) = drawn.split_first() else { return Vec::new() };
        let shares = |covered: &Vec<u64>| {
            let valid = covered.iter().zip(asked).filter(|(_, asked)| **asked > 0);
            valid.map(|(covered, asked)| *covered as f64 / MILLION / *asked as f64).collect()
        };
        covered.iter().map(shares).collect()
    }
}

/// Ends of the 95 % interval of replications; none when there are none.
pub fn ends(replications: &[f64]) -> (Option<f64>, Option<f64>) {
    percentile_interval(replications.to_vec()).unzip()
}
