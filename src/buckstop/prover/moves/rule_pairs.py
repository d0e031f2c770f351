"""Which rule of before is which rule of after, in whatever file it stands."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Final

from buckstop.prometheus.model import AlertingRule


@dataclass(frozen=True, slots=True)
class Paired:
    """Rules of two states.

    Attributes:
        pairs: of one rule each, in the order of the old state.
        removed, added: rules that only one state has.
    """

    pairs: tuple[tuple[AlertingRule, AlertingRule], ...]
    removed: tuple[AlertingRule, ...]
    added: tuple[AlertingRule, ...]


def pair_rules(old: Sequence[AlertingRule], new: Sequence[AlertingRule]) -> Paired:
    """Pair rules by what they agree in: first in everything, at last in the alert's name alone.

    Of several that agree equally, the first pairs with the first.
    """
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for identity in _IDENTITIES:
        waiting: dict[Hashable, list[int]] = {}
        for place in reversed(range(len(new))):
            if place not in taken:
                waiting.setdefault(identity(new[place]), []).append(place)
        for place, rule in enumerate(old):
            if place not in pairs and (alike := waiting.get(identity(rule))):
                pairs[place] = alike.pop()
                taken.add(pairs[place])
    return Paired(
        pairs=tuple((old[place], new[pairs[place]]) for place in sorted(pairs)),
        removed=tuple(rule for place, rule in enumerate(old) if place not in pairs),
        added=tuple(rule for place, rule in enumerate(new) if place not in taken),
    )


def _labels(rule: AlertingRule) -> frozenset[tuple[str, str]]:
    return frozenset((name, value.text) for name, value in rule.labels)


_IDENTITIES: Final[tuple[Callable[[AlertingRule], Hashable], ...]] = (
    lambda rule: (rule.alert, rule.group, _labels(rule), rule.expr),
    lambda rule: (rule.alert, rule.group, _labels(rule)),
    lambda rule: (rule.alert, _labels(rule), rule.expr),
    lambda rule: (rule.alert, _labels(rule)),
    lambda rule: (rule.alert, rule.group),
    lambda rule: rule.alert,
)
