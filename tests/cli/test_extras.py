"""A command whose libraries are not installed says which extra brings them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import click
import pytest

from buckstop.cli import main as run
from buckstop.cli.main import EXTRAS, root

ROOT = Path(__file__).parents[2]
MODULE_NAMES = {
    "psycopg[binary]": "psycopg",
    "python-multipart": "python_multipart",
    "scikit-learn": "sklearn",
}


def failing_with(monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    """Make every command fail for want of `module`."""

    def invoke(*_: object) -> None:
        raise ModuleNotFoundError(f"No module named {module!r}", name=module)

    monkeypatch.setattr(click.Group, "invoke", invoke)


def test_a_missing_library_is_named_with_its_extra(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`serve` from the plain install ends with 2 and the exact command to type."""
    failing_with(monkeypatch, "uvicorn.config")
    with pytest.raises(SystemExit) as ended:
        run(["serve"])
    assert ended.value.code == 2
    assert "pip install 'buckstop[ledger]'" in capsys.readouterr().err


def test_a_mistake_of_ours_is_not_taken_for_a_missing_extra(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A module of our own that is missing is a defect, and is seen as one."""
    failing_with(monkeypatch, "buckstop.nowhere")
    with pytest.raises(ModuleNotFoundError):
        run(["check"])


def test_every_library_of_an_extra_is_known() -> None:
    """A dependency added to an extra gets its message."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for extra, texts in project["optional-dependencies"].items():
        names = {text.partition(">")[0] for text in texts if not text.startswith("buckstop")}
        modules = {MODULE_NAMES.get(name, name.replace("-", "_")) for name in names}
        assert modules <= {library for library, known in EXTRAS.items() if known == extra}


def test_help_needs_no_extra() -> None:
    """The list of commands is shown whatever is installed."""
    assert root.get_help(click.Context(root))
