"""Makes random blocks of the types that the gguf package does not decode, and the values that ggml decodes them to.

    pip install numpy
    python3 make_dequantize_ggml.py LLAMA_CPP        writes dequantize-ggml.gguf beside this file

LLAMA_CPP is a source tree of llama.cpp with Q2_0 (of 2026-07 or later): its ggml-quants.c is compiled and called, and its
gguf-py writes the file. Scales are finite numbers of either sign, among them one of 0 and the least; other bytes are any.
"""

import ctypes
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

ROWS, WIDTH = 4, 512
# Functions that quantizing needs and decoding does not.
STUBS = """
#include <stdlib.h>
void ggml_abort(const char *file, int line, const char *text, ...) { abort(); }
size_t ggml_row_size(int type, long long count) { abort(); }
const char *ggml_type_name(int type) { abort(); }
size_t ggml_type_size(int type) { abort(); }
"""


def scales(random, type, count):
  """A scale for each block: of usual sizes and of all, then 0 and the least of either sign."""
  exponents = random.integers(-12, 5, count)
  values = random.uniform(-2, 2, count) * 2.0**exponents
  # A device may flush floats below the least normal one, which halves never are.
  least = np.finfo(type).smallest_normal if type == np.float32 else np.finfo(type).smallest_subnormal
  values[:4] = [0, -0.0, least, -least]
  return values.astype(type)


def main(source):
  sys.path.insert(0, str(source / "gguf-py"))
  import gguf
  with tempfile.TemporaryDirectory() as folder:
    stubs, library = Path(folder, "stubs.c"), Path(folder, "ggml-quants.so")
    stubs.write_text(STUBS)
    subprocess.run(
      ["cc", "-O1", "-ffp-contract=off", "-shared", "-fPIC", f"-I{source}/ggml/include", f"-I{source}/ggml/src",
       f"{source}/ggml/src/ggml-quants.c", stubs, "-o", library, "-lm"], check=True)
    ggml = ctypes.CDLL(str(library))
  random = np.random.default_rng(6)
  writer = gguf.GGUFWriter(Path(__file__).with_name("dequantize-ggml.gguf"), "reference")
  for name, scale in [("q8_K", np.float32), ("q1_0", np.float16), ("q2_0", np.float16)]:
    type = gguf.GGMLQuantizationType[name.upper()]
    block, size = gguf.GGML_QUANT_SIZES[type]
    count = ROWS * WIDTH // block
    blocks = random.integers(0, 256, (count, size), dtype=np.uint8)
    blocks[:, :np.dtype(scale).itemsize] = scales(random, scale, count).view(np.uint8).reshape(count, -1)
    values = np.empty(ROWS * WIDTH, np.float32)
    decode = getattr(ggml, f"dequantize_row_{name}")
    decode.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64]
    decode(blocks.ctypes.data, values.ctypes.data, values.size)
    writer.add_tensor(name.lower(), blocks.reshape(ROWS, -1), raw_dtype=type)
    writer.add_tensor(f"{name.lower()}.expected", values.reshape(ROWS, WIDTH))
  writer.write_header_to_file()
  writer.write_kv_data_to_file()
  writer.write_tensors_to_file()
  writer.close()


if __name__ == "__main__":
  main(Path(sys.argv[1]))
