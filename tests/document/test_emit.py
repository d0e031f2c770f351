"""`document.emit` writes YAML that every reader reads as the data it was given."""

from __future__ import annotations

import math
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from buckstop.document import emit, parse_one, to_plain
from buckstop.document.limits import MAX_DEPTH

TRICKY = (
    "", " ", "yes", "No", "on", "y", "null", "~", "true", "0755", "0o17", "1e3", "1_000", "0x1F",
    "12:30", "1:2:3", "2027-01-01", "2027-01-01 10:00:00", ".5", "-1", "+1", ".inf", ".nan", "=",
    "<<", "a: b", "a:", ":a", "# x", "a #b", "a#b", "- a", "-", "? a", "[a", "{a}", "a]", "*a",
    "&a", "!a", "|", ">", "%a", "@a", "`a`", "'a'", '"a"', "it's", "a\\b", "a\"b'c", " a", "a ",
    "\ta", "a\tb", "a\nb", "a\nb\n", "a\n\n", "\na", "\n", " a\nb", "a\n  b", "a\n \nb", "a \nb",
    "a\r\nb", "---", "...", "--- a", "a\n---\nb", "{{ $value }}", '{{ printf "%.2f" $value }}',
    "模型 P95", "😀", "\x00", "\x1b[31m", "\x85", "\u2028", "\ufeff", "a\u2028b\nc", "x" * 5000,
    "5m", "0.25", "99.9%", "#channel", "https://a.b/c?d=e#f", "up{job=\"a\"} == 0", "(a > 1) and b",
    "a\n# b\n", "a:\n  b\n", "\ud7ff", "\uffff", "\U0010ffff", "1e", "0b", "1.e5", "a,b", "N/A",
)  # fmt: skip

TEXT = st.one_of(
    st.sampled_from(TRICKY),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    st.text("ab \n\t:#-'\"|{}[]&*!%0.1e_", max_size=12),
)
SCALAR = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), TEXT)
DATA = st.recursive(
    SCALAR,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXT, inner, max_size=4)),
    max_leaves=12,
)


def same(left: object, right: object) -> bool:
    """Equality that tells 1 from 1.0 and from True."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict) and isinstance(right, dict):
        return list(left) == list(right) and all(same(left[k], right[k]) for k in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return left == right


@given(DATA)
@example(list(TRICKY))
@example(dict.fromkeys(TRICKY, "v"))
@example([[], {}, [[]], [{}], {"a": []}, {"a": {}}])
def test_what_is_written_is_read_back_the_same(data: Any) -> None:
    """Our own reader, and PyYAML's safe loader, return the data with its types and order."""
    text = emit(data)
    root, diagnostics = parse_one(text, "f")
    assert not [d for d in diagnostics if d.code.name != "yaml-empty"], text
    assert root is not None
    assert same(to_plain(root), data), text
    assert same(yaml.safe_load(text), data), text
    assert emit(data) == text


@pytest.mark.parametrize("text", TRICKY)
def test_words_that_some_reader_takes_for_something_else_are_quoted(text: str) -> None:
    """Go's reader (YAML 1.1 booleans, octals, sexagesimals) and a strict 1.2 reader agree too."""
    token = emit([text]).removeprefix("- ").removesuffix("\n")
    ambiguous = {"yes", "No", "on", "y", "null", "~", "true", "0755", "0o17", "1e3", "1_000"}
    ambiguous |= {"0x1F", "12:30", "1:2:3", "2027-01-01", "1e", "1.e5", ".5", "-1", "+1", "="}
    if text in ambiguous:
        assert token[0] in "'\""


def test_output_is_what_a_person_would_write() -> None:
    """Block style, dashes on the line of the first key, quotes only where needed, long lines."""
    data: dict[str, Any] = {
        "groups": [
            {
                "name": "credit-income",
                "interval": "30s",
                "rules": [
                    {
                        "alert": "ModelLatencyHigh",
                        "expr": 'sum(rate(a_total{code=~"5.."}[5m])) > 0.5\nand\non(model) b',
                        "for": "5m",
                        "labels": {"severity": "critical", "zip": "0755", "empty": ""},
                        "annotations": {
                            "summary": "模型 P95 too high: {{ $value }}",
                            "description": "x" * 200,
                            "template": "{{ $labels.model }}",
                        },
                    }
                ],
            }
        ],
        "matrix": [["a", "b"], []],
        "limits": {"count": 3, "share": 0.5, "huge": 1e16, "on": True, "none": None, "of": {}},
    }
    assert emit(data, header="Generated.\nDo not edit.") == (
        "# Generated.\n"
        "# Do not edit.\n"
        "groups:\n"
        "  - name: credit-income\n"
        "    interval: 30s\n"
        "    rules:\n"
        "      - alert: ModelLatencyHigh\n"
        "        expr: |-\n"
        '          sum(rate(a_total{code=~"5.."}[5m])) > 0.5\n'
        "          and\n"
        "          on(model) b\n"
        "        for: 5m\n"
        "        labels:\n"
        "          severity: critical\n"
        "          zip: '0755'\n"
        "          empty: ''\n"
        "        annotations:\n"
        "          summary: '模型 P95 too high: {{ $value }}'\n"
        f"          description: {'x' * 200}\n"
        "          template: '{{ $labels.model }}'\n"
        "matrix:\n"
        "  - - a\n"
        "    - b\n"
        "  - []\n"
        "limits:\n"
        "  count: 3\n"
        "  share: 0.5\n"
        "  huge: 1.0e+16\n"
        "  'on': true\n"
        "  none: null\n"
        "  of: {}\n"
    )


def test_header_cannot_break_out_of_its_comment() -> None:
    """A header with line breaks and control characters of any kind stays a comment."""
    text = emit({"a": 1}, header="one\r\ntwo\x85b: 2\u2028c: 3\x00\ufeff")
    assert yaml.safe_load(text) == {"a": 1}


def test_not_a_number_is_written() -> None:
    """NaN has no equal, so it is outside of the round trip above."""
    root, _ = parse_one(emit([math.nan]), "f")
    assert root is not None
    plain = to_plain(root)
    assert isinstance(plain, list)
    assert isinstance(plain[0], float)
    assert math.isnan(plain[0])


@pytest.mark.parametrize("data", [{1: "a"}, [object()], {"a": {"b"}}, b"bytes"])
def test_what_is_no_data_is_a_type_error(data: Any) -> None:
    """A programmer's mistake is not written as something else."""
    with pytest.raises(TypeError):
        emit(data)


def test_half_a_surrogate_pair_and_endless_data_are_value_errors() -> None:
    """Data that no YAML file can hold is refused before a byte is written."""
    with pytest.raises(ValueError, match="surrogate"):
        emit({"path": "a\udcff"})
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(ValueError, match="deeper"):
        emit(endless)


def test_depth_that_is_written_can_be_read() -> None:
    """The reader's limit on nesting is the writer's."""
    data: Any = "x"
    for _ in range(MAX_DEPTH):
        data = [data]
    root, diagnostics = parse_one(emit(data), "f")
    assert diagnostics == ()
    assert root is not None
    with pytest.raises(ValueError, match="deeper"):
        emit([data])
