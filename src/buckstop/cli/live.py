"""``check --live``: what running servers say they have loaded, taken as if it lay in files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from buckstop.cli.codes import LOADED_DIFFERS
from buckstop.cli.input_kinds import InputFile, Kind
from buckstop.cli.inputs import Inputs
from buckstop.cli.main import CommandFailed
from buckstop.cli.reading import Reading
from buckstop.cli.target import Aimed
from buckstop.diagnostics import Diagnostic
from buckstop.prover.given import Given

if TYPE_CHECKING:
    from buckstop.loaded import LoadedRoutes, LoadedRules

SCHEMES: Final = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class Servers:
    """The servers to ask, as the user gives them.

    Attributes:
        alertmanager, prometheus: addresses; either may be None, not both.
        token_file: holds a bearer token for both.
        ca_file: holds the certificates by which theirs are trusted.
    """

    alertmanager: str | None
    prometheus: str | None
    token_file: Path | None
    ca_file: Path | None


@dataclass(frozen=True, slots=True)
class Loaded:
    """What they say.

    Attributes:
        aimed: the versions that run, where the user aims at no others.
    """

    inputs: Inputs
    aimed: Aimed


def ask_servers(servers: Servers, aimed: Aimed) -> Loaded:
    """Ask `servers` what they have loaded.

    Raises:
        click.UsageError: no server is named, or by something else than an address.
        CommandFailed: one does not answer, or not as it should.
    """
    from buckstop.loaded import NotSaidError, ask_alertmanager, ask_prometheus, client_of

    for option, url in (
        ("--alertmanager", servers.alertmanager),
        ("--prometheus", servers.prometheus),
    ):
        if url is not None and not url.startswith(SCHEMES):
            raise click.UsageError(
                f"{option} {url}: with --live it is an address, such as http://127.0.0.1:9093"
            )
    if servers.alertmanager is None and servers.prometheus is None:
        raise click.UsageError("--live needs --alertmanager URL, --prometheus URL or both")
    try:
        with client_of(_token(servers.token_file), servers.ca_file) as client:
            routes = rules = None
            if servers.alertmanager is not None:
                routes = ask_alertmanager(client, servers.alertmanager)
            if servers.prometheus is not None:
                rules = ask_prometheus(client, servers.prometheus)
    except NotSaidError as error:
        raise CommandFailed(str(error)) from error
    return _as_files(routes, rules, aimed)


def with_files(reading: Reading, files: Reading) -> Reading:
    """`reading` of what is loaded, with whose is what by `files`, and where it differs from them.

    Args:
        files: what the user gives beside the servers, such as the build that they should run.

    Raises:
        CommandFailed: there is nothing to be used in the files.
    """
    if reading.given is None:
        return reading
    from buckstop.loaded import differences, with_templates_of

    said = files.with_generated(Given((), None))
    if said is None or files.unusable:
        raise CommandFailed(
            "the files beside the servers cannot be used; `buckstop check` on them alone says why"
        )
    given = replace(
        reading.given,
        manifest=said.manifest,
        manifest_source=said.manifest_source,
        cases=said.cases,
        declared=reading.given.declared or said.declared,
        team_label=reading.given.team_label or said.team_label,
    )
    given = with_templates_of(given, said)
    found = tuple(
        Diagnostic(
            LOADED_DIFFERS,
            f"{one.part}: {one.text}",
            one.span,
            hint="reload the server, or say in the files what is meant to run",
        )
        for one in differences(said, given)
    )
    return replace(
        reading,
        given=given,
        diagnostics=(*reading.diagnostics, *found),
        sources={**files.sources, **reading.sources},
        hashes=(*reading.hashes, *files.hashes),
        secrets=reading.secrets | files.secrets,
    )


def refuse_addresses(servers: Servers) -> None:
    """Raise click.UsageError where `servers` are asked for without ``--live``."""
    for option, value in (
        ("--alertmanager", servers.alertmanager),
        ("--prometheus", servers.prometheus),
    ):
        if value is not None and value.startswith(SCHEMES):
            raise click.UsageError(f"{option} {value}: to ask a server, add --live")
    if servers.token_file is not None or servers.ca_file is not None:
        raise click.UsageError("--token-file and --ca-file are for --live")


def _as_files(routes: LoadedRoutes | None, rules: LoadedRules | None, aimed: Aimed) -> Loaded:
    asked = tuple(one.url for one in (routes, rules) if one is not None)
    return Loaded(
        Inputs(
            rules=() if rules is None else tuple(_rule_files(rules)),
            alertmanager=None
            if routes is None
            else _file(f"{routes.url}/alertmanager.yml", "alertmanager", routes.text),
            prometheus=None
            if rules is None
            else _file(f"{rules.url}/prometheus.yml", "prometheus", rules.text),
            manifest=None,
            objects=(),
            charter=None,
            passed_over=(),
            findings=(),
            unread=(),
            servers=asked,
        ),
        Aimed(
            aimed.alertmanager
            or _supported("alertmanager", None if routes is None else routes.version),
            aimed.prometheus or _supported("prometheus", None if rules is None else rules.version),
        ),
    )


def _rule_files(rules: LoadedRules) -> Iterator[InputFile]:
    from buckstop.loaded import rule_texts

    try:
        texts = rule_texts(rules.groups)
    except ValueError as error:
        raise CommandFailed(f"{rules.url}: {error}") from error
    for path, text in texts.items():
        yield _file(f"{rules.url}/{path.lstrip('/')}", "rules", text)


def _file(display: str, kind: Kind, text: str) -> InputFile:
    return InputFile(Path(display), display, kind, text.encode("utf-8"), is_loaded=True)


def _supported(name: str, version: str | None) -> str | None:
    """`version`, unless it is older than what is supported: then that is judged as the oldest."""
    from buckstop.alertmanager import versions as alertmanager
    from buckstop.document.versions import major_minor
    from buckstop.prometheus import versions as prometheus
    from buckstop.prometheus.versions import dotted

    if version is None:
        return None
    oldest = alertmanager.OLDEST if name == "alertmanager" else prometheus.OLDEST
    return dotted(max(major_minor(version), oldest))


def _token(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        token = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandFailed(f"{path}: no token: {error}") from error
    if not token.isascii() or not token.isprintable() or not token:
        raise CommandFailed(f"{path}: a token is one line of ASCII")
    return token
