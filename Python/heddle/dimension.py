"""Extents that are known when a graph runs: integer expressions over symbols."""

from __future__ import annotations

from typing import Any, Mapping, Union

from ._expression import Parser
from .errors import InvalidGraph

Factor = Union[str, "tuple[Dimension, int]"]
"""A symbol's name, or (dimension, divisor): ⌈dimension / divisor⌉."""
Extent = Union[int, str, "Dimension"]
"""What a method takes for a dimension: a number, an expression as text, or a ``Dimension``."""


class Dimension:
    """A sum of integer multiples of products of symbols and of ``⌈expression / n⌉``, in canonical
    form: equal expressions are equal objects. Knows ``+``, ``-``, ``*``, and ``ceil_divide``;
    ``str`` gives what a graph's JSON
    holds: ``"past + 2*tokens"``, ``"ceil((tokens + 1)/64)"``."""

    __slots__ = ("_terms",)
    _terms: dict[tuple[Factor, ...], int]

    def __init__(self, value: Extent = 0) -> None:
        if isinstance(value, Dimension):
            self._terms = value._terms
        elif isinstance(value, str):
            self._terms = Parser(value, Dimension).whole()._terms
        elif hasattr(value, "__index__") and not isinstance(value, bool):
            number = value.__index__()
            self._terms = {(): number} if number else {}
        else:
            raise TypeError(
                f"a dimension is a number, text or Dimension, not {type(value).__name__}"
            )

    @classmethod
    def symbol(cls, name: str) -> Dimension:
        """The symbol itself, whatever its name."""
        return cls._of({(name,): 1})

    @staticmethod
    def _of(terms: Mapping[tuple[Factor, ...], int]) -> Dimension:
        dimension = Dimension()
        dimension._terms = {
            factors: number for factors, number in sorted(terms.items(), key=_key) if number
        }
        return dimension

    @property
    def constant(self) -> int | None:
        """The value if no symbol is involved."""
        if not self._terms:
            return 0
        return self._terms.get(()) if len(self._terms) == 1 else None

    @property
    def symbols(self) -> set[str]:
        """The names of the symbols it depends on."""
        found: set[str] = set()
        for factors in self._terms:
            for factor in factors:
                found |= {factor} if isinstance(factor, str) else factor[0].symbols
        return found

    def value(self, bindings: Mapping[str, int]) -> int:
        """The value under these bindings.

        Raises:
            KeyError: a symbol has none.
        """
        total = 0
        for factors, product in self._terms.items():
            for factor in factors:
                if isinstance(factor, str):
                    product *= bindings[factor]
                else:
                    product *= -(-factor[0].value(bindings) // factor[1])
            total += product
        return total

    def ceil_divide(self, divisor: int) -> Dimension:
        """``⌈self / divisor⌉``, of a divisor of one or more."""
        if divisor < 1:
            raise InvalidGraph(f"{self} is divided by {divisor}; a divisor is 1 or more")
        if self.constant is not None:
            return Dimension(-(-self.constant // divisor))
        if all(number % divisor == 0 for number in self._terms.values()):
            return Dimension._of(
                {factors: number // divisor for factors, number in self._terms.items()}
            )
        return Dimension._of({((self, divisor),): 1})

    def __add__(self, other: Extent) -> Dimension:
        terms = dict(self._terms)
        for factors, number in Dimension(other)._terms.items():
            terms[factors] = terms.get(factors, 0) + number
        return Dimension._of(terms)

    def __mul__(self, other: Extent) -> Dimension:
        terms: dict[tuple[Factor, ...], int] = {}
        for left, a in self._terms.items():
            for right, b in Dimension(other)._terms.items():
                factors = tuple(sorted(left + right, key=_factor))
                terms[factors] = terms.get(factors, 0) + a * b
        return Dimension._of(terms)

    def __neg__(self) -> Dimension:
        return self * -1

    def __sub__(self, other: Extent) -> Dimension:
        return self + Dimension(other) * -1

    def __rsub__(self, other: Extent) -> Dimension:
        return Dimension(other) - self

    __radd__ = __add__
    __rmul__ = __mul__

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (int, Dimension)):
            return NotImplemented
        return self._terms == Dimension(other)._terms

    def __hash__(self) -> int:
        return hash(str(self) if self.constant is None else self.constant)

    def __str__(self) -> str:
        # Numbers last: "past + tokens - 1".
        terms = sorted(self._terms.items(), key=lambda term: not term[0])
        text = ""
        for factors, number in terms:
            sign = ("-" if number < 0 else "") if not text else (" - " if number < 0 else " + ")
            parts = [_factor(factor) for factor in factors]
            if abs(number) != 1 or not parts:
                parts.insert(0, str(abs(number)))
            text += sign + "*".join(parts)
        return text or "0"

    def __repr__(self) -> str:
        return f"Dimension({str(self)!r})"

    def json(self) -> int | str:
        """A number if it is one, else the expression."""
        return str(self) if self.constant is None else self.constant


def _factor(factor: Factor) -> str:
    if isinstance(factor, str):
        return factor
    inner = str(factor[0])
    return (
        f"ceil({inner}/{factor[1]})"
        if len(factor[0]._terms) == 1
        else f"ceil(({inner})/{factor[1]})"
    )


def _key(term: tuple[tuple[Factor, ...], int]) -> str:
    return "*".join(map(_factor, term[0]))


def dimension(value: Extent) -> Dimension:
    """The dimension a method was given."""
    return value if isinstance(value, Dimension) else Dimension(value)


def shape_json(shape: Any) -> list[int | str]:
    """A shape as a graph's JSON holds it."""
    return [dimension(extent).json() for extent in shape]
