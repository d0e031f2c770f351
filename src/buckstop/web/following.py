"""What the ledger follows while it runs: its build, the Alertmanagers, its tokens."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import httpx

from buckstop.ledger.alertmanagers import (
    AlertmanagerUnreadableError,
    Saying,
    ask,
    merged,
    withholdings,
)
from buckstop.ledger.configuration import (
    Configuration,
    ConfigurationError,
    read_build,
    stamp,
)
from buckstop.ledger.store import StoreError
from buckstop.ledger.writer import OverloadedError
from buckstop.web.app import Task
from buckstop.web.site import Site
from buckstop.web.today import Today
from buckstop.web.tokens import TokensError, read_tokens

log = logging.getLogger(__name__)

BUILD_SECONDS = 2.0
ALERTMANAGER_SECONDS = 10.0
TOKENS_SECONDS = 2.0
"""A token that was taken out of the file is worth nothing this much later."""
ENDING = timedelta(days=7)
"""So long before a token ends the ledger says so: the feed would fall silent with it."""


class Follower:
    """Keeps a site's configuration the one that is really loaded.

    Args:
        configuration: as read at the start.
        urls: Alertmanagers to ask; with none, the build's own route tree counts.
        tokens_path: the tokens file, or None.
        ask_seconds: how often the Alertmanagers are asked.
        in_shadow: owners are found by the build alone; what is loaded is compared with it.
    """

    def __init__(
        self,
        configuration: Configuration,
        urls: Sequence[str] = (),
        tokens_path: Path | None = None,
        *,
        ask_seconds: float = ALERTMANAGER_SECONDS,
        in_shadow: bool = False,
    ) -> None:
        self._configuration = configuration
        self._urls = tuple(urls)
        self._tokens_path = tokens_path
        self._ask_seconds = ask_seconds
        self._in_shadow = in_shadow
        self._live: tuple[str, str] | None = None
        self._in_force = configuration

    @property
    def tasks(self) -> tuple[Task, ...]:
        """What is to run beside the web application."""
        found: list[Task] = [self.follow_build]
        if self._urls:
            found.append(self.follow_alertmanagers)
        if self._tokens_path is not None:
            found.append(self.follow_tokens)
        return tuple(found)

    async def follow_build(self, site: Site) -> None:
        """Load the build again whenever it changes; an unusable one changes nothing."""
        folder, seen = self._configuration.folder, stamp(self._configuration.folder)
        while True:
            await asyncio.sleep(BUILD_SECONDS)
            now = await asyncio.to_thread(stamp, folder)
            if now == seen:
                continue
            seen = now
            try:
                self._configuration = await asyncio.to_thread(read_build, folder)
            except ConfigurationError as error:
                _problem(site, "build", f"{error}; the one read before stays in force")
                continue
            await self._load(site)

    async def follow_alertmanagers(self, site: Site) -> None:
        """Ask every Alertmanager what it has loaded and what it withholds."""
        async with httpx.AsyncClient(follow_redirects=False) as client:
            while True:
                sayings = await self._ask_all(client, site)
                if sayings:
                    await self._take_up(site, sayings)
                await asyncio.sleep(self._ask_seconds)

    async def follow_tokens(self, site: Site) -> None:
        """Read the tokens again whenever the file changes; an unusable one changes nothing."""
        assert self._tokens_path is not None
        seen = _modified(self._tokens_path)
        while True:
            _say_ending(site)
            await asyncio.sleep(TOKENS_SECONDS)
            now = _modified(self._tokens_path)
            if now == seen:
                continue
            seen = now
            try:
                site.access.tokens = read_tokens(self._tokens_path)
            except TokensError as error:
                _problem(site, "tokens", f"{error}; those read before stay in force")
                continue
            site.problems.pop("tokens", None)

    async def _ask_all(self, client: httpx.AsyncClient, site: Site) -> list[Saying]:
        sayings = []
        for url in self._urls:
            try:
                sayings.append(await ask(client, url))
            except AlertmanagerUnreadableError as error:
                _problem(site, f"alertmanager {url}", str(error))
            else:
                site.problems.pop(f"alertmanager {url}", None)
        return sayings

    async def _take_up(self, site: Site, sayings: list[Saying]) -> None:
        first = sayings[0]
        strangers = [saying.url for saying in sayings if saying.config != first.config]
        if strangers:
            _problem(
                site,
                "alertmanagers differ",
                f"{', '.join(strangers)} and {first.url} have loaded different configurations; "
                f"owners are found by that of {first.url}",
            )
        else:
            site.problems.pop("alertmanagers differ", None)
        if self._live != (first.config, first.url):
            self._live = first.config, first.url
            await self._load(site)
        identity = site.ledger.identity()
        reports = merged([withholdings(saying, identity) for saying in sayings])
        try:
            await asyncio.wrap_future(site.ledger.withhold(reports, first.url))
        except (StoreError, OverloadedError) as error:
            log.warning("what Alertmanager withholds is not recorded: %s", error)

    async def _load(self, site: Site) -> None:
        wanted = self._configuration
        if self._live is not None:
            loaded = wanted.with_live_routes(*self._live)
            if self._in_shadow:
                await self._compare(site, loaded)
            else:
                wanted = loaded
        if wanted == self._in_force:
            return
        try:
            accountability = await asyncio.to_thread(wanted.accountability)
            await asyncio.wrap_future(site.ledger.load(accountability))
        except ConfigurationError as error:
            _problem(site, "configuration", f"{error}; the one read before stays in force")
        except (StoreError, OverloadedError) as error:
            # Owners of new alerts follow the new one; open incidents do at the next change.
            _problem(site, "configuration", f"open incidents are not routed anew: {error}")
        else:
            self._in_force = wanted
            site.problems.pop("configuration", None)
            site.problems.pop("build", None)
            log.info("owners are found by %s", accountability.config_digest)

    async def _compare(self, site: Site, loaded: Configuration) -> None:
        """Keep beside what is in force how the alerts are routed now."""
        try:
            site.today = await asyncio.to_thread(_today, loaded)
        except ConfigurationError as error:
            _problem(site, "what is loaded", f"{error}; nothing is compared with it")
        else:
            site.problems.pop("what is loaded", None)


def _today(loaded: Configuration) -> Today:
    config, router = loaded.routing()
    silent = {one.name for one in config.receivers if not one.integrations}
    return Today(router, frozenset(silent))


def _problem(site: Site, subject: str, message: str) -> None:
    if site.problems.get(subject) != message:
        log.warning("%s: %s", subject, message)
    site.problems[subject] = message


def _say_ending(site: Site) -> None:
    """Name the tokens that end soon, so that no source falls silent by surprise."""
    assert site.access.tokens is not None, "only with tokens the file is followed"
    ending = site.access.tokens.ending(site.ledger.now(), ENDING)
    if not ending:
        site.problems.pop("tokens that end", None)
        return
    named = ", ".join(f"{t.identity.person} ({t.until:%Y-%m-%d %H:%M} UTC)" for t in ending[:20])
    _problem(
        site,
        "tokens that end",
        f"{named}; make new ones with `buckstop token`, or take their lines out",
    )


def _modified(path: Path) -> tuple[int, int, int]:
    try:
        status = path.stat()
    except OSError:
        return 0, 0, 0
    return status.st_mtime_ns, status.st_size, status.st_ino
