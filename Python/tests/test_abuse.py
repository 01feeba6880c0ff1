"""The C interface as a careless program calls it: exact codes, and a library that still works.

Only pointers are believed, so every pointer here is NULL or sound; everything else is wrong in some
way.
"""

from __future__ import annotations

import ctypes
import threading
from ctypes import byref, c_int32, c_int64, c_size_t, c_uint64

import numpy
import pytest

from heddle import ConstantStore, GraphBuilder, _library
from heddle._dlpack_layout import DLManagedTensorVersioned
from heddle._interface import (
    FUNCTIONS,
    NUMBERS,
    STATUS,
    heddle_backend_options,
    heddle_compile_options,
    heddle_error,
    heddle_generate_options,
    heddle_layout,
    heddle_live_counts,
    heddle_memory,
    heddle_release_callback,
    heddle_run_options,
    heddle_session_options,
    heddle_symbol,
    heddle_token_callback,
)

NEVER = (0, 1, 2**64 - 1, 2**63, 0xDEADBEEF)
BAD_TEXT = b"\xff\xfe"
NO_RELEASE = heddle_release_callback()
NO_TOKEN = heddle_token_callback()


class World:
    """One live object of each kind, and room for answers."""

    def __init__(self, backend):
        self.store, self.builder = ConstantStore(), GraphBuilder()
        self.store.add("w", numpy.ones((4, 4), numpy.float32))
        self.x = self.builder.input("x", "f32", [self.builder.symbol("n", 1, 8), 4])
        self.graph = self.builder.build({"y": self.builder.softmax(self.x)})
        self.executable = backend.compile(self.graph)
        self.session = self.executable.session()
        self.backend = backend
        self.handle, self.value, self.size, self.flag = (
            c_uint64(),
            c_uint64(),
            c_size_t(),
            c_int32(),
        )
        self.buffer = ctypes.create_string_buffer(64)
        self.shape = (c_int64 * 2)(2, 4)
        self.floats = (ctypes.c_float * 64)()
        self.tensor = ctypes.POINTER(DLManagedTensorVersioned)()

    def memory(self, **members):
        sound = dict(
            data=ctypes.addressof(self.floats), byte_count=32, shape=self.pointer(2, 4), rank=2
        )
        return byref(heddle_memory(**{**sound, **members}))

    def pointer(self, *numbers):
        return ctypes.cast((c_int64 * len(numbers))(*numbers), ctypes.POINTER(c_int64))


@pytest.fixture(scope="module")
def world(backend):
    return World(backend)


def small(kind):
    it = kind()
    it.size = 3
    return byref(it)


def huge(kind):
    it = kind()
    it.size = 2**40
    return byref(it)


def symbol(name, value):
    array = (heddle_symbol * 1)(heddle_symbol(name, value))
    return ctypes.cast(array, ctypes.POINTER(heddle_symbol))


def layouts(**members):
    array = (heddle_layout * 1)()
    array[0] = heddle_layout(**members)
    return byref(heddle_compile_options(layouts=array, layout_count=1))


IN, OUT, STATE = NUMBERS["INPUT"], NUMBERS["OUTPUT"], NUMBERS["STATE"]

