"""The world outside: applicants who ask, and outcomes that become known later.

A thread with an event loop of its own. It asks at a steady rate whether or not earlier questions
were answered (an open loop, as the world is), so that a slow service does not slow its callers.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TextIO

import httpx
import numpy as np

from buckstop.demo.journal import Label, write_label
from buckstop.demo.model import FEATURES, draw

MOST_IN_FLIGHT = 200
"""Beyond it applicants give up rather than queue."""
REQUEST_TIMEOUT_SECONDS = 5.0
_BATCH_ROWS = 64


@dataclass(frozen=True, slots=True)
class World:
    """How applicants and outcomes are distributed at the moment.

    Attributes:
        income_log_shift: see `buckstop.demo.model.draw`.
        flipped_share: of the outcomes, how many are the opposite of what they would have been.
    """

    income_log_shift: float = 0.0
    flipped_share: float = 0.0


@dataclass(frozen=True, slots=True)
class _Case:
    """One applicant to come: the request's JSON, and the outcome."""

    request: dict[str, str | float]
    defaulted: bool


class Traffic:
    """Applicants at `rate_per_second` against `url`, their labels into `labels` after a delay.

    Assign `world` to change how they are from then on. A context manager; the thread ends with it.
    """

    def __init__(
        self,
        url: str,
        labels: Path,
        *,
        rate_per_second: float,
        label_delay_seconds: float,
        seed: int,
    ) -> None:
        self.world = World()
        self.answered = 0
        self.failed = 0
        self._url = url
        self._labels = labels
        self._rate_per_second = rate_per_second
        self._label_delay_seconds = label_delay_seconds
        self._random = np.random.default_rng(seed)
        self._due: deque[tuple[float, Label]] = deque()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._main, name="traffic", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._ending.set()
        self._thread.join(REQUEST_TIMEOUT_SECONDS)

    def _main(self) -> None:
        with self._labels.open("a", encoding="utf-8", buffering=1) as labels:
            asyncio.run(self._run(labels))

    async def _run(self, labels: TextIO) -> None:
        limits = httpx.Limits(max_connections=MOST_IN_FLIGHT)
        period_seconds = 1.0 / self._rate_per_second
        asking: set[asyncio.Task[None]] = set()
        cases = self._cases()
        next_seconds = time.monotonic()
        async with httpx.AsyncClient(limits=limits, timeout=REQUEST_TIMEOUT_SECONDS) as client:
            while not self._ending.is_set():
                if len(asking) < MOST_IN_FLIGHT:
                    task = asyncio.create_task(self._ask(client, next(cases)))
                    asking.add(task)
                    task.add_done_callback(asking.discard)
                self._publish_due(labels)
                # Never catch up after a stall: a burst of requests is not what the world does.
                next_seconds = max(next_seconds + period_seconds, time.monotonic() - period_seconds)
                await asyncio.sleep(max(0.0, next_seconds - time.monotonic()))
            for task in asking:
                task.cancel()
            await asyncio.gather(*asking, return_exceptions=True)

    async def _ask(self, client: httpx.AsyncClient, case: _Case) -> None:
        try:
            response = await client.post(f"{self._url}/predict", json=case.request)
        except httpx.HTTPError:
            self.failed += 1
            return
        if response.status_code != httpx.codes.OK:
            self.failed += 1
            return
        self.answered += 1
        due_seconds = time.time() + self._label_delay_seconds
        label = Label(str(case.request["id"]), due_seconds, case.defaulted)
        self._due.append((due_seconds, label))

    def _publish_due(self, labels: TextIO) -> None:
        now = time.time()
        while self._due and self._due[0][0] <= now:
            labels.write(write_label(self._due.popleft()[1]))

    def _cases(self) -> Iterator[_Case]:
        number = 0
        while True:
            world = self.world
            applicants = draw(self._random, _BATCH_ROWS, world.income_log_shift)
            flipped = self._random.random(_BATCH_ROWS) < world.flipped_share
            outcomes = applicants.defaulted ^ flipped
            for features, outcome in zip(applicants.features, outcomes, strict=True):
                if self.world is not world:
                    break  # a changed world takes effect with the very next applicant
                number += 1
                values = {name: float(v) for name, v in zip(FEATURES, features, strict=True)}
                yield _Case({"id": f"a{number}", **values}, bool(outcome))
