"""Find Prometheus and Alertmanager: on PATH, else in the cache folder, else at Debian's mirrors."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from buckstop.alertmanager import versions as alertmanager
from buckstop.debian import system_suite
from buckstop.prometheus import versions as prometheus
from buckstop.prometheus.versions import dotted
from buckstop.servers.failures import ServersMissing
from buckstop.servers.installation import Installation
from buckstop.servers.unpacked import cache_folder, fetch, unpacked, version

Versions = Literal["any", "debian12", "debian13", "debian14"]

SUITES = {"debian12": "bookworm", "debian13": "trixie", "debian14": "forky"}

_NAMES = {
    "prometheus": ("prometheus",),
    "promtool": ("promtool",),
    "alertmanager": ("alertmanager", "prometheus-alertmanager"),
    "amtool": ("amtool",),
}
"""Program to the names it goes by; the last is Debian's."""

_MEND_MACOS = """\
Install them with Homebrew:
    brew install prometheus alertmanager"""
_MEND_DEBIAN = """\
Make Debian's packages reachable and try again:
    sudo apt-get update
or put prometheus, promtool, alertmanager and amtool on PATH."""
_MEND_OTHER = f"""\
Put prometheus, promtool, alertmanager and amtool (Prometheus {dotted(prometheus.OLDEST)},
Alertmanager {dotted(alertmanager.OLDEST)} or newer) on PATH, or run the demo in a container,
from a checkout of the project:
    docker compose run --rm demo"""


def _quiet(_: str) -> None:
    """Say nothing."""


def find(
    versions: Versions = "any",
    *,
    progress: Callable[[str], None] = _quiet,
    path: str | None = None,
    cache: Path | None = None,
) -> Installation:
    """The programs, fetched first where that is needed and possible.

    Args:
        versions: ``any`` takes what PATH has, else the system's own release; the others are
            always the packages of that Debian release.
        progress: is told, in one line each, of what takes time.
        path: in place of the PATH variable.
        cache: in place of the user's cache folder.

    Raises:
        ServersMissing: with the exact commands that mend it.
    """
    folder = cache_folder() if cache is None else cache
    own = system_suite()
    reasons: list[str] = []
    if versions == "any":
        on_path = _on_path(path, reasons)
        if on_path is not None:
            return on_path
        suites = tuple(dict.fromkeys(suite for suite in (own, *SUITES.values()) if suite))
        present = (unpacked(suite, folder) for suite in suites)
        there = next((found for found in present if found is not None), None)
    else:
        suites = (SUITES[versions],)
        there = unpacked(suites[0], folder)
    if there is not None:
        return there
    if own is None:
        reasons.append("This system has no apt-get to fetch Debian's packages with.")
    else:
        try:
            return _new_enough(fetch(suites[0], folder, progress))
        except ServersMissing as error:
            reasons.append(str(error))
    raise ServersMissing("\n".join([*reasons, _mend(own)]))


def _on_path(path: str | None, reasons: list[str]) -> Installation | None:
    """What PATH has if it is complete and new enough; else None, and the reason is appended."""
    programs: dict[str, Path] = {}
    for program, names in _NAMES.items():
        found = next((where for name in names if (where := shutil.which(name, path=path))), None)
        if found is None:
            reasons.append(f"{' or '.join(names)} is not on PATH.")
            return None
        programs[program] = Path(found)
    try:
        return _new_enough(
            Installation(
                **programs,
                prometheus_version=version(programs["prometheus"]),
                alertmanager_version=version(programs["alertmanager"]),
            )
        )
    except ServersMissing as error:
        reasons.append(str(error))
        return None


def _new_enough(installation: Installation) -> Installation:
    for name, found, oldest in (
        ("Prometheus", installation.prometheus_version, prometheus.OLDEST),
        ("Alertmanager", installation.alertmanager_version, alertmanager.OLDEST),
    ):
        if tuple(int(part) for part in found.split(".")[:2]) < oldest:
            raise ServersMissing(f"{name} {found} is too old: {dotted(oldest)} or newer is needed.")
    return installation


def _mend(own: str | None) -> str:
    if sys.platform == "darwin":
        return _MEND_MACOS
    return _MEND_OTHER if own is None else _MEND_DEBIAN
