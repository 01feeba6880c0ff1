from __future__ import annotations

import pytest

import heddle


@pytest.fixture(scope="session")
def backend():
    """One backend for all tests of a run: its programs are built once."""
    with heddle.Backend() as made:
        yield made


@pytest.fixture
def builder():
    with heddle.GraphBuilder() as made:
        yield made
