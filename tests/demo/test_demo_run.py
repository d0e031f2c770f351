"""The course of the demo, on a scene that obeys at once and on scenes that do not."""

from __future__ import annotations

import io
import json
import time
from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families
from rich.console import Console

from buckstop.demo import run
from buckstop.demo.breaks import BREAKS, Break, choose
from buckstop.demo.observer import read_intake
from buckstop.demo.pagers import Received
from buckstop.demo.pages import Page
from buckstop.demo.plain import intake_line, news, summary
from buckstop.demo.report import to_json
from buckstop.demo.run import Run
from buckstop.demo.sight import Incident, Member, Sight
from buckstop.demo.story import Intake, Seen, Story
from buckstop.demo.terminal import render


class World:
    """A model and its servers: what breaks fires at once, and ends when it is healed."""

    def __init__(self, *, misrouted: frozenset[str] = frozenset()) -> None:
        self.calls: list[str] = []
        self._misrouted = misrouted
        self._incidents: dict[str, Incident] = {}
        self._received: list[Received] = []

    def make(self, wanted: Break) -> None:
        self.calls.append(f"make {wanted.name}")
        now = time.time()
        wrong = wanted.name in self._misrouted
        team = "default_ops" if wrong else wanted.team
        recipient = "#unhandled-alerts" if wrong else wanted.recipient
        service = "slack" if wanted.service == "slack" or wrong else "pagerduty"
        self._incidents[wanted.name] = Incident(
            wanted.name, team, now, None, (Member(wanted.alert, now, now),)
        )
        page = Page(service, recipient, "trigger", "t", wanted.alert, None)  # type: ignore[arg-type]
        self._received.append(Received(now, page))

    def heal(self, made: Break) -> None:
        self.calls.append(f"heal {made.name}")
        self._incidents[made.name] = replace(
            self._incidents[made.name], resolved_at=time.time() + 0.01
        )

    def look(self) -> Sight:
        return Sight((), tuple(self._incidents.values()), tuple(self._received))

    def refusals(self) -> tuple[str, ...]:
        return ()

    def visible_at(self, seen: Seen) -> float | None:
        return seen.made

    def intake(self) -> Intake | None:
        return Intake(3, 0.004, 0.005)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "LOOK_SECONDS", 0.0)
    monkeypatch.setattr(run, "ANSWER_TIMEOUT_SECONDS", 0.05)
    monkeypatch.setattr(run, "RESOLVE_TIMEOUT_SECONDS", 0.05)


def perform(world: World, breaks: tuple[Break, ...] = BREAKS) -> tuple[Story, list[Story]]:
    shown: list[Story] = []
    story = Story(began=time.time(), phase="", seen=tuple(Seen(one) for one in breaks))
    course = Run(world, world, story, shown.append)
    course.perform()
    return course.story, shown


def test_each_break_is_answered_before_it_is_healed_and_the_next_is_made() -> None:
    """One after another, so that each page can be told from the others."""
    world = World()
    story, _ = perform(world)
    names = ("latency", "drift", "quality", "outage")
    assert world.calls == [call for name in names for call in (f"make {name}", f"heal {name}")]
    assert not story.unanswered
    assert all(one.resolved for one in story.seen)


def test_a_break_that_reaches_another_team_is_not_answered() -> None:
    """`--once` must fail on it, and say which and where it went."""
    story, _ = perform(World(misrouted=frozenset({"drift"})))
    (failed,) = story.unanswered
    assert failed.what.name == "drift"
    line = next(line for line in summary(story) if line.startswith("drift: NOT ANSWERED"))
    assert "the ledger names default_ops" in line
    assert "no page at slack #mlops-data-drift" in line
    assert "a page went to #unhandled-alerts" in line


def test_a_break_that_fails_is_healed_all_the_same() -> None:
    """The next break starts from a sound model."""
    world = World(misrouted=frozenset({"latency"}))
    perform(world)
    assert world.calls[:3] == ["make latency", "heal latency", "make drift"]


def test_chosen_breaks_come_in_their_own_order() -> None:
    """Whatever the order on the command line; none chosen means all."""
    assert [one.name for one in choose(("outage", "drift"))] == ["drift", "outage"]
    assert choose(()) == BREAKS


