//! Rankings of another model, from a file to links.

use crate::support::{SmallWorld, expect, run, small_world, stderr, stdout};
use arrow::array::{Array, Float64Array, RecordBatch, StringArray};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;

/// A world linked without a model.
struct World {
    small: SmallWorld,
    plan_text: String,
    outcomes: Vec<(String, String)>,
    skills: Vec<String>,
    links: String,
}

impl World {
    fn new() -> Self {
        let small = small_world(5);
        let plan_text = std::fs::read_to_string(&small.plan).unwrap();
        let mut world = Self { small, plan_text, outcomes: Vec::new(), skills: Vec::new(), links: String::new() };
        expect(&world.run("link"), 0);
        world.links = world.links_now();
        let read = |file: &str| -> Value { serde_json::from_str(&world.read(file)).unwrap() };
        let (credentials, taxonomy) = (read("clean/credentials.json"), read("clean/taxonomy.json"));
        let outcomes = credentials.as_array().unwrap().iter().flat_map(|c| c["outcomes"].as_array().unwrap());
        let text = |v: &Value| v.as_str().unwrap().to_owned();
        world.outcomes = outcomes.map(|o| (text(&o["id"]), text(&o["text"]))).collect();
        world.skills = taxonomy["skills"].as_array().unwrap().iter().map(|s| text(&s["id"])).collect();
        world
    }

    fn file(&self, name: &str) -> PathBuf {
        self.small.folder.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.file("data/build/small").join(name)).unwrap()
    }

    fn links_now(&self) -> String {
        self.read("link/links.json")
    }

    fn run(&self, command: &str) -> std::process::Output {
        run(&[command, &self.small.plan.display().to_string(), "--data-dir", &self.file("data").display().to_string()])
    }

    /// Names a model in the plan.
    fn model(&self, lines: &str) {
        std::fs::write(&self.small.plan, format!("{}[[link.model]]\n{lines}\n", self.plan_text)).unwrap();
    }

    /// Ten skills, the last of the taxonomy far ahead.
    fn list(&self) -> Vec<(&str, f64)> {
        let (last, others) = self.skills.split_last().unwrap();
        let rest = others.iter().take(9).zip(1..).map(|(uri, at)| (uri.as_str(), 0.1 - 0.001 * f64::from(at)));
        std::iter::once((last.as_str(), 0.9)).chain(rest).collect()
    }

    fn line(id: &str, list: &[(&str, f64)]) -> String {
        let ranked: Vec<Value> = list.iter().map(|(uri, score)| json!({ "uri": uri, "score": score })).collect();
        json!({ "id": id, "ranked": ranked }).to_string() + "\n"
    }

    /// Links of an outcome.
    fn links_of(&self, id: &str) -> Vec<Value> {
        let all: Vec<Value> = serde_json::from_str(&self.links_now()).unwrap();
        let own = all.iter().find(|linked| linked["outcome"] == id).unwrap();
        own["links"].as_array().unwrap().clone()
    }
}

#[test]
fn a_ranking_lifts_the_skills_it_favours_and_leaves_outcomes_alone_that_it_does_not_know() {
    let world = World::new();
    let ((first, _), (second, words), list) = (&world.outcomes[0], &world.outcomes[1], world.list());
    let mut text = World::line(first, &list) + &World::line(words, &list[..5]) + &World::line("nobody", &list);
    text = text.replace(list[9].0, "urn:no-such-skill");
    std::fs::write(world.file("other.jsonl"), &text).unwrap();
    world.model("name = 'other'\nranked = 'other.jsonl'\nweight = 6.0\nbias = 0.0\nown = 1.0\nunproposed = -8.0");
    let output = world.run("link");
    expect(&output, 0);
    for said in [
        "1 skills are not in the taxonomy, the first is urn:no-such-skill",
        "1 lists have an id that is neither id nor text of a learning outcome, the first is 'nobody'",
        &format!("says nothing of {0} of {1} learning outcomes", world.outcomes.len() - 2, world.outcomes.len()),
    ] {
        assert!(stderr(&output).contains(said), "{}", stderr(&output));
    }
    // By id and by words.
    for id in [first, second] {
        let best = &world.links_of(id)[0];
        assert_eq!((&best["skill"], &best["verdict"]), (&json!(list[0].0), &json!("accepted")), "{best}");
        let evidence = best["evidence"].as_array().unwrap().last().unwrap();
        assert_eq!(*evidence, json!({ "lane": "other", "value": 1.0 }));
    }
    let (now, before): (Vec<Value>, Vec<Value>) =
        (serde_json::from_str(&world.links_now()).unwrap(), serde_json::from_str(&world.links).unwrap());
    let rest = |all: &[Value]| -> Vec<Value> {
        all.iter().filter(|l| l["outcome"] != **first && l["outcome"] != **second).cloned().collect()
    };
    assert_eq!(rest(&now), rest(&before));
    // read = kept + duplicate + rejected: nine and five skills count, one is unknown, ten are for nobody.
    let manifest: Value = serde_json::from_str(&world.read("link/manifest.json")).unwrap();
    let count = &manifest["counts"][1];
    assert_eq!(*count, json!({ "step": "model other", "read": 25, "kept": 14, "duplicate": 0, "rejected": 11 }));
    // A changed file is seen, a changed place is not.
    std::fs::create_dir(world.file("elsewhere")).unwrap();
    std::fs::rename(world.file("other.jsonl"), world.file("elsewhere/other.jsonl")).unwrap();
    world.model(
        "name = 'other'\nranked = 'elsewhere/other.jsonl'\nweight = 6.0\nbias = 0.0\nown = 1.0\nunproposed = -8.0",
    );
    assert!(!stdout(&world.run("plan")).contains("model other"));
    std::fs::write(world.file("elsewhere/other.jsonl"), World::line(first, &list)).unwrap();
    assert!(stdout(&world.run("plan")).contains("model other other.jsonl changed"), "{}", stdout(&world.run("plan")));
}

