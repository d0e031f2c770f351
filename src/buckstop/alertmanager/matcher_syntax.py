"""Matchers as text: ``severity="critical", team=~"a|b"``, in both syntaxes of Alertmanager.

The classic one is all there was before 0.27. Since then a second one, which allows any UTF-8 in
names, is tried as well; where the classic one takes the text too, the classic reading wins. So the
second one only ever adds texts that the classic one refuses.
"""

from __future__ import annotations

import re
from typing import Final, cast

import re2

from buckstop.alertmanager.matcher_utf8 import SPACE, parse_utf8
from buckstop.alertmanager.model import Matcher, Operator
from buckstop.diagnostics import Span
from buckstop.language.patterns import PatternError, compile_pattern

FIRST_UTF8_VERSION = (0, 27)

_PLAIN: Final = re.compile(r'([a-zA-Z_:][a-zA-Z0-9_:]*)(=~|=|!=|!~)"([ !#-\[\]-~]*)"')
"""One matcher as most are written: ASCII, in quotes, nothing escaped, no blank around it."""

_MATCHER = re2.compile(r"^\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(=~|=|!=|!~)\s*((?s).*?)\s*$")


class MatcherError(ValueError):
    """A text that Alertmanager refuses as matchers; the message says why."""


def parse_matchers(text: str, span: Span, version: tuple[int, ...]) -> tuple[Matcher, ...]:
    """The matchers that `text` holds, all of them standing at `span`; an empty text holds none.

    Args:
        version: Alertmanager's, as numbers.

    Raises:
        MatcherError: if Alertmanager of that version refuses it.
    """
    try:
        triples = parse_classic(text)
    except MatcherError as classic:
        if version < FIRST_UTF8_VERSION:
            raise
        try:
            triples = parse_utf8(text)
        except ValueError:
            raise classic from None
        for triple in triples:
            _check_pattern(*triple)
    return tuple(Matcher(name, operator, value, span) for name, operator, value in triples)


def parse_classic(text: str) -> list[tuple[str, Operator, str]]:
    """Name, operator and value of each matcher, in the classic syntax.

    Raises:
        MatcherError: if the text is refused.
    """
    plain = _PLAIN.fullmatch(text)
    if plain is None:
        return [_classic_matcher(part) for part in _split(text)]
    name, operator, value = plain[1], cast("Operator", plain[2]), plain[3]
    _check_pattern(name, operator, value)
    return [(name, operator, value)]


def _split(text: str) -> list[str]:
    """The parts between commas that stand outside quotes; braces around the whole are optional."""
    text = text.removeprefix("{").removesuffix("}")
    parts: list[str] = []
    part = ""
    inside_quotes = escaped = False
    for character in text:
        if character == "," and not inside_quotes:
            parts.append(part)
            part = ""
            continue
        if character == '"':
            if not escaped:
                inside_quotes = not inside_quotes
            escaped = False
        elif character == "\\":
            escaped = not escaped
        elif character != ",":
            # As upstream: a comma inside quotes leaves the state of the escape as it is.
            escaped = False
        part += character
    if last := part.strip(SPACE):
        parts.append(last)
    return parts


def _classic_matcher(text: str) -> tuple[str, Operator, str]:
    try:
        match = _MATCHER.search(text)
    except UnicodeEncodeError:
        raise MatcherError("a matcher must be valid UTF-8") from None
    if match is None:
        if text.strip(SPACE) == "":
            raise MatcherError("two commas with no matcher between them")
        raise MatcherError(
            f"{text.strip()!r} is no matcher: write name, then one of = != =~ !~, then a value"
        )
    name, operator, raw = match.group(1), cast("Operator", match.group(2)), match.group(3)
    value = _unescaped(raw)
    _check_pattern(name, operator, value)
    return name, operator, value


def _unescaped(raw: str) -> str:
    """A value without its quotes and escapes; an escape that means nothing is kept as it is."""
    refused = MatcherError(f"a double quote in the value {raw!r} is not closed or not escaped")
    rest = raw.removeprefix('"')
    expects_quote = rest != raw
    value = ""
    escaped = False
    for index, character in enumerate(rest):
        last = index == len(rest) - 1
        if escaped:
            escaped = False
            if character == "n":
                value += "\n"
            elif character in {'"', "\\"}:
                value += character
            else:
                value += "\\" + character
        elif character == "\\" and not last:
            escaped = True
        elif character == '"':
            if not expects_quote or not last:
                raise refused
            expects_quote = False
        else:
            value += character
    if expects_quote:
        raise refused
    return value


def _check_pattern(name: str, operator: Operator, value: str) -> None:
    if operator in {"=", "!="}:
        return
    try:
        compile_pattern(value)
    except PatternError as error:
        raise MatcherError(
            f"{name}{operator}{value!r} holds no valid regular expression: {error}"
        ) from None
