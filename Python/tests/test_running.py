"""Running apart, stopping, Ctrl-C, and what a failed step leaves."""

from __future__ import annotations

import _thread
import signal
import threading
import time

import numpy
import pytest

from heddle import (
    Busy,
    Cancelled,
    DeadlineExceeded,
    InvalidArgument,
    InvalidBinding,
    NotStarted,
)
from helpers import random


@pytest.fixture
def ranges(backend, builder):
    """y = past … past + count."""
    past, count = builder.symbol("past", 0, 9), builder.symbol("count", 1, 9)
    with backend.compile(builder.build({"y": builder.range(past, count)})).session() as session:
        yield session


def test_running_apart(sums):
    with pytest.raises(NotStarted):
        sums.wait()
    x = numpy.ones(1, numpy.float32)
    sums.bind_input("x", x)
    sums.start()
    sums.wait()
    with pytest.raises(NotStarted):
        sums.wait(0)
    assert sums.read_output("y").tolist() == [1] * 4


def test_a_session_does_one_thing_at_a_time(slow):
    slow.start()
    for use in (
        slow.step,
        slow.start,
        slow.reset,
        lambda: slow.bind_input("x", None),
        lambda: slow.wait(0),
    ):
        with pytest.raises(Busy):
            use()
    slow.cancel()
    with pytest.raises(Cancelled):
        slow.wait()
    slow.step()


def test_cancelling_from_another_thread(slow):
    done = threading.Event()

    def cancel():
        # Between two steps there is nothing to stop, so once may not be enough.
        while not done.wait(0.02):
            slow.cancel()

    thread = threading.Thread(target=cancel)
    thread.start()
    with pytest.raises(Cancelled):
        while True:
            slow.step()
    done.set()
    thread.join()
    slow.cancel()
    slow.step()


def test_deadlines(slow):
    with pytest.raises(DeadlineExceeded) as caught:
        slow.step(timeout=1e-9)
    assert isinstance(caught.value, TimeoutError)
    assert caught.value.name == "HEDDLE_DEADLINE"
    slow.step(timeout=500)
    for wrong in (-1, float("nan")):
        with pytest.raises(InvalidArgument):
            slow.step(timeout=wrong)


def test_other_threads_go_on_while_a_step_runs(slow):
    ticks, stop = [], threading.Event()

    def tick():
        while not stop.is_set():
            ticks.append(1)
            time.sleep(0.001)

    thread = threading.Thread(target=tick)
    thread.start()
    before = len(ticks)
    slow.step()
    after = len(ticks)
    stop.set()
    thread.join()
    assert after > before


def test_ctrl_c_ends_waiting_but_not_the_step(slow):
    is_waiting = threading.Event()

    def interrupt():
        is_waiting.wait()
        _thread.interrupt_main()

    # A shell's background jobs ignore interrupts.
    former = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        thread = threading.Thread(target=interrupt)
        thread.start()
        slow.start()
        with pytest.raises(KeyboardInterrupt):
            is_waiting.set()
            slow.wait()
        thread.join()
    finally:
        signal.signal(signal.SIGINT, former)
    slow.cancel()
    # A wait to the step's end would have taken its result.
    with pytest.raises(Cancelled):
        slow.wait()


def test_waiting_for_a_while(slow):
    slow.start()
    with pytest.raises(Busy):
        slow.wait(1e-9)
    slow.cancel()
    with pytest.raises(Cancelled):
        slow.wait(500)
    slow.start()
    slow.wait(500)


WRONG = ({"past": 10}, {"count": 0}, {"other": 1}, {"past": 2**40}, {"count": 2**70})


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_symbol_is_forgotten(ranges, wrong):
    assert ranges.run(past=2, count=3)["y"].tolist() == [2, 3, 4]
    for use in (ranges.run, ranges.step):
        with pytest.raises((InvalidBinding, InvalidArgument)):
            use(**wrong)
        assert ranges.read_output("y").tolist() == [2, 3, 4]
        assert ranges.run()["y"].tolist() == [2, 3, 4]
    ranges.step()
    assert ranges.run(past=1)["y"].tolist() == [1, 2, 3]


def test_symbols_of_a_step_that_failed_are_forgotten(ranges):
    ranges.run(past=2, count=3)
    with pytest.raises(DeadlineExceeded):
        ranges.step(timeout=1e-9, past=5, count=8)
    assert ranges.read_output("y").shape == (3,)
    ranges.step()
    assert ranges.read_output("y").tolist() == [2, 3, 4]


def test_a_first_step_that_failed_names_nothing(backend, builder):
    n = builder.symbol("n", 0, 9)
    session = backend.compile(builder.build({"y": builder.range(n, 2)})).session()
    with pytest.raises(DeadlineExceeded):
        session.step(timeout=1e-9, n=8)
    with pytest.raises(InvalidBinding):
        session.step()


def test_symbols_of_a_step_apart_are_known_when_it_is_done(ranges):
    ranges.run(past=2, count=3)
    ranges.start(past=4, count=2)
    ranges.wait()
    assert ranges.read_output("y").tolist() == [4, 5]
    ranges.start(timeout=1e-9, past=5, count=8)
    with pytest.raises(DeadlineExceeded):
        ranges.wait()
    assert ranges.run()["y"].tolist() == [4, 5]
    with pytest.raises(InvalidBinding):
        ranges.start(past=10)
        ranges.wait()
    assert ranges.run()["y"].tolist() == [4, 5]


def test_a_symbol_that_was_named_and_is_told_by_a_shape(double):
    double.bind_input("x", random(3, 4))
    double.step(rows=3)
    double.bind_input("x", random(5, 4))
    assert double.read_output("y").shape == (3, 4), "the last run's"
    double.step()
    assert double.read_output("y").shape == (5, 4)


def test_an_output_s_shape_tells_nothing(ranges):
    ranges.run(past=2, count=3)
    y = numpy.zeros(3, numpy.int32)
    ranges.bind_output("y", y)
    ranges.step()
    assert y.tolist() == [2, 3, 4]


def test_reading_what_is_bound_while_a_step_runs(slow):
    y = numpy.zeros((512, 512), numpy.float32)
    slow.bind_output("y", y)
    slow.start()
    with pytest.raises(Busy):
        slow.read_output("y")
    slow.cancel()
    with pytest.raises(Cancelled):
        slow.wait()
    slow.step()
    numpy.testing.assert_array_equal(slow.read_output("y"), y)


def test_reading_what_is_bound_after_a_deadline_waits_for_the_device(slow):
    y = numpy.zeros((512, 512), numpy.float32)
    slow.bind_output("y", y)
    slow.step()
    with pytest.raises(DeadlineExceeded):
        slow.step(timeout=1e-3)
    got = slow.read_output("y")
    numpy.testing.assert_array_equal(got, y)


def test_reading_a_larger_array_s_part(double):
    y = numpy.full((8, 8), -1, numpy.float32)
    x = random(4, 4)
    double.bind_output("y", y[::2, 1::2])
    double.run({"x": x})
    got = double.read_output("y")
    assert got.flags.c_contiguous
    numpy.testing.assert_array_equal(got, 2 * x)
