"""apt-get and dpkg used as a downloader: packages as files, the system's state untouched."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from buckstop.debian.lock import locked
from buckstop.debian.sources import read_sources, sources_of_suite

Progress = Callable[[str], None]

COMMAND_TIMEOUT_SECONDS = 300
SYSTEM_APT = Path("/etc/apt")

_CONFIG = """\
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "{root}/sources.d";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::State "{root}/state";
Dir::State::status "{root}/status";
Dir::Cache "{root}/cache";
APT::Sandbox::User "";
APT::Default-Release "";
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::Check-Valid-Until "false";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Post-Invoke;
"""
"""A world of its own for apt: the system's lists, pins and hooks are neither read nor changed.

Lists must be signed by the archive, but may be old: a release that is still being made calls its
lists expired after a week, and a mirror that lags has packages as good to run, from a cache.
"""


class AptFailed(Exception):  # noqa: N818
    """apt-get or dpkg could not do it; the text says what they said."""


def system_suite() -> str | None:
    """The system's release by code name (``bookworm``), or None where apt-get does not rule."""
    if shutil.which("apt-get") is None or shutil.which("dpkg") is None:
        return None
    try:
        return platform.freedesktop_os_release().get("VERSION_CODENAME")
    except OSError:
        return None


def download(
    packages: Sequence[str], *, suite: str, into: Path, cache: Path, progress: Progress
) -> None:
    """Fetch `packages` of `suite` as ``.deb`` files into the folder `into`.

    The system's own package lists serve where they know the suite; else a private set of lists
    under `cache` is made and kept, verified with the archive's keys. Raises AptFailed.
    """
    if shutil.which("apt-get") is None:
        raise AptFailed("there is no apt-get on this system")
    try:
        if suite == system_suite():
            try:
                _get(["download", *packages], into, options=["-o", "APT::Sandbox::User="])
            except AptFailed:
                progress(f"The system's package lists do not offer {', '.join(packages)}.")
            else:
                return
        with locked(cache / "apt" / f"{suite}.lock"):
            _download_privately(packages, suite, into, cache / "apt" / suite, progress)
    except OSError as error:
        raise AptFailed(f"cannot fetch packages: {error}") from error


def _download_privately(
    packages: Sequence[str], suite: str, into: Path, root: Path, progress: Progress
) -> None:
    own = system_suite()
    sources = sources_of_suite(read_sources(SYSTEM_APT), suite, system_suite=own)
    if not sources:
        raise AptFailed(f"the system's apt sources under {SYSTEM_APT} name no mirror of {suite}")
    for folder in ("sources.d", "state/lists/partial", "cache/archives/partial"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    (root / "status").touch()
    stanzas = "\n".join(source.stanza() for source in sources)
    (root / "sources.d" / "suite.sources").write_text(stanzas, encoding="utf-8")
    config = root / "apt.conf"
    config.write_text(_CONFIG.format(root=root.resolve()), encoding="utf-8")
    options = ["-c", str(config)]
    if any((root / "state/lists").glob("*_Packages*")):
        try:
            _get(["download", *packages], into, options=options)
        except AptFailed:
            progress(f"The private package lists of {suite} are out of date.")
        else:
            return
    progress(f"Fetching Debian's package lists ({suite}) …")
    _get(["update", "--error-on=any"], into, options=options)
    _get(["download", *packages], into, options=options)


def unpack(package: Path, into: Path) -> None:
    """Unpack the ``.deb`` file `package` under the folder `into`. Raises AptFailed."""
    _run(["dpkg", "-x", str(package), str(into)], into)


def _get(arguments: Sequence[str], folder: Path, *, options: Sequence[str]) -> None:
    _run(["apt-get", "-q", "-y", *options, *arguments], folder)


def _run(command: Sequence[str], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=COMMAND_TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise AptFailed(f"{command[0]} took more than {COMMAND_TIMEOUT_SECONDS} s") from error
    if done.returncode != 0:
        said = "\n".join(done.stdout.strip().splitlines()[-8:])
        raise AptFailed(f"`{' '.join(command)}` failed:\n{said}")
