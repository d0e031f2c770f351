"""The matcher syntax of Alertmanager 0.27 and newer, in which names may be any UTF-8.

matchers  = [ "{" ] [ matcher { "," matcher } [ "," ] ] [ "}" ]      both braces or none
matcher   = text operator text
text      = quoted | unquoted
unquoted  = one or more characters that are neither space nor one of {}!=~,\\"'`
"""

from __future__ import annotations

import re
from typing import Final, cast

from buckstop.alertmanager.model import Operator

SPACE: Final = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""What Go takes for space; Python's own idea of it has four control characters more."""

_RESERVED = SPACE + r"{}!=~,\\\"'`"
_TOKEN = re.compile(
    rf"""[{SPACE}]*(?:
        (?P<brace>[{{}}])
      | (?P<comma>,)
      | (?P<operator>=~|=|!=|!~)
      | (?P<quoted>"(?:[^"\\]|\\.)*")
      | (?P<unquoted>[^{_RESERVED}]+)
    )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(
    r"\\(?:[abfnrtv\\\"]|[0-7]{3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})"
)
_SIMPLE_ESCAPES = {
    "a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11, "\\": 92, '"': 34,
}  # fmt: skip
_MAX_CODE_POINT = 0x10FFFF


def parse_utf8(text: str) -> list[tuple[str, Operator, str]]:
    """Name, operator and value of each matcher.

    Raises:
        ValueError: if the text is not of this syntax.
    """
    tokens = _tokens(text)
    if tokens and tokens[0] == ("brace", "{"):
        if tokens[-1] != ("brace", "}") or len(tokens) < 2:
            raise ValueError("expected a closing brace")
        tokens = tokens[1:-1]
    if tokens and tokens[-1][0] == "comma":
        tokens = tokens[:-1]
        if not tokens:
            raise ValueError("expected a label name")
    triples: list[tuple[str, Operator, str]] = []
    while tokens:
        if triples:
            if tokens[0][0] != "comma":
                raise ValueError("expected a comma")
            tokens = tokens[1:]
        if [kind for kind, _ in tokens[1:2]] != ["operator"] or len(tokens) < 3:
            raise ValueError("expected a name, an operator and a value")
        name, value = _text(*tokens[0]), _text(*tokens[2])
        triples.append((name, cast("Operator", tokens[1][1]), value))
        tokens = tokens[3:]
    return triples


def _tokens(text: str) -> list[tuple[str, str]]:
    text = text.strip(SPACE)
    tokens: list[tuple[str, str]] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise ValueError(f"unexpected {text[position]!r}")
        tokens.append((match.lastgroup, match[match.lastgroup]))
        position = match.end()
    return tokens


def _text(kind: str, written: str) -> str:
    if kind == "unquoted":
        return written
    if kind != "quoted":
        raise ValueError(f"unexpected {written!r}")
    return _unquoted(written[1:-1])


def _unquoted(body: str) -> str:
    """The content of a Go string in double quotes."""
    content = bytearray()
    position = 0
    while position < len(body):
        character = body[position]
        if character == "\n":
            raise ValueError("a line break inside quotes")
        if character != "\\":
            content += character.encode()
            position += 1
            continue
        escape = _ESCAPE.match(body, position)
        if escape is None:
            raise ValueError(f"an escape that is not known: {body[position : position + 2]!r}")
        content += _escaped(escape.group()[1:])
        position = escape.end()
    return content.decode()


def _escaped(escape: str) -> bytes:
    first, digits = escape[0], escape[1:]
    if first in _SIMPLE_ESCAPES:
        return bytes([_SIMPLE_ESCAPES[first]])
    if first == "x":
        return bytes([int(digits, 16)])
    if first in "uU":
        number = int(digits, 16)
        if number > _MAX_CODE_POINT:
            raise ValueError(f"no such character: \\{escape}")
        return chr(number).encode()
    number = int(escape, 8)
    if number > 0xFF:
        raise ValueError(f"no such byte: \\{escape}")
    return bytes([number])
