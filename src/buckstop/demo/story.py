"""What was seen of each break, as values: moments, durations, and whether the right team got it."""

from __future__ import annotations

from dataclasses import dataclass

from buckstop.demo.breaks import Break


@dataclass(frozen=True, slots=True)
class Seen:
    """One break and the moments seen of it so far, all Unix time, None while not seen.

    Attributes:
        made: when the break was made: the breach begins.
        crossed: when Prometheus first found the alert's expression true (its ``activeAt``).
        firing: when ``for`` was over (the alert's ``startsAt``, at the evaluation that found it).
        paged: when the right recipient had the page.
        owned: when the ledger made the team the owner, by the ledger's clock.
        owner: whom the ledger names, right or wrong.
        recipients: who else got a page that is about this alert, in order; informed teams too.
        healed: when the cause was taken away.
        resolved: when the ledger closed the incident, by its clock.
        incident: the ledger's id of it.
        durable_seconds: how long the ledger took from the intake to the durable owner, or None
            where its metrics do not say.
    """

    what: Break
    made: float | None = None
    crossed: float | None = None
    firing: float | None = None
    paged: float | None = None
    owned: float | None = None
    owner: str | None = None
    recipients: tuple[str, ...] = ()
    healed: float | None = None
    resolved: float | None = None
    incident: str | None = None
    durable_seconds: float | None = None

    @property
    def answered(self) -> bool:
        """Whether the right team has the page and is on record as the owner."""
        return self.paged is not None and self.owner == self.what.team

    @property
    def wrong_owner(self) -> bool:
        """Whether another team than the right one is on record."""
        return self.owner is not None and self.owner != self.what.team

    def since_made(self, moment: float | None) -> float | None:
        """Seconds from the breach to `moment`."""
        return None if moment is None or self.made is None else moment - self.made


@dataclass(frozen=True, slots=True)
class Split:
    """Where the seconds between breach and page went. None where an end was not seen.

    Attributes:
        noticing_seconds: until the expression was true: the window has to fill, the scrape and the
            evaluation have to come round.
        holding_seconds: the rule's ``for``.
        grouping_seconds: from firing to the page: Prometheus to Alertmanager, ``group_wait``, and
            the delivery.
        recording_seconds: from firing to the owner on record.
        durable_seconds: the ledger's own part of that.
    """

    noticing_seconds: float | None
    holding_seconds: float | None
    grouping_seconds: float | None
    recording_seconds: float | None
    durable_seconds: float | None


def split(seen: Seen) -> Split:
    """The seconds of `seen`, phase by phase."""
    return Split(
        _between(seen.made, seen.crossed),
        _between(seen.crossed, seen.firing),
        _between(seen.firing, seen.paged),
        _between(seen.firing, seen.owned),
        seen.durable_seconds,
    )


@dataclass(frozen=True, slots=True)
class Story:
    """The whole run so far.

    Attributes:
        began: when the command began, Unix time.
        phase: what is being done or awaited, in words.
        ledger_url, prometheus_url, alertmanager_url, pagerduty_url, slack_url: for the browser;
            empty until started.
        seen: one for each chosen break, in order.
        beside: what else fires: alert names with their team, while they fire.
        refusals: requests that a pager's stand-in refused.
    """

    began: float
    phase: str
    seen: tuple[Seen, ...]
    ledger_url: str = ""
    prometheus_url: str = ""
    alertmanager_url: str = ""
    pagerduty_url: str = ""
    slack_url: str = ""
    beside: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()

    @property
    def unanswered(self) -> tuple[Seen, ...]:
        """The breaks that have not reached the right team."""
        return tuple(one for one in self.seen if not one.answered)

    @property
    def first_owner_seconds(self) -> float | None:
        """From the start of the command to the first owner on record."""
        owned = [one.owned for one in self.seen if one.owned is not None]
        return min(owned) - self.began if owned else None


def _between(start: float | None, end: float | None) -> float | None:
    return None if start is None or end is None else end - start
