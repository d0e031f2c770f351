"""Who is at the door. On loopback whoever can connect; elsewhere only who shows a token.

Loopback is not safe by itself: a web page that the user visits can make their browser send
requests there, under this page's own name if its name server says so (DNS rebinding). So the Host
must be one of ours, and what changes anything must come from our own pages or from no page at all.
"""

from __future__ import annotations

import getpass
import hashlib
import hmac
import ipaddress
import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from buckstop.web.tokens import SCOPES, Identity, Tokens, digest

COOKIE = "buckstop_session"
SESSION_HOURS = 12
SESSIONS = 10_000
SESSIONS_OF_TOKEN = 32
"""The most sessions of one token; a further one ends its oldest, and nobody else's."""
LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "::1")
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_PROXY_HEADERS = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is turned away: an HTTP status and one sentence."""

    status: int
    message: str


@dataclass(frozen=True, slots=True)
class _Session:
    token_digest: str
    expires: datetime


@dataclass
class Access:
    """The doorkeeper.

    Attributes:
        tokens: the present tokens, or None where the ledger is open to all who reach it.
        local_person: who acts where it is open: the user that runs the ledger.
        hosts: names under which the ledger may be addressed; None for any (tokens guard it then).
        turned_away: how many requests were, by why.
    """

    tokens: Tokens | None
    local_person: str
    hosts: frozenset[str] | None
    clock: Callable[[], datetime]
    turned_away: Counter[str] = field(default_factory=Counter)
    _sessions: dict[str, _Session] = field(default_factory=dict)
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def refusal(self, connection: HTTPConnection, method: str) -> Refusal | None:
        """Why this request is turned away whoever sends it, or None."""
        host = connection.headers.get("host", "")
        if self.hosts is not None and _hostname(host) not in self.hosts:
            return Refusal(
                421,
                "this ledger is not addressed by that name; `buckstop serve --host NAME` admits it",
            )
        if self.tokens is None and any(name in connection.headers for name in _PROXY_HEADERS):
            return Refusal(
                403, "the request came through a proxy; behind one, `buckstop serve` needs --tokens"
            )
        if method not in _SAFE_METHODS and not _from_here(connection, host):
            return Refusal(403, "the request comes from another site's page")
        return None

    def identify(self, connection: HTTPConnection) -> Identity | None:
        """Who sends the request, or None where nobody known does."""
        if self.tokens is None:
            return Identity(self.local_person, frozenset(SCOPES))
        token = _presented(connection)
        if token is not None:
            return self.tokens.holder(token, self.clock())
        session = self._session(connection.cookies.get(COOKIE, ""))
        if session is None:
            return None
        return self.tokens.holder_of_digest(session.token_digest, self.clock())

    def sign_in(self, token: str) -> str | None:
        """A new session's secret for the holder of `token`; None where nobody holds it."""
        now = self.clock()
        if self.tokens is None or self.tokens.holder(token, now) is None:
            return None
        holder = digest(token)
        self._sessions = {key: s for key, s in self._sessions.items() if s.expires > now}
        own = [key for key, s in self._sessions.items() if s.token_digest == holder]
        if len(own) >= SESSIONS_OF_TOKEN:
            self._sessions.pop(own[0])
        elif len(self._sessions) >= SESSIONS:
            self._sessions.pop(next(iter(self._sessions)))
        secret = secrets.token_urlsafe(32)
        expires = now + timedelta(hours=SESSION_HOURS)
        self._sessions[digest(secret)] = _Session(holder, expires)
        return secret

    def sign_out(self, connection: HTTPConnection) -> None:
        """End the session of the request's cookie."""
        self._sessions.pop(digest(connection.cookies.get(COOKIE, "")), None)

    def form_token(self, connection: HTTPConnection) -> str:
        """What a page's forms must send back: bound to the session, unknown to other sites."""
        session = connection.cookies.get(COOKIE, "") if self.tokens is not None else "local"
        return hmac.new(self._secret, session.encode(), hashlib.sha256).hexdigest()

    def is_our_form(self, connection: HTTPConnection, form_token: str) -> bool:
        """Whether `form_token` is the one that this session's pages carry."""
        expected = self.form_token(connection)
        return hmac.compare_digest(expected.encode(), form_token.encode("utf-8", "replace"))

    def _session(self, secret: str) -> _Session | None:
        session = self._sessions.get(digest(secret)) if secret else None
        return session if session is not None and session.expires > self.clock() else None


def is_loopback(host: str) -> bool:
    """Whether binding to `host` lets in only this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _presented(connection: HTTPConnection) -> str | None:
    """The token that the request carries: a Bearer, or the one in an intake's path."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    match connection.scope["path"].split("/"):
        case ["", "feed", _, token, "api", "v2", "alerts"]:
            return str(token)
        case ["", "intake", "alertmanager", _, token]:
            return str(token)
    return None


def _hostname(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _from_here(connection: HTTPConnection, host: str) -> bool:
    site = connection.headers.get("sec-fetch-site")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    origin = connection.headers.get("origin")
    return origin is None or origin.partition("://")[2] == host


def local_person() -> str:
    """Who acts where the ledger is open on loopback: the user that runs it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "local"
