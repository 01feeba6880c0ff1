"""Writes sampling.json: the distributions that transformers' processors of logits make, in their order, in float64.

transformers has no frequency and presence penalties: their formula stands below, as llama.cpp has it. Run in an
environment with transformers 5.24.0 and torch 2.15: python make_sampling.py
"""

import json
import pathlib
import random

import torch
from transformers.generation.logits_process import (
    MinPLogitsWarper,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

random.seed(16)
VOCABULARY = 24


def float32(value):
    return torch.tensor(value, dtype=torch.float32).item()


def distribution(logits, seen, options):
    window = options.get("repetitionWindow")
    ids = torch.tensor([seen[-window:] if window else seen], dtype=torch.long)
    scores = torch.tensor([logits], dtype=torch.float64)
    if "repetitionPenalty" in options and ids.numel():
        scores = RepetitionPenaltyLogitsProcessor(options["repetitionPenalty"])(ids, scores)
    counts = torch.bincount(ids[0], minlength=VOCABULARY).double()
    scores = scores - counts * options.get("frequencyPenalty", 0)
    scores = scores - (counts > 0) * options.get("presencePenalty", 0)
    scores = TemperatureLogitsWarper(options["temperature"])(ids, scores)
    if "topK" in options:
        scores = TopKLogitsWarper(options["topK"])(ids, scores)
    if "topP" in options:
        scores = TopPLogitsWarper(options["topP"])(ids, scores)
    if "minP" in options:
        scores = MinPLogitsWarper(options["minP"])(ids, scores)
    return [round(p, 12) for p in scores.softmax(-1)[0].tolist()]


def draw_options():
    options = {"temperature": float32(random.choice([0.3, 0.7, 1.0, 1.7]))}
    for name, values in {
        "topK": [1, 3, 9, 40],
        "topP": [0.2, 0.6, 0.95],
        "minP": [0.02, 0.2, 0.9],
        "repetitionPenalty": [0.8, 1.1, 1.5],
        "repetitionWindow": [1, 4, 64],
        "frequencyPenalty": [-0.5, 0.3, 2.0],
        "presencePenalty": [-0.4, 0.6],
    }.items():
        if random.random() < 0.5:
            value = random.choice(values)
            options[name] = value if isinstance(value, int) else float32(value)
    return options


def case():
    logits = [float32(random.gauss(0, 2.5)) for _ in range(VOCABULARY)]
    seen = [random.randrange(VOCABULARY) for _ in range(random.choice([0, 3, 12]))]
    options = draw_options()
    return {
        "logits": logits,
        "seen": seen,
        "options": options,
        "probabilities": distribution(logits, seen, options),
    }


cases = [json.dumps(case()) for _ in range(40)]
path = pathlib.Path(__file__).parent / "sampling.json"
path.write_text("[\n" + ",\n".join(cases) + "\n]\n")
