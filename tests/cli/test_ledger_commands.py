"""`incidents`, `ack` and `resolve` against a running ledger."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from tests.ledger.ledger_world import feed_alert, labels, write_build
from tests.web.serve_process import Serve
from tests.web.served_ledger import FEED

from buckstop.cli import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """A ledger with two incidents, one of them with a hostile text."""
    folder = tmp_path_factory.mktemp("ledger")
    with Serve(write_build(folder / "build"), folder / "ledger.db") as serve:
        now = datetime.now(UTC)
        serve.http.post(
            FEED,
            json=[
                feed_alert(labels(), now, annotations={"summary": "credit is slow"}),
                feed_alert(
                    labels(model="[red]m[/red]", accountable_team="data_mlops"),
                    now,
                    annotations={"summary": "[bold]x[/bold] \x1b[2Jgone\u202e"},
                ),
            ],
        )
        yield serve


@pytest.fixture
def run(serve: Serve, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command against it: exit code, what it printed, what it complained of."""
    monkeypatch.setenv("BUCKSTOP_SERVER", serve.url)
    monkeypatch.setenv("COLUMNS", "80")

    def command(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return command


def test_a_list_that_goes_on_says_how_to_see_the_rest(run: Run) -> None:
    """What is not shown is said, for people and for programs."""
    _, out, _ = run("incidents", "list", "--limit", "1")
    assert "There are more: --offset 1" in out
    _, out, _ = run("incidents", "list", "--limit", "1", "--offset", "1", "--format", "json")
    page = json.loads(out)
    assert (len(page["incidents"]), page["more"]) == (1, False)
    assert "after the first 9" in run("incidents", "list", "--offset", "9")[1]


def test_the_list_says_who_answers_for_what(run: Run) -> None:
    """One line an incident, the accountable team first; hostile text stays text."""
    code, out, _ = run("incidents", "list")
    assert code == 0
    assert "Infrastructure SRE" in out
    assert "credit is slow" in out
    assert "[red]m[/red]" in out
    assert "[bold]x[/bold]" in out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert len(out.splitlines()) == 3, "in a pipe a row is a line"
    assert not any(line.endswith(" ") for line in out.splitlines())


def test_the_list_is_for_programs_too(run: Run) -> None:
    """`--format json` is what the API gives."""
    code, out, _ = run("incidents", "list", "--format", "json")
    assert code == 0
    assert [incident["team"] for incident in json.loads(out)["incidents"]] == [
        "infra_sre",
        "data_mlops",
    ]


def test_an_incident_is_shown_with_its_authority_and_record(run: Run) -> None:
    """Why a team is accountable can be read from a terminal."""
    code, out, _ = run("incidents", "show", "#1")
    assert code == 0
    digest = re.search(r"^charter +(\S+)$", out, re.MULTILINE)
    assert digest is not None, "the digest can be copied whole, with nothing behind it"
    assert re.fullmatch(r"(sha256:)?[0-9a-f]{64}", digest[1])
    for said in (
        "Infrastructure SRE is accountable",
        "charter.yaml:23",
        "owed",
        "routed",
        "opened",
    ):
        assert said in out


def test_acknowledging_and_resolving_is_recorded(run: Run) -> None:
    """Both say what they did; a second resolution is refused with the reason."""
    code, out, _ = run("ack", "2", "--note", "looking")
    assert (code, "acknowledged by" in out) == (0, True)
    code, out, _ = run("resolve", "2", "--reason", "rolled back")
    assert (code, "still fire" in out) == (0, True)
    code, _, err = run("resolve", "2", "--reason", "again")
    assert (code, "no longer open" in err) == (2, True)
    _, out, _ = run("incidents", "show", "2", "--format", "json")
    assert json.loads(out)["resolution"] == "rolled back"
    _, out, _ = run("incidents", "list", "--state", "resolved")
    assert "resolved, still firing" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ack", "99"), "no such incident"),
        (("ack", "../x"), "no incident"),
        (("resolve", "1"), "--reason"),
        (("resolve", "1", "--reason", " "), "needs a reason"),
        (("incidents", "show", "zz"), "no incident"),
        (("incidents", "list", "--server", "http://127.0.0.1:1"), "no ledger answers"),
        (("incidents", "list", "--server", "nonsense"), "no ledger answers"),
        (("incidents", "list", "--server", "http://["), "no ledger answers"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(
    run: Run, arguments: tuple[str, ...], said: str
) -> None:
    """Exit 2, no traceback, and what to do."""
    code, _, err = run(*arguments)
    assert code == 2
    assert said in err


def test_a_server_that_is_no_ledger_is_said(run: Run) -> None:
    """Another program on that port is not mistaken for a ledger."""
    with ThreadingHTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler) as other:
        Thread(target=other.serve_forever, daemon=True).start()
        code, _, err = run("incidents", "list", "--server", f"http://127.0.0.1:{other.server_port}")
        other.shutdown()
    assert code == 2
    assert "no ledger answers there" in err


def test_an_incident_is_handed_over_from_a_terminal(run: Run, serve: Serve) -> None:
    """Each step says who is accountable after it, and what it does not change."""
    serve.http.post(FEED, json=[feed_alert(labels(model="churn"), datetime.now(UTC))])
    number = serve.http.get("/api/v1/incidents").json()["incidents"][-1]["id"]
    code, out, err = run("handover", "propose", number, "data_mlops", "--reason", "late features")
    assert (code, err) == (0, "")
    assert re.search(
        r"proposed to Data & ML Operations until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC; ", out
    )
    assert "Infrastructure SRE is accountable until it accepts" in out
    _, out, _ = run("incidents", "list")
    assert "proposed to Data & ML Operations" in out
    code, out, _ = run("handover", "decline", number, "--reason", "not ours")
    assert (code, "Infrastructure SRE stays accountable" in out) == (0, True)
    arguments = ("propose", number, "data_mlops", "--reason", "it is", "--within", "10m")
    code, out, _ = run("handover", *arguments, "--format", "json")
    assert json.loads(out)["proposal"]["number"] == 2
    code, out, _ = run("handover", "accept", number, "--proposal", "2")
    assert code == 0
    assert out == (
        f"#{number} Data & ML Operations is accountable "
        "(recorded; Alertmanager still notifies Infrastructure SRE)\n"
    )
    run("handover", "propose", number, "infra_sre", "--reason", "back to you")
    code, out, _ = run("handover", "withdraw", number)
    assert (code, "Data & ML Operations stays accountable" in out) == (0, True)
    _, out, _ = run("incidents", "show", number)
    for said in (
        "accepted",
        "Data & ML Operations is accountable from now on",
        "for data_mlops",
        "Alertmanager still notifies Infrastructure SRE",
    ):
        assert said in out


def test_notes_and_corrections_are_on_record(run: Run) -> None:
    """What was written stays; what is right stands beside it."""
    code, out, _ = run("incidents", "note", "1", "restarted pod a")
    assert (code, out) == (0, "#1 noted for Infrastructure SRE\n")
    _, out, _ = run("incidents", "show", "1", "--format", "json")
    entry = next(e["entry"] for e in json.loads(out)["history"] if e["kind"] == "noted")
    code, out, _ = run("incidents", "correct", "1", str(entry), "it was pod b")
    assert (code, f"entry {entry} corrected" in out) == (0, True)
    _, out, _ = run("incidents", "show", "1")
    assert f"restarted pod a; corrected by entry {entry + 1}" in out
    assert "it was pod b" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("handover", "propose", "1", "data", "--reason", "x"), "the charter has no team 'data'"),
        (("handover", "propose", "1", "data_mlops", "--reason", "x", "--within", "9"), "--within"),
        (("handover", "propose", "1", "data_mlops", "--reason", "x", "--within", "9d"), "the most"),
        (("handover", "accept", "1"), "no proposal waits"),
        (("handover", "assign", "1", "data_mlops", "--reason", "x"), "only what Operations"),
        (("incidents", "correct", "1", "999", "x"), "the record has the entries 1 to"),
        (("incidents", "note", "1", " "), "a note says something"),
    ],
)
def test_a_handover_that_cannot_be_is_one_clear_line(
    run: Run, arguments: tuple[str, ...], said: str
) -> None:
    """Exit 2, no traceback, and what to do."""
    code, _, err = run(*arguments)
    assert code == 2
    assert said in err


def test_a_person_is_erased_by_the_ledger_that_runs(run: Run, serve: Serve) -> None:
    """Over its address, by whoever the token says, without stopping it."""
    stem = ("record", "erase", "ron@acme.example", "--reason", "request 17", "--yes")
    code, out, _ = run(*stem, "--server", serve.url)
    assert (code, out) == (0, "nothing on record concerns a person of exactly this name\n")
    code, _, err = run(*stem, "--server", serve.url, "--by", "me")
    assert code == 2
    assert "the token says who erases" in err
    code, _, err = run("record", "erase", "x", "--reason", "x", "--yes", "--server", serve.url)
    assert code == 2
    assert "the reason names the person" in err
