"""Lists which type llama.cpp's quantizer gives each tensor of some models, for each of its presets.

    pip install numpy gguf cffi llama-cpp-py-sync        (the last holds libllama, here of b11739)
    python3 make_quantize_types.py                       writes quantize-types.json beside this file

The models have the names and rows of real ones, but matrices of two rows; their values do not matter.
"""

import itertools
import json
import tempfile
from pathlib import Path

import gguf
import numpy as np
from llama_cpp_py_sync._cffi_bindings import get_ffi, get_lib

FILE_TYPES = {
  "Q8_0": 7, "Q6_K": 18, "Q5_1": 9, "Q5_K_M": 17, "Q5_K_S": 16, "Q5_0": 8, "Q4_1": 3, "Q4_K_M": 15, "Q4_K_S": 14,
  "Q4_0": 2, "IQ4_NL": 25, "IQ4_XS": 30, "MXFP4_MOE": 38, "Q3_K_L": 13, "Q3_K_M": 12, "Q3_K_S": 11, "Q2_K": 10,
  "Q2_K_S": 21, "F16": 1, "BF16": 32, "F32": 0,
}
NEEDS_IMPORTANCE = {"Q2_K_S"}
MODELS = {
  "wide": dict(layers=32, width=256, inner=512, heads=8, groups=8, output=True),
  "tied rows of 288": dict(layers=30, width=288, inner=768, heads=9, groups=3, output=False),
  "grouped": dict(layers=17, width=512, inner=288, heads=8, groups=2, output=True),
  "eighty layers": dict(layers=80, width=256, inner=256, heads=8, groups=1, output=True),
  "experts": dict(layers=9, width=256, inner=256, heads=8, groups=4, output=True, experts=8),
  "four experts": dict(layers=9, width=256, inner=256, heads=8, groups=4, output=False, experts=4),
}


def tensors(model):
  """Names and shapes, the last axis contiguous."""
  width, inner, experts = model["width"], model["inner"], model.get("experts", 0)
  yield "token_embd.weight", (2, width)
  yield "output_norm.weight", (width,)
  if model["output"]:
    yield "output.weight", (2, width)
  for layer in range(model["layers"]):
    prefix = f"blk.{layer}."
    for name in ["attn_norm", "ffn_norm"]:
      yield f"{prefix}{name}.weight", (width,)
    for name in ["attn_q", "attn_k", "attn_v", "attn_output"]:
      yield f"{prefix}{name}.weight", (2, width)
    yield f"{prefix}attn_q.bias", (width,)
    if experts:
      yield f"{prefix}ffn_gate_inp.weight", (experts, width)
      for name, columns in [("ffn_gate_exps", width), ("ffn_up_exps", width), ("ffn_down_exps", inner)]:
        yield f"{prefix}{name}.weight", (experts, 2, columns)
    else:
      for name, columns in [("ffn_gate", width), ("ffn_up", width), ("ffn_down", inner)]:
        yield f"{prefix}{name}.weight", (2, columns)


def write(model, path):
  writer = gguf.GGUFWriter(path, "llama")
  writer.add_block_count(model["layers"])
  writer.add_context_length(64)
  writer.add_embedding_length(model["width"])
  writer.add_feed_forward_length(model["inner"])
  writer.add_head_count(model["heads"])
  writer.add_head_count_kv(model["groups"])
  writer.add_layer_norm_rms_eps(1e-5)
  writer.add_vocab_size(2)
  if model.get("experts"):
    writer.add_expert_count(model["experts"])
    writer.add_expert_used_count(2)
  for name, shape in tensors(model):
    writer.add_tensor(name, np.ones(shape, np.float32))
  writer.write_header_to_file()
  writer.write_kv_data_to_file()
  writer.write_tensors_to_file()
  writer.close()


def quantize(ffi, lib, source, target, model, file_type, has_importance):
  params = lib.llama_model_quantize_default_params()
  params.ftype = file_type
  params.nthread = 1
  kept = []
  if has_importance:
    entries = []
    for name, shape in tensors(model):
      if len(shape) < 2:
        continue
      count = shape[-1] * (shape[0] if len(shape) == 3 else 1)
      kept += [ffi.new("char[]", name.encode()), ffi.new("float[]", [1.0] * count)]
      entries.append((kept[-2], kept[-1], count))
    data = ffi.new("struct llama_model_imatrix_data[]", len(entries) + 1)
    for entry, (name, values, count) in zip(data, entries):
      entry.name, entry.data, entry.size = name, values, count
    params.imatrix = data
    kept.append(data)
  pointer = ffi.new("llama_model_quantize_params *", params)
  if lib.llama_model_quantize(str(source).encode(), str(target).encode(), pointer) != 0:
    raise SystemExit(f"{source}: not quantized to {file_type}")
  return {tensor.name: tensor.tensor_type.name for tensor in gguf.GGUFReader(target).tensors}


def main():
  ffi, lib = get_ffi(), get_lib()
  lib.llama_backend_init()
  result = []
  with tempfile.TemporaryDirectory() as folder:
    source, target = Path(folder, "source.gguf"), Path(folder, "target.gguf")
    for name, model in MODELS.items():
      write(model, source)
      shapes = {name: list(shape) for name, shape in tensors(model)}
      for preset, number in FILE_TYPES.items():
        for has_importance in ([False, True] if preset not in NEEDS_IMPORTANCE else [True]):
          types = quantize(ffi, lib, source, target, model, number, has_importance)
          found = groups({key: types[key] for key, shape in shapes.items() if len(shape) > 1})
          if has_importance and result and result[-1]["types"] == found:
            result[-1]["importance"] = [False, True]
          else:
            result.append({"model": name, "preset": preset, "importance": [has_importance], "types": found})
  description = {
    name: {"layers": m["layers"], "heads": m["heads"], "groups": m["groups"], "experts": m.get("experts", 0),
           "tensors": shapes_of(m)} for name, m in MODELS.items()
  }
  path = Path(__file__).with_name("quantize-types.json")
  path.write_text(json.dumps({"models": description, "runs": result}, separators=(",", ":")).replace('{"model":', '\n{"model":') + "\n")


def shapes_of(model):
  """The shapes by name, a layer's once, as `blk.*`."""
  return {name.replace("blk.0.", "blk.*."): list(shape) for name, shape in tensors(model)
          if not name.startswith("blk.") or name.startswith("blk.0.")}


def groups(types):
  """By kind of tensor the types of its layers, as runs: `3 Q4_K, 1 Q6_K`."""
  found = {}
  for name, type in types.items():
    parts = name.split(".")
    key = name if parts[0] != "blk" else ".".join(["blk.*"] + parts[2:])
    found.setdefault(key, []).append(type)
  return {key: ", ".join(f"{len(list(run))} {kind}" for kind, run in itertools.groupby(kinds))
          for key, kinds in found.items()}


if __name__ == "__main__":
  main()
