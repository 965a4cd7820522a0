//! The loop: what a report asks, what people decide, and what the next run makes of it.

use crate::support::{SmallWorld, code, csv_rows, expect, run, small_world, stderr, stdout, tree};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Output;

const COLUMNS: [&str; 12] = [
    "kind",
    "subject",
    "target",
    "decision",
    "value",
    "text",
    "language",
    "group",
    "decided_by",
    "decided_on",
    "reason",
    "edition",
];
const EDITION: &str = "small@2026-07-01";

type Row = BTreeMap<String, String>;

/// A plan with a register, and what is done with it.
struct World(SmallWorld);

impl World {
    fn new(postings: usize, more: &str) -> Self {
        let world = small_world(postings);
        let text = std::fs::read_to_string(&world.plan).unwrap();
        let review = "[review]\nregister = 'decisions/small.csv'\n";
        std::fs::write(&world.plan, format!("{text}{review}{more}")).unwrap();
        Self(world)
    }

    fn folder(&self) -> &Path {
        self.0.folder.path()
    }

    fn data(&self) -> PathBuf {
        self.folder().join("data")
    }

    fn register(&self) -> PathBuf {
        self.folder().join("decisions/small.csv")
    }

    fn report(&self, name: &str) -> String {
        std::fs::read_to_string(self.data().join("build/small/report").join(name)).unwrap()
    }

    fn findings(&self) -> Value {
        serde_json::from_str(&self.report("findings.json")).unwrap()
    }

    fn with(&self, command: &[&str], rest: &[&str]) -> Output {
        let (plan, data) = (self.0.plan.display().to_string(), self.data().display().to_string());
        run(&[command, &[plan.as_str()], rest, &["--data-dir", &data]].concat())
    }

    fn run(&self) {
        expect(&self.with(&["run"], &[]), 0);
    }

    /// Writes a file of decisions and imports it.
    fn import(&self, rows: &[Row]) -> Output {
        let file = self.folder().join("given.csv");
        std::fs::write(&file, csv(rows)).unwrap();
        self.with(&["review", "import"], &[&file.display().to_string()])
    }

    fn status(&self) -> Value {
        serde_json::from_str(&stdout(&self.with(&["review", "status"], &["--json"]))).unwrap()
    }

    /// What the last report asks.
    fn sheet(&self) -> Vec<Row> {
        csv_rows(self.report("review.csv").trim_start_matches('\u{feff}'))
    }

    /// Best coverage of a skill by the whole offer.
    fn coverage(&self, skill: &str) -> Option<f64> {
        let rows = csv_rows(&self.report("coverage.csv"));
        let own = rows.iter().find(|r| r["programme"] == "portfolio" && r["skill"] == skill)?;
        own["coverage"].parse().ok()
    }
}

fn csv(rows: &[Row]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS).unwrap();
    for row in rows {
        writer.write_record(COLUMNS.map(|c| row.get(c).map_or("", String::as_str))).unwrap();
    }
    writer.into_inner().unwrap()
}

/// A row as `column=value` pairs, with who, when and on what report filled in.
fn row(cells: &[(&str, &str)]) -> Row {
    let frame = [
        ("language", "en"),
        ("group", "unit"),
        ("decided_by", "AB"),
        ("decided_on", "2026-09-15"),
        ("edition", EDITION),
    ];
    frame.iter().chain(cells).map(|(column, value)| ((*column).to_owned(), (*value).to_owned())).collect()
}

/// A question of the sheet, answered.
fn answered(question: &Row, decision: &str, value: Option<&str>) -> Row {
    let mut answer = question.clone();
    answer.remove("shown");
    for (column, text) in [
        ("decision", decision),
        ("group", "professors"),
        ("decided_by", "MR"),
        ("decided_on", "2026-09-15"),
        ("reason", "read, \"together\""),
    ] {
        answer.insert(column.to_owned(), text.to_owned());
    }
    if let Some(value) = value {
        answer.insert("value".to_owned(), value.to_owned());
    }
    answer
}

fn of_kind<'a>(rows: &'a [Row], kind: &str) -> Vec<&'a Row> {
    rows.iter().filter(|r| r["kind"] == kind).collect()
}

fn key(row: &Row) -> (String, String, String, String) {
    // A term is decided upon in one language; the words of a priority are its ids.
    let text = if row["kind"] == "priority" { String::new() } else { format!("{} {}", row["language"], row["text"]) };
    (row["kind"].clone(), row["subject"].clone(), row["target"].clone(), text)
}

