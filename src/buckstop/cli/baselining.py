"""What a baseline does to a report: what it knows does not count, and what is gone is said."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from buckstop.cli.baseline import BaselineError, Entry, baseline_text, read_baseline
from buckstop.cli.codes import ALWAYS_COUNT
from buckstop.cli.findings import verdict_finding
from buckstop.cli.main import CommandFailed
from buckstop.cli.report import Baseline, Report
from buckstop.diagnostics import Diagnostic
from buckstop.diagnostics.fingerprint import digest, fingerprints
from buckstop.diagnostics.places import each_place, without_places
from buckstop.document import NotWrittenError, load, write_atomically
from buckstop.prometheus.model import AlertingRule, RuleFile
from buckstop.prover.model import RuleAnswer


def load_baseline(path: Path) -> tuple[Entry, ...]:
    """The entries of the file at `path`.

    Raises:
        CommandFailed: it is not there, or no baseline.
    """
    data, found = load(path, str(path))
    if data is None:
        raise CommandFailed(f"{found[0].message}; --write-baseline FILE writes a baseline")
    try:
        return read_baseline(data)
    except BaselineError as error:
        raise CommandFailed(
            f"{path} is no baseline: {error}; --write-baseline FILE writes one anew"
        ) from error


def write_baseline(path: Path, report: Report, rule_files: Iterable[RuleFile]) -> tuple[Entry, ...]:
    """Write what counts in `report` to the file at `path`; the entries that were written.

    Raises:
        CommandFailed: an input could not be read, so that the file would lack something; or the
            file cannot be written.
    """
    if report.unusable:
        raise CommandFailed(f"{path} was not written, because not all inputs could be read")
    entries = (
        *_of_findings(report, _Rules(rule_files)),
        *(entry for _, _, entry in _of_verdicts(report)),
    )
    try:
        write_atomically(path, baseline_text(entries))
    except NotWrittenError as error:
        raise CommandFailed(str(error)) from error
    return entries


def against(
    report: Report, file: str, entries: Iterable[Entry], rule_files: Iterable[RuleFile]
) -> Report:
    """`report` with what is in the baseline `file`, whose entries these are, no longer counting."""
    left = Counter(entries)

    def is_known(entry: Entry) -> bool:
        left[entry] -= 1
        return left[entry] >= 0

    rules = _Rules(rule_files)
    known: list[Diagnostic] = []
    counting: list[Diagnostic] = []
    accepted = iter([is_known(entry) for entry in _of_findings(report, rules)])
    for one in report.diagnostics:
        places = tuple(each_place(one))
        out = [one.code not in ALWAYS_COUNT and next(accepted) for _ in places]
        known += (place for place, is_out in zip(places, out, strict=True) if is_out)
        rest = without_places(one, out, f"known from {file}")
        counting += () if rest is None else (rest,)
    excused = []
    for answer, verdict, entry in _of_verdicts(report):
        if is_known(entry):
            known.append(verdict)
            excused.append(answer)
    gone = tuple(sorted((+left).elements()))
    return replace(
        report,
        diagnostics=tuple(counting),
        excused=report.excused.union(excused),
        baseline=Baseline(file, tuple(known), gone),
    )


def _of_findings(report: Report, rules: _Rules) -> list[Entry]:
    """Of each place of each finding, but for what is said of waivers: none of that is accepted."""
    findings = [
        place
        for one in report.diagnostics
        if one.code not in ALWAYS_COUNT
        for place in each_place(one)
    ]
    alerts = [rules.name_at(one) for one in findings]
    prints = fingerprints(findings, report.sources, alerts)
    return [
        Entry("" if one.span is None else one.span.file, alert, one.code.name, fingerprint)
        for one, alert, fingerprint in zip(findings, alerts, prints, strict=True)
    ]


def _of_verdicts(report: Report) -> Iterator[tuple[RuleAnswer, Diagnostic, Entry]]:
    """Of each rule that is refuted or not decided and counts; its verdict as a finding, too."""
    for answer in report.counting_answers:
        verdict = verdict_finding(answer)
        if verdict is not None:
            # The reason names lines; its cause and the label at fault are what stays of it.
            what = (answer.cause, answer.open_label, answer.team, answer.model, answer.severity)
            fingerprint = digest(*(part or "" for part in what))
            yield (
                answer,
                verdict,
                Entry(answer.span.file, answer.alert, verdict.code.name, fingerprint),
            )


class _Rules:
    """Which rule stands at a line."""

    def __init__(self, rule_files: Iterable[RuleFile]) -> None:
        self._names: dict[str, list[tuple[int, str]]] = {}
        for file in rule_files:
            for group in file.groups:
                names = self._names.setdefault(file.file, [])
                names.append((group.span.line, ""))
                names += (
                    (rule.span.line, rule.alert if isinstance(rule, AlertingRule) else rule.record)
                    for rule in group.rules
                )
        for names in self._names.values():
            names.sort()

    def name_at(self, finding: Diagnostic) -> str:
        """The name of the rule that `finding` stands in; empty where it stands in none."""
        if finding.span is None:
            return ""
        names = self._names.get(finding.span.file, [])
        index = bisect_right(names, finding.span.line, key=lambda named: named[0])
        return names[index - 1][1] if index else ""
