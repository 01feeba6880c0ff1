"""What of Heddle is alive in this process."""

from __future__ import annotations

import ctypes

from . import _library
from ._structs import heddle_live_counts


def live() -> dict[str, int]:
    """Counts of ``handles``, OpenCL ``contexts``, ``queues``, ``buffers``, ``programs``,
    ``kernels`` and ``events``, and ``threads``: all zero when everything is closed and nobody else
    uses Heddle."""
    counts = heddle_live_counts()
    _library.call("heddle_live", ctypes.byref(counts))
    names = [field[0] for field in heddle_live_counts._fields_]
    return {name: getattr(counts, name) for name in names if name != "size"}
