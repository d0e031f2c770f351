"""Group keys and timers are those of the running Alertmanager.

Every receiver posts to one webhook, whose payloads name the group's key. When a group is first
notified shows its group_wait; the notification log that the server leaves on disk says for how
long each entry holds, which is twice the repeat interval.
"""

from __future__ import annotations

import random
import time
from collections import defaultdict

import pytest
from tests.differential import notification_log, random_routes
from tests.differential.test_routing_agrees import kind_for, router_for
from tests.differential.webhook import Webhook, listening

from buckstop import servers

SEED = 20_261_122
Told = set[tuple[str, str, str]]


def told(webhook: Webhook) -> Told:
    """Receiver, group key and case of every alert that was notified."""
    return {
        (body["receiver"], body["groupKey"], alert["labels"]["case"])
        for _, body in list(webhook.payloads)
        for alert in body["alerts"]
    }


def answered(running: servers.Alertmanager) -> float:
    """The webhooks whose answer the server has heard: a moment later they are on its record."""
    return sum(
        float(line.rpartition(" ")[2])
        for line in running.metrics().splitlines()
        if line.startswith('alertmanager_notification_latency_seconds_count{integration="webhook"')
    )


def compare_tree(installation: servers.Installation, rng: random.Random, alerts: int) -> int:
    """How many alerts' groups were compared on one tree; disagreements fail."""
    with listening() as webhook:
        kind = kind_for(installation, webhook.url)
        text = random_routes.config(rng, kind)
        sets = list(random_routes.label_sets(rng, alerts, kind))
        router = router_for(text, installation)
        expected: Told = set()
        waits: dict[tuple[str, str], set[float]] = defaultdict(set)
        repeats: dict[tuple[str, str], set[float]] = defaultdict(set)
        for labels in sets:
            for match in router.route(labels):
                key = match.group_key(labels)
                expected.add((match.receiver, key, labels["case"]))
                waits[match.receiver, key].add(match.options.group_wait_seconds)
                repeats[match.receiver, key].add(match.options.repeat_interval_seconds)
        with servers.Alertmanager(installation, text) as running:
            posted = time.monotonic()
            running.post_alerts([{"labels": labels} for labels in sets])
            try:
                servers.await_until(
                    lambda: expected <= told(webhook), 30, "every group is notified"
                )
            except servers.NotInTime:
                missing = sorted(expected - told(webhook))[:3]
                pytest.fail(f"never notified: {missing}\nbut: {sorted(told(webhook))[:3]}\n{text}")
            servers.await_until(
                lambda: answered(running) >= len(webhook.payloads), 10, "the answers are heard"
            )
            running.stop()
            log = list(notification_log.read(running.folder / "data" / "nflog"))
        assert told(webhook) == expected, text
        first: dict[tuple[str, str], float] = {}
        for at, body in webhook.payloads:
            first.setdefault((body["receiver"], body["groupKey"]), at - posted)
        for group, seconds in first.items():
            assert seconds >= min(waits[group]), f"{group} too early: {seconds}\n{text}"
            # Groups wait for 0 s or 3 s: whoever is told before the 3 s did not wait.
            assert min(waits[group]) > 0 or seconds < 3, f"{group} too late: {seconds}\n{text}"
        # Those that were told last may not be on record yet when the server is stopped.
        assert len({(sent.receiver, sent.group_key) for sent in log}) > len(repeats) / 2
        for sent in log:
            assert sent.repeat_interval_seconds in repeats[sent.receiver, sent.group_key], text
    return len(expected)


@pytest.mark.servers
def test_groups_and_timers_agree(each_installation: servers.Installation) -> None:
    """The same keys, group waits and repeat intervals for hundreds of alerts."""
    rng = random.Random(SEED)
    compared = sum(compare_tree(each_installation, rng, alerts=200) for _ in range(2))
    assert compared >= 400, f"seed {SEED}"


@pytest.mark.nightly
@pytest.mark.servers
@pytest.mark.timeout(1_800)
def test_groups_and_timers_agree_at_length(each_installation: servers.Installation) -> None:
    """The same with a new seed each night."""
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    rng = random.Random(seed)
    compared = sum(compare_tree(each_installation, rng, alerts=400) for _ in range(60))
    assert compared >= 24_000, f"seed {seed}"


@pytest.mark.servers
def test_group_interval_agrees(each_installation: servers.Installation) -> None:
    """A group's second alert waits for its own or its inherited group_interval, and no longer."""
    with listening() as webhook:
        text = f"""
route:
  receiver: r
  group_by: [team]
  group_wait: 0s
  group_interval: 4s
  routes:
  - {{matchers: [team=quick], group_interval: 1s, routes: [{{matchers: [x=y]}}]}}
  - {{matchers: [team=slow], routes: [{{matchers: [x=y]}}]}}
receivers: [{{name: r, webhook_configs: [{{url: '{webhook.url}'}}]}}]
"""
        router = router_for(text, each_installation)

        def alert(team: str, case: str) -> dict[str, str]:
            return {"team": team, "x": "y", "case": f"{team}-{case}"}

        def arrived(case: str) -> float | None:
            for at, body in list(webhook.payloads):
                if case in {one["labels"]["case"] for one in body["alerts"]}:
                    return at
            return None

        teams = ("quick", "slow")
        with servers.Alertmanager(each_installation, text) as running:
            for case in ("1", "2"):
                running.post_alerts([{"labels": alert(team, case)} for team in teams])
                servers.await_until(
                    lambda case=case: all(arrived(f"{team}-{case}") for team in teams),  # type: ignore[misc] # bound at once
                    20,
                    f"alerts {case} are notified",
                )
        between = {}
        for team in teams:
            (match,) = router.route(alert(team, "1"))
            first, second = arrived(f"{team}-1"), arrived(f"{team}-2")
            assert first is not None
            assert second is not None
            between[team] = (second - first, match.options.group_interval_seconds)
        assert [interval for _, interval in between.values()] == [1, 4]
        # Flushes are a whole interval apart; what the webhook sees of it may jitter a little.
        assert between["quick"][0] < 3.5 < between["slow"][0] < 8, between
