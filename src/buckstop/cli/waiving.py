"""What waivers do to a report: findings and verdicts that no longer count, and what is amiss."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from buckstop.cli.codes import ALWAYS_COUNT, WAIVER_EXPIRED, WAIVER_UNUSED
from buckstop.cli.explain import all_codes
from buckstop.cli.findings import verdict_finding
from buckstop.cli.report import Report, Waived
from buckstop.cli.waivers import WORD, Waiver, read_waivers
from buckstop.diagnostics import Diagnostic
from buckstop.diagnostics.places import each_place, without_places


def waive(
    report: Report, texts: Mapping[str, str], names: Mapping[str, str], today: date
) -> Report:
    """`report` as the waivers in `texts` have it.

    Args:
        texts: YAML by the name of its file.
        names: of files in places to the name of the file in `texts`, where they differ.
        today: on the day after the last one of a waiver it waives no more.
    """
    waivers: list[Waiver] = []
    amiss: list[Diagnostic] = []
    for file, text in texts.items():
        if WORD in text:
            read, wrong = read_waivers(text, file, _known())
            waivers += read
            amiss += wrong
    if not waivers and not amiss:
        return report
    register = _Register(waivers, names, today)
    left = list(register.left_of(report.diagnostics))
    excused = frozenset(
        answer
        for answer in report.answers
        if (verdict := verdict_finding(answer)) is not None and register.takes(verdict)
    )
    return replace(
        report,
        diagnostics=(*left, *amiss, *register.amiss()),
        waived=tuple(register.waived),
        excused=excused,
    )


def _known() -> frozenset[str]:
    kinds = (code for codes in all_codes().values() for code in codes)
    return frozenset(code.name for code in kinds if code not in ALWAYS_COUNT)


class _Register:
    """The waivers by what they waive, and those that have been used."""

    def __init__(self, waivers: Sequence[Waiver], names: Mapping[str, str], today: date) -> None:
        self.waived: list[Waived] = []
        self._waivers = waivers
        self._names = names
        self._today = today
        self._used: set[Waiver] = set()
        self._by_place: defaultdict[tuple[str, str, int], list[Waiver]] = defaultdict(list)
        for waiver in waivers:
            for line in waiver.lines:
                self._by_place[waiver.code, waiver.span.file, line].append(waiver)

    def left_of(self, found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
        """What of `found` is not waived; one of several places keeps those that are not."""
        for one in found:
            out = [self.takes(place) for place in each_place(one)]
            left = without_places(one, out, "waived")
            if left is not None:
                yield left

    def takes(self, found: Diagnostic) -> bool:
        """Whether a waiver that still holds waives `found`; it is kept among those waived."""
        if found.span is None:
            return False
        file = self._names.get(found.span.file, found.span.file)
        at_place = self._by_place.get((found.code.name, file, found.span.line), ())
        self._used.update(at_place)
        holding = next((waiver for waiver in at_place if self._today <= waiver.until), None)
        if holding is None:
            return False
        self.waived.append(Waived(found, holding))
        return True

    def amiss(self) -> Iterator[Diagnostic]:
        """What is to be said of waivers that have expired, and of those that match nothing."""
        for waiver in self._waivers:
            if waiver.until < self._today:
                yield Diagnostic(
                    WAIVER_EXPIRED,
                    f"{waiver.code} was waived until {waiver.until}: {waiver.reason}",
                    waiver.code_span,
                    hint="mend the finding, or decide anew until when it is to be waived"
                    if waiver in self._used
                    else "nothing matches it any more; remove it",
                )
            elif waiver not in self._used:
                yield Diagnostic(
                    WAIVER_UNUSED,
                    f"there is no {waiver.code} here to waive",
                    waiver.code_span,
                    hint="remove it; a waiver stands in the line of the finding or above it",
                )