def test_plain_lines_tell_each_thing_once() -> None:
    """A CI log is read from top to bottom."""
    _, shown = perform(World(), choose(("drift",)))
    before, lines = Story(began=0, phase="", seen=(Seen(BREAKS[1]),)), []
    for story in shown:
        lines += news(before, story)
        before = story
    assert len([line for line in lines if "owner on record" in line]) == 1
    assert len([line for line in lines if "routed to slack #mlops-data-drift" in line]) == 1
    assert len([line for line in lines if line.startswith("drift: resolved")]) == 1


def test_the_report_has_each_phase_of_each_break() -> None:
    """What a benchmark reads is there and is JSON."""
    story, _ = perform(World())
    report = json.loads(json.dumps(to_json(story)))
    assert report["answered"] is True
    assert [one["break"] for one in report["breaks"]] == ["latency", "drift", "quality", "outage"]
    assert report["breaks"][0]["seconds_after_breach"]["paged"] is not None
    assert report["ledger_intake"]["median_at_most_seconds"] == 0.005


def text_of(story: Story) -> str:
    out = io.StringIO()
    Console(file=out, width=140).print(render(story, story.began + 9))
    return out.getvalue()


def test_the_screen_says_waiting_where_nothing_is_known_yet() -> None:
    """Never a number that was not measured."""
    waiting = Story(began=0, phase="p", seen=(Seen(BREAKS[0], made=1.0),), ledger_url="http://l")
    screen = text_of(waiting)
    assert "waiting…" in screen
    assert "http://l" in screen


def test_a_moment_that_was_missed_is_not_counted_on_for_ever() -> None:
    """Once the break is healed, what was not seen will not be seen."""
    missed = Seen(BREAKS[0], made=1.0, firing=4.0, healed=6.0)
    screen = text_of(Story(began=0, phase="p", seen=(missed,), ledger_url="http://l"))
    assert "not seen" in screen
    assert "…" not in screen.split("latency")[1].split("waiting")[0]


def test_the_screen_names_receiver_owner_and_resolution() -> None:
    """The whole way of a break in one row."""
    story, _ = perform(World())
    screen = text_of(replace(story, ledger_url="http://l", beside=("ModelSliMissing (x)",)))
    assert "PagerDuty infra_sre" in screen
    assert "Slack #credit-models" in screen
    assert "resolved: after healing" in screen
    assert "Also firing: ModelSliMissing (x)" in screen
    assert "waiting…" not in screen


def test_the_ledgers_median_is_bounded_by_its_histogram() -> None:
    """Over all kinds of intake together; nothing before the first request."""
    metrics = """\
# TYPE buckstop_ledger_intake_seconds histogram
buckstop_ledger_intake_seconds_bucket{kind="feed",le="0.005"} 3
buckstop_ledger_intake_seconds_bucket{kind="feed",le="0.01"} 4
buckstop_ledger_intake_seconds_bucket{kind="feed",le="+Inf"} 4
buckstop_ledger_intake_seconds_count{kind="feed"} 4
buckstop_ledger_intake_seconds_sum{kind="feed"} 0.02
buckstop_ledger_intake_seconds_bucket{kind="webhook",le="0.005"} 0
buckstop_ledger_intake_seconds_bucket{kind="webhook",le="0.01"} 4
buckstop_ledger_intake_seconds_bucket{kind="webhook",le="+Inf"} 4
buckstop_ledger_intake_seconds_count{kind="webhook"} 4
buckstop_ledger_intake_seconds_sum{kind="webhook"} 0.04
"""
    intake = read_intake(text_string_to_metric_families(metrics))
    assert intake is not None
    assert (intake.requests, intake.median_at_most_seconds) == (8, 0.01)
    assert intake.mean_seconds == pytest.approx(0.0075)
    # One figure for people: a mean above the bound of the median would read as a contradiction.
    said = intake_line(intake)
    assert said == "ledger: a request is durable after 7.5 ms on average (8 requests)"
    assert read_intake(text_string_to_metric_families("")) is None
