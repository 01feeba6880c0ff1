"""Python's own numbers and lists as arrays, or an error: no value changes on the way but by
rounding to the nearest float."""

from __future__ import annotations

import numbers
from typing import Any, Iterator

import numpy

from . import encodings
from .errors import InvalidData


def array_of(value: Any, encoding: str, name: str) -> numpy.ndarray[Any, Any]:
    """A new array of a dense encoding's type from an int, a float, or nested lists of them.

    Integers must be exact in the type, floats are rounded to nearest, and a float is taken for an
    integer only if it is one.

    Raises:
        InvalidData: something in it is no number, is beyond the type, or would be changed.
    """
    dtype = encodings.dtype_of(encoding)
    if encoding == encodings.BFLOAT16 and dtype == numpy.uint16:
        raise InvalidData(
            f"{name!r} is bf16: without the package ml_dtypes it takes an array of uint16 bits"
        )
    leaves = list(_leaves(value, name))
    kinds = {type(leaf) for leaf in leaves}
    for kind in kinds:
        if not _is_number(kind):
            raise InvalidData(
                f"{name!r} holds values of {encoding} ({dtype}), and was given"
                f" {_first(leaves, kind)!r} of type {kind.__name__}"
            )
    try:
        if not all(issubclass(kind, numbers.Integral) for kind in kinds):
            leaves = [_exact(leaf, dtype, name) for leaf in leaves]
        elif leaves:
            # Most are small: only the greatest needs a look.
            for leaf in (min(leaves), max(leaves)):
                _exact(leaf, dtype, name)
            if dtype.kind != "i":
                leaves = [_exact(leaf, dtype, name) for leaf in leaves]
        shape = numpy.asarray(value, dtype=object).shape
        with numpy.errstate(over="ignore"):
            return numpy.array(leaves, dtype=dtype).reshape(shape)
    except (ValueError, TypeError, OverflowError) as error:
        if isinstance(error, InvalidData):
            raise
        raise InvalidData(f"{name!r} cannot be made an array of {dtype}: {error}") from None


def _leaves(value: Any, name: str) -> Iterator[Any]:
    if isinstance(value, (list, tuple, range)):
        for part in value:
            yield from _leaves(part, name)
    elif isinstance(value, numpy.ndarray):
        yield from value.ravel()
    else:
        yield value


def _is_number(kind: type) -> bool:
    if issubclass(kind, (bool, numpy.bool_)):
        return False
    return issubclass(kind, numbers.Real)


def _first(leaves: list[Any], kind: type) -> Any:
    return next(leaf for leaf in leaves if type(leaf) is kind)


def _exact(leaf: Any, dtype: numpy.dtype[Any], name: str) -> Any:
    """The number, if the type holds it."""
    if dtype.kind == "i":
        if not isinstance(leaf, numbers.Integral) and not float(leaf).is_integer():
            raise InvalidData(f"{name!r} holds integers ({dtype}), and was given {leaf!r}")
        number, info = int(leaf), numpy.iinfo(dtype)
        if not info.min <= number <= info.max:
            raise InvalidData(
                f"{name!r} holds {dtype}, {info.min} to {info.max}, and was given {leaf!r}"
            )
        return number
    with numpy.errstate(over="ignore"):
        rounded = float(numpy.array(float(leaf)).astype(dtype))
    if numpy.isinf(rounded) and not numpy.isinf(float(leaf)):
        raise InvalidData(f"{name!r} holds {dtype}, and {leaf!r} is beyond it")
    if isinstance(leaf, numbers.Integral) and int(rounded) != int(leaf):
        raise InvalidData(
            f"{name!r} holds {dtype}, which has no {leaf!r}, only {int(rounded)};"
            " a float is rounded"
        )
    return float(leaf)
