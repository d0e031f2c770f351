"""From the gathered trees to a `Charter`, or to all that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from buckstop.charter import codes
from buckstop.charter.alerts import read_alerts, undecided
from buckstop.charter.gather import Gathered
from buckstop.charter.ledger import read_ledger
from buckstop.charter.model import (
    MODEL_OWNER,
    Charter,
    CharterFile,
    ExistingAlert,
    Model,
    Row,
    Team,
)
from buckstop.charter.models import read_models
from buckstop.charter.names import Names
from buckstop.charter.profiles import read_profiles
from buckstop.charter.rows import in_force, read_rows
from buckstop.charter.sli import STANDARD_FAULTS
from buckstop.charter.teams import DEFAULT_CONTACT, read_defaults, read_teams
from buckstop.charter.totality import Cases, judge
from buckstop.charter.validate import words
from buckstop.diagnostics import Diagnostic, has_errors
from buckstop.document import Entry as Pair
from buckstop.document import Scalar

DEFAULT_SEVERITIES: Final = ("critical", "major", "minor")
"""From the gravest down, where the charter declares none."""


def resolve(
    gathered: Gathered, files: tuple[CharterFile, ...], digest: str, today: date
) -> tuple[Charter | None, tuple[Diagnostic, ...]]:
    """Read all parts and hold them against each other. The charter is None on errors.

    The decision table is judged with what could be read of it. Where the words themselves that it
    speaks of (severities, faults) could not be read, it is not judged: every case would be noise.
    """
    found: list[Diagnostic] = []
    names = _names(gathered, found)
    is_judged = not has_errors(found) and "accountability" not in gathered.broken
    found += _organization_wrong(gathered)
    defaults, wrong = read_defaults(gathered)
    found += wrong
    teams, wrong = read_teams(gathered, names, defaults)
    found += wrong
    table, wrong = read_rows(gathered, names)
    found += wrong
    profiles, wrong = read_profiles(gathered, names, defaults.for_seconds)
    found += wrong
    models, wrong = read_models(gathered, names, profiles)
    found += wrong
    alerts, wrong = read_alerts(gathered, names)
    found += wrong
    cases = Cases(tuple(names.faults), tuple(names.severities), models)
    rows = table.rows
    now = in_force(rows, today)
    if is_judged:
        judged = table.without(gathered.pairs("models").keys() - {model.id for model in models})
        whole = not has_errors(found)
        found += judge(judged, cases, today, gathered.key_span("accountability"), whole=whole)
        sure = cases.table(in_force(judged.rows, today))
        found += undecided(alerts, sure, cases.severities, judged.doubts)
    ledger, wrong = read_ledger(gathered, names, now)
    found += wrong
    if has_errors(found) or gathered.broken:
        return None, tuple(dict.fromkeys(found))
    found += _unreached(teams, rows, alerts, models)
    charter = Charter(
        organization=_text(gathered.single.get("organization")) or "",
        severities=cases.severities,
        faults=cases.faults,
        defaults=defaults.defaults,
        ledger=ledger,
        teams=teams,
        rows=now,
        alerts=alerts,
        models=models,
        files=files,
        digest=digest,
    )
    return charter, tuple(dict.fromkeys(found))


def _organization_wrong(gathered: Gathered) -> Iterable[Diagnostic]:
    organization = gathered.single.get("organization")
    if organization is not None and not isinstance(organization.value, Scalar):
        yield Diagnostic(
            codes.VALUE_INVALID, "`organization` must be a name", organization.key.span
        )


def _names(gathered: Gathered, found: list[Diagnostic]) -> Names:
    return Names(
        teams=gathered.pairs("teams"),
        severities=_vocabulary(gathered, "severities", found) or DEFAULT_SEVERITIES,
        faults=(
            *STANDARD_FAULTS,
            *(
                fault
                for fault in _vocabulary(gathered, "faults", found)
                if fault not in STANDARD_FAULTS
            ),
        ),
        models=gathered.pairs("models"),
        profiles=gathered.pairs("profiles"),
    )


def _vocabulary(gathered: Gathered, key: str, found: list[Diagnostic]) -> tuple[str, ...]:
    """The words of ``severities`` or ``faults``, each once."""
    pair = gathered.single.get(key)
    scalars, wrong = words(pair.value if pair else None, key)
    found += wrong
    kept: dict[str, Scalar] = {}
    for scalar in scalars:
        if scalar.text == DEFAULT_CONTACT:
            found.append(
                Diagnostic(
                    codes.VALUE_INVALID,
                    f"`{DEFAULT_CONTACT}` cannot be one of the {key}: `notify` says so for all "
                    "the others",
                    scalar.span,
                )
            )
        elif kept.setdefault(scalar.text, scalar) is not scalar:
            found.append(
                Diagnostic(
                    codes.CHARTER_DUPLICATE,
                    f"`{scalar.text}` is listed twice",
                    scalar.span,
                    hint="keep one of the two",
                )
            )
    return tuple(kept)


def _unreached(
    teams: Iterable[Team],
    rows: Iterable[Row],
    alerts: Iterable[ExistingAlert],
    models: Iterable[Model],
) -> list[Diagnostic]:
    """Teams that no row, entry or model names, whenever the row holds."""
    named: set[str | None] = set()
    for row in rows:
        named |= {row.accountable, *row.inform}
    for alert in alerts:
        named |= {alert.accountable, *alert.inform}
    if MODEL_OWNER in named:
        named |= {model.owner_team for model in models}
    return [
        Diagnostic(
            codes.TEAM_UNREACHED,
            f"`{team.id}` answers for nothing and is told of nothing",
            team.span,
            hint="name it in a row of `accountability`, or take it out",
        )
        for team in teams
        if team.id not in named
    ]


def _text(pair: Pair | None) -> str | None:
    return pair.value.text if pair and isinstance(pair.value, Scalar) else None
