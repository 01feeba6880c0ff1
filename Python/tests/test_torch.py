"""PyTorch's tensors as inputs, outputs and constants."""

from __future__ import annotations

import pytest

from heddle import ConstantStore, InvalidBinding, InvalidData


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

    def test_a_run_gives_back_what_was_bound_before(self, double):
        x = self.torch.ones(3, 4)
        double.bind_input("x", x)
        assert (double.run({"x": self.torch.zeros(2, 4)})["y"] == 0).all()
        assert double.run()["y"].tolist() == (2 * x).tolist()

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
