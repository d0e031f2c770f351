"""Leading handed over alerts to their teams, beside the web application."""

from __future__ import annotations

from collections.abc import Sequence

from buckstop.ledger.outbox.driver import Outbox
from buckstop.web.site import Site


class Rerouting:
    """The outbox as a task: it works while the task runs, and may be run again.

    Args:
        urls: every Alertmanager that alerts are sent to.
        look_seconds: how often it looks when nothing happens.
    """

    def __init__(self, urls: Sequence[str], look_seconds: float) -> None:
        self._urls = tuple(urls)
        self._look_seconds = look_seconds
        self._outbox: Outbox | None = None

    async def run(self, site: Site) -> None:
        """Work until cancelled."""
        if self._outbox is None:
            self._outbox = Outbox(
                site.ledger, self._urls, look_seconds=self._look_seconds, told=site.metrics.led
            )
        await self._outbox.run()