#[test]
fn a_table_links_as_lines_do_and_no_model_links_as_ever() {
    let world = World::new();
    let (id, list) = (&world.outcomes[2].0, world.list());
    let mut links = Vec::new();
    let text: Arc<dyn Array> = Arc::new(StringArray::from(vec![id.as_str(); list.len()]));
    let uris: Arc<dyn Array> = Arc::new(StringArray::from_iter_values(list.iter().map(|(uri, _)| uri)));
    let scores: Arc<dyn Array> = Arc::new(Float64Array::from_iter_values(list.iter().map(|(_, score)| *score)));
    let batch = RecordBatch::try_from_iter([("id", text), ("uri", uris), ("score", scores)]).unwrap();
    let file = std::fs::File::create(world.file("other.parquet")).unwrap();
    let mut writer = parquet::arrow::ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    std::fs::write(world.file("other.jsonl"), World::line(id, &list)).unwrap();
    for file in ["other.parquet", "other.jsonl"] {
        world.model(&format!(
            "name = 'other'\nranked = '{file}'\nweight = 1.5\nbias = -0.5\nown = 0.8\nunproposed = -3.0"
        ));
        expect(&world.run("link"), 0);
        links.push(world.links_now());
    }
    assert!(links[0] == links[1] && links[0] != world.links);
    std::fs::write(&world.small.plan, &world.plan_text).unwrap();
    expect(&world.run("link"), 0);
    assert_eq!(world.links_now(), world.links);
}

#[test]
fn a_model_without_weight_asks_for_review_and_changes_no_score() {
    let world = World::new();
    let (id, list) = (&world.outcomes[0].0, world.list());
    let before = world.links_of(id);
    std::fs::write(world.file("other.jsonl"), World::line(id, &list)).unwrap();
    world.model("name = 'other'\nranked = 'other.jsonl'");
    let output = world.run("link");
    expect(&output, 0);
    assert!(
        stderr(&output).contains("proposes for review only; skillgap train model fits them"),
        "{}",
        stderr(&output)
    );
    let now = world.links_of(id);
    let scores = |links: &[Value]| -> Vec<(Value, Value)> {
        links.iter().map(|l| (l["skill"].clone(), l["score"].clone())).collect()
    };
    assert_eq!(scores(&now)[..before.len()], scores(&before)[..]);
    let proposed = now.iter().find(|l| l["skill"] == list[0].0).unwrap();
    assert_eq!(proposed["verdict"], "review");
    assert!(now.iter().all(|l| l["evidence"].as_array().unwrap().iter().any(|e| e["lane"] == "other")));
}

#[test]
fn a_model_that_cannot_be_used_is_refused_before_anything_is_linked() {
    let world = World::new();
    std::fs::write(world.file("other.jsonl"), "{\"id\":\"x\"}\n").unwrap();
    let mut cases = vec![
        (
            "name = 'other'\nranked = 'other.jsonl'",
            3,
            "link.model 'other': other.jsonl: line 1: missing field `ranked`",
        ),
        ("name = 'other'\nranked = 'absent.jsonl'", 3, "link.model 'other'"),
        ("name = 'other'\nfolder = 'absent'", 3, "holds no config.json"),
        ("name = 'other'", 2, "needs one of ranked"),
        ("name = 'cover'\nranked = 'other.jsonl'", 2, "the name of a lane of our own"),
        ("name = 'a/b'\nranked = 'other.jsonl'", 2, "a-z"),
        (
            "name = 'other'\nranked = 'other.jsonl'\nweight = 1.0\nbias = 0.5",
            2,
            "weight, bias, own and unproposed, or none",
        ),
        (
            "name = 'other'\nranked = 'other.jsonl'\nweight = nan\nbias = 0.0\nown = 1.0\nunproposed = 0.0",
            2,
            "finite numbers",
        ),
        ("name = 'other'\nranked = 'other.jsonl'\nwieght = 1.0", 2, "did you mean `weight`"),
        ("name = 'o'\nranked = 'a'\n[[link.model]]\nname = 'o'\nranked = 'b'", 2, "two link.model"),
    ];
    if !cfg!(feature = "embedding") {
        std::fs::create_dir(world.file("folder")).unwrap();
        std::fs::write(world.file("folder/config.json"), "{}").unwrap();
        cases.push(("name = 'other'\nfolder = 'folder'", 3, "built without the feature `embedding`"));
    }
    for (lines, code, said) in cases {
        world.model(lines);
        let output = world.run("link");
        expect(&output, code);
        assert!(stderr(&output).contains(said), "{lines}: {}", stderr(&output));
    }
    assert_eq!(world.links_now(), world.links);
}
