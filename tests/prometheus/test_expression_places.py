"""Where in a rule file an expression is wrong."""

from __future__ import annotations

import pytest

from buckstop.diagnostics import Span
from buckstop.prometheus import read_rules

HEAD = "groups:\n- name: g\n  rules:\n  - alert: A\n"


@pytest.mark.parametrize(
    ("expr", "span"),
    [
        ("    expr: up = 1\n", Span("r.yml", 5, 14, 5, 15)),
        ('    expr: "up = 1"\n', Span("r.yml", 5, 15, 5, 16)),
        ("    expr: up ==\n", Span("r.yml", 5, 16, 5, 16)),
        ("    expr: |\n      sum(up)\n        / foo(up)\n      > 1\n", Span("r.yml", 7, 1, 7, 1)),
        ("    expr: |\n      up\n      >\n", Span("r.yml", 7, 1, 7, 1)),
        ('    expr: "u\\x70 = 1"\n', Span("r.yml", 5, 11, 5, 22)),
    ],
)
def test_a_finding_points_into_the_expression(expr: str, span: Span) -> None:
    """To the token on one line, to the line of a block, else to the whole of it."""
    _, (found,) = read_rules(HEAD + expr, "r.yml")
    assert found.code.name == "promql-invalid"
    assert found.span == span


def test_a_finding_says_how_to_mend_the_expression() -> None:
    """The likeliest slip: a field of the rule on the expression's line."""
    _, (found,) = read_rules(f"{HEAD}    expr: up > 0 for 5m\n", "r.yml")
    assert found.hint is not None
    assert "'for' is a field of the rule" in found.hint
