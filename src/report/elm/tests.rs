use super::*;
use crate::acquire::{Columns, CredentialAsk, Input, Limits, Record, read_credentials};
use crate::clean;
use crate::report::fixture;
use crate::types::*;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const SQL: &str = "http://data.europa.eu/esco/skill/598de5b0-5b58-4ea7-8058-a4bc4d18c742";
const CLOUD: &str = "http://data.europa.eu/esco/skill/bd14968e-e409-45af-b362-3495ed7b10e0";
const OWN: &str = "urn:skillgap:skill:network-security";

fn proposal(id: &str, levels: (u32, u32)) -> Proposal {
    serde_json::from_value(serde_json::json!({
        "proposal": id, "title": "SQL + network security", "rank": 1, "tied_to": 1, "skill_count": 2, "ects": 2.0,
        "posting_count": 60, "base_count": 600, "employer_count": 41, "source_count": 3, "share": 0.1,
        "share_low": 0.08, "share_high": 0.13, "together_count": 12, "together_employers": 9, "together_sources": 2,
        "together_share": 0.02, "together_low": 0.01, "together_high": 0.04, "association": 0.3,
        "eqf_low": levels.0, "eqf_high": levels.1, "eqf_count": 11, "overlap_credential": null,
        "overlap_title": null, "overlap_share": 0.0, "unmet_per_100": 9.0, "unmet_low": 8.0, "unmet_high": 10.0,
        "coverage_before": 0.4, "coverage_after": 0.5, "closed_points": 10.0, "closed_low": 8.0, "closed_high": 11.0,
        "mark": null,
    }))
    .unwrap()
}

fn skill(proposal: &str, rank: u32, id: &str, label: &str) -> ProposalSkill {
    ProposalSkill {
        proposal: proposal.into(),
        rank,
        skill: id.into(),
        label: label.into(),
        posting_count: 30,
        base_count: 600,
        employer_count: 20,
        source_count: 2,
        share: 0.05,
        share_low: 0.03,
        share_high: 0.07,
        coverage: 0.0,
        unmet_per_100: 5.0,
        unmet_low: 3.0,
        unmet_high: 7.0,
        association: 0.3,
        mark: None,
    }
}

fn edit(credential: &str, id: &str, label: &str, outcome: Option<&OutcomeId>) -> OutcomeEdit {
    OutcomeEdit {
        credential: credential.into(),
        rank: 1,
        skill: id.into(),
        label: label.into(),
        outcome: outcome.cloned(),
        linked_skill: None,
        shared_count: 12,
        shared_employers: 9,
        association: 0.4,
        posting_count: 30,
        base_count: 600,
        employer_count: 20,
        source_count: 2,
        share: 0.05,
        share_low: 0.03,
        share_high: 0.07,
        coverage: 0.0,
        unmet_per_100: 5.0,
        unmet_low: 3.0,
        unmet_high: 7.0,
        closed_points: 1.0,
        closed_low: 0.5,
        closed_high: 1.5,
        mark: None,
    }
}

fn edition(language: Lang, names: [(&str, &str); 3]) -> Edition {
    let name = |text: &str| EditionName { text: text.into(), language: None };
    Edition {
        definitions: BTreeMap::new(),
        language,
        title: name("t"),
        skills: names.into_iter().map(|(id, text)| (id.to_owned(), name(text))).collect(),
        groups: BTreeMap::new(),
        occupations: BTreeMap::new(),
        sectors: BTreeMap::new(),
    }
}

/// A proposal of a published skill and one of our own, in two languages; the demo's catalogue, every credential of which
/// takes up another skill.
fn planned() -> Findings {
    let mut f = Findings::default();
    (f.meta.plan, f.meta.as_of, f.meta.language) = ("demo".into(), "2026-06-30".into(), Lang::En);
    f.editions = vec![
        edition(Lang::En, [(SQL, "SQL"), (OWN, "network security"), (CLOUD, "cloud computing")]),
        edition(Lang::Ca, [(SQL, "SQL"), (OWN, "seguretat de xarxes"), (CLOUD, "computació al núvol")]),
    ];
    f.proposals.proposals = vec![proposal("00ff00ff00ff00ff", (5, 5)), proposal("11ff00ff00ff00ff", (2, 4))];
    for id in ["00ff00ff00ff00ff", "11ff00ff00ff00ff"] {
        f.proposals.skills.push(skill(id, 1, SQL, "SQL"));
        f.proposals.skills.push(skill(id, 2, OWN, "network security"));
    }
    let catalogue = include_bytes!("../../../data/samples/credentials.csv");
    f.credentials = read("credentials.csv", catalogue);
    for credential in &f.credentials {
        let first = credential.outcomes.first().map(|o| &o.id);
        f.proposals.edits.push(edit(&credential.id.0, CLOUD, "cloud computing", first));
    }
    f
}

