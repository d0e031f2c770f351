"""Write docs/reference/ from the code: diagnostics, command line, schemas, fields and versions.

Usage: python scripts/docs.py [--check]

With --check nothing is written; it exits with 1 if a page is not current.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from alertmanager_fields import alertmanager_fields_page
from prometheus_fields import prometheus_fields_page
from template_functions import template_functions_page

from buckstop.charter import json_schema
from buckstop.cli.explain import all_codes
from buckstop.cli.main import COMMANDS, root

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "reference"
WIDTH_COLUMNS = 90


def diagnostics_page() -> str:
    """The list of all kinds of finding."""
    lines = [
        "# Diagnostics",
        "",
        "Every kind of finding, by the part of the program that says it. An error makes a command",
        "exit with 1; a warning does not. Each page has a bad example and its mend.",
    ]
    for package, kinds in all_codes().items():
        lines += ["", f"## {package}", "", "| Code | Level | What it says |", "|---|---|---|"]
        lines += [
            f"| [`{code.name}`](../diagnostics/{code.name}.md) | {code.level} | {code.title} |"
            for code in kinds
        ]
    return "\n".join(lines) + "\n"


def command_line_page() -> str:
    """What ``--help`` says, of the command and of each of its commands."""
    lines = [
        "# The command line",
        "",
        "`buckstop` is the one command; `python -m buckstop` is the same. It exits with 0 when all",
        "is well, 1 when something was found, 2 when it could not run.",
        "",
    ]
    context = _context(root, "buckstop", None)
    lines += _help(context)
    for name in COMMANDS:
        command = root.get_command(context, name)
        assert command is not None
        inner = _context(command, name, context)
        lines += ["", f"## {name}", "", *_help(inner)]
        if isinstance(command, click.Group):
            for part in command.list_commands(inner):
                nested = command.get_command(inner, part)
                assert nested is not None
                lines += ["", f"### {name} {part}", "", *_help(_context(nested, part, inner))]
    return "\n".join(lines) + "\n"


def _context(command: click.Command, name: str, parent: click.Context | None) -> click.Context:
    """As if `command` were called without arguments; nothing is run."""
    return command.make_context(
        name, [], parent=parent, resilient_parsing=True, terminal_width=WIDTH_COLUMNS
    )


def _help(context: click.Context) -> list[str]:
    lines = context.get_help().strip().splitlines()
    return ["```text", *(line.rstrip() for line in lines), "```"]


def pages() -> dict[Path, str]:
    """Every generated file and what it must contain."""
    schema = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
    return {
        REFERENCE / "diagnostics.md": diagnostics_page(),
        REFERENCE / "command-line.md": command_line_page(),
        REFERENCE / "charter.schema.json": schema,
        REFERENCE / "alertmanager-fields.md": alertmanager_fields_page(),
        REFERENCE / "prometheus-fields.md": prometheus_fields_page(),
        REFERENCE / "template-functions.md": template_functions_page(),
    }


def main(arguments: list[str]) -> int:
    """Name the pages that are not current, and write them unless only asked; the exit status."""
    stale = {
        path: text
        for path, text in pages().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    }
    for path, text in stale.items():
        print(path.relative_to(ROOT))
        if "--check" not in arguments:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return int(bool(stale) and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
