"""Hand-written rules beside a charter are held against its decision table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from buckstop.alertmanager import read
from buckstop.charter import load
from buckstop.compiler import Targets, build
from buckstop.prometheus import read_rules
from buckstop.prover.decided_cases import DecidedCases
from buckstop.prover.examination import examine
from buckstop.prover.given import Given
from buckstop.prover.model import Property, RuleAnswer, Verdict

EXAMPLE = Path(__file__).parents[2] / "examples" / "article" / "charter"


@pytest.fixture(scope="module")
def given() -> Given:
    charter = load(EXAMPLE, date(2026, 1, 1)).charter
    assert charter is not None
    made = build(charter, Targets())
    config, found = read(made.files["alertmanager/alertmanager.yml"], "alertmanager.yml")
    assert config is not None, found
    templates = made.files["alertmanager/templates/buckstop.tmpl"]
    config = replace(config, template_texts=(templates,))
    return Given(rule_files=(), config=config, manifest=made.manifest, cases=DecidedCases(charter))


def answered(given: Given, labels: str, name: str = "Mine") -> RuleAnswer:
    rules = f"groups: [{{name: g, rules: [{{alert: {name}, expr: up, labels: {{{labels}}}}}]}}]"
    rule_file, found = read_rules(rules, "rules.yml")
    assert rule_file is not None, found
    return examine(replace(given, rule_files=(rule_file,))).verdicts[0]


def test_a_rule_that_names_another_team_than_the_table_is_refuted(given: Given) -> None:
    """The routes go by the team label alone; the table gives that fault to another team."""
    answer = answered(
        given,
        "accountable_team: infra_sre, fault: drift, severity: critical, model: credit-default",
    )
    assert (answer.verdict, answer.cause) == (Verdict.REFUTED, "another team")
    assert answer.judgement(Property.AGREES).verdict is Verdict.REFUTED
    assert answer.reason.startswith(
        "infra_sre answers, but for fault=drift, severity=critical, model=credit-default "
        "the charter's table says data_mlops (charter.yaml:"
    )
    assert answer.witness is not None


@pytest.mark.parametrize(
    ("labels", "verdict"),
    [
        ("accountable_team: data_mlops, fault: drift, severity: critical", Verdict.PROVEN),
        ("accountable_team: infra_sre, fault: drift, severity: critical", Verdict.REFUTED),
        # The owner of the model answers, so the model decides; some model is of that team.
        ("accountable_team: credit_models, fault: quality, severity: major", Verdict.PROVEN),
        ("accountable_team: infra_sre, fault: quality, severity: major", Verdict.REFUTED),
        ("accountable_team: infra_sre, severity: critical", Verdict.PROVEN),
        ("accountable_team: infra_sre, fault: '{{ $labels.x }}', severity: major", Verdict.UNKNOWN),
        ("accountable_team: infra_sre, fault: no-word-of-ours, severity: major", Verdict.PROVEN),
    ],
)
def test_only_a_case_that_the_rule_itself_gives_is_decided(
    given: Given, labels: str, verdict: Verdict
) -> None:
    """Where severity or model come with the alert, no value of theirs may give the team."""
    assert answered(given, labels).verdict is verdict


@pytest.mark.parametrize(
    ("faults", "verdict"),
    [
        (("drift", "latency"), Verdict.REFUTED),
        (("latency", "traffic"), Verdict.PROVEN),
    ],
)
def test_each_of_the_faults_that_a_rule_may_give_is_decided(
    given: Given, faults: tuple[str, str], verdict: Verdict
) -> None:
    """Though no route asks which of them it is."""
    routes = """
route: {receiver: rest, routes: [{receiver: sre, matchers: ['accountable_team="infra_sre"']}]}
receivers:
- {name: rest, webhook_configs: [{url: 'http://127.0.0.1/'}]}
- {name: sre, webhook_configs: [{url: 'http://127.0.0.1/'}]}
"""
    config, found = read(routes, "alertmanager.yml")
    assert config is not None, found
    by_hand = Given(rule_files=(), config=config, cases=given.cases)
    one, other = faults
    fault = f"{{{{ if match `a.*` $labels.pod }}}}{one}{{{{ else }}}}{other}{{{{ end }}}}"
    labels = f"accountable_team: infra_sre, fault: '{fault}', severity: critical"
    assert answered(by_hand, labels).verdict is verdict


def test_an_alerts_entry_decides_before_the_table(given: Given) -> None:
    """The charter says of that alert by name who answers; the rule's fault says nothing more."""
    answer = answered(
        given,
        "accountable_team: infra_sre, fault: drift, severity: critical",
        "HighModelLatency",
    )
    assert answer.verdict is Verdict.PROVEN
