"""What was seen of each break, as values: moments, durations, and whether the right team got it."""

from __future__ import annotations

from dataclasses import dataclass

from buckstop.demo.breaks import Break


@dataclass(frozen=True, slots=True)
class Seen:
    """One break and the moments seen of it so far, all Unix time, None while not seen.

    Attributes:
        made: when the break was made: the breach begins.
        visible: when Prometheus had scraped data in which the SLI is beyond its objective.
        crossed: when its evaluation first found the alert's expression true (``activeAt``).
        firing: when ``for`` was over (the alert's ``startsAt``, at the evaluation that found it).
        paged: when the right recipient had the page.
        owned: when the ledger made the team the owner, by the ledger's clock.
        owner: whom the ledger names, right or wrong.
        recipients: who got a page that is about this alert, in order.
        healed: when the cause was taken away.
        resolved: when the ledger closed the incident, by its clock.
        incident: the ledger's id of it.
    """

    what: Break
    made: float | None = None
    visible: float | None = None
    crossed: float | None = None
    firing: float | None = None
    paged: float | None = None
    owned: float | None = None
    owner: str | None = None
    recipients: tuple[str, ...] = ()
    healed: float | None = None
    resolved: float | None = None
    incident: str | None = None

    @property
    def answered(self) -> bool:
        """Whether the right team, and no other but the informed, has the page, and owns it."""
        return self.paged is not None and self.owner == self.what.team and not self.strays

    @property
    def strays(self) -> tuple[str, ...]:
        """Who got a page about this alert and is neither accountable for it nor informed."""
        meant = (self.what.recipient, *self.what.informed)
        return tuple(name for name in self.recipients if name not in meant)

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
        signal_seconds: until the broken number was in Prometheus: slow answers, labels and windows
            take their time, and the scrape has to come round.
        evaluation_seconds: until Prometheus evaluated the rule.
        holding_seconds: the rule's ``for``.
        grouping_seconds: from firing to the page: Prometheus to Alertmanager, ``group_wait``, the
            delivery.
        recording_seconds: from firing to the owner on record; it runs beside the grouping.
    """

    signal_seconds: float | None
    evaluation_seconds: float | None
    holding_seconds: float | None
    grouping_seconds: float | None
    recording_seconds: float | None


def split(seen: Seen) -> Split:
    """The seconds of `seen`, phase by phase."""
    return Split(
        _between(seen.made, seen.visible),
        _between(seen.visible, seen.crossed),
        _between(seen.crossed, seen.firing),
        _between(seen.firing, seen.paged),
        _between(seen.firing, seen.owned),
    )


@dataclass(frozen=True, slots=True)
class Intake:
    """How long the ledger takes from a request's arrival to the durable commit.

    Attributes:
        requests: how many the numbers rest on.
        mean_seconds: their mean.
        median_at_most_seconds: the upper bound of the histogram bucket that holds the median.
    """

    requests: int
    mean_seconds: float
    median_at_most_seconds: float


@dataclass(frozen=True, slots=True)
class Story:
    """The whole run so far.

    Attributes:
        began: when the command began, Unix time.
        phase: what is being done or awaited, in words.
        ledger_url, prometheus_url, alertmanager_url, pagerduty_url, slack_url: for the browser;
            empty until started.
        shortened: what of the charter is shorter than in production, in words.
        seen: one for each chosen break, in order.
        beside: what else fires: alert names with their team, while they fire.
        alerts_active: how many alerts Prometheus holds, pending ones included.
        refusals: requests that a pager's stand-in refused.
        servers: versions of the real servers, in words.
        intake: the ledger's own time, or None before its first request.
    """

    began: float
    phase: str
    seen: tuple[Seen, ...]
    ledger_url: str = ""
    prometheus_url: str = ""
    alertmanager_url: str = ""
    pagerduty_url: str = ""
    slack_url: str = ""
    shortened: str = ""
    beside: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()
    alerts_active: int = 0
    servers: str = ""
    intake: Intake | None = None

    @property
    def unanswered(self) -> tuple[Seen, ...]:
        """The breaks that have not reached the right team."""
        return tuple(one for one in self.seen if not one.answered)

    @property
    def first_owner_seconds(self) -> float | None:
        """From the start of the command to the first owner on record."""
        owned = [one.owned for one in self.seen if one.owned is not None]
        return min(owned) - self.began if owned else None

    @property
    def last_seen(self) -> float:
        """The last moment of which anything is known, Unix time."""
        moments = [
            moment
            for one in self.seen
            for moment in (one.made, one.paged, one.owned, one.healed, one.resolved)
            if moment is not None
        ]
        return max(moments, default=self.began)


def _between(start: float | None, end: float | None) -> float | None:
    return None if start is None or end is None else end - start
