"""Encoded tensors: what a run gives, what a store takes and keeps, and a pruned product."""

from __future__ import annotations

import copy
import json
import pickle

import numpy
import pytest

from heddle import (
    ConstantStore,
    EncodedTensor,
    GraphBuilder,
    InvalidData,
    InvalidFile,
    InvalidGraph,
    Unsupported,
    byte_count,
)
from helpers import demo_model, random, sum_bound


def kept(w, kept_count, group):
    """Of each group along K the greatest by magnitude, the first among equals; else 0."""
    parts = numpy.abs(w).reshape(-1, group)
    order = numpy.argsort(-parts, axis=1, kind="stable")
    mask = numpy.zeros(parts.shape, bool)
    numpy.put_along_axis(mask, order[:, :kept_count], True, axis=1)
    return numpy.where(mask.reshape(w.shape), w, 0)


def product(backend, x, store):
    builder = GraphBuilder()
    value = builder.input("x", "f32", x.shape)
    graph = builder.build({"y": builder.matmul(value, builder.constant("w", store))})
    return backend.compile(graph, store).session().run({"x": x})["y"]


@pytest.mark.parametrize("rows, width", [(48, 64), (17, 32), (256, 128)])
def test_a_pruned_weight_stored_loaded_and_multiplied(backend, tmp_path, rows, width):
    w, x = random(rows, width), random(5, width, seed=2)
    w[:, 4:8] = numpy.float32(0.5)  # equals: the first two stay
    encoded = backend.encode(w, "2:4-f32")
    weights = ConstantStore()
    weights.add("w", encoded)
    weights.add("bias", random(rows))
    weights.save(tmp_path / "pruned.safetensors")
    loaded = ConstantStore.open(tmp_path / "pruned.safetensors")
    assert loaded.types() == {"bias": ("f32", (rows,)), "w": ("2:4-f32", (rows, width))}
    masked = kept(w, 2, 4)
    assert (masked[:, 4:6] == 0.5).all() and (masked[:, 6:8] == 0).all()
    y = product(backend, x, loaded)
    exact = x.astype(numpy.float64) @ masked.astype(numpy.float64).T
    assert (numpy.abs(y - exact) <= sum_bound(x, masked)).all()
    assert not numpy.allclose(y, x @ w.T, atol=1e-2), "pruning changes the product"


def test_integers_are_exact(backend):
    w = numpy.random.default_rng(3).integers(-8, 9, (32, 64)).astype(numpy.float32)
    x = numpy.random.default_rng(4).integers(-8, 9, (3, 64)).astype(numpy.float32)
    weights = ConstantStore()
    weights.add("w", backend.encode(w, "1:4-f32"))
    numpy.testing.assert_array_equal(product(backend, x, weights), x @ kept(w, 1, 4).T)


@pytest.mark.parametrize("encoding", ["f16", "bf16", numpy.float16])
def test_dense_encodings(backend, encoding):
    ml_dtypes = pytest.importorskip("ml_dtypes")
    x = random(3, 5)
    encoded = backend.encode(x, encoding)
    dtype = ml_dtypes.bfloat16 if encoding == "bf16" else numpy.float16
    assert encoded.data.tobytes() == x.astype(dtype).tobytes()
    assert encoded.shape == (3, 5) and encoded.encoding == ("bf16" if encoding == "bf16" else "f16")
    assert backend.encode(encoded.data.view(dtype).reshape(3, 5), "f32").data.tobytes() == (
        x.astype(dtype).astype(numpy.float32).tobytes()
    )


def test_what_cannot_be_encoded(backend):
    with pytest.raises(InvalidGraph):
        backend.encode(random(4, 6), "2:4-f32")
    with pytest.raises(InvalidGraph, match="32"):
        backend.encode(random(4, 48), "q4_0")
    with pytest.raises(InvalidGraph):
        backend.encode(random(4, 256), "iq2_xs")
    with pytest.raises(InvalidData):
        backend.encode(numpy.zeros((4, 8)), "2:4-f32")
    with pytest.raises(InvalidData):
        backend.encode([[1.0, 2.0, 3.0, 4.0]], "2:4-f32")


def test_a_run_gives_it(backend, builder):
    rows = builder.symbol("rows", 1, 4)
    x = builder.input("x", "f32", [8, 32])
    t = builder.input("t", "f32", [rows])
    graph = builder.build({"p": builder.encode(x, "2:4-f16"), "t": builder.add(t, t)})
    session = backend.compile(graph).session()
    values = random(8, 32)
    results = session.run({"x": values, "t": numpy.ones(3, numpy.float32)})
    assert results["t"].tolist() == [2, 2, 2]
    assert results["p"] == backend.encode(values, "2:4-f16") == session.read_output("p")
    assert results["p"].data.nbytes == byte_count("2:4-f16", (8, 32))
    assert repr(results["p"]) == f"EncodedTensor(2:4-f16[8, 32], {results['p'].data.nbytes} bytes)"


