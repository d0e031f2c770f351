"""The silence that keeps a handed over alert from its former team: exact, and found by its comment.

Alertmanager gives silences ids of its own and keeps two where the same one is posted twice. So the
comment says for whom it is, and all are searched for it first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from buckstop.alertmanager.copies import COPY_LABEL
from buckstop.ledger.domain.labels import IdentityRule
from buckstop.ledger.outbox.copies import Copy, Labels

AUTHOR: Final = "buckstop"
MAX_ABSENT: Final = 200
"""The most labels that a silence asks to be absent."""

_COMMENT: Final = (
    "Handed over: {team} is notified by a copy of this alert instead. Buckstop's ledger renews and "
    "ends this silence. [buckstop incident={incident} member={member}]"
)
_MARK: Final = re.compile(r"\[buckstop incident=(\d{1,15}) member=([0-9a-f]{32})\]$")

Matcher = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Silence:
    """A silence of the ledger's as an Alertmanager has it.

    Attributes:
        starts_at: as the server wrote it: only with it a renewal keeps the id.
        fingerprint: of that member.
        active: it holds back, or is about to.
        ends_at: when it ends, or ended.
        matchers: as the server gives them.
    """

    id: str
    incident: int
    member: str
    fingerprint: str
    active: bool
    starts_at: str
    ends_at: datetime
    matchers: tuple[Matcher, ...]
    comment: str

    @property
    def original(self) -> dict[str, str]:
        """The labels of the alert that it holds back."""
        return equalities(self.matchers)


def equalities(asked: Iterable[Matcher]) -> dict[str, str]:
    """The labels that matchers ask for by value."""
    return {
        str(one["name"]): str(one["value"])
        for one in asked
        if one.get("value") and not one.get("isRegex")
    }


def comment(copy: Copy) -> str:
    """What the silence of `copy`'s original says."""
    team = re.sub(r"[\[\]\s]+", " ", copy.team_name)[:200]
    return _COMMENT.format(team=team, incident=copy.incident, member=copy.member)


def named_in(text: str) -> tuple[int, str] | None:
    """The incident and the member that a comment names; None for what is not the ledger's."""
    found = _MARK.search(text)
    return None if found is None else (int(found[1]), found[2])


def matchers(copy: Copy, rule: IdentityRule, carried: Iterable[Labels]) -> tuple[Matcher, ...]:
    """What matches the original and nothing else.

    Args:
        carried: the labels of alerts that there are. A silence on all labels of one alert would
            take those that have more of them too, so that these are asked to be absent.
    """
    name = copy.original.get("alertname")
    others = {
        label
        for labels in carried
        if labels.get("alertname") == name
        for label, value in labels.items()
        if value and rule.tells(label)
    }
    absent = sorted({*others, rule.team_label} - set(copy.original))[:MAX_ABSENT]
    wanted = {**copy.original, **dict.fromkeys(absent, ""), COPY_LABEL: ""}
    return tuple(
        {"name": label, "value": value, "isRegex": False, "isEqual": True}
        for label, value in sorted(wanted.items())
    )


def matched(wanted: Iterable[Matcher], labels: Labels) -> bool:
    """Whether a silence with these matchers, as `matchers` makes them, holds back `labels`."""
    return all(labels.get(one["name"], "") == one["value"] for one in wanted)
