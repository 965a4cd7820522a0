//! BERT-like networks on the CPU, by candle.

use super::EmbedError;
use super::folder::{Layout, Pooling, bytes, json};
use candle_core::{DType, Device, Result as Computed, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::{bert, xlm_roberta};
use serde_json::Value;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use tokenizers::{Encoding, Tokenizer, TruncationParams};

/// Texts worked on together; those of like length share a batch.
const BATCH: usize = 32;
/// Tokens of a text where the folder does not say.
const MAX_TOKENS: usize = 512;
/// Largest file of weights.
const WEIGHT_BYTES: u64 = 8 << 30;
/// What is read.
const ADVICE: &str = "BERT and XLM-RoBERTa models with float weights (model.safetensors) are read; other models come in by \
                      ranked = \"ranked.jsonl\"";

enum Network {
    Bert(bert::BertModel),
    Roberta(xlm_roberta::XLMRobertaModel),
}

/// A network with its tokenizer.
pub(super) struct Model {
    network: Network,
    tokenizer: Tokenizer,
    layout: Layout,
    padding: u32,
    folder: PathBuf,
}

impl Model {
    pub(super) fn open(folder: &Path) -> Result<Self, EmbedError> {
        let layout = Layout::read(folder)?;
        let path = folder.join("config.json");
        let config: Value = json(&path)?;
        let number = |key: &str| config.get(key).and_then(Value::as_u64);
        let (hidden, heads) = (number("hidden_size"), number("num_attention_heads"));
        if !hidden.zip(heads).is_some_and(|(hidden, heads)| heads > 0 && hidden > 0 && hidden % heads == 0) {
            return Err(EmbedError::content(&path, "hidden_size is no multiple of num_attention_heads", ADVICE));
        }
        let padding = number("pad_token_id").and_then(|id| u32::try_from(id).ok()).unwrap_or_default();
        let positions = number("max_position_embeddings").and_then(|n| usize::try_from(n).ok()).unwrap_or(MAX_TOKENS);
        let is_bert = config.get("model_type").and_then(Value::as_str) == Some("bert");
        // RoBERTa counts positions from after the padding's.
        let room = if is_bert { positions } else { positions.saturating_sub(padding as usize + 1) };
        let max_tokens = layout.max_tokens.unwrap_or(MAX_TOKENS).min(room);
        let tokenizer = tokenizer(&folder.join("tokenizer.json"), max_tokens)?;
        let weights = folder.join("model.safetensors");
        let network = calmly(|| network(&config, bytes(&weights, WEIGHT_BYTES).map_err(|e| e.to_string())?));
        let network = network.map_err(|problem| EmbedError::content(&weights, problem, ADVICE))?;
        Ok(Self { network, tokenizer, layout, padding, folder: folder.to_owned() })
    }

    pub(super) fn encode(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        let mut order: Vec<usize> = (0..texts.len()).collect();
        order.sort_by_key(|at| texts.get(*at).map_or(0, |text| text.len()));
        let mut vectors = vec![Vec::new(); texts.len()];
        for batch in order.chunks(BATCH) {
            let words: Vec<&str> = batch.iter().filter_map(|at| texts.get(*at).copied()).collect();
            let found = calmly(|| self.batch(&words).map_err(|e| e.to_string()));
            let found = found.map_err(|problem| EmbedError::content(&self.folder, problem, ADVICE))?;
            for (at, vector) in batch.iter().zip(found) {
                if let Some(place) = vectors.get_mut(*at) {
                    *place = vector;
                }
            }
        }
        Ok(vectors)
    }

    fn batch(&self, texts: &[&str]) -> Computed<Vec<Vec<f32>>> {
        let lower = |text: &&str| if self.layout.lower_case { text.to_lowercase() } else { (*text).to_owned() };
        let encoded = self.tokenizer.encode_batch(texts.iter().map(lower).collect(), true);
        let encoded = encoded.map_err(|e| candle_core::Error::Msg(e.to_string()))?;
        let width = encoded.iter().map(Encoding::len).max().unwrap_or_default().max(1);
        let padded = |of: &dyn Fn(&Encoding) -> Vec<u32>, with: u32| -> Computed<Tensor> {
            let rows = encoded.iter().flat_map(|e| {
                let mut row = of(e);
                row.resize(width, with);
                row
            });
            Tensor::from_vec(rows.collect::<Vec<u32>>(), (encoded.len(), width), &Device::Cpu)
        };
        let ids = padded(&|e| e.get_ids().to_vec(), self.padding)?;
        let mask = padded(&|e| e.get_attention_mask().to_vec(), 0)?;
        let kinds = padded(&|e| e.get_type_ids().to_vec(), 0)?;
        let hidden = match &self.network {
            Network::Bert(model) => model.forward(&ids, &kinds, Some(&mask))?,
            Network::Roberta(model) => model.forward(&ids, &mask, &kinds, None, None, None)?,
        };
        let pooled = self.pool(&hidden, &mask)?;
        let vectors = pooled.to_vec2::<f32>()?;
        Ok(if self.layout.normalise { vectors.into_iter().map(unit).collect() } else { vectors })
    }

    fn pool(&self, hidden: &Tensor, mask: &Tensor) -> Computed<Tensor> {
        match self.layout.pooling {
            Pooling::First => hidden.narrow(1, 0, 1)?.squeeze(1),
            Pooling::Mean => {
                let mask = mask.to_dtype(DType::F32)?.unsqueeze(2)?;
                let sum = hidden.broadcast_mul(&mask)?.sum(1)?;
                sum.broadcast_div(&mask.sum(1)?.clamp(1e-9, f64::from(f32::MAX))?)
            }
        }
    }
}

fn unit(vector: Vec<f32>) -> Vec<f32> {
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    vector.into_iter().map(|x| x / length).collect()
}

fn network(config: &Value, weights: Vec<u8>) -> Result<Network, String> {
    let weights =
        VarBuilder::from_buffered_safetensors(weights, DType::F32, &Device::Cpu).map_err(|e| e.to_string())?;
    let wrong = |e: serde_json::Error| format!("config.json: {e}");
    let network = match config.get("model_type").and_then(Value::as_str) {
        Some("bert") => {
            let config: bert::Config = serde_json::from_value(config.clone()).map_err(wrong)?;
            bert::BertModel::load(weights, &config).map(Network::Bert)
        }
        Some("xlm-roberta") => {
            let mut config = config.clone();
            if let Some(keys) = config.as_object_mut() {
                // Newer folders leave out what no longer has a choice.
                keys.entry("position_embedding_type").or_insert_with(|| "absolute".into());
            }
            let config: xlm_roberta::Config = serde_json::from_value(config).map_err(wrong)?;
            xlm_roberta::XLMRobertaModel::new(&config, weights).map(Network::Roberta)
        }
        other => return Err(format!("config.json: model_type {} is not read", other.unwrap_or("is absent, which"))),
    };
    network.map_err(|e| e.to_string())
}

fn tokenizer(path: &Path, max_length: usize) -> Result<Tokenizer, EmbedError> {
    let text = bytes(path, WEIGHT_BYTES)?;
    let read = calmly(|| {
        let mut tokenizer = Tokenizer::from_bytes(&text).map_err(|e| e.to_string())?;
        tokenizer.with_padding(None);
        let truncation = TruncationParams { max_length, ..TruncationParams::default() };
        tokenizer.with_truncation(Some(truncation)).map_err(|e| e.to_string())?;
        Ok(tokenizer)
    });
    read.map_err(|problem| EmbedError::content(path, problem, ADVICE))
}

/// Files that contradict each other can make the libraries panic: that too is an error of the folder.
fn calmly<T>(read: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(result) => result.map_err(|e| e.lines().next().unwrap_or_default().chars().take(300).collect()),
        Err(_) => Err("its files contradict each other".to_owned()),
    }
}
