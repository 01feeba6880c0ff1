"""Constants: types, borrowed memory, bytes of any encoding, files."""

from __future__ import annotations

import gc
import weakref

import numpy
import pytest

from heddle import ConstantStore, InvalidData, InvalidFile, LibraryError, constants
from helpers import demo_model, random


class Owner(numpy.ndarray):
    """An array that can be watched."""


def watched(shape):
    array = Owner(shape, numpy.float32)
    return array, weakref.ref(array)


def test_types():
    store = ConstantStore()
    store.add("a", random(3, 5))
    store.add("b", numpy.zeros(4, numpy.float16))
    store.add("c", numpy.zeros((), numpy.int32))
    store.add("d", numpy.zeros((0, 7), numpy.float32))
    store.add("t", random(4, 6).T)
    store.add_bytes("q", "q4_0", [2, 32], bytes(36))
    assert store.types() == {
        "a": ("f32", (3, 5)),
        "b": ("f16", (4,)),
        "c": ("i32", ()),
        "d": ("f32", (0, 7)),
        "q": ("q4_0", (2, 32)),
        "t": ("f32", (6, 4)),
    }
    assert store.names() == ["a", "b", "c", "d", "q", "t"]


def test_bfloat16():
    ml_dtypes = pytest.importorskip("ml_dtypes")
    store = ConstantStore()
    store.add("b", numpy.zeros((2, 3), ml_dtypes.bfloat16))
    assert store.types()["b"] == ("bf16", (2, 3))


def test_memory_is_borrowed_and_given_back_once():
    gc.collect()
    before = len(constants._borrowed)
    store = ConstantStore()
    array, is_alive = watched((64, 64))
    store.add("w", array)
    del array
    gc.collect()
    assert is_alive() is not None
    assert len(constants._borrowed) == before + 1
    store.close()
    gc.collect()
    assert is_alive() is None
    assert len(constants._borrowed) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("w", "q4_0", [2, 32], bytes(35)),
        ("w", "q4_0", [2, 33], bytes(36)),
        ("w", "q4_9", [2, 32], bytes(36)),
        ("w", "f32", [-1], b""),
        ("w", "f32", [2**62, 2**62], bytes(16)),
        ("w", "2:4-int4", [1, 4], bytes(1)),
    ],
)
def test_wrong_bytes_are_refused_and_given_back(arguments):
    gc.collect()
    before = len(constants._borrowed)
    store = ConstantStore()
    with pytest.raises(ValueError):
        store.add_bytes(*arguments)
    assert len(constants._borrowed) == before
    assert store.names() == []


@pytest.mark.parametrize("shape", [[2**70], [1.5], [None]])
def test_what_does_not_come_to_c_is_given_back(shape):
    gc.collect()
    before = len(constants._borrowed)
    with pytest.raises((ValueError, TypeError)):
        ConstantStore().add_bytes("w", "f32", shape, bytes(8))
    assert len(constants._borrowed) == before


def test_a_library_without_the_function_gives_it_back(monkeypatch):
    def missing(name, *arguments):
        raise LibraryError(f"there is no {name}")

    store, before = ConstantStore(), len(constants._borrowed)
    monkeypatch.setattr(constants._library, "call", missing)
    with pytest.raises(LibraryError):
        store.add("w", random(2))
    assert len(constants._borrowed) == before


def test_a_name_is_taken_once():
    gc.collect()
    before = len(constants._borrowed)
    store = ConstantStore()
    store.add("w", random(2))
    with pytest.raises(ValueError):
        store.add("w", random(2))
    store.close()
    assert len(constants._borrowed) == before


@pytest.mark.parametrize(
    "dtype", [numpy.float64, numpy.int64, numpy.uint8, ">f4", complex, bool, object]
)
def test_values_without_encoding(dtype):
    with pytest.raises(InvalidData):
        ConstantStore().add("w", numpy.zeros(4, dtype))


def test_a_model_file():
    store = ConstantStore.open(demo_model())
    types = store.types()
    assert types["output_norm.weight"] == ("f32", (576,))
    assert types["blk.0.attn_q.weight"].shape == (576, 576)


@pytest.mark.parametrize("data", [b"", b"GGUF", b"\x08\0\0\0\0\0\0\0{}      ", b"no model" * 100])
def test_files_that_are_none(tmp_path, data):
    (tmp_path / "file").write_bytes(data)
    try:
        store = ConstantStore.open(tmp_path / "file")
    except InvalidFile:
        return
    assert data.startswith(b"\x08") and store.names() == []


def test_no_file(tmp_path):
    with pytest.raises(InvalidFile):
        ConstantStore.open(tmp_path / "nowhere")
