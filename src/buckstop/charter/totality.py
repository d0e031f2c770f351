"""Whether the decision table leaves a doubt about anybody: overlaps, holes, dead rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from buckstop.charter import codes
from buckstop.charter.model import MODEL_OWNER, Model, Row
from buckstop.charter.rows import Doubt, RowsRead, describe, in_force
from buckstop.charter.table import Conflict, Hole, Table, accountable
from buckstop.diagnostics import Diagnostic, Level, Related, Span

MAX_CASES_SHOWN = 20
"""Conflicts, and holes, of which each is reported by itself; of more only the number."""
MAX_DAYS_AHEAD = 50
"""Days on which rows begin or end for which the table is tried ahead of time."""


@dataclass(frozen=True, slots=True)
class Cases:
    """The words over which the table must be total."""

    faults: tuple[str, ...]
    severities: tuple[str, ...]
    models: tuple[Model, ...]

    def table(self, rows: Iterable[Row]) -> Table:
        """`rows` over these cases."""
        return Table(rows, self.faults, self.severities, self.models)


def judge(
    read: RowsRead, cases: Cases, today: date, where: Span, *, whole: bool
) -> tuple[Diagnostic, ...]:
    """What is wrong with the table today, and what will be when rows begin or end.

    A case that a row may decide whose words could not be read is not judged: its hole or its
    overlap may be that slip's.

    Args:
        where: of ``accountability``, for what no row says.
        whole: whether all else of the charter is free of errors. Only then is it judged which
            rows decide nothing, and what will be.
    """
    found = [*_not_in_force(read.rows, today)]
    now = in_force(read.rows, today)
    table = cases.table(now)
    found += _otherwise_wrong(now, read.doubts, where)
    found += _conflicts(table, read.doubts)
    found += _holes(table, now, read.doubts, where)
    found += _owners_missing(table, cases, read.doubts)
    if whole and not any(one.level is Level.ERROR for one in found):
        deciding = table.deciding()
        found += [_dead(row, table) for row in now if id(row) not in deciding and not row.otherwise]
        found += _later(read.rows, cases, today)
    return tuple(found)


def _not_in_force(rows: Iterable[Row], today: date) -> Iterator[Diagnostic]:
    for row in rows:
        if row.from_date is not None and today < row.from_date:
            said = f"this row holds only from {row.from_date} on"
        elif row.until_date is not None and row.until_date <= today:
            said = f"this row is over since {row.until_date}"
        else:
            continue
        yield Diagnostic(codes.DECISION_ROW_NOT_IN_FORCE, said, row.span)


def _otherwise_wrong(
    rows: Iterable[Row], doubts: Iterable[Doubt], where: Span
) -> Iterator[Diagnostic]:
    last = [row for row in rows if row.otherwise]
    if not last and all(doubt.row is not None for doubt in doubts):
        yield Diagnostic(
            codes.OTHERWISE_MISSING,
            "no row says who answers for what no other row decides",
            where,
            hint="add `- {otherwise: true, accountable: TEAM}`",
        )
    for row in last:
        if row.accountable == MODEL_OWNER:
            yield Diagnostic(
                codes.OTHERWISE_MISSING,
                f"`{MODEL_OWNER}` cannot answer for what nobody foresaw: such an alert may have "
                "no model",
                row.span,
                hint="name a team",
            )
    for row in last[1:]:
        yield Diagnostic(
            codes.DECISION_OVERLAP,
            "two rows say `otherwise`",
            row.span,
            hint="keep one of the two",
            related=(Related(last[0].span, "the other is here"),),
        )


def _conflicts(table: Table, doubts: Sequence[Doubt] = ()) -> Iterator[Diagnostic]:
    """One finding for each set of rows that are in each other's way, with its first case."""
    first: dict[tuple[int, ...], Conflict] = {}
    for conflict in table.conflicts():
        if _in_doubt(doubts, conflict.fault, conflict.severity, conflict.model):
            continue
        first.setdefault(tuple(id(row) for row in conflict.rows), conflict)
    for shown, conflict in enumerate(first.values(), 1):
        earlier, later = conflict.rows[0], conflict.rows[-1]
        yield Diagnostic(
            codes.DECISION_OVERLAP,
            f"this row and the one in {_line(earlier, later)} both decide "
            f"{_case(conflict.fault, conflict.severity, conflict.model)}",
            later.span,
            hint=f"{_mend(earlier, later)}; the order of rows says nothing",
            related=tuple(Related(row.span, "so does this one") for row in conflict.rows[:-1]),
        )
        if shown == MAX_CASES_SHOWN < len(first):
            yield Diagnostic(
                codes.DECISION_OVERLAP,
                f"and {len(first) - shown} more sets of rows like these",
                later.span,
            )
            return


