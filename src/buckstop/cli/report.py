"""What ``check`` has to say, before anybody decides how it looks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from buckstop.cli.baseline import Entry
from buckstop.cli.compiled import Compiled
from buckstop.cli.excerpts import hidden, without_values
from buckstop.cli.manifests import said_ignored
from buckstop.cli.reading import Reading
from buckstop.cli.waivers import Waiver
from buckstop.diagnostics import Diagnostic, Level, has_errors
from buckstop.prover.examination import Examination, examine
from buckstop.prover.model import Assumption, RuleAnswer, Verdict


@dataclass(frozen=True, slots=True)
class Waived:
    """A finding that does not count, and the waiver by which it does not."""

    finding: Diagnostic
    waiver: Waiver


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a baseline does to a report.

    Attributes:
        known: findings that do not count because it has them; verdicts too, as findings.
        gone: what it has and is not found any more.
    """

    file: str
    known: tuple[Diagnostic, ...]
    gone: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What amtool said of the witnesses.

    Attributes:
        version: of amtool.
        replayed: alerts that were walked; one stands for all that no route can tell apart.
        agreed: those of which amtool said the same.
        witnesses: how many answers those stand for.
        left_out: alerts that were not walked because there are too many.
        refused: files that amtool does not take.
    """

    version: str
    replayed: int = 0
    agreed: int = 0
    witnesses: int = 0
    left_out: int = 0
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """Verdicts and findings over all inputs.

    Attributes:
        answers: of the charter's alerts, then of the rules in files.
        assumptions: under which the verdicts of the rules in files hold.
        examination: of the rules in files, or None where there were none.
        compiled: the charter, or None.
        ignored: Kubernetes objects that do not concern us, counted for people.
        waived: findings that are not among `diagnostics` because a waiver says so; the verdicts
            of `excused` too, as findings.
        baseline: what `--baseline` leaves out of `diagnostics`, or None.
        confirmation: of the witnesses by amtool, where that was asked for.
        excused: those of `answers` whose verdict does not count, by a waiver or by the baseline.
    """

    answers: tuple[RuleAnswer, ...]
    diagnostics: tuple[Diagnostic, ...]
    assumptions: tuple[Assumption, ...]
    examination: Examination | None
    compiled: Compiled | None
    sources: Mapping[str, str]
    hashes: tuple[tuple[str, str], ...]
    unusable: bool
    ignored: str = ""
    waived: tuple[Waived, ...] = ()
    baseline: Baseline | None = None
    confirmation: Confirmation | None = None
    excused: frozenset[RuleAnswer] = frozenset()

    def count(self, verdict: Verdict) -> int:
        """How many rules have `verdict`."""
        return Counter(answer.verdict for answer in self.answers)[verdict]

    def count_level(self, level: Level) -> int:
        """How many findings have `level`."""
        return Counter(found.level for found in self.diagnostics)[level]

    def exit_code(self, *, allow_unknown: bool) -> int:
        """0 all proven and no error; 1 a finding that counts; 2 an input that cannot be read."""
        if self.unusable:
            return 2
        failing = {Verdict.REFUTED} if allow_unknown else {Verdict.REFUTED, Verdict.UNKNOWN}
        verdicts = {one.verdict for one in self.counting_answers}
        return int(has_errors(self.diagnostics) or not failing.isdisjoint(verdicts))

    @property
    def counting_answers(self) -> tuple[RuleAnswer, ...]:
        """Those whose verdict counts."""
        if not self.excused:
            return self.answers
        return tuple(answer for answer in self.answers if answer not in self.excused)


def make_report(reading: Reading) -> Report:
    """Prove and check all that was read."""
    answers: list[RuleAnswer] = []
    if reading.compiled is not None:
        answers += charter_answers(reading.compiled, reading.judged)
    examination = None if reading.given is None else examine(reading.given)
    found = list(reading.diagnostics)
    assumptions: tuple[Assumption, ...] = ()
    if examination is not None:
        answers += examination.verdicts
        found += examination.diagnostics
        assumptions = examination.assumptions
    if reading.objects is not None:
        found = [reading.objects.placed(one) for one in found]
    return Report(
        answers=tuple(
            answer
            if (said := hidden(answer.reason, reading.secrets)) == answer.reason
            else replace(answer, reason=said)
            for answer in answers
        ),
        diagnostics=tuple(without_values(one, reading.secrets) for one in found),
        assumptions=assumptions,
        examination=examination,
        compiled=reading.compiled,
        sources=reading.sources,
        hashes=reading.hashes,
        unusable=reading.unusable,
        ignored="" if reading.objects is None else said_ignored(reading.objects.manifests),
    )


def charter_answers(
    compiled: Compiled, judged: frozenset[tuple[str, str]]
) -> tuple[RuleAnswer, ...]:
    """The charter's alerts, confirmed on its own build, their places as the user knows them.

    Those in `judged` are left out: their rules are examined where a build has them.
    """
    from buckstop.prover.confirmation import confirm

    manifest = compiled.build.manifest
    alerts = tuple(one for one in manifest.alerts if (one.rule_file, one.alert) not in judged)
    return tuple(
        replace(answer, span=answer.span._replace(file=_shown(compiled.root, answer.span.file)))
        for answer in confirm(compiled.charter, replace(manifest, alerts=alerts), compiled.routes)
    )


def _shown(root: Path, file: str) -> str:
    return (root / file).as_posix()
