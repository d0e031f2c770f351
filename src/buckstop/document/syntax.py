"""YAML's own complaints, said as a person would: what is wrong, where, and the usual mend."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import yaml

from buckstop.diagnostics import Diagnostic, Related, Span
from buckstop.document.codes import YAML_SYNTAX, YAML_TAB
from buckstop.document.tree import Scalar
from buckstop.document.values import shorten

_INDENTATION = "check the indentation of this line: siblings start in the same column"
_QUOTE_IT = "put the whole value in quotes"


@dataclass(frozen=True, slots=True)
class _Saying:
    """How a complaint of the parser is put.

    Attributes:
        problem: a pattern found in the parser's own words.
        message, hint: ours.
        opened: what the parser's context stands for, where the place it began at is worth showing.
        at_opening: whether the finding stands there rather than where the parser gave up.
    """

    problem: str
    message: str
    hint: str
    opened: str | None = None
    at_opening: bool = False


_SAYINGS = (
    _Saying(
        "unexpected end of stream.*quoted|quoted.*unexpected end of stream",
        "this quote is never closed",
        "add the closing quote",
        at_opening=True,
    ),
    _Saying(
        "quoted.*document separator|document indicator",
        "this quote is not closed before the document ends",
        "add the closing quote",
        at_opening=True,
    ),
    _Saying(
        r"mapping values are not allowed",
        "a second ': ' in one value, or a key where none can stand",
        "a value that holds ': ' must be quoted; a key starts in the same column as its siblings",
    ),
    _Saying(
        r"could not find expected ':'",
        "this line has no ': ' and is no value either",
        "write 'key: value', or indent the line further than the value that it continues",
        at_opening=True,
    ),
    _Saying(
        r"(',' or ']'|flow sequence)",
        "expected ',' or ']'",
        "close the list, or quote the value: a value that starts with '[' is a list",
        opened="the list is opened here",
    ),
    _Saying(
        r"(',' or '}'|flow mapping)",
        "expected ',' or '}'",
        "close the mapping, or quote the value: one that starts with '{', "
        "such as '{{ $value }}', must be in quotes",
        opened="the mapping is opened here",
    ),
    _Saying(
        r"'-' indicator|block collection|expected <block end>.*sequence|sequence entries are not",
        "expected the next '- ' of the list",
        _INDENTATION,
        opened="the list starts here",
    ),
    _Saying(
        r"did not find expected key|block mapping",
        "expected a key here",
        "check the indentation: keys of one mapping start in the same column",
        opened="the mapping starts here",
    ),
    _Saying(
        r"unknown escape character",
        "this escape is not known in double quotes",
        r"use single quotes, in which '\' stands for itself, or write '\\'",
    ),
    _Saying(
        r"escape|hexdecimal|hexadecimal",
        "this escape is not a character",
        "use single quotes, in which a backslash stands for itself",
    ),
    _Saying(
        "incompatible YAML",
        "the servers read YAML 1.1 only and refuse another version",
        "remove this line, or write '%YAML 1.1'",
        at_opening=True,
    ),
    _Saying(r"%YAML|directive", "this directive cannot be read", "remove it"),
    _Saying(r"while scanning a tag|tag", "this tag cannot be read", _QUOTE_IT),
    _Saying(r"anchor|alias", "a name is expected after '&' or '*'", _QUOTE_IT),
    _Saying(
        r"block scalar",
        "this block of text is not started as YAML does",
        "after '|' or '>' only '+', '-', a digit and a comment may stand on the line",
    ),
    _Saying(
        r"expected <?document start",
        "nothing more can stand here: the document is complete",
        "check brackets and indentation; '---' starts a new document",
    ),
    _Saying(r"expected node content|flow node|block node", "expected a value here", _QUOTE_IT),
)


def explain(error: yaml.MarkedYAMLError, text: str, span: Callable[[Any, Any], Span]) -> Diagnostic:
    """The finding for a syntax error.

    Args:
        error: what the parser raised.
        text: the text that was being parsed, from which the character at fault is shown.
        span: places in that text as places in the file.
    """
    problem_mark = error.problem_mark or error.context_mark
    assert problem_mark is not None, "every syntax error of PyYAML has a place"
    at = span(problem_mark, problem_mark)
    said = " ".join(filter(None, (error.context, error.problem)))
    line = _line(text, problem_mark.index)
    if re.search(
        r"found (a tab )?character .*(that cannot start|tab|indentation|'\\t')", said
    ) and (
        "\t" in line[: len(line) - len(line.lstrip())] or text[problem_mark.index :][:1] == "\t"
    ):
        return _tab(at, line)
    if "cannot start any token" in said:
        return _cannot_start(at, text[problem_mark.index : problem_mark.index + 1])
    if "did not find expected key" in said and _follows_quote(text, problem_mark.index):
        return Diagnostic(
            YAML_SYNTAX,
            "something follows the closing quote",
            _one_wide(at),
            hint="put the whole value inside the quotes, or end the line after them",
        )
    for saying in _SAYINGS:
        if re.search(saying.problem, said):
            break
    else:
        return Diagnostic(YAML_SYNTAX, f"not YAML: {said}", at)
    opening = None if error.context_mark is None else span(error.context_mark, error.context_mark)
    if saying.at_opening and opening is not None:
        return Diagnostic(YAML_SYNTAX, saying.message, _one_wide(opening), hint=saying.hint)
    related: tuple[Related, ...] = ()
    if saying.opened is not None and opening is not None:
        related = (Related(_one_wide(opening), saying.opened),)
    return Diagnostic(YAML_SYNTAX, saying.message, at, hint=saying.hint, related=related)


def question_mark_in_brackets(scalar: Scalar) -> Diagnostic:
    """The finding for an unquoted value within brackets that holds a question mark.

    libyaml reads on; go-yaml 2 and 3, with which the servers read, end the value before the mark
    and refuse the file. It is the only character in which they differ from libyaml that way:
    tests/document/test_go_readers.py compares them.
    """
    quoted = scalar.text.replace("'", "''")
    return Diagnostic(
        YAML_SYNTAX,
        "a '?' in an unquoted value within [ ] or { }: the servers refuse the file",
        scalar.span,
        hint=f"quote it: '{quoted}'",
    )


def not_of_its_tag(text: str, tag: str, span: Span) -> Diagnostic:
    """The finding for a scalar that is not what its tag says, which go-yaml refuses to read."""
    what = "base64 of text in UTF-8" if tag == "!!binary" else f"what the tag {tag} says"
    return Diagnostic(
        YAML_SYNTAX,
        f"'{shorten(text)}' is not {what}: the servers refuse the file",
        span,
        hint="remove the tag, or write a value that it fits",
    )


def _tab(at: Span, line: str) -> Diagnostic:
    indent = line[: len(line) - len(line.lstrip())]
    column = indent.index("\t") + 1 if "\t" in indent else at.column
    return Diagnostic(
        YAML_TAB,
        "a tab is used for indentation; YAML does not allow tabs there",
        Span(at.file, at.line, column, at.line, column + max(1, indent.count("\t"))),
        hint="indent with spaces",
    )


def _cannot_start(at: Span, character: str) -> Diagnostic:
    message = f"a value cannot start with {character!r}" if character else "a value is expected"
    return Diagnostic(YAML_SYNTAX, message, _one_wide(at), hint=_QUOTE_IT)


def _follows_quote(text: str, index: int) -> bool:
    """Whether what stands at `index` has a quote before it on its line."""
    line_start = max(text.rfind("\n", 0, index), text.rfind("\r", 0, index)) + 1
    return text[line_start:index].rstrip().endswith(("'", '"'))


def _one_wide(at: Span) -> Span:
    return Span(at.file, at.line, at.column, at.line, at.column + 1)


def _line(text: str, index: int) -> str:
    """The line of `text` around `index`."""
    start = max(text.rfind("\n", 0, index), text.rfind("\r", 0, index)) + 1
    found = re.compile(r"[\r\n]").search(text, start)
    return text[start : found.start() if found else len(text)]
