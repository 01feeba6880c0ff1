"""Makes small vocabularies of every kind, and the ids that the kinds' own libraries find for generated texts.

    pip install sentencepiece tokenizers gguf
    python3 make.py                          writes NAME.gguf, NAME.json and pretokenizers.json beside this file
    python3 make.py --texts 5000 FOLDER      writes more of the texts to a folder, for HEDDLE_TOKENIZER_CASES=FOLDER

Everything follows from fixed seeds. Texts hold scripts, emoji sequences, control characters, digits, code, spaces, and
scalars of every plane that Unicode 14 assigns (Python 3.11's).
"""

import argparse
import io
import json
import random
import re
import unicodedata
from pathlib import Path

import gguf
import sentencepiece
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

HERE = Path(__file__).parent
NORMAL, UNKNOWN, CONTROL, USER, BYTE = 1, 2, 3, 4, 6

SENTENCES = """
The quick brown fox jumps over the lazy dog, and it's the dog's day; we'll see what they've got.
A heddle is the part of a loom that decides which warp threads take part in each pass of the shuttle.
def fibonacci(n):\n    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)
for (int i = 0; i < 10; ++i) { printf("%d\\n", values[i]); }  // 0x1F != 3.14e-10
Der Weber öffnet die Tür; größere Stücke kosten 1.234,50 € im Jahr 2024.
Être ou ne pas être, voilà la question : où est l'élève à Noël ?
Съешь же ещё этих мягких французских булок, да выпей чаю.
Ξεσκεπάζω την ψυχοφθόρα βδελυγμία.
我能吞下玻璃而不伤身体。今天天气很好，我们去公园散步吧！
いろはにほへと ちりぬるを カタカナ も 使います。
모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.
मनुष्य जन्म से स्वतंत्र हैं और सब समान हैं।
หุ่นยนต์ทำงานได้ดีมากในวันนี้
كل الناس يولدون أحرارا متساوين في الكرامة والحقوق.
כל בני אדם נולדו בני חורין ושווים בערכם.
""".strip().split("\n")

WORDS = [word for sentence in SENTENCES for word in sentence.split()] + [
  "camelCaseWords", "HTTPServer", "iPhone15", "ALLCAPS", "I'LL", "don't", "we'Ve", "it'ſ", "x'", "''s", "İstanbul", "ﬁne",
  "Ｆｕｌｌ", "１２３", "½", "Ⅻ", "٣٤٥", "1234567890", "12345", "1,234", "3.14", "naïve", "nai\u0308ve", "e\u0301", "한", "\u1112\u1161\u11ab",
  "ǅ", "ʰ", "ª", "word_word", "//comment", "<!--", "->", "::", "...", "…", "!!!", "?!", "/path/to", "a@b.c", "#tag", "$x",
  "“quoted”", "—", "¿Qué?", "€5", "+=", "^~|`", "{}[]()", "\\n", "▁", "▁▁the", "IMGIMGABZ", "<sentinel:12>", "中文。", "。", "㌔", "ｱ",
]
EMOJI = [
  "😀", "👍🏽", "👨\u200d👩\u200d👧\u200d👦", "🏳\ufe0f\u200d🌈", "🇩🇪", "1\ufe0f\u20e3", "❤\ufe0f", "✅", "🦙", "\u200d", "🏴\U000e0067\U000e0062\U000e007f",
]
SPACES = [" ", "  ", "   ", "\t", "\n", "\n\n", "\r\n", " \n", "\n ", "\u00a0", "\u3000", "\u2003", "\u2028", "\u0085", "\x0b", "        "]
CONTROLS = ["\0", "\x01", "\x1b[0m", "\x7f", "\u0080", "\u00ad", "\u200b", "\u200e", "\ufeff", "\ufffd", "\ue000", "\U000f0000"]


def scalar(rng):
  """A scalar that is assigned, of a plane and a range drawn first."""
  ranges = [(0, 0x7f), (0x80, 0x24f), (0x250, 0x7ff), (0x800, 0x1fff), (0x2000, 0x2fff), (0x3000, 0xd7ff), (0xe000, 0xffff),
            (0x10000, 0x1ffff), (0x20000, 0x2fffd), (0xe0000, 0xe01ef), (0x10fff0, 0x10fffd)]
  while True:
    character = chr(rng.randint(*rng.choice(ranges)))
    if unicodedata.category(character) not in ("Cn", "Cs"):
      return character


