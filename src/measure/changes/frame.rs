//! What is not as it was about two editions as a whole: inputs first, then what follows from them.

use crate::types::{AcceptedDrift, Cause, Findings, FrameChange, OutcomeChange, QualityBox};
use std::collections::{BTreeMap, BTreeSet};

/// Digits of a hash that are shown.
const HASH_DIGITS: usize = 12;

/// Texts by name.
type Texts = BTreeMap<String, String>;
/// Hashes by source and file name.
type Files<'a> = BTreeMap<&'a str, BTreeMap<&'a str, Vec<&'a str>>>;

/// Every difference of the two frames, each part by a function of its own.
pub fn frame(before: &Findings, after: &Findings, outcomes: &[OutcomeChange]) -> Vec<FrameChange> {
    let kinds = kinds(before, after);
    let mut changes = snapshots(before, after, &kinds);
    changes.extend(refused(before, after, &kinds));
    changes.extend(learning_outcomes(before, after, outcomes));
    changes.extend(official(before, after));
    changes.extend(made_with(before, after));
    changes.extend(settings(before, after, &kinds));
    changes.extend(counts(before, after));
    changes.extend(quality(before, after));
    changes.extend(weights(before, after));
    changes
}

/// Whether findings say what they were made with.
pub fn says_inputs(findings: &Findings) -> bool {
    !findings.inputs.program.is_empty()
}

/// Outcomes added or removed, by micro-credential. An id is of the words, so an edited outcome is both.
pub fn outcomes(before: &Findings, after: &Findings) -> Vec<OutcomeChange> {
    let ids = |f: &Findings| f.outcomes.iter().map(|o| o.outcome.clone()).collect::<BTreeSet<_>>();
    let (had, has) = (ids(before), ids(after));
    let mut changes: BTreeMap<String, OutcomeChange> = BTreeMap::new();
    let mut note = |credential: &str, text: &str, is_added: bool| {
        let change = changes.entry(credential.to_owned()).or_insert_with(|| OutcomeChange {
            credential: credential.to_owned(),
            removed: Vec::new(),
            added: Vec::new(),
        });
        let list = if is_added { &mut change.added } else { &mut change.removed };
        list.push(text.to_owned());
    };
    before.outcomes.iter().filter(|o| !has.contains(&o.outcome)).for_each(|o| note(&o.credential, &o.text, false));
    after.outcomes.iter().filter(|o| !had.contains(&o.outcome)).for_each(|o| note(&o.credential, &o.text, true));
    changes.into_values().collect()
}

/// The cause a source stands for, by its id: as the findings say, else as its records in them show.
fn kinds(before: &Findings, after: &Findings) -> BTreeMap<String, Cause> {
    let mut kinds = BTreeMap::new();
    for findings in [before, after] {
        let official = findings.official.iter().map(|o| (o.origin.source.to_string(), Cause::OfficialFigures));
        let checked = findings.catalogue_checks.iter().map(|c| (c.source.to_string(), Cause::Catalogue));
        kinds.extend(official.chain(checked));
    }
    for findings in [before, after] {
        for (source, kind) in &findings.inputs.sources {
            let cause = match kind.as_str() {
                "postings" => Cause::Data,
                "taxonomy" => Cause::Taxonomy,
                "credentials" => Cause::Catalogue,
                "statistics" => Cause::OfficialFigures,
                _ => continue,
            };
            kinds.insert(source.clone(), cause);
        }
    }
    kinds
}

fn cause_of(source: &str, kinds: &BTreeMap<String, Cause>) -> Option<Cause> {
    Some(kinds.get(source).copied().unwrap_or(Cause::UnknownSource))
}

/// A row for each name whose text differs.
fn differing(before: &Texts, after: &Texts, cause: impl Fn(&str) -> Option<Cause>) -> Vec<FrameChange> {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let differing = names.into_iter().filter(|n| before.get(*n) != after.get(*n));
    let row = |name: &String| FrameChange {
        name: name.clone(),
        before: before.get(name).cloned(),
        after: after.get(name).cloned(),
        cause: cause(name),
    };
    differing.map(row).collect()
}

