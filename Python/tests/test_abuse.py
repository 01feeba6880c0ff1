"""The C interface as a careless program calls it: exact codes, and a library that still works.

Only pointers are believed, so every pointer here is NULL or sound; everything else is wrong in some
way.
"""

from __future__ import annotations

import threading
from ctypes import byref, c_int32, c_int64, c_size_t, c_uint64

import numpy
import pytest

from heddle import ConstantStore, _library
from heddle._interface import FUNCTIONS, STATUS
from heddle._structs import (
    heddle_backend_options,
    heddle_error,
    heddle_release_callback,
    heddle_token_callback,
)
from world import NO_RELEASE, World, small
from wrong_calls import CALLS, NO_TOKEN

NEVER = (0, 1, 2**64 - 1, 2**63, 0xDEADBEEF)


@pytest.fixture(scope="module")
def world(backend):
    return World(backend)


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
