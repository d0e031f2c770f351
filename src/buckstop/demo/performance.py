"""One call of ``buckstop demo``: the stage, the run over it, the screen in front of it."""

from __future__ import annotations

import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console

from buckstop import servers
from buckstop.demo.breaks import Break
from buckstop.demo.observer import Observer
from buckstop.demo.run import Run, verdict
from buckstop.demo.screen import open_screen
from buckstop.demo.stage import Stage, open_stage
from buckstop.demo.story import Seen, Story


@dataclass(frozen=True, slots=True)
class Options:
    """What the user asked for.

    Attributes:
        breaks: which, in order.
        once: end after them, rather than stay up until Ctrl-C.
        port: of the ledger's page, or None for a free one.
        keep: whether the folder with all files and logs stays.
        versions: which servers, see `buckstop.servers.find`.
    """

    breaks: tuple[Break, ...]
    once: bool
    port: int | None
    keep: bool
    versions: servers.Versions


def perform(options: Options, console: Console) -> Story:
    """Run the demo on `console` and return what was seen, all processes ended.

    Ctrl-C (SIGTERM and a closed terminal count as that) ends it early, without an exception.

    Raises:
        ServersMissing, ServerFailed, ServerRefused, NotInTime: if the stage cannot be set up.
        CharterRefused: if the demo's charter does not compile.
    """
    story = Story(
        began=time.time(),
        phase="looking for Prometheus and Alertmanager",
        seen=tuple(Seen(one) for one in options.breaks),
    )

    def last_seen(changed: Story) -> None:
        nonlocal story
        story = changed

    with _interruptible(), open_screen(console, story) as show, _folder(options.keep) as folder:

        def tell(changed: Story) -> None:
            last_seen(changed)
            show(changed)

        def progress(phase: str) -> None:
            tell(replace(story, phase=phase))

        try:
            installation = servers.find(options.versions, progress=progress)
            tell(replace(story, servers=str(installation)))
            with open_stage(
                installation, folder, ledger_port=options.port, progress=progress
            ) as stage:
                tell(_with_addresses(story, stage))
                run = Run(stage, Observer(stage), story, tell)
                run.perform()
                if not options.once:
                    run.stay()
            progress(verdict(story))
        except KeyboardInterrupt:
            progress("interrupted: everything that was started has been stopped")
        if options.keep:
            progress(f"files and logs are in {folder}")
    return story


def _with_addresses(story: Story, stage: Stage) -> Story:
    return replace(
        story,
        ledger_url=stage.ledger.url,
        prometheus_url=stage.prometheus.url,
        alertmanager_url=stage.alertmanager.url,
        pagerduty_url=stage.pagerduty.url,
        slack_url=stage.slack.url,
        shortened=stage.shortened,
    )


@contextmanager
def _folder(keep: bool) -> Iterator[Path]:  # noqa: FBT001 - private, one caller
    if keep:
        yield Path(tempfile.mkdtemp(prefix="buckstop-demo-"))
    else:
        with tempfile.TemporaryDirectory(prefix="buckstop-demo-") as name:
            yield Path(name)


@contextmanager
def _interruptible() -> Iterator[None]:
    """SIGTERM and SIGHUP end the demo as Ctrl-C does: in good order."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    for number in before:
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
