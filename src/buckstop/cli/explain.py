"""``buckstop explain``: what a kind of finding means, why it matters, and its mend."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil

import click

import buckstop
from buckstop.diagnostics import Code


def all_codes() -> dict[str, tuple[Code, ...]]:
    """Package to the kinds of finding that its ``codes.py`` declares, in its order."""
    found: dict[str, tuple[Code, ...]] = {}
    for module in sorted(pkgutil.iter_modules(buckstop.__path__), key=lambda one: one.name):
        name = f"buckstop.{module.name}.codes"
        if module.ispkg and importlib.util.find_spec(name):
            values = vars(importlib.import_module(name)).values()
            found[module.name] = tuple(value for value in values if isinstance(value, Code))
    return found


@click.command(name="explain")
@click.argument("code", required=False)
def command(code: str | None) -> None:
    """Explain a kind of finding: what it means, why it matters, its mend.

    CODE is what a finding has in brackets, such as `slack-url-missing`. Without one, all kinds of
    finding are listed, each with its level. In a pipe the page is plain Markdown.

    \b
    Exit codes: 0 explained; 2 there is no such kind of finding.

    \b
    Examples:
      buckstop explain slack-url-missing
      buckstop explain | grep severity
    """
    from rich.console import Console
    from rich.markdown import Markdown

    from buckstop.diagnostics import did_you_mean
    from buckstop.diagnostics.pages import page_text

    known = {one.name: one for kinds in all_codes().values() for one in kinds}
    if code is None:
        width = max(map(len, known))
        for name, one in sorted(known.items()):
            click.echo(f"{name:<{width}}  {one.level.value:<7}  {one.title}")
        return
    if code not in known:
        hint = did_you_mean(code, known) or "`buckstop explain` lists all"
        raise click.UsageError(f"there is no kind of finding called {code!r}; {hint}")
    text = page_text(code)
    console = Console()
    if console.is_terminal:
        console.print(Markdown(text))
    else:
        click.echo(text, nl=False)
