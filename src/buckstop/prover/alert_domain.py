"""Which label sets the alerts of a rule can have, and which of them are sent.

From the series that its expression gives: the rule's own labels, then the server's external labels
and its relabelling. A domain may take in label sets that cannot occur, and never leaves one out
that can.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import permutations
from typing import Final

from buckstop.document.versions import Version
from buckstop.language import ABSENT, ALL_LABEL_SETS, EVERYTHING, Language, Region, only, region
from buckstop.language.domains import Domain, simplified, split_by_values
from buckstop.prometheus import AlertmanagerGroup, PrometheusConfig, Relabelling
from buckstop.prometheus.alertmanager_reading import RELABELLED_APART
from buckstop.prometheus.model import AlertingRule
from buckstop.prometheus.names import METRIC_NAME_LABEL
from buckstop.prover.label_templates import label_language, labels_named
from buckstop.prover.region_relabelling import behaviours, relabelled

MAX_SPLIT: Final = 1_000
"""Combinations of values of the labels that a rule's templates name, told apart in one region."""

MAX_OTHER_GROUPS: Final = 3
"""Groups of Alertmanagers of which every order is followed in which their steps may come."""


def alert_domain(
    series: Domain, rule: AlertingRule, config: PrometheusConfig | None, version: Version | None
) -> Domain:
    """The label sets of the alerts of `rule`.

    Args:
        series: those of the series that its expression gives.
        config: of the server; None: it has no external labels.
        version: Prometheus's; None: any that is supported.
    """
    external = external_languages(config)
    texts = {name: value.text for name, value in rule.labels if name != METRIC_NAME_LABEL}
    named = [name for text in texts.values() for name in labels_named(text, version)]

    def alerts(here: Region) -> Iterator[Region]:
        # Each value of a label that is taken over is followed apart: the copy has the same.
        for part, _ in split_by_values(here, named, MAX_SPLIT):
            languages = {**dict(part.named), METRIC_NAME_LABEL: ABSENT}
            for name, text in texts.items():
                languages[name] = label_language(text, part, external, version)
            languages["alertname"] = only(rule.alert)
            yield region(languages, part.others)

    return simplified(alert for here in series for alert in alerts(here))


def external_languages(config: PrometheusConfig | None) -> dict[str, Language]:
    """The external labels; one with a ``$`` is filled from the server's environment: any text."""
    if config is None:
        return {}
    return {
        name: EVERYTHING if "$" in value else only(value) for name, value in config.external_labels
    }


def sent_domain(
    alerts: Domain,
    config: PrometheusConfig,
    group: AlertmanagerGroup,
    version: Version | None,
    mentioned: Iterable[str] = (),
) -> Domain:
    """The label sets that the Alertmanagers of `group` are sent of `alerts`.

    Before Prometheus 3.7 the steps of another group may come in between, or not, as it happens.

    Args:
        config: one without errors: steps that cannot be read are not among its steps.
        version: Prometheus's; None: any that is supported.
        mentioned: the labels that matter to whoever asks. Of these it is told apart whether a
            step drops them, by whatever pattern.
    """
    names = frozenset(mentioned)

    def after(steps: tuple[Relabelling, ...], domain: Domain, behaviour: Version) -> Domain:
        return relabelled(domain, steps, behaviour, names)

    filled = _filled(alerts, external_languages(config))
    sent: list[Region] = []
    for behaviour in behaviours(version):
        domain = after(config.alert_relabel_configs, filled, behaviour)
        others = _steps_in_between(config, group, version)
        if len(others) > MAX_OTHER_GROUPS:
            domain = (ALL_LABEL_SETS,) if domain else ()
        else:
            domain = _in_any_order(domain, others, behaviour, names)
        sent += after(group.alert_relabel_configs, domain, behaviour)
    return simplified(sent)


def _filled(domain: Domain, external: Mapping[str, Language]) -> Domain:
    """External labels in the place of those that an alert lacks."""
    filled = list(domain)
    for name, language in external.items():
        for index, here in enumerate(filled):
            before = here.language(name)
            if "" in before:
                filled[index] = here.replaced(name, (before - ABSENT) | language)
    return simplified(filled)


def _steps_in_between(
    config: PrometheusConfig, group: AlertmanagerGroup, version: Version | None
) -> list[tuple[Relabelling, ...]]:
    """The steps of the other groups, where these change the very alerts that `group` is sent."""
    if version is not None and version >= RELABELLED_APART:
        return []
    return [
        other.alert_relabel_configs
        for other in config.alertmanagers
        if other is not group and other.is_reached and other.alert_relabel_configs
    ]


def _in_any_order(
    domain: Domain, others: list[tuple[Relabelling, ...]], version: Version, names: frozenset[str]
) -> Domain:
    """After some of `others`, or none. What these drop is dropped for their own group alone."""
    reached = list(domain)
    for count in range(1, len(others) + 1):
        for order in permutations(others, count):
            passed = domain
            for steps in order:
                passed = simplified((*passed, *relabelled(passed, steps, version, names)))
            reached += passed
    return simplified(reached)
