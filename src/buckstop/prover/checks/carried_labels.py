"""The values that the rules' alerts have of the labels that routes ask for."""

from __future__ import annotations

from collections.abc import Mapping

from buckstop.language import Language
from buckstop.language.domains import union
from buckstop.prover.checks.subject import Subject


def carried(subject: Subject) -> Mapping[str, Language]:
    """Label to every value that an alert of some rule may have.

    Nothing where there are no rules, or what one of them sends is not decided.
    """
    if not all(one.parts for one in subject.rules):
        return {}
    regions = dict.fromkeys(part.region for one in subject.rules for part in one.parts)
    names = dict.fromkeys(
        asked.matcher.name for one in subject.routes() for asked in one.node.conditions
    )
    if not regions:
        return {}
    return {name: union(region.language(name) for region in regions) for name in names}
