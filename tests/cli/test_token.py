"""``buckstop token``: its line is taken by `serve`, its secret is for its owner alone."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from buckstop.cli.token import command
from buckstop.web.tokens import read_tokens

NOW = datetime.now(UTC)


def test_the_line_lets_the_owner_of_the_secret_in(tmp_path: Path) -> None:
    """What is printed goes into the file as it is; the secret never stands in it."""
    secret = tmp_path / "jo.token"
    made = CliRunner().invoke(
        command, ["jo@acme.example", "act", "read", "--until", "90d", "--secret", str(secret)]
    )
    assert made.exit_code == 0, made.output
    token = secret.read_text()
    assert len(token) == 64
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert token not in made.output
    path = tmp_path / "tokens"
    path.write_text(made.stdout)
    holder = read_tokens(path).holder(token, NOW + timedelta(days=89))
    assert holder is not None
    assert (holder.person, set(holder.scopes)) == ("jo@acme.example", {"read", "act"})
    assert read_tokens(path).holder(token, NOW + timedelta(days=91)) is None


def test_without_a_file_the_secret_is_shown_apart_from_the_line(tmp_path: Path) -> None:
    """So ``>> tokens`` never writes a secret where many can read it."""
    made = CliRunner().invoke(command, ["prometheus", "intake", "metrics"])
    token = made.stderr.split()[-1]
    assert token not in made.stdout
    path = tmp_path / "tokens"
    path.write_text(made.stdout)
    holder = read_tokens(path).holder(token, NOW)
    assert holder is not None
    assert holder.scopes == {"intake", "metrics"}


def test_a_secret_is_never_written_over(tmp_path: Path) -> None:
    """A file that is there belongs to somebody."""
    secret = tmp_path / "jo.token"
    secret.write_text("older")
    made = CliRunner().invoke(command, ["jo", "read", "--secret", str(secret)])
    assert made.exit_code != 0
    assert made.stdout == ""
    assert secret.read_text() == "older"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["jo", "reed"], "unknown scope 'reed'"),
        (["jo"], "Missing argument"),
        (["jo smith", "read"], "one word is needed"),
        (["#jo", "read"], "one word is needed"),
        (["jo\nmaria", "read"], "one word is needed"),
        (["jo\x1b[31m", "read"], "characters nobody sees"),
        (["jo", "read", "--until", "2020-01-31"], "is over"),
        (["jo", "read", "--until", "soon"], "neither a day"),
        (["jo", "read", "--until", "2030-01-31T12:00:00"], "neither a day"),
    ],
)
def test_what_would_make_no_line_makes_no_token(words: list[str], said: str) -> None:
    """A name that the file could not hold, or that would hold two, is refused."""
    made = CliRunner().invoke(command, words)
    assert made.exit_code == 2
    assert said in made.stderr
    assert made.stdout == ""
