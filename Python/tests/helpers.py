"""What several tests use."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy
import pytest

from heddle import live

REPOSITORY = Path(__file__).resolve().parents[2]
HEADER = Path(os.environ.get("HEDDLE_HEADER", REPOSITORY / "Sources/CHeddle/heddle.h"))
DLPACK_HEADER = REPOSITORY / "Sources/CDLPack/dlpack.h"
COMPILER = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)


def random(*shape: int, seed: int = 1) -> numpy.ndarray:
    """Values of a normal distribution, f32."""
    return numpy.random.default_rng(seed).standard_normal(shape, dtype=numpy.float32)


def sum_bound(x: numpy.ndarray, w: numpy.ndarray) -> numpy.ndarray:
    """What a float32 sum of K products may be off: 2(K + 2) · 2⁻²⁴ · Σ|x·w|."""
    magnitude = numpy.abs(x.astype(numpy.float64)) @ numpy.abs(w.astype(numpy.float64)).T
    return 2 * (x.shape[-1] + 2) * 2.0**-24 * magnitude + 1e-30


def run_python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a program in an interpreter of its own, on the package that is tested."""
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, **environment},
        # `python -c` looks for packages in its folder first.
        cwd=Path(__file__).parent,
        check=False,
    )


def demo_model() -> Path:
    """The model that `.ci/model` fetches. Without it a test is skipped, and the summary says so."""
    named = os.environ.get("HEDDLE_DEMO_MODEL")
    found = [Path(named)] if named else sorted(REPOSITORY.glob(".cache/heddle/models/*.gguf"))
    if not found or not found[0].exists():
        pytest.skip("the demo model is not there: .ci/model fetches it")
    return found[0]


def collected() -> dict[str, int]:
    """What is alive once Python's garbage is gone."""
    gc.collect()
    return live()
