"""A model of experts within a budget of memory: the same bits, and how often experts were there."""

from __future__ import annotations

import numpy
import pytest

from heddle import InvalidArgument, Model
from helpers import REPOSITORY

MODEL = REPOSITORY / "Tests/ModelTests/Resources/experts/deepseek.gguf"
BUDGET = 1_000_000
PROMPT = "The history of the city and of its people"


@pytest.fixture(scope="module")
def whole(backend):
    with Model(MODEL, backend) as made:
        yield made


@pytest.fixture(scope="module")
def limited(backend):
    with Model(MODEL, backend, expert_memory=BUDGET) as made:
        yield made


def logits(model, session):
    """Those of a prompt, and of the most probable tokens after it, one step behind the other."""
    rows = [session.extend(model.tokenize(PROMPT))]
    for _ in range(23):
        rows.append(session.extend([int(rows[-1].argmax())]))
    return numpy.stack(rows)


def test_a_budget_changes_no_bit(whole, limited):
    with whole.session(64) as session:
        expected = logits(whole, session)
        assert session.experts is None
    with limited.session(64) as session:
        assert session.experts["hits"] == session.experts["misses"] == 0
        assert (logits(limited, session).view(numpy.uint32) == expected.view(numpy.uint32)).all()
        counts = session.experts
    assert counts.keys() == {"hits", "misses", "fetchedByteCount", "residentByteCount"}
    assert counts["hits"] > 0 and counts["misses"] > 0 and counts["fetchedByteCount"] > 0
    assert 0 < counts["residentByteCount"] <= BUDGET


def test_texts_are_the_same_and_count(whole, limited):
    options = {"max_tokens": 24, "temperature": 1.0, "seed": 7}
    with limited.session(64) as session:
        text = limited.complete(PROMPT, session=session, **options)
        first = session.experts
        assert first["hits"] + first["misses"] > 0
        assert text == whole.complete(PROMPT, **options) == limited.complete(PROMPT, **options)
        # Other sequences count for themselves.
        assert session.experts == first
        session.extend([1])
        assert session.experts["hits"] + session.experts["misses"] > first["hits"] + first["misses"]


def test_room_for_all_is_no_budget(backend):
    with Model(MODEL, backend, expert_memory=2**40) as model, model.session(16) as session:
        assert session.experts is None


@pytest.mark.parametrize("budget", [0, -1, 2**63])
def test_budgets_that_cannot_be(backend, budget):
    with pytest.raises(InvalidArgument):
        Model(MODEL, backend, expert_memory=budget)


def test_too_little_says_the_least(backend):
    with pytest.raises(InvalidArgument, match=r"need [1-9]\d{4,}"):
        Model(MODEL, backend, expert_memory=1)
    with pytest.raises(TypeError):
        Model(MODEL, backend, expert_memory="1MB")