def is_recent(character):
  """Whether a scalar is younger than the tables of tokenizers' WordPiece, where they take it for a letter."""
  return unicodedata.category(character)[0] in "PMC" and unicodedata.ucd_3_2_0.category(character) == "Cn"


def texts(count, specials=(), seed=1):
  """Texts as they come in use and as they do not; each seed's begin with the same."""
  rng = random.Random(seed)
  result = ["", " ", "  ", "\n", "a", " a", "a ", "  a  b  ", "\0"] + SENTENCES
  while len(result) < count:
    parts = []
    for _ in range(rng.choice([1, 2, 3, 5, 8, 13])):
      kind = rng.random()
      if kind < 0.4:
        parts.append(rng.choice(WORDS))
      elif kind < 0.55:
        parts.append(rng.choice(SPACES))
      elif kind < 0.63:
        parts.append(rng.choice(EMOJI))
      elif kind < 0.67:
        parts.append(rng.choice(CONTROLS))
      elif kind < 0.77:
        parts.append(scalar(rng) * rng.choice([1, 1, 1, 2, 3, 7]))
      elif kind < 0.83:
        parts.append(str(rng.randrange(10 ** rng.randint(1, 9))))
      elif kind < 0.87 and specials:
        parts.append(rng.choice(specials))
      elif kind < 0.92:
        parts.append(rng.choice(SENTENCES)[:rng.randint(1, 40)])
      else:
        parts.append("".join(rng.choice("abcABC'. \n12_-中é") for _ in range(rng.randint(1, 12))))
      if rng.random() < 0.4:
        parts.append(" ")
    result.append("".join(parts))
  return result


# SentencePiece

RULES = {"ﬁ": "fi", "１": "1", "２": "2", "３": "3", "Ｆ": "F", "ｕ": "u", "ｌ": "l", "㌔": "キロ", "ｱ": "ア", "e\u0301": "é", "\u3000": " ",
         "\t": " ", "\n": " ", "\u00a0": " ", "\u200b": "", "…": "...", "\u00ad": "", "¼": "1/4", "½": "1 / 2", "İ": " I"}


def train(kind, size, **options):
  model = io.BytesIO()
  sentencepiece.SentencePieceTrainer.train(
    sentence_iterator=iter((SENTENCES + [w for w in WORDS if "▁" not in w and "\n" not in w]) * 3), model_writer=model,
    model_type=kind, vocab_size=size, num_threads=1, minloglevel=2, character_coverage=0.98, hard_vocab_limit=False,
    shuffle_input_sentence=False, **options)
  return sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())


def parted(text, specials):
  """Text cut at the longest of some tokens, from left to right."""
  plain = ""
  while text:
    found = max((s for s in specials if text.startswith(s)), key=len, default=None)
    if found is None:
      plain, text = plain + text[0], text[1:]
      continue
    if plain:
      yield plain, False
    yield found, True
    plain, text = "", text[len(found):]
  if plain:
    yield plain, False


