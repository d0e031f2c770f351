"""Go template text, cut into its actions and their tokens.

Only what is needed to judge whether a notification template can execute; text outside ``{{ }}``
says nothing and is dropped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal, cast

TEMPLATE_LENGTH_LIMIT: Final = 64 * 1024
"""Characters of one field that are looked at; a longer one is not judged."""

TokenKind = Literal["chain", "word", "text", "number", "mark"]


@dataclass(frozen=True, slots=True)
class Token:
    """One token of an action.

    Attributes:
        kind: ``chain`` (``.``, ``.A.B``, ``$``, ``$x.A``), ``word`` (a keyword or a function),
            ``text`` (a quoted string), ``number``, or ``mark`` (a parenthesis, ``|``, ``:=``,
            ``=`` or a comma).
        text: as written; a string keeps its quotes.
        spaced: whether white space stands before it, for ``(f).A`` against ``(f) .A``.
    """

    kind: TokenKind
    text: str
    spaced: bool


@dataclass(frozen=True, slots=True)
class Action:
    """One ``{{ … }}``: `source` as written, and its tokens. Comments are left out."""

    source: str
    tokens: tuple[Token, ...]


class TemplateSyntaxError(ValueError):
    """The text is no Go template; the message says what Alertmanager's engine would say."""


_TOKEN: Final = re.compile(
    r"""
    (?P<text>"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)+')
  | (?P<chain>\$[A-Za-z0-9_]*(?:\.[A-Za-z_]\w*)*|(?:\.[A-Za-z_]\w*)+|\.(?![0-9A-Za-z_]))
  | (?P<number>[+-]?(?:\d[\w.]*|\.\d\w*))
  | (?P<word>[A-Za-z_]\w*)
  | (?P<mark>:=|[()|=,])
    """,
    re.VERBOSE,
)
_SPACE: Final = " \t\r\n"


def actions(text: str) -> tuple[Action, ...]:
    """The actions of `text`, in order.

    Raises:
        TemplateSyntaxError: an action is not closed, or holds a character no template may hold.
    """
    found: list[Action] = []
    position = text.find("{{")
    while position != -1:
        action, end = _action(text, position)
        if action is not None:
            found.append(action)
        position = text.find("{{", end)
    return tuple(found)


def _action(text: str, start: int) -> tuple[Action | None, int]:
    position = start + 2
    if text.startswith("-", position) and text[position + 1 : position + 2] in tuple(_SPACE):
        position += 1
    if text[position:].lstrip(_SPACE).startswith("/*"):
        end = text.find("*/", position)
        close = re.compile(r"\s-\}\}|\}\}").match(text, end + 2) if end != -1 else None
        if close is None:
            raise TemplateSyntaxError("unclosed comment")
        return None, close.end()
    tokens: list[Token] = []
    spaced = False
    while True:
        while position < len(text) and text[position] in _SPACE:
            spaced = True
            position += 1
        if text.startswith("}}", position):
            end = position + 2
            break
        if spaced and text.startswith("-}}", position):
            end = position + 3
            break
        match = _TOKEN.match(text, position)
        if match is None:
            raise TemplateSyntaxError(_complaint(text, position))
        kind = cast("TokenKind", match.lastgroup)
        tokens.append(Token(kind, match.group(), spaced))
        spaced = False
        position = match.end()
    return Action(text[start:end], tuple(tokens)), end


def _complaint(text: str, position: int) -> str:
    if position >= len(text):
        return "unclosed action"
    if text[position] in "\"'`":
        return "unterminated string"
    return f"unexpected {text[position]!r} in an action"


def commands(tokens: list[Token]) -> list[list[Token]]:
    """`tokens` at the ``|`` outside parentheses."""
    found: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        if token.kind == "mark" and token.text in "()":
            depth += 1 if token.text == "(" else -1
        if token.kind == "mark" and token.text == "|" and depth == 0:
            found.append([])
        else:
            found[-1].append(token)
    return found


def parenthesis(tokens: list[Token]) -> tuple[list[Token], list[Token]]:
    """What stands before the ``)`` that closes an open one, and what stands after it."""
    depth = 1
    for index, token in enumerate(tokens):
        if token.kind == "mark" and token.text in "()":
            depth += 1 if token.text == "(" else -1
        if depth == 0:
            return tokens[:index], tokens[index + 1 :]
    raise TemplateSyntaxError("unclosed left paren")
