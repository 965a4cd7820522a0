//! The embedding lane on tiny folders: expected vectors are those of sentence-transformers, by `tiny_bert.py` beside this.

use crate::support::{expect, run, small_world, stderr, stdout};
use serde_json::{Value, json};
use skillgap::embed::Embedder;
use std::path::Path;

const WORDS: [&str; 16] = [
    "[PAD]", "[UNK]", "[CLS]", "[SEP]", "weld", "metal", "part", "##s", "plan", "project", "##ing", "data", "anal",
    "##yse", "team", "work",
];
const TEXTS: [&str; 4] =
    ["Weld metal parts", "planning a project", "data", "Team work: analyse data, weld parts, plan projects, data"];
const HIDDEN: usize = 8;
const INNER: usize = 12;
const POSITIONS: usize = 20;

/// Name and shape of every tensor, sorted by name.
fn tensors() -> Vec<(String, Vec<usize>)> {
    let mut all = vec![
        ("embeddings.LayerNorm.bias".to_owned(), vec![HIDDEN]),
        ("embeddings.LayerNorm.weight".to_owned(), vec![HIDDEN]),
        ("embeddings.position_embeddings.weight".to_owned(), vec![POSITIONS, HIDDEN]),
        ("embeddings.token_type_embeddings.weight".to_owned(), vec![2, HIDDEN]),
        ("embeddings.word_embeddings.weight".to_owned(), vec![WORDS.len(), HIDDEN]),
    ];
    for layer in 0..2 {
        let mut add = |name: &str, shape: &[usize]| all.push((format!("encoder.layer.{layer}.{name}"), shape.to_vec()));
        for part in ["attention.output.dense", "attention.self.key", "attention.self.query", "attention.self.value"] {
            add(&format!("{part}.bias"), &[HIDDEN]);
            add(&format!("{part}.weight"), &[HIDDEN, HIDDEN]);
        }
        for part in ["attention.output.LayerNorm", "output.LayerNorm"] {
            add(&format!("{part}.bias"), &[HIDDEN]);
            add(&format!("{part}.weight"), &[HIDDEN]);
        }
        add("intermediate.dense.bias", &[INNER]);
        add("intermediate.dense.weight", &[INNER, HIDDEN]);
        add("output.dense.bias", &[HIDDEN]);
        add("output.dense.weight", &[HIDDEN, INNER]);
    }
    all.sort();
    all
}

/// The numbers of `tiny_bert.py`, as a safetensors file.
fn weights() -> Vec<u8> {
    let (mut header, mut data) = (serde_json::Map::new(), Vec::<u8>::new());
    for (place, (name, shape)) in tensors().into_iter().enumerate() {
        let (base, spread) = match name.as_str() {
            n if n.ends_with("LayerNorm.weight") => (1.0, 1.0),
            n if n.ends_with("bias") => (0.0, 0.2),
            _ => (0.0, 2.0),
        };
        let start = data.len();
        for i in 0..shape.iter().product::<usize>() {
            let step = (i * i * 7 + i * 919 + place * 1047) % 2003;
            data.extend(((base + spread * (step as f64 / 2003.0 - 0.5)) as f32).to_le_bytes());
        }
        header.insert(name, json!({ "dtype": "F32", "shape": shape, "data_offsets": [start, data.len()] }));
    }
    let header = Value::Object(header).to_string();
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    bytes.extend(data);
    bytes
}

