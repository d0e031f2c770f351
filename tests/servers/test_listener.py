"""A server is ready when its constructor says so, on a port of its own."""

from __future__ import annotations

import socket
import sys
import time
from pathlib import Path

import pytest

from buckstop.servers import Listener, NotInTime, ServerFailed, await_until, free_port


def web(port: int) -> list[str]:
    """A web server that answers on every path with a listing."""
    return [sys.executable, "-I", "-m", "http.server", "--bind", "127.0.0.1", str(port)]


def test_a_port_that_is_taken_is_left_to_its_owner(tmp_path: Path) -> None:
    """Where somebody takes the chosen port first, another one is chosen."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        ports = iter([taken, free_port()])
        listener = Listener(
            "Web", web, ready_path="/", folder=tmp_path, choose_port=lambda: next(ports)
        )
        with listener:
            assert listener.port != taken
            assert listener.http.get(listener.url).status_code == 200


def test_another_s_server_on_the_port_is_not_taken_for_ours(tmp_path: Path) -> None:
    """A fixed port that another server answers on is an error that says so."""
    with Listener("First", web, ready_path="/", folder=tmp_path) as first:
        second = Listener("Second", web, ready_path="/", folder=tmp_path, port=first.port)
        with pytest.raises(ServerFailed, match=r"Second could not.*\d is in use"), second:
            pass
        assert first.running


def test_it_starts_again_on_the_same_port(tmp_path: Path) -> None:
    """A restart keeps the address that others have been given."""
    with Listener("Web", web, ready_path="/", folder=tmp_path) as listener:
        first = listener.url, listener.pid
        listener.kill()
        assert not listener.running
        listener.start()
        assert listener.url == first[0]
        assert listener.pid != first[1]


def test_a_server_that_ends_shows_its_last_words(tmp_path: Path) -> None:
    """The reason in the log reaches the user."""
    listener = Listener(
        "Mute",
        lambda _: [sys.executable, "-c", "raise SystemExit('no config')"],
        ready_path="/",
        folder=tmp_path,
    )
    with pytest.raises(ServerFailed, match=r"(?s)Mute could not be started.*no config"), listener:
        pass


def test_waiting_says_what_was_seen_last() -> None:
    """A condition that never holds is reported with its last value."""
    begun = time.monotonic()
    with pytest.raises(NotInTime, match=r"an owner: not within 0\.05 s; last seen: \[\]"):
        await_until(list, 0.05, "an owner")
    assert time.monotonic() - begun < 5