#[test]
fn a_hundred_decisions_are_kept_once_change_the_next_run_and_are_not_asked_again() {
    let world = World::new(900, "[novel]\nmin_postings = 3\nmin_employers = 2\n");
    world.run();
    let sheet = world.sheet();
    let mentions = of_kind(&sheet, "mention");
    assert_eq!(mentions.len(), 20);
    let languages: BTreeSet<&str> = mentions.iter().map(|m| m["language"].as_str()).collect();
    assert_eq!(languages, BTreeSet::from(["ar", "ca", "en", "es"]));
    assert!(mentions.iter().all(|m| m["text"].contains(&m["value"]) && m["decision"].is_empty()));

    let mut rows: Vec<Row> = Vec::new();
    let matches = of_kind(&sheet, "match");
    rows.extend(matches.iter().zip(0..).take(60).map(|(m, i)| answered(m, ["accept", "reject"][i % 2], None)));
    rows.extend(mentions.iter().map(|m| answered(m, "right", None)));
    let priorities = of_kind(&sheet, "priority");
    rows.extend(priorities.iter().take(10).map(|p| answered(p, "add", Some("3"))));
    let terms = of_kind(&sheet, "term");
    rows.extend(terms.iter().take(100 - rows.len()).map(|t| answered(t, "reject", None)));
    assert_eq!(rows.len(), 100, "the sheet has {} matches and {} terms", matches.len(), terms.len());

    expect(&world.import(&rows), 0);
    let register = std::fs::read(world.register()).unwrap();
    let mut kept: Vec<_> = csv_rows(std::str::from_utf8(&register).unwrap()).iter().map(key).collect();
    let mut given: Vec<_> = rows.iter().map(key).collect();
    kept.sort();
    given.sort();
    assert_eq!(kept, given);
    let again = world.import(&rows);
    assert!(stdout(&again).contains("100 rows known already"), "{}", stdout(&again));
    assert_eq!(std::fs::read(world.register()).unwrap(), register, "the same file twice is the same register");

    let before = (world.coverage(&rows[0]["target"]), world.coverage(&rows[1]["target"]));
    world.run();
    assert_eq!(world.coverage(&rows[0]["target"]), Some(1.0), "accepted, and before: {before:?}");
    let outcomes = world.findings()["outcomes"].clone();
    for (row, is_shown) in rows.iter().take(60).zip([true, false].into_iter().cycle()) {
        let outcome = outcomes.as_array().unwrap().iter().find(|o| o["outcome"] == row["subject"].as_str()).unwrap();
        let link = outcome["links"].as_array().unwrap().iter().find(|l| l[0] == row["target"].as_str());
        assert_eq!(link.map(|l| (l[2].as_f64(), l[3].as_str())), is_shown.then_some((Some(1.0), Some("accepted"))));
    }
    let links = std::fs::read_to_string(world.data().join("build/small/link/links.json")).unwrap();
    assert!(links.contains("review professors 2026-09-15") && links.contains("\"rejected\""));

    let decided: BTreeSet<_> = rows.iter().map(key).collect();
    let next = world.sheet();
    assert_eq!(of_kind(&next, "mention").len(), 20, "another twenty");
    let asked_again: Vec<&Row> = next.iter().filter(|question| decided.contains(&key(question))).collect();
    assert!(asked_again.is_empty(), "{asked_again:?}");
    let published = csv_rows(&world.report("workshop_decisions.csv"));
    assert_eq!(published.len(), 100);
    assert!(published.iter().all(|d| d["decided_by"] == "MR" && d["editions"] == EDITION));
    let kinds = world.status()["kinds"].clone();
    let counts = ["match", "mention", "priority"].map(|k| kinds[k]["rows"].as_u64().unwrap());
    assert_eq!(counts, [60, 20, 10]);
    assert_eq!(kinds["mention"]["open"], 20);
    let judged = world.findings()["workshop"]["judged"].clone();
    let sum = |name: &str| judged.as_array().unwrap().iter().map(|j| j[name].as_u64().unwrap()).sum::<u64>();
    assert_eq!((sum("judged"), sum("right")), (20, 20));
}

