"""The ledger signs its record while it runs: at the start, and when an incident ends."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.ledger.ledger_world import feed_alert, labels, write_build
from tests.ledger.record.recorded import Attacker, found
from tests.web.serve_process import Serve
from tests.web.served_ledger import FEED

from buckstop.cli.main import root
from buckstop.ledger.record.checkpoint import Checkpoint
from buckstop.ledger.record.checkpoint_folder import CheckpointFolder, read_file
from buckstop.ledger.record.key_file import make_key, read_key_file
from buckstop.ledger.record.trust import trust
from buckstop.servers import await_until

SECONDS = 30


def signed(folder: Path, key_path: Path) -> list[Checkpoint]:
    """All that was signed."""
    trusted = trust(read_key_file(key_path).verifier)
    return [read_file(file, trusted) for file in CheckpointFolder(folder).files()]


def signed_at(serve: Serve) -> float:
    """When the ledger says that it last signed."""
    text = serve.http.get("/metrics").text
    lines = [line for line in text.splitlines() if line.startswith("buckstop_ledger_signed_")]
    return float(lines[0].split()[1])


def test_the_end_of_an_incident_is_signed_at_once(tmp_path: Path) -> None:
    """The checkpoint covers the resolution; after a kill and a restart it goes on, and a record
    that was cut meanwhile is not signed but said to be cut."""
    build, store, folder = write_build(tmp_path / "build"), tmp_path / "l.db", tmp_path / "signed"
    folder.mkdir()
    key = tmp_path / "key"
    make_key(key, "acme.example/ledger")
    options = ("--checkpoints", str(folder), "--checkpoint-key", str(key))
    with Serve(build, store, *options) as serve:
        now = datetime.now(UTC)
        assert serve.http.post(FEED, json=[feed_alert(labels(), now)]).status_code == 200
        ended = feed_alert(labels(), now, ended_seconds_ago=0)
        assert serve.http.post(FEED, json=[ended]).status_code == 200
        last = serve.http.get("/api/v1/incidents?state=resolved").json()["incidents"]
        assert len(last) == 1

        def covered() -> bool:
            return any(one.size == 5 for one in signed(folder, key))

        await_until(covered, SECONDS, "a checkpoint of the end")
        assert key.read_text().strip() not in serve.log
        await_until(lambda: signed_at(serve) > now.timestamp(), SECONDS, "the metric")
        serve.kill()
    assert found(store, signed(folder, key)) == []
    attacker = Attacker(store)
    attacker.run("DELETE FROM events WHERE position = 5")
    attacker.chain_anew()
    attacker.leave()
    with Serve(build, store, *options) as serve:

        def problem() -> str | None:
            problems: dict[str, str] = serve.http.get("/api/v1/health").json()["problems"]
            return problems.get("checkpoints")

        said = await_until(problem, SECONDS, "the ledger's own alarm")
        assert said is not None
        assert "ends with event 4, and 5 were signed" in said
        assert signed_at(serve) == 0
    assert [one.size for one in signed(folder, key)][-1] == 5


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--checkpoints", "."], "go together"),
        (["--checkpoint-key", "key"], "go together"),
        (["--checkpoints", "none", "--checkpoint-key", "key"], "there is no folder none"),
        (["--checkpoints", ".", "--checkpoint-key", "none"], "cannot be read as a key"),
    ],
)
def test_a_ledger_that_could_not_sign_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], why: str
) -> None:
    """Nobody finds out years later that nothing was signed."""
    monkeypatch.chdir(tmp_path)
    make_key(tmp_path / "key", "acme.example/ledger")
    build = str(write_build(tmp_path / "build"))
    refused = CliRunner().invoke(root, ["serve", "--build", build, "--store", "l.db", *options])
    assert refused.exit_code == 2
    assert why in refused.output
