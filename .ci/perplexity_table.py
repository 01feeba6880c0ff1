"""Measures perplexities of quantized and of pruned models, and prints tables of them in Markdown (.ci/perplexities).

Perplexities are `heddle perplexity`'s, with exact activations unless it says otherwise. Two files are compared window by
window: the mean difference of their windows' means, and its standard error, which is far less than that of either, as the
text is the same.
"""
import argparse
import hashlib
import json
import math
import os
import re
import subprocess
import sys

# Those of which activations of eight bits are measured too, besides the original.
INT8 = {"Q8_0", "Q4_K_M", "Q4_0"}
QUANTIZED = ["Q8_0", "Q6_K", "Q4_K_M", "Q4_0", "fp8", "int4-g64", "Q4_K_M+importance", "Q4_0+importance"]
SPARSE = [
    "vw32:32/f16", "vw28:32/f16", "2:4/int4", "2:4/f16", "vw16:32/int4", "vw16:32/f16", "vw11:32/int4", "vw11:32/f16",
]
# What Q8_0 may cost.
LIMIT = 0.005
# Windows of the calibration's text that importance is of.
CALIBRATION_WINDOWS = 100


def say(text):
    print(f"perplexities: {text}", file=sys.stderr, flush=True)


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Workshop:
    """The programs, and what was made and measured with them."""

    def __init__(self, options):
        self.options = options
        self.evaluation = os.path.join(options.text, "evaluation.txt")
        self.calibration = os.path.join(options.text, "calibration.txt")
        self.program = digest(options.heddle)
        self.results = os.path.join(options.folder, "results")
        os.makedirs(self.results, exist_ok=True)

    def path(self, name):
        return os.path.join(self.options.folder, name)

    def heddle(self, *arguments):
        return subprocess.run([self.options.heddle, *arguments], stdout=subprocess.PIPE, check=True, text=True).stdout

    def llama(self, program, *arguments):
        """What a program of llama.cpp said; it says everything to both streams."""
        run = subprocess.run(
            [os.path.join(self.options.llama, program), *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace")
        if run.returncode != 0:
            sys.exit(f"perplexities: {program} failed\n{run.stdout[-4000:]}")
        return run.stdout

    def kept(self, name, facts, measure):
        """What `measure` gives, or gave when the facts were the same."""
        key = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]
        path = os.path.join(self.results, f"{name}-{key}.json")
        if not os.path.exists(path):
            result = measure()
            with open(path + ".part", "w") as file:
                json.dump(result, file)
            os.replace(path + ".part", path)
        with open(path) as file:
            return json.load(file)

    def perplexity(self, path, activations="exact"):
        """Of a file of this name, whoever made it."""
        name = os.path.basename(path)
        windows = self.options.windows
        facts = [digest(path), self.program, digest(self.evaluation), windows, activations]

        def measure():
            say(f"{name}, activations {activations}")
            return json.loads(self.heddle(
                "perplexity", "--model", path, "--text", self.evaluation, "--context", "512", "--windows", str(windows),
                "--activations", activations, "--json"))

        return self.kept(f"{name}-{activations}", facts, measure)

    def llama_perplexity(self, path):
        """Perplexity and standard error by llama.cpp."""
        name = os.path.basename(path)
        windows = self.options.windows
        facts = [digest(path), digest(self.evaluation), windows, digest(os.path.join(self.options.llama, "installed"))]

        def measure():
            say(f"{name} by llama-perplexity")
            said = self.llama(
                "llama-perplexity", "-m", path, "-f", self.evaluation, "-c", "512", "-b", "512", "--chunks",
                str(windows))
            found = re.search(r"Final estimate: PPL = ([0-9.]+) \+/- ([0-9.]+)", said)
            if not found:
                sys.exit(f"perplexities: llama-perplexity gave no estimate\n{said[-4000:]}")
            return [float(found[1]), float(found[2])]

        return self.kept(f"{name}-llama-perplexity", facts, measure)

    def types(self, path):
        """Bytes by the type that tensors have."""
        listed = json.loads(self.heddle("inspect", "--json", path))
        return {entry["type"]: (entry["tensors"], entry["bytes"]) for entry in listed["types"]}

    def importance(self, maker):
        """A matrix of the first windows of the calibration's text."""
        windows = str(CALIBRATION_WINDOWS)
        facts = [digest(self.options.model), digest(self.calibration), windows, self.program, maker]
        path = self.path(f"importance-{maker}-{hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]}.gguf")
        if os.path.exists(path):
            return path
        say(f"importance by {maker}")
        part = path + ".part.gguf"
        if maker == "heddle":
            self.heddle("importance", self.options.model, self.calibration, "--windows", windows, "--output", part)
        else:
            self.llama(
                "llama-imatrix", "-m", self.options.model, "-f", self.calibration, "-c", "512", "--chunks", windows,
                "-o", part, "--no-ppl")
        os.replace(part, path)
        return path

    def quantized(self, kind, maker):
        """A file of a type; None if its maker does not know the type."""
        preset, _, weighted = kind.partition("+")
        say(f"{kind} by {maker}")
        if maker == "heddle":
            # What is no type of llama.cpp's has no place in a GGUF file.
            suffix = "gguf" if preset.upper() in self.options.llama_types else "safetensors"
            path = self.path(f"heddle-{kind}.{suffix}")
            more = ["--importance", self.importance(maker)] if weighted else []
            self.heddle("quantize", self.options.model, path, "--type", preset, "--json", *more)
            return path
        if preset.upper() not in self.options.llama_types:
            return None
        path = self.path(f"llama-{kind}.gguf")
        more = ["--imatrix", self.importance(maker)] if weighted else []
        self.llama("llama-quantize", "--allow-requantize", *more, self.options.model, path, preset, "2")
        return path


def compared(one, other):
    """The perplexity of one over that of the other, less one, and its standard error over windows; in %."""
    differences = [
        a - b
        for a, b in zip(one["window_mean_negative_log_likelihoods"], other["window_mean_negative_log_likelihoods"])
    ]
    count = len(differences)
    mean = sum(differences) / count
    squares = sum((difference - mean) ** 2 for difference in differences)
    error = math.sqrt(squares / count / (count - 1)) if count > 1 else math.nan
    return 100 * math.expm1(mean), 100 * math.exp(mean) * error


def change(pair):
    return f"{pair[0]:+.2f} ± {pair[1]:.2f} %".replace("-", "−")


def number(value):
    if value is None:
        return "infinite"
    if value < 1e5:
        return f"{value:.2f}" if value < 1000 else f"{value:.0f}"
    power = math.floor(math.log10(value))
    return f"{value / 10**power:.1f} · 10^{power}"


def perplexity(result):
    return f"{number(result['perplexity'])} ± {number(result['standard_error_over_windows'])}"


def megabytes(count):
    return f"{count / 1e6:.1f} MB"


def table(header, rows):
    print("| " + " | ".join(header) + " |")
    print("|" + "---|" * len(header))
    for row in rows:
        print("| " + " | ".join(row) + " |", flush=True)
    print(flush=True)


def quantized(workshop, kinds):
    """Prints the tables; the kinds that cost more than they may."""
    options = workshop.options
    original = workshop.perplexity(options.model)
    rows, sizes, costly = [], [], []

    def row(label, path, other):
        exact = workshop.perplexity(path)
        cells = [label, megabytes(sum(count for _, count in workshop.types(path).values())), perplexity(exact)]
        cells.append("" if path == options.model else change(compared(exact, original)))
        if other:
            theirs = workshop.perplexity(other)
            cells += [perplexity(theirs), change(compared(theirs, original)), change(compared(exact, theirs))]
        else:
            cells += ["", "", ""]
        is_fast = path == options.model or label in INT8
        cells.append(change(compared(workshop.perplexity(path, "int8"), exact)) if is_fast else "")
        rows.append(cells)
        return exact, compared(exact, workshop.perplexity(other)) if other else None

    def size(label, path):
        sizes.append([label] + [
            f"{kind} {count}: {megabytes(size)}" for kind, (count, size) in workshop.types(path).items()])

    row("original", options.model, None)
    size("original", options.model)
    for done, kind in enumerate(kinds):
        say(f"{done + 1} of {len(kinds)}: {kind}")
        ours, theirs = workshop.quantized(kind, "heddle"), workshop.quantized(kind, "llama")
        result, against = row(kind.replace("+", ", "), ours, theirs)
        size(kind.replace("+", ", "), ours)
        if theirs and workshop.types(ours) != workshop.types(theirs):
            size(kind.replace("+", ", ") + " of llama.cpp", theirs)
        if kind == "Q8_0" and abs(result["perplexity"] / original["perplexity"] - 1) > LIMIT:
            costly.append(f"Q8_0 costs more than {100 * LIMIT} %")
        # Three standard errors: of ten such comparisons hardly one is beyond by chance.
        if against and against[0] > 3 * against[1]:
            costly.append(f"{kind} costs more than llama.cpp's: {change(against)}")
    print(f"{original['windows']} windows of {original['context']} tokens, {original['scored_tokens']} scored\n")
    header = ["type", "bytes", "perplexity", "to the original"]
    table(header + ["llama.cpp's file", "to the original", "ours to llama.cpp's", "int8 to exact"], rows)
    for cells in sizes:
        print("- " + cells[0] + ": " + ", ".join(cells[1:]))
    print()
    theirs, error = workshop.llama_perplexity(options.model)
    fast = workshop.perplexity(options.model, "int8")
    print(f"The original by llama-perplexity: {theirs:.4f} ± {error:.4f} over tokens; by heddle "
          f"{original['perplexity']:.4f} ± {original['standard_error']:.4f}, int8 {fast['perplexity']:.4f}")
    return costly


def sparse(workshop, kinds):
    options = workshop.options
    original = workshop.perplexity(options.model)
    rows = [["dense, Q4_1", "", megabytes(os.path.getsize(options.model)), perplexity(original)]]
    for done, kind in enumerate(kinds):
        say(f"{done + 1} of {len(kinds)}: {kind}")
        pattern, values = kind.split("/")
        path = workshop.path("sparse.safetensors")
        report = json.loads(
            workshop.heddle("prune", options.model, path, "--pattern", pattern, "--values", values, "--json"))
        rows.append([
            f"`{pattern}` {values}", f"{100 * report['kept_magnitude']:.1f} %", megabytes(os.path.getsize(path)),
            perplexity(workshop.perplexity(path))])
        os.remove(path)
    print(f"{original['windows']} windows of {original['context']} tokens, {original['scored_tokens']} scored\n")
    table(["model", "∣x∣ kept", "file", "perplexity"], rows)
    return []


def main():
    parser = argparse.ArgumentParser(prog="perplexities")
    for name in ["heddle", "llama", "model", "text", "folder"]:
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--windows", type=int, default=20)
    parser.add_argument("kinds", nargs="*")
    options = parser.parse_args()
    if options.windows < 2:
        parser.error("--windows must be at least 2: of one there is no error")
    options.heddle = os.path.abspath(options.heddle)
    workshop = Workshop(options)
    listed = subprocess.run(
        [os.path.join(options.llama, "llama-quantize"), "--help"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True).stdout
    options.llama_types = set(re.findall(r"^ *\d+ +or +(\S+)", listed, re.M))
    if options.kinds[:1] == ["sparse"]:
        costly = sparse(workshop, options.kinds[1:] or SPARSE)
    else:
        costly = quantized(workshop, options.kinds or QUANTIZED)
    for line in costly:
        print(f"FAILED: {line}")
    sys.exit(1 if costly else 0)


if __name__ == "__main__":
    main()
