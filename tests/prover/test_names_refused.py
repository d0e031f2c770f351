"""Alerts that an old Alertmanager refuses for the name of a label or an annotation."""

from __future__ import annotations

import pytest

from buckstop.alertmanager import read as read_routes
from buckstop.prometheus import read_rules
from buckstop.prover.examination import examine
from buckstop.prover.given import Given

ROUTES = """\
route: {receiver: d, routes: [{matchers: [team="a"], receiver: a-pager}]}
receivers:
- name: d
- {name: a-pager, webhook_configs: [{url: 'http://a'}]}
"""


@pytest.mark.parametrize(
    ("rule", "version", "is_refused"),
    [
        ('labels: {team: a, "my.zone": x}', "0.25", True),
        ('labels: {team: a}, annotations: {"a.b": x}', "0.26", True),
        ('labels: {team: a, "my.zone": ""}', "0.25", False),
        ('labels: {team: a, "my.zone": x}', "0.27", False),
        ('labels: {team: a, "my.zone": x}', None, False),
        ("labels: {team: a, my_zone: x}", "0.25", False),
    ],
)
def test_a_name_that_alertmanager_refuses_refutes_the_rule(
    rule: str,
    version: str | None,
    is_refused: bool,  # noqa: FBT001 - from parametrize
) -> None:
    """It answers with 400 and stores nothing, so nobody is told."""
    text = f"groups: [{{name: g, rules: [{{alert: X, expr: up == 0, {rule}}}]}}]\n"
    rules, _ = read_rules(text, "rules.yml")
    config, _ = read_routes(ROUTES, "alertmanager.yml", version)
    assert rules is not None
    (answer,) = examine(Given((rules,), config, alertmanager=version)).verdicts
    said = f"Alertmanager {version} refuses an alert with"
    assert answer.reason.startswith(said) == is_refused
    assert not is_refused or answer.verdict.value == "refuted"
