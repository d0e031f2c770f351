"""An expression with something put in or taken out, its meaning otherwise kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from buckstop.promql.lexing import tokens
from buckstop.promql.strings import quote, unquote

_PLACEHOLDER: Final = re.compile(r"\$([a-z]+)\b")
_META: Final = re.compile(r"[\\.+*?()|\[\]{}^$]")


def without_comments(expr: str) -> str:
    """`expr` without its comments, so that it can stand in brackets on one line."""
    return _replaced(
        expr, {one.start: (one.text, "") for one in tokens(expr) if one.kind == "comment"}
    )


def placeholders(expr: str) -> frozenset[str]:
    """The words that stand behind a ``$`` in the strings of `expr`."""
    return frozenset(
        name
        for one in tokens(expr)
        if one.kind == "string"
        for name in _PLACEHOLDER.findall(one.text)
    )


def fill(expr: str, values: Mapping[str, str]) -> str:
    """`expr` with each ``$name`` in its strings replaced by ``values[name]``; others stay.

    In the pattern of ``=~`` and ``!~`` a value stands for itself, not for a pattern.
    """
    changes: dict[int, tuple[str, str]] = {}
    as_patterns = {name: _META.sub(r"\\\g<0>", text) for name, text in values.items()}
    before = ""
    for one in tokens(expr):
        known = as_patterns if before in {"=~", "!~"} else values
        before = one.text
        if one.kind == "string" and placeholders(one.text) & known.keys():
            changes[one.start] = (one.text, quote(_filled(unquote(one.text), known)))
    return _replaced(expr, changes)


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text)


def _replaced(expr: str, changes: Mapping[int, tuple[str, str]]) -> str:
    """`expr` with, by place, the first text replaced by the second."""
    written, position = "", 0
    for start, (old, new) in changes.items():
        written += expr[position:start] + new
        position = start + len(old)
    return (written + expr[position:]).strip()
