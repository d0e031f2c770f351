"""The `continue` that the Prometheus Operator adds to the routes of its objects."""

from __future__ import annotations

from tests.kubernetes.test_selection import BASE, config, server

from buckstop.kubernetes import Stream, read_manifests
from buckstop.prover.examination import examine
from buckstop.prover.given import Given


def test_nobody_is_blamed_for_what_the_operator_adds() -> None:
    """Whoever wrote the last object did not write that it goes on to nothing."""
    alone = BASE.replace("      routes: [{receiver: own}]\n", "")
    assert alone != BASE
    text = alone + server("{alertmanagerConfigSelector: {}}") + config("a", "ops")
    (routed,) = read_manifests([Stream(text.encode(), "objects.yaml")]).routed
    assert routed.config is not None
    assert [route.continues for route in routed.config.route.routes] == [True]
    found = [one.code.name for one in examine(Given((), routed.config)).diagnostics]
    assert "continue-without-effect" not in found
