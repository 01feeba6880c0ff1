"""Executables compiled for layouts, and arrays that have them or not."""

from __future__ import annotations

import numpy
import pytest

from heddle import Error, InvalidBinding, Layout
from helpers import random


@pytest.fixture
def graph(builder):
    """y = x + x, x [rows, 6]."""
    x = builder.input("x", "f32", [builder.symbol("rows", 1, 16), 6])
    return builder.build({"y": builder.add(x, x)})


def test_a_compiled_layout(backend, builder):
    x = builder.input("x", "f32", [8, 16])
    graph = builder.build({"y": builder.add(x, x)})
    array = random(16, 8).T
    session = backend.compile(graph, layouts=[Layout("input", "x", [1, 8])]).session()
    assert session.bind_input("x", array) is False
    session.step()
    numpy.testing.assert_array_equal(session.read_output("y"), array + array)
    for wrong, expected in (
        (Layout("input", "z", [1, 8]), "z"),
        (Layout("input", "x", [1]), "needs 2 strides"),
        (Layout("output", "y", [0, 1]), "meet"),
        (Layout("input", "x", [-1, 8]), "negative"),
        (Layout("inside", "x", [1, 8]), "place"),
    ):
        with pytest.raises(Error, match=expected):
            backend.compile(graph, layouts=[wrong])


def test_a_part_of_a_larger_array(backend, graph):
    memory = random(5, 3, 6)
    session = backend.compile(graph, layouts=[Layout("input", "x", strides=[18, 1])]).session()
    assert session.bind_input("x", memory[:, 1]) is False
    session.step()
    numpy.testing.assert_array_equal(session.read_output("y"), 2 * memory[:, 1])


@pytest.mark.parametrize("view", ["row-major", "transposed", "rows left out", "backwards"])
def test_arrays_that_lie_otherwise_are_copied(backend, graph, view):
    session = backend.compile(graph, layouts=[Layout("input", "x", [1, 16])]).session()
    x = {
        "row-major": random(4, 6),
        "transposed": random(6, 4).T,
        "rows left out": random(8, 6)[::2],
        "backwards": random(4, 6)[::-1],
    }[view]
    if view != "backwards":
        assert session.bind_input("x", x) is True
        session.step()
        numpy.testing.assert_array_equal(session.read_output("y"), 2 * x)
    numpy.testing.assert_array_equal(session.run({"x": x})["y"], 2 * x)


def test_a_row_major_array_where_columns_are_expected(backend, builder):
    x = builder.input("x", "f32", [4, 4])
    graph = builder.build({"y": builder.add(x, x)})
    layouts = [Layout("input", "x", [1, 4]), Layout("output", "y", [1, 4])]
    session = backend.compile(graph, layouts=layouts).session()
    x, y = random(4, 4), numpy.zeros((4, 4), numpy.float32)
    assert session.bind_input("x", x) is True
    assert session.bind_output("y", y) is True
    session.step()
    numpy.testing.assert_array_equal(y, 2 * x)
    numpy.testing.assert_array_equal(session.read_output("y"), 2 * x)


@pytest.mark.parametrize(("strides", "offset"), [([1, 16], 0), ([20, 3], 0), ([8, 1], 5)])
def test_outputs_of_a_run(backend, graph, strides, offset):
    layouts = [Layout("output", "y", strides, offset)]
    session = backend.compile(graph, layouts=layouts).session()
    x, longer = random(3, 6), random(16, 6)
    first = session.run({"x": x})["y"]
    assert first.flags.c_contiguous
    numpy.testing.assert_array_equal(session.run({"x": longer})["y"], 2 * longer)
    numpy.testing.assert_array_equal(first, 2 * x)
    mine = numpy.zeros((6, 3), numpy.float32).T  # T
    assert session.run({"x": x}, {"y": mine})["y"] is mine
    numpy.testing.assert_array_equal(mine, 2 * x)
    with pytest.raises(InvalidBinding):
        session.run({"x": x}, rows=17)
    numpy.testing.assert_array_equal(session.run({"x": x})["y"], 2 * x)


def test_a_symbol_out_of_range_takes_no_memory(backend, builder):
    count = builder.symbol("count", 1, 9)
    graph = builder.build({"y": builder.range(0, count)})
    session = backend.compile(graph, layouts=[Layout("output", "y", [2])]).session()
    for wrong in ({}, {"count": 2**50}, {"count": -3}):
        with pytest.raises(InvalidBinding):
            session.run(**wrong)
    assert session.run(count=4)["y"].tolist() == [0, 1, 2, 3]
