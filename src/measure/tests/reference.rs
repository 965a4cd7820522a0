//! Figures against those of R's survey package, statsmodels and scipy: `tests/simulation/reference/README.md` has the
//! commands.

use super::world::{World, origin};
use crate::measure::WeightSpec;
use crate::measure::adjust::weighted::weighted_shares;
use crate::measure::adjust::weights::Weights;
use crate::measure::count::cells::{Cells, Scope};
use crate::measure::count::demand::{Shares, count};
use crate::measure::count::discovery::{q_values, two_sided_p};
use crate::measure::count::intervals::{log_ratio, percentile, wilson};
use crate::measure::count::mentions::Asked;
use crate::measure::count::panel::Panel;
use crate::measure::count::window::Window;
use crate::measure::growth::paired::covariances;
use crate::store::write_table;
use crate::types::*;
use std::collections::BTreeMap;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/simulation/reference/");

fn table(name: &str) -> Vec<BTreeMap<String, String>> {
    let rows = csv::Reader::from_path(format!("{FOLDER}{name}.csv")).unwrap().into_deserialize();
    rows.map(Result::unwrap).collect()
}

fn number(row: &BTreeMap<String, String>, name: &str) -> f64 {
    row[name].parse().unwrap_or_else(|_| panic!("{name} of {row:?}"))
}

fn near(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * b.abs().max(1e-9)
}

#[test]
fn wilson_is_that_of_statsmodels_for_any_n() {
    let rows = table("wilson");
    assert!(rows.len() >= 40);
    for row in rows {
        let (low, high) = wilson(number(&row, "count") / number(&row, "n"), number(&row, "n"));
        let close = |a: f64, name: &str| (a - number(&row, name)).abs() < 1e-12;
        assert!(close(low, "low") && close(high, "high"), "{row:?}: {low} {high}");
    }
}

#[test]
fn q_p_and_quantiles_are_those_of_scipy_and_numpy() {
    let mut vectors: BTreeMap<String, (Vec<f64>, Vec<f64>)> = BTreeMap::new();
    for row in table("bh") {
        let own = vectors.entry(row["vector"].clone()).or_default();
        own.0.push(number(&row, "p"));
        own.1.push(number(&row, "q"));
    }
    for (name, (p, q)) in vectors {
        assert!(q_values(&p).iter().zip(&q).all(|(a, b)| (a - b).abs() < 1e-12), "vector {name}");
    }
    for row in table("two_sided_p") {
        let p = two_sided_p(number(&row, "z"), 1.0);
        assert!(near(p, number(&row, "p"), 1e-10), "{row:?}: {p}");
    }
    let mut inputs: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    table("quantile_inputs")
        .iter()
        .for_each(|r| inputs.entry(r["vector"].clone()).or_default().push(number(r, "value")));
    for row in table("quantiles") {
        let found = percentile(&mut inputs[&row["vector"]].clone(), number(&row, "probability")).unwrap();
        assert!((found - number(&row, "value")).abs() < 1e-9, "{row:?}: {found}");
    }
}

/// A data set as the measures see it.
struct Sample {
    window: Window,
    asked: Asked,
    cells: Cells,
    shares: Shares<'static>,
    /// The column `w` by row of the window.
    fixed: Vec<f64>,
}

fn sample(dataset: &str) -> Sample {
    let mut world = World::with_skills(&[("a", &[]), ("b", &[]), ("c", &[])]);
    (world.spec.min_postings, world.spec.min_employers) = (1, 1);
    let mut fixed: BTreeMap<String, f64> = BTreeMap::new();
    for row in table("postings").iter().filter(|r| r["dataset"] == dataset) {
        let skills: Vec<&str> = ["a", "b", "c"].into_iter().filter(|s| row[*s] == "1").collect();
        let day = if row["later"] == "1" { "2025-08-01" } else { "2025-02-01" };
        let posting = world.post(Some(&row["employer"]), Some(day), &skills);
        posting.isco = Some(IscoCode::new(&row["group"]).unwrap());
        posting.area = Some(AreaCode("ES".into()));
        fixed.insert(posting.id.0.clone(), number(row, "w"));
    }
    let folder = tempfile::tempdir().unwrap();
    let (postings, mentions) = (folder.path().join("p.parquet"), folder.path().join("m.parquet"));
    write_table(&postings, &world.postings).unwrap();
    write_table(&mentions, &world.mentions).unwrap();
    let spec = Box::leak(Box::new(world.spec));
    let window = Window::read(&postings, spec, &BTreeMap::new()).unwrap();
    let asked = Asked::read(&mentions, &window, &[]).unwrap();
    let cells = Cells::build(&window, &[], &Panel::new(&window), spec).unwrap();
    let kept: &'static Cells = Box::leak(Box::new(cells.clone()));
    let shares = Shares::new(kept, count(&asked, kept, &window), spec);
    let fixed = window.ids.iter().map(|id| fixed[id]).collect();
    Sample { window, asked, cells, shares, fixed }
}

