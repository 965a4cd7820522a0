//! Differences of two editions as flat rows, for CSV and for tables.

use crate::types::{
    Cause, DiffRow, EditionDiff, ProgrammeChange, ProgrammeFigures, SkillChange, SkillFigures, TrendChange,
};
use serde::Serialize;

/// One row per difference: the frame, learning outcomes, demand shares, coverage, status, programmes, trends.
pub fn diff_rows(diff: &EditionDiff) -> Vec<DiffRow> {
    let mut rows: Vec<DiffRow> = diff
        .frame
        .iter()
        .map(|change| DiffRow {
            before: change.before.clone(),
            after: change.after.clone(),
            ..row("frame", &change.name, "", change.cause.as_slice())
        })
        .collect();
    for change in &diff.outcomes {
        let causes = [Cause::Catalogue];
        let gone = change.removed.iter().map(|text| (Some(text.clone()), None));
        let new = change.added.iter().map(|text| (None, Some(text.clone())));
        let pairs = gone.chain(new);
        rows.extend(pairs.map(|(before, after)| DiffRow {
            before,
            after,
            ..row("outcome", &change.credential, "", &causes)
        }));
    }
    rows.extend(diff.skills.iter().filter(|c| c.demand_differs()).map(share_row));
    rows.extend(diff.skills.iter().filter(|c| c.coverage_changed()).map(coverage_row));
    rows.extend(diff.skills.iter().filter(|c| c.status_changed()).map(status_row));
    rows.extend(diff.programmes.iter().map(programme_row));
    rows.extend(diff.trends.iter().map(trend_row));
    rows
}

fn row(figure: &str, id: &str, label: &str, causes: &[Cause]) -> DiffRow {
    let causes: Vec<String> = causes.iter().map(word).collect();
    DiffRow {
        figure: figure.to_owned(),
        id: id.to_owned(),
        label: label.to_owned(),
        causes: causes.join(";"),
        ..DiffRow::default()
    }
}

/// A value of one of our enums as files spell it.
fn word<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

fn share_row(change: &SkillChange) -> DiffRow {
    let (before, after) = (&change.before, &change.after);
    let mark = |f: &SkillFigures| f.share.map(|s| s.to_string()).or_else(|| f.mark.as_ref().map(word));
    DiffRow {
        before: mark(before),
        before_low: before.share_low,
        before_high: before.share_high,
        before_count: before.share.map(|_| before.posting_count),
        before_base: Some(before.base_count),
        after: mark(after),
        after_low: after.share_low,
        after_high: after.share_high,
        after_count: after.share.map(|_| after.posting_count),
        after_base: Some(after.base_count),
        difference: change.difference,
        difference_low: change.difference_low,
        difference_high: change.difference_high,
        q: change.q,
        call: Some(word(&change.call)),
        ..row("share", &change.skill, &change.label, &change.share_causes)
    }
}

fn coverage_row(change: &SkillChange) -> DiffRow {
    DiffRow {
        before: Some(change.before.coverage.to_string()),
        after: Some(change.after.coverage.to_string()),
        difference: Some(change.after.coverage - change.before.coverage),
        ..row("coverage", &change.skill, &change.label, &change.coverage_causes)
    }
}

fn status_row(change: &SkillChange) -> DiffRow {
    DiffRow {
        before: change.before.status.as_ref().map(word),
        after: change.after.status.as_ref().map(word),
        ..row("status", &change.skill, &change.label, &change.status_causes)
    }
}

fn programme_row(change: &ProgrammeChange) -> DiffRow {
    let (before, after) = (change.before.as_ref(), change.after.as_ref());
    let coverage = |f: Option<&ProgrammeFigures>| f.and_then(|f| f.coverage).map(|c| c.to_string());
    DiffRow {
        before: coverage(before),
        before_low: before.and_then(|f| f.coverage_low),
        before_high: before.and_then(|f| f.coverage_high),
        before_base: before.map(|f| f.base_count),
        after: coverage(after),
        after_low: after.and_then(|f| f.coverage_low),
        after_high: after.and_then(|f| f.coverage_high),
        after_base: after.map(|f| f.base_count),
        ..row("programme", &change.programme, &change.title, &change.causes)
    }
}

fn trend_row(change: &TrendChange) -> DiffRow {
    DiffRow {
        area: change.area.clone(),
        before: change.before.as_ref().map(|t| word(&t.call)),
        after: change.after.as_ref().map(|t| word(&t.call)),
        ..row("trend", &change.skill, &change.label, &change.causes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::csv_bytes;
    use crate::types::{ChangeCall, FrameChange, GapStatus, Mark, OutcomeChange};

    /// A skill withheld before, a hostile name, a status that comes with the figures.
    fn diff() -> EditionDiff {
        let before = SkillFigures { base_count: 20, mark: Some(Mark::Suppressed), ..SkillFigures::default() };
        let after = SkillFigures {
            posting_count: 12,
            base_count: 60,
            share: Some(0.2),
            share_low: Some(0.1),
            share_high: Some(0.3),
            coverage: 0.5,
            status: Some(GapStatus::Add),
            ..SkillFigures::default()
        };
        let skill = SkillChange {
            skill: "s".into(),
            label: "=cmd()".into(),
            before,
            after,
            difference: None,
            difference_low: None,
            difference_high: None,
            q: None,
            call: ChangeCall::Withheld,
            share_causes: vec![],
            coverage_causes: vec![Cause::Taxonomy],
            status_causes: vec![Cause::Data, Cause::Taxonomy],
        };
        EditionDiff {
            frame: vec![FrameChange {
                name: "boards: a.csv".into(),
                before: Some("00".into()),
                after: None,
                cause: Some(Cause::Data),
            }],
            outcomes: vec![OutcomeChange {
                credential: "C".into(),
                removed: vec!["Old words".into()],
                added: vec!["New words".into()],
            }],
            skills: vec![skill],
            ..EditionDiff::default()
        }
    }

    #[test]
    fn every_difference_is_a_row_and_a_withheld_share_shows_its_mark_and_base_alone() {
        let rows = diff_rows(&diff());
        let figures: Vec<&str> = rows.iter().map(|r| r.figure.as_str()).collect();
        assert_eq!(figures, ["frame", "outcome", "outcome", "share", "coverage", "status"]);
        let share = &rows[3];
        assert_eq!((share.before.as_deref(), share.before_count, share.before_base), (Some("[c]"), None, Some(20)));
        assert_eq!((share.difference, share.call.as_deref(), share.causes.as_str()), (None, Some("withheld"), ""));
        assert_eq!((rows[5].before.as_deref(), rows[5].after.as_deref()), (None, Some("add")));
        assert_eq!(rows[5].causes, "data;taxonomy");
    }

    #[test]
    fn rows_are_csv_that_no_spreadsheet_runs() {
        let text = String::from_utf8(csv_bytes("diff", &diff_rows(&diff())).unwrap()).unwrap();
        assert!(text.starts_with("figure,id,label,area,before,before_low,"), "{text}");
        assert!(text.contains(",'=cmd(),") && !text.contains(",=cmd"), "{text}");
        assert_eq!(text.lines().count(), 7);
    }
}
