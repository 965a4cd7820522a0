"""Writes the tiny sentence-transformers folders of embedding.rs and prints the vectors its tests expect.

    pip install torch transformers sentence-transformers; python tests/it/tiny_bert.py FOLDER

Weights are no random numbers but a formula, so that the Rust test writes the same folder without a fixture.
"""

import json
import os
import sys

import torch
from sentence_transformers import SentenceTransformer
from transformers import BertConfig, BertModel, XLMRobertaConfig, XLMRobertaModel

WORDS = "[PAD] [UNK] [CLS] [SEP] weld metal part ##s plan project ##ing data anal ##yse team work".split()
TEXTS = ["Weld metal parts", "planning a project", "data", "Team work: analyse data, weld parts, plan projects, data"]
SIZES = dict(hidden_size=8, num_hidden_layers=2, num_attention_heads=2, intermediate_size=12, type_vocab_size=2,
             vocab_size=len(WORDS), max_position_embeddings=20)


def fill(model):
    """Every tensor by its place in the order of names: multiples of 1/2003, around 1 where vectors are scaled."""
    state = {name: value for name, value in model.state_dict().items() if "position_ids" not in name}
    for place, name in enumerate(sorted(state)):
        count = state[name].numel()
        base, spread = (1, 1) if name.endswith("LayerNorm.weight") else (0, 0.2 if name.endswith("bias") else 2)
        values = [base + spread * (((i * i * 7 + i * 919 + place * 1047) % 2003) / 2003 - 0.5) for i in range(count)]
        state[name] = torch.tensor(values, dtype=torch.float64).to(torch.float32).reshape(state[name].shape)
    model.load_state_dict(state, strict=False)


def tokenizer(start, end):
    vocab = {word: at for at, word in enumerate(WORDS)}
    special = [{"id": at, "content": WORDS[at], "single_word": False, "lstrip": False, "rstrip": False,
                "normalized": False, "special": True} for at in range(4)]
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": special,
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True,
                       "strip_accents": None, "lowercase": True},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {"type": "BertProcessing", "sep": [end, vocab[end]], "cls": [start, vocab[start]]},
        "decoder": None,
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                  "max_input_chars_per_word": 100, "vocab": vocab},
    }


def write(folder, model, pooling, normalise, max_tokens):
    fill(model)
    model.save_pretrained(folder)
    dump = lambda name, value: json.dump(value, open(os.path.join(folder, name), "w"))
    dump("tokenizer.json", tokenizer("[CLS]", "[SEP]"))
    dump("tokenizer_config.json", {"tokenizer_class": "PreTrainedTokenizerFast", "pad_token": "[PAD]",
                                   "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"})
    dump("sentence_bert_config.json", {"max_seq_length": max_tokens, "do_lower_case": False})
    kind = "sentence_transformers.models."
    modules = [{"idx": 0, "name": "0", "path": "", "type": kind + "Transformer"},
               {"idx": 1, "name": "1", "path": "1_Pooling", "type": kind + "Pooling"}]
    if normalise:
        modules.append({"idx": 2, "name": "2", "path": "2_Normalize", "type": kind + "Normalize"})
    dump("modules.json", modules)
    for name in ["1_Pooling", "2_Normalize"]:
        os.makedirs(os.path.join(folder, name), exist_ok=True)
    dump("1_Pooling/config.json", {"word_embedding_dimension": 8, "pooling_mode_cls_token": pooling == "cls",
                                   "pooling_mode_mean_tokens": pooling == "mean"})
    vectors = SentenceTransformer(folder, device="cpu").encode(TEXTS)
    for text, vector in zip(TEXTS, vectors):
        print(f"    // {os.path.basename(folder)}: {text}\n    [{', '.join(f'{x:.5f}' for x in vector)}],")


out = sys.argv[1]
bert = BertConfig(hidden_act="gelu", pad_token_id=0, layer_norm_eps=1e-12, **SIZES)
write(os.path.join(out, "bert_mean"), BertModel(bert, add_pooling_layer=False), "mean", True, 10)
write(os.path.join(out, "bert_cls"), BertModel(bert, add_pooling_layer=False), "cls", False, 10)
roberta = XLMRobertaConfig(hidden_act="gelu", pad_token_id=0, layer_norm_eps=1e-5, **SIZES)
write(os.path.join(out, "xlmr_mean"), XLMRobertaModel(roberta, add_pooling_layer=False), "mean", True, 10)
