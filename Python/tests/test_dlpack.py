"""DLPack in both directions, with NumPy, PyTorch and structs made here; each deleter is called
once."""

from __future__ import annotations

import ctypes
import gc

import numpy
import pytest

from heddle import ConstantStore, Error, InvalidBinding, InvalidData, Unsupported, _dlpack
from heddle import _dlpack_layout as layout
from helpers import random


@pytest.fixture
def double(backend, builder):
    """y = x + x, x [rows, 4]; s is a state that keeps x."""
    x = builder.input("x", "f32", [builder.symbol("rows", 1, 16), 4])
    with backend.compile(builder.build({"y": builder.add(x, x)})).session() as session:
        yield session


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
        destroy = _dlpack._destroy_versioned if self.versioned else _dlpack._destroy_legacy
        return _dlpack._capsule_new(
            ctypes.addressof(self.managed), name, ctypes.cast(destroy, ctypes.c_void_p)
        )


@pytest.mark.parametrize("versioned", [True, False])
class TestIn:
    def test_the_session_takes_over_and_deletes_once(self, double, versioned):
        tensor = Tensor(random(3, 4), versioned)
        double.bind_input("x", tensor)
        double.step()
        gc.collect()
        assert tensor.deleted == 0
        numpy.testing.assert_array_equal(double.read_output("y"), 2 * tensor.array)
        double.bind_input("x", None)
        assert tensor.deleted == 1
        double.close()
        assert tensor.deleted == 1

    def test_another_one_in_its_place(self, double, versioned):
        first, second = Tensor(random(3, 4), versioned), Tensor(random(5, 4), versioned)
        double.bind_input("x", first)
        double.bind_input("x", second)
        assert (first.deleted, second.deleted) == (1, 0)
        double.step()
        assert double.read_output("y").shape == (5, 4)

    def test_closing_the_session(self, double, versioned):
        tensor = Tensor(random(3, 4), versioned)
        double.bind_input("x", tensor)
        double.close()
        assert tensor.deleted == 1

    def test_one_that_is_refused(self, double, versioned):
        for array in (random(3, 4).astype("f8"), random(4), random(2, 3, 4)):
            tensor = Tensor(array, versioned)
            with pytest.raises(InvalidData):
                double.bind_input("x", tensor)
            gc.collect()
            assert tensor.deleted == 1, array.shape

    def test_one_that_no_run_can_take(self, double, versioned):
        for array in (random(3, 5), random(17, 4)):
            tensor = Tensor(array, versioned)
            with pytest.raises((InvalidData, InvalidBinding)):
                double.run({"x": tensor})
            double.bind_input("x", None)
            assert tensor.deleted == 1, array.shape

    def test_an_unknown_name(self, double, versioned):
        tensor = Tensor(random(3, 4), versioned)
        with pytest.raises(InvalidBinding):
            double.bind_input("nobody", tensor)
        assert tensor.deleted == 0  # It was not even asked for.

    def test_strides_and_offset(self, double, versioned):
        memory = random(8, 8)
        tensor = Tensor(memory[::2, 1::2], versioned)
        double.bind_input("x", tensor)
        double.step()
        numpy.testing.assert_array_equal(double.read_output("y"), 2 * memory[::2, 1::2])
        moved = Tensor(memory[1:4, :4], versioned, byte_offset=0)
        moved.managed.dl_tensor.data -= 32
        moved.managed.dl_tensor.byte_offset = 32
        double.bind_input("x", moved)
        double.step()
        numpy.testing.assert_array_equal(double.read_output("y"), 2 * memory[1:4, :4])

    def test_as_an_output(self, double, versioned):
        tensor = Tensor(numpy.zeros((3, 4), numpy.float32), versioned)
        double.bind_output("y", tensor)
        x = random(3, 4)
        double.run({"x": x})
        numpy.testing.assert_array_equal(tensor.array, 2 * x)

    def test_a_constant_keeps_its_capsule(self, versioned):
        tensor = Tensor(random(3, 4), versioned)
        store = ConstantStore()
        store.add("w", tensor)
        gc.collect()
        assert tensor.deleted == 0
        assert store.types()["w"] == ("f32", (3, 4))
        store.close()
        gc.collect()
        assert tensor.deleted == 1

    def test_a_strided_constant_is_refused(self, versioned):
        tensor = Tensor(random(4, 4).T, versioned)
        with pytest.raises(InvalidData):
            ConstantStore().add("w", tensor)
        gc.collect()
        assert tensor.deleted == 1

    def test_a_device_out_of_reach(self, double, versioned):
        with pytest.raises(Unsupported):
            double.bind_input("x", Tensor(random(3, 4), versioned, device=2))


def test_another_version_is_refused(double):
    tensor = Tensor(random(3, 4), major=2)
    with pytest.raises(InvalidData):
        double.bind_input("x", tensor)
    gc.collect()
    assert tensor.deleted == 1


def test_a_read_only_tensor_is_an_input_only(double):
    tensor = Tensor(random(3, 4), flags=layout.READ_ONLY)
    double.bind_input("x", tensor)
    other = Tensor(random(3, 4), flags=layout.READ_ONLY)
    with pytest.raises(Error, match="read-only"):
        double.bind_output("y", other)
    gc.collect()
    assert (tensor.deleted, other.deleted) == (0, 1)


