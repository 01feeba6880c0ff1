"""DLPack capsules: taken from others, and given to others.

A capsule called ``dltensor_versioned`` (DLPack 1.x) or ``dltensor`` (before) holds a struct with a
deleter. Whoever takes the struct renames the capsule to ``used_…`` and calls the deleter once.

A capsule that nobody takes has to call it when it goes. A consumer lets go of what it refuses while
its exception is set, and a destructor written in Python cannot run then: the exception would be
lost. So capsules made here have no destructor. They are kept in ``_given`` until only that holds
them, which is looked for when their ``Exported`` goes, at each export and at each garbage
collection.

Source: https://dmlc.github.io/dlpack/latest/python_spec.html
"""

from __future__ import annotations

import ctypes
import gc
import itertools
import os
import sys
import weakref
from ctypes import c_char_p, c_int, c_void_p, cast, py_object
from typing import Any

from . import _dlpack_layout as layout
from ._dlpack_layout import Deleter, DLManagedTensor, DLManagedTensorVersioned
from .errors import InvalidData, Unsupported


def _python(name: str, result: Any, *arguments: Any) -> Any:
    return ctypes.PYFUNCTYPE(result, *arguments)((name, ctypes.pythonapi))


_capsule_name = _python("PyCapsule_GetName", c_char_p, py_object)
_capsule_pointer = _python("PyCapsule_GetPointer", c_void_p, py_object, c_char_p)
_capsule_rename = _python("PyCapsule_SetName", c_int, py_object, c_char_p)
_capsule_new = _python("PyCapsule_New", py_object, c_void_p, c_char_p, c_void_p)


def immortal(value: Any) -> Any:
    """Keeps an object for the rest of the process: C code may reach it while the interpreter
    ends."""
    ctypes.pythonapi.Py_IncRef(py_object(value))
    return value


VERSIONED, LEGACY = immortal(b"dltensor_versioned"), immortal(b"dltensor")
_used = {VERSIONED: immortal(b"used_dltensor_versioned"), LEGACY: immortal(b"used_dltensor")}


def request(source: Any) -> Any:
    """The capsule of an object with ``__dlpack__``, of the newest form it can give.

    Raises:
        Unsupported: its memory is on a device that Heddle cannot reach.
    """
    device = int(source.__dlpack_device__()[0])
    if device not in (layout.CPU, layout.OPENCL):
        raise Unsupported(
            f"a tensor on DLPack device type {device}; Heddle takes those of CPU (1) and OpenCL (4)"
        )
    try:
        return source.__dlpack__(max_version=(layout.MAJOR, layout.MINOR))
    except TypeError:
        return source.__dlpack__()


def tensor_in(capsule: Any) -> layout.DLTensor:
    """The description inside a capsule, which keeps owning it.

    Raises:
        InvalidData: the capsule was taken before, or holds another version's struct.
    """
    name = _capsule_name(capsule)
    if name == VERSIONED:
        managed = DLManagedTensorVersioned.from_address(_capsule_pointer(capsule, VERSIONED))
        if managed.version.major != layout.MAJOR:
            raise InvalidData(
                f"a DLPack tensor of version {managed.version.major}; {layout.MAJOR} is understood"
            )
        return managed.dl_tensor
    if name == LEGACY:
        return DLManagedTensor.from_address(_capsule_pointer(capsule, LEGACY)).dl_tensor
    raise InvalidData(f"a capsule called {name!r} holds no DLPack tensor, or somebody took it")


def take(capsule: Any) -> Any:
    """A pointer to the struct in a capsule, which the caller now owns. A struct without version
    gets one around it."""
    tensor_in(capsule)
    name = _capsule_name(capsule)
    address = _capsule_pointer(capsule, name)
    _capsule_rename(capsule, _used[name])
    if name == VERSIONED:
        return cast(address, ctypes.POINTER(DLManagedTensorVersioned))
    return _versioned(address)


# What C code owns: structs made here, by the number in their manager_ctx.
_made: dict[int, tuple[Any, ...]] = {}
_numbers = itertools.count(1)


def _versioned(address: int) -> Any:
    """A versioned struct around an older one; deleting it deletes that."""
    inner = DLManagedTensor.from_address(address)
    outer = DLManagedTensorVersioned(
        version=layout.DLPackVersion(layout.MAJOR, layout.MINOR),
        manager_ctx=next(_numbers),
        deleter=_delete_versioned,
        flags=0,
        dl_tensor=inner.dl_tensor,
    )
    _made[outer.manager_ctx] = (outer, address)
    return ctypes.pointer(outer)


