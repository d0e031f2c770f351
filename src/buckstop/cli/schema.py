"""``buckstop schema``: the charter's JSON Schema, for editors and other tools."""

from __future__ import annotations

import json

import click


@click.command(name="schema")
def command() -> None:
    """Print the JSON Schema of a charter's file.

    Editors check and complete a charter with it. With the YAML language server, put this line at
    the top of each file:

    \b
      # yaml-language-server: $schema=charter.schema.json

    \b
    Example:
      buckstop schema > charter/charter.schema.json
    """
    from buckstop.charter import json_schema

    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
