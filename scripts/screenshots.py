"""Take the README's picture of the board, from a ledger with a morning's worth of incidents.

Runs the article's example in this process, with a clock of its own, and photographs it with the
system's Chromium. ``python scripts/screenshots.py`` writes ``docs/images/board.png``; with
``--all FOLDER`` it also takes the pages by night, on a phone and on a wall, to be looked at.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import threading
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, sync_playwright

from buckstop import charter, compiler
from buckstop.compiler.manifest import Manifest
from buckstop.ledger.configuration import read_build
from buckstop.ledger.domain.case import Observation
from buckstop.ledger.domain.events import Withholding
from buckstop.ledger.domain.membership import Person
from buckstop.ledger.ledger import Ledger
from buckstop.ledger.store import SqliteStore
from buckstop.web.access import LOOPBACK_HOSTS, Access
from buckstop.web.app import Application, create_app
from buckstop.web.server import listen, read_address

ROOT = Path(__file__).resolve().parents[1]
BOARD = ROOT / "docs" / "images" / "board.png"
BOARD_BYTES = 200_000
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NOON = datetime(2026, 3, 17, 9, 41, tzinfo=UTC)
COMMIT_SECONDS = 10


@dataclass(frozen=True)
class Shot:
    """A page, and the screen on which it is photographed."""

    name: str
    path: str
    width: int
    height: int
    scheme: str
    whole: bool = False


PICTURE = Shot("board", "/", 1280, 800, "light")
OTHERS = (
    Shot("board-dark", "/", 1280, 800, "dark"),
    Shot("board-phone", "/", 390, 844, "light", whole=True),
    Shot("board-wall", "/", 2560, 1440, "dark"),
    Shot("incident", "/incidents/1", 1280, 800, "light", whole=True),
    Shot("incident-dark", "/incidents/2", 1280, 800, "dark", whole=True),
    Shot("incident-phone", "/incidents/1", 390, 844, "dark", whole=True),
)


class Clock:
    """The present, as this script wants it."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        """The time that the ledger sees."""
        return self.now


class Morning:
    """A ledger, and what happens to it."""

    def __init__(self, folder: Path) -> None:
        build = folder / "build"
        write_build(build)
        self.clock = Clock()
        accountability = read_build(build).accountability()
        self.manifest: Manifest = accountability.manifest
        self.ledger = Ledger(SqliteStore(folder / "ledger.db"), accountability, clock=self.clock)
        access = Access(None, "maria", frozenset(LOOPBACK_HOSTS), self.clock)
        self.application: Application = create_app(self.ledger, access)

    def happen(self) -> None:
        """The incidents of the picture, at their minutes before noon."""
        credit, limit = "credit-default", "credit-limit"
        self.at(95)
        drift = self.fire(
            "ModelDriftHigh", credit, "KS distance of feature income is 0.34, objective <= 0.3"
        )
        self.at(58)
        self.ledger.acknowledge(1, Person("li@article.example"), "the new campaign").result(
            COMMIT_SECONDS
        )
        self.end(drift)
        self.at(47)
        self.fire(
            "ModelDriftHigh", credit, "KS distance of feature income is 0.41, objective <= 0.3"
        )
        self.at(31)
        rmse = self.fire("ModelRmseHigh", limit, "RMSE is 1105, objective <= 1020")
        self.at(12)
        self.fire("ModelLatencyHigh", credit, "p95 latency is 812ms, objective <= 500ms")
        self.at(11)
        self.fire("ModelTrafficVanished", limit, "requests have stopped")
        self.at(9)
        newest = self.ledger.book.last_number
        self.ledger.acknowledge(newest - 1, Person("maria"), "scaling out").result(COMMIT_SECONDS)
        self.silence(rmse)
        self.at(4)
        self.fire_unknown()
        self.at(0)

    def at(self, minutes_before_noon: float) -> None:
        """Let it be that late."""
        self.clock.now = NOON - timedelta(minutes=minutes_before_noon)

    def fire(self, alertname: str, model: str, said: str) -> dict[str, str]:
        """Have a generated alert fire; its labels."""
        labels = next(
            dict(alert.labels)
            for alert in self.manifest.alerts
            if alert.alert == alertname and dict(alert.labels).get("model") == model
        )
        self.observe(labels, f"{model}: {said}", ends=None)
        return labels

    def fire_unknown(self) -> None:
        """Somebody's own rule names a team that does not exist."""
        labels = {
            "alertname": "GpuMemoryHigh",
            "accountable_team": "Infra_SRE",
            "severity": "minor",
            "model": "credit-default",
        }
        self.observe(labels, "GPU memory of node gpu-7 is 97% full", ends=None)

    def end(self, labels: dict[str, str]) -> None:
        """Have an alert resolve."""
        self.observe(labels, "", ends=self.clock.now)

    def silence(self, labels: dict[str, str]) -> None:
        """Somebody silences an alert."""
        member = self.ledger.identity().identify(labels).member
        until = NOON + timedelta(minutes=49)
        reason = Withholding("silenced", "jo", until, "retraining runs")
        self.ledger.withhold({member: (reason,)}, "http://am:9093").result(COMMIT_SECONDS)

    def observe(self, labels: dict[str, str], summary: str, *, ends: datetime | None) -> None:
        """Record what a Prometheus reports."""
        seen = Observation(
            kind="feed",
            source="prometheus",
            labels=labels,
            annotations={"summary": summary, "runbook_url": "https://runbooks.example/credit"},
            generator_url="http://prometheus.example:9090/graph",
            starts_at=self.clock.now - timedelta(seconds=4),
            ends_at=ends,
            resolved=ends is not None,
        )
        self.ledger.record([seen]).result(COMMIT_SECONDS)
        site = self.application.site
        assert site is not None, "the application has started"
        site.heard["feed", "prometheus"] = NOON - timedelta(seconds=7)
        site.heard["webhook", "main"] = NOON - timedelta(seconds=21)


