"""Small sound model files to begin fuzzing with: make_seeds.py FOLDER writes FOLDER/gguf, FOLDER/safetensors, FOLDER/index."""
import json
import os
import struct
import sys

# Formats of values by their numbers in GGUF: for struct.pack, with an example.
SCALARS = {0: ("<B", 1), 1: ("<b", -1), 2: ("<H", 2), 3: ("<h", -2), 4: ("<I", 3), 5: ("<i", -3), 6: ("<f", 0.5),
           7: ("<B", 1), 10: ("<Q", 4), 11: ("<q", -4), 12: ("<d", 0.25)}
STRING, ARRAY = 8, 9
# Tensor types: values and bytes of a block (ggml-common.h).
TENSORS = {0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 9: (32, 36),
           10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292), 16: (256, 66),
           17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18), 21: (256, 110), 22: (256, 82), 23: (256, 136),
           24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8), 28: (1, 8), 29: (256, 56), 30: (1, 2), 34: (256, 54),
           35: (256, 66), 39: (32, 17)}
DTYPES = {"BOOL": 8, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8, "I16": 16, "U16": 16, "F16": 16,
          "BF16": 16, "I32": 32, "U32": 32, "F32": 32, "C64": 64, "F64": 64, "I64": 64, "U64": 64, "F4": 4}


def text(value):
    return struct.pack("<Q", len(value.encode())) + value.encode()


def scalar(kind):
    return text("text") if kind == STRING else struct.pack(*SCALARS[kind])


def entry(key, kind, value):
    return text(key) + struct.pack("<I", kind) + value


def gguf(entries=(), tensors=(), data=b"", version=3, alignment=32):
    head = b"GGUF" + struct.pack("<IQQ", version, len(tensors), len(entries)) + b"".join(entries) + b"".join(tensors)
    return head + (b"\0" * (-len(head) % alignment) + data if data else b"")


def tensor(name, extents, kind, offset):
    return text(name) + struct.pack(f"<I{len(extents)}QIQ", len(extents), *extents, kind, offset)


def gguf_files():
    yield gguf(version=2)
    for kind in [*SCALARS, STRING]:
        yield gguf([entry("k", kind, scalar(kind)), entry("l", ARRAY, struct.pack("<IQ", kind, 2) + 2 * scalar(kind))])
    for kind, (values, size) in TENSORS.items():
        yield gguf(tensors=[tensor("x", [values, 1], kind, 0)], data=bytes(size))
    whole = [entry("general.architecture", STRING, text("llama")), entry("general.alignment", 4, struct.pack("<I", 64))]
    split = [entry("split.no", 2, struct.pack("<H", 1)), entry("split.count", 2, struct.pack("<H", 2))]
    yield gguf(whole + split, [tensor("a", [32], 2, 0), tensor("b", [2, 3, 1, 1], 0, 64), tensor("c", [0], 0, 0),
                               tensor("d", [], 0, 128)], bytes(192), alignment=64)


def safetensors(header, data=b""):
    head = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    return struct.pack("<Q", len(head)) + head + data


def safetensors_files():
    for name, bits in DTYPES.items():
        yield safetensors({"x": {"dtype": name, "shape": [2, 4], "data_offsets": [0, bits]}}, bytes(bits))
    yield safetensors({"__metadata__": {"format": "pt", "é": "\n\u0001😀"}, "e": {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]},
                       "s": {"dtype": "I8", "shape": [], "data_offsets": [0, 1]}}, b"\x01")
    values = {"a": {"uint8": 1}, "b": {"int64": -1}, "c": {"float32": "7fc00001"}, "d": {"float64": "0123456789abcdef"},
              "e": {"bool": True}, "f": {"string": "é"}, "g": {"array of int32": [1, -2]}, "h": {"array of bool": [False]},
              "i": {"array of string": ["a", ""]}, "j": {"array of float32": ["00000000"]}}
    for name, shape, size in [("q4_0", [2, 32], 36), ("q6_k", [1, 256], 210), ("2:4-int4", [4, 32], 56)]:
        encodings = {"w": {"encoding": name, "shape": shape}}
        yield safetensors({"__metadata__": {"heddle.version": "1", "heddle.encodings": json.dumps(encodings),
                                            "heddle.metadata": json.dumps(values)},
                           "n": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]},
                           "w": {"dtype": "U8", "shape": [size], "data_offsets": [8, 8 + size]}}, bytes(8 + size))


def index_files():
    places = {f"layers.{i}": f"model-{i % 2}.safetensors" for i in range(4)}
    yield {"metadata": {"total_size": 30}, "weight_map": places}
    yield {"metadata": {"a": "text", "b": -1.5e-3, "c": True, "d": None, "e": 1 << 70, "é": "\n"}, "weight_map": {}}
    yield {"metadata": None, "weight_map": {"w": "../w.safetensors"}}


def main(folder):
    indexes = (json.dumps(index, ensure_ascii=escaped, indent=indent).encode()
               for index in index_files() for escaped, indent in [(True, None), (False, 1)])
    for name, files in [("gguf", gguf_files()), ("safetensors", safetensors_files()), ("index", indexes)]:
        os.makedirs(f"{folder}/{name}", exist_ok=True)
        for number, content in enumerate(files):
            with open(f"{folder}/{name}/seed-{number:02}", "wb") as file:
                file.write(content)


main(*sys.argv[1:])
