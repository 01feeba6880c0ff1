"""A call that hands out results by a callback, as a Python generator."""

from __future__ import annotations

import queue
import threading
import weakref
from typing import Any, Callable, Generator, TypeVar

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
        self.stopped.set()
        if self.is_alive() and threading.current_thread() is not self:
            self.join()


class _Owner:
    """Stops the thread when it goes, at the latest before the interpreter ends: the thread calls
    Python."""

    def __init__(self, producer: _Producer) -> None:
        self.close = weakref.finalize(self, producer.stop)


def in_thread(body: Callable[[Callable[[Item], None]], None]) -> Generator[Item, None, None]:
    """Yields what ``body`` hands to the function it is given, and raises what it raises.

    The thread starts with the first item that is asked for, runs at most a few items ahead, and
    ends with the generator.
    """
    producer = _Producer(body)
    owner = _Owner(producer)
    producer.start()
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