# What is called, with what of the world, and the name of the only right answer.
CALLS = [
    ("last_error", lambda w: (None,), "NULL_ARGUMENT"),
    ("last_error", lambda w: (small(heddle_error),), "STRUCT_SIZE"),
    ("last_error", lambda w: (huge(heddle_error),), "STRUCT_SIZE"),
    ("live", lambda w: (None,), "NULL_ARGUMENT"),
    ("live", lambda w: (small(heddle_live_counts),), "STRUCT_SIZE"),
    ("device_count", lambda w: (None,), "NULL_ARGUMENT"),
    ("device_find", lambda w: (None, None), "NULL_ARGUMENT"),
    ("device_find", lambda w: (b"nobody's device", byref(w.size)), "NO_DEVICE"),
    ("device_find", lambda w: (BAD_TEXT, byref(w.size)), "INVALID_TEXT"),
    ("device_profile", lambda w: (2**63, w.buffer, 64, None), "NO_DEVICE"),
    ("device_profile", lambda w: (0, w.buffer, 1, None), "BUFFER_TOO_SMALL"),
    ("device_profile", lambda w: (0, None, 64, None), "NULL_ARGUMENT"),
    ("device_profile", lambda w: (0, w.buffer, 2**63, None), "INVALID_ARGUMENT"),
    ("backend_create", lambda w: (None, None), "NULL_ARGUMENT"),
    ("backend_create", lambda w: (small(heddle_backend_options), byref(w.handle)), "STRUCT_SIZE"),
    ("backend_create", lambda w: (huge(heddle_backend_options), byref(w.handle)), "STRUCT_SIZE"),
    (
        "backend_create",
        lambda w: (byref(heddle_backend_options(device=b"nobody")), byref(w.handle)),
        "NO_DEVICE",
    ),
    (
        "backend_create",
        lambda w: (byref(heddle_backend_options(device=BAD_TEXT)), byref(w.handle)),
        "INVALID_TEXT",
    ),
    (
        "backend_create",
        lambda w: (byref(heddle_backend_options(tuning=7)), byref(w.handle)),
        "INVALID_ARGUMENT",
    ),
    (
        "backend_create",
        lambda w: (byref(heddle_backend_options(numerics=-1)), byref(w.handle)),
        "INVALID_ARGUMENT",
    ),
    ("backend_state", lambda w: (w.graph.handle, None, 0, None), "WRONG_HANDLE"),
    ("backend_state", lambda w: (w.backend.handle, w.buffer, 2, None), "BUFFER_TOO_SMALL"),
    (
        "backend_supports",
        lambda w: (w.backend.handle, w.graph.handle, None, None, 0, None),
        "NULL_ARGUMENT",
    ),
    (
        "backend_supports",
        lambda w: (w.graph.handle, w.backend.handle, byref(w.flag), None, 0, None),
        "WRONG_HANDLE",
    ),
    ("constants_create", lambda w: (None,), "NULL_ARGUMENT"),
    ("constants_open", lambda w: (None, byref(w.handle)), "NULL_ARGUMENT"),
    ("constants_open", lambda w: (b"/nowhere", None), "NULL_ARGUMENT"),
    ("constants_open", lambda w: (b"/nowhere", byref(w.handle)), "INVALID_FILE"),
    ("constants_open", lambda w: (b"", byref(w.handle)), "INVALID_FILE"),
    ("constants_open", lambda w: (b"/tmp", byref(w.handle)), "INVALID_FILE"),
    ("constants_add", lambda w: add(w, name=None), "NULL_ARGUMENT"),
    ("constants_add", lambda w: add(w, encoding=None), "NULL_ARGUMENT"),
    ("constants_add", lambda w: add(w, shape=None), "NULL_ARGUMENT"),
    ("constants_add", lambda w: add(w, data=None), "NULL_ARGUMENT"),
    ("constants_add", lambda w: add(w, name=BAD_TEXT), "INVALID_TEXT"),
    ("constants_add", lambda w: add(w, encoding=b"f33"), "INVALID_DATA"),
    ("constants_add", lambda w: add(w, rank=65), "INVALID_ARGUMENT"),
    ("constants_add", lambda w: add(w, rank=2**64 - 1), "INVALID_ARGUMENT"),
    ("constants_add", lambda w: add(w, count=31), "INVALID_DATA"),
    ("constants_add", lambda w: add(w, count=2**63), "INVALID_ARGUMENT"),
    ("constants_add", lambda w: add(w, shape=(c_int64 * 2)(-1, 4)), "INVALID_DATA"),
    ("constants_add", lambda w: add(w, shape=(c_int64 * 2)(2**62, 2**62)), "INVALID_DATA"),
    ("constants_add", lambda w: add(w, store=w.graph.handle), "WRONG_HANDLE"),
    ("constants_list", lambda w: (w.store.handle, w.buffer, 1, None), "BUFFER_TOO_SMALL"),
    ("constants_list", lambda w: (w.graph.handle, w.buffer, 1, None), "WRONG_HANDLE"),
    ("builder_create", lambda w: (None,), "NULL_ARGUMENT"),
    ("builder_symbol", lambda w: (w.builder.handle, None, 0, 1), "NULL_ARGUMENT"),
    ("builder_symbol", lambda w: (w.builder.handle, b"m", 2, 1), "INVALID_ARGUMENT"),
    ("builder_symbol", lambda w: (w.builder.handle, b"m", -1, 1), "INVALID_ARGUMENT"),
    ("builder_symbol", lambda w: (w.builder.handle, b"n", 1, 2), "INVALID_GRAPH"),
    ("builder_symbol", lambda w: (w.builder.handle, BAD_TEXT, 1, 2), "INVALID_TEXT"),
    ("builder_symbol", lambda w: (w.session.handle, b"m", 1, 2), "WRONG_HANDLE"),
    (
        "builder_constant",
        lambda w: (w.builder.handle, w.store.handle, b"nobody", byref(w.value)),
        "INVALID_GRAPH",
    ),
    ("builder_constant", lambda w: (w.builder.handle, w.store.handle, b"w", None), "NULL_ARGUMENT"),
    (
        "builder_constant",
        lambda w: (w.builder.handle, w.graph.handle, b"w", byref(w.value)),
        "WRONG_HANDLE",
    ),
    ("builder_apply", lambda w: apply(w, None), "NULL_ARGUMENT"),
    ("builder_apply", lambda w: apply(w, b"{"), "INVALID_GRAPH"),
    ("builder_apply", lambda w: apply(w, b"[" * 100000), "INVALID_GRAPH"),
    ("builder_apply", lambda w: apply(w, b"{}"), "INVALID_GRAPH"),
    ("builder_apply", lambda w: apply(w, b'{"softmax": {}}'), "INVALID_GRAPH"),
    ("builder_apply", lambda w: apply(w, b'{"softmax": {}}', [2**64 - 1]), "INVALID_ARGUMENT"),
    ("builder_apply", lambda w: apply(w, b'{"softmax": {}}', count=1), "NULL_ARGUMENT"),
    ("builder_apply", lambda w: apply(w, BAD_TEXT), "INVALID_TEXT"),
    ("builder_apply", lambda w: apply(w, b'{"softmax": {}}', label=BAD_TEXT), "INVALID_TEXT"),
    ("builder_update", lambda w: (w.builder.handle, None, w.x.number), "NULL_ARGUMENT"),
    ("builder_update", lambda w: (w.builder.handle, b"s", 2**64 - 1), "INVALID_ARGUMENT"),
    ("builder_output", lambda w: (w.builder.handle, None, w.x.number), "NULL_ARGUMENT"),
    ("builder_output", lambda w: (w.builder.handle, b"z", 12345), "INVALID_ARGUMENT"),
    ("builder_build", lambda w: (w.builder.handle, None), "NULL_ARGUMENT"),
    ("builder_build", lambda w: (w.graph.handle, byref(w.handle)), "WRONG_HANDLE"),
    ("graph_from_json", lambda w: (None, 3, byref(w.handle)), "NULL_ARGUMENT"),
    ("graph_from_json", lambda w: (b"{}", 2, None), "NULL_ARGUMENT"),
    ("graph_from_json", lambda w: (b"{}", 2, byref(w.handle)), "INVALID_GRAPH"),
    ("graph_from_json", lambda w: (b"", 0, byref(w.handle)), "INVALID_GRAPH"),
    ("graph_from_json", lambda w: (b"{}", 2**63, byref(w.handle)), "INVALID_ARGUMENT"),
    ("graph_json", lambda w: (w.graph.handle, w.buffer, 10, None), "BUFFER_TOO_SMALL"),
    ("graph_json", lambda w: (w.store.handle, None, 0, None), "WRONG_HANDLE"),
    ("compile", lambda w: (w.backend.handle, w.graph.handle, 0, None, None), "NULL_ARGUMENT"),
    (
        "compile",
        lambda w: (w.graph.handle, w.backend.handle, 0, None, byref(w.handle)),
        "WRONG_HANDLE",
    ),
    ("compile", lambda w: compile(w, small(heddle_compile_options)), "STRUCT_SIZE"),
    (
        "compile",
        lambda w: compile(w, byref(heddle_compile_options(layout_count=1))),
        "NULL_ARGUMENT",
    ),
    ("compile", lambda w: compile(w, layouts(place=9, name=b"x")), "INVALID_ARGUMENT"),
    ("compile", lambda w: compile(w, layouts(place=IN, name=None)), "NULL_ARGUMENT"),
    (
        "compile",
        lambda w: compile(w, layouts(place=IN, name=b"z", strides=w.pointer(4, 1), rank=2)),
        "INVALID_BINDING",
    ),
    (
        "compile",
        lambda w: compile(w, layouts(place=IN, name=b"x", strides=w.pointer(-4, 1), rank=2)),
        "INVALID_DATA",
    ),
    (
        "compile",
        lambda w: compile(w, layouts(place=IN, name=b"x", strides=w.pointer(1), rank=1)),
        "INVALID_DATA",
    ),
    ("executable_plan", lambda w: (w.executable.handle, w.buffer, 1, None), "BUFFER_TOO_SMALL"),
    ("session_create", lambda w: (w.executable.handle, None, None), "NULL_ARGUMENT"),
    (
        "session_create",
        lambda w: (w.executable.handle, small(heddle_session_options), byref(w.handle)),
        "STRUCT_SIZE",
    ),
    ("session_create", lambda w: (w.graph.handle, None, byref(w.handle)), "WRONG_HANDLE"),
    ("session_bind", lambda w: (w.session.handle, 7, b"x", w.memory(), None), "INVALID_ARGUMENT"),
    ("session_bind", lambda w: (w.session.handle, IN, None, w.memory(), None), "NULL_ARGUMENT"),
    ("session_bind", lambda w: (w.session.handle, IN, b"q", w.memory(), None), "INVALID_BINDING"),
    (
        "session_bind",
        lambda w: (w.session.handle, STATE, b"x", w.memory(), None),
        "INVALID_BINDING",
    ),
    ("session_bind", lambda w: (w.session.handle, IN, BAD_TEXT, w.memory(), None), "INVALID_TEXT"),
    (
        "session_bind",
        lambda w: (w.session.handle, IN, b"x", small(heddle_memory), None),
        "STRUCT_SIZE",
    ),
    (
        "session_bind",
        lambda w: (w.session.handle, IN, b"x", w.memory(kind=5), None),
        "INVALID_ARGUMENT",
    ),
    (
        "session_bind",
        lambda w: (w.session.handle, IN, b"x", w.memory(data=None), None),
        "NULL_ARGUMENT",
    ),
    (
        "session_bind",
        lambda w: (w.session.handle, IN, b"x", w.memory(rank=65), None),
        "INVALID_ARGUMENT",
    ),
    (
        "session_bind",
        lambda w: (w.session.handle, OUT, b"y", w.memory(is_read_only=1), None),
        "INVALID_DATA",
    ),
    ("session_bind_dlpack", lambda w: (w.session.handle, IN, b"x", None, None), "NULL_ARGUMENT"),
    ("session_export_dlpack", lambda w: (w.session.handle, OUT, b"y", 0, None), "NULL_ARGUMENT"),
    (
        "session_export_dlpack",
        lambda w: (w.session.handle, OUT, b"q", 0, byref(w.tensor)),
        "INVALID_BINDING",
    ),
    (
        "session_export_dlpack",
        lambda w: (w.session.handle, OUT, b"y", 9, byref(w.tensor)),
        "INVALID_ARGUMENT",
    ),
    ("session_write", lambda w: (w.session.handle, IN, b"x", None, 16), "NULL_ARGUMENT"),
    ("session_write", lambda w: (w.session.handle, IN, b"q", w.buffer, 16), "INVALID_BINDING"),
    ("session_write", lambda w: (w.session.handle, OUT, b"y", w.buffer, 16), "INVALID_ARGUMENT"),
    ("session_read", lambda w: (w.session.handle, OUT, b"y", None, 16), "NULL_ARGUMENT"),
    ("session_read", lambda w: (w.session.handle, 3, b"y", w.buffer, 16), "INVALID_ARGUMENT"),
    ("session_run", lambda w: (w.session.handle, small(heddle_run_options)), "STRUCT_SIZE"),
    ("session_run", lambda w: run(w, timeout=-1), "INVALID_ARGUMENT"),
    ("session_run", lambda w: run(w, symbol_count=1), "NULL_ARGUMENT"),
    ("session_run", lambda w: run(w, symbols=symbol(None, 1), symbol_count=1), "NULL_ARGUMENT"),
    ("session_run", lambda w: run(w, symbols=symbol(b"q", 1), symbol_count=1), "INVALID_BINDING"),
    ("session_run", lambda w: run(w, symbols=symbol(b"n", 99), symbol_count=1), "INVALID_BINDING"),
    (
        "session_run",
        lambda w: run(w, symbols=symbol(b"n", 1), symbol_count=2**63),
        "INVALID_ARGUMENT",
    ),
    ("session_start", lambda w: (w.graph.handle, None), "WRONG_HANDLE"),
    ("session_wait", lambda w: (w.session.handle, -1), "NOT_STARTED"),
    ("session_profile", lambda w: (w.graph.handle, None, 0, None), "WRONG_HANDLE"),
    ("model_open", lambda w: (w.backend.handle, None, None, byref(w.handle)), "NULL_ARGUMENT"),
    (
        "model_open",
        lambda w: (w.backend.handle, b"/nowhere", None, byref(w.handle)),
        "INVALID_FILE",
    ),
    (
        "model_open",
        lambda w: (w.session.handle, b"/nowhere", None, byref(w.handle)),
        "WRONG_HANDLE",
    ),
    ("model_info", lambda w: (w.graph.handle, None, 0, None), "WRONG_HANDLE"),
    ("model_tokenize", lambda w: (w.graph.handle, b"a", None, 0, byref(w.size)), "WRONG_HANDLE"),
    ("model_generate", lambda w: (w.graph.handle, b"a", None, NO_TOKEN, None), "WRONG_HANDLE"),
    (
        "model_generate",
        lambda w: (w.graph.handle, b"a", small(heddle_generate_options), NO_TOKEN, None),
        "WRONG_HANDLE",
    ),
]


