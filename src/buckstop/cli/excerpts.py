"""The text that findings quote lines from, with secrets made unreadable.

A finding shows the line it stands in, in terminals and in the logs of builds, and a secret may
stand on that line. A file with a slip in it is quoted as well.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Final

from buckstop.cli.secret_places import secret_places
from buckstop.diagnostics import Diagnostic
from buckstop.diagnostics.source import source_lines

_PASSWORD_OF_URL: Final = re.compile(r"(?P<before>://[^/\s:@\"']+:)(?P<value>[^@/\s\"']+)(?=@)")
_WITHIN_LINES: Final = re.compile(r"\S(?:[^\n]*\S)?")
"""What stands in a line, without the blanks around it."""

_BLOT: Final = "•"

MIN_SECRET_LENGTH: Final = 6
"""Shorter values are left in messages: they may be parts of any word."""


def without_secrets(text: str) -> str:
    """`text` with each character of a secret value replaced; lines and columns stay."""
    pieces: list[str] = []
    done = 0
    for begin, end, _ in secret_places(text):
        start = max(begin, done)
        if start < end:
            pieces += (text[done:start], _WITHIN_LINES.sub(_blotted, text[start:end]))
            done = end
    return _PASSWORD_OF_URL.sub(
        lambda found: found["before"] + _BLOT * len(found["value"]),
        "".join((*pieces, text[done:])),
    )


def _blotted(found: re.Match[str]) -> str:
    return _BLOT * len(found[0])


def secrets_in(text: str) -> frozenset[str]:
    """The lines of the values that `without_secrets` makes unreadable, without their quotes."""
    values = [value for *_, value in secret_places(text)]
    values += (found["value"] for found in _PASSWORD_OF_URL.finditer(text))
    lines = (line.strip("\"' \t\r") for value in values for line in value.split("\n"))
    return frozenset(line for line in lines if len(line) >= MIN_SECRET_LENGTH)


def hidden(words: str, secrets: Collection[str]) -> str:
    """`words` with each of `secrets` in it made unreadable."""
    if not _may_hold(words, frozenset(secrets)):
        return words
    for secret in sorted(secrets, key=len, reverse=True):
        words = words.replace(secret, _BLOT * 3)
    return words


def _may_hold(words: str, secrets: frozenset[str]) -> bool:
    """Whether one of `secrets` at least begins in `words`; of thousands, mostly none does."""
    length, starts = _starts(secrets)
    if len(starts) < len(words):
        return any(start in words for start in starts)
    return any(words[place : place + length] in starts for place in range(len(words)))


@functools.lru_cache(maxsize=8)
def _starts(secrets: frozenset[str]) -> tuple[int, frozenset[str]]:
    """How all of `secrets` begin, and how long these beginnings are."""
    length = min((len(secret) for secret in secrets), default=1)
    return length, frozenset(secret[:length] for secret in secrets)


def without_values(finding: Diagnostic, secrets: Collection[str]) -> Diagnostic:
    """`finding` with each of `secrets` that its words repeat made unreadable."""
    hint = None if finding.hint is None else hidden(finding.hint, secrets)
    return replace(finding, message=hidden(finding.message, secrets), hint=hint)


def without_spans(text: str, spans: Iterable[tuple[int, int, int, int]]) -> str:
    """`text` with every character within `spans` replaced, line by line; places stay.

    Args:
        spans: first line and column, then last line and the column after the end, from 1.
    """
    ordered = tuple(spans)
    if not ordered:
        return text
    lines = source_lines(text)
    for line, column, end_line, end_column in ordered:
        for number in range(line, min(end_line, len(lines)) + 1):
            shown = lines[number - 1]
            start = column - 1 if number == line else len(shown) - len(shown.lstrip())
            end = end_column - 1 if number == end_line else len(shown)
            if start < end:
                lines[number - 1] = shown[:start] + _BLOT * (end - start) + shown[end:]
    return "\n".join(lines)
