"""Label sets and alerts from JSON: one a line, or a list of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any, Final

from buckstop.cli.codes import LABEL_SET_INVALID
from buckstop.diagnostics import Diagnostic, Span

MAX_LINE_BYTES: Final = 1 << 20
"""Of one label set; a longer line is refused without being held in memory whole."""
MAX_FIRING_BYTES: Final = 256 << 20
"""Of all alerts that fire."""

_LINE_ENDS: Final = frozenset({"", "\n", "\r\n"})
_DECODER: Final = json.JSONDecoder()
_ASKED_KEYS: Final = frozenset({"labels", "expect"})
_TEXT_ALONE: Final = frozenset({str})


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of a batch: a label set, and the receivers it should reach if that is said."""

    labels: Mapping[str, str]
    expect: tuple[str, ...] | None


def read_lines(file: IO[bytes]) -> Iterator[bytes]:
    """The lines of `file`, each cut off just beyond `MAX_LINE_BYTES`."""
    while line := file.readline(MAX_LINE_BYTES + 1):
        yield line
        while len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
            line = file.readline(MAX_LINE_BYTES + 1)


def read_asked(line: bytes, place: Span) -> Asked | Diagnostic:
    """The label set and expectation on one line of a batch, or what is wrong with it."""
    if len(line) > MAX_LINE_BYTES:
        return _invalid(f"a line longer than {MAX_LINE_BYTES >> 20} MiB", place)
    value = _read_json(line, place)
    if isinstance(value, Diagnostic):
        return value
    if not isinstance(value, dict) or not isinstance(value.get("labels"), dict):
        return _invalid('write {"labels": {"name": "value"}}', place)
    labels = value["labels"]
    if not _TEXT_ALONE.issuperset(map(type, labels.values())):
        return _not_text(labels, place)
    if len(value) == 1:
        return Asked(labels, None)
    unknown = next((key for key in value if key not in _ASKED_KEYS), None)
    if unknown is not None:
        return _invalid(f"a line has no '{unknown}': 'labels' and 'expect' alone are read", place)
    expect = value.get("expect")
    if expect is None:
        return Asked(labels, None)
    if not isinstance(expect, list) or not all(isinstance(name, str) for name in expect):
        return _invalid("'expect' is a list of receivers, in order", place)
    return Asked(labels, tuple(expect))


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
        return (), (_invalid(f"more than {MAX_FIRING_BYTES >> 20} MiB of alerts", start),)
    entries: list[tuple[Any, Span]] = []
    findings: list[Diagnostic] = []
    if raw.lstrip()[:1] == b"[":
        whole = _read_json(raw, start)
        if isinstance(whole, Diagnostic):
            return (), (whole,)
        entries += ((entry, start) for entry in whole)
    else:
        for number, line in enumerate(raw.splitlines(), 1):
            if line.strip():
                place = Span(display, number, 1, number, 1)
                entries.append((_read_json(line, place), place))
    firing: list[Mapping[str, str]] = []
    for entry, place in entries:
        labels = entry if isinstance(entry, Diagnostic) else _labels_of(entry, place)
        if isinstance(labels, Diagnostic):
            findings.append(labels)
        elif labels is not None:
            firing.append(labels)
    return tuple(firing), tuple(findings)


def whole_characters(labels: Mapping[str, str]) -> dict[str, str]:
    """`labels` as the servers' JSON readers take them: half a surrogate pair becomes U+FFFD."""
    return {_whole(name): _whole(value) for name, value in labels.items()}


def _whole(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _labels_of(entry: Any, place: Span) -> Mapping[str, str] | Diagnostic | None:
    if not isinstance(entry, dict):
        return _invalid("an alert is an object with labels", place)
    labels = entry
    if isinstance(entry.get("labels"), dict):
        if entry.get("status") == "resolved" or entry.get("state") == "pending":
            return None
        labels = entry["labels"]
    if not all(isinstance(value, str) for value in labels.values()):
        return _not_text(labels, place)
    return whole_characters(labels)


def _read_json(raw: bytes, place: Span) -> Any | Diagnostic:
    try:
        return _parse(raw.decode())
    except UnicodeDecodeError:
        return _invalid("not UTF-8", place)
    except json.JSONDecodeError as error:
        return _invalid(f"no JSON: {error.msg} at character {error.pos + 1}", place)
    except (RecursionError, ValueError):
        return _invalid("JSON that is nested too deep, or a number that is too long", place)


def _parse(text: str) -> Any:
    """The JSON value that `text` is; raises ValueError and RecursionError."""
    try:
        value, end = _DECODER.raw_decode(text)
    except json.JSONDecodeError:
        # White space before the value, which only the slower reader takes, or no JSON at all.
        return _DECODER.decode(text)
    return value if text[end:] in _LINE_ENDS else _DECODER.decode(text)


def _not_text(labels: Mapping[str, Any], place: Span) -> Diagnostic:
    name = next(name for name, value in labels.items() if not isinstance(value, str))
    return _invalid(f"the label '{name}' has a value that is no text; put it in quotes", place)


def _invalid(message: str, place: Span) -> Diagnostic:
    return Diagnostic(LABEL_SET_INVALID, message, place)
