"""``route --batch``: a JSON object a line in, one a line out, of any number of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import IO, Final

from buckstop.cli.answer_texts import AnswerTexts
from buckstop.cli.codes import ROUTE_UNEXPECTED
from buckstop.cli.label_sets import Asked, read_asked, whole_characters
from buckstop.cli.lines import read_lines
from buckstop.cli.route_answer import Answerer
from buckstop.diagnostics import Diagnostic, Span, to_json

MAX_REMEMBERED: Final = 100_000
"""Answers kept as text for label sets that nothing can tell apart; then they are made anew."""
MAX_KEPT: Final = 20
"""Findings that are kept to be shown; all are counted."""

Line = tuple[int, bytes]
"""A line with its number in the file, from 1."""

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


@dataclass(frozen=True, slots=True)
class _Text:
    """An answer but for its labels: as JSON without the opening brace, and its receivers."""

    rest: bytes
    receivers: tuple[str, ...]


def numbered_lines(file: IO[bytes]) -> Iterator[Line]:
    """The lines of `file`, as `read_lines` gives them."""
    return enumerate(read_lines(file), 1)


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
        self._answers = AnswerTexts()

    def answers(self, lines: Iterable[Line]) -> Iterator[bytes]:
        """The answer to each of `lines`; one that cannot be read has its finding as answer.

        Lines of white space alone are passed over.
        """
        for number, line in lines:
            if line.isspace():
                continue
            asked = read_asked(line)
            if isinstance(asked, Diagnostic):
                self.tally.broken += 1
                finding = replace(asked, span=self._place(number))
                self.tally.keep(finding)
                yield f"{_encode({'diagnostics': [to_json(finding)]})}\n".encode()
                continue
            self.tally.label_sets += 1
            try:
                yield self._answer(asked, number, "strict")
            except UnicodeEncodeError:
                whole = Asked(whole_characters(asked.labels), asked.expect)
                yield self._answer(whole, number, "replace")

    def _place(self, number: int) -> Span:
        return Span(self._display, number, 1, number, 1)

    def _answer(self, asked: Asked, number: int, errors: str) -> bytes:
        """One line; raises UnicodeEncodeError where it holds half a surrogate pair."""
        labels, expect, written = asked
        seen = tuple(map(labels.get, self._names))
        text = self._texts.get(seen)
        if text is None:
            text = self._text(labels, seen, errors)
        if written is None:
            named = ", ".join([f"{_quoted(name)}: {_quoted(labels[name])}" for name in labels])
            written = f"{{{named}}}".encode("utf-8", errors)
        if expect is None:
            return b'{"labels": %b, %b}\n' % (written, text.rest)
        met = expect == text.receivers
        said = _encode(expect).encode("utf-8", errors)
        if not met:
            self._unexpected(expect, text.receivers, number)
        return b'{"labels": %b, %b, "expect": %b, "met": %b}\n' % (
            *(written, text.rest, said),
            b"true" if met else b"false",
        )

    def _text(self, labels: Mapping[str, str], seen: tuple[str | None, ...], errors: str) -> _Text:
        answer = self._answerer.answer(labels)
        text = _Text(self._answers.text(answer).encode("utf-8", errors), answer.receivers)
        # The key of a group by all labels hangs on labels that are not among those remembered by.
        if not any(one.match.options.group_by_all for one in answer.taken):
            if len(self._texts) >= MAX_REMEMBERED:
                self._texts.clear()
            self._texts[seen] = text
        return text

    def _unexpected(self, expect: tuple[str, ...], got: tuple[str, ...], number: int) -> None:
        self.tally.unexpected += 1
        message = f"expected {','.join(expect) or 'nobody'}; it goes to {','.join(got)}"
        self.tally.keep(Diagnostic(ROUTE_UNEXPECTED, message, self._place(number)))
