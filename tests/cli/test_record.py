"""``buckstop record``: key, checkpoint, verify, erase, as an operator and an auditor type them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.ledger.record.recorded import (
    EVENTS,
    JO,
    Attacker,
    appended,
    edit_and_chain_anew,
    machine,
    recorded,
)

from buckstop.cli.main import root
from buckstop.ledger.store import SqliteStore


@pytest.fixture(autouse=True)
def _record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A record, a key and an empty folder in the current folder."""
    monkeypatch.chdir(tmp_path)
    recorded(Path("ledger.db"))
    Path("checkpoints").mkdir()
    assert run("key", "ledger.key", "--name", "acme.example/ledger").exit_code == 0


EXPORT = (
    *("export", "--checkpoints", "checkpoints", "--key", "ledger.key.pub"),
    *("--store", "ledger.db"),
)


def run(*arguments: str, stdin: str = "") -> Result:
    """`buckstop record` with these arguments."""
    return CliRunner().invoke(root, ["record", *arguments], input=stdin)


def sign() -> Result:
    """Sign what is there."""
    return run("checkpoint", "--to", "checkpoints", "--key", "ledger.key", "--store", "ledger.db")


def verify(*options: str) -> Result:
    """Verify against the checkpoints."""
    stem = ("verify", "--store", "ledger.db", "--checkpoints", "checkpoints")
    return run(*stem, "--key", "ledger.key.pub", *options)


def test_a_record_is_signed_and_verified() -> None:
    """From a key to a verified record in three commands, and nothing shows the key."""
    signed = sign()
    assert (signed.exit_code, signed.output) == (0, f"checkpoints/{EVENTS:012}.checkpoint\n")
    assert sign().output == "nothing was recorded since the latest checkpoint\n"
    verified = verify()
    assert verified.exit_code == 0
    assert f"ledger.db: the record holds; {EVENTS} events\n" in verified.output
    assert f"as signed  up to event {EVENTS}\n" in verified.output
    secret = Path("ledger.key").read_text().strip().rpartition("+")[2]
    assert secret not in verified.output + signed.output


def test_without_checkpoints_it_says_what_it_cannot_tell() -> None:
    """A record that holds by itself may still have been rewritten as a whole."""
    verified = run("verify", "--store", "ledger.db")
    assert verified.exit_code == 0
    assert "rewritten as a whole" in verified.output


def test_an_altered_event_is_named_with_what_it_means() -> None:
    """Which event, what is wrong, and what that means for the evidence."""
    sign()
    attacker = Attacker(Path("ledger.db"))
    attacker.run("UPDATE events SET body = replace(body, 'infra_sre', 'x') WHERE position = 5")
    attacker.leave()
    verified = verify()
    assert verified.exit_code == 1
    assert "edited: event 5 was altered: its content does not give its hash\n" in verified.output
    assert "  What it says now is not what was recorded" in verified.output
    assert "the record does not hold (1 discrepancy)" in verified.output


def test_a_rewritten_record_is_neither_verified_nor_signed() -> None:
    """The checkpoint shows it to the auditor, and the ledger does not sign it."""
    sign()
    attacker = Attacker(Path("ledger.db"))
    edit_and_chain_anew(attacker)
    attacker.leave()
    verified = verify("--format", "json")
    assert verified.exit_code == 1
    value = json.loads(verified.output)
    assert (value["version"], value["events"], value["signed_to"]) == (1, EVENTS, 0)
    (one,) = value["discrepancies"]
    assert (one["kind"], one["event"]) == ("rewritten", 1)
    assert "made a record of their own" in one["means"]
    refused = sign()
    assert refused.exit_code == 1
    assert "ledger.db is not signed" in refused.output


def test_an_altered_checkpoint_is_named() -> None:
    """A checkpoint that somebody touched shows nothing, and is not passed over."""
    sign()
    file = Path("checkpoints") / f"{EVENTS:012}.checkpoint"
    file.write_text(file.read_text().replace("\n19\n", "\n18\n"))
    verified = verify()
    assert verified.exit_code == 1
    assert f"checkpoint-invalid: {file}: the signature of acme" in verified.output


def test_very_many_discrepancies_are_counted() -> None:
    """The terminal is not flooded; --all shows every one."""
    store = SqliteStore(Path("ledger.db"))
    appended(store, [machine().events[12]] * 100)
    store.close()
    attacker = Attacker(Path("ledger.db"))
    attacker.run("UPDATE events SET body = replace(body, 'main', 'else')")
    attacker.leave()
    few, every = (
        run("verify", "--store", "ledger.db"),
        run("verify", "--store", "ledger.db", "--all"),
    )
    assert few.output.count("edited: ") == 50
    assert "more (--all)" in few.output
    assert every.output.count("edited: ") > 100


