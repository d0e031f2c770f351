"""``buckstop serve``: run the ledger."""

from __future__ import annotations

import contextlib
import logging
import os
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click
from rich.console import Console

from buckstop.cli.main import CommandFailed

store_option = click.option(
    "--store",
    metavar="STORE",
    help="The record: a file, or postgresql://… Default: buckstop/ledger.sqlite3 in your state "
    "folder.",
)


@click.command()
@click.option(
    "--build",
    "build_folder",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The folder that `buckstop build -o DIR` wrote; followed when it changes.",
)
@click.option(
    "--alertmanager",
    "alertmanagers",
    multiple=True,
    metavar="URL",
    help="An Alertmanager to ask what it has loaded and what it silences; may be repeated.",
)
@click.option(
    "--prometheus",
    "prometheuses",
    multiple=True,
    metavar="URL",
    help="A Prometheus to ask which alerts fire and what it has loaded; may be repeated.",
)
@click.option(
    "--reconcile-seconds",
    type=click.FloatRange(min=0.1, max=3600),
    default=30.0,
    show_default=True,
    metavar="N",
    help="How often the servers are asked which alerts fire, for those that nobody told of.",
)
@click.option(
    "--ask-seconds",
    type=click.FloatRange(min=0.1, max=3600),
    default=10.0,
    show_default=True,
    metavar="N",
    help="How often the Alertmanagers are asked.",
)
@click.option(
    "--listen",
    "listen_text",
    default="127.0.0.1:9890",
    show_default=True,
    metavar="HOST:PORT",
    help="Outside loopback --tokens is needed. Port 0 takes a free one.",
)
@store_option
@click.option(
    "--checkpoints",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Sign the record every hour, and when an incident ends, in this folder or git repository.",
)
@click.option(
    "--checkpoint-key",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The key that signs; `buckstop record key FILE` makes one.",
)
@click.option(
    "--tokens",
    "tokens_path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Who may do what: lines `person scope… sha256-of-token`.",
)
@click.option(
    "--host",
    "hosts",
    multiple=True,
    metavar="NAME",
    help="A further name by which the ledger is addressed, for example by a proxy.",
)
@click.option(
    "--replica-label",
    "replica_labels",
    multiple=True,
    metavar="LABEL",
    help="A label that differs between replicas of one Prometheus; may be repeated. "
    "Default: __replica__, prometheus_replica.",
)
@click.option(
    "--port-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the port here once the ledger answers.",
)
@click.option(
    "--eraser",
    metavar="STORE",
    help="PostgreSQL as the owner of the tables, for erasures through the API alone; the ledger's "
    "own role may only append.",
)
@click.option(
    "--shadow",
    is_flag=True,
    help="Only observe and report who would answer: nobody is asked, nothing is changed. Its "
    "record is one of its own; default: buckstop/shadow.sqlite3 in your state folder.",
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but warnings.")
def command(
    *,
    build_folder: Path,
    alertmanagers: tuple[str, ...],
    prometheuses: tuple[str, ...],
    reconcile_seconds: float,
    ask_seconds: float,
    listen_text: str,
    store: str | None,
    checkpoints: Path | None,
    checkpoint_key: Path | None,
    tokens_path: Path | None,
    hosts: tuple[str, ...],
    replica_labels: tuple[str, ...],
    port_file: Path | None,
    eraser: str | None,
    shadow: bool,
    quiet: bool,
) -> None:
    """Run the ledger: intake of alerts, the record of who answers, pages and API.

    On loopback it is open to whoever can reach it. Everywhere else, and behind a proxy, give
    --tokens.

    \b
    Example:
      buckstop serve --build out --alertmanager http://127.0.0.1:9093
    """
    # Heavy, and of an extra that the base install does not have.
    from buckstop.charter.addresses import address_wrong
    from buckstop.ledger.checkpointing import Checkpointer
    from buckstop.ledger.configuration import ConfigurationError, read_build
    from buckstop.ledger.domain.labels import DEFAULT_REPLICA_LABELS
    from buckstop.ledger.ledger import Ledger
    from buckstop.ledger.record.checkpoint_folder import CheckpointFolder, CheckpointsError
    from buckstop.ledger.record.key_file import KeyFileError, read_key_file, trust_beside
    from buckstop.ledger.shadow import check_shadow
    from buckstop.ledger.store import StoreError, StoreRefusedError
    from buckstop.ledger.store.opening import (
        is_postgres,
        open_eraser,
        open_reader,
        open_store,
        shown,
    )
    from buckstop.web.access import LOOPBACK_HOSTS, Access, is_loopback, local_person
    from buckstop.web.app import create_app
    from buckstop.web.checkpoints import Signing
    from buckstop.web.following import Follower
    from buckstop.web.leading import while_leading
    from buckstop.web.logs import log_to_terminal
    from buckstop.web.proving import Prover
    from buckstop.web.reconciling import Reconciler
    from buckstop.web.rerouting import Rerouting
    from buckstop.web.server import AddressError, listen, read_address, serve
    from buckstop.web.tokens import HOW_TO, TokensError, read_tokens

    log_to_terminal(logging.WARNING if quiet else logging.INFO)
    for option, urls, port in (
        ("--alertmanager", alertmanagers, 9093),
        ("--prometheus", prometheuses, 9090),
    ):
        for url in urls:
            wrong = address_wrong(url)
            if wrong is not None:
                raise click.UsageError(f"{option}: {wrong}; write http://127.0.0.1:{port}")
    if (checkpoints is None) != (checkpoint_key is None):
        raise click.UsageError("--checkpoints and --checkpoint-key go together")
    try:
        address = read_address(listen_text)
        tokens = None if tokens_path is None else read_tokens(tokens_path)
        loopback = is_loopback(address.host)
        if tokens is None and not loopback:
            raise CommandFailed(
                f"--listen {listen_text} can be reached from other machines, so --tokens FILE is "
                f"needed; {HOW_TO}"
            )
        if tokens is None and hosts:
            raise CommandFailed(
                f"--host admits requests under another name, so --tokens FILE is needed; {HOW_TO}"
            )
        configuration = read_build(build_folder)
        accountability = configuration.accountability()
        where = store or default_store("shadow" if shadow else "ledger")
        if eraser is not None and not (is_postgres(eraser) and is_postgres(where)):
            raise click.UsageError("--eraser: only a record in PostgreSQL needs one")
        key = None if checkpoint_key is None else read_key_file(checkpoint_key)
        folder = None if checkpoints is None else CheckpointFolder(checkpoints)
        trusted = None
        if key is not None and folder is not None:
            # What is there must be of this key or a former one, or nothing could be signed.
            assert checkpoint_key is not None, "it has been read"
            trusted = trust_beside(checkpoint_key, key)
            folder.latest(trusted)
        opened = open_store(where)
        try:
            with contextlib.closing(opened.reader()) as reader:
                check_shadow(reader, shown(where), shadow=shadow)
            ledger = Ledger(
                opened,
                accountability,
                replica_labels=replica_labels or DEFAULT_REPLICA_LABELS,
                in_shadow=shadow,
                eraser=None if eraser is None else partial(open_eraser, eraser),
            )
            sockets, bound = listen(address)
        except BaseException:
            opened.close()
            raise
    except (
        AddressError,
        CheckpointsError,
        ConfigurationError,
        KeyFileError,
        StoreError,
        StoreRefusedError,
        TokensError,
    ) as error:
        raise CommandFailed(str(error)) from error
    access = Access(
        tokens=tokens,
        local_person=local_person(),
        hosts=frozenset({*LOOPBACK_HOSTS, *hosts}) if loopback else None,
        clock=lambda: datetime.now(UTC),
    )
    follower = Follower(
        configuration, alertmanagers, tokens_path, ask_seconds=ask_seconds, in_shadow=shadow
    )
    tasks = follower.tasks
    if alertmanagers or prometheuses:
        reconciler = Reconciler(alertmanagers, prometheuses, seconds=reconcile_seconds)
        tasks = (*tasks, while_leading(reconciler.run))
    # In shadow what is loaded is not the build, and nobody promised that it would be.
    proven = ((), ()) if shadow else (alertmanagers, prometheuses)
    prover = Prover(build_folder, *proven, where, seconds=reconcile_seconds)
    tasks = (*tasks, while_leading(prover.run))
    if not shadow:
        # Every --alertmanager is one that alerts are sent to, so a copy has to be on each.
        tasks = (*tasks, while_leading(Rerouting(alertmanagers, ask_seconds).run))
    if key is not None and folder is not None:
        signing = Signing(Checkpointer(open_reader(where), key, folder, trusted))
        tasks = (*tasks, while_leading(signing.run))
    console = Console(stderr=True, soft_wrap=True, highlight=False)

    def ready() -> None:
        if port_file is not None:
            _write_whole(port_file, f"{bound.port}\n")
        if not quiet:
            console.print(f"Buckstop's ledger answers at {bound.url}", markup=False)
            console.print(f"  record   {shown(where)}", markup=False)
            if shadow:
                console.print("  shadow   it observes; nobody is asked, nothing is changed")
            console.print(f"  build    {build_folder} ({accountability.config_digest[:19]})")
            if key is not None:
                console.print(f"  signed   in {checkpoints} by {key.verifier}", markup=False)
            who = (
                "whoever reaches it"
                if tokens is None
                else f"holders of a token ({len(tokens.entries)})"
            )
            console.print(f"  open to  {who}", markup=False)

    serve(create_app(ledger, access, tasks), [sockets], ready)


def default_store(name: str = "ledger") -> str:
    """Where the record is kept unless the user says otherwise."""
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return str(Path(state) / "buckstop" / f"{name}.sqlite3")


def _write_whole(path: Path, text: str) -> None:
    """Write so that a reader sees all of it or nothing."""
    draft = path.with_name(path.name + ".new")
    draft.write_text(text, encoding="ascii")
    draft.replace(path)
