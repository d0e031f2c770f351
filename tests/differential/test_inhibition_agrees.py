"""Inhibition is the running Alertmanager's: its API names what inhibits each alert.

Many alerts are posted once; configurations with random rules are loaded in turn.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pytest
from tests.differential import random_routes
from tests.differential.test_routing_agrees import ROOT_ONLY

from buckstop import alertmanager, servers
from buckstop.alertmanager.conditions import condition
from buckstop.alertmanager.inhibition import Inhibitor
from buckstop.alertmanager.label_text import fingerprint
from buckstop.alertmanager.model import InhibitRule, Matcher
from buckstop.alertmanager.versions import parse_version

SEED = 20_261_122
ONE_SOURCE_AN_INDEX = ((0, 30), (0, 33))
"""The versions, first and last, that remember a single source for each set of equal labels."""

Labels = Mapping[str, str]


def rule(rng: random.Random) -> str:
    def matchers() -> str:
        made = []
        for _ in range(rng.choice((1, 1, 2))):
            name = rng.choice(random_routes.NAMES[:3])
            if rng.random() < 0.5:
                operator, value = rng.choice(("=", "!=")), rng.choice(("", "a", "b", "A"))
            else:
                operator, value = (
                    rng.choice(("=~", "!~")),
                    rng.choice(("a|b", ".*b", "(?i)a", ".+")),
                )
            made.append(f"'{name}{operator}{random_routes.quoted(value)}'")
        return f"[{', '.join(made)}]"

    equal = rng.sample(random_routes.NAMES, rng.randrange(3))
    return (
        f"- {{source_matchers: {matchers()}, target_matchers: {matchers()}, "
        f"equal: [{', '.join(equal)}]}}\n"
    )


@dataclass(frozen=True, slots=True)
class Judge:
    """One rule by the words of the documentation alone: every pair of alerts is looked at."""

    rule: InhibitRule
    sources: tuple[Labels, ...]
    source_cases: frozenset[str]
    target_cases: frozenset[str]

    @classmethod
    def of(cls, rule: InhibitRule, alerts: Sequence[Labels]) -> Judge:
        sources, targets = matching(rule.source, alerts), matching(rule.target, alerts)
        return cls(rule, sources, cases(sources), cases(targets))

    def inhibiting(self, labels: Labels) -> tuple[set[str], bool]:
        """The fingerprints of all that may, and whether one that may not stands beside them."""
        found: set[str] = set()
        is_mixed = False
        if labels["case"] not in self.target_cases:
            return found, is_mixed
        both = labels["case"] in self.source_cases
        for source in self.sources:
            if any(source.get(name, "") != labels.get(name, "") for name in self.rule.equal):
                continue
            if both and source["case"] in self.target_cases:
                is_mixed = True
            else:
                found.add(fingerprint(source))
        return found, is_mixed


def cases(alerts: Iterable[Labels]) -> frozenset[str]:
    return frozenset(labels["case"] for labels in alerts)


def matching(matchers: Iterable[Matcher], alerts: Sequence[Labels]) -> tuple[Labels, ...]:
    tests = [(one.name, condition(one).holds) for one in matchers]
    return tuple(
        labels for labels in alerts if all(test(labels.get(name, "")) for name, test in tests)
    )


def compare(
    installation: servers.Installation, seed: int, *, rule_sets: int, alerts: int
) -> tuple[int, int]:
    """How many alerts were compared, and how many of them were inhibited."""
    rng = random.Random(seed)
    version = parse_version(installation.alertmanager_version)
    first, last = ONE_SOURCE_AN_INDEX
    sets = [
        {name: value for name, value in labels.items() if value}
        for labels in random_routes.label_sets(rng, alerts)
    ]
    compared = inhibited = 0
    with servers.Alertmanager(installation, ROOT_ONLY) as running:
        running.post_alerts([{"labels": labels} for labels in sets])
        servers.await_until(lambda: len(running.alerts()) == alerts, 20, "all alerts are held")
        for _ in range(rule_sets):
            text = f"{ROOT_ONLY}inhibit_rules:\n" + "".join(rule(rng) for _ in range(3))
            config, _ = alertmanager.read(text, "alertmanager.yml")
            assert config is not None
            inhibitor = Inhibitor(config.inhibit_rules, sets)
            judges = [Judge.of(one, sets) for one in config.inhibit_rules]
            ours: dict[str, str | None] = {}
            allowed: dict[str, set[str]] = {}
            skipped: set[str] = set()
            for labels in sets:
                case = labels["case"]
                inhibition = inhibitor.inhibition(labels)
                ours[case] = None if inhibition is None else fingerprint(inhibition.source)
                judged = [judge.inhibiting(labels) for judge in judges]
                allowed[case] = {one for found, _ in judged for one in found}
                if any(is_mixed for _, is_mixed in judged) and first <= version <= last:
                    skipped.add(case)
            running.reload(text)

            def differing(
                ours: dict[str, str | None] = ours, skipped: set[str] = skipped
            ) -> list[tuple[str, list[str]]]:
                theirs = {
                    alert["labels"]["case"]: alert["status"]["inhibitedBy"]
                    for alert in running.alerts()
                }
                return [
                    (case, by)
                    for case, by in theirs.items()
                    if bool(by) is (ours[case] is None) and not (case in skipped and not by)
                ]

            try:
                servers.await_until(lambda: not differing(), 10, "the same alerts are inhibited")
            except servers.NotInTime:
                pytest.fail(f"seed {seed}: {differing()[:3]}\n{text}")
            for alert in running.alerts():
                case, by = alert["labels"]["case"], alert["status"]["inhibitedBy"]
                assert set(by) <= allowed[case], f"seed {seed}: {alert}\n{text}"
                assert ours[case] is None or ours[case] in allowed[case], f"seed {seed}: {text}"
                compared += 1
                inhibited += bool(by)
    return compared, inhibited


@pytest.mark.servers
def test_inhibition_agrees(each_installation: servers.Installation) -> None:
    """The same alerts are inhibited, each by a source that may."""
    compared, inhibited = compare(each_installation, SEED, rule_sets=20, alerts=150)
    assert compared >= 3_000
    assert compared / 10 < inhibited < compared * 0.9, "both outcomes are seen"


@pytest.mark.nightly
@pytest.mark.servers
@pytest.mark.timeout(1_800)
def test_inhibition_agrees_at_length(each_installation: servers.Installation) -> None:
    """The same with a new seed each night."""
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    compared, _ = compare(each_installation, seed, rule_sets=150, alerts=300)
    assert compared >= 45_000
