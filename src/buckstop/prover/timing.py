"""Worst-case time from a breach to the notification, part by part."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

SCRAPE_INTERVAL_SECONDS: Final = 60.0
EVALUATION_INTERVAL_SECONDS: Final = 60.0
"""Prometheus's own, where no prometheus.yml or charter says otherwise."""


@dataclass(frozen=True, slots=True)
class Noticing:
    """How long a breach may stand before the team is told, at worst, in seconds.

    Attributes:
        scrape: a sample is at most this old when it is scraped.
        evaluation: the rule is evaluated at most this long after.
        holding: `for`, up to the next evaluation.
        group_wait: the group's first notification waits this long.
        group_interval: where the group is open already, this long in place of `group_wait`.
    """

    scrape: float
    evaluation: float
    holding: float
    group_wait: float
    group_interval: float

    @property
    def new_group(self) -> float:
        """For an alert that opens its group."""
        return self.scrape + self.evaluation + self.holding + self.group_wait

    @property
    def open_group(self) -> float:
        """For an alert whose group has just been notified of another."""
        waits = max(self.group_wait, self.group_interval)
        return self.scrape + self.evaluation + self.holding + waits


def noticing(
    *,
    scrape_interval_seconds: float,
    evaluation_interval_seconds: float,
    for_seconds: float,
    group_wait_seconds: float,
    group_interval_seconds: float,
) -> Noticing:
    """The parts for a rule with `for_seconds` on a route with these waits.

    `for` counts from one evaluation to another, so it is rounded up to whole intervals. Windows
    inside the expression (``[5m]``) are not counted: how fast they fill depends on the data.
    """
    intervals = math.ceil(for_seconds / evaluation_interval_seconds)
    return Noticing(
        scrape=scrape_interval_seconds,
        evaluation=evaluation_interval_seconds,
        holding=intervals * evaluation_interval_seconds,
        group_wait=group_wait_seconds,
        group_interval=group_interval_seconds,
    )
