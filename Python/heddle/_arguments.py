"""Python's values as C takes them. ctypes cuts integers that do not fit and lets text end at a NUL:
here both raise."""

from __future__ import annotations

import numbers
import operator
import os
from ctypes import c_int64
from typing import Any, Mapping, Sequence, Union

from ._interface import STATUS
from ._structs import heddle_symbol
from .errors import InvalidArgument, InvalidBinding, error_of

Path = Union[str, "os.PathLike[str]"]


def utf8(value: Path, what: str) -> bytes:
    """Text."""
    try:
        data = os.fspath(value).encode()
    except (TypeError, AttributeError):
        raise TypeError(f"{what} is text, not {value!r} of type {type(value).__name__}") from None
    except UnicodeEncodeError as error:
        raise error_of(STATUS["INVALID_TEXT"], f"{what} has no UTF-8 form: {error}", "") from None
    if b"\0" in data:
        raise error_of(STATUS["INVALID_TEXT"], f"{what} holds a NUL", "")
    return data


def integer(value: int, what: str, minimum: int, maximum: int) -> int:
    """A number in a range. Nothing is taken for an integer that is none, ``True`` neither.

    Raises:
        TypeError: it is no integer.
    """
    try:
        number = None if isinstance(value, bool) else operator.index(value)
    except TypeError:
        number = None
    if number is None:
        raise TypeError(f"{what} is an integer, not {value!r} of type {type(value).__name__}")
    if not minimum <= number <= maximum:
        raise InvalidArgument(f"{what} is {number}; it may be {minimum} to {maximum}")
    return number


def int64(value: int, what: str) -> int:
    """A number of 64 bits."""
    return integer(value, what, -(2**63), 2**63 - 1)


def int32(value: int, what: str) -> int:
    """A number of 32 bits."""
    return integer(value, what, -(2**31), 2**31 - 1)


def real(value: float, what: str) -> float:
    """A number that need not be whole.

    Raises:
        TypeError: it is none, or a bool.
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise TypeError(f"{what} is a number, not {value!r} of type {type(value).__name__}")
    return float(value)


def flag(value: bool, what: str) -> int:
    """``True`` or ``False``.

    Raises:
        TypeError: it is neither.
    """
    if type(value).__name__ not in ("bool", "bool_"):
        raise TypeError(f"{what} is True or False, not {value!r} of type {type(value).__name__}")
    return int(value)


def bindings(given: Mapping[str, int] | None, named: Mapping[str, int]) -> dict[str, int]:
    """Values of symbols that come as a mapping, as keywords, or both.

    Raises:
        TypeError: a value is no integer.
        InvalidBinding: a symbol comes twice with different values.
    """
    if given is not None and not isinstance(given, Mapping):
        raise TypeError(
            f"bindings are a mapping from symbols to integers, not {type(given).__name__}"
        )
    values = {name: int64(value, f"the symbol {name!r}") for name, value in named.items()}
    for name, value in (given or {}).items():
        number = int64(value, f"the symbol {name!r}")
        if values.setdefault(name, number) != number:
            raise InvalidBinding(f"{name} is given twice, as {number} and {values[name]}")
    return values


def integers(values: Sequence[int]) -> Any:
    """An array of numbers of 64 bits."""
    return (c_int64 * len(values))(*(int64(value, "an extent") for value in values))


def symbols(values: Mapping[str, int]) -> Any:
    """An array of symbols and their values."""
    array = (heddle_symbol * len(values))()
    for index, (name, value) in enumerate(values.items()):
        array[index] = heddle_symbol(utf8(name, "a symbol"), int64(value, f"the symbol {name!r}"))
    return array


def nanoseconds(seconds: float | None) -> int:
    """A timeout: None for none; a time too short to count is the shortest there is."""
    if seconds is None:
        return 0
    seconds = real(seconds, "a timeout")
    if not seconds >= 0:
        raise InvalidArgument(f"a timeout is {seconds} s; it must not be negative")
    return min(max(1, round(min(seconds, 1e9) * 1e9)), 2**63 - 1)
