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
    """As `decided_pair`; where a pattern is beyond the limits nothing is claimed, so None too."""
    try:
        return decided_pair(rule, source, target)
    except Undecided:
        return None


def decided_pair(rule: InhibitRule, source: Region, target: Region) -> tuple[Labels, Labels] | None:
    """An alert of `source` and one of `target` that it inhibits by `rule`; None where none does.

    The concrete semantics confirm a pair.

    Raises:
        Undecided: where a pattern is beyond the limits.
    """
    asked, aimed = conditions(rule.source), conditions(rule.target)
    firing, quiet = inside(source, asked), inside(target, aimed)
    if firing is None or quiet is None:
        return None
    # An alert of both sides is inhibited only by one that is of the source side alone.
    sides = [
        *((firing, one) for one in _outside(quiet, asked)),
        *((one, quiet) for one in _outside(firing, aimed)),
    ]
    for left, right in sides:
        pair = _with_equal(rule, left, right)
        if pair is None:
            continue
        if Inhibitor([rule], [pair[0]]).inhibition(pair[1]) is None:
            raise Undecided("the alerts that were found do not inhibit one another")
        return pair
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


def inside(region: Region, asked: Iterable[Condition]) -> Region | None:
    """The part of `region` that meets all of `asked`; None where none does. Raises `Undecided`."""
    part: Region | None = region
    for one in asked:
        part = part and part.narrowed(one.matcher.name, one.language)
    return part


def _outside(region: Region, asked: Iterable[Condition]) -> Iterator[Region]:
    for one in asked:
        outside = region.narrowed(one.matcher.name, ~one.language)
        if outside is not None:
            yield outside
