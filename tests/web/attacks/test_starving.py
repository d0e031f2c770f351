"""Readers that ask without end: alerts are taken in as if they were not there."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator

import httpx
import pytest
from tests.web.attacks.attacked import (
    BODY_SECONDS,
    IMPATIENT,
    TIGHT,
    Attacked,
    attacked,
    token_of,
)

READERS = ("ron", "maria", "li")
GIVE_UP_SECONDS = 60.0


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    """A running ledger with budgets that are soon spent."""
    with attacked(tmp_path_factory.mktemp("tight"), prelude=IMPATIENT + TIGHT) as running:
        yield running


def test_readers_without_end_do_not_delay_alerts(ledger: Attacked) -> None:
    """Each reader pays for the processor time that they cause, and is told to slow down."""
    with ledger.client("prom") as client:
        for first in range(0, 600, 50):
            alerts = [
                {"labels": {"alertname": "Many", "model": f"many{first + n}"}} for n in range(50)
            ]
            while client.post("/feed/p/api/v2/alerts", json=alerts).status_code == 503:
                pass
    statuses: Counter[int] = Counter()
    give_up = time.monotonic() + GIVE_UP_SECONDS

    def read(person: str) -> None:
        with ledger.client(person) as client:
            while statuses[429] < len(READERS) * 4 and time.monotonic() < give_up:
                for path in ("/api/v1/incidents?state=all", "/", "/refusals"):
                    try:
                        statuses[client.get(path).status_code] += 1
                    except httpx.HTTPError:
                        statuses[0] += 1

    readers = [threading.Thread(target=read, args=(who,)) for who in READERS * 4]
    with ledger.honest_senders() as posted, ledger.memory_grows_by_at_most(150):
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
    assert set(statuses) == {200, 429}
    assert posted
    # What one reader wasted is not taken from another.
    with ledger.client("prom") as client:
        assert client.get("/metrics").status_code == 200


def test_acting_without_end_is_slowed_down_for_that_person_alone(ledger: Attacked) -> None:
    """Each act waits for the disk; a script gone wild does not keep others from acting."""
    path = "/api/v1/incidents/1/note"
    with ledger.client("maria") as client:
        found = [client.post(path, json={"text": "x"}).status_code for _ in range(40)]
        assert 429 in found
        wait = client.post(path, json={"text": "x"})
        assert int(wait.headers["retry-after"]) >= 1
    with ledger.client("li") as client:
        assert client.post(path, json={"text": "x"}).status_code != 429


def test_guessing_tokens_is_slowed_down_and_locks_nobody_out(ledger: Attacked) -> None:
    """From the same address, who has a token goes on reading and posting."""
    with ledger.client(None) as stranger, ledger.honest_senders():
        found = Counter(
            stranger.get(
                "/api/v1/incidents", headers={"authorization": f"Bearer {guess:064x}"}
            ).status_code
            for guess in range(150)
        )
        assert set(found) == {401, 429}
        assert stranger.post("/sign-in", data={"token": "guess"}).status_code == 429
        with ledger.client("other") as holder:
            assert holder.post("/feed/p/api/v2/alerts", json=[]).status_code == 200


def test_slow_acts_keep_nobody_from_acting(ledger: Attacked) -> None:
    """Bodies that never come hold no place that another person's act would need."""
    head = (
        "POST /api/v1/incidents/1/note HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: Bearer {token_of('eve')}\r\nContent-Type: application/json\r\n"
        "Content-Length: 1000\r\n\r\n{"
    )
    held = [ledger.connect() for _ in range(20)]
    for connection in held:
        connection.sendall(head.encode())
    with ledger.client("li") as client:
        began = time.monotonic()
        assert client.post("/api/v1/incidents/1/note", json={"text": "x"}).status_code == 403
        assert time.monotonic() - began < BODY_SECONDS
    for connection in held:
        connection.close()
