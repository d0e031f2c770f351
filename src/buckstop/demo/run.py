"""The course of the demo: break, wait until somebody answers, heal, and so on.

Time is read and spent here; what is seen is folded in `buckstop.demo.sight`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from buckstop.demo.breaks import Break
from buckstop.demo.sight import Sight, add
from buckstop.demo.story import Intake, Seen, Story

LOOK_SECONDS = 0.15
ANSWER_TIMEOUT_SECONDS = 60.0
"""How long a break may take to reach a page and an owner; the demo's own promise is 45 s."""
RESOLVE_TIMEOUT_SECONDS = 60.0
"""How long a healed break may take to be resolved: windows have to drain."""


class Scene(Protocol):
    """What can be done to the model."""

    def make(self, wanted: Break) -> None:
        """Break it."""

    def heal(self, made: Break) -> None:
        """Take the cause away."""


class Eyes(Protocol):
    """What can be seen of it."""

    def look(self) -> Sight:
        """Everything as it is now."""

    def refusals(self) -> tuple[str, ...]:
        """What the pagers' stand-ins refused."""

    def visible_at(self, seen: Seen) -> float | None:
        """When the broken number was first in Prometheus, between `made` and `crossed`."""

    def intake(self) -> Intake | None:
        """How long the ledger takes to record what it is sent."""


class Run:
    """One run over the chosen breaks. `story` is what was seen so far."""

    def __init__(
        self, scene: Scene, eyes: Eyes, story: Story, show: Callable[[Story], None]
    ) -> None:
        self.story = story
        self._scene = scene
        self._eyes = eyes
        self._show = show

    def perform(self) -> None:
        """All breaks of the story, each until it is answered and, at the end, resolved."""
        for seen in self.story.seen:
            self._perform_one(seen.what)
        self._await(
            "waiting until what was healed, and what fired beside it, is resolved",
            self._quiet,
            RESOLVE_TIMEOUT_SECONDS,
        )

    def stay(self) -> None:
        """Keep showing what is to be seen, until an exception (Ctrl-C) ends it."""
        self._await(f"{verdict(self.story)}; the pages stay up until Ctrl-C", _never, math.inf)

    def _perform_one(self, wanted: Break) -> None:
        if wanted.needs_quiet:
            self._await(
                f"before the {wanted.name}: waiting until the others are resolved",
                self._quiet,
                RESOLVE_TIMEOUT_SECONDS,
            )
        # Marked before it is made: the breach cannot be noticed before it is on the clock.
        self._mark(wanted, made=time.time())
        self._scene.make(wanted)
        self._await(
            f"{wanted.name}: {wanted.done}; waiting for the page and the owner",
            lambda: self._of(wanted).answered,
            ANSWER_TIMEOUT_SECONDS,
        )
        self._change(replace(self.story, intake=self._eyes.intake()))
        self._scene.heal(wanted)
        self._mark(wanted, healed=time.time())

    def _await(self, phase: str, condition: Callable[[], bool], timeout_seconds: float) -> bool:
        """Look and show until `condition` holds; False if it did not in time."""
        self._change(replace(self.story, phase=phase))
        end = time.monotonic() + timeout_seconds
        while True:
            self._look()
            if condition():
                return True
            if time.monotonic() >= end:
                return False
            time.sleep(LOOK_SECONDS)

    def _look(self) -> None:
        sight = self._eyes.look()
        seen = tuple(self._with_visible(add(one, sight)) for one in self.story.seen)
        self._change(
            replace(
                self.story,
                seen=seen,
                beside=_beside(sight, seen),
                refusals=self._eyes.refusals(),
                alerts_active=len(sight.alerts),
            )
        )

    def _with_visible(self, seen: Seen) -> Seen:
        if seen.crossed is None or seen.visible is not None:
            return seen
        return replace(seen, visible=self._eyes.visible_at(seen))

    def _quiet(self) -> bool:
        return self.story.alerts_active == 0 and all(
            one.resolved for one in self.story.seen if one.owned
        )

    def _of(self, wanted: Break) -> Seen:
        return next(one for one in self.story.seen if one.what is wanted)

    def _mark(
        self, wanted: Break, *, made: float | None = None, healed: float | None = None
    ) -> None:
        seen = tuple(
            replace(one, made=made or one.made, healed=healed or one.healed)
            if one.what is wanted
            else one
            for one in self.story.seen
        )
        self._change(replace(self.story, seen=seen))

    def _change(self, story: Story) -> None:
        self.story = story
        self._show(story)


def verdict(story: Story) -> str:
    """How it went, in a few words."""
    answered = len(story.seen) - len(story.unanswered)
    return f"{answered} of {len(story.seen)} breaks reached the right team"


def _never() -> bool:
    return False


def _beside(sight: Sight, seen: Sequence[Seen]) -> tuple[str, ...]:
    """What fires although no break that is under way or draining asked for it."""
    expected = {one.what.alert for one in seen if one.made is not None}
    return tuple(
        sorted(
            {
                f"{alert.name} ({alert.team})"
                for alert in sight.alerts
                if alert.state == "firing" and alert.name not in expected
            }
        )
    )
