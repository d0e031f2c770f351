"""Where in a text the values of secrets stand: by its YAML, and by its look where it is none.

A key says what is secret. Its value is found by the parser, which alone knows where a value ends
that is quoted, folded, in brackets or anchored. Where a text is no YAML, and in what is no value of
its own, such as a comment, `secret_slips` looks for what a slip has made of a key and its value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, NamedTuple

import yaml

from buckstop.cli.secret_slips import SECRET_KEY, SECRET_SECTION, is_secret, may_hold_secrets, slips
from buckstop.document.collector import collection_paused
from buckstop.document.parse import events

_DOCUMENT_START: Final = re.compile(r"^---(?=\s|$)", re.MULTILINE)
_PROPERTIES: Final = re.compile(r"(?:[&!]\S*\s+(?:#[^\n]*\n\s*)?)+")
"""The anchor and the tag before a value."""
_COMMENT: Final = re.compile(r"(?:^|(?<=\s))#[^\n]*")
_PERHAPS_SLIP: Final = re.compile(r"[:=\s]")
"""What stands in a value that is more than one word."""
_BLOCKS: Final = frozenset("|>")
_MAX_DEPTH: Final = 20
"""Of texts that stand as blocks within texts."""


class Place(NamedTuple):
    """A stretch of a text that may not be shown, by offsets, and what it says."""

    start: int
    end: int
    value: str


@lru_cache(maxsize=2)
def secret_places(text: str) -> tuple[Place, ...]:
    """The values of secrets in `text`, in its order; one may lie within another.

    A value that holds a template is no secret and is what a finding is likely to speak of.
    """
    if not may_hold_secrets(text):
        return ()
    with collection_paused():
        return tuple(sorted(_places(text, 0)))


def _places(text: str, depth: int) -> Iterator[Place]:
    offset = 1 if text.startswith("\ufeff") else 0
    while True:
        walk = _Walk(text, offset, depth)
        try:
            for event in events(text[offset:]):
                walk.take(event)
        except (yaml.YAMLError, ValueError, OverflowError) as error:
            yield from walk.found
            mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
            place = walk.key_line if mark is None else max(walk.key_line, offset + mark.index)
            following = _DOCUMENT_START.search(text, min(place + 1, len(text)))
            end = len(text) if following is None else following.start()
            yield from _by_look(text, walk.key_line, end)
            if following is None:
                return
            offset = end
        else:
            yield from walk.found
            yield from _comments(text, walk.done, len(text))
            return


def _by_look(text: str, start: int, end: int) -> Iterator[Place]:
    for first, last in slips(text[start:end]):
        yield Place(start + first, start + last, text[start + first : start + last])


def _comments(text: str, start: int, end: int) -> Iterator[Place]:
    """What is secret in the comments between two values."""
    if text.find("#", start, end) < 0:
        return
    for comment in _COMMENT.finditer(text, start, end):
        yield from _by_look(text, comment.start(), comment.end())


@dataclass(slots=True)
class _Open:
    """A list or a mapping whose end is not met yet.

    Attributes:
        is_secret: whether the value at hand is one.
        is_all_secret: whether every value is.
        expects_key: None in a list.
    """

    is_secret: bool
    is_all_secret: bool
    expects_key: bool | None

    def ended(self) -> None:
        """A key or a value ends.

        What a key says that is itself a section is not known, so its value is taken for a secret.
        """
        if self.expects_key is not None:
            self.is_secret = self.expects_key
            self.expects_key = not self.expects_key


class _Walk:
    """One pass over the parser's events.

    Attributes:
        found: the secrets so far.
        done: where the last value ended.
        key_line: where the line of the last key begins, whose value a slip may have cut off.
    """

    def __init__(self, text: str, offset: int, depth: int) -> None:
        self.found: list[Place] = []
        self.done = self.key_line = offset
        self._text = text
        self._offset = offset
        self._depth = depth
        self._key_start = offset
        self._open: list[_Open] = []
        self._anchors: dict[str, Place] = {}
        self._takers: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.AliasEvent: self._alias,
            yaml.MappingStartEvent: self._start_mapping,
            yaml.SequenceStartEvent: self._start_sequence,
            yaml.MappingEndEvent: self._close,
            yaml.SequenceEndEvent: self._close,
        }

    def take(self, event: Any) -> None:
        """Look at the next event."""
        take = self._takers.get(type(event))
        if take is not None:
            take(event)

    def _alias(self, event: Any) -> None:
        parent = self._open[-1] if self._open else None
        if parent is not None and parent.expects_key:
            anchored = self._anchors.get(event.anchor)
            parent.ended()
            if anchored is not None:
                parent.is_all_secret, parent.is_secret = self._said_by(anchored.value)
            return
        if self._is_secret() and event.anchor in self._anchors:
            self.found.append(self._anchors[event.anchor])
        self._ended()

    def _start_mapping(self, _: Any) -> None:
        is_all_secret = bool(self._open) and self._open[-1].is_all_secret
        self._open.append(_Open(is_all_secret, is_all_secret, expects_key=True))

    def _start_sequence(self, _: Any) -> None:
        is_all_secret = bool(self._open) and self._open[-1].is_all_secret
        self._open.append(_Open(self._is_secret(), is_all_secret, expects_key=None))

    def _close(self, _: Any) -> None:
        self._open.pop()
        self._ended()

    def _is_secret(self) -> bool:
        return bool(self._open) and self._open[-1].is_secret

    def _ended(self) -> None:
        if self._open:
            self._open[-1].ended()

    def _scalar(self, event: Any) -> None:
        text, value = self._text, event.value
        start, end = self._offset + event.start_mark.index, self._offset + event.end_mark.index
        if text.find("#", self.done, start) >= 0:
            self.found.extend(_comments(text, self.done, start))
        self.done = end
        parent = self._open[-1] if self._open else None
        is_key = parent is not None and parent.expects_key
        place = None
        if event.anchor is not None or event.tag is not None:
            start = _after_properties(text, start, end)
        if event.anchor is not None:
            place = self._anchors[event.anchor] = Place(start, end, value)
        if parent is not None and is_key:
            newline = text.rfind("\n", self._key_start, start)
            self._key_start = start
            if newline >= 0:
                self.key_line = newline + 1
            parent.expects_key = False
            parent.is_all_secret, parent.is_secret = self._said_by(value)
        elif parent is not None and parent.is_secret:
            if is_secret(value):
                self.found.append(place or Place(start, end, value))
            parent.ended()
            return
        else:
            self._ended()
        if event.style in _BLOCKS and not is_key and self._depth < _MAX_DEPTH:
            self._block(start, end)
        elif _PERHAPS_SLIP.search(value) is not None:
            self.found.extend(_by_look(text, start, end))

    def _said_by(self, key: str) -> tuple[bool, bool]:
        """Whether everything below `key` is secret, and whether its own value is."""
        if self._is_within_all_secret() or SECRET_SECTION.fullmatch(key) is not None:
            return True, True
        return False, _is_key_of_secret(key)

    def _is_within_all_secret(self) -> bool:
        return len(self._open) > 1 and self._open[-2].is_all_secret

    def _block(self, start: int, end: int) -> None:
        """A configuration may stand in a block of a Kubernetes object."""
        body = self._text.find("\n", start, end) + 1
        if body == 0 or not may_hold_secrets(self._text[body:end]):
            return
        for one in _places(self._text[body:end], self._depth + 1):
            self.found.append(Place(body + one.start, body + one.end, one.value))


def _after_properties(text: str, start: int, end: int) -> int:
    properties = _PROPERTIES.match(text, start, end)
    return start if properties is None else properties.end()


@lru_cache(maxsize=1_024)
def _is_key_of_secret(key: str) -> bool:
    return SECRET_KEY.fullmatch(key) is not None
