"""Makes small vocabularies of kinds that only llama.cpp has a tokenizer for, and the ids that it finds for generated texts.

    pip install sentencepiece tokenizers gguf
    python3 make_llama.py PEER [--texts 5000 FOLDER]        PEER: what .ci/llama-cpp prints

Writes NAME.gguf and NAME.json beside this file, or more of the texts to a folder, as make.py does.
"""

import argparse
import io
import struct
import subprocess
import tempfile
from pathlib import Path

import gguf
import sentencepiece

from make import (
  BYTE, CONTROL, HERE, NORMAL, SENTENCES, UNKNOWN, WORDS, alphabet, pre_tokenizers, pretokenizer, texts, train_pairs, write)

MARK = "\ue000"


def plamo(writer):
  """Pieces of a unigram model, with bytes; two of the same score, one that is never taken, and a control token in plain text."""
  model = io.BytesIO()
  sentencepiece.SentencePieceTrainer.train(
    sentence_iterator=iter(SENTENCES * 4), model_writer=model, model_type="unigram", vocab_size=300, num_threads=1,
    normalization_rule_name="identity", add_dummy_prefix=False, remove_extra_whitespaces=False, character_coverage=0.98,
    minloglevel=2)
  processor = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
  tokens = [("<|plamo:unk|>", 0.0, UNKNOWN), ("<|plamo:bos|>", 0.0, CONTROL), ("<|plamo:eos|>", 0.0, CONTROL)]
  tokens += [(f"<0x{i:02X}>", 0.0, BYTE) for i in range(256)]
  tokens += [(processor.id_to_piece(i).replace("▁", " "), processor.get_score(i), NORMAL) for i in range(3, processor.vocab_size())]
  tokens += [("fox", -3.0, NORMAL), ("fo", -1.5, NORMAL), ("x", -1.5, NORMAL), ("lazy dog", float("-inf"), NORMAL), ("the", -2500.0, NORMAL)]
  tokens = list({text: (text, score, kind) for text, score, kind in tokens}.values())
  writer.add_tokenizer_model("plamo2")
  writer.add_token_list([t for t, _, _ in tokens])
  writer.add_token_scores([s for _, s, _ in tokens])
  writer.add_token_types([k for _, _, k in tokens])
  return ["<|plamo:bos|>", "<|plamo:eos|>", "\ufeff"]


def genetic(writer):
  """Byte pairs, and words of six letters of which some are missing."""
  cut = pretokenizer("gpt-2")
  words = [word for text in SENTENCES + WORDS + ["CCCCCC CCCCCC CCCCCC"] * 9 for word, _ in cut.pre_tokenize_str(text)]
  merges = train_pairs(words, 250)
  tokens = ["<|end|>"] + sorted(pre_tokenizers.ByteLevel.alphabet()) + ["".join(pair) for pair in merges]
  tokens = list(dict.fromkeys(tokens)) + ["<dna>", "</dna>", "<oov>"]
  letters = ["ACGT"[i % 4] + "ACGT"[i // 4 % 4] for i in range(16)]
  tokens += [a + b + c + MARK for a in letters for b in letters[:6] for c in letters[:3]] + ["CCCCCC" + MARK]
  tokens = list(dict.fromkeys(tokens))
  writer.add_tokenizer_model("hybriddna")
  writer.add_tokenizer_pre("gpt-2")
  writer.add_token_list(tokens)
  writer.add_token_types([CONTROL if t == "<|end|>" else NORMAL for t in tokens])
  writer.add_token_merges([" ".join(merge) for merge in merges])
  return ["<|end|>", "<dna>", "</dna>", "<dna>ACGTACgtaaca", "CCCCCC", "<dna>AACCCA</dna>", "<dna>NNxACGTé</dna>"]


def spaced(writer):
  """Letters that are merged within words; what stands between them has no token."""
  words = [word for text in SENTENCES + WORDS for word in text.split()]
  merges = train_pairs(words, 300)
  tokens = ["<end>"] + sorted(set(alphabet(words, 200)) | set("".join(map("".join, merges))))
  tokens = list(dict.fromkeys(tokens + ["".join(pair) for pair in merges]))
  writer.add_tokenizer_model("whitespace")
  writer.add_tokenizer_pre("whitespace")
  writer.add_token_list(tokens)
  writer.add_token_types([CONTROL] + [NORMAL] * (len(tokens) - 1))
  writer.add_token_merges([" ".join(merge) for merge in merges])
  return ["<end>"]


VOCABULARIES = {"plamo2": plamo, "hybriddna": genetic, "whitespace": spaced}


def main():
  parser = argparse.ArgumentParser()
  parser.add_argument("peer", type=Path)
  parser.add_argument("--texts", type=int, default=150)
  parser.add_argument("folder", type=Path, nargs="?", default=HERE)
  options = parser.parse_intermixed_args()
  peer = options.peer.resolve()
  with tempfile.TemporaryDirectory() as work:
    tool = f"{work}/llama_ids"
    subprocess.run(
      ["cc", "-O1", "-o", tool, HERE / "llama_ids.c", f"-I{peer}/source/include", f"-I{peer}/source/ggml/include",
       f"-L{peer}/build/bin", "-lllama", "-lggml", "-lggml-base", f"-Wl,-rpath,{peer}/build/bin"], check=True)
    for name, make in VOCABULARIES.items():
      path = HERE / f"{name}.gguf" if options.folder == HERE else Path(work) / f"{name}.gguf"
      writer = gguf.GGUFWriter(path, "llama")
      specials = make(writer)
      writer.write_header_to_file()
      writer.write_kv_data_to_file()
      writer.write_tensors_to_file()
      writer.close()
      sample = texts(options.texts, specials, 1 if options.folder == HERE else 2)
      given = b"".join(struct.pack("<I", len(text.encode())) + text.encode() for text in sample)
      lines = subprocess.run([tool, path], input=given, capture_output=True, check=True).stdout.decode().split("\n")
      cases = []
      for place, text in enumerate(sample):
        plain, special = ([int(i) for i in lines[2 * place + parse].split()] for parse in range(2))
        cases.append(dict(text=text, ids=plain) | (dict(special=special) if special != plain else {}))
      write(options.folder / f"{name}.json", cases)


if __name__ == "__main__":
  main()
