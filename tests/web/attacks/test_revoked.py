"""A running ledger: tokens that are taken away, acts from a terminal, pages that listen."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.ledger.ledger_world import feed_alert, labels
from tests.web.attacks.attacked import HOLDERS, Attacked, attacked, token_of

from buckstop.cli.handover import command as handover_command
from buckstop.cli.incidents import command as incidents_command
from buckstop.cli.resolve import command as resolve_command
from buckstop.servers import await_until
from buckstop.web.live import STREAMS_OF_PERSON
from buckstop.web.tokens import digest

SECONDS = 30


def test_a_token_that_is_taken_out_of_the_file_is_worth_nothing(tmp_path: Path) -> None:
    """Without a restart, within seconds: for requests, sessions and pages that listen."""
    with attacked(tmp_path) as ledger, ledger.client(None) as browser, ledger.client("li") as li:
        assert browser.post("/sign-in", data={"token": token_of("li")}).status_code == 303
        assert browser.get("/").status_code == 200
        with browser.stream("GET", "/events") as listening:
            lines = listening.iter_lines()
            assert next(lines) == "retry: 2000"
            ends = datetime.now(UTC) + timedelta(days=1)
            write_tokens(tmp_path / "tokens", without="li", until=f"until={ends:%Y-%m-%d}")
            await_until(
                lambda: li.get("/api/v1/health").status_code == 401, SECONDS, "the revocation"
            )
            assert browser.get("/").status_code == 303
            with ledger.client("prom") as client:
                alert = feed_alert(labels(), datetime.now(UTC))
                assert client.post("/feed/p/api/v2/alerts", json=[alert]).status_code == 200
            # The stream ends at the next change or heartbeat, and tells of nothing any more.
            assert sum(line == "event: changed" for line in lines) <= 2
        with ledger.client("ron") as client:
            problems = client.get("/api/v1/health").json()["problems"]
            assert "maria" in problems["tokens that end"]


def write_tokens(path: Path, *, without: str, until: str) -> None:
    """Replace the file as an editor does."""
    draft = path.with_name("draft")
    draft.write_text(
        "".join(
            f"{who} {may} {until} {digest(token_of(who))}\n"
            for who, may in HOLDERS.items()
            if who != without
        )
    )
    draft.replace(path)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (resolve_command, ["1", "--reason", "x"]),
        (handover_command, ["propose", "1", "data_mlops", "--reason", "x"]),
        (handover_command, ["assign", "1", "data_mlops", "--reason", "x"]),
        (incidents_command, ["note", "1", "x"]),
        (incidents_command, ["correct", "1", "1", "x"]),
    ],
)
def test_a_terminal_is_held_to_the_same_rules(
    ledger: Attacked, command: object, words: list[str]
) -> None:
    """Who may not by API may not by command, and that is on record too."""
    with ledger.client("prom") as client:
        alert = feed_alert(labels(), datetime.now(UTC))
        assert client.post("/feed/p/api/v2/alerts", json=[alert]).status_code == 200
    environment = {"BUCKSTOP_SERVER": ledger.serve.url, "BUCKSTOP_TOKEN": token_of("li")}
    refused = CliRunner(env=environment).invoke(command, words)  # type: ignore[arg-type]
    assert refused.exit_code != 0
    assert "only" in refused.output
    listed = CliRunner(env=environment).invoke(incidents_command, ["refused"])
    assert "li" in listed.output
    assert "TRIED" in listed.output


def test_one_persons_pages_keep_no_other_from_listening(ledger: Attacked) -> None:
    """Fifty of one are enough; the fifty-first looks again every half minute instead."""
    with contextlib.ExitStack() as held:
        ron = held.enter_context(ledger.client("ron"))
        statuses, lines = [], []
        for _ in range(STREAMS_OF_PERSON + 2):
            answer = held.enter_context(ron.stream("GET", "/events"))
            if answer.status_code == 200:
                lines.append(answer.iter_lines())
                assert next(lines[-1]) == "retry: 2000"
            statuses.append(answer.status_code)
        assert statuses == [200] * STREAMS_OF_PERSON + [503] * 2
        maria = held.enter_context(ledger.client("maria"))
        assert held.enter_context(maria.stream("GET", "/events")).status_code == 200