def test_a_person_is_erased_and_the_record_holds() -> None:
    """What was signed before is still what is there."""
    sign()
    erased = run(
        *("erase", JO, "--reason", "request 17", "--by", "dpo", "--store", "ledger.db"), stdin="y\n"
    )
    assert erased.exit_code == 0, erased.output
    assert "4 texts of 2 events erased\n" in erased.output
    assert verify().exit_code == 0
    assert JO.encode() not in Path("ledger.db").read_bytes()
    again = run("erase", JO, "--reason", "request 17", "--yes", "--store", "ledger.db")
    assert "nothing on record concerns a person of exactly this name" in again.output


def test_nothing_is_erased_unless_one_says_so() -> None:
    """It cannot be undone, so it is asked first."""
    left = run("erase", JO, "--reason", "request 17", "--store", "ledger.db", stdin="n\n")
    assert left.exit_code == 1
    assert JO.encode() in Path("ledger.db").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (
            ["erase", JO, "--reason", " ", "--yes", "--store", "ledger.db"],
            "needs a person, a reason",
        ),
        (["erase", JO, "--reason", f"{JO} left", "--yes", "--store", "ledger.db"], "leave it out"),
        (
            ["erase", JO, "--reason", "x" * 3000, "--yes", "--store", "ledger.db"],
            "2000 are the most",
        ),
        (["erase", JO, "--reason", "x", "--yes", "--store", "none.db"], "no store at none.db"),
        (["verify", "--store", "none.db"], "no store at none.db"),
        (["verify", "--store", "ledger.db", "--key", "x"], "go together"),
        (
            ["verify", "--store", "ledger.db", "--checkpoints", "none", "--key", "ledger.key.pub"],
            "there is no folder none",
        ),
        (
            ["verify", "--store", "ledger.db", "--checkpoints", "checkpoints", "--key", "a+b"],
            "no public key",
        ),
        (
            ["verify", "--store", "ledger.db", "--checkpoints", ".", "--key", "ledger.key.pub"],
            "no checkpoint in",
        ),
        (
            [
                "checkpoint",
                "--to",
                "checkpoints",
                "--key",
                "ledger.key.pub",
                "--store",
                "ledger.db",
            ],
            "others",
        ),
        (
            ["checkpoint", "--to", "none", "--key", "ledger.key", "--store", "ledger.db"],
            "there is no folder none",
        ),
        (
            ["checkpoint", "--to", "checkpoints", "--key", "ledger.key", "--store", "none.db"],
            "the store failed",
        ),
        (["key", "ledger.key"], "exists"),
        (["key", "b", "--last", "3"], "need --after"),
        (["key", "b", "--after", "ledger.key.pub"], "needs one of"),
        (
            ["key", "b", "--after", "ledger.key.pub", "--last", "3", "--name", "x"],
            "keeps its name",
        ),
        (["verify", "none.evidence"], "No such file"),
        (["verify", "x", "--store", "ledger.db"], "needs neither"),
        ([*EXPORT, "--into", "x"], "give an incident"),
        ([*EXPORT, "1", "--since", "2030-01-31", "--into", "x"], "give an incident"),
        ([*EXPORT, "x", "--into", "x"], "is no incident"),
        ([*EXPORT, "1", "--into", "x"], "covers event"),
        ([*EXPORT, "9", "--into", "x"], "no incident 9"),
        ([*EXPORT, "--since", "noon", "--until", "2030-01-31", "--into", "x"], "give a day"),
        (
            [*EXPORT, "--since", "2030-02-01", "--until", "2030-01-31", "--into", "x"],
            "must be before",
        ),
        (["key", "other.key", "--name", "a b"], "no spaces"),
    ],
)
def test_what_cannot_be_done_is_said(arguments: list[str], why: str) -> None:
    """Exit code 2 and the reason; never a traceback."""
    refused = run(*arguments)
    assert refused.exit_code == 2, refused.output
    assert why in refused.output


def test_nothing_is_erased_beside_a_running_ledger() -> None:
    """Its memory would still have the name."""
    store = SqliteStore(Path("ledger.db"))
    refused = run("erase", JO, "--reason", "x", "--yes", "--store", "ledger.db")
    assert refused.exit_code == 2
    assert "another ledger has ledger.db open" in refused.output
    store.close()


def export(*options: str) -> Result:
    """Evidence, as an operator takes it."""
    where = ("--checkpoints", "checkpoints", "--store", "ledger.db")
    return run("export", *where, "--key", "ledger.key.pub", *options)


