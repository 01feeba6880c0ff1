"""Reads an extent written as text, such as ``"past + 2*tokens"``.

    sum      = product { ("+" | "-") product }
    product  = factor { "*" factor }
    factor   = "-" factor | integer | symbol | "(" sum ")" | "ceil" "(" product "/" integer ")"
    symbol   = letter { letter | digit | "." }                 of ASCII; "_" is a letter

The grammar of graphs' JSON, so that a text means here what it means there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .errors import InvalidGraph

if TYPE_CHECKING:
    from .dimension import Dimension

_SYMBOL = re.compile(r"[A-Za-z_][A-Za-z_0-9.]*")
_MAXIMUM_LENGTH = 4096
_MAXIMUM_DEPTH = 64


class Parser:
    """Reads one text, one method a rule."""

    def __init__(self, text: str, kind: type[Dimension]) -> None:
        if len(text) > _MAXIMUM_LENGTH:
            raise InvalidGraph(
                f"a dimension has {len(text)} characters, at most {_MAXIMUM_LENGTH} are read"
            )
        self.text = text
        self.kind = kind
        self.tokens = re.findall(r"[0-9]+|[A-Za-z_][A-Za-z_0-9.]*|[^ ]", text)
        self.position = 0
        self.depth = 0

    def whole(self) -> Dimension:
        value = self._sum()
        if self._next:
            raise self._unexpected("an operator or the end")
        return value

    def _sum(self) -> Dimension:
        value = self._product()
        while self._next in ("+", "-"):
            negative = self._take() == "-"
            value = value - self._product() if negative else value + self._product()
        return value

    def _product(self) -> Dimension:
        value = self._factor()
        while self._next == "*":
            self._take()
            value = value * self._factor()
        return value

    def _factor(self) -> Dimension:
        self.depth += 1
        if self.depth > _MAXIMUM_DEPTH:
            raise InvalidGraph(f"{self.text[:32]!r}… is nested deeper than {_MAXIMUM_DEPTH}")
        try:
            return self._atom()
        finally:
            self.depth -= 1

    def _atom(self) -> Dimension:
        if self._next == "-":
            self._take()
            return -self._factor()
        if self._next == "(":
            self._take()
            value = self._sum()
            self._expect(")")
            return value
        if self._next.isdecimal() and self._next.isascii():
            return self.kind(int(self._take()))
        if not _SYMBOL.fullmatch(self._next):
            raise self._unexpected("a number, a symbol or '('")
        name = self._take()
        return self._quotient() if name == "ceil" and self._next == "(" else self.kind.symbol(name)

    def _quotient(self) -> Dimension:
        self._expect("(")
        value = self._product()
        self._expect("/")
        if not self._next.isdecimal():
            raise self._unexpected("a number")
        value = value.ceil_divide(int(self._take()))
        self._expect(")")
        return value

    @property
    def _next(self) -> str:
        return self.tokens[self.position] if self.position < len(self.tokens) else ""

    def _take(self) -> str:
        self.position += 1
        return self.tokens[self.position - 1]

    def _expect(self, token: str) -> None:
        if self._next != token:
            raise self._unexpected(f"'{token}'")
        self._take()

    def _unexpected(self, expected: str) -> InvalidGraph:
        found = f"'{self._next}'" if self._next else "the end"
        return InvalidGraph(f"{self.text!r} is no dimension: {expected} must stand before {found}")
