"""The text that findings quote lines from, with secrets made unreadable.

A finding shows the line it stands in, in terminals and in the logs of builds, and a secret may
stand on that line. Works on text, not on a tree: a file with a slip in it is quoted as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from buckstop.diagnostics.source import source_lines

_SECRET: Final = re.compile(
    r"""
    (?<![\w-])[\"']?
    (?:\w*_)?(?:password|secret|secrets|token|token_id|credentials|key|url|bearer_token)
    [\"']?[ \t]*:[ \t]+
    (?P<value>"(?:[^"\\\n]|\\.)*"?|'(?:[^'\n]|'')*'?|[^\s"'\[{#][^\n,}\]]*)
    """,
    re.VERBOSE,
)
"""A key of the servers' configurations that may hold a secret, and its value on the same line."""

_BLOT: Final = "•"


def without_secrets(text: str) -> str:
    """`text` with each character of a secret value replaced; lines and columns stay.

    A value that holds a template is no secret and is what a finding is likely to speak of.
    """
    return _SECRET.sub(_blotted, text)


def _blotted(found: re.Match[str]) -> str:
    value = found["value"].rstrip()
    if "{{" in value or value in {"null", "~"}:
        return found[0]
    start = found.start("value") - found.start()
    return found[0][:start] + _BLOT * len(value) + found[0][start + len(value) :]


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
