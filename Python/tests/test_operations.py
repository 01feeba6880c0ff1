"""Operations on the device against NumPy in float64, within stated bounds."""

from __future__ import annotations

import numpy
import pytest

import heddle
from heddle import ConstantStore, GraphBuilder, InvalidData, InvalidGraph
from helpers import random, sum_bound


def run(backend, builder, outputs, inputs, store=None, **symbols):
    with builder.build(outputs) as graph, backend.compile(graph, store) as executable:
        with executable.session() as session:
            return session.run(inputs, **symbols)


def wide(array):
    return array.astype(numpy.float64)


@pytest.mark.parametrize(
    ("tokens", "width", "rows"), [(1, 1, 1), (1, 64, 96), (5, 33, 7), (64, 128, 80)]
)
def test_matmul(backend, builder, tokens, width, rows):
    x, w = random(tokens, width), random(rows, width, seed=2)
    store = ConstantStore()
    store.add("w", w)
    t = builder.symbol("tokens", 1, 64)
    y = builder.matmul(builder.input("x", "f32", [t, width]), builder.constant("w", store))
    got = run(backend, builder, {"y": y}, {"x": x}, store)["y"]
    assert got.shape == (tokens, rows) and got.dtype == numpy.float32
    assert (abs(got - wide(x) @ wide(w).T) <= sum_bound(x, w)).all()


def quantize_q4_0(w):
    """q4_0 blocks of w, and the values they stand for."""
    blocks = w.reshape(-1, 32)
    scales = (numpy.abs(blocks).max(axis=1, keepdims=True) / 7).astype(numpy.float16)
    levels = numpy.clip(numpy.rint(blocks / wide(scales)), -8, 7).astype(numpy.int8)
    nibbles = (levels + 8).astype(numpy.uint8)
    data = numpy.concatenate(
        [scales.view(numpy.uint8), nibbles[:, :16] | nibbles[:, 16:] << 4], axis=1
    )
    return data.tobytes(), (levels * wide(scales)).reshape(w.shape)


@pytest.mark.parametrize("tokens", [1, 5, 40])
def test_matmul_of_a_quantized_weight(backend, builder, tokens):
    x, (data, w) = random(tokens, 96), quantize_q4_0(random(64, 96, seed=2))
    store = ConstantStore()
    store.add_bytes("w", "q4_0", [64, 96], data)
    t = builder.symbol("tokens", 1, 64)
    y = builder.matmul(builder.input("x", "f32", [t, 96]), builder.constant("w", store))
    got = run(backend, builder, {"y": y}, {"x": x}, store)["y"]
    assert (abs(got - wide(x) @ w.T) <= sum_bound(x, w)).all()


def test_matmul_with_everything(backend, builder):
    x, w, bias, residual = (
        random(6, 32),
        random(96, 32, seed=2),
        random(96, seed=3),
        random(6, 48, seed=4),
    )
    store = ConstantStore()
    store.add("w", w)
    store.add("bias", bias)
    y = builder.matmul(
        builder.input("x", "f32", [6, 32]),
        builder.constant("w", store),
        bias=builder.constant("bias", store),
        activation="silu",
        is_gated=True,
        residual=builder.input("residual", "f32", [6, 48]),
    )
    got = run(backend, builder, {"y": y}, {"x": x, "residual": residual}, store)["y"]
    total = wide(x) @ wide(w).T + bias
    gate, up = total[:, :48], total[:, 48:]
    expected = gate / (1 + numpy.exp(-gate)) * up + residual
    assert abs(got - expected).max() <= 1e-4 * (1 + abs(expected).max())