/// A file as a run reads it.
fn read(name: &str, bytes: &[u8]) -> Vec<Credential> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let input = Input {
        source: SourceId::new("s").unwrap(),
        snapshot: SnapshotId("0".into()),
        file: name.into(),
        limits: Limits::default(),
        before: 0,
    };
    let mut catalogue = clean::credentials::Catalogue::default();
    let columns = Columns::from([(
        "competence_group".to_owned(),
        crate::acquire::ColumnRule::Column("competence_group".to_owned()),
    )]);
    let columns = if name.ends_with("csv") { columns } else { Columns::new() };
    let ask = CredentialAsk { columns: &columns, language: None };
    read_credentials(&path, &input, ask, &mut |record| match record {
        Record::Kept((origin, raw)) => {
            let cleaned = clean::credential(&raw, &origin, None, &clean::TextLimits::default()).unwrap();
            catalogue.add(cleaned.credential).unwrap();
        }
        Record::Rejected(reject) => panic!("{name}: {reject:?}"),
    })
    .unwrap();
    catalogue.credentials
}

fn file(findings: &Findings, name: &str) -> Vec<u8> {
    files(findings).unwrap().into_iter().find(|(n, _)| n == name).unwrap().1
}

fn statements(credential: &Credential) -> Vec<&str> {
    credential.outcomes.iter().map(|o| o.text.as_str()).collect()
}

fn uris(credential: &Credential) -> BTreeSet<&str> {
    credential.declared_skills.iter().filter_map(|s| s.uri.as_deref()).collect()
}

#[test]
fn a_proposal_is_read_back_from_both_files_with_the_same_outcomes_and_skills() {
    let findings = planned();
    let (table, graph) = (read(PROPOSED, &file(&findings, PROPOSED)), read(GRAPH, &file(&findings, GRAPH)));
    assert_eq!((table.len(), graph.len()), (2, 2 + findings.credentials.len()));
    let expected = [
        "Draft: complete a professional task that calls for “SQL” and justify the decisions taken",
        "Draft: complete a professional task that calls for “network security” and justify the decisions taken",
    ];
    for (one, other) in table.iter().zip(&graph) {
        assert_eq!((statements(one), statements(other)), (expected.to_vec(), expected.to_vec()));
        assert_eq!((uris(one), uris(other)), ([SQL].into(), [SQL].into()));
        assert_eq!((one.title.as_str(), &one.title), ("SQL + network security", &other.title));
        assert_eq!((one.ects, other.ects), (Some(2.0), Some(2.0)));
        assert_eq!((&one.description, one.language), (&other.description, Lang::En));
    }
    assert_eq!((table[0].eqf_level, graph[0].eqf_level), (Some(5), Some(5)));
    assert_eq!((table[1].eqf_level, graph[1].eqf_level), (None, None), "a range is no level");
    assert!(table[0].provider.is_none() && graph[0].provider.is_none() && graph[0].assessment.is_none());
}

#[test]
fn a_revision_is_the_catalogue_s_own_row_with_a_draft_beside_the_outcome_it_goes_with() {
    let findings = planned();
    let (revised, graph) = (read(REVISED, &file(&findings, REVISED)), read(GRAPH, &file(&findings, GRAPH)));
    assert_eq!(revised.len(), findings.credentials.len());
    for ((new, described), old) in revised.iter().zip(&graph[2..]).zip(&findings.credentials) {
        let mut texts = statements(old);
        let draft = statements(new).into_iter().find(|text| !texts.contains(text)).unwrap();
        texts.insert(1.min(texts.len()), draft);
        assert_eq!((statements(new), statements(described)), (texts.clone(), texts), "{}", old.id.0);
        assert!(uris(new).contains(CLOUD) && uris(described).contains(CLOUD));
        let same = Credential {
            outcomes: old.outcomes.clone(),
            declared_skills: old.declared_skills.clone(),
            origin: old.origin.clone(),
            language: old.language,
            declared_language: old.declared_language,
            ..new.clone()
        };
        assert_eq!(same, *old);
        // The model has no organisation without a country.
        let provider = old.country.as_ref().and(old.provider.as_ref());
        assert_eq!((described.provider.as_ref(), &described.assessment), (provider, &old.assessment), "{}", old.id.0);
        assert_eq!((described.ects, described.workload_hours), (old.ects, old.workload_hours));
        assert_eq!((described.eqf_level, &described.country), (old.eqf_level, &old.country));
    }
    let catalan = revised.iter().find(|c| c.language == Lang::Ca).unwrap();
    assert!(statements(catalan).iter().any(|t| t.starts_with("Esborrany: ") && t.contains("«computació al núvol»")));
}

