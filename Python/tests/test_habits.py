"""What Python's own functions say of Heddle's objects."""

from __future__ import annotations

import copy
import pickle

import numpy
import pytest

import heddle
from heddle import Dimension, InvalidData, InvalidHandle
from helpers import random


def test_a_value_has_type_shape_and_dtype(builder):
    n = builder.symbol("n", 1, 8)
    x = builder.input("x", "f32", [n, 4])
    y = builder.matmul(x, builder.input("w", "bf16", [3, 4]).builder.input("v", "f32", [3, 4]))
    assert x.shape == (n, 4) and x.shape[0] == Dimension("n")
    assert (x.encoding, x.dtype) == ("f32", numpy.float32)
    assert y.shape == (n, 3) and str(y.type) == "f32[n, 3]"
    assert builder.argmax(y).dtype == numpy.int32
    assert repr(x) == "<heddle.Value f32[n, 4]>"
    store = heddle.ConstantStore()
    store.add_bytes("q", "q4_0", [2, 32], bytes(36))
    q = builder.constant("q", store)
    assert q.shape == (2, 32) and q.encoding == "q4_0" and "q4_0" in repr(q)
    with pytest.raises(InvalidData):
        q.dtype  # noqa: B018
    with pytest.raises(InvalidData):
        store.types()["q"].dtype  # noqa: B018
    assert store.types()["q"].shape == (2, 32)


def test_a_value_is_no_tuple(builder):
    x = builder.input("x", "f32", [2])
    y = builder.input("y", "f32", [2])
    for use in (
        lambda: x + y, lambda: y + (1,), lambda: x * 2, lambda: len(x), lambda: [*x], lambda: x[0],
        lambda: x < y, lambda: numpy.ones(2) + x, lambda: numpy.add(x, 1),
    ):  # fmt: skip
        with pytest.raises(TypeError):
            use()
    assert x == x and x != y and len({x, y, x}) == 2 and x
    assert x != (x.builder, x.number)
    builder.close()
    assert "closed" in repr(x)
    with pytest.raises(InvalidHandle):
        x.shape  # noqa: B018


def test_reprs(backend, builder):
    x = builder.input("x", "f32", [builder.symbol("n", 1, 8), 4])
    s = builder.state("s", "f32", [builder.symbol("width", 1, 8)])
    graph = builder.build({"y": builder.softmax(x), "z": builder.reshape(s, ["width"])})
    executable = backend.compile(graph)
    session = executable.session(width=3)
    store = heddle.ConstantStore()
    for index in range(6):
        store.add(f"w{index}", numpy.ones(2, numpy.float32))
    text = "x f32[n, 4] -> y f32[n, 4], z f32[width]"
    assert repr(graph) == f"<heddle.Graph {text}>"
    assert repr(executable) == f"<heddle.Executable {text}>"
    assert repr(session) == f"<heddle.Session {text} with width=3>"
    assert repr(store) == (
        "<heddle.ConstantStore w0 f32[2], w1 f32[2], w2 f32[2], w3 f32[2] and 2 more>"
    )
    assert repr(backend).startswith("<heddle.Backend '")
    assert repr(builder).startswith("<heddle.GraphBuilder ")
    session.run({"x": random(2, 4)})
    assert "(2, 4)" in repr(session.output_dlpack("y"))
    for it in (session, executable, graph, store):
        it.close()
        assert repr(it) == f"<heddle.{type(it).__name__} closed>"


def test_what_cannot_be_copied_says_so(backend, builder, double):
    x = builder.input("other", "f32", [2])
    graph = builder.build({"z": builder.softmax(x)})
    double.run({"x": random(2, 4)})
    handles = (
        backend, builder, graph, double, backend.compile(graph), heddle.ConstantStore(), x,
        double.output_dlpack("y"),
    )  # fmt: skip
    for it in handles:
        for use in (copy.copy, copy.deepcopy, pickle.dumps):
            for value in (it, [it], {"a": it}):
                if use is copy.copy and value is not it:
                    continue
                with pytest.raises(TypeError, match="cannot be pickled or copied"):
                    use(value)
        # As any object: true, one of a kind, no collection.
        assert it and it == it and hash(it) == hash(it) and it in {it}
        for use in (len, iter, reversed, float):
            with pytest.raises(TypeError):
                use(it)
    double.run({"x": random(2, 4)})


def test_what_can_be_copied(builder):
    n = builder.symbol("n", 1, 4)
    for it in (
        n + 1,
        heddle.Layout("input", "x", [1]),
        builder.input("x", "f32", [n]).type,
        heddle.Token(1, "a", False),
    ):
        assert pickle.loads(pickle.dumps(it)) == it and copy.deepcopy(it) == it


def test_exceptions_cross_processes_as_they_are():
    with pytest.raises(heddle.NoDevice) as caught:
        heddle.Device.select("nobody's device")
    error = caught.value
    error.partial = "text"
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error) and str(again) == str(error)
    assert (again.code, again.name, again.operation, again.text, again.partial) == (
        error.code, error.name, error.operation, error.text, "text",
    )  # fmt: skip


def test_a_word_that_an_operation_does_not_know_comes_with_all_it_knows(builder):
    functions = ("relu", "silu", "gelu", "geluTanh", "sigmoid", "tanh", "exp", "sqrt", "negate")
    x = builder.input("x", "f32", [4, 4])
    positions = builder.input("p", "i32", [4])
    for words, use in (
        (functions, lambda word: builder.unary(x, word)),
        (functions[:4], lambda word: builder.matmul(x, x, activation=word)),
        (
            ("interleaved", "halves"),
            lambda word: builder.rotary_embedding(
                builder.reshape(x, [4, 1, 4]), positions, 1e4, 4, word
            ),
        ),
    ):
        for word in words:
            use(word)
        with pytest.raises(heddle.InvalidGraph) as caught:
            use("nobody's")
        for word in words:
            assert repr(word) in str(caught.value)
