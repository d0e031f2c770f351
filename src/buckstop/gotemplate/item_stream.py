"""The items of a template as its parser takes them: with look-ahead, and a memory of lines."""

from __future__ import annotations

from typing import Final

from buckstop.gotemplate.lexing import Item, ItemKind, items
from buckstop.gotemplate.nodes import Fault, Place

MAX_FAULTS: Final = 100
"""Faults of one text that are reported."""


class StoppedError(Exception):
    """Parsing cannot go on; the fault is on record."""


class ItemStream:
    """The items of one text, and the faults found among them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.faults: list[Fault] = []
        self._items = items(text)
        self._next = 0
        self._furthest = 0

    @property
    def mark(self) -> int:
        """Where the parser is, to go `back` to."""
        return self._next

    def back(self, mark: int) -> None:
        """Go back to where the parser was at `mark`."""
        self._next = mark

    def take(self) -> Item:
        """The next item; at the end, the last one again."""
        item = self._items[min(self._next, len(self._items) - 1)]
        self._furthest = max(self._furthest, min(self._next, len(self._items) - 1))
        self._next += 1
        return item

    def take_visible(self) -> Item:
        """The next item that is no white space."""
        item = self.take()
        while item.kind == "space":
            item = self.take()
        return item

    def peek(self) -> Item:
        """The next item, which stays the next."""
        mark = self._next
        item = self.take()
        self._next = mark
        return item

    def peek_visible(self) -> Item:
        """The next item that is no white space; nothing is taken."""
        mark = self._next
        item = self.take_visible()
        self._next = mark
        return item

    def expect(self, kinds: tuple[ItemKind, ...], context: str) -> Item:
        """The next visible item, which must be one of `kinds`."""
        item = self.take_visible()
        if item.kind not in kinds:
            raise self.unexpected(item, context)
        return item

    def unexpected(self, item: Item, context: str) -> StoppedError:
        """What to raise at `item`, which Go would not expect in `context`; it is recorded."""
        message = item.text if item.kind == "error" else f"unexpected {item} in {context}"
        return self.stopped(message, item)

    def stopped(self, message: str, item: Item | None = None) -> StoppedError:
        """What to raise for a fault after which nothing can be read any more; it is recorded."""
        self.record(message, self._last if item is None else item)
        return StoppedError(message)

    def record(self, message: str, item: Item) -> None:
        """Record a fault, unless there are enough; parsing goes on, to find the next."""
        if len(self.faults) == MAX_FAULTS:
            return
        line = 1 + self.text.count("\n", 0, self._last.start)
        end = min(max(item.end, item.start + 1), len(self.text))
        self.faults.append(Fault(message, min(item.start, end), end, line))

    @property
    def last_taken_start(self) -> int:
        """Where the last item that was taken begins."""
        return self._items[min(self._next, len(self._items)) - 1].start

    @property
    def _last(self) -> Item:
        return self._items[self._furthest]

    def place(self, start: int, end: int, reported: int | None = None) -> Place:
        """The place from `start` to `end`."""
        at = start if reported is None else reported
        return Place(start, end, at, self.text[start:end])
