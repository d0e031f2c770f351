"""Alertmanagers as the pure machine sees them, with faults, and the carrying out of its plans."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import assert_never

from tests.ledger.ledger_world import MANIFEST

from buckstop.ledger.domain.labels import IdentityRule, label_digest
from buckstop.ledger.outbox.actions import (
    Action,
    CloseOriginal,
    ExpireSilence,
    PostCopy,
    RenewSilence,
    ResolveCopy,
    SetSilence,
)
from buckstop.ledger.outbox.copies import Copy, Labels
from buckstop.ledger.outbox.servers import Original, PostedCopy, Server
from buckstop.ledger.outbox.silences import Matcher, Silence, comment, matched

RULE = IdentityRule(MANIFEST.team_label)
MATCHED = "the machine has set a silence without a copy that every server notifies of"


@dataclass
class FakeServer:
    """One Alertmanager: what it holds, and what is wrong with it."""

    url: str
    copies: dict[str, tuple[Labels, datetime]] = field(default_factory=dict)
    originals: dict[str, tuple[Labels, datetime]] = field(default_factory=dict)
    silences: dict[str, Silence] = field(default_factory=dict)
    answers: bool = True
    hides: str = ""
    closed: list[Labels] = field(default_factory=list)

    def say(self, now: datetime) -> Server | None:
        """What it answers."""
        if not self.answers:
            return None
        held = [one for one in self.silences.values() if is_active(one, now)]
        return Server(
            self.url,
            tuple(
                PostedCopy(
                    labels,
                    RULE.identify(labels).fingerprint,
                    labels[RULE.team_label],
                    "hidden" if self.hides else "delivered",
                    self.hides,
                    ends,
                )
                for labels, ends in self.copies.values()
                if ends > now
            ),
            tuple(
                Original(
                    RULE.identify(labels).member,
                    labels,
                    tuple(one.id for one in held if matched(one.matchers, labels)),
                )
                for labels, ends in self.originals.values()
                if ends > now
            ),
            tuple(
                one if is_active(one, now) else _expired(one, min(one.ends_at, now))
                for one in self.silences.values()
            ),
        )

    def tells(self, labels: Labels, now: datetime) -> bool:
        """Whether it notifies of the original with `labels`."""
        said = self.say(now)
        return said is not None and any(
            one.labels == labels and not one.silenced_by for one in said.originals
        )

    def restart(self, *, killed: bool) -> None:
        """Alerts are gone; silences only where it was killed."""
        self.copies.clear()
        self.originals.clear()
        if killed:
            self.silences.clear()


@dataclass
class World:
    """A pair (or one) that gossips silences, at one moment."""

    servers: list[FakeServer]
    now: datetime
    made: int = 0

    def say(self) -> dict[str, Server | None]:
        """What each of them answers."""
        return {one.url: one.say(self.now) for one in self.servers}

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass."""
        self.now += timedelta(seconds=seconds)

    def fire(self, labels: Labels) -> None:
        """Prometheus sends the original again."""
        for one in self.servers:
            if one.answers:
                one.originals[label_digest(labels)] = labels, self.now + timedelta(hours=4)

    def resolve(self, labels: Labels) -> None:
        """Prometheus says that it has ended."""
        for one in self.servers:
            if one.answers:
                one.originals.pop(label_digest(labels), None)

    def gossip(self) -> None:
        """Silences reach every server that answers."""
        merged: dict[str, Silence] = {}
        talking = [one for one in self.servers if one.answers]
        for one in talking:
            for silence in one.silences.values():
                known = merged.get(silence.id)
                is_later = known is None or (known.active and silence.ends_at > known.ends_at)
                if is_later or not silence.active:
                    merged[silence.id] = silence
        for one in talking:
            one.silences = dict(merged)

    def do(self, actions: Iterable[Action]) -> None:
        """Carry `actions` out."""
        for action in actions:
            self._do(action)

    def _do(self, action: Action) -> None:
        one = next(one for one in self.servers if one.url == action.url)
        if not one.answers:
            return
        match action:
            case PostCopy():
                one.copies[label_digest(action.copy.labels)] = action.copy.labels, action.until
            case ResolveCopy():
                one.copies.pop(label_digest(action.labels), None)
            case SetSilence():
                self._silence(one, action.copy, action.matchers, action.until)
            case RenewSilence():
                one.silences[action.silence.id] = _ending(action.silence, action.until)
            case ExpireSilence():
                if action.silence.id in one.silences:
                    one.silences[action.silence.id] = _expired(action.silence, self.now)
            case CloseOriginal():
                one.closed.append(action.labels)
            case _:
                assert_never(action)
        self.gossip()

    def _silence(
        self, one: FakeServer, copy: Copy, asked: tuple[Matcher, ...], until: datetime
    ) -> None:
        for server in self.servers:
            said = server.say(self.now)
            posted = None if said is None else said.copy(copy.labels)
            assert posted is not None, MATCHED
            assert posted.delivery == "delivered", MATCHED
        self.made += 1
        one.silences[f"s{self.made}"] = Silence(
            f"s{self.made}",
            copy.incident,
            copy.member,
            copy.fingerprint,
            True,
            self.now.isoformat(),
            until,
            asked,
            comment(copy),
        )


def is_active(silence: Silence, now: datetime) -> bool:
    """Whether it holds back now."""
    return silence.active and silence.ends_at > now


def _ending(silence: Silence, until: datetime) -> Silence:
    return replace(silence, active=True, ends_at=until)


def _expired(silence: Silence, at: datetime) -> Silence:
    return replace(silence, active=False, ends_at=at)
