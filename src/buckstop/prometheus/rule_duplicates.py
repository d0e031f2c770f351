"""Rules that stand in their group twice, which Prometheus refuses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from buckstop.diagnostics import Diagnostic, Related, Span
from buckstop.prometheus.codes import RULE_DUPLICATE
from buckstop.prometheus.model import AlertingRule, RecordingRule

Rule = AlertingRule | RecordingRule


def duplicates(rules: Sequence[Rule]) -> Iterator[Diagnostic]:
    """A finding for each of the rules of a group that stands there already."""
    namesakes = Counter(map(_name_and_expr, rules))
    if len(namesakes) == len(rules):
        return  # as in almost every group
    seen: dict[tuple[str, str], dict[frozenset[tuple[str, str]], Span]] = {}
    for rule in rules:
        name, expr = _name_and_expr(rule)
        if namesakes[name, expr] == 1:
            continue
        labels = frozenset((key, value.text) for key, value in rule.labels)
        first = seen.setdefault((name, expr), {}).setdefault(labels, rule.span)
        if first is not rule.span:
            yield Diagnostic(
                RULE_DUPLICATE,
                f"'{name}' stands in its group already, with the same expression and labels",
                rule.span,
                related=(Related(first, "it is here"),),
            )


def _name_and_expr(rule: Rule) -> tuple[str, str]:
    return rule.alert if isinstance(rule, AlertingRule) else rule.record, rule.expr
