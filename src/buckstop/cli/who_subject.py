"""Which rules ``who`` is asked about, and what there is to say of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from buckstop.cli.compiled import Compiled
from buckstop.cli.reading import Reading
from buckstop.prometheus.model import AlertingRule
from buckstop.prover.answers import Answers
from buckstop.prover.explanation import (
    Explanation,
    Intervals,
    authority_for,
    explain,
    intervals_of,
)
from buckstop.prover.given import Given
from buckstop.prover.grounds import answers_on, hindered_files
from buckstop.prover.rule_loading import unless_hindered

if TYPE_CHECKING:
    # Only a charter has entries, and needs its libraries.
    from buckstop.cli.who_entries import EntryAnswer


NAME: Final = "alertname"


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to ``who``.

    Attributes:
        explanations: of every rule with the name whose own labels agree with those given.
        entries: where there is no such rule, what the charter says of alerts of the name.
        names: all alert names there are, to suggest from.
        disagreeing: labels of rules with the name that do not agree with those given.
    """

    explanations: tuple[Explanation, ...]
    entries: tuple[EntryAnswer, ...]
    names: tuple[str, ...]
    disagreeing: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    """The alert at hand: its name, and the labels that it carries."""

    alert: str
    labels: Mapping[str, str]

    def agrees(self, own: Mapping[str, str]) -> bool:
        """Whether an alert of a rule with the labels `own` may carry these."""
        return all(own.get(name, value) == value for name, value in self.labels.items())


def find_who(reading: Reading, alert: str, labels: Mapping[str, str]) -> Found:
    """Explain every rule called `alert`; `labels` are carried by the alert at hand."""
    asked = _Asked(alert, labels)
    explanations: list[Explanation] = []
    names: list[str] = []
    disagreeing: list[Mapping[str, str]] = []
    if reading.compiled is not None:
        manifest = reading.compiled.build.manifest
        names += [one.alert for one in manifest.alerts]
        names += [value for one in manifest.existing for name, value in one.match if name == NAME]
    for given in _givens(reading, asked):
        rules = [rule for rule_file in given.rule_files for rule in rule_file.alerts]
        names += [rule.alert for rule in rules]
        answers, _ = answers_on(given)
        for rule in rules:
            if rule.alert != alert:
                continue
            if asked.agrees(rule.static_labels):
                explanations.append(_explained(rule, asked, given, answers, reading.compiled))
            else:
                disagreeing.append(rule.static_labels)
    entries: tuple[EntryAnswer, ...] = ()
    if reading.compiled is not None and not explanations and not disagreeing:
        from buckstop.cli.who_entries import find_entries

        entries = find_entries(reading.compiled, alert, labels)
    return Found(tuple(explanations), entries, tuple(dict.fromkeys(names)), tuple(disagreeing))


def _givens(reading: Reading, asked: _Asked) -> Iterator[Given]:
    if reading.compiled is not None:
        yield _generated(reading.compiled, asked, reading.judged)
    if reading.given is not None:
        yield reading.given


def _generated(compiled: Compiled, asked: _Asked, judged: frozenset[tuple[str, str]]) -> Given:
    """The charter's own build as rules and routes: of the rules, those that are asked about.

    Those in `judged` are left out: the build at hand has them.
    """
    build = compiled.build
    named = [
        one
        for one in build.manifest.alerts
        if one.alert == asked.alert and (one.rule_file, one.alert) not in judged
    ]
    agreeing = [one for one in named if asked.agrees(dict(one.labels))] or named[:1]
    return compiled.given(compiled.rule_files(one.rule_file for one in agreeing))


def _explained(
    rule: AlertingRule, asked: _Asked, given: Given, answers: Answers, compiled: Compiled | None
) -> Explanation:
    intervals = intervals_of(rule, given.rule_files, given.prometheus)
    authority = authority_for(rule, given.manifest)
    if compiled is not None and given.manifest is compiled.build.manifest:
        defaults = compiled.charter.defaults
        intervals = Intervals(
            defaults.scrape_interval_seconds, defaults.evaluation_interval_seconds, "the charter"
        )
        if authority is not None:
            authority = replace(authority, file=(compiled.root / authority.file).as_posix())
    return explain(
        rule,
        unless_hindered(answers.answer(rule, asked.labels), hindered_files(given)),
        answers.routes(rule, asked.labels),
        given.config,
        team_label=answers.team_label,
        intervals=intervals,
        authority=authority,
        not_carried=tuple(
            (name, asked.labels[name]) for name in answers.not_carried(rule, asked.labels)
        ),
    )
