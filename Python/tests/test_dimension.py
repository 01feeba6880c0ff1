"""Dimensions: the grammar of graphs' JSON, canonical form and values."""

from __future__ import annotations

import random

import pytest

from heddle import Dimension, InvalidGraph

PAST, TOKENS = Dimension.symbol("past"), Dimension.symbol("tokens")


@pytest.mark.parametrize(
    ("dimension", "text"),
    [
        (PAST + TOKENS, "past + tokens"),
        (TOKENS + PAST, "past + tokens"),
        (TOKENS - 1, "tokens - 1"),
        (1 - TOKENS, "-tokens + 1"),
        (2 * TOKENS + PAST * TOKENS, "past*tokens + 2*tokens"),
        ((PAST + TOKENS).ceil_divide(64) * 64, "64*ceil((past + tokens)/64)"),
        ((4 * TOKENS).ceil_divide(2), "2*tokens"),
        ((3 * TOKENS).ceil_divide(2), "ceil(3*tokens/2)"),
        (TOKENS - TOKENS, "0"),
        (Dimension(-7).ceil_divide(2), "-3"),
    ],
)
def test_text(dimension, text):
    assert str(dimension) == text
    assert Dimension(text) == dimension
    assert hash(Dimension(text)) == hash(dimension)


def test_json_is_a_number_or_an_expression():
    assert (TOKENS - TOKENS + 3).json() == 3
    assert (TOKENS * 2).json() == "2*tokens"


def test_values_are_those_of_the_arithmetic():
    numbers = random.Random(1)
    for _ in range(300):
        bindings = {"past": numbers.randrange(-20, 50), "tokens": numbers.randrange(-20, 50)}
        dimension, value = Dimension(numbers.randrange(-5, 6)), None
        value = dimension.constant
        for _ in range(5):
            name, number = numbers.choice(["past", "tokens"]), numbers.randrange(1, 9)
            which = numbers.randrange(4)
            if which == 0:
                dimension, value = dimension + Dimension(name), value + bindings[name]
            elif which == 1:
                dimension, value = dimension - number, value - number
            elif which == 2:
                dimension, value = dimension * Dimension(name), value * bindings[name]
            else:
                dimension, value = dimension.ceil_divide(number), -(-value // number)
        assert dimension.value(bindings) == value
        assert Dimension(str(dimension)) == dimension


def test_a_symbol_without_value():
    with pytest.raises(KeyError):
        (PAST + TOKENS).value({"past": 1})


def test_numbers_have_64_bits():
    big = 2**63 - 1
    assert Dimension(big).constant == big and Dimension(big).json() == big
    for overflowing in (lambda: Dimension(big) + 1, lambda: TOKENS * big * 2, lambda: Dimension(2**63)):
        with pytest.raises(InvalidGraph, match="64 bits"):
            overflowing()
    with pytest.raises(InvalidGraph, match="64 bits"):
        (TOKENS * big).value({"tokens": 2})
    assert (Dimension(1) == 2**70) is False


def test_symbols_are_named():
    dimension = (PAST * 2 + Dimension("ceil(b.c/4)")).ceil_divide(3)
    assert dimension.symbols == {"past", "b.c"} and Dimension(7).symbols == set()
    assert Dimension("ceil").symbols == {"ceil"}
    for name in ("a b", "", "3x", "a+b", "é", "(a)"):
        with pytest.raises(InvalidGraph):
            Dimension.symbol(name)


@pytest.mark.parametrize(
    "text",
    ["", "tokens +", "tokens tokens", "2.5", "ceil(tokens)", "ceil(a + b/2)", "ceil(a/0)", "(a",
     "a)", "é", "a/2", "1e3", "ceil(a/b)", "-", "(" * 100 + "a" + ")" * 100, "a" * 5000, "٣"],
)  # fmt: skip
def test_text_that_is_none(text):
    with pytest.raises(InvalidGraph):
        Dimension(text)


def test_other_types():
    with pytest.raises(TypeError):
        Dimension(1.5)  # type: ignore[arg-type]
    assert (Dimension(1) == "1") is False
