"""No secret of a configuration is shown, however YAML lets it be written."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from buckstop import alertmanager
from buckstop.alertmanager.kinds import GLOBAL, KINDS
from buckstop.cli.excerpts import secrets_in, without_secrets, without_values
from buckstop.diagnostics import Diagnostic, Span, github_annotations, render_terminal, to_sarif
from buckstop.diagnostics.report import to_json
from buckstop.document import Table
from buckstop.document.codes import KEY_UNKNOWN

SECRET_SHAPES = {"secret", "secret_url", "templated_secret_url"}


def secret_fields(table: Table, seen: frozenset[int] = frozenset()) -> Iterator[str]:
    """The names of the fields of `table` and its sections that hold secrets."""
    for field in table.fields:
        if isinstance(field.shape, Table):
            if id(field.shape) not in seen:
                yield from secret_fields(field.shape, seen | {id(table)})
        elif field.shape in SECRET_SHAPES:
            yield field.name


FIELDS = sorted(
    {name for table in (GLOBAL, *(kind.table for kind in KINDS)) for name in secret_fields(table)}
    | {"apiURL", "routingKey", "authPassword", "bearerToken"}
)

BLOCKS = (
    "{key}: {a}{b}",
    "{key}: {a}, {b}",
    "{key}: {a} {b}  # note",
    "{key}: {a}\n{i}  {b}",
    "{key}: {a}\n\n{i}  {b}",
    '{key}: "{a}\n{b}"',
    "{key}: '{a}\n{b}'",
    "{key}: '{a}\n\n{b}'",
    '{key}: "{a}\\\n  {b}"',
    '{key}: "{a}\\"{b}"',
    "{key}: '{a}''{b}'",
    "{key}: |\n{i}  {a}\n{i}  {b}",
    "{key}: |2-\n{i}    {a}\n\n{i}  {b}",
    "{key}: >-\n{i}  {a}\n{i}  {b}",
    "{key}: &x {a}{b}",
    "{key}: !!str {a}{b}",
    "{key}: &x !!str\n{i}  {a}{b}",
    "{key}: !!str |\n{i}  {a}{b}",
    "? {key}\n{i}: {a}{b}",
    "? {key}\n{i}: '{a}\n{b}'",
    "{key}:\n{i}  {a}{b}",
    "{key}: # note\n{i}  {a}{b}",
    '"{key}": {a}{b}',
    "{key}: [{a}, '{b}']",
    "{key}:\n{i}- {a}\n{i}- {b}",
    "{key}: {a}#{b}",
    "{key}: https://h/{a}?{b}",
    "# {key}: {a}{b}",
    "{{{key}: {a}{b}, send_resolved: true}}: z",
    "http_config: {{proxy_connect_header: {{X: ['{a}', {b}]}}}}",
)
FLOWS = (
    "{key}: {a}{b}",
    "{key}: {a}\n{b}",
    '{key}: "{a}\n{b}"',
    "{key}: '{a}\n\n  {b}'",
    "{key}:\n{a}{b}",
    "? {key}\n: {a}{b}",
    '"{key}":"{a}{b}"',
    "{key}: !!str &x {a}{b}",
    "? {key} : [{a}, {b}]",
)


KEYS = (
    "? [x]\n{i}: y\n{i}{key}: {a}{b}",
    "? {{x: y}}\n{i}: {a}{b}\n{i}{key}: {a}{b}",
    "x: &k {key}\n{i}*k : {a}{b}\n{i}y: z",
    "x: &k z\n{i}*k : y\n{i}{key}: {a}{b}",
)
"""Keys that are no plain words."""
ALIASED = "other: &x {a}{b}\n{i}{key}: *x"


@st.composite
def written(draw: st.DrawFn, blocks: tuple[str, ...] = BLOCKS) -> tuple[str, str]:
    """A configuration with a secret somewhere, and the secret's characters."""
    a, b = (draw(st.text("QXZJ0739", min_size=6, max_size=9)) for _ in "ab")
    key = draw(st.sampled_from(FIELDS))
    indent = "    "
    if draw(st.booleans()):
        told = draw(st.sampled_from(blocks)).format(key=key, a=a, b=b, i=indent)
        section = f"  - readable: before\n{indent}{told}\n{indent}send_resolved: true\n"
    else:
        told = draw(st.sampled_from(FLOWS)).format(key=key, a=a, b=b)
        break_ = draw(st.sampled_from(["", "\n", "\n      "]))
        section = f"  - {{readable: before,{break_} {told},{break_} send_resolved: true}}\n"
    text = (
        f"route: {{receiver: d}}\nreceivers:\n- name: d\n  webhook_configs:\n{section}"
        "inhibit_rules: []\n"
    )
    return text, a + " " + b


