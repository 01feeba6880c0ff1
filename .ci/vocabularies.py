"""Compares token ids with those that lie beside llama.cpp's vocabularies, which Hugging Face's tokenizers made.

    vocabularies.py HEDDLE FOLDER

FOLDER holds ggml-vocab-NAME.gguf, with texts in NAME.gguf.inp and their ids in NAME.gguf.out, a line each.
"""

import json
import pathlib
import subprocess
import sys

SEPARATOR = "\n__ggml_vocab_test__\n"


def main() -> int:
    heddle, folder = sys.argv[1:]
    failures = 0
    vocabularies = sorted(pathlib.Path(folder).glob("ggml-vocab-*.gguf"))
    for path in vocabularies:
        inputs = pathlib.Path(f"{path}.inp")
        texts = inputs.read_text(encoding="utf-8").split(SEPARATOR) if inputs.exists() else ["", "a  b\n"]
        lines = "".join(json.dumps(text) + "\n" for text in texts)
        run = subprocess.run(
            [heddle, "tokenize", "--model", path, "--no-special", "--no-ends", "--json"],
            input=lines, capture_output=True, text=True, encoding="utf-8")
        if run.returncode != 0:
            print(f"{path.name}: {run.stderr.strip()}")
            failures += 1
            continue
        if not inputs.exists():
            print(f"{path.name}: opens; no ids to compare with")
            continue
        results = [json.loads(line) for line in run.stdout.splitlines()]
        # A text is no line's end, as when the ids were made.
        expected = [[int(word) for word in line.split()] for line in pathlib.Path(f"{path}.out").read_text().split("\n")]
        wrong = [(text, result["ids"], ids) for text, result, ids in zip(texts, results, expected) if result["ids"] != ids]
        for text, got, ids in wrong[:3]:
            print(f"{path.name}: {text[:60]!r}\n  got      {got[:40]}\n  expected {ids[:40]}")
        print(f"{path.name}: {len(texts) - len(wrong)} of {len(texts)} texts equal")
        failures += len(wrong)
    if not vocabularies:
        print(f"no vocabularies in {folder}")
        return 1
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