def _in_doubt(doubts: Iterable[Doubt], fault: str, severity: str, model: Model | None) -> bool:
    return any(doubt.may_cover(fault, severity, model) for doubt in doubts)


def _line(row: Row, beside: Row) -> str:
    """Where `row` stands, as it is said at the row `beside`."""
    other = "" if row.span.file == beside.span.file else f" of {row.span.file}"
    return f"line {row.span.line}{other}"


def _mend(one: Row, other: Row) -> str:
    if {*one.when} == {*other.when} or not (one.when and other.when):
        return "keep one of the two"
    both: dict[str, tuple[str, ...]] = dict(one.when)
    for attribute, values in other.when:
        mine = both.get(attribute, values)
        both[attribute] = tuple(value for value in mine if value in values)
    if not all(both.values()):
        return "narrow one of the two"
    conditions = ", ".join(
        f"{attribute}: {values[0] if len(values) == 1 else '[' + ', '.join(values) + ']'}"
        for attribute, values in both.items()
    )
    return f"narrow one of the two, or say who answers for both with `when: {{{conditions}}}`"


def _holes(
    table: Table, rows: Sequence[Row], doubts: Sequence[Doubt], where: Span
) -> Iterator[Diagnostic]:
    if any(row.otherwise for row in rows):
        return
    first: dict[tuple[str, str | None], list[Hole]] = {}
    for hole in table.holes():
        if hole.model is not None and not _in_doubt(doubts, hole.fault, hole.severity, hole.model):
            first.setdefault((hole.fault, hole.model.id), []).append(hole)
    for shown, holes in enumerate(first.values(), 1):
        hole = holes[0]
        assert hole.model is not None
        more = f", and {hole.models - 1} models like it" if hole.models > 1 else ""
        severities = ", ".join(one.severity for one in holes)
        yield Diagnostic(
            codes.DECISION_HOLE,
            f"nobody answers for `{hole.fault}` of the model `{hole.model.id}`{more}, at "
            f"{severities}",
            hole.model.span,
            hint=f"add a row for it: `- {{when: {{fault: {hole.fault}}}, accountable: TEAM}}`",
            related=(Related(where, "no row here covers it"),),
        )
        if shown == MAX_CASES_SHOWN < len(first):
            yield Diagnostic(
                codes.DECISION_HOLE, f"and {len(first) - shown} more cases like these", where
            )
            return


def _owners_missing(
    table: Table, cases: Cases, doubts: Sequence[Doubt] = ()
) -> Iterator[Diagnostic]:
    for model in cases.models:
        if model.owner_team is not None:
            continue
        row = next(
            (
                row
                for fault in cases.faults
                for severity in cases.severities
                if not _in_doubt(doubts, fault, severity, model)
                and (row := table.decide(fault, severity, model))
                and accountable(row, model) is None
            ),
            None,
        )
        if row is not None:
            yield Diagnostic(
                codes.DECISION_OWNER_MISSING,
                f"`{model.id}` has no owner, and a row makes its owner accountable",
                model.span,
                hint="add `owner: {team: TEAM}` to the model",
                related=(Related(row.span, describe(row)),),
            )


def _dead(row: Row, table: Table) -> Diagnostic:
    if table.cover(row).is_empty:
        said, hint = "no model fits this row", "check its models, `task` and `risk`"
    else:
        said = "this row decides nothing: no model fits it, or more specific rows decide all of it"
        hint = "check its `task` and `risk`, or take it out"
    return Diagnostic(codes.DECISION_ROW_DEAD, said, row.span, hint=hint)


def _later(rows: Sequence[Row], cases: Cases, today: date) -> Iterator[Diagnostic]:
    """Where the table, sound today, stops being so; the first such day only."""
    days = {day for row in rows for day in (row.from_date, row.until_date) if day and day > today}
    for day in sorted(days)[:MAX_DAYS_AHEAD]:
        then = in_force(rows, day)
        table = cases.table(then)
        where = next(row.span for row in rows if day in (row.from_date, row.until_date))
        wrong = [
            *_otherwise_wrong(then, (), where),
            *_conflicts(table),
            *_owners_missing(table, cases),
        ]
        if wrong:
            yield Diagnostic(
                codes.DECISION_FAILS_LATER,
                f"from {day} on: {wrong[0].message}",
                wrong[0].span,
                hint=wrong[0].hint,
                related=(Related(where, f"this row changes on {day}"), *wrong[0].related),
            )
            return


def _case(fault: str, severity: str, model: Model | None) -> str:
    of = f"of `{model.id}`" if model else "of no model that is declared"
    return f"`{fault}` at `{severity}` {of}"
