"""The ledger as a process: starting, refusing to start, ending, being killed, following."""

from __future__ import annotations

import os
import random
import signal
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from tests.ledger.ledger_world import ROUTES, feed_alert, labels, write_build
from tests.web.listing import open_incidents
from tests.web.serve_process import Serve
from tests.web.served_ledger import FEED

from buckstop.cli import main
from buckstop.ledger.store import SqliteStore
from buckstop.servers import await_until
from buckstop.web.server import AddressError, listen, read_address

SECONDS = 30


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """A build folder."""
    return write_build(tmp_path / "build")


def alert(**changes: str) -> dict[str, object]:
    """What a Prometheus posts now."""
    return feed_alert(labels(**changes), datetime.now(UTC))


def test_it_says_where_it_listens_and_ends_when_asked(tmp_path: Path, build: Path) -> None:
    """SIGTERM ends it cleanly though a page listens; a restart knows what was open."""
    store = tmp_path / "ledger.db"
    with Serve(build, store) as serve:
        assert f"answers at {serve.url}" in serve.log
        assert str(store) in serve.log
        assert serve.http.post(FEED, json=[alert()]).status_code == 200
        with serve.http.stream("GET", "/events") as stream:
            lines = stream.iter_lines()
            assert next(lines) == "retry: 2000"
            assert serve.stop(signal.SIGTERM) == 0
    with Serve(build, store) as serve:
        (incident,) = serve.http.get("/api/v1/incidents").json()["incidents"]
        assert incident["team"] == "infra_sre"
        assert serve.stop(signal.SIGINT) == 0
        assert "Traceback" not in serve.log


def test_an_open_page_hears_of_every_change(tmp_path: Path, build: Path) -> None:
    """The stream tells where the record ends, at once and after each commit."""
    with (
        Serve(build, tmp_path / "ledger.db") as serve,
        serve.http.stream("GET", "/events") as stream,
    ):
        lines = stream.iter_lines()

        def told() -> int:
            return next(int(line.removeprefix("id: ")) for line in lines if line.startswith("id: "))

        before = told()
        serve.http.post(FEED, json=[alert()])
        assert told() > before