/// Files by source and name, with the hashes that stand under the name.
fn files(findings: &Findings) -> Files<'_> {
    let mut files = Files::new();
    for (name, hash) in &findings.meta.snapshots {
        let (source, file) = name.split_once(": ").unwrap_or((name, ""));
        files.entry(source).or_default().entry(file).or_default().push(hash);
    }
    files.values_mut().flat_map(|f| f.values_mut()).for_each(|hashes| hashes.sort_unstable());
    files
}

/// Files added, removed and changed. A source that has the same bytes under other names has not changed.
fn snapshots(before: &Findings, after: &Findings, kinds: &BTreeMap<String, Cause>) -> Vec<FrameChange> {
    let (had, has) = (files(before), files(after));
    let sources: BTreeSet<&str> = had.keys().chain(has.keys()).copied().collect();
    let mut changes = Vec::new();
    for source in sources {
        let bytes = |files: &Files| {
            let named = files.get(source).into_iter().flatten();
            let mut all: Vec<String> = named.flat_map(|f| f.1).map(|h| (*h).to_owned()).collect();
            all.sort_unstable();
            all
        };
        if bytes(&had) == bytes(&has) {
            continue;
        }
        let texts = |files: &Files| -> Texts {
            let named = files.get(source).into_iter().flatten();
            named.map(|(file, hashes)| (format!("{source}: {file}"), hashes.join(" "))).collect()
        };
        let mut of_source = differing(&texts(&had), &texts(&has), |_| cause_of(source, kinds));
        for text in of_source.iter_mut().flat_map(|c| [&mut c.before, &mut c.after]).flatten() {
            let short: Vec<&str> = text.split(' ').map(|h| h.get(..HASH_DIGITS).unwrap_or(h)).collect();
            *text = short.join(" ");
        }
        changes.extend(of_source);
    }
    changes
}

/// Sources refused in one edition only: their records are missing in it.
fn refused(before: &Findings, after: &Findings, kinds: &BTreeMap<String, Cause>) -> Vec<FrameChange> {
    let sources = |f: &Findings| f.refused.iter().map(|r| r.0.clone()).collect::<BTreeSet<_>>();
    let (had, has) = (sources(before), sources(after));
    let row = |source: &String| FrameChange {
        name: format!("{source} refused"),
        before: had.contains(source).then(|| "yes".to_owned()),
        after: has.contains(source).then(|| "yes".to_owned()),
        cause: cause_of(source, kinds),
    };
    had.symmetric_difference(&has).map(row).collect()
}

fn learning_outcomes(before: &Findings, after: &Findings, outcomes: &[OutcomeChange]) -> Option<FrameChange> {
    let count = |list: fn(&OutcomeChange) -> usize| outcomes.iter().map(list).sum::<usize>();
    let (added, removed) = (count(|o| o.added.len()), count(|o| o.removed.len()));
    (added + removed > 0).then(|| FrameChange {
        name: "learning outcomes".to_owned(),
        before: Some(before.outcomes.len().to_string()),
        after: Some(format!("{} ({added} new, {removed} gone)", after.outcomes.len())),
        cause: Some(Cause::Catalogue),
    })
}

/// Official figures new or gone; a revised one is both. Where a figure was read is no part of it.
fn official(before: &Findings, after: &Findings) -> Option<FrameChange> {
    let tally = |f: &Findings| {
        let mut tally: BTreeMap<String, i64> = BTreeMap::new();
        for observation in &f.official {
            let mut value = serde_json::json!(observation);
            if let Some(fields) = value.as_object_mut() {
                fields.remove("origin");
            }
            *tally.entry(value.to_string()).or_default() += 1;
        }
        tally
    };
    let mut change = tally(after);
    tally(before).into_iter().for_each(|(key, count)| *change.entry(key).or_default() -= count);
    let new: i64 = change.values().filter(|c| **c > 0).sum();
    let gone: i64 = -change.values().filter(|c| **c < 0).sum::<i64>();
    (new + gone > 0).then(|| FrameChange {
        name: "official figures".to_owned(),
        before: Some(before.official.len().to_string()),
        after: Some(format!("{} ({new} new, {gone} gone)", after.official.len())),
        cause: Some(Cause::OfficialFigures),
    })
}

