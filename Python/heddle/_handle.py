"""Objects that own a handle of the library."""

from __future__ import annotations

import ctypes
import os
import weakref
from typing import Any, TypeVar

from . import _library
from ._interface import STATUS
from .errors import Error, error_of

Self = TypeVar("Self", bound="Handle")


def _release(handle: int, process: int, kept: list[Any]) -> int:
    """Gives a handle back, then lets go of what the library could still reach through it.

    A forked child owns nothing: drivers' threads and contexts stay with the parent.
    """
    if os.getpid() != process:
        return STATUS["OK"]
    status: int = _library.library().heddle_release(handle)
    kept.clear()
    return status


class Handle:
    """Something of the library's. ``close`` gives it back; so does ``with``, the garbage collector,
    or the end of the program, in the reverse order of making. Usable from any thread, but not in a
    forked child."""

    def __init__(self, handle: int) -> None:
        self._number = handle
        self._process = os.getpid()
        self._kept: list[Any] = []
        """Python objects whose memory the library uses as long as the handle lives."""
        self._finalizer = weakref.finalize(self, _release, handle, self._process, self._kept)

    @property
    def handle(self) -> int:
        """The number that the functions of heddle.h take.

        Raises:
            InvalidHandle: the object was closed; ``Forked``: or belongs to the parent of this
                process.
        """
        kind = type(self).__name__
        if not self._finalizer.alive:
            raise error_of(STATUS["STALE_HANDLE"], f"this {kind} is closed", "")
        if os.getpid() != self._process:
            raise error_of(
                STATUS["FORKED"],
                f"this {kind} was made before the process forked, and is the parent's; if the"
                " parent has used a device, start processes with 'spawn' or 'forkserver'",
                "",
            )
        return self._number

    @property
    def is_closed(self) -> bool:
        """Whether it was given back."""
        return not self._finalizer.alive

    def close(self) -> None:
        """Gives the handle back; a second time does nothing. What others need of it stays alive
        inside."""
        status = self._finalizer()
        if status:
            raise _library.last_error(status, "heddle_release")

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _described(self) -> str:
        """What it is, for people."""
        return f"{self._number:#x}"

    def __repr__(self) -> str:
        kind = type(self).__name__
        if not self._finalizer.alive:
            return f"<heddle.{kind} closed>"
        if os.getpid() != self._process:
            return f"<heddle.{kind} of the parent process>"
        try:
            return f"<heddle.{kind} {self._described()}>"
        except Error:
            return f"<heddle.{kind} {self._number:#x}>"

    def __reduce_ex__(self, protocol: Any) -> Any:
        """``pickle``, ``copy.copy`` and ``copy.deepcopy`` ask here."""
        raise TypeError(
            f"a heddle.{type(self).__name__} stands for something of this process and its device,"
            " and cannot be pickled or copied; make another from the same graph, file or constants"
        )


def make(function: str, *arguments: Any) -> int:
    """The handle that a function makes: its last argument."""
    handle = ctypes.c_uint64()
    _library.call(function, *arguments, ctypes.byref(handle))
    return handle.value
