//! The sheet a chart is drawn on. Every x is the distance from the edge that reading starts at, so a drawing for readers
//! from the right is the mirror image of the other one.

use super::text;

/// Which of the two drawings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// For wide pages and paper.
    Wide,
    /// For phones.
    Narrow,
}

impl Size {
    /// Width of the sheet; heights follow from what is drawn.
    pub fn width(self) -> f64 {
        match self {
            Self::Wide => 600.0,
            Self::Narrow => 340.0,
        }
    }

    /// The first for a wide drawing, the second for a narrow one.
    pub fn pick<T>(self, wide: T, narrow: T) -> T {
        match self {
            Self::Wide => wide,
            Self::Narrow => narrow,
        }
    }

    fn name(self) -> &'static str {
        self.pick("wide", "narrow")
    }
}

/// What every chart says of itself. Texts are not yet escaped.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// Unique start of the element ids on the page.
    pub id: String,
    /// Finding, in one sentence.
    pub title: String,
    /// What a reader who does not see it should know.
    pub description: String,
    /// Mirrored, for readers from the right.
    pub rtl: bool,
}

/// A point on the sheet.
pub type Spot = (f64, f64);

/// A drawing being made.
#[derive(Debug)]
pub struct Canvas {
    /// Wide or narrow.
    pub size: Size,
    /// Width of the sheet.
    pub width: f64,
    rtl: bool,
    body: String,
}

impl Canvas {
    /// An empty sheet.
    pub fn new(size: Size, rtl: bool) -> Self {
        Self { size, width: size.width(), rtl, body: String::new() }
    }

    fn x(&self, from_start: f64) -> f64 {
        let x = if self.rtl { self.width - from_start } else { from_start };
        if x.is_finite() { x } else { 0.0 }
    }

    /// A straight line.
    pub fn line(&mut self, class: &str, from: Spot, to: Spot) {
        let (a, b) = (self.x(from.0), self.x(to.0));
        self.body.push_str(&format!(
            "<line class=\"{class}\" x1=\"{a:.1}\" y1=\"{:.1}\" x2=\"{b:.1}\" y2=\"{:.1}\"/>\n",
            from.1, to.1
        ));
    }

    /// A rectangle; `at` is the corner at the top where reading starts.
    pub fn rect(&mut self, class: &str, at: Spot, width: f64, height: f64) {
        let x = if self.rtl { self.x(at.0 + width) } else { self.x(at.0) };
        self.body.push_str(&format!(
            "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>\n",
            at.1,
            width.max(0.0),
            height.max(0.0)
        ));
    }

    /// A disc.
    pub fn circle(&mut self, class: &str, at: Spot, radius: f64) {
        let x = self.x(at.0);
        self.body.push_str(&format!("<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{:.1}\" r=\"{radius}\"/>\n", at.1));
    }

    /// Lines through points, each from its first to its last; `closed` ones return to the first.
    pub fn path(&mut self, class: &str, lines: &[Vec<Spot>], closed: bool) {
        let mut d = String::new();
        for line in lines.iter().filter(|l| !l.is_empty()) {
            for (i, (x, y)) in line.iter().enumerate() {
                let letter = if i == 0 { 'M' } else { 'L' };
                d.push_str(&format!("{letter}{:.1} {y:.1}", self.x(*x)));
            }
            if closed {
                d.push('Z');
            }
        }
        if !d.is_empty() {
            self.body.push_str(&format!("<path class=\"{class}\" d=\"{d}\"/>\n"));
        }
    }

    /// An interval along the line of reading, its ends marked.
    pub fn whisker_across(&mut self, low: f64, high: f64, y: f64, half: f64) {
        let (low, high, a, b) = (self.x(low), self.x(high), y - half, y + half);
        self.body.push_str(&format!(
            "<path class=\"whisker\" d=\"M{low:.1} {y:.1}H{high:.1}M{low:.1} {a:.1}V{b:.1}M{high:.1} {a:.1}V{b:.1}\"/>\n"
        ));
    }

    /// An interval up and down, its ends marked.
    pub fn whisker_up(&mut self, class: &str, x: f64, low: f64, high: f64, half: f64) {
        let ends = [
            vec![(x, low), (x, high)],
            vec![(x - half, low), (x + half, low)],
            vec![(x - half, high), (x + half, high)],
        ];
        self.path(class, &ends, false);
    }

    /// One of four shapes that nobody confuses: disc, hollow square, triangle, hollow diamond.
    pub fn mark(&mut self, shape: usize, class: &str, at: Spot) {
        let (x, y) = at;
        match shape % 4 {
            0 => self.circle(class, at, 4.0),
            1 => self.rect(class, (x - 3.8, y - 3.8), 7.6, 7.6),
            2 => self.path(class, &[vec![(x, y - 5.0), (x + 4.8, y + 3.6), (x - 4.8, y + 3.6)]], true),
            _ => self.path(class, &[vec![(x, y - 5.4), (x + 5.4, y), (x, y + 5.4), (x - 5.4, y)]], true),
        }
    }

