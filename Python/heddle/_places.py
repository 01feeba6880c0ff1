"""What a session's inputs, outputs and states lie in: the caller's arrays, or memory of its own."""

from __future__ import annotations

import ctypes
from typing import Any, Mapping

import numpy

from . import _dlpack, _library, _memory, encodings
from ._arguments import bindings as symbol_values
from ._arguments import utf8
from ._dlpack_layout import DLManagedTensorVersioned
from ._handle import Handle
from ._interface import NUMBERS
from .encoded import EncodedTensor, byte_count
from .errors import InvalidArgument, InvalidBinding, InvalidData
from .graph import TensorType


def places_text(types: Mapping[str, Mapping[str, TensorType]]) -> str:
    """``x f32[n, 4] -> y f32[n, 4]``: inputs, then outputs."""
    inputs, outputs = (
        ", ".join(f"{name} {type_}" for name, type_ in types[place].items())
        for place in ("input", "output")
    )
    return f"{inputs} -> {outputs}"


class Places(Handle):
    """Binding, reading and writing of a session's inputs, outputs and states."""

    def __init__(
        self, handle: int, types: Mapping[str, Mapping[str, TensorType]], symbols: Mapping[str, int]
    ) -> None:
        super().__init__(handle)
        self._types = types
        # What is bound stays alive: the finalizer holds this dictionary until the handle is given
        # back.
        self._bound: dict[tuple[str, str], Any] = {}
        self._kept.append(self._bound)
        # Symbols: what the last run knew, what it was named, and what the shapes of bound inputs
        # tell the next one.
        self._known = dict(symbols)
        self._named: dict[str, int] = {}
        self._told: dict[str, dict[str, int]] = {}
        # What a run was given, and what was bound there before: the next run without it has that
        # back.
        self._lent: dict[tuple[str, str], Any] = {}

    def bind_input(self, name: str, array: Any) -> bool:
        """Lets each run read an input from an array: a NumPy array of any strides that are not
        negative, or what has ``__dlpack__``, such as a PyTorch tensor. None: the session's own
        memory again.

        Returns whether a run copies: False if the device reads the array where it is. The array is
        kept until something else is bound; what is written to it later, the next run sees. The
        session's own memory has no value then, until an array is bound or given to ``run``.

        Raises:
            InvalidBinding: there is no such input, or the shape makes a symbol of it what it may
                not be.
            InvalidData: shape, type or strides cannot be used as they are.
        """
        return self._bind("input", name, array)

    def bind_output(self, name: str, array: Any) -> bool:
        """Lets each run write an output to an array, as ``bind_input`` reads. Read-only arrays are
        refused."""
        return self._bind("output", name, array)

    def bind_state(self, name: str, array: Any) -> bool:
        """Lets each run read and write a state in an array, as ``bind_input`` reads. Read-only
        arrays are refused. None: the state begins at its initial value, in the session's own
        memory; what it was stays in the array."""
        return self._bind("state", name, array)

    def _bind(self, place: str, name: str, array: Any) -> bool:
        key, copied = (place, name), ctypes.c_int32()
        where = (self.handle, NUMBERS[place.upper()], utf8(name, "the name"))
        if array is None:
            _library.call("heddle_session_bind", *where, None, ctypes.byref(copied))
            shape: tuple[int, ...] = ()
        elif isinstance(array, numpy.ndarray):
            memory = _memory.memory(array, self._type(place, name).encoding, name)
            _library.call("heddle_session_bind", *where, ctypes.byref(memory), ctypes.byref(copied))
            shape = array.shape
        elif hasattr(array, "__dlpack__"):
            self._type(place, name)
            capsule = _dlpack.request(array)
            tensor = _dlpack.tensor_in(capsule)
            shape = tuple(tensor.shape[axis] for axis in range(tensor.ndim))
            _library.call(
                "heddle_session_bind_dlpack", *where, _dlpack.take(capsule), ctypes.byref(copied)
            )
        else:
            raise InvalidData(
                f"{name!r} is bound to an array or what has __dlpack__, not {type(array).__name__}"
            )
        self._lent.pop(key, None)
        if array is None:
            self._bound.pop(key, None)
        else:
            self._bound[key] = array
        if place == "input":
            extents = zip(shape, self._types[place][name].shape if shape else ())
            self._told[name] = {
                str(dimension): extent
                for extent, dimension in extents
                if str(dimension) in dimension.symbols
            }
        return bool(copied.value)

    def _lend(self, place: str, name: str, array: Any) -> None:
        """Binds for one run."""
        key = (place, name)
        earlier = self._lent[key] if key in self._lent else self._bound.get(key)
        self._bind(place, name, array)
        self._lent[key] = earlier

    def _end_loans(self, kept: set[tuple[str, str]]) -> None:
        """Binds again what stood where the last run was given something, but for these."""
        for (place, name), earlier in list(self._lent.items()):
            if (place, name) not in kept:
                self._bind(place, name, earlier)

    def _symbols(self, symbols: Mapping[str, int]) -> tuple[dict[str, int], dict[str, int]]:
        """What a run must be named, and all that is known of it then. What no shape tells and
        nobody names stays as it was."""
        told = {symbol: value for told in self._told.values() for symbol, value in told.items()}
        stays = {symbol: value for symbol, value in self._named.items() if symbol not in told}
        named = {**stays, **symbols}
        return named, {**self._known, **told, **named}

    def _type(self, place: str, name: str) -> TensorType:
        types = self._types[place]
        if name not in types:
            raise InvalidBinding(
                f"there is no {place} {name!r}; there are {', '.join(types) or 'none'}"
            )
        return types[name]

    def read_output(
        self, /, name: str, bindings: Mapping[str, int] | None = None, **symbols: int
    ) -> Any:
        """An output of the last run as a new row-major array, whatever it is bound to, once the
        device is done; an ``EncodedTensor`` if its encoding is of blocks or sparse. ``Busy`` while
        a step runs. Symbols as of ``run``."""
        return self._read("output", name, symbol_values(bindings, symbols))

    def read_state(
        self, /, name: str, bindings: Mapping[str, int] | None = None, **symbols: int
    ) -> Any:
        """A state as a new array, as ``read_output``."""
        return self._read("state", name, symbol_values(bindings, symbols))

    def write_state(self, name: str, array: Any) -> None:
        """Sets a state to an array's values, or one in blocks to an ``EncodedTensor``."""
        type_ = self._type("state", name)
        shape = self._shape("state", name, {})
        if isinstance(array, EncodedTensor):
            if (array.encoding, array.shape) != (type_.encoding, shape):
                raise InvalidData(
                    f"the state {name!r} is {type_.encoding}{list(shape)}, not "
                    f"{array.encoding}{list(array.shape)}"
                )
            values = array.data
        else:
            values = numpy.asarray(_memory.usable(array, type_.encoding, name), order="C")
            if values.shape != shape:
                raise InvalidData(f"the state {name!r} has shape {shape}, not {values.shape}")
        _library.call(
            "heddle_session_write", self.handle, NUMBERS["STATE"], utf8(name, "the name"),
            values.ctypes.data, values.nbytes,
        )  # fmt: skip

    def _read(self, place: str, name: str, symbols: Mapping[str, int]) -> Any:
        shape, encoding = self._shape(place, name, symbols), self._type(place, name).encoding
        if encodings.has_dtype(encoding):
            array = numpy.empty(shape, encodings.dtype_of(encoding))
        else:
            array = numpy.empty(byte_count(encoding, shape), numpy.uint8)
        _library.call(
            "heddle_session_read", self.handle, NUMBERS[place.upper()], utf8(name, "the name"),
            array.ctypes.data, array.nbytes,
        )  # fmt: skip
        return array if encodings.has_dtype(encoding) else EncodedTensor(encoding, shape, array)

    def _shape(self, place: str, name: str, symbols: Mapping[str, int]) -> tuple[int, ...]:
        type_ = self._type(place, name)
        try:
            return type_.concrete({**self._known, **symbols})
        except KeyError as missing:
            raise InvalidBinding(
                f"the {place} {name!r} is {type_}; {missing} has no value yet"
            ) from None

    def output_dlpack(self, name: str, memory: str = "host") -> _dlpack.Exported:
        """What an output holds after a run, for ``numpy.from_dlpack`` or ``torch.from_dlpack``: a
        copy in the host's memory, or with ``memory="opencl"`` the session's own buffer, which later
        runs write again unless one of them needs more room and makes another.

        Raises:
            InvalidData: no run has made it.
        """
        return self._export("output", name, memory)

    def state_dlpack(self, name: str, memory: str = "host") -> _dlpack.Exported:
        """What a state holds, as ``output_dlpack``."""
        return self._export("state", name, memory)

    def _export(self, place: str, name: str, memory: str) -> _dlpack.Exported:
        if memory not in ("host", "opencl"):
            raise InvalidArgument(f"memory is {memory!r}; it may be 'host' or 'opencl'")
        tensor = ctypes.POINTER(DLManagedTensorVersioned)()
        where = (self.handle, NUMBERS[place.upper()], utf8(name, "the name"))
        kind = NUMBERS[f"MEMORY_{memory.upper()}"]
        _library.call("heddle_session_export_dlpack", *where, kind, ctypes.byref(tensor))
        return _dlpack.Exported(tensor)
