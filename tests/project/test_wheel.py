"""The built wheel works in an empty environment: what users install is what was tested."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from buckstop.servers import Listener

ROOT = Path(__file__).parents[2]
BASE_LIMIT_MB = 60
"""The plain install; scientific libraries belong to the demo and would be three times this."""


def run(command: Sequence[str | Path], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in `folder`, away from the checkout."""
    return subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout without the network."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--wheel", "--no-isolation", "--outdir", str(folder)]
    built = run([sys.executable, "-m", "build", *options, str(ROOT)], folder)
    assert built.returncode == 0, built.stdout + built.stderr
    return next(folder.glob("buckstop-*.whl"))


class Environment:
    """An empty environment with the wheel in it, and libraries as locked."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        venv.create(folder / "venv", with_pip=False)
        self.folder = folder
        self.programs = folder / "venv" / "bin"
        self.install("base")
        self._pip(["--no-deps", "--no-index", str(wheel)])

    def install(self, lock: str) -> None:
        """Add what a lock file names, every file checked against its hash."""
        self._pip(["--require-hashes", "-r", str(ROOT / "requirements" / f"{lock}.txt")])

    def _pip(self, arguments: list[str]) -> None:
        pip = [sys.executable, "-m", "pip", "--python", str(self.programs / "python")]
        done = run([*pip, "install", "-q", "--no-input", *arguments], self.folder)
        assert done.returncode == 0, done.stdout + done.stderr

    def buckstop(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run the installed command."""
        return run([self.programs / "buckstop", *arguments], self.folder)


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """The base install."""
    return Environment(tmp_path_factory.mktemp("environment"), wheel)


def test_the_wheel_holds_the_package_and_its_data_only(wheel: Path) -> None:
    """No tests, no build leftovers; the licence and the type marker are there."""
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0].split("-")[0] for name in names} == {"buckstop"}
    assert "buckstop/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    ours = (ROOT / "src").rglob("*")
    files = {str(path.relative_to(ROOT / "src")) for path in ours if path.is_file()}
    assert {name for name in files if "__pycache__" not in name} <= set(names)


def test_init_check_and_build_work_from_the_base_install(environment: Environment) -> None:
    """A newcomer's first three commands need no extra, and the install stays small."""
    started = environment.buckstop("init", "charter")
    assert started.returncode == 0, started.stdout + started.stderr
    checked = environment.buckstop("check", "charter")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    built = environment.buckstop("build", "charter", "-o", "out")
    assert built.returncode == 0, built.stdout + built.stderr
    assert (environment.folder / "out" / "accountability.json").is_file()
    libraries = environment.programs.parent / "lib"
    size_mb = sum(file.lstat().st_size for file in libraries.rglob("*")) / 1e6
    assert size_mb < BASE_LIMIT_MB


def test_the_pages_about_findings_are_installed(environment: Environment) -> None:
    """The command that a finding names shows the page also where there is no checkout."""
    explained = environment.buckstop("explain", "slack-url-missing")
    page = ROOT / "docs" / "diagnostics" / "slack-url-missing.md"
    assert (explained.returncode, explained.stdout) == (0, page.read_text())


def test_serve_names_its_extra_and_then_serves(environment: Environment) -> None:
    """Without the ledger's libraries `serve` says what to install; with them it answers."""
    environment.buckstop("init", "served")
    assert environment.buckstop("build", "served", "-o", "build").returncode == 0
    refused = environment.buckstop("serve", "--build", "build")
    assert refused.returncode == 2
    assert "buckstop[ledger]" in refused.stderr
    assert "Traceback" not in refused.stderr
    environment.install("ledger")
    listener = Listener(
        "Ledger",
        lambda port: [
            str(environment.programs / "buckstop"),
            "serve",
            *("--build", str(environment.folder / "build")),
            *("--store", str(environment.folder / "ledger.db")),
            *("--listen", f"127.0.0.1:{port}"),
        ],
        ready_path="/api/v1/health",
        folder=environment.folder / "ledger",
        working_folder=environment.folder,
    )
    with listener:
        assert listener.http.get(f"{listener.url}/api/v1/incidents").status_code == 200
