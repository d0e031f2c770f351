"""The words that a charter declares and then uses: whether a use names a declared one."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from buckstop.charter import codes
from buckstop.charter.model import MODEL_OWNER
from buckstop.diagnostics import Code, Diagnostic, Span, nearest

MAX_LISTED = 12
"""Names that a hint lists in full; of more only the nearest is worth saying."""
MAX_COMPARED = 300
"""Names that a misspelt one is compared with, letter by letter."""


@dataclass(frozen=True, slots=True)
class Names:
    """What is declared, broken declarations included: their names are not unknown."""

    teams: Collection[str]
    severities: Collection[str]
    faults: Collection[str]
    models: Collection[str]
    profiles: Collection[str]

    def team(self, name: str, span: Span) -> Iterator[Diagnostic]:
        """A finding where `name` is no team."""
        if name not in self.teams:
            yield unknown(codes.TEAM_UNKNOWN, "team", name, self.teams, span)

    def accountable(self, name: str, span: Span) -> Iterator[Diagnostic]:
        """A finding where `name` is neither a team nor `MODEL_OWNER`."""
        if name != MODEL_OWNER and name not in self.teams:
            candidates = (*self.teams, MODEL_OWNER)
            yield unknown(codes.TEAM_UNKNOWN, "team", name, candidates, span)

    def severity(self, name: str, span: Span) -> Iterator[Diagnostic]:
        """A finding where `name` is no severity."""
        if name not in self.severities:
            yield unknown(codes.SEVERITY_UNKNOWN, "severity", name, self.severities, span)

    def fault(self, name: str, span: Span) -> Iterator[Diagnostic]:
        """A finding where `name` is no kind of fault."""
        if name not in self.faults:
            found = unknown(codes.FAULT_UNKNOWN, "kind of fault", name, self.faults, span)
            yield also_hinted(found, f"A kind of your own is declared: `faults: [{name}]`")

    def model(self, name: str, span: Span) -> Iterator[Diagnostic]:
        """A finding where `name` is no model."""
        if name not in self.models:
            yield unknown(codes.MODEL_UNKNOWN, "model", name, self.models, span)

    def profile(self, name: str, span: Span) -> Iterator[Diagnostic]:
        """A finding where `name` is no profile."""
        if name not in self.profiles:
            yield unknown(codes.PROFILE_UNKNOWN, "profile", name, self.profiles, span)


def _comparable(name: str, candidates: Collection[str]) -> Collection[str]:
    """Of very many candidates those that stand around `name` in the alphabet.

    So that thousands of slips among thousands of names take seconds, not hours.
    """
    if len(candidates) <= MAX_COMPARED:
        return candidates
    ordered = sorted(candidates)
    start = max(0, bisect(ordered, name) - MAX_COMPARED // 2)
    return ordered[start : start + MAX_COMPARED]


def also_hinted(found: Diagnostic, hint: str) -> Diagnostic:
    """`found` with one more sentence of help."""
    before = found.hint or ""
    stop = "" if not before or before.endswith("?") else "."
    return replace(found, hint=f"{before}{stop} {hint}".strip())


def unknown(
    code: Code, what: str, name: str, candidates: Collection[str], span: Span
) -> Diagnostic:
    """The finding that no `what` is called `name`."""
    guess = nearest(name, _comparable(name, candidates))
    if guess:
        hint: str | None = f"did you mean `{guess}`?"
    elif candidates and len(candidates) <= MAX_LISTED:
        hint = f"declared: {', '.join(candidates)}"
    else:
        hint = None
    return Diagnostic(code, f"no {what} is called `{name}`", span, hint=hint)