#[test]
fn votes_drafts_and_remarks_stand_in_the_report_and_change_no_measured_byte() {
    let world = World::new(400, "");
    world.run();
    let measured = |stage: &str| tree(&world.data().join("build/small").join(stage));
    let stages = ["acquire", "clean", "extract", "link", "measure"];
    let before = stages.map(measured);
    let tables = ["demand.csv", "gaps.csv", "coverage.csv", "trends.csv", "gaps.parquet", "demand.parquet"];
    let bytes = || tables.map(|name| std::fs::read(world.data().join("build/small/report").join(name)).unwrap());
    let (published, questions) = (bytes(), world.sheet());
    let skill = of_kind(&questions, "priority")[0]["subject"].clone();
    let vote = |group: &str, decision: &str, votes: &str, by: &str| {
        row(&[
            ("kind", "priority"),
            ("subject", &skill),
            ("target", "portfolio"),
            ("decision", decision),
            ("value", votes),
            ("group", group),
            ("decided_by", by),
        ])
    };
    let said = "=We teach this <b>already</b>";
    let rows = [
        vote("companies", "add", "7", "table 1"),
        vote("companies", "add", "5", "table 2"),
        vote("learners", "none", "90000", ""),
        row(&[
            ("kind", "outcome"),
            ("target", &skill),
            ("decision", "draft"),
            ("value", "1.5"),
            ("text", "Fill a table"),
        ]),
        row(&[("kind", "note"), ("subject", &skill), ("decision", "note"), ("text", said)]),
    ];
    expect(&world.import(&rows), 0);
    let planned = stdout(&world.with(&["plan"], &[]));
    assert_eq!(planned.matches("unchanged").count(), 5, "{planned}");
    assert!(planned.contains("review register changed"), "{planned}");
    world.run();
    for (stage, earlier) in stages.iter().zip(before) {
        crate::support::expect_same_trees(&earlier, &measured(stage));
    }
    assert!(published == bytes(), "a vote changed a measured table");

    let decisions = csv_rows(&world.report("workshop_decisions.csv"));
    let votes: Vec<(&str, &str, &str)> =
        decisions.iter().map(|d| (d["kind"].as_str(), d["decision"].as_str(), d["votes"].as_str())).collect();
    assert_eq!(
        votes,
        [("priority", "add", "12"), ("priority", "none", "90000"), ("outcome", "draft", ""), ("note", "note", "")]
    );
    assert_eq!(decisions[3]["text"], format!("'{said}"), "guarded for spreadsheets");
    let page = world.report("gap.html");
    for shown in [
        "Agreed in the workshop of",
        "votes change no measured figure",
        "Fill a table",
        "=We teach this &lt;b&gt;already",
    ] {
        assert!(page.contains(shown), "{shown}");
    }
    assert!(!of_kind(&world.sheet(), "priority").iter().any(|q| q["subject"] == skill), "voted upon in this edition");
    // The guard of the register is taken off again.
    let register = std::fs::read_to_string(world.register()).unwrap();
    assert!(register.contains("'=We teach"));
    expect(&world.with(&["review", "import"], &[&world.register().display().to_string()]), 0);
    assert_eq!(std::fs::read_to_string(world.register()).unwrap(), register);
}

/// English postings of nine employers with these requirements, in the place of the world's own.
fn plant(world: &World, groups: &[(usize, &str)]) {
    let mut lines = Vec::new();
    for (count, requirements) in groups {
        for _ in 0..*count {
            let i = lines.len() + 10;
            let text = format!(
                "Who we are: a family firm since 19{i:02}.\n\nRequirements:\n{requirements}\n- Team number {i} needs you to be \
                 punctual\n"
            );
            let posting = serde_json::json!({
                "id": format!("p{i}"), "title": "Warehouse assistant", "employer": format!("Employer {}", i % 9),
                "language": "en", "posted_on": "2026-03-01", "place": "Barcelona", "text": text,
            });
            lines.push(posting.to_string());
        }
    }
    std::fs::write(world.folder().join("postings.jsonl"), lines.join("\n")).unwrap();
}

