"""``buckstop check`` as a user meets it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from buckstop.cli.main import root

ROOT = Path(__file__).parents[2]
ARTICLE = ROOT / "tests" / "fixtures" / "article"
CHARTER = ROOT / "examples" / "article" / "charter"

RULES = """groups:
- name: g
  rules:
  - alert: Slow
    expr: up == 0
    labels: {team: infra}
"""
ROUTES = """route:
  receiver: rest
  routes:
  - matchers: ['team="infra"']
    receiver: infra
receivers:
- {name: rest, webhook_configs: [{url: 'http://127.0.0.1/rest'}]}
- {name: infra, webhook_configs: [{url: 'http://127.0.0.1/infra'}]}
"""
TEAMS = "accountable: {rest: ops}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one proven rule, to start from."""
    (tmp_path / "rules.yml").write_text(RULES)
    (tmp_path / "alertmanager.yml").write_text(ROUTES)
    (tmp_path / "teams.txt").write_text(TEAMS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(*words: str) -> Result:
    return CliRunner().invoke(root, ["check", *words])


def report(*words: str) -> dict[str, Any]:
    value = json.loads(check("--format", "json", *words).stdout)
    assert isinstance(value, dict)
    return value


def test_the_articles_files_read_as_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole of what a newcomer sees on the article's own two files."""
    monkeypatch.chdir(ARTICLE)
    result = check(".")
    assert result.exit_code == 1
    assert result.stdout == (ARTICLE / "check.txt").read_text()


def test_a_proven_folder_exits_0(folder: Path) -> None:
    """No option, no PATH, no server: the current folder, and all is well."""
    result = check()
    assert result.exit_code == 0, result.output
    assert "✓ proven" in result.stdout
    assert "1 rule: 1 proven, 0 refuted, 0 unknown" in result.stdout
    assert "Verdicts hold under A1, A2:" in result.stdout


def test_json_has_the_shape_that_scripts_rely_on(folder: Path) -> None:
    """Keys, counts, verdict words and hashes."""
    value = report(".")
    assert value["version"] == 1
    assert value["assumptions"] == ["A1", "A2"]
    assert {entry["path"] for entry in value["inputs"]} == {"rules.yml", "alertmanager.yml"}
    assert all(len(entry["sha256"]) == 64 for entry in value["inputs"])
    assert value["summary"] == {
        "rules": 1,
        "proven": 1,
        "refuted": 0,
        "unknown": 0,
        "errors": 0,
        "warnings": 1,
        "notes": 0,
        "waived": 0,
    }
    (rule,) = value["rules"]
    assert (rule["file"], rule["line"], rule["alert"]) == ("rules.yml", 4, "Slow")
    assert (rule["verdict"], rule["team"], rule["receivers"]) == ("proven", "infra", ["infra"])
    assert set(rule["properties"].values()) == {"proven"}
    (found,) = value["diagnostics"]
    assert found["code"] == "catch-all-without-team"
    assert found["url"] == "docs/diagnostics/catch-all-without-team.md"
    assert found["explain"] == "buckstop explain catch-all-without-team"
    assert {"level", "file", "line", "column", "end_line", "end_column", "message", "hint"} <= set(
        found
    )


def test_a_refuted_rule_exits_1_with_its_witness(folder: Path) -> None:
    """The labels that anyone can hand to amtool stand beside the verdict."""
    (folder / "rules.yml").write_text(RULES.replace("infra", "Infra"))
    assert check(".").exit_code == 1
    (rule,) = report(".")["rules"]
    assert rule["verdict"] == "refuted"
    assert rule["witness"] == {"alertname": "Slow", "team": "Infra"}


def test_what_is_not_decided_exits_1_unless_allowed(folder: Path) -> None:
    """`--allow-unknown` lets CI pass what only a fuller proof decides, and nothing else."""
    routes = ROUTES.replace('team="infra"\'', 'team="infra"\', \'zone="eu"\'')
    (folder / "alertmanager.yml").write_text(routes)
    result = check(".")
    assert result.exit_code == 1
    assert "not decided: label zone (asked for at alertmanager.yml:4" in result.stdout
    assert check("--allow-unknown", ".").exit_code == 0


def test_a_teams_file_names_the_catch_all(folder: Path) -> None:
    """`--teams` settles what the routes leave open, and its source is said."""
    result = check("--teams", "teams.txt")
    assert result.exit_code == 0
    assert "rest → ops (by teams.txt)" in result.stdout
    assert report("--teams", "teams.txt")["diagnostics"] == []


def test_routes_are_judged_for_the_version_that_is_to_load_them(folder: Path) -> None:
    """A field of a newer Alertmanager keeps an older one from loading the file."""
    (folder / "alertmanager.yml").write_text(
        ROUTES.replace("{url: 'http://127.0.0.1/infra'}", "{url_file: /etc/url}")
    )
    assert check().exit_code == 0
    result = check("--target", "alertmanager=0.25")
    assert result.exit_code == 1
    assert "field-too-new" in result.stdout
    assert "✗ refuted" in result.stdout


def test_rules_are_judged_for_the_version_that_is_to_load_them(folder: Path) -> None:
    """A rule file that the Prometheus aimed at refuses pages nobody, whoever it is for."""
    (folder / "new.yml").write_text(
        "groups: [{name: g, labels: {team: infra}, rules: [{alert: A, expr: up == 0}]}]"
    )
    assert "prometheus-too-old" not in check().stdout
    result = check("--target", "prometheus=2.53", "--target", "alertmanager=0.28")
    assert result.exit_code == 1
    assert "'labels' needs Prometheus 3.0; the one aimed at is 2.53" in result.stdout
    assert "prometheus-too-old" not in check("--target", "prometheus=3.5.3").stdout


def test_the_team_label_can_be_named(folder: Path) -> None:
    """With another label the same rule has no team."""
    result = check("--team-label", "squad")
    assert result.exit_code == 1
    assert "Team label: squad (as asked)." in result.stdout


def test_the_label_that_the_files_use_is_guessed_and_said(folder: Path) -> None:
    """A guess is never silent."""
    assert "Team label: team, guessed because it is used 2×" in check().stdout


def test_many_rules_of_one_kind_are_one_row(folder: Path) -> None:
    """950 vendor rules give one row and one finding; `-v` gives every rule."""
    many = "".join(f"  - {{alert: A{n}, expr: up == 0}}\n" for n in range(950))
    (folder / "rules.yml").write_text(f"groups:\n- name: g\n  rules:\n{many}")
    result = check("--team-label", "team")
    assert result.exit_code == 1
    assert "950 rules" in result.stdout
    assert len(result.stdout.splitlines()) < 60
    assert "A700" not in result.stdout
    assert len(check("-v", "--team-label", "team").stdout.splitlines()) > 950


def test_quiet_says_errors_and_the_summary(folder: Path) -> None:
    """In a hook, nothing but what must be mended."""
    assert check("-q").stdout.splitlines() == ["1 rule: 1 proven, 0 refuted, 0 unknown; 1 warning."]


def test_findings_of_one_kind_are_cut_after_a_few(folder: Path) -> None:
    """A tree of old matchers is one cause, not forty screens; JSON and `-v` have all."""
    old = "".join(f"  - {{match: {{team: t{n}}}, receiver: infra}}\n" for n in range(40))
    (folder / "alertmanager.yml").write_text(ROUTES.replace("receivers:\n", f"{old}receivers:\n"))
    assert "… and 36 more of matchers-deprecated; -v shows every one" in check().stdout
    found = [one["code"] for one in report()["diagnostics"]]
    assert found.count("matchers-deprecated") == 40


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("missing.yml",), "missing.yml does not exist"),
        (("empty",), "no charter, rule file or alertmanager.yml found in empty"),
        (("--teams", "gone.yaml"), "gone.yaml"),
        (("--format", "xml"), "xml"),
        (("--target", "0.25"), "alertmanager=0.28"),
        (("--target", "alertmanager=new"), "alertmanager=new"),
        (("--target", "prometheus=three"), "prometheus=three"),
        (("--target", "mimir=2.0"), "prometheus=3.5"),
        (("--target", "prometheus=3.5", "--target", "prometheus=2.42"), "aimed at already"),
    ],
)
def test_what_cannot_run_exits_2(folder: Path, words: tuple[str, ...], said: str) -> None:
    """A slip in the command is told apart from a finding."""
    (folder / "empty").mkdir()
    result = check(*words)
    assert result.exit_code == 2
    assert said in result.output


