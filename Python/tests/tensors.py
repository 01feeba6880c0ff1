"""DLPack tensors made by hand."""

from __future__ import annotations

import ctypes

from heddle import _dlpack
from heddle import _dlpack_layout as layout

# A destructor sees a capsule that has no reference left, so it may not become a Python object
# again.
_is_named = _dlpack._python("PyCapsule_IsValid", ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p)
_pointer = _dlpack._python(
    "PyCapsule_GetPointer", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p
)


@_dlpack.immortal
@ctypes.PYFUNCTYPE(None, ctypes.c_void_p)
def destroy(capsule):
    """What other tools do in C."""
    for name, kind in (
        (_dlpack.VERSIONED, layout.DLManagedTensorVersioned),
        (_dlpack.LEGACY, layout.DLManagedTensor),
    ):
        if _is_named(capsule, name):
            _dlpack.delete(_pointer(capsule, name), kind)


class Tensor:
    """A float32 matrix as another tool would give it: the structs made by hand, its deleter
    counted."""

    def __init__(self, array, versioned=True, **changes):
        self.array, self.versioned, self.deleted = array, versioned, 0
        self.extents = (ctypes.c_int64 * array.ndim)(*array.shape)
        self.strides = (ctypes.c_int64 * array.ndim)(*(s // array.itemsize for s in array.strides))
        tensor = layout.DLTensor(
            data=array.ctypes.data,
            device=layout.DLDevice(changes.get("device", layout.CPU), 0),
            ndim=array.ndim,
            dtype=layout.DLDataType(layout.FLOAT, array.itemsize * 8, changes.get("lanes", 1)),
            shape=self.extents,
            strides=self.strides,
            byte_offset=changes.get("byte_offset", 0),
        )
        self.deleter = layout.Deleter(self.count)
        if versioned:
            version = layout.DLPackVersion(changes.get("major", 1), 0)
            self.managed = layout.DLManagedTensorVersioned(
                version, None, self.deleter, changes.get("flags", 0), tensor
            )
        else:
            self.managed = layout.DLManagedTensor(tensor, None, self.deleter)

    def count(self, address):
        assert address == ctypes.addressof(self.managed)
        self.deleted += 1

    def __dlpack_device__(self):
        return (self.managed.dl_tensor.device.device_type, 0)

    def __dlpack__(self, max_version=None):
        name = _dlpack.VERSIONED if self.versioned else _dlpack.LEGACY
        return _dlpack._capsule_new(
            ctypes.addressof(self.managed), name, ctypes.cast(destroy, ctypes.c_void_p)
        )
