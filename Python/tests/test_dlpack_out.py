"""What sessions export by DLPack; each deleter is called once."""

from __future__ import annotations

import gc

import numpy
import pytest

from heddle import GraphBuilder, InvalidBinding, InvalidData, _dlpack, live
from heddle import _dlpack_layout as layout
from helpers import collected, random


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

    def test_what_can_be_bound_once_is_not_given_back_to_a_run(self, double):
        x, other = random(3, 4), random(3, 4, seed=2)
        double.run({"x": x})
        double.bind_input("x", double.output_dlpack("y"))
        double.run({"x": other})
        for _ in range(2):
            with pytest.raises(BufferError, match="given away"):
                double.run()
        double.bind_input("x", x)
        numpy.testing.assert_array_equal(double.run()["y"], 2 * x)

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


class TestRefused:
    """A consumer that takes nothing: its own exception comes out, and nothing stays alive."""

    @pytest.fixture
    def before(self, double):
        double.run({"x": random(3, 4)})
        return collected()

    @pytest.mark.parametrize("memory", ["output_dlpack", "state_dlpack"])
    def test_a_device_that_the_consumer_cannot_reach(self, sums, memory):
        sums.run({"x": random(1)})
        name = "y" if memory == "output_dlpack" else "total"
        before = collected()
        for _ in range(3):
            with pytest.raises((BufferError, RuntimeError)) as caught:
                numpy.from_dlpack(getattr(sums, memory)(name, memory="opencl"))
            assert not isinstance(caught.value, SystemError)
        del caught
        assert collected() == before
        assert not _dlpack._given and not _dlpack._made

    def test_a_bare_capsule(self, double, before):
        class Bare:
            def __init__(self, capsule):
                self.capsule = capsule

            def __dlpack_device__(self):
                return (layout.OPENCL, 0)

            def __dlpack__(self, **_):
                # The consumer holds the last reference.
                capsule, self.capsule = self.capsule, None
                return capsule

        for version in ((1, 0), None):
            capsule = double.output_dlpack("y", memory="opencl").__dlpack__(max_version=version)
            bare = Bare(capsule)
            del capsule
            with pytest.raises((BufferError, RuntimeError)) as caught:
                numpy.from_dlpack(bare)
            assert not isinstance(caught.value, SystemError)
        del caught
        assert collected() == before

    def test_a_capsule_that_nobody_takes(self, double, before):
        for version in ((1, 0), None):
            capsule = double.output_dlpack("y", memory="opencl").__dlpack__(max_version=version)
            assert live()["buffers"] == before["buffers"]
            del capsule
            assert collected() == before
            assert not _dlpack._given and not _dlpack._made

    def test_an_export_that_is_never_asked(self, double, before):
        exported = double.output_dlpack("y", memory="opencl")
        del exported
        assert live() == before

    def test_a_session_that_refuses_what_another_gave(self, backend, double, before):
        with GraphBuilder() as builder:
            x = builder.input("x", "f32", [2, 4])
            i = builder.input("i", "i32", [4])
            graph = builder.build({"y": builder.softmax(x), "j": builder.reshape(i, [2, 2])})
        with graph, backend.compile(graph) as executable, executable.session() as other:
            between = collected()
            for memory in ("host", "opencl"):
                for name in ("x", "i", "nobody"):
                    with pytest.raises((InvalidData, InvalidBinding)) as caught:
                        other.bind_input(name, double.output_dlpack("y", memory=memory))
                    if name == "i":
                        assert "float32" in str(caught.value) and "i32" in str(caught.value)
                    del caught
                    assert collected() == between
        assert not _dlpack._given and not _dlpack._made

    def test_a_buffer_that_is_used_lives_until_then(self, double):
        double.run({"x": random(3, 4)})
        with double:
            double.bind_input("x", double.output_dlpack("y", memory="opencl"))
            gc.collect()
            double.step()
