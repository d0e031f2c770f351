"""The kinds of alerts that inhibition rules tell apart, each with a rule that sends them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from buckstop.alertmanager.model import AlertmanagerConfig, InhibitRule
from buckstop.language import Region
from buckstop.language.domains import Domain
from buckstop.prometheus.model import AlertingRule
from buckstop.prover.checks.subject import AlertKind, Answered

MAX_RULES: Final = 20_000
"""Rules that are looked at for inhibition; of more, nothing is said."""

_ALWAYS_FIRES: Final = re.compile(r"\s*vector\s*\(\s*[0-9.]+\s*\)\s*")


def alert_kinds(
    config: AlertmanagerConfig | None,
    rules: Sequence[Answered],
    domain_of: Callable[[AlertingRule, frozenset[str]], Domain],
) -> tuple[AlertKind, ...]:
    """Those of all `rules`; none where nothing inhibits, and none of more than `MAX_RULES`."""
    if config is None or not config.inhibit_rules or len(rules) > MAX_RULES:
        return ()
    names = frozenset(names_asked(config.inhibit_rules))
    found: dict[tuple[str | None, bool, Region], AlertKind] = {}
    for one in rules:
        fires = always_fires(one.rule)
        for region in domain_of(one.rule, names):
            key = (one.answer.team, fires, region)
            found.setdefault(key, AlertKind(one, region, fires))
    return tuple(found.values())


def always_fires(rule: AlertingRule) -> bool:
    """Whether the expression of `rule` is a number that is written there."""
    return _ALWAYS_FIRES.fullmatch(rule.expr) is not None


def names_asked(rules: Iterable[InhibitRule]) -> Iterable[str]:
    """The labels that inhibition `rules` ask for; one may come again."""
    for rule in rules:
        yield from rule.equal
        for matcher in (*rule.source, *rule.target):
            yield matcher.name
