"""Devices: what OpenCL offers on this machine."""

from __future__ import annotations

import ctypes
import json
from ctypes import c_size_t
from functools import cached_property
from typing import Any

from . import _library
from ._arguments import integer, utf8


class Device:
    """One device, by its place in the order the library lists them in."""

    def __init__(self, index: int) -> None:
        self.index = integer(index, "a device's index", 0, 2**63 - 1)

    @classmethod
    def all(cls) -> list[Device]:
        """Every device found; none if there is no driver."""
        count = c_size_t()
        _library.call("heddle_device_count", ctypes.byref(count))
        return [cls(index) for index in range(count.value)]

    @classmethod
    def select(cls, query: str | None = None) -> Device:
        """The device a query names: its identifier, an index, ``"gpu"``, ``"cpu"``,
        ``"PLATFORM/DEVICE"`` or a part of a name. None: what ``HEDDLE_DEVICE`` names, else the
        first GPU, else a CPU.

        Raises:
            NoDevice: there is none of that name.
        """
        index = c_size_t()
        text = None if query is None else utf8(query, "the query")
        _library.call("heddle_device_find", text, ctypes.byref(index))
        return cls(index.value)

    @cached_property
    def profile(self) -> dict[str, Any]:
        """Everything the device says of itself."""
        profile: dict[str, Any] = json.loads(_library.text("heddle_device_profile", self.index))
        return profile

    @property
    def identifier(self) -> str:
        """The text that ``select`` finds this device by."""
        return str(self.profile["identifier"])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Device) and other.index == self.index

    def __hash__(self) -> int:
        return hash(self.index)

    def __repr__(self) -> str:
        return f"<heddle.Device {self.identifier!r}>"
