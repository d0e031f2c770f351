"""What ``check`` says to people of findings that do not count: waived, or in the baseline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from buckstop.cli.report import Baseline, Report, Waived
from buckstop.diagnostics import in_file_order, visible


def not_counted(report: Report, *, every: bool) -> Iterator[str]:
    """Lines that count them; each of them too, where `every` one is asked for."""
    if report.waived:
        yield from _waived(report.waived, every=every)
    if report.baseline is not None:
        yield from _baseline(report.baseline, every=every)


def _waived(waived: Sequence[Waived], *, every: bool) -> Iterator[str]:
    days = sorted({one.waiver.until for one in waived})
    until = f"until {days[0]}" if len(days) == 1 else f"the first until {days[0]}"
    yield f"{_counted(waived)} waived, {until}{'' if every else '; -v lists them'}."
    for one in waived if every else ():
        place = f"{one.finding.code.name}, until {one.waiver.until} ({one.waiver.span})"
        yield f"  {visible(place)}: {visible(one.waiver.reason)}"


def _baseline(baseline: Baseline, *, every: bool) -> Iterator[str]:
    more = "" if every or not baseline.known else "; -v lists them"
    yield f"{_counted(baseline.known)} known from {visible(baseline.file)}{more}."
    for found in in_file_order(baseline.known) if every else ():
        yield visible(f"  {found.code.name} ({found.span or 'no place'}): {found.message}")
    if baseline.gone:
        yield (
            f"{_counted(baseline.gone)} in {visible(baseline.file)} no longer there: "
            "renew it with --write-baseline."
        )
    for entry in baseline.gone if every else ():
        yield visible(f"  {entry.code} ({entry.file or 'no place'}) {entry.alert}".rstrip())


def _counted(findings: Sequence[object]) -> str:
    return f"{len(findings):,} finding{'' if len(findings) == 1 else 's'}"
