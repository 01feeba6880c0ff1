"""Times Hugging Face's tokenizers on 1 MB of text, by vocabularies that lie in GGUF files.

    tokenizer_speed.py FOLDER OUT.json       FOLDER: what .ci/vocabularies --fetch prints

OUT.json has for each vocabulary and text the path of the file, the text, and the least seconds of five.
"""

import json
import pathlib
import random
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE / "Tests/ModelTests/Resources/tokenizers"))

import gguf
from make import pretokenizer, texts
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

SIZE = 1_000_000


def byte_pairs(read, cut):
    tokens = {token: i for i, token in enumerate(read("tokens"))}
    merges = [tuple(merge.split(" ", 1)) if not merge.startswith(" ") else merge for merge in read("merges")]
    tokenizer = Tokenizer(models.BPE(tokens, merges, ignore_merges=cut == "llama-bpe"))
    if cut == "qwen2":
        tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pretokenizer(cut)
    return tokenizer


def pieces(read, _):
    """SentencePiece's merges, by the scores of their results, as transformers converts them."""
    tokens, scores = read("tokens"), read("scores")
    ids = {token: i for i, token in enumerate(tokens)}
    merges = []
    for token, i in ids.items():
        for cut in range(1, len(token)):
            if token[:cut] in ids and token[cut:] in ids:
                merges.append((-scores[i], ids[token[:cut]], ids[token[cut:]], token[:cut], token[cut:]))
    tokenizer = Tokenizer(models.BPE(
        ids, [(left, right) for *_, left, right in sorted(merges)], unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    return tokenizer


def marked_pairs(read, _):
    tokens = {token: i for i, token in enumerate(read("tokens"))}
    merges = [tuple(merge.split(" ", 1)) for merge in read("merges")]
    tokenizer = Tokenizer(models.BPE(tokens, merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    return tokenizer


def unigram(read, _):
    tokenizer = Tokenizer(models.Unigram(list(zip(read("tokens"), read("scores"))), read("unknown_token_id")))
    tokenizer.normalizer = normalizers.Precompiled(bytes(value & 255 for value in read("precompiled_charsmap")))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    return tokenizer


def wordpiece(read, _):
    def plain(token):
        return token[1:] if token.startswith("▁") else token if token.startswith("[") else "##" + token

    tokens = {plain(token): i for i, token in enumerate(read("tokens"))}
    tokenizer = Tokenizer(models.WordPiece(tokens, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer


# By the file's name: what makes the tokenizer, and the name of its rules.
VOCABULARIES = {
    "gpt-2": (byte_pairs, "gpt-2"), "llama-bpe": (byte_pairs, "llama-bpe"), "qwen2": (byte_pairs, "qwen2"),
    "deepseek-coder": (byte_pairs, "deepseek-coder"), "falcon": (byte_pairs, "falcon"),
    "starcoder": (byte_pairs, "starcoder"), "llama-spm": (pieces, None), "gemma-4": (marked_pairs, None),
    "nomic-bert-moe": (unigram, None), "bert-bge": (wordpiece, None),
}


def samples() -> dict[str, str]:
    """Code with its comments, and what no one writes."""
    code = "".join(path.read_text() for path in sorted((HERE / "Sources").rglob("*.swift")))
    rng = random.Random(7)
    parts = texts(22_000, seed=7)
    rng.shuffle(parts)
    return {name: text.encode()[:SIZE].decode(errors="ignore") for name, text in [("code", code), ("mixed", " ".join(parts))]}


def main() -> int:
    folder, out = map(pathlib.Path, sys.argv[1:])
    chosen = samples()
    rows = []
    for name, (make, cut) in VOCABULARIES.items():
        path = folder / f"ggml-vocab-{name}.gguf"
        fields = gguf.GGUFReader(path).fields
        tokenizer = make(lambda key: fields[f"tokenizer.ggml.{key}"].contents(), cut)
        for kind, text in chosen.items():
            least = float("inf")
            for _ in range(5):
                start = time.perf_counter()
                ids = tokenizer.encode(text, add_special_tokens=False).ids
                least = min(least, time.perf_counter() - start)
            rows.append(dict(name=name, path=str(path), kind=kind, text=text, seconds=least, count=len(ids)))
            print(f"{name}, {kind}: {least:.3f} s, {len(ids)} tokens", file=sys.stderr)
    out.write_text(json.dumps(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
