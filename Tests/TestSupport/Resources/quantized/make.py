"""Makes tensors as other tools quantize weights, and the values that numpy, ml_dtypes and bitsandbytes decode them to.

    pip install numpy==2.4.6 ml_dtypes==0.6.0 safetensors==0.8.0 torch==2.15.0 bitsandbytes==0.50.2
    python3 make.py [AUTO_GPTQ AUTO_AWQ]      writes formats.safetensors and weights.safetensors beside this file

formats.safetensors has blocks of Heddle's own formats, weights.safetensors the tensors of layers; `<name>.expected` is what
each decodes to, in float32, of large weights the last rows. AUTO_GPTQ and AUTO_AWQ are source trees of AutoGPTQ (2025-04) and AutoAWQ (2025-05): if they are given, what
their own layers pack is compared to what is written here.
"""

import importlib.util
import json
import sys
import types
from pathlib import Path

import bitsandbytes.functional
import ml_dtypes
import numpy as np
import torch
from safetensors.torch import save_file

FOLDER = Path(__file__).parent
FLOATS = {"e4m3": ml_dtypes.float8_e4m3fn, "e5m2": ml_dtypes.float8_e5m2}
STORED_FLOATS = {"e4m3": torch.float8_e4m3fn, "e5m2": torch.float8_e5m2}
NF4 = bitsandbytes.functional.get_4bit_type("nf4", device="cpu").numpy()


def nibbles(levels):
  """Of each 32 levels the first half are the low nibbles of 16 bytes."""
  groups = levels.reshape(levels.shape[0], -1, 2, 16).astype(np.uint8)
  return (groups[:, :, 0] | groups[:, :, 1] << 4).reshape(levels.shape[0], -1)


def scales(random, type, count, least):
  """Of usual sizes and signs, then 0 and the least of either sign."""
  values = random.uniform(-2, 2, count) * 2.0 ** random.integers(-12, 5, count)
  values[:4] = [0, -0.0, least, -least]
  return values.astype(type)


def blocks(*parts):
  """Parts of blocks, by block, as bytes."""
  return np.concatenate([np.ascontiguousarray(part).view(np.uint8).reshape(len(part), -1) for part in parts], axis=1)


