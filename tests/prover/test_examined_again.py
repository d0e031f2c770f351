"""An examination that goes on from an earlier one says what one from the start would say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from buckstop.alertmanager import read
from buckstop.alertmanager.model import AlertmanagerConfig
from buckstop.prometheus import read_rules
from buckstop.prometheus.model import RuleFile
from buckstop.prover.examination import examine
from buckstop.prover.given import Declared, Given
from buckstop.prover.ownership import Holder

ROUTES = """\
route:
  receiver: rest
  routes:
  - matchers: ['team="shop"']
    receiver: shop
  - matchers: ['team="shop"', 'severity="warning"']
    receiver: shop
  - matchers: ['team=~"pay|bank"']
    receiver: pay
receivers:
- name: rest
- name: shop
- name: pay
"""
ALERT = """\
groups:
- name: {name}
  rules:
  - alert: {name}
    expr: {expr} > 0
    labels: {{{labels}}}
"""
RECORD = """\
groups:
- name: records
  rules:
  - record: job:errors:rate5m
    expr: sum by ({by}) (rate(errors_total[5m]))
"""


def rules(text: str, file: str = "rules.yml") -> RuleFile:
    found, diagnostics = read_rules(text, file)
    assert found is not None
    assert not diagnostics
    return found


def routes(text: str) -> AlertmanagerConfig:
    config, _ = read(text, "alertmanager.yml")
    assert config is not None
    return config


def alert(name: str, expr: str = "up", labels: str = "team: shop") -> RuleFile:
    return rules(ALERT.format(name=name, expr=expr, labels=labels), f"{name}.yml")


FIRST = Given(
    rule_files=(
        alert("Kept"),
        alert("Follows", "job:errors:rate5m", "severity: page"),
        rules(RECORD.format(by="team"), "records.yml"),
    ),
    config=routes(ROUTES),
)

CHANGED = {
    "nothing": FIRST,
    "a rule's team": replace(
        FIRST, rule_files=(alert("Kept", labels="team: pay"), *FIRST.rule_files[1:])
    ),
    "a rule more": replace(
        FIRST, rule_files=(*FIRST.rule_files, alert("New", labels="team: bank"))
    ),
    "no rule follows what is recorded": replace(
        FIRST, rule_files=(FIRST.rule_files[0], FIRST.rule_files[2])
    ),
    "what is recorded": replace(
        FIRST, rule_files=(*FIRST.rule_files[:2], rules(RECORD.format(by="job"), "records.yml"))
    ),
    "the label that names the team": replace(
        FIRST, rule_files=tuple(alert(f"By{number}", labels="owner: shop") for number in range(9))
    ),
    "the routes": replace(FIRST, config=routes(ROUTES.replace("pay|bank", "bank"))),
    "the teams": replace(
        FIRST, declared=Declared("teams.yml", {"rest": Holder("accountable", "desk")})
    ),
    "the promised time": replace(FIRST, within_seconds=1.0),
}


@pytest.mark.parametrize("change", CHANGED)
def test_what_changed_is_seen(change: str) -> None:
    given = CHANGED[change]

    again = examine(given, examine(FIRST))

    anew = examine(given)
    assert again.rules == anew.rules
    assert again.diagnostics == anew.diagnostics
    assert again.assumptions == anew.assumptions
    assert again.team_label == anew.team_label
    assert again.ownership == anew.ownership


def test_the_walk_of_the_routes_is_used_again_when_a_rule_changes() -> None:
    first = examine(FIRST)

    again = examine(CHANGED["a rule's team"], first)

    assert again.grounds.routes is first.grounds.routes
    assert again.rules != first.rules
