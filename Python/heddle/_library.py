"""Finds libheddle, loads it once, and calls it.

The places looked at, in this order: ``HEDDLE_LIBRARY`` (a file, its folder, or the prefix it was
installed in), the folder of this package, the loader's own paths, and the folder that ``pkg-config
heddle`` names. Nothing is loaded on import: the first use does it, and says where it looked if
there is nothing.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from ._interface import STATUS, VERSION, declare
from ._interrupt import MainThread
from ._structs import heddle_error
from .errors import LibraryError, error_of

# What is linked to, and what is there where nothing is built.
FILE_NAMES = (
    ("libheddle.dylib", "libheddle.0.dylib")
    if sys.platform == "darwin"
    else ("libheddle.so", "libheddle.so.0")
)
_lock = threading.Lock()
_loaded: ctypes.CDLL | None = None
_main = MainThread()


def library() -> ctypes.CDLL:
    """The loaded library, its functions declared.

    Raises:
        LibraryError: there is none, or its version is another.
    """
    global _loaded
    if _loaded is None:
        with _lock:
            if _loaded is None:
                _loaded = _load()
    return _loaded


def call(name: str, *arguments: Any) -> None:
    """Calls a function that returns a status; anything but HEDDLE_OK is raised, and before it what
    a signal handler raised in the main thread meanwhile, which ends a long call.

    The interpreter's lock is released meanwhile.
    """
    called = function(name)
    if not _main.is_watched:
        _main.watch(function("heddle_set_interrupt"))
    status = called(*arguments)
    _main.raise_pending()
    if status != STATUS["OK"]:
        raise last_error(status, name)


def function(name: str) -> Any:
    """A function of heddle.h, for callers that look at the status themselves."""
    try:
        return getattr(library(), name)
    except AttributeError:
        raise LibraryError(
            f"{library()._name} has no function {name}; install the matching one"
        ) from None


def last_error(status: int, operation: str) -> Exception:
    """The exception for a status that was just returned on this thread."""
    error = heddle_error()
    if library().heddle_last_error(ctypes.byref(error)) != STATUS["OK"] or error.code != status:
        return error_of(status, f"failed with status {status}", operation)
    return error_of(
        status,
        error.text.decode(errors="replace"),
        error.operation.decode(errors="replace") or operation,
    )


def text(name: str, *arguments: Any) -> str:
    """The text a function gives by the rule of (buffer, capacity, needed)."""
    needed = ctypes.c_size_t()
    call(name, *arguments, None, 0, ctypes.byref(needed))
    while True:
        buffer = ctypes.create_string_buffer(needed.value)
        status = function(name)(*arguments, buffer, len(buffer), ctypes.byref(needed))
        if status == STATUS["OK"]:
            return buffer.value.decode()
        # Only a text that grew since is asked for again.
        if status != STATUS["BUFFER_TOO_SMALL"] or needed.value <= len(buffer):
            raise last_error(status, name)


def _load() -> ctypes.CDLL:
    looked: list[str] = []
    for place, path in _candidates():
        looked.append(f"{place}: {path or 'none'}")
        if path is None or (os.sep in path and not Path(path).exists()):
            continue
        try:
            loaded = ctypes.CDLL(path)
        except OSError as error:
            looked[-1] += f" ({error})"
            continue
        return _checked(loaded, path)
    places = "".join(f"\n  {line}" for line in looked)
    raise LibraryError(
        "libheddle was not found. Build and install it with `make install`, or let HEDDLE_LIBRARY"
        f" name it. Looked at:{places}"
    )


def _candidates() -> list[tuple[str, str | None]]:
    """Where the library may be. What HEDDLE_LIBRARY names is the only place, if it is set."""
    named = os.environ.get("HEDDLE_LIBRARY")
    if named and not Path(named).is_dir():
        return [("HEDDLE_LIBRARY", named)]
    if named:
        folders = (Path(named), Path(named) / "lib")
        return [("HEDDLE_LIBRARY", str(folder / name)) for folder in folders for name in FILE_NAMES]
    beside, folder = Path(__file__).resolve().parent, _pkg_config()
    return [
        *(("beside the package", str(beside / name)) for name in FILE_NAMES),
        ("the loader's paths", ctypes.util.find_library("heddle")),
        *(("the loader's paths", name) for name in FILE_NAMES),
        *(("pkg-config heddle", folder and str(Path(folder) / name)) for name in FILE_NAMES),
    ]


def _pkg_config() -> str | None:
    try:
        answer = subprocess.run(
            ["pkg-config", "--variable=libdir", "heddle"],
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip() or None


def _checked(loaded: ctypes.CDLL, path: str) -> ctypes.CDLL:
    if "heddle_version" in declare(loaded):
        raise LibraryError(f"{path} is no libheddle: it has no heddle_version")
    version = (loaded.heddle_version() or b"").decode(errors="replace")
    if version.split(".")[:2] != [str(part) for part in VERSION]:
        expected = ".".join(map(str, VERSION))
        raise LibraryError(f"{path} is Heddle {version}; this package is written for {expected}")
    return loaded
