"""Inhibition rules by which one team's alert, or one that always fires, quiets another's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from buckstop.alertmanager.model import InhibitRule
from buckstop.diagnostics import Diagnostic, Related
from buckstop.language import Region
from buckstop.language.sets import Finite
from buckstop.prover.checks.route_words import labels_text
from buckstop.prover.checks.subject import AlertKind, Subject
from buckstop.prover.codes import INHIBITED_BY_OTHERS
from buckstop.prover.inhibition_regions import inhibiting_pair

MAX_PAIRS: Final = 20_000
"""Pairs of kinds of alerts that are compared for one inhibition rule."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """A rule whose alert quiets another's.

    Attributes:
        equal: the values of the labels under ``equal`` by which it does; none where the rules' own
            labels decide it.
    """

    source: AlertKind
    target: AlertKind
    equal: dict[str, str]


def check(subject: Subject) -> Iterator[Diagnostic]:
    """One finding an inhibition rule, with the first pair of rules that shows it."""
    if subject.config is None:
        return
    for rule in subject.config.inhibit_rules:
        pair = _first_pair(rule, subject)
        if pair is None:
            continue
        source, target = pair.source.rule, pair.target.rule
        fires = "always fires" if pair.source.always_fires else "is another team's or nobody's"
        where = f" with the same {labels_text(pair.equal)}" if pair.equal else ""
        yield Diagnostic(
            INHIBITED_BY_OTHERS,
            f"while {source.rule.alert} fires{where}, nobody is told of {target.rule.alert}, for "
            f"which {target.answer.team} answers; {source.rule.alert} {fires}",
            rule.span,
            hint=f"name {subject.team_label} under `equal`, narrow the sources or the targets, or "
            "ask for `equal` labels that tie a target to its cause",
            related=(
                Related(source.rule.span, "the source"),
                Related(target.rule.span, "the target"),
            ),
        )


def _first_pair(rule: InhibitRule, subject: Subject) -> _Pair | None:
    """The first kind of alert that one of another team's, or that always fires, may inhibit."""
    compared = 0
    for target in subject.kinds:
        team = target.rule.answer.team
        for source in subject.kinds if team is not None else ():
            if source is target or (source.rule.answer.team == team and not source.always_fires):
                continue
            compared += 1
            if compared > MAX_PAIRS:
                return None
            pair = inhibiting_pair(rule, source.region, target.region)
            if pair is not None:
                both = (source.region, target.region)
                open_labels = [
                    name
                    for name in rule.equal
                    if not all(_is_single(region, name) for region in both)
                ]
                return _Pair(source, target, {name: pair[1].get(name, "") for name in open_labels})
    return None


def _is_single(region: Region, name: str) -> bool:
    language = region.language(name)
    return isinstance(language, Finite) and len(language.strings) == 1