def sentencepiece_vocabulary(name, architecture, kind, size, rules=None, prefix=True, extra=False, fallback=True):
  options = dict(byte_fallback=fallback, add_dummy_prefix=prefix, remove_extra_whitespaces=extra,
                 control_symbols=["<ctl>"], user_defined_symbols=["<user>", "<user>>"])
  if rules is None:
    options["normalization_rule_name"] = "identity"
  else:
    path = Path("/tmp") / f"{name}.tsv"
    code = lambda text: " ".join(f"{ord(c):X}" for c in text)
    path.write_text("".join(f"{code(left)}\t{code(right)}\n" for left, right in rules.items()))
    options["normalization_rule_tsv"] = str(path)
  processor = train(kind, size, **options)
  tokens = [processor.id_to_piece(i) for i in range(processor.get_piece_size())]
  kinds = [UNKNOWN if processor.is_unknown(i) else CONTROL if processor.is_control(i) else BYTE if processor.is_byte(i)
           else USER if tokens[i].startswith("<user") else NORMAL for i in range(len(tokens))]
  writer = gguf.GGUFWriter(HERE / f"{name}.gguf", "llama")
  writer.add_tokenizer_model(architecture)
  writer.add_token_list(tokens)
  writer.add_token_scores([processor.get_score(i) for i in range(len(tokens))])
  writer.add_token_types(kinds)
  writer.add_unk_token_id(processor.unk_id())
  writer.add_bos_token_id(processor.bos_id())
  writer.add_eos_token_id(processor.eos_id())
  writer.add_add_space_prefix(prefix)
  writer.add_remove_extra_whitespaces(extra)
  if rules is not None:
    from sentencepiece import sentencepiece_model_pb2
    model = sentencepiece_model_pb2.ModelProto()
    model.ParseFromString(processor.serialized_model_proto())
    writer.add_precompiled_charsmap(model.normalizer_spec.precompiled_charsmap)
  special = {token: i for i, token in enumerate(tokens) if kinds[i] in (UNKNOWN, CONTROL, USER)}
  user = {token: i for token, i in special.items() if kinds[i] == USER}

  found = processor.encode
  if kind == "unigram":
    # The library keeps sums in single precision, and chooses otherwise between ways that are equal.
    exact = Tokenizer(models.Unigram(
      [(f"\U0010ffff{i}" if kinds[i] in (UNKNOWN, CONTROL) else token, processor.get_score(i)) for i, token in enumerate(tokens)],
      processor.unk_id(), byte_fallback=fallback))
    found = lambda text: exact.encode(processor.normalize(text)).ids

  def encode(text, parse):
    # What stands between special tokens is a text of its own, as llama.cpp has it.
    ids = []
    for part, is_special in parted(text, special if parse else user):
      ids += [special[part]] if is_special else found(part)
    return ids

  return writer, encode, list(special)


# Pairs, merged here: the libraries' trainers break ties differently each time.

def train_pairs(words, count):
  """The pairs of symbols that are merged, from the most frequent; of equals the least."""
  frequency = {}
  for word in words:
    frequency[tuple(word)] = frequency.get(tuple(word), 0) + 1
  merges = []
  while len(merges) < count:
    pairs = {}
    for word, times in frequency.items():
      for pair in zip(word, word[1:]):
        pairs[pair] = pairs.get(pair, 0) + times
    best = min(pairs, key=lambda pair: (-pairs[pair], pair))
    merges.append(best)
    merged = {}
    for word, times in frequency.items():
      symbols, k = [], 0
      while k < len(word):
        joined = word[k:k + 2] == best
        symbols.append("".join(best) if joined else word[k])
        k += 2 if joined else 1
      merged[tuple(symbols)] = merged.get(tuple(symbols), 0) + times
    frequency = merged
  return merges


def alphabet(words, most):
  """The letters of words, the most frequent of them."""
  counts = {}
  for letter in "".join(words):
    counts[letter] = counts.get(letter, 0) + 1
  return sorted(sorted(counts, key=lambda letter: (-counts[letter], letter))[:most])


# WordPiece

def wordpiece(name):
  normalizer = normalizers.BertNormalizer(lowercase=True)
  cut = pre_tokenizers.BertPreTokenizer()
  words = [word for text in SENTENCES + WORDS for word, _ in cut.pre_tokenize_str(normalizer.normalize_str(text))]
  letters = alphabet(words, 150)
  pairs = ["".join(pair) for pair in train_pairs(words, 250)]
  named = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
  bare = named + letters + ["##" + letter for letter in letters]
  bare += [pair for pair in pairs] + ["##" + pair for pair in pairs[::2]]
  bare = list(dict.fromkeys(bare))
  tokens = [t if t in named else t[2:] if t.startswith("##") and len(t) > 2 else "▁" + t for t in bare]
  writer = gguf.GGUFWriter(HERE / f"{name}.gguf", "bert")
  writer.add_tokenizer_model("bert")
  writer.add_token_list(tokens)
  writer.add_token_types([CONTROL if t in named else NORMAL for t in tokens])
  writer.add_unk_token_id(1)
  writer.add_bos_token_id(2)
  writer.add_sep_token_id(3)
  tokenizer = Tokenizer(models.WordPiece(
    vocab={t: i for i, t in enumerate(bare)}, unk_token="[UNK]", max_input_chars_per_word=100))
  tokenizer.normalizer, tokenizer.pre_tokenizer = normalizer, cut
  return writer, with_specials(tokenizer, {t: bare.index(t) for t in named}), named


# Byte pairs

