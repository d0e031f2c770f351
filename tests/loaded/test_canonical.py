"""Two spellings of one expression are one; two expressions are not."""

from __future__ import annotations

import pytest

from buckstop.loaded.canonical import canonical


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ('sum(rate(x{b="1",a="2"}[60m])) by(job)', 'sum by (job) (rate(x{a="2",b="1"}[1h]))'),
        ("a  >   1e3", "a > 1000"),
        ("x{a=`\\d`}", 'x{a="\\\\d"}'),
        ('x{b="{,}",a="c"}', 'x{a="c", b="{,}"}'),
        ("up", "up{}"),
    ],
)
def test_what_the_server_writes_otherwise_is_the_same(written: str, shown: str) -> None:
    """A rule is not reported as changed because Prometheus has its own way of writing it."""
    assert canonical(written) == canonical(shown)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('x{a="b"}', 'x{a="c"}'),
        ('x{a="b"}', 'x{a!="b"}'),
        ('x{a="b,c"}', 'x{a="c,b"}'),
        ('label_replace(x, "a", "{b,a}", "c", "d")', 'label_replace(x, "a", "{a,b}", "c", "d")'),
        ("rate(x[5m])", "rate(x[6m])"),
        ("not an expression (", "nor this one ("),
    ],
)
def test_what_means_something_else_is_not(one: str, other: str) -> None:
    """A rule that was changed is not hidden by the way in which it is compared."""
    assert canonical(one) != canonical(other)
