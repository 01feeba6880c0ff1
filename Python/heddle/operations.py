"""One method an operation, made of what the library says of it: operands, then members, by their names
in words. ``heddle operations`` prints the list."""

from __future__ import annotations

import inspect
import json
import operator
import re
from typing import TYPE_CHECKING, Any, Callable, Mapping, Sequence

from . import _library
from .dimension import Extent, dimension, shape_json
from .encodings import EncodingLike, name_of
from .errors import InvalidGraph
from .graph import TensorType

if TYPE_CHECKING:
    from .builder import Value

_methods: dict[str, Callable[..., Any]] | None = None


def methods() -> dict[str, Callable[..., Any]]:
    """The methods by name, of every operation but those that ``Operations`` writes out."""
    global _methods
    if _methods is None:
        made = {}
        for description in json.loads(_library.text("heddle_operations")):
            method = _method(description)
            made[method.__name__] = method
        _methods = made
    return _methods


class Operations:
    """The operations of a ``GraphBuilder``: ``builder.rms_norm(x, weight, epsilon=1e-5)``. Operands and
    members may be given by name, and every method takes a ``label`` for messages and profiles. What does
    not fit raises ``InvalidGraph``, which says what was expected and what came."""

    def apply(
        self, operation: Mapping[str, Any], operands: Sequence[Value] = (), label: str | None = None
    ) -> list[Value]:
        raise NotImplementedError

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = None if name.startswith("_") else methods().get(name)
        if method is None:
            raise AttributeError(f"{type(self).__name__} has no operation or attribute {name!r}")
        return method.__get__(self)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *methods()})

    def input(self, name: str, encoding: EncodingLike, shape: Sequence[Extent]) -> Value:
        """A tensor given at each run. The encoding is a name, or a type such as
        ``numpy.float32``."""
        return self.apply({"input": {"name": name, "type": _type(encoding, shape)}}, [], name)[0]

    def state(
        self,
        name: str,
        encoding: EncodingLike,
        shape: Sequence[Extent],
        initial: str | None = None,
    ) -> Value:
        """A tensor a session keeps from run to run: its value before the run. It begins as the
        constant called ``initial``, else as zeros. ``update`` names the value after the run."""
        payload: dict[str, Any] = {"name": name, "type": _type(encoding, shape)}
        if initial is not None:
            payload["initial"] = initial
        return self.apply({"state": payload}, [], name)[0]

    def add(self, left: Value, right: Value, label: str | None = None) -> Value:
        """``left + right``; axes of extent 1 broadcast as in NumPy."""
        return self.apply({"binary": {"function": "add"}}, [left, right], label)[0]

    def multiply(self, left: Value, right: Value, label: str | None = None) -> Value:
        """``left · right``; axes of extent 1 broadcast as in NumPy."""
        return self.apply({"binary": {"function": "multiply"}}, [left, right], label)[0]

    def custom(
        self,
        name: str,
        operands: Sequence[Value],
        same_as: int | None = None,
        types: Sequence[TensorType] | None = None,
        attributes: Mapping[str, int | float | str] | None = None,
    ) -> list[Value]:
        """An operation that a backend has a kernel for under this name. Its results are of operand
        ``same_as``'s type, or of these ``types``."""
        if (same_as is None) == (types is None):
            raise TypeError("custom takes same_as or types")
        rule: dict[str, Any]
        if types is None:
            rule = {"sameAs": same_as}
        else:
            rule = {"fixed": [_type(type.encoding, type.shape) for type in types]}
        payload: dict[str, Any] = {"name": name, "rule": rule}
        if attributes:
            payload["attributes"] = {key: _attribute(value) for key, value in attributes.items()}
        return self.apply({"custom": payload}, operands, name)