/// Every object of a document.
fn nodes<'v>(value: &'v Value, found: &mut Vec<&'v serde_json::Map<String, Value>>) {
    match value {
        Value::Array(list) => list.iter().for_each(|v| nodes(v, found)),
        Value::Object(map) => {
            found.push(map);
            map.values().for_each(|v| nodes(v, found));
        }
        _ => {}
    }
}

fn ids(value: &Value) -> Vec<&str> {
    let all = value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice);
    all.iter().map(|v| v["id"].as_str().unwrap_or("")).collect()
}

#[test]
fn only_addresses_of_published_skills_stand_in_the_esco_property() {
    let mut findings = planned();
    let forged = [
        "http://data.europa.eu/esco/skill/S1.2",
        "https://data.europa.eu/esco/skill/598de5b0-5b58-4ea7-8058-a4bc4d18c742\"><script>",
        "http://data.europa.eu/esco/occupation/598de5b0-5b58-4ea7-8058-a4bc4d18c742",
        "javascript:alert(1)",
        "",
    ];
    for (rank, id) in (3..).zip(forged) {
        findings.proposals.skills.push(skill("00ff00ff00ff00ff", rank, id, "x"));
    }
    let document: Value = serde_json::from_slice(&file(&findings, GRAPH)).unwrap();
    let mut all = Vec::new();
    nodes(&document["@graph"], &mut all);
    let esco: BTreeSet<&str> = all.iter().filter_map(|n| n.get("relatedESCOSkill")).flat_map(ids).collect();
    assert_eq!(esco, [SQL, CLOUD].into());
    let other: BTreeSet<&str> = all.iter().filter_map(|n| n.get("relatedSkill")).flat_map(ids).collect();
    let expected = [OWN, "http://data.europa.eu/esco/skill/S1.2", forged[2], ""];
    assert_eq!(other, expected.into(), "what is no address has no id");
}

#[test]
fn a_draft_is_written_in_every_language_that_names_the_skill_and_says_what_it_is() {
    let findings = planned();
    let document: Value = serde_json::from_slice(&file(&findings, GRAPH)).unwrap();
    let first = &document["@graph"][0];
    assert_eq!(first["title"]["ca"], "SQL + seguretat de xarxes");
    assert_eq!(
        first["learningOutcome"][1]["title"]["ca"],
        "Esborrany: resoldre una tasca professional que requereixi «seguretat de xarxes» i justificar les decisions preses"
    );
    assert_eq!(first["status"], "proposal, not signed");
    assert_eq!(first["modified"], "2026-06-30T00:00:00Z");
    let notes = first["additionalNote"].to_string();
    for said in ["plan demo, as of 2026-06-30", "60 of 600", "41 known employers", "EQF level 5 (n = 11)"] {
        assert!(notes.contains(said), "{said}: {notes}");
    }
    for absent in ["awardingOpportunity", "credentialSubject", "issuer", "proof", "EQFLevel"] {
        assert!(!first.to_string().contains(&format!("\"{absent}\"")), "{absent}");
    }
}

/// The realistic or hostile findings of other tests, with a catalogue, proposals and edits as hostile as they are.
fn with_offer(mut f: Findings, hostile: bool) -> Findings {
    let own = planned();
    (f.proposals, f.credentials) = (own.proposals, own.credentials);
    if hostile {
        let text = |at: usize| fixture::HOSTILE[at % fixture::HOSTILE.len()].to_owned();
        for (at, s) in f.proposals.skills.iter_mut().enumerate() {
            s.label = text(at);
        }
        for (at, e) in f.proposals.edits.iter_mut().enumerate() {
            (e.label, e.skill) = (text(at), format!("{}{at}", text(at)));
        }
        for (at, c) in f.credentials.iter_mut().enumerate() {
            (c.title, c.description, c.provider) = (text(at), Some(text(at + 1)), Some(text(at + 2)));
            (c.further_information, c.assessment) = (Some(format!("https://x.org/{}", text(at))), Some(text(at + 4)));
            (c.ects, c.workload_hours) = ([Some(f64::NAN), Some(-1.0), Some(1e300)][at % 3], Some(f64::INFINITY));
            c.outcomes.iter_mut().for_each(|o| o.text = format!("{}|{}\0", text(at), text(at + 5)));
            c.language = if at % 2 == 0 { Lang::Und } else { c.language };
            c.target_occupations = vec![text(at)];
        }
        f.proposals.proposals[0].proposal = "a b\"<>%".into();
        f.proposals.skills[0].proposal = "a b\"<>%".into();
        (f.meta.plan, f.meta.as_of) = (text(3), "today".into());
    }
    f
}

