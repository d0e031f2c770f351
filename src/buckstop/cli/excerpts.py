"""The text that findings quote lines from, with secrets made unreadable.

A finding shows the line it stands in, in terminals and in the logs of builds, and a secret may
stand on that line. Works on text, not on a tree: a file with a slip in it is quoted as well.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Final

from buckstop.diagnostics import Diagnostic
from buckstop.diagnostics.source import source_lines

_SECRET: Final = re.compile(
    r"""
    (?<![\w-])[\"']?
    (?:
      (?:\w+_)(?:password|secret|secrets|token|token_id|credentials|key|url)
      [\"']?(?:[ \t]*[:=][ \t]*|[ \t]+)
    | (?:password|secret|secrets|token|token_id|credentials|key|url)[\"']?[ \t]*:[ \t]*
    | [a-z]\w*(?:Password|Secret|Token|TokenID|Credentials|Key|URL|Url)[\"']?[ \t]*[:=][ \t]*
    )
    (?:[{\[][ \t]*(?!\w+[ \t]*:))?
    (?P<value>"(?:[^"\\\n]|\\.)*"?|'(?:[^'\n]|'')*'?|[^\s"'\[{#](?:(?![ \t]\#)[^\n,}\]])*)
    """,
    re.VERBOSE,
)
"""A key of the servers' configurations that may hold a secret, and its value on the same line.

With a slip: what lacks its colon, its space or its closing bracket is no less secret.
"""

_PASSWORD_OF_URL: Final = re.compile(r"(?<=://)[^/\s:@\"']+:(?P<value>[^@/\s\"']+)(?=@)")

_BLOT: Final = "•"

MIN_SECRET_LENGTH: Final = 6
"""Shorter values are left in messages: they may be parts of any word."""


def without_secrets(text: str) -> str:
    """`text` with each character of a secret value replaced; lines and columns stay.

    A value that holds a template is no secret and is what a finding is likely to speak of.
    """
    return _PASSWORD_OF_URL.sub(_blotted, _SECRET.sub(_blotted, text))


def _blotted(found: re.Match[str]) -> str:
    value = _secret(found)
    if value is None:
        return found[0]
    start = found.start("value") - found.start()
    return found[0][:start] + _BLOT * len(value) + found[0][start + len(value) :]


def _secret(found: re.Match[str]) -> str | None:
    value = found["value"].rstrip()
    return None if "{{" in value or value in {"null", "~"} else value


def secrets_in(text: str) -> frozenset[str]:
    """The values that `without_secrets` makes unreadable, without their quotes."""
    values = set()
    for pattern in (_SECRET, _PASSWORD_OF_URL):
        for found in pattern.finditer(text):
            value = (_secret(found) or "").strip("\"'")
            if len(value) >= MIN_SECRET_LENGTH:
                values.add(value)
    return frozenset(values)


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
