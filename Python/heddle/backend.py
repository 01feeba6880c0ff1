"""A device in use."""

from __future__ import annotations

import ctypes
import json
import os
from ctypes import c_int32
from typing import Any, NamedTuple, Sequence, Union

import numpy

from . import _library, encodings
from ._arguments import Path, integer, utf8
from ._handle import Handle, make
from ._interface import NUMBERS
from ._structs import heddle_backend_options
from .builder import GraphBuilder
from .constants import ConstantStore
from .device import Device
from .encoded import EncodedTensor
from .encodings import EncodingLike
from .errors import InvalidArgument
from .executable import Executable, Layout
from .graph import Graph


class Support(NamedTuple):
    """Whether a graph runs on a backend; it is true if so, else ``reason`` says which node does
    not, and why."""

    is_supported: bool
    reason: str

    def __bool__(self) -> bool:
        return self.is_supported


class Backend(Handle):
    """A device in use: everything made on it shares one OpenCL context.

    Args:
        device: a ``Device``, or what ``Device.select`` takes.
        memory_budget: bytes of device memory; None for most of what the device has.
        cache: the folder for built programs; None for ``HEDDLE_CACHE_DIR`` or ``~/.cache/heddle``,
            False for none.
        tuning: ``"recorded"`` to follow measured choices, or ``"off"``.
        numerics: ``"exact"``, or ``"relaxed"`` if choices may change bits.
        opencl_context: the address of a cl_context to work in; it is retained.
        opencl_device: the address of a cl_device_id in it, if it has several.
    """

    def __init__(
        self,
        device: Union[Device, str, int, None] = None,
        memory_budget: int | None = None,
        cache: Union[Path, bool, None] = None,
        tuning: str = "recorded",
        numerics: str = "exact",
        opencl_context: int | None = None,
        opencl_device: int | None = None,
    ) -> None:
        if isinstance(device, Device):
            device = device.identifier
        options = heddle_backend_options(
            device=None if device is None else utf8(str(device), "the device"),
            opencl_context=opencl_context,
            opencl_device=opencl_device,
            memory_budget=(
                0
                if memory_budget is None
                else integer(memory_budget, "the memory budget", 0, 2**63 - 1)
            ),
            cache_folder=_cache_folder(cache),
            tuning=_choice("tuning", tuning),
            numerics=_choice("numerics", numerics),
        )
        super().__init__(make("heddle_backend_create", ctypes.byref(options)))
        self._device: str | None = None

    def _described(self) -> str:
        if self._device is None:
            self._device = str(self.state()["device"])
        return repr(self._device)

    def state(self) -> dict[str, Any]:
        """``device``, ``deviceBytes``, ``budgetBytes``, ``buildCount`` and ``allocationCount``
        now."""
        state: dict[str, Any] = json.loads(_library.text("heddle_backend_state", self.handle))
        return state

    def supports(self, graph: Graph) -> Support:
        """Whether each operation of a graph runs here."""
        supported = c_int32()
        reason = _library.text(
            "heddle_backend_supports", self.handle, graph.handle, ctypes.byref(supported)
        )
        return Support(bool(supported.value), reason)

    def compile(
        self,
        graph: Graph,
        constants: ConstantStore | None = None,
        layouts: Sequence[Layout] | None = None,
    ) -> Executable:
        """Plans the graph, builds its kernels and packs its constants. The same graph with the same
        constants gives the executable that is already there, at once.

        Raises:
            Unsupported: a node does not run here.
            InvalidBinding: a layout names nothing of the graph.
        """
        return Executable(self, graph, constants, layouts or ())


    def encode(self, array: Any, encoding: EncodingLike) -> EncodedTensor:
        """The values of an array in another encoding, such as ``"2:4-f32"``: what the operation
        ``encode`` makes of them on this device.

        Args:
            array: float32, or float16 or bfloat16 if the encoding is dense. For a sparse encoding
                it is [M, K], K a multiple of the pattern's span: kept is the greatest by magnitude.
                For blocks it is [..., K] in float32, K a multiple of the block.
            encoding: f32, f16, bf16, sparse, or blocks that can be made: q4_0, q4_1, q5_0, q5_1, q8_0,
                q2_k to q6_k, iq4_nl, iq4_xs, mxfp4, int4_g64, int4_g128, int8_g64, int8_g128,
                fp8_e4m3_g32, fp8_e4m3_g128, fp8_e5m2_g32, nf4.

        Raises:
            InvalidGraph: the encoding cannot be made, or not of such an array.
        """
        if not hasattr(array, "__dlpack__"):
            array = numpy.asarray(array)
        with GraphBuilder() as builder:
            x = builder.input("x", encodings.name_of(array.dtype), [int(n) for n in array.shape])
            graph = builder.build({"y": builder.encode(x, encoding)})
        with graph, self.compile(graph) as executable, executable.session() as session:
            encoded = session.run({"x": array})["y"]
        if isinstance(encoded, EncodedTensor):
            return encoded
        return EncodedTensor(encoding, encoded.shape, encoded.tobytes())


def _cache_folder(cache: Union[Path, bool, None]) -> bytes | None:
    if cache is None or cache is True:
        return None
    return b"" if cache is False else utf8(os.fspath(cache), "the cache folder")


def _choice(kind: str, value: str) -> int:
    number = NUMBERS.get(f"{kind}_{value}".upper())
    if number is None:
        prefix = f"{kind}_".upper()
        names = [name[len(prefix) :].lower() for name in NUMBERS if name.startswith(prefix)]
        raise InvalidArgument(f"{kind} is {value!r}; it may be {' or '.join(map(repr, names))}")
    return number
