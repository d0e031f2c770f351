"""Commands that wait for the writer, and how a batch of them is decided on one draft."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Any, TypeVar

from buckstop.ledger.domain.book import Book, Draft

T = TypeVar("T")
Command = Callable[[Draft, datetime], T]
"""Decides and records in the draft; called with the time at which it is decided."""

DECIDING_SECONDS = 1.0
"""What is not decided by then waits for the next commit: all servers wait for the record's end."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A command, and where its sender waits for the answer."""

    command: Command[Any]
    answer: Future[Any] = field(default_factory=Future)


@dataclass(frozen=True, slots=True)
class Decided:
    """What a batch came to.

    Attributes:
        draft: what is to be recorded.
        answers: each sender's result, or what its command was refused by.
        undecided: commands for which there was no time.
    """

    draft: Draft
    answers: Sequence[tuple[Future[Any], Any, Exception | None]]
    undecided: Sequence[Waiting] = ()

    def tell(self) -> None:
        """Give everybody their answer: what was decided is durable."""
        for answer, result, refused in self.answers:
            if refused is None:
                answer.set_result(result)
            else:
                answer.set_exception(refused)

    def tell_failed(self, error: Exception) -> None:
        """Nothing was recorded: tell everybody but those who were refused anyway."""
        for answer, _, refused in self.answers:
            answer.set_exception(refused or error)
        for waiting in self.undecided:
            waiting.answer.set_exception(error)


def decide(book: Book, batch: Sequence[Waiting], clock: Callable[[], datetime]) -> Decided | None:
    """Decide each on top of the others; None where one of several failed half-way.

    Then each is to be decided alone, so that it takes no other with it.
    """
    draft = Draft(book)
    answers: list[tuple[Future[Any], Any, Exception | None]] = []
    until = monotonic() + DECIDING_SECONDS
    for index, waiting in enumerate(batch):
        if answers and monotonic() > until:
            return Decided(draft, answers, batch[index:])
        marked = len(draft.events), len(draft.leases)
        # Whatever a command raises, its sender must hear it.
        try:
            answers.append((waiting.answer, waiting.command(draft, clock()), None))
        except Exception as refused:
            if marked != (len(draft.events), len(draft.leases)):
                if len(batch) > 1:
                    return None
                draft = Draft(book)
            answers.append((waiting.answer, None, refused))
    return Decided(draft, answers)
