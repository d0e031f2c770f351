"""Files in which the user says what rules and routes leave open: whose a receiver is, what labels
the series have.
"""

from __future__ import annotations

from pathlib import Path

from buckstop.cli.main import CommandFailed
from buckstop.diagnostics import Diagnostic, has_errors
from buckstop.document import shown_text
from buckstop.document.files import load
from buckstop.prover.given import Declared
from buckstop.prover.label_environment import LabelEnvironment, read_label_environment
from buckstop.prover.teams_file import read_teams


def read_declared(
    path: Path | None, found: list[Diagnostic], sources: dict[str, str]
) -> Declared | None:
    """What a ``--teams`` file says; None without one. What is wrong in it goes to `found`.

    Raises:
        CommandFailed: it cannot be read at all.
    """
    if path is None:
        return None
    holders, findings = read_teams(_data(path, sources), str(path))
    found += findings
    return Declared(str(path), holders or {}, is_whole=not has_errors(findings))


def read_environment(
    path: Path | None, found: list[Diagnostic], sources: dict[str, str]
) -> LabelEnvironment:
    """What a ``--labels`` file says; nothing without one. What is wrong in it goes to `found`.

    Raises:
        CommandFailed: it cannot be read at all.
    """
    if path is None:
        return {}
    environment, findings = read_label_environment(_data(path, sources), str(path))
    found += findings
    return environment or {}


def _data(path: Path, sources: dict[str, str]) -> bytes:
    data, diagnostics = load(path, str(path))
    if data is None:
        raise CommandFailed(diagnostics[0].message)
    sources[str(path)] = shown_text(data)
    return data
