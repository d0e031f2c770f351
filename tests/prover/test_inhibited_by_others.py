"""Inhibition that keeps an alert from the team that answers for it."""

from __future__ import annotations

import pytest

from buckstop.alertmanager import read
from buckstop.diagnostics import Diagnostic
from buckstop.prometheus import read_rules
from buckstop.prover.codes import INHIBITED_BY_OTHERS
from buckstop.prover.examination import examine
from buckstop.prover.given import Given

ROUTES = """
route:
  receiver: rest
  routes:
  - {matchers: ['team="a"'], receiver: a}
  - {matchers: ['team="b"'], receiver: b}
receivers:
- {name: rest, webhook_configs: [{url: 'http://127.0.0.1/rest'}]}
- {name: a, webhook_configs: [{url: 'http://127.0.0.1/a'}]}
- {name: b, webhook_configs: [{url: 'http://127.0.0.1/b'}]}
inhibit_rules:
"""
RULES = """
groups:
- name: g
  rules:
  - {alert: Watchdog, expr: vector(1), labels: {team: a}}
  - {alert: Down, expr: 'up{job="node"} == 0', labels: {team: b, severity: critical, zone: x}}
  - {alert: Slow, expr: 'p95{job="app"} > 1', labels: {team: a, severity: minor, zone: x}}
"""
CRITICAL_FIRST = (
    """source_matchers: ['severity="critical"'], target_matchers: ['severity="minor"']"""
)


def inhibited(inhibit_rule: str) -> list[Diagnostic]:
    rule_file, _ = read_rules(RULES, "rules.yml")
    config, found = read(f"{ROUTES}- {{{inhibit_rule}}}\n", "alertmanager.yml")
    assert rule_file is not None
    assert config is not None, found
    examination = examine(Given(rule_files=(rule_file,), config=config, team_label="team"))
    return [one for one in examination.diagnostics if one.code is INHIBITED_BY_OTHERS]


@pytest.mark.parametrize(
    ("inhibit_rule", "why"),
    [
        (
            """source_matchers: ['alertname="Watchdog"'], target_matchers: ['severity="minor"']""",
            "Watchdog always fires",
        ),
        (
            CRITICAL_FIRST,
            "Down is another team's or nobody's",
        ),
        (
            CRITICAL_FIRST + ", equal: [zone]",
            "Down is another team's or nobody's",
        ),
        (
            CRITICAL_FIRST + ", equal: [instance]",
            "Down is another team's or nobody's",
        ),
    ],
)
def test_an_alert_that_another_keeps_quiet_is_named_with_it(inhibit_rule: str, why: str) -> None:
    """One finding at the inhibition rule, with the pair that shows it."""
    (found,) = inhibited(inhibit_rule)
    source = why.partition(" ")[0]
    shared = ' with the same {instance="a"}' if "instance" in inhibit_rule else ""
    assert found.message == (
        f"while {source} fires{shared}, nobody is told of Slow, for which a answers; {why}"
    )
    assert found.span is not None
    assert (found.span.file, found.span.line) == ("alertmanager.yml", 12)
    assert [related.message for related in found.related] == ["the source", "the target"]


@pytest.mark.parametrize(
    "inhibit_rule",
    [
        # The same team's own.
        """source_matchers: ['alertname="Slow"'], target_matchers: ['alertname="Watchdog"']""",
        # No alert is a source; values differ, as the rule sets them or its expression asks.
        """source_matchers: ['alertname="None"'], target_matchers: ['severity="minor"']""",
        CRITICAL_FIRST + ", equal: [team]",
        CRITICAL_FIRST + ", equal: [job]",
        # What matches both sides inhibits nothing that does.
        """source_matchers: ['alertname=~".+"'], target_matchers: ['alertname=~".+"']""",
    ],
)
def test_inhibition_within_a_team_or_that_cannot_happen_is_passed_over(
    inhibit_rule: str,
) -> None:
    """Quiet where no alerts of the two rules can meet in the labels under `equal`."""
    assert inhibited(inhibit_rule) == []
