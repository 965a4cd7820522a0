//! What changed, as tables for a terminal.

use crate::cli::table::{aligned, counted, thousands};
use crate::report::diff_rows;
use crate::types::{Cause, ChangeCall, DiffRow, EditionDiff, EditionFrame, SkillChange, SkillFigures};

/// Longest text in a cell.
const CELL_CHARS: usize = 60;

/// The whole comparison; `top` rows of each table.
pub fn lines(diff: &EditionDiff, top: usize) -> Vec<String> {
    let mut lines = vec![edition("before", &diff.before), edition("after ", &diff.after)];
    if diff.is_empty() {
        lines.push("nothing changed".to_owned());
        return lines;
    }
    if diff.before.as_of > diff.after.as_of {
        lines.push("the first run speaks for a later day than the second".to_owned());
    }
    let rows = diff_rows(diff);
    let of = |figure: &'static str| rows.iter().filter(move |r| r.figure == figure);
    let is_input = |r: &&DiffRow| !r.causes.is_empty();
    let inputs =
        of("frame").filter(is_input).map(|r| vec![said(&r.causes), cut(&r.id), side(&r.before), side(&r.after)]);
    table(&mut lines, "inputs that changed", &["cause", "what", "before", "after"], inputs.collect(), top);
    if !diff.inputs_known {
        lines.push("  one of the runs does not say what plan it was made with: causes may be missing".to_owned());
    }
    let counts = of("frame").filter(|r| !is_input(r)).map(|r| vec![cut(&r.id), side(&r.before), side(&r.after)]);
    table(&mut lines, "counts and quality", &["what", "before", "after"], counts.collect(), top);
    let outcomes = of("outcome").map(|r| match &r.before {
        Some(text) => vec![cut(&r.id), "gone".to_owned(), cut(text)],
        None => vec![cut(&r.id), "new".to_owned(), side(&r.after)],
    });
    table(
        &mut lines,
        "learning outcomes (an edited one is gone and new)",
        &["credential", "", "text"],
        outcomes.collect(),
        top,
    );
    demand(&mut lines, diff, top);
    let known = diff.inputs_known;
    let changes = |figure| -> Vec<Vec<String>> {
        of(figure).map(|r| vec![name(r), side(&r.before), side(&r.after), why(&r.causes, known)]).collect()
    };
    table(&mut lines, "status", &["skill", "before", "after", "cause"], changes("status"), top);
    let coverage = of("coverage").map(|r| vec![name(r), percent(&r.before), percent(&r.after), why(&r.causes, known)]);
    table(&mut lines, "coverage by the portfolio", &["skill", "before", "after", "cause"], coverage.collect(), top);
    let programmes = of("programme").map(|r| {
        let before = with_interval(r.before.as_ref(), r.before_low, r.before_high, r.before_base);
        let after = with_interval(r.after.as_ref(), r.after_low, r.after_high, r.after_base);
        vec![name(r), before, after, why(&r.causes, known)]
    });
    let heading = "coverage of programmes, % [95 %] of postings";
    table(&mut lines, heading, &["programme", "before", "after", "cause"], programmes.collect(), top);
    let trends =
        of("trend").map(|r| vec![name(r), r.area.clone(), side(&r.before), side(&r.after), why(&r.causes, known)]);
    table(&mut lines, "trends", &["skill", "area", "before", "after", "cause"], trends.collect(), top);
    lines
}

fn edition(which: &str, edition: &EditionFrame) -> String {
    format!(
        "{which}  {}, as of {}: {}, {}, {}; skillgap {}",
        edition.plan,
        edition.as_of,
        counted(edition.posting_count, "posting"),
        counted(edition.employer_count, "employer"),
        counted(edition.source_count, "board"),
        edition.version
    )
}

