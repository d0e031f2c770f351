"""Answers as JSON text, put together of parts that many answers share.

They say what `route_json` makes values of, which for a hundred thousand would take far longer.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from buckstop.alertmanager import RouteMatch
from buckstop.alertmanager.inhibition import Inhibition
from buckstop.alertmanager.label_text import label_set_text, matcher_text
from buckstop.alertmanager.routing import RouteOptions
from buckstop.cli.route_answer import RouteAnswer, Taken
from buckstop.cli.route_json import inhibition_value, options_value

MAX_REMEMBERED: Final = 100_000
"""Groups of one kind whose text is kept; then they are written anew."""

_encode: Final = json.JSONEncoder(ensure_ascii=False).encode
_quoted: Final = json.encoder.encode_basestring
_MUTED: Final = {True: "true", False: "false", None: "null"}


@dataclass(frozen=True, slots=True)
class PlaceText:
    """What is said of all alerts that take the same routes and are the same team's.

    Attributes:
        receivers: in the order of notification, repeats included.
        groups: what ends the group key of each route.
        around: the text before, between and behind those.
    """

    receivers: tuple[str, ...]
    groups: tuple[GroupTexts, ...]
    around: tuple[bytes, ...]

    def text(self, labels: Mapping[str, str], inhibited_by: bytes) -> bytes:
        """What stands in the braces of an answer behind its labels.

        Raises:
            UnicodeEncodeError: a label that groups has half of a surrogate pair.
        """
        around = self.around
        if len(around) == 2:  # as for almost every alert
            return b"%b%b%b%b" % (around[0], self.groups[0].text(labels), around[1], inhibited_by)
        pieces = [around[0]]
        for group, behind in zip(self.groups, around[1:], strict=True):
            pieces += (group.text(labels), behind)
        pieces.append(inhibited_by)
        return b"".join(pieces)


class GroupTexts:
    """The labels at the end of group keys, as JSON without quotes, of routes that group alike."""

    def __init__(self, options: RouteOptions) -> None:
        """Know none yet."""
        self._options = options
        self._known: dict[tuple[str | None, ...], bytes] = {}

    def text(self, labels: Mapping[str, str]) -> bytes:
        """Those of the group that an alert with `labels` joins."""
        if self._options.group_by_all:
            return self._made(labels)
        values = tuple(map(labels.get, self._options.group_by))
        known = self._known.get(values)
        if known is None:
            known = self._made(labels)
            if len(self._known) >= MAX_REMEMBERED:
                self._known.clear()
            self._known[values] = known
        return known

    def _made(self, labels: Mapping[str, str]) -> bytes:
        return _unquoted(label_set_text(self._options.group_labels(labels))).encode()


class AnswerTexts:
    """The texts of answers from the same routes at the same time."""

    def __init__(self) -> None:
        """Know none yet."""
        self._routes: dict[tuple[int, ...], tuple[str, GroupTexts]] = {}
        self._groupings: dict[RouteOptions, tuple[str, GroupTexts]] = {}

    def place(self, answer: RouteAnswer) -> PlaceText:
        """The text that `answer` shares with others: not its labels, nor what inhibits it."""
        around = []
        groups = []
        text = '"routes": ['
        for one in answer.taken:
            route, group = self._route(one)
            around.append(f"{text}{{{route}".encode())
            groups.append(group)
            text = '"}, '
        end = '"}], ' if around else f"{text}], "
        team = "null" if answer.team is None else _quoted(answer.team)
        around.append(
            f'{end}"receivers": {_texts(answer.receivers)}, "team": {team}, '
            f'"muted": {_MUTED[answer.muted]}, "inhibited_by": '.encode()
        )
        return PlaceText(answer.receivers, tuple(groups), tuple(around))

    def _route(self, taken: Taken) -> tuple[str, GroupTexts]:
        """A route up to the labels of the group, and those; it is muted alike for all answers."""
        match = taken.match
        known = self._routes.get(match.path)
        if known is None:
            grouping, group = self._grouping(match.options)
            muted_by = "null" if taken.muted_by is None else _texts(taken.muted_by)
            own = f'{_own(match)}, {grouping}, "muted_by": {muted_by}'
            known = (f'{own}, "group_key": "{_unquoted(match.key)}:', group)
            self._routes[match.path] = known
        return known

    def _grouping(self, options: RouteOptions) -> tuple[str, GroupTexts]:
        """How a route groups and repeats, and its groups; most are like the one above them."""
        known = self._groupings.get(options)
        if known is None:
            text = _encode(options_value(options))[1:-1]
            known = self._groupings[options] = (text, GroupTexts(options))
        return known


def inhibition_text(inhibition: Inhibition | None) -> bytes:
    """What inhibits an alert, or that nothing does."""
    return _encode(inhibition_value(inhibition)).encode()


def _texts(values: Iterable[str]) -> str:
    """A list of texts as JSON."""
    return f"[{', '.join(map(_quoted, values))}]"


def _unquoted(text: str) -> str:
    """`text` as it stands between the quotes of JSON."""
    return _quoted(text)[1:-1]


def _own(match: RouteMatch) -> str:
    """What of a route no other has too."""
    matchers = _texts(map(matcher_text, match.route.matchers))
    return (
        f'"path": {list(match.path)}, "receiver": {_quoted(match.receiver)}, "matchers": {matchers}'
    )
