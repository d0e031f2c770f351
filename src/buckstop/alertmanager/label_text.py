"""Labels and matchers as Alertmanager itself prints them, and the fingerprint it calls alerts by.

Its group keys are made of these texts, and its notification log is kept by group key: what prints
alike is one group, what does not pages again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from buckstop.alertmanager.matcher_utf8 import SPACE
from buckstop.alertmanager.model import Matcher, Operator

_ORDER: Final[dict[Operator, int]] = {"=": 0, "!=": 1, "=~": 2, "!~": 3}
_RESERVED: Final = re.compile(rf"""[{SPACE}{{}}!=~,\\"'`]""")
_ESCAPED: Final = str.maketrans({"\\": r"\\", "\n": r"\n", '"': r"\""})
_GO_ESCAPES: Final = {
    "\a": r"\a", "\b": r"\b", "\f": r"\f", "\n": r"\n", "\r": r"\r", "\t": r"\t", "\v": r"\v",
    "\\": r"\\", '"': r"\"",
}  # fmt: skip
_PLAIN: Final = re.compile(r"[ !#-\[\]-~]*")
"""What Go's quoting leaves alone, as far as ASCII goes."""

_FNV_OFFSET: Final = 14695981039346656037
_FNV_PRIME: Final = 1099511628211
_MAX_UINT64: Final = 2**64 - 1


def quoted(text: str) -> str:
    """`text` in double quotes as ``strconv.Quote`` of Go gives it."""
    if _PLAIN.fullmatch(text):
        return f'"{text}"'
    return '"' + "".join(map(_quoted_character, text)) + '"'


def _quoted_character(character: str) -> str:
    if character in _GO_ESCAPES:
        return _GO_ESCAPES[character]
    # Printable means the same to both: letters, marks, numbers, punctuation, symbols, the space.
    if character.isprintable():
        return character
    number = ord(character)
    if number < 0x80:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def label_set_text(labels: Mapping[str, str]) -> str:
    """``{a="x", b="y"}``, sorted by name; names are never quoted."""
    return "{" + ", ".join(f"{name}={quoted(labels[name])}" for name in sorted(labels)) + "}"


def matcher_text(matcher: Matcher) -> str:
    """``name=~"value"``; a name that holds what a matcher's syntax reserves is quoted too."""
    return _matcher_text(matcher.name, matcher.operator, matcher.value)


def _matcher_text(name: str, operator: Operator, value: str) -> str:
    if _RESERVED.search(name):
        return f"{quoted(name)}{operator}{quoted(value)}"
    return f'{name}{operator}"{value.translate(_ESCAPED)}"'


def matchers_text(matchers: Iterable[Matcher]) -> str:
    """``{a="x",b=~"y"}``: all matchers of a route, sorted, as they stand in its group keys.

    A pattern under ``match_re`` stands there with the anchors that reading gave it.
    """
    triples = sorted(
        (
            (one.name, one.operator, anchored(one) if one.operator == "=~" else one.value)
            for one in matchers
        ),
        key=lambda triple: (triple[0], triple[2], _ORDER[triple[1]]),
    )
    return "{" + ",".join(_matcher_text(*triple) for triple in triples) + "}"


def anchored(matcher: Matcher) -> str:
    """The pattern of `matcher`; anchored where it stands under ``match_re``, as reading does it."""
    return f"^(?:{matcher.value})$" if matcher.deprecated else matcher.value


def fingerprint(labels: Mapping[str, str]) -> str:
    """The alert's name in Alertmanager's API: FNV-1a over its sorted labels, 16 hex digits."""
    state = _FNV_OFFSET
    for name in sorted(labels):
        if not labels[name]:
            continue
        for byte in b"%b\xff%b\xff" % (name.encode(), labels[name].encode()):
            state = ((state ^ byte) * _FNV_PRIME) & _MAX_UINT64
    return f"{state:016x}"
