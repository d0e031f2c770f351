"""`match` and `match_re`, with the `matchers` that mean the same."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.alertmanager import walk_routes
from buckstop.diagnostics import Diagnostic
from buckstop.prover.checks.subject import RouteSubject, matcher_text
from buckstop.prover.codes import MATCHERS_DEPRECATED


def check(subject: RouteSubject) -> Iterator[Diagnostic]:
    """One finding a route, at the first deprecated key."""
    if subject.config is None:
        return
    for route in walk_routes(subject.config.route):
        keys = [entry.key for entry in route.node if entry.key.text in {"match", "match_re"}]
        if not keys:
            continue
        named = " and ".join(f"`{key.text}`" for key in keys)
        same = ", ".join(f"'{matcher_text(matcher)}'" for matcher in route.matchers)
        yield Diagnostic(
            MATCHERS_DEPRECATED,
            f"{named} {'is' if len(keys) == 1 else 'are'} deprecated since Alertmanager 0.22",
            keys[0].span,
            hint=f"write `matchers: [{same}]`",
        )
