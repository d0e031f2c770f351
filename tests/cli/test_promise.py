"""``check --promise``: what the user promises of other alerts decides too, and ends with 1."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from buckstop.cli.main import root

ROUTES = """
route:
  receiver: rest
  routes:
  - {receiver: a, matchers: ['team="a"'], group_by: [team]}
  - {receiver: b, matchers: ['team="b"'], group_by: [...]}
inhibit_rules:
- {source_matchers: [severity="high"], target_matchers: [severity="low"]}
receivers:
- {name: rest, webhook_configs: [{url: 'http://127.0.0.1/rest'}]}
- {name: a, webhook_configs: [{url: 'http://127.0.0.1/a'}]}
- {name: b, webhook_configs: [{url: 'http://127.0.0.1/b'}]}
"""
RULES = """
groups:
- name: g
  rules:
  - {alert: Slow, expr: sum(up) == 0, labels: {team: a, severity: high}}
  - {alert: Slower, expr: sum(up) == 0, labels: {team: a, severity: page}}
  - {alert: Late, expr: sum(up) == 0, labels: {team: b, severity: low}}
"""


def check(folder: Path, *arguments: str) -> Result:
    (folder / "alertmanager.yml").write_text(ROUTES)
    (folder / "rules.yml").write_text(RULES)
    return CliRunner().invoke(root, ["check", str(folder), "--team-label", "team", *arguments])


def test_each_promise_refutes_the_rules_that_break_it(tmp_path: Path) -> None:
    """Without a promise all three are proven; each promise names its own, with the place."""
    assert check(tmp_path).exit_code == 0
    silenced = check(tmp_path, "--promise", "not-silenced")
    assert silenced.exit_code == 1
    assert "nobody is told while Slow fires, for which a answers" in silenced.output
    assert "2 proven, 1 refuted" in silenced.output
    buried = check(tmp_path, "--promise", "not-buried")
    assert buried.exit_code == 1
    assert "may tell of it and of Slower with severity page" in buried.output
    assert "1 proven, 2 refuted" in buried.output


def test_a_charter_is_to_be_built_first() -> None:
    """Promises are about what other rules do, which a charter alone does not say."""
    charter = Path(__file__).parents[2] / "examples" / "article" / "charter"
    found = CliRunner().invoke(root, ["check", str(charter), "--promise", "not-buried"])
    assert found.exit_code == 2
    assert "--promise judges rules and routes: build the charter" in found.stderr
