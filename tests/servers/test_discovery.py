"""Which servers are taken, and what is said where there are none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from buckstop import servers
from buckstop.debian import AptFailed, system_suite
from buckstop.servers import discovery, unpacked


def put_programs(folder: Path, versions: dict[str, str]) -> None:
    """Programs that only know their version."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, version in versions.items():
        program = folder / name
        program.write_text(f"#!/bin/sh\necho {name}, version {version}\n")
        program.chmod(0o755)


def put_in_cache(cache: Path, suite: str, prometheus: str, alertmanager: str) -> None:
    """A complete entry of the cache folder."""
    folder = cache / "servers" / suite
    folder.mkdir(parents=True)
    record = {"prometheus": prometheus, "alertmanager": alertmanager}
    (folder / "versions.json").write_text(json.dumps(record))


ALL = {"prometheus": "2.45.0", "promtool": "2.45.0", "amtool": "0.26.0"}


@pytest.mark.parametrize("name", ["alertmanager", "prometheus-alertmanager"])
def test_path_comes_first_under_either_name(tmp_path: Path, name: str) -> None:
    """What the user has installed is used, Debian's name for Alertmanager included."""
    programs = tmp_path / "programs"
    put_programs(programs, {**ALL, name: "0.26.0"})
    put_in_cache(tmp_path / "cache", "bookworm", "2.42.0", "0.25.0")
    found = servers.find(path=str(programs), cache=tmp_path / "cache")
    assert found.alertmanager == programs / name
    assert str(found) == "Prometheus 2.45.0, Alertmanager 0.26.0"
    assert found.working_folder is None


def test_the_cache_serves_where_path_is_incomplete(tmp_path: Path) -> None:
    """Prometheus without Alertmanager on PATH is not mixed with another's Alertmanager."""
    put_programs(tmp_path / "programs", ALL)
    put_in_cache(tmp_path / "cache", "bookworm", "2.42.0", "0.25.0")
    found = servers.find(path=str(tmp_path / "programs"), cache=tmp_path / "cache")
    assert found.prometheus_version == "2.42.0"


def test_a_release_asked_for_by_name_is_not_taken_from_path(tmp_path: Path) -> None:
    """A test against Debian 13's servers runs against those, whatever is installed."""
    put_programs(tmp_path / "programs", {**ALL, "alertmanager": "0.26.0"})
    put_in_cache(tmp_path / "cache", "trixie", "2.53.3", "0.28.1")
    found = servers.find("debian13", path=str(tmp_path / "programs"), cache=tmp_path / "cache")
    assert found.prometheus_version == "2.53.3"


@pytest.mark.parametrize(
    ("platform", "command"),
    [("darwin", "brew install prometheus alertmanager"), ("linux", "docker compose run --rm demo")],
)
def test_where_none_can_be_had_the_message_has_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str, command: str
) -> None:
    """Without apt-get, the message names what is missing and the exact next command."""
    monkeypatch.setattr(discovery, "system_suite", lambda: None)
    monkeypatch.setattr(sys, "platform", platform)
    with pytest.raises(servers.ServersMissing) as caught:
        servers.find(path=str(tmp_path), cache=tmp_path)
    assert "prometheus is not on PATH" in str(caught.value)
    assert command in str(caught.value)


def test_too_old_servers_on_path_are_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prometheus 2.31 does not load what is built for 2.42; the message says so."""
    monkeypatch.setattr(discovery, "system_suite", lambda: None)
    put_programs(tmp_path, {**ALL, "prometheus": "2.31.2", "alertmanager": "0.26.0"})
    with pytest.raises(servers.ServersMissing, match=r"2\.31\.2 is too old: 2\.42"):
        servers.find(path=str(tmp_path), cache=tmp_path)


def test_a_failed_fetch_says_what_apt_said_and_leaves_nothing_half_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cache folder never holds an incomplete release, and the mending command is shown."""

    def fail(*_: object, into: Path, **__: object) -> None:
        into.mkdir(parents=True)
        (into / "half.deb").touch()
        raise AptFailed("the mirror does not answer")

    monkeypatch.setattr(unpacked, "download", fail)
    monkeypatch.setattr(discovery, "system_suite", lambda: "bookworm")
    with pytest.raises(servers.ServersMissing) as caught:
        servers.find("debian12", cache=tmp_path)
    assert "the mirror does not answer" in str(caught.value)
    assert "sudo apt-get update" in str(caught.value)
    assert [path.name for path in (tmp_path / "servers").iterdir()] == ["bookworm.lock"]


SLOW_APT_GET = """\
#!/bin/sh
echo download >> {folder}/downloads
until test -e {folder}/both-have-begun; do sleep 0.02; done
touch one.deb
"""
DPKG = """\
#!/bin/sh
mkdir -p "$3/usr/bin"
for program in prometheus promtool prometheus-alertmanager amtool; do
    printf '#!/bin/sh\\necho %s, version 9.9.9\\n' "$program" > "$3/usr/bin/$program"
    chmod +x "$3/usr/bin/$program"
done
"""
FETCH = """
import sys
from pathlib import Path
from buckstop.servers.unpacked import fetch
print("begun", flush=True)
print(fetch({suite!r}, Path({cache!r}), lambda _: None))
"""


def test_two_processes_may_fetch_at_once(tmp_path: Path) -> None:
    """One downloads, the other waits for it; both get the same complete programs."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name, text in (("apt-get", SLOW_APT_GET.format(folder=tmp_path)), ("dpkg", DPKG)):
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    suite = system_suite() or "bookworm"
    code = FETCH.format(suite=suite, cache=str(tmp_path / "cache"))
    environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    both = [
        subprocess.Popen(
            [sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    for process in both:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
    (tmp_path / "both-have-begun").touch()
    said = [process.communicate(timeout=30)[0] for process in both]
    assert said == ["Prometheus 9.9.9, Alertmanager 9.9.9\n"] * 2
    assert (tmp_path / "downloads").read_text() == "download\n"
    assert [path.name for path in (tmp_path / "cache" / "servers").glob(".*")] == []


def test_amtool_alone_is_taken_from_path(tmp_path: Path) -> None:
    """Whoever has the tool and no server can have routes walked."""
    put_programs(tmp_path / "programs", {"amtool": "0.26.0"})
    found = servers.find_amtool(path=str(tmp_path / "programs"), cache=tmp_path / "cache")
    assert (found.amtool, str(found)) == (tmp_path / "programs" / "amtool", "amtool 0.26.0")


@pytest.mark.parametrize("version", [None, "0.24.0"])
def test_amtool_is_taken_from_the_cache_where_path_has_none_that_serves(
    tmp_path: Path, version: str | None
) -> None:
    """An amtool that is too old reads routes otherwise than any supported server."""
    put_programs(tmp_path / "programs", {} if version is None else {"amtool": version})
    with pytest.raises(servers.ServersMissing, match=r"python -m buckstop\.servers"):
        servers.find_amtool(path=str(tmp_path / "programs"), cache=tmp_path / "cache")
    put_in_cache(tmp_path / "cache", "bookworm", "2.42.0", "0.25.0")
    found = servers.find_amtool(path=str(tmp_path / "programs"), cache=tmp_path / "cache")
    assert found.version == "0.25.0"
    assert found.working_folder == tmp_path / "cache" / "servers" / "bookworm"
