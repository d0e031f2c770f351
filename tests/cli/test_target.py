"""``--target``: which versions a command takes, and what it says of those that it does not know."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from buckstop.alertmanager import versions as alertmanager
from buckstop.cli.main import root
from buckstop.prometheus import versions as prometheus
from buckstop.prometheus.versions import dotted

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
ROUTES = "route: {receiver: a}\nreceivers: [{name: a}]\n"
RULES = "groups: [{name: g, rules: [{alert: A, expr: up == 0, keep_firing_for: 1m}]}]\n"
COMMANDS = {
    "check": ("check", "."),
    "who": ("who", "A"),
    "route": ("route",),
    "fix": ("fix", "."),
    "build": ("build", ".", "-o", "out"),
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with rules and routes, which is the current one."""
    (tmp_path / "alertmanager.yml").write_text(ROUTES)
    (tmp_path / "rules.yml").write_text(RULES)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(command: str, target: str) -> Result:
    return CliRunner().invoke(root, [*COMMANDS[command], "--target", target])


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_refuses_a_version_that_is_too_old(command: str) -> None:
    """Nothing is known of such a server, so nothing is called valid for it."""
    result = run(command, "alertmanager=0.24")
    assert result.exit_code == 2
    assert "the oldest supported alertmanager is 0.25" in " ".join(result.output.split())


@pytest.mark.parametrize("command", ["check", "who", "build"])
def test_an_old_prometheus_is_refused_too(command: str) -> None:
    """`keep_firing_for` is not silently valid for Prometheus 1.0."""
    result = run(command, "prometheus=1.0")
    assert result.exit_code == 2
    assert "the oldest supported prometheus is 2.42" in " ".join(result.output.split())


@pytest.mark.parametrize("command", ["route", "fix"])
def test_a_server_whose_files_are_not_read_is_refused(command: str) -> None:
    """A target that decides nothing would be taken for one that was looked at."""
    result = run(command, "prometheus=3.5")
    assert result.exit_code == 2
    assert "reads nothing of prometheus's; write it as" in " ".join(result.output.split())


def test_a_version_not_known_yet_is_taken_with_a_note() -> None:
    """What is assumed of it is said, beside the answer and not in it."""
    newest = dotted(alertmanager.NEWEST_KNOWN)
    result = run("route", "alertmanager=0.99")
    assert (result.exit_code, result.stdout) == (0, "a\n")
    assert f"the newest alertmanager known here is {newest}; 0.99 is assumed" in result.stderr
    assert run("route", f"alertmanager={newest}.1").stderr == ""
    newest = dotted(prometheus.NEWEST_KNOWN)
    assert f"the newest prometheus known here is {newest}" in run("check", "prometheus=4.0").stderr
    assert run("check", f"prometheus={newest}").stderr == ""


@pytest.mark.parametrize(
    ("page", "newest"),
    [
        ("alertmanager-fields.md", alertmanager.NEWEST_KNOWN),
        ("prometheus-fields.md", prometheus.NEWEST_KNOWN),
    ],
)
def test_the_newest_known_is_the_newest_of_the_tables(page: str, newest: tuple[int, ...]) -> None:
    """A field that comes with a later server moves the version from which things are assumed."""
    text = (REFERENCE / page).read_text(encoding="utf-8")
    said = re.findall(r"\| (\d+)\.(\d+) (?=\|)", text)
    assert max((int(major), int(minor)) for major, minor in said) == newest
