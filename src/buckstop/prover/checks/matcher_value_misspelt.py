"""Values that a matcher asks for and no alert has: slips of values that alerts do have."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.diagnostics import Diagnostic
from buckstop.diagnostics.nearest import nearest
from buckstop.language.sets import Finite
from buckstop.prover.checks.carried_labels import carried
from buckstop.prover.checks.subject import Subject
from buckstop.prover.codes import MATCHER_VALUE_MISSPELT


def check(subject: Subject) -> Iterator[Diagnostic]:
    """One finding a matcher; of the team label, `team-without-route` says it at the rule."""
    values = carried(subject)
    asked_for: dict[str, set[str]] = {}
    for one in subject.routes():
        for asked in one.node.conditions:
            asked_for.setdefault(asked.matcher.name, set()).update(asked.listed or ())
    for one in subject.routes():
        for asked in one.node.conditions:
            name, language = asked.matcher.name, values.get(asked.matcher.name)
            if name == subject.team_label or not isinstance(language, Finite):
                continue
            unknown = sorted((asked.listed or frozenset()) - language.strings - {""})
            others = sorted(language.strings - asked_for[name] - {""})
            for value in unknown:
                meant = nearest(value, others)
                if meant is not None:
                    yield Diagnostic(
                        MATCHER_VALUE_MISSPELT,
                        f"no alert of the rules given has {name}={value}, and no route asks for "
                        f"{name}={meant}",
                        asked.matcher.span,
                        hint=f"did you mean `{meant}`?",
                    )
