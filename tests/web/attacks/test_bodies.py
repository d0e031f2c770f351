"""Bodies that are too large, packed, or made to cost more than they weigh."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterator

import pytest
from tests.web.attacks.attacked import Attacked, read_all, token_of
from tests.web.listing import open_incidents

FEED = "/feed/evil/api/v2/alerts"
WEBHOOK = "/intake/alertmanager/evil"
GIGABYTE = 2**30
AS_PROM = f"Authorization: Bearer {token_of('prom')}\r\n"
HEAD = f"POST {FEED} HTTP/1.1\r\nHost: localhost\r\n{AS_PROM}"


def send_all_that_is_taken(ledger: Attacked, head: str, piece: bytes, pieces: int) -> bytes:
    """Send a body until the ledger hangs up; what it answered."""
    give_up = time.monotonic() + 20
    with ledger.connect() as connection:
        connection.settimeout(2)
        connection.sendall(head.encode())
        try:
            for _ in range(pieces):
                connection.sendall(piece)
                if time.monotonic() > give_up:
                    raise AssertionError("it goes on taking the body")
        except OSError:
            pass
        return read_all(connection)


def test_a_gigabyte_is_refused_whether_it_is_announced_or_not(ledger: Attacked) -> None:
    """Neither fills the memory, nor keeps others waiting."""
    chunk = b"10000\r\n" + b" " * 65_536 + b"\r\n"
    with ledger.honest_senders(), ledger.memory_grows_by_at_most(60):
        head = f"{HEAD}Content-Length: {GIGABYTE}\r\n\r\n"
        answer = send_all_that_is_taken(ledger, head, b" " * 65_536, 64)
        assert answer == b"" or b" 413 " in answer[:20]
        head = f"{HEAD}Transfer-Encoding: chunked\r\n\r\n"
        answer = send_all_that_is_taken(ledger, head, chunk, GIGABYTE // 65_536)
        assert answer == b"" or b" 413 " in answer[:20]


def test_a_gigabyte_from_a_stranger_is_not_even_read(ledger: Attacked) -> None:
    """Without a token the answer is no, before the body."""
    head = f"POST {FEED} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {GIGABYTE}\r\n\r\n"
    with ledger.honest_senders(), ledger.memory_grows_by_at_most(20):
        connection = ledger.connect()
        connection.settimeout(5)
        connection.sendall(head.encode())
        assert b" 401 " in connection.recv(4_096)[:20]
        connection.close()


def test_a_packed_body_is_not_unpacked(ledger: Attacked) -> None:
    """A few kilobytes that would be a gigabyte."""
    bomb = gzip.compress(b" " * (64 * 2**20))
    assert len(bomb) < 100_000
    with ledger.client("prom") as client, ledger.memory_grows_by_at_most(20):
        for encoding in ("gzip", "deflate", "br", "gzip, gzip"):
            answer = client.post(FEED, content=bomb, headers={"content-encoding": encoding})
            assert answer.status_code == 415
        assert client.post(FEED, content=bomb).status_code == 400


COSTLY = {
    "objects": b"[" + b"{}," * 3_000_000 + b"{}]",
    "lists": b"[" + b"[]," * 3_000_000 + b"[]]",
    "deep": b"[" * 5_000_000,
    "deep objects": b'{"a":' * 1_000_000,
    "a million labels": json.dumps(
        [{"labels": {f"l{number}": "x" for number in range(1_000_000)}}]
    )[:15_000_000].encode(),
    "a million labels, closed": json.dumps(
        [{"labels": {f"l{number}": "" for number in range(900_000)}}], separators=(",", ":")
    ).encode(),
    "a million alerts": b"[" + b'{"a":1},' * 1_000_000 + b"{}]",
    "strings": b"[" + b'"ab",' * 3_000_000 + b'"ab"]',
    "a number of a million digits": b"[" + b"9" * 1_000_000 + b"]",
    "a number without end": b"[1e" + b"9" * 1_000 + b"]",
    "one label of ten megabytes": b'[{"labels":{"a":"' + b"x" * 10_000_000 + b'"}}]',
}


def test_what_costs_more_than_it_weighs_is_refused(ledger: Attacked) -> None:
    """Each with a 400 that says why; the memory that it took is bounded, and others are served."""
    with (
        ledger.honest_senders(),
        ledger.memory_grows_by_at_most(400),
        ledger.client("other") as client,
    ):
        for name, body in COSTLY.items():
            for path in (FEED, WEBHOOK):
                answer = client.post(path, content=body)
                assert answer.status_code == 400, name
                assert answer.json()["recorded"] == 0, name
                assert len(answer.content) < 20_000, name


def test_many_large_bodies_at_once_are_bounded(ledger: Attacked) -> None:
    """One sender alone may hold half of the room; beyond that it is told to send again."""

    def body() -> Iterator[bytes]:
        for _ in range(15 * 16):
            yield b" " * 65_536
        yield b"["

    answers = []
    connections = [ledger.connect() for _ in range(12)]
    with ledger.honest_senders(), ledger.memory_grows_by_at_most(160):
        head = f"{HEAD}Content-Length: {15 * 2**20 + 1}\r\n\r\n".encode()
        for connection in connections:
            connection.settimeout(5)
            connection.sendall(head)
        for piece in body():
            for connection in connections:
                try:
                    connection.sendall(piece)
                except OSError:
                    continue
        for connection in connections:
            answers.append(read_all(connection)[9:12])
            connection.close()
    assert set(answers) <= {b"503", b"400", b"408", b""}
    assert b"503" in answers


LABELS = {
    "NUL": {"a": "x\x00y"},
    "escape": {"a": "\x1b[2J\x1b]0;owned\x07"},
    "line feed": {"a": "x\n2030-01-31 CRITICAL forged"},
    "CRLF": {"a": "x\r\nSet-Cookie: a=b"},
    "right to left": {"a": "\u202egnp.exe"},
}


@pytest.mark.parametrize("name", LABELS)
def test_strange_characters_are_recorded_as_they_are(ledger: Attacked, name: str) -> None:
    """Identity rests on labels: none is dropped or changed; only what is shown is made harmless."""
    with ledger.client("prom") as client, ledger.client("ron") as reader:
        alert = {"labels": {"alertname": "Strange", "model": f"strange {name}", **LABELS[name]}}
        assert client.post(FEED, json=[alert]).status_code == 200
        found = open_incidents(reader)
        (member,) = [
            member
            for incident in found
            for member in incident["members"]
            if member["labels"].get("model") == f"strange {name}"
        ]
        assert member["labels"]["a"] == LABELS[name]["a"]


@pytest.mark.parametrize(
    "body",
    [
        b'[{"labels":{"a":"\\ud800"}}]',
        b'[{"labels":{"\\udfff":"a"}}]',
        b'[{"labels":{"a\\u0000":"b"}}]',
        b'[{"labels":{"":"b"}}]',
        b'[{"labels":{"a":1}}]',
        b'[{"labels":{"a":null}}]',
        b'[{"labels":NaN}]',
        b'[{"labels":{"a":"b"},"startsAt":"9999-12-31T23:59:59-23:59"}]',
        b'[{"labels":{"a":"b"},"endsAt":9e999}]',
        b'[{"labels":{"a":"b","a":"c"}}]',
        b"\xff\xfe[\x001\x00]\x00",
        b"\xef\xbb\xbf[1]",
        b"null",
    ],
)
def test_what_is_no_alert_is_a_400(ledger: Attacked, body: bytes) -> None:
    """Lone surrogates, wrong types, times beyond all times: with a place and a reason."""
    with ledger.client("prom") as client:
        answer = client.post(FEED, content=body)
        assert answer.status_code == 400
        assert answer.json()["recorded"] == 0
        assert answer.json()["mistakes"][0]["message"]
