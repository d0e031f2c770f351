"""What an expression uses that the Prometheus aimed at has not, or has only behind a flag."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop import promql
from buckstop.diagnostics import Diagnostic, Span
from buckstop.document.versions import Version
from buckstop.prometheus.codes import PROMQL_EXPERIMENTAL
from buckstop.prometheus.versions import version_fault


def feature_faults(expr: str, version: Version | None, span: Span) -> Iterator[Diagnostic]:
    """Each feature that `version` has not; each flag that a server must be started with, once.

    Args:
        expr: a valid expression.
        version: the one aimed at; None takes whatever any supported version takes.
        span: where the expression stands.
    """
    flags: dict[str, str] = {}
    for feature in dict.fromkeys(use.feature for use in promql.uses(expr)):
        fault = version_fault(feature.what, version, span, since=feature.since, until=feature.until)
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
            span,
        )
