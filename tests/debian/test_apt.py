"""Fetching packages without touching the system."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from buckstop.debian import AptFailed, apt, download, unpack

SOURCE = Path(apt.__file__).parents[2]


def quiet(_: str) -> None:
    """Say nothing."""


def test_set_up_can_use_it_before_anything_is_installed() -> None:
    """The module runs on a bare Python: no package of ours or of others is needed."""
    code = f"import sys; sys.path.insert(0, {str(SOURCE)!r}); import buckstop.debian"
    subprocess.run([sys.executable, "-I", "-S", "-c", code], check=True, timeout=30)


def test_without_apt_get_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere than on Debian the answer is a sentence, not a traceback."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(AptFailed, match="no apt-get"):
        download(["prometheus"], suite="bookworm", into=tmp_path, cache=tmp_path, progress=quiet)


def test_a_broken_package_is_reported_with_dpkg_s_words(tmp_path: Path) -> None:
    """A truncated download fails with the command and what dpkg said."""
    if shutil.which("dpkg") is None:
        pytest.skip("no dpkg on this system")
    package = tmp_path / "broken.deb"
    package.write_bytes(b"no package")
    with pytest.raises(AptFailed, match=r"dpkg -x .*broken\.deb"):
        unpack(package, tmp_path / "into")


@pytest.fixture
def recorded_apt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An ``apt-get`` that writes its arguments down and fails to download until it has updated."""
    programs = tmp_path / "programs"
    programs.mkdir()
    record = tmp_path / "record"
    script = programs / "apt-get"
    script.write_text(
        "#!/bin/sh\n"
        f'echo "$@" >> {record}\n'
        f'case "$*" in *" update "*) touch {tmp_path}/updated;; '
        f"*) test -e {tmp_path}/updated && touch fetched.deb;; esac\n"
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    return record


def test_lists_that_are_missing_are_made_privately(
    tmp_path: Path, recorded_apt: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a fresh machine, the system's lists are tried, then lists under the cache are made."""
    etc = tmp_path / "etc"
    etc.mkdir()
    (etc / "sources.list").write_text("deb http://mirror.example/debian bookworm main\n")
    monkeypatch.setattr(apt, "SYSTEM_APT", etc)
    monkeypatch.setattr(apt, "system_suite", lambda: "bookworm")
    said: list[str] = []
    cache, into = tmp_path / "cache", tmp_path / "into"

    download(["prometheus"], suite="bookworm", into=into, cache=cache, progress=said.append)

    config = f"-c {cache}/apt/bookworm/apt.conf"
    assert recorded_apt.read_text().splitlines() == [
        "-q -y -o APT::Sandbox::User= download prometheus",
        f"-q -y {config} update --error-on=any",
        f"-q -y {config} download prometheus",
    ]
    assert (into / "fetched.deb").exists()
    assert any("package lists (bookworm)" in line for line in said)