def test_an_input_that_cannot_be_read_exits_2_after_all_else_is_said(folder: Path) -> None:
    """One vanished file does not hide what the others hold."""
    (folder / "z.yml").symlink_to("gone.yml")
    result = check(".")
    assert result.exit_code == 2
    assert "file-unreadable" in result.stdout
    assert "1 rule: 1 proven" in result.stdout


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\x00\xff\xfe binary",
        b"groups:\n\t- broken\n",
        b"groups: {a: b}\n",
        b"groups: [{name: g, rules: [{alert: A}]}]\n",
        b"groups: &a [*a]\n",
        b"groups:\n" + b"- " * 5_000,
    ],
)
def test_broken_files_are_findings_and_never_tracebacks(folder: Path, text: bytes) -> None:
    """Whatever stands in a file, the exit code is one of three and nothing is lost."""
    (folder / "rules.yml").write_bytes(text)
    result = check("--rules", "rules.yml", "--alertmanager", "alertmanager.yml")
    assert result.exit_code in {0, 1}
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "rules" in result.stdout


def test_routes_that_do_not_load_leave_the_rules_undecided(folder: Path) -> None:
    """A file that Alertmanager would refuse is an error; who answers is not guessed of it."""
    (folder / "alertmanager.yml").write_text("route: {receiver: a\nreceivers: []\n")
    result = check(".")
    assert result.exit_code == 1
    assert "yaml-syntax" in result.stdout
    assert "the routes could not be read; they decide" in result.stdout
    assert "--alertmanager FILE" not in result.stdout