fn tokenizer() -> Value {
    let special = |at: usize| {
        json!({ "id": at, "content": WORDS[at], "single_word": false, "lstrip": false, "rstrip": false,
                "normalized": false, "special": true })
    };
    let vocab: serde_json::Map<String, Value> =
        WORDS.iter().enumerate().map(|(at, word)| ((*word).to_owned(), at.into())).collect();
    json!({
        "version": "1.0", "truncation": null, "padding": null, "decoder": null,
        "added_tokens": [special(0), special(1), special(2), special(3)],
        "normalizer": { "type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
                        "strip_accents": null, "lowercase": true },
        "pre_tokenizer": { "type": "BertPreTokenizer" },
        "post_processor": { "type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2] },
        "model": { "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                   "max_input_chars_per_word": 100, "vocab": vocab },
    })
}

fn write(folder: &Path, model_type: &str, pooling: &str, normalise: bool) {
    std::fs::create_dir_all(folder.join("1_Pooling")).unwrap();
    let write = |name: &str, value: &Value| std::fs::write(folder.join(name), value.to_string()).unwrap();
    let epsilon = if model_type == "bert" { 1e-12 } else { 1e-5 };
    write(
        "config.json",
        &json!({
            "model_type": model_type, "hidden_act": "gelu", "pad_token_id": 0, "layer_norm_eps": epsilon,
            "hidden_size": HIDDEN, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": INNER,
            "type_vocab_size": 2, "vocab_size": WORDS.len(), "max_position_embeddings": POSITIONS,
            "hidden_dropout_prob": 0.1, "attention_probs_dropout_prob": 0.1, "initializer_range": 0.02,
        }),
    );
    write("tokenizer.json", &tokenizer());
    write("sentence_bert_config.json", &json!({ "max_seq_length": 10, "do_lower_case": false }));
    let module =
        |path: &str, kind: &str| json!({ "path": path, "type": format!("sentence_transformers.models.{kind}") });
    let mut modules = vec![module("", "Transformer"), module("1_Pooling", "Pooling")];
    modules.extend(normalise.then(|| module("2_Normalize", "Normalize")));
    write("modules.json", &Value::Array(modules));
    let pooling = json!({ "pooling_mode_cls_token": pooling == "cls", "pooling_mode_mean_tokens": pooling == "mean" });
    write("1_Pooling/config.json", &pooling);
    std::fs::write(folder.join("model.safetensors"), weights()).unwrap();
}

const BERT_MEAN: [[f32; HIDDEN]; 4] = [
    [-0.13666, -0.15107, -0.03309, 0.08028, 0.44230, 0.15056, 0.60326, -0.60725],
    [0.03605, -0.20666, -0.07765, -0.05673, 0.15238, 0.08130, 0.86666, -0.40721],
    [0.07375, -0.17045, -0.07748, -0.01779, 0.18965, 0.07607, 0.82405, -0.48823],
    [-0.01976, -0.16885, -0.03247, -0.01122, 0.28616, 0.12341, 0.76277, -0.53942],
];
const BERT_FIRST: [[f32; HIDDEN]; 4] = [
    [-0.34980, -0.24605, -0.12221, 0.10655, 1.04997, 0.33272, 1.46182, -1.41586],
    [0.78859, -0.11180, -0.17187, -0.78632, -0.43558, 0.14027, 2.39178, -0.73464],
    [0.58802, -0.14666, -0.13747, -0.58826, -0.10246, 0.17476, 2.32906, -0.99623],
    [0.07519, 0.01548, -0.40062, -0.36041, 0.47077, 0.24148, 2.11670, -1.22182],
];
const ROBERTA_MEAN: [[f32; HIDDEN]; 4] = [
    [-0.10019, -0.23990, -0.03297, 0.05821, 0.33283, 0.16029, 0.71091, -0.53487],
    [-0.05134, -0.16872, -0.10247, 0.14482, 0.36657, 0.09894, 0.66020, -0.59783],
    [-0.10905, -0.17664, -0.05596, 0.09458, 0.42572, 0.15198, 0.61697, -0.59987],
    [-0.12812, -0.15915, -0.01331, 0.04158, 0.43173, 0.15971, 0.62584, -0.59396],
];

#[test]
fn vectors_are_those_of_sentence_transformers_whatever_the_batch() {
    let folder = tempfile::tempdir().unwrap();
    for (kind, pooling, normalise, expected) in [
        ("bert", "mean", true, BERT_MEAN),
        ("bert", "cls", false, BERT_FIRST),
        ("xlm-roberta", "mean", true, ROBERTA_MEAN),
    ] {
        let path = folder.path().join(format!("{kind}-{pooling}"));
        write(&path, kind, pooling, normalise);
        let embedder = Embedder::open(&path).unwrap();
        let many: Vec<&str> = TEXTS.iter().copied().cycle().take(70).collect();
        for (at, vector) in embedder.encode(&many).unwrap().iter().enumerate() {
            for (found, wanted) in vector.iter().zip(expected[at % 4]) {
                assert!((found - wanted).abs() < 2e-4, "{kind} {pooling} {at}: {vector:?}");
            }
        }
        assert_eq!(embedder.encode(&TEXTS).unwrap(), embedder.encode(&TEXTS).unwrap());
    }
}

#[test]
fn a_folder_that_cannot_be_right_is_refused_with_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let (path, good) = (folder.path().join("model"), folder.path().join("good"));
    write(&good, "bert", "mean", true);
    let config = std::fs::read_to_string(good.join("config.json")).unwrap();
    let weights = weights();
    let dense = r#"[{"path":"","type":"Transformer"},{"path":"3_Dense","type":"sentence_transformers.models.Dense"}]"#;
    let outside = r#"[{"path":"../good","type":"sentence_transformers.models.Pooling"}]"#;
    let max = br#"{"pooling_mode_max_tokens":true}"#;
    let cases: [(&str, Vec<u8>, &str); 10] = [
        ("config.json", b"{".to_vec(), "config.json: EOF"),
        ("config.json", config.replace("\"num_attention_heads\":2", "\"num_attention_heads\":3").into(), "no multiple"),
        ("config.json", config.replace("\"bert\"", "\"mpnet\"").into(), "mpnet"),
        ("config.json", config.replace("\"vocab_size\":16", "\"vocab_size\":17").into(), "model.safetensors"),
        ("tokenizer.json", b"[]".to_vec(), "tokenizer.json"),
        ("modules.json", dense.into(), "Dense"),
        ("modules.json", outside.into(), "../good"),
        ("1_Pooling/config.json", max.to_vec(), "pools other than"),
        ("model.safetensors", weights[..weights.len() - 9].to_vec(), "model.safetensors"),
        ("model.safetensors", u64::MAX.to_le_bytes().to_vec(), "model.safetensors"),
    ];
    for (file, bytes, said) in cases {
        write(&path, "bert", "mean", true);
        std::fs::write(path.join(file), bytes).unwrap();
        let error = Embedder::open(&path).err().unwrap().to_string();
        assert!(error.contains(said) && error.contains(';'), "{file}: {error}");
    }
    std::fs::remove_file(path.join("tokenizer.json")).unwrap();
    assert!(Embedder::open(&path).err().unwrap().to_string().contains("tokenizer.json"));
}

#[test]
fn a_plan_names_a_folder_whose_vectors_are_kept_and_read_again() {
    let world = small_world(5);
    let folder = world.folder.path();
    write(&folder.join("tiny"), "bert", "mean", true);
    let text = std::fs::read_to_string(&world.plan).unwrap();
    let model =
        "[[link.model]]\nname = 'tiny'\nfolder = 'tiny'\nweight = 0.0\nbias = 0.0\nown = 1.0\nunproposed = -5.0\n";
    std::fs::write(&world.plan, format!("{text}{model}")).unwrap();
    let data = folder.join("data").display().to_string();
    let (plan, links) = (world.plan.display().to_string(), folder.join("data/build/small/link/links.json"));
    expect(&run(&["link", &plan, "--data-dir", &data]), 0);
    let first = std::fs::read_to_string(&links).unwrap();
    assert!(first.contains("\"lane\":\"tiny\"") || first.contains("\"lane\": \"tiny\""), "{first}");
    let kept: Vec<_> = std::fs::read_dir(folder.join("data/models")).unwrap().flatten().map(|e| e.path()).collect();
    assert_eq!(kept.len(), 1);
    // Damaged, they are worked out again.
    let whole = std::fs::read(&kept[0]).unwrap();
    std::fs::write(&kept[0], &whole[..whole.len() / 2]).unwrap();
    expect(&run(&["measure", &plan, "--data-dir", &data, "--rebuild", "--threads", "1"]), 0);
    assert_eq!(std::fs::read_to_string(&links).unwrap(), first);
    assert_eq!(std::fs::read(&kept[0]).unwrap(), whole);
    // Another file of the folder is another model.
    let settings = json!({ "max_seq_length": 6, "do_lower_case": false }).to_string();
    std::fs::write(folder.join("tiny/sentence_bert_config.json"), settings).unwrap();
    let preview = run(&["plan", &plan, "--data-dir", &data]);
    assert!(
        stdout(&preview).contains("model tiny sentence_bert_config.json"),
        "{}{}",
        stdout(&preview),
        stderr(&preview)
    );
}
