"""Answers as JSON text, put together of parts that many answers share.

They say what `route_json` makes values of, which for a hundred thousand would take far longer.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from buckstop.alertmanager import RouteMatch
from buckstop.alertmanager.label_text import matcher_text
from buckstop.alertmanager.routing import RouteOptions
from buckstop.cli.route_answer import RouteAnswer, Taken
from buckstop.cli.route_json import options_value, rest_value

_encode: Final = json.JSONEncoder(ensure_ascii=False).encode
_quoted: Final = json.encoder.encode_basestring
_MUTED: Final = {True: "true", False: "false", None: "null"}


class AnswerTexts:
    """The texts of answers from the same routes at the same time."""

    def __init__(self) -> None:
        """Know none yet."""
        self._routes: dict[tuple[int, ...], str] = {}
        self._options: dict[RouteOptions, str] = {}

    def text(self, answer: RouteAnswer) -> str:
        """What stands in the braces of an answer behind its labels."""
        routes = [
            f'{{{self._route(one)}, "group_key": {_quoted(one.match.group_key(answer.labels))}}}'
            for one in answer.taken
        ]
        return f'"routes": [{", ".join(routes)}], {_rest(answer)}'

    def _route(self, taken: Taken) -> str:
        """A route but for the group's key; it is muted alike for all answers."""
        path = taken.match.path
        known = self._routes.get(path)
        if known is None:
            muted_by = "null" if taken.muted_by is None else _texts(taken.muted_by)
            known = f'{_own(taken.match)}, {self._grouping(taken.match)}, "muted_by": {muted_by}'
            self._routes[path] = known
        return known

    def _grouping(self, match: RouteMatch) -> str:
        """How the route groups and repeats; most are like the one above them."""
        options = match.options
        known = self._options.get(options)
        if known is None:
            known = self._options[options] = _encode(options_value(options))[1:-1]
        return known


def _texts(values: Iterable[str]) -> str:
    """A list of texts as JSON."""
    return f"[{', '.join(map(_quoted, values))}]"


def _own(match: RouteMatch) -> str:
    """What of a route no other has too."""
    matchers = _texts(map(matcher_text, match.route.matchers))
    return (
        f'"path": {list(match.path)}, "receiver": {_quoted(match.receiver)}, "matchers": {matchers}'
    )


def _rest(answer: RouteAnswer) -> str:
    """What stands behind the routes."""
    if answer.inhibition is not None:
        return _encode(rest_value(answer))[1:-1]
    team = "null" if answer.team is None else _quoted(answer.team)
    return (
        f'"receivers": {_texts(answer.receivers)}, "team": {team}, '
        f'"muted": {_MUTED[answer.muted]}, "inhibited_by": null'
    )
