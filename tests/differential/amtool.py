"""What ``amtool check-config`` says of many configurations at once."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from buckstop import servers

CRASHED = "amtool crashed"


def judge(
    installation: servers.Installation, cases: dict[str, str], folder: Path
) -> dict[str, str]:
    """The cases that amtool refuses, with what it says; one on which it crashes is refused too."""
    names = list(cases)
    paths = []
    for index, text in enumerate(cases.values()):
        path = folder / f"{index:05}.yml"
        path.write_text(text, encoding="utf-8")
        paths.append(str(path))
    reports: list[str] = []
    while len(reports) < len(paths):
        done = subprocess.run(
            [str(installation.amtool), "check-config", *paths[len(reports) :]],
            cwd=installation.working_folder,
            capture_output=True,
            text=True,
            check=False,
        )
        said = [report.strip() for report in re.split(r"Checking '[^']*'", done.stdout)[1:]]
        if "panic:" in done.stderr:
            # It judges one file after the other: it crashed on the last that it named, or on the
            # one after it.
            said = [one for one in said if "FAILED" in one or "SUCCESS" in one]
            said.append(CRASHED)
        assert said, done.stderr
        reports += said
    assert len(reports) == len(paths)
    return {
        name: report
        for name, report in zip(names, reports, strict=True)
        if "FAILED" in report or report == CRASHED
    }
