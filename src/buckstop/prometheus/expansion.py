"""Go's templates of regular expressions: ``$1``, ``${name}`` and ``$$`` in a replacement."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

_REFERENCE = re.compile(r"\$(?:\$|\{(?P<braced>\w+)\}|(?P<plain>\w+))")
MAX_GROUP_DIGITS: Final = 8
"""A number with more digits is taken for a name, as in Go."""


def expand(template: str, group: Callable[[int | str], str | None]) -> str:
    """`template` with its references replaced, as Go's ``Regexp.Expand`` does.

    A reference to a group that does not exist or took no part in the match gives nothing; a ``$``
    that begins no reference stands for itself. A name is as long as letters, digits and
    underscores go: ``$1x`` is the group called ``1x``, which ``${1}x`` is not.

    Args:
        group: what a group, by number or name, matched; None for none.
    """

    def value(reference: re.Match[str]) -> str:
        name = reference["braced"] or reference["plain"]
        if name is None:
            return "$"
        is_number = name.isascii() and name.isdigit() and len(name) <= MAX_GROUP_DIGITS
        if is_number and (name == "0" or name[0] != "0"):
            return group(int(name)) or ""
        return group(name) or ""

    return _REFERENCE.sub(value, template)


def refers_to_groups(template: str) -> bool:
    """Whether a ``$`` stands in it."""
    return "$" in template
