//! The estimators on worlds whose truth is known, a few replications; `cargo bench --bench figures` runs a thousand.

#[path = "../../benches/common/simulation.rs"]
mod worlds;

use std::path::Path;
use worlds::Simulation;

#[test]
fn intervals_hold_the_truth_about_as_often_as_they_say_and_few_calls_are_chance() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/simulation/small");
    let simulation = Simulation::read(&folder).unwrap();
    assert!(simulation.replications().values().all(|n| *n >= 12), "{:?}", simulation.replications());
    let outcome = simulation.run().unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for ((estimand, note), (tally, ..)) in outcome.pooled() {
        if note == "everybody" {
            assert_eq!(tally.coverage(), 1.0, "{estimand}");
            continue;
        }
        // A few dozen replications of skills that move together: the bounds are as wide as their number asks for.
        let coverage = tally.coverage();
        assert!((0.88..=0.995).contains(&coverage), "{estimand}, {note}: {coverage:.3} of {}", tally.given);
        seen.insert(estimand);
    }
    let all = ["corrected_share", "growth", "share", "weighted_share"];
    assert!(seen.iter().map(String::as_str).eq(all), "{seen:?}");
    let calls = &outcome.calls;
    let of = |sum: f64| sum / calls.replications as f64;
    assert!(of(calls.false_emerging) < 0.05 && of(calls.false_any) < 0.09, "{calls:?}");
    let (tested, called, emerging) = calls.by_ratio[&300];
    assert!(called * 10 >= tested * 8 && emerging * 10 >= tested * 8, "{calls:?}");
}
