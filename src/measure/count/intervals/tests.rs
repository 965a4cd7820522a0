use super::*;
use proptest::prelude::*;

/// Employers as (postings, asking).
fn of(employers: &[(u64, u64)]) -> (Asking, Clusters) {
    let mut asking = Asking::default();
    employers.iter().for_each(|(size, own)| asking.add(*own, *size));
    (asking, Clusters::of(employers.iter().map(|e| e.0)))
}

fn near(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance
}

#[test]
fn wilson_intervals_are_those_of_statsmodels() {
    // statsmodels 0.15: proportion_confint(x, n, method='wilson')
    let reference = [
        (0, 50, 0.0, 0.071_347_599_133_358_74),
        (3, 40, 0.025_836_025_774_588_184, 0.198_642_335_243_105_5),
        (25, 50, 0.366_445_143_168_285_8, 0.633_554_856_831_714_2),
        (50, 50, 0.928_652_400_866_641_2, 1.0),
        (7, 1234, 0.002_750_492_179_347_004_5, 0.011_662_871_255_492_133),
    ];
    for (x, n, low, high) in reference {
        let (l, h) = wilson(f64::from(x) / f64::from(n), f64::from(n));
        assert!(near(l, low, 1e-12) && near(h, high, 1e-12), "{x}/{n}: {l} {h}");
    }
}

#[test]
fn the_design_effect_is_that_of_a_regression_with_errors_clustered_by_employer() {
    // statsmodels 0.15: OLS(y, 1).fit(cov_type='cluster', use_correction=False), variance x G / (G - 1) = 0.014453125,
    // over employers of 10, 10, 20, 5, 15 postings of which 5, 1, 12, 0, 3 ask; / (0.35 * 0.65 / 60) = 3.8118131868.
    let (asking, cell) = of(&[(10, 5), (10, 1), (20, 12), (5, 0), (15, 3)]);
    assert!(near(design_effect(asking, cell).unwrap(), 3.811_813_186_813_186_8, 1e-12));
}

#[test]
fn employers_of_one_posting_each_leave_the_simple_interval() {
    let (asking, cell) = of(&(0..400).map(|i| (1, u64::from(i < 40))).collect::<Vec<_>>());
    let deff = design_effect(asking, cell).unwrap();
    assert!(near(deff, 400.0 / 399.0, 1e-9), "{deff}");
    assert!(near(effective_n(cell, 1.0, freedom(asking, cell)), 400.0, 1e-9));
}

#[test]
fn few_employers_widen_the_interval_by_students_t() {
    // scipy 1.17: t.ppf(.975, .); Hill's expansion is exact to so many digits.
    let reference = [
        (1.0, 12.706_204_736, 1e-10),
        (1.5, 6.016_663_1, 0.03),
        (2.0, 4.302_652_729_749, 1e-12),
        (2.2, 3.948_720_749_713, 1.1e-4),
        (2.5, 3.574_654_842_004, 1.2e-5),
        (3.0, 3.182_446_305_284, 1e-6),
        (3.5, 2.940_088_637_983, 5e-6),
        (4.0, 2.776_445_105_198, 4e-8),
        (4.5, 2.658_912_347_204, 4e-9),
        (5.0, 2.570_581_835_636, 7e-8),
        (6.0, 2.446_911_851_145, 5e-8),
        (7.5, 2.333_039_626_865, 2e-8),
        (12.3, 2.172_933_481_759, 2e-9),
        (30.0, 2.042_272_456_301, 2e-10),
        (100.0, 1.983_971_518_524, 3e-10),
        (1000.0, 1.962_339_080_826, 2e-10),
    ];
    for (freedom, t, tolerance) in reference {
        assert!(near(t975(freedom) / t, 1.0, tolerance), "{freedom}: {}", t975(freedom));
    }
    let cell = Clusters { base: 1001, count: 10, squares: 100_300, fourths: 1.0 };
    assert!(near(effective_n(cell, 1.0, 9.0), 1001.0 * (1.962_339_081_f64 / 2.262_157_163).powi(2), 0.2));
}

#[test]
fn a_variance_that_one_employer_makes_counts_for_little() {
    // z = x - .35 n = 1.5, -2.5, 5, -1.75, -2.25: (sum z^2)^2 / sum z^4 = 41.625^2 / 704.1328125 by hand.
    let (asking, cell) = of(&[(10, 5), (10, 1), (20, 12), (5, 0), (15, 3)]);
    assert!(near(freedom(asking, cell), 41.625_f64.powi(2) / 704.132_812_5, 1e-9));
    let even: Vec<(u64, u64)> = (0..40).map(|g| (10, if g % 2 == 0 { 6 } else { 4 })).collect();
    let (asking, cell) = of(&even);
    assert!(near(freedom(asking, cell), 39.0, 1e-9));
}

#[test]
fn growth_is_the_log_ratio_of_statsmodels() {
    // statsmodels 0.15: log(confint_proportions_2indep(30, 400, 12, 380, method='log-adjusted', compare='ratio'))
    let (growth, low, high) = log_ratio((30, 400, 400.0), (12, 380, 380.0), 0.0);
    assert!(near(growth, 0.840_770_450_098_437_1, 1e-9));
    assert!(near(low, 0.197_669_6, 1e-6) && near(high, 1.483_871_3, 1e-6), "{low} {high}");
}

