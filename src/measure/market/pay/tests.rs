use super::*;

/// The amounts and employers of the reference, made by the same rules as in numpy.
fn reference() -> Vec<(u64, u32)> {
    let amount = |i: u64| {
        let employer = if i.is_multiple_of(9) { 100 + i } else { i * i % 13 };
        let low = 20_000 + i * 7_919 % 97 * 100 + employer % 13 * 500;
        ((2 * low + 2_000 * (i % 3)) * 100, employer as u32)
    };
    (0..90).map(amount).collect()
}

#[test]
fn median_quartiles_and_interval_are_those_of_numpy_and_scipy() {
    // numpy 2, scipy 1.17.1: np.quantile(mid, [.5, .5 - h, .5 + h, .25, .75]) with
    // h = z / (1 + z^2 / ne) * sqrt(.25 / ne + z^2 / 4 / ne^2), ne = n / d * min(1, (t.ppf(.975, n - 1) / t.ppf(.975, 7))^2),
    // 8 = floor(n^2 / sum size^2), d = max over (mid < m, mid <= m) of (G - 1) / G * sum (e / (1 - size / n))^2 / n^2 / (p (1 - p) / n).
    let spread = Spread::of(reference());
    assert_eq!((spread.median, spread.quartile_1, spread.quartile_3), (28_600.0, 26_700.0, 31_350.0));
    assert!((spread.effective_n - 19.092).abs() < 0.05, "{}", spread.effective_n);
    assert!((spread.median_low - 27_028.7).abs() < 10.0 && (spread.median_high - 31_000.0).abs() < 10.0, "{spread:?}");
}

#[test]
fn one_amount_one_posting_or_one_employer_give_figures_and_no_false_certainty() {
    let same = Spread::of((0..60).map(|i| (300_000, i % 12)).collect());
    assert_eq!((same.median, same.median_low, same.median_high), (1_500.0, 1_500.0, 1_500.0));
    let single = Spread::of(vec![(300_000, 7)]);
    assert_eq!((single.median, single.quartile_1), (1_500.0, 1_500.0));
    let employer = Spread::of((0..60).map(|i| (200_000 + i * 1_000, 3)).collect());
    assert!(employer.effective_n < 1.0, "{employer:?}");
    assert!(employer.median_low < 1_050.0 && employer.median_high > 1_240.0, "{employer:?}");
    assert_eq!(Spread::of(Vec::new()).median, 0.0);
}

#[test]
fn a_quantile_lies_between_its_neighbours_as_numpy_has_it() {
    let sorted = [10, 20, 30, 40];
    // np.quantile([10, 20, 30, 40], [0, .25, .5, .9, 1])
    let found = [0.0, 0.25, 0.5, 0.9, 1.0].map(|p| quantile(&sorted, p));
    assert_eq!(found.map(|q| (q * 1e6).round() / 1e6), [10.0, 17.5, 25.0, 37.0, 40.0]);
    assert_eq!((quantile(&[], 0.5), quantile(&[7], 0.9)), (0.0, 7.0));
}

#[test]
fn the_interval_holds_the_planted_median_about_nineteen_times_in_twenty() {
    // Knuth's generator and sums of twelve uniforms, apart from anything the estimator uses.
    let mut state = 20_260_630_u64;
    let mut uniform = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / f64::from(1u32 << 31)
    };
    let (mut held, worlds) = (0, 500);
    for _ in 0..worlds {
        let mut normal = || (0..12).map(|_| uniform()).sum::<f64>() - 6.0;
        let mut amounts = Vec::new();
        for employer in 0..50 {
            // Most employers post once or twice, one in ten posts often.
            let size = if employer % 10 == 0 { 15 } else { 1 + employer % 3 };
            let level = 0.3 * normal();
            amounts.extend((0..size).map(|_| ((24_000.0 * 200.0 * (level + 0.3 * normal()).exp()) as u64, employer)));
        }
        let spread = Spread::of(amounts);
        held += i32::from((spread.median_low..=spread.median_high).contains(&24_000.0));
    }
    let share = f64::from(held) / f64::from(worlds);
    assert!((0.92..=0.985).contains(&share), "{share}");
}

#[test]
fn a_median_rests_on_the_postings_that_the_clustering_of_both_its_sides_leaves() {
    // numpy and scipy by the rules above: no clustering at all; twenty postings of one employer that all state the median,
    // 5.26 below it and 14.02 up to it; two employers of which one pays more.
    let even = Spread::of((0..60).map(|i| (i, (i % 12) as u32)).collect());
    assert!((even.effective_n - 49.591_722).abs() < 1e-5, "{}", even.effective_n);
    let mut at_median = vec![(300, 0); 20];
    at_median.extend((0..10).flat_map(|j| [200, 350, 400].map(|amount| (amount, 1 + j))));
    let at_median = Spread::of(at_median);
    assert!((at_median.effective_n - 1.868_760).abs() < 1e-5, "{}", at_median.effective_n);
    let mut two: Vec<(u64, u32)> = (0..7).flat_map(|i| [(100 + i, 0), (200 + i, 1)]).collect();
    two.extend((0..3).flat_map(|i| [(120 + i, 0), (110 + i, 1)]));
    let two = Spread::of(two);
    assert!((two.effective_n - 0.169_589).abs() < 1e-5, "{}", two.effective_n);
}
