"""Label sets and alerts from JSON: one a line, or a list of them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import IO, Any, Final, NamedTuple

from buckstop.cli.codes import LABEL_SET_INVALID
from buckstop.cli.lines import MAX_LINE_BYTES
from buckstop.diagnostics import Diagnostic, Span
from buckstop.diagnostics.source import source_lines
from buckstop.document.text import decode_any

MAX_FIRING_BYTES: Final = 256 << 20
"""Of all alerts that fire."""

_LINE_ENDS: Final = frozenset({"", "\n", "\r\n"})
_DECODER: Final = json.JSONDecoder()
_ASKED_KEYS: Final = frozenset({"labels", "expect"})
_PLAIN_LINE: Final = re.compile(
    rb"""\{"labels": (\{"[^"\\]*+": "[^"\\]*+"(?:, "[^"\\]*+": "[^"\\]*+")*+\})\}(?:\r?\n)?"""
)
"""Labels alone, without an escape, and with white space where an answer has it."""


class Asked(NamedTuple):
    """One line of a batch.

    Attributes:
        labels: the label set.
        expect: the receivers that it should reach, if that is said.
        written: the labels as JSON, where the line has them as an answer has.
    """

    labels: dict[str, str]
    expect: tuple[str, ...] | None = None
    written: bytes | None = None


def read_asked(line: bytes) -> Asked | Diagnostic:
    """What one line of a batch asks, or what is wrong with it, without its place."""
    if len(line) > MAX_LINE_BYTES:
        return _invalid(f"a line longer than {MAX_LINE_BYTES >> 20} MiB")
    plain = _read_plain(line)
    if plain is not None:
        return plain
    value = _read_json(line)
    if isinstance(value, Diagnostic):
        return value
    labels = value.get("labels") if isinstance(value, dict) else None
    if not isinstance(labels, dict):
        return _invalid('write {"labels": {"name": "value"}}')
    if not _is_text_alone(labels):
        return _not_text(labels)
    unknown = next((key for key in value if key not in _ASKED_KEYS), None)
    if unknown is not None:
        return _invalid(f"a line has no '{unknown}': 'labels' and 'expect' alone are read")
    expect = value.get("expect")
    if expect is None:
        return Asked(labels)
    if not isinstance(expect, list) or not all(isinstance(name, str) for name in expect):
        return _invalid("'expect' is a list of receivers, in order")
    return Asked(labels, tuple(expect))


def _read_plain(line: bytes) -> Asked | None:
    """What `line` asks if it is written as most are; None where it takes longer to know."""
    plain = _PLAIN_LINE.fullmatch(line)
    if plain is None:
        return None
    written = plain[1]
    try:
        labels, _ = _DECODER.raw_decode(written.decode())
    except ValueError:
        return None  # a control character, or no UTF-8
    # Four quotation marks a label; of a name that is given twice the last value counts alone.
    return Asked(labels, None, written) if written.count(b'"') == 4 * len(labels) else None


def _is_text_alone(labels: Mapping[str, Any]) -> bool:
    """Whether all values are texts: the quickest way to know is to put them together."""
    try:
        "".join(labels.values())
    except TypeError:
        return False
    return True


def read_firing(
    file: IO[bytes], display: str
) -> tuple[tuple[Mapping[str, str], ...], tuple[Diagnostic, ...]]:
    """The label sets of the alerts in `file`, and what is wrong with the others.

    The file is a list as ``/api/v2/alerts`` of Alertmanager gives it, or has one alert or label
    set a line. An alert that says it is resolved, or pending as Prometheus says, does not fire.
    """
    raw = file.read(MAX_FIRING_BYTES + 1)
    start = Span(display, 1, 1, 1, 1)
    if len(raw) > MAX_FIRING_BYTES:
        more = _invalid(f"more than {MAX_FIRING_BYTES >> 20} MiB of alerts")
        return (), (replace(more, span=start),)
    text, undecoded = decode_any(raw, display)
    if text is None:
        return (), undecoded
    entries: list[tuple[Any, Span]] = []
    findings: list[Diagnostic] = []
    if text.lstrip()[:1] == "[":
        whole = _read_text(text)
        if isinstance(whole, Diagnostic):
            return (), (replace(whole, span=start),)
        entries += ((entry, start) for entry in whole)
    else:
        for number, line in enumerate(source_lines(text), 1):
            if line.strip():
                place = Span(display, number, 1, number, 1)
                entries.append((_read_text(line), place))
    firing: list[Mapping[str, str]] = []
    for entry, place in entries:
        labels = entry if isinstance(entry, Diagnostic) else _labels_of(entry)
        if isinstance(labels, Diagnostic):
            findings.append(replace(labels, span=place))
        elif labels is not None:
            firing.append(labels)
    return tuple(firing), tuple(findings)


def whole_characters(labels: Mapping[str, str]) -> dict[str, str]:
    """`labels` as the servers' JSON readers take them: half a surrogate pair becomes U+FFFD."""
    return {_whole(name): _whole(value) for name, value in labels.items()}


def _whole(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _labels_of(entry: Any) -> Mapping[str, str] | Diagnostic | None:
    if not isinstance(entry, dict):
        return _invalid("an alert is an object with labels")
    labels = entry
    if isinstance(entry.get("labels"), dict):
        if entry.get("status") == "resolved" or entry.get("state") == "pending":
            return None
        labels = entry["labels"]
    if not _is_text_alone(labels):
        return _not_text(labels)
    return whole_characters(labels)


def _read_json(raw: bytes) -> Any | Diagnostic:
    try:
        return _read_text(raw.decode())
    except UnicodeDecodeError:
        return _invalid("not UTF-8, or not the UTF-16 that the file begins as")


def _read_text(text: str) -> Any | Diagnostic:
    try:
        return _parse(text)
    except json.JSONDecodeError as error:
        return _invalid(f"no JSON: {error.msg} at character {error.pos + 1}")
    except (RecursionError, ValueError):
        return _invalid("JSON that is nested too deep, or a number that is too long")


def _parse(text: str) -> Any:
    """The JSON value that `text` is; raises ValueError and RecursionError."""
    try:
        value, end = _DECODER.raw_decode(text)
    except json.JSONDecodeError:
        # White space before the value, which only the slower reader takes, or no JSON at all.
        return _DECODER.decode(text)
    return value if text[end:] in _LINE_ENDS else _DECODER.decode(text)


def _not_text(labels: Mapping[str, Any]) -> Diagnostic:
    name = next(name for name, value in labels.items() if not isinstance(value, str))
    return _invalid(f"the label '{name}' has a value that is no text; put it in quotes")


def _invalid(message: str) -> Diagnostic:
    return Diagnostic(LABEL_SET_INVALID, message)
