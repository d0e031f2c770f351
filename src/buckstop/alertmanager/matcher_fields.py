"""The fields in which matchers stand: ``match``, ``match_re`` and ``matchers``, and label names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from buckstop.alertmanager.codes import LABEL_NAME_INVALID, MATCHER_INVALID
from buckstop.alertmanager.matcher_syntax import (
    FIRST_UTF8_VERSION,
    MatcherError,
    parse_matchers,
)
from buckstop.alertmanager.model import Matcher
from buckstop.alertmanager.versions import NEWEST
from buckstop.diagnostics import Diagnostic, Span, has_errors
from buckstop.document import Fields, Scalar
from buckstop.document.pattern_builds import depends_on_build
from buckstop.document.versions import Version
from buckstop.language.patterns import PatternError, compile_pattern
from buckstop.language.unicode_classes import GoRelease, newer_syntax

_FIRST_BUILT_WITH: Final[dict[GoRelease, Version]] = {
    GoRelease.GO_1_24: (0, 28),
    GoRelease.GO_1_27: (0, 29),
}
"""The first version that may be built with a Go: 0.25 is measured with Go 1.19, 0.28 with Go 1.24,
0.33 with Go 1.27; what comes between the last two is not measured."""
_CLASSIC_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")


def read_matchers(fields: Fields, prefix: str, version: Version) -> tuple[Matcher, ...] | None:
    """The matchers under ``match``, ``match_re`` and ``matchers``, each with `prefix` before it.

    None, with findings, where one of them cannot be read: what the rest say is then not what the
    whole says.
    """
    before = len(fields.findings)
    matchers: list[Matcher] = []
    for name, value in fields.pairs(f"{prefix}match", "label names and values"):
        _check_classic_name(name, fields.findings)
        text = "" if value.is_null else value.text
        matchers.append(Matcher(name.text, "=", text, _reach(name, value), deprecated=True))
    for name, value in fields.pairs(f"{prefix}match_re", "label names and regular expressions"):
        _check_classic_name(name, fields.findings)
        fault = _pattern_fault(value)
        if fault is not None:
            fields.findings.append(Diagnostic(MATCHER_INVALID, fault, value.span))
        else:
            span = _reach(name, value)
            matchers.append(Matcher(name.text, "=~", value.text, span, deprecated=True))
    for line in fields.scalars(f"{prefix}matchers", "matchers") or ():
        text = "" if line.is_null else line.text
        try:
            matchers.extend(parse_matchers(text, line.span, version))
        except MatcherError as error:
            fields.findings.append(
                Diagnostic(
                    MATCHER_INVALID,
                    f"a matcher cannot be read: {error}",
                    line.span,
                    _newer_reader(text, line.span, version),
                )
            )
    for matcher in matchers:
        if matcher.operator in {"=~", "!~"}:
            fields.findings.extend(_version_faults(matcher, version))
    return None if has_errors(fields.findings[before:]) else tuple(matchers)


def label_name_fault(name: Scalar, version: Version) -> Diagnostic | None:
    """What is wrong with a label's name in ``group_by`` or ``equal``, or None.

    Since 0.27 any text may be a label's name.
    """
    text = "" if name.is_null else name.text
    if version >= FIRST_UTF8_VERSION and text != "":
        return None
    if _CLASSIC_NAME.fullmatch(text):
        return None
    return Diagnostic(
        LABEL_NAME_INVALID,
        f"'{text}' is not the name of a label",
        name.span,
        hint="a label's name has letters, digits and underscores, and no digit first",
    )


def _check_classic_name(name: Scalar, findings: list[Diagnostic]) -> None:
    """Names under ``match`` and ``match_re`` stay classic in every version."""
    fault = label_name_fault(name, (0,))
    if fault is not None:
        findings.append(fault)


def _pattern_fault(value: Scalar) -> str | None:
    if value.is_null:
        return "a regular expression is missing"
    try:
        compile_pattern(value.text)
    except PatternError as error:
        return f"'{value.text}' is no valid regular expression: {error}"
    return None


def _version_faults(matcher: Matcher, version: Version) -> Iterator[Diagnostic]:
    """What in a valid pattern keeps `version`, or some builds of it, from taking it."""
    for newer in newer_syntax(matcher.value):
        if version < _FIRST_BUILT_WITH[newer.since]:
            yield Diagnostic(
                MATCHER_INVALID,
                f"{newer.what} needs a newer Alertmanager",
                matcher.span,
                hint="write (?P<name>, which every version takes"
                if newer.what.startswith("a group")
                else "write a class that every version takes",
            )
        elif version != NEWEST:
            dotted = ".".join(map(str, version))
            fault = depends_on_build(newer, f"Alertmanager {dotted}", matcher.span)
            if fault is not None:
                yield fault


def _reach(name: Scalar, value: Scalar) -> Span:
    """From the label's name to the end of its value."""
    start, end = name.span, value.span
    return Span(start.file, start.line, start.column, end.end_line, end.end_column)


def _newer_reader(text: str, span: Span, version: Version) -> str | None:
    """Says from when on a matcher can be read that `version` refuses; None where it never can."""
    if version >= FIRST_UTF8_VERSION:
        return None
    try:
        parse_matchers(text, span, FIRST_UTF8_VERSION)
    except MatcherError:
        return None
    first = ".".join(map(str, FIRST_UTF8_VERSION))
    return f"aim at Alertmanager {first} or newer, which takes any text as a name"
