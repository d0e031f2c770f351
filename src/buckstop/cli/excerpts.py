"""The text that findings quote lines from, with secrets made unreadable.

A finding shows the line it stands in, in terminals and in the logs of builds, and a secret may
stand on that line. Works on text, not on a tree: a file with a slip in it is quoted as well.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterable, Iterator
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
    (?P<value>"(?:[^"\\\n]|\\.)*"?|'(?:[^'\n]|'')*'?|[^\s"'\[{#](?:(?![ \t]\#)[^\n,}\]])*
      |(?=[ \t]*(?:\#[^\n]*)?\r?$))
    """,
    re.VERBOSE | re.MULTILINE,
)
"""A key of the servers' configurations that may hold a secret, and its value on the same line.

The value is empty where nothing else stands on the line: it may begin on the next one.

With a slip: what lacks its colon, its space or its closing bracket is no less secret.
"""

_PASSWORD_OF_URL: Final = re.compile(r"(?<=://)[^/\s:@\"']+:(?P<value>[^@/\s\"']+)(?=@)")

_ENTRY: Final = re.compile(r"[\w.-]+[ \t]*:(?:\s|$)|-\s|[\[{#&]")
"""What begins a mapping or a list; below a key without a value, its value is no secret then."""

_BLOT: Final = "•"

MIN_SECRET_LENGTH: Final = 6
"""Shorter values are left in messages: they may be parts of any word."""


def without_secrets(text: str) -> str:
    """`text` with each character of a secret value replaced; lines and columns stay.

    A value that holds a template is no secret and is what a finding is likely to speak of.
    """
    pieces: list[str] = []
    done = 0
    for start, end in _secrets(text):
        pieces += (text[done:start], _BLOT * (end - start))
        done = end
    return _PASSWORD_OF_URL.sub(_blotted, "".join((*pieces, text[done:])))


def _secrets(text: str) -> Iterator[tuple[int, int]]:
    """Where the values of secrets stand, in order, a line each.

    A value may go on below its key, in a block or in quotation marks: in the lines that are
    further in than the key.
    """
    done = 0
    for found in _SECRET.finditer(text):
        start = found.start("value")
        if start < done:
            continue
        value = found["value"]
        if value and _is_secret(value):
            yield start, start + len(value.rstrip())
        key_indent = found.start() - text.rfind("\n", 0, found.start()) - 1
        place = text.find("\n", found.end())
        while place >= 0:
            end = text.find("\n", place + 1)
            below = text[place + 1 : len(text) if end < 0 else end]
            within = below.strip()
            indent = len(below) - len(below.lstrip())
            if within and (indent <= key_indent or (not value and _ENTRY.match(within))):
                break
            begin = place + 1 + indent
            done, place = place + 1 + len(below), end
            if within and _is_secret(within):
                yield begin, begin + len(within)


def _is_secret(value: str) -> bool:
    return "{{" not in value and value.rstrip() not in {"null", "~"}


def _blotted(found: re.Match[str]) -> str:
    value = found["value"]
    start = found.start("value") - found.start()
    return found[0][:start] + _BLOT * len(value) + found[0][start + len(value) :]


def secrets_in(text: str) -> frozenset[str]:
    """The values that `without_secrets` makes unreadable, without their quotes."""
    values = [text[start:end] for start, end in _secrets(text)]
    values += (found["value"] for found in _PASSWORD_OF_URL.finditer(text))
    bare = (value.strip("\"' \t\r") for value in values)
    return frozenset(value for value in bare if len(value) >= MIN_SECRET_LENGTH)


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
