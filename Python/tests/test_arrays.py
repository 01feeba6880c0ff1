"""NumPy arrays of every kind as inputs, outputs and states."""

from __future__ import annotations

import numpy
import pytest

from heddle import Error, InvalidBinding, InvalidData
from helpers import random


@pytest.fixture
def double(backend, builder):
    """y = x + x, x [rows, columns]."""
    rows, columns = builder.symbol("rows", 0, 64), builder.symbol("columns", 0, 64)
    x = builder.input("x", "f32", [rows, columns])
    with backend.compile(builder.build({"y": builder.add(x, x)})).session() as session:
        yield session


VIEWS = {
    "row-major": lambda a: a,
    "transposed": lambda a: a.T,
    "column-major": numpy.asfortranarray,
    "rows left out": lambda a: a[::3],
    "columns left out": lambda a: a[:, 1::2],
    "a part": lambda a: a[2:7, 3:9],
    "one row": lambda a: a[4:5],
    "broadcast": lambda a: numpy.broadcast_to(a[0], (6, a.shape[1])),
    "read-only": lambda a: numpy.frombuffer(a.tobytes(), numpy.float32).reshape(a.shape),
    "not aligned to more than an element": lambda a: (
        numpy.append(0, a.ravel()).astype("f4")[1:].reshape(a.shape)
    ),
}


@pytest.mark.parametrize("view", VIEWS)
def test_strides_of_inputs(double, view):
    x = VIEWS[view](random(12, 10))
    copied = double.bind_input("x", x)
    assert isinstance(copied, bool)
    double.step()
    numpy.testing.assert_array_equal(double.read_output("y"), x + x)


@pytest.mark.parametrize(
    "view", ["row-major", "transposed", "rows left out", "columns left out", "a part"]
)
def test_strides_of_outputs(double, view):
    memory = numpy.full((12, 10), -1, numpy.float32)
    y = VIEWS[view](memory)
    x = random(*y.shape)
    before = memory.copy()
    double.bind_output("y", y)
    double.bind_input("x", x)
    double.step()
    numpy.testing.assert_array_equal(y, x + x)
    VIEWS[view](before)[...] = x + x
    numpy.testing.assert_array_equal(memory, before, "nothing beside the output is written")


@pytest.mark.parametrize("shape", [(0, 5), (5, 0), (0, 0)])
def test_no_elements(double, shape):
    y = double.run({"x": numpy.zeros(shape, numpy.float32)})["y"]
    assert y.shape == shape


@pytest.mark.parametrize(
    "array",
    [
        random(4, 4)[::-1],
        random(4, 4)[:, ::-1],
        random(4, 4).astype(">f4"),
        numpy.zeros(4, [("a", "f4"), ("b", "u1")])["a"].reshape(2, 2),
    ],
    ids=["rows backwards", "columns backwards", "other byte order", "between other fields"],
)
def test_arrays_that_must_be_copied(double, array):
    with pytest.raises(InvalidData):
        double.bind_input("x", array)
    with pytest.raises(InvalidData):
        double.bind_output("y", array)
    numpy.testing.assert_array_equal(double.run({"x": array})["y"], array + array)


@pytest.mark.parametrize("dtype", [numpy.float64, numpy.int32, numpy.float16, numpy.uint16])
def test_other_types_are_refused(double, dtype):
    for use in (double.bind_input, lambda name, array: double.run({name: array})):
        with pytest.raises(InvalidData):
            use("x", numpy.zeros((2, 2), dtype))


def test_numbers_and_lists_are_converted(double):
    assert double.run({"x": [[1, 2], [3, 4]]})["y"].tolist() == [[2, 4], [6, 8]]


@pytest.mark.parametrize("shape", [(65, 1), (1, 65), (4,), (2, 2, 2), ()])
def test_other_shapes_are_refused(double, shape):
    with pytest.raises((InvalidBinding, InvalidData)):
        double.run({"x": numpy.zeros(shape, numpy.float32)})
    assert double.run({"x": numpy.ones((2, 2), numpy.float32)})["y"].sum() == 8


def test_read_only_arrays_are_inputs_only(double):
    y = numpy.zeros((2, 2), numpy.float32)
    y.flags.writeable = False
    with pytest.raises(Error, match="read-only"):
        double.bind_output("y", y)
    double.run({"x": y})


