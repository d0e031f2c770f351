"""Make .venv: everything this checkout needs, from nothing but python3.

Usage: python3 scripts/setup.py demo|dev|mutate

Where Debian's python3 comes without ensurepip, pip is taken from Debian's own package, unpacked
into the cache folder; nothing is installed on the system and root is not needed. What is already
in place is left alone, so that a second run takes a moment.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
OLDEST_PYTHON = (3, 11)
NEWER_PYTHONS = ("python3.13", "python3.12", "python3.11", "python3.14")
INCLUDED = {"demo": ("demo", "dev", "mutate"), "dev": ("dev", "mutate"), "mutate": ("mutate",)}
"""Set to the sets that contain it, itself first."""
FAILURE_LINES = 25
LIVE_PROGRESS_SECONDS = 0.5
PLAIN_PROGRESS_SECONDS = 5.0
WIDEST_PROGRESS = 90
ADVICE = """\
Where the network needs a mirror, a proxy or certificates of its own, tell pip by PIP_INDEX_URL,
HTTPS_PROXY and PIP_CERT."""


class SetupFailed(Exception):  # noqa: N818
    """The set-up cannot go on; the text says why and what to do."""


def say(line: str) -> None:
    """One line of progress."""
    print(f"[setup] {line}", file=sys.stderr, flush=True)


def right_python() -> None:
    """Go on with a Python that is new enough, or say which one is needed."""
    if sys.version_info >= OLDEST_PYTHON:
        return
    for name in NEWER_PYTHONS:
        newer = shutil.which(name)
        if newer is not None:
            os.execv(newer, [newer, *sys.argv])  # noqa: S606 - the same script again
    wanted = ".".join(map(str, OLDEST_PYTHON))
    raise SetupFailed(
        f"Python {wanted} or newer is needed; {sys.executable} is {sys.version.split()[0]}.\n"
        f"Install one (Debian 12 and newer: sudo apt-get install python3; macOS: brew install "
        f"python) and name it: make PYTHON=/path/to/python{wanted} setup"
    )


def fingerprint(name: str) -> str:
    """What a set's installation depends on, as one hash."""
    digest = hashlib.sha256(sys.version.encode())
    for path in (ROOT / "requirements" / f"{name}.txt", ROOT / "pyproject.toml", Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def stamp(name: str) -> Path:
    """The file that says with which fingerprint a set was installed."""
    return VENV / f".installed-{name}"


def installed(name: str) -> bool:
    """Whether a set, or one that contains it, is in place as it is locked now."""
    return any(
        stamp(wider).is_file() and stamp(wider).read_text() == fingerprint(wider)
        for wider in INCLUDED[name]
    )


def python() -> Path:
    """The environment's interpreter."""
    return VENV / "bin" / "python"


def works(*command: str | Path) -> bool:
    """Whether a command runs and succeeds."""
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def make_environment() -> None:
    """Make the virtual environment with pip in it, by Python's own means or else by Debian's."""
    if works(python(), "-m", "pip", "--version"):
        return
    say(f"Making {VENV.relative_to(ROOT)} with {sys.executable} ({sys.version.split()[0]}) …")
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        run([sys.executable, "-m", "venv", "--without-pip", str(VENV)], "making the environment")
        bootstrap_pip()
    else:
        run([sys.executable, "-m", "venv", str(VENV)], "making the environment")


def bootstrap_pip() -> None:
    """Put pip into the environment from Debian's package of pip's wheel."""
    with tempfile.TemporaryDirectory(prefix="buckstop-pip-") as folder:
        unpack_debian("python3-pip-whl", "This Python has no pip", Path(folder))
        wheels = sorted(Path(folder).glob("usr/share/python-wheels/pip-*.whl"))
        if not wheels:
            raise SetupFailed("Debian's package python3-pip-whl contains no wheel of pip")
        command = [str(python()), f"{wheels[0]}/pip", "install", "--no-index", str(wheels[0])]
        run(command, "installing pip")


def unpack_debian(package: str, why: str, folder: Path) -> None:
    """Unpack a package of the system's own release under a folder."""
    # The package below needs nothing but the standard library.
    sys.path.insert(0, str(ROOT / "src"))
    from buckstop.debian import AptFailed, download, system_suite, unpack

    suite = system_suite()
    if suite is None:
        raise SetupFailed(
            f"{why}, and this is no Debian to fetch {package} from.\n"
            f"Install pip for {sys.executable}, or name another Python: make PYTHON=… setup"
        )
    say(f"{why}: fetching Debian's {package} …")
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    try:
        download([package], suite=suite, into=folder, cache=Path(home) / "buckstop", progress=say)
        for file in folder.glob("*.deb"):
            unpack(file, folder)
    except AptFailed as error:
        raise SetupFailed(
            f"{package} cannot be fetched: {error}\n"
            f"Install it (sudo apt-get update && sudo apt-get install python3-venv "
            f"ca-certificates) and try again."
        ) from error


def certificates() -> dict[str, str]:
    """Environment for pip with certificates to trust, also where the system has none installed."""
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONUTF8": "1"}
    paths = ssl.get_default_verify_paths()
    given = ("PIP_CERT", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")
    if paths.cafile or any(os.environ.get(name) for name in given) or sys.platform != "linux":
        return environment
    if paths.capath and any(Path(paths.capath).iterdir()):
        return environment
    bundle = VENV / "ca-certificates.crt"
    if not bundle.exists():
        with tempfile.TemporaryDirectory(prefix="buckstop-certificates-") as folder:
            why = "This system has no certificates to trust"
            unpack_debian("ca-certificates", why, Path(folder))
            trusted = sorted(Path(folder).glob("usr/share/ca-certificates/mozilla/*.crt"))
            bundle.write_bytes(b"\n".join(file.read_bytes() for file in trusted))
    return {**environment, "PIP_CERT": str(bundle)}


def install(name: str) -> None:
    """Install a set as locked, every file checked against its hash, then this package itself."""
    begun = time.monotonic()
    lock = ROOT / "requirements" / f"{name}.txt"
    environment = certificates()
    pip = [str(python()), "-m", "pip", "install", "--progress-bar=off", "--no-input"]
    run([*pip, "--require-hashes", "-r", str(lock)], f"installing {lock.name}", environment)
    own = [*pip, "--no-deps", "--no-build-isolation", "--no-index", "-e", str(ROOT)]
    run(own, "installing buckstop itself", environment)
    stamp(name).write_text(fingerprint(name))
    say(f"Installed {lock.relative_to(ROOT)} in {time.monotonic() - begun:.0f} s.")


def run(command: list[str], what: str, environment: dict[str, str] | None = None) -> None:
    """Run a command; show that it goes on, and the end of what it said if it fails."""
    begun = time.monotonic()
    output: list[str] = []
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            output.append(line)  # noqa: PERF402 - the other thread shows the last line meanwhile

    reader = threading.Thread(target=read)
    reader.start()
    while running(process):
        collected = sum(line.startswith("Collecting ") for line in output)
        doing = next((line for line in reversed(output) if not line.startswith("WARNING")), "")
        doing = doing.split(" (")[0].strip()
        seconds = time.monotonic() - begun
        show(f"{what}: {seconds:.0f} s, {collected} packages: {doing}"[:WIDEST_PROGRESS])
    reader.join()
    clear()
    if process.returncode != 0:
        said = "".join(output[-FAILURE_LINES:])
        raise SetupFailed(f"{what} failed:\n{said}{ADVICE}")


def running(process: subprocess.Popen[str]) -> bool:
    """Wait until it is time to show progress again; whether the process still runs."""
    live = sys.stderr.isatty()
    try:
        process.wait(LIVE_PROGRESS_SECONDS if live else PLAIN_PROGRESS_SECONDS)
    except subprocess.TimeoutExpired:
        return True
    return False


def show(state: str) -> None:
    """Progress: one line that changes in a terminal, lines now and then in a log."""
    if sys.stderr.isatty():
        print(f"\r\033[K[setup] {state}", end="", file=sys.stderr, flush=True)
    else:
        say(state)


def clear() -> None:
    """Take the changing line away."""
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)


def main(arguments: list[str]) -> int:
    """Set up; the exit status."""
    if len(arguments) != 1 or arguments[0] not in INCLUDED:
        print(__doc__, file=sys.stderr)
        return 2
    name = arguments[0]
    try:
        right_python()
        if not installed(name):
            make_environment()
            install(name)
    except SetupFailed as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("Stopped; the next run goes on from here.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
