"""The generated promtool tests can fail: each alert is watched by tests of its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.compiler.charters import built, charter_of, charter_with, write
from tests.compiler.test_golden import build_of

from buckstop import servers
from buckstop.compiler import Build

FULL_CHARTER = Path(__file__).parents[1] / "golden" / "full"
RULES = "prometheus/rules/{}.yml"
TESTS = "prometheus/tests/{}.test.yml"

AUC = 'sli: auc, objective: ">= 0.85", severity: critical, for: 5m'
KS = 'sli: ks, feature: f, objective: "<= 0.3", severity: critical, for: 5m'
P95 = 'sli: p95, objective: "<= 500ms", severity: critical, for: 5m'
BUDGET = "sli: success_ratio, objective: 99.9%, severity: critical"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What promtool said of a test file.

    A test of one alert's state, which is how silence is tested, is reported without its name.

    Attributes:
        named: names of the failed tests that are reported by name.
        unnamed: how many others failed.
        tests: the file's tests.
    """

    named: set[str]
    unnamed: int
    tests: list[dict[str, Any]]

    def names(self, kind: str, verb: str) -> set[str]:
        return {one["name"] for one in self.tests if kind in one and f" {verb}: " in one["name"]}


def outcome_of(
    installation: servers.Installation, folder: Path, made: Build, model: str
) -> Outcome:
    output = servers.test_rules(installation, [folder / TESTS.format(model)]).output
    return Outcome(
        named=set(re.findall(r"^ *name: (.*),$", output, re.MULTILINE)),
        unnamed=len(re.findall(r'^ *expr: ".*", time: ', output, re.MULTILINE)),
        tests=yaml.safe_load(made.files[TESTS.format(model)])["tests"],
    )


def mutated(
    made: Build, folder: Path, model: str, change: Callable[[dict[str, Any]], None]
) -> None:
    """Write `made` with every alerting rule of `model` changed."""
    write(made, folder)
    path = folder / RULES.format(model)
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    for group in content["groups"]:
        for rule in group["rules"]:
            if "alert" in rule:
                change(rule)
    path.write_text(yaml.safe_dump(content), encoding="utf-8")


@pytest.mark.servers
@pytest.mark.parametrize("model", ["credit-income", "churn"])
def test_alerts_that_never_fire_fail_their_tests(
    model: str, debian13: servers.Installation, tmp_path: Path
) -> None:
    """An alert that cannot fire is noticed by each of its own tests, not by a neighbour's."""
    made = build_of(FULL_CHARTER)
    mutated(made, tmp_path, model, lambda rule: rule.update(expr="vector(1) < 0"))
    outcome = outcome_of(debian13, tmp_path, made, model)
    assert outcome.named == outcome.names("alert_rule_test", "fires")
    assert outcome.unnamed == len(outcome.names("promql_expr_test", "fires"))


@pytest.mark.servers
@pytest.mark.parametrize("model", ["credit-income", "churn"])
def test_alerts_that_always_fire_fail_their_tests(
    model: str, debian13: servers.Installation, tmp_path: Path
) -> None:
    """An alert that fires without reason is noticed by each of its own tests."""
    made = build_of(FULL_CHARTER)
    mutated(made, tmp_path, model, lambda rule: rule.update(expr="vector(1)", **{"for": "0s"}))
    outcome = outcome_of(debian13, tmp_path, made, model)
    assert outcome.unnamed == len(outcome.names("promql_expr_test", "is silent"))


@pytest.mark.servers
@pytest.mark.parametrize(
    ("slo", "old", "new"),
    [
        (P95, "> 0.5\n", "> 0.6\n"),
        (P95, "> 0.5\n", "> 0.4\n"),
        (P95, "histogram_quantile(0.95", "histogram_quantile(0.9"),
        (P95, "sum by (le)", "sum by (le, pod)"),
        (P95, "or buckstop:latency_seconds:p95", "and buckstop:latency_seconds:p95"),
        (P95, "== buckstop:latency_seconds:p100", "<= buckstop:latency_seconds:p100"),
        (P95, "if le $value 0.5", "if lt $value 0.5"),
        (P95, 'slo="p95"} >= 0)', 'slo="p95"} >= 0 or vector(1))'),
        (P95, "< 100\n", "< 1\n"),
        (P95, "for: 5m", "for: 50m"),
        (P95, "accountable_team: infra_sre", "accountable_team: data_mlops"),
        (P95, "the charter promises", "the charter wishes"),
        (P95, "absent(sum(up", "absent(max(down"),
        (P95, "== 0\n", "== 2\n"),
        (P95, "or last_over_time", "and last_over_time"),
        (P95, "unless buckstop:traffic:rate", "and buckstop:traffic:rate"),
        (AUC, "< 0.85\n", "< 0.83\n"),
        (AUC, "< 0.85\n", "<= 0.85\n"),
        (AUC, "< 500\n", "< 499\n"),
        (AUC, "unless (time() - min(", "unless (0 * min("),
        (KS, "> 0.3\n", "> 0.31\n"),
        (KS, "> 0.3\n", ">= 0.3\n"),
        (BUDGET, "and buckstop:error_ratio:rate5m", "and buckstop:error_ratio:rate1h"),
        (BUDGET, "> 0.0144", "> 0.02"),
        (BUDGET, "> 0.006", "> 0.01"),
        (BUDGET, "> 0.001", "> 0.002"),
        (BUDGET, "sum_over_time(buckstop:failed_requests", "sum_over_time(buckstop:requests"),
        (BUDGET, "or 0 * sum(", "or 1 * sum("),
    ],
)
def test_a_slip_in_a_rule_fails_a_test(
    slo: str, old: str, new: str, debian12: servers.Installation, tmp_path: Path
) -> None:
    """Whoever edits a rule by hand, or breaks the compiler, is told by promtool."""
    made = built(charter_with(slo, model="serving: {job: j}"))
    write(made, tmp_path)
    path = tmp_path / RULES.format("m")
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    result = servers.test_rules(debian12, [tmp_path / TESTS.format("m")])
    assert not result.ok, result.output


@pytest.mark.servers
def test_shortened_times_have_tests_that_pass(
    debian12: servers.Installation, tmp_path: Path
) -> None:
    """A month of ten minutes, scraped every second, is watched in the same proportions."""
    made = built(
        charter_of(
            """
version: 1
severities: [critical, minor]
defaults: {scrape_interval: 1s, evaluation_interval: 1s}
teams: {a: {notify: {default: [{webhook: {url: "http://127.0.0.1:1/"}}]}}}
accountability: [{otherwise: true, accountable: a}]
models:
  m:
    serving: {job: j}
    slos:
      - {sli: p95, objective: "<= 500ms", rate_window: 5s, for: 2s, severity: critical}
      - {sli: success_ratio, objective: 99%, window: 10m, severity: critical}
      - {sli: auc, objective: ">= 0.85", for: 1s, max_age: 30s, severity: minor}
"""
        )
    )
    write(made, tmp_path)
    result = servers.test_rules(debian12, [tmp_path / TESTS.format("m")])
    assert result.ok, result.output
