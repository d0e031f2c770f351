"""promtool tests: for every alert a case in which it fires, and one in which it does not.

``exp_alerts`` must list *every* alert of a name that fires, and a model has several alerts of some
names (one for each objective that can go missing). So each firing case also works out which of
those fire with it. Silence is asked of one alert alone, through Prometheus's own ``ALERTS``.
"""

from __future__ import annotations

from collections.abc import Sequence

from buckstop.charter.model import Charter
from buckstop.compiler.notation import Pace, selector
from buckstop.compiler.ownership import Owned
from buckstop.compiler.pages import expected_annotations
from buckstop.compiler.rule import Case
from buckstop.document import Emittable
from buckstop.prometheus import format_duration


def test_file(rule_file: str, alerts: Sequence[Owned], charter: Charter, pace: Pace) -> Emittable:
    """The content of a test file of `rule_file` (its path from the test file's folder)."""
    namesakes: dict[str, list[Owned]] = {}
    for owned in alerts:
        namesakes.setdefault(owned.alert.name, []).append(owned)
    return {
        "rule_files": [rule_file],
        "evaluation_interval": format_duration(pace.test_evaluation_seconds),
        "tests": [
            _test(owned, case, namesakes[owned.alert.name], charter, pace)
            for owned in alerts
            for case in owned.alert.cases
        ],
    }


def _test(
    owned: Owned, case: Case, namesakes: Sequence[Owned], charter: Charter, pace: Pace
) -> Emittable:
    verb = "is silent" if case.shown is None else "fires"
    # The severity too: a fast and a slow burn are two alerts of one name and one objective.
    subject = f"{owned.alert.name} of {owned.alert.slo or 'buckstop'} ({owned.alert.severity})"
    test: dict[str, Emittable] = {
        "name": f"{subject} {verb}: {case.name}",
        "interval": format_duration(pace.scrape_seconds),
        "input_series": [{"series": one.selector, "values": one.values} for one in case.inputs],
    }
    along = _firing_along(owned, case, namesakes)
    if case.shown is None or along is None:
        return test | {"promql_expr_test": [_state_test(owned, case)]}
    return test | {
        "alert_rule_test": [
            {
                "eval_time": format_duration(case.at_seconds),
                "alertname": owned.alert.name,
                "exp_alerts": [
                    {
                        "exp_labels": dict(one.labels),
                        "exp_annotations": dict(expected_annotations(one, charter, case.shown)),
                    }
                    for one in (owned, *along)
                ],
            }
        ]
    }


def _state_test(owned: Owned, case: Case) -> Emittable:
    """Whether this very alert fires, whatever others of its name do; its text is not looked at."""
    labels = (("alertname", owned.alert.name), ("alertstate", "firing"), *owned.labels)
    firing = selector("ALERTS", labels)
    samples: list[Emittable] = [] if case.shown is None else [{"labels": firing, "value": 1}]
    return {
        "expr": firing,
        "eval_time": format_duration(case.at_seconds),
        "exp_samples": samples,
    }


def _firing_along(owned: Owned, case: Case, namesakes: Sequence[Owned]) -> list[Owned] | None:
    """Which others of the same name fire in `case`; None where that depends on their numbers."""
    along: list[Owned] = []
    for other in namesakes:
        if other is owned:
            continue
        if other.alert.slo == owned.alert.slo:
            if other.alert.severity in case.along:
                along.append(other)
        elif _reads(other, case):
            return None
        elif other.alert.fires_on_absence and other.alert.for_seconds <= case.at_seconds:
            along.append(other)
    return along


def _reads(other: Owned, case: Case) -> bool:
    """Whether `other` looks at any of the series that exist in `case`."""
    there = {one.selector for one in case.inputs}
    if other.alert.own_expr is not None and any(
        series.partition("{")[0] in other.alert.own_expr for series in there
    ):
        return True
    return any(one.selector in there for each in other.alert.cases for one in each.inputs)
