"""Reading the decision table, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from buckstop.charter.gather import Gathered
from buckstop.charter.model import Model, Row
from buckstop.charter.names import Names
from buckstop.charter.parts import Piece
from buckstop.charter.table import CONDITIONS, covers
from buckstop.charter.table_schema import RowEntry, WhenEntry
from buckstop.charter.validate import validate
from buckstop.diagnostics import Diagnostic
from buckstop.document import Mapping as Tree
from buckstop.document import Node

Conditions = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A row of which it is not known what it covers: a word in it could not be read.

    Attributes:
        row: with those of its conditions that could be read; it covers no more than they admit.
            None where the row may be the ``otherwise`` row.
    """

    row: Row | None

    def may_cover(self, fault: str, severity: str, model: Model | None) -> bool:
        """Whether the row, once mended, may decide this case."""
        return self.row is None or covers(self.row, fault, severity, model)


@dataclass(frozen=True, slots=True)
class RowsRead:
    """The rows of a charter, whenever they hold.

    Attributes:
        rows: those of which it is known what they cover; the team of one may be misspelt.
        doubts: the others.
    """

    rows: tuple[Row, ...]
    doubts: tuple[Doubt, ...]

    def without(self, unread: Iterable[str]) -> RowsRead:
        """The same, where the models `unread` could not be read: rows that name them are doubts."""
        names = frozenset(unread)
        doubted = [row for row in self.rows if names & set(dict(row.when).get("model", ()))]
        return RowsRead(
            tuple(row for row in self.rows if row not in doubted),
            (*self.doubts, *(Doubt(_less(row, "model")) for row in doubted)),
        )


def read_rows(gathered: Gathered, names: Names) -> tuple[RowsRead, tuple[Diagnostic, ...]]:
    """All rows, as far as they can be read, and what is wrong with them."""
    rows: list[Row] = []
    doubts: list[Doubt] = []
    found: list[Diagnostic] = []
    for item in gathered.items("accountability"):
        piece, known, wrong = validate(RowEntry, item)
        found += wrong
        unknown: dict[str, list[Diagnostic]] = {}
        if known:
            found += _teams_wrong(known, names)
            unknown = _words_unknown(known, names)
            found += (one for some in unknown.values() for one in some)
        if piece and not unknown:
            rows.append(_row(piece))
        else:
            doubts.append(_doubt(item, piece, unknown))
    return RowsRead(tuple(rows), tuple(doubts)), tuple(found)


def in_force(rows: Iterable[Row], day: date) -> tuple[Row, ...]:
    """The rows that hold on `day`."""
    return tuple(
        row
        for row in rows
        if (row.from_date is None or row.from_date <= day)
        and (row.until_date is None or day < row.until_date)
    )


def describe(row: Row) -> str:
    """`row` in one line, as pages and diagnostics show it."""
    if row.otherwise:
        return f"otherwise: accountable {row.accountable}"
    conditions = ", ".join(f"{attribute}={'|'.join(values)}" for attribute, values in row.when)
    return f"when {conditions}: accountable {row.accountable}"


def _teams_wrong(piece: Piece[RowEntry], names: Names) -> Iterator[Diagnostic]:
    entry = piece.entry
    yield from names.accountable(entry.accountable, piece.span("accountable"))
    for index, team in enumerate(entry.inform):
        yield from names.team(team, piece.span("inform", index))


def _words_unknown(piece: Piece[RowEntry], names: Names) -> dict[str, list[Diagnostic]]:
    """Condition to the findings about words in it that the charter does not declare."""
    unknown: dict[str, list[Diagnostic]] = {}
    check = {"fault": names.fault, "severity": names.severity, "model": names.model}
    for attribute, values in _conditions(piece.entry.when):
        for index, value in enumerate(values):
            if attribute in check and (
                found := tuple(check[attribute](value, piece.span("when", attribute, index)))
            ):
                unknown.setdefault(attribute, []).extend(found)
    return unknown


def _doubt(item: Node, piece: Piece[RowEntry] | None, unknown: Mapping[str, object]) -> Doubt:
    """What is left of a row: each condition that could be read narrows what it may cover."""
    if piece is not None:
        return Doubt(_less(_row(piece), *unknown))
    when = item.get("when") if isinstance(item, Tree) else None
    if not isinstance(item, Tree) or when is None or "otherwise" in item:
        return Doubt(None)
    known = validate(WhenEntry, when).known
    conditions = (
        one
        for one in (_conditions(known.entry) if known else ())
        if one[0] not in unknown and known and not known.is_broken(one[0])
    )
    return Doubt(Row(tuple(conditions), "", (), None, None, otherwise=False, span=item.span))


def _less(row: Row, *attributes: str) -> Row:
    """`row` without its conditions on `attributes`."""
    return replace(row, when=tuple(one for one in row.when if one[0] not in attributes))


def _row(piece: Piece[RowEntry]) -> Row:
    entry = piece.entry
    return Row(
        when=_conditions(entry.when),
        accountable=entry.accountable,
        inform=tuple(dict.fromkeys(entry.inform)),
        from_date=entry.from_,
        until_date=entry.until,
        otherwise=bool(entry.otherwise),
        span=piece.span(),
    )


def _conditions(when: WhenEntry | None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if when is None:
        return ()
    given = ((attribute, getattr(when, attribute)) for attribute in CONDITIONS)
    return tuple((attribute, tuple(dict.fromkeys(values))) for attribute, values in given if values)
