"""What to do next, from what the record asks for and what each Alertmanager says now.

Pure, and without a memory that matters: each step shows on the servers, so that whoever is killed
anywhere and started again goes on from what is there. The order keeps an alert from going unheard:
first the copy, on every server; only where each of them notifies of it the silence; in the end the
silence first. In between both teams are notified, never none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from buckstop.ledger.domain.labels import IdentityRule
from buckstop.ledger.outbox.actions import (
    Action,
    ExpireSilence,
    PostCopy,
    RenewSilence,
    SetSilence,
)
from buckstop.ledger.outbox.copies import MAKES_SURE, Copy, Wanted
from buckstop.ledger.outbox.servers import PostedCopy, Server
from buckstop.ledger.outbox.silences import Silence, matched, matchers
from buckstop.ledger.outbox.unwinding import unwound


@dataclass(frozen=True, slots=True)
class Durations:
    """How long things hold, and how soon they are done again.

    Attributes:
        silence_seconds: a silence ends by itself after this long: a ledger that is gone must not
            keep an alert from its team for ever.
        renew_seconds: how often it is renewed.
        copy_seconds: the same of copies; twice a silence, so that the copy outlives it.
        repost_seconds: how often copies are posted again; a restarted Alertmanager has lost them.
        assurance_seconds: how long after its silence an alert that fires gets a copy of its own.
        closing_seconds: how long after its silence the end of an alert is told to its former team.
    """

    silence_seconds: float = 30 * 60.0
    renew_seconds: float = 10 * 60.0
    copy_seconds: float = 60 * 60.0
    repost_seconds: float = 60.0
    assurance_seconds: float = 2 * 3600.0
    closing_seconds: float = 15 * 60.0


NO_SERVER: Final = "the ledger is told of no Alertmanager (serve --alertmanager)"
UNFED: Final = (
    "no Prometheus reports the alert to the ledger, which would not hear of its end if it were "
    "silenced"
)

Word = Literal["copying", "copied", "led", "not_led"]
"""Of a handed over alert: its copy is on the way; both teams are notified; the new one alone is;
only the former one is."""


@dataclass(frozen=True, slots=True)
class State:
    """How far one copy is.

    Attributes:
        why: it is not led, or not yet.
        servers: each Alertmanager's address to what is there, in words.
    """

    copy: Copy
    word: Word
    why: str
    servers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do, in this order, and how far things are."""

    actions: tuple[Action, ...]
    states: tuple[State, ...]


@dataclass(frozen=True, slots=True)
class Sight:
    """What is seen at one moment.

    Attributes:
        servers: by address; None: it did not answer, and nothing is known of it.
    """

    servers: Mapping[str, Server | None]
    now: datetime
    rule: IdentityRule
    durations: Durations

    @property
    def answering(self) -> list[Server]:
        """The Alertmanagers that say something."""
        return [one for one in self.servers.values() if one is not None]

    @property
    def silent(self) -> list[str]:
        """The addresses of those that do not."""
        return [url for url, one in self.servers.items() if one is None]

    def after(self, seconds: float) -> datetime:
        """The time so much later."""
        return self.now + timedelta(seconds=seconds)


def plan(wanted: Wanted, sight: Sight, closed: AbstractSet[tuple[str, str]] = frozenset()) -> Plan:
    """The next actions.

    Args:
        closed: (address, silence) of originals that were posted resolved; only saves repetition.
    """
    actions: list[Action] = []
    states: list[State] = []
    replaced: set[tuple[int, str]] = set()
    for copy in wanted.copies:
        one = _One(copy, sight)
        actions += one.actions()
        states.append(one.state())
        if one.is_delivered:
            replaced.add((copy.incident, copy.fingerprint))
    cutoff = sight.after(-sight.durations.closing_seconds)
    actions += unwound(wanted, sight.answering, frozenset(replaced), cutoff, closed)
    return Plan(tuple(actions), tuple(states))