#[test]
fn what_two_shares_have_in_common_comes_off_the_error_of_their_ratio_up_to_three_quarters() {
    // numpy: x + .5, n + .5; variances on effective counts of 200 and 190 add up to .2081254, 2 x 1e-4 / (p1 p0) is .0799424.
    let (growth, low, high) = log_ratio((30, 400, 200.0), (12, 380, 190.0), 1e-4);
    assert!(near(growth, 0.840_770_450_098_437_1, 1e-12));
    assert!(near(high - growth, 0.701_719_064_513_954_6, 1e-9) && near(growth - low, high - growth, 1e-12));
    let (_, low, high) = log_ratio((30, 400, 200.0), (12, 380, 190.0), 1.0);
    assert!(near((high - low) / 2.0, Z * (0.25 * 0.208_125_407_874_321_1_f64).sqrt(), 1e-9));
    // Employers that are unlike in the two halves widen it.
    let (_, low, high) = log_ratio((30, 400, 200.0), (12, 380, 190.0), -1e-4);
    assert!(near((high - low) / 2.0, Z * (0.208_125_407_874_321_1_f64 + 0.079_942_426_229_508_2).sqrt(), 1e-9));
}

#[test]
fn an_estimate_is_the_share_with_wilsons_interval_on_its_effective_postings() {
    let employers = [(10, 5), (10, 1), (20, 12), (5, 0), (15, 3)];
    let asking = Asking::of(employers.map(|(size, own)| (own, size)));
    let (same, cell) = of(&employers);
    assert_eq!(asking, same);
    // See `the_interval_of_a_planted_clustered_share_is_the_one_worked_out_elsewhere`.
    let found = estimate(asking, cell, None);
    assert!(near(found.share, 0.35, 1e-12) && near(found.effective_n, 5.402_075, 1e-3), "{found:?}");
    assert!(near(found.low, 0.098_600, 1e-4) && near(found.high, 0.726_075, 1e-4), "{found:?}");
    let nothing = estimate(Asking::default(), Clusters::default(), None);
    assert_eq!((nothing.share, nothing.low, nothing.high, nothing.effective_n), (0.0, 0.0, 1.0, 0.0));
    // All, none or one employer show no effect: the typical one stands in.
    for (employers, typical) in [(vec![(10, 10), (10, 10)], 3.0), (vec![(10, 0), (10, 0)], 3.0), (vec![(20, 5)], 3.0)] {
        let (asking, cell) = of(&employers);
        assert_eq!(design_effect(asking, cell), None);
        assert!(estimate(asking, cell, Some(typical)).effective_n <= 20.0 / typical);
    }
    let (asking, cell) = of(&[(10, 10), (10, 0)]);
    // x - n / 2 = 5 and -5: 2 / 1 x 50 / 400 over .25 / 20.
    assert!(near(design_effect(asking, cell).unwrap(), 20.0, 1e-12));
}

/// (lower end, upper end, carries no mark).
fn tied(ranks: &[(f64, f64, bool)]) -> Vec<Option<u32>> {
    last_tied(ranks.iter().map(|(low, high, is_firm)| Some(Ends { low: *low, high: *high, is_firm: *is_firm })))
}

#[test]
fn ranks_whose_intervals_meet_are_tied_and_a_withheld_one_has_no_rank() {
    let ranks = [(40.0, 60.0, true), (35.0, 45.0, true), (20.0, 38.0, true), (1.0, 3.0, true)];
    assert_eq!(tied(&ranks), [Some(2), Some(3), Some(3), Some(4)]);
    assert_eq!(last_tied([None].into_iter()), [None]);
}

#[test]
fn one_wide_interval_of_low_reliability_does_not_tie_the_ranks_above_it() {
    let ranks = |is_firm| [(40.0, 60.0, true), (20.0, 30.0, true), (5.0, 6.0, true), (0.5, 80.0, is_firm)];
    assert_eq!(tied(&ranks(true)), [Some(4); 4]);
    assert_eq!(tied(&ranks(false)), [Some(1), Some(2), Some(3), Some(4)]);
    // It is itself tied with all that it reaches, and where nothing is firm the order is as unsure as it looks.
    assert_eq!(tied(&[(0.5, 80.0, false), (5.0, 6.0, true), (1.0, 2.0, true)]), [Some(3), Some(2), Some(3)]);
    assert_eq!(tied(&[(10.0, 60.0, false), (5.0, 50.0, false)]), [Some(2), Some(2)]);
}

#[test]
fn percentiles_are_those_of_numpy() {
    // numpy: percentile(arange(1, 201) ** 1.5, [2.5, 97.5])
    let (low, high) = percentile_interval((1..=200).rev().map(|i| f64::from(i).powf(1.5)).collect()).unwrap();
    assert!(near(low, 14.609_023_49, 1e-6) && near(high, 2_723.551_138_32, 1e-6));
    assert_eq!(percentile_interval(vec![]), None);
    assert_eq!(percentile_interval(vec![0.5]), Some((0.5, 0.5)));
}

proptest! {
    #[test]
    fn an_interval_lies_in_0_to_1_and_holds_its_share(sizes in prop::collection::vec((1_u64..60, 0_u64..60), 0..40)) {
        let sizes: Vec<(u64, u64)> = sizes.into_iter().map(|(n, x)| (n, x.min(n))).collect();
        let (asking, cell) = of(&sizes);
        let deff = design_effect(asking, cell).unwrap_or_else(|| worst_design_effect(cell));
        prop_assert!(deff >= 1.0 && deff.is_finite());
        let n = effective_n(cell, deff, freedom(asking, cell));
        prop_assert!(n >= 0.0 && n <= cell.base as f64);
        let share = asking.count as f64 / cell.base.max(1) as f64;
        let (low, high) = wilson(share, n);
        prop_assert!(0.0 <= low && low <= share && share <= high && high <= 1.0);
        let (growth, lower, upper) = log_ratio((asking.count, cell.base, n), (0, cell.base, n), 0.0);
        prop_assert!(lower <= growth && growth <= upper && upper.is_finite() && lower.is_finite());
    }
}
