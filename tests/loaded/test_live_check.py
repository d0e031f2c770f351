"""``check --live`` on real servers with a build loaded: the same verdicts, and what differs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from buckstop.charter import load
from buckstop.cli.main import root
from buckstop.compiler import build
from buckstop.compiler.targets import targets_for
from buckstop.servers import Alertmanager, Installation, Prometheus

pytestmark = pytest.mark.servers

ARTICLE = Path(__file__).parents[2] / "examples" / "article" / "charter"

PROMETHEUS = """\
global: {external_labels: {cluster: eu}}
rule_files: [rules/*.yml]
alerting:
  alertmanagers: [{static_configs: [{targets: ["127.0.0.1:1"]}]}]
"""


@dataclass
class Running:
    """Both servers with a build loaded, and the build in a folder."""

    alertmanager: Alertmanager
    prometheus: Prometheus
    build: Path
    routes: str
    rules: dict[str, str]

    def check(self, *more: str) -> tuple[int, dict[str, Any]]:
        """The exit code and the report."""
        addresses = ["--alertmanager", self.alertmanager.url, "--prometheus", self.prometheus.url]
        arguments = ["check", "--live", *addresses, "--format", "json", *more]
        result = CliRunner().invoke(root, arguments)
        assert result.exit_code in {0, 1}, result.output
        return result.exit_code, json.loads(result.stdout)


@contextmanager
def running(installation: Installation, folder: Path) -> Iterator[Running]:
    """The article's build on both servers of `installation`."""
    alertmanager, prometheus = installation.alertmanager_version, installation.prometheus_version
    charter = load(ARTICLE, date(2030, 1, 31)).charter
    assert charter is not None
    made = build(charter, targets_for(_minor(alertmanager), _minor(prometheus)))
    for path, text in made.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    routes = made.files["alertmanager/alertmanager.yml"]
    templates = {"templates/buckstop.tmpl": made.files["alertmanager/templates/buckstop.tmpl"]}
    rules = {
        Path(path).name: text
        for path, text in made.files.items()
        if path.startswith("prometheus/rules/")
    }
    with (
        Alertmanager(installation, routes.replace("../templates", "templates"), templates) as am,
        Prometheus(installation, PROMETHEUS, rules) as prom,
    ):
        yield Running(am, prom, folder, routes, rules)


def _minor(version: str) -> str:
    return ".".join(version.split(".")[:2])


def _live_check(installation: Installation, folder: Path) -> None:
    with running(installation, folder) as both:
        code, report = both.check(str(both.build))
        assert report["diagnostics"] == []
        assert code == 0
        assert report["summary"]["proven"] == report["summary"]["rules"] > 20
        assert report["assumptions"] == ["A1", "A5"]

        config = both.routes.replace(
            '- accountable_team="data_mlops"', '- accountable_team="mlops"'
        )
        assert config != both.routes
        both.alertmanager.reload(config)
        rules = dict(both.rules)
        rules["credit-limit.yml"] = rules["credit-limit.yml"].replace("for: 5m", "for: 50m", 1)
        del rules["buckstop.yml"]
        both.prometheus.reload(rules=rules)
        code, report = both.check(str(both.build))
        assert code == 1
        said = [one["message"] for one in report["diagnostics"] if one["code"] == "loaded-differs"]
        assert any("BuckstopLedgerDown (buckstop) is not loaded" in one for one in said), said
        assert any("has another for than in the files" in one for one in said), said
        assert any(
            'accountable_team="data_mlops"' in one and "by the files to" in one for one in said
        ), said
        refuted = {one["alert"] for one in report["rules"] if one["verdict"] == "refuted"}
        assert "ModelDriftHigh" in refuted
        assert all(
            one["file"].startswith(both.prometheus.url) or one["verdict"] == "proven"
            for one in report["rules"]
        )


def test_what_runs_is_proven_and_compared_with_the_build(
    installation: Installation, tmp_path: Path
) -> None:
    """In step: proven and nothing differs. Out of step: each part that differs is named."""
    _live_check(installation, tmp_path)


@pytest.mark.nightly
def test_every_release_says_enough_to_be_proven(
    each_installation: Installation, tmp_path: Path
) -> None:
    """What a release shows of its configuration and rules loses nothing that decides."""
    _live_check(each_installation, tmp_path)
