"""Builds graphs, one operation at a time."""

from __future__ import annotations

import contextlib
import ctypes
import json
from ctypes import c_size_t, c_uint64
from typing import Any, Iterator, Mapping, Sequence

import numpy

from . import _library
from ._arguments import int64, utf8
from ._handle import Handle, make
from .constants import ConstantStore
from .dimension import Dimension
from .errors import Error, InvalidGraph
from .graph import Graph, TensorType, type_of_json
from .operations import Operations


class Value:
    """A value under construction: belongs to one ``GraphBuilder``."""

    __slots__ = ("_type", "builder", "number")
    # NumPy must not take it for an element of an array.
    __array_ufunc__ = None

    def __init__(self, builder: GraphBuilder, number: int) -> None:
        self.builder = builder
        self.number = number
        self._type: TensorType | None = None

    @property
    def type(self) -> TensorType:
        """Encoding and shape, as inferred."""
        if self._type is None:
            text = _library.text("heddle_builder_type", self.builder.handle, self.number)
            self._type = type_of_json(json.loads(text))
        return self._type

    @property
    def encoding(self) -> str:
        """The name of the encoding: ``"f32"``."""
        return self.type.encoding

    @property
    def shape(self) -> tuple[Dimension, ...]:
        """The extents, which may hold symbols."""
        return self.type.shape

    @property
    def dtype(self) -> numpy.dtype[Any]:
        """The NumPy type; ``InvalidData`` if the encoding has none."""
        return self.type.dtype

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Value):
            return NotImplemented
        return other.builder is self.builder and other.number == self.number

    def __hash__(self) -> int:
        return hash((id(self.builder), self.number))

    def __repr__(self) -> str:
        try:
            return f"<heddle.Value {self.type}>"
        except Error:
            return f"<heddle.Value {self.number:#x} of a closed builder>"

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise TypeError("a heddle.Value belongs to its builder and cannot be pickled or copied")


class GraphBuilder(Operations, Handle):
    """Makes a ``Graph`` one operation at a time; each method is one (``Operations`` has them).

    >>> builder = GraphBuilder()
    >>> tokens = builder.symbol("tokens", 1, 64)
    >>> x = builder.input("x", "f32", [tokens, 4])
    >>> graph = builder.build({"y": builder.softmax(x)})
    """

    def __init__(self) -> None:
        super().__init__(make("heddle_builder_create"))
        self._scopes: list[str] = []
        self._outputs: dict[str, Value] = {}

    def symbol(self, name: str, minimum: int, maximum: int) -> Dimension:
        """Declares a symbol and the values it may take, and gives it as a dimension. Its name is
        letters, digits and ``_``, no digit first; ``InvalidGraph`` else."""
        _library.call(
            "heddle_builder_symbol", self.handle, utf8(name, "the symbol"),
            int64(minimum, "minimum"), int64(maximum, "maximum"),
        )  # fmt: skip
        return Dimension.symbol(name)

    def constant(self, name: str, store: ConstantStore) -> Value:
        """A constant; its type comes from the store."""
        value = c_uint64()
        _library.call(
            "heddle_builder_constant", self.handle, store.handle, utf8(name, "the name"),
            ctypes.byref(value),
        )  # fmt: skip
        return Value(self, value.value)

    @contextlib.contextmanager
    def scope(self, name: str) -> Iterator[None]:
        """Labels what is built inside: ``with builder.scope("blk.0"):``."""
        self._scopes.append(name)
        try:
            yield
        finally:
            self._scopes.pop()

    def apply(
        self, operation: Mapping[str, Any], operands: Sequence[Value] = (), label: str | None = None
    ) -> list[Value]:
        """Adds an operation as it stands in a graph's JSON, ``{"rmsNorm": {"epsilon": 1e-5}}``, and
        gives its results. Every other method is a spelling of this one.

        Raises:
            InvalidGraph: there is no such operation, it cannot take these operands, or one is
                another builder's.
        """
        for operand in operands:
            if not isinstance(operand, Value):
                raise TypeError(f"operands are values of a builder, not {type(operand).__name__}")
            if operand.builder is not self:
                raise InvalidGraph(
                    f"an operand of {next(iter(operation), 'nothing')} is of another builder"
                )
        try:
            text = json.dumps(operation, allow_nan=False, default=_number)
        except ValueError as error:
            raise InvalidGraph(f"{operation} has no JSON form: {error}") from None
        names = ".".join(self._scopes + ([label] if label else []))
        numbers = (c_uint64 * len(operands))(*(operand.number for operand in operands))
        # An operation has two results at most, but a custom one, of which each has a type in the text.
        capacity = 2 + text.count("encoding")
        results, count = (c_uint64 * capacity)(), c_size_t()
        _library.call(
            "heddle_builder_apply", self.handle, utf8(text, "the operation"),
            numbers, len(operands), utf8(names, "the label") if names else None,
            results, capacity, ctypes.byref(count),
        )  # fmt: skip
        return [Value(self, results[index]) for index in range(count.value)]

    def update(self, state: str, value: Value) -> None:
        """Names the value a state has after a run."""
        _library.call(
            "heddle_builder_update", self.handle, utf8(state, "the state"), self._of(value)
        )

    def build(self, outputs: Mapping[str, Value]) -> Graph:
        """The graph of what was built so far. The builder can go on; outputs named before stay."""
        for name, value in outputs.items():
            if self._outputs.get(name) == value:
                continue
            _library.call(
                "heddle_builder_output", self.handle, utf8(name, "the output"), self._of(value)
            )
            self._outputs[name] = value
        return Graph(make("heddle_builder_build", self.handle))

    def _of(self, value: Value) -> int:
        if value.builder is not self:
            raise InvalidGraph("the value is of another builder")
        return value.number


def _number(value: Any) -> Any:
    """What NumPy calls a number, as JSON does."""
    if not hasattr(value, "item"):
        raise TypeError(f"{value!r} is no number or text")
    return value.item()
