"""String literals of PromQL: in double quotes, single quotes and backquotes."""

from __future__ import annotations

import re

_ESCAPE = re.compile(
    r"\\(?:(?P<simple>[abfnrtv\\'\"])|(?P<octal>[0-7]{3})|x(?P<byte>[0-9a-fA-F]{2})"
    r"|u(?P<short>[0-9a-fA-F]{4})|U(?P<long>[0-9a-fA-F]{8})|(?P<bad>.?))",
    re.DOTALL,
)
_SIMPLE = {
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    "\\": "\\",
    "'": "'",
    '"': '"',
}


def unquote(literal: str) -> str:
    """What a literal, quotes included, stands for.

    Raises:
        ValueError: if an escape is not known, or makes no valid UTF-8.
    """
    body = literal[1:-1]
    if literal[0] == "`" or "\\" not in body:
        return body
    content = bytearray()
    position = 0
    for escape in _ESCAPE.finditer(body):
        content += body[position : escape.start()].encode()
        content += _escaped(escape)
        position = escape.end()
    content += body[position:].encode()
    return content.decode()


def quote(text: str) -> str:
    """A literal in double quotes that stands for `text`."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _escaped(escape: re.Match[str]) -> bytes:
    match escape.lastgroup:
        case "simple":
            return _SIMPLE[escape["simple"]].encode()
        case "octal" if int(escape["octal"], 8) <= 0xFF:
            return bytes([int(escape["octal"], 8)])
        case "byte":
            return bytes([int(escape["byte"], 16)])
        case "short" | "long" as group if int(escape[group], 16) <= 0x10FFFF:
            return chr(int(escape[group], 16)).encode()
        case _:
            raise ValueError(f"an escape that is not known: {escape.group()}")
