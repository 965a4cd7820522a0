//! How the demand for single skills runs over the periods.

use super::tables::changing;
use super::{Cell, Context, Head, TableView};
use crate::report::phrase::{Phrase, plain};
use crate::types::Demand;
use std::collections::BTreeMap;

/// Skills that are followed.
const MOST_SKILLS: usize = 6;
/// Skills beside each other in a table.
const MOST_COLUMNS: usize = 3;
/// The last periods: two years of months.
const MOST_PERIODS: usize = 24;

/// Shares of a few skills by period, over all areas.
pub struct Courses<'a> {
    /// First to last.
    pub periods: Vec<&'a str>,
    /// Identifier and label: those whose change is called, strongest growth first; else those asked for most.
    pub skills: Vec<(&'a str, &'a str)>,
    /// How many there are to choose from.
    count: usize,
    cells: BTreeMap<(&'a str, &'a str), &'a Demand>,
    bases: BTreeMap<&'a str, u64>,
}

/// What is known of a skill in a period.
pub enum Course<'a> {
    /// Its share, or that it is withheld.
    Told(&'a Demand),
    /// No posting asked.
    Nobody,
}

impl<'a> Courses<'a> {
    /// Nothing where there are no two periods to compare.
    pub fn of(context: &Context<'a>) -> Option<Self> {
        let (mut cells, mut bases) = (BTreeMap::new(), BTreeMap::new());
        let rows = context.index.findings.demand.iter();
        let by_period = rows.filter(|d| d.area == "all" && d.occupation_group == "all");
        for demand in by_period.filter(|d| !["all", "unknown"].contains(&d.period.as_str())) {
            cells.insert((demand.skill.as_str(), demand.period.as_str()), demand);
            bases.entry(demand.period.as_str()).or_insert(demand.base_count);
        }
        let all: Vec<&str> = bases.keys().copied().collect();
        let periods = all.get(all.len().saturating_sub(MOST_PERIODS)..).filter(|last| last.len() > 1)?.to_vec();
        let called = changing(context);
        let mut skills: Vec<_> = called.iter().map(|t| (t.skill.as_str(), t.label.as_str())).collect();
        if skills.is_empty() {
            skills = context.most_asked(usize::MAX).iter().map(|d| (d.skill.as_str(), d.label.as_str())).collect();
        }
        let count = skills.len();
        skills.truncate(MOST_SKILLS);
        (count > 0).then_some(Self { periods, skills, count, cells, bases })
    }

    /// A skill in a period; a withheld period has one row that stands for all skills.
    pub fn at(&self, skill: &str, period: &str) -> Course<'a> {
        let row = self.cells.get(&(skill, period)).or_else(|| self.cells.get(&("all", period)));
        row.map_or(Course::Nobody, |demand| Course::Told(demand))
    }

    /// A row for each period; a few skills to a table, so that it fits on paper.
    pub fn tables(&self, context: &Context) -> Vec<TableView> {
        let note = context.cut_note(self.skills.len(), self.count, "demand.csv");
        let parts = (1..).zip(self.skills.chunks(MOST_COLUMNS));
        let mut tables: Vec<TableView> = parts.map(|(place, skills)| self.table(context, place, skills)).collect();
        if let Some(last) = tables.last_mut() {
            last.note = note;
        }
        tables
    }

    fn table(&self, context: &Context, place: u32, skills: &[(&str, &str)]) -> TableView {
        let m = context.messages;
        let cell = |skill: &str, period: &str| match self.at(skill, period) {
            Course::Told(demand) => context.figure(m.share(demand)),
            Course::Nobody => context.figure(m.per_100(0.0)),
        };
        let row = |period: &&str| {
            let base = self.bases.get(period).copied().unwrap_or_default();
            let name = Cell { small: context.n(base), ..context.cell(m.period(period)) };
            std::iter::once(name).chain(skills.iter().map(|(skill, _)| cell(skill, period))).collect()
        };
        let skill_head = |(_, label): &(&str, &str)| {
            let text = vec![context.index.name(label)];
            Head { label: plain(&text), text, kind: "num" }
        };
        // Captions tell the tables apart for those who hear them.
        let names = skills.iter().map(|(_, label)| vec![context.index.name(label)]).collect();
        let mut head = context.heads(&["period"]);
        head.extend(skills.iter().map(skill_head));
        TableView {
            id: format!("courses-table-{place}"),
            caption: m.phrase("documents.courses_caption", &[("skills", m.list(names))]),
            head,
            rows: self.periods.iter().map(row).collect(),
            note: Phrase::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;
    use crate::report::messages::Messages;
    use crate::types::{Findings, Lang};

    fn rows(findings: &Findings) -> Option<Vec<Vec<String>>> {
        let messages = Messages::of(Lang::En).unwrap();
        let context = Context::of(findings, &messages, 10);
        let table = Courses::of(&context)?.tables(&context).into_iter().next()?;
        let texts = |row: &Vec<Cell>| row.iter().map(|cell| plain(&cell.text)).collect();
        Some(table.rows.iter().map(texts).collect())
    }

    /// One skill that is asked for in the first period alone; the third period is withheld.
    fn sparse() -> Findings {
        let mut findings = fixture::realistic();
        findings.trends.clear();
        let first = findings.demand.first().unwrap().clone();
        findings.demand.truncate(1);
        let at = |period: &str, skill: &str, share: Option<f64>| Demand {
            period: period.into(),
            skill: skill.into(),
            share,
            share_low: share.map(|s| s / 2.0),
            share_high: share.map(|s| s * 2.0),
            mark: None,
            ..first.clone()
        };
        let withheld = Demand { mark: Some(crate::types::Mark::Suppressed), ..at("2025-Q3", "all", None) };
        let rows = [at("2025-Q1", &first.skill, Some(0.2)), at("2025-Q2", "another", Some(0.5)), withheld];
        findings.demand.extend(rows);
        findings
    }

    #[test]
    fn a_period_in_which_nobody_asks_shows_zero_and_a_withheld_one_its_mark() {
        let rows = rows(&sparse()).unwrap();
        let of = |period: usize| rows.get(period).unwrap().get(1).unwrap().clone();
        assert_eq!(rows.iter().map(|row| row[0].as_str()).collect::<Vec<_>>(), ["Q1 2025", "Q2 2025", "Q3 2025"]);
        assert_eq!([of(0), of(1), of(2)], ["20 (10–40)", "0.0", "[c]"]);
    }

    #[test]
    fn a_single_period_has_no_course() {
        let mut findings = sparse();
        findings.demand.retain(|d| ["all", "2025-Q1"].contains(&d.period.as_str()));
        assert_eq!(rows(&findings), None);
    }
}
