"""A tree as plain Python data, for validators that know nothing of places."""

from __future__ import annotations

import math
import re

from buckstop.document.tree import Mapping, Node, Scalar, Sequence

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]

_WORDS = {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
# Numbers of YAML 1.2's core schema, but for leading zeros: 0755 is a file mode or a code to
# whoever writes it, so it stays text. The lengths keep int() and float() within their limits.
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,300})")
_FLOAT = re.compile(
    r"[-+]?(\.[0-9]{1,300}|(0|[1-9][0-9]{0,300})(\.[0-9]{0,300})?)([eE][-+]?[0-9]{1,5})?"
)
_INFINITE = re.compile(r"([-+]?)\.(inf|Inf|INF)")
_NAN = frozenset({".nan", ".NaN", ".NAN"})


def to_plain(node: Node) -> Plain:
    """Dicts, lists and scalars; quoted scalars and those tagged ``!!str`` stay text.

    Unquoted ones become null, booleans (``true`` and ``false`` only: ``yes``, ``on`` and ``no``
    stay text), numbers, else text; a date stays text.
    """
    match node:
        case Mapping():
            return {entry.key.text: to_plain(entry.value) for entry in node.entries}
        case Sequence():
            return [to_plain(item) for item in node.items]
        case Scalar():
            return _scalar(node)


def _scalar(node: Scalar) -> Plain:
    text = node.text
    if node.style != "plain" or node.tag == "!!str":
        return text
    if node.is_null:
        return None
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if infinite := _INFINITE.fullmatch(text):
        return -math.inf if infinite[1] == "-" else math.inf
    return math.nan if text in _NAN else text
