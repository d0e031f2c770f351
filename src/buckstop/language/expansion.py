"""Go's templates of regular expressions: ``$1``, ``${name}`` and ``$$`` in a replacement."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

_REFERENCE = re.compile(r"\$(?:\$|\{(?P<braced>\w+)\}|(?P<plain>\w+))")
MAX_GROUP_DIGITS: Final = 8
"""A number with more digits is taken for a name, as in Go."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What a group of the pattern matched.

    Attributes:
        group: its number, or its name.
    """

    group: int | str


def expand(template: str, group: Callable[[int | str], str | None]) -> str:
    """`template` with its references replaced, as Go's ``Regexp.Expand`` does.

    A reference to a group that does not exist or took no part in the match gives nothing; a ``$``
    that begins no reference stands for itself. A name is as long as letters, digits and
    underscores go: ``$1x`` is the group called ``1x``, which ``${1}x`` is not.

    Args:
        group: what a group, by number or name, matched; None for none.
    """
    return "".join(
        part if isinstance(part, str) else group(part.group) or ""
        for part in template_parts(template)
    )


@functools.lru_cache(maxsize=1_000)
def template_parts(template: str) -> tuple[str | Reference, ...]:
    """The texts and the references of which `template` consists, in order."""
    parts: list[str | Reference] = []
    position = 0
    for found in _REFERENCE.finditer(template):
        name = found["braced"] or found["plain"]
        parts += [template[position : found.start()], "$" if name is None else _reference(name)]
        position = found.end()
    parts.append(template[position:])
    return tuple(part for part in parts if part != "")


def _reference(name: str) -> Reference:
    is_number = name.isascii() and name.isdigit() and len(name) <= MAX_GROUP_DIGITS
    return Reference(int(name) if is_number and (name == "0" or name[0] != "0") else name)


def refers_to_groups(template: str) -> bool:
    """Whether a ``$`` stands in it."""
    return "$" in template


def matched_groups(found: Any) -> Callable[[int | str], str | None]:
    """What the groups of RE2's match `found` matched, by number or name; None for none."""

    def group(which: int | str) -> str | None:
        try:
            text = found.group(which)
        except (IndexError, KeyError):
            return None
        return text if isinstance(text, str) else None

    return group
