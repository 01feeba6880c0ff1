"""Encodings by name, and the NumPy types of those that NumPy can hold."""

from __future__ import annotations

from typing import Any

import numpy

from . import _dlpack_layout as dlpack
from .errors import InvalidData

try:
    from ml_dtypes import bfloat16 as _bfloat16
except ImportError:
    _bfloat16 = numpy.uint16

FLOAT32, FLOAT16, BFLOAT16, INT32 = "f32", "f16", "bf16", "i32"

_dtypes: dict[str, numpy.dtype[Any]] = {
    FLOAT32: numpy.dtype(numpy.float32),
    FLOAT16: numpy.dtype(numpy.float16),
    BFLOAT16: numpy.dtype(_bfloat16),
    INT32: numpy.dtype(numpy.int32),
}
_type_names = {"float32": FLOAT32, "float16": FLOAT16, "bfloat16": BFLOAT16, "int32": INT32}
_dlpack_types = {
    (dlpack.FLOAT, 32): FLOAT32,
    (dlpack.FLOAT, 16): FLOAT16,
    (dlpack.BFLOAT, 16): BFLOAT16,
    (dlpack.INT, 32): INT32,
}


EncodingLike = Any
"""The name of an encoding, or a NumPy or PyTorch type that has one."""


def name_of(encoding: EncodingLike) -> str:
    """The name of an encoding that is given as such or as a type: ``"q8_0"``, ``numpy.float32``,
    ``torch.bfloat16``, ``"float16"``.

    Raises:
        InvalidData: the type has no encoding, or the name has capitals, which no encoding has.
    """
    if isinstance(encoding, str):
        if encoding != encoding.lower():
            raise InvalidData(
                f"there is no encoding {encoding!r}; names have small letters: {encoding.lower()!r}"
            )
        return _type_names.get(encoding, encoding)
    name = str(encoding)
    if name.startswith("torch.") and name[6:] in _type_names:
        return _type_names[name[6:]]
    try:
        dtype = numpy.dtype(encoding)
    except TypeError:
        raise InvalidData(f"{encoding!r} is neither an encoding's name nor a type") from None
    return encoding_of(dtype)


def dtype_of(encoding: str) -> numpy.dtype[Any]:
    """The NumPy type of a dense encoding: bf16 is ml_dtypes' ``bfloat16``, or ``uint16`` bits if
    that is not there.

    Raises:
        InvalidData: the encoding is of blocks or sparse.
    """
    dtype = _dtypes.get(encoding)
    if dtype is None:
        raise InvalidData(f"NumPy has no type for {encoding}; {', '.join(_dtypes)} have one")
    return dtype


def has_dtype(encoding: str) -> bool:
    """Whether NumPy has a type for an encoding: not if it is of blocks or sparse."""
    return encoding in _dtypes


def encoding_of(dtype: numpy.dtype[Any], what: str = "") -> str:
    """The encoding of a NumPy type; ``what`` has it, for the message.

    Raises:
        InvalidData: no encoding stores these values. Nothing is converted behind the caller's back.
    """
    if dtype.isnative:
        for encoding, known in _dtypes.items():
            if dtype == known and known != numpy.uint16:
                return encoding
        if dtype.name == "bfloat16" and dtype.itemsize == 2:
            return BFLOAT16
    raise InvalidData(
        f"{what}{': ' if what else ''}there is no encoding for {dtype}; NumPy arrays may be"
        " float32, float16, bfloat16 or int32"
    )


def holds(dtype: numpy.dtype[Any], encoding: str) -> bool:
    """Whether an array of this type holds values of an encoding. Bits of bf16 may come as
    ``uint16``."""
    if encoding == BFLOAT16:
        return dtype.isnative and dtype.itemsize == 2 and dtype.name in ("bfloat16", "uint16")
    return encoding in _dtypes and dtype == _dtypes[encoding] and dtype.isnative


def encoding_of_dlpack(dtype: dlpack.DLDataType, what: str) -> str:
    """The encoding of a DLPack type; ``what`` has it, for the message.

    Raises:
        InvalidData: no encoding stores these values.
    """
    encoding = _dlpack_types.get((dtype.code, dtype.bits)) if dtype.lanes == 1 else None
    if encoding is None:
        raise InvalidData(
            f"{what}: there is no encoding for {_dlpack_name(dtype)}; tensors may be float32,"
            " float16, bfloat16 or int32"
        )
    return encoding


def _dlpack_name(dtype: dlpack.DLDataType) -> str:
    """A type as NumPy and PyTorch call it: ``float64``, ``uint8``, ``float32x4``."""
    kind = {0: "int", 1: "uint", 2: "float", 4: "bfloat", 5: "complex", 6: "bool"}.get(dtype.code)
    if kind is None:
        return f"DLPack's type code {dtype.code} of {dtype.bits} bits"
    lanes = "" if dtype.lanes == 1 else f"x{dtype.lanes}"
    return f"{kind}{'' if kind == 'bool' else dtype.bits}{lanes}"
