//! The part of the quality box that follows from postings and mentions.

use crate::measure::count::frames::unpack;
use crate::measure::count::mentions::Asked;
use crate::measure::count::window::group_name;
use crate::measure::count::window::{UNKNOWN_GROUP, Window};
use crate::types::{AreaShare, Lang, LanguageCount, QualityBox, SourceCount};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Counts by board, language, area and occupation group.
pub fn quality(window: &Window, asked: &Asked) -> QualityBox {
    let boards = tally(window.rows.iter().map(|r| window.boards.get(r.board as usize).cloned().unwrap_or_default()));
    let mut sources: Vec<_> =
        boards.into_iter().map(|(board, posting_count)| SourceCount { board, posting_count }).collect();
    sources.sort_by_key(|s| Reverse(s.posting_count));
    let area_of = |code: Option<u32>| code.and_then(|a| window.areas.get(a as usize)).cloned();
    let group_of = |group: u32| (group < UNKNOWN_GROUP).then(|| group_name(group));
    let mut areas = places(window.rows.iter().map(|r| area_of(r.area)));
    areas.sort_by_key(|a| (a.area == UNKNOWN, Reverse(a.posting_count)));
    QualityBox {
        sources,
        languages: languages(window, asked),
        areas,
        occupation_groups: places(window.rows.iter().map(|r| group_of(r.group))),
        undated_count: count(window.rows.iter().filter(|r| r.period.is_none())),
        employer_unknown_count: count(window.rows.iter().filter(|r| !window.is_known(r.employer))),
        review_mention_count: asked.review_mention_count,
        accepted_mention_count: asked.accepted_mention_count,
        sector_known_count: count(window.rows.iter().filter(|r| r.sector.is_some())),
        ..QualityBox::default()
    }
}

const UNKNOWN: &str = "unknown";

fn count<T>(items: impl Iterator<Item = T>) -> u64 {
    items.count() as u64
}

fn tally<T: Ord>(items: impl Iterator<Item = T>) -> BTreeMap<T, u64> {
    let mut counts = BTreeMap::new();
    for item in items {
        *counts.entry(item).or_default() += 1;
    }
    counts
}

/// By name, `unknown` last.
fn places(names: impl Iterator<Item = Option<String>>) -> Vec<AreaShare> {
    let mut counts: Vec<_> = tally(names).into_iter().collect();
    counts.sort_by_key(|(name, _)| name.is_none());
    let share = |(name, posting_count): (Option<String>, u64)| AreaShare {
        area: name.unwrap_or_else(|| UNKNOWN.to_owned()),
        posting_count,
    };
    counts.into_iter().map(share).collect()
}

fn languages(window: &Window, asked: &Asked) -> Vec<LanguageCount> {
    let mut skills = vec![0_u64; window.rows.len()];
    for pair in &asked.pairs {
        if let Some(count) = skills.get_mut(unpack(*pair).1 as usize) {
            *count += 1;
        }
    }
    let mut counts: BTreeMap<Lang, (u64, u64, u64)> = BTreeMap::new();
    for (row, skills) in window.rows.iter().zip(skills) {
        let (postings, without, all) = counts.entry(row.language).or_default();
        *postings += 1;
        *without += u64::from(skills == 0);
        *all += skills;
    }
    let language = |(language, (posting_count, without_skill_count, skills)): (Lang, (u64, u64, u64))| LanguageCount {
        language,
        posting_count,
        without_skill_count,
        skills_per_posting: skills as f64 / posting_count.max(1) as f64,
    };
    counts.into_iter().map(language).collect()
}
