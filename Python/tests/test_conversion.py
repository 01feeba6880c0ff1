"""Nothing that is given changes its value on the way: else an error that names it, what was
expected and what came."""

from __future__ import annotations

import array
import math

import numpy
import pytest

import heddle
from heddle import InvalidBinding, InvalidData
from helpers import random


@pytest.fixture
def both(backend, builder):
    """i32 and f32, n of each."""
    n = builder.symbol("n", 1, 8)
    i, f = builder.input("i", "i32", [n]), builder.input("f", "f32", [n])
    outputs = {"j": builder.reshape(i, [n]), "g": builder.reshape(f, [n])}
    with backend.compile(builder.build(outputs)).session() as session:
        yield session


GOOD_INTEGERS = [[1, -2], [2**31 - 1, -(2**31)], [1.0, 2], range(3), (1, 2), [numpy.int64(3)]]
BAD_INTEGERS = [
    [1.9, 2, 0.2], [None], "3", ["3"], b"12", [True], [1, False], [1j], [2**31], [-(2**40)],
    [10**30],
    [math.nan], [math.inf], [[1, 2], [3]], [{}], None, True, {1, 2}, {"a": 1},
    numpy.array([1.9, 2]), numpy.array([1, 2]), numpy.array([1, 2], numpy.uint32),
    numpy.array([True]), numpy.array([1, 2], object), numpy.array(["1"]), numpy.array([1j]),
    numpy.ma.masked_array(numpy.array([1, 2], numpy.int32), [True, False]),
    array.array("q", [1, 2]), [numpy.array([1.5])],
]  # fmt: skip


@pytest.mark.parametrize("value", GOOD_INTEGERS, ids=repr)
def test_integers(both, value):
    assert both.run({"i": value, "f": [0] * len(value)})["j"].tolist() == list(value)


@pytest.mark.parametrize("value", BAD_INTEGERS, ids=repr)
def test_what_is_no_integer(both, value):
    with pytest.raises((ValueError, TypeError), match="'i'"):
        both.run({"i": value, "f": [0, 0]})


GOOD_FLOATS = [[1, 2.5], [0.1], [math.inf, math.nan], [-0.0], [2**24, -(2**24)], [3.4e38], [1e-50],
               [numpy.float64(0.25)], [numpy.int32(3), 0.5]]  # fmt: skip
BAD_FLOATS = [
    [None], ["1"], "1.5", [True], [1.5, True], [1j], [1e39], [2**24 + 1], [10**400], [object()],
    numpy.array([1.5]), numpy.array([1.5], numpy.float16), numpy.array([1]), numpy.array([True]),
    numpy.array([None]), numpy.array([1j]), numpy.float64(1.5),
    numpy.ma.masked_array(numpy.ones(2, numpy.float32), [True, False]), array.array("d", [1.0]),
]  # fmt: skip


@pytest.mark.parametrize("value", GOOD_FLOATS, ids=repr)
def test_floats_are_rounded_to_nearest(both, value):
    got = both.run({"f": value, "i": [0] * len(value)})["g"]
    numpy.testing.assert_array_equal(got, numpy.array(value, numpy.float32))


@pytest.mark.parametrize("value", BAD_FLOATS, ids=repr)
def test_what_is_no_float(both, value):
    with pytest.raises((ValueError, TypeError), match="'f'"):
        both.run({"f": value, "i": [0]})


def test_messages_name_what_was_expected_and_what_came(both):
    for value, words in (
        (numpy.array([1.5]), ("'f'", "float64", "f32", "float32", "astype")),
        ([None], ("'f'", "f32", "None", "NoneType")),
        ([1e39], ("'f'", "float32", "1e+39")),
    ):
        with pytest.raises(InvalidData) as caught:
            both.run({"f": value, "i": [0]})
        for word in words:
            assert word in str(caught.value)