fn employment(window: &Window) -> Vec<Observation> {
    let held: std::collections::BTreeSet<String> = window.rows.iter().map(|r| r.group.to_string()).collect();
    let figure = |row: &BTreeMap<String, String>| Observation {
        indicator: "Employment".into(),
        area: AreaCode("ES".into()),
        period: Period::parse("2025").unwrap(),
        occupation: Some(IscoCode::new(&row["group"]).unwrap()),
        sector: None,
        sex: None,
        age: None,
        breakdown: vec![],
        value: Some(number(row, "persons")),
        unit: "thousand persons".into(),
        quality: ObservationQuality::Normal,
        flags: None,
        note: None,
        origin: Origin { source: SourceId::new("lfs").unwrap(), ..origin(1) },
    };
    table("employment").iter().filter(|r| held.contains(&r["group"])).map(figure).collect()
}

const DATASETS: [&str; 5] = ["even", "tail", "few", "single", "rare"];

fn survey(dataset: &str, estimate: &str) -> Vec<(String, f64, f64, Option<f64>)> {
    let rows = table("survey");
    let own = rows.iter().filter(|r| r["dataset"] == dataset && r["estimate"] == estimate);
    own.map(|r| (r["skill"].clone(), number(r, "value"), number(r, "se"), r["deff"].parse().ok())).collect()
}

#[test]
fn shares_and_their_design_effects_are_those_of_r_survey() {
    let mut seen = 0;
    for dataset in DATASETS {
        let own = sample(dataset);
        let whole = own.cells.get(own.cells.code(Scope::WHOLE).unwrap()).unwrap();
        let counts = count(&own.asked, &own.cells, &own.window);
        for (skill, value, _, deff) in survey(dataset, "share") {
            let code = own.asked.code(&skill).unwrap();
            let share = own.shares.get(Scope::WHOLE, code);
            assert!(near(share.value.unwrap().0, value, 1e-12), "{dataset} {skill}");
            let asking =
                counts.iter().find(|c| c.skill == code && Some(c.cell) == own.cells.code(Scope::WHOLE)).unwrap();
            let n = share.base as f64;
            let Some(expected) = deff.filter(|d| d.is_finite()).map(|d| (d * n / (n - 1.0)).max(1.0)) else { continue };
            let Some(found) = crate::measure::count::intervals::design_effect(asking.asking, whole.clusters) else {
                continue;
            };
            assert!(near(found, expected, 1e-9), "{dataset} {skill}: {found} for {expected}");
            seen += 1;
        }
    }
    assert!(seen >= 12, "{seen}");
}

#[test]
fn weighted_and_post_stratified_shares_have_the_errors_of_r_survey() {
    let mut seen = 0;
    for dataset in DATASETS {
        let own = sample(dataset);
        let spec = WeightSpec { source: SourceId::new("lfs").unwrap(), indicator: None, period: None, cap: 1e6 };
        let weights = Weights::new(&own.window, &employment(&own.window), &spec).unwrap();
        let shares = weighted_shares(&own.asked, &own.cells, &own.window, &weights);
        let whole = own.cells.code(Scope::WHOLE).unwrap();
        for (skill, value, error, _) in survey(dataset, "post_stratified") {
            let found = shares[&(whole, own.asked.code(&skill).unwrap())];
            assert!(near(found.share, value, 1e-9), "{dataset} {skill}: {} for {value}", found.share);
            assert!((found.error - error).abs() < 1e-9, "{dataset} {skill}: {} for {error}", found.error);
            seen += 1;
        }
    }
    assert!(seen >= 12, "{seen}");
}

