"""Extents that are known when a graph runs: integer expressions over symbols."""

from __future__ import annotations

import ctypes
import re
from typing import Any, Mapping, Union

from . import _arguments, _library
from .errors import InvalidGraph

Extent = Union[int, str, "Dimension"]
"""What a method takes for a dimension: a number, an expression as text, or a ``Dimension``."""

# A name before a bracket is `ceil`.
_NAME = re.compile(r"[A-Za-z_][A-Za-z_0-9.]*(?![A-Za-z_0-9.(])")


class Dimension:
    """A sum of integer multiples of products of symbols and of ``⌈expression / n⌉``, in canonical
    form: equal expressions are equal objects. Knows ``+``, ``-``, ``*``, and ``ceil_divide``;
    ``str`` gives what a graph's JSON holds: ``"past + 2*tokens"``, ``"ceil((tokens + 1)/64)"``.

    Numbers have 64 bits, as they have in a graph.

    Raises:
        InvalidGraph: the text is no dimension, or something in it does not fit 64 bits.
    """

    __slots__ = ("_text",)
    _text: str

    def __init__(self, value: Extent = 0) -> None:
        if isinstance(value, Dimension):
            self._text = value._text
        elif isinstance(value, str):
            self._text = _read(value)
        elif hasattr(value, "__index__") and not isinstance(value, bool):
            self._text = _read(str(value.__index__()))
        else:
            raise TypeError(
                f"a dimension is a number, text or Dimension, not {type(value).__name__}"
            )

    @classmethod
    def symbol(cls, name: str) -> Dimension:
        """The symbol itself.

        Raises:
            InvalidGraph: no symbol can have this name.
        """
        if not _NAME.fullmatch(name):
            raise InvalidGraph(f"{name!r} is no symbol's name")
        return cls(name)

    @property
    def constant(self) -> int | None:
        """The value if no symbol is involved."""
        return int(self._text) if self._text.lstrip("-").isdecimal() else None

    @property
    def symbols(self) -> set[str]:
        """The names of the symbols it depends on."""
        return set(_NAME.findall(self._text))

    def value(self, bindings: Mapping[str, int]) -> int:
        """The value under these bindings.

        Raises:
            KeyError: a symbol has none.
            InvalidGraph: the value does not fit 64 bits.
        """
        symbols = _arguments.symbols({name: bindings[name] for name in self.symbols})
        value = ctypes.c_int64()
        text = self._text.encode()
        place = ctypes.byref(value)
        _library.call("heddle_dimension", text, symbols, len(symbols), place, None, 0, None)
        return value.value

    def ceil_divide(self, divisor: int) -> Dimension:
        """``⌈self / divisor⌉``, of a divisor of one or more."""
        if divisor < 1:
            raise InvalidGraph(f"{self} is divided by {divisor}; a divisor is 1 or more")
        return Dimension(f"ceil(({self})/{divisor})")

    def __add__(self, other: Extent) -> Dimension:
        return Dimension(f"{self} + {Dimension(other)}")

    def __mul__(self, other: Extent) -> Dimension:
        return Dimension(f"({self})*({Dimension(other)})")

    def __neg__(self) -> Dimension:
        return Dimension(f"-({self})")

    def __sub__(self, other: Extent) -> Dimension:
        return Dimension(f"{self} - ({Dimension(other)})")

    def __rsub__(self, other: Extent) -> Dimension:
        return Dimension(other) - self

    __radd__ = __add__
    __rmul__ = __mul__

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Dimension):
            return self._text == other._text
        return self.constant == other if isinstance(other, int) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._text if self.constant is None else self.constant)

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"Dimension({self._text!r})"

    def json(self) -> int | str:
        """A number if it is one, else the expression."""
        return self._text if self.constant is None else self.constant


def _read(text: str) -> str:
    """The canonical form, which the library knows."""
    return _library.text("heddle_dimension", _arguments.utf8(text, "a dimension"), None, 0, None)


def dimension(value: Extent) -> Dimension:
    """The dimension a method was given."""
    return value if isinstance(value, Dimension) else Dimension(value)


def shape_json(shape: Any) -> list[int | str]:
    """A shape as a graph's JSON holds it."""
    return [dimension(extent).json() for extent in shape]
