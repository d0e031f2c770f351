"""What one scalar says, read as go-yaml reads it for the servers: a value, or what is wrong."""

from __future__ import annotations

import math
import re

from buckstop.diagnostics import Diagnostic
from buckstop.document.codes import TYPE_WRONG, VALUE_INVALID
from buckstop.document.tree import Mapping, Node, Scalar, Sequence

_TRUE = frozenset(["y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"])
_FALSE = frozenset(["n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE"])
_INTEGER = re.compile(
    r"[-+]?(0b_*[01][01_]*|0o?_*[0-7][0-7_]*|0x_*[0-9a-fA-F][0-9a-fA-F_]*|[1-9][0-9_]*|0)"
)
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_APART = re.compile(r"(?<![0-9])_|_(?![0-9])")
_INFINITE = re.compile(r"([-+]?)\.(inf|Inf|INF)")
_NAN = frozenset({".nan", ".NaN", ".NAN"})
MAX_DIGITS = 300
"""A number written with more digits is no number."""


def kind(node: Node) -> str:
    """What a node is, for messages: "a list", "a mapping", "nothing", "text" and so on."""
    match node:
        case Mapping():
            return "a mapping"
        case Sequence():
            return "a list"
        case Scalar() if node.is_null:
            return "nothing"
        case Scalar():
            return f"'{shorten(node.text)}'"


def shorten(text: str, length: int = 40) -> str:
    """`text` on one line and at most `length` characters long."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"


def wrong_type(node: Node, expected: str) -> Diagnostic:
    """The finding "expected a list of routes, found a mapping"."""
    return Diagnostic(TYPE_WRONG, f"expected {expected}, found {kind(node)}", node.span)


def as_text(node: Node, expected: str = "text") -> str | Diagnostic:
    """Any scalar as text, as the user wrote it: ``5``, ``yes`` and ``0755`` too; null is empty."""
    if not isinstance(node, Scalar):
        return wrong_type(node, expected)
    return "" if node.is_null else node.text


def as_bool(node: Node) -> bool | Diagnostic:
    """``true``, ``yes``, ``on``, ``y`` and their opposites, not quoted; null is false."""
    if not isinstance(node, Scalar):
        return wrong_type(node, "true or false")
    if node.is_null:
        return False
    if _is_plain(node):
        if node.text in _TRUE:
            return True
        if node.text in _FALSE:
            return False
    elif node.text in _TRUE | _FALSE:
        return Diagnostic(
            TYPE_WRONG,
            f"expected true or false, found the text '{node.text}'",
            node.span,
            hint="take the quotes away",
        )
    return wrong_type(node, "true or false")


def as_int(node: Node) -> int | Diagnostic:
    """A whole number: decimal, ``0x``, ``0b``, ``0o`` and, as in Go, octal after a bare ``0``."""
    number = _number(node, "a whole number")
    if isinstance(number, float):
        if not number.is_integer():
            return wrong_type(node, "a whole number")
        return int(number)
    return number


def as_float(node: Node) -> float | Diagnostic:
    """A number, ``.inf`` and ``.nan`` included."""
    number = _number(node, "a number")
    if isinstance(number, int):
        try:
            return float(number)
        except OverflowError:
            return Diagnostic(VALUE_INVALID, "this number is too large", node.span)
    return number


def _number(node: Node, expected: str) -> int | float | Diagnostic:
    if not isinstance(node, Scalar):
        return wrong_type(node, expected)
    number = number_of(node.text)
    if number is None:
        return wrong_type(node, expected)
    if not _is_plain(node):
        return Diagnostic(
            TYPE_WRONG,
            f"expected {expected}, found the text '{shorten(node.text)}'",
            node.span,
            hint="take the quotes away",
        )
    return number


def number_of(text: str) -> int | float | None:
    """The number that Go reads in an unquoted `text`, or None."""
    if len(text) > MAX_DIGITS:
        return None
    if _INTEGER.fullmatch(text):
        digits = text.replace("_", "").lower()
        sign = -1 if digits.startswith("-") else 1
        digits = digits.lstrip("+-")
        if digits.startswith(("0x", "0b", "0o")):
            return sign * int(digits, 0)
        return sign * int(digits, 8 if digits.startswith("0") else 10)
    # Go drops every '_' before it looks at what else there is, unless one comes first; behind a
    # point at the start each must stand between digits.
    is_kept = text.startswith("_") or (text.startswith(".") and _APART.search(text) is not None)
    plain = text if is_kept else text.replace("_", "")
    if _FLOAT.fullmatch(plain):
        # What no double can hold stays text.
        return number if math.isfinite(number := float(plain)) else None
    if infinite := _INFINITE.fullmatch(text):
        return -math.inf if infinite[1] == "-" else math.inf
    return math.nan if text in _NAN else None


def _is_plain(node: Scalar) -> bool:
    return node.style == "plain" and node.tag != "!!str"


def is_nothing(node: Node) -> bool:
    """Whether a value is null; an item of a list that is null says nothing, and is accepted."""
    return isinstance(node, Scalar) and node.is_null


def has_text(section: Mapping, name: str) -> bool:
    """Whether a field of text is there and not empty."""
    value = section.get(name)
    return isinstance(value, Scalar) and not value.is_null and value.text != ""


def is_quoted_null(node: Node) -> bool:
    """Whether a value is null in quotes, which Go's reader takes for null where that refuses it."""
    return isinstance(node, Scalar) and node.text in {"null", "~"} and not node.is_null


def is_template(text: str) -> bool:
    """Whether the servers take `text` as a template: each action that it opens is closed."""
    return "{{" in text and all("}}" in part for part in text.split("{{")[1:])