#[test]
fn growth_between_halves_that_share_employers_has_the_error_of_r_survey() {
    let mut seen = 0;
    for dataset in DATASETS {
        let own = sample(dataset);
        let common = covariances(&own.asked, &own.cells);
        for (skill, value, error, _) in survey(dataset, "log_ratio_halves") {
            let code = own.asked.code(&skill).unwrap();
            let [earlier, later] = [false, true].map(|later| own.shares.get(Scope::Half { area: 0, later }, code));
            if earlier.asking < 10 || later.asking < 10 {
                continue;
            }
            let raw = (later.value.unwrap().0 / earlier.value.unwrap().0).ln();
            assert!(near(raw, value, 1e-9), "{dataset} {skill}");
            let part = |s: &crate::measure::count::demand::Share| (s.asking, s.base, s.effective_n);
            let covariance = common.get(&(0, code)).copied().unwrap_or_default();
            let (growth, low, high) = log_ratio(part(&later), part(&earlier), covariance);
            let found = (high - low) / (2.0 * 1.959_963_984_540_054);
            // Half a posting is added to counts, and few employers widen an interval that R gives to t.
            assert!((growth - value).abs() < 0.1, "{dataset} {skill}: {growth} for {value}");
            assert!(found > 0.9 * error, "{dataset} {skill}: {found} for {error}");
            // Six employers are fewer than the five degrees of freedom R counts: two of them carry the variance. Of a skill
            // that nearly all ask for, half a posting added is more than the error itself.
            let is_plain = dataset != "few" && later.value.unwrap().0 < 0.9;
            assert!(found < 1.6 * error || !is_plain, "{dataset} {skill}: {found} for {error}");
            seen += 1;
        }
    }
    assert!(seen >= 5, "{seen}");
}

#[test]
fn specialisation_is_the_log_ratio_against_the_rest_and_never_surer_than_r_survey() {
    let mut seen = 0;
    for dataset in DATASETS {
        let own = sample(dataset);
        let names: Vec<_> = own
            .asked
            .skills
            .iter()
            .map(|s| crate::measure::NamedSkill::new(s, &Taxonomy::default(), Lang::En))
            .collect();
        let found = crate::measure::market::specialisation::specialisations(&own.shares, &own.window, &names);
        for (skill, value, error, _) in survey(dataset, "log_rca_against_rest") {
            let row =
                found.iter().find(|s| s.dimension == Dimension::OccupationGroup && s.code == "2" && s.skill == skill);
            let Some(row) = row else {
                // Not listed: R does not tell it from zero with room to spare, or hardly anybody asks.
                let share =
                    own.shares.get(Scope::Cube { area: 0, period: 0, group: 3 }, own.asked.code(&skill).unwrap());
                let told = value - 2.6 * error > 0.0 && share.asking >= 10 && dataset != "few";
                assert!(!told, "{dataset} {skill}: {value} {error}");
                seen += 1;
                continue;
            };
            assert!((row.log_rca - value).abs() < 0.1, "{dataset} {skill}: {} for {value}", row.log_rca);
            seen += 1;
        }
    }
    assert!(seen >= 10, "{seen}");
}

#[test]
fn fixed_weights_in_a_cell_of_mixed_strata_give_the_error_of_r_survey() {
    for dataset in DATASETS {
        let mut own = sample(dataset);
        // One period holds all postings, and a period is no whole stratum: the path of domains.
        own.window.rows.iter_mut().for_each(|row| row.period = Some(0));
        own.window.periods.truncate(1);
        let spec = crate::measure::MeasureSpec { min_postings: 1, min_employers: 1, ..Default::default() };
        let cells = Cells::build(&own.window, &[], &Panel::new(&own.window), &spec).unwrap();
        let weights = Weights::fixed(own.fixed.clone());
        let shares = weighted_shares(&own.asked, &cells, &own.window, &weights);
        let cell = cells.code(Scope::Cube { area: 0, period: 1, group: 0 }).unwrap();
        for (skill, value, error, _) in survey(dataset, "fixed_weights") {
            let found = shares[&(cell, own.asked.code(&skill).unwrap())];
            assert!(near(found.share, value, 1e-9), "{dataset} {skill}: {} for {value}", found.share);
            assert!((found.error - error).abs() < 1e-9, "{dataset} {skill}: {} for {error}", found.error);
        }
    }
}