def byte_pairs(name, pre, normalizer=None):
  cut = pretokenizer(pre)
  words = [word for text in SENTENCES + WORDS for word, _ in cut.pre_tokenize_str(text)]
  merges = train_pairs(words, 350)
  named = ["<|end|>", "<|begin|>"]
  tokens = named + sorted(pre_tokenizers.ByteLevel.alphabet()) + ["".join(pair) for pair in merges]
  tokens = list(dict.fromkeys(tokens))
  tokenizer = Tokenizer(models.BPE(vocab={t: i for i, t in enumerate(tokens)}, merges=merges))
  tokenizer.pre_tokenizer = cut
  if normalizer:
    tokenizer.normalizer = normalizer
  writer = gguf.GGUFWriter(HERE / f"{name}.gguf", "llama")
  writer.add_tokenizer_model("gpt2")
  writer.add_tokenizer_pre(pre)
  writer.add_token_list(tokens)
  writer.add_token_types([CONTROL if t in named else NORMAL for t in tokens])
  writer.add_token_merges([" ".join(merge) for merge in merges])
  return writer, with_specials(tokenizer, {t: tokens.index(t) for t in named}), named


def marked_byte_pairs(name):
  words = [word for text in SENTENCES + WORDS for word in text.replace(" ", " ▁").split(" ")]
  merges = train_pairs(words, 300)
  named = ["<pad>", "<eos>", "<bos>", "<unk>"]
  tokens = named + [f"<0x{i:02X}>" for i in range(256)] + sorted(set(alphabet(words, 200)) | set("".join(map("".join, merges))))
  tokens = list(dict.fromkeys(tokens + ["".join(pair) for pair in merges] + ["\n\n"]))
  tokenizer = Tokenizer(models.BPE(
    vocab={t: i for i, t in enumerate(tokens)}, merges=merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
  tokenizer.normalizer = normalizers.Replace(" ", "▁")
  tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("[^\n]+|[\n]+"), "isolated")
  writer = gguf.GGUFWriter(HERE / f"{name}.gguf", "llama")
  writer.add_tokenizer_model("gemma4")
  writer.add_token_list(tokens)
  writer.add_token_types([CONTROL if t in named else BYTE if i < 260 else NORMAL for i, t in enumerate(tokens)])
  writer.add_token_merges([" ".join(merge) for merge in merges])
  writer.add_bos_token_id(2)
  plain = with_specials(tokenizer, {t: i for i, t in enumerate(named)})
  # Two newlines are a token that no merge makes.
  double = tokens.index("\n\n")

  def encode(text, parse):
    ids = []
    for run in re.findall("\n+|[^\n]+", text):
      ids += [double] if run == "\n\n" else plain(run, parse)
    return ids

  return writer, encode, named


def with_specials(tokenizer, special):
  plain = Tokenizer.from_str(json.dumps({**json.loads(tokenizer.to_str()), "added_tokens": []}))

  def encode(text, parse):
    ids = []
    for part, is_special in parted(text, special if parse else {}):
      ids += [special[part]] if is_special else plain.encode(part).ids
    return ids

  return encode


# Pretokenizers, as `tokenizer.json` files have them

CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
SPACES_RULE = r"\s*[\r\n]+|\s+(?!\S)|\s+"
GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
LLAMA3 = CONTRACTION + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|" + SPACES_RULE
QWEN2 = LLAMA3.replace("{1,3}", "")
TEKKEN = (r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
          r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"
          r"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|" + SPACES_RULE)
O200K = (r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+" + CONTRACTION + "?"
         r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*" + CONTRACTION + "?"
         r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|" + SPACES_RULE)
KIMI = (r"[\p{Han}]+"
        r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+" + CONTRACTION + "?"
        r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*" + CONTRACTION + "?"
        r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|" + SPACES_RULE)
DEEPSEEK3 = (r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|"""
             + SPACES_RULE)
CHINESE = "[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+"
BLOOM = r" ?[^(\s|.,!?" + "\u2026\u3002\uff0c\u3001\u0964\u06d4\u060c)]+"
CASED = (
  "A-Za-z\u00b5\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u01ba\u01bc-\u01bf\u01c4-\u0293\u0295-\u02af\u0370-"
  "\u0373\u0376\u0377\u037b-\u037d\u037f\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u03f5\u03f7-"
  "\u0481\u048a-\u052f\u0531-\u0556\u10a0-\u10c5\u13a0-\u13f5\u13f8-\u13fd\u1c90-\u1cba\u1cbd-\u1cbf"
  "\u1d00-\u1d2b\u1d6b-\u1d77\u1d79-\u1d9a\u1e00-\u1f15\u1f18-\u1f1d\u1f20-\u1f45\u1f48-\u1f4d\u1f50-"
  "\u1f57\u1f59\u1f5b\u1f5d\u1f5f-\u1f7d\u1f80-\u1fb4\u1fb6-\u1fbc\u1fbe\u1fc2-\u1fc4\u1fc6-\u1fcc"
  "\u1fd0-\u1fd3\u1fd6-\u1fdb\u1fe0-\u1fec\u1ff2-\u1ff4\u1ff6-\u1ffc\u2102\u2107\u210a-\u2113\u2115"
  "\u2119-\u211d\u2124\u2126\u2128\u212a-\u212d\u212f-\u2134\u2139\u213c-\u213f\u2145-\u2149\u214e"
  "\u2183\u2184\u2c00-\u2c7b\u2c7e-\u2ce4\u2ceb-\u2cee\u2cf2\u2cf3\ua640-\ua66d\ua680-\ua69b\ua722-"
  "\ua76f\ua771-\ua787\ua78b-\ua78e\uab70-\uabbf\ufb00-\ufb06\ufb13-\ufb17\uff21-\uff3a\uff41-\uff5a"
  "\U00010400-\U0001044f\U000104b0-\U000104d3\U000104d8-\U000104fb\U00010c80-\U00010cb2\U00010cc0-"
  "\U00010cf2\U000118a0-\U000118df\U0001e900-\U0001e943")
UNSPACED = (
  "[\u4e00-\u9fff\u3400-\u4dbf\uf900-\ufaff\u3040-\u309f\u30a0-\u30ff\uff65-\uff9f\u2f00-\u2fdf\u0e40-"
  "\u0e7f\u0e80-\u0eff\u1780-\u17ff\u1000-\u109f\uaa60-\uaa7f\ua9e0-\ua9ff\uac00-\ud7af\u1100-\u11ff]+")
KOREAN_OR_SIGNS = (
  "[\uac00-\ud7a3\u3131-\u318e]+|[\uff01\u2026\u201c\u201d\u2018\u2019\u2014\uff1a\uff1b\uff0c\u3001-"
  "\u303f\ufe30-\ufe4f]+|[\u3105-\u312f]+|[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+")
SIGNS = "[!-/:-~\uff01-\uff0f\uff1a-\uff5e\u2018-\u201f\u3000-\u3002]+"
ASIAN = "[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7ff]+"

PRETOKENIZERS = {
  "default": [r"[\p{P}\$\+<=>\^~\|]+", GPT2, r"\p{N}+", "[0-9][0-9][0-9]"],
  "gpt-2": [GPT2],
  "starcoder": [r"\p{N}", GPT2],
  "llama-bpe": [LLAMA3],
  "minicpm5": [r"\p{N}{1,3}", LLAMA3.replace("{1,3}", "+")],
  "jais-2": [LLAMA3.replace(r"|\s+(?!\S)|\s+", "") + r"|\s{512}(?!\S)|\s{256}(?!\S)|\s{128}(?!\S)|\s{64}(?!\S)|\s{32}(?!\S)"
             r"|\s{16}(?!\S)|\s{8}(?!\S)|\s{4}(?!\S)|\s{1,2}(?!\S)|\s{1}"],
  "deepseek-r1-qwen": [QWEN2],
  "qwen35": [CONTRACTION + r"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|" + SPACES_RULE],
  "ufakzeka": [QWEN2.replace(CONTRACTION + "|", "")],
  "laguna": [r"[^\n]+|[\n]+", QWEN2],
  "seed-coder": [CONTRACTION + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1}| ?[^\s\p{L}\p{N}\r\n]+|" + SPACES_RULE],
  "bailingmoe": [r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"],
  "exaone-moe": [CONTRACTION + r"|[^\r\n\p{L}\p{N}]?(?:\p{L}\p{M}*(?: \p{L}\p{M}*)*)+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]?"
                 r"|\s*[\r\n]|\s+(?!\S)|\s+"],
  "tekken": [TEKKEN],
  "gpt-4o": [O200K],
  "tiny_aya": [r"\d{1,3}(?=(?:\d{3})*\b)", O200K],
  "youtu": [KOREAN_OR_SIGNS, O200K.replace("{1,3}", "")],
  "kimi-k2": [KIMI],
  "deepseek-llm": ["[\r\n]", r"\s?[" + CASED + "]+", r"\s?" + SIGNS, r"\s+$", ASIAN, r"\p{N}+"],
  "deepseek-coder": ["[\r\n]", r"\s?\p{L}+", r"\s?\p{P}+", ASIAN, r"\p{N}"],
  "deepseek-v3": [r"\p{N}{1,3}", CHINESE, DEEPSEEK3],
  "spark2_5": [r"\p{N}{1,3}", CHINESE, DEEPSEEK3.replace(r"[\r\n]*|\s*[\r\n]+", r"|[\r\n]"), r"\p{N}"],
  "afmoe": [r"\p{N}{1,3}(?=(?:\p{N}{3})*(?!\p{N}))", UNSPACED, DEEPSEEK3],
  "falcon": [r"[\p{P}\$\+<=>\^~\|`]+", GPT2, "[0-9][0-9][0-9]"],
  "bloom": [BLOOM],
  "viking": [BLOOM, r"\p{N}"],
  "superbpe": [r"\p{N}+", r"(?=(\d{3})+(?!\d))"],
  "chameleon": ["<sentinel:[0-9]+>", "(IMGIMG)((A|B|C|D|E|F|G|H|I){1,4})Z", r"([\t\n]|    |  )", r"\p{N}", r"[\p{P}!-/:-@\[-`{-~]", GPT2],
  "gemma4": [r"[^\n]+|[\n]+"],
}
# The same rules, with something else beside them.
PRETOKENIZERS["qwen2"] = [QWEN2]


def pretokenizer(name):
  cuts = [pre_tokenizers.Split(Regex(pattern), "isolated") for pattern in PRETOKENIZERS[name]]
  return pre_tokenizers.Sequence(cuts + [pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])


def words(name, text):
  """Where the words of a text end, in bytes."""
  cuts = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(pattern), "isolated") for pattern in PRETOKENIZERS[name]])
  return [len(text[:end].encode()) for _, (_, end) in cuts.pre_tokenize_str(text)]


VOCABULARIES = {
  "llama": lambda name: sentencepiece_vocabulary(name, "llama", "bpe", 700),
  "llama-bare": lambda name: sentencepiece_vocabulary(name, "llama", "bpe", 500, prefix=False, fallback=False),
  "llama-rules": lambda name: sentencepiece_vocabulary(name, "llama", "bpe", 500, rules=RULES, extra=True, fallback=False),
  "t5": lambda name: sentencepiece_vocabulary(name, "t5", "unigram", 500, rules=RULES, extra=True, fallback=False),
  "t5-bytes": lambda name: sentencepiece_vocabulary(name, "t5", "unigram", 700),
  "bert": wordpiece,
  "gemma4": marked_byte_pairs,
  "gpt2": lambda name: byte_pairs(name, "gpt-2"),
  "qwen2": lambda name: byte_pairs(name, "qwen2", normalizers.NFC()),
}


def main():
  parser = argparse.ArgumentParser()
  parser.add_argument("--texts", type=int, default=150)
  parser.add_argument("folder", type=Path, nargs="?", default=HERE)
  options = parser.parse_args()
  seed = 1 if options.folder == HERE else 2
  for name, make in VOCABULARIES.items():
    writer, encode, specials = make(name)
    if options.folder == HERE:
      writer.write_header_to_file()
      writer.write_kv_data_to_file()
      writer.write_tensors_to_file()
    writer.close()
    cases = []
    for text in texts(options.texts, specials, seed):
      if name == "bert" and any(is_recent(character) for character in text):
        continue
      case = dict(text=text, ids=encode(text, False))
      special = encode(text, True)
      if special != case["ids"]:
        case["special"] = special
      cases.append(case)
    write(options.folder / f"{name}.json", cases)
  sample = texts(options.texts, seed=seed + 10)
  if options.folder == HERE:
    sample = sample[:80]
  rules = {name: [" ".join(map(str, words(name, text))) for text in sample] for name in PRETOKENIZERS}
  write(options.folder / "pretokenizers.json", dict(texts=sample, rules=rules))


def write(path, value):
  path.write_text(json.dumps(value, separators=(",", ":")) + "\n")


if __name__ == "__main__":
  main()
