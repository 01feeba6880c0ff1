"""Every method of GraphBuilder, as the library writes it back: the JSON that Swift gives."""

from __future__ import annotations

import inspect
import json
import re

import numpy
import pytest

from heddle import _library
from heddle import ConstantStore, Dimension, Graph, GraphBuilder, InvalidGraph, TensorType

PLAIN = {"bias": False, "isGated": False, "residual": False}


class Bench:
    """A builder with values of some types to give to operations."""

    def __init__(self):
        self.store = ConstantStore()
        self.store.add("w", numpy.ones((8, 4), numpy.float32))
        self.store.add("gated", numpy.ones((32, 4), numpy.float32))
        self.store.add("long", numpy.ones((8, 32), numpy.float32))
        self.store.add("bias", numpy.ones(8, numpy.float32))
        self.store.add("norm", numpy.ones(4, numpy.float32))
        self.store.add("experts", numpy.ones((4, 8, 4), numpy.float32))
        self.store.add("square", numpy.ones((4, 4), numpy.float32))
        self.b = GraphBuilder()
        self.tokens = self.b.symbol("tokens", 1, 16)
        self.past = self.b.symbol("past", 0, 48)
        self.x = self.b.input("x", "f32", [self.tokens, 4])
        self.ids = self.b.input("ids", "i32", [self.tokens])
        self.heads = self.b.input("heads", "f32", [self.tokens, 2, 8])

    def c(self, name):
        return self.b.constant(name, self.store)


