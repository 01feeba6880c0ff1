"""heddle.h in ctypes: every number and function, once; its structs are in ``_structs``.

``FUNCTIONS`` is the whole interface: name, result, arguments. ``declare`` gives them to a loaded
library. What each one does stands in heddle.h; tests hold the declarations here against it.
"""

from __future__ import annotations

import ctypes
from ctypes import (
    POINTER,
    c_char_p,
    c_float,
    c_int32,
    c_int64,
    c_size_t,
    c_uint64,
    c_void_p,
)
from typing import Any

from ._dlpack_layout import DLManagedTensorVersioned
from ._structs import (
    heddle_backend_options,
    heddle_compile_options,
    heddle_error,
    heddle_generate_options,
    heddle_interrupt_callback,
    heddle_live_counts,
    heddle_memory,
    heddle_model_options,
    heddle_release_callback,
    heddle_run_options,
    heddle_session_options,
    heddle_symbol,
    heddle_token_callback,
)

VERSION = (0, 1)
"""Major and minor version of the interface declared here."""

STATUS: dict[str, int] = {
    "OK": 0,
    "NULL_ARGUMENT": 1,
    "INVALID_ARGUMENT": 2,
    "INVALID_TEXT": 3,
    "STRUCT_SIZE": 4,
    "INVALID_HANDLE": 5,
    "STALE_HANDLE": 6,
    "WRONG_HANDLE": 7,
    "BUFFER_TOO_SMALL": 8,
    "SHUT_DOWN": 9,
    "NO_DEVICE": 20,
    "INVALID_GRAPH": 21,
    "INVALID_DATA": 22,
    "INVALID_FILE": 23,
    "UNSUPPORTED": 24,
    "INVALID_BINDING": 25,
    "BUSY": 40,
    "DEADLINE": 41,
    "CANCELLED": 42,
    "UNUSABLE": 43,
    "OUT_OF_MEMORY": 44,
    "DEVICE_FAILED": 45,
    "DEVICE_LOST": 46,
    "NOT_STARTED": 47,
    "FORKED": 48,
    "INTERNAL": 99,
}
NUMBERS: dict[str, int] = {
    "TUNING_RECORDED": 0,
    "TUNING_OFF": 1,
    "NUMERICS_EXACT": 0,
    "NUMERICS_RELAXED": 1,
    "INPUT": 0,
    "OUTPUT": 1,
    "STATE": 2,
    "MEMORY_HOST": 0,
    "MEMORY_OPENCL": 1,
    "PROMPT_TEXT": 0,
    "PROMPT_MESSAGE": 1,
    "PROMPT_MESSAGES": 2,
}


_handle = c_uint64
_value = c_uint64
_handle_place = POINTER(c_uint64)
_tensor = POINTER(DLManagedTensorVersioned)
_buffer = [c_void_p, c_size_t, POINTER(c_size_t)]
_place = [_handle, c_int32, c_char_p]

