"""Examples/python: what they print, judged by float64 and by the same program in C."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy
import pytest
from test_operations import attention, wide

from heddle import _library
from helpers import COMPILER, HEADER, REPOSITORY, run_python

EXAMPLE = REPOSITORY / "Examples/python/attention.py"


@pytest.fixture(scope="module")
def printed():
    answer = subprocess.run(
        [sys.executable, str(EXAMPLE)], capture_output=True, text=True, timeout=300, check=True
    )
    assert answer.stderr == ""
    return answer.stdout


def test_attention_is_right(printed):
    sys.path.insert(0, str(EXAMPLE.parent))
    import attention as example

    source = example.numbers()
    blocks = numpy.frombuffer(example.weight(source), numpy.uint8).reshape(-1, 18)
    scales = wide(blocks[:, :2].copy().view(numpy.float16))
    levels = numpy.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(float) - 8
    w = (scales * levels).reshape(192, 64)
    x = numpy.array([(next(source) - 128) / 64 for _ in range(320)]).reshape(5, 64)
    q, k, v = ((x @ w.T)[:, 64 * third :][:, :64].reshape(5, 4, 16) for third in range(3))
    lines = printed.splitlines()
    assert len(lines) == 21 and lines[-1].startswith("checksum ")
    bits = numpy.array(
        [[int(word, 16) for word in line.split()] for line in lines[:-1]], numpy.uint32
    )
    got = bits.view(numpy.float32).reshape(5, 4, 16)
    assert abs(got - attention(q, k, v, 0, 0.25)).max() <= 1e-4 * abs(v).max()


def test_attention_prints_what_it_prints_in_c(printed, tmp_path):
    source = REPOSITORY / "Examples/c/attention.c"
    if COMPILER is None or not source.exists():
        pytest.skip("Examples/c or a C compiler is not there")
    library = Path(_library.library()._name).resolve()
    program = tmp_path / "attention"
    subprocess.run(
        [COMPILER, "-std=c11", f"-I{HEADER.parent}", str(source), str(library), "-o", str(program)],
        check=True,
    )
    answer = subprocess.run(
        [str(program)], capture_output=True, text=True, check=True, timeout=300,
        env={**os.environ, "LD_LIBRARY_PATH": str(library.parent)},
    )  # fmt: skip
    assert answer.stdout == printed


def test_the_readme_s_program_prints_what_it_says():
    text = (REPOSITORY / "Python/README.md").read_text()
    program = text.split("```python\n")[1].split("```")[0]
    expected = program.split("# prints: ")[1]
    answer = run_python(program)
    assert answer.stdout == expected


def test_the_readme_s_pruned_weight(tmp_path):
    text = (REPOSITORY / "Python/README.md").read_text()
    section = text.split("## Sparse and quantized weights")[1]
    program = section.split("```python\n")[1].split("```")[0]
    start = f"import os\nimport heddle\nimport numpy\nos.chdir({str(tmp_path)!r})\n"
    check = """
blocks = w.reshape(-1, 4)
order = numpy.argsort(-numpy.abs(blocks), axis=1, kind="stable")
masked = blocks.copy()
numpy.put_along_axis(masked, order[:, 2:], 0, axis=1)
expected = numpy.ones((3, 64)) @ masked.reshape(w.shape).astype(float).T
print(numpy.abs(y - expected).max() < 1e-4)
"""
    answer = run_python(start + program + check)
    assert answer.stdout == "True\n", answer.stderr
