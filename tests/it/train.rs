//! `skillgap train` as a user meets it: vectors and weights made, used, and refused.

use crate::support::{expect, root, run, skillgap, small_world, stderr, stdout};
use skillgap::lexicon::vectors::Vectors;
use skillgap::link::{FEATURES, LinkWeights};

/// Skills of a made-up trade: id, English and Spanish name.
const SKILLS: [(&str, &str, &str); 3] = [
    ("fermentation", "cellar fermentation", "fermentación de bodega"),
    ("hooping", "cask hooping", "aros de barrica"),
    ("tasting", "barrel tasting", "cata de toneles"),
];

/// A folder to work in, with the taxonomy in `taxonomy`.
fn world() -> (tempfile::TempDir, impl Fn(&str) -> String) {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().to_owned();
    let path = move |name: &str| base.join(name).to_str().unwrap().to_owned();
    std::fs::create_dir(path("taxonomy")).unwrap();
    let mut skills = "id,uri,kind,reuse,broader,green,digital,description\n".to_owned();
    let mut labels = "id,lang,kind,label\n".to_owned();
    for (id, english, spanish) in SKILLS {
        skills.push_str(&format!("{id},urn:test:{id},skill,cross-sector,,no,no,\n"));
        labels.push_str(&format!("{id},en,preferred,{english}\n{id},es,preferred,{spanish}\n"));
    }
    let files = [
        ("skills", skills.as_str()),
        ("skill_labels", labels.as_str()),
        ("occupations", "id,uri,isco,sectors,description\ncooper,urn:test:cooper,7522,C,\n"),
        ("occupation_labels", "id,lang,kind,label\ncooper,en,preferred,cooper\n"),
        ("occupation_skills", "occupation,skill,relation\ncooper,hooping,essential\n"),
    ];
    for (name, text) in files {
        std::fs::write(path(&format!("taxonomy/{name}.csv")), text).unwrap();
    }
    (folder, path)
}

#[test]
fn vectors_are_the_same_for_a_seed_and_hold_the_postings_that_name_each_skill() {
    let (_folder, path) = world();
    // Fermentation is named in two postings, three times; hooping in one; tasting in none.
    let postings = [
        "Requirements:\\n- Skilled at cellar fermentation of wine\\n- Reports on cellar fermentation every week",
        "Requirements:\\n- Two years of cellar fermentation\\n- Good at cask hooping by hand",
        "Requirements:\\n- A driving licence",
    ];
    let lines = (0..)
        .zip(postings)
        .map(|(id, text)| format!("{{\"id\":\"{id}\",\"title\":\"Worker\",\"text\":\"{text}\",\"lang\":\"en\"}}\n"));
    std::fs::write(path("postings.jsonl"), lines.collect::<String>()).unwrap();
    let train = |seed: &str, output: &str, threads: &str| {
        let done = skillgap()
            .args(["train", "vectors", "--taxonomy", &path("taxonomy"), "--postings", &path("postings.jsonl")])
            .args(["--epochs", "0.05", "--dim", "16", "--seed", seed, "--threads", threads])
            .args(["--output", &path(output)])
            .output()
            .unwrap();
        expect(&done, 0);
        (std::fs::read(path(output)).unwrap(), stdout(&done), stderr(&done))
    };
    let (bytes, said, progress) = train("7", "a.bin", "1");
    assert!(said.contains("read 3 = used 3 + rejected 0; 2 skills named"), "{said}");
    assert!(said.contains("a.bin: ") && said.contains("16 numbers each"), "{said}");
    assert!(progress.contains("pass 0.05 of 0.05, mean loss"), "{progress}");
    let vectors = Vectors::from_bytes(&bytes).unwrap();
    let counts = SKILLS.map(|(id, ..)| vectors.posting_count(&format!("urn:test:{id}")));
    assert_eq!(counts, [2.0, 1.0, 0.0]);
    assert!(train("7", "b.bin", "2").0 == bytes, "a second time, on other threads");
    assert!(train("8", "c.bin", "2").0 != bytes, "another seed");
    std::fs::write(path("q.jsonl"), "{\"id\":\"q\",\"text\":\"cask hooping\",\"lang\":\"en\"}\n").unwrap();
    let (taxonomy, own) = (path("taxonomy"), path("a.bin"));
    for command in ["rank", "link"] {
        let (input, output) = (path("q.jsonl"), path(&format!("{command}.jsonl")));
        let ranked =
            run(&[command, "--taxonomy", &taxonomy, "--vectors", &own, "--input", &input, "--output", &output]);
        expect(&ranked, 0);
        assert!(std::fs::read_to_string(output).unwrap().contains("urn:test:hooping"), "{command}");
    }
}

