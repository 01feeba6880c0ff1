"""Ctrl-C ends whatever keeps the main thread, within a moment and with nothing lost."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time

import numpy
import pytest

import heddle
from helpers import demo_model, random, run_python

# The most seconds until a call ends. A machine under load takes longer for a portion of work.
SOON = 1.5


class Pressed:
    """Sends this process an interrupt a while after it is entered, and says how long it took from
    there to the end."""

    def __init__(self, after: float, number: int = signal.SIGINT, handler=None) -> None:
        self.after, self.number = after, number
        self.handler = signal.default_int_handler if handler is None else handler

    def __enter__(self):
        # A shell's background jobs ignore interrupts.
        self.former = signal.signal(self.number, self.handler)
        self.timer = threading.Timer(self.after, self.press)
        self.timer.start()
        return self

    def press(self):
        self.at = time.monotonic()
        signal.pthread_kill(threading.main_thread().ident, self.number)

    def __exit__(self, *exception):
        self.took = time.monotonic() - getattr(self, "at", float("inf"))
        self.timer.join()
        signal.signal(self.number, self.former)


@pytest.fixture
def long(backend, builder):
    """Some seconds of products."""
    x = value = builder.input("x", "f32", [512, 512])
    for _ in range(400):
        value = builder.softmax(builder.matmul(value, x))
    with backend.compile(builder.build({"y": value})).session() as session:
        session.bind_input("x", random(512, 512))
        yield session


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("use", ["run", "step", "timeout", "profile"])
def test_a_run(long, use, capfd):
    calls = {
        "run": long.run,
        "step": long.step,
        "timeout": lambda: long.step(timeout=100),
        "profile": lambda: long.step(profile=True),
    }
    for after in (0.05, 0.3):
        with pytest.raises(KeyboardInterrupt), Pressed(after) as pressed:
            calls[use]()
        assert pressed.took < SOON
    # The session can go on.
    long.start()
    long.cancel()
    with pytest.raises(Exception, match="cancelled"):
        long.wait()
    assert "ignored" not in capfd.readouterr().err


def test_waiting(long):
    long.start()
    with pytest.raises(KeyboardInterrupt), Pressed(0.1) as pressed:
        long.wait()
    assert pressed.took < SOON
    long.cancel()


def test_a_handler_that_does_not_raise_lets_it_go_on(slow):
    expected = slow.run()["y"]
    seen = []
    with Pressed(0.05, signal.SIGUSR1, lambda *_: seen.append(threading.current_thread())):
        while not seen:
            y = slow.run()["y"]
    assert seen == [threading.main_thread()]
    numpy.testing.assert_array_equal(y, expected)


def test_a_handler_may_use_the_library(backend, slow):
    with heddle.GraphBuilder() as builder:
        y = builder.unary(builder.input("x", "f32", [4]), "negate")
        graph = builder.build({"y": y})
    seen = []

    def handler(*_):
        try:
            seen.append(other.run({"x": range(4)})["y"].tolist())
        except heddle.Busy as error:
            # Some drivers run one step at a time, and this thread is inside one.
            seen.append(error)
        seen.append(graph.json())

    with backend.compile(graph).session() as other:
        with Pressed(0.05, signal.SIGUSR1, handler):
            while not seen:
                slow.step()
        slow.step()
        assert other.run({"x": range(4)})["y"].tolist() == [0, -1, -2, -3]
    assert isinstance(seen[0], heddle.Busy) or seen[0] == [0, -1, -2, -3]


def test_a_handler_may_close_what_runs(long):
    with pytest.raises(heddle.Cancelled), Pressed(0.1, signal.SIGUSR1, lambda *_: long.close()):
        long.step()
    assert long.is_closed


def test_what_a_handler_raises_comes_out(long):
    class Enough(Exception):
        pass

    def handler(*_):
        raise Enough

    with pytest.raises(Enough), Pressed(0.1, signal.SIGUSR1, handler) as pressed:
        long.step()
    assert pressed.took < SOON


def test_other_threads_go_on(slow):
    results = []
    thread = threading.Thread(target=lambda: results.append(slow.run()["y"]))
    with pytest.raises(KeyboardInterrupt), Pressed(0.05):
        thread.start()
        time.sleep(60)
    thread.join()
    assert len(results) == 1


BUILDING = """
import signal, threading, time, heddle
signal.signal(signal.SIGINT, signal.default_int_handler)
builder = heddle.GraphBuilder()
outputs = {}
for width in range(1, 40):
    x = builder.input(f"x{width}", "f32", [64, 64 * width])
    outputs[f"y{width}"] = builder.softmax(builder.matmul(x, x), label=str(width))
    outputs[f"z{width}"] = builder.unary(x, "gelu")
