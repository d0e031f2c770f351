"""Labels under `equal` that neither side of an inhibition rule has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from buckstop.alertmanager.model import InhibitRule, Matcher
from buckstop.diagnostics import Diagnostic, Span
from buckstop.document import Sequence as SequenceNode
from buckstop.language import ABSENT, Region, Undecided
from buckstop.prover.checks.subject import Subject
from buckstop.prover.codes import INHIBIT_EQUAL_ABSENT
from buckstop.prover.inhibition_regions import conditions


def check(subject: Subject) -> Iterator[Diagnostic]:
    """One finding a label, where alerts of some rule match each side and none of them has it."""
    if subject.config is None:
        return
    kinds = tuple(dict.fromkeys(kind.region for kind in subject.kinds))
    for rule in subject.config.inhibit_rules:
        sources, targets = _matching(kinds, rule.source), _matching(kinds, rule.target)
        if not sources or not targets:
            continue
        for index, name in enumerate(rule.equal):
            if all(region.language(name) == ABSENT for region in (*sources, *targets)):
                yield Diagnostic(
                    INHIBIT_EQUAL_ABSENT,
                    f"no alert that this rule inhibits, or that inhibits by it, has the label "
                    f"{name}: missing equals missing, so it ties nothing together",
                    _place(rule, index),
                    hint="name a label that both sides have",
                )


def _matching(kinds: Sequence[Region], matchers: tuple[Matcher, ...]) -> list[Region]:
    found: list[Region] = []
    for region in kinds:
        inside: Region | None = region
        for asked in conditions(matchers):
            try:
                inside = inside and inside.narrowed(asked.matcher.name, asked.language)
            except Undecided:
                continue  # it may match, and what it lets through counts
        if inside is not None:
            found.append(inside)
    return found


def _place(rule: InhibitRule, index: int) -> Span:
    equal = rule.node.get("equal")
    if isinstance(equal, SequenceNode) and index < len(equal.items):
        return equal.items[index].span
    return rule.span
