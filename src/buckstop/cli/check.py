"""``buckstop check``: read charter, rules and routes; say who answers for each."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from buckstop.cli.object_choice import ALERTMANAGER_OBJECT, PROMETHEUS_OBJECT
from buckstop.cli.promise import promise_option, promised, within_option
from buckstop.cli.target import Aimed, target_option

FILE = click.Path(path_type=Path)
WHERE = click.Path()
"""A file, or with --live an address, which is no path: a path has no two slashes in a row."""


@click.command("check")
@click.argument("paths", nargs=-1, type=FILE, metavar="[PATH]...")
@click.option("--rules", multiple=True, type=FILE, metavar="PATH", help="A rule file or a folder.")
@click.option(
    "--alertmanager", type=WHERE, metavar="FILE", help="The alertmanager.yml to take; its URL."
)
@click.option(
    "--prometheus", type=WHERE, metavar="FILE", help="The prometheus.yml to take; its URL."
)
@click.option(
    "--live",
    is_flag=True,
    help="Check what the servers at --alertmanager URL and --prometheus URL have loaded.",
)
@click.option("--token-file", type=FILE, metavar="FILE", help="The bearer token that they ask for.")
@click.option(
    "--ca-file", type=FILE, metavar="FILE", help="Who signs for them, where they use TLS."
)
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
@promise_option()
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
    alertmanager: str | None,
    prometheus: str | None,
    live: bool,
    token_file: Path | None,
    ca_file: Path | None,
    charter: Path | None,
    alertmanager_object: str | None,
    prometheus_object: str | None,
    team_label: str | None,
    teams: Path | None,
    labels: Path | None,
    target: Aimed,
    within: float | None,
    promises: tuple[str, ...],
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
    - is standard input. No server is asked, unless --live is given: then what is checked is what
    the servers say they have loaded, and PATHs say whose the receivers are and what should run.

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
      buckstop check --live --alertmanager http://127.0.0.1:9093 \\
        --prometheus http://127.0.0.1:9090 build/
    """
    from rich.console import Console

    from buckstop.cli.check_json import check_json
    from buckstop.cli.check_next import Asked, next_steps
    from buckstop.cli.check_text import print_report
    from buckstop.cli.findings import FORMS, print_findings, verdict_findings
    from buckstop.cli.inputs import Named, find_inputs
    from buckstop.cli.live import Servers, ask_servers, refuse_addresses, with_files
    from buckstop.cli.main import CommandFailed
    from buckstop.cli.reading import read_inputs
    from buckstop.cli.report import make_report
    from buckstop.cli.waiting import said_if_slow
    from buckstop.cli.waiving import waive
    from buckstop.diagnostics import Level, has_errors, visible
    from buckstop.document import collection_paused

    if baseline is not None and write_baseline is not None:
        raise click.UsageError("--write-baseline writes what --baseline reads: give one of them")
    file = baseline or write_baseline
    if file is not None:
        from buckstop.cli.baselining import against, load_baseline
        from buckstop.cli.baselining import write_baseline as put_baseline
    accepted = () if baseline is None else load_baseline(baseline)
    servers = Servers(alertmanager, prometheus, token_file, ca_file)
    if live:
        if certificate is not None or confirm:
            raise click.UsageError("--certificate and --confirm are for files, not for --live")
        named = Named(rules, None, None, charter, alertmanager_object, prometheus_object)
        loaded = ask_servers(servers, target)
        inputs, target = loaded.inputs, loaded.aimed
        beside = find_inputs(paths, named) if paths or named.any else None
    else:
        refuse_addresses(servers)
        named = Named(
            rules,
            None if alertmanager is None else Path(alertmanager),
            None if prometheus is None else Path(prometheus),
            charter,
            alertmanager_object,
            prometheus_object,
        )
        inputs, beside = find_inputs(paths, named), None
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
        if beside is not None:
            files = read_inputs(
                beside, team_label=team_label, teams=teams, today=today, labels=labels, aimed=target
            )
            reading = with_files(reading, files)
        if within is not None or promises:
            if reading.compiled is not None:
                option = "--promise" if within is None else "--within"
                raise CommandFailed(
                    f"{option} judges rules and routes: build the charter, then check the build"
                )
            if reading.given is not None:
                reading = replace(reading, given=promised(reading.given, within, promises))
        report = waive(
            make_report(reading),
            {**reading.sources, **{file.display: file.text for file in inputs.files}},
            {} if reading.objects is None else reading.objects.manifests.names,
            today,
        )
        rule_files = () if reading.given is None else reading.given.rule_files
        if write_baseline is not None:
            accepted = put_baseline(write_baseline, report, rule_files)
        if file is not None:
            report = against(report, str(file), accepted, rule_files)
        if confirm:
            from buckstop.cli.replay import replay

            report = replay(report, reading, inputs)
        if certificate is not None:
            from buckstop.cli.certifying import write_certificate

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
        if not quiet and not live:
            asked = Asked(paths, named, team_label, teams, labels, target)
            for step in next_steps(report, inputs, asked):
                console.print(visible(step), soft_wrap=True, markup=False)
    sys.exit(report.exit_code(allow_unknown=allow_unknown))
