"""``route --batch``: a JSON object a line in, one a line out, at a hundred thousand a second."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Final

from buckstop.cli.codes import ROUTE_UNEXPECTED
from buckstop.cli.label_sets import Asked, read_asked, read_lines, whole_characters
from buckstop.cli.route_answer import Answerer, RouteAnswer, Taken
from buckstop.cli.route_json import rest_value, taken_value
from buckstop.diagnostics import Diagnostic, Span, to_json

MAX_REMEMBERED: Final = 100_000
"""Answers kept as text for label sets that nothing can tell apart; then they are made anew."""
MAX_KEPT: Final = 20
"""Findings that are kept to be shown; all are counted."""

_encode: Final = json.JSONEncoder(ensure_ascii=False).encode
_quoted: Final = json.encoder.encode_basestring


@dataclass(slots=True)
class Tally:
    """What came of a batch.

    Attributes:
        findings: the first `MAX_KEPT` of those counted.
    """

    label_sets: int = 0
    broken: int = 0
    unexpected: int = 0
    findings: list[Diagnostic] = field(default_factory=list)

    def keep(self, found: Diagnostic) -> None:
        """Keep `found` if it is one of the first."""
        if len(self.findings) < MAX_KEPT:
            self.findings.append(found)


@dataclass(frozen=True, slots=True)
class _Text:
    """An answer but for its labels: as JSON without the opening brace, and its receivers."""

    rest: str
    receivers: tuple[str, ...]


class Batch:
    """Answers line by line; alerts that nothing can tell apart share one answer.

    Attributes:
        tally: of the lines answered so far.
    """

    def __init__(self, answerer: Answerer, display: str) -> None:
        """Take what answers, and the name of the file that the lines come from."""
        self.tally = Tally()
        self._answerer = answerer
        self._names = answerer.labels_that_matter
        self._display = display
        self._texts: dict[tuple[str | None, ...], _Text] = {}
        self._routes: dict[tuple[int, ...], str] = {}
        self._rests: dict[tuple[tuple[str, ...], str | None, bool | None], str] = {}

    def lines(self, file: IO[bytes]) -> Iterator[bytes]:
        """The answer to each line of `file`; a line that cannot be read has its finding as answer.

        Lines of white space alone are passed over.
        """
        for number, line in enumerate(read_lines(file), 1):
            if line.isspace():
                continue
            place = Span(self._display, number, 1, number, 1)
            asked = read_asked(line, place)
            if isinstance(asked, Diagnostic):
                self.tally.broken += 1
                self.tally.keep(asked)
                yield f"{_encode({'diagnostics': [to_json(asked)]})}\n".encode()
                continue
            self.tally.label_sets += 1
            try:
                yield self._answer(asked, place, "strict")
            except UnicodeEncodeError:
                whole = Asked(whole_characters(asked.labels), asked.expect)
                yield self._answer(whole, place, "replace")

    def _answer(self, asked: Asked, place: Span, errors: str) -> bytes:
        """One line; raises UnicodeEncodeError where it holds half a surrogate pair."""
        labels = asked.labels
        seen = tuple(map(labels.get, self._names))
        text = self._texts.get(seen)
        if text is None:
            text = self._text(labels, seen)
        named = ", ".join([f"{_quoted(name)}: {_quoted(labels[name])}" for name in labels])
        line = f'{{"labels": {{{named}}}, {text.rest}'
        if asked.expect is None:
            return f"{line}}}\n".encode("utf-8", errors)
        met = asked.expect == text.receivers
        verdict = f'"expect": {_encode(asked.expect)}, "met": {"true" if met else "false"}'
        answer = f"{line}, {verdict}}}\n".encode("utf-8", errors)
        if not met:
            self._unexpected(asked.expect, text.receivers, place)
        return answer

    def _text(self, labels: Mapping[str, str], seen: tuple[str | None, ...]) -> _Text:
        answer = self._answerer.answer(labels)
        routes = ", ".join(
            f'{self._route(one)}, "group_key": {_encode(one.match.group_key(labels))}}}'
            for one in answer.taken
        )
        text = _Text(f'"routes": [{routes}], {self._rest(answer)}', answer.receivers)
        # The key of a group by all labels hangs on labels that are not among those remembered by.
        if not any(one.match.options.group_by_all for one in answer.taken):
            if len(self._texts) >= MAX_REMEMBERED:
                self._texts.clear()
            self._texts[seen] = text
        return text

    def _route(self, taken: Taken) -> str:
        """A route as JSON, the closing brace left out; a route is muted alike for a whole batch."""
        path = taken.match.path
        if path not in self._routes:
            self._routes[path] = _encode(taken_value(taken))[:-1]
        return self._routes[path]

    def _rest(self, answer: RouteAnswer) -> str:
        """What stands behind the routes, without braces; made once where nothing inhibits."""
        if answer.inhibition is not None:
            return _encode(rest_value(answer))[1:-1]
        key = (answer.receivers, answer.team, answer.muted)
        rest = self._rests.get(key)
        if rest is None:
            rest = _encode(rest_value(answer))[1:-1]
            if len(self._rests) >= MAX_REMEMBERED:
                self._rests.clear()
            self._rests[key] = rest
        return rest

    def _unexpected(self, expect: tuple[str, ...], got: tuple[str, ...], place: Span) -> None:
        self.tally.unexpected += 1
        message = f"expected {','.join(expect) or 'nobody'}; it goes to {','.join(got)}"
        self.tally.keep(Diagnostic(ROUTE_UNEXPECTED, message, place))
