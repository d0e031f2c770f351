"""PromQL and promtool notation: numbers, strings, selectors, sample values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring

from buckstop.prometheus import format_duration

Labels = Sequence[tuple[str, str]]


def number(value: float) -> str:
    """`value` as PromQL reads it back exactly."""
    exact = float(value)
    return str(int(exact)) if exact.is_integer() and abs(exact) < 1e15 else repr(exact)


def quoted(text: str) -> str:
    """`text` as a PromQL string; its escapes are JSON's."""
    return encode_basestring(text)


def selector(metric: str, labels: Labels, *matchers: str) -> str:
    """An instant selector: equality on `labels`, then `matchers` as they are written."""
    conditions = [f"{name}={quoted(value)}" for name, value in labels]
    conditions += [matcher for matcher in matchers if matcher]
    return f"{metric}{{{','.join(conditions)}}}" if conditions else metric


def over(seconds: float, instant: str) -> str:
    """The range selector of `instant` over the last `seconds`."""
    return f"{instant}[{format_duration(seconds)}]"


def parts(*lines: str) -> str:
    """A long expression, one operand a line."""
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Pace:
    """How often the target Prometheus scrapes and evaluates.

    Rates need samples: no window is shorter than four scrapes, so that one lost scrape and the
    jitter of the others still leave two samples in it.
    """

    scrape_seconds: float
    evaluation_seconds: float

    @property
    def shortest_window_seconds(self) -> float:
        """No rate is taken over less."""
        return 4 * self.scrape_seconds

    @property
    def test_evaluation_seconds(self) -> float:
        """How often rules are evaluated in promtool's tests.

        As seldom as the shortest window allows: each test evaluates all rules of its model, so
        this is what decides how long the tests take.
        """
        return max(self.evaluation_seconds, self.shortest_window_seconds)

    def scrapes(self, seconds: float) -> int:
        """How many scrapes cover `seconds`, and one to spare."""
        return math.ceil(seconds / self.scrape_seconds) + 1

    def evaluated_after(self, seconds: float) -> float:
        """The first evaluation of a test that is at least three evaluations after `seconds`."""
        step = self.test_evaluation_seconds
        return (math.ceil(seconds / step) + 3) * step


def steady(value: float, count: int) -> str:
    """`count` + 1 samples of `value`, in promtool's notation."""
    return f"{number(value)}+0x{count}"


def rising(per_scrape: float, count: int) -> str:
    """A counter from 0 that grows by `per_scrape` `count` times."""
    return f"0+{number(per_scrape)}x{count}"


def rising_then_still(per_scrape: float, count: int, still: int) -> str:
    """A counter that grows `count` times, and then stands still for `still` scrapes."""
    return f"{rising(per_scrape, count)} {number(per_scrape * count)}+0x{still - 1}"