graph = builder.build(outputs)
backend = heddle.Backend(cache=False)
main = threading.main_thread().ident
threading.Timer(0.2, lambda: signal.pthread_kill(main, signal.SIGINT)).start()
try:
    %s
    print("done")
except KeyboardInterrupt:
    print("interrupted", backend.state()["buildCount"])
"""


def test_opening_a_model():
    answer = run_python(BUILDING % f"heddle.Model({str(demo_model())!r}, backend)")
    assert answer.stdout.startswith("interrupted"), answer
    assert int(answer.stdout.split()[1]) < 10
    # PoCL's compiler takes its own files away when a signal comes, says so, and is asked again.
    assert answer.stderr.replace("1 error generated.\n", "") == ""


def test_compiling_a_graph():
    answer = run_python(BUILDING % "backend.compile(graph)")
    assert answer.stdout.startswith("interrupted"), answer
    assert int(answer.stdout.split()[1]) < 10
    # PoCL's compiler takes its own files away when a signal comes, says so, and is asked again.
    assert answer.stderr.replace("1 error generated.\n", "") == ""


def test_an_interpreter_that_is_interrupted_says_so():
    program = (
        "import heddle, numpy\n"
        "builder = heddle.GraphBuilder()\n"
        "x = value = builder.input('x', 'f32', [512, 512])\n"
        "for _ in range(400): value = builder.softmax(builder.matmul(value, x))\n"
        "session = heddle.Backend().compile(builder.build({'y': value})).session()\n"
        "session.bind_input('x', numpy.ones((512, 512), numpy.float32))\n"
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "print('ready', flush=True)\n"
        "while True: session.step()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.3)
    start = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=60)
    assert time.monotonic() - start < 2 * SOON
    assert error.rstrip().endswith("KeyboardInterrupt") and "ignored" not in error
    assert process.returncode == -signal.SIGINT


@pytest.fixture(scope="module")
def model(backend):
    with heddle.Model(demo_model(), backend) as made:
        yield made


LONG = "A word and another, and then one more. " * 250


def test_a_prompt(model, capfd):
    for use in (model.complete, lambda prompt: next(model.generate(prompt))):
        for after in (0.1, 0.7):
            with pytest.raises(KeyboardInterrupt) as caught, Pressed(after) as pressed:
                use(LONG)
            assert pressed.took < SOON
            if use == model.complete:
                assert caught.value.partial == ""
            del caught
    assert model.complete("The capital of France is", max_tokens=1) == " Paris"
    assert "ignored" not in capfd.readouterr().err


def test_text_that_was_made_is_with_the_caller(model, capfd):
    whole = model.complete("Once upon a time", max_tokens=100)
    with pytest.raises(KeyboardInterrupt) as caught, Pressed(0.8) as pressed:
        while True:
            model.complete("Once upon a time", max_tokens=100)
    assert pressed.took < SOON
    assert whole.startswith(caught.value.partial)
    tokens = []
    with pytest.raises(KeyboardInterrupt), Pressed(1) as pressed:
        while True:
            for token in model.generate("Once upon a time", max_tokens=100):
                tokens.append(token.text)
    assert pressed.took < SOON
    assert "ignored" not in capfd.readouterr().err


def test_closing_a_generator_whose_prompt_is_long(model):
    generator = model.generate(LONG)
    ended = []

    def read():
        try:
            next(generator)
        except heddle.InvalidHandle as error:
            ended.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    time.sleep(0.3)
    start = time.monotonic()
    for producer in list(model._producers._running):
        producer.stop()
    assert time.monotonic() - start < SOON
    reader.join()
    assert len(ended) == 1