/// Program, taxonomy and day.
fn made_with(before: &Findings, after: &Findings) -> Vec<FrameChange> {
    let both = says_inputs(before) && says_inputs(after);
    let texts = |f: &Findings| -> Texts {
        let program = if both { &f.inputs.program } else { &f.meta.version };
        let pairs =
            [("program", program), ("taxonomy version", &f.meta.taxonomy_version), ("as-of day", &f.meta.as_of)];
        pairs.map(|(name, text)| (name.to_owned(), text.clone())).into()
    };
    let cause = |name: &str| {
        Some(match name {
            "program" => Cause::Program,
            "as-of day" => Cause::AsOf,
            _ => Cause::Taxonomy,
        })
    };
    differing(&texts(before), &texts(after), cause)
}

/// Settings of the plan; of findings that do not say them, the thresholds of their frame.
fn settings(before: &Findings, after: &Findings, kinds: &BTreeMap<String, Cause>) -> Vec<FrameChange> {
    if !(says_inputs(before) && says_inputs(after)) {
        let thresholds = |f: &Findings| -> Texts {
            let meta = &f.meta;
            [
                ("measure.min_postings".to_owned(), meta.min_postings.to_string()),
                ("measure.min_employers".to_owned(), meta.min_employers.to_string()),
                ("measure.review_below_per_100".to_owned(), meta.review_below_per_100.to_string()),
            ]
            .into()
        };
        return differing(&thresholds(before), &thresholds(after), |_| Some(Cause::Plan));
    }
    let source =
        |key: &str| -> Option<String> { key.strip_prefix("source.")?.rsplit_once('.').map(|(id, _)| id.to_owned()) };
    // A source that one plan has and the other has not is told by its files.
    let in_both = |id: &String| [before, after].iter().all(|f| f.inputs.sources.contains_key(id));
    let own = |f: &Findings| -> Texts {
        let kept = f.inputs.plan.iter().filter(|(key, _)| source(key).is_none_or(|id| in_both(&id)));
        kept.map(|(key, value)| (key.clone(), value.clone())).collect()
    };
    let cause = |key: &str| match source(key) {
        // The day a file was obtained and the version of a taxonomy are the source's own.
        Some(id) if key.ends_with(".retrieved_on") || key.ends_with(".version") => cause_of(&id, kinds),
        _ => Some(Cause::Plan),
    };
    differing(&own(before), &own(after), cause)
}

/// Plan, languages, period and the great counts.
fn counts(before: &Findings, after: &Findings) -> Vec<FrameChange> {
    let texts = |f: &Findings| -> Texts {
        let meta = &f.meta;
        let languages: Vec<&str> = f.editions.iter().map(|e| e.language.code()).collect();
        let period = [&meta.period_first, &meta.period_last].map(|p| p.as_deref().unwrap_or("?")).join("..");
        [
            ("plan name", meta.plan.clone()),
            ("language of the report", meta.language.code().to_owned()),
            ("languages of the editions", languages.join(" ")),
            ("synthetic", meta.synthetic.to_string()),
            ("periods", period),
            ("postings", meta.posting_count.to_string()),
            ("known employers", meta.employer_count.to_string()),
            ("boards", meta.source_count.to_string()),
        ]
        .map(|(name, text)| (name.to_owned(), text))
        .into()
    };
    differing(&texts(before), &texts(after), |_| None)
}

