"""The one command, ``buckstop``.

Commands are imported when they are called, so that ``--help`` stays quick however heavy a
command's libraries are.
"""

from __future__ import annotations

import gc
import importlib
import io
import sys
from typing import Any

import click

from buckstop import __version__

COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("buckstop.cli.init", "Write a charter to start from, from your own files if any."),
    "check": ("buckstop.cli.check", "Read charter, rules and routes; say who answers for each."),
    "build": ("buckstop.cli.build", "Compile the charter into rules, routes and their tests."),
    "route": ("buckstop.cli.route", "Say where an alert goes, as Alertmanager would send it."),
    "test": ("buckstop.cli.test", "Try routing expectations, and say what none of them reaches."),
    "tree": ("buckstop.cli.tree", "Draw the route tree, its teams, and what is wrong where."),
    "who": ("buckstop.cli.who", "Say who answers for one alert, and why."),
    "diff": ("buckstop.cli.diff", "Say whose alerts move between two states of the files."),
    "fix": ("buckstop.cli.fix", "Mend what is safe to mend, as a diff first."),
    "certificate": ("buckstop.cli.certificate", "Verify a certificate, without the prover."),
    "explain": ("buckstop.cli.explain", "Explain a kind of finding, and show its mend."),
    "serve": ("buckstop.cli.serve", "Run the ledger: intake, pages and API."),
    "token": ("buckstop.cli.token", "Make a token for the ledger, and print its line."),
    "incidents": ("buckstop.cli.incidents", "List and show the ledger's incidents."),
    "ack": ("buckstop.cli.ack", "Acknowledge an incident."),
    "handover": ("buckstop.cli.handover", "Hand an incident over to another team, if it accepts."),
    "resolve": ("buckstop.cli.resolve", "Resolve an incident by hand."),
    "record": ("buckstop.cli.record", "Verify the record, sign it, erase a person from it."),
    "schema": ("buckstop.cli.schema", "Print the charter's JSON Schema."),
    "demo": ("buckstop.cli.demo", "Break a real model and watch who answers."),
}
"""Command name to the module whose ``command`` it is, and the line ``--help`` shows."""

LASTING = frozenset({"demo", "record", "serve"})
"""Commands that may run for long, and so have cycles of garbage collected; others soon end."""

EXTRAS: dict[str, str] = {
    "apsw": "ledger",
    "cryptography": "ledger",
    "fastapi": "ledger",
    "jinja2": "ledger",
    "prometheus_client": "ledger",
    "psycopg": "ledger",
    "python_multipart": "ledger",
    "starlette": "ledger",
    "uvicorn": "ledger",
    "joblib": "demo",
    "numpy": "demo",
    "scipy": "demo",
    "sklearn": "demo",
}
"""Library to the extra that brings it; the base install has none of them."""


class CommandFailed(click.ClickException):
    """The command could not run: usage, an unreadable file, a server that does not answer."""

    exit_code = 2

    def format_message(self) -> str:
        """The message, made harmless: it may quote names of files that anybody made."""
        from buckstop.diagnostics.source import visible

        return "\n".join(map(visible, self.message.split("\n")))


class _Lazy(click.Group):
    """A group whose commands are imported by name, and whose failures are said in words."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what the system refuses it (a disk that went away) is no traceback."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise
        except OSError as error:
            where = "" if error.filename is None else f"{error.filename}: "
            raise CommandFailed(f"{where}{error.strerror or error}") from error

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        if cmd_name in LASTING:
            gc.enable()
        command = importlib.import_module(COMMANDS[cmd_name][0]).command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="buckstop")
def root() -> None:
    """When an AI system breaks, who answers for it?

    \b
    Try:  buckstop check .
          buckstop init charter
    """


def main(argv: list[str] | None = None) -> Any:
    """Run the command line and exit: 0 all well, 1 a finding, 2 could not run."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that cannot show a character shows a question mark, not a traceback.
            stream.reconfigure(errors="replace")
    try:
        return root.main(args=argv, prog_name="buckstop")
    except ModuleNotFoundError as error:
        extra = EXTRAS.get((error.name or "").partition(".")[0])
        if extra is None:
            raise
        click.echo(
            f"Error: this command needs {error.name}, which the plain install leaves out.\n"
            f"help: pip install 'buckstop[{extra}]'",
            err=True,
        )
        sys.exit(CommandFailed.exit_code)
    except BrokenPipeError:
        # The reader (``| head``) has gone; that is no failure of ours, and Python must not try to
        # flush into the closed pipe at exit.
        sys.stdout = None
        sys.exit(0)
    except OSError as error:
        # Before any command runs: the version or the help cannot be written.
        sys.stdout = None
        click.echo(f"Error: {error.strerror or error}", err=True)
        sys.exit(CommandFailed.exit_code)
