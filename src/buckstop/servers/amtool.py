"""amtool alone, for those who have it and no server: on PATH, else in the cache folder."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from buckstop.alertmanager.versions import OLDEST
from buckstop.debian import system_suite
from buckstop.prometheus.versions import dotted
from buckstop.servers.discovery import SUITES
from buckstop.servers.failures import ServersMissing
from buckstop.servers.unpacked import cache_folder, unpacked, version

_MEND = f"""\
Put amtool of Alertmanager {dotted(OLDEST)} or newer on PATH: it is in Debian's package
prometheus-alertmanager, in Homebrew's alertmanager, and in every release of Alertmanager. On
Debian, this fetches it without installing anything:
    python -m buckstop.servers"""


@dataclass(frozen=True, slots=True)
class Amtool:
    """The program.

    Attributes:
        version: ``0.25.0``.
        working_folder: as of `Installation`.
    """

    amtool: Path
    version: str
    working_folder: Path | None = None

    def __str__(self) -> str:
        return f"amtool {self.version}"


def find_amtool(*, path: str | None = None, cache: Path | None = None) -> Amtool:
    """The program; nothing is fetched.

    Args:
        path: in place of the PATH variable.
        cache: in place of the user's cache folder.

    Raises:
        ServersMissing: with what mends it.
    """
    found = shutil.which("amtool", path=path)
    if found is None:
        reason = "amtool is not on PATH."
    else:
        said = version(Path(found))
        if tuple(int(part) for part in said.split(".")[:2]) >= OLDEST:
            return Amtool(Path(found), said)
        reason = f"{found} is too old: {said}."
    folder = cache_folder() if cache is None else cache
    for suite in dict.fromkeys(one for one in (system_suite(), *SUITES.values()) if one):
        there = unpacked(suite, folder)
        if there is not None:
            return Amtool(there.amtool, there.alertmanager_version, there.working_folder)
    raise ServersMissing(f"{reason}\n{_MEND}")
