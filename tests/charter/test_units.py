"""Numbers as people write them are read exactly, or refused with the way to write them."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buckstop.charter.units import Unit, UnitError, parse_objective


@pytest.mark.parametrize(
    ("text", "unit", "operator", "value", "upper"),
    [
        (">= 0.85", "ratio", ">=", "0.85", None),
        (">=0.85", "ratio", ">=", "0.85", None),
        ("<= 500ms", "seconds", "<=", "0.5", None),
        ("< 1.5 s", "seconds", "<", "1.5", None),
        ("<= 250us", "seconds", "<=", "0.00025", None),
        ("99.9%", "ratio", None, "0.999", None),
        (">= 99.95 %", "ratio", ">=", "0.9995", None),
        ("0.999", "ratio", None, "0.999", None),
        ("in 0.2..0.6", "any", "in", "0.2", "0.6"),
        ("in 20% .. 60%", "any", "in", "0.2", "0.6"),
        ("in -1..1", "any", "in", "-1", "1"),
        ("<= 1e-3", "number", "<=", "0.001", None),
    ],
)
def test_objective_is_read_exactly(
    text: str, unit: Unit, operator: str | None, value: str, upper: str | None
) -> None:
    """What is written is the number that is compared, in base units."""
    objective = parse_objective(text, unit)
    assert objective.operator == operator
    assert objective.value == Decimal(value)
    assert objective.upper == (None if upper is None else Decimal(upper))
    assert not objective.relative


@pytest.mark.parametrize(
    ("text", "factor"),
    [("<= 1.2 * baseline", "1.2"), ("<= baseline", "1"), ("<= baseline * 1.2", "1.2")],
)
def test_relative_objective_multiplies_the_baseline(text: str, factor: str) -> None:
    """``<= 1.2 * baseline`` with a baseline of 0.1 is 0.12, not 0.12000000000000001."""
    objective = parse_objective(text, "number")
    assert objective.relative
    assert objective.value == Decimal(factor)
    assert objective.settle("<=", Decimal("0.1")).value == float(Decimal(factor) * Decimal("0.1"))


@pytest.mark.parametrize(
    ("text", "unit", "said"),
    [
        ("<= 500", "seconds", "has no unit"),
        ("<= 500mss", "seconds", "`mss` is no unit"),
        ("<= 50%", "seconds", "`%` is no unit"),
        ("<= 5ms", "ratio", "`ms` is no unit"),
        ("<= 20%", "number", "`%` is no unit"),
        (">= nought", "ratio", "is not an objective"),
        ("=> 0.85", "ratio", "is not an objective"),
        ("", "ratio", "is not an objective"),
        ("in 0.6..0.2", "any", "is empty"),
        ("in 0.6", "any", "is not an objective"),
        (">= 0.85 0.9", "ratio", "is not an objective"),
        (">= 1_000", "number", "is not an objective"),
        (">= NaN", "number", "is not an objective"),
        (">= ٣", "number", "is not an objective"),
        (">= 1e400", "number", "beyond all that is measured"),
        (">= 1e" + "9" * 100, "number", "beyond all that is measured"),
        ("<= 1e400 * baseline", "number", "beyond all that is measured"),
        ("in 0..1e101", "number", "beyond all that is measured"),
    ],
)
def test_unreadable_objective_says_why(text: str, unit: Unit, said: str) -> None:
    """A slip in a number is told, never read as another number."""
    with pytest.raises(UnitError, match=said) as raised:
        parse_objective(text, unit)
    assert raised.value.hint


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("99,9%", "numbers have a decimal point: `99.9%`"),
        ("<= 0,5 * baseline", "numbers have a decimal point: `0.5 * baseline`"),
        (
            "<= 1,500ms",
            "numbers have a decimal point: `1.500ms`; thousands are not separated: `1500ms`",
        ),
    ],
)
def test_a_decimal_comma_is_named(text: str, hint: str) -> None:
    """The hint shows the number as it is written here; a thousand's comma is not guessed away."""
    with pytest.raises(UnitError) as raised:
        parse_objective(text, "any")
    assert raised.value.hint == hint


@given(st.decimals(min_value=0, max_value=10**6, allow_nan=False, places=4))
def test_milliseconds_and_seconds_agree(number: Decimal) -> None:
    """The same time written in two units is the same float."""
    in_ms = parse_objective(f"<= {number * 1000:f}ms", "seconds").settle("<=", None)
    in_s = parse_objective(f"<= {number:f}s", "seconds").settle("<=", None)
    assert in_ms.value == in_s.value


@given(st.text(max_size=30), st.sampled_from(["seconds", "ratio", "number", "any"]))
def test_any_text_is_read_or_refused(text: str, unit: Unit) -> None:
    """No text makes the reader fail in any other way than by saying so."""
    with suppress(UnitError):
        parse_objective(text, unit)
