"""Alerts of rules that exist already: who answers for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from buckstop.charter import codes
from buckstop.charter.gather import Gathered
from buckstop.charter.model import ExistingAlert
from buckstop.charter.names import Names
from buckstop.charter.parts import Piece
from buckstop.charter.rows import Doubt, describe
from buckstop.charter.table import Table, accountable
from buckstop.charter.table_schema import AlertEntry
from buckstop.charter.validate import validate
from buckstop.diagnostics import Diagnostic, Level, Related


def read_alerts(
    gathered: Gathered, names: Names
) -> tuple[tuple[ExistingAlert, ...], tuple[Diagnostic, ...]]:
    """Every entry that is free of errors, and the errors of the others."""
    alerts: list[ExistingAlert] = []
    found: list[Diagnostic] = []
    for item in gathered.items("alerts"):
        piece, known, wrong = validate(AlertEntry, item)
        if known:
            wrong = (*wrong, *_names_wrong(known, names))
        found += wrong
        if piece and not any(one.level is Level.ERROR for one in wrong):
            alerts.append(_alert(piece))
    found += _dead(alerts)
    return tuple(alerts), tuple(found)


def undecided(
    alerts: Iterable[ExistingAlert],
    table: Table,
    severities: Sequence[str],
    doubts: Sequence[Doubt],
) -> tuple[Diagnostic, ...]:
    """Entries that leave the answer to the table where the table has none.

    Cases that one of the `doubts` may decide are not judged.
    """
    return tuple(one for alert in alerts for one in _undecided(alert, table, severities, doubts))


def _undecided(
    alert: ExistingAlert, table: Table, severities: Sequence[str], doubts: Sequence[Doubt]
) -> Iterator[Diagnostic]:
    if alert.fault is None or alert.model is not None:
        # A model without the owner that a row asks for is an error of the model.
        return
    for severity in severities:
        if any(doubt.may_cover(alert.fault, severity, None) for doubt in doubts):
            continue
        row = table.decide(alert.fault, severity, None)
        if row is not None and accountable(row, None) is None:
            yield Diagnostic(
                codes.DECISION_OWNER_MISSING,
                f"a row makes the model's owner accountable for `{alert.fault}`, and this entry "
                "names no model",
                alert.span,
                hint="add `model:`, or say `accountable:` instead of `fault:`",
                related=(Related(row.span, describe(row)),),
            )
            return


def _names_wrong(piece: Piece[AlertEntry], names: Names) -> Iterator[Diagnostic]:
    entry = piece.entry
    if entry.accountable is not None:
        yield from names.team(entry.accountable, piece.span("accountable"))
    if entry.fault is not None:
        yield from names.fault(entry.fault, piece.span("fault"))
    if entry.model is not None:
        yield from names.model(entry.model, piece.span("model"))
    for index, team in enumerate(entry.inform):
        yield from names.team(team, piece.span("inform", index))


def _alert(piece: Piece[AlertEntry]) -> ExistingAlert:
    entry = piece.entry
    return ExistingAlert(
        match=tuple(entry.match.items()),
        accountable=entry.accountable,
        fault=entry.fault,
        model=entry.model,
        not_accountable=entry.not_accountable,
        inform=tuple(dict.fromkeys(entry.inform)),
        span=piece.span(),
    )


def _dead(alerts: Sequence[ExistingAlert]) -> Iterator[Diagnostic]:
    """Entries that an earlier one, with fewer or the same labels, leaves nothing to.

    Each entry is looked up by the labels of the earlier ones, not compared with each of them.
    """
    earlier: dict[frozenset[tuple[str, str]], ExistingAlert] = {}
    label_sets: set[frozenset[str]] = set()
    for alert in alerts:
        labels = dict(alert.match)
        above = next(
            (
                earlier[key]
                for names in sorted(label_sets, key=sorted)
                if names <= labels.keys()
                and (key := frozenset((name, labels[name]) for name in names)) in earlier
            ),
            None,
        )
        if above is None:
            earlier[frozenset(alert.match)] = alert
            label_sets.add(frozenset(labels))
            continue
        yield Diagnostic(
            codes.ALERT_ENTRY_DEAD,
            "this entry never applies: an earlier one takes all its alerts",
            alert.span,
            hint="the first entry that matches decides; move this one above it",
            related=(Related(above.span, "the earlier one"),),
        )
