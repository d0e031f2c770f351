"""``buckstop check``: read charter, rules and routes; say who answers for each."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from buckstop.cli.object_choice import ALERTMANAGER_OBJECT, PROMETHEUS_OBJECT
from buckstop.cli.promise import within_option
from buckstop.cli.target import Aimed, target_option

FILE = click.Path(path_type=Path)


@click.command("check")
@click.argument("paths", nargs=-1, type=FILE, metavar="[PATH]...")
@click.option("--rules", multiple=True, type=FILE, metavar="PATH", help="A rule file or a folder.")
@click.option("--alertmanager", type=FILE, metavar="FILE", help="The alertmanager.yml to take.")
@click.option("--prometheus", type=FILE, metavar="FILE", help="The prometheus.yml to take.")
@click.option("--charter", type=FILE, metavar="PATH", help="The charter, a file or a folder.")
@ALERTMANAGER_OBJECT
@PROMETHEUS_OBJECT
@click.option("--team-label", metavar="NAME", help="The label that names the team.")
@click.option("--teams", type=FILE, metavar="FILE", help="Says which receiver is whose.")
@click.option("--labels", type=FILE, metavar="FILE", help="Says which values labels have.")
@target_option(
    "Who is to load the files, such as alertmanager=0.28 or prometheus=3.5; without it, what any "
    "supported version takes."
)
@within_option()
@click.option("--allow-unknown", is_flag=True, help="Exit 0 where a verdict is unknown.")
@click.option("--baseline", type=FILE, metavar="FILE", help="Only what is not in FILE fails.")
@click.option("--certificate", type=FILE, metavar="FILE", help="Write what is proven to FILE.")
@click.option("--confirm", is_flag=True, help="Have amtool walk every label set shown.")
@click.option("--write-baseline", type=FILE, metavar="FILE", help="Write what is found to FILE.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif", "github"]),
    default="text",
    show_default=True,
)
@click.option("-v", "--verbose", count=True, help="Every rule and every finding.")
@click.option("-q", "--quiet", is_flag=True, help="Errors and the summary alone.")
def command(
    *,
    paths: tuple[Path, ...],
    rules: tuple[Path, ...],
    alertmanager: Path | None,
    prometheus: Path | None,
    charter: Path | None,
    alertmanager_object: str | None,
    prometheus_object: str | None,
    team_label: str | None,
    teams: Path | None,
    labels: Path | None,
    target: Aimed,
    within: float | None,
    allow_unknown: bool,
    baseline: Path | None,
    certificate: Path | None,
    confirm: bool,
    write_baseline: Path | None,
    form: str,
    verbose: int,
    quiet: bool,
) -> None:
    """Say who answers for every alert, and what is wrong.

    PATHs are files and folders; charter, rule files, alertmanager.yml, prometheus.yml and
    Kubernetes objects are told by their content. Without a PATH the current folder is searched;
    - is standard input. No server is asked.

    \b
    Exit codes: 0 every rule proven and no error; 1 something refuted, unknown
    (unless --allow-unknown) or an error, and neither waived nor in the
    --baseline; 2 an input that cannot be read.

    \b
    Examples:
      buckstop check .
      buckstop check --team-label team rules/ alertmanager.yml
      helm template shop charts/shop | buckstop check -
      buckstop check --format json charter/ | jq '.summary'
    """
    from rich.console import Console

    from buckstop.cli.baselining import against, load_baseline
    from buckstop.cli.baselining import write_baseline as put_baseline
    from buckstop.cli.certifying import write_certificate
    from buckstop.cli.check_json import check_json
    from buckstop.cli.check_next import Asked, next_steps
    from buckstop.cli.check_text import print_report
    from buckstop.cli.findings import FORMS, print_findings, verdict_findings
    from buckstop.cli.inputs import Named, find_inputs
    from buckstop.cli.main import CommandFailed
    from buckstop.cli.reading import read_inputs
    from buckstop.cli.replay import replay
    from buckstop.cli.report import make_report
    from buckstop.cli.waiting import said_if_slow
    from buckstop.cli.waiving import waive
    from buckstop.diagnostics import Level, has_errors, visible
    from buckstop.document import collection_paused

    if baseline is not None and write_baseline is not None:
        raise click.UsageError("--write-baseline writes what --baseline reads: give one of them")
    accepted = () if baseline is None else load_baseline(baseline)
    named = Named(rules, alertmanager, prometheus, charter, alertmanager_object, prometheus_object)
    inputs = find_inputs(paths, named)
    if not inputs.said and not inputs.unread and not has_errors(inputs.findings):
        where = ", ".join(str(path) for path in paths) or "the current folder"
        empty = "".join(f"\n{found.message}" for found in inputs.findings)
        raise CommandFailed(
            f"no charter, rule file or alertmanager.yml found in {where}; "
            f"`buckstop init` writes a charter to start from{empty}"
        )
    today = date.today()  # noqa: DTZ011 - a charter's rows hold from and until days of the user's
    with said_if_slow(f"Reading and proving {inputs.said} …"), collection_paused():
        reading = read_inputs(
            inputs, team_label=team_label, teams=teams, today=today, labels=labels, aimed=target
        )
        if within is not None:
            if reading.compiled is not None:
                raise CommandFailed(
                    "--within judges rules and routes: build the charter, then check the build"
                )
            if reading.given is not None:
                reading = replace(reading, given=replace(reading.given, within_seconds=within))
        report = waive(
            make_report(reading),
            {**reading.sources, **{file.display: file.text for file in inputs.files}},
            {} if reading.objects is None else reading.objects.manifests.names,
            today,
        )
        rule_files = () if reading.given is None else reading.given.rule_files
        if write_baseline is not None:
            accepted = put_baseline(write_baseline, report, rule_files)
        file = baseline or write_baseline
        if file is not None:
            report = against(report, str(file), accepted, rule_files)
        if confirm:
            report = replay(report, reading, inputs)
        if certificate is not None:
            write_certificate(certificate, report, reading, inputs, (teams, labels))
    if form == "json":
        sys.stdout.write(check_json(report))
    elif form in FORMS:
        verdicts = verdict_findings(report.counting_answers, report.diagnostics)
        found = (*report.diagnostics, *verdicts)
        shown = [one for one in found if one.level is Level.ERROR or not quiet]
        waived = {one.finding: one.waiver.reason for one in report.waived}
        known = None if report.baseline is None else report.baseline.known
        print_findings(form, shown, report.sources, waived, known)
    else:
        console = Console(highlight=False)
        verbosity = -1 if quiet else verbose
        print_report(
            report,
            inputs.said or "nothing",
            inputs.said_passed_over,
            console,
            verbosity=verbosity,
        )
        if not quiet:
            asked = Asked(paths, named, team_label, teams, labels, target)
            for step in next_steps(report, inputs, asked):
                console.print(visible(step), soft_wrap=True, markup=False)
    sys.exit(report.exit_code(allow_unknown=allow_unknown))