TYPE = {"encoding": "f32", "shape": ["tokens", 8]}
METHODS = {
    "input": (
        lambda t: t.b.input("z", "f32", [t.tokens, 8]),
        {"input": {"name": "z", "type": TYPE}},
    ),
    "state": (
        lambda t: t.b.state("z", "f32", ["tokens", 8]),
        {"state": {"name": "z", "type": TYPE}},
    ),
    "state, initial": (
        lambda t: t.b.state("z", "f32", [8, 4], initial="w"),
        {
            "state": {
                "name": "z",
                "type": {"encoding": "f32", "shape": [8, 4]},
                "initial": "w",
            }
        },
    ),
    "constant": (
        lambda t: t.c("w"),
        {"constant": {"id": "w", "type": {"encoding": "f32", "shape": [8, 4]}}},
    ),
    "range": (
        lambda t: t.b.range(t.past, t.tokens + 1),
        {"range": {"start": "past", "count": "tokens + 1"}},
    ),
    "encode": (lambda t: t.b.encode(t.c("w"), "f16"), {"encode": {"encoding": "f16"}}),
    "encode, sparse": (
        lambda t: t.b.encode(t.c("long"), "2:4-int4"),
        {"encode": {"encoding": "2:4-int4"}},
    ),
    "embedding_lookup": (
        lambda t: t.b.embedding_lookup(t.c("w"), t.ids),
        {"embeddingLookup": {}},
    ),
    "rms_norm": (
        lambda t: t.b.rms_norm(t.x, t.c("norm"), 0.125),
        {"rmsNorm": {"epsilon": 0.125}},
    ),
    "layer_norm": (
        lambda t: t.b.layer_norm(t.x, t.c("norm"), 0.125, bias=t.c("norm")),
        {"layerNorm": {"epsilon": 0.125}},
    ),
    "matmul": (
        lambda t: t.b.matmul(t.x, t.c("w")),
        {"matmul": {"rightIsTransposed": True, "epilogue": PLAIN}},
    ),
    "matmul, not transposed": (
        lambda t: t.b.matmul(t.x, t.c("square"), right_is_transposed=False),
        {"matmul": {"rightIsTransposed": False, "epilogue": PLAIN}},
    ),
    "matmul, epilogue": (
        lambda t: t.b.matmul(
            t.x,
            t.c("w"),
            bias=t.c("bias"),
            activation="geluTanh",
            residual=t.b.input("r", "f32", ["tokens", 8]),
        ),
        {
            "matmul": {
                "rightIsTransposed": True,
                "epilogue": {
                    "bias": True,
                    "activation": "geluTanh",
                    "isGated": False,
                    "residual": True,
                },
            }
        },
    ),
    "matmul, gated": (
        lambda t: t.b.matmul(t.x, t.c("gated"), activation="silu", is_gated=True),
        {
            "matmul": {
                "rightIsTransposed": True,
                "epilogue": {**PLAIN, "activation": "silu", "isGated": True},
            }
        },
    ),
    "rotary_embedding": (
        lambda t: t.b.rotary_embedding(t.heads, t.ids, 10000, 8, "halves", frequency_scale=0.5),
        {
            "rotaryEmbedding": {
                "base": 10000,
                "rotatedDimensions": 8,
                "pairing": "halves",
                "frequencyScale": 0.5,
            }
        },
    ),
    "write_rows": (
        lambda t: t.b.write_rows(t.b.state("cache", "f32", [64, 4]), t.x, position=t.past),
        {"writeRows": {"position": "past"}},
    ),
    "write_rows, anywhere": (
        lambda t: t.b.write_rows(t.b.state("cache", "f32", [64, 4]), t.x, t.ids),
        {"writeRows": {}},
    ),
    "route": (
        lambda t: t.b.route(t.x, 2, groups={"count": 2, "kept": 1}, normalizes=True, bias=t.c("norm"))[0],
        {
            "route": {
                "count": 2, "scores": "softmax", "temperature": 1,
                "groups": {"count": 2, "kept": 1, "score": "greatest"}, "normalizes": True, "scale": 1,
                "epsilon": 1, "bias": True, "load": False, "table": False,
            }
        },
    ),
    "expert_counts": (lambda t: t.b.expert_counts(t.ids, 4), {"expertCounts": {"experts": 4}}),
    "balance_bias": (
        lambda t: t.b.balance_bias(t.c("norm"), t.b.expert_counts(t.ids, 4), 0.5),
        {"balanceBias": {"rate": 0.5, "steps": 1}},
    ),
    "balance_loss": (
        lambda t: t.b.balance_loss(t.x, t.b.expert_counts(t.ids, 4)),
        {"balanceLoss": {"weight": 0.01}},
    ),
    "matmul_by_expert": (
        lambda t: t.b.matmul_by_expert(t.x, t.c("experts"), t.b.route(t.x, 2)[0], activation="silu"),
        {"matmulByExpert": {"bias": False, "activation": "silu", "isGated": False}},
    ),
    "weighted_sum": (
        lambda t: t.b.weighted_sum(t.b.input("parts", "f32", ["tokens", 2, 8]), t.b.route(t.x, 2)[1]),
        {"weightedSum": {}},
    ),
    "top_k": (lambda t: t.b.top_k(t.x, 3)[1], {"topK": {"count": 3}}),
    "lightning_indexer": (
        lambda t: t.b.lightning_indexer(
            t.heads, t.b.state("cache", "f32", [64, 8]), t.b.input("weights", "f32", ["tokens", 2]), 8, t.past, 0.5,
        ),
        {"lightningIndexer": {"count": 8, "past": "past", "scale": 0.5}},
    ),
    "select_keys": (
        lambda t: t.b.select_keys(t.b.input("blocks", "i32", ["tokens", 2, 8]), 100, block=64),
        {"selectKeys": {"keys": 100, "block": 64, "queries": 1}},
    ),
    "attention, of sequences": (
        lambda t: t.b.attention(
            t.heads, *[t.b.state("pages", "f32", [9, 64, 2, 8])] * 2, 0, 0.25, positions=t.ids,
            sequences=t.ids, pages=t.b.input("table", "i32", [3, 4]),
        ),
        {
            "attention": {
                "scale": 0.25, "past": 0, "mask": "causal", "logSumExp": False,
                "takes": {"positions": True, "sequences": True, "pages": True},
            }
        },
    ),
    "attention": (
        lambda t: t.b.attention(t.heads, t.heads, t.heads, 0, 0.25),
        {"attention": {"scale": 0.25, "past": 0, "mask": "causal", "logSumExp": False}},
    ),
    "attention, masked": (
        lambda t: t.b.attention(
            t.heads, t.heads, t.heads, t.past, 0.25, mask="window(3)|first(2)", soft_cap=30,
            log_sum_exp=True,
        )[1],
        {
            "attention": {
                "scale": 0.25, "past": "past", "mask": "window(3) | first(2)", "softCap": 30,
                "logSumExp": True,
            }
        },
    ),
    "merge_attention": (
        lambda t: t.b.merge_attention(
            *[t.b.attention(t.heads, t.heads, t.heads, 0, 1, log_sum_exp=True)[i % 2] for i in range(4)]
        )[0],
        {"mergeAttention": {}},
    ),
    "add": (lambda t: t.b.add(t.x, t.x), {"binary": {"function": "add"}}),
    "multiply": (lambda t: t.b.multiply(t.x, t.x), {"binary": {"function": "multiply"}}),
    "binary": (lambda t: t.b.binary(t.x, t.x, function="add"), {"binary": {"function": "add"}}),
    "unary": (lambda t: t.b.unary(t.x, "negate"), {"unary": {"function": "negate"}}),
    "orthonormal_rows": (lambda t: t.b.orthonormal_rows(t.c("square")), {"orthonormalRows": {}}),
    "softmax": (lambda t: t.b.softmax(t.x), {"softmax": {}}),
    "argmax": (lambda t: t.b.argmax(t.x), {"argmax": {}}),
    "reshape": (
        lambda t: t.b.reshape(t.x, [t.tokens * 2, 2]),
        {"reshape": {"shape": ["2*tokens", 2]}},
    ),
    "transpose": (lambda t: t.b.transpose(t.x, (1, 0)), {"transpose": {"permutation": [1, 0]}}),
    "slice": (
        lambda t: t.b.slice(t.x, 0, t.tokens - 1, 1),
        {"slice": {"axis": 0, "start": "tokens - 1", "count": 1}},
    ),
    "concatenate": (
        lambda t: t.b.concatenate([t.x, t.x], numpy.int64(1)),
        {"concatenate": {"axis": 1}},
    ),
    "custom": (
        lambda t: t.b.custom("twist", [t.x], same_as=0, attributes={"n": 3, "r": 0.5, "t": 'é"'})[
            0
        ],
        {
            "custom": {
                "name": "twist",
                "attributes": {"n": {"integer": 3}, "r": {"number": 0.5}, "t": {"text": 'é"'}},
                "rule": {"sameAs": 0},
            }
        },
    ),
    "custom, fixed": (
        lambda t: t.b.custom("two", [t.x], types=[TensorType("f32", (Dimension(1),))] * 2)[1],
        {
            "custom": {
                "name": "two",
                "attributes": {},
                "rule": {"fixed": [{"encoding": "f32", "shape": [1]}] * 2},
            }
        },
    ),
}


