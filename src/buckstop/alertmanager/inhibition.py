"""Inhibition: which firing alert keeps another from being notified.

A rule silences the alerts that match its targets while an alert fires that matches its sources and
has the same values of all `equal` labels. A label that is missing counts as empty, on both sides
too, and no `equal` means any source. An alert that matches both sides is not inhibited by one that
matches both sides. A source that is silenced or inhibited itself still inhibits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from buckstop.alertmanager.conditions import Condition, condition
from buckstop.alertmanager.model import InhibitRule, Matcher

Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Inhibition:
    """An alert is kept quiet: by which alert, through which rule."""

    source: Labels
    rule: InhibitRule


@dataclass(slots=True)
class _Sources:
    """The first source for one set of `equal` values, and the first that is no target as well."""

    any: Labels
    source_only: Labels | None


class Inhibitor:
    """The inhibition rules of one configuration while given alerts fire.

    Where several rules or sources inhibit, the first rule and the first source are named.
    """

    def __init__(self, rules: Iterable[InhibitRule], firing: Iterable[Labels]) -> None:
        """Take the rules and the label sets of all alerts that fire."""
        alerts = tuple(firing)
        every = (_Rule(rule, alerts) for rule in rules)
        self._rules = tuple(one for one in every if one.has_sources)
        names = (name for one in self._rules for name in one.labels_asked)
        self.labels_asked: tuple[str, ...] = tuple(dict.fromkeys(names))
        """No other label can change what inhibits an alert."""

    def inhibition(self, labels: Labels) -> Inhibition | None:
        """What inhibits an alert with `labels`; None where nothing does."""
        for rule in self._rules:
            source = rule.source_for(labels)
            if source is not None:
                return Inhibition(source, rule.rule)
        return None


class _Rule:
    """One rule, with its sources by their `equal` values."""

    def __init__(self, rule: InhibitRule, alerts: Iterable[Labels]) -> None:
        self.rule = rule
        self._source = _conditions(rule.source)
        self._target = _conditions(rule.target)
        self._sources: dict[tuple[str, ...], _Sources] = {}
        for labels in alerts:
            if not _hold(self._source, labels):
                continue
            source_only = None if _hold(self._target, labels) else labels
            found = self._sources.setdefault(self._equal(labels), _Sources(labels, source_only))
            if found.source_only is None:
                found.source_only = source_only

    @property
    def has_sources(self) -> bool:
        """Whether an alert fires by which it inhibits."""
        return bool(self._sources)

    @property
    def labels_asked(self) -> Iterator[str]:
        """All that it looks at of an alert."""
        yield from self.rule.equal
        for one in (*self.rule.source, *self.rule.target):
            yield one.name

    def source_for(self, labels: Labels) -> Labels | None:
        """The first source that inhibits an alert with `labels`, or None."""
        if not _hold(self._target, labels):
            return None
        found = self._sources.get(self._equal(labels))
        if found is None:
            return None
        return found.source_only if _hold(self._source, labels) else found.any

    def _equal(self, labels: Labels) -> tuple[str, ...]:
        return tuple(labels.get(name, "") for name in self.rule.equal)


def _conditions(matchers: Iterable[Matcher]) -> tuple[Condition, ...]:
    return tuple(condition(matcher) for matcher in matchers)


def _hold(conditions: Iterable[Condition], labels: Labels) -> bool:
    return all(asked.holds(labels.get(asked.matcher.name, "")) for asked in conditions)
