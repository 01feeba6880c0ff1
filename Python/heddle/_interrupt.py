"""Lets a call of the library end early: for a signal in the main thread, for a flag in the others.

The library asks a callback of the thread that it keeps, about every 20 ms. Python runs signal
handlers as soon as the main thread runs bytecode, and what they raise comes out there: at the start
of a function it would leave the callback, which ctypes prints and forgets. A generator goes on
inside its ``try``, so its next step is the callback.
"""

from __future__ import annotations

import atexit
import builtins
import contextlib
import ctypes
import threading
from ctypes import c_int32, c_void_p, py_object
from typing import Any, Callable, Generator, Iterator

from ._structs import heddle_interrupt_callback

# `next` itself, which runs no bytecode before the generator's.
_next = ctypes.CFUNCTYPE(c_int32, py_object)(builtins.next)


def _looks(raised: list[BaseException]) -> Generator[int, None, None]:
    """0 as long as no signal handler raises, then 1. What it raised is kept."""
    try:
        while True:
            yield 0
    except GeneratorExit:
        return
    except BaseException as error:
        raised.append(error)
    while True:
        try:
            while True:
                yield 1
        except GeneratorExit:
            return
        except BaseException:
            continue  # The first one is raised.


class MainThread:
    """What signal handlers raise while the library keeps the main thread."""

    def __init__(self) -> None:
        self.is_watched = False
        self._raised: list[BaseException] = []
        self._generator: Any = None
        self._set: Callable[..., int] | None = None

    def watch(self, set_interrupt: Callable[..., int]) -> None:
        """Sets the callback, if this is the main thread."""
        if threading.current_thread() is not threading.main_thread():
            return
        self._set = set_interrupt
        self.is_watched = True
        self._renew()
        # Whoever embeds Python goes on using the library without it.
        atexit.register(set_interrupt, heddle_interrupt_callback(), None)

    def _renew(self) -> None:
        """The former generator stays until the library has the next."""
        self._raised = []
        generator = _looks(self._raised)
        next(generator)
        if self._set is not None:
            self._set(ctypes.cast(_next, heddle_interrupt_callback), id(generator))
        self._generator = generator

    def raise_pending(self) -> None:
        """Raises what a handler raised during the last call."""
        if self._raised and threading.current_thread() is threading.main_thread():
            error = self._raised[0]
            self._renew()
            raise error.with_traceback(None)


@contextlib.contextmanager
def stopped_by(flag: threading.Event, set_interrupt: Callable[..., int]) -> Iterator[None]:
    """Calls that the current thread makes inside end with ``Cancelled`` once the flag is set."""
    callback = ctypes.CFUNCTYPE(c_int32, c_void_p)(lambda context: int(flag.is_set()))
    set_interrupt(ctypes.cast(callback, heddle_interrupt_callback), None)
    try:
        yield
    finally:
        set_interrupt(heddle_interrupt_callback(), None)
