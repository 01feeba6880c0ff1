"""The structs of DLPack in ctypes, versioned (1.x) and as they were before.

Source: DLPack's specification, version 1.1 (https://dmlc.github.io/dlpack).
"""

from __future__ import annotations

import ctypes
from ctypes import POINTER, c_int32, c_int64, c_uint8, c_uint16, c_uint32, c_uint64, c_void_p

MAJOR, MINOR = 1, 1
CPU, OPENCL = 1, 4
INT, FLOAT, BFLOAT = 0, 2, 4
READ_ONLY, IS_COPIED = 1, 2


class DLDevice(ctypes.Structure):
    _fields_ = [("device_type", c_int32), ("device_id", c_int32)]


class DLDataType(ctypes.Structure):
    _fields_ = [("code", c_uint8), ("bits", c_uint8), ("lanes", c_uint16)]


class DLTensor(ctypes.Structure):
    _fields_ = [
        ("data", c_void_p),
        ("device", DLDevice),
        ("ndim", c_int32),
        ("dtype", DLDataType),
        ("shape", POINTER(c_int64)),
        ("strides", POINTER(c_int64)),
        ("byte_offset", c_uint64),
    ]


class DLPackVersion(ctypes.Structure):
    _fields_ = [("major", c_uint32), ("minor", c_uint32)]


class DLManagedTensorVersioned(ctypes.Structure):
    pass


class DLManagedTensor(ctypes.Structure):
    """What tools gave before DLPack 1.0: no version, no flags."""


Deleter = ctypes.CFUNCTYPE(None, c_void_p)

DLManagedTensorVersioned._fields_ = [
    ("version", DLPackVersion),
    ("manager_ctx", c_void_p),
    ("deleter", Deleter),
    ("flags", c_uint64),
    ("dl_tensor", DLTensor),
]
DLManagedTensor._fields_ = [
    ("dl_tensor", DLTensor),
    ("manager_ctx", c_void_p),
    ("deleter", Deleter),
]

STRUCTS: tuple[type[ctypes.Structure], ...] = (
    DLDevice,
    DLDataType,
    DLTensor,
    DLPackVersion,
    DLManagedTensorVersioned,
)
