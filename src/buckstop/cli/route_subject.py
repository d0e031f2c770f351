"""Which routes ``route`` and ``test`` walk: a file's, else those that a charter compiles to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from buckstop.alertmanager import Router
from buckstop.cli.inputs import Inputs
from buckstop.cli.reading import Reading, read_inputs
from buckstop.cli.route_answer import Routes
from buckstop.cli.target import Aimed
from buckstop.cli.waiting import said_if_slow
from buckstop.document import collection_paused
from buckstop.prover.given import Given
from buckstop.prover.owners import ownership_of, team_label_of


def read_routes(
    inputs: Inputs, team_label: str | None, teams: Path | None, target: Aimed
) -> Reading:
    """Read what decides where alerts go: rules and Prometheus have no say in it."""
    inputs = replace(inputs, rules=(), prometheus=None)
    if inputs.alertmanager is not None:
        inputs = replace(inputs, charter=None)
    today = date.today()  # noqa: DTZ011 - a charter's rows hold from and until days of the user's
    with said_if_slow(f"Reading {inputs.said} …"), collection_paused():
        return read_inputs(inputs, team_label=team_label, teams=teams, today=today, aimed=target)


def routes_of_reading(reading: Reading, team_label: str | None) -> Routes | None:
    """The routes of what was read, and whose they are; None where there are none."""
    given = reading.given
    if reading.compiled is not None and (given is None or given.config is None):
        given = reading.compiled.given((), Given((), None, team_label=team_label))
    if given is None or given.config is None:
        return None
    with collection_paused():
        name = team_label_of(given).name
        return Routes(given.config, Router(given.config), ownership_of(given, name), name)
