"""What to compute."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any, NamedTuple

import numpy

from . import _library, encodings
from ._arguments import utf8
from ._handle import Handle, make
from .dimension import Dimension


class TensorType(NamedTuple):
    """Encoding and shape of a value; the shape may hold symbols."""

    encoding: str
    shape: tuple[Dimension, ...]

    def concrete(self, bindings: dict[str, int]) -> tuple[int, ...]:
        """The shape under these bindings."""
        return tuple(extent.value(bindings) for extent in self.shape)

    @property
    def dtype(self) -> numpy.dtype[Any]:
        """The NumPy type of the values.

        Raises:
            InvalidData: the encoding is of blocks or sparse, for which NumPy has none.
        """
        return encodings.dtype_of(self.encoding)

    def __str__(self) -> str:
        return f"{self.encoding}[{', '.join(map(str, self.shape))}]"


class Graph(Handle):
    """A computation over tensors. It knows no device and never changes."""

    @classmethod
    def from_json(cls, text: str | bytes) -> Graph:
        """Reads what ``json`` gives.

        Raises:
            InvalidGraph: it is no JSON, or no sound graph.
        """
        data = text if isinstance(text, bytes) else utf8(text, "the graph")
        return cls(make("heddle_graph_from_json", data, len(data)))

    def json(self) -> str:
        """The graph as JSON, with sorted keys: the same graph gives the same text."""
        return _library.text("heddle_graph_json", self.handle)

    def _described(self) -> str:
        def text(types: dict[str, TensorType]) -> str:
            return ", ".join(f"{name} {type_}" for name, type_ in types.items())

        return f"{text(self.inputs)} -> {text(self.outputs)}"

    @cached_property
    def _description(self) -> dict[str, Any]:
        description: dict[str, Any] = json.loads(self.json())
        return description

    @cached_property
    def symbols(self) -> dict[str, tuple[int, int]]:
        """The least and the greatest value of each symbol."""
        return {
            entry["symbol"]: (entry["minimum"], entry["maximum"])
            for entry in self._description["symbols"]
        }

    @cached_property
    def inputs(self) -> dict[str, TensorType]:
        """The inputs by name, in the order they were declared."""
        return self._leaves("input")

    @cached_property
    def states(self) -> dict[str, TensorType]:
        """The states by name, in the order they were declared."""
        return self._leaves("state")

    @cached_property
    def outputs(self) -> dict[str, TensorType]:
        """The outputs by name."""
        nodes = self._description["nodes"]
        return {
            entry["name"]: type_of_json(
                nodes[entry["value"]["node"]]["results"][entry["value"].get("result", 0)]
            )
            for entry in self._description["outputs"]
        }

    def _leaves(self, kind: str) -> dict[str, TensorType]:
        found = (node["operation"].get(kind) for node in self._description["nodes"])
        return {leaf["name"]: type_of_json(leaf["type"]) for leaf in found if leaf is not None}


def type_of_json(entry: dict[str, Any]) -> TensorType:
    """A type as a graph's JSON holds it."""
    return TensorType(entry["encoding"], tuple(Dimension(extent) for extent in entry["shape"]))
