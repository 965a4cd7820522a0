//! What the small files of a sentence-transformers folder say.

use super::EmbedError;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::path::Path;

/// Most bytes of a small file; tokenizers of many languages have some megabytes.
const SMALL_BYTES: u64 = 64 << 20;
/// What a folder should be.
const ADVICE: &str = "name a sentence-transformers folder of a BERT or XLM-RoBERTa model, as its save() writes it";

/// How token vectors become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pooling {
    /// Mean over the words.
    Mean,
    /// The first token's.
    First,
}

/// What becomes of texts before and after the network.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Layout {
    pub(super) pooling: Pooling,
    pub(super) normalise: bool,
    pub(super) lower_case: bool,
    /// Tokens of a text at most, special ones included.
    pub(super) max_tokens: Option<usize>,
}

#[derive(Deserialize)]
struct Module {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    path: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Transformer {
    max_seq_length: Option<usize>,
    do_lower_case: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct PoolingFile {
    pooling_mode: Option<String>,
    pooling_mode_cls_token: bool,
    pooling_mode_mean_tokens: bool,
    pooling_mode_max_tokens: bool,
    pooling_mode_mean_sqrt_len_tokens: bool,
    pooling_mode_weightedmean_tokens: bool,
    pooling_mode_lasttoken: bool,
}

impl PoolingFile {
    /// None when it asks for a way, or several, that are not read.
    fn pooling(&self) -> Option<Pooling> {
        let others = [
            self.pooling_mode_max_tokens,
            self.pooling_mode_mean_sqrt_len_tokens,
            self.pooling_mode_weightedmean_tokens,
            self.pooling_mode_lasttoken,
        ];
        let said = self.pooling_mode.as_deref();
        match (said, self.pooling_mode_cls_token, self.pooling_mode_mean_tokens, others.contains(&true)) {
            (Some("mean"), ..) | (None, false, true, false) => Some(Pooling::Mean),
            (Some("cls"), ..) | (None, true, false, false) => Some(Pooling::First),
            _ => None,
        }
    }
}

impl Layout {
    /// Reads `modules.json` and what it names; without it, texts are pooled by their mean.
    pub(super) fn read(folder: &Path) -> Result<Self, EmbedError> {
        let path = folder.join("modules.json");
        let modules: Vec<Module> = if path.is_file() { json(&path)? } else { Vec::new() };
        let settings = folder.join("sentence_bert_config.json");
        let settings: Transformer = if settings.is_file() { json(&settings)? } else { Transformer::default() };
        let mut layout = Self {
            pooling: Pooling::Mean,
            normalise: false,
            lower_case: settings.do_lower_case,
            max_tokens: settings.max_seq_length,
        };
        for module in &modules {
            match module.kind.rsplit('.').next().unwrap_or_default() {
                "Transformer" if module.path.is_empty() => {}
                "Normalize" => layout.normalise = true,
                "Pooling" if super::module_folders(folder).contains(&module.path) => {
                    let file = folder.join(&module.path).join("config.json");
                    let pooling = json::<PoolingFile>(&file)?.pooling();
                    let unread = || EmbedError::content(&file, "pools other than by `mean` or `cls`", ADVICE);
                    layout.pooling = pooling.ok_or_else(unread)?;
                }
                _ => {
                    let problem = format!("the module '{}' in '{}' is not read", module.kind, module.path);
                    return Err(EmbedError::content(&path, problem, ADVICE));
                }
            }
        }
        Ok(layout)
    }
}

/// Reads a small file of JSON.
pub(super) fn json<T: DeserializeOwned>(path: &Path) -> Result<T, EmbedError> {
    let bytes = bytes(path, SMALL_BYTES)?;
    serde_json::from_slice(&bytes).map_err(|e| EmbedError::content(path, e.to_string(), ADVICE))
}

/// Reads a file of at most so many bytes.
pub(super) fn bytes(path: &Path, most: u64) -> Result<Vec<u8>, EmbedError> {
    let fail = |e: std::io::Error| EmbedError::content(path, format!("cannot be read: {e}"), ADVICE);
    let length = std::fs::metadata(path).map_err(fail)?.len();
    if length > most {
        return Err(EmbedError::content(path, format!("has {length} bytes, more than {most}"), ADVICE));
    }
    std::fs::read(path).map_err(fail)
}