def attention(q, k, v, past, scale):
    q, k, v = wide(q), wide(k), wide(v)
    group = q.shape[1] // k.shape[1]
    y = numpy.zeros((q.shape[0], q.shape[1], v.shape[2]))
    for t in range(q.shape[0]):
        for h in range(q.shape[1]):
            scores = scale * k[: past + t + 1, h // group] @ q[t, h]
            weights = numpy.exp(scores - scores.max())
            y[t, h] = weights / weights.sum() @ v[: past + t + 1, h // group]
    return y


def test_attention_over_a_cache(backend, builder):
    t, past = builder.symbol("tokens", 1, 16), builder.symbol("past", 0, 48)
    q = builder.input("q", "f32", [t, 4, 16])
    new = builder.input("kv", "f32", [t, 2, 16])
    cache = builder.write_rows(builder.state("cache", "f32", [64, 2, 16]), new, position=past)
    builder.update("cache", cache)
    y = builder.attention(q, cache, cache, past, 0.25)
    session = backend.compile(builder.build({"y": y})).session()
    queries, keys = random(12, 4, 16), random(12, 2, 16, seed=2)
    expected = attention(queries, keys, keys, 0, 0.25)
    got = []
    for first, count in ((0, 7), (7, 1), (8, 4)):
        rows = slice(first, first + count)
        got.append(session.run({"q": queries[rows], "kv": keys[rows]}, past=first)["y"])
    # Scores are sums of 16 products, softmax and the mean of values keep their relative errors
    # small.
    assert abs(numpy.concatenate(got) - expected).max() <= 1e-5
    assert (session.read_state("cache")[:12] == keys).all()
    assert (session.read_state("cache")[12:] == 0).all()


def test_a_cache_in_blocks(backend, builder):
    new, past = builder.input("new", "f32", [3, 2, 32]), builder.symbol("past", 0, 5)
    builder.update(
        "cache", builder.write_rows(builder.state("cache", "q8_0", [8, 2, 32]), new, position=past)
    )
    cache = builder.state("other", "q8_0", [8, 2, 32])
    q = builder.input("q", "f32", [1, 2, 32])
    y = builder.attention(q, cache, cache, 7, 0.25)
    session = backend.compile(builder.build({"y": y})).session()
    rows, queries = random(3, 2, 32), random(1, 2, 32, seed=2)
    session.run({"new": rows, "q": queries}, past=4)
    kept = session.read_state("cache")
    assert (kept.encoding, kept.shape) == ("q8_0", (8, 2, 32))
    blocks = kept.data.reshape(16, 34)
    levels = blocks[:, 2:].copy().view(numpy.int8).astype(float)
    values = (wide(blocks[:, :2].copy().view(numpy.float16)) * levels).reshape(8, 2, 32)
    assert (values[:4] == 0).all() and (values[7:] == 0).all()
    step = abs(rows).max(axis=2, keepdims=True) / 127
    assert (abs(values[4:7] - rows) <= 0.51 * step).all()
    # What is read can be written: to the other state, which attention reads.
    session.write_state("other", kept)
    got = session.run({"new": rows, "q": queries}, past=0)["y"]
    assert abs(got - attention(queries, values, values, 7, 0.25)).max() <= 1e-5
    session.reset()
    assert (session.read_state("other").data == 0).all()
    with pytest.raises(InvalidData, match="q8_0"):
        session.write_state("other", heddle.EncodedTensor("q8_0", [4, 2, 32], bytes(8 * 34)))


def test_masks_caps_and_merging(backend, builder):
    tokens, keys = 9, 40
    q = builder.input("q", "f32", [tokens, 4, 16])
    k = builder.input("k", "f32", [keys, 2, 16])
    seen, cap = "block(8) & window(5) | first(2)", 1.5
    y = builder.attention(q, k, k, 12, 0.25, mask=seen, soft_cap=cap)
    halves = [
        builder.attention(
            q, *[builder.slice(k, 0, start, 20)] * 2, 0, 0.25, mask="full", log_sum_exp=True
        )
        for start in (0, 20)
    ]
    merged, log_sums = builder.merge_attention(*halves[0], *halves[1])
    whole, whole_sums = builder.attention(q, k, k, 0, 0.25, mask="full", log_sum_exp=True)
    outputs = {
        "y": y, "merged": merged, "log_sums": log_sums, "whole": whole, "whole_sums": whole_sums,
    }
    queries, rows = random(tokens, 4, 16), random(keys, 2, 16, seed=2)
    got = backend.compile(builder.build(outputs)).session().run({"q": queries, "k": rows})

    place, key = numpy.arange(12, 12 + tokens)[:, None], numpy.arange(keys)
    mask = ((place // 8 == key // 8) & (abs(place - key) < 5)) | (key < 2)
    wide = rows.astype(numpy.float64).repeat(2, axis=1)
    scores = 0.25 * numpy.einsum("thd,jhd->thj", queries.astype(numpy.float64), wide)
    weights = numpy.where(mask[:, None], numpy.exp(cap * numpy.tanh(scores / cap)), 0)
    expected = numpy.einsum("thj,jhd->thd", weights / weights.sum(-1, keepdims=True), wide)
    assert abs(got["y"] - expected).max() <= 1e-5
    assert abs(got["merged"] - got["whole"]).max() <= 1e-5
    assert abs(got["log_sums"] - got["whole_sums"]).max() <= 1e-5
    assert abs(got["whole_sums"] - numpy.log(numpy.exp(scores).sum(-1))).max() <= 1e-5
    with pytest.raises(InvalidGraph, match="is no mask"):
        builder.attention(q, k, k, 0, 0.25, mask="causal and window(5)")


def test_elementwise_and_rows(backend, builder):
    x, weight = random(5, 24), random(24, seed=2)
    store = ConstantStore()
    store.add("weight", weight)
    a = builder.input("x", "f32", [5, 24])
    outputs = {
        "sum": builder.add(a, a),
        "product": builder.multiply(a, a),
        "negative": builder.unary(a, "negate"),
        "softmax": builder.softmax(a),
        "best": builder.argmax(a),
        "norm": builder.rms_norm(a, builder.constant("weight", store), 1e-5),
        "turned": builder.transpose(a, [1, 0]),
        "part": builder.slice(a, 1, 3, 4),
        "twice": builder.concatenate([a, a], 0),
        "half": builder.encode(a, "f16"),
        "shaped": builder.reshape(a, [2, 60]),
        "count": builder.range(7, 4),
    }
    got = run(backend, builder, outputs, {"x": x}, store)
    exact = {
        "sum": x + x,
        "product": x * x,
        "negative": -x,
        "best": x.argmax(axis=1).astype(numpy.int32),
        "turned": x.T,
        "part": x[:, 3:7],
        "twice": numpy.concatenate([x, x]),
        "half": x.astype(numpy.float16),
        "shaped": x.reshape(2, 60),
        "count": numpy.arange(7, 11, dtype=numpy.int32),
    }
    for name, expected in exact.items():
        assert got[name].dtype == expected.dtype, name
        numpy.testing.assert_array_equal(got[name], expected, name)
    powers = numpy.exp(wide(x))
    numpy.testing.assert_allclose(got["softmax"], powers / powers.sum(1, keepdims=True), rtol=1e-5)
    norm = weight * wide(x) / numpy.sqrt((wide(x) ** 2).mean(1, keepdims=True) + 1e-5)
    numpy.testing.assert_allclose(got["norm"], norm, rtol=1e-5)


def test_rotary_embedding_and_lookup(backend, builder):
    table = random(11, 16)
    store = ConstantStore()
    store.add("table", table)
    ids = builder.input("ids", "i32", [3])
    rows = builder.embedding_lookup(builder.constant("table", store), ids)
    heads = builder.reshape(rows, [3, 2, 8])
    turned = builder.rotary_embedding(heads, builder.range(5, 3), 10000, 8, "halves")
    wanted = numpy.array([4, 0, 10], numpy.int32)
    got = run(backend, builder, {"rows": rows, "turned": turned}, {"ids": wanted}, store)
    numpy.testing.assert_array_equal(got["rows"], table[wanted])
    x = wide(table[wanted]).reshape(3, 2, 8)
    angle = numpy.arange(5, 8)[:, None, None] * 10000.0 ** (-numpy.arange(4) / 4)
    left, right = x[..., :4], x[..., 4:]
    expected = numpy.concatenate(
        [
            left * numpy.cos(angle) - right * numpy.sin(angle),
            left * numpy.sin(angle) + right * numpy.cos(angle),
        ],
        -1,
    )
    numpy.testing.assert_allclose(got["turned"], expected, atol=1e-5)


def test_a_graph_from_json_gives_the_same_bits(backend):
    def build():
        builder = GraphBuilder()
        x = builder.input("x", "f32", [builder.symbol("tokens", 1, 8), 16])
        return builder.build({"y": builder.softmax(x)})

    graph = build()
    again = type(graph).from_json(graph.json())
    assert build().json() == graph.json()
    x = random(3, 16)
    a, b = (backend.compile(g).session().run({"x": x})["y"] for g in (graph, again))
    numpy.testing.assert_array_equal(a, b)