#[test]
fn a_decided_term_is_found_in_the_next_run_and_a_rejected_one_is_not_proposed_again() {
    let world = World::new(1, "");
    plant(&world, &[(40, "- Experience with Quipuxel\n- Knowledge of widget taming")]);
    world.run();
    let terms = |world: &World| -> BTreeSet<String> {
        csv_rows(&world.report("novel_terms.csv")).iter().map(|t| t["term"].to_lowercase()).collect()
    };
    let before = terms(&world);
    assert!(before.contains("quipuxel") && before.contains("widget taming"), "{before:?}");
    let count = |skill: &str| {
        let found = world.findings()["demand"].clone();
        let own = found.as_array().unwrap().iter().find(|d| d["skill"] == skill && d["area"] == "all").cloned();
        own.map_or(0, |d| d["posting_count"].as_u64().unwrap())
    };
    let warehouse = "http://data.europa.eu/esco/skill/1973c966-f236-40c9-b2d4-5d71a89019be";
    assert_eq!(count(warehouse), 0);
    let term = |text: &str, decision: &str, target: &str| {
        row(&[("kind", "term"), ("decision", decision), ("target", target), ("text", text), ("reason", "used at work")])
    };
    let rows =
        [term("Quipuxel", "alias", warehouse), term("Widget taming", "novel", ""), term("family firm", "reject", "")];
    expect(&world.import(&rows), 0);
    let planned = stdout(&world.with(&["plan"], &[]));
    assert!(planned.contains("clean    would run: review terms changed"), "{planned}");
    world.run();
    let local = "urn:skillgap:local:widget-taming";
    assert_eq!((count(warehouse), count(local)), (40, 40));
    assert_eq!(terms(&world).intersection(&BTreeSet::from(["quipuxel".into(), "widget taming".into()])).count(), 0);
    assert!(world.findings()["meta"]["taxonomy_version"].as_str().unwrap().ends_with("+ local register"));

    let esco = world.folder().join("esco.csv");
    let gold = world.folder().join("gold.jsonl");
    let (esco_path, gold_path) = (esco.display().to_string(), gold.display().to_string());
    expect(&world.with(&["review", "export"], &["--esco", &esco_path, "--gold", &gold_path]), 0);
    let proposed = csv_rows(&std::fs::read_to_string(&esco).unwrap());
    let shown: Vec<_> = proposed
        .iter()
        .map(|t| (t["term"].as_str(), t["proposal"].as_str(), t["skill"].as_str(), t["posting_count"].as_str()))
        .collect();
    assert_eq!(shown, [("Quipuxel", "alias", warehouse, "40"), ("Widget taming", "novel", local, "40")]);
    assert!(proposed[0]["sentences"].contains("Experience with Quipuxel") && proposed[1]["reason"] == "used at work");

    // Said of the local skill: a second name, and a conflict over the first undoes it.
    expect(&world.import(&[term("taming of widgets", "alias", local)]), 0);
    let other = Row::from_iter(
        term("widget  TAMING", "reject", "").into_iter().chain([("decided_by".to_owned(), "CD".to_owned())]),
    );
    expect(&world.import(&[other]), 0);
    assert_eq!(world.status()["conflicts"].as_array().unwrap().len(), 1);
    world.run();
    assert_eq!(count(local), 0);
    assert_eq!(count(warehouse), 40);
}

#[test]
fn a_file_with_any_bad_row_imports_nothing_and_every_fault_is_named() {
    let world = World::new(5, "");
    let good = || {
        row(&[("kind", "note"), ("subject", "urn:skillgap:skill:generative-ai"), ("decision", "note"), ("text", "x")])
    };
    let unrun = world.import(&[good()]);
    expect(&unrun, 3);
    assert!(stderr(&unrun).contains("run the plan first"), "{}", stderr(&unrun));
    world.run();
    let findings = world.findings();
    let outcome = &findings["outcomes"][0];
    let (id, text) = (outcome["outcome"].as_str().unwrap(), outcome["text"].as_str().unwrap());
    let of_match = |subject: &str, target: &str, text: &str| {
        row(&[("kind", "match"), ("subject", subject), ("target", target), ("decision", "accept"), ("text", text)])
    };
    let skill = "urn:skillgap:skill:generative-ai";
    let rows = [
        good(),
        of_match("0000000000000000", skill, text),
        of_match(id, skill, "Another statement"),
        of_match(id, "urn:skillgap:skill:no-such", text),
        row(&[
            ("kind", "mention"),
            ("subject", "ffffffffffffffff"),
            ("target", skill),
            ("decision", "right"),
            ("value", "x"),
            ("text", "x"),
        ]),
        row(&[("kind", "priority"), ("subject", skill), ("target", "MC-999"), ("decision", "add"), ("value", "1")]),
        row(&[("kind", "outcome"), ("subject", "MC-999"), ("target", skill), ("decision", "draft"), ("text", "x")]),
        row(&[("kind", "term"), ("target", "urn:no"), ("decision", "alias"), ("text", "x")]),
        row(&[("kind", "note"), ("subject", "urn:no"), ("decision", "note"), ("text", "x")]),
        Row::from_iter(good().into_iter().chain([("edition".to_owned(), "other@2026-07-01".to_owned())])),
        Row::from_iter(good().into_iter().chain([("edition".to_owned(), "small@2026-07-02".to_owned())])),
    ];
    let output = world.import(&rows);
    expect(&output, 3);
    let said = stdout(&output);
    for (number, column) in (3..)
        .zip(["subject", "text", "target", "subject", "target", "subject", "target", "subject", "edition", "edition"])
    {
        assert!(said.contains(&format!("given.csv, row {number}, {column}: '")), "row {number}: {said}");
    }
    assert!(said.contains("10 faults: nothing was imported") && !world.register().exists(), "{said}");
    expect(&world.import(&[of_match(id, skill, text)]), 0);
    assert!(world.register().exists());
}

