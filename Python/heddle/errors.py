"""What Heddle raises: ``Error`` and a subclass for each kind of failure."""

from __future__ import annotations

from typing import Any

from ._interface import STATUS


class Error(Exception):
    """A call that failed.

    Attributes:
        code: the status, as in heddle.h.
        name: its name, such as ``"HEDDLE_BUSY"``.
        operation: the function that failed, and what it worked on.
    """

    code: int = STATUS["INTERNAL"]
    name: str

    def __init__(self, text: str, code: int | None = None, operation: str = "") -> None:
        super().__init__(f"{operation}: {text}" if operation else text)
        self.text = text
        self.code = type(self).code if code is None else code
        self.name = _names.get(self.code, "HEDDLE_UNKNOWN")
        self.operation = operation

    def __reduce__(self) -> Any:
        # As it was made, for exceptions that cross processes.
        return (type(self), (self.text, self.code, self.operation), self.__dict__)


class LibraryError(Error, ImportError):
    """libheddle is not there, or is not the one this package was written for."""


class InvalidArgument(Error, ValueError):
    """A value outside what a function takes, or text that is not UTF-8."""

    code = STATUS["INVALID_ARGUMENT"]


class InvalidHandle(Error):
    """An object that was closed, of another kind, or made before the process forked."""

    code = STATUS["INVALID_HANDLE"]


class Forked(InvalidHandle):
    """This process is a fork of one in which Heddle had used a device: drivers do not survive that.
    Start processes with ``multiprocessing``'s ``spawn`` or ``forkserver``."""

    code = STATUS["FORKED"]


class ShutDown(Error):
    """heddle_shutdown was called in this process."""

    code = STATUS["SHUT_DOWN"]


class InvalidGraph(Error, ValueError):
    """JSON, an operation, its operands or a name is wrong."""

    code = STATUS["INVALID_GRAPH"]


class InvalidData(Error, ValueError):
    """A constant's bytes, or a tensor's shape, type or strides."""

    code = STATUS["INVALID_DATA"]


class InvalidFile(Error):
    """A file that cannot be read or written, or is not what it should be."""

    code = STATUS["INVALID_FILE"]


class Unsupported(Error):
    """What is asked for is sound; this device, this version or this model cannot do it."""

    code = STATUS["UNSUPPORTED"]


class InvalidBinding(Error, ValueError):
    """An input, output, state or symbol that is missing, unknown or outside its range."""

    code = STATUS["INVALID_BINDING"]


class Busy(Error):
    """The object is doing something else, or what was started still runs."""

    code = STATUS["BUSY"]


class DeadlineExceeded(Error, TimeoutError):
    """The time was up."""

    code = STATUS["DEADLINE"]


class Cancelled(Error):
    """Somebody stopped it."""

    code = STATUS["CANCELLED"]


class Unusable(Error):
    """A failed step left the session's states undefined: ``Session.reset`` it."""

    code = STATUS["UNUSABLE"]


class OutOfMemory(Error, MemoryError):
    """Beyond the backend's budget or the device's limits."""

    code = STATUS["OUT_OF_MEMORY"]


class NotStarted(Error):
    """Nothing was started that could be waited for."""

    code = STATUS["NOT_STARTED"]


class DeviceError(Error):
    """A driver's call failed."""

    code = STATUS["DEVICE_FAILED"]


class NoDevice(DeviceError):
    """No driver, no device, or none that the query names."""

    code = STATUS["NO_DEVICE"]


class DeviceLost(DeviceError):
    """The context is lost with the device: close what was made on it."""

    code = STATUS["DEVICE_LOST"]


class InternalError(Error):
    """A defect of the library."""


_names = {code: f"HEDDLE_{name}" for name, code in STATUS.items()}
_of_code: dict[int, type[Error]] = {
    kind.code: kind
    for kind in (
        *Error.__subclasses__(),
        *InvalidHandle.__subclasses__(),
        *DeviceError.__subclasses__(),
    )
    if kind is not LibraryError
}
for _name in ("NULL_ARGUMENT", "INVALID_TEXT", "STRUCT_SIZE", "BUFFER_TOO_SMALL"):
    _of_code[STATUS[_name]] = InvalidArgument
for _name in ("STALE_HANDLE", "WRONG_HANDLE"):
    _of_code[STATUS[_name]] = InvalidHandle


def error_of(code: int, text: str, operation: str) -> Error:
    """The exception for a status."""
    return _of_code.get(code, Error)(text, code, operation)
