"""A private PostgreSQL for the tests: unprivileged, in a temporary folder, on no network."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

from buckstop.debian import download, locked, system_suite, unpack
from buckstop.ledger.store.postgres.preparing import prepare
from buckstop.servers import await_until
from buckstop.servers.unpacked import cache_folder

START_SECONDS = 60
OLDEST = 15
PACKAGES = {"bookworm": "postgresql-15", "trixie": "postgresql-17"}
"""Debian's release to the package with the server, fetched where none is installed."""

_NUMBERS = count(1)


class PostgresServer:
    """A running server, whose socket lies in `folder`, and its `programs`."""

    def __init__(self, folder: Path, programs: Path, environment: dict[str, str] | None) -> None:
        self._folder = folder
        self._programs = programs
        self._environment = environment

    def address(self, database: str, role: str = "owner") -> str:
        """How to connect."""
        return f"postgresql://{role}@/{database}?host={self._folder}"

    def new_database(self) -> str:
        """An empty one's name."""
        name = f"ledger{next(_NUMBERS)}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as db:
            db.execute(f"CREATE DATABASE {name}")
        return name

    def prepared(self) -> str:
        """The name of one that has the record's schema, for the role ``ledger``."""
        name = self.new_database()
        prepare(self.address(name), "ledger")
        return name

    def run(self, program: str, *arguments: str) -> None:
        """Run one of its client programs to its end."""
        beside = self._programs / program
        found = str(beside) if beside.exists() else shutil.which(program)
        assert found is not None, f"{program} is needed on PATH, or beside {self._programs}/initdb"
        done = subprocess.run(
            [found, *arguments],
            capture_output=True,
            text=True,
            env=self._environment,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Start one, and end it."""
    # Not pytest's own folder: the server's user could not reach into that of root.
    folder = Path(tempfile.mkdtemp(prefix="buckstop-postgres-"))
    identity = _identity()
    if identity is not None:
        os.chown(folder, *identity)
    # A folder of its own: unpacking makes it root's.
    unpacked = folder / "programs"
    programs = _programs(unpacked)
    libraries = ":".join(map(str, unpacked.glob("usr/lib/*-linux-gnu*")))
    environment = {**os.environ, "LD_LIBRARY_PATH": libraries} if libraries else None
    user, group = identity or (None, None)

    def run(*command: str) -> None:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            user=user,
            group=group,
            cwd=folder,
            env=environment,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    process = None
    try:
        data = folder / "data"
        stem = ("--username=owner", "--auth=trust", "--encoding=UTF8", "--no-sync")
        run(str(programs / "initdb"), "--locale=C", *stem, str(data))
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(folder),
            "max_connections": "30",
            "autovacuum": "off",
        }
        settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        log = (folder / "log").open("wb")
        process = subprocess.Popen(
            [str(programs / "postgres"), "-D", str(data), *settings],
            stdout=log,
            stderr=log,
            user=user,
            group=group,
            cwd=folder,
            env=environment,
        )
        server = PostgresServer(folder, programs, environment)

        def answers() -> bool:
            assert process is not None
            assert process.poll() is None, (folder / "log").read_text()
            try:
                psycopg.connect(server.address("postgres")).close()
            except psycopg.OperationalError:
                return False
            return True

        await_until(answers, START_SECONDS, "PostgreSQL")
        with psycopg.connect(server.address("postgres"), autocommit=True) as db:
            db.execute("CREATE ROLE ledger LOGIN")
        yield server
    finally:
        if process is not None:
            process.kill()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _programs(folder: Path) -> Path:
    """Where initdb and postgres are: on PATH, where Debian installs them, or unpacked in `folder`.

    They are unpacked there each time, since the server's user could not reach into a cache of root.
    """
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    newest = max(installed, key=lambda path: int(path.parents[1].name), default=None)
    if newest is not None and int(newest.parents[1].name) >= OLDEST:
        return newest.parent
    suite = system_suite()
    assert suite in PACKAGES, f"PostgreSQL {OLDEST} or newer is needed on PATH"
    packages = cache_folder() / "postgresql" / suite
    with locked(packages.with_suffix(".lock")):
        if not list(packages.glob("*client*.deb")):
            client = PACKAGES[suite].replace("postgresql-", "postgresql-client-")
            download(
                [PACKAGES[suite], client, "libpq5"],
                suite=suite,
                into=packages,
                cache=cache_folder(),
                progress=print,
            )
    for package in packages.glob("*.deb"):
        unpack(package, folder)
    (unpacked,) = folder.glob("usr/lib/postgresql/*/bin")
    return unpacked


def _identity() -> tuple[int, int] | None:
    """As whom to run, where root runs the tests: PostgreSQL refuses root."""
    if os.getuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid
