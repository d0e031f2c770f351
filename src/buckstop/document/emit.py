"""YAML out: the same bytes for the same data, read alike by every reader of YAML.

Go's readers, PyYAML and YAML 1.2 differ about what an unquoted word is (``yes``, ``0755``,
``1e3``, ``12:30``); so whatever one of them takes for something else than text is quoted.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TypeGuard

from buckstop.document.limits import MAX_DEPTH


class Unquoted(str):
    """Text that was read without quotes: written so again, whatever a reader takes it for."""

    __slots__ = ()


Emittable = None | bool | int | float | str | Sequence["Emittable"] | Mapping[str, "Emittable"]

MAX_SIMPLE_KEY = 120
"""A longer key is written after ``? ``: readers look no further than 1,024 characters for ``:``."""

MAX_REMEMBERED = 1 << 14
"""How many texts keep their written form: the words of generated files come again and again."""

_STEP = "  "
_START = re.compile(r"[^\W_]|[_/($^]")
_SPECIAL_WORDS = frozenset(
    {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"}
)
# Integers, floats, sexagesimals, dates and times of any of the readers, and then some.
_NUMBERLIKE = re.compile(r"[0-9][0-9_.,:eEoOxXbBa-fA-FtTzZ+ -]*")
# Compiled when it is first needed: commands that write nothing do without.
_PRINTABLE = (
    "[\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]*"
)
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}


def emit(data: Emittable, header: str = "") -> str:
    """`data` as block-style YAML, keys in the order given, ending in a line break.

    Args:
        data: dicts with text keys, lists, text, numbers, booleans and None.
        header: a comment for the top of the file; its lines are prefixed with ``#``.

    Raises:
        ValueError: `data` is nested deeper than `MAX_DEPTH` (or contains itself), or a text holds
            half a surrogate pair, which no encoding of Unicode can carry.
        TypeError: `data` holds something else than the above.
    """
    lines = [f"# {line}".rstrip() for line in _comment_lines(header)]
    if _is_mapping(data) and data:
        _add_mapping(lines, data, "", 0)
    elif _is_list(data) and data:
        _add_list(lines, data, "", 0)
    else:
        _add_inline(lines, "", data, "")
    return "\n".join(lines) + "\n"


@lru_cache(maxsize=MAX_REMEMBERED)
def scalar(text: str) -> str:
    """`text` on one line, quoted only where some reader would not take it as this text."""
    if _is_plain(text):
        return text
    if not _is_printable(text) or "\n" in text or "\t" in text:
        return _double(text)
    if "'" in text and not set(text) & {'"', "\\"}:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def _add_mapping(lines: list[str], data: Mapping[str, Emittable], indent: str, depth: int) -> None:
    _check_depth(depth)
    for key, value in data.items():
        if not isinstance(key, str):
            raise TypeError(f"a key is {type(key).__name__}, not text")
        name = scalar(key)
        if len(name) > MAX_SIMPLE_KEY:
            lines.append(f"{indent}? {name}")
            name = ""
        if _is_mapping(value) and value:
            lines.append(f"{indent}{name}:")
            _add_mapping(lines, value, indent + _STEP, depth + 1)
        elif _is_list(value) and value:
            lines.append(f"{indent}{name}:")
            _add_list(lines, value, indent + _STEP, depth + 1)
        else:
            _add_inline(lines, f"{indent}{name}: ", value, indent)


def _add_list(lines: list[str], data: Sequence[Emittable], indent: str, depth: int) -> None:
    _check_depth(depth)
    inner = indent + _STEP
    for item in data:
        start = len(lines)
        if _is_mapping(item) and item:
            _add_mapping(lines, item, inner, depth + 1)
        elif _is_list(item) and item:
            _add_list(lines, item, inner, depth + 1)
        else:
            _add_inline(lines, f"{indent}- ", item, indent)
            continue
        # The first line of the item stands on the line of its dash.
        lines[start] = f"{indent}- {lines[start][len(inner) :]}"


def _add_inline(lines: list[str], before: str, value: Emittable, indent: str) -> None:
    """Add what fits after a key or a dash, or begins there as a block of text."""
    if isinstance(value, str) and _is_block(value):
        lines.append(f"{before}|{_chomping(value)}")
        body = value.removesuffix("\n")
        lines += [f"{indent}{_STEP}{line}" if line else "" for line in body.split("\n")]
    else:
        lines.append(before + _flow(value))


def _flow(value: Emittable) -> str:
    if type(value) is str:
        return scalar(value)
    match value:
        case None:
            return "null"
        case Unquoted():
            return str(value) if _is_printable(value) and "\n" not in value else scalar(value)
        case bool():
            return "true" if value else "false"
        case str():
            return scalar(value)
        case int():
            return str(value)
        case float():
            return _float(value)
        case Mapping():
            return "{}"
        case Sequence() if not isinstance(value, bytes):
            return "[]"
    raise TypeError(f"{type(value).__name__} cannot be written as YAML")


def _float(value: float) -> str:
    if math.isnan(value):
        return ".nan"
    if math.isinf(value):
        return ".inf" if value > 0 else "-.inf"
    text = repr(value)
    mantissa, mark, exponent = text.partition("e")
    # PyYAML takes 1e+16 for text: it wants a point.
    return f"{mantissa}.0e{exponent}" if mark and "." not in mantissa else text


def _is_plain(text: str) -> bool:
    """Whether every reader takes the bare words as this very text."""
    return (
        _START.match(text) is not None
        and text.lower() not in _SPECIAL_WORDS
        and not text[-1].isspace()
        and text[-1] != ":"
        and ": " not in text
        and " #" not in text
        and "\t" not in text
        and "\n" not in text
        and _is_printable(text)
        and _NUMBERLIKE.fullmatch(text) is None
    )


def _is_block(text: str) -> bool:
    """Whether `text` has several lines that a block (``|``) keeps exactly.

    A first line that starts with a space would need a mark for its indentation, and readers differ
    about lines of spaces alone; both go into double quotes.
    """
    if "\n" not in text or not _is_printable(text):
        return False
    lines = text.split("\n")
    first = next((line for line in lines if line), "")
    return first[:1] not in {"", " ", "\t"} and not any(line and not line.strip() for line in lines)


def _chomping(text: str) -> str:
    if text.endswith("\n\n"):
        return "+"
    return "" if text.endswith("\n") else "-"


def _double(text: str) -> str:
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if _is_printable(character):
        return character
    code = ord(character)
    if 0xD800 <= code <= 0xDFFF:
        raise ValueError(f"U+{code:04X} is half a surrogate pair and cannot be written")
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


# Asking the abstract classes is slow, and nearly every value is one of four plain types.


def _is_mapping(value: object) -> TypeGuard[Mapping[str, Emittable]]:
    return type(value) is dict or (
        type(value) is not str and type(value) is not list and isinstance(value, Mapping)
    )


def _is_list(value: object) -> TypeGuard[Sequence[Emittable]]:
    return type(value) is list or (
        type(value) is not str
        and type(value) is not dict
        and isinstance(value, Sequence)
        and not isinstance(value, str | bytes)
    )


def _comment_lines(header: str) -> list[str]:
    """Lines of a comment; what YAML does not allow even there becomes a replacement character."""
    return [
        "".join(c if _is_printable(c) else "\ufffd" for c in line) for line in header.splitlines()
    ]


def _check_depth(depth: int) -> None:
    if depth >= MAX_DEPTH:
        raise ValueError(f"data is nested deeper than {MAX_DEPTH}, or contains itself")


def _is_printable(text: str) -> bool:
    return re.fullmatch(_PRINTABLE, text) is not None
