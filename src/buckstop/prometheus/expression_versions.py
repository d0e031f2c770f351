"""What an expression uses that the Prometheus aimed at has not, or has only behind a flag."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import Final

from buckstop import promql
from buckstop.diagnostics import Diagnostic, Span
from buckstop.document.versions import Version
from buckstop.prometheus.codes import PROMQL_EXPERIMENTAL, PROMQL_INVALID
from buckstop.prometheus.durations import parse_duration
from buckstop.prometheus.versions import pattern_faults, version_fault
from buckstop.promql.lexemes import lexemes
from buckstop.promql.lexing import patterns
from buckstop.promql.strings import unquote

_LONG: Final = re.compile(r"[0-9]{3}[0-9]*[smhdwy]")
"""What an expression without it need not be looked through for: 99 years are no length at all."""


def feature_faults(expr: str, version: Version | None, span: Span) -> Iterator[Diagnostic]:
    """Each feature that `version` has not; each flag that a server must be started with, once.

    Args:
        expr: a valid expression.
        version: the one aimed at; None takes whatever any supported version takes.
        span: where the expression stands.
    """
    skeleton = promql.skeleton_of(expr)
    found = _faults(expr, version) if skeleton is None else _remembered(skeleton, version)
    return (replace(one, span=span) for one in found)


@lru_cache(promql.MAX_SKELETONS)
def _remembered(skeleton: str, version: Version | None) -> tuple[Diagnostic, ...]:
    return tuple(_faults(skeleton, version))


def _faults(expr: str, version: Version | None) -> Iterator[Diagnostic]:
    """As `feature_faults`, without a place."""
    if _has_duration_out_of_range(expr):
        yield Diagnostic(PROMQL_INVALID, "this is not PromQL: a duration is out of range")
    if "\\" in expr or "(?" in expr:
        faults = (pattern_faults(one, version, None) for one in _patterns(expr))
        yield from dict.fromkeys(chain.from_iterable(faults))
    flags: dict[str, str] = {}
    for feature in dict.fromkeys(use.feature for use in promql.uses(expr)):
        fault = version_fault(feature.what, version, None, since=feature.since, until=feature.until)
        if fault is not None:
            yield fault
            continue
        flag = feature.flag_for(version)
        if flag is not None:
            flags.setdefault(flag, feature.what)
    for flag, what in flags.items():
        yield Diagnostic(
            PROMQL_EXPERIMENTAL,
            f"{what} is experimental: the server takes it only with --enable-feature={flag}",
        )


def _patterns(expr: str) -> Iterator[str]:
    """The regular expressions of the matchers of `expr`."""
    return (unquote(literal) for literal in patterns(expr).values())


def _has_duration_out_of_range(expr: str) -> bool:
    """Whether a length of time is more than 64 bits of nanoseconds, which the parser takes."""
    if _LONG.search(expr) is None:
        return False
    for lexeme in lexemes(expr):
        if lexeme.kind == "duration":
            try:
                parse_duration(lexeme.text)
            except ValueError:
                return True
    return False
