"""Symbols: their names, and the ranges that arrays are held against."""

from __future__ import annotations

import json

import numpy
import pytest

from heddle import Graph, InvalidBinding, InvalidData, InvalidGraph
from helpers import random


@pytest.mark.parametrize("name", ["", " ", "a b", "3x", "a.b", "é", "a-b", "n\n", "\x1b[31m"])
def test_a_symbol_is_an_identifier(builder, name):
    with pytest.raises(InvalidGraph, match="letters, digits and '_'") as caught:
        builder.symbol(name, 1, 4)
    assert "\x1b" not in str(caught.value)
    n = builder.symbol("n", 1, 4)
    graph = json.loads(builder.build({"y": builder.input("x", "f32", [n])}).json())
    graph["symbols"][0]["symbol"] = name
    with pytest.raises(InvalidGraph):
        Graph.from_json(json.dumps(graph))


def test_names_that_arguments_have_too(backend, builder):
    names = ("timeout", "outputs", "inputs", "profile", "self", "bindings", "name", "in", "symbols")
    extents = {name: builder.symbol(name, 1, 40) for name in names}
    outputs = {f"y_{name}": builder.range(0, extent) for name, extent in extents.items()}
    with backend.compile(builder.build(outputs)).session() as session:
        values = {name: index + 1 for index, name in enumerate(names)}
        got = session.run(bindings=values)
        assert {name: len(got[f"y_{name}"]) for name in names} == values
        session.step(bindings={"timeout": 20}, self=21)
        assert len(session.read_output("y_timeout")) == 20
        assert len(session.read_output("y_self")) == 21
        session.start(bindings={**values, "timeout": 9})
        session.wait()
        assert len(session.read_output("y_timeout")) == 9
        assert len(session.read_output("y_name", bindings={"name": 2})) == 2
        with pytest.raises(InvalidBinding, match="symbols is given twice, as 3 and 4"):
            session.run(bindings={"symbols": 3}, symbols=4)
        session.run(bindings={"symbols": 3}, symbols=3)
        with pytest.raises(TypeError, match="mapping"):
            session.run(bindings=[("timeout", 3)])


def test_a_state_s_symbol_that_an_argument_is_called(backend, builder):
    queue = builder.symbol("opencl_queue", 1, 8)
    state = builder.state("s", "f32", [queue])
    graph = builder.build({"y": builder.reshape(state, [queue])})
    with backend.compile(graph).session({"opencl_queue": 3}) as session:
        assert session.run()["y"].tolist() == [0] * 3
        assert session.read_state("s").shape == (3,)


class Foreign:
    """An array with ``__dlpack__`` and nothing else."""

    def __init__(self, array):
        self.array = array

    def __dlpack_device__(self):
        return self.array.__dlpack_device__()

    def __dlpack__(self, **options):
        return self.array.__dlpack__(**options)


@pytest.mark.parametrize("kind", [lambda array: array, Foreign], ids=["array", "dlpack"])
@pytest.mark.parametrize("rows", [0, 17, 65])
def test_an_array_outside_the_range_names_the_symbol(double, kind, rows):
    x = kind(numpy.zeros((rows, 4), numpy.float32))
    for use in (
        lambda: double.bind_input("x", x),
        lambda: double.run({"x": x}),
        lambda: double.bind_output("y", x),
        lambda: double.run({"x": random(3, 4)}, outputs={"y": x}),
    ):
        with pytest.raises(InvalidBinding) as caught:
            use()
        assert f"rows would be {rows}; the graph allows 1...16" in str(caught.value)
        assert "bytes" not in str(caught.value)
    numpy.testing.assert_array_equal(
        double.run({"x": numpy.ones((2, 4), numpy.float32)})["y"], numpy.full((2, 4), 2)
    )


def test_states_too(sums):
    with pytest.raises(InvalidBinding, match="width would be 5; it is 4 here"):
        sums.bind_state("total", numpy.zeros(5, numpy.float32))
    sums.bind_state("total", numpy.zeros(4, numpy.float32))


def test_device_memory_too(backend, builder, double):
    double.run({"x": random(16, 4)})
    from heddle import GraphBuilder

    with GraphBuilder() as small:
        x = small.input("x", "f32", [small.symbol("few", 1, 8), 4])
        graph = small.build({"y": small.softmax(x)})
    with backend.compile(graph).session() as session:
        with pytest.raises(InvalidBinding, match="few would be 16; the graph allows 1...8"):
            session.bind_input("x", double.output_dlpack("y", memory="opencl"))


def test_other_shapes_are_named(double):
    for shape in ((3,), (3, 5), (3, 4, 1)):
        with pytest.raises(InvalidData) as caught:
            double.bind_input("x", numpy.zeros(shape, numpy.float32))
        assert "f32[rows, 4]" in str(caught.value) and str(list(shape)) in str(caught.value)
