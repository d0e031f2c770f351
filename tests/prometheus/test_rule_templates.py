"""Templates in rules: the findings, their places, and labels that are the same on every alert."""

from __future__ import annotations

import pytest

from buckstop.diagnostics import Diagnostic
from buckstop.prometheus import read_rules
from buckstop.prometheus.model import AlertingRule

RULE = """groups:
- name: g
  rules:
  - alert: A
    expr: up == 0
    labels:
      team: {team}
    annotations:
      summary: {summary}
"""


def read(team: str = "infra", summary: str = "s") -> tuple[AlertingRule, list[Diagnostic]]:
    rules, found = read_rules(RULE.format(team=team, summary=summary), "rules.yml")
    assert rules is not None
    return rules.alerts[0], list(found)


def test_a_template_that_cannot_be_parsed_is_an_error_at_its_place() -> None:
    """The caret stands under the word, not under the whole text."""
    _, found = read(summary="'{{ $labels.a }} is {{ nope }} and {{ gone }}'")
    assert [(one.code.name, one.span and (one.span.line, one.span.column)) for one in found] == [
        ("rule-template-invalid", (9, 39)),
        ("rule-template-invalid", (9, 54)),
    ]
    assert 'function "nope" not defined' in found[0].message


@pytest.mark.parametrize(
    ("summary", "said"),
    [
        ("'{{ $labels.a.b }}'", "fails each time the alert fires: can't evaluate field b"),
        (
            "'{{ if not $value }}{{ .Nope }}{{ end }}'",
            "fails for some alerts, such as an alert of the value 0: can't evaluate field Nope",
        ),
    ],
)
def test_a_template_that_cannot_execute_is_a_warning(summary: str, said: str) -> None:
    """The file loads and the alert is sent, with a complaint in the place of the text."""
    _, found = read(summary=summary)
    assert [one.code.name for one in found] == ["rule-template-fails"]
    assert said in found[0].message
    assert found[0].hint is not None
    assert "people then read" in found[0].hint


def test_a_label_that_fails_is_said_to_mislead_routes() -> None:
    """What a route then sees is no team."""
    _, found = read(team="'{{ .Labels.team.name }}'")
    assert found[0].hint is not None
    assert "routes then see" in found[0].hint


def test_what_is_not_decided_is_not_complained_about() -> None:
    """Nobody is warned of a query that may well be answered."""
    assert read(summary="'{{ with query `up` }}{{ . | first | value }}{{ end }}'")[1] == []


@pytest.mark.parametrize(
    ("team", "static", "templated"),
    [
        ("infra", "infra", ()),
        ("'{{/* the owner */}}{{ `infra` }}'", "infra", ()),
        ("'{{ $labels.team }}'", None, ("team",)),
        ("'{{ `` }}'", None, ("team",)),
        ("'infra{{ .Nope }}'", None, ("team",)),
    ],
)
def test_a_label_is_static_where_its_template_always_gives_the_same(
    team: str, static: str | None, templated: tuple[str, ...]
) -> None:
    """Whose alert it is hangs on the series only where the template names them."""
    rule, _ = read(team=team)
    assert rule.static_labels.get("team") == static
    assert rule.templated_labels == templated