def test_a_weight_must_be_a_constant(backend, builder):
    x, w = builder.input("x", "f32", [3, 32]), builder.input("w", "2:4-f32", [4, 32])
    graph = builder.build({"y": builder.matmul(x, w)})
    assert "must be a constant" in backend.supports(graph).reason
    with pytest.raises(Unsupported, match="must be a constant"):
        backend.compile(graph)
    other = GraphBuilder()
    session = backend.compile(other.build({"y": other.input("x", "f32", [4])})).session()
    for wrong in (backend.encode(random(4, 32), "2:4-f32"), EncodedTensor("f32", [4], bytes(16))):
        with pytest.raises(InvalidData):
            session.run({"x": wrong})


def test_it_does_not_change(backend):
    encoded = backend.encode(random(4, 32), "2:4-f32")
    with pytest.raises(AttributeError):
        encoded.shape = (32, 4)
    with pytest.raises(ValueError):
        encoded.data[0] = 1
    for same in (copy.deepcopy(encoded), pickle.loads(pickle.dumps(encoded))):
        assert same == encoded and hash(same) == hash(encoded) and same is not encoded
    assert encoded != backend.encode(random(4, 32, seed=9), "2:4-f32")
    assert encoded != "2:4-f32"


def test_bytes_are_counted():
    assert byte_count("q4_0", [2, 32]) == 36
    assert byte_count(numpy.float32, (3, 5)) == 60
    assert byte_count("i32", ()) == 4
    assert byte_count("f16", (0, 7)) == 0
    source = bytearray(36)
    tensor = EncodedTensor("q4_0", [2, 32], source)
    source[0] = 1
    assert tensor.data[0] == 0, "bytes are copied"
    for encoding, shape, data in [
        ("q4_0", [2, 33], bytes(36)),
        ("q4_9", [2, 32], bytes(36)),
        ("q4_0", [2, 32], bytes(35)),
        ("q4_0", [2, 32], numpy.zeros(36, numpy.float32)),
        ("f32", [-1], b""),
        ("f32", [2**62, 2**62], b""),
    ]:
        with pytest.raises(InvalidData):
            EncodedTensor(encoding, shape, data)
    with pytest.raises(TypeError):
        byte_count("f32", [1.5])


def test_bytes_come_in_arrays_of_any_type():
    # Like ml_dtypes' bfloat16, what has no buffer of Python's.
    moments = numpy.arange(3).astype("datetime64[s]")
    got = EncodedTensor("f32", [6], moments)
    assert got.data.tobytes() == moments.tobytes()
    strided = numpy.arange(12, dtype=numpy.float32)[::2]
    assert EncodedTensor("f32", [6], strided).data.tobytes() == strided.tobytes()


def test_what_is_saved_is_opened(tmp_path):
    store = ConstantStore()
    store.add("é \"w\"", random(3, 5))
    store.add("none", numpy.zeros((0, 7), numpy.float16))
    store.add("one", numpy.array(7, numpy.int32))
    store.add("q", EncodedTensor("q4_0", [2, 32], bytes(range(36))))
    path = tmp_path / "store.safetensors"
    store.save(path)
    opened = ConstantStore.open(path)
    assert opened.types() == store.types()
    first = path.read_bytes()
    opened.save(path)  # in the place of the file that it is mapped from
    assert path.read_bytes() == first
    with pytest.raises(InvalidFile):
        store.save(tmp_path / "nowhere" / "file")
    with pytest.raises(InvalidFile):
        store.save(tmp_path)
    store.add("nine", numpy.zeros((1,) * 9, numpy.float32))
    with pytest.raises(InvalidData):
        store.save(path)
    assert path.read_bytes() == first, "a file that cannot be written leaves what was there"


def test_other_readers_take_the_file(tmp_path):
    """What the format is, by hand: a length, JSON, bytes."""
    store = ConstantStore()
    w = random(3, 5)
    store.add("w", w)
    store.add("q", EncodedTensor("q4_0", [2, 32], bytes(range(36))))
    store.save(tmp_path / "file")
    data = (tmp_path / "file").read_bytes()
    length = int.from_bytes(data[:8], "little")
    header, body = json.loads(data[8 : 8 + length]), data[8 + length :]
    assert (8 + length) % 64 == 0
    assert header["w"] == {"dtype": "F32", "shape": [3, 5], "data_offsets": [0, 60]}
    assert header["q"] == {"dtype": "U8", "shape": [36], "data_offsets": [60, 96]}
    assert body == w.tobytes() + bytes(range(36))
    metadata = header["__metadata__"]
    assert set(metadata) == {"heddle.version", "heddle.encodings"}
    assert json.loads(metadata["heddle.encodings"]) == {
        "q": {"encoding": "q4_0", "shape": [2, 32]}
    }


def test_a_model_s_weights_are_saved(tmp_path):
    store = ConstantStore.open(demo_model())
    store.save(tmp_path / "weights.safetensors")
    assert ConstantStore.open(tmp_path / "weights.safetensors").types() == store.types()


def test_a_file_that_says_what_is_not_so(tmp_path):
    store = ConstantStore()
    store.add("q", EncodedTensor("q4_0", [2, 32], bytes(36)))
    store.save(tmp_path / "file")
    data = (tmp_path / "file").read_bytes()
    for wrong in (b"[3,32]", b"[2,31]"):
        (tmp_path / "file").write_bytes(data.replace(b"[2,32]", wrong))
        with pytest.raises(InvalidFile):
            ConstantStore.open(tmp_path / "file")