fn quality(before: &Findings, after: &Findings) -> Vec<FrameChange> {
    let mut changes = differing(&quality_texts(before), &quality_texts(after), |_| None);
    changes.extend(differing(&drifts(&before.accepted_drifts), &drifts(&after.accepted_drifts), |_| None));
    changes
}

/// What the weights stand for and cost; the plain shares that are compared have none.
fn weights(before: &Findings, after: &Findings) -> Vec<FrameChange> {
    let texts = |f: &Findings| -> Texts {
        let Some(w) = &f.weighting else { return Texts::new() };
        [
            ("weighted to", format!("{}: {}", w.source, w.indicator)),
            ("design effect of the weights", format!("{:.2}", w.design_effect)),
            ("postings weighted", w.placed_count.to_string()),
            ("employment without postings", format!("{:.1} %", 100.0 * w.missing_share)),
        ]
        .map(|(name, text)| (name.to_owned(), text))
        .into()
    };
    differing(&texts(before), &texts(after), |_| None)
}

fn quality_texts(findings: &Findings) -> Texts {
    let QualityBox { duplicates, sources, languages, undated_count, employer_unknown_count, .. } = &findings.quality;
    let of_postings = |count: u64, base: u64| {
        if base == 0 { "-".to_owned() } else { format!("{:.1} %", count as f64 * 100.0 / base as f64) }
    };
    let posting_count = findings.meta.posting_count;
    let read: u64 = languages.iter().map(|l| l.posting_count).sum();
    let without_skill: u64 = languages.iter().map(|l| l.without_skill_count).sum();
    let mut texts: Texts = [
        ("postings without a skill", of_postings(without_skill, read)),
        ("postings without a date", of_postings(*undated_count, posting_count)),
        ("postings without an employer", of_postings(*employer_unknown_count, posting_count)),
        ("accepted mentions", findings.quality.accepted_mention_count.to_string()),
    ]
    .map(|(name, text)| (name.to_owned(), text))
    .into();
    texts.extend(duplicates.iter().map(|(kind, count)| (format!("duplicates, {kind}"), count.to_string())));
    texts.extend(sources.iter().map(|s| (format!("postings of {}", s.board), s.posting_count.to_string())));
    texts.extend(languages.iter().map(|l| (format!("postings in {}", l.language.code()), l.posting_count.to_string())));
    texts
}

