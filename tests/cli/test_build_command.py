"""``buckstop build``: exit codes, what it writes, what it leaves alone, and what it says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from buckstop.cli.main import root

CHARTER = """
version: 1
severities: [critical, minor]
teams:
  ops:
    notify:
      default:
        - slack: {channel: "#ops", api_url: {env: SLACK_URL}}
        - pagerduty: {routing_key: {file: pagerduty}}
accountability:
  - {otherwise: true, accountable: ops}
models:
  churn: {slos: [{sli: auc, objective: ">= 0.8", severity: minor}]}
  credit: {slos: [{sli: auc, objective: ">= 0.8", severity: minor}]}
"""
RULES = "prometheus/rules"


@pytest.fixture
def charter(tmp_path: Path) -> Path:
    path = tmp_path / "charter.yaml"
    path.write_text(CHARTER)
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(root, ["build", *map(str, arguments)])


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_build_writes_all_files_and_says_what_to_do_next(charter: Path, tmp_path: Path) -> None:
    """What comes next can be copied: the tools, the secrets, the servers, the ledger."""
    out = tmp_path / "out put"
    result = run(charter, "-o", out)
    assert result.exit_code == 0, result.output
    assert sorted(files(out)) == [
        "accountability.json",
        "alertmanager/alertmanager.yml",
        "alertmanager/templates/buckstop.tmpl",
        "prometheus/prometheus.wiring.yml",
        "prometheus/rules/buckstop.yml",
        "prometheus/rules/churn.yml",
        "prometheus/rules/credit.yml",
        "prometheus/tests/buckstop.test.yml",
        "prometheus/tests/churn.test.yml",
        "prometheus/tests/credit.test.yml",
    ]
    for line in (
        f"promtool test rules '{out}'/prometheus/tests/*.test.yml",
        f"amtool check-config '{out}'/alertmanager/alertmanager.yml",
        'printf %s "$SLACK_URL" | sudo install',
        "/dev/stdin /etc/alertmanager/secrets/SLACK_URL",
        f"-t /etc/alertmanager/templates '{out}'/alertmanager/templates/buckstop.tmpl",
        "sudo install -D -m 640 pagerduty /etc/alertmanager/secrets/pagerduty",
        f"buckstop serve --build '{out}' --alertmanager http://localhost:9093",
    ):
        assert line in result.output


def test_second_build_touches_nothing(charter: Path, tmp_path: Path) -> None:
    """A file that is right is not written again, so watchers of the folder stay quiet."""
    out = tmp_path / "out"
    run(charter, "-o", out)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    assert "Wrote 0 files" in run(charter, "-o", out).output
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before


def test_model_that_is_gone_takes_its_rules_along(charter: Path, tmp_path: Path) -> None:
    """Rules of a model that nobody declares any more would page whoever answered for it."""
    out = tmp_path / "out"
    run(charter, "-o", out)
    (out / RULES / "hand_written.yml").write_text("groups: []\n")
    (out / "notes.txt").write_text("ours")
    charter.write_text(CHARTER.replace("  churn:", "  # churn:"))
    stale = run(charter, "-o", out, "--check")
    assert stale.exit_code == 1
    assert f"stale     {RULES}/churn.yml" in stale.output
    assert (out / RULES / "churn.yml").exists()
    assert run(charter, "-o", out).exit_code == 0
    left = files(out)
    assert f"{RULES}/churn.yml" not in left
    assert "prometheus/tests/churn.test.yml" not in left
    assert left[f"{RULES}/hand_written.yml"] == b"groups: []\n"
    assert left["notes.txt"] == b"ours"
    assert run(charter, "-o", out, "--check").exit_code == 0


def test_manifest_that_was_tampered_with_removes_nothing_else(
    charter: Path, tmp_path: Path
) -> None:
    """Only names that a build gives are ever removed, whatever the former manifest says."""
    out = tmp_path / "out"
    run(charter, "-o", out)
    victim = tmp_path / "victim.yml"
    victim.write_text("mine")
    manifest = json.loads((out / "accountability.json").read_text())
    manifest["alerts"][0]["rule_file"] = f"{RULES}/../../../victim.yml"
    (out / "accountability.json").write_text(json.dumps(manifest))
    assert run(charter, "-o", out).exit_code == 0
    assert victim.read_text() == "mine"


def test_check_names_what_differs_and_writes_nothing(charter: Path, tmp_path: Path) -> None:
    """CI fails on a build that is not what the charter says, and is told which file."""
    out = tmp_path / "out"
    missing = run(charter, "-o", out, "--check")
    assert missing.exit_code == 1
    assert not out.exists()
    run(charter, "-o", out)
    rules = out / RULES / "credit.yml"
    rules.write_text(rules.read_text().replace("0.8", "0.1"))
    (out / "alertmanager" / "alertmanager.yml").unlink()
    before = files(out)
    result = run(charter, "-o", out, "--check")
    assert result.exit_code == 1
    assert "missing   alertmanager/alertmanager.yml" in result.output
    assert f"different {RULES}/credit.yml" in result.output
    assert files(out) == before


@pytest.mark.parametrize("more", [(), ("--format", "json")])
def test_errors_are_shown_and_nothing_is_written(
    more: tuple[str, ...], charter: Path, tmp_path: Path
) -> None:
    """A charter with an error leaves the former build as it was."""
    out = tmp_path / "out"
    run(charter, "-o", out)
    before = files(out)
    charter.write_text(CHARTER.replace("accountable: ops", "accountable: opps"))
    result = run(charter, "-o", out, *more)
    assert result.exit_code == 1
    assert "team-unknown" in result.output
    assert "charter.yaml" in result.output
    assert files(out) == before


def test_findings_of_the_compiler_stand_at_their_line(charter: Path, tmp_path: Path) -> None:
    """What only shows for a target is said where the charter can be mended."""
    charter.write_text(
        CHARTER.replace(
            "slack: {channel", "webhook: {url_secret: {file: u}}\n        - slack: {channel"
        )
    )
    result = run(charter, "-o", tmp_path / "out")
    assert result.exit_code == 1
    assert "error[secret-unreadable]" in result.output
    assert f"{charter}:8:" in result.output
    assert run(charter, "-o", tmp_path / "out", "--target", "alertmanager=0.28").exit_code == 0


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("alertmanager=0.24", "oldest supported alertmanager is 0.25"),
        ("prometheus=2.9", "oldest supported prometheus is 2.42"),
        ("alertmanager=new", "'new' is no version"),
        ("grafana=1.0", "write it as alertmanager=0.28 or prometheus=3.5"),
        ("alertmanager", "write it as alertmanager=0.28 or prometheus=3.5"),
    ],
)
def test_target_that_cannot_be_built_for_is_a_usage_error(
    target: str, said: str, charter: Path, tmp_path: Path
) -> None:
    """Nobody gets files that their servers would refuse."""
    result = run(charter, "-o", tmp_path / "out", "--target", target)
    assert result.exit_code == 2
    assert said in " ".join(result.output.split())


def test_what_cannot_be_written_is_said_without_a_traceback(charter: Path, tmp_path: Path) -> None:
    """A file in place of a folder, a folder in place of a file: exit 2 and the path."""
    (tmp_path / "out").write_text("a file")
    result = run(charter, "-o", tmp_path / "out")
    assert result.exit_code == 2
    assert str(tmp_path / "out") in result.output
    (tmp_path / "other" / "accountability.json").mkdir(parents=True)
    result = run(charter, "-o", tmp_path / "other")
    assert result.exit_code == 2
    assert "accountability.json" in result.output


def test_path_that_does_not_exist_is_said(tmp_path: Path) -> None:
    """A mistyped path is no charter with errors."""
    result = run(tmp_path / "nothing", "-o", tmp_path / "out")
    assert result.exit_code == 2
    assert "buckstop init" in result.output


def test_json_names_every_file(charter: Path, tmp_path: Path) -> None:
    """Scripts learn what was written, and whether a folder is up to date."""
    out = tmp_path / "out"
    report = json.loads(run(charter, "-o", out, "--format", "json").stdout)
    assert report["up_to_date"]
    assert report["files"] == sorted(files(out))
    assert {one["change"] for one in report["changed"]} == {"missing"}
    (out / RULES / "credit.yml").unlink()
    report = json.loads(run(charter, "-o", out, "--check", "--format", "json").stdout)
    assert not report["up_to_date"]
    assert report["changed"] == [{"path": f"{RULES}/credit.yml", "change": "missing"}]
