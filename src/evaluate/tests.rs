//! A set of five texts, every score counted by hand.

use super::*;

const GOLD: &str = r#"{"id":"a","lang":"en","text":"plan and weld","gold":["plan","weld"],"spans":[{"start":0,"end":4,"uri":"plan"}]}
{"id":"b","lang":"es","text":"soldar","gold":["weld"],"kind":"outcome"}
{"id":"c","lang":"en","text":"no skill here","gold":[]}
{"id":"d","lang":"en","text":"we offer planes","gold":[],"kind":"negative"}
{"id":"e","lang":"es","text":"buen ambiente","gold":[],"kind":"negative"}"#;

fn hit(uri: &'static str, score: f64, accepted: bool, span: Option<(usize, usize)>) -> Hit<'static> {
    Hit { uri, score, accepted, span }
}

fn answers() -> [Answer<'static>; 5] {
    let ranked = |uris: &[&'static str]| uris.iter().map(|uri| RankedConcept { uri, lane: "cover" }).collect();
    let answer = |uris: &[&'static str], links: Vec<Hit<'static>>, mentions: Vec<Hit<'static>>, ablated| Answer {
        ranked: ranked(uris),
        links: Some(links),
        mentions: Some(mentions),
        baselines: BTreeMap::from([("gazetteer", BTreeSet::from(["plan"]))]),
        ablated,
    };
    [
        answer(
            &["plan", "cook", "weld"],
            vec![hit("plan", 0.9, true, None), hit("weld", 0.3, false, None)],
            vec![hit("plan", 0.9, true, Some((0, 4))), hit("plan", 0.7, true, Some((5, 8)))],
            vec![[[1.0, 0.5], [0.0, 0.0]]],
        ),
        answer(&["cook", "weld"], vec![hit("cook", 0.6, true, None)], vec![], vec![[[1.0, 0.5], [1.0, 1.0]]]),
        answer(&[], vec![hit("cook", 0.8, true, None)], vec![], vec![[[0.0; 2]; 2]]),
        answer(&[], vec![hit("plan", 0.5, true, None)], vec![hit("plan", 0.3, false, None)], vec![[[0.0; 2]; 2]]),
        answer(&[], vec![], vec![], vec![[[0.0; 2]; 2]]),
    ]
}

fn report() -> SetReport {
    let texts = read_gold(GOLD, |_| true).unwrap().into_texts();
    let answers = answers();
    let of = |id: &str| "abcde".find(id).unwrap();
    let cases: Vec<Case<'_>> = texts.iter().map(|query| Case { query, answer: &answers[of(&query.id)] }).collect();
    let spec = SetSpec {
        name: "hand",
        lanes: &["cover"],
        example_count: 2,
        concept_name: &|uri, lang| format!("{uri} ({lang})"),
    };
    score_set(&cases, &spec)
}

#[test]
fn texts_without_gold_count_in_precision_and_negatives_only_as_false_alarms() {
    let all = report().all;
    assert_eq!((all.n, all.dropped_query_count, all.negative_count), (2, 1, 2));
    // Accepted in a, b and c: plan right, cook wrong twice; gold holds 3.
    let links = all.accepted.unwrap();
    assert_eq!((links.right_count, links.accepted_count, links.gold_count), (1, 3, 3));
    assert_eq!((links.precision.value, links.recall.value, links.f1.value), (33.33, 33.33, 33.33));
    let extracted = all.extracted.unwrap();
    assert_eq!((extracted.right_count, extracted.accepted_count), (1, 1));
    assert_eq!(all.baselines["gazetteer"].accepted_count, 3);
    let alarms = |system: &str| (all.false_alarms[system].alarm_count, all.false_alarms[system].share.value);
    assert_eq!((alarms("link"), alarms("extract"), alarms("gazetteer")), ((1, 50.0), (0, 0.0), (2, 100.0)));
    // RP@5: both found in a, one of one in b. Reciprocal ranks 1 and 1/2.
    assert_eq!((all.ranking["rp@5"].value, all.ranking["mrr"].value), (100.0, 75.0));
    // Span of a: one exact of two found, one marked.
    let spans = all.spans.unwrap();
    assert_eq!((spans.exact.precision.value, spans.exact.recall.value, spans.text_count), (50.0, 100.0, 1));
    // Bins .9 right, .3 right, .6 wrong, .8 wrong: (.1 + .7 + .6 + .8) / 4.
    let calibration = all.calibration.unwrap();
    assert_eq!((calibration.n, calibration.expected_error.value), (4, 55.0));
}

#[test]
fn languages_and_kinds_are_scored_apart() {
    let report = report();
    assert_eq!(report.languages["en"].ranking["mrr"].value, 100.0);
    assert_eq!(report.languages["es"].ranking["mrr"].value, 50.0);
    assert_eq!(report.languages["es"].negative_count, 1);
    assert_eq!(report.kinds["outcome"].n, 1);
    assert!(report.kinds["negative"].ranking.is_empty() && report.kinds["negative"].accepted.is_none());
    assert_eq!(report.kinds["negative"].false_alarms["link"].alarm_count, 1);
    assert!(report.kinds["outcome"].spans.is_none());
}

#[test]
fn a_lane_is_told_by_what_changes_without_it_and_alone() {
    let lane = &report().all.ablation[0];
    // RP@5 was 1 and 1; without it the same, alone 0 and 1. MRR was 1 and .5; without it .5 and .5, alone 0 and 1.
    assert_eq!((lane.without.rp5_change.value, lane.without.mrr_change.value), (0.0, -25.0));
    assert_eq!((lane.alone.rp5.value, lane.alone.rp5_change.value, lane.alone.mrr_change.value), (50.0, -50.0, -25.0));
}

#[test]
fn examples_show_the_surest_errors_and_the_deepest_misses() {
    let Examples { wrong, missed } = report().examples;
    let shown: Vec<_> = wrong.iter().map(|w| (w.by.as_str(), w.id.as_str(), w.name.as_str())).collect();
    assert_eq!(shown, [("link", "c", "cook (en)"), ("link", "b", "cook (es)")]);
    let shown: Vec<_> = missed.iter().map(|m| (m.id.as_str(), m.uri.as_str(), m.rank, m.lane.as_deref())).collect();
    assert_eq!(shown, [("a", "weld", Some(3), Some("cover")), ("b", "weld", Some(2), Some("cover"))]);
}
