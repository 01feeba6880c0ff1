"""Nothing stays behind: handles, OpenCL objects, signal handlers, the environment, the end of the
program."""

from __future__ import annotations

from helpers import run_python

USE = """
import gc, os, sys, heddle, numpy
store = heddle.ConstantStore()
store.add("w", numpy.eye(8, dtype=numpy.float32))
builder = heddle.GraphBuilder()
x = builder.input("x", "f32", [builder.symbol("tokens", 1, 8), 8])
graph = builder.build({"y": builder.matmul(x, builder.constant("w", store))})
backend = heddle.Backend()
executable = backend.compile(graph, store)
session = executable.session()
session.bind_input("x", numpy.ones((2, 8), numpy.float32))
session.step()
assert (session.read_output("y") == 1).all()
exported = session.output_dlpack("y")
"""


def run(code, **environment):
    answer = run_python(USE + code, **environment)
    assert (answer.returncode, answer.stderr) == (0, ""), (answer.returncode, answer.stderr)
    return answer.stdout


def test_leaving_the_interpreter_with_live_objects():
    run("")


def test_leaving_the_interpreter_with_cycles_and_exports():
    run(
        "class Knot: pass\n"
        "knot = Knot(); knot.self = knot; knot.objects = [session, backend, store, builder]\n"
        "array = numpy.from_dlpack(exported)\n"
        "other = session.output_dlpack('y').__dlpack__()\n"
        "sys.exit(0)"
    )


def test_leaving_by_an_exception_or_in_a_thread():
    answer = run_python(USE + "raise SystemExit(3)")
    assert answer.returncode == 3
    run("import threading\nthreading.Thread(target=lambda: session.step()).start()")


def test_nothing_is_alive_when_everything_is_closed():
    run(
        "assert heddle.live()['handles'] == 6\n"
        "for it in (session, executable, graph, builder, store, backend): it.close()\n"
        "del exported; gc.collect()\n"
        "assert not any(heddle.live().values()), heddle.live()\n"
        "from heddle import constants; assert not constants._borrowed"
    )


def test_nothing_is_alive_when_everything_is_collected():
    run(
        "del session, executable, graph, builder, store, backend, exported, x; gc.collect()\n"
        "assert not any(heddle.live().values()), heddle.live()\n"
        "from heddle import constants; assert not constants._borrowed"
    )


def test_sessions_do_not_accumulate():
    run(
        "before = heddle.live()\n"
        "for _ in range(50):\n"
        "    with executable.session() as other:\n"
        "        other.run({'x': numpy.ones((3, 8), numpy.float32)})\n"
        "gc.collect()\n"
        "assert heddle.live() == before, (before, heddle.live())"
    )


def test_a_forked_child_owns_nothing():
    out = run(
        "child = os.fork()\n"
        "if child == 0:\n"
        "    try: session.step()\n"
        "    except heddle.InvalidHandle: sys.exit(0)\n"
        "    sys.exit(1)\n"
        "assert os.waitpid(child, 0)[1] == 0\n"
        "session.step(); print('parent goes on')"
    )
    assert out == "parent goes on\n"


def test_signal_handlers_and_environment_stay():
    run_checked = """
import ctypes, os, signal
libc = ctypes.CDLL(None)
def handlers():
    found = []
    for number in range(1, 32):
        action = ctypes.create_string_buffer(512)
        if libc.sigaction(number, None, action) == 0: found.append((number, action.raw[:8]))
    return found
libc.getenv.restype = ctypes.c_char_p
NAMES = b"POCL_CACHE_DIR", b"LD_LIBRARY_PATH", b"OCL_ICD_VENDORS", b"PATH", b"POCL_SIGFPE_HANDLER"
def environment():
    return dict(os.environ), [libc.getenv(name) for name in NAMES]
before = handlers(), environment()
"""
    answer = run_python(
        run_checked
        + USE
        + "for old, new in zip(before[0], handlers()): assert old == new, old[0]\n"
        + "assert environment() == before[1]",
        POCL_SIGFPE_HANDLER="0",
    )
    assert (answer.returncode, answer.stderr) == (0, "")


def test_nothing_is_printed():
    assert run("") == ""
