"""Inhibition rules by which one team's alert, or one that always fires, quiets another's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from buckstop.alertmanager.inhibition import Inhibitor
from buckstop.alertmanager.model import InhibitRule
from buckstop.diagnostics import Diagnostic, Related
from buckstop.prover.checks.subject import Answered, Subject
from buckstop.prover.codes import INHIBITED_BY_OTHERS

_ALWAYS_FIRES: Final = re.compile(r"\s*vector\s*\(\s*[0-9.]+\s*\)\s*")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """One finding an inhibition rule, with the first pair of rules that shows it.

    Only what the rules' own labels decide counts: both must set all labels under ``equal``.
    """
    if subject.config is None:
        return
    for rule in subject.config.inhibit_rules:
        pair = _first_pair(rule, subject)
        if pair is None:
            continue
        source, target = pair
        fires = "always fires" if _always_fires(source) else "is another team's or nobody's"
        yield Diagnostic(
            INHIBITED_BY_OTHERS,
            f"while {source.rule.alert} fires, nobody is told of {target.rule.alert}, for which "
            f"{target.answer.team} answers; {source.rule.alert} {fires}",
            rule.span,
            hint="narrow the sources or the targets, or ask for `equal` labels that tie a target "
            "to its cause",
            related=(
                Related(source.rule.span, "the source"),
                Related(target.rule.span, "the target"),
            ),
        )


def _first_pair(rule: InhibitRule, subject: Subject) -> tuple[Answered, Answered] | None:
    """The first rule that may be inhibited by one of another team or that always fires."""
    labelled = [(one, one.rule.static_labels) for one in subject.rules]
    able = [(one, labels) for one, labels in labelled if all(name in labels for name in rule.equal)]
    by_holder: dict[str | None, list[Mapping[str, str]]] = {}
    of_labels: dict[int, Answered] = {}
    for one, labels in able:
        of_labels[id(labels)] = one
        holder = None if _always_fires(one) else one.answer.team
        by_holder.setdefault(holder, []).append(labels)
    inhibitors = {holder: Inhibitor([rule], firing) for holder, firing in by_holder.items()}
    for target, labels in able:
        if target.answer.team is None:
            continue
        for holder, inhibitor in inhibitors.items():
            if holder == target.answer.team:
                continue
            found = inhibitor.inhibition(labels)
            if found is not None and found.source is not labels:
                return of_labels[id(found.source)], target
    return None


def _always_fires(one: Answered) -> bool:
    return _ALWAYS_FIRES.fullmatch(one.rule.expr) is not None
