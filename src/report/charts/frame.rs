//! The frame of charts with a line per skill: its name before the marks (over them on a phone), figures after them, and
//! an axis below.

use super::axis::{Axis, Numerals};
use super::canvas::{Canvas, Size};
use super::text::{BOLD, bold, fitted, width, wrapped};

/// Under the last line: ticks and the unit of the axis.
pub const BOTTOM: f64 = 40.0;
/// From the end of the axis to the figures.
const FIGURES_GAP: f64 = 14.0;
/// Width of a character of theirs, on the wide side.
const FIGURE_WIDTH: f64 = 7.2;
/// Longest figures.
const FIGURES_ROOM: f64 = 176.0;
/// From the names to the start of the axis.
const NAMES_GAP: f64 = 14.0;
/// Room that names may take of the sheet where they need it.
const WIDEST_NAMES: f64 = 276.0;
/// Marks at the ends of the axis stay off the texts.
const INSET: f64 = 8.0;
/// Font size of names.
const LABEL: f64 = 13.5;
/// Between the lines of a name.
const LEADING: f64 = 15.0;
/// Names that may take two lines do so before the wider fonts of a reader push their first letter off the sheet.
const SLACK: f64 = 1.08;

/// Sizes of one drawing, in px.
#[derive(Debug, Clone, Copy)]
pub struct Frame {
    /// Wide or narrow.
    pub size: Size,
    width: f64,
    left: f64,
    right: f64,
    line: f64,
    top: f64,
    /// Names stand over the marks.
    pub label_above: bool,
    /// Mirrored.
    pub rtl: bool,
}

/// For wide pages and paper.
pub const WIDE: Frame = Frame {
    size: Size::Wide,
    width: 600.0,
    left: 200.0,
    right: 92.0,
    line: 25.0,
    top: 34.0,
    label_above: false,
    rtl: false,
};
/// For phones.
pub const NARROW: Frame = Frame {
    size: Size::Narrow,
    width: 340.0,
    left: 8.0,
    right: 8.0,
    line: 46.0,
    top: 52.0,
    label_above: true,
    rtl: false,
};

/// Size by which a name is measured.
fn size(strong: bool) -> f64 {
    if strong { LABEL * BOLD } else { LABEL }
}

impl Frame {
    /// The frame for a reading direction, with room for figures of so many characters beside the lines.
    pub fn mirrored(self, rtl: bool, longest_figures: usize) -> Self {
        let needed = FIGURES_GAP + FIGURE_WIDTH * longest_figures as f64;
        let right = if self.label_above { self.right } else { self.right.max(needed).min(FIGURES_GAP + FIGURES_ROOM) };
        Self { rtl, right, ..self }
    }

