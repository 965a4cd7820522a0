//! Where the evidence comes from: stages one under the other, each as long as its count, and what was lost between them.

use super::Drawing;
use super::axis::drawable;
use super::canvas::{About, Canvas, Size};
use super::text::{BOLD, bold, fitted, wrapped};

const LABEL: f64 = 13.5;
const LEADING: f64 = 15.0;
/// Height of a bar.
const THICK: f64 = 26.0;

/// What the chart shows. Texts are not yet escaped.
#[derive(Debug, Clone, Default)]
pub struct Funnel {
    /// What it says of itself.
    pub about: About,
    /// First to last.
    pub stages: Vec<Stage>,
}

/// One stage.
#[derive(Debug, Clone, Default)]
pub struct Stage {
    /// Its name.
    pub label: String,
    /// What is left at it.
    pub value: Option<f64>,
    /// The count as it is written.
    pub figures: String,
    /// What was lost on the way to it, in words; may be empty.
    pub lost: String,
}

/// The chart for wide pages and paper, and for phones.
pub fn draw(chart: &Funnel) -> Drawing {
    Drawing { wide: one(chart, Size::Wide), narrow: one(chart, Size::Narrow) }
}

fn one(chart: &Funnel, size: Size) -> String {
    let mut canvas = Canvas::new(size, chart.about.rtl);
    let figures = chart.stages.iter().map(|s| bold(&s.figures, LABEL)).fold(0.0, f64::max).min(size.pick(180.0, 120.0));
    let left = size.pick(176.0, 8.0);
    let room = size.width() - left - figures - 16.0;
    // On a phone the name stands over its bar.
    let over = size.pick(0.0, 20.0);
    let most = chart.stages.iter().filter_map(|s| drawable(s.value?)).fold(0.0, f64::max);
    let length = |stage: &Stage| {
        let value = stage.value.and_then(drawable)?.max(0.0);
        Some(if most > 0.0 { room * value / most } else { 0.0 })
    };
    let mut top = 6.0;
    let mut before: Option<f64> = None;
    for (i, stage) in chart.stages.iter().enumerate() {
        let length = length(stage);
        if i > 0 {
            let lost = wrapped(&stage.lost, size.width() - left - 16.0, 12.5, 2);
            let between = if stage.lost.is_empty() { 14.0 } else { 10.0 + LEADING * lost.len() as f64 };
            if let (Some(a), Some(b)) = (before, length) {
                let end = top + between;
                canvas.path("narrowing", &[vec![(left, top), (left + a, top), (left + b, end), (left, end)]], true);
            }
            canvas.lines("lost", (left + 8.0, top + 16.0), LEADING, &lost);
            top += between + size.pick(0.0, 4.0);
        }
        top = stage_at(&mut canvas, stage, (left, top + over), length, figures);
        before = length;
    }
    canvas.finish(&chart.about, top + 6.0)
}

/// Name, bar and count of a stage. Returns where it ends.
fn stage_at(canvas: &mut Canvas, stage: &Stage, at: (f64, f64), length: Option<f64>, figures: f64) -> f64 {
    let (left, top) = at;
    let middle = top + THICK / 2.0 + 4.5;
    match canvas.size {
        Size::Wide => {
            let name = wrapped(&stage.label, left - 18.0, LABEL, 2);
            let first = middle - LEADING * name.len().saturating_sub(1) as f64 / 2.0;
            canvas.lines("label end", (left - 12.0, first), LEADING, &name);
        }
        Size::Narrow => canvas.text("label", (left, top - 6.0), &fitted(&stage.label, canvas.width - 16.0, LABEL)),
    }
    if let Some(length) = length {
        canvas.rect("bar", (left, top), length, THICK);
    }
    canvas.line("base", (left, top), (left, top + THICK));
    let text = fitted(&stage.figures, figures + 4.0, LABEL * BOLD);
    canvas.text("label strong", (left + length.unwrap_or_default() + 8.0, middle), &text);
    top + THICK
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_long_as_their_counts_and_losses_stand_between_them() {
        let stage = |value: f64, lost: &str| Stage { value: Some(value), lost: lost.into(), ..Stage::default() };
        let svg =
            draw(&Funnel { stages: vec![stage(8000.0, ""), stage(2000.0, "6,000 gone")], ..Funnel::default() }).wide;
        // No figures: 600 - 176 - 16 = 408 px for 8,000, so 102 px for 2,000.
        assert!(svg.contains("width=\"408.0\"") && svg.contains("width=\"102.0\""), "{svg}");
        assert!(svg.contains("M176.0 32.0L584.0 32.0L278.0 57.0L176.0 57.0Z"), "{svg}");
        assert!(svg.contains("<text class=\"lost\" x=\"184.0\" y=\"48.0\">6,000 gone"), "{svg}");
    }
}