def test_names_that_are_none(double):
    for use in (double.bind_input, double.bind_output, double.bind_state):
        with pytest.raises(InvalidBinding):
            use("nobody", random(2, 2))
    with pytest.raises(InvalidBinding):
        double.run({"x": random(2, 2)}, nobody=3)
    with pytest.raises(InvalidBinding):
        double.run()


def test_a_bound_array_is_read_at_each_step(double):
    x, y = random(8, 8), numpy.empty((8, 8), numpy.float32)
    double.bind_input("x", x)
    double.bind_output("y", y)
    for factor in (1, 2, -3):
        x *= factor
        double.step()
        numpy.testing.assert_array_equal(y, x + x)


def test_binding_none_gives_the_session_its_own_memory_again(double):
    y = numpy.zeros((2, 2), numpy.float32)
    double.bind_output("y", y)
    double.run({"x": [[1, 1], [1, 1]]})
    double.bind_output("y", None)
    assert double.run({"x": [[5, 5], [5, 5]]})["y"].tolist() == [[10, 10], [10, 10]]
    assert y.tolist() == [[2, 2], [2, 2]]


def test_outputs_of_a_run(double):
    y = numpy.zeros((3, 2), numpy.float32)
    x = random(3, 2)
    results = double.run({"x": x}, {"y": y})
    assert results["y"] is y
    numpy.testing.assert_array_equal(y, x + x)
    other = double.run({"x": random(2, 3)})
    assert other["y"].shape == (2, 3)
    numpy.testing.assert_array_equal(y, x + x)


def test_bfloat16_inputs_and_outputs(backend, builder):
    ml_dtypes = pytest.importorskip("ml_dtypes")
    x = builder.input("x", "bf16", [3, 16])
    y = builder.matmul(x, builder.input("w", "bf16", [5, 16]))
    session = backend.compile(builder.build({"y": y, "z": builder.encode(y, "bf16")})).session()
    x, w = random(3, 16).astype(ml_dtypes.bfloat16), random(5, 16).astype(ml_dtypes.bfloat16)
    got = session.run({"x": x, "w": w.view(numpy.uint16)})
    expected = x.astype(numpy.float64) @ w.astype(numpy.float64).T
    numpy.testing.assert_allclose(got["y"], expected, rtol=1e-5, atol=1e-5)
    assert got["z"].dtype == ml_dtypes.bfloat16
    numpy.testing.assert_array_equal(got["z"], got["y"].astype(ml_dtypes.bfloat16))


def test_a_run_gives_back_what_was_bound_before(double):
    mine, other = random(3, 2), random(3, 2, seed=2)
    double.bind_input("x", mine)
    numpy.testing.assert_array_equal(double.run({})["y"], 2 * mine)
    for _ in range(2):
        numpy.testing.assert_array_equal(double.run({"x": other})["y"], 2 * other)
    double.step()
    numpy.testing.assert_array_equal(double.read_output("y"), 2 * other, "a step is the last run")
    numpy.testing.assert_array_equal(double.run({})["y"], 2 * mine)
    mine += 1
    numpy.testing.assert_array_equal(double.run()["y"], 2 * mine)


def test_a_run_gives_back_an_output_that_was_bound_before(double):
    mine, other = numpy.zeros((3, 2), numpy.float32), numpy.zeros((3, 2), numpy.float32)
    x = random(3, 2)
    double.bind_output("y", mine)
    assert double.run({"x": x}, {"y": other})["y"] is other
    assert not mine.any()
    assert double.run({"x": 2 * x})["y"] is mine
    numpy.testing.assert_array_equal(mine, 4 * x)
    numpy.testing.assert_array_equal(other, 2 * x)


def test_a_run_that_failed_gives_back_too(double):
    mine = random(3, 2)
    double.bind_input("x", mine)
    for wrong in (numpy.zeros((65, 1), numpy.float32), numpy.zeros(3, numpy.float32)):
        with pytest.raises(Error):
            double.run({"x": wrong})
        numpy.testing.assert_array_equal(double.run()["y"], 2 * mine)


def test_what_is_bound_after_a_run_stays(double):
    mine = random(3, 2)
    double.run({"x": random(4, 4)})
    double.bind_input("x", mine)
    for _ in range(2):
        numpy.testing.assert_array_equal(double.run()["y"], 2 * mine)