FUNCTIONS: dict[str, tuple[Any, list[Any]]] = {
    "heddle_version": (c_char_p, []),
    "heddle_status_name": (c_char_p, [c_int32]),
    "heddle_last_error": (c_int32, [POINTER(heddle_error)]),
    "heddle_release": (c_int32, [_handle]),
    "heddle_shutdown": (c_int32, []),
    "heddle_live": (c_int32, [POINTER(heddle_live_counts)]),
    "heddle_set_interrupt": (c_int32, [heddle_interrupt_callback, c_void_p]),
    "heddle_device_count": (c_int32, [POINTER(c_size_t)]),
    "heddle_device_find": (c_int32, [c_char_p, POINTER(c_size_t)]),
    "heddle_device_profile": (c_int32, [c_size_t, *_buffer]),
    "heddle_backend_create": (c_int32, [POINTER(heddle_backend_options), _handle_place]),
    "heddle_backend_state": (c_int32, [_handle, *_buffer]),
    "heddle_backend_supports": (c_int32, [_handle, _handle, POINTER(c_int32), *_buffer]),
    "heddle_encoding_byte_count": (
        c_int32,
        [c_char_p, POINTER(c_int64), c_size_t, POINTER(c_size_t)],
    ),
    "heddle_constants_create": (c_int32, [_handle_place]),
    "heddle_constants_open": (c_int32, [c_char_p, _handle_place]),
    "heddle_constants_add": (
        c_int32,
        [
            _handle,
            c_char_p,
            c_char_p,
            POINTER(c_int64),
            c_size_t,
            c_void_p,
            c_size_t,
            heddle_release_callback,
            c_void_p,
        ],
    ),
    "heddle_constants_save": (c_int32, [_handle, c_char_p]),
    "heddle_constants_list": (c_int32, [_handle, *_buffer]),
    "heddle_dimension": (
        c_int32,
        [c_char_p, POINTER(heddle_symbol), c_size_t, POINTER(c_int64), *_buffer],
    ),
    "heddle_builder_create": (c_int32, [_handle_place]),
    "heddle_builder_symbol": (c_int32, [_handle, c_char_p, c_int64, c_int64]),
    "heddle_builder_constant": (c_int32, [_handle, _handle, c_char_p, POINTER(_value)]),
    "heddle_builder_apply": (
        c_int32,
        [
            _handle,
            c_char_p,
            POINTER(_value),
            c_size_t,
            c_char_p,
            POINTER(_value),
            c_size_t,
            POINTER(c_size_t),
        ],
    ),
    "heddle_builder_type": (c_int32, [_handle, _value, *_buffer]),
    "heddle_builder_update": (c_int32, [_handle, c_char_p, _value]),
    "heddle_builder_output": (c_int32, [_handle, c_char_p, _value]),
    "heddle_builder_build": (c_int32, [_handle, _handle_place]),
    "heddle_graph_from_json": (c_int32, [c_char_p, c_size_t, _handle_place]),
    "heddle_graph_json": (c_int32, [_handle, *_buffer]),
    "heddle_operations": (c_int32, [*_buffer]),
    "heddle_compile": (
        c_int32,
        [_handle, _handle, _handle, POINTER(heddle_compile_options), _handle_place],
    ),
    "heddle_executable_plan": (c_int32, [_handle, *_buffer]),
    "heddle_session_create": (
        c_int32,
        [_handle, POINTER(heddle_session_options), _handle_place],
    ),
    "heddle_session_bind": (c_int32, [*_place, POINTER(heddle_memory), POINTER(c_int32)]),
    "heddle_session_bind_dlpack": (c_int32, [*_place, _tensor, POINTER(c_int32)]),
    "heddle_session_export_dlpack": (c_int32, [*_place, c_int32, POINTER(_tensor)]),
    "heddle_session_write": (c_int32, [*_place, c_void_p, c_size_t]),
    "heddle_session_read": (c_int32, [*_place, c_void_p, c_size_t]),
    "heddle_session_reset": (c_int32, [_handle]),
    "heddle_session_run": (c_int32, [_handle, POINTER(heddle_run_options)]),
    "heddle_session_start": (c_int32, [_handle, POINTER(heddle_run_options)]),
    "heddle_session_wait": (c_int32, [_handle, c_int64]),
    "heddle_session_cancel": (c_int32, [_handle]),
    "heddle_session_profile": (c_int32, [_handle, *_buffer]),
    "heddle_model_open": (
        c_int32,
        [_handle, c_char_p, POINTER(heddle_model_options), _handle_place],
    ),
    "heddle_model_info": (c_int32, [_handle, *_buffer]),
    "heddle_model_tokenize": (
        c_int32,
        [_handle, c_char_p, POINTER(c_int32), c_size_t, POINTER(c_size_t)],
    ),
    "heddle_model_tokenize_messages": (
        c_int32,
        [_handle, c_char_p, POINTER(c_int32), c_size_t, POINTER(c_size_t)],
    ),
    "heddle_model_detokenize": (c_int32, [_handle, POINTER(c_int32), c_size_t, *_buffer]),
    "heddle_model_session_create": (c_int32, [_handle, c_int64, _handle_place]),
    "heddle_model_session_extend": (
        c_int32,
        [_handle, POINTER(c_int32), c_size_t, c_int64, POINTER(c_float), c_size_t],
    ),
    "heddle_model_session_rewind": (c_int32, [_handle, c_int64]),
    "heddle_model_session_position": (c_int32, [_handle, POINTER(c_int64)]),
    "heddle_model_session_experts": (c_int32, [_handle, *_buffer]),
    "heddle_model_generate": (
        c_int32,
        [_handle, c_char_p, POINTER(heddle_generate_options), heddle_token_callback, c_void_p],
    ),
}


def declare(library: ctypes.CDLL) -> list[str]:
    """Gives each function its types; the names the library does not export come back."""
    missing = []
    for name, (result, arguments) in FUNCTIONS.items():
        try:
            function = getattr(library, name)
        except AttributeError:
            missing.append(name)
            continue
        function.restype = result
        function.argtypes = arguments
    return missing
