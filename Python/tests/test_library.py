"""Finding and refusing libraries, and what importing does."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from helpers import COMPILER, run_python

USE = "import heddle\ntry:\n  heddle.live()\nexcept heddle.LibraryError as error:\n  print(error)"


def test_importing_loads_nothing():
    answer = run_python(
        "import sys, os, signal\n"
        "before = dict(os.environ), [signal.getsignal(s) for s in range(1, 32)]\n"
        "import heddle\n"
        "maps = open('/proc/self/maps').read()\n"
        "assert 'libheddle' not in maps and 'libOpenCL' not in maps\n"
        "assert before == (dict(os.environ), [signal.getsignal(s) for s in range(1, 32)])\n",
        HEDDLE_LIBRARY="/nowhere/libheddle.so",
    )
    assert answer.returncode == 0, answer.stderr


def test_a_missing_library_is_an_error_that_says_where_it_was_looked_for():
    answer = run_python(USE, HEDDLE_LIBRARY="/nowhere/libheddle.so")
    assert answer.returncode == 0, answer.stderr
    assert "make install" in answer.stdout
    assert "HEDDLE_LIBRARY: /nowhere/libheddle.so" in answer.stdout
    assert issubclass(__import__("heddle").LibraryError, ImportError)


def test_the_places_looked_at_by_default(tmp_path):
    answer = run_python(
        "from heddle import _library\nprint(*[p for p, _ in _library._candidates()], sep=', ')",
        HEDDLE_LIBRARY="",
    )
    places = answer.stdout.strip().split(", ")
    assert list(dict.fromkeys(places)) == [
        "beside the package",
        "the loader's paths",
        "pkg-config heddle",
    ]


@pytest.mark.skipif(COMPILER is None, reason="there is no C compiler")
@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('const char *heddle_version(void) { return "0.2.0"; }', "is Heddle 0.2.0"),
        ('const char *heddle_version(void) { return "1.1.0"; }', "is Heddle 1.1.0"),
        ("int nothing(void) { return 0; }", "is no libheddle"),
        ('const char *heddle_version(void) { return "0.1.9"; }', "has no function heddle_live"),
    ],
)
def test_another_library_is_refused(tmp_path, source, expected):
    file, library = tmp_path / "other.c", tmp_path / "libheddle.so"
    file.write_text(source)
    subprocess.run([COMPILER, "-shared", "-fPIC", str(file), "-o", str(library)], check=True)
    prefix = tmp_path / "prefix"
    (prefix / "lib").mkdir(parents=True)
    shutil.copy(library, prefix / "lib")
    for named in (library, tmp_path, prefix):
        answer = run_python(USE, HEDDLE_LIBRARY=str(named))
        assert expected in answer.stdout, answer.stdout + answer.stderr


def test_a_folder_without_a_library_says_where_it_was_looked_for(tmp_path):
    answer = run_python(USE, HEDDLE_LIBRARY=str(tmp_path))
    for folder in (tmp_path, tmp_path / "lib"):
        assert f"HEDDLE_LIBRARY: {folder}/libheddle." in answer.stdout


def test_a_file_that_is_no_library(tmp_path):
    library = tmp_path / "libheddle.so"
    library.write_text("no ELF")
    answer = run_python(USE, HEDDLE_LIBRARY=str(library))
    assert str(library) in answer.stdout and "make install" in answer.stdout