#[test]
fn an_edited_outcome_outdates_its_decision_which_stops_the_run_until_it_is_retired() {
    let world = World::new(30, "");
    world.run();
    let report = std::fs::read(world.data().join("build/small/report/findings.json")).unwrap();
    let findings = world.findings();
    let outcomes = findings["outcomes"].as_array().unwrap();
    let of = |outcome: &Value, decision: &str| {
        row(&[
            ("kind", "match"),
            ("subject", outcome["outcome"].as_str().unwrap()),
            ("target", "urn:skillgap:skill:generative-ai"),
            ("decision", decision),
            ("text", outcome["text"].as_str().unwrap()),
            ("language", outcome["language"].as_str().unwrap()),
        ])
    };
    expect(&world.import(&[of(&outcomes[0], "accept"), of(&outcomes[9], "accept")]), 0);
    let contrary =
        Row::from_iter(of(&outcomes[9], "reject").into_iter().chain([("group".to_owned(), "companies".to_owned())]));
    let output = world.import(&[contrary]);
    expect(&output, 0);
    assert!(stdout(&output).contains("conflict, not applied: match"), "{}", stdout(&output));

    let catalogue = world.folder().join("credentials.csv");
    let text = std::fs::read_to_string(&catalogue).unwrap();
    let statement = outcomes[0]["text"].as_str().unwrap();
    assert!(text.contains(statement));
    std::fs::write(&catalogue, text.replace(statement, &format!("{statement}, and more"))).unwrap();
    let stopped = world.with(&["run"], &[]);
    expect(&stopped, 3);
    let said = stderr(&stopped);
    for part in [
        "review.register",
        "1 of 3 decisions are outdated",
        "small.csv, row ",
        "an edited outcome has another id",
        "review retire",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(
        std::fs::read(world.data().join("build/small/report/findings.json")).unwrap(),
        report,
        "the last report stands"
    );

    let status = world.with(&["review", "status"], &[]);
    assert_eq!(code(&status), 3);
    assert!(stdout(&status).contains("outdated: small.csv, row "), "{}", stdout(&status));
    expect(&world.with(&["review", "retire"], &[]), 0);
    let retired = std::fs::read_to_string(world.folder().join("decisions/small.retired.csv")).unwrap();
    assert!(retired.contains(statement) && retired.contains("AB"), "who decided what is not lost: {retired}");
    assert!(stdout(&world.with(&["check"], &[])).contains("review.register: small.csv, decisions: 2"));
    world.run();

    // Both sides of a conflict are told, and neither counts.
    let told = csv_rows(&world.report("workshop_decisions.csv"));
    assert_eq!(told.iter().map(|d| d["state"].as_str()).collect::<Vec<_>>(), ["conflict", "conflict"]);
    let links: Value =
        serde_json::from_slice(&std::fs::read(world.data().join("build/small/link/links.json")).unwrap()).unwrap();
    assert!(!links.to_string().contains("\"review "), "a conflict is applied");
    assert!(world.report("gap.html").contains("Conflicts: decided differently"));
    let rows = csv_rows(&std::fs::read_to_string(world.register()).unwrap());
    let loser = 2 + rows.iter().position(|r| r["decision"] == "reject").unwrap();
    expect(&world.with(&["review", "retire"], &["--row", &loser.to_string()]), 0);
    assert_eq!(world.status()["conflicts"], serde_json::json!([]));
    world.run();
    assert_eq!(world.coverage("urn:skillgap:skill:generative-ai"), Some(1.0));
}

#[test]
fn judged_mentions_correct_the_shares_and_become_gold() {
    let world = World::new(1, "[correction]\nmin_reviewed = 1\n");
    plant(&world, &[(40, "- Experience in project management"), (10, "- A clean driving licence")]);
    world.run();
    let shares = |world: &World| {
        let all = world.findings()["demand"].clone();
        let own =
            all.as_array().unwrap().iter().find(|d| d["label"] == "project management" && d["area"] == "all").cloned();
        let own = own.unwrap();
        (own["share"].as_f64(), own["corrected_share"].as_f64(), own["skill"].as_str().unwrap().to_owned())
    };
    let (share, corrected, skill) = shares(&world);
    assert_eq!((share, corrected), (Some(0.8), None), "nothing is corrected before anybody judged");
    let measured = std::fs::read(world.data().join("build/small/report/gaps.csv")).unwrap();

    let evidence = csv_rows(&world.report("evidence.csv"));
    let own: Vec<&Row> = evidence.iter().filter(|e| e["skill"] == skill).collect();
    let other = evidence.iter().find(|e| e["label"] == "driving licence").unwrap();
    let judge = |e: &Row, decision: &str| {
        let words = &e["sentence"][e["start"].parse().unwrap()..e["end"].parse().unwrap()];
        row(&[
            ("kind", "mention"),
            ("subject", &e["posting"]),
            ("target", &skill),
            ("decision", decision),
            ("value", if decision == "missed" { "" } else { words }),
            ("text", &e["sentence"]),
        ])
    };
    let choices = ["right", "right", "right", "wrong", "wrong"];
    let mut rows: Vec<Row> = own.iter().zip(choices).map(|(e, choice)| judge(e, choice)).collect();
    assert_eq!(rows.len(), 5);
    rows.push(judge(other, "missed"));
    expect(&world.import(&rows), 0);
    let planned = stdout(&world.with(&["plan"], &[]));
    assert!(planned.contains("measure  would run: review mentions changed"), "{planned}");
    assert_eq!(planned.matches("unchanged").count(), 4, "{planned}");
    world.run();
    // By hand: precision 3 of 5, recall 3 of 4, so 0.8 x 0.6 / 0.75; what was counted stays as it was.
    let (share, corrected, _) = shares(&world);
    assert_eq!(share, Some(0.8));
    assert!(corrected.is_some_and(|c| (c - 0.64).abs() < 1e-9), "{corrected:?}");
    let gaps = std::fs::read(world.data().join("build/small/report/gaps.csv")).unwrap();
    let counts = |bytes: &[u8]| -> Vec<_> {
        let rows = csv_rows(std::str::from_utf8(bytes).unwrap()).into_iter();
        rows.map(|r| (r["skill"].clone(), r["posting_count"].clone(), r["share"].clone(), r["unmet_per_100"].clone()))
            .collect()
    };
    assert_eq!(counts(&measured), counts(&gaps));
    let judged = world.findings()["workshop"]["judged"][0].clone();
    let told = ["judged", "right", "missed"].map(|name| judged[name].as_u64());
    assert_eq!((judged["language"].as_str(), told), (Some("en"), [Some(5), Some(3), Some(1)]));

    let gold = world.folder().join("gold.jsonl");
    let path = gold.display().to_string();
    let exported = world.with(&["review", "export"], &["--gold", &path]);
    expect(&exported, 0);
    assert!(stdout(&exported).contains("left out: 2 decisions"), "{}", stdout(&exported));
    let reference = crate::support::root().join("data/reference").display().to_string();
    expect(&run(&["evaluate", "--taxonomy", &reference, "--gold", &path, "--json"]), 0);
    let first: Value = serde_json::from_str(std::fs::read_to_string(&gold).unwrap().lines().next().unwrap()).unwrap();
    let shown = (first["kind"].as_str(), first["lang"].as_str(), first["gold"][0].as_str());
    assert_eq!(shown, (Some("sentence"), Some("en"), Some(skill.as_str())));
}