@pytest.mark.parametrize("name", METHODS)
def test_each_method_gives_the_operation_of_swift(name):
    method, expected = METHODS[name]
    bench = Bench()
    value = method(bench)
    graph = bench.b.build({"y": value})
    description = json.loads(graph.json())
    place = description["outputs"][0]["value"]
    assert description["nodes"][place["node"]]["operation"] == expected
    assert Graph.from_json(graph.json()).json() == graph.json()


def test_every_operation_of_the_library_has_a_method_and_a_test():
    builder = GraphBuilder()
    public = {name for name in dir(builder) if not name.startswith("_")}
    helpers = {"apply", "build", "close", "handle", "is_closed", "scope", "symbol", "update"}
    by_hand = {name for name in vars(GraphBuilder) if not name.startswith("_")}
    # The others are one method, which the library's list fills in.
    assert by_hand - helpers <= {name.partition(",")[0] for name in METHODS} <= public
    listed = [operation["name"] for operation in json.loads(_library.text("heddle_operations"))]
    assert len(listed) >= 20
    assert {re.sub("(?<=[a-z])([A-Z])", r"_\1", name).lower() for name in listed} <= public


def test_a_method_says_what_it_takes():
    method = GraphBuilder().rotary_embedding
    parameters = list(inspect.signature(method).parameters)
    assert parameters[:5] == ["x", "positions", "base", "rotated_dimensions", "pairing"]
    assert parameters[5:] == ["factors", "frequency_scale", "magnitude", "label"]
    assert "[T, H, D] f32" in method.__doc__ and "interleaved | halves" in method.__doc__
    with pytest.raises(TypeError, match="epsilon"):
        bench = Bench()
        bench.b.rms_norm(bench.x, bench.c("norm"))
    with pytest.raises(AttributeError, match="softmex"):
        GraphBuilder().softmex


