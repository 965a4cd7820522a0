//! How the largest unmet demands hold when the analysis is done with other choices.

use super::tables::variant_key;
use super::{Cell, Context, Head, Section, TableView};
use crate::report::checks::key_text;
use crate::report::phrase::Phrase;
use crate::types::{GapVariant, Variant};

/// A row per skill, a column per choice.
pub fn section(context: &Context) -> Section {
    let m = context.messages;
    let all = &context.index.findings.gap_variants;
    let Some(first) = all.first() else { return Section::default() };
    let variants: Vec<Variant> = all.iter().take_while(|v| v.skill == first.skill).map(|v| v.variant).collect();
    let choices: Vec<Phrase> = variants.iter().map(|v| m.own(&format!("sensitivity.choice_{}", key_text(v)))).collect();
    let skills: Vec<&[GapVariant]> = all.chunk_by(|a, b| a.skill == b.skill).collect();
    let top_k = context.index.findings.meta.top_k;
    let is_published = |rows: &&&[GapVariant]| rows.iter().any(|v| v.published_rank <= top_k);
    let published = skills.iter().filter(is_published);
    let held = published.clone().filter(|rows| rows.iter().all(|v| v.holds)).count() as u64;
    let mut head = context.heads(&["skill", "as_published#"]);
    head.extend(variants.into_iter().map(variant_key).map(|key| Head {
        text: m.own(&key),
        label: m.text(&key),
        kind: "num",
    }));
    head.extend(context.heads(&["result"]));
    let shown = skills.len().min(context.most_rows);
    let table = TableView {
        id: "sensitivity-table".to_owned(),
        caption: m.own("sensitivity.caption"),
        head,
        rows: skills.iter().take(shown).map(|rows| row(context, rows, top_k)).collect(),
        note: context.cut_note(shown, skills.len(), "gap_variants.csv"),
    };
    let figures = [("held", m.count(held)), ("all", m.count(published.count() as u64))];
    Section {
        id: "sensitivity",
        heading: m.text("sensitivity.heading"),
        lead: m.phrase("sensitivity.lead", &[("choices", m.list(choices))]),
        tables: vec![table],
        lines: vec![m.fill("sensitivity.held", &figures)],
    }
}

fn row(context: &Context, rows: &[GapVariant], top_k: u32) -> Vec<Cell> {
    let m = context.messages;
    let Some(first) = rows.first() else { return Vec::new() };
    let figures = |rank: Option<u32>, unmet: Option<f64>| {
        let small = unmet.map(|u| m.fill("sensitivity.unmet", &[("unmet", m.per_100(u / 100.0))]));
        Cell { small: small.unwrap_or_default(), ..context.figure(context.rank_words(rank)) }
    };
    let is_published = first.published_rank <= top_k;
    let count = rows.iter().filter(|v| v.holds == is_published).count() as u64;
    let key = if is_published { "sensitivity.stays" } else { "sensitivity.enters" };
    let result = m.fill(key, &[("count", m.count(count)), ("all", m.count(rows.len() as u64))]);
    let mut cells = vec![
        context.cell(context.index.skill(&first.skill, &first.label)),
        figures(Some(first.published_rank), Some(first.published_unmet_per_100)),
    ];
    cells.extend(rows.iter().map(|v| figures(v.rank, v.unmet_per_100)));
    cells.push(context.cell(result));
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;
    use crate::report::messages::Messages;
    use crate::report::phrase::plain;
    use crate::types::Lang;

    #[test]
    fn the_lead_names_the_choices_that_were_measured_and_no_other() {
        let mut findings = fixture::realistic();
        findings.gap_variants.retain(|v| v.variant == Variant::LowerThreshold);
        assert!(!findings.gap_variants.is_empty());
        let messages = Messages::of(Lang::En).unwrap();
        let lead = plain(&section(&Context::of(&findings, &messages, 10)).lead);
        assert!(lead.contains("other choices: matches of outcomes accepted from 0.05 below the threshold. A skill"));
        assert!(!lead.contains("board") && !lead.contains("weighted"), "{lead}");
    }
}
