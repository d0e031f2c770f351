"""``check`` for people: who answers for every rule, what is wrong, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from rich.console import Console
from rich.text import Text

from buckstop.alertmanager.coverage import Coverage
from buckstop.cli.confirmed import confirmed
from buckstop.cli.not_counted import not_counted
from buckstop.cli.part_text import part_outcome, part_where
from buckstop.cli.report import Report
from buckstop.cli.tables import Row, Shape, print_table
from buckstop.cli.week_strip import week_strip
from buckstop.diagnostics import (
    Diagnostic,
    Level,
    by_kind,
    render_terminal,
    summary,
    visible,
)
from buckstop.prover.checks import TeamTimes
from buckstop.prover.examination import Examination
from buckstop.prover.model import RuleAnswer, Verdict

MAX_ROWS: Final = 30
"""More rules than this are shown by what is true of them; ``-v`` shows every one."""
MAX_GROUPS: Final = 60
MAX_PER_CODE: Final = 4
"""Findings of one kind that are shown whole; ``-v`` shows every one."""
MAX_WEEKS: Final = 3
"""Weeks that are drawn; ``-v`` draws every one."""
MAX_NAMES: Final = 3
MAX_OWNERS: Final = 12
MAX_PARTS: Final = 4
"""Kinds of alerts of one rule that are told apart below it."""

_MARKS: Final = {
    Verdict.PROVEN: ("✓ proven", "green"),
    Verdict.REFUTED: ("✗ refuted", "bold red"),
    Verdict.UNKNOWN: ("? unknown", "yellow"),
}
_HEADINGS: Final = ("VERDICT", "RULE", "MODEL", "SEVERITY", "TEAM", "TOLD", "AT")
_MODEL: Final = _HEADINGS.index("MODEL")
_NOBODY: Final = "–"


def print_report(
    report: Report, said: str, passed_over: str, console: Console, *, verbosity: int
) -> None:
    """Print `report`.

    Args:
        said: what was read.
        passed_over: builds that were not read; empty for none.
        verbosity: negative shows errors and the summary alone, positive every rule and finding.
    """
    if verbosity >= 0:
        _line(console, f"Read {said}.")
        if passed_over:
            _line(console, f"Passed over: {visible(passed_over)}.")
        if verbosity > 0 and report.ignored:
            _line(console, f"Passed over, for they say nothing of alerts: {report.ignored}.")
        if report.examination is not None:
            for line in _inferred(report.examination):
                _line(console, line)
        _print_answers(report.answers, console, every=verbosity > 0)
        if report.examination is not None:
            print_weeks(report.examination.times, console, every=verbosity > 0)
    _print_findings(report.diagnostics, report, console, verbosity)
    _print_end(report, console, verbosity)


def _inferred(examination: Examination) -> Iterable[str]:
    label = examination.team_label
    match label.source:
        case "given":
            yield f"Team label: {label.name} (as asked)."
        case "manifest":
            yield f"Team label: {label.name} (as the build says)."
        case "found":
            yield f"Team label: {label.name} (used {label.uses}×)."
        case "guessed":
            yield (
                f"Team label: {label.name}, guessed because it is used {label.uses}×; "
                "--team-label NAME says otherwise."
            )
        case "assumed":
            yield (
                f"Team label: {label.name} by convention; no rule and no route uses one. "
                "--team-label NAME says otherwise."
            )
    yield from _owners(examination)


def _owners(examination: Examination) -> Iterable[str]:
    ownership = examination.ownership
    owners = [
        f"{receiver} → {holder.team or holder.role}"
        for receiver, holder in ownership.declared.items()
    ]
    source = f"by {ownership.source}"
    if ownership.source is None:
        owners = [
            f"{name} → {' or '.join(teams)}{', not decided' if len(teams) > 1 else ''}"
            for name, teams in ownership.led_to.items()
        ]
        source = "inferred from the routes; --teams FILE says otherwise"
    if owners:
        more = f" and {len(owners) - MAX_OWNERS} more" if len(owners) > MAX_OWNERS else ""
        yield f"Whose receiver: {', '.join(owners[:MAX_OWNERS])}{more} ({source})."


def _print_answers(answers: Sequence[RuleAnswer], console: Console, *, every: bool) -> None:
    if not answers:
        return
    is_each = every or len(answers) <= MAX_ROWS
    groups = [[answer] for answer in answers] if is_each else _grouped(answers)
    shown = [_group_row(group) for group in (groups if every else groups[:MAX_GROUPS])]
    columns = [
        column
        for column in range(len(_HEADINGS))
        if column != _MODEL or any(row.cells[_MODEL].plain != _NOBODY for row in shown)
    ]
    _line(console, "")
    _line(console, Text("Who answers for every rule", "bold"))
    _line(console, "")
    print_table(
        [Row(tuple(row.cells[column] for column in columns), row.below) for row in shown],
        Shape(headings=tuple(_HEADINGS[column] for column in columns), indent=2),
        console,
    )
    if len(shown) < len(groups):
        _line(console, f"  and {len(groups) - len(shown)} groups more; -v shows every rule")


def print_weeks(times: Iterable[TeamTimes], console: Console, *, every: bool) -> None:
    """The week of each team that is not told at some hours."""
    drawn = [(one, one.coverage) for one in times if isinstance(one.coverage, Coverage)]
    drawn = [(one, told) for one, told in drawn if told.gaps]
    shown = drawn if every else drawn[:MAX_WEEKS]
    for one, told in shown:
        names = list(dict.fromkeys(answered.rule.alert for answered in one.rules))
        listed = ", ".join(names[:MAX_NAMES]) + (", …" if len(names) > MAX_NAMES else "")
        heading = f"When {one.team} is told of {listed} ({told.zone})"
        _line(console, "")
        _line(console, Text(visible(heading), "bold"))
        _line(console, "")
        for line in week_strip(told.week):
            _line(console, Text.assemble("  ", line))
    if len(shown) < len(drawn):
        _line(console, f"  and {len(drawn) - len(shown)} weeks more; -v shows every one")


def _rule_row(answer: RuleAnswer) -> Row:
    return _row(
        answer,
        (
            answer.alert,
            answer.model or _NOBODY,
            answer.severity or _NOBODY,
            _team(answer),
            _told(answer),
            f"{answer.span.file}:{answer.span.line}",
        ),
        _below(answer),
    )


def _below(answer: RuleAnswer) -> tuple[str, ...]:
    """What stands below a rule: why it has its verdict, and for which alerts what is true."""
    reason = (answer.reason,) if answer.reason else ()
    return (*reason, *part_lines(answer))


def part_lines(answer: RuleAnswer) -> list[str]:
    """Of a rule whose alerts are not all alike: for which of them what is true, the first few.

    Nothing where one team answers for them all, only by several receivers.
    """
    if answer.verdict is Verdict.PROVEN and len(answer.teams) <= 1:
        return []
    lines = [f"{part_where(part)}: {part_outcome(part)}" for part in answer.parts[:MAX_PARTS]]
    if len(answer.parts) > MAX_PARTS:
        lines.append(f"and {len(answer.parts) - MAX_PARTS:,} more; --format json has them all")
    return lines


def _row(answer: RuleAnswer, said: tuple[str, ...], below: Iterable[str]) -> Row:
    """A row with the verdict of `answer`; what it says is made harmless here."""
    cells = (Text(*_MARKS[answer.verdict]), *(Text(visible(text)) for text in said))
    return Row(cells, Text("\n".join(visible(line) for line in below), "dim"))


def _grouped(answers: Iterable[RuleAnswer]) -> list[list[RuleAnswer]]:
    """Rules of which the same is true, together; the first of each in the order of the files."""
    groups: dict[tuple[object, ...], list[RuleAnswer]] = {}
    for answer in answers:
        key = (
            *(answer.verdict, answer.cause, answer.team, answer.receivers, answer.reason),
            tuple(part_lines(answer)),
        )
        groups.setdefault(key, []).append(answer)
    return list(groups.values())


def _group_row(group: Sequence[RuleAnswer]) -> Row:
    first = group[0]
    if len(group) == 1:
        return _rule_row(first)
    names = tuple(dict.fromkeys(answer.alert for answer in group))
    listed = ", ".join(names[:MAX_NAMES]) + (", …" if len(names) > MAX_NAMES else "")
    models = {answer.model for answer in group}
    severities = {answer.severity for answer in group}
    files = {answer.span.file for answer in group}
    return _row(
        first,
        (
            f"{len(group):,} rules",
            (models.pop() or _NOBODY) if len(models) == 1 else f"{len(models):,}",
            (severities.pop() or _NOBODY) if len(severities) == 1 else "several",
            _team(first),
            _told(first),
            files.pop() if len(files) == 1 else f"{len(files):,} files",
        ),
        (f"{first.reason} ({listed})" if first.reason else listed, *part_lines(first)),
    )


def _team(answer: RuleAnswer) -> str:
    teams = answer.teams if answer.verdict is Verdict.PROVEN else (answer.team or _NOBODY,)
    return " or ".join(teams) or _NOBODY


def _told(answer: RuleAnswer) -> str:
    """Those who answer first, then, in parentheses, those who are only informed."""
    answering = [receiver for receiver in answer.receivers if receiver not in answer.informed]
    return ", ".join([*answering, *(f"({name})" for name in answer.informed)]) or _NOBODY


def _print_findings(
    diagnostics: Sequence[Diagnostic], report: Report, console: Console, verbosity: int
) -> None:
    """Kind by kind, of each the first few unless every one is asked for."""
    if verbosity >= 0:
        _line(console, "")
    else:
        diagnostics = [found for found in diagnostics if found.level is Level.ERROR]
    for same in by_kind(diagnostics):
        shown = same if verbosity > 0 else same[:MAX_PER_CODE]
        render_terminal(shown, report.sources, console)
        if len(shown) < len(same):
            more = len(same) - len(shown)
            _line(console, f"… and {more:,} more of {same[0].code.name}; -v shows every one\n")


def _print_end(report: Report, console: Console, verbosity: int) -> None:
    counts = ", ".join(
        f"{report.count(verdict):,} {verdict.value}"
        for verdict in (Verdict.PROVEN, Verdict.REFUTED, Verdict.UNKNOWN)
    )
    rules = f"{len(report.answers):,} rule{'' if len(report.answers) == 1 else 's'}"
    _line(console, Text(f"{rules}: {counts}; {summary(report.diagnostics)}.", "bold"))
    if verbosity < 0:
        return
    for line in not_counted(report, every=verbosity > 0):
        _line(console, line)
    if report.confirmation is not None:
        for line in confirmed(report.confirmation):
            _line(console, visible(line))
    if report.assumptions:
        names = ", ".join(assumption.name for assumption in report.assumptions)
        _line(console, f"Verdicts hold under {names}:")
        for assumption in report.assumptions:
            _line(console, f"  {assumption.name}: {assumption.text}")


def _line(console: Console, text: str | Text) -> None:
    console.print(text, soft_wrap=True, highlight=False, markup=False)
