"""Quoted strings and numbers of a template, as Go's ``strconv`` reads them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_SIMPLE: Final = {
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\",
}  # fmt: skip
_ESCAPE: Final = re.compile(
    r"\\(?:(?P<simple>[abfnrtv\\'\"])|x(?P<byte>[0-9A-Fa-f]{2})|(?P<octal>[0-7]{3})"
    r"|u(?P<short>[0-9A-Fa-f]{4})|U(?P<long>[0-9A-Fa-f]{8}))"
)
_INTEGER: Final = re.compile(
    r"(?P<sign>[+-]?)(?:(?P<decimal>[1-9](?:_?[0-9])*|0)|(?P<octal>0(?:_?[0-7])+)"
    r"|0[xX](?P<hex>(?:_?[0-9a-fA-F])+)|0[oO](?P<o>(?:_?[0-7])+)|0[bB](?P<binary>(?:_?[01])+))"
)
_FLOAT: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_HEX_FLOAT: Final = re.compile(
    r"[+-]?0[xX](?:[0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)[pP][+-]?[0-9]+"
)
_COMPLEX: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[+-][0-9]+(?:\.[0-9]+)?)?i")
_WORD_BITS: Final = 63
_MAX_DIGITS: Final = 4_000
"""Of more digits no base makes a number that Go takes, and Python refuses to make one at all."""


class LiteralError(ValueError):
    """A literal that Go's parser refuses; the message is Go's."""


@dataclass(frozen=True, slots=True)
class Text:
    """A string constant; `value` is None where it has bytes that are no Unicode text."""

    value: str | None


@dataclass(frozen=True, slots=True)
class Number:
    """A number constant.

    Attributes:
        integer: its value where it is an integer of 64 bits, with a sign.
        real: its value where it is a floating-point number; an integer is one too.
        ideal: what it is where nothing asks for a kind: ``int``, ``float``, ``complex``, or
            ``overflow`` for an integer that has room only without a sign.
        is_certain: False where this program does not read it as exactly as Go does.
    """

    integer: int | None
    real: float | None
    ideal: str
    is_certain: bool = True


def unquote(written: str) -> Text:
    """The string that `written`, with its quotes, stands for.

    Raises:
        LiteralError: an escape is none of Go's.
    """
    inside = written[1:-1]
    if written[0] == "`":
        return Text(inside.replace("\r", ""))
    return _resolve(inside, written[0])


def _resolve(inside: str, quote: str) -> Text:
    pieces: list[str] = []
    position, is_text = 0, True
    while position < len(inside):
        if inside[position] != "\\":
            pieces.append(inside[position])
            position += 1
            continue
        match = _ESCAPE.match(inside, position)
        if match is None or match["simple"] in {"'", '"'} - {quote}:
            raise LiteralError("invalid syntax")
        position = match.end()
        simple, byte, octal = match["simple"], match["byte"], match["octal"]
        if simple:
            pieces.append(_SIMPLE.get(simple, simple))
            continue
        code = int(octal, 8) if octal else int(byte or match["short"] or match["long"], 16)
        if octal and code > 0xFF:
            raise LiteralError("invalid syntax")
        if (byte or octal) and code > 0x7F:
            is_text = False
        elif code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise LiteralError("invalid syntax")
        else:
            pieces.append(chr(code))
    return Text("".join(pieces) if is_text else None)


def number(written: str) -> Number:
    """The number that `written` stands for; a character constant is one too.

    Raises:
        LiteralError: it is none.
    """
    if written[0] == "'":
        return _character(written)
    if written.endswith("i"):
        return Number(None, None, "complex", is_certain=_is_plain(written))
    match = _INTEGER.fullmatch(written)
    if match is not None:
        return _integer(written, match)
    if _FLOAT.fullmatch(written) or _HEX_FLOAT.fullmatch(written):
        if not set(written) & set(".eEpP"):
            raise LiteralError(f'integer overflow: "{written}"')
        is_hex = "x" in written.lower()
        real = float.fromhex(written) if is_hex else float(written)
        if real in {float("inf"), float("-inf")}:
            raise LiteralError(f'illegal number syntax: "{written}"')
        whole = int(real) if real == int(real) and abs(real) < 2**_WORD_BITS else None
        return Number(whole, real, "float")
    if "_" in written:
        return Number(None, None, "float", is_certain=False)
    raise LiteralError(f'illegal number syntax: "{written}"')


def _is_plain(written: str) -> bool:
    return (
        re.fullmatch(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[+-][0-9]+(?:\.[0-9]+)?)?i", written) is not None
    )


def _integer(written: str, match: re.Match[str]) -> Number:
    bases = {"decimal": 10, "octal": 8, "hex": 16, "o": 8, "binary": 2}
    group = next(name for name in bases if match[name] is not None)
    digits = match[group].replace("_", "")
    if len(digits) > _MAX_DIGITS:
        raise LiteralError(f'illegal number syntax: "{written}"')
    value = int(digits, bases[group])
    value = -value if match["sign"] == "-" else value
    if -(2**_WORD_BITS) <= value < 2**_WORD_BITS:
        return Number(value, float(value), "int")
    if 0 <= value < 2 ** (_WORD_BITS + 1) and match["sign"] == "":
        return Number(None, float(value), "overflow")
    raise LiteralError(f'integer overflow: "{written}"')


def _character(written: str) -> Number:
    text = _resolve(written[1:-1], "'").value if len(written) > 2 else ""
    if text is None:
        # A byte above 0x7F: one rune of that value.
        return Number(None, None, "int", is_certain=False)
    if len(text) != 1:
        raise LiteralError(f"malformed character constant: {written}")
    return Number(ord(text), float(ord(text)), "int")
