"""Makes a small checkpoint in two shards, as Hugging Face's tools write one.

    pip install numpy safetensors huggingface_hub        (0.8.0 and 2.4.0 when the files were made)
    python3 make.py        writes the shards and their index beside this file

A tensor of every dtype that the package can be told to write, and one that is empty. Which tensor goes into which
shard, the shards' names and `total_size` are huggingface_hub's; bytes count up from each tensor's place in the list.
"""

import json
import math
from pathlib import Path

import numpy
from huggingface_hub import split_state_dict_into_shards_factory
from safetensors import TensorSpec, serialize_file

FOLDER = Path(__file__).parent
BITS = dict(
  bool=8, float4_e2m1fn_x2=4, uint8=8, int8=8, float8_e4m3fn=8, float8_e5m2=8, float8_e8m0fnu=8, float8_e4m3fnuz=8,
  float8_e5m2fnuz=8, int16=16, uint16=16, float16=16, bfloat16=16, int32=32, uint32=32, float32=32, complex64=64,
  float64=64, int64=64, uint64=64)


def tensor(place, dtype, shape):
  count = math.prod(shape) * BITS[dtype] // 8
  # The package takes pairs of 4-bit values for one, and writes the shape of values.
  stored = shape[:-1] + [shape[-1] // 2] if dtype.endswith("_x2") else shape
  return dtype, stored, numpy.arange(place, place + count).astype(numpy.uint8)


def spec(dtype, shape, data):
  return TensorSpec(dtype=dtype, shape=shape, data_ptr=data.ctypes.data, data_len=data.nbytes)


def main():
  tensors = {f"model.{dtype}.weight": tensor(place, dtype, [2, 4]) for place, dtype in enumerate(BITS)}
  tensors["model.empty"] = tensor(0, "float32", [0, 4])
  split = split_state_dict_into_shards_factory(
    tensors, get_storage_size=lambda t: t[2].nbytes, max_shard_size=300,
    filename_pattern="model{suffix}.safetensors")
  for name, members in split.filename_to_tensors.items():
    serialize_file({member: spec(*tensors[member]) for member in members}, FOLDER / name, {"format": "pt"})
  index = {"metadata": split.metadata, "weight_map": split.tensor_to_filename}
  (FOLDER / "model.safetensors.index.json").write_text(json.dumps(index, indent=2, sort_keys=True) + "\n")


main()
