"""``buckstop test``: routing expectations kept beside the routes, tried, with their coverage."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from buckstop.cli.object_choice import ALERTMANAGER_OBJECT
from buckstop.cli.target import Aimed, target_option

FILE = click.Path(path_type=Path)


@click.command("test")
@click.argument("paths", nargs=-1, type=FILE, metavar="[PATH]...")
@click.option("--alertmanager", type=FILE, metavar="FILE", help="The alertmanager.yml to take.")
@click.option("--charter", type=FILE, metavar="PATH", help="The charter, a file or a folder.")
@ALERTMANAGER_OBJECT
@click.option("--team-label", metavar="NAME", help="The label that names the team.")
@click.option("--teams", type=FILE, metavar="FILE", help="Says which receiver is whose.")
@target_option(
    "Who walks the routes, such as alertmanager=0.28; without it, the newest.", "alertmanager"
)
@click.option("--coverage", is_flag=True, help="Say which routes no expectation reaches.")
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 100),
    metavar="N",
    help="Fail where less than N per cent of the routes are reached.",
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@click.option("-v", "--verbose", is_flag=True, help="Every expectation and every route.")
@click.option("-q", "--quiet", is_flag=True, help="What is not met and the summary alone.")
def command(
    *,
    paths: tuple[Path, ...],
    alertmanager: Path | None,
    charter: Path | None,
    alertmanager_object: str | None,
    team_label: str | None,
    teams: Path | None,
    target: Aimed,
    coverage: bool,
    fail_under: float | None,
    form: str,
    verbose: bool,
    quiet: bool,
) -> None:
    """Try the routing expectations in the files found, and say which are not met.

    PATHs are files and folders; without one the current folder is searched. Expectations are told
    by their content, a list under `expectations:`. The routes are those of the alertmanager.yml
    found there, else those that the charter compiles to. No server is asked.

    \b
    Exit codes: 0 all are met; 1 one is not, an error, or too little is
    reached; 2 there are no expectations or no routes, or an input cannot be
    read.

    \b
    Examples:
      buckstop test
      buckstop test --coverage charter/ tests/routing.yaml
      buckstop test --fail-under 90 --format json . | jq '.summary'
    """
    from rich.console import Console

    from buckstop.alertmanager.time_ranges import TimeZoneUnknownError
    from buckstop.cli.expectations import Expectation, read_expectations
    from buckstop.cli.inputs import SINGLE, Named, find_inputs
    from buckstop.cli.main import CommandFailed
    from buckstop.cli.remarks import remark_findings
    from buckstop.cli.route_subject import read_routes, routes_of_reading
    from buckstop.cli.trial_report import TrialReport, print_trials, trials_json
    from buckstop.cli.trials import attempt, unknown_names
    from buckstop.cli.trials import coverage as coverage_of
    from buckstop.diagnostics import Diagnostic, Level

    inputs = find_inputs(
        paths,
        Named(alertmanager=alertmanager, charter=charter, alertmanager_object=alertmanager_object),
        kinds=SINGLE - {"prometheus"},
    )
    where = ", ".join(map(str, paths)) or "the current folder"
    if not inputs.expectations:
        raise CommandFailed(
            f"no expectations found in {where}; write them beside the routes, into a file such as "
            "buckstop-tests.yaml:\n"
            "  expectations:\n"
            "  - name: latency goes to the SREs\n"
            "    labels: {alertname: HighLatency, team: sre}\n"
            "    expect: {receivers: [sre-pager]}"
        )
    expectations: list[Expectation] = []
    findings: list[Diagnostic] = []
    for file in inputs.expectations:
        read, found = read_expectations(file.data, file.display)
        expectations += read
        findings += found
    reading = read_routes(inputs, team_label, teams, target)
    findings += (one for one in reading.diagnostics if one.level is Level.ERROR)
    sources = {**reading.sources, **{file.display: file.text for file in inputs.expectations}}
    routes = routes_of_reading(reading, team_label)
    if routes is None:
        if not findings:
            raise CommandFailed(f"no alertmanager.yml and no charter found in {where}")
        remark_findings(findings, sources)
        sys.exit(2 if reading.unusable else 1)
    findings += unknown_names(routes, expectations)
    try:
        trials = tuple(attempt(routes, expectations))
    except TimeZoneUnknownError as error:
        raise CommandFailed(f"{error}; install its database of time zones") from error
    covered = coverage_of(routes, trials) if coverage or fail_under is not None else None
    report = TrialReport(trials, tuple(findings), covered, fail_under)
    if form == "json":
        sys.stdout.write(trials_json(report))
    else:
        print_trials(report, sources, Console(highlight=False), verbose - quiet)
    sys.exit(2 if reading.unusable else int(report.fails))
