"""Versions of Prometheus: which one is aimed at, and what it does not take."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from buckstop.diagnostics import Diagnostic, Span
from buckstop.document.pattern_builds import depends_on_build
from buckstop.document.tables import VersionFault
from buckstop.document.versions import Version, major_minor
from buckstop.language.unicode_classes import GoRelease, newer_syntax
from buckstop.prometheus.codes import PROMETHEUS_TOO_NEW, PROMETHEUS_TOO_OLD

OLDEST: Final[Version] = (2, 42)
"""The oldest that is supported. What it has has no version in the tables."""
UTF8_NAMES: Final[Version] = (3, 0)
"""Since then any text may be the name of a series, a label or an annotation."""
NEWEST_KNOWN: Final[Version] = (3, 16)
"""The newest that the tables say anything of; a later one is taken to be as this one."""

_FIRST_BUILT_WITH: Final[dict[GoRelease, Version]] = {
    GoRelease.GO_1_24: (2, 53),
    GoRelease.GO_1_27: (3, 5),
}
"""The first measured version that is built with a Go; 2.42 is built with Go 1.19."""


def parse_version(text: str | None) -> Version | None:
    """``3.5`` or ``3.5.3`` as numbers, the patch level dropped; None for None: any supported one.

    Raises:
        ValueError: for anything else.
    """
    return None if text is None else major_minor(text)


def version_fault(
    what: str,
    version: Version | None,
    span: Span | None,
    *,
    since: Version = (0,),
    until: Version | None = None,
) -> Diagnostic | None:
    """What keeps `version` from taking `what`, which the versions from `since` to `until` have.

    Args:
        version: the one aimed at; None takes whatever any supported version takes.
        span: where it stands, if that is known yet.
        until: the first version that has it no longer, or None.
    """
    if version is None:
        return None
    if version < since:
        return Diagnostic(
            PROMETHEUS_TOO_OLD,
            f"{what} needs Prometheus {dotted(since)}; the one aimed at is {dotted(version)}",
            span,
            hint=f"aim at Prometheus {dotted(since)} or newer, or do without it",
        )
    if until is not None and version >= until:
        return Diagnostic(
            PROMETHEUS_TOO_NEW,
            f"{what} is gone since Prometheus {dotted(until)}; the one aimed at is "
            f"{dotted(version)}",
            span,
            hint=f"write what Prometheus {dotted(until)} has in its place",
        )
    return None


def pattern_faults(
    pattern: str, version: Version | None, span: Span | None
) -> Iterator[Diagnostic]:
    """What in a valid `pattern` keeps `version`, or some builds of it, from taking it."""
    for newer in newer_syntax(pattern):
        since = _FIRST_BUILT_WITH[newer.since]
        fault = version_fault(newer.what, version, span, since=since)
        if fault is None and version is not None:
            fault = depends_on_build(newer, f"Prometheus {dotted(version)}", span)
        if fault is not None:
            yield fault


def field_faults(version: Version | None) -> VersionFault:
    """What says of a field that Prometheus `version` has it not yet, or no longer."""
    return lambda name, since, until, span: version_fault(
        f"'{name}'", version, span, since=since, until=until
    )


def dotted(version: Version) -> str:
    """``3.5``."""
    return ".".join(str(part) for part in version)
