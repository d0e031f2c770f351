"""In time: a promise of how soon the team is told, held against every wait on the way."""

from __future__ import annotations

import pytest

from buckstop.alertmanager import read
from buckstop.prometheus import read_config, read_rules
from buckstop.prover.examination import examine
from buckstop.prover.given import Given
from buckstop.prover.model import Property, RuleAnswer, Verdict

ROUTES = """
route:
  receiver: rest
  routes:
  - matchers: ['team="infra"']
    receiver: chat
    group_interval: 2m
    routes:
    - {matchers: ['severity="page"'], receiver: pager, group_wait: 0s, group_interval: 30s}
receivers:
- {name: rest, webhook_configs: [{url: 'http://127.0.0.1/rest'}]}
- {name: chat, webhook_configs: [{url: 'http://127.0.0.1/chat'}]}
- {name: pager, webhook_configs: [{url: 'http://127.0.0.1/pager'}]}
"""
SERVER = """
global: {scrape_interval: 15s, evaluation_interval: 30s}
rule_files: [rules.yml]
alerting: {alertmanagers: [{static_configs: [{targets: ['127.0.0.1:9093']}]}]}
"""


def answered(labels: str, within_seconds: float | None, interval: str = "") -> RuleAnswer:
    rules, _ = read_rules(
        f"groups: [{{name: g, {interval} rules: "
        f"[{{alert: A, expr: up == 0, for: 1m, labels: {{{labels}}}}}]}}]",
        "rules.yml",
    )
    config, _ = read(ROUTES, "alertmanager.yml")
    server, _ = read_config(SERVER, "prometheus.yml")
    assert rules is not None
    given = Given(
        (rules,), config, team_label="team", prometheus=server, within_seconds=within_seconds
    )
    return examine(given).verdicts[0]


@pytest.mark.parametrize(
    ("labels", "interval", "worst_seconds"),
    [
        # scrape, evaluation, for in whole evaluations, group_interval of a group already open
        ("team: infra, severity: page", "", 15 + 30 + 60 + 30),
        ("team: infra, severity: info", "", 15 + 30 + 60 + 120),
        ("team: infra", "", 15 + 30 + 60 + 120),
        ("team: infra, severity: page", "interval: 45s,", 15 + 45 + 90 + 30),
    ],
)
def test_the_slowest_way_to_the_team_counts(
    labels: str, interval: str, worst_seconds: float
) -> None:
    """To the second: kept by a promise of the worst case, missed by one of a second less."""
    kept = answered(labels, worst_seconds, interval)
    assert kept.judgement(Property.IN_TIME).verdict is Verdict.PROVEN
    assert kept.verdict is Verdict.PROVEN
    missed = answered(labels, worst_seconds - 1, interval)
    assert (missed.verdict, missed.cause) == (Verdict.REFUTED, "too late")
    assert "group_interval" in missed.reason


def test_without_a_promise_it_is_not_judged() -> None:
    """Trees that nobody promised anything of are not drowned in it."""
    assert Property.IN_TIME not in dict(answered("team: infra", None).properties)


def test_what_nobody_answers_is_not_also_late() -> None:
    """One reason is enough, and it is the graver one."""
    answer = answered("severity: page", 1)
    assert answer.cause == "no team label"
    assert answer.judgement(Property.IN_TIME).verdict is Verdict.NOT_APPLICABLE
