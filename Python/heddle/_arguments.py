"""Python's values as C takes them. ctypes cuts integers that do not fit and lets text end at a NUL:
here both raise."""

from __future__ import annotations

import operator
import os
from ctypes import c_int64
from typing import Any, Mapping, Sequence, Union

from ._interface import STATUS
from ._structs import heddle_symbol
from .errors import InvalidArgument, error_of

Path = Union[str, "os.PathLike[str]"]


def utf8(value: Path, what: str) -> bytes:
    """Text."""
    try:
        data = os.fspath(value).encode()
    except UnicodeEncodeError as error:
        raise error_of(STATUS["INVALID_TEXT"], f"{what} has no UTF-8 form: {error}", "") from None
    if b"\0" in data:
        raise error_of(STATUS["INVALID_TEXT"], f"{what} holds a NUL", "")
    return data


def integer(value: int, what: str, minimum: int, maximum: int) -> int:
    """A number in a range."""
    number = operator.index(value)
    if not minimum <= number <= maximum:
        raise InvalidArgument(f"{what} is {number}; it may be {minimum} to {maximum}")
    return number


def int64(value: int, what: str) -> int:
    """A number of 64 bits."""
    return integer(value, what, -(2**63), 2**63 - 1)


def int32(value: int, what: str) -> int:
    """A number of 32 bits."""
    return integer(value, what, -(2**31), 2**31 - 1)


def integers(values: Sequence[int]) -> Any:
    """An array of numbers of 64 bits."""
    return (c_int64 * len(values))(*(int64(value, "an extent") for value in values))


def symbols(values: Mapping[str, int]) -> Any:
    """An array of symbols and their values."""
    array = (heddle_symbol * len(values))()
    for index, (name, value) in enumerate(values.items()):
        array[index] = heddle_symbol(utf8(name, "a symbol"), int64(value, name))
    return array


def nanoseconds(seconds: float | None) -> int:
    """A timeout: None for none; a time too short to count is the shortest there is."""
    if seconds is None:
        return 0
    if not seconds >= 0:
        raise InvalidArgument(f"a timeout is {seconds} s; it must not be negative")
    return min(max(1, round(min(seconds, 1e9) * 1e9)), 2**63 - 1)
