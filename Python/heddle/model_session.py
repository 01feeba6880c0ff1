"""One sequence of tokens on a model: ids in, logits out."""

from __future__ import annotations

import ctypes
import json
from ctypes import c_float, c_int32, c_int64
from typing import Any, Sequence

import numpy

from . import _library
from ._arguments import int32, int64, nanoseconds
from ._handle import Handle


class ModelSession(Handle):
    """A sequence of tokens on a model, as ``Model.session`` makes it: its caches. It does one thing
    at a time; a second call meanwhile raises ``Busy``."""

    def __init__(self, handle: int, vocabulary: int) -> None:
        self._vocabulary = vocabulary
        super().__init__(handle)

    def extend(self, ids: Sequence[int], timeout: float | None = None) -> numpy.ndarray[Any, Any]:
        """Adds tokens, all or none, and gives the logits of what comes next: float32, one for each
        token of the vocabulary.

        Args:
            ids: one or more.
            timeout: seconds; None for none.

        Raises:
            DeadlineExceeded: the time was up.
            InvalidArgument: an id is none of the vocabulary, or the sequence is full.
        """
        data = token_ids(ids)
        logits = numpy.empty(self._vocabulary, numpy.float32)
        place = logits.ctypes.data_as(ctypes.POINTER(c_float))
        _library.call(
            "heddle_model_session_extend",
            self.handle,
            data,
            len(data),
            nanoseconds(timeout),
            place,
            len(logits),
        )
        return logits

    def rewind(self, position: int) -> None:
        """Forgets the tokens from a position on, so that the next ones take their places."""
        place = int64(position, "the position")
        _library.call("heddle_model_session_rewind", self.handle, place)

    @property
    def position(self) -> int:
        """How many tokens it holds."""
        position = c_int64()
        _library.call("heddle_model_session_position", self.handle, ctypes.byref(position))
        return position.value

    @property
    def experts(self) -> dict[str, int] | None:
        """How often experts were in memory, of a model with ``expert_memory``: ``hits``, ``misses``,
        ``fetchedByteCount`` and ``residentByteCount``. None if all are in memory."""
        counts: dict[str, int] | None = json.loads(
            _library.text("heddle_model_session_experts", self.handle)
        )
        return counts


def token_ids(ids: Sequence[int]) -> Any:
    """Ids as C takes them."""
    return (c_int32 * len(ids))(*(int32(number, "a token's id") for number in ids))