def leaks(shown: str, secret: str) -> list[str]:
    """Four characters of the secret that can be read."""
    return [
        part[at : at + 4]
        for part in secret.split()
        for at in range(len(part) - 3)
        if part[at : at + 4] in shown
    ]


@settings(max_examples=400)
@given(written((*BLOCKS, *KEYS, ALIASED)), st.sampled_from(["", "\r", "\ufeff"]))
def test_no_style_of_yaml_shows_a_secret(config: tuple[str, str], ends: str) -> None:
    """The value is unreadable to its end, and what stands beside it can still be read."""
    text, secret = config
    text = ends + text if ends == "\ufeff" else text.replace("\n", ends + "\n")
    shown = without_secrets(text)
    assert len(shown) == len(text)
    assert leaks(shown, secret) == []
    assert "readable: before" in shown
    assert "send_resolved: true" in shown
    assert shown.endswith(ends.strip("\ufeff") + "\n")
    assert "inhibit_rules: []" in shown


@settings(max_examples=300)
@given(
    written(),
    st.sampled_from(["x: [", "\tx", "a: b: c", "}", "'", '"', "- x", "*none", "x: *none", "? ["]),
    st.booleans(),
)
def test_no_slip_beside_a_secret_shows_it(
    config: tuple[str, str],
    slip: str,
    is_first: bool,  # noqa: FBT001 # a parameter
) -> None:
    """A text that is no YAML is the one that is quoted in a finding."""
    text, secret = config
    broken = f"{slip}\n{text}" if is_first else f"{text}{slip}\n"
    assert leaks(without_secrets(broken), secret) == []


@settings(max_examples=40)
@given(written((*BLOCKS, *KEYS, ALIASED)))
def test_no_form_of_a_finding_shows_a_secret(config: tuple[str, str]) -> None:
    """Whatever is found, on whatever line: the words are without the secret, and so is the line."""
    text, secret = config
    _, found = alertmanager.read(text, "a.yml")
    lines = range(1, text.count("\n") + 1)
    places = [Span("a.yml", line, 1, line, 200) for line in lines]
    found = (*found, *(Diagnostic(KEY_UNKNOWN, "on every line", place) for place in places))
    cleared = [without_values(one, secrets_in(text)) for one in found]
    sources = {"a.yml": without_secrets(text)}
    terminal = Console(file=io.StringIO(), width=200)
    render_terminal(cleared, sources, terminal)
    assert isinstance(terminal.file, io.StringIO)
    for rendered in (
        terminal.file.getvalue(),
        json.dumps(to_sarif(cleared, sources, "1")),
        "\n".join(github_annotations(cleared)),
        json.dumps([to_json(one) for one in cleared]),
    ):
        assert leaks(rendered, secret) == []


@pytest.mark.parametrize("slip", ["", "}\n"])
def test_a_large_text_of_one_line_is_looked_through_once(slip: str) -> None:
    """Objects in JSON stand on one line: four times as many take no sixteen times as long."""

    def seconds(count: int) -> float:
        entries = (f'"a{at}":{{"password":"abcdefgh"}}' for at in range(count))
        text = f"{slip}{{{','.join(entries)}}}\n"
        began = time.process_time()
        without_secrets(text)
        return time.process_time() - began

    assert seconds(40_000) < 9 * min(seconds(10_000), seconds(10_001))
