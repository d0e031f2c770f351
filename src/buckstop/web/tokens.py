"""Who may do what: a file that maps tokens, by their SHA-256, to persons and scopes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import stat
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from buckstop.ledger.text import neutral

SCOPES: Final = ("read", "act", "intake", "metrics", "erase")
"""See pages and API; act on incidents; post alerts; read ``/metrics``; erase persons."""

TOKENS: Final = 10_000
"""The most lines of a tokens file."""

TOKEN_BYTES: Final = 32
"""Of chance in a token that we make: nobody can guess it, and no limit on guesses is needed."""

HOW_TO = """\
each line of the file gives a person, what they may do (read act intake metrics erase), and the
SHA-256 of their token; `buckstop token` makes one and prints its line:
    buckstop token jo@acme.example read act --secret jo.token >> tokens"""

_UNTIL = "until="


class TokensError(Exception):
    """The tokens file cannot be used; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who sends a request, and what they may do."""

    person: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Token:
    """One line of the file.

    Attributes:
        until: when it ceases to be valid; None: never.
    """

    digest: str
    identity: Identity
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tokens:
    """A tokens file, read."""

    entries: tuple[Token, ...]

    def holder(self, token: str, now: datetime) -> Identity | None:
        """Who holds `token`, or None."""
        return self.holder_of_digest(digest(token), now)

    def holder_of_digest(self, sought: str, now: datetime) -> Identity | None:
        """Who holds the token with this SHA-256, or None; takes as long for each."""
        found = None
        for entry in self.entries:
            if hmac.compare_digest(entry.digest, sought):
                found = entry
        if found is None or (found.until is not None and found.until <= now):
            return None
        return found.identity

    def ending(self, now: datetime, within: timedelta) -> tuple[Token, ...]:
        """Those that cease to be valid `within` that time, or have."""
        return tuple(e for e in self.entries if e.until is not None and e.until <= now + within)


def digest(token: str) -> str:
    """The SHA-256 of `token` in hexadecimal, as the file has it."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def new_token() -> str:
    """A token that nobody can guess."""
    return secrets.token_hex(TOKEN_BYTES)


def token_line(token: Token) -> str:
    """The line of the file that `token` is read from. Raises TokensError for what cannot be."""
    until = () if token.until is None else (f"{_UNTIL}{token.until:%Y-%m-%dT%H:%M:%SZ}",)
    scopes = [scope for scope in SCOPES if scope in token.identity.scopes]
    words = [token.identity.person, *scopes, *until, token.digest]
    line = " ".join(words)
    if line.startswith("#") or line.split() != words or _entry("the line", line.split()) != token:
        raise TokensError(f"{neutral(token.identity.person, 80)!r} is no name: one word is needed")
    return line


def read_until(text: str) -> datetime:
    """When a token ends: after a day, in UTC, or at a time. Raises ValueError."""
    at = datetime.fromisoformat(text)
    try:
        if len(text) == len("2030-01-31"):
            return at.replace(tzinfo=UTC) + timedelta(days=1)
        if at.tzinfo is None:
            raise ValueError("no time zone")
        return at.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("beyond the last year that there is") from error


def read_tokens(path: Path) -> Tokens:
    """The file at `path`: lines ``person scope… sha256``, ``#`` comments. Raises TokensError."""
    try:
        if path.stat().st_mode & stat.S_IWOTH:
            raise TokensError(
                f"{path}: everybody on this machine can write to it, and let themselves in; "
                f"chmod o-w {path}"
            )
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise TokensError(f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise TokensError(f"{path}: not UTF-8 at byte {error.start}") from error
    lines = [
        (number, line.split())
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if len(lines) > TOKENS:
        raise TokensError(f"{path}: {len(lines)} tokens; {TOKENS} are the most")
    if not lines:
        raise TokensError(f"{path}: no token in it; {HOW_TO}")
    entries: dict[str, Token] = {}
    for number, words in lines:
        entry = _entry(f"{path}:{number}", words)
        if entry.digest in entries:
            raise TokensError(f"{path}:{number}: the same token stands in a line above")
        entries[entry.digest] = entry
    return Tokens(tuple(entries.values()))


def _entry(where: str, words: list[str]) -> Token:
    if len(words) < 3:
        raise TokensError(f"{where}: a person, scopes and a SHA-256 were expected; {HOW_TO}")
    person, *others, sought = words
    if neutral(person, 200) != person:
        raise TokensError(f"{where}: the person's name is too long, or has characters nobody sees")
    scopes, until = [], None
    for word in others:
        if word.startswith(_UNTIL):
            try:
                until = read_until(word.removeprefix(_UNTIL))
            except (ValueError, OverflowError) as error:
                raise TokensError(
                    f"{where}: {word!r} names no day as {_UNTIL}2030-01-31"
                ) from error
        elif word in SCOPES:
            scopes.append(word)
        else:
            # Not shown where it may be a token that slipped in.
            shown = f" {word!r}" if len(word) < 20 else ""
            raise TokensError(f"{where}: unknown scope{shown}; known: {', '.join(SCOPES)}")
    sought = sought.lower()
    if len(sought) != 64 or any(character not in "0123456789abcdef" for character in sought):
        # The word is not shown: it may be the token itself.
        raise TokensError(
            f"{where}: the last word is no SHA-256 (64 hexadecimal digits); never write the token "
            "itself here"
        )
    return Token(sought, Identity(person, frozenset(scopes)), until)