    /// A name or figure, which keeps its own direction. Starts at its place unless its class says `end` or `middle`.
    pub fn text(&mut self, class: &str, at: Spot, words: &str) {
        let safe = text::isolated(words, self.rtl);
        self.put(class, at, &safe);
    }

    /// Words of the page's own language.
    pub fn words(&mut self, class: &str, at: Spot, words: &str) {
        let safe = text::own(words, self.rtl);
        self.put(class, at, &safe);
    }

    /// Lines of a name under each other.
    pub fn lines(&mut self, class: &str, at: Spot, leading: f64, lines: &[String]) {
        for (i, line) in lines.iter().enumerate() {
            self.text(class, (at.0, at.1 + leading * i as f64), line);
        }
    }

    /// A name that runs upwards; downwards for readers from the right, so that both start at the same place.
    pub fn upward(&mut self, class: &str, at: Spot, words: &str) {
        let (safe, x, turn) = (text::isolated(words, self.rtl), self.x(at.0), if self.rtl { 90 } else { -90 });
        self.body.push_str(&format!(
            "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" transform=\"rotate({turn} {x:.1} {y:.1})\">{safe}</text>\n",
            y = at.1
        ));
    }

    /// Numbers under an axis, as many as stand apart; the first and the last do not leave the sheet.
    pub fn ticks(&mut self, texts: &[(f64, String)], y: f64) {
        let width = |text: &str| text::width(text, 12.0);
        let widest = texts.iter().map(|(_, text)| width(text)).fold(0.0, f64::max) + 8.0;
        let gap = texts.windows(2).filter_map(|pair| Some((pair.last()?.0 - pair.first()?.0).abs()));
        let every = (widest / gap.fold(self.width, f64::min).max(1.0)).ceil() as usize;
        for (x, text) in texts.iter().step_by(every.max(1)) {
            let half = width(text) / 2.0 + 2.0;
            self.text("tick", (x.clamp(half, (self.width - half).max(half)), y), text);
        }
    }

    fn put(&mut self, class: &str, at: Spot, safe: &str) {
        if safe.chars().all(|c| matches!(c, '\u{2066}'..='\u{2069}')) {
            return;
        }
        let x = self.x(at.0);
        self.body.push_str(&format!("<text class=\"{class}\" x=\"{x:.1}\" y=\"{:.1}\">{safe}</text>\n", at.1));
    }

    /// The finished drawing.
    pub fn finish(self, about: &About, height: f64) -> String {
        let id = format!("{}-{}", name(&about.id), self.size.name());
        format!(
            "<svg class=\"chart chart-{size}{side}\" role=\"img\" aria-labelledby=\"{id}-title\" \
             aria-describedby=\"{id}-desc\" viewBox=\"0 0 {width} {height:.0}\">\n\
             <title id=\"{id}-title\">{title}</title>\n<desc id=\"{id}-desc\">{desc}</desc>\n{body}</svg>",
            size = self.size.name(),
            side = if self.rtl { " rtl" } else { "" },
            width = self.width,
            title = text::account(&about.title),
            desc = text::account(&about.description),
            body = self.body,
        )
    }
}

/// An id as HTML and XML both take it, without white space, which would split the list of ids.
fn name(id: &str) -> String {
    let safe: String = id.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect();
    if safe.starts_with(|c: char| c.is_ascii_alphabetic()) { safe } else { format!("chart{safe}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(rtl: bool) -> String {
        let mut canvas = Canvas::new(Size::Narrow, rtl);
        canvas.rect("a", (10.0, 5.0), 30.0, 8.0);
        canvas.line("b", (0.0, 0.0), (100.0, 1.0));
        canvas.finish(&About { id: "7 x\"y".into(), title: "<t>".into(), ..About::default() }, 50.0)
    }

    #[test]
    fn for_readers_from_the_right_everything_stands_as_far_from_the_other_edge() {
        // 340 - 10 - 30 = 300.
        assert!(drawn(false).contains("x=\"10.0\" y=\"5.0\" width=\"30.0\""));
        assert!(drawn(true).contains("x=\"300.0\" y=\"5.0\" width=\"30.0\""));
        assert!(drawn(true).contains("x1=\"340.0\" y1=\"0.0\" x2=\"240.0\""));
    }

    #[test]
    fn ids_are_single_words_and_point_at_what_is_there() {
        let svg = drawn(false);
        assert!(
            svg.contains("aria-labelledby=\"chart7-x-y-narrow-title\"")
                && svg.contains("<title id=\"chart7-x-y-narrow-title\">&lt;t&gt;")
        );
    }
}
