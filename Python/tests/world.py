"""Live objects, and arguments that are wrong in some way, for careless calls of the C interface."""

from __future__ import annotations

import ctypes
from ctypes import byref, c_int32, c_int64, c_size_t, c_uint64

import numpy

from heddle import ConstantStore, GraphBuilder
from heddle._dlpack_layout import DLManagedTensorVersioned
from heddle._structs import (
    heddle_compile_options,
    heddle_layout,
    heddle_memory,
    heddle_release_callback,
    heddle_run_options,
    heddle_symbol,
)

BAD_TEXT = b"\xff\xfe"
NO_RELEASE = heddle_release_callback()


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
