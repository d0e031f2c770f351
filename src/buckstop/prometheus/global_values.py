"""Counts, sizes and switches of the global section: they say nothing of alerts, and a slip in one
keeps the server from loading the file."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from buckstop.diagnostics import Diagnostic
from buckstop.document import Fields, Node, Table
from buckstop.document.codes import VALUE_INVALID
from buckstop.document.values import as_text, shorten
from buckstop.prometheus.whole_numbers import read_whole_number

MAX_COUNT: Final = 2**64 - 1
MAX_SIZE_BYTES: Final = 2**63 - 1
_MAX_TENTH: Final = (2**63 - 10) // 10
"""To a number as large the server adds no further digit."""
_MAX_DIGITS: Final = 200
"""Characters of a size; no server takes one as long."""

_POWERS: Final = {letter: 1024.0**power for power, letter in enumerate("KMGTPE", 1)}
_UNITS: Final = tuple(
    {"B": 1.0} | {f"{letter}{suffix}": size for letter, size in _POWERS.items()}
    for suffix in ("iB", "B")
)
"""The two ways to write units; one size is written in one of them, and both mean powers of 1024."""
_PART: Final = re.compile(r"(?P<whole>[0-9]*)(?P<rest>\.[0-9]*)?(?P<unit>[^0-9.]*)")


def check_values(fields: Fields, table: Table) -> None:
    """Append what is wrong with the counts, sizes and switches of a section, a `table`."""
    for field in table.fields:
        if field.shape == "boolean":
            fields.boolean(field.name)
        elif field.shape == "natural":
            fields.read(field.name, _counter(field.name))
        elif field.shape == "size":
            fields.read(field.name, _read_size)


def _counter(name: str) -> Callable[[Node], int | Diagnostic]:
    return lambda node: read_whole_number(node, name, 0, MAX_COUNT)


def _read_size(node: Node) -> str | Diagnostic:
    text = as_text(node, "a size such as 10MB")
    if isinstance(text, Diagnostic) or is_size(text):
        return text
    return Diagnostic(
        VALUE_INVALID,
        f"'{shorten(text)}' is no size",
        node.span,
        hint="write a number with a unit, such as 10MB",
    )


def is_size(text: str) -> bool:
    """Whether the server reads `text` as a size: numbers with units, such as ``1.5MB``."""
    bare = text[1:] if text[:1] in {"+", "-"} else text
    if bare == "0":
        return True
    return bare != "" and len(text) <= _MAX_DIGITS and any(_fits(bare, one) for one in _UNITS)


def _fits(text: str, units: dict[str, float]) -> bool:
    size, position = 0.0, 0
    while position < len(text):
        part = _PART.match(text, position)
        assert part is not None, "it may match nothing"
        fraction = (part["rest"] or "")[1:]
        if part["unit"] not in units or not part["whole"] + fraction:
            return False
        if any(int(digits or "0") // 10 >= _MAX_TENTH for digits in (part["whole"], fraction)):
            return False
        size += float(f"{part['whole'] or 0}.{fraction or 0}") * units[part["unit"]]
        position = part.end()
    # The largest double below 2^63 is what the server compares with.
    return size <= float(MAX_SIZE_BYTES)