/// Shares that are called different, and what became of the others.
fn demand(lines: &mut Vec<String>, diff: &EditionDiff, top: usize) {
    let called: Vec<&SkillChange> = diff.skills.iter().filter(|c| c.share_changed()).collect();
    let rows = called.iter().map(|c| {
        let difference = match (c.difference, c.difference_low, c.difference_high) {
            (Some(d), Some(low), Some(high)) => {
                format!("{:+.1} [{:+.1}, {:+.1}]", d * 100.0, low * 100.0, high * 100.0)
            }
            (Some(d), ..) => format!("{:+.1}", d * 100.0),
            _ => "-".to_owned(),
        };
        let q = c.q.map_or_else(|| "-".to_owned(), |q| if q < 0.001 { "<0.001".to_owned() } else { format!("{q:.3}") });
        let ranks = format!("{} -> {}", rank(c.before.rank), rank(c.after.rank));
        let label = if c.label.is_empty() { &c.skill } else { &c.label };
        let causes: Vec<&str> = c.share_causes.iter().map(|cause| cause.name()).collect();
        vec![cut(label), share(&c.before), share(&c.after), difference, q, ranks, may_be(&causes, diff.inputs_known)]
    });
    let heads = ["skill", "before, per 100", "after", "difference [95 %]", "q", "rank", "cause"];
    table(lines, "demand that changed", &heads, rows.collect(), top);
    let count = |call: ChangeCall| diff.skills.iter().filter(|c| c.call == call && c.demand_differs()).count() as u64;
    if diff.skills.iter().any(SkillChange::demand_differs) {
        lines.push(String::new());
        if diff.same_postings {
            let recounted = counted(count(ChangeCall::Recounted), "skill");
            lines.push(format!("demand: the same postings in both; {recounted} counted differently"));
        } else {
            lines.push(format!(
                "demand: {} compared, {} changed (Benjamini-Hochberg at .05); of the others whose figures differ {} not told \
                 apart, {} in too few postings, {} withheld",
                counted(diff.compared_count, "skill"),
                thousands(count(ChangeCall::Changed)),
                thousands(count(ChangeCall::NotToldApart)),
                thousands(count(ChangeCall::TooFew)),
                thousands(count(ChangeCall::Withheld)),
            ));
            lines.push(
                "intervals take the editions as independent; where they share postings that is cautious".to_owned(),
            );
        }
    }
}

/// A heading and its rows; nothing without rows.
fn table(lines: &mut Vec<String>, heading: &str, heads: &[&str], rows: Vec<Vec<String>>, top: usize) {
    if rows.is_empty() {
        return;
    }
    let more = rows.len().saturating_sub(top);
    lines.push(format!("\n{heading}"));
    let mut shown = vec![heads.iter().map(|h| (*h).to_owned()).collect()];
    shown.extend(rows.into_iter().take(top));
    lines.extend(aligned(&shown).into_iter().map(|line| format!("  {line}")));
    if more > 0 {
        lines.push(format!("  and {} more (--top, --format csv)", thousands(more as u64)));
    }
}

/// Within one line and of bounded length.
fn cut(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if line.chars().count() <= CELL_CHARS {
        return line;
    }
    line.chars().take(CELL_CHARS - 1).chain(['\u{2026}']).collect()
}

fn name(row: &DiffRow) -> String {
    cut(if row.label.is_empty() { &row.id } else { &row.label })
}

fn side(text: &Option<String>) -> String {
    text.as_deref().map_or_else(|| "-".to_owned(), cut)
}

fn percent(share: &Option<String>) -> String {
    let share = share.as_deref().and_then(|s| s.parse::<f64>().ok());
    share.map_or_else(|| "-".to_owned(), |s| format!("{:.0} %", s * 100.0))
}

fn with_interval(value: Option<&String>, low: Option<f64>, high: Option<f64>, base: Option<u64>) -> String {
    let value = value.and_then(|v| v.parse::<f64>().ok());
    match (value, low, high, base) {
        (Some(v), Some(low), Some(high), Some(base)) => {
            format!("{:.1} [{:.1}, {:.1}] of {}", v * 100.0, low * 100.0, high * 100.0, thousands(base))
        }
        (_, _, _, Some(base)) => format!("no figure, of {}", thousands(base)),
        _ => "-".to_owned(),
    }
}

fn share(figures: &SkillFigures) -> String {
    match (figures.share, figures.share_low, figures.share_high) {
        (Some(share), Some(low), Some(high)) => format!(
            "{:.1} [{:.1}, {:.1}] {} of {}",
            share * 100.0,
            low * 100.0,
            high * 100.0,
            thousands(figures.posting_count),
            thousands(figures.base_count)
        ),
        _ => "withheld".to_owned(),
    }
}

