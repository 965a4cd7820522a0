use super::*;
use proptest::prelude::*;

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
    let cell = Clusters { base: 60, count: 5, squares: 850 };
    let asking = Asking { count: 21, squares: 179, products: 345 };
    assert!(near(design_effect(asking, cell).unwrap(), 3.811_813_186_813_186_8, 1e-12));
}

#[test]
fn employers_of_one_posting_each_leave_the_simple_interval() {
    let cell = Clusters { base: 400, count: 400, squares: 400 };
    let deff = design_effect(Asking { count: 40, squares: 40, products: 40 }, cell).unwrap();
    assert!(near(deff, 400.0 / 399.0, 1e-9), "{deff}");
    assert!(near(effective_n(cell, 1.0), 400.0, 1e-9));
}

#[test]
fn few_employers_widen_the_interval_by_students_t() {
    // scipy 1.17: t.ppf(.975, [4, 9, 29, 1000])
    for (freedom, t) in [(4, 2.776_445_105), (9, 2.262_157_163), (29, 2.045_229_642), (1000, 1.962_339_081)] {
        assert!(near(t975(freedom), t, 5e-4), "{freedom}: {}", t975(freedom));
    }
    let cell = Clusters { base: 1001, count: 10, squares: 100_300 };
    assert!(near(effective_n(cell, 1.0), 1001.0 * (1.962_339_081_f64 / 2.262_157_163).powi(2), 0.2));
}

#[test]
fn growth_is_the_log_ratio_of_statsmodels() {
    // statsmodels 0.15: log(confint_proportions_2indep(30, 400, 12, 380, method='log-adjusted', compare='ratio'))
    let (growth, low, high) = log_ratio((30, 400, 400.0), (12, 380, 380.0), 0.0);
    assert!(near(growth, 0.840_770_450_098_437_1, 1e-9));
    assert!(near(low, 0.197_669_6, 1e-6) && near(high, 1.483_871_3, 1e-6), "{low} {high}");
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
        let sum = |f: fn(&(u64, u64)) -> u64| sizes.iter().map(f).sum::<u64>();
        let cell = Clusters { base: sum(|g| g.0), count: sizes.len() as u64, squares: sum(|g| g.0 * g.0) };
        let asking = Asking { count: sum(|g| g.1), squares: sum(|g| g.1 * g.1), products: sum(|g| g.0 * g.1) };
        let deff = design_effect(asking, cell).unwrap_or_else(|| worst_design_effect(cell));
        prop_assert!(deff >= 1.0 && deff.is_finite());
        let n = effective_n(cell, deff);
        prop_assert!(n >= 0.0 && n <= cell.base as f64);
        let share = asking.count as f64 / cell.base.max(1) as f64;
        let (low, high) = wilson(share, n);
        prop_assert!(0.0 <= low && low <= share && share <= high && high <= 1.0);
        let (growth, lower, upper) = log_ratio((asking.count, cell.base, n), (0, cell.base, n), 0.0);
        prop_assert!(lower <= growth && growth <= upper && upper.is_finite() && lower.is_finite());
    }
}
