"""Compares what `heddle` says of GGUF files with the Python package `gguf`.

    real_file.py HEDDLE FOLDER FILE...

Of `heddle inspect --json`: version, alignment, every metadata key with its value (of long arrays their length and first
elements), every tensor with its shape, type and bytes. Of `heddle tensor`: every value of every tensor, as bits; tensors
of types that one of the two cannot decode are listed and fail. FOLDER holds one tensor at a time.
"""
import collections
import json
import math
import os
import subprocess
import sys
import time

import gguf
import numpy

# Values of a tensor that are decoded at a time by `gguf`, which takes many times their bytes.
PART = 1 << 22


def said(field):
    """A metadata entry as `heddle inspect` prints it."""
    value = field.contents()
    if isinstance(value, list) and len(value) > 16:
        return {"count": len(value), "first": value[:16]}
    return value


def same(one, other):
    """Equal values; floats to the digits that JSON has."""
    if isinstance(one, float) and isinstance(other, (int, float)):
        return one == other or numpy.float32(one) == numpy.float32(other) or (math.isnan(one) and math.isnan(other))
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return type(one) is type(other) and one == other


def differences(listed, reader):
    """What `inspect` says otherwise, a line each."""
    fields = {name: field for name, field in reader.fields.items() if not name.startswith("GGUF.")}
    metadata = listed["metadata"]
    if listed["version"] != reader.fields["GGUF.version"].contents():
        yield f"version {listed['version']}"
    if listed["alignment"] != reader.alignment:
        yield f"alignment {listed['alignment']}, expected {reader.alignment}"
    for name in sorted(fields.keys() ^ metadata.keys()):
        yield f"only one of the two has {name}"
    for name in fields.keys() & metadata.keys():
        if not same(said(fields[name]), metadata[name]):
            yield f"{name} is {metadata[name]}, expected {said(fields[name])}"
    expected = [
        (tensor.name, [int(extent) for extent in reversed(tensor.shape)], tensor.tensor_type.name, int(tensor.n_bytes))
        for tensor in reader.tensors
    ]
    got = [(tensor["name"], tensor["shape"], tensor["type"], tensor["byte_count"]) for tensor in listed["tensors"]]
    if len(expected) != len(got):
        yield f"{len(got)} tensors, expected {len(expected)}"
    for one, other in zip(expected, got):
        if one != other:
            yield f"{other}, expected {one}"


def first_difference(tensor, values):
    """Where the values are not those of `gguf`, in words; None if they are."""
    rows = tensor.data.reshape(-1, tensor.data.shape[-1])
    width = int(tensor.shape[0])
    if values.size != rows.shape[0] * width:
        return f"{values.size} values, expected {rows.shape[0] * width}"
    values = values.reshape(-1, width)
    step = max(1, PART // width)
    for first in range(0, rows.shape[0], step):
        expected = gguf.quants.dequantize(rows[first : first + step], tensor.tensor_type).view(numpy.uint32)
        differing = numpy.argwhere(expected.reshape(-1, width) != values[first : first + step])
        if len(differing):
            row, column = differing[0]
            got, wanted = (
                numpy.uint32(bits).view(numpy.float32)
                for bits in (values[first + row, column], expected.reshape(-1, width)[row, column])
            )
            return f"row {first + row}, column {column} is {got}, expected {wanted}; {len(differing)} differ there"
    return None


def judge(heddle, folder, path):
    """Prints what differs and a line for each type; whether nothing does."""
    name = os.path.basename(path)
    reader = gguf.GGUFReader(path)
    listing = subprocess.run([heddle, "inspect", "--json", path], stdout=subprocess.PIPE, check=True).stdout
    failures = list(differences(json.loads(listing), reader))
    metadata = len(reader.fields) - 3
    print(f"{name}: {metadata} entries of metadata, {len(reader.tensors)} tensors listed", flush=True)
    counts = collections.Counter()
    values = collections.Counter()
    output = os.path.join(folder, "values")
    said_at = time.monotonic()
    for done, tensor in enumerate(reader.tensors):
        kind = tensor.tensor_type.name
        run = subprocess.run(
            [heddle, "tensor", path, tensor.name, "--output", output], stderr=subprocess.PIPE, text=True)
        if run.returncode != 0:
            failures.append(f"{tensor.name} ({kind}): {run.stderr.strip()}")
            continue
        difference = first_difference(tensor, numpy.fromfile(output, dtype=numpy.uint32))
        if difference:
            failures.append(f"{tensor.name} ({kind}): {difference}")
        else:
            counts[kind] += 1
            values[kind] += int(tensor.n_elements)
        if time.monotonic() - said_at > 10:
            said_at = time.monotonic()
            print(f"real-file: {done + 1} of {len(reader.tensors)} tensors", file=sys.stderr, flush=True)
    for kind in sorted(counts):
        print(f"{name}: {counts[kind]} tensors of {kind} are equal, {values[kind]} values")
    for failure in failures:
        print(f"{name}: {failure}")
    if sum(counts.values()) == 0:
        print(f"{name}: no tensor was compared")
    return not failures and sum(counts.values()) == len(reader.tensors)


def main():
    heddle, folder, *paths = sys.argv[1:]
    results = [judge(heddle, folder, path) for path in paths]
    sys.exit(0 if results and all(results) else 1)


main()