#[test]
fn weights_fitted_on_gold_are_written_with_what_they_are_worth_and_read_back() {
    let (_folder, path) = world();
    std::fs::create_dir(path("gold")).unwrap();
    for (name, count) in [("sentences_en", 12), ("sentences_es", 8), ("negatives_en", 6)] {
        let text = std::fs::read_to_string(root().join(format!("data/gold/tune/{name}.jsonl"))).unwrap();
        let lines: Vec<&str> = text.lines().take(count).collect();
        std::fs::write(path(&format!("gold/{name}.jsonl")), lines.join("\n")).unwrap();
    }
    let (gold, output) = (path("gold"), path("fitted"));
    let done = run(&["train", "weights", "--gold", &gold, "--also-taxonomy", &path("taxonomy"), "--output", &output]);
    expect(&done, 0);
    let said = stdout(&done);
    assert!(said.contains("ranking, held out in 5 folds") && said.contains("gold es (1)"), "{said}");
    assert!(said.contains("false alarms"), "{said}");
    let [rank, link] = ["rank_weights.toml", "link_weights.toml"]
        .map(|name| std::fs::read_to_string(path(&format!("fitted/{name}"))).unwrap());
    for text in [&rank, &link] {
        assert!(text.contains("#   skillgap train weights --gold ") && text.contains("gold en (18 texts)"), "{text}");
        assert!(text.contains("Held out in 5 folds"), "{text}");
    }
    let own: toml::Table = toml::from_str(&rank).unwrap();
    let compiled: toml::Table =
        toml::from_str(&std::fs::read_to_string(root().join("data/reference/rank_weights.toml")).unwrap()).unwrap();
    assert!(!own["skill"].as_table().unwrap().is_empty());
    assert_eq!(own["occupation"], compiled["occupation"]);
    let weights = LinkWeights::from_toml(&link, &FEATURES).unwrap();
    assert!(weights.bias.is_finite() && weights.weights.iter().any(|w| *w != 0.0));
    assert!(link.ends_with(&weights.to_toml(&FEATURES)));
}

/// A valid file without a word or concept: mark, numbers of a vector, then empty tables.
fn empty_vectors() -> Vec<u8> {
    let counts = [4u32, 0, 0, 0, 0, 0];
    [b"SGV1".to_vec(), counts.iter().flat_map(|n| n.to_le_bytes()).collect()].concat()
}

#[test]
fn vectors_of_a_plan_belong_to_what_extract_and_link_depend_on() {
    let world = small_world(40);
    let folder = world.folder.path();
    let data = folder.join("data");
    let plan = std::fs::read_to_string(&world.plan).unwrap();
    std::fs::write(&world.plan, format!("{plan}[taxonomy]\nvectors = 'own.bin'\n")).unwrap();
    let with = |command: &str| skillgap().arg(command).arg(&world.plan).arg("--data-dir").arg(&data).output().unwrap();
    let missing = with("run");
    expect(&missing, 2);
    assert!(stderr(&missing).contains("taxonomy.vectors") && stderr(&missing).contains("own.bin"), "{missing:?}");
    std::fs::write(folder.join("own.bin"), empty_vectors()).unwrap();
    expect(&with("link"), 0);
    let unchanged = stdout(&with("plan"));
    assert_eq!(unchanged.matches("unchanged").count(), 4, "{unchanged}");
    std::fs::copy(root().join("data/reference/vectors.bin"), folder.join("own.bin")).unwrap();
    let changed = stdout(&with("plan"));
    assert_eq!(changed.matches("would run: vectors changed").count(), 2, "{changed}");
    assert!(changed.contains("clean    unchanged"), "{changed}");
}

#[test]
fn what_is_no_file_of_vectors_is_named_with_the_command_that_makes_one() {
    let (_folder, path) = world();
    let shipped = std::fs::read(root().join("data/reference/vectors.bin")).unwrap();
    let mut endless = empty_vectors();
    endless[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
    let mut tail = empty_vectors();
    tail.push(0);
    let bad = [&b"id,text\n1,x\n"[..], b"", b"SGV1", &shipped[..shipped.len() / 2], &endless, &tail];
    std::fs::write(path("q.jsonl"), "{\"id\":\"q\",\"text\":\"x\",\"lang\":\"en\"}\n").unwrap();
    let (taxonomy, input, output) = (path("taxonomy"), path("q.jsonl"), path("out.jsonl"));
    for (at, bytes) in bad.into_iter().enumerate() {
        let file = path(&format!("bad{at}.bin"));
        std::fs::write(&file, bytes).unwrap();
        let done = run(&["rank", "--taxonomy", &taxonomy, "--vectors", &file, "--input", &input, "--output", &output]);
        expect(&done, 2);
        let said = stderr(&done);
        assert!(said.contains(&file) && said.contains("skillgap train vectors"), "{at}: {said}");
    }
}

#[test]
fn what_cannot_be_read_or_written_is_said_before_anything_is_learned() {
    let (_folder, path) = world();
    let taxonomy = path("taxonomy");
    let vectors = |output: &str, code: i32| {
        let done = run(&["train", "vectors", "--taxonomy", &taxonomy, "--output", output]);
        expect(&done, code);
        stderr(&done)
    };
    let folder = vectors(&taxonomy, 2);
    assert!(folder.contains(&taxonomy) && folder.contains("name the file"), "{folder}");
    let below_a_file = vectors(&path("taxonomy/skills.csv/v.bin"), 5);
    assert!(below_a_file.contains("skills.csv") && !below_a_file.contains("learning"), "{below_a_file}");
    let weights = |gold: &str, output: &str| {
        let done = run(&["train", "weights", "--taxonomy", &taxonomy, "--gold", gold, "--output", output]);
        assert!(![0, 70, 101].contains(&done.status.code().unwrap()), "{done:?}");
        stderr(&done)
    };
    let missing = weights(&path("nowhere.jsonl"), &path("fitted"));
    assert!(missing.contains("nowhere.jsonl"), "{missing}");
    let line = "{\"id\":\"a\",\"text\":\"cask hooping\",\"lang\":\"en\",\"gold\":[\"urn:test:hooping\"]}\n";
    std::fs::write(path("few.jsonl"), line).unwrap();
    let few = weights(&path("few.jsonl"), &path("fitted"));
    assert!(few.contains("1 of 1 gold texts") && few.contains("too few"), "{few}");
    let unwritable = weights(&path("few.jsonl"), &path("few.jsonl"));
    assert!(unwritable.contains("few.jsonl"), "{unwritable}");
    assert!(!std::path::Path::new(&path("fitted/rank_weights.toml")).exists());
}
