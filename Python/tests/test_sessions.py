"""States, symbols, plans, and what the header says of the last run."""

from __future__ import annotations

import numpy
import pytest

from heddle import (
    InvalidArgument,
    InvalidBinding,
    InvalidHandle,
    _library,
)
from heddle._interface import NUMBERS


def test_states_last_and_are_reset(sums):
    for expected in (1.5, 3, 4.5):
        assert sums.run({"x": [1.5, 0]})["y"].tolist() == [expected] * 4
    assert sums.read_state("total").tolist() == [4.5] * 4
    sums.reset()
    assert sums.run({"x": [2]})["y"].tolist() == [2] * 4


def test_states_are_written_and_bound(sums):
    sums.write_state("total", numpy.arange(4, dtype=numpy.float32))
    assert sums.run({"x": [1]})["y"].tolist() == [1, 2, 3, 4]
    mine = numpy.full(4, 10, numpy.float32)
    sums.bind_state("total", mine)
    sums.run({"x": [1]})
    assert mine.tolist() == [11] * 4
    sums.bind_state("total", None)
    with pytest.raises(ValueError):
        sums.write_state("total", numpy.zeros(3, numpy.float32))
    with pytest.raises(InvalidBinding):
        sums.write_state("nobody", numpy.zeros(4, numpy.float32))


def test_sessions_have_states_of_their_own(backend, builder):
    state = builder.state("s", "f32", [2])
    value = builder.add(state, builder.input("x", "f32", [2]))
    builder.update("s", value)
    executable = backend.compile(builder.build({"y": value}))
    a, b = executable.session(), executable.session()
    a.run({"x": [1, 1]})
    assert b.run({"x": [5, 5]})["y"].tolist() == [5, 5]
    assert a.run({"x": [1, 1]})["y"].tolist() == [2, 2]


def test_symbols(backend, builder):
    past, count = builder.symbol("past", 0, 9), builder.symbol("count", 1, 9)
    executable = backend.compile(builder.build({"y": builder.range(past, count)}))
    session = executable.session()
    assert session.run(past=2, count=3)["y"].tolist() == [2, 3, 4]
    assert session.run(past=5)["y"].tolist() == [5, 6, 7], "count stays"
    session.step()
    assert session.read_output("y").tolist() == [5, 6, 7]
    for wrong in ({"past": 10}, {"past": -1}, {"count": 0}, {"other": 1}, {"past": 2**40}):
        with pytest.raises(InvalidBinding):
            executable.session().run(**{"past": 1, "count": 1, **wrong})
    with pytest.raises(InvalidBinding):
        executable.session().run(past=1)
    with pytest.raises(InvalidArgument):
        session.run(past=2**70)


def test_symbols_of_states_are_bound_with_the_session(backend, builder):
    builder.state("s", "f32", [builder.symbol("width", 1, 8)])
    x = builder.input("x", "f32", [1])
    executable = backend.compile(builder.build({"y": x}))
    for wrong in ({"width": 0}, {"width": 9}, {"width": 2, "other": 1}):
        with pytest.raises(InvalidBinding):
            executable.session(**wrong)
    assert executable.session({"width": 3}).read_state("s").tolist() == [0, 0, 0]


def test_profiles(sums):
    sums.run({"x": [1]}, profile=True)
    entries = sums.profile()
    assert any(entry["operation"] == "binary" for entry in entries)
    assert all(entry["ended"] >= entry["started"] for entry in entries)


def test_a_plan_says_what_runs(backend, builder):
    x = builder.input("x", "f32", [4, 4])
    graph = builder.build({"y": builder.softmax(x)})
    assert backend.supports(graph)
    plan = backend.compile(graph).plan()
    assert sum(plan["launches"]) >= 1 and "softmax" in plan["kernels"][0]


def test_what_a_backend_does_not_support(backend, builder):
    x = builder.input("x", "f32", [4])
    graph = builder.build({"y": builder.custom("twist", [x], same_as=0)[0]})
    support = backend.supports(graph)
    assert not support and "twist" in support.reason
    with pytest.raises(Exception, match="twist") as caught:
        backend.compile(graph)
    assert caught.value.name == "HEDDLE_UNSUPPORTED"


def test_closed_objects_say_so(backend, builder):
    x = builder.input("x", "f32", [4])
    graph = builder.build({"y": x})
    executable = backend.compile(graph)
    session = executable.session()
    graph.close()
    executable.close()
    assert session.run({"x": [1, 2, 3, 4]})["y"].tolist() == [1, 2, 3, 4]
    session.close()
    session.close()
    for use in (session.step, lambda: graph.json(), lambda: executable.session()):
        with pytest.raises(InvalidHandle):
            use()


class TestWhatTheHeaderSaysOfTheLastRun:
    """Its symbols size what is read and exported, and are those of a run without options."""

    @pytest.fixture
    def session(self, backend, builder):
        past, n = builder.symbol("past", 0, 9), builder.symbol("n", 1, 8)
        x = builder.input("x", "f32", [n, 4])
        outputs = {"y": builder.add(x, x), "r": builder.range(past, 2)}
        with backend.compile(builder.build(outputs)).session() as session:
            session.bind_input("x", numpy.ones((3, 4), numpy.float32))
            session.step(past=3)
            yield session

    def test_exporting_after_something_was_bound(self, session):
        session.bind_input("x", None)
        assert numpy.from_dlpack(session.output_dlpack("y")).shape == (3, 4)

    def test_running_again_after_something_was_bound(self, session):
        session.bind_input("x", numpy.ones((3, 4), numpy.float32))
        _library.call("heddle_session_run", session.handle, None)
        assert session.read_output("r").tolist() == [3, 4]

    def test_exporting_what_is_bound_to_the_host_s_memory(self, session):
        session.bind_output("y", numpy.zeros((3, 4), numpy.float32))
        session.step()
        assert (numpy.from_dlpack(session.output_dlpack("y")) == 2).all()

    def test_reading_what_is_bound_to_the_host_s_memory(self, session):
        session.bind_output("y", numpy.zeros((3, 4), numpy.float32))
        session.step()
        got = numpy.empty((3, 4), numpy.float32)
        where = (session.handle, NUMBERS["OUTPUT"], b"y", got.ctypes.data, got.nbytes)
        _library.call("heddle_session_read", *where)
        assert (got == 2).all()