def test_nested_lists_scalars_and_buffers(backend, builder):
    m, s = builder.input("m", "f32", [2, 2]), builder.input("s", "i32", [])
    graph = builder.build({"a": builder.reshape(m, [4]), "b": builder.reshape(s, [1])})
    with backend.compile(graph).session() as session:
        for matrix in ([[1, 2], [3, 4.5]], [numpy.array([1.0, 2.0]), [3, 4.5]]):
            got = session.run({"m": matrix, "s": 7})
            assert got["a"].tolist() == [1, 2, 3, 4.5] and got["b"].tolist() == [7]
        with pytest.raises(ValueError, match="'m'"):
            session.run({"m": [[1, 2], [3]], "s": 1})
        with pytest.raises(InvalidData):
            session.run({"m": [], "s": 1})
        flat = array.array("f", [1, 2, 3, 4])
        view = memoryview(flat).cast("B").cast("f", (2, 2))
        assert session.run({"m": view, "s": numpy.int32(1)})["a"].tolist() == [1, 2, 3, 4]


def test_bf16_takes_what_it_can_hold(backend, builder):
    x = builder.input("x", "bf16", [2])
    with backend.compile(builder.build({"y": builder.encode(x, "f32")})).session() as session:
        assert session.run({"x": [1, 0.1]})["y"].tolist() == [1, 0.10009765625]
        with pytest.raises(InvalidData, match="257"):
            session.run({"x": [257, 1]})


def test_states_and_constants(sums, backend):
    sums.run({"x": [1]})
    for wrong in ([1.0, None, 2, 3], numpy.ones(4), ["1"] * 4, [True] * 4):
        with pytest.raises((ValueError, TypeError), match="total"):
            sums.write_state("total", wrong)
        with pytest.raises((ValueError, TypeError), match="total"):
            sums.bind_state("total", wrong)
    store = heddle.ConstantStore()
    for wrong in (
        [1.5],
        3,
        None,
        "w",
        True,
        numpy.ones(2),
        numpy.array([None]),
        numpy.ones(2, bool),
    ):
        with pytest.raises((ValueError, TypeError), match="'w'"):
            store.add("w", wrong)
    assert store.names() == []


@pytest.mark.parametrize("value", [2.5, 2.0, True, "3", None, 1j, [2], numpy.float32(2)], ids=repr)
def test_symbols(double, value):
    double.bind_input("x", random(2, 4))
    for use in (double.run, double.step, double.start):
        for given in ({"rows": value}, {"bindings": {"rows": value}}):
            with pytest.raises((TypeError, InvalidBinding), match="rows"):
                use(**given)


@pytest.mark.parametrize("value", [2.5, True, "3"], ids=repr)
def test_symbols_of_a_session(backend, builder, value):
    state = builder.state("s", "f32", [builder.symbol("width", 1, 4)])
    with backend.compile(builder.build({"y": builder.softmax(state)})) as executable:
        for given in ({"width": value}, {"bindings": {"width": value}}):
            with pytest.raises(TypeError, match="width"):
                executable.session(**given)


@pytest.mark.parametrize("value", ["1", True, None, 1j, [1]], ids=repr)
def test_timeouts_and_flags(double, value):
    double.bind_input("x", random(2, 4))
    if value is not None:
        with pytest.raises(TypeError, match="timeout"):
            double.step(timeout=value)
    if value is not True:
        with pytest.raises(TypeError, match="profile"):
            double.step(profile=value)


def test_sampling_options():
    from heddle.model import _options

    for name in ("max_tokens", "temperature", "top_k", "top_p", "seed", "timeout", "chat"):
        for value in ("1", 1j, [1], b"1", True if name != "chat" else 1, None):
            if value is None and name in ("max_tokens", "timeout"):
                continue
            with pytest.raises(TypeError, match=name.replace("_", ".")):
                _options(**{name: value})
        if name not in ("temperature", "top_p", "timeout", "chat"):
            with pytest.raises(TypeError, match=name):
                _options(**{name: 2.5})
    assert _options(temperature=numpy.float32(0.5), top_k=numpy.int64(3), chat=True).top_k == 3


def test_extents_and_ranges_of_symbols(builder):
    for value in (1.5, True, "3", None):
        with pytest.raises(TypeError, match="minimum"):
            builder.symbol("n", value, 3)
    for shape in ([True], [1.5], [None]):
        with pytest.raises(TypeError):
            builder.input("x", "f32", shape)
