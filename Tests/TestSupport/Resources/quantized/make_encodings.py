"""Makes values, and what numpy, ml_dtypes and bitsandbytes make of them in Heddle's own formats of blocks.

    pip install numpy==2.4.6 ml_dtypes==0.6.0 safetensors==0.8.0 torch==2.15.0 bitsandbytes==0.50.2
    python3 make_encodings.py                 writes encodings.safetensors beside this file

x is [8, 512], importance [512]. Of int4 and int8 a scale is the greatest magnitude / 7 or 127 as a half, levels are the nearest;
of fp8 it is that / 448 or 57344 in float32, and values are what ml_dtypes rounds x / d to; nf4 is bitsandbytes' own.
"""

import json
from pathlib import Path

import bitsandbytes.functional
import ml_dtypes
import numpy as np
import torch
from safetensors.numpy import save_file

ROWS, WIDTH = 8, 512
NF4 = bitsandbytes.functional.get_4bit_type("nf4", device="cpu").numpy()


def nibbles(levels):
  """Of each 32 levels the first half are the low nibbles of 16 bytes."""
  groups = levels.reshape(levels.shape[0], -1, 2, 16).astype(np.uint8)
  return (groups[:, :, 0] | groups[:, :, 1] << 4).reshape(levels.shape[0], -1)


def blocks(*parts):
  parts = [part if part.ndim == 2 else part[:, None] for part in parts]
  return np.concatenate([np.ascontiguousarray(part).view(np.uint8) for part in parts], axis=1)


def tensors():
  random = np.random.default_rng(29)
  columns = random.normal(0, 0.02, WIDTH) * random.lognormal(0, 0.7, WIDTH)
  columns[::97] *= 6
  wide = random.normal(0, 1, WIDTH) * 2.0 ** random.uniform(-38, 0, WIDTH)
  # Halfway between floats of eight bits, of a scale that is a whole number: powers of two from the greatest to less than the least.
  halves = (2 * random.integers(8, 16, WIDTH) + 1) / 16 * 2.0 ** random.integers(-20, 8, WIDTH)
  halves[::32] = 448
  coarse = (2 * random.integers(4, 8, WIDTH) + 1) / 8 * 2.0 ** random.integers(-20, 14, WIDTH)
  coarse[::32] = 57344
  # Halfway between levels of nf4, at it and beside it.
  middles = ((NF4[1:] + NF4[:-1]) / 2)[random.integers(0, 15, WIDTH)]
  middles[::3] = np.nextafter(middles[::3], np.float32(1))
  middles[::64] = np.where(random.integers(0, 2, WIDTH // 64) == 0, -1, 1)
  middles[128:256] = 0
  middles[256:384] *= np.float32(-0.37)
  rows = [
    random.normal(0, 0.02, WIDTH), random.standard_t(3, WIDTH) * 0.02, np.abs(random.normal(0, 1, WIDTH)), columns, wide,
    halves * random.choice([-1, 1], WIDTH), 3 * coarse, middles,
  ]
  return np.stack(rows).astype(np.float32), random.lognormal(0, 1.5, WIDTH).astype(np.float32)


def integers(x, bits, size):
  x = x.reshape(-1, size)
  highest = 2 ** (bits - 1) - 1
  d = (np.abs(x).max(axis=1) / np.float32(highest)).astype(np.float16)
  wide = d.astype(np.float32)[:, None]
  q = np.rint(np.divide(x, wide, out=np.zeros_like(x), where=wide != 0)).clip(-highest - (bits == 4), highest)
  return blocks(d, nibbles(q + 8) if bits == 4 else q.astype(np.int8))


def floats(x, type, size):
  x = x.reshape(-1, size)
  d = np.abs(x).max(axis=1) / np.float32(ml_dtypes.finfo(type).max)
  wide = d[:, None]
  q = np.divide(x, wide, out=np.zeros_like(x), where=wide != 0).astype(type)
  return blocks(d, q.view(np.uint8))


def nf4(x):
  packed, state = bitsandbytes.functional.quantize_4bit(torch.from_numpy(x), blocksize=64, quant_type="nf4")
  codes = np.stack([packed.numpy().ravel() >> 4, packed.numpy().ravel() & 15], axis=1).reshape(-1, 64)
  return blocks(state.absmax.numpy(), nibbles(codes))


def main():
  x, importance = tensors()
  encoded = {"nf4": nf4(x)}
  for size in [64, 128]:
    encoded[f"int4_g{size}"] = integers(x, 4, size)
    encoded[f"int8_g{size}"] = integers(x, 8, size)
  encoded["fp8_e4m3_g32"] = floats(x, ml_dtypes.float8_e4m3fn, 32)
  encoded["fp8_e4m3_g128"] = floats(x, ml_dtypes.float8_e4m3fn, 128)
  encoded["fp8_e5m2_g32"] = floats(x, ml_dtypes.float8_e5m2, 32)
  stored = {"x": x, "importance": importance} | {name: bytes.ravel() for name, bytes in encoded.items()}
  described = {name: {"encoding": name, "shape": [ROWS, WIDTH]} for name in encoded}
  path = Path(__file__).with_name("encodings.safetensors")
  save_file(stored, path, {"heddle.version": "1", "heddle.encodings": json.dumps(described)})


if __name__ == "__main__":
  main()
