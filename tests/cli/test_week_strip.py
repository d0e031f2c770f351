"""The week of a team that is not always told: drawn, in JSON, and tried with ``route --at``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from buckstop.alertmanager.week import Stretch
from buckstop.cli.main import root
from buckstop.cli.week_strip import week_strip

RULES = """groups:
- name: g
  rules:
  - {alert: Slow, expr: up == 0, labels: {team: infra}}
  - {alert: Odd, expr: up == 0, labels: {team: data}}
"""
ROUTES = """route:
  receiver: rest
  routes:
  - {matchers: ['team="infra"'], receiver: infra, mute_time_intervals: [weekend]}
  - {matchers: ['team="data"'], receiver: data, mute_time_intervals: [never]}
receivers:
- {name: rest, webhook_configs: [{url: 'http://127.0.0.1/rest'}]}
- {name: infra, webhook_configs: [{url: 'http://127.0.0.1/infra'}]}
- {name: data, webhook_configs: [{url: 'http://127.0.0.1/data'}]}
time_intervals:
- {name: weekend, time_intervals: [{weekdays: [saturday, sunday], location: Europe/Berlin}]}
- {name: never}
"""


@pytest.fixture
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rules.yml").write_text(RULES)
    (tmp_path / "alertmanager.yml").write_text(ROUTES)
    monkeypatch.chdir(tmp_path)


def run(*words: str) -> Result:
    return CliRunner().invoke(root, words)


def test_each_half_hour_is_a_character() -> None:
    """Told, not told, and told in part, without any colour."""
    week = (
        Stretch(0, 8 * 60, "always", None),
        Stretch(8 * 60, 9 * 60 + 15, "never", None),
        Stretch(9 * 60 + 15, 24 * 60, "always", None),
        Stretch(24 * 60, 2 * 24 * 60, "at times", None),
        Stretch(2 * 24 * 60, 7 * 24 * 60, "never", None),
    )
    assert [line.plain for line in week_strip(week)] == [
        "    00    03    06    09    12    15    18    21    24",
        f"Mon {'█' * 16}··▒{'█' * 29}",
        f"Tue {'▒' * 48}",
        *(f"{day} {'·' * 48}" for day in ("Wed", "Thu", "Fri", "Sat", "Sun")),
        "    █ told   ▒ told in part, or in some weeks only   · nobody is told",
    ]


@pytest.mark.usefixtures("_folder")
def test_check_draws_the_weeks_that_have_a_gap_and_no_other() -> None:
    """Below the table, plain in a pipe; errors alone with -q."""
    shown = run("check", ".").stdout
    assert "\nWhen infra is told of Slow (Europe/Berlin)\n" in shown
    assert f"\n  Fri {'█' * 48}\n  Sat {'·' * 48}\n  Sun {'·' * 48}\n" in shown
    assert "▒" not in shown
    assert "When data" not in shown
    assert "When infra" not in run("check", "-q", ".").stdout


@pytest.mark.usefixtures("_folder")
def test_json_has_the_gaps_of_each_team_with_intervals() -> None:
    """And a moment in each gap, at which `route` says that the alert is muted."""
    value = json.loads(run("check", "--format", "json", ".").stdout)
    infra, data = value["teams"]
    assert data == {"team": "data", "always": True, "gaps": []}
    (gap,) = infra["gaps"]
    moment = gap.pop("untold_at")
    assert infra == {
        "team": "infra",
        "always": False,
        "gaps": [
            {
                "hours": "Sat 00:00–Sun 24:00",
                "zone": "Europe/Berlin",
                "every_week": True,
                "alerts": ["Slow"],
            }
        ],
    }
    answer = json.loads(run("route", "--format", "json", "--at", moment, ".", "team=infra").stdout)
    assert answer["muted"] is True


@pytest.mark.usefixtures("_folder")
def test_what_is_not_decided_is_null_in_json() -> None:
    """Neither always nor not."""
    routes = Path("alertmanager.yml")
    routes.write_text(routes.read_text().replace("Europe/Berlin", "Local"))
    value = json.loads(run("check", "--format", "json", ".").stdout)
    assert value["teams"][0] == {"team": "infra", "always": None, "gaps": []}
