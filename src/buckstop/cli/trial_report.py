"""What ``test`` says: for people a table with what differs, for scripts JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from buckstop.alertmanager import RouteMatch
from buckstop.alertmanager.label_text import matcher_text
from buckstop.cli.route_json import match_value, rest_value
from buckstop.cli.tables import Row, Shape, print_table
from buckstop.cli.trials import Coverage, Trial
from buckstop.diagnostics import (
    Diagnostic,
    Level,
    has_errors,
    in_file_order,
    render_terminal,
    summary,
    to_json,
    visible,
)

FORMAT_VERSION: Final = 1
MAX_ROWS: Final = 30
"""Of more expectations only those that are not met are shown; ``-v`` shows every one."""
MAX_MISSED: Final = 20
"""Routes that nothing reaches and that are shown; ``-v`` shows every one."""

_MET: Final = ("✓ met", "green")
_UNMET: Final = ("✗ not met", "bold red")


@dataclass(frozen=True, slots=True)
class TrialReport:
    """All that is to be said.

    Attributes:
        findings: but for those of expectations that are not met.
        coverage: None where nobody asked.
        fail_under: the share of the routes that must be reached, in per cent, or None.
    """

    trials: tuple[Trial, ...]
    findings: tuple[Diagnostic, ...]
    coverage: Coverage | None
    fail_under: float | None

    @property
    def met(self) -> int:
        """How many expectations are met."""
        return sum(not trial.unmet for trial in self.trials)

    @property
    def is_covered(self) -> bool:
        """Whether enough of the routes is reached."""
        if self.coverage is None or self.fail_under is None:
            return True
        return not self.coverage.is_under(self.fail_under)

    @property
    def fails(self) -> bool:
        """Whether the exit code is 1."""
        return self.met < len(self.trials) or has_errors(self.findings) or not self.is_covered


def trials_json(report: TrialReport) -> str:
    """The report as JSON text with a newline at its end."""
    unmet = [found for trial in report.trials for found in trial.unmet]
    value = {
        "version": FORMAT_VERSION,
        "summary": {
            "expectations": len(report.trials),
            "met": report.met,
            "not_met": len(report.trials) - report.met,
            "errors": sum(found.level is Level.ERROR for found in report.findings),
        },
        "expectations": [_trial_value(trial) for trial in report.trials],
        "coverage": None if report.coverage is None else _coverage_value(report.coverage),
        "diagnostics": [to_json(found) for found in in_file_order([*report.findings, *unmet])],
    }
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _trial_value(trial: Trial) -> dict[str, Any]:
    one = trial.expectation
    return {
        "name": one.name,
        "file": one.span.file,
        "line": one.span.line,
        "labels": dict(one.labels),
        "met": not trial.unmet,
        "differs": [found.message for found in trial.unmet],
        **rest_value(trial.answer),
    }


def _coverage_value(coverage: Coverage) -> dict[str, Any]:
    return {
        "routes": len(coverage.reached) + len(coverage.missed),
        "routes_reached": len(coverage.reached),
        "routes_missed": [
            {**match_value(match), "file": match.route.span.file, "line": match.route.span.line}
            for match in coverage.missed
        ],
        "receivers_reached": list(coverage.receivers_reached),
        "receivers_missed": list(coverage.receivers_missed),
    }


def print_trials(
    report: TrialReport, sources: Mapping[str, str], console: Console, verbosity: int
) -> None:
    """Print `report`.

    Args:
        verbosity: negative shows what is not met and the summary alone, positive everything.
    """
    shown = [
        trial
        for trial in report.trials
        if trial.unmet or verbosity > 0 or (verbosity == 0 and len(report.trials) <= MAX_ROWS)
    ]
    if shown:
        print_table(
            [_row(trial) for trial in shown],
            Shape(headings=("RESULT", "EXPECTATION", "TOLD", "TEAM", "AT")),
            console,
        )
        _line(console, "")
    render_terminal(report.findings, sources, console)
    for line in _coverage(report, verbosity) if report.coverage is not None else ():
        _line(console, visible(line))
    count = len(report.trials)
    _line(
        console,
        Text(
            f"{count:,} expectation{'' if count == 1 else 's'}: {report.met:,} met, "
            f"{count - report.met:,} not met; {summary(report.findings)}.",
            "bold",
        ),
    )


def _row(trial: Trial) -> Row:
    one, answer = trial.expectation, trial.answer
    place = f"{one.span.file}:{one.span.line}"
    said = (one.name, ", ".join(answer.receivers), answer.team or "–", place)
    differs = "; ".join(found.message.removeprefix(f"{one.name}: ") for found in trial.unmet)
    mark = Text(*(_UNMET if trial.unmet else _MET))
    return Row((mark, *(Text(visible(text)) for text in said)), Text(visible(differs)))


def _coverage(report: TrialReport, verbosity: int) -> Iterator[str]:
    coverage = report.coverage
    assert coverage is not None, "somebody asked for it"
    routes = _share(coverage.reached, coverage.missed)
    receivers = _share(coverage.receivers_reached, coverage.receivers_missed)
    yield f"Reached: {routes} of the routes, {receivers} of their receivers."
    if not report.is_covered:
        yield f"That is less than the {report.fail_under:g} % of the routes that --fail-under asks."
    if verbosity < 0:
        return
    missed = coverage.missed if verbosity > 0 else coverage.missed[:MAX_MISSED]
    for match in missed:
        yield f"  not reached: {_route(match)}"
    if len(missed) < len(coverage.missed):
        yield f"  and {len(coverage.missed) - len(missed):,} routes more; -v shows every one"
    if coverage.receivers_missed:
        yield f"  not told: {', '.join(coverage.receivers_missed)}"


def _share(reached: tuple[object, ...], missed: tuple[object, ...]) -> str:
    """``3 of 4 (75 %)``; the share is rounded down, so that only all is 100 %."""
    every = len(reached) + len(missed)
    return f"{len(reached):,} of {every:,} ({100 * len(reached) // every} %)"


def _route(match: RouteMatch) -> str:
    span = match.route.span
    asked = " ".join(map(matcher_text, match.route.matchers)) or "everything"
    return f"{span.file}:{span.line} {asked} → {match.receiver}"


def _line(console: Console, text: str | Text) -> None:
    console.print(text, soft_wrap=True, highlight=False, markup=False)
