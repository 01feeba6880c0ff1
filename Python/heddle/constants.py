"""Weights by name."""

from __future__ import annotations

import ctypes
import itertools
import json
import os
from ctypes import c_int64
from typing import Any, NamedTuple, Sequence

import numpy

from . import _dlpack, _library, encodings
from ._arguments import integers, utf8
from ._dlpack import immortal
from ._dlpack_layout import CPU
from ._handle import Handle, make
from ._memory import has_type
from ._structs import heddle_release_callback
from .encoded import Buffer, EncodedTensor
from .encodings import EncodingLike
from .errors import InvalidData, LibraryError

# What the library borrowed, by the number it was given as context, until it calls back. An entry is
# never there for an object that nobody uses: the library calls back once for each.
_borrowed: dict[int, Any] = {}
_numbers = itertools.count(1)


@immortal
@heddle_release_callback
def _give_back(context: int, borrowed: dict[int, Any] = _borrowed) -> None:
    borrowed.pop(context, None)


class ConstantType(NamedTuple):
    """How a constant is stored."""

    encoding: str
    shape: tuple[int, ...]

    @property
    def dtype(self) -> numpy.dtype[Any]:
        """The NumPy type; ``InvalidData`` if the encoding has none."""
        return encodings.dtype_of(self.encoding)


class ConstantStore(Handle):
    """Constants by name, for ``GraphBuilder.constant`` and ``Backend.compile``.

    Memory is borrowed, not copied: an array that was added must not change as long as anything uses
    it.
    """

    def __init__(self) -> None:
        super().__init__(make("heddle_constants_create"))

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> ConstantStore:
        """Every tensor of a GGUF or safetensors file, or of a model folder, by its name there. Files are
        mapped, not read.

        Raises:
            InvalidFile: it cannot be read, or is neither.
        """
        store = cls.__new__(cls)
        Handle.__init__(store, make("heddle_constants_open", utf8(path, "the path")))
        return store

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes all constants to a safetensors file, which ``open`` reads. It appears whole or not
        at all.

        Raises:
            InvalidFile: it cannot be written.
            InvalidData: a constant has more than 8 axes, or the name ``__metadata__``.
        """
        _library.call("heddle_constants_save", self.handle, utf8(path, "the path"))

    def add(self, name: str, array: Any) -> None:
        """Adds a NumPy array, or what has ``__dlpack__`` (a PyTorch tensor): f32, f16, bf16 or i32;
        or an ``EncodedTensor``.

        Row-major memory of the host is borrowed; NumPy arrays of other strides are copied once.

        Raises:
            InvalidData: the values' type has no encoding, or a tensor is strided or on a device.
            InvalidArgument: the name is there already.
        """
        if isinstance(array, EncodedTensor):
            self.add_bytes(name, array.encoding, array.shape, array.data)
            return
        if isinstance(array, numpy.ndarray) or not hasattr(array, "__dlpack__"):
            array = _plain(array, name)
            encoding = encodings.encoding_of(array.dtype, f"the constant {name!r}")
            array = numpy.asarray(array, order="C")
            self._add(name, encoding, array.shape, array.ctypes.data, array.nbytes, array)
            return
        capsule = _dlpack.request(array)
        tensor = _dlpack.tensor_in(capsule)
        if tensor.device.device_type != CPU:
            raise InvalidData(f"the constant {name!r} must be in the host's memory")
        shape = tuple(tensor.shape[axis] for axis in range(tensor.ndim))
        if not _is_row_major(tensor, shape):
            raise InvalidData(f"the constant {name!r} must be row-major")
        encoding = encodings.encoding_of_dlpack(tensor.dtype, f"the constant {name!r}")
        count = numpy.prod(shape, dtype=numpy.int64).item() * tensor.dtype.bits // 8
        self._add(
            name, encoding, shape, (tensor.data or 0) + tensor.byte_offset, count, (array, capsule)
        )

    def add_bytes(
        self, name: str, encoding: EncodingLike, shape: Sequence[int], data: Buffer
    ) -> None:
        """Adds a constant of any encoding, such as ``"q4_1"`` or ``"2:4-int4"``: its bytes as a
        file holds them.

        Raises:
            InvalidData: there is no such encoding, or its bytes are more or fewer.
        """
        array = (
            numpy.frombuffer(data, dtype=numpy.uint8) if len(data) else numpy.empty(0, numpy.uint8)
        )
        self._add(name, encoding, tuple(shape), array.ctypes.data, array.nbytes, array)

    def _described(self) -> str:
        types = self.types()
        shown = [f"{name} {type_.encoding}{list(type_.shape)}" for name, type_ in types.items()]
        return ", ".join(shown[:4]) + (f" and {len(shown) - 4} more" if len(shown) > 4 else "")

    def types(self) -> dict[str, ConstantType]:
        """Encoding and shape of every constant, by name."""
        listed = json.loads(_library.text("heddle_constants_list", self.handle))
        return {
            name: ConstantType(entry["encoding"], tuple(entry["shape"]))
            for name, entry in sorted(listed.items())
        }

    def names(self) -> list[str]:
        """The names, sorted."""
        return list(self.types())

    def _add(
        self,
        name: str,
        encoding: EncodingLike,
        shape: tuple[int, ...],
        address: int,
        byte_count: int,
        owner: Any,
    ) -> None:
        handle, name_text = self.handle, utf8(name, "the name")
        encoding_text = utf8(encodings.name_of(encoding), "the encoding")
        extents = ctypes.cast(integers(shape), ctypes.POINTER(c_int64))
        context = next(_numbers)
        _borrowed[context] = owner
        try:
            # If this fails in C, the library has called back already.
            _library.call(
                "heddle_constants_add", handle, name_text, encoding_text, extents, len(shape),
                address, byte_count, _give_back, context,
            )  # fmt: skip
        except (ctypes.ArgumentError, LibraryError):
            # It did not come to C.
            _borrowed.pop(context, None)
            raise


def _plain(value: Any, name: str) -> numpy.ndarray[Any, Any]:
    """An array; numbers and lists are none, as they say nothing of their type."""
    if isinstance(value, numpy.ma.MaskedArray):
        raise InvalidData(f"the constant {name!r} is masked, and its mask would be lost")
    if not has_type(value):
        raise InvalidData(
            f"the constant {name!r} is an array with a type, such as numpy.array(values,"
            f" numpy.float32), not of type {type(value).__name__}"
        )
    return numpy.asarray(value)


def _is_row_major(tensor: Any, shape: tuple[int, ...]) -> bool:
    if not tensor.strides or 0 in shape:
        return True
    expected = 1
    for axis in reversed(range(len(shape))):
        if shape[axis] != 1 and tensor.strides[axis] != expected:
            return False
        expected *= shape[axis]
    return True
