"""Heddle: tensor graphs on any OpenCL device, by hand-written kernels.

    weights = heddle.ConstantStore()
    weights.add("w", numpy.eye(4, dtype=numpy.float32))

    builder = heddle.GraphBuilder()
    tokens = builder.symbol("tokens", 1, 64)
    x = builder.input("x", "f32", [tokens, 4])
    graph = builder.build({"y": builder.matmul(x, builder.constant("w", weights))})

    session = heddle.Backend().compile(graph, weights).session()
    y = session.run({"x": numpy.ones((3, 4), numpy.float32)})["y"]

It calls libheddle through ctypes; the first use loads it. Importing does nothing.
"""

from __future__ import annotations

from . import _library
from ._dlpack import Exported
from .backend import Backend, Support
from .builder import GraphBuilder, Value
from .constants import ConstantStore, ConstantType
from .device import Device
from .dimension import Dimension
from .encoded import EncodedTensor, byte_count
from .errors import (
    Busy,
    Cancelled,
    DeadlineExceeded,
    DeviceError,
    DeviceLost,
    Error,
    Forked,
    InternalError,
    InvalidArgument,
    InvalidBinding,
    InvalidData,
    InvalidFile,
    InvalidGraph,
    InvalidHandle,
    LibraryError,
    NoDevice,
    NotStarted,
    OutOfMemory,
    ShutDown,
    Unsupported,
    Unusable,
)
from .executable import Executable, Layout
from .graph import Graph, TensorType
from .live import live
from .model import LogProbability, Model, Token
from .model_session import ModelSession
from .session import Session

__version__ = "0.1.0"


def library_version() -> str:
    """The version of the loaded libheddle."""
    version: bytes = _library.function("heddle_version")()
    return version.decode()


__all__ = [
    "Backend",
    "Busy",
    "Cancelled",
    "ConstantStore",
    "ConstantType",
    "DeadlineExceeded",
    "Device",
    "DeviceError",
    "DeviceLost",
    "Dimension",
    "EncodedTensor",
    "Error",
    "Executable",
    "Exported",
    "Forked",
    "Graph",
    "GraphBuilder",
    "InternalError",
    "InvalidArgument",
    "InvalidBinding",
    "InvalidData",
    "InvalidFile",
    "InvalidGraph",
    "InvalidHandle",
    "Layout",
    "LibraryError",
    "LogProbability",
    "Model",
    "ModelSession",
    "NoDevice",
    "NotStarted",
    "OutOfMemory",
    "Session",
    "ShutDown",
    "Support",
    "TensorType",
    "Token",
    "Unsupported",
    "Unusable",
    "Value",
    "byte_count",
    "library_version",
    "live",
]