def add(w, store=None, name=b"c", encoding=b"f32", shape=True, rank=2, data=True, count=32):
    shape = w.shape if shape is True else shape
    address = ctypes.addressof(w.floats) if data is True else data
    return (store or w.store.handle, name, encoding, shape, rank, address, count, NO_RELEASE, None)


def apply(w, operation, operands=None, count=None, label=None):
    values = (c_uint64 * len(operands))(*operands) if operands else None
    count = len(operands or ()) if count is None else count
    return (w.builder.handle, operation, values, count, label, byref(w.value), 1, None)


def compile(w, options):
    return (w.backend.handle, w.graph.handle, 0, options, byref(w.handle))


def run(w, **members):
    return (w.session.handle, byref(heddle_run_options(**members)))


def status_of(name, *arguments):
    return _library.function(f"heddle_{name}")(*arguments)


@pytest.mark.parametrize(
    "index", range(len(CALLS)), ids=[f"{i}-{c[0]}-{c[2]}" for i, c in enumerate(CALLS)]
)
def test_a_wrong_call_has_one_answer(world, index):
    name, arguments, expected = CALLS[index]
    status = status_of(name, *arguments(world))
    names = {value: key for key, value in STATUS.items()}
    assert names.get(status, status) == expected
    if name not in ("last_error", "live"):
        error = heddle_error()
        assert status_of("last_error", byref(error)) == 0
        assert error.code == status
        assert error.operation.decode().startswith(f"heddle_{name}") and error.text


