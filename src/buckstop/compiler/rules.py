"""Which rules a model gets, and how a group of them is written."""

from __future__ import annotations

from buckstop.charter.model import Charter, Model, Serving, Slo
from buckstop.charter.sli import SLIS
from buckstop.compiler.budget import budget_group
from buckstop.compiler.evaluation import evaluation_group
from buckstop.compiler.guards import is_conventional
from buckstop.compiler.latency import QUANTILES, latency_group
from buckstop.compiler.notation import Pace
from buckstop.compiler.ownership import Owned
from buckstop.compiler.pages import page_annotations
from buckstop.compiler.rule import Group
from buckstop.compiler.traffic import traffic_group
from buckstop.document import Emittable
from buckstop.prometheus import format_duration


def pace_of(charter: Charter) -> Pace:
    """How often the Prometheus of this charter scrapes and evaluates."""
    defaults = charter.defaults
    return Pace(defaults.scrape_interval_seconds, defaults.evaluation_interval_seconds)


def model_groups(model: Model, severities: tuple[str, ...], pace: Pace) -> tuple[Group, ...]:
    """The rule groups of `model`: one an objective, and one for its server."""
    groups = [_objective_group(model, slo, severities, pace) for slo in model.slos]
    if model.serving is not None and model.slos:
        served = [slo for slo in model.slos if is_served(slo)]
        lead = min(served or model.slos, key=lambda slo: severities.index(slo.severity))
        group = traffic_group(model, model.serving, lead, pace, watch_traffic=bool(served))
        if group is not None:
            groups.append(group)
    return tuple(groups)


def is_served(slo: Slo) -> bool:
    """Whether the objective is judged by the model server's own series."""
    return slo.sli is not None and is_conventional(slo) and SLIS[slo.sli].origin == "serving"


def _objective_group(model: Model, slo: Slo, severities: tuple[str, ...], pace: Pace) -> Group:
    if not is_served(slo):
        return evaluation_group(model, slo, pace)
    serving: Serving | None = model.serving
    assert serving is not None, "a charter without errors has serving metrics where they are used"
    if slo.sli in QUANTILES:
        return latency_group(model, serving, slo, pace)
    return budget_group(model, serving, slo, severities, pace)


def rule_file(
    groups: tuple[Group, ...], owned: dict[str, tuple[Owned, ...]], charter: Charter
) -> Emittable:
    """The content of a rule file; `owned` has each group's alerts by the group's name."""
    interval = format_duration(charter.defaults.evaluation_interval_seconds)
    return {
        "groups": [
            {
                "name": group.name,
                "interval": interval,
                "rules": [
                    *(
                        {"record": one.record, "expr": one.expr, "labels": dict(one.labels)}
                        for one in group.recordings
                    ),
                    *(_alerting_rule(one, charter) for one in owned[group.name]),
                ],
            }
            for group in groups
        ]
    }


def _alerting_rule(owned: Owned, charter: Charter) -> Emittable:
    alert = owned.alert
    rule: dict[str, Emittable] = {"alert": alert.name, "expr": alert.expr}
    if alert.for_seconds > 0:
        rule["for"] = format_duration(alert.for_seconds)
    return {
        **rule,
        "labels": dict(owned.labels),
        "annotations": dict(page_annotations(owned, charter)),
    }
