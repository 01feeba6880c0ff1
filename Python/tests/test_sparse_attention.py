"""Examples/python/sparse_attention.py: each attention judged by float64."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import numpy
import pytest

from helpers import REPOSITORY

EXAMPLE = REPOSITORY / "Examples/python/sparse_attention.py"


@pytest.fixture(scope="module")
def example():
    spec = importlib.util.spec_from_file_location("sparse_attention", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def attended(q, k, v, seen, scale):
    """Softmax of the keys that are seen, seen [T, H, C] or what broadcasts to it; 0 where none is."""
    per_group = q.shape[1] // k.shape[1]
    keys, values = (x.astype(float).repeat(per_group, axis=1) for x in (k, v))
    scores = scale * numpy.einsum("thd,jhd->thj", q.astype(float), keys)
    weights = numpy.where(seen, numpy.exp(scores), 0)
    total = weights.sum(-1, keepdims=True)
    return numpy.einsum("thj,jhd->thd", weights / numpy.where(total == 0, 1, total), values)


def chosen_keys(liking, count, block, per_group):
    """The keys of the best blocks: liking [G, T, N] → [T, H, T]."""
    seen = numpy.zeros((liking.shape[1], liking.shape[0] * per_group, liking.shape[1]), bool)
    for group, token in numpy.ndindex(*liking.shape[:2]):
        row = liking[group, token]
        for n in numpy.argsort(-row, kind="stable")[:count]:
            if row[n] > -numpy.inf:
                heads = slice(group * per_group, (group + 1) * per_group)
                seen[token, heads, n * block : (n + 1) * block] = True
    return seen


def places(example):
    place = numpy.arange(example.TOKENS)
    return place, place[:, None] >= place


def test_local_global(example, backend):
    y, given = example.run(backend, "local_global")
    place, _ = places(example)
    first = (place < 8)[None] | (place < 8)[:, None]
    seen = (place[:, None] // 64 == place // 64) | first
    expected = attended(given["q"], given["k"], given["v"], seen[:, None], example.SCALE)
    assert abs(y - expected).max() <= 1e-5


def test_moba(example, backend):
    y, given = example.run(backend, "moba")
    place, causal = places(example)
    per_group = example.HEADS // example.GROUPS
    q = given["q"].astype(float).reshape(example.TOKENS, example.GROUPS, per_group, -1).sum(2)
    means = given["k"].astype(float).reshape(-1, 64, example.GROUPS, example.WIDTH).mean(1)
    liking = numpy.einsum("tgd,ngd->gtn", q, means)
    liking = numpy.where(numpy.arange(5) < place[:, None] // 64, liking, -numpy.inf)
    seen = chosen_keys(liking, 2, 64, per_group)
    seen |= (place[:, None] // 64 == place // 64)[:, None]
    expected = attended(given["q"], given["k"], given["v"], seen & causal[:, None], example.SCALE)
    assert abs(y - expected).max() <= 1e-5


def test_nsa(example, backend):
    y, given = example.run(backend, "nsa")
    place, causal = places(example)
    per_group = example.HEADS // example.GROUPS
    starts = numpy.arange(0, example.TOKENS - 31, 16)
    pieces = {
        name: numpy.stack([given[name][s : s + 32].astype(float).mean(0) for s in starts])
        for name in "kv"
    }
    is_whole = starts + 31 <= place[:, None]
    coarse = attended(given["q"], pieces["k"], pieces["v"], is_whole[:, None], example.SCALE)

    scores = example.SCALE * numpy.einsum(
        "thd,chd->htc", given["q"].astype(float), pieces["k"].repeat(per_group, axis=1)
    )
    weights = numpy.where(is_whole, numpy.exp(scores), 0)
    total = weights.sum(-1, keepdims=True)
    shares = numpy.where(total == 0, 1 / len(starts), weights / numpy.where(total == 0, 1, total))
    in_blocks = numpy.zeros((len(starts), 5))
    for c, s in enumerate(starts):
        for j in range(s, s + 32):
            in_blocks[c, j // 64] += 1 / 32
    liking = (shares @ in_blocks).reshape(example.GROUPS, per_group, example.TOKENS, 5).sum(1)
    own, blocks = place[:, None] // 64, numpy.arange(5)
    liking = liking + numpy.where((blocks == 0) | (blocks >= own - 1), 1e3, 0)
    liking = numpy.where(blocks <= own, liking, -numpy.inf)
    seen = chosen_keys(liking, 4, 64, per_group)
    # Of the last block's tokens some choose the second block, others the third.
    assert 0 < seen[256:, :, 64].mean() < 1 and (seen[256:, :, 64] ^ seen[256:, :, 128]).all()
    q, k, v = (given[name] for name in "qkv")
    fine = attended(q, k, v, seen & causal[:, None], example.SCALE)
    near = attended(q, k, v, (causal & (place[:, None] - place < 48))[:, None], example.SCALE)
    expected = sum(
        given[f"gate{i}"].astype(float) * part for i, part in enumerate((coarse, fine, near))
    )
    assert abs(y - expected).max() <= 2e-5


def test_cross_modal(example, backend):
    y, given = example.run(backend, "cross_modal")
    k, v = (numpy.concatenate([given[f"{name}{i}"] for i in range(3)]) for name in "kv")
    expected = attended(given["shared"], k, v, True, example.SCALE)
    assert abs(y - expected).max() <= 1e-5


def test_it_prints_the_parameters():
    answer = subprocess.run(
        [sys.executable, str(EXAMPLE)], capture_output=True, text=True, timeout=300, check=True
    )
    assert answer.stderr == ""
    lines = [line.split() for line in answer.stdout.splitlines()]
    assert {line[0]: int(line[-1]) for line in lines} == {
        "local_global": 0, "moba": 0, "nsa": 1536, "cross_modal": 2048,
    }  # fmt: skip