def test_a_capsule_that_was_taken(double):
    class Used:
        def __init__(self):
            self.capsule = numpy.zeros((3, 4), numpy.float32).__dlpack__()

        def __dlpack_device__(self):
            return (1, 0)

        def __dlpack__(self, **_):
            return self.capsule

    used = Used()
    double.bind_input("x", used)
    with pytest.raises(InvalidData):
        double.bind_input("x", used)


class TestOut:
    def test_numpy(self, double):
        x = random(3, 4)
        double.run({"x": x})
        exported = double.output_dlpack("y")
        assert exported.__dlpack_device__() == (layout.CPU, 0)
        assert exported.shape == (3, 4)
        y = numpy.from_dlpack(exported)
        double.run({"x": random(3, 4, seed=2)})
        double.close()
        gc.collect()
        numpy.testing.assert_array_equal(y, 2 * x)

    def test_it_is_given_once(self, double):
        double.run({"x": random(3, 4)})
        exported = double.output_dlpack("y")
        numpy.from_dlpack(exported)
        with pytest.raises(BufferError):
            numpy.from_dlpack(exported)

    def test_what_is_asked_beyond_it(self, double):
        double.run({"x": random(3, 4)})
        exported = double.output_dlpack("y")
        for wish in ({"copy": True}, {"dl_device": (2, 0)}):
            with pytest.raises(BufferError):
                exported.__dlpack__(max_version=(1, 0), **wish)
        exported.__dlpack__(max_version=(1, 0), dl_device=(1, 0), copy=False)

    @pytest.mark.parametrize("version", [(1, 0), None, (0, 8)])
    def test_deleters_are_called_once_taken_or_not(self, double, version, monkeypatch):
        deleted = []
        delete = _dlpack.delete

        def count(address, kind=layout.DLManagedTensorVersioned):
            deleted.append(address)
            delete(address, kind)

        monkeypatch.setattr(_dlpack, "delete", count)
        double.run({"x": random(3, 4)})
        for is_asked in (False, True):
            deleted.clear()
            exported = double.output_dlpack("y")
            if is_asked:
                capsule = exported.__dlpack__(max_version=version)
                del capsule
            del exported
            gc.collect()
            # A legacy struct's deleter calls that of the struct it is made around.
            assert len(deleted) == (2 if is_asked and version != (1, 0) else 1)
        assert not _dlpack._made

    def test_legacy_consumers(self, double):
        x = random(3, 4)
        double.run({"x": x})

        class Old:
            def __init__(self, exported):
                self.exported = exported

            def __dlpack_device__(self):
                return self.exported.__dlpack_device__()

            def __dlpack__(self, **_):
                return self.exported.__dlpack__()

        y = numpy.from_dlpack(Old(double.output_dlpack("y")))
        numpy.testing.assert_array_equal(y, 2 * x)
        del y
        gc.collect()
        assert not _dlpack._made

    def test_back_in(self, double):
        x = random(3, 4)
        double.run({"x": x})
        double.bind_input("x", double.output_dlpack("y"))
        double.step()
        numpy.testing.assert_array_equal(double.read_output("y"), 4 * x)

    def test_the_session_s_own_buffer(self, double):
        x = random(3, 4)
        double.run({"x": x})
        exported = double.output_dlpack("y", memory="opencl")
        assert exported.__dlpack_device__()[0] == layout.OPENCL
        with pytest.raises(ValueError):
            double.output_dlpack("y", memory="cuda")

    def test_before_a_run(self, double):
        with pytest.raises(ValueError):
            double.output_dlpack("nobody")


class TestTorch:
    torch = None

    @pytest.fixture(autouse=True)
    def _needs_torch(self):
        type(self).torch = pytest.importorskip("torch", reason="PyTorch is not installed")

    def test_in_and_out(self, double):
        x = self.torch.arange(12, dtype=self.torch.float32).reshape(3, 4)
        y = self.torch.empty(3, 4)
        double.bind_input("x", x)
        double.bind_output("y", y)
        double.step()
        assert self.torch.equal(y, 2 * x)
        x += 1
        double.step()
        assert self.torch.equal(y, 2 * x)
        double.bind_output("y", None)
        double.step()
        assert self.torch.equal(self.torch.from_dlpack(double.output_dlpack("y")), 2 * x)

    def test_views(self, double):
        x = self.torch.randn(8, 6)
        for view in (x[:, 1:5], x[::2, :4], x.T[:, ::2], x[1].expand(3, 6)[:, :4]):
            got = double.run({"x": view})["y"]
            assert self.torch.equal(self.torch.from_numpy(got), view + view)

    def test_tensors_that_are_none(self, double):
        with pytest.raises((InvalidData, InvalidBinding)):
            double.bind_input("x", self.torch.zeros(3, 4, dtype=self.torch.float64))
        with pytest.raises((RuntimeError, BufferError)):
            double.bind_input("x", self.torch.zeros(3, 4, requires_grad=True))

    def test_bfloat16_constants(self, backend, builder):
        w, x = self.torch.randn(8, 16).bfloat16(), self.torch.randn(3, 16)
        store = ConstantStore()
        store.add("w", w)
        assert store.types()["w"] == ("bf16", (8, 16))
        y = builder.matmul(builder.input("x", "f32", [3, 16]), builder.constant("w", store))
        got = backend.compile(builder.build({"y": y}), store).session().run({"x": x})["y"]
        expected = x.double() @ w.double().T
        assert (self.torch.from_numpy(got).double() - expected).abs().max() < 1e-5
