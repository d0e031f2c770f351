"""What runs Buckstop in other people's pipelines: the pre-commit hooks and the GitHub action."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from buckstop.cli.main import root

ROOT = Path(__file__).parents[2]
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
BASH = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")
"""As GitHub runs the steps of an action whose shell is bash."""

ROUTES = """route:
  receiver: infra
receivers:
- {name: infra, webhook_configs: [{url: 'http://127.0.0.1/infra'}]}
"""
RULES = "groups: [{name: g, rules: [{alert: Slow, expr: up == 0}]}]\n"
EXPECTATIONS = "expectations: [{name: a, labels: {}, expect: {receivers: [infra]}}]\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository with one rule that nobody answers for, and a space in a name."""
    checked = tmp_path / "work"
    checked.mkdir()
    (checked / "alertmanager.yml").write_text(ROUTES)
    (checked / "rules.yml").write_text(RULES)
    (checked / "expectations.yaml").write_text(EXPECTATIONS)
    return checked


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_runs_as_it_is_written(
    hook: dict[str, Any], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its entry is a command that exists, and it looks at the repository as a whole."""
    assert {"id", "name", "description", "entry", "language", "files"} <= hook.keys()
    assert (hook["language"], hook["pass_filenames"]) == ("python", False)
    program, *words = shlex.split(hook["entry"])
    assert program == "buckstop"
    monkeypatch.chdir(folder)
    result = CliRunner().invoke(root, words)
    assert result.exit_code == (1 if "check" in words else 0), result.output


def run_step(name: str, folder: Path, inputs: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run one step of the action in `folder`, its inputs as the runner hands them over."""
    given = {key: value["default"] for key, value in ACTION["inputs"].items()} | inputs
    (step,) = (step for step in ACTION["runs"]["steps"] if step["name"] == name)
    environment = {
        key: given[value.removeprefix("${{ inputs.").removesuffix(" }}")]
        for key, value in step["env"].items()
    }
    runner = {"RUNNER_TEMP": str(folder.parent / "temp"), "GITHUB_ACTION_PATH": str(ROOT)}
    return subprocess.run(
        [*BASH, step["run"]],
        cwd=folder,
        env=os.environ | runner | environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture
def installed(folder: Path) -> Path:
    """The command of this checkout where the action's first step puts it."""
    programs = folder.parent / "temp" / "buckstop" / "bin"
    programs.mkdir(parents=True)
    command = f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m buckstop "$@"\n'
    (programs / "buckstop").write_text(command)
    (programs / "buckstop").chmod(0o755)
    return folder


def test_the_action_annotates_and_fails(installed: Path) -> None:
    """Without any input it checks the whole repository, and a pull request shows what is wrong."""
    done = run_step("Check", installed, {})
    assert done.returncode == 1, done.stderr
    assert "::error file=rules.yml,line=1," in done.stdout


def test_the_action_takes_paths_and_arguments_and_keeps_the_report(installed: Path) -> None:
    """Line breaks and spaces separate; the report is there although the step fails."""
    (installed / "more").mkdir()
    done = run_step(
        "Check",
        installed,
        {
            "paths": "rules.yml\nalertmanager.yml  more\n",
            "args": "--team-label squad",
            "format": "sarif",
            "output": "buckstop.sarif",
        },
    )
    assert done.returncode == 1, done.stderr
    assert (installed / "buckstop.sarif").read_text() == done.stdout
    assert "squad" in done.stdout


def test_an_input_is_never_run(installed: Path) -> None:
    """A path from a pull request's title cannot make the runner do something else."""
    done = run_step("Check", installed, {"paths": "$(touch ran) `touch ran` ; touch ran"})
    assert done.returncode == 2
    assert not (installed / "ran").exists()
    scripts = [step["run"] for step in ACTION["runs"]["steps"]]
    assert not any("${{" in script for script in scripts)


@pytest.mark.nightly
def test_the_action_installs_its_own_checkout(folder: Path) -> None:
    """The version that runs is the one that the workflow names, its libraries as locked."""
    done = run_step("Install", folder, {"python": sys.executable})
    assert done.returncode == 0, done.stdout + done.stderr
    done = run_step("Check", folder, {"format": "text"})
    assert done.returncode == 1, done.stderr
    assert "1 rule: 0 proven, 1 refuted" in done.stdout