def test_evidence_is_written_and_verified_without_the_record() -> None:
    """From the record to a file that an auditor reads with the public key alone."""
    sign()
    written = export("1", "--into", "1.evidence")
    assert written.exit_code == 0, written.output
    assert Path("1.evidence").stat().st_mode & 0o077 == 0
    Path("ledger.db").unlink()
    shown = run("verify", "1.evidence", "--key", "ledger.key.pub")
    assert shown.exit_code == 0
    assert "1.evidence: it holds; 6 events of incident 1\n" in shown.output
    assert f"over {EVENTS} events" in shown.output
    assert f"{JO} for infra_sre" in shown.output
    assert "unsure" not in shown.output
    own = run("verify", "1.evidence")
    assert own.exit_code == 0
    assert "no key was given" in own.output
    value = json.loads(
        run("verify", "1.evidence", "--key", "ledger.key.pub", "--format", "json").output
    )
    assert (value["holds"], value["key_is_given"], len(value["events"])) == (True, True, 6)
    assert run("key", "other.key", "--name", "acme.example/ledger").exit_code == 0
    stranger = run("verify", "1.evidence", "--key", "other.key.pub")
    assert stranger.exit_code == 1
    assert "no signature in it is that of the key" in stranger.output


def test_an_altered_evidence_is_named() -> None:
    """Exit code 1 and where, for people and programs."""
    sign()
    export("--since", "2030-01-31", "--until", "2030-01-31", "--into", "day.evidence")
    file = Path("day.evidence")
    file.write_bytes(file.read_bytes().replace(b"infra_sre", b"infra_srf", 1))
    shown = run("verify", "day.evidence")
    assert shown.exit_code == 1
    assert "it does not hold: its last line is not the SHA-256" in shown.output
    value = json.loads(run("verify", "day.evidence", "--format", "json").output)
    assert value["holds"] is False


def test_of_a_day_all_is_exported() -> None:
    """A day given as both bounds is that whole day."""
    sign()
    assert export("--since", "2030-01-31", "--until", "2030-01-31", "--into", "day").exit_code == 0
    shown = run("verify", "day", "--key", "ledger.key.pub")
    assert f"{EVENTS} events with all from 2030-01-31 00:00:00 to 2030-02-01" in shown.output


def test_a_key_is_replaced_and_what_the_former_signs_later_is_refused() -> None:
    """Old checkpoints stay valid, the new key goes on, the former one is worth nothing more."""
    sign()
    made = run("key", "new.key", "--after", "ledger.key.pub", "--checkpoints", "checkpoints")
    assert made.exit_code == 0, made.output
    assert f"ledger.key.pub  is believed up to event {EVENTS}, and no further" in made.output
    former, present = Path("new.key.pub").read_text().splitlines()
    assert former == f"{Path('ledger.key.pub').read_text().strip()} until={EVENTS}"
    store = SqliteStore(Path("ledger.db"))
    appended(store, machine().events[12:13])
    store.close()
    new = ("--to", "checkpoints", "--key", "new.key", "--store", "ledger.db")
    signed = run("checkpoint", *new)
    assert signed.output == f"checkpoints/{EVENTS + 1:012}.checkpoint\n"
    verified = verify("--key", "new.key.pub")
    assert verified.exit_code == 0
    assert f"as signed  up to event {EVENTS + 1}" in verified.output
    # What only the former key has signed is shown with it, and what it may no longer sign is not.
    assert export("4", "--key", "new.key.pub", "--into", "4.evidence").exit_code == 0
    shown = run("verify", "4.evidence", "--key", "new.key.pub")
    assert present in shown.output
    assert sign().exit_code == 2
    Path("checkpoints", f"{EVENTS + 1:012}.checkpoint").unlink()
    assert sign().exit_code == 0
    refused = verify("--key", "new.key.pub")
    assert refused.exit_code == 1
    assert (
        f"checkpoint-revoked: checkpoints/{EVENTS + 1:012}.checkpoint: it is of" in refused.output
    )
    export("4", "--into", "former.evidence")
    shown = run("verify", "former.evidence", "--key", "new.key.pub")
    assert "which was replaced or revoked later" in shown.output
    assert run("checkpoint", *new).exit_code == 2


def test_a_key_that_leaked_is_believed_no_further_than_one_says() -> None:
    """What it may have signed after the leak shows nothing."""
    sign()
    made = run("key", "new.key", "--after", "ledger.key.pub", "--last", "7")
    assert made.exit_code == 0
    assert "until=7" in Path("new.key.pub").read_text()
    refused = verify("--key", "new.key.pub")
    assert refused.exit_code == 1
    assert "checkpoint-revoked" in refused.output
    Path("checkpoints", f"{EVENTS:012}.checkpoint").rename("apart")
    new = ("--to", "checkpoints", "--key", "new.key", "--store", "ledger.db")
    assert run("checkpoint", *new).exit_code == 0
    assert verify("--key", "new.key.pub").exit_code == 0
    # A key that the file beside it does not have as the present one signs nothing.
    Path("ledger.key.pub").write_text(f"{Path('ledger.key.pub').read_text().strip()} until=7\n")
    old = run("checkpoint", "--to", "checkpoints", "--key", "ledger.key", "--store", "ledger.db")
    assert old.exit_code == 2
    assert "may not sign" in old.output
