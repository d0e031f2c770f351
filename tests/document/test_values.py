"""A scalar is read as go-yaml reads it for the servers, or the finding says what it is instead."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buckstop.diagnostics import Diagnostic
from buckstop.document import (
    Node,
    as_bool,
    as_float,
    as_int,
    as_text,
    locate,
    parse_one,
    to_plain,
)
from buckstop.document.values import number_of


def read(text: str) -> Node:
    root, _ = parse_one(text, "f")
    assert root is not None
    return root


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("yes", True),
        ("On", True),
        ("y", True),
        ("no", False),
        ("OFF", False),
        ("n", False),
        ("False", False),
        ("~", False),
    ],
)
def test_booleans_of_yaml_1_1_count(text: str, value: bool) -> None:  # noqa: FBT001
    """``continue: yes`` is true for the servers, so it is true here; null is false."""
    assert as_bool(read(text)) is value


@pytest.mark.parametrize("text", ["'true'", '"no"', "1", "tRUE", "maybe", "[true]", "{a: 1}"])
def test_what_go_refuses_as_boolean_is_a_finding(text: str) -> None:
    """A quoted ``'true'`` is text: the servers refuse the file."""
    found = as_bool(read(text))
    assert isinstance(found, Diagnostic)
    assert found.code.name == "type-wrong"
    assert "true or false" in found.message


def test_quoted_boolean_gets_the_mend_that_fits() -> None:
    """Who writes ``'true'`` is told to take the quotes away."""
    found = as_bool(read("'true'"))
    assert isinstance(found, Diagnostic)
    assert found.hint == "take the quotes away"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("-3", -3),
        ("0755", 493),
        ("0o17", 15),
        ("0x1F", 31),
        ("0b11", 3),
        ("1_000", 1000),
        ("1e3", 1000),
        ("2.0", 2),
    ],
)
def test_whole_numbers_are_gos(text: str, value: int) -> None:
    """``0755`` is octal for go-yaml, and ``1e3`` a whole number."""
    assert as_int(read(text)) == value


@pytest.mark.parametrize(
    "text",
    [
        "1.5",
        "'5'",
        "5m",
        "",
        "ten",
        "[1]",
        ".inf",
        ".nan",
        "9" * 400,
        "1e400",
        ".5_e1",
        ".5_",
        "_1",
    ],
)
def test_what_is_no_whole_number_is_a_finding(text: str) -> None:
    """A duration or a quoted number where a number is expected is named."""
    found = as_int(read(text or "''"))
    assert isinstance(found, Diagnostic)
    assert "a whole number" in found.message
    assert len(found.message) < 120


def test_numbers_are_read_with_fractions() -> None:
    """Fractions, exponents and infinity are numbers; NaN too."""
    assert as_float(read("0.5")) == 0.5
    assert [as_float(read(text)) for text in (".5_0", "1._5", "1.5_")] == [0.5, 1.5, 1.5]
    assert as_float(read("3")) == 3.0
    assert as_float(read("-.inf")) == -math.inf
    nan = as_float(read(".nan"))
    assert isinstance(nan, float)
    assert math.isnan(nan)
    assert isinstance(as_float(read("0x" + "f" * 290)), Diagnostic)


@given(st.text("0123456789_xobeE.+-afinN", max_size=12))
def test_number_like_text_never_raises(text: str) -> None:
    """Whatever looks like a number is one, or is none."""
    assert isinstance(number_of(text), int | float | None)


def test_text_is_what_the_user_wrote() -> None:
    """A label value ``0755`` or ``yes`` is that text; null is empty text; a list is a finding."""
    assert [as_text(read(text)) for text in ("0755", "yes", "1.0", "~", "'x'")] == [
        "0755",
        "yes",
        "1.0",
        "",
        "x",
    ]
    found = as_text(read("[a]"), "a team")
    assert isinstance(found, Diagnostic)
    assert found.message == "expected a team, found a list"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{a: 1, b: 1.5, c: true, d: ~, e: '1', f: !!str 1}", None),
        ("yes", "yes"),
        ("0755", "0755"),
        ("1e3", 1000.0),
        ("2027-01-01", "2027-01-01"),
        ("12:30", "12:30"),
        ("9" * 5000, "9" * 5000),
        ("1e99999", math.inf),
        ("1e999999", "1e999999"),
        ("-.inf", -math.inf),
    ],
)
def test_plain_data_is_typed_as_yaml_1_2(text: str, value: object) -> None:
    """For validators: ``yes`` and dates stay text, a number of 5,000 digits is no number."""
    plain = to_plain(read(text))
    if value is None:
        assert plain == {"a": 1, "b": 1.5, "c": True, "d": None, "e": "1", "f": "1"}
    else:
        assert plain == value
        assert type(plain) is type(value)


CHARTER = "teams:\n  infra:\n    name: Infra\n    notify: [a, {b: c}]\nmodels: {m: {use: t}}\n"


@pytest.mark.parametrize(
    ("loc", "key", "place"),
    [
        (("teams", "infra", "name"), False, "3:11"),
        (("teams", "infra", "name"), True, "3:5"),
        (("teams", "infra", "notify", 1, "b"), False, "4:21"),
        (("teams", "infra", "notify", 1), False, "4:17"),
        (("teams", "infra", "lead"), False, "2:3"),
        (("teams", "infra", "Team", "notify", "list[Contact]", 0), False, "4:14"),
        (("teams", "infra", "notify", 7), False, "4:5"),
        (("teams", "infra", "notify", 1, "slack"), False, "4:18"),
        (("version",), False, "1:1"),
        ((), False, "1:1"),
        (("models", "m", "use", "t", "x"), False, "5:14"),
    ],
)
def test_a_validators_path_becomes_a_place(
    loc: tuple[str | int, ...],
    key: bool,  # noqa: FBT001
    place: str,
) -> None:
    """Names of union members are passed over; a missing field is shown at what lacks it."""
    span = locate(read(CHARTER), loc, key=key)
    assert f"{span.line}:{span.column}" == place
