"""Waivers in comments: ``# buckstop: ignore[CODE] until=DATE reason=…``."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from buckstop.cli.codes import WAIVER_INVALID
from buckstop.diagnostics import Diagnostic, Span, did_you_mean
from buckstop.document.comments import Comment, comments

WORD: Final = "buckstop:"
"""The word by which a comment is told to be meant for us."""
FORM: Final = "# buckstop: ignore[CODE] until=YYYY-MM-DD reason=…"

_IGNORE: Final = re.compile(r"ignore[ \t]*\[(?P<codes>[^\]]*)\]")
_CODE: Final = re.compile(r"[^\s,]+")
_FIELD: Final = re.compile(
    r"""[ \t]+(?P<name>until|reason)[ \t]*=[ \t]*
    (?P<value>"[^"]*"|'[^']*'|.*?)(?=[ \t]+(?:until|reason)[ \t]*=|[ \t]*$)""",
    re.VERBOSE,
)
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Waiver:
    """Findings of one kind that are not to count in a few lines, for a time.

    Attributes:
        code: the name of the kind.
        code_span: where the name stands.
        span: of the whole comment.
        lines: those in which findings are waived.
        until: the last day on which they are.
    """

    code: str
    code_span: Span
    span: Span
    lines: range
    until: date
    reason: str


def read_waivers(
    text: str, file: str, known: Collection[str]
) -> tuple[tuple[Waiver, ...], tuple[Diagnostic, ...]]:
    """The waivers in the comments of a YAML text, and what is wrong with others.

    Args:
        known: the names of the kinds of finding that can be waived.
    """
    waivers: list[Waiver] = []
    findings: list[Diagnostic] = []
    for comment in comments(text, file, WORD):
        read = _read(comment, known)
        if isinstance(read, Diagnostic):
            findings.append(read)
        else:
            waivers += read
    return tuple(waivers), tuple(findings)


def _read(comment: Comment, known: Collection[str]) -> list[Waiver] | Diagnostic:
    """The waivers of one comment, one for each of its codes."""
    ignore = _IGNORE.match(comment.text)
    if ignore is None:
        return _invalid("a comment to buckstop is a waiver, and this is none", comment.span)
    codes = [
        (found[0], _part(comment, found, ignore.start("codes")))
        for found in _CODE.finditer(ignore["codes"])
    ]
    if not codes:
        return _invalid("a waiver names the kinds of finding that it is for", comment.span)
    for name, span in codes:
        if name not in known:
            hint = did_you_mean(name, known) or "`buckstop explain` lists all kinds of finding"
            return _invalid(f"no kind of finding that can be waived is called '{name}'", span, hint)
    fields = _fields(comment, ignore.end())
    if isinstance(fields, Diagnostic):
        return fields
    for name, why in (("until", "the last day on which it holds"), ("reason", "why it is right")):
        if not fields.get(name, ("", comment.span))[0]:
            return _invalid(f"a waiver says {why}: `{name}=` is missing", comment.span)
    until = _day(*fields["until"])
    if isinstance(until, Diagnostic):
        return until
    reason = fields["reason"][0]
    return [Waiver(name, span, comment.span, comment.lines, until, reason) for name, span in codes]


def _fields(comment: Comment, start: int) -> dict[str, tuple[str, Span]] | Diagnostic:
    """What `until` and `reason` say, without quotes, each with its place."""
    fields: dict[str, tuple[str, Span]] = {}
    while start < len(comment.text):
        found = _FIELD.match(comment.text, start)
        if found is None:
            rest = comment.text[start:]
            return _invalid(
                f"'{rest.strip()}' is neither `until=` nor `reason=`",
                _span(comment, start + len(rest) - len(rest.lstrip()), len(comment.text)),
            )
        name, value = found["name"], found["value"]
        span = _part(comment, found, 0, "value")
        if name in fields:
            return _invalid(f"`{name}=` is given twice", span)
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1].strip()
        fields[name] = (value, span)
        start = found.end()
    return fields


def _day(text: str, span: Span) -> date | Diagnostic:
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    return _invalid(f"'{text}' is no day", span, "write it as 2027-01-31")


def _part(comment: Comment, found: re.Match[str], offset: int, group: str | int = 0) -> Span:
    """Where a part of the comment stands whose text begins `offset` behind that of the comment."""
    return _span(comment, offset + found.start(group), offset + found.end(group))


def _span(comment: Comment, start: int, end: int) -> Span:
    line, column = comment.span.line, comment.column
    return Span(comment.span.file, line, column + start, line, column + end)


def _invalid(message: str, span: Span, hint: str = f"write it as `{FORM}`") -> Diagnostic:
    return Diagnostic(WAIVER_INVALID, message, span, hint)
