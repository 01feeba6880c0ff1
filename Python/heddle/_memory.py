"""NumPy arrays as memory that the library reads and writes."""

from __future__ import annotations

import ctypes
from ctypes import c_int64
from typing import Any, Sequence

import numpy

from . import encodings
from ._arguments import integers
from ._conversion import array_of
from ._interface import NUMBERS
from ._structs import heddle_memory
from .errors import InvalidData


def problem(array: numpy.ndarray[Any, Any], encoding: str) -> str | None:
    """Why an array cannot be used where it is; None if it can."""
    if not encodings.holds(array.dtype, encoding):
        expected = encodings.dtype_of(encoding)
        # Bits are not values.
        hint = "" if expected == numpy.uint16 else f": array.astype({str(expected)!r}) does it"
        return f"has type {array.dtype}, not {encoding}'s {expected}; nothing is converted{hint}"
    if isinstance(array, numpy.ma.MaskedArray):
        return "is masked, and its mask would be lost; masked.filled(value) gives a plain one"
    if any(stride < 0 for stride in array.strides):
        return f"has negative strides {array.strides}; numpy.ascontiguousarray gives a copy without"
    if any(stride % array.itemsize for stride in array.strides):
        return f"has strides {array.strides}, no multiples of its elements' {array.itemsize} bytes"
    return None


def memory(array: numpy.ndarray[Any, Any], encoding: str, name: str) -> heddle_memory:
    """An array in place, strides and all. The caller keeps the array.

    Raises:
        InvalidData: its type is another, or its strides are negative or no whole elements.
    """
    reason = problem(array, encoding)
    if reason:
        raise InvalidData(f"the array for {name!r} {reason}")
    strides = [stride // array.itemsize for stride in array.strides]
    reach = sum((extent - 1) * stride for extent, stride in zip(array.shape, strides)) + 1
    return heddle_memory(
        kind=NUMBERS["MEMORY_HOST"],
        is_read_only=int(not array.flags.writeable),
        data=array.ctypes.data,
        byte_count=reach * array.itemsize if array.size else 0,
        shape=ctypes.cast(integers(array.shape), ctypes.POINTER(c_int64)),
        strides=ctypes.cast(integers(strides), ctypes.POINTER(c_int64)),
        rank=array.ndim,
    )


def strided(shape: Sequence[int], strides: Sequence[int], encoding: str) -> numpy.ndarray[Any, Any]:
    """An array whose elements lie these strides apart, in memory of its own."""
    dtype = encodings.dtype_of(encoding)
    reach = sum((extent - 1) * stride for extent, stride in zip(shape, strides)) + 1
    base = numpy.empty(1 if 0 in shape else reach, dtype)
    steps = [stride * dtype.itemsize for stride in strides]
    return numpy.lib.stride_tricks.as_strided(base, shape, steps)


def usable(value: Any, encoding: str, name: str) -> numpy.ndarray[Any, Any]:
    """A value as an array that ``memory`` takes: itself if it can be, else a row-major copy of the
    same values.

    Raises:
        InvalidData: its type is another; only Python's own numbers and lists are converted, if that
            changes none of them.
    """
    if isinstance(value, (list, tuple, range)) or not has_type(value):
        return array_of(value, encoding, name)
    value = numpy.asanyarray(value)
    if isinstance(value, numpy.ma.MaskedArray) or not encodings.holds(
        value.dtype.newbyteorder("="), encoding
    ):
        raise InvalidData(f"the array for {name!r} {problem(value, encoding)}")
    if problem(value, encoding):
        return numpy.array(value, dtype=value.dtype.newbyteorder("="), order="C")
    return value


def has_type(value: Any) -> bool:
    """Whether it says itself what its numbers are: an array, a NumPy number, or another's array."""
    if isinstance(value, (numpy.ndarray, numpy.generic)) or hasattr(value, "__array__"):
        return True
    if isinstance(value, (str, bytes)):
        return False
    try:
        memoryview(value)
    except TypeError:
        return False
    return True