def test_kept_of_a_nested_weight():
    store, b = ConstantStore(), GraphBuilder()
    store.add("w", numpy.ones((32, 32), numpy.float32))
    kept = b.symbol("kept", 1, 4)
    w = b.encode(b.constant("w", store), "nvw4:16-f32")
    y = b.matmul(b.input("x", "f32", [1, 32]), w, kept=kept)
    nodes = json.loads(b.build({"y": y}).json())["nodes"]
    assert nodes[-1]["operation"]["matmul"]["kept"] == "kept"


def test_inputs_outputs_states_and_symbols():
    bench = Bench()
    cache = bench.b.state("cache", "f16", [64, 4])
    bench.b.update("cache", bench.b.write_rows(cache, bench.b.encode(bench.x, "f16"), position=bench.past))
    graph = bench.b.build({"y": bench.b.softmax(bench.x), "best": bench.b.argmax(bench.x)})
    tokens = Dimension("tokens")
    assert list(graph.inputs) == ["x", "ids", "heads"]
    assert graph.inputs["x"] == TensorType("f32", (tokens, Dimension(4)))
    assert graph.states == {"cache": TensorType("f16", (Dimension(64), Dimension(4)))}
    assert graph.outputs == {
        "best": TensorType("i32", (tokens,)),
        "y": TensorType("f32", (tokens, Dimension(4))),
    }
    assert graph.symbols == {"tokens": (1, 16), "past": (0, 48)}
    updates = json.loads(graph.json())["stateUpdates"]
    assert [update["name"] for update in updates] == ["cache"]


def test_scopes_label_nodes():
    bench = Bench()
    with bench.b.scope("blk.0"):
        y = bench.b.softmax(bench.x, label="probabilities")
    description = json.loads(bench.b.build({"y": y}).json())
    assert description["origins"][-1]["label"] == "blk.0.probabilities"


@pytest.mark.parametrize(
    "mistake",
    [
        lambda t: t.b.apply({"softmex": {}}, [t.x]),
        lambda t: t.b.apply({"softmax": {"axis": 1}}, [t.x]),
        lambda t: t.b.apply({}, [t.x]),
        lambda t: t.b.softmax(t.ids),
        lambda t: t.b.rms_norm(t.x, t.c("norm"), float("nan")),
        lambda t: t.b.rms_norm(t.x, t.c("norm"), -1),
        lambda t: t.b.matmul(t.x, t.c("bias")),
        lambda t: t.b.matmul(t.x, t.c("w"), activation="sigmoid"),
        lambda t: t.b.slice(t.x, 0, 0, 17),
        lambda t: t.b.transpose(t.x, [0, 0]),
        lambda t: t.b.input("x", "f32", [1]) and t.b.build({}),
        lambda t: t.b.input("q", "f31", [1]),
        lambda t: t.b.input("q", "f32", ["tokens +"]),
        lambda t: t.b.build({"y": t.b.input("q", "f32", ["nobody"])}),
        lambda t: t.b.symbol("tokens", 1, 2),
        lambda t: t.b.symbol("n", -1, 2),
        lambda t: t.c("nobody"),
        lambda t: t.b.update("nobody", t.x) or t.b.build({"y": t.x}),
        lambda t: t.b.softmax(Bench().x),
        lambda t: t.b.build({"y": Bench().x}),
        lambda t: Graph.from_json("{"),
        lambda t: Graph.from_json("[]"),
        lambda t: Graph.from_json(b"\xff\xfe"),
        lambda t: Graph.from_json(""),
    ],
)
def test_mistakes_are_errors(mistake):
    with pytest.raises((InvalidGraph, ValueError)) as caught:
        mistake(Bench())
    assert caught.value.text


def test_the_builder_goes_on_after_a_mistake():
    bench = Bench()
    with pytest.raises(InvalidGraph):
        bench.b.softmax(bench.ids)
    assert bench.b.build({"y": bench.b.softmax(bench.x)}).outputs
    assert set(bench.b.build({"z": bench.b.argmax(bench.x)}).outputs) == {"y", "z"}
