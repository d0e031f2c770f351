"""How an execution ends that does not come to its end."""

from __future__ import annotations

from dataclasses import dataclass

from buckstop.gotemplate.nodes import Place


@dataclass(frozen=True, slots=True)
class Failure:
    """Where an execution fails, or may.

    Attributes:
        reason: in Go's words.
        place: in `text`, which is the text of a definition where one is called.
        field: the field that does not exist, else empty.
    """

    reason: str
    place: Place
    text: str
    field: str = ""


class FailsError(Exception):
    """What is executed fails here, whatever the data."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.reason)
        self.failure = failure


class TooLongError(Exception):
    """More steps than are followed."""
