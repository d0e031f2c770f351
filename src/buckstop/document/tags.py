"""What an explicit tag makes of a scalar, as go-yaml has it: measured with amtool and promtool."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

from buckstop.document.values import number_of

_BOOLEANS: Final = frozenset({"true", "True", "TRUE", "false", "False", "FALSE"})
_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
_TIMESTAMP: Final = re.compile(
    r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
    r"([Tt ][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(\.[0-9]{1,9})?(Z|[-+][0-9]{2}:[0-9]{2})?)?"
)
_BASE64: Final = re.compile(r"[A-Za-z0-9+/=\r\n]*")
_INTEGERS: Final = range(-(2**63), 2**64)
"""Larger ones are floats to Go."""


def tagged(text: str, tag: str) -> str | None:
    """The text of a scalar of this tag, written ``!!int``; None where the servers refuse it.

    go-yaml reads a tagged scalar as if it had none, quotes or not, and refuses it where that gives
    another kind; tags of YAML that it does not know, and those of others, make it text.
    """
    match tag:
        case "!!binary":
            return _decoded(text)
        case "!!int":
            holds = _is_integer(text)
        case "!!float":
            holds = number_of(text.replace("_", "")) is not None
        case "!!bool":
            # go-yaml 2 takes `yes` too, go-yaml 3 does not: what is read by both is taken.
            holds = text in _BOOLEANS
        case "!!null":
            holds = text in _NULLS
        case "!!timestamp":
            holds = _TIMESTAMP.fullmatch(text) is not None
        case _:
            holds = True
    return text if holds else None


def _is_integer(text: str) -> bool:
    number = number_of(text)
    return isinstance(number, int) and number in _INTEGERS


def _decoded(text: str) -> str | None:
    if not _BASE64.fullmatch(text):
        return None
    try:
        return base64.b64decode(text, validate=False).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return None
