"""``route --batch``: a JSON object a line in, one a line out, of any number of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from buckstop.cli.answer_texts import AnswerTexts, PlaceText, inhibition_text
from buckstop.cli.codes import ROUTE_UNEXPECTED
from buckstop.cli.label_sets import Asked, read_asked, whole_characters
from buckstop.cli.route_answer import Answerer
from buckstop.diagnostics import Diagnostic, Span, to_json

MAX_REMEMBERED: Final = 100_000
"""Places of alerts, and what inhibits them, that are kept as text; then they are made anew."""
MAX_KEPT: Final = 20
"""Findings that are kept to be shown; all are counted."""

_encode: Final = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
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

    def add(self, other: Tally) -> None:
        """What came of later lines besides."""
        self.label_sets += other.label_sets
        self.broken += other.broken
        self.unexpected += other.unexpected
        self.findings += other.findings[: MAX_KEPT - len(self.findings)]


class Batch:
    """Answers line by line; alerts that take the same routes share most of their text.

    Attributes:
        tally: of the lines answered so far.
    """

    def __init__(self, answerer: Answerer, display: str) -> None:
        """Take what answers, and the name of the file that the lines come from."""
        self.tally = Tally()
        self._answerer = answerer
        self._display = display
        self._texts = AnswerTexts()
        self._places: dict[tuple[str | None, ...], PlaceText] = {}
        self._inhibitions: dict[tuple[str | None, ...], bytes] = {}

    def answers(self, lines: Iterable[bytes], first: int = 1) -> Iterator[bytes]:
        """The answer to each of `lines`; one that cannot be read has its finding as answer.

        Lines of white space alone are passed over.

        Args:
            lines: as `read_lines` gives them.
            first: the number of the first of them in the file.
        """
        for number, line in enumerate(lines, first):
            if line.isspace():
                continue
            asked = read_asked(line)
            if isinstance(asked, Diagnostic):
                self.tally.broken += 1
                finding = replace(asked, span=self._line(number))
                self.tally.keep(finding)
                yield f"{_encode({'diagnostics': [to_json(finding)]})}\n".encode()
                continue
            self.tally.label_sets += 1
            try:
                yield self._answer(asked, number)
            except UnicodeEncodeError:
                whole = Asked(whole_characters(asked.labels), asked.expect)
                yield self._answer(whole, number, "replace")

    def _line(self, number: int) -> Span:
        return Span(self._display, number, 1, number, 1)

    def _answer(self, asked: Asked, number: int, errors: str = "strict") -> bytes:
        """One line; raises UnicodeEncodeError where it holds half a surrogate pair."""
        labels, expect, written = asked
        place = self._place(labels)
        text = place.text(labels, self._inhibited_by(labels))
        if written is None:
            named = ", ".join([f"{_quoted(name)}: {_quoted(labels[name])}" for name in labels])
            written = f"{{{named}}}".encode()
        if expect is None:
            return b'{"labels": %b, %b}\n' % (written, text)
        met = expect == place.receivers
        said = _encode(expect).encode("utf-8", errors)
        if not met:
            self._unexpected(expect, place.receivers, number)
        return b'{"labels": %b, %b, "expect": %b, "met": %b}\n' % (
            *(written, text, said),
            b"true" if met else b"false",
        )

    def _place(self, labels: Mapping[str, str]) -> PlaceText:
        seen = tuple(map(labels.get, self._answerer.labels_that_place))
        place = self._places.get(seen)
        if place is None:
            place = self._texts.place(self._answerer.answer(labels))
            if len(self._places) >= MAX_REMEMBERED:
                self._places.clear()
            self._places[seen] = place
        return place

    def _inhibited_by(self, labels: Mapping[str, str]) -> bytes:
        seen = tuple(map(labels.get, self._answerer.labels_that_inhibit))
        text = self._inhibitions.get(seen)
        if text is None:
            text = inhibition_text(self._answerer.inhibition(labels))
            if len(self._inhibitions) >= MAX_REMEMBERED:
                self._inhibitions.clear()
            self._inhibitions[seen] = text
        return text

    def _unexpected(self, expect: tuple[str, ...], got: tuple[str, ...], number: int) -> None:
        self.tally.unexpected += 1
        message = f"expected {','.join(expect) or 'nobody'}; it goes to {','.join(got)}"
        self.tally.keep(Diagnostic(ROUTE_UNEXPECTED, message, self._line(number)))