fn drifts(accepted: &[AcceptedDrift]) -> Texts {
    let text = |d: &AcceptedDrift| format!("{} records, then {}: {}", d.before, d.after, d.reason);
    accepted.iter().map(|d| (format!("accepted change of {}", d.source), text(d))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Lang, LanguageCount, OutcomeFinding, OutcomeId, SourceCount, Verdict, Weighting};

    /// What is told beside two editions that say their inputs, as (name, before, after).
    fn told(before: &Findings, after: &Findings) -> Vec<(String, Option<String>, Option<String>)> {
        let changes = frame(before, after, &outcomes(before, after));
        changes.into_iter().map(|c| (c.name, c.before, c.after)).collect()
    }

    fn row(name: &str, before: Option<&str>, after: Option<&str>) -> (String, Option<String>, Option<String>) {
        (name.to_owned(), before.map(str::to_owned), after.map(str::to_owned))
    }

    fn edition() -> Findings {
        let mut findings = Findings::default();
        findings.inputs.program = "0.1.0".into();
        findings.meta.posting_count = 200;
        let quality = &mut findings.quality;
        quality.undated_count = 20;
        quality.languages = vec![LanguageCount {
            language: Lang::En,
            posting_count: 200,
            without_skill_count: 50,
            skills_per_posting: 2.0,
        }];
        quality.sources = vec![SourceCount { board: "one".into(), posting_count: 200 }];
        findings
    }

    #[test]
    fn what_the_postings_lack_and_where_they_come_from_is_told_when_it_is_another() {
        let (before, mut after) = (edition(), edition());
        after.quality.undated_count = 30;
        after.quality.accepted_mention_count = 7;
        after.quality.languages[0].without_skill_count = 51;
        after.quality.duplicates = [("same text".to_owned(), 3)].into();
        after.quality.sources[0].posting_count = 199;
        let expected = [
            row("accepted mentions", Some("0"), Some("7")),
            row("duplicates, same text", None, Some("3")),
            row("postings of one", Some("200"), Some("199")),
            row("postings without a date", Some("10.0 %"), Some("15.0 %")),
            row("postings without a skill", Some("25.0 %"), Some("25.5 %")),
        ];
        assert_eq!(told(&before, &after), expected);
        let mut empty = edition();
        empty.meta.posting_count = 0;
        let share = row("postings without a date", Some("10.0 %"), Some("-"));
        assert!(told(&before, &empty).contains(&share));
    }

    #[test]
    fn refused_sources_accepted_drifts_and_weights_are_told_when_they_come_or_go() {
        let (before, mut after) = (edition(), edition());
        after.refused = vec![("office".into(), "it has no rows".into())];
        after.accepted_drifts = vec![AcceptedDrift {
            source: "boards".into(),
            before: 10,
            after: 4,
            lost_countries: Vec::new(),
            reason: "a board left".into(),
        }];
        after.weighting = Some(Weighting {
            source: "lfs".into(),
            indicator: "Employed".into(),
            unit: "persons".into(),
            cap: 5.0,
            placed_count: 90,
            unplaced_count: 10,
            trimmed_count: 0,
            design_effect: 1.25,
            missing_share: 0.125,
        });
        let expected = [
            row("office refused", None, Some("yes")),
            row("accepted change of boards", None, Some("10 records, then 4: a board left")),
            row("design effect of the weights", None, Some("1.25")),
            row("employment without postings", None, Some("12.5 %")),
            row("postings weighted", None, Some("90")),
            row("weighted to", None, Some("lfs: Employed")),
        ];
        assert_eq!(told(&before, &after), expected);
        let gone = expected.map(|(name, before, after)| (name, after, before));
        assert_eq!(told(&after, &before), gone);
    }

    #[test]
    fn outcomes_that_only_come_or_only_go_are_told_too() {
        let outcome = OutcomeFinding {
            outcome: OutcomeId("1".into()),
            credential: "C".into(),
            text: "Weld".into(),
            language: Lang::En,
            verdict: Verdict::Accepted,
            links: Vec::new(),
        };
        let (before, mut after) = (edition(), edition());
        after.outcomes = vec![outcome];
        assert_eq!(told(&before, &after), [row("learning outcomes", Some("0"), Some("1 (1 new, 0 gone)"))]);
        assert_eq!(told(&after, &before), [row("learning outcomes", Some("1"), Some("0 (0 new, 1 gone)"))]);
    }

    #[test]
    fn a_setting_of_a_source_speaks_of_the_plan_unless_it_is_a_day_or_a_version_of_its_own() {
        let (mut before, mut after) = (edition(), edition());
        for findings in [&mut before, &mut after] {
            findings.inputs.sources.insert("boards".into(), "postings".into());
        }
        for key in ["source.boards.columns", "source.boards.retrieved_on", "source.boards.version"] {
            after.inputs.plan.insert(key.into(), "other".into());
        }
        let causes: Vec<_> = frame(&before, &after, &[]).into_iter().map(|c| (c.name, c.cause)).collect();
        let expected = [("columns", Cause::Plan), ("retrieved_on", Cause::Data), ("version", Cause::Data)];
        let expected = expected.map(|(key, cause)| (format!("source.boards.{key}"), Some(cause)));
        assert_eq!(causes, expected);
        // Where one edition does not say its inputs, thresholds and the version of the program are compared instead.
        let mut bare = edition();
        bare.inputs.program.clear();
        (bare.meta.version, bare.meta.min_postings) = ("0.1.0".into(), 30);
        let told = told(&bare, &after);
        let expected = [row("program", Some("0.1.0"), Some("")), row("measure.min_postings", Some("30"), Some("0"))];
        assert_eq!(told, expected);
    }
}