def test_nothing_that_was_answered_is_lost_by_a_kill(tmp_path: Path, build: Path) -> None:
    """SIGKILL at random moments while alerts pour in: each answered one is there, once."""
    store, chance = tmp_path / "ledger.db", random.Random(20300131)
    answered: list[str] = []
    posted: list[str] = []
    for round_number in range(4):
        with Serve(build, store) as serve:
            enough, count = threading.Event(), chance.randint(20, 120)

            def pour(
                sender: int,
                url: str = serve.url,
                first: int = round_number * 10_000,
                enough: threading.Event = enough,
                goal: int = len(answered) + count,
            ) -> None:
                with httpx.Client(base_url=url, trust_env=False) as client:
                    for index in range(2_000):
                        model = f"m{first + sender * 2_000 + index}"
                        posted.append(model)
                        try:
                            response = client.post(FEED, json=[alert(model=model)])
                        except httpx.HTTPError:
                            return
                        if response.status_code == 200:
                            answered.append(model)
                        if len(answered) >= goal:
                            enough.set()

            senders = [threading.Thread(target=pour, args=(index,)) for index in range(4)]
            for sender in senders:
                sender.start()
            assert enough.wait(SECONDS)
            serve.kill()
            for sender in senders:
                sender.join(SECONDS)
    with Serve(build, store) as serve:
        incidents = open_incidents(serve.http)
        models = [incident["model"] for incident in incidents]
        assert len(models) == len(set(models))
        assert set(answered) <= set(models) <= set(posted)
        for incident in incidents[:: len(incidents) // 20 or 1]:
            history = serve.http.get(f"/api/v1/incidents/{incident['id']}").json()["history"]
            kinds = [event["kind"] for event in history]
            assert kinds[:3] == ["opened", "joined", "source_seen"]


def test_it_follows_its_build(tmp_path: Path, build: Path) -> None:
    """When the charter is built anew, owners move, and cite the new configuration; a broken
    build changes nothing and is said."""
    with Serve(build, tmp_path / "ledger.db") as serve:
        serve.http.post(FEED, json=[alert(alertname="Mine")])

        def owner() -> tuple[str, str]:
            (incident,) = serve.http.get("/api/v1/incidents").json()["incidents"]
            return incident["team"], incident["authority"]["config_digest"]

        before = owner()
        (build / "accountability.json").write_text("{")
        await_until(
            lambda: (
                "build" in serve.http.get("/api/v1/health").json()["problems"]
                or "configuration" in serve.http.get("/api/v1/health").json()["problems"]
            ),
            SECONDS,
            "the broken build to be noticed",
        )
        assert owner() == before
        write_build(build, routes=ROUTES.replace('team="infra_sre"', 'team="nobody"'))
        await_until(lambda: owner()[0] == "default_ops", SECONDS, "the owner to move")
        assert owner()[1] != before[1]
        assert serve.http.get("/api/v1/health").json()["problems"] == {}


Refuse = Callable[..., str]


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Refuse:
    """What ``buckstop serve`` says when it cannot run."""

    def refuse(*arguments: str | Path) -> str:
        with pytest.raises(SystemExit) as ended:
            main(["serve", *map(str, arguments)])
        assert ended.value.code == 2
        return capsys.readouterr().err

    return refuse


def test_beyond_loopback_it_refuses_to_start_without_tokens(
    tmp_path: Path, build: Path, refused: Refuse
) -> None:
    """It says which file is needed, and how to make it."""
    stem = ("--build", build, "--store", tmp_path / "ledger.db")
    for address in ("0.0.0.0:0", ":0", "[::]:0"):
        said = refused(*stem, "--listen", address)
        assert "--tokens" in said
        assert "buckstop token jo@acme.example read act" in said
    assert "--tokens" in refused(*stem, "--host", "ledger.example")


@pytest.mark.parametrize(
    ("manifest", "routes", "said"),
    [
        ("{", ROUTES, "not JSON"),
        ('{"version": 9}', ROUTES, "build again"),
        (None, "route: {}\n", "alertmanager.yml"),
        (None, "", "alertmanager.yml"),
        (None, "\x00", "alertmanager.yml"),
    ],
)
def test_a_build_that_cannot_be_used_is_named(
    tmp_path: Path, refused: Refuse, manifest: str | None, routes: str, said: str
) -> None:
    """A ledger never starts on half a configuration."""
    build = write_build(tmp_path / "build", routes=routes)
    if manifest is not None:
        (build / "accountability.json").write_text(manifest)
    assert said in refused("--build", build, "--store", tmp_path / "ledger.db")


def test_what_it_cannot_use_is_named_with_the_mend(
    tmp_path: Path, build: Path, refused: Refuse
) -> None:
    """A wrong folder, a taken port or store, a missing file: exit 2 and one clear line."""
    store = tmp_path / "ledger.db"
    stem = ("--build", build, "--store", store)
    assert "buckstop build" in refused("--build", tmp_path / "none", "--store", store)
    (tmp_path / "file").write_text("x")
    inside = tmp_path / "file" / "ledger.db"
    assert "--store" in refused("--build", build, "--store", inside)
    for address in ("nonsense", "127.0.0.1:99999", "::1:9890"):
        assert "address" in refused(*stem, "--listen", address)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        assert "--listen" in refused(*stem, "--listen", address)
    assert "tokens" in refused(*stem, "--tokens", tmp_path / "tokens")
    assert "--alertmanager" in refused(*stem, "--alertmanager", "am.example:9093")
    (tmp_path / "piped").mkdir()
    os.mkfifo(tmp_path / "piped" / "accountability.json")
    assert "not a file" in refused("--build", tmp_path / "piped", "--store", store)
    other = SqliteStore(store)
    assert "another ledger has" in refused(*stem, "--listen", "127.0.0.1:0")
    other.close()


def test_answers_do_not_wait_for_the_senders_acknowledgement() -> None:
    """The socket is known as TCP, so that Nagle's algorithm is off; else each answer takes 40 ms
    longer, which is nearly all that the ledger promises."""
    sockets, _ = listen(read_address("127.0.0.1:0"))
    assert sockets.proto == socket.IPPROTO_TCP
    sockets.close()


def test_a_port_of_five_thousand_digits_is_refused_as_any_other() -> None:
    """Whatever is given as an address, the answer is one line and no traceback."""
    with pytest.raises(AddressError, match="is no address"):
        read_address(":" + "1" * 5_000)
