"""Who may do what: a file that maps tokens, by their SHA-256, to persons and scopes."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SCOPES: Final = ("read", "act", "intake", "metrics")
"""See pages and API; act on incidents; post alerts; read ``/metrics``."""

TOKENS: Final = 10_000
"""The most lines of a tokens file."""

HOW_TO = """\
each line of the file gives a person, what they may do (read act intake metrics), and the SHA-256
of their token:
    openssl rand -hex 32 | tr -d '\\n' > jo.token
    echo "jo@acme.example read act $(sha256sum < jo.token | cut -d' ' -f1)" >> tokens"""


class TokensError(Exception):
    """The tokens file cannot be used; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who sends a request, and what they may do."""

    person: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Token:
    """One line of the file."""

    digest: str
    identity: Identity


@dataclass(frozen=True, slots=True)
class Tokens:
    """A tokens file, read."""

    entries: tuple[Token, ...]

    def holder(self, token: str) -> Identity | None:
        """Who holds `token`, or None."""
        return self.holder_of_digest(digest(token))

    def holder_of_digest(self, sought: str) -> Identity | None:
        """Who holds the token with this SHA-256, or None; takes as long for each."""
        found = None
        for entry in self.entries:
            if hmac.compare_digest(entry.digest, sought):
                found = entry.identity
        return found


def digest(token: str) -> str:
    """The SHA-256 of `token` in hexadecimal, as the file has it."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def read_tokens(path: Path) -> Tokens:
    """The file at `path`: lines ``person scope… sha256``, ``#`` comments. Raises TokensError."""
    try:
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
    return Tokens(tuple(_entry(f"{path}:{number}", words) for number, words in lines))


def _entry(where: str, words: list[str]) -> Token:
    if len(words) < 3:
        raise TokensError(f"{where}: a person, scopes and a SHA-256 were expected; {HOW_TO}")
    person, *scopes, sought = words
    for scope in scopes:
        if scope not in SCOPES:
            raise TokensError(f"{where}: unknown scope {scope!r}; known: {', '.join(SCOPES)}")
    sought = sought.lower()
    if len(sought) != 64 or any(character not in "0123456789abcdef" for character in sought):
        # The word is not shown: it may be the token itself.
        raise TokensError(
            f"{where}: the last word is no SHA-256 (64 hexadecimal digits); never write the token "
            "itself here"
        )
    return Token(sought, Identity(person, frozenset(scopes)))
