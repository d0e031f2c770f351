"""Which rules ``who`` is asked about, and what there is to say of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from buckstop.cli.reading import Compiled, Reading
from buckstop.prometheus import read_rules
from buckstop.prometheus.model import AlertingRule
from buckstop.prover.examination import Examination, Given, examine
from buckstop.prover.explanation import (
    Explanation,
    Intervals,
    authority_for,
    explain,
    intervals_of,
)


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to ``who``.

    Attributes:
        explanations: of every rule with the name whose own labels agree with those given.
        names: all alert names there are, to suggest from.
        disagreeing: labels of rules with the name, none of which agrees with those given.
    """

    explanations: tuple[Explanation, ...]
    names: tuple[str, ...]
    disagreeing: tuple[Mapping[str, str], ...]
    examination: Examination | None


def find_who(reading: Reading, alert: str, labels: Mapping[str, str]) -> Found:
    """Explain every rule called `alert`; `labels` are carried by the alert at hand."""
    explanations: list[Explanation] = []
    names: dict[str, None] = {}
    disagreeing: list[Mapping[str, str]] = []
    examinations: list[Examination] = []
    for given, compiled in _givens(reading):
        examination = examine(given)
        examinations.append(examination)
        names.update(dict.fromkeys(one.rule.alert for one in examination.rules))
        for one in examination.named(alert):
            if _agrees(one.rule, labels):
                explanations.append(_explained(one.rule, labels, given, examination, compiled))
            else:
                disagreeing.append(one.rule.static_labels)
    return Found(
        explanations=tuple(explanations),
        names=tuple(names),
        disagreeing=tuple(disagreeing),
        examination=examinations[-1] if examinations else None,
    )


def _givens(reading: Reading) -> Iterator[tuple[Given, Compiled | None]]:
    if reading.compiled is not None:
        yield _generated(reading.compiled), reading.compiled
    if reading.given is not None:
        yield reading.given, None


def _generated(compiled: Compiled) -> Given:
    """The charter's own build as rules and routes."""
    build = compiled.build
    rule_files = []
    for path in dict.fromkeys(alert.rule_file for alert in build.manifest.alerts):
        rule_file, diagnostics = read_rules(build.files[path], path)
        assert rule_file is not None, f"generated rules must load: {diagnostics}"
        rule_files.append(rule_file)
    return Given(
        rule_files=tuple(rule_files),
        config=compiled.routes,
        manifest=build.manifest,
        manifest_source="the charter",
    )


def _agrees(rule: AlertingRule, labels: Mapping[str, str]) -> bool:
    own = rule.static_labels
    return all(own.get(name, value) == value for name, value in labels.items())


def _explained(
    rule: AlertingRule,
    labels: Mapping[str, str],
    given: Given,
    examination: Examination,
    compiled: Compiled | None,
) -> Explanation:
    if compiled is None:
        intervals = intervals_of(rule, given.rule_files, given.prometheus)
    else:
        defaults = compiled.charter.defaults
        intervals = Intervals(
            defaults.scrape_interval_seconds, defaults.evaluation_interval_seconds, "the charter"
        )
    authority = authority_for(rule, given.manifest)
    if authority is not None and compiled is not None:
        authority = replace(authority, file=(compiled.root / authority.file).as_posix())
    return explain(
        rule,
        examination.answers.answer(rule, labels),
        examination.answers.routes(rule, labels),
        given.config,
        team_label=examination.team_label.name,
        intervals=intervals,
        authority=authority,
    )
