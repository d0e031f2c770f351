"""HTTP itself: names, addresses, smuggled requests, files that are not ours to show."""

from __future__ import annotations

import pytest
from tests.web.attacks.attacked import Attacked, token_of

AS_RON = f"Authorization: Bearer {token_of('ron')}\r\n".encode()
SMUGGLED = (
    b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + AS_RON + b"\r\n"
)


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 0\r\nContent-Length: 200\r\n",
        b"Content-Length: 5, 6\r\n",
        b"Content-Length: +5\r\n",
        b"Content-Length: -5\r\n",
        b"Content-Length: 0x10\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
        b"Transfer-Encoding : chunked\r\n",
        b"Transfer-Encoding:\x0bchunked\r\n",
        b"X: a\rTransfer-Encoding: chunked\r\n",
        b"X: a\x00b\r\n",
        b"Host: other.example\r\n",
        b"Bad Name: x\r\n",
    ],
)
def test_a_request_that_two_servers_would_read_differently_is_refused(
    ledger: Attacked, head: bytes
) -> None:
    """One answer, no second request hidden in the first one's body."""
    request = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\n" + head + b"\r\n" + SMUGGLED
    answer = ledger.raw(request)
    assert answer.count(b"HTTP/1.1 ") == 1
    assert answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 501 "))


@pytest.mark.parametrize(
    "body", [b"x\r\n", b"-1\r\n", b"1\r\nab\r\n", b"fffffffffffffffffffff\r\n", b"1;\n\na\r\n"]
)
def test_chunks_that_are_none_end_the_connection(ledger: Attacked, body: bytes) -> None:
    """Nothing behind them is taken for a request."""
    request = (
        b"POST /feed/p/api/v2/alerts HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
        + token_of("prom").encode()
        + b"\r\nTransfer-Encoding: chunked\r\n\r\n"
        + body
        + SMUGGLED
    )
    answer = ledger.raw(request)
    assert answer.count(b"HTTP/1.1 ") <= 1
    assert b'"version"' not in answer


def test_where_length_and_chunks_are_both_given_the_connection_ends(ledger: Attacked) -> None:
    """The classic: the front believes the length, the back the chunks."""
    request = (
        b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED
    )
    answer = ledger.raw(request)
    assert b'"version"' not in answer or answer.count(b"HTTP/1.1 ") == 2
    with ledger.client("ron") as client:
        assert client.get("/api/v1/health").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/static/../tokens.py",
        "/static/..%2ftokens.py",
        "/static/%2e%2e/tokens.py",
        "/static/..\\tokens.py",
        "/static/%2e%2e%5ctokens.py",
        "/static//etc/passwd",
        "/static/%00mark.svg",
        "/static/mark.svg/../../app.py",
        "/static/" + "a" * 5_000,
        "/static/",
        "/static",
        "//etc/passwd",
        "/..;/api/v1/health",
    ],
)
def test_only_our_own_files_are_shown(ledger: Attacked, path: str) -> None:
    """However the way up is written."""
    answer = ledger.raw(
        f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
    )
    status = answer[9:12]
    assert status in {b"404", b"303", b"401", b"400", b"405"}
    assert b"import " not in answer
    assert b"root:" not in answer


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "localhost@evil.example", "evil\\localhost"]
)
def test_a_name_that_is_not_ours_is_turned_away(ledger: Attacked, host: str) -> None:
    """DNS rebinding: a page under another name reads nothing, token or not."""
    request = f"GET /api/v1/incidents HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n"
    answer = ledger.raw(request.encode() + AS_RON + b"\r\n")
    assert answer[9:12] in {b"421", b"400"}


@pytest.mark.parametrize(
    "path", ["//evil.example/", "//evil.example/%2f..", "/\\evil.example", "/api/v1/incidents/"]
)
def test_no_answer_leads_to_another_name(ledger: Attacked, path: str) -> None:
    """Neither by a slash too many, nor by the name in the request."""
    for host in ("localhost", "127.0.0.1:80"):
        request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        head = ledger.raw(request.encode()).partition(b"\r\n\r\n")[0].lower()
        for line in head.split(b"\r\n"):
            if line.startswith(b"location:"):
                assert line.removeprefix(b"location: ").startswith(b"/sign-in?next=")


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "OPTIONS", "PROPFIND", "get"])
def test_other_methods_do_nothing(ledger: Attacked, method: str) -> None:
    """Nothing is echoed, tunnelled or changed."""
    request = f"{method} / HTTP/1.1\r\nHost: localhost\r\nX-Echo: mirror\r\nConnection: close\r\n"
    answer = ledger.raw(request.encode() + AS_RON + b"\r\n")
    assert answer[9:12] in {b"400", b"403", b"405"}
    assert b"mirror" not in answer


def test_an_upgrade_is_not_taken_up(ledger: Attacked) -> None:
    """No web socket, no other protocol behind the same door."""
    request = (
        b"GET /events HTTP/1.1\r\nHost: localhost\r\n"
        b"Connection: upgrade, close\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    assert ledger.raw(request)[9:12] == b"401"
