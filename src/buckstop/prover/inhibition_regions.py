"""Whether an alert of one region can keep one of another quiet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from buckstop.alertmanager.conditions import Condition, condition
from buckstop.alertmanager.inhibition import Inhibitor
from buckstop.alertmanager.model import InhibitRule, Matcher
from buckstop.language import Region, Undecided, example, only

Labels = dict[str, str]


def conditions(matchers: Iterable[Matcher]) -> tuple[Condition, ...]:
    """`matchers`, ready."""
    return tuple(condition(matcher) for matcher in matchers)


def inhibiting_pair(
    rule: InhibitRule, source: Region, target: Region
) -> tuple[Labels, Labels] | None:
    """An alert of `source` and one of `target` that it inhibits by `rule`; None where none does.

    Where a pattern is beyond the limits nothing is claimed. The concrete semantics confirm a pair.
    """
    asked, aimed = conditions(rule.source), conditions(rule.target)
    try:
        firing, quiet = _inside(source, asked), _inside(target, aimed)
        if firing is None or quiet is None:
            return None
        # An alert of both sides is inhibited only by one that is of the source side alone.
        sides = [
            *((firing, one) for one in _outside(quiet, asked)),
            *((one, quiet) for one in _outside(firing, aimed)),
        ]
        for left, right in sides:
            pair = _with_equal(rule, left, right)
            if pair is not None and Inhibitor([rule], [pair[0]]).inhibition(pair[1]) is not None:
                return pair
    except Undecided:
        return None
    return None


def _with_equal(rule: InhibitRule, left: Region, right: Region) -> tuple[Labels, Labels] | None:
    for name in rule.equal:
        shared = left.language(name) & right.language(name)
        value = example(shared - only(""))
        if value is None and "" not in shared:
            return None
        left = left.replaced(name, only(value or ""))
        right = right.replaced(name, only(value or ""))
    return left.witness(), right.witness()


def _inside(region: Region, asked: Iterable[Condition]) -> Region | None:
    inside: Region | None = region
    for one in asked:
        inside = inside and inside.narrowed(one.matcher.name, one.language)
    return inside


def _outside(region: Region, asked: Iterable[Condition]) -> Iterator[Region]:
    for one in asked:
        outside = region.narrowed(one.matcher.name, ~one.language)
        if outside is not None:
            yield outside
