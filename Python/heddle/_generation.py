"""A call that hands out results by a callback: as a Python generator, or apart from the main
thread."""

from __future__ import annotations

import contextlib
import queue
import threading
import weakref
from typing import Any, Callable, Generator, TypeVar

from . import _library
from ._interface import STATUS
from ._interrupt import stopped_by
from .errors import error_of

Item = TypeVar("Item")
_PENDING = 16
_POLL = 0.1


class _Stopped(Exception):
    """Nobody wants more."""


class _Producer(threading.Thread):
    """Runs the call on a thread of its own and waits while nobody takes what it made."""

    def __init__(self, body: Callable[[Callable[[Any], None]], None]) -> None:
        super().__init__(name="heddle-generate", daemon=True)
        self.body = body
        self.items: queue.Queue[tuple[Any, BaseException | None, bool]] = queue.Queue(_PENDING)
        self.stopped = threading.Event()

    def run(self) -> None:
        failure: BaseException | None = None
        try:
            # A prompt takes a while before the first item comes.
            with stopped_by(self.stopped, _library.function("heddle_set_interrupt")):
                self.body(lambda item: self._put((item, None, False)))
        except _Stopped:
            return
        except BaseException as error:
            failure = error
        try:
            self._put((None, failure, True))
        except _Stopped:
            pass

    def _put(self, entry: tuple[Any, BaseException | None, bool]) -> None:
        while not self.stopped.is_set():
            try:
                return self.items.put(entry, timeout=_POLL)
            except queue.Full:
                continue
        raise _Stopped

    def stop(self) -> None:
        """Ends the thread. Whoever still waits for an item gets an error."""
        self.stopped.set()
        if self.is_alive() and threading.current_thread() is not self:
            self.join()
        with contextlib.suppress(queue.Empty):
            while True:
                self.items.get_nowait()
        closed = error_of(STATUS["STALE_HANDLE"], "what generates was closed", "")
        with contextlib.suppress(queue.Full):
            self.items.put_nowait((None, closed, True))


class Producers:
    """The threads that run, to be stopped by someone else than the generators they belong to."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: weakref.WeakSet[_Producer] = weakref.WeakSet()

    def start(self, producer: _Producer) -> None:
        with self._lock:
            self._running.add(producer)
        producer.start()

    def stop(self) -> None:
        """Ends them all."""
        with self._lock:
            running = list(self._running)
        for producer in running:
            producer.stop()


class _Owner:
    """Stops the thread when it goes, at the latest before the interpreter ends: the thread calls
    Python."""

    def __init__(self, producer: _Producer) -> None:
        self.close = weakref.finalize(self, producer.stop)


def in_thread(
    producers: Producers, body: Callable[[Callable[[Item], None]], None]
) -> Generator[Item, None, None]:
    """Yields what ``body`` hands to the function it is given, and raises what it raises.

    The thread starts with the first item that is asked for, runs at most a few items ahead, and
    ends with the generator, or with its producers.
    """
    producer = _Producer(body)
    owner = _Owner(producer)
    producers.start(producer)
    try:
        while True:
            item, failure, is_last = producer.items.get()
            if failure is not None:
                raise failure
            if is_last:
                return
            yield item
    finally:
        owner.close()


def apart(body: Callable[[], None]) -> None:
    """Runs ``body``, whose callbacks must not meet a signal: in the main thread, where Python runs
    signal handlers, by a thread that this one waits for and stops if a handler raises."""
    if threading.current_thread() is not threading.main_thread():
        return body()
    failures: list[BaseException] = []
    stopped, ended = threading.Event(), threading.Event()

    def run() -> None:
        try:
            with stopped_by(stopped, _library.function("heddle_set_interrupt")):
                body()
        except BaseException as error:
            failures.append(error)
        finally:
            ended.set()

    thread = threading.Thread(target=run, name="heddle-complete", daemon=True)
    try:
        thread.start()
        ended.wait()
    except BaseException:
        stopped.set()
        if thread.ident is not None:
            thread.join()
        raise
    thread.join()
    if failures:
        raise failures[0]
