"""One use of an executable: its own states and buffers."""

from __future__ import annotations

import ctypes
import json
import math
import time
from typing import TYPE_CHECKING, Any, Mapping

import numpy

from . import _library, _memory
from ._arguments import bindings as symbol_values
from ._arguments import flag, nanoseconds, real
from ._arguments import symbols as symbol_array
from ._handle import make
from ._interface import STATUS
from ._places import Places
from ._places import places_text as _places_text
from ._structs import heddle_run_options, heddle_session_options, heddle_symbol
from .errors import InvalidArgument

if TYPE_CHECKING:
    from .executable import Executable

# Seconds that a wait is deaf to signals.
_WAIT = 0.1


class Session(Places):
    """One use of an executable. It does one thing at a time: a second call meanwhile raises
    ``Busy``.

    ``run`` takes arrays and gives arrays. For a loop without copies, ``bind_…`` what each step
    reads and writes once, and call ``step``.
    """

    def __init__(
        self, executable: Executable, bindings: Mapping[str, int], opencl_queue: int | None = None
    ) -> None:
        array = symbol_array(bindings)
        options = heddle_session_options(
            symbols=ctypes.cast(array, ctypes.POINTER(heddle_symbol)),
            symbol_count=len(bindings),
            opencl_queue=opencl_queue,
        )
        types = {
            "input": executable.inputs,
            "output": executable.outputs,
            "state": executable.states,
        }
        super().__init__(
            make("heddle_session_create", executable.handle, ctypes.byref(options)), types, bindings
        )
        self._fixed = dict(bindings)
        self._ranges = executable.symbols
        self._strides = {
            layout.name: layout.strides for layout in executable.layouts if layout.place == "output"
        }
        # What the library was named in the step that it would run again, if that is nothing and the
        # step was done; and what the step that was started was named.
        self._repeats = True
        self._started: dict[str, int] | None = None

    def run(
        self,
        /,
        inputs: Mapping[str, Any] | None = None,
        outputs: Mapping[str, Any] | None = None,
        timeout: float | None = None,
        profile: bool = False,
        bindings: Mapping[str, int] | None = None,
        **symbols: int,
    ) -> dict[str, Any]:
        """Runs one step and gives the outputs by name: arrays, and an ``EncodedTensor`` for each
        whose encoding is of blocks or sparse.

        Args:
            inputs: arrays for this run, kept until the next one; what was bound stays for the
                others, and is there again for the next run that does without. Numbers and lists are
                made arrays, arrays of unusable strides are copied.
            outputs: arrays to write outputs to. Others come as what is bound to them, or as new
                arrays.
            timeout: seconds after which the step ends with ``DeadlineExceeded``.
            profile: whether ``profile()`` is to tell of this run.
            symbols: those that no shape of an input tells. One that is left out keeps its value.
            bindings: the same as a mapping, for symbols called as an argument is: ``timeout``.

        Raises:
            InvalidBinding: an input or symbol is missing, unknown or outside its range.
            InvalidData: a shape or a type is another; nothing is converted but numbers and lists,
                if no value changes by it.
            DeadlineExceeded, Cancelled, OutOfMemory, DeviceError: what happened.
        """
        symbols = symbol_values(bindings, symbols)
        given = {"input": dict(inputs or {}), "output": dict(outputs or {})}
        self._end_loans({(place, name) for place, arrays in given.items() for name in arrays})
        for name, array in given["input"].items():
            if isinstance(array, numpy.ndarray) or not hasattr(array, "__dlpack__"):
                array = _memory.usable(array, self._type("input", name).encoding, name)
            self._lend("input", name, array)
        for name, array in given["output"].items():
            self._lend("output", name, array)
        bound = {name: it for (place, name), it in self._bound.items() if place == "output"}
        named, known = self._symbols(symbols)
        self._lend_strided(known)
        self._run(named, self._options(timeout, profile, named))
        return {
            name: bound[name] if name in bound else self.read_output(name)
            for name in self._types["output"]
        }

    def _lend_strided(self, known: Mapping[str, int]) -> None:
        """Binds what the library cannot do without: memory for outputs that were compiled with a
        layout, if nothing is bound to them."""
        for name, strides in self._strides.items():
            type_ = self._type("output", name)
            symbols = {symbol for dimension in type_.shape for symbol in dimension.symbols}
            # What is missing or out of range, the library tells.
            if ("output", name) in self._bound or not all(
                symbol in known and low <= known[symbol] <= high
                for symbol, (low, high) in self._ranges.items()
                if symbol in symbols
            ):
                continue
            shape = type_.concrete(dict(known))
            self._lend("output", name, _memory.strided(shape, strides, type_.encoding))

    def step(
        self,
        /,
        timeout: float | None = None,
        profile: bool = False,
        bindings: Mapping[str, int] | None = None,
        **symbols: int,
    ) -> None:
        """Runs one step on what is bound and returns when it is done. Without arguments: as the
        last run. Symbols as of ``run``."""
        named, _ = self._symbols(symbol_values(bindings, symbols))
        is_plain = timeout is None and profile is False and not named and self._repeats
        self._run(named, None if is_plain else self._options(timeout, profile, named))

    def _run(self, named: dict[str, int], options: Any) -> None:
        self._repeats = False
        _library.call("heddle_session_run", self.handle, options)
        self._succeed(named)

    def _succeed(self, named: dict[str, int]) -> None:
        """Only what a step was done with is known afterwards."""
        _, self._known = self._symbols(named)
        self._named, self._repeats = named, not named

    def start(
        self,
        /,
        timeout: float | None = None,
        profile: bool = False,
        bindings: Mapping[str, int] | None = None,
        **symbols: int,
    ) -> None:
        """Runs one step on a thread of the session's own. Until ``wait`` the session is busy.
        Symbols as of ``run``."""
        named, _ = self._symbols(symbol_values(bindings, symbols))
        options = self._options(timeout, profile, named)
        _library.call("heddle_session_start", self.handle, options)
        self._started, self._repeats = named, False

    def wait(self, timeout: float | None = None) -> None:
        """Waits for what was started, for as long as it takes or so many seconds; 0 only looks.
        Raises what the step did, once. Ctrl-C ends the waiting, not the step: ``cancel`` does that.

        Raises:
            Busy: it still runs.
            NotStarted: nothing was started.
        """
        if timeout is not None and not real(timeout, "a timeout") >= 0:
            raise InvalidArgument(f"a timeout is {timeout} s; it must not be negative")
        end = math.inf if timeout is None else time.monotonic() + timeout
        wait = _library.function("heddle_session_wait")
        # Python sees signals between calls.
        while True:
            part = min(_WAIT, max(0.0, end - time.monotonic()))
            status = wait(self.handle, nanoseconds(part) if part else 0)
            if status != STATUS["BUSY"] or not part:
                break
        if status not in (STATUS["BUSY"], STATUS["NOT_STARTED"]):
            named, self._started = self._started, None
            if status == STATUS["OK"]:
                self._succeed(named or {})
        if status != STATUS["OK"]:
            raise _library.last_error(status, "heddle_session_wait")

    def _described(self) -> str:
        fixed = ", ".join(f"{name}={value}" for name, value in self._fixed.items())
        return f"{_places_text(self._types)}{f' with {fixed}' if fixed else ''}"

    def cancel(self) -> None:
        """Stops the step that runs, from any thread; it raises ``Cancelled`` there. Nothing happens
        if none runs."""
        _library.call("heddle_session_cancel", self.handle)

    def reset(self) -> None:
        """All states to their initial values; a session that a failed step made unusable can be
        used again."""
        _library.call("heddle_session_reset", self.handle)

    def profile(self) -> list[dict[str, Any]]:
        """Device times of the last profiled run: for each node ``operation``, ``label``,
        ``variant``, and ``started`` and ``ended`` in nanoseconds."""
        entries: list[dict[str, Any]] = json.loads(
            _library.text("heddle_session_profile", self.handle)
        )["entries"]
        return entries

    def _options(self, timeout: float | None, profile: bool, named: Mapping[str, int]) -> Any:
        array = symbol_array(named)
        return ctypes.byref(
            heddle_run_options(
                symbols=ctypes.cast(array, ctypes.POINTER(heddle_symbol)),
                symbol_count=len(named),
                timeout=nanoseconds(timeout),
                is_profiled=flag(profile, "profile"),
            )
        )