def _method(description: Mapping[str, Any]) -> Callable[..., Any]:
    """The method of one operation: needed operands and members first, then what may be left out."""
    roles = description["operands"]
    members = list(_leaves(description["members"], ()))
    flags = {role["flag"] for role in roles if "flag" in role}
    members = [member for member in members if ".".join(member[0]) not in flags]
    required = [_words(role["name"]) for role in roles if not role["isOptional"]]
    required += [_words(path[-1]) for path, member in members if "defaultValue" not in member]
    optional = [_words(role["name"]) for role in roles if role["isOptional"]]
    optional += [_words(path[-1]) for path, member in members if "defaultValue" in member]
    parameter = inspect.Parameter
    signature = inspect.Signature(
        [parameter("self", parameter.POSITIONAL_ONLY)]
        + [parameter(name, parameter.POSITIONAL_OR_KEYWORD) for name in required]
        + [parameter(name, parameter.POSITIONAL_OR_KEYWORD, default=None) for name in optional]
        + [parameter("label", parameter.POSITIONAL_OR_KEYWORD, default=None)]
    )

    def method(*positional: Any, **named: Any) -> Any:
        given = signature.bind(*positional, **named)
        given.apply_defaults()
        values = given.arguments
        payload: dict[str, Any] = {}
        operands: list[Any] = []
        for role in roles:
            operand = values[_words(role["name"])]
            if role["isRepeated"]:
                operands += operand
            elif operand is not None:
                operands.append(operand)
                if "flag" in role:
                    _put(payload, role["flag"].split("."), True)
        for path, member in members:
            value = values[_words(path[-1])]
            if value is not None:
                _put(payload, path, _json(_words(path[-1]), member, value))
        results = values["self"].apply({description["name"]: payload}, operands, values["label"])
        return results[0] if len(results) == 1 else tuple(results)

    method.__name__ = _words(description["name"])
    method.__qualname__ = f"GraphBuilder.{method.__name__}"
    method.__doc__ = _documentation(description)
    method.__signature__ = signature  # type: ignore[attr-defined]
    return method


def _leaves(members: Sequence[Any], above: tuple[str, ...]) -> Any:
    """Members with their paths; those of an object in its place, but an object that may be null is given whole."""
    for member in members:
        path = (*above, member["name"])
        if "members" in member and member.get("defaultValue") != "null":
            yield from _leaves(member["members"], path)
        else:
            yield path, member


def _documentation(description: Mapping[str, Any]) -> str:
    lines = [f"{description['formula']}: {description['result']}.", ""]
    lines += [f"{_words(role['name'])}: {role['type']}" for role in description["operands"]]
    for path, member in _leaves(description["members"], ()):
        kind = " | ".join(member.get("choices", [member["kind"]]))
        default = f" = {member['defaultValue']}" if "defaultValue" in member else ""
        lines.append(f"{_words(path[-1])}: {kind}{default}")
    return "\n".join(lines)


def _words(name: str) -> str:
    """``rmsNorm`` as ``rms_norm``."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def _put(payload: dict[str, Any], path: Sequence[str], value: Any) -> None:
    for name in path[:-1]:
        payload = payload.setdefault(name, {})
    payload[path[-1]] = value


def _json(name: str, member: Mapping[str, Any], value: Any) -> Any:
    """A value as its kind of member is written."""
    kind = member["kind"]
    if kind == "dimension":
        return dimension(value).json()
    if kind == "dimensions":
        return shape_json(value)
    if kind == "integer":
        return operator.index(value)
    if kind == "integers":
        return [operator.index(item) for item in value]
    if kind == "encoding":
        return name_of(value)
    if kind == "choice" and value not in member["choices"]:
        choices = ", ".join(map(repr, member["choices"]))
        raise InvalidGraph(f"{name} is {value!r}; it may be {choices}")
    if kind == "object" and not isinstance(value, Mapping):
        raise TypeError(f"{name} is a dictionary of its members, not {value!r}")
    if kind == "flag" and not isinstance(value, bool):
        raise TypeError(f"{name} is True or False, not {value!r}")
    return value


def _type(encoding: EncodingLike, shape: Sequence[Extent]) -> dict[str, Any]:
    return {"encoding": name_of(encoding), "shape": shape_json(shape)}


def _attribute(value: int | float | str) -> dict[str, Any]:
    if isinstance(value, str):
        return {"text": value}
    return {"integer": value} if isinstance(value, int) else {"number": value}