def write_build(folder: Path) -> None:
    """The article's charter, built."""
    loaded, diagnostics, _ = charter.load(ROOT / "examples/article/charter", date(2026, 3, 17))
    assert loaded is not None, diagnostics
    for name, text in compiler.build(loaded, compiler.Targets()).files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def take(browser: Browser, url: str, shot: Shot, folder: Path) -> Path:
    """Photograph one page."""
    context = browser.new_context(
        viewport={"width": shot.width, "height": shot.height},
        color_scheme="dark" if shot.scheme == "dark" else "light",
    )
    page = context.new_page()
    page.goto(url + shot.path)
    page.wait_for_selector(".live:not([hidden])")
    path = folder / f"{shot.name}.png"
    page.screenshot(path=path, full_page=shot.whole)
    context.close()
    return path


def main() -> int:
    """Take the picture, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="take the other pages too")
    others: Path | None = parser.parse_args().all
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        print("Chromium is missing: sudo apt-get install chromium", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        morning = Morning(Path(folder))
        sockets, bound = listen(read_address("127.0.0.1:0"))
        config = uvicorn.Config(morning.application.app, log_level="warning", lifespan="on")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([sockets],))
        thread.start()
        try:
            while not server.started:
                thread.join(0.05)
            morning.happen()
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=program, args=["--no-sandbox", "--force-color-profile=srgb"]
                )
                BOARD.parent.mkdir(parents=True, exist_ok=True)
                picture = take(browser, bound.url, PICTURE, BOARD.parent)
                if others is not None:
                    others.mkdir(parents=True, exist_ok=True)
                    for shot in OTHERS:
                        take(browser, bound.url, shot, others)
                browser.close()
        finally:
            assert morning.application.site is not None, "the application has started"
            morning.application.site.hub.close()
            server.should_exit = True
            thread.join()
    size = picture.stat().st_size
    print(f"{picture.relative_to(ROOT)}: {size} bytes")
    return 0 if size < BOARD_BYTES else 1


if __name__ == "__main__":
    sys.exit(main())