#[test]
fn hostile_texts_give_a_document_that_parses_and_tables_without_formulas_and_the_same_bytes_again() {
    let findings = with_offer(fixture::hostile(), true);
    let first = files(&findings).unwrap();
    assert_eq!(first, files(&findings).unwrap());
    let document: Value = serde_json::from_slice(&first[0].1).unwrap();
    let mut all = Vec::new();
    nodes(&document["@graph"], &mut all);
    for node in all {
        if let Some(id) = node.get("id").and_then(Value::as_str) {
            assert!(described::is_iri(id), "{id}");
        }
    }
    for (name, bytes) in &first[1..] {
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        for record in reader.records().map(Result::unwrap) {
            for cell in record.iter() {
                assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{name}: {cell}");
            }
        }
    }
}

#[test]
fn an_edition_without_proposals_has_an_empty_graph_and_tables_of_a_header() {
    let written = files(&Findings::default()).unwrap();
    let document: Value = serde_json::from_slice(&written[0].1).unwrap();
    assert_eq!(document["@graph"], serde_json::json!([]));
    let header = include_str!("../../../data/templates/credentials.csv").lines().next().unwrap();
    assert_eq!(String::from_utf8_lossy(&written[1].1).trim_end(), header.trim());
}

#[test]
fn every_cell_written_has_its_column_in_the_template() {
    let findings = planned();
    let speech = Speech::of(&findings).unwrap();
    let columns: BTreeSet<&str> = template::columns().collect();
    let all = proposal::all(&findings, &speech).into_iter().chain(revision::all(&findings, &speech).unwrap());
    for (name, _) in all.flat_map(|d| d.row) {
        assert!(columns.contains(name), "{name}");
    }
}

/// Python with a validator, and the published constraints; what is missing is said.
fn validator() -> Option<(String, PathBuf)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shapes = root.join("../shared/data/courses/elm_official/LOQ-constraints.ttl");
    let shapes = std::env::var_os("ELM_SHAPES").map_or(shapes, PathBuf::from);
    let named = std::env::var("ELM_PYTHON").ok();
    let python = named.clone().unwrap_or_else(|| "python3".to_owned());
    let can = std::process::Command::new(&python).args(["-c", "import pyshacl, rdflib"]).output();
    let can = can.is_ok_and(|output| output.status.success());
    assert!(can || named.is_none(), "ELM_PYTHON = {python} has no pyshacl and rdflib");
    if !can {
        eprintln!("skipped: {python} has no pyshacl and rdflib; name one that has by ELM_PYTHON");
    } else if !shapes.exists() {
        eprintln!("skipped: no constraints at {}; name them by ELM_SHAPES", shapes.display());
    }
    (can && shapes.exists()).then_some((python, shapes))
}

/// Exit code and output of the validator over a document.
fn validate(document: &[u8], strict: bool) -> Option<(i32, String)> {
    let (python, shapes) = validator()?;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(GRAPH), document).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/elm/validate.py");
    let mut command = std::process::Command::new(python);
    command.arg(script).arg(folder.path()).arg(shapes).args(strict.then_some("--strict"));
    let output = command.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    Some((output.status.code().unwrap(), String::from_utf8_lossy(&said).into_owned()))
}

#[test]
fn the_published_constraints_find_nothing_in_real_and_hostile_findings_and_something_in_broken_ones() {
    for (findings, hostile) in [(fixture::realistic(), false), (fixture::hostile(), true)] {
        let document = file(&with_offer(findings, hostile), GRAPH);
        let Some((code, said)) = validate(&document, false) else { return };
        assert_eq!(code, 0, "{said}");
        let (code, said) = validate(&document, true).unwrap();
        let paths: Vec<&str> = said.lines().filter(|l| l.starts_with("  http")).collect();
        // The field of study is for people to choose; the hostile catalogue has texts in no known language.
        let known = if hostile { vec!["ISCEDFCode", "terms/language"] } else { vec!["ISCEDFCode"] };
        assert!(code == 1 && paths.len() == known.len(), "{said}");
        assert!(paths.iter().zip(known).all(|(path, known)| path.contains(known)), "{said}");
    }
    let text = String::from_utf8(file(&planned(), GRAPH)).unwrap();
    // A term renamed in the context as well would mean the same.
    let (context, graph) = text.split_at(text.find("\"@graph\"").unwrap());
    for (from, to, path) in [
        ("\"point\": \"2\"", "\"point\": 2", "elm/point"),
        ("\"type\": \"CreditPoint\"", "\"type\": \"CreditPoint\", \"title\": {\"en\": \"x\"}", "dc/terms/title"),
        ("\"noteLiteral\": {", "\"description\": {", "elm/noteLiteral"),
    ] {
        assert!(graph.contains(from), "{from}");
        let broken = format!("{context}{}", graph.replace(from, to));
        let (code, said) = validate(broken.as_bytes(), false).unwrap();
        assert!(code == 1 && said.contains(path), "{path}: {said}");
    }
}
