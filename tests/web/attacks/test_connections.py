"""Slow and many connections: whoever says nothing on them keeps nobody out."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable

from tests.web.attacks.attacked import (
    BODY_SECONDS,
    HEAD_SECONDS,
    STALL_SECONDS,
    Attacked,
    read_all,
    token_of,
)

CONNECTIONS = 200
"""As many as the attacked ledger holds."""
SLACK_SECONDS = 8.0
AS_PROM = f"Authorization: Bearer {token_of('prom')}\r\n"
AS_RON = f"Authorization: Bearer {token_of('ron')}\r\n"


def test_more_connections_than_there_may_be_keep_nobody_out(ledger: Attacked) -> None:
    """The one that has waited longest goes, never the newest: honest senders get in."""
    held: list[socket.socket] = []
    with ledger.honest_senders() as posted, ledger.memory_grows_by_at_most(40):
        held += [ledger.connect() for _ in range(3 * CONNECTIONS)]
        before = len(posted)
        held += [ledger.connect() for _ in range(CONNECTIONS)]
        while len(posted) < before + 5:
            time.sleep(0.02)
    for one in held:
        one.close()


def slow_head(connection: socket.socket) -> None:
    """One byte of a request's head at a time."""
    connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ")
    _trickle(connection, b"a")


def slow_second_head(connection: socket.socket) -> None:
    """An honest request first, then one byte at a time."""
    connection.sendall(b"GET /static/mark.svg HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert connection.recv(100).startswith(b"HTTP/1.1 200")
    slow_head(connection)


def slow_body(connection: socket.socket) -> None:
    """A body that was announced, one byte at a time, by somebody who may post."""
    head = f"POST /feed/p/api/v2/alerts HTTP/1.1\r\nHost: localhost\r\n{AS_PROM}"
    connection.sendall(f"{head}Content-Length: 100000\r\n\r\n".encode())
    _trickle(connection, b" ")


def slow_chunks(connection: socket.socket) -> None:
    """A body of chunks without end, by somebody who may post nothing."""
    head = "POST /feed/p/api/v2/alerts HTTP/1.1\r\nHost: localhost\r\n"
    connection.sendall(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode())
    _trickle(connection, b"1\r\n \r\n")


def slow_form(connection: socket.socket) -> None:
    """A form of the sign-in page, one byte at a time."""
    head = "POST /sign-in HTTP/1.1\r\nHost: localhost\r\n"
    kind = "Content-Type: application/x-www-form-urlencoded\r\n"
    connection.sendall(f"{head}{kind}Content-Length: 5000\r\n\r\n".encode())
    _trickle(connection, b"a")


def test_whoever_sends_a_byte_now_and_then_is_cut(ledger: Attacked) -> None:
    """Many at once, each within its deadline; alerts are taken in as if nobody were there."""
    ended: list[float] = []

    def one(attack: Callable[[socket.socket], None]) -> None:
        began = time.monotonic()
        with ledger.connect() as connection:
            attack(connection)
        ended.append(time.monotonic() - began)

    attacks = (slow_head, slow_second_head, slow_body, slow_chunks, slow_form) * 8
    attackers = [threading.Thread(target=one, args=(attack,)) for attack in attacks]
    with ledger.honest_senders(), ledger.memory_grows_by_at_most(40):
        for attacker in attackers:
            attacker.start()
        for attacker in attackers:
            attacker.join()
    assert len(ended) == len(attackers)
    assert max(ended) < HEAD_SECONDS + BODY_SECONDS + SLACK_SECONDS


def test_whoever_never_takes_the_answers_is_cut(ledger: Attacked) -> None:
    """What is answered does not pile up in memory for ever."""
    texts = dict.fromkeys(("a", "b"), "x" * 16000)
    big = [
        {"labels": {"alertname": "Big", "model": f"big{number}"}, "annotations": texts}
        for number in range(100)
    ]
    with ledger.client("prom") as client:
        assert client.post("/feed/p/api/v2/alerts", json=big).status_code == 200
    request = f"GET /api/v1/incidents HTTP/1.1\r\nHost: localhost\r\n{AS_RON}\r\n".encode()
    with (
        ledger.honest_senders(),
        ledger.memory_grows_by_at_most(150),
        socket.socket() as connection,
    ):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
        connection.connect(ledger.address)
        connection.sendall(request * 8)
        time.sleep(STALL_SECONDS + 3.0)
        connection.settimeout(SLACK_SECONDS)
        # Cut in the middle: far from all that was asked for.
        assert len(read_all(connection)) < 3_000_000


def test_a_request_line_without_end_is_refused(ledger: Attacked) -> None:
    """Neither address nor headers may be longer than 64 KiB."""
    with ledger.honest_senders(), ledger.memory_grows_by_at_most(20):
        assert b" 400 " in ledger.raw(b"GET /" + b"a" * 100_000)[:20]
        lines = b"".join(b"x-%d: %s\r\n" % (i, b"a" * 1_000) for i in range(200))
        assert b" 400 " in ledger.raw(b"GET / HTTP/1.1\r\n" + lines)[:20]


def _trickle(connection: socket.socket, piece: bytes) -> None:
    """Send `piece` now and then until the other side hangs up."""
    connection.settimeout(0.1)
    give_up = time.monotonic() + 30
    while time.monotonic() < give_up:
        try:
            connection.sendall(piece)
            if connection.recv(4_096) == b"":
                return
        except TimeoutError:
            continue
        except OSError:
            return
    raise AssertionError("it was not cut")
