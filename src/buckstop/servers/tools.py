"""promtool and amtool: the originals' own word on files that we write and routes that we walk."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from buckstop.servers.amtool import Amtool
from buckstop.servers.failures import ServerRefused
from buckstop.servers.installation import Installation

TOOL_TIMEOUT_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool said.

    Attributes:
        ok: whether it found nothing wrong.
        output: all that it wrote.
    """

    ok: bool
    output: str


def check_rules(installation: Installation, paths: Iterable[Path]) -> ToolResult:
    """``promtool check rules``."""
    return _judge(installation, installation.promtool, ["check", "rules", *_absolute(paths)])


def test_rules(installation: Installation, paths: Iterable[Path]) -> ToolResult:
    """``promtool test rules``; the files name their rule files relative to themselves."""
    return _judge(installation, installation.promtool, ["test", "rules", *_absolute(paths)])


def check_prometheus_config(installation: Installation, path: Path) -> ToolResult:
    """``promtool check config``, rule files included."""
    return _judge(installation, installation.promtool, ["check", "config", *_absolute([path])])


def check_config(installation: Installation, path: Path) -> ToolResult:
    """``amtool check-config``."""
    return _judge(installation, installation.amtool, ["check-config", *_absolute([path])])


def route_test(
    installation: Installation | Amtool, config: Path, labels: Mapping[str, str]
) -> list[str]:
    """The receivers that ``amtool config routes test`` names for `labels`, in order.

    Raises:
        ServerRefused: if amtool does not take the file or the labels.
    """
    arguments = [
        "config",
        "routes",
        "test",
        f"--config.file={config.absolute()}",
        *(f"{name}={_quoted(value)}" for name, value in labels.items()),
    ]
    done = _run(installation, installation.amtool, arguments)
    if done.returncode != 0:
        raise ServerRefused(f"amtool: {done.stderr.strip()}")
    return done.stdout.strip().split(",")


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _absolute(paths: Iterable[Path]) -> list[str]:
    return [str(path.absolute()) for path in paths]


def _judge(installation: Installation, program: Path, arguments: Sequence[str]) -> ToolResult:
    done = _run(installation, program, arguments)
    return ToolResult(done.returncode == 0, done.stdout + done.stderr)


def _run(
    installation: Installation | Amtool, program: Path, arguments: Sequence[str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(program), *arguments],
        cwd=installation.working_folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=TOOL_TIMEOUT_SECONDS,
        check=False,
    )
