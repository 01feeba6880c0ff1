"""A forked child of a process that used a device: an error at once, and nothing of the parent's
goes."""

from __future__ import annotations

import multiprocessing
import os

import numpy
import pytest

import heddle
from helpers import collected, random

CALLS = {
    "step": lambda session: session.step(),
    "run": lambda session: session.run({"x": random(3, 4)}),
    "read": lambda session: session.read_output("y"),
    "cancel": lambda session: session.cancel(),
    "backend": lambda session: heddle.Backend(),
    "devices": lambda session: heddle.Device.all(),
    "select": lambda session: heddle.Device.select(),
    "store": lambda session: heddle.ConstantStore(),
    "builder": lambda session: heddle.GraphBuilder(),
    "json": lambda session: heddle.Graph.from_json("{}"),
    "model": lambda session: heddle.Model("/nowhere"),
    "live": lambda session: heddle.live(),
}


def _forked(body, *arguments):
    """What a forked child puts into a queue, within a minute."""
    context = multiprocessing.get_context("fork")
    answers = context.SimpleQueue()
    child = context.Process(target=body, args=(answers, *arguments))
    child.start()
    child.join(60)
    is_hanging = child.is_alive()
    if is_hanging:
        child.kill()
        child.join()
    assert not is_hanging, "the child hangs"
    assert child.exitcode == 0
    return answers.get()


def _try_all(answers, session):
    said = {}
    for name, call in CALLS.items():
        try:
            call(session)
            said[name] = "nothing"
        except heddle.Error as error:
            said[name] = (type(error).__name__, error.name)
    answers.put(said)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_every_call_says_so(double):
    double.run({"x": random(3, 4)})
    said = _forked(_try_all, double)
    assert said == {name: ("Forked", "HEDDLE_FORKED") for name in CALLS}


def _leave(answers, session, backend):
    with session, backend:
        pass
    exported = session._exported_by_test
    text = repr(session)
    array = numpy.from_dlpack(exported)
    del exported, array
    session.close()
    assert session.is_closed
    answers.put(text)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_leaving_and_collecting_in_the_child_touches_nothing(double, backend):
    x = random(3, 4)
    double.run({"x": x})
    double._exported_by_test = double.output_dlpack("y")
    other = double.output_dlpack("y", memory="opencl")
    before = collected()
    assert "closed" in _forked(_leave, double, backend)
    assert collected() == before
    numpy.testing.assert_array_equal(double.run({"x": x})["y"], 2 * x)
    del double._exported_by_test, other


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_an_exception_of_the_child_s_crosses_to_the_parent(double):
    double.run({"x": random(3, 4)})
    with multiprocessing.get_context("fork").Pool(1) as pool:
        with pytest.raises(heddle.Forked) as caught:
            pool.apply(heddle.Backend)
    assert caught.value.name == "HEDDLE_FORKED" and "spawn" in str(caught.value)


def test_a_child_of_a_process_that_used_no_device():
    from helpers import run_python

    answer = run_python(
        "import os, heddle, numpy\n"
        "heddle.library_version()\n"
        "child = os.fork()\n"
        "builder = heddle.GraphBuilder()\n"
        "x = builder.input('x', 'f32', [2])\n"
        "session = heddle.Backend().compile(builder.build({'y': builder.add(x, x)})).session()\n"
        "assert session.run({'x': [1, 2]})['y'].tolist() == [2, 4]\n"
        "if child: assert os.waitpid(child, 0)[1] == 0\n"
    )
    assert (answer.returncode, answer.stderr) == (0, "")


def test_a_generator_and_a_model_in_the_child(backend):
    from helpers import demo_model

    with heddle.Model(demo_model(), backend) as model:
        generator = model.generate("The capital of France is", max_tokens=50)
        next(generator)
        child = os.fork()
        if child == 0:
            try:
                model.complete("a")
            except heddle.Forked:
                model.close()
                os._exit(0)
            os._exit(1)
        assert os.waitpid(child, 0)[1] == 0
        assert next(generator).text
