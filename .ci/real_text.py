"""Compares greedy texts of Heddle and of llama.cpp (.ci/real-text).

Heddle reads the file as it is, and computes with the values that its blocks stand for. llama.cpp computes with what it has
made of the file's blocks in float32, so that its rounding of activations to eight bits, which it does for quantized weights,
is none of the difference; beside it stands what it makes of the file as it is. Where two texts part, two margins are printed:
how far the token of the other lies behind in each program's own logits. A text that parts with one above LIMIT fails, as
does a prompt with other ids.
"""
import argparse
import json
import os
import subprocess
import sys

LIMIT = 0.1
PROMPTS = [
    "The capital of France is",
    "A heddle is the part of a loom that",
    "def fibonacci(n):\n    if n < 2:\n        return n\n",
    "1, 1, 2, 3, 5, 8, 13, 21,",
    "Es war einmal ein kleines Mädchen, das",
    "Question: Why is the sky blue?\nAnswer:",
    "東京は日本の",
    "To weave a plain cloth by hand, first wind the warp. Then",
]


def output(*command):
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if run.returncode != 0:
        sys.exit(f"real-text: {os.path.basename(command[0])} failed\n{run.stderr.decode(errors='replace')[-2000:]}")
    return run.stdout.decode()


def llama_texts(options, path):
    """Of each prompt its ids, and of each token its id and how far others lie behind it."""
    texts = []
    for line in output(options.llama, path, str(options.tokens), *PROMPTS).splitlines():
        kind, first, *rest = line.split()
        if kind == "prompt":
            texts.append(([int(first), *map(int, rest)], []))
        else:
            behind = {int(i): float(d) for i, d in (pair.split(":") for pair in rest)}
            texts[-1][1].append((int(first), behind))
    return texts


def heddle_texts(options, path):
    texts = []
    for prompt in PROMPTS:
        made = json.loads(output(
            options.heddle, "generate", "--model", path, "--prompt", prompt, "--max-tokens", str(options.tokens), "--json",
            "--log-probabilities", "8"))
        tokens = []
        for token in made["tokens"]:
            own = token["log_probability"]
            tokens.append((token["id"], {t["id"]: own - t["log_probability"] for t in token["top"]}))
        texts.append((made["prompt_ids"], tokens, made["text"]))
    return texts


def part(ours, theirs):
    """How many tokens are the same, and where they are not, the two margins; infinite where only one text has ended."""
    for place, ((mine, behind), (other, other_behind)) in enumerate(zip(ours, theirs)):
        if mine != other:
            return place, (behind.get(other, float("inf")), other_behind.get(mine, float("inf")))
    count = min(len(ours), len(theirs))
    return count, None if len(ours) == len(theirs) else (float("inf"), float("inf"))


def said(parted, count):
    place, margins = parted
    return f"all {place}" if margins is None else f"{place} of {count}, then {margins[0]:.3f} and {margins[1]:.3f}"


def main():
    parser = argparse.ArgumentParser()
    for name in ["heddle", "llama", "quantize", "forms"]:
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--tokens", type=int, required=True)
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    failures = []
    for path in options.files:
        name = os.path.basename(path)
        form = os.path.join(options.forms, name.removesuffix(".gguf") + ".f32.gguf")
        if not os.path.exists(form) or os.path.getmtime(form) < os.path.getmtime(path):
            output(options.quantize, "--allow-requantize", path, form + ".part", "F32")
            os.replace(form + ".part", form)
        print(f"\n{name}: tokens as llama.cpp makes them; where they part, how far the other's lies behind, here and there\n")
        print("| prompt | of float32 weights | of the file as it is | text |\n|---|---|---|---|", flush=True)
        rows = zip(PROMPTS, heddle_texts(options, path), llama_texts(options, form), llama_texts(options, path))
        for prompt, (ids, ours, text), (form_ids, exact), (file_ids, rounded) in rows:
            parted = part(ours, exact)
            if not ids == form_ids == file_ids:
                failures.append(f"{name}, {prompt!r}: its ids are {ids}, llama.cpp's {form_ids}")
            elif parted[1] is not None and max(parted[1]) > LIMIT:
                failures.append(f"{name}, {prompt!r}: texts part after {said(parted, len(exact))}")
            shown = json.dumps(text, ensure_ascii=False)[1:41].replace("|", "\\|")
            print(f"| `{json.dumps(prompt, ensure_ascii=False)[1:-1][:24]}` | {said(parted, len(exact))} "
                  f"| {said(part(ours, rounded), len(rounded))} | {shown} |", flush=True)
    for failure in failures:
        print(f"real-text: {failure}", file=sys.stderr)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
