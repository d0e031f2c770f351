"""Debian's Prometheus and Alertmanager, unpacked into a cache folder and made to run from there.

Debian builds both servers to read templates from ``/usr/share/prometheus``, and Alertmanager will
not start without them, whatever ``templates:`` says. Nothing may be installed, so in the unpacked
copies that one path becomes relative: its first byte, ``/``, turns into ``.``, and they run in a
folder where ``.usr`` leads to the unpacked ``usr``. No other byte differs from Debian's.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from buckstop.debian import AptFailed, download, locked, unpack
from buckstop.servers.failures import ServersMissing
from buckstop.servers.installation import Installation

PACKAGES = ("prometheus", "prometheus-alertmanager")
PROMTOOL_PACKAGE = "promtool"
"""From Debian 13 on, promtool is a package of its own; before, ``prometheus`` contains it."""

_SHARE = b"/usr/share/prometheus/"
_RELATIVE_SHARE = b".usr/share/prometheus/"
_RECORD = "versions.json"


def cache_folder() -> Path:
    """The user's cache folder of this product."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    base = Path(given) if Path(given).is_absolute() else Path.home() / ".cache"
    return base / "buckstop"


def unpacked(suite: str, cache: Path) -> Installation | None:
    """The programs of `suite` if they are in the cache folder, else None."""
    folder = cache / "servers" / suite
    try:
        versions = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
        return _installation(folder, versions["prometheus"], versions["alertmanager"])
    except (OSError, ValueError, KeyError):
        return None


def _installation(folder: Path, prometheus: str, alertmanager: str) -> Installation:
    programs = folder / "usr" / "bin"
    return Installation(
        prometheus=programs / "prometheus",
        alertmanager=programs / "prometheus-alertmanager",
        promtool=programs / "promtool",
        amtool=programs / "amtool",
        prometheus_version=prometheus,
        alertmanager_version=alertmanager,
        working_folder=folder,
    )


def fetch(suite: str, cache: Path, progress: Callable[[str], None]) -> Installation:
    """Put the programs of `suite` into the cache folder, unless they are there.

    Two processes may fetch at once: one works, the other waits; a fetch that is broken off leaves
    nothing half done. Raises ServersMissing.
    """
    servers = cache / "servers"
    try:
        with locked(servers / f"{suite}.lock"):
            there = unpacked(suite, cache)
            if there is not None:
                return there
            for leftover in servers.glob(f".{suite}-*"):
                shutil.rmtree(leftover, ignore_errors=True)
            progress(f"Fetching Prometheus and Alertmanager ({suite}) into {servers} …")
            with tempfile.TemporaryDirectory(prefix=f".{suite}-", dir=servers) as temporary:
                folder = Path(temporary) / suite
                folder.mkdir()
                versions = _fill(folder, suite, cache, progress)
                shutil.rmtree(servers / suite, ignore_errors=True)
                folder.rename(servers / suite)
    except (AptFailed, OSError) as error:
        raise ServersMissing(str(error)) from error
    done = _installation(servers / suite, *versions)
    progress(f"{done} are ready.")
    return done


def _fill(
    folder: Path, suite: str, cache: Path, progress: Callable[[str], None]
) -> tuple[str, str]:
    """Download, unpack, relocate, try. Returns the versions of Prometheus and Alertmanager."""
    packages = folder / "packages"
    download(PACKAGES, suite=suite, into=packages, cache=cache, progress=progress)
    _unpack_all(packages, folder)
    new = _installation(folder, "", "")
    if not new.promtool.exists():
        download((PROMTOOL_PACKAGE,), suite=suite, into=packages, cache=cache, progress=progress)
        _unpack_all(packages, folder)
    shutil.rmtree(packages)
    _relocate(new.prometheus)
    _relocate(new.alertmanager)
    (folder / ".usr").symlink_to("usr")
    versions = (version(new.prometheus), version(new.alertmanager))
    record = {"prometheus": versions[0], "alertmanager": versions[1]}
    (folder / _RECORD).write_text(json.dumps(record), encoding="utf-8")
    return versions


def _unpack_all(packages: Path, folder: Path) -> None:
    for package in sorted(packages.glob("*.deb")):
        unpack(package, folder)
        package.unlink()


def _relocate(program: Path) -> None:
    assert len(_SHARE) == len(_RELATIVE_SHARE)
    mode = program.stat().st_mode
    program.write_bytes(program.read_bytes().replace(_SHARE, _RELATIVE_SHARE))
    program.chmod(mode)


def version(program: Path) -> str:
    """What `program` calls its own version, as three numbers. Raises ServersMissing."""
    try:
        said = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ServersMissing(f"{program} does not run: {error}") from error
    found = re.search(r"version (\d+\.\d+\.\d+)", said.stdout + said.stderr)
    if found is None:
        raise ServersMissing(f"{program} does not say its version: {said.stdout}{said.stderr}")
    return found[1]