class _One:
    """One copy that is wanted, and what there is of it."""

    def __init__(self, copy: Copy, sight: Sight) -> None:
        self._copy = copy
        self._sight = sight
        self._servers = sight.answering
        self._silent = sight.silent
        self._posted = [(one, one.copy(copy.labels)) for one in self._servers]
        self._silences = _silences_of(copy, self._servers)

    @property
    def is_delivered(self) -> bool:
        """Whether every Alertmanager notifies of the copy."""
        there = [one is not None and one.delivery == "delivered" for _, one in self._posted]
        return bool(there) and all(there) and not self._silent

    def actions(self) -> Iterator[Action]:
        """What to do next for this copy."""
        durations = self._sight.durations
        fresh = self._sight.after(durations.copy_seconds - durations.repost_seconds)
        until = self._sight.after(durations.copy_seconds)
        for server, posted in self._posted:
            if posted is None or posted.ends_at <= fresh:
                yield PostCopy(server.url, self._copy, until)
        if self._copy.hides_original:
            yield from self._silencing()

    def state(self) -> State:
        """How far it is."""
        word: Word = "copying"
        why = ""
        if obstacle := self._obstacle():
            word, why = "not_led", obstacle
        elif self._silent:
            # What is silenced stays so: the silence was set when all of them had the copy.
            word = "led" if self._silences else "not_led"
            why = f"{', '.join(self._silent)} does not answer"
        elif self.is_delivered and self._copy.sequence != MAKES_SURE and not self._copy.is_fed:
            word, why = "copied", UNFED
        elif self.is_delivered:
            told = [one.url for one in self._servers if self._is_told(one)]
            is_quiet = bool(self._silences) and not told
            word = "led" if is_quiet or not self._copy.hides_original else "copied"
        servers = [(one.url, self._there(one, posted)) for one, posted in self._posted]
        servers += [(url, "does not answer") for url in self._silent]
        return State(self._copy, word, why, tuple(sorted(servers)))

    def _silencing(self) -> Iterator[Action]:
        durations = self._sight.durations
        until = self._sight.after(durations.silence_seconds)
        # Two may come of a post whose answer was lost; all but the first go.
        for silence, url in self._silences[0 if self._obstacle() else 1 :]:
            yield ExpireSilence(url, silence)
        if self._obstacle() or not self.is_delivered:
            return
        if not self._silences:
            yield SetSilence(self._servers[0].url, self._copy, self._matchers(), until)
            return
        silence, url = self._silences[0]
        if silence.ends_at <= self._sight.after(
            durations.silence_seconds - durations.renew_seconds
        ):
            yield RenewSilence(url, silence, until)

    def _obstacle(self) -> str:
        """Why the former team has to stay notified; empty where nothing stands in the way."""
        if not self._servers and not self._silent:
            return NO_SERVER
        for server, posted in self._posted:
            if posted is not None and posted.delivery == "hidden":
                return f"{posted.why} ({server.url})"
        if not self._copy.hides_original:
            return ""
        held = {silence.id for silence, _ in self._silences}
        wanted = self._matchers()
        for server in self._servers:
            for alert in server.originals:
                if alert.member == self._copy.member:
                    continue
                if held & set(alert.silenced_by) or matched(wanted, alert.labels):
                    name = alert.labels.get("alertname", "another alert")
                    return f"its silence would hold back another alert too: {name} ({server.url})"
        return ""

    def _matchers(self) -> tuple[Mapping[str, object], ...]:
        carried = (alert.labels for server in self._servers for alert in server.originals)
        return matchers(self._copy, self._sight.rule, carried)

    def _is_told(self, server: Server) -> bool:
        """Whether the server notifies of the original."""
        held = {silence.id for silence, _ in self._silences}
        return any(
            alert.member == self._copy.member and not held & set(alert.silenced_by)
            for alert in server.originals
        )

    def _there(self, server: Server, posted: PostedCopy | None) -> str:
        copy = "no copy" if posted is None else f"copy {posted.delivery}"
        if not self._copy.hides_original:
            return copy
        there = any(alert.member == self._copy.member for alert in server.originals)
        if not there:
            return f"{copy}, original not there"
        return f"{copy}, original {'notified' if self._is_told(server) else 'silenced'}"


def _silences_of(copy: Copy, servers: Sequence[Server]) -> list[tuple[Silence, str]]:
    """The active silences of `copy`'s original, the earliest first, and where each was seen."""
    found: dict[str, tuple[Silence, str]] = {}
    for server in servers:
        for silence in server.silences:
            if silence.active and (silence.incident, silence.member) == (
                copy.incident,
                copy.member,
            ):
                found.setdefault(silence.id, (silence, server.url))
    return sorted(found.values(), key=lambda each: (each[0].starts_at, each[0].id))
