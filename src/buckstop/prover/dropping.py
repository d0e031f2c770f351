"""Whether relabelling may drop alerts of a rule before they are sent.

What a step drops is what its opposite keeps. Both are said with too many label sets rather than
too few, so that a step of which the opposite keeps nothing surely drops nothing; that the domain
behind a step is the one before it would not show that.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Final

from buckstop.document.versions import Version
from buckstop.language.domains import Domain
from buckstop.prometheus import AlertmanagerGroup, PrometheusConfig, Relabelling
from buckstop.prometheus.relabelling import Action
from buckstop.prover.alert_domain import sent_domain

_OPPOSITES: Final[dict[Action, Action]] = {
    "drop": "keep",
    "keep": "drop",
    "dropequal": "keepequal",
    "keepequal": "dropequal",
}


def dropping_step(
    alerts: Domain, config: PrometheusConfig, version: Version | None, mentioned: AbstractSet[str]
) -> Relabelling | None:
    """The step by which some of `alerts` may be sent to no Alertmanager; None where none may.

    An alert that one group of Alertmanagers is not sent is not lost while another is.

    Args:
        mentioned: as for `sent_domain`.
    """
    reached = [group for group in config.alertmanagers if group.is_reached]
    if not reached:
        return None

    def drops(opposed: PrometheusConfig, group: AlertmanagerGroup) -> bool:
        return bool(sent_domain(alerts, opposed, group, version, mentioned))

    alone = replace(reached[0], alert_relabel_configs=())
    for step, opposite in _opposed(config.alert_relabel_configs):
        opposed = replace(config, alert_relabel_configs=opposite, alertmanagers=(alone,))
        if drops(opposed, alone):
            return step
    found: list[Relabelling] = []
    for group in reached:
        dropping = (
            step
            for step, opposite in _opposed(group.alert_relabel_configs)
            if drops(config, replace(group, alert_relabel_configs=opposite))
        )
        first = next(dropping, None)
        if first is None:
            return None
        found.append(first)
    return found[0]


def _opposed(
    steps: tuple[Relabelling, ...],
) -> Iterator[tuple[Relabelling, tuple[Relabelling, ...]]]:
    """Each step that drops, and the steps up to it with its opposite in its place."""
    for place, step in enumerate(steps):
        opposite = _OPPOSITES.get(step.action)
        if opposite is not None:
            yield step, (*steps[:place], replace(step, action=opposite))
