"""Tensors whose values NumPy has no type for: in blocks, or sparse."""

from __future__ import annotations

import ctypes
from ctypes import c_int64, c_size_t
from typing import Any, Sequence, Union

import numpy

from . import _library
from ._arguments import integers, utf8
from .encodings import EncodingLike, name_of
from .errors import InvalidData

Buffer = Union[bytes, bytearray, memoryview, "numpy.ndarray[Any, Any]"]


def byte_count(encoding: EncodingLike, shape: Sequence[int]) -> int:
    """The bytes that a tensor of this encoding and shape takes.

    Raises:
        InvalidData: there is no such encoding, or the shape does not fit it.
    """
    count = c_size_t()
    _library.call(
        "heddle_encoding_byte_count",
        utf8(name_of(encoding), "the encoding"),
        ctypes.cast(integers(shape), ctypes.POINTER(c_int64)),
        len(shape),
        ctypes.byref(count),
    )
    return count.value


class EncodedTensor:
    """A tensor as its bytes in an encoding, such as ``"2:4-f32"`` or ``"q4_0"``.

    ``Backend.encode`` makes one, and ``Session.run`` gives one for an output in an encoding that
    NumPy has no type for; ``ConstantStore.add`` takes it. It does not change.

    Attributes:
        encoding: the encoding's name.
        shape: the extents of the values, not of the bytes.
        data: the bytes, a read-only array of uint8, as files hold them.
    """

    __slots__ = ("data", "encoding", "shape")
    encoding: str
    shape: tuple[int, ...]
    data: numpy.ndarray[Any, Any]

    def __init__(self, encoding: EncodingLike, shape: Sequence[int], data: Buffer) -> None:
        """Copies the bytes.

        Raises:
            InvalidData: there is no such encoding, or the bytes are more or fewer.
        """
        expected = byte_count(encoding, shape)
        if isinstance(data, numpy.ndarray):
            # Types that NumPy does not know itself, such as bfloat16, are in no memoryview.
            data = numpy.ascontiguousarray(data).view(numpy.uint8)
        got = memoryview(data).nbytes
        if got != expected:
            raise InvalidData(
                f"{name_of(encoding)}{list(shape)} has {expected} bytes, and was given {got}"
            )
        array = numpy.frombuffer(memoryview(data).tobytes(), numpy.uint8)
        object.__setattr__(self, "encoding", name_of(encoding))
        object.__setattr__(self, "shape", tuple(int(extent) for extent in shape))
        object.__setattr__(self, "data", array)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"an encoded tensor does not change: {name!r} cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"an encoded tensor does not change: {name!r} cannot be deleted")

    def __eq__(self, other: object) -> bool:
        """Whether encoding, shape and bytes are the same."""
        if not isinstance(other, EncodedTensor):
            return NotImplemented
        return (
            self.encoding == other.encoding
            and self.shape == other.shape
            and self.data.tobytes() == other.data.tobytes()
        )

    def __hash__(self) -> int:
        return hash((self.encoding, self.shape, self.data.tobytes()))

    def __reduce__(self) -> tuple[Any, ...]:
        return (EncodedTensor, (self.encoding, self.shape, self.data.tobytes()))

    def __repr__(self) -> str:
        return f"EncodedTensor({self.encoding}{list(self.shape)}, {self.data.nbytes} bytes)"
