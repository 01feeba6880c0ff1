"""DLPack tensors of others, with structs made here; each deleter is called once."""

from __future__ import annotations

import gc

import numpy
import pytest

from heddle import ConstantStore, Error, InvalidBinding, InvalidData, Unsupported
from heddle import _dlpack_layout as layout
from helpers import random
from tensors import Tensor


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
