"""Encodings by the names that NumPy and PyTorch have for them."""

from __future__ import annotations

import numpy
import pytest

from heddle import ConstantStore, Dimension, InvalidData, TensorType
from heddle.encodings import name_of

ml_dtypes = pytest.importorskip("ml_dtypes")
TYPES = {
    "f32": [numpy.float32, numpy.dtype("f4"), "float32", "f32"],
    "f16": [numpy.float16, numpy.dtype("f2"), "float16"],
    "bf16": [ml_dtypes.bfloat16, numpy.dtype(ml_dtypes.bfloat16), "bfloat16"],
    "i32": [numpy.int32, numpy.dtype("i4"), "int32"],
    "q8_0": ["q8_0"],
}


@pytest.mark.parametrize("encoding", TYPES)
def test_names(encoding):
    for given in TYPES[encoding]:
        assert name_of(given) == encoding


def test_pytorch_s_types():
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    given = (torch.float32, torch.float16, torch.bfloat16, torch.int32)
    assert [name_of(type_) for type_ in given] == ["f32", "f16", "bf16", "i32"]
    with pytest.raises(InvalidData):
        name_of(torch.float64)


@pytest.mark.parametrize("wrong", [numpy.float64, numpy.dtype(">f4"), float, None, 3, object()])
def test_what_has_none(wrong):
    with pytest.raises(InvalidData):
        name_of(wrong)


def test_everywhere(builder):
    x = builder.input("x", numpy.float32, [1, 4])
    state = builder.state("s", numpy.dtype(numpy.float16), [4])
    half = builder.encode(x, ml_dtypes.bfloat16)
    other = builder.custom("c", [x], types=[TensorType(numpy.int32, (Dimension(4),))])[0]
    graph = builder.build({"x": x, "half": half, "state": state, "other": other})
    found = {name: type_.encoding for name, type_ in graph.outputs.items()}
    assert found == {"x": "f32", "half": "bf16", "state": "f16", "other": "i32"}
    store = ConstantStore()
    store.add_bytes("w", numpy.float16, [2], bytes(4))
    assert store.types()["w"] == ("f16", (2,))


def test_capitals(builder):
    for use in (
        lambda: ConstantStore().add_bytes("w", "Q8_0", [32], bytes(34)),
        lambda: builder.input("x", "Q8_0", [32]),
    ):
        with pytest.raises(InvalidData, match="'q8_0'"):
            use()
