"""Makes tensors, and lists how far from them what other quantizers make of them is.

    pip install numpy gguf libggml-python        (the last holds libggml-base, here 0.20.2)
    python3 make_quantization_errors.py          writes quantization-errors.gguf beside this file

Metadata are root mean squares: `gguf.TYPE.TENSOR` of the gguf package's quantizer (not for all types), `ggml.TYPE.TENSOR`
of ggml's, and `weighted.TYPE.TENSOR` of ggml's with the tensor `importance` [512], weighted by it.
"""

import ctypes
from pathlib import Path

import gguf
import libggml
import numpy as np

ROWS, WIDTH = 8, 512
TYPES = ["Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "IQ4_NL", "IQ4_XS", "MXFP4"]


def main():
  random = np.random.default_rng(13)
  columns = random.lognormal(0, 0.7, WIDTH)
  matrix = random.normal(0, 0.02, (ROWS, WIDTH)) * columns
  matrix[:, ::97] *= 6
  tensors = {
    "gaussian": random.normal(0, 0.02, (ROWS, WIDTH)),
    "heavy": random.standard_t(3, (ROWS, WIDTH)) * 0.02,
    "positive": np.abs(random.normal(0, 1, (ROWS, WIDTH))),
    "columns": matrix,
  }
  importance = random.lognormal(0, 1.5, WIDTH).astype(np.float32)
  library = next(Path(libggml.__file__).parent.rglob("libggml-base.so.0"))
  ggml = ctypes.CDLL(str(library))
  ggml.ggml_quantize_chunk.restype = ctypes.c_size_t
  ggml.ggml_quantize_chunk.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p] + 3 * [ctypes.c_int64] + [
    ctypes.c_void_p
  ]
  writer = gguf.GGUFWriter(Path(__file__).with_name("quantization-errors.gguf"), "reference")
  for name, values in tensors.items():
    stored = values.astype(np.float16)
    writer.add_tensor(name, stored)
    values = np.ascontiguousarray(stored.astype(np.float32))
    for type_name in TYPES:
      type = gguf.GGMLQuantizationType[type_name]
      block, size = gguf.GGML_QUANT_SIZES[type]

      def error(blocks, weights=1.0):
        decoded = gguf.dequantize(blocks.reshape(ROWS, -1), type)
        squares = (decoded.astype(np.float64) - values) ** 2
        return float(np.sqrt(np.mean(squares * weights)))

      def quantized(weights):
        blocks = np.zeros(ROWS * WIDTH // block * size, np.uint8)
        ggml.ggml_quantize_chunk(type, values.ctypes.data, blocks.ctypes.data, 0, ROWS, WIDTH, weights)
        return blocks

      try:
        writer.add_float32(f"gguf.{type_name}.{name}", error(gguf.quantize(values, type)))
      except NotImplementedError:
        pass
      writer.add_float32(f"ggml.{type_name}.{name}", error(quantized(None)))
      writer.add_float32(f"weighted.{type_name}.{name}", error(quantized(importance.ctypes.data), importance))
  writer.add_tensor("importance", importance)
  writer.write_header_to_file()
  writer.write_kv_data_to_file()
  writer.write_tensors_to_file()
  writer.close()


if __name__ == "__main__":
  main()
