"""What is done on an Alertmanager; each may be done twice, or half, and done again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from buckstop.ledger.outbox.copies import Copy, Labels
from buckstop.ledger.outbox.silences import Matcher, Silence


@dataclass(frozen=True, slots=True)
class PostCopy:
    """Post `copy`, or prolong it; it ends at `until` unless posted again."""

    url: str
    copy: Copy
    until: datetime


@dataclass(frozen=True, slots=True)
class ResolveCopy:
    """End the copy with `labels`: its team hears that it is resolved."""

    url: str
    labels: Labels


@dataclass(frozen=True, slots=True)
class SetSilence:
    """Silence the original of `copy`."""

    url: str
    copy: Copy
    matchers: tuple[Matcher, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class RenewSilence:
    """Prolong `silence`."""

    url: str
    silence: Silence
    until: datetime


@dataclass(frozen=True, slots=True)
class ExpireSilence:
    """End `silence`."""

    url: str
    silence: Silence


@dataclass(frozen=True, slots=True)
class CloseOriginal:
    """Post the original resolved, now that no silence holds that back: its former team hears it.

    Without it the server takes the alert, when it fires again, for one that it has told already.
    """

    url: str
    silence: str
    labels: Labels


Action = PostCopy | ResolveCopy | SetSilence | RenewSilence | ExpireSilence | CloseOriginal