    /// The frame for such figures.
    pub fn for_figures<'a>(self, rtl: bool, figures: impl Iterator<Item = &'a str>) -> Self {
        // Wide characters count for more than one.
        let length = |f: &str| f.chars().count().max((width(f, 13.0) / FIGURE_WIDTH).ceil() as usize);
        self.mirrored(rtl, figures.map(length).max().unwrap_or_default())
    }

    /// The frame with room for the longest of these names before the marks, as far as the axis can spare it.
    pub fn for_names<'a>(self, names: impl Iterator<Item = &'a str>) -> Self {
        let needed = names.map(|name| bold(name, LABEL) + NAMES_GAP + 1.0).fold(0.0, f64::max);
        Self { left: if self.label_above { self.left } else { self.left.max(needed.min(WIDEST_NAMES)) }, ..self }
    }

    /// The frame that begins so far from the top of the sheet.
    pub fn with_top(self, top: f64) -> Self {
        Self { top, ..self }
    }

    /// The frame with lines high enough for two-line names, where one of these names needs two.
    pub fn with_room_for<'a>(self, mut rows: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let two = rows.any(|(label, figures)| bold(label, LABEL) * SLACK > self.label_room(figures));
        Self { line: self.line + if two { LEADING - 2.0 } else { 0.0 }, ..self }
    }

    /// Room for the name of a line with such figures.
    fn label_room(self, figures: &str) -> f64 {
        if self.label_above {
            let figures = FIGURE_WIDTH * figures.chars().count() as f64;
            self.width - self.left - self.right - FIGURES_GAP - figures.min(FIGURES_ROOM)
        } else {
            self.left - NAMES_GAP
        }
    }

    /// A name on one line.
    pub fn short(self, label: &str, strong: bool, figures: &str) -> Vec<String> {
        vec![fitted(label, self.label_room(figures), size(strong))]
    }

    /// A name on up to two lines.
    pub fn long(self, label: &str, strong: bool, figures: &str) -> Vec<String> {
        wrapped(label, self.label_room(figures) / SLACK, size(strong), 2)
    }

    /// Distance of a place on the axis (0..=1) from the edge that reading starts at.
    pub fn place(self, share: f64) -> f64 {
        let room = self.width - self.left - self.right;
        self.left + INSET + (room - 2.0 * INSET) * share
    }

    /// Middle of a line.
    pub fn middle(self, line: usize) -> f64 {
        self.top + self.line * (line as f64 + 0.5)
    }

    /// Height of a line of the marks over or under the middle of their row.
    pub fn marks(self, line: usize) -> f64 {
        // On a phone the name takes the upper part of the row.
        if self.label_above { self.top + self.line * (line as f64 + 1.0) - 12.0 } else { self.middle(line) }
    }

    /// Lower end of so many lines.
    pub fn foot(self, lines: usize) -> f64 {
        self.top + self.line * lines as f64
    }

    /// Lines of the grid with their ticks, and the unit under them.
    pub fn grid(self, canvas: &mut Canvas, axis: Axis, numerals: &Numerals, unit: &str, lines: usize) {
        let foot = self.foot(lines);
        let mut texts = Vec::new();
        for tick in axis.ticks() {
            let x = self.place(axis.share(tick));
            self.upright(canvas, if tick == 0.0 && axis.low < 0.0 { "base" } else { "grid" }, x, lines);
            texts.push((x, numerals.tick(tick, axis.step)));
        }
        canvas.ticks(&texts, foot + 15.0);
        let unit = fitted(unit, self.width - 16.0, 12.0);
        // Centred under the axis where it fits there, else on the sheet.
        let half = width(&unit, 12.0) / 2.0 + 4.0;
        let middle = f64::midpoint(self.place(0.0), self.place(1.0)).clamp(half, (self.width - half).max(half));
        canvas.words("tick", (middle, foot + 32.0), &unit);
    }

    /// A line through all rows; on a phone only through their marks, not their names.
    pub fn upright(self, canvas: &mut Canvas, class: &str, x: f64, lines: usize) {
        if !self.label_above {
            return canvas.line(class, (x, self.top), (x, self.foot(lines)));
        }
        let through = |line: usize| vec![(x, self.marks(line) - 12.0), (x, self.marks(line) + 12.0)];
        canvas.path(class, &(0..lines).map(through).collect::<Vec<_>>(), false);
    }

    /// Name and figures of a line.
    pub fn texts(self, canvas: &mut Canvas, line: usize, name: &[String], strong: bool, figures: &str) {
        let weight = if strong { "label strong" } else { "label" };
        let figures = fitted(figures, FIGURES_ROOM, 13.0);
        let beyond = LEADING * name.len().saturating_sub(1) as f64;
        if self.label_above {
            let at = self.marks(line) - 18.0;
            canvas.lines(weight, (self.left, at - beyond), LEADING, name);
            canvas.text("figures end", (self.width - self.right, at), &figures);
        } else {
            let at = self.middle(line) + 4.5;
            canvas.lines(&format!("{weight} end"), (self.left - 14.0, at - beyond / 2.0), LEADING, name);
            canvas.text("figures", (self.width - self.right + 12.0, at), &figures);
        }
    }
}
