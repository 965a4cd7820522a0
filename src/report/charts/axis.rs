//! Axes: round ends, ticks, places of values, and numbers as the page's language writes them.

/// Larger values than any count or share; keeps sums and differences finite.
const MOST: f64 = 1e15;

/// How numbers on an axis are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numerals {
    /// Between the whole and the decimals.
    pub decimal: String,
    /// Between groups of three.
    pub thousands: String,
}

impl Default for Numerals {
    fn default() -> Self {
        Self { decimal: ".".to_owned(), thousands: ",".to_owned() }
    }
}

impl Numerals {
    /// A tick of an axis with this step.
    pub fn tick(&self, value: f64, step: f64) -> String {
        let places = if step >= 1.0 || step <= 0.0 { 0 } else { ((-step.log10()).ceil() as usize).min(12) };
        let text = format!("{:.places$}", value.abs());
        let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
        let mut out = String::new();
        if value < 0.0 && text.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
            out.push('−');
        }
        for (i, digit) in whole.chars().enumerate() {
            if i > 0 && (whole.len() - i).is_multiple_of(3) {
                out.push_str(&self.thousands);
            }
            out.push(digit);
        }
        if !part.is_empty() {
            out.push_str(&self.decimal);
            out.push_str(part);
        }
        out
    }
}

/// A number that can be drawn, if it is one.
pub fn drawable(value: f64) -> Option<f64> {
    value.is_finite().then(|| value.clamp(-MOST, MOST))
}

/// The ends of an interval that can be drawn, the lower first.
pub fn ends(interval: Option<(f64, f64)>) -> Option<(f64, f64)> {
    let (a, b) = interval?;
    let (a, b) = (drawable(a)?, drawable(b)?);
    Some((a.min(b), a.max(b)))
}

/// A scale from `low` to `high` with a tick at every step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Axis {
    /// Value at its start.
    pub low: f64,
    /// Value at its end.
    pub high: f64,
    /// Between two ticks.
    pub step: f64,
}

impl Axis {
    /// Holds all values, with round ends and at most `most` steps (one or two more when both ends are rounded). Zero is
    /// on it, unless that would leave more than half of it empty.
    pub fn over(values: impl IntoIterator<Item = f64>, most: f64) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.into_iter().filter_map(drawable) {
            (low, high) = (low.min(value), high.max(value));
        }
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        let one_value = high - low < 1e-9;
        if low > 0.0 && (one_value || low <= high / 2.0) {
            low = 0.0;
        } else if high < 0.0 && (one_value || high >= low / 2.0) {
            high = 0.0;
        }
        if high - low < 1e-9 {
            high = low + 1.0;
        }
        let step = round_step((high - low) / most);
        Self { low: (low / step + 1e-9).floor() * step, high: (high / step - 1e-9).ceil() * step, step }
    }

    /// The same from zero, whatever the values.
    pub fn from_zero(values: impl IntoIterator<Item = f64>, most: f64) -> Self {
        Self::over(values.into_iter().chain([0.0]), most)
    }

    /// The same, but begun no lower than values can be.
    pub fn not_below(self, least: Option<f64>) -> Self {
        let low = least.map_or(self.low, |least| self.low.max(least));
        if low < self.high { Self { low, ..self } } else { self }
    }

    /// Where a value stands between the ends, 0..=1; what is off the axis stands at its end.
    pub fn share(self, value: f64) -> f64 {
        let share = (value - self.low) / (self.high - self.low);
        if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) }
    }

    /// Its ticks: whole steps, wherever it begins.
    pub fn ticks(self) -> Vec<f64> {
        let start = self.low / self.step;
        let is_whole = (start - start.round()).abs() <= 1e-6 * start.abs().max(1.0);
        let first = if is_whole { start.round() } else { start.ceil() };
        let from = if is_whole { self.low } else { first * self.step };
        let count = ((self.high - from) / self.step).round().clamp(0.0, 40.0) as usize;
        (0..=count).map(|i| (first + i as f64) * self.step).collect()
    }
}

/// The smallest of 1, 2 and 5 times a power of ten that is not under `least`.
fn round_step(least: f64) -> f64 {
    let power = 10f64.powf(least.max(1e-12).log10().floor());
    let steps = [1.0, 2.0, 5.0].map(|factor| factor * power);
    steps.into_iter().find(|step| *step >= least * (1.0 - 1e-9)).unwrap_or(10.0 * power)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ends_and_steps_are_round() {
        let axis = |values: &[f64]| {
            let Axis { low, high, step } = Axis::over(values.iter().copied(), 6.0);
            (low, high, step)
        };
        assert_eq!(axis(&[3.0, 28.0]), (0.0, 30.0, 5.0));
        assert_eq!(axis(&[120.0, 121.0, 125.0]), (120.0, 125.0, 1.0));
        assert_eq!(axis(&[-30.0, 80.0]), (-40.0, 80.0, 20.0));
        assert_eq!(axis(&[-80.0, -10.0]), (-80.0, 0.0, 20.0));
        assert_eq!(axis(&[]), (0.0, 1.0, 0.2));
        assert_eq!(axis(&[7.0]), (0.0, 8.0, 2.0));
        assert_eq!(axis(&[0.0, 0.0]), (0.0, 1.0, 0.2));
        assert_eq!(axis(&[f64::NAN, f64::INFINITY, 4.0]), (0.0, 4.0, 1.0));
    }

    #[test]
    fn an_axis_that_cannot_go_lower_begins_there_and_keeps_its_round_steps() {
        let axis = Axis::from_zero([-60.0, 800.0], 6.0);
        assert_eq!((axis.low, axis.step), (-200.0, 200.0));
        let cut = axis.not_below(Some(-100.0));
        assert_eq!((cut.low, cut.ticks()), (-100.0, vec![0.0, 200.0, 400.0, 600.0, 800.0]));
        assert_eq!([axis.not_below(None), axis.not_below(Some(-300.0))], [axis, axis]);
    }

    #[test]
    fn ticks_are_written_without_the_noise_of_binary_fractions() {
        let catalan = Numerals { decimal: ",".into(), thousands: ".".into() };
        let axis = Axis::over([0.0, 0.6], 6.0);
        let texts: Vec<String> = axis.ticks().into_iter().map(|t| catalan.tick(t, axis.step)).collect();
        assert_eq!(texts, ["0,0", "0,1", "0,2", "0,3", "0,4", "0,5", "0,6"]);
        assert_eq!(catalan.tick(-1_250_000.0, 50_000.0), "−1.250.000");
        // As everywhere on the page: 8.000 beside 10.000.
        assert_eq!([8000.0, 10_000.0].map(|tick| catalan.tick(tick, 2000.0)), ["8.000", "10.000"]);
        assert_eq!(catalan.tick(-0.0, 0.5), "0,0");
    }

    proptest! {
        #[test]
        fn every_axis_holds_its_values_and_has_few_ticks(values in prop::collection::vec(prop::num::f64::ANY, 0..20)) {
            let axis = Axis::over(values.iter().copied(), 6.0);
            prop_assert!(axis.low < axis.high && axis.step > 0.0, "{axis:?}");
            let ticks = axis.ticks();
            prop_assert!((2..=9).contains(&ticks.len()), "{axis:?} {ticks:?}");
            for value in values.into_iter().filter_map(drawable) {
                let slack = 1e-6 * axis.step;
                prop_assert!(value >= axis.low - slack && value <= axis.high + slack, "{value} {axis:?}");
                prop_assert!((0.0..=1.0).contains(&axis.share(value)));
            }
        }
    }
}
