"""What looks like a key and its secret in a text that is no YAML, or is no more than a comment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_NAME: Final = r"(?:password|secret|secrets|token|token_id|credentials|key|url)"
_CAMEL: Final = r"[a-z]\w*(?:Password|Secret|Secrets|Token|TokenID|Credentials|Key|URL|Url)"
_SECTION: Final = r"proxy(?:_connect_header|ConnectHeader)"
SECRET_KEY: Final = re.compile(rf"(?:\w+_)?{_NAME}|{_CAMEL}")
"""A key of the servers' configurations that may hold a secret."""
SECRET_SECTION: Final = re.compile(_SECTION)
"""The key of a section in which every value is a secret, whatever its own key."""

_PERHAPS: Final = re.compile(
    rf"{_NAME}|[a-z](?:Password|Secret|Token|Credentials|Key|URL|Url)|onnect"
)
_SLIP: Final = re.compile(
    rf"""
    (?<![\w-])[\"']?
    (?:
      (?P<all>{_SECTION})[\"']?\s*:(?P<rest>[^\n]*)
    | (?:
        \w+_{_NAME}[\"']?(?:\s*[:=][ \t]*|[ \t]+)
      | {_NAME}[\"']?\s*:[ \t]*
      | {_CAMEL}[\"']?\s*[:=][ \t]*
      )
      (?:[&!]\S*[ \t]+)*
      (?:[{{\[][ \t]*(?!\w+[ \t]*:))?
      (?P<value>(?<=\[)[^\]]*|"(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?|[^\s"'\[{{#](?:(?![ \t]\#)[^\n])*
        |(?=[ \t]*(?:\#[^\n]*)?\r?$))
    )
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
"""Such a key and its value.

The value is empty where nothing else stands on the line: it may begin on the next one.

With a slip: what lacks its colon, its space or its closing bracket is no less secret. A quoted
value goes on to the next quote, on whatever line that is.
"""
_FLOW_END: Final = re.compile(r"[,}\]]")
_BRACKET: Final = re.compile(r"[{}\[\]]")
_ENTRY: Final = re.compile(r"(?:-\s+)?[\w.-]+[ \t]*:(?:\s|$)|(?:-\s+|\[\s*)?\{|-$")
"""What begins a section; below a key without a value, that is no secret then."""


def may_hold_secrets(text: str) -> bool:
    """Whether a key of a secret stands in `text` at all; of most texts none does."""
    return _PERHAPS.search(text) is not None


def slips(text: str) -> Iterator[tuple[int, int]]:
    """Where the values of secrets seem to stand, in order.

    A value may go on below its key: in the lines that are further in than the key, and, where a
    bracket is open, in any lines up to the next comma or bracket.
    """
    done = counted = opened = opened_in_line = line_start = 0
    for found in _SLIP.finditer(text):
        start, end = found.span("value" if found["all"] is None else "rest")
        if start < done:
            continue
        # Each character is looked at once: a line may be the whole of a large text.
        newline = text.rfind("\n", counted, found.start())
        opened = _opened(text[counted : found.start()], opened)
        if newline >= 0:
            line_start, opened_in_line, counted = newline + 1, 0, newline
        opened_in_line = _opened(text[counted : found.start()], opened_in_line)
        counted = found.start()
        value = text[start:end]
        has_end = text[start - 1] == "[" or value.startswith(('"', "'"))
        is_whole = has_end or found["all"] is not None
        if not is_whole and opened_in_line > 0:
            end = start + len(_FLOW_END.split(value, maxsplit=1)[0])
        done = end
        if is_secret(text[start:end]):
            yield start, end
        is_ended = opened > 0 and (has_end or _FLOW_END.match(text, end) is not None)
        indent = found.start() - line_start
        if not is_ended:
            may_be_section = start == end and found["all"] is None
            for place in _below(
                text, end, indent, may_be_section=may_be_section, is_open=opened > 0
            ):
                yield place
                done = place[1]


def _opened(text: str, before: int = 0) -> int:
    """How many brackets are open at the end of `text`, with those open `before` it."""
    for bracket in _BRACKET.findall(text):
        before = before + 1 if bracket in "{[" else max(0, before - 1)
    return before


def _below(
    text: str, place: int, indent: int, *, may_be_section: bool, is_open: bool
) -> Iterator[tuple[int, int]]:
    """What seems to belong to a value in the lines after that of `place`.

    Args:
        indent: of its key.
        may_be_section: whether nothing stands behind the key, so that a section may follow.
        is_open: whether a bracket is open.
    """
    place = text.find("\n", place)
    while place >= 0:
        following = text.find("\n", place + 1)
        line = text[place + 1 : len(text) if following < 0 else following]
        within = line.strip()
        further = len(line) - len(line.lstrip())
        is_entry = _ENTRY.match(within) is not None
        is_item = further == indent and may_be_section and within.startswith("- ")
        is_below = (further > indent or is_item) and not (is_entry and may_be_section)
        if within and not is_below and (is_entry or not is_open):
            return
        end = len(within)
        if not is_below and not within.startswith(('"', "'")):
            end = len(_FLOW_END.split(within, maxsplit=1)[0])
        if is_secret(within[:end]):
            yield place + 1 + further, place + 1 + further + end
        if is_open and _FLOW_END.search(within) is not None:
            return
        place = following


def is_secret(value: str) -> bool:
    """Whether the value of a secret's key is one: no template, and not nothing."""
    return "{{" not in value and value.strip() not in {"", "null", "~"}
