"""What a build is for: recorded, and held against what the charter itself brings."""

from __future__ import annotations

import json

import pytest
from tests.compiler.charters import ARTICLE, FULL, TEAMS, built, charter_of, charter_with
from tests.compiler.test_golden import build_of

from buckstop.alertmanager import read
from buckstop.compiler import Targets, build
from buckstop.diagnostics import has_errors
from buckstop.prometheus import read_rules

AUC = 'sli: auc, objective: ">= 0.85", severity: minor'


def found_for(expr: str, prometheus: str) -> list[tuple[str, int]]:
    """Codes and lines of what is found for an expression of one's own."""
    own = f"{{name: own, fault: quality, objective: '<= 3', severity: minor, expr: '{expr}'}}"
    text = f"{TEAMS}models:\n  m:\n    slos:\n      - {own}\n"
    made = build(charter_of(text), Targets(prometheus=prometheus))
    assert bool(made.files) is not has_errors(made.diagnostics)
    at = text[: text.index("{name: own")].count("\n") + 1
    return [(one.code.name, one.span.line - at) for one in made.diagnostics if one.span is not None]


@pytest.mark.parametrize(
    ("expr", "prometheus", "found"),
    [
        ('{"my.metric",model="$model"}', "2.42", ["prometheus-too-old"]),
        ('{"my.metric",model="$model"}', "3.5", []),
        ('holt_winters(a{model="$model"}[5m],0.5,0.5)', "2.53", []),
        ('holt_winters(a{model="$model"}[5m],0.5,0.5)', "3.5", ["prometheus-too-new"]),
        ('histogram_avg(a{model="$model"})', "2.42", ["prometheus-too-old"]),
        ('histogram_avg(a{model="$model"})', "2.53", []),
        ('info(a{model="$model"})', "3.5", ["promql-experimental"]),
    ],
)
def test_expression_that_the_target_refuses_stops_the_build(
    expr: str, prometheus: str, found: list[str]
) -> None:
    """A server that refuses one expression refuses all rules of the model: nobody would be told."""
    assert found_for(expr, prometheus) == [(code, 0) for code in found]


def test_a_build_says_what_it_is_for() -> None:
    """Whoever finds the files knows on which servers they were meant to run."""
    charter = charter_with(AUC)
    for targets, said in (
        (Targets(), {"alertmanager": "0.25", "prometheus": "2.42"}),
        (Targets("0.33", "3.5"), {"alertmanager": "0.33", "prometheus": "3.5"}),
    ):
        made = built(charter, targets)
        assert json.loads(made.files["accountability.json"])["targets"] == said


@pytest.mark.parametrize("minor", range(25, 35))
def test_routes_use_nothing_that_the_target_lacks_or_has_dropped(minor: int) -> None:
    """By the table of fields and versions, which three real releases have judged."""
    for example in (FULL, ARTICLE):
        made = build_of(example, Targets(f"0.{minor}"))
        text = made.files["alertmanager/alertmanager.yml"]
        config, diagnostics = read(text, "alertmanager.yml", f"0.{minor}")
        assert config is not None
        assert diagnostics == ()


@pytest.mark.parametrize("prometheus", ["2.42", "2.53", "3.0", "3.5"])
def test_rules_use_nothing_that_the_target_lacks_or_has_dropped(prometheus: str) -> None:
    """The same files serve every supported Prometheus."""
    oldest = build_of(FULL)
    made = build_of(FULL, Targets(prometheus=prometheus))
    for path, text in made.files.items():
        if path.startswith("prometheus/"):
            assert text == oldest.files[path]
        if path.startswith("prometheus/rules/"):
            assert read_rules(text, path, prometheus)[1] == ()
