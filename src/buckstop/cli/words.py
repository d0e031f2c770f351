"""Words of the command line: which are files, which are labels, which are left."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

_LABEL: Final = re.compile(r"([^=]+)=(.*)", re.DOTALL)


def sort_words(words: tuple[str, ...]) -> tuple[tuple[Path, ...], dict[str, str], tuple[str, ...]]:
    """Words that name something that exists, those of the form ``label=value``, and the rest.

    A lone dash is a path: standard input.
    """
    paths: list[Path] = []
    labels: dict[str, str] = {}
    rest: list[str] = []
    for word in words:
        label = _LABEL.fullmatch(word)
        if word == "-" or os.path.lexists(word):
            paths.append(Path(word))
        elif label is not None:
            labels[label[1]] = label[2]
        else:
            rest.append(word)
    return tuple(paths), labels, tuple(rest)