def formats():
  random = np.random.default_rng(7)
  stored, described = {}, {}

  def add(name, size, bytes, values):
    count = len(bytes) // 2
    described[name] = {"encoding": name, "shape": [2, count * size]}
    stored[name] = torch.from_numpy(bytes.reshape(-1).copy())
    stored[f"{name}.expected"] = torch.from_numpy(values.astype(np.float32).reshape(2, -1).copy())

  for size in [64, 128]:
    d = scales(random, np.float16, 6, 2.0**-24)
    q = random.integers(0, 16, (6, size))
    add(f"int4_g{size}", size, blocks(d, nibbles(q)), d.astype(np.float32)[:, None] * (q - 8).astype(np.float32))
    q = random.integers(-128, 128, (6, size)).astype(np.int8)
    add(f"int8_g{size}", size, blocks(d, q), d.astype(np.float32)[:, None] * q.astype(np.float32))
  for bits, size in [(4, 32), (4, 64), (4, 128), (8, 32), (8, 128)]:
    count = max(6, 256 // size)
    d = scales(random, np.float32, count, 2.0**-126)
    z = random.integers(-(2**15), 2**15, count).astype(np.int16)
    z[::2] = random.integers(0, 2**bits + 1, len(z[::2]))
    q = random.integers(0, 2**bits, (count, size))
    levels = nibbles(q) if bits == 4 else q.astype(np.uint8)
    add(f"uint{bits}_g{size}", size, blocks(d, z, levels), d[:, None] * (q - z[:, None]).astype(np.float32))
  for kind, size in [("e4m3", 32), ("e4m3", 128), ("e5m2", 32)]:
    # Every code, then any.
    q = np.concatenate([np.arange(256), random.integers(0, 256, 256)]).astype(np.uint8).reshape(-1, size)
    d = scales(random, np.float32, len(q), 2.0**-100)
    d[: 256 // size] = 1 + np.arange(256 // size) / 16
    with np.errstate(invalid="ignore"):
      values = d[:, None] * q.view(FLOATS[kind]).astype(np.float32)
    add(f"fp8_{kind}_g{size}", size, blocks(d, q), values)
  d = scales(random, np.float32, 8, 2.0**-100)
  q = random.integers(0, 16, (8, 64))
  q[4, :16] = np.arange(16)
  add("nf4", 64, blocks(d, nibbles(q)), d[:, None] * NF4[q])
  save_file(stored, FOLDER / "formats.safetensors", {"heddle.version": "1", "heddle.encodings": json.dumps(described)})


def packed(levels, bits, axis, order=None):
  """Words of 32 bits with neighbouring levels along an axis, in an order from the lowest bits on."""
  count = 32 // bits
  parts = np.moveaxis(levels, axis, 0).astype(np.uint32)
  parts = parts.reshape(-1, count, *parts.shape[1:])
  words = np.zeros((parts.shape[0], *parts.shape[2:]), np.uint32)
  for place, level in enumerate(order or range(count)):
    words |= parts[:, level] << np.uint32(bits * place)
  return torch.from_numpy(np.ascontiguousarray(np.moveaxis(words, 0, axis)).view(np.int32))


def grouped(random, bits, size, inputs, outputs, type, isSymmetric, least=1):
  """Levels [inputs, outputs], zero-points and scales [groups, outputs], and the group of each input."""
  count = -(-inputs // size)
  q = random.integers(0, 2**bits, (inputs, outputs))
  z = np.full((count, outputs), 2 ** (bits - 1)) if isSymmetric else random.integers(least, 2**bits, (count, outputs))
  s = torch.from_numpy(random.uniform(0.5, 2, (count, outputs)) * 2.0 ** random.integers(-12, -4, (count, outputs))).to(type)
  return q, z, s, np.arange(inputs) // size


def gptq(weights, sources, name, random, *, bits=4, size=32, inputs=64, outputs=32, type=torch.float16, version=1,
         isSymmetric=False, order=None, hasIndex=True):
  q, z, s, g = grouped(random, bits, size, inputs, outputs, type, isSymmetric)
  if order is not None: g = g[order]
  values = s.float().numpy()[g] * (q - z[g]).astype(np.float32)
  weights[f"{name}.qweight"] = packed(q, bits, 0)
  weights[f"{name}.qzeros"] = packed(z - (1 if version == 1 else 0), bits, 1)
  weights[f"{name}.scales"] = s
  if hasIndex: weights[f"{name}.g_idx"] = torch.from_numpy(g.astype(np.int32))
  weights[f"{name}.expected"] = torch.from_numpy(values.T[-12:].copy())
  if sources and type == torch.float16 and version == 1:
    layer = sources["gptq"](bits, size, inputs, outputs, False)
    linear = torch.nn.Linear(inputs, outputs, bias=False)
    linear.weight.data = torch.from_numpy(values.T.copy())
    layer.pack(linear, s.float().T, torch.from_numpy(z).float().T,
               torch.from_numpy(g.astype(np.int32)))
    for part in ["qweight", "qzeros", "scales"]:
      assert torch.equal(getattr(layer, part).float(), weights[f"{name}.{part}"].float()), (name, part)


def awq(weights, sources, name, random, *, size=32, inputs=64, outputs=32, type=torch.float16, isSymmetric=False):
  q, z, s, g = grouped(random, 4, size, inputs, outputs, type, isSymmetric, least=0)
  values = s.float().numpy()[g] * (q - z[g]).astype(np.float32)
  order = [0, 2, 4, 6, 1, 3, 5, 7]
  weights[f"{name}.qweight"] = packed(q, 4, 1, order)
  weights[f"{name}.qzeros"] = packed(z, 4, 1, order)
  weights[f"{name}.scales"] = s
  weights[f"{name}.expected"] = torch.from_numpy(values.T[-12:].copy())
  if sources and type == torch.float16:
    linear = torch.nn.Linear(inputs, outputs, bias=False)
    linear.weight.data = torch.from_numpy(values.T.copy())
    layer = sources["awq"].from_linear(linear, 4, size, False, s.float(), torch.from_numpy(z).float())
    for part in ["qweight", "qzeros", "scales"]:
      assert torch.equal(getattr(layer, part), weights[f"{name}.{part}"]), (name, part)


def fp8(weights, name, random, *, kind="e4m3", rows=8, columns=128, block=(None, None), shape=None, type=torch.float32,
        scale="weight_scale_inv"):
  codes = random.integers(0, 256, (rows, columns)).astype(np.uint8)
  high, wide = block[0] or rows, block[1] or columns
  counts = (-(-rows // high), -(-columns // wide))
  if type == torch.float8_e8m0fnu:
    s = torch.from_numpy(random.integers(110, 130, counts).astype(np.uint8)).view(type)
  else:
    s = torch.from_numpy(random.uniform(0.5, 2, counts) * 2.0 ** random.integers(-12, -4, counts)).to(type)
  every = np.repeat(np.repeat(s.float().numpy(), high, 0)[:rows], wide, 1)[:, :columns]
  with np.errstate(invalid="ignore"):
    values = every * codes.view(FLOATS[kind]).astype(np.float32)
  weights[f"{name}.weight"] = torch.from_numpy(codes).view(STORED_FLOATS[kind])
  weights[f"{name}.{scale}"] = s.reshape(shape) if shape is not None else s
  weights[f"{name}.expected"] = torch.from_numpy(values[-8:])


def int8(weights, name, random, *, rows=6, columns=128, groups=1, shape=None, type=torch.float32, hasZeros=False):
  q = random.integers(-128, 128, (rows, columns)).astype(np.int8)
  counts = (1, 1) if shape in ([], [1]) else (rows, groups)
  s = torch.from_numpy(random.uniform(0.5, 2, counts) * 2.0 ** random.integers(-12, -4, counts)).to(type)
  z = random.integers(-128, 128, counts) if hasZeros else np.zeros(counts, int)
  every = lambda x: np.repeat(np.broadcast_to(x, (rows, counts[1])), columns // counts[1], 1)
  values = every(s.float().numpy()) * (q - every(z)).astype(np.float32)
  weights[f"{name}.weight"] = torch.from_numpy(q)
  weights[f"{name}.weight_scale"] = s.reshape(shape) if shape is not None else s
  if hasZeros: weights[f"{name}.weight_zero_point"] = torch.from_numpy(z.astype(np.int8)).reshape(s.shape if shape is None else shape)
  weights[f"{name}.expected"] = torch.from_numpy(values.astype(np.float32))


def nf4(weights, name, random, *, rows=4, columns=128, size=64, isNested=False):
  values = torch.from_numpy((random.standard_normal((rows, columns)) * random.uniform(0.01, 0.1, (rows, 1))).astype(np.float32))
  codes, state = bitsandbytes.functional.quantize_4bit(
    values, blocksize=size, compress_statistics=isNested, quant_type="nf4")
  weights[f"{name}.weight"] = codes
  for part, tensor in state.as_dict(packed=True).items(): weights[f"{name}.weight.{part}"] = tensor
  weights[f"{name}.expected"] = bitsandbytes.functional.dequantize_4bit(codes, state)[-4:].contiguous()


def layer(source, file, name):
  """A class of a package's file, without the package: what it imports and packing does not need stands in."""
  for module in ["transformers", "awq", "awq.utils", "awq.utils.module", "awq.utils.utils", "awq.utils.packing_utils"]:
    sys.modules[module] = types.ModuleType(module)
  sys.modules["transformers"].pytorch_utils = types.SimpleNamespace(Conv1D=type(None))
  sys.modules["awq.utils.module"].try_import = lambda name: (None, "")
  sys.modules["awq.utils.utils"].get_best_device = lambda: "cpu"
  sys.modules["awq.utils.packing_utils"].dequantize_gemm = None
  spec = importlib.util.spec_from_file_location(name, Path(source, file))
  module = importlib.util.module_from_spec(spec)
  spec.loader.exec_module(module)
  return getattr(module, name)


def main(arguments):
  formats()
  sources = arguments and {
    "gptq": layer(arguments[0], "auto_gptq/nn_modules/qlinear/qlinear_cuda.py", "QuantLinear"),
    "awq": layer(arguments[1], "awq/modules/linear/gemm.py", "WQLinear_GEMM"),
  }
  weights = {}

  def random(): return np.random.default_rng(len(weights))

  gptq(weights, sources, "gptq.g32", random())
  gptq(weights, sources, "gptq.g32.symmetric", random(), isSymmetric=True)
  gptq(weights, sources, "gptq.g64.symmetric", random(), isSymmetric=True, size=64, hasIndex=False)
  gptq(weights, sources, "gptq.g128.symmetric", random(), isSymmetric=True, size=128, inputs=128)
  gptq(weights, sources, "gptq.version2", random(), version=2, size=64)
  gptq(weights, sources, "gptq.channel", random(), size=128, inputs=128)
  gptq(weights, sources, "gptq.bf16", random(), type=torch.bfloat16)
  gptq(weights, sources, "gptq.8bit", random(), bits=8)
  gptq(weights, sources, "gptq.8bit.symmetric", random(), bits=8, isSymmetric=True, size=64)
  gptq(weights, sources, "gptq.ordered", random(), order=random().permutation(64))
  gptq(weights, sources, "gptq.blocks", random(), order=np.arange(64)[::-1], isSymmetric=True)
  awq(weights, sources, "awq.g32", random())
  awq(weights, sources, "awq.g128", random(), size=128, inputs=128)
  awq(weights, sources, "awq.symmetric", random(), isSymmetric=True, size=64)
  fp8(weights, "fp8.tensor", random(), shape=[], scale="weight_scale")
  fp8(weights, "fp8.row", random(), block=(1, None), type=torch.bfloat16, scale="weight_scale", columns=96)
  fp8(weights, "fp8.1x128", random(), rows=3, columns=256, block=(1, 128))
  fp8(weights, "fp8.32x32", random(), rows=40, columns=96, block=(32, 32), type=torch.float8_e8m0fnu)
  fp8(weights, "fp8.128x128", random(), rows=130, columns=160, block=(128, 128))
  fp8(weights, "fp8.e5m2", random(), kind="e5m2", block=(1, None))
  int8(weights, "int8.row", random(), shape=[6])
  int8(weights, "int8.tensor", random(), shape=[], type=torch.float16)
  int8(weights, "int8.groups", random(), groups=2, type=torch.bfloat16, hasZeros=True)
  nf4(weights, "nf4.plain", random())
  nf4(weights, "nf4.nested", random(), rows=24, columns=704, isNested=True)
  nf4(weights, "nf4.wide", random(), size=256)
  save_file(weights, FOLDER / "weights.safetensors")


if __name__ == "__main__":
  main(sys.argv[1:])
