"""Words of the command line: which are files, which are labels, which are left."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

_LABEL: Final = re.compile(r"([^=]+)=(.*)", re.DOTALL)


def sort_words(words: tuple[str, ...]) -> tuple[tuple[Path, ...], dict[str, str], tuple[str, ...]]:
    """Words that name something that exists, those of the form ``label=value``, and the rest.

    A lone dash is a path: standard input. A label is written as for amtool: quotes around its
    value are no part of it, and ``!=`` and ``=~`` make none.
    """
    paths: list[Path] = []
    labels: dict[str, str] = {}
    rest: list[str] = []
    for word in words:
        label = _label(word)
        if word == "-" or os.path.lexists(word):
            paths.append(Path(word))
        elif label is not None:
            labels[label[0]] = label[1]
        else:
            rest.append(word)
    return tuple(paths), labels, tuple(rest)


def _label(word: str) -> tuple[str, str] | None:
    found = _LABEL.fullmatch(word)
    if found is None:
        return None
    name, value = found[1].strip(), found[2].strip()
    if name == "" or name.endswith("!") or value.startswith("~"):
        return None
    unquoted = value if not value.startswith('"') else _unquoted(value)
    return None if unquoted is None else (name, unquoted)


def _unquoted(value: str) -> str | None:
    """The text in quotes as a matcher has it; None where the quotes hold no one text."""
    # Not at the top: most words have no quotes, and the engine takes its time to load.
    from buckstop.alertmanager.matcher_syntax import MatcherError, parse_classic

    try:
        matchers = parse_classic(f"label={value}")
    except MatcherError:
        return None
    return matchers[0][2] if len(matchers) == 1 else None
