from __future__ import annotations

import pytest

import heddle
from helpers import random


@pytest.fixture(scope="session")
def backend():
    """One backend for all tests of a run: its programs are built once."""
    with heddle.Backend() as made:
        yield made


@pytest.fixture
def builder():
    with heddle.GraphBuilder() as made:
        yield made


@pytest.fixture
def double(backend, builder):
    """y = x + x, x [rows, 4]."""
    x = builder.input("x", "f32", [builder.symbol("rows", 1, 16), 4])
    with backend.compile(builder.build({"y": builder.add(x, x)})).session() as session:
        yield session


@pytest.fixture
def slow(backend, builder):
    """Products one after the other: long enough to be stopped."""
    x = value = builder.input("x", "f32", [512, 512])
    for _ in range(60):
        value = builder.softmax(builder.matmul(value, x))
    session = backend.compile(builder.build({"y": value})).session()
    session.bind_input("x", random(512, 512))
    with session:
        yield session


@pytest.fixture
def sums(backend, builder):
    """total' = total + x, y = total'."""
    x = builder.input("x", "f32", [builder.symbol("n", 1, 8)])
    state = builder.state("total", "f32", [builder.symbol("width", 1, 8)])
    total = builder.add(state, builder.slice(x, 0, 0, 1))
    builder.update("total", total)
    with backend.compile(builder.build({"y": total})).session(width=4) as session:
        yield session
