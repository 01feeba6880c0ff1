"""The structs and callbacks of heddle.h in ctypes. What each one is stands there; tests hold the
layouts here against a C compiler's."""

from __future__ import annotations

import ctypes
from ctypes import (
    POINTER,
    c_char,
    c_char_p,
    c_float,
    c_int32,
    c_int64,
    c_size_t,
    c_uint64,
    c_void_p,
)
from typing import Any


class Sized(ctypes.Structure):
    """A struct that begins with its size; making one fills it in."""

    def __init__(self, **members: Any) -> None:
        super().__init__(size=ctypes.sizeof(type(self)), **members)


class heddle_error(Sized):
    _fields_ = [
        ("size", c_size_t),
        ("code", c_int32),
        ("operation", c_char * 128),
        ("text", c_char * 1024),
    ]


class heddle_live_counts(Sized):
    _fields_ = [("size", c_size_t)] + [
        (name, c_int64)
        for name in (
            "handles",
            "contexts",
            "queues",
            "buffers",
            "programs",
            "kernels",
            "events",
            "threads",
        )
    ]


class heddle_backend_options(Sized):
    _fields_ = [
        ("size", c_size_t),
        ("device", c_char_p),
        ("opencl_context", c_void_p),
        ("opencl_device", c_void_p),
        ("memory_budget", c_uint64),
        ("cache_folder", c_char_p),
        ("tuning", c_int32),
        ("numerics", c_int32),
    ]


class heddle_layout(Sized):
    _fields_ = [
        ("size", c_size_t),
        ("place", c_int32),
        ("name", c_char_p),
        ("offset", c_int64),
        ("strides", POINTER(c_int64)),
        ("rank", c_size_t),
    ]


class heddle_compile_options(Sized):
    _fields_ = [
        ("size", c_size_t),
        ("layouts", POINTER(heddle_layout)),
        ("layout_count", c_size_t),
    ]


class heddle_symbol(ctypes.Structure):
    _fields_ = [("name", c_char_p), ("value", c_int64)]


class heddle_session_options(Sized):
    _fields_ = [
        ("size", c_size_t),
        ("symbols", POINTER(heddle_symbol)),
        ("symbol_count", c_size_t),
        ("opencl_queue", c_void_p),
    ]


class heddle_memory(Sized):
    _fields_ = [
        ("size", c_size_t),
        ("kind", c_int32),
        ("is_read_only", c_int32),
        ("data", c_void_p),
        ("byte_count", c_uint64),
        ("byte_offset", c_uint64),
        ("shape", POINTER(c_int64)),
        ("strides", POINTER(c_int64)),
        ("rank", c_size_t),
    ]


class heddle_run_options(Sized):
    _fields_ = [
        ("size", c_size_t),
        ("symbols", POINTER(heddle_symbol)),
        ("symbol_count", c_size_t),
        ("timeout", c_int64),
        ("is_profiled", c_int32),
    ]


class heddle_model_options(Sized):
    _fields_ = [
        ("size", c_size_t),
        ("chunk", c_int32),
        ("activations", c_char_p),
        ("cache", c_char_p),
        ("expert_memory", c_int64),
    ]


class heddle_generate_options(Sized):
    _fields_ = [
        ("size", c_size_t),
        ("maximum_tokens", c_int32),
        ("temperature", c_float),
        ("top_k", c_int32),
        ("top_p", c_float),
        ("seed", c_uint64),
        ("timeout", c_int64),
        ("is_chat", c_int32),
        ("system", c_char_p),
        ("stop", POINTER(c_char_p)),
        ("stop_count", c_size_t),
        ("session", c_uint64),
        ("min_p", c_float),
        ("repetition_penalty", c_float),
        ("repetition_window", c_int32),
        ("frequency_penalty", c_float),
        ("presence_penalty", c_float),
        ("log_probabilities", c_int32),
    ]


class heddle_log_probability(ctypes.Structure):
    _fields_ = [("id", c_int32), ("value", c_float)]


class heddle_token(Sized):
    # The text stays an address: it may hold a NUL, and `length` says where it ends.
    _fields_ = [
        ("size", c_size_t),
        ("id", c_int32),
        ("is_end", c_int32),
        ("text", c_void_p),
        ("length", c_size_t),
        ("log_probability", c_float),
        ("top", POINTER(heddle_log_probability)),
        ("top_count", c_size_t),
    ]


STRUCTS: tuple[type[ctypes.Structure], ...] = (
    heddle_error,
    heddle_live_counts,
    heddle_backend_options,
    heddle_layout,
    heddle_compile_options,
    heddle_symbol,
    heddle_session_options,
    heddle_memory,
    heddle_run_options,
    heddle_model_options,
    heddle_generate_options,
    heddle_log_probability,
    heddle_token,
)

heddle_interrupt_callback = ctypes.CFUNCTYPE(c_int32, c_void_p)
heddle_release_callback = ctypes.CFUNCTYPE(None, c_void_p)
heddle_token_callback = ctypes.CFUNCTYPE(c_int32, c_void_p, POINTER(heddle_token))
