"""Findings in the formats of other people's services: SARIF and GitHub annotations."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from buckstop import __version__
from buckstop.cli.codes import RULE_NOT_DECIDED, RULE_REFUTED
from buckstop.diagnostics import Diagnostic, Level, github_annotations, to_sarif
from buckstop.prover.model import RuleAnswer, Verdict

FORMS: Final = frozenset({"sarif", "github"})
"""The values of ``--format`` for which `print_findings` answers."""


_CODES: Final = {Verdict.REFUTED: RULE_REFUTED, Verdict.UNKNOWN: RULE_NOT_DECIDED}


def print_findings(
    form: str,
    diagnostics: Iterable[Diagnostic],
    sources: Mapping[str, str],
    waived: Mapping[Diagnostic, str] = MappingProxyType({}),
    known: Collection[Diagnostic] | None = None,
) -> None:
    """Print `diagnostics` on standard output in one of `FORMS`.

    Args:
        waived: further findings and why they do not count. SARIF says so of each, GitHub is not
            told of these and the next.
        known: further ones that do not count because a baseline has them; None without one.
    """
    assert form in FORMS, "click lets no other through"
    if form == "sarif":
        log = to_sarif(
            (*diagnostics, *waived, *(known or ())),
            sources,
            __version__,
            _documentation(),
            suppressed=waived,
            known=known,
        )
        sys.stdout.write(json.dumps(log, ensure_ascii=False, indent=1) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in github_annotations(diagnostics))


def verdict_finding(answer: RuleAnswer) -> Diagnostic | None:
    """The finding for a rule that is refuted or not decided; None for any other."""
    code = _CODES.get(answer.verdict)
    if code is None:
        return None
    witness = " ".join(f"{name}={value!r}" for name, value in answer.witness or ())
    return Diagnostic(
        code,
        f"{answer.alert}: {answer.reason}",
        answer.span,
        hint=f"the alert that shows it: {witness}" if witness else None,
    )


def verdict_findings(
    answers: Iterable[RuleAnswer], diagnostics: Iterable[Diagnostic]
) -> Iterator[Diagnostic]:
    """A finding for each rule that is refuted or not decided.

    Except where one of `diagnostics` is an error in the same line, which says the same in detail.
    """
    said = {
        (found.span.file, found.span.line)
        for found in diagnostics
        if found.span is not None and found.level is Level.ERROR
    }
    for answer in answers:
        found = verdict_finding(answer)
        if found is not None and (answer.span.file, answer.span.line) not in said:
            yield found


def _documentation() -> str | None:
    """The address of the docs, where the installed package names one."""
    from importlib import metadata

    try:
        links = metadata.metadata("buckstop").get_all("Project-URL") or []
    except metadata.PackageNotFoundError:
        return None
    named = (str(link).partition(", ") for link in links)
    return next((address for name, _, address in named if name == "Documentation"), None)
