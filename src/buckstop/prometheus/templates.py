"""Whether the template in a label or an annotation parses, as Prometheus parses it at load.

Only what the parser itself refuses is looked for: actions and quotes that are not closed, blocks
that do not end, functions and variables that do not exist. What fails when the alert fires is
another matter.
"""

from __future__ import annotations

import re
from typing import Final

MAX_TEMPLATE_LENGTH: Final = 200_000
"""Characters of one template."""

_BLOCKS: Final = frozenset({"if", "range", "with", "define", "block"})
_KEYWORDS: Final = _BLOCKS | {"else", "end", "template", "break", "continue"}
_CONSTANTS: Final = frozenset({"true", "false", "nil"})
_GO_FUNCTIONS: Final = frozenset(
    {
        "and",
        "call",
        "eq",
        "ge",
        "gt",
        "html",
        "index",
        "js",
        "le",
        "len",
        "lt",
        "ne",
        "not",
        "or",
        "print",
        "printf",
        "println",
        "slice",
        "urlquery",
    }
)
_PROMETHEUS_FUNCTIONS: Final = frozenset(
    {
        "args",
        "externalURL",
        "first",
        "graphLink",
        "humanize",
        "humanize1024",
        "humanizeDuration",
        "humanizePercentage",
        "humanizeTimestamp",
        "label",
        "match",
        "now",
        "parseDuration",
        "pathPrefix",
        "query",
        "reReplaceAll",
        "safeHtml",
        "sortByLabel",
        "stripDomain",
        "stripPort",
        "strvalue",
        "tableLink",
        "title",
        "toDuration",
        "toLower",
        "toTime",
        "toUpper",
        "urlQueryEscape",
        "value",
    }
)
_KNOWN_WORDS: Final = _KEYWORDS | _CONSTANTS | _GO_FUNCTIONS | _PROMETHEUS_FUNCTIONS
_GIVEN_VARIABLES: Final = frozenset({"$", "$labels", "$externalLabels", "$externalURL", "$value"})

_TOKEN = re.compile(
    r"""
      (?P<space>[ \t\r\n]+)
    | (?P<string>"(?:[^"\\\n]|\\.)*"|`[^`]*`)
    | (?P<character>'(?:[^'\\\n]|\\.)+')
    | (?P<variable>\$\w*)
    | (?P<field>\.\w*)
    | (?P<number>[+-]?\d[\w.]*)
    | (?P<word>[^\W\d]\w*)
    | (?P<mark>:=|[()|=,])
    """,
    re.VERBOSE,
)
_COMMENT = re.compile(r"/\*.*?\*/(?: -)?\}\}|/\*.*?\*/\s*-?\}\}", re.DOTALL)


def template_fault(text: str) -> str | None:
    """What Prometheus's template parser would refuse in `text`, or None."""
    if len(text) > MAX_TEMPLATE_LENGTH:
        return f"longer than {MAX_TEMPLATE_LENGTH} characters"
    if "{{" not in text:
        return None
    try:
        _Scan(text).run()
    except _FaultError as fault:
        return str(fault)
    return None


class _FaultError(Exception):
    pass


class _Scan:
    """One pass over a template, with the blocks and variables that are open."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._blocks: list[str] = []
        self._variables = set(_GIVEN_VARIABLES)

    def run(self) -> None:
        position = 0
        while (start := self._text.find("{{", position)) >= 0:
            begin = start + 2
            if re.match(r"-[ \t\r\n]", self._text[begin : begin + 2]):
                begin += 2
            if self._text.startswith("/*", begin):
                comment = _COMMENT.match(self._text, begin)
                if comment is None:
                    raise _FaultError("a comment is not closed by '*/}}'")
                position = comment.end()
                continue
            found, position = self._tokens(begin)
            self._action(found)
        if self._blocks:
            raise _FaultError(f"a block '{self._blocks[-1]}' has no 'end'")

    def _tokens(self, position: int) -> tuple[list[tuple[str, str]], int]:
        """The tokens of the action that begins at `position`, and where the text goes on."""
        found: list[tuple[str, str]] = []
        while position < len(self._text):
            for closing in (" -}}", "\t-}}", "\n-}}", "\r-}}", "}}"):
                if self._text.startswith(closing, position):
                    return found, position + len(closing)
            match = _TOKEN.match(self._text, position)
            if match is None:
                raise _FaultError(f"unexpected {self._text[position]!r} in an action")
            kind = match.lastgroup or ""
            if kind != "space":
                found.append((kind, match.group()))
            position = match.end()
        raise _FaultError("an action is not closed: '{{' without '}}'")

    def _action(self, found: list[tuple[str, str]]) -> None:
        if not found:
            raise _FaultError("an action is empty: '{{ }}'")
        keyword = found[0][1] if found[0][0] == "word" else ""
        rest = found[1:] if keyword in _KEYWORDS else found
        if keyword == "end":
            if not self._blocks:
                raise _FaultError("an 'end' ends nothing")
            self._blocks.pop()
        elif keyword == "else":
            if not self._blocks or self._blocks[-1] not in {"if", "range", "with"}:
                raise _FaultError("an 'else' stands outside of 'if', 'range' and 'with'")
            if rest and rest[0][1] in {"if", "with"}:
                rest = rest[1:]
        elif keyword in {"break", "continue"} and "range" not in self._blocks:
            raise _FaultError(f"a '{keyword}' stands outside of 'range'")
        elif keyword in _BLOCKS:
            if not rest:
                raise _FaultError(f"a block '{keyword}' says nothing")
            self._blocks.append(keyword)
        self._pipeline(rest)

    def _pipeline(self, found: list[tuple[str, str]]) -> None:
        depth = 0
        for index, (kind, text) in enumerate(found):
            previous = found[index - 1][1] if index else ""
            following = found[index + 1][1] if index + 1 < len(found) else ""
            if text == "(" and kind == "mark":
                depth += 1
            elif text == ")" and kind == "mark":
                depth -= 1
                if depth < 0:
                    raise _FaultError("a closing parenthesis has no opening one")
            elif kind == "mark" and text == "|" and previous in {"", "|", "("}:
                raise _FaultError("a '|' has no command before it")
            elif kind == "variable":
                if following in {":=", ","}:
                    self._variables.add(text)
                elif text not in self._variables:
                    raise _FaultError(f"the variable '{text}' is not defined")
            elif kind == "word":
                self._word(text)
        if depth:
            raise _FaultError("a parenthesis is not closed")

    def _word(self, word: str) -> None:
        if word not in _KNOWN_WORDS:
            raise _FaultError(f"the function '{word}' is not defined")
