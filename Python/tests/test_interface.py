"""The ctypes declarations against heddle.h: a C compiler and the header's own text judge them."""

from __future__ import annotations

import ctypes
import re
import subprocess

import pytest

from heddle import _dlpack_layout, _interface, _structs
from helpers import COMPILER, DLPACK_HEADER, HEADER

pytestmark = pytest.mark.skipif(COMPILER is None, reason="there is no C compiler")


def c_program(headers, structs, numbers):
    """Prints size and offsets of the structs' members, as ctypes calls them, and numbers of C."""
    lines = [f'#include "{header}"' for header in headers]
    lines += ["#include <stdio.h>", "#include <stddef.h>", "int main(void) {"]
    for struct in structs:
        name = struct.__name__
        lines.append(f'printf("{name} %zu\\n", sizeof({name}));')
        for field, *_ in struct._fields_:
            member = f"(({name} *)0)->{field}"
            lines.append(
                f'printf("{name}.{field} %zu %zu\\n", offsetof({name}, {field}), sizeof({member}));'
            )
    lines += [f'printf("{number} %d\\n", (int){number});' for number in numbers]
    return "\n".join([*lines, "return 0; }"])


def ctypes_lines(structs, numbers):
    lines = []
    for struct in structs:
        lines.append(f"{struct.__name__} {ctypes.sizeof(struct)}")
        for field, *_ in struct._fields_:
            place = getattr(struct, field)
            lines.append(f"{struct.__name__}.{field} {place.offset} {place.size}")
    return lines + [f"{name} {value}" for name, value in numbers.items()]


def run_c(text, folder):
    source, program = folder / "layout.c", folder / "layout"
    source.write_text(text)
    subprocess.run([COMPILER, "-std=c11", "-Werror", str(source), "-o", str(program)], check=True)
    answer = subprocess.run([str(program)], check=True, capture_output=True, text=True)
    return answer.stdout.splitlines()


def test_structs_and_numbers_are_those_of_c(tmp_path):
    status = {f"HEDDLE_{name}": value for name, value in _interface.STATUS.items()}
    numbers = {**status, **{f"HEDDLE_{name}": value for name, value in _interface.NUMBERS.items()}}
    numbers["HEDDLE_VERSION_MAJOR"], numbers["HEDDLE_VERSION_MINOR"] = _interface.VERSION
    text = c_program([HEADER], _structs.STRUCTS, numbers)
    assert run_c(text, tmp_path) == ctypes_lines(_structs.STRUCTS, numbers)


def test_dlpack_structs_are_those_of_c(tmp_path):
    numbers = {"DLPACK_CPU": 1, "DLPACK_OPENCL": 4, "DLPACK_BFLOAT": 4, "DLPACK_READ_ONLY": 1}
    assert numbers["DLPACK_OPENCL"] == _dlpack_layout.OPENCL
    text = c_program([DLPACK_HEADER], _dlpack_layout.STRUCTS, numbers)
    assert run_c(text, tmp_path) == ctypes_lines(_dlpack_layout.STRUCTS, numbers)


def header_text():
    return re.sub(r"//[^\n]*", "", HEADER.read_text())


def test_every_number_of_the_header_is_declared():
    known = {f"HEDDLE_{name}" for name in (*_interface.STATUS, *_interface.NUMBERS)}
    found = set(re.findall(r"\b(HEDDLE_[A-Z_]+)\s*=\s*\d+", header_text()))
    assert found == known


def test_every_struct_of_the_header_is_declared():
    bodies = dict(
        re.findall(r"typedef struct (heddle_\w+) \{(.*?)\} \1;", header_text(), re.DOTALL)
    )
    assert set(bodies) == {struct.__name__ for struct in _structs.STRUCTS}
    for struct in _structs.STRUCTS:
        body = re.sub(r"\[\d+\]", "", bodies[struct.__name__])
        members = [
            name.strip().rpartition(" ")[2].lstrip("*")
            for declaration in body.split(";")
            for name in declaration.split(",")
            if name.strip()
        ]
        assert members == [field for field, *_ in struct._fields_]


SCALARS = {
    "int32_t": ctypes.c_int32,
    "heddle_status": ctypes.c_int32,
    "int64_t": ctypes.c_int64,
    "uint64_t": ctypes.c_uint64,
    "heddle_handle": ctypes.c_uint64,
    "heddle_value": ctypes.c_uint64,
    "size_t": ctypes.c_size_t,
    "float": ctypes.c_float,
    **{
        f"heddle_{kind}": ctypes.c_uint64
        for kind in (
            "backend", "constants", "builder", "graph", "executable", "session", "model",
            "model_session",
        )
    },
    "heddle_interrupt_callback": _structs.heddle_interrupt_callback,
    "heddle_release_callback": _structs.heddle_release_callback,
    "heddle_token_callback": _structs.heddle_token_callback,
}  # fmt: skip


def c_type(declaration):
    """The ctypes type of a declaration of the header. Bytes and text go as addresses."""
    declared = re.sub(r"\b(const|struct)\b", "", declaration).split()
    if "*" not in declaration:
        return [SCALARS[declared[0]]]
    base, depth = declared[0].rstrip("*"), declaration.count("*")
    if base in ("char", "void"):
        return [ctypes.c_char_p, ctypes.c_void_p]
    structs = {struct.__name__: struct for struct in _structs.STRUCTS}
    structs["DLManagedTensorVersioned"] = _dlpack_layout.DLManagedTensorVersioned
    pointer = structs.get(base) or SCALARS[base]
    for _ in range(depth):
        pointer = ctypes.POINTER(pointer)
    return [pointer]


def test_every_function_of_the_header_is_declared_with_its_types():
    found = re.findall(
        r"^(heddle_status|const char \*)\s*(heddle_\w+)\(([^;]*?)\);", header_text(), re.MULTILINE
    )
    assert {name for _, name, _ in found} == set(_interface.FUNCTIONS)
    for result, name, parameters in found:
        declared_result, declared = _interface.FUNCTIONS[name]
        assert declared_result in c_type(result), name
        expected = [] if parameters.strip() == "void" else parameters.split(",")
        assert len(declared) == len(expected), name
        for got, parameter in zip(declared, expected):
            assert got in c_type(parameter), (name, parameter)


def test_numbers_of_the_library_have_the_same_names():
    from heddle import _library

    name_of = _library.function("heddle_status_name")
    for name, code in _interface.STATUS.items():
        assert name_of(code) == f"HEDDLE_{name}".encode()
    assert name_of(1234) == b"HEDDLE_UNKNOWN"
