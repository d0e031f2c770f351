"""The nodes of a tree are those that the parser's own walk finds, in its order."""

from __future__ import annotations

import promql_parser
import pytest

from buckstop.promql.nodes import nodes


@pytest.mark.parametrize(
    "expr",
    [
        "sum by (a) (rate(x{b='c'}[5m])) / on (a) group_left -y > bool 1",
        "topk(3, label_replace(x, 'a', '$1', 'b', '(.*)'))",
        "max_over_time((a + b)[1h:5m] offset 1m) or vector(time())",
        "count_values('v', x @ 5) unless x",
        "(((x)))",
    ],
)
def test_every_node_is_found_once(expr: str) -> None:
    """What is left out would be a label that nobody looks for."""
    tree = promql_parser.parse(expr)
    walked: list[promql_parser.Expr] = []
    promql_parser.walk(tree, walked.append)
    assert [str(one) for one in nodes(tree)] == [str(one) for one in walked]
