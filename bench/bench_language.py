"""Questions about patterns: two lists of 200 names, against the time RE2 takes to compile them.

Who reads routes asks whether one matcher takes all that another takes, and for example what both
take. The measure is what a server itself spends on the two patterns: compiling them. Times are
the processor's.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from time import process_time
from typing import Final, Literal

import re2
from bench.figures import print_table, seconds, times

import buckstop.language
from buckstop.language import Language, example, includes, matching

NAMES: Final = 200
TURN: Final = 10
"""Characters after the one that the worst case turns on: its states are two to this power."""


@dataclass(frozen=True, slots=True)
class Question:
    """Two patterns that have strings in common.

    Attributes:
        is_included: whether `outer` takes all that `inner` takes.
    """

    title: str
    outer: str
    inner: str
    is_included: bool


def names(start: int) -> list[str]:
    """Names as teams have them, numbered from `start`."""
    kinds = ("payments", "search", "risk", "data-platform", "ml-serving")
    return [f"{kinds[i % len(kinds)]}-team-{i}" for i in range(start, start + NAMES)]


def questions() -> tuple[Question, ...]:
    """Lists that share a half; lists in another order; an automaton that must count in powers."""
    outer, inner = "|".join(names(0)), "|".join(names(NAMES // 2))
    reversed_ = "|".join(reversed(names(0)))
    return (
        Question("names, a half shared", outer, inner, is_included=False),
        Question("the same names", outer, reversed_, is_included=True),
        Question("(?i), a half shared", f"(?i)({outer})", f"(?i)({inner})", is_included=False),
        Question("(?i), the same names", f"(?i)({outer})", f"(?i)({reversed_})", is_included=True),
        Question("with .*, a half shared", f"({outer}).*", f"({inner}).*", is_included=False),
        Question("with .*, the same names", f"({outer}).*", f"({reversed_}).*", is_included=True),
        Question(
            f"worst: [ab]*[ab]{{{TURN + 1}}} and [ab]*a[ab]{{{TURN}}}",
            f"[ab]*[ab]{{{TURN + 1}}}",
            f"[ab]*a[ab]{{{TURN}}}",
            is_included=True,
        ),
    )


def main() -> None:
    """Measure and print."""
    rows = [row for question in questions() for row in _rows(question)]
    print_table(
        f"Two patterns of {NAMES} names each; RE2 compiling both = 1",
        ("", "RE2 compiles both", "new process", "", "patterns new", "", "asked again", ""),
        rows,
    )


def _rows(question: Question) -> list[tuple[str, ...]]:
    def is_included() -> bool:
        outer, inner = _languages(question)
        return includes(outer, inner)

    def have_common() -> bool:
        outer, inner = _languages(question)
        return example(outer & inner) is not None

    compiling = seconds(lambda: _compile(question), before=re2.purge, clock=process_time)
    rows: list[tuple[str, ...]] = []
    for what, ask, expected in (
        ("inclusion", is_included, question.is_included),
        ("intersection", have_common, True),
    ):
        assert ask() is expected, (question.title, what)
        measured = (
            seconds(ask, 3, before=lambda: _forget("tables"), clock=process_time),
            seconds(ask, 3, before=lambda: _forget("patterns"), clock=process_time),
            seconds(ask, clock=process_time),
        )
        cells = (cell for taken in measured for cell in (_ms(taken), times(taken, compiling)))
        rows.append((f"{question.title}: {what}", _ms(compiling), *cells))
    return rows


def _languages(question: Question) -> tuple[Language, Language]:
    return matching(question.outer), matching(question.inner)


def _compile(question: Question) -> None:
    for pattern in (question.outer, question.inner):
        re2.compile(f"^(?:{pattern})$")


def _forget(what: Literal["patterns", "tables"]) -> None:
    """Empty the caches of the language package.

    `patterns`: all that it knows of patterns; `tables`: besides, what it has learnt of Unicode,
    as in a process that has just begun.
    """
    re2.purge()
    for found in pkgutil.iter_modules(buckstop.language.__path__):
        if found.name == "oracle" and what == "patterns":
            continue
        module = importlib.import_module(f"buckstop.language.{found.name}")
        for one in vars(module).values():
            if hasattr(one, "cache_clear") and one.__module__ == module.__name__:
                one.cache_clear()


def _ms(taken_seconds: float) -> str:
    return f"{taken_seconds * 1e3:.2f} ms"


if __name__ == "__main__":
    main()