@immortal
@Deleter
def _delete_versioned(
    address: int, made: Any = _made, kind: Any = DLManagedTensorVersioned
) -> None:
    _, inner = made.pop(kind.from_address(address).manager_ctx)
    delete(inner, DLManagedTensor)


def delete(address: int, kind: Any = DLManagedTensorVersioned) -> None:
    """Calls a struct's deleter."""
    deleter = kind.from_address(address).deleter
    if deleter:
        deleter(address)


# The capsules that were given away and the process that gave them, until nobody else holds them.
_given: list[tuple[Any, int]] = []


def sweep(phase: str = "stop", info: Any = None) -> None:
    """Lets go of the capsules that nobody else holds, and deletes what nobody took out of them."""
    if phase != "stop":
        return
    # Held by the tuple in the list and, here, by the argument.
    for entry in [entry for entry in _given if sys.getrefcount(entry[0]) <= 2]:
        try:
            _given.remove(entry)
        except ValueError:
            continue  # Another thread was first.
        _dispose(*entry)


def _dispose(capsule: Any, process: int) -> None:
    name = _capsule_name(capsule)
    # A child's driver is the parent's: what it holds there goes with the parent.
    if name not in _used or os.getpid() != process:
        return
    address = _capsule_pointer(capsule, name)
    _capsule_rename(capsule, _used[name])
    delete(address, DLManagedTensorVersioned if name == VERSIONED else DLManagedTensor)


gc.callbacks.append(sweep)


def give(address: int, max_version: tuple[int, int] | None) -> Any:
    """A capsule that owns a library's tensor: versioned if the consumer knows that form."""
    name = VERSIONED
    if max_version is None or max_version[0] < layout.MAJOR:
        versioned = DLManagedTensorVersioned.from_address(address)
        outer = DLManagedTensor(
            dl_tensor=versioned.dl_tensor, manager_ctx=next(_numbers), deleter=_delete_legacy
        )
        _made[outer.manager_ctx] = (outer, address)
        name, address = LEGACY, ctypes.addressof(outer)
    capsule = _capsule_new(address, name, None)
    _given.append((capsule, os.getpid()))
    return capsule


@immortal
@Deleter
def _delete_legacy(address: int, made: Any = _made, kind: Any = DLManagedTensor) -> None:
    _, inner = made.pop(kind.from_address(address).manager_ctx)
    delete(inner)


class Exported:
    """A tensor of a session for one other tool: ``numpy.from_dlpack(it)`` or
    ``torch.from_dlpack(it)``, once."""

    def __init__(self, tensor: Any) -> None:
        described = tensor.contents.dl_tensor
        self.shape: tuple[int, ...] = tuple(described.shape[axis] for axis in range(described.ndim))
        self._device = (described.device.device_type, described.device.device_id)
        # Until it is given away, a list of one address.
        self._owned = [ctypes.addressof(tensor.contents)]
        weakref.finalize(self, _let_go, self._owned, os.getpid())

    def __dlpack_device__(self) -> tuple[int, int]:
        return self._device

    def __dlpack__(
        self,
        *,
        stream: Any = None,
        max_version: tuple[int, int] | None = None,
        dl_device: tuple[int, int] | None = None,
        copy: bool | None = None,
    ) -> Any:
        """The capsule. Its consumer owns the memory.

        Raises:
            BufferError: it was given away before, or another device or a copy is asked for.
        """
        if dl_device is not None and tuple(dl_device) != self._device:
            raise BufferError(f"this tensor is on device {self._device}, not on {tuple(dl_device)}")
        if copy:
            raise BufferError("this tensor is given away, not copied")
        sweep()
        try:
            # Taken out in one step: of two threads one is told that it was given away.
            owned = self._owned.pop()
        except IndexError:
            raise BufferError(
                "this tensor was given away before; ask the session for another"
            ) from None
        try:
            return give(owned, max_version)
        except BaseException:
            self._owned.append(owned)
            raise

    def __repr__(self) -> str:
        state = f"of shape {self.shape}" if self._owned else "given away"
        return f"<heddle.Exported {state}>"

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise TypeError("a tensor that was exported for one consumer cannot be pickled or copied")


def _let_go(owned: list[int], process: int) -> None:
    """An ``Exported`` goes: its tensor too if it has it, or the capsule that nobody took."""
    while owned and os.getpid() == process:
        delete(owned.pop())
    sweep()
