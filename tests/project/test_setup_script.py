"""The set-up: what it asks for, and when it does nothing."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "setup.py"


@pytest.fixture
def setup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, on a checkout of its own with locks and nothing installed."""
    spec = importlib.util.spec_from_file_location("setup_script", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("demo", "dev"):
        lock = tmp_path / "requirements" / f"{name}.txt"
        lock.parent.mkdir(exist_ok=True)
        lock.write_text(f"# {name}\n")
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / ".venv").mkdir()
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    return module


def test_an_old_python_can_still_read_it() -> None:
    """Whoever has Python 3.8 gets a sentence about it, not a syntax error."""
    ast.parse(SCRIPT.read_text(), feature_version=(3, 8))


def test_an_old_python_is_told_which_one_is_needed(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where no newer Python is on PATH, the command that names one is shown."""
    monkeypatch.setattr(setup, "OLDEST_PYTHON", (99, 1))
    monkeypatch.setenv("PATH", "")
    assert setup.main(["dev"]) == 1
    said = capsys.readouterr().err
    assert "Python 99.1 or newer is needed" in said
    assert "make PYTHON=" in said


def test_what_is_in_place_is_left_alone_until_a_lock_changes(setup: ModuleType) -> None:
    """The second run starts at once; a changed lock file is noticed."""
    assert not setup.installed("dev")
    setup.stamp("dev").write_text(setup.fingerprint("dev"))
    assert setup.installed("dev")
    (setup.ROOT / "requirements" / "dev.txt").write_text("# changed\n")
    assert not setup.installed("dev")


def test_the_demo_runs_from_the_development_environment(setup: ModuleType) -> None:
    """A developer's `make demo` installs nothing; a demo's environment is not enough for tests."""
    setup.stamp("dev").write_text(setup.fingerprint("dev"))
    assert setup.installed("demo")
    setup.stamp("dev").unlink()
    setup.stamp("demo").write_text(setup.fingerprint("demo"))
    assert setup.installed("demo")
    assert not setup.installed("dev")


def test_a_failing_command_is_shown_with_its_last_words(setup: ModuleType) -> None:
    """What pip said about a package reaches the user."""
    command = [sys.executable, "-c", "print('no such package'); raise SystemExit(1)"]
    with pytest.raises(setup.SetupFailed, match=r"(?s)installing failed:.*no such package"):
        setup.run(command, "installing")


def test_without_a_set_it_says_how_it_is_used() -> None:
    """A wrong call prints the usage and changes nothing."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "everything"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "Usage: python3 scripts/setup.py demo|dev" in done.stderr
