"""A graph compiled for a backend."""

from __future__ import annotations

import ctypes
import json
from ctypes import c_int64
from typing import TYPE_CHECKING, Any, Mapping, NamedTuple, Sequence

from . import _library
from ._arguments import bindings as symbol_values
from ._arguments import int64, integers, utf8
from ._handle import Handle, make
from ._interface import NUMBERS
from ._places import places_text
from ._structs import heddle_compile_options, heddle_layout
from .constants import ConstantStore
from .errors import InvalidArgument
from .graph import Graph
from .session import Session

if TYPE_CHECKING:
    from .backend import Backend


class Layout(NamedTuple):
    """Where elements lie in the memory that will be bound; without one row-major.

    Strides and the offset count elements: one stride an axis, 0 or more. The offset is from the
    start of the bound memory; an array that begins at its first element, such as a slice, needs
    none. ``place`` is ``"input"``, ``"output"`` or ``"state"``.
    """

    place: str
    name: str
    strides: Sequence[int]
    offset: int = 0


def compile_options(layouts: Sequence[Layout]) -> heddle_compile_options:
    """The layouts as C takes them."""
    array = (heddle_layout * len(layouts))()
    for index, layout in enumerate(layouts):
        if layout.place not in ("input", "output", "state"):
            raise InvalidArgument(
                f"a layout's place is {layout.place!r}, not 'input', 'output' or 'state'"
            )
        array[index] = heddle_layout(
            place=NUMBERS[layout.place.upper()],
            name=utf8(layout.name, "a layout's name"),
            offset=int64(layout.offset, "a layout's offset"),
            strides=ctypes.cast(integers(layout.strides), ctypes.POINTER(c_int64)),
            rank=len(layout.strides),
        )
    return heddle_compile_options(
        layouts=ctypes.cast(array, ctypes.POINTER(heddle_layout)), layout_count=len(layouts)
    )


class Executable(Handle):
    """A graph compiled for a backend, run through sessions. ``Backend.compile`` makes it."""

    def __init__(
        self,
        backend: Backend,
        graph: Graph,
        constants: ConstantStore | None,
        layouts: Sequence[Layout] = (),
    ) -> None:
        options = compile_options(layouts)
        weights = 0 if constants is None else constants.handle
        handles = (backend.handle, graph.handle, weights)
        super().__init__(make("heddle_compile", *handles, ctypes.byref(options)))
        self.inputs = graph.inputs
        self.outputs = graph.outputs
        self.states = graph.states
        self.symbols = graph.symbols
        self.layouts = [layout._replace(strides=tuple(layout.strides)) for layout in layouts]

    def plan(self) -> dict[str, Any]:
        """How the graph runs: ``launches``, ``kernels``, ``constantBytes``, and ``choices`` as
        text."""
        plan: dict[str, Any] = json.loads(_library.text("heddle_executable_plan", self.handle))
        return plan

    def _described(self) -> str:
        return places_text({"input": self.inputs, "output": self.outputs})

    def session(
        self,
        /,
        bindings: Mapping[str, int] | None = None,
        opencl_queue: int | None = None,
        **symbols: int,
    ) -> Session:
        """One use of the executable, with states of its own, at their initial values.

        Args:
            bindings: values of the symbols in the shapes of states; or name them as keywords,
                unless they are called as an argument is.
            opencl_queue: the address of a cl_command_queue to enqueue on, in order and in the
                backend's context.

        Raises:
            InvalidBinding: a symbol is missing, unknown or outside its range.
        """
        return Session(self, symbol_values(bindings, symbols), opencl_queue)
