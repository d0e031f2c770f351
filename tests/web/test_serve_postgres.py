"""The ledger as a process on PostgreSQL: killed, restarted, verified and erased from meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.ledger.ledger_world import feed_alert, labels, write_build
from tests.ledger.postgres_server import PostgresServer, postgres_server
from tests.web.serve_process import Serve
from tests.web.served_ledger import FEED

from buckstop.cli.main import root

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresServer]:
    """A running server."""
    with postgres_server() as server:
        yield server


def buckstop(*arguments: str) -> str:
    """The output of a command that succeeds."""
    done = CliRunner().invoke(root, arguments)
    assert done.exit_code == 0, done.output
    return done.output


def test_nothing_is_lost_by_a_kill_and_an_auditor_needs_no_stop(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    """Prepared, served, killed, served again; verified and erased from while it runs."""
    name = postgres.new_database()
    owner, ledger = postgres.address(name), postgres.address(name, "ledger")
    assert "has schema 2" in buckstop("record", "prepare", "--store", owner, "--role", "ledger")
    build, here = write_build(tmp_path / "build"), tmp_path / "unused.db"
    with Serve(build, here, "--store", ledger) as serve:
        alert = feed_alert(labels(), datetime.now(UTC))
        assert serve.http.post(FEED, json=[alert]).status_code == 200
        act = serve.http.post("/api/v1/incidents/1/acknowledge", json={"note": "we are on it"})
        person = act.json()["acknowledged_by"]
        serve.kill()
    assert not here.exists()
    with Serve(build, here, "--store", ledger) as serve:
        shown = serve.http.get("/api/v1/incidents/1").json()
        assert [event["kind"] for event in shown["history"]] == [
            "opened",
            "joined",
            "source_seen",
            "acknowledged",
        ]
        assert f"dbname={name}" in serve.log
        assert "the record holds; 4 events" in buckstop("record", "verify", "--store", ledger)
        erase = ("record", "erase", person, "--reason", "asked to", "--by", "dpo", "--yes")
        assert "2 texts of 1 events erased" in buckstop(*erase, "--store", owner)
        shown = serve.http.get("/api/v1/incidents/1").json()
        assert (shown["acknowledged_by"], shown["acknowledgement"]) == ("erased", "erased")
        another = feed_alert(labels(model="churn"), datetime.now(UTC))
        assert serve.http.post(FEED, json=[another]).status_code == 200
        assert "the record holds; 8 events" in buckstop("record", "verify", "--store", ledger)


def test_a_file_is_not_prepared() -> None:
    """A slip is told from a database that does not answer."""
    refused = CliRunner().invoke(root, ["record", "prepare", "--store", "x.db", "--role", "ledger"])
    assert refused.exit_code == 2
    assert "only a database is prepared" in refused.output