HANDLE_FIRST = [
    name
    for name, (_, types) in FUNCTIONS.items()
    if types and types[0] is c_uint64 and name not in ("heddle_release", "heddle_device_profile")
]


@pytest.mark.parametrize("name", HANDLE_FIRST)
def test_handles_that_never_were(name):
    function = _library.function(name)
    for handle in NEVER:
        rest = [
            kind() if kind in (c_int32, c_int64, c_size_t, c_uint64) else None
            for kind in function.argtypes[1:]
        ]
        rest = [
            NO_RELEASE if kind is heddle_release_callback else value
            for kind, value in zip(function.argtypes[1:], rest)
        ]
        rest = [
            NO_TOKEN if kind is heddle_token_callback else value
            for kind, value in zip(function.argtypes[1:], rest)
        ]
        assert function(handle, *rest) in (STATUS["INVALID_HANDLE"], STATUS["NULL_ARGUMENT"]), (
            handle
        )


def test_handles_that_were_released(world):
    store = ConstantStore()
    handle = store.handle
    store.close()
    for _ in range(3):
        assert status_of("release", handle) == STATUS["STALE_HANDLE"]
        assert status_of("constants_list", handle, None, 0, None) == STATUS["STALE_HANDLE"]
    for never in NEVER:
        assert status_of("release", never) == STATUS["INVALID_HANDLE"]


def test_a_failed_call_writes_nothing(world):
    world.handle.value = 77
    status_of("constants_open", b"/nowhere", byref(world.handle))
    status_of("backend_create", small(heddle_backend_options), byref(world.handle))
    assert world.handle.value == 77
    world.buffer.raw = b"\x07" * 64
    assert status_of("graph_json", world.graph.handle, world.buffer, 10, byref(world.size)) == 8
    assert world.buffer.raw == b"\x07" * 64 and world.size.value > 64


def test_eight_threads_with_all_of_it(world):
    wrong = []

    def work(number):
        for _ in range(6):
            for index in range(number, len(CALLS), 3):
                name, arguments, expected = CALLS[index]
                try:
                    status = status_of(name, *arguments(world))
                except Exception as error:
                    wrong.append((name, error))
                    continue
                # The world's one session and one builder are used by all.
                if status not in (STATUS[expected], STATUS["BUSY"]):
                    wrong.append((name, expected, status))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_it_still_works(world):
    x = numpy.array([[1, 2, 3, 4]], numpy.float32)
    numpy.testing.assert_allclose(world.session.run({"x": x})["y"].sum(), 1, rtol=1e-6)
