"""A rule that Prometheus does not load, or whose alerts it sends nowhere, is not proven."""

from __future__ import annotations

import pytest

from buckstop.alertmanager import read
from buckstop.prometheus import read_config, read_rules
from buckstop.prover.examination import examine
from buckstop.prover.given import Declared, Given
from buckstop.prover.model import Property, RuleAnswer, Verdict
from buckstop.prover.ownership import Holder
from buckstop.prover.rule_loading import naming, refusal_of

ROUTES = """
route:
  receiver: rest
  routes:
  - matchers: ['team="infra"']
    receiver: infra
receivers:
- {name: rest, webhook_configs: [{url: 'http://127.0.0.1/rest'}]}
- {name: infra, webhook_configs: [{url: 'http://127.0.0.1/infra'}]}
"""
RULES = "groups: [{name: g, rules: [{alert: A, expr: up == 0, labels: {team: infra}}]}]"
SENDS = "alerting: {alertmanagers: [{static_configs: [{targets: ['127.0.0.1:9093']}]}]}\n"


def answered(
    prometheus: str,
    file: str = "rules/a.yml",
    *,
    refusals: dict[str, str] | None = None,
    declared: Declared | None = None,
) -> RuleAnswer:
    """Who answers for a rule in `file` that the routes lead to infra."""
    rule_file, _ = read_rules(RULES, file)
    config, _ = read(ROUTES, "alertmanager.yml")
    server, found = read_config(prometheus, "prometheus.yml")
    assert rule_file is not None
    given = Given(
        rule_files=(rule_file,),
        config=config,
        team_label="team",
        prometheus=server,
        prometheus_refusal=refusal_of(found, "prometheus.yml"),
        refusals=refusals or {},
        declared=declared,
    )
    return examine(given).verdicts[0]


@pytest.mark.parametrize("pattern", ["rules/*.yml", "rules/a.yml", "/etc/prometheus/*.yml", "a.*"])
def test_a_rule_of_a_file_that_rule_files_names_is_proven(pattern: str) -> None:
    """By its path, or by its name where the files stand elsewhere on the server."""
    answer = answered(f"rule_files: [{pattern}]\n{SENDS}")
    assert (answer.verdict, answer.team) == (Verdict.PROVEN, "infra")


@pytest.mark.parametrize("entry", ["rule_files: ['*.rules', 'rules/b*.yml']\n", ""])
def test_a_rule_of_a_file_that_rule_files_does_not_name_is_unknown(entry: str) -> None:
    """Another server's rules may lie there, or nobody's: this one does not load them."""
    answer = answered(f"{entry}{SENDS}")
    assert (answer.verdict, answer.cause, answer.team) == (Verdict.UNKNOWN, "not loaded", "infra")
    assert "no entry of rule_files in prometheus.yml names a file like this" in answer.reason


def test_a_server_that_sends_to_no_alertmanager_tells_nobody() -> None:
    """The rule fires on a page that nobody looks at."""
    answer = answered("rule_files: [rules/*.yml]\n")
    assert (answer.verdict, answer.cause) == (Verdict.REFUTED, "nothing is sent")
    assert "names no Alertmanager" in answer.reason


@pytest.mark.parametrize(
    "group",
    [
        "{}",
        "{static_configs: [{targets: []}]}",
        (
            "{static_configs: [{targets: ['am:9093']}], "
            "relabel_configs: [{action: drop, source_labels: [__address__], regex: 'am.*'}]}"
        ),
        (
            "{static_configs: [{targets: ['am:9093'], labels: {env: test}}], "
            "relabel_configs: [{action: keep, source_labels: [env], regex: prod}]}"
        ),
    ],
)
def test_a_server_whose_alertmanagers_are_all_dropped_tells_nobody(group: str) -> None:
    """A group without a server looks like one that has some."""
    answer = answered(f"rule_files: [rules/*.yml]\nalerting: {{alertmanagers: [{group}]}}\n")
    assert (answer.verdict, answer.cause) == (Verdict.REFUTED, "nothing is sent")
    assert "drops every Alertmanager" in answer.reason


@pytest.mark.parametrize(
    "group",
    [
        "{dns_sd_configs: [{names: [alertmanager]}]}",
        (
            "{static_configs: [{targets: ['am:9093', 'bm:9093']}], "
            "relabel_configs: [{action: drop, source_labels: [__address__], regex: 'am.*'}]}"
        ),
    ],
)
def test_a_server_that_may_have_an_alertmanager_left_sends(group: str) -> None:
    """What is discovered is not known here, and need not be."""
    answer = answered(f"rule_files: [rules/*.yml]\nalerting: {{alertmanagers: [{group}]}}\n")
    assert answer.verdict is Verdict.PROVEN


def test_a_server_that_refuses_its_configuration_runs_no_rule() -> None:
    """At start it ends; the rules it would run never fire."""
    answer = answered(f"rule_files: [rules/*.yml]\nglobel: {{}}\n{SENDS}")
    assert answer.verdict is Verdict.REFUTED
    assert answer.reason.startswith("Prometheus does not load prometheus.yml: ")


def test_a_file_that_is_refused_keeps_the_others_of_its_server_from_loading() -> None:
    """Prometheus loads all its rule files or none; a file of another server is none of them."""
    broken = {"rules/b.yml": "Prometheus does not load this file: no"}
    answer = answered(f"rule_files: [rules/*.yml]\n{SENDS}", refusals=broken)
    assert answer.judgement(Property.DELIVERS).verdict is Verdict.REFUTED
    assert answer.reason == (
        "Prometheus loads no rule file while it refuses one of them, rules/b.yml"
    )
    other = answered(f"rule_files: [rules/*.yml]\n{SENDS}", refusals={"old/b.yml": "no"})
    assert other.verdict is Verdict.PROVEN


def test_nothing_is_proven_beside_a_teams_file_with_errors() -> None:
    """The part that could not be read may say whose the receiver is."""
    broken = Declared("teams.yaml", {}, is_whole=False)
    answer = answered(f"rule_files: [rules/*.yml]\n{SENDS}", declared=broken)
    assert (answer.verdict, answer.cause) == (Verdict.UNKNOWN, "owner not known")
    said = Declared("teams.yaml", {"infra": Holder("accountable", "dba")}, is_whole=False)
    answer = answered(f"rule_files: [rules/*.yml]\n{SENDS}", declared=said)
    assert answer.cause == "another team"


@pytest.mark.parametrize(
    ("file", "pattern", "expected"),
    [
        ("deploy/rules/a.yml", "rules/*.yml", "by path"),
        ("deploy/a.yml", "./a.yml", "by path"),
        ("shared/a.yml", "../shared/a.yml", "by path"),
        ("deploy/rules/deep/a.yml", "rules/*.yml", "by name"),
        ("/repo/a.yml", "/etc/prometheus/a.yml", "by name"),
        ("deploy/rules/a.yaml", "rules/*.yml", "not"),
    ],
)
def test_rule_files_are_globs_beside_the_configuration(
    file: str, pattern: str, expected: str
) -> None:
    """A star stays within one folder, as in the server's own globs."""
    server, _ = read_config(f"rule_files: ['{pattern}']", "deploy/prometheus.yml")
    assert server is not None
    assert naming(server, file) == expected
