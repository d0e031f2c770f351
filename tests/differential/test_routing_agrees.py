"""Our router sends every alert where the real Alertmanager sends it.

Alertmanager's own API names the receivers of each alert it holds, by the walk of its route tree. So
many alerts are posted once, and each tree is loaded in turn and asked about all of them.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from tests.differential import random_routes

from buckstop import alertmanager, servers
from buckstop.alertmanager.matcher_syntax import FIRST_UTF8_VERSION
from buckstop.alertmanager.versions import parse_version
from buckstop.diagnostics import Level

SEED = 7
ROOT_ONLY = "route: {receiver: r0}\nreceivers: [{name: r0}]\n"


def router_for(config_text: str, installation: servers.Installation) -> alertmanager.Router:
    version = installation.alertmanager_version
    config, diagnostics = alertmanager.read(config_text, "alertmanager.yml", version)
    assert config is not None
    assert [found for found in diagnostics if found.level is Level.ERROR] == []
    return alertmanager.Router(config)


def kind_for(installation: servers.Installation, webhook: str | None = None) -> random_routes.Kind:
    """What the version can be asked: names beyond the classic ones only since 0.27."""
    version = parse_version(installation.alertmanager_version)
    return random_routes.Kind(version >= FIRST_UTF8_VERSION, webhook)


def receivers_by_case(running: servers.Alertmanager) -> dict[str, list[str]]:
    return {
        alert["labels"]["case"]: [receiver["name"] for receiver in alert["receivers"]]
        for alert in running.alerts()
    }


def compare(
    installation: servers.Installation, seed: int, *, trees: int, alerts: int
) -> tuple[int, list[str]]:
    """How many routings were compared, and those that differ."""
    rng = random.Random(seed)
    kind = kind_for(installation)
    sets = {labels["case"]: labels for labels in random_routes.label_sets(rng, alerts, kind)}
    disagreements: list[str] = []
    compared = 0
    with servers.Alertmanager(installation, ROOT_ONLY) as running:
        running.post_alerts([{"labels": labels} for labels in sets.values()])
        servers.await_until(
            lambda: len(receivers_by_case(running)) == alerts, 20, "all alerts are held"
        )
        for _ in range(trees):
            text = random_routes.config(rng, kind)
            router = router_for(text, installation)
            running.reload(text)
            theirs = receivers_by_case(running)
            assert theirs.keys() == sets.keys()
            for case, labels in sets.items():
                ours = [match.receiver for match in router.route(labels)]
                compared += 1
                if ours != theirs[case]:
                    disagreements.append(
                        f"{labels}\n  ours: {ours}\n  theirs: {theirs[case]}\n{text}"
                    )
    return compared, disagreements


@pytest.mark.servers
def test_router_agrees_with_the_running_alertmanager(
    each_installation: servers.Installation,
) -> None:
    """Receivers, their order and their repeats are the same for thousands of alerts."""
    compared, disagreements = compare(each_installation, SEED, trees=15, alerts=2_000)
    assert not disagreements, f"seed {SEED}:\n{disagreements[0]}"
    assert compared >= 30_000


@pytest.mark.nightly
@pytest.mark.servers
@pytest.mark.timeout(1_800)
def test_router_agrees_with_the_running_alertmanager_at_length(
    each_installation: servers.Installation,
) -> None:
    """The same with a new seed each night."""
    seed = random.SystemRandom().randrange(2**32)
    compared, disagreements = compare(each_installation, seed, trees=60, alerts=20_000)
    assert not disagreements, f"seed {seed}:\n{disagreements[0]}"
    assert compared >= 1_000_000


@pytest.mark.servers
def test_router_agrees_with_amtool(each_installation: servers.Installation, tmp_path: Any) -> None:
    """``amtool config routes test`` prints the same receivers in the same order."""
    rng = random.Random(SEED)
    path = tmp_path / "alertmanager.yml"
    for _ in range(5):
        text = random_routes.config(rng)
        path.write_text(text, encoding="utf-8")
        router = router_for(text, each_installation)
        for _ in range(6):
            labels = {
                name: value
                for name, value in random_routes.labels(rng).items()
                if value and value.isprintable() and "," not in value
            }
            ours = [match.receiver for match in router.route(labels)]
            theirs = servers.route_test(each_installation, path, labels)
            assert ours == theirs, f"seed {SEED}: {labels}\n{text}"


@pytest.mark.servers
def test_alerts_are_grouped_as_alertmanager_groups_them(
    each_installation: servers.Installation,
) -> None:
    """Each alert stands in the groups, with the labels, that its routes' options give it."""
    rng = random.Random(SEED)
    sets = {labels["case"]: labels for labels in random_routes.label_sets(rng, 150)}
    with servers.Alertmanager(each_installation, ROOT_ONLY) as running:
        running.post_alerts([{"labels": labels} for labels in sets.values()])
        for _ in range(5):
            text = random_routes.config(rng)
            router = router_for(text, each_installation)
            expected = Counter(
                (case, match.receiver, frozenset(match.options.group_labels(labels).items()))
                for case, labels in sets.items()
                for match in router.route(labels)
            )
            running.reload(text)
            await_groups(running, expected)


def await_groups(
    running: servers.Alertmanager, expected: Counter[tuple[str, str, frozenset[tuple[str, str]]]]
) -> None:
    servers.await_until(
        lambda: _groups(running) == expected, 20, f"seed {SEED}: the same groups as ours"
    )


def _groups(running: servers.Alertmanager) -> Counter[tuple[str, str, frozenset[tuple[str, str]]]]:
    answer = running.http.get(f"{running.url}/api/v2/alerts/groups")
    groups: list[Mapping[str, Any]] = answer.raise_for_status().json()
    return Counter(
        (alert["labels"]["case"], group["receiver"]["name"], frozenset(group["labels"].items()))
        for group in groups
        for alert in group["alerts"]
    )
