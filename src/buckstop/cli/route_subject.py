"""Which routes ``route`` walks: those of a file, else those that a charter compiles to."""

from __future__ import annotations

from buckstop.cli.reading import Reading
from buckstop.cli.route_answer import Routes
from buckstop.prover.examination import Given, answers_on


def routes_of_reading(reading: Reading, team_label: str | None) -> Routes | None:
    """The routes of what was read, and whose they are; None where there are none."""
    given = reading.given
    if reading.compiled is not None and (given is None or given.config is None):
        build = reading.compiled.build
        given = Given(
            rule_files=(),
            config=reading.compiled.routes,
            team_label=team_label,
            manifest=build.manifest,
            manifest_source="the charter",
        )
    if given is None or given.config is None:
        return None
    answers, _ = answers_on(given)
    assert answers.router is not None, "there are routes"
    return Routes(given.config, answers.router, answers.ownership, answers.team_label)
