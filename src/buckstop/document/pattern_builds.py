"""What a pattern holds that a server takes in one build and refuses in another."""

from __future__ import annotations

from buckstop.diagnostics import Diagnostic, Span
from buckstop.document.codes import PATTERN_DEPENDS_ON_BUILD
from buckstop.language.unicode_classes import GoRelease, Newer


def depends_on_build(newer: Newer, server: str, span: Span | None) -> Diagnostic | None:
    """That `server` may refuse what only the newest Go takes; None for what each build takes.

    Args:
        server: its name and version, of which builds with an older and with the newest Go exist.
    """
    if newer.since < GoRelease.GO_1_27:
        return None
    return Diagnostic(
        PATTERN_DEPENDS_ON_BUILD,
        f"whether {server} takes {newer.what} depends on its build: with Go 1.27 it does, with "
        "Go 1.24 it refuses the file",
        span,
        hint="write a class that every build takes, or look for the 'go version' that the "
        "server's --version says",
    )