def test_rules_of_a_file_that_prometheus_refuses_are_refuted(folder: Path) -> None:
    """One invalid expression keeps every rule of its file from ever firing; others are proven."""
    (folder / "good.yml").write_text(RULES.replace("Slow", "Fine"))
    bad = "  - {alert: Bad, expr: 'up ==', labels: {team: infra}}\n"
    (folder / "rules.yml").write_text(RULES + bad)
    value = report(".")
    assert {rule["alert"]: rule["verdict"] for rule in value["rules"]} == {
        "Fine": "proven",
        "Slow": "refuted",
        "Bad": "refuted",
    }
    slow = next(rule for rule in value["rules"] if rule["alert"] == "Slow")
    assert slow["reason"].startswith("Prometheus does not load this file: ")
    assert slow["properties"]["delivers"] == "refuted"
    assert "Prometheus does not load this file" in check(".").stdout
    asked = CliRunner().invoke(root, ["who", "Slow"])
    assert asked.exit_code == 1
    assert "Prometheus does not load this file" in asked.stdout


def test_a_charter_is_confirmed_alert_by_alert() -> None:
    """Every alert of the example, with the line that decides, and the next command."""
    result = check(str(CHARTER))
    assert result.exit_code == 0, result.output
    assert "ModelDriftHigh" in result.stdout
    assert "data_mlops" in result.stdout
    assert "0 refuted, 0 unknown" in result.stdout
    assert f"Next: buckstop build {CHARTER} -o DIR" in result.stdout


def test_a_charter_answers_for_rules_that_it_does_not_generate(tmp_path: Path) -> None:
    """The article's rules beside the article's charter: its `alerts:` entries route them."""
    shutil.copytree(CHARTER, tmp_path / "charter")
    shutil.copy(ARTICLE / "model_alerts.yml", tmp_path)
    rules = {
        rule["alert"]: rule
        for rule in report(str(tmp_path))["rules"]
        if rule["file"].endswith("model_alerts.yml")
    }
    assert rules["HighModelLatency"]["team"] == "infra_sre"
    assert rules["HighModelLatency"]["verdict"] == "proven"
    # Its entry decides before the informed routes, which ask for labels of generated rules.
    assert rules["SignificantDataDrift"]["team"] == "data_mlops"
    assert rules["SignificantDataDrift"]["verdict"] == "proven"
    assert "data_engineering-inform" in rules["SignificantDataDrift"]["receivers"]


def test_a_charter_with_errors_is_diagnosed(tmp_path: Path) -> None:
    """The errors are named where they stand; nothing is built of it."""
    shutil.copytree(CHARTER, tmp_path / "charter")
    file = tmp_path / "charter" / "charter.yaml"
    file.write_text(file.read_text().replace("accountable: infra_sre", "accountable: infra_sr"))
    value = report(str(tmp_path))
    assert {found["code"] for found in value["diagnostics"]} >= {"team-unknown"}
    assert value["diagnostics"][0]["file"] == file.as_posix()
    assert check(str(tmp_path)).exit_code == 1


def test_help_shows_examples_and_exit_codes() -> None:
    """`check --help` is enough to begin."""
    result = check("--help")
    assert "buckstop check --team-label team rules/ alertmanager.yml" in result.stdout
    assert "Exit codes" in result.stdout


def test_a_terminal_without_unicode_is_no_traceback() -> None:
    """Output in plain ASCII loses its arrows and nothing else."""
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    result = subprocess.run(
        [sys.executable, "-m", "buckstop", "check", str(ARTICLE)],
        capture_output=True,
        check=False,
        env=environment,
    )
    assert result.returncode == 1
    assert b"infra-team-pagerduty ? infra_sre" in result.stdout
    assert result.stderr == b""


def test_hand_written_files_are_checked_without_the_charters_libraries() -> None:
    """The first command of a newcomer starts quickly: pydantic stays out of it."""
    code = (
        "import sys; from buckstop.cli import main\n"
        "try: main(['check', '-q', sys.argv[1]])\n"
        "except SystemExit: pass\n"
        "assert 'pydantic' not in sys.modules and 'httpx' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code, str(ARTICLE)], check=True, capture_output=True)


def test_a_receiver_s_name_is_never_cut_in_a_pipe(folder: Path) -> None:
    """What is searched for in the output is there, however long it is."""
    name = "infra-" + "x" * 100
    (folder / "alertmanager.yml").write_text(ROUTES.replace(": infra", f": {name}"))
    result = check(".")
    assert name in result.stdout
    table = result.stdout.split("Who answers", 1)[1].split("\n\n")[1]
    assert len(table.splitlines()) == 2
