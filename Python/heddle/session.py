"""One use of an executable: its own states and buffers."""

from __future__ import annotations

import ctypes
import json
from typing import TYPE_CHECKING, Any, Mapping

import numpy

from . import _library, _memory
from ._arguments import nanoseconds
from ._arguments import symbols as symbol_array
from ._handle import make
from ._interface import heddle_run_options, heddle_session_options, heddle_symbol
from ._places import Places
from .errors import InvalidArgument

if TYPE_CHECKING:
    from .executable import Executable


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

    def run(
        self,
        inputs: Mapping[str, Any] | None = None,
        outputs: Mapping[str, Any] | None = None,
        timeout: float | None = None,
        profile: bool = False,
        **symbols: int,
    ) -> dict[str, Any]:
        """Runs one step and gives the outputs by name.

        Args:
            inputs: arrays for this step, kept until the next; what was bound stays for the others.
                Numbers and lists are converted, arrays of unusable strides are copied.
            outputs: arrays to write outputs to. Others come as what is bound to them, or as new
                arrays.
            timeout: seconds after which the step ends with ``DeadlineExceeded``.
            profile: whether ``profile()`` is to tell of this run.
            symbols: those that no shape of an input tells. One that is left out keeps its value.

        Raises:
            InvalidBinding: an input or symbol is missing, unknown or outside its range.
            DeadlineExceeded, Cancelled, OutOfMemory, DeviceError: what happened.
        """
        given = {"input": dict(inputs or {}), "output": dict(outputs or {})}
        for place, name in [key for key in self._lent if key[1] not in given[key[0]]]:
            self._bind(place, name, None)
        for name, array in given["input"].items():
            if isinstance(array, numpy.ndarray) or not hasattr(array, "__dlpack__"):
                array = _memory.usable(array, self._type("input", name).encoding, name)
            self._lend("input", name, array)
        for name, array in given["output"].items():
            self._lend("output", name, array)
        options = self._options(timeout, profile, symbols)
        _library.call("heddle_session_run", self.handle, options)
        results = dict(given["output"])
        for name in self._types["output"]:
            if name not in results:
                bound = self._bound.get(("output", name))
                results[name] = self.read_output(name) if bound is None else bound
        return results

    def _lend(self, place: str, name: str, array: Any) -> None:
        self._bind(place, name, array)
        self._lent.add((place, name))

    def step(self, timeout: float | None = None, profile: bool = False, **symbols: int) -> None:
        """Runs one step on what is bound and returns when it is done. Without arguments: as the
        last run."""
        is_plain = timeout is None and not profile and not symbols and not self._named
        options = None if is_plain else self._options(timeout, profile, symbols)
        _library.call("heddle_session_run", self.handle, options)

    def start(self, timeout: float | None = None, profile: bool = False, **symbols: int) -> None:
        """Runs one step on a thread of the session's own. Until ``wait`` the session is busy."""
        _library.call("heddle_session_start", self.handle, self._options(timeout, profile, symbols))

    def wait(self, timeout: float | None = None) -> None:
        """Waits for what was started, for as long as it takes or so many seconds; 0 only looks.
        Raises what the step did, once.

        Raises:
            Busy: it still runs.
            NotStarted: nothing was started.
        """
        if timeout is not None and not timeout >= 0:
            raise InvalidArgument(f"a timeout is {timeout} s; it must not be negative")
        limit = -1 if timeout is None else 0 if timeout == 0 else nanoseconds(timeout)
        _library.call("heddle_session_wait", self.handle, limit)

    def cancel(self) -> None:
        """Stops the step that runs, from any thread; it raises ``Cancelled`` there. Nothing happens
        if none runs."""
        _library.call("heddle_session_cancel", self.handle)

    def reset(self) -> None:
        """All states to zeros; a session that a failed step made unusable can be used again."""
        _library.call("heddle_session_reset", self.handle)

    def profile(self) -> list[dict[str, Any]]:
        """Device times of the last profiled run: for each node ``operation``, ``label``,
        ``variant``, and ``started`` and ``ended`` in nanoseconds."""
        entries: list[dict[str, Any]] = json.loads(
            _library.text("heddle_session_profile", self.handle)
        )["entries"]
        return entries

    def _options(self, timeout: float | None, profile: bool, symbols: Mapping[str, int]) -> Any:
        named = {**self._named, **symbols}
        array = symbol_array(named)
        self._named = named
        self._known.update(symbols)
        return ctypes.byref(
            heddle_run_options(
                symbols=ctypes.cast(array, ctypes.POINTER(heddle_symbol)),
                symbol_count=len(named),
                timeout=nanoseconds(timeout),
                is_profiled=int(profile),
            )
        )
