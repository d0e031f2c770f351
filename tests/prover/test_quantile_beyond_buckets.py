"""Thresholds that no quantile can exceed: the alert that never fires."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from buckstop.language import Language, only
from buckstop.prometheus import read_rules
from buckstop.prover.examination import examine
from buckstop.prover.given import Given
from buckstop.servers import Installation, tools

BUCKETS = {"le": only("0.1", "0.5", "+Inf")}
RATE = "sum by (model, le) (rate(x_seconds_bucket[5m]))"


def found(expr: str, environment: Mapping[str, Language] | None = None) -> list[str]:
    rule = {"alert": "Slow", "expr": expr, "labels": {"accountable_team": "infra"}}
    rules, diagnostics = read_rules(
        json.dumps({"groups": [{"name": "g", "rules": [rule]}]}), "rules.yml"
    )
    assert rules is not None, diagnostics
    examination = examine(Given((rules,), None, environment=environment or {}))
    return [
        one.message for one in examination.diagnostics if one.code.name == "quantile-beyond-buckets"
    ]


@pytest.mark.parametrize(
    "expr",
    [
        f"histogram_quantile(0.95, {RATE}) > 0.5",
        f"0.5 < histogram_quantile(0.95, ({RATE}))",
        f"histogram_quantile(0.95, {RATE}) >= 0.75",
        f"(histogram_quantile(0.99, {RATE}) > 2) and on (model) sum by (model) (y) > 100",
        f"x > 1 and on () histogram_quantile(0.99, {RATE}) > 0.5",
        f"histogram_quantile(0.9, {RATE}) > 0.5 unless on (model) y",
    ],
)
def test_a_threshold_at_or_beyond_the_highest_bucket_is_an_error(expr: str) -> None:
    """The quantile is clamped to 0.5, so the alert can never fire."""
    assert found(expr, BUCKETS)


@pytest.mark.parametrize(
    "expr",
    [
        f"histogram_quantile(0.95, {RATE}) > 0.4",
        f"histogram_quantile(0.95, {RATE}) >= 0.5",
        f"histogram_quantile(0.95, {RATE}) < 0.7",
        f"histogram_quantile(0.95, {RATE}) > 0.5 or y > 1",
        f"max(histogram_quantile(0.95, {RATE})) > 0.5",
        f"histogram_quantile(0.95, {RATE}) > bool 0.5",
        f"y unless histogram_quantile(0.95, {RATE}) > 0.5",
        'histogram_quantile(0.95, label_replace(x_bucket, "le", "9", "", "")) > 0.5',
        "quantile(0.95, x_seconds_bucket) > 0.5",
    ],
)
def test_what_may_fire_is_no_finding(expr: str) -> None:
    """Within the buckets, another way to fire, or buckets that the expression writes itself."""
    assert found(expr, BUCKETS) == []


def test_buckets_are_known_from_the_expression_or_not_at_all() -> None:
    """A selector that lists them says it too; without any word of them nothing is claimed."""
    listed = 'sum by (le) (rate(x_bucket{le=~"0[.]1|0[.]5|[+]Inf"}[5m]))'
    assert found(f"histogram_quantile(0.95, {listed}) > 0.5")
    assert found(f"histogram_quantile(0.95, {RATE}) > 0.5") == []


@pytest.mark.servers
@pytest.mark.parametrize(("threshold", "firing"), [(0.5, []), (0.4, [{"model": "a"}])])
def test_prometheus_clamps_a_quantile_to_its_highest_bucket(
    each_installation: Installation, tmp_path: Path, threshold: float, firing: list[dict[str, str]]
) -> None:
    """What the finding claims, on promtool: all requests took longer than the highest bucket."""
    expr = f"histogram_quantile(0.95, {RATE}) > {threshold}"
    rules = {"groups": [{"name": "g", "rules": [{"alert": "Slow", "expr": expr}]}]}
    series = [
        {"series": f'x_seconds_bucket{{model="a", le="{end}"}}', "values": values}
        for end, values in (("0.1", "0+0x10"), ("0.5", "0+0x10"), ("+Inf", "0+60x10"))
    ]
    expected = [{"exp_labels": labels} for labels in firing]
    case = {"eval_time": "10m", "alertname": "Slow", "exp_alerts": expected}
    test = {"interval": "1m", "input_series": series, "alert_rule_test": [case]}
    (tmp_path / "rules.yml").write_text(json.dumps(rules))
    suite = tmp_path / "suite.yml"
    suite.write_text(json.dumps({"rule_files": ["rules.yml"], "tests": [test]}))
    judged = tools.test_rules(each_installation, [suite])
    assert judged.ok, judged.output