fn rank(rank: Option<u32>) -> String {
    rank.map_or_else(|| "-".to_owned(), |r| r.to_string())
}

/// `data;as_of` as people read it.
fn said(causes: &str) -> String {
    names(causes).join(", ")
}

fn names(causes: &str) -> Vec<&'static str> {
    const ALL: [(&str, Cause); 8] = [
        ("data", Cause::Data),
        ("as_of", Cause::AsOf),
        ("taxonomy", Cause::Taxonomy),
        ("catalogue", Cause::Catalogue),
        ("official_figures", Cause::OfficialFigures),
        ("plan", Cause::Plan),
        ("program", Cause::Program),
        ("unknown_source", Cause::UnknownSource),
    ];
    causes.split(';').filter_map(|word| ALL.iter().find(|(name, _)| *name == word)).map(|(_, c)| c.name()).collect()
}

fn why(causes: &str, known: bool) -> String {
    may_be(&names(causes), known)
}

/// One changed input is the cause; of several each may be.
fn may_be(causes: &[&str], known: bool) -> String {
    match causes {
        [] => "none in evidence".to_owned(),
        [one] if known => (*one).to_owned(),
        several => format!("may be {}", several.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{FrameChange, GapStatus};

    fn figures(posting_count: u64, share: f64, status: GapStatus) -> SkillFigures {
        SkillFigures {
            posting_count,
            base_count: 200,
            share: Some(share),
            share_low: Some(share - 0.01),
            share_high: Some(share + 0.01),
            status: Some(status),
            ..SkillFigures::default()
        }
    }

    fn diff(causes: Vec<Cause>, label: &str) -> EditionDiff {
        let skill = SkillChange {
            skill: "s".into(),
            label: label.into(),
            before: figures(10, 0.05, GapStatus::Watch),
            after: figures(40, 0.2, GapStatus::Add),
            difference: Some(0.15),
            difference_low: Some(0.08),
            difference_high: Some(0.22),
            q: Some(0.0001),
            call: ChangeCall::Changed,
            share_causes: causes.clone(),
            coverage_causes: vec![],
            status_causes: causes,
        };
        EditionDiff { inputs_known: true, compared_count: 7, skills: vec![skill], ..EditionDiff::default() }
    }

    #[test]
    fn one_changed_input_is_the_cause_and_several_may_be() {
        let one = lines(&diff(vec![Cause::Data], "Welding"), 20).join("\n");
        assert!(one.contains("+15.0 [+8.0, +22.0]  <0.001  - -> -  data"), "{one}");
        assert!(one.contains("7 skills compared, 1 changed"), "{one}");
        let two = lines(&diff(vec![Cause::Data, Cause::AsOf], "Welding"), 20).join("\n");
        assert!(two.contains("may be data, as-of day"), "{two}");
        let mut unsaid = diff(vec![Cause::Data], "Welding");
        unsaid.inputs_known = false;
        let unsaid = lines(&unsaid, 20).join("\n");
        assert!(unsaid.contains("may be data") && unsaid.contains("causes may be missing"), "{unsaid}");
    }

    #[test]
    fn no_name_breaks_a_line_and_a_table_says_what_it_leaves_out() {
        let mut long = diff(vec![Cause::Data], "two\nlines\u{1b}[31m");
        let row = |n: usize| FrameChange { name: format!("n{n}"), before: None, after: Some("1".into()), cause: None };
        long.frame = (0..30).map(row).collect();
        let text = lines(&long, 5);
        assert!(text.iter().any(|l| l.contains("two lines [31m")), "{text:?}");
        assert!(text.iter().any(|l| l == "  and 25 more (--top, --format csv)"), "{text:?}");
        assert!(text.iter().all(|l| !l.contains('\u{1b}')), "{text:?}");
    }

    #[test]
    fn nothing_changed_is_said_in_words() {
        assert_eq!(lines(&EditionDiff::default(), 20).last().map(String::as_str), Some("nothing changed"));
    }
}
