//! Which changed inputs can have changed a figure: by what the figure is made of, never by guessing.

use crate::types::{Cause, Figure, FrameChange};

/// Causes in evidence that the figure depends on, in order.
pub fn causes(figure: Figure, frame: &[FrameChange]) -> Vec<Cause> {
    let applying = frame.iter().filter_map(|c| c.cause.filter(|cause| touches(*cause, &c.name, figure)));
    let mut causes: Vec<Cause> = applying.collect();
    causes.sort_unstable();
    causes.dedup();
    causes
}

/// Whether a figure is made of an input. Links of outcomes know no postings, and demand no outcomes. Official figures stand
/// beside the shares and are part of none.
fn touches(cause: Cause, name: &str, figure: Figure) -> bool {
    match cause {
        Cause::Taxonomy | Cause::Program | Cause::UnknownSource => true,
        Cause::Data | Cause::AsOf => figure != Figure::Coverage,
        Cause::Catalogue => !matches!(figure, Figure::Share | Figure::Trend),
        Cause::OfficialFigures => false,
        Cause::Plan => setting_touches(name, figure),
    }
}

/// Whether a figure depends on a setting of the plan. One that is not known here may touch everything.
fn setting_touches(key: &str, figure: Figure) -> bool {
    let table = key.split('.').next().unwrap_or_default();
    match (table, key) {
        ("novel" | "weights" | "outlook" | "correction" | "least_reviewed" | "learners" | "ledger", _) => false,
        ("proposals" | "ects_caps", _) | (_, "review.mentions") => false,
        (_, "review.matches") => !matches!(figure, Figure::Share | Figure::Trend),
        (_, "measure.evidence_per_skill" | "measure.thin_postings" | "measure.priority_sectors") => false,
        ("trends", _) | (_, "measure.period") => figure == Figure::Trend,
        (_, "measure.top_k" | "measure.review_below_per_100") => figure == Figure::Status,
        ("link" | "programme", _) => !matches!(figure, Figure::Share | Figure::Trend),
        ("extract" | "measure", _) => figure != Figure::Coverage,
        _ => true,
    }
}

/// Whether an input can have changed which postings are counted.
pub fn moves_postings(change: &FrameChange) -> bool {
    match change.cause {
        Some(Cause::Data | Cause::AsOf | Cause::UnknownSource) => true,
        Some(Cause::Plan) => {
            let settled = ["extract.", "link.", "programme.", "taxonomy.", "trends.", "novel.", "weights.", "outlook."];
            let beside =
                ["correction.", "least_reviewed", "learners.", "ledger.", "proposals.", "ects_caps", "review."];
            let window = ["measure.from", "measure.to"].contains(&change.name.as_str());
            window
                || !(change.name.starts_with("measure.")
                    || settled.iter().chain(&beside).any(|t| change.name.starts_with(t)))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Figure::{Coverage, Programme, Share, Status, Trend};

    #[test]
    fn a_setting_touches_the_figures_that_are_made_with_it() {
        let none: &[Figure] = &[];
        let table = [
            ("novel.top", none),
            ("weights.cap", none),
            ("outlook.source", none),
            ("correction.min_reviewed", none),
            ("least_reviewed", none),
            ("learners.requests", none),
            ("ledger.previous", none),
            ("proposals.most", none),
            ("ects_caps", none),
            ("review.mentions", none),
            ("measure.evidence_per_skill", none),
            ("measure.thin_postings", none),
            ("measure.priority_sectors", none),
            ("review.matches", &[Coverage, Status, Programme]),
            ("link.accept", &[Coverage, Status, Programme]),
            ("programme.a", &[Coverage, Status, Programme]),
            ("trends.emerging_ratio", &[Trend]),
            ("measure.period", &[Trend]),
            ("measure.top_k", &[Status]),
            ("measure.review_below_per_100", &[Status]),
            ("extract.accept", &[Share, Status, Programme, Trend]),
            ("measure.min_postings", &[Share, Status, Programme, Trend]),
            ("a.key.to.come", &[Share, Coverage, Status, Programme, Trend]),
        ];
        for (key, figures) in table {
            let touched = [Share, Coverage, Status, Programme, Trend].into_iter().filter(|f| setting_touches(key, *f));
            assert_eq!(touched.collect::<Vec<_>>(), figures, "{key}");
        }
    }

    #[test]
    fn postings_are_moved_by_their_sources_the_window_and_settings_that_are_not_known_to_leave_them() {
        let moved = |cause, name: &str| {
            moves_postings(&FrameChange { name: name.to_owned(), before: None, after: None, cause })
        };
        for cause in [Cause::Data, Cause::AsOf, Cause::UnknownSource] {
            assert!(moved(Some(cause), "any"));
        }
        assert!(!moved(Some(Cause::Catalogue), "any") && !moved(Some(Cause::Taxonomy), "any") && !moved(None, "any"));
        let plan = |name: &str| moved(Some(Cause::Plan), name);
        assert!(["measure.from", "measure.to", "clean.fold", "a.key.to.come"].into_iter().all(plan));
        let left =
            ["measure.top_k", "extract.accept", "link.accept", "novel.top", "correction.min_reviewed", "review.x"];
        assert!(!left.into_iter().any(plan));
    }
}
