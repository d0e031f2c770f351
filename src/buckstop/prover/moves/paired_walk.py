"""Two route trees walked at once, with a region: where what comes of an alert differs.

Both are walked as one (`buckstop.prover.walk`), child by child, and what comes to the same in both
is left out as soon as that is seen: children with one value of a label are looked up, subtrees that
are alike are not entered, and where a few children of many differ, only what these can match is
walked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from buckstop.alertmanager import RouteMatch
from buckstop.alertmanager.conditions import Condition
from buckstop.alertmanager.model import Matcher
from buckstop.alertmanager.routing import RouteNode
from buckstop.language import NOTHING, Language, Region, Undecided, is_empty, only
from buckstop.language.fixed_ends import are_apart, are_disjoint, fixed_ends, left_out_ends
from buckstop.language.sets import CoFinite, Finite, Matching, factors
from buckstop.language.sets import every as all_of
from buckstop.prover.moves.alignment import Numbered, Numbers, Step, steps
from buckstop.prover.moves.reordering import nearer_to
from buckstop.prover.walk import MAX_WAYS, Unwalked, split, ways_below

FEW: Final = 8
"""Where fewer than one of this many children differ, each is walked for itself."""

MAX_PIECES: Final = 64
"""Regions that are kept apart while children are walked for themselves."""

Matches = tuple[RouteMatch, ...]
_Places = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Label sets that take the same routes before, and the same after."""

    region: Region
    before: Matches
    after: Matches


@dataclass(frozen=True, slots=True)
class _Taken:
    """The matches of one tree so far, and whether its walk is over."""

    matches: Matches = ()
    is_over: bool = False

    def and_(self, matches: Matches, child: Numbered) -> _Taken:
        return _Taken((*self.matches, *matches), not child.node.continues)


_NONE: Final = _Taken()


@dataclass(slots=True)
class PairedWalk:
    """Walks two trees that `numbers` has numbered."""

    numbers: Numbers
    old: Numbered
    new: Numbered
    _found: int = field(default=0, init=False)

    def differences(self, region: Region) -> Iterator[Pair]:
        """The parts of `region` of which something else comes; they are disjoint.

        Raises:
            Unwalked: if a pattern is beyond the limits of what can be decided, or there are more
                than `MAX_WAYS` parts.
        """
        return self._pairs(self.old, self.new, region, every=False)

    def _pairs(
        self, old: Numbered, new: Numbered, region: Region, *, every: bool
    ) -> Iterator[Pair]:
        """The pairs of `region`, which matches both nodes: `every` one, or those that differ."""
        if old.below == new.below and not every:
            return
        for part, old_places, new_places in self._cells(old, new, region, every=every):
            aligned = _aligned(
                [old.children[place] for place in old_places],
                [new.children[place] for place in new_places],
            )
            for within in self._suspected(old, new, part, aligned, every=every):
                yield from self._past(old, new, within, aligned, every=every)

    def _past(
        self, old: Numbered, new: Numbered, region: Region, aligned: Sequence[Step], *, every: bool
    ) -> Iterator[Pair]:
        waiting = [(region, 0, _NONE, _NONE)]
        while waiting:
            part, begin, before, after = waiting.pop()
            for index in range(begin, len(aligned)):
                step = _left(aligned[index], before, after)
                if step is None:
                    continue
                conditions = step.given.node.conditions
                if not every and len(conditions) == 1 and self._is_settled(step, before, after):
                    outside = _rest(part, conditions[0])
                else:
                    inside, outside = _parted(part, conditions)
                    if inside is not None:
                        for found, taken, taken_new in self._into(
                            step, inside, before, after, every=every
                        ):
                            if taken.is_over and taken_new.is_over:
                                yield from self._pair(found, taken, taken_new, every=every)
                            else:
                                waiting.append((found, index + 1, taken, taken_new))
                if not outside:
                    break
                part = outside[-1]
                waiting += [(other, index + 1, before, after) for other in outside[:-1]]
            else:
                yield from self._pair(
                    part, _or_self(before, old.node), _or_self(after, new.node), every=every
                )

    def _is_settled(self, step: Step, before: _Taken, after: _Taken) -> bool:
        """Whether all that takes `step` comes to the same in both trees."""
        return step.is_same and not step.given.node.continues and self._alike(before, after)

    def _into(
        self, step: Step, region: Region, before: _Taken, after: _Taken, *, every: bool
    ) -> Iterator[tuple[Region, _Taken, _Taken]]:
        """What `region`, which matches the child or both children of `step`, has taken then."""
        match step:
            case Step(Numbered() as old, Numbered() as new):
                wanted = every or old.node.continues or not self._alike(before, after)
                for pair in self._pairs(old, new, region, every=wanted):
                    yield pair.region, before.and_(pair.before, old), after.and_(pair.after, new)
            case Step(Numbered() as old, None):
                for way in ways_below(old.node, region):
                    yield way.region, before.and_(way.matches, old), after
            case Step(None, Numbered() as new):
                for way in ways_below(new.node, region):
                    yield way.region, before, after.and_(way.matches, new)

    def _pair(
        self, region: Region, before: _Taken, after: _Taken, *, every: bool
    ) -> Iterator[Pair]:
        if (not every and self._alike(before, after)) or self._is_empty(region):
            return
        self._found += 1
        if self._found > MAX_WAYS:
            raise Unwalked(self._asking(None), f"more than {MAX_WAYS:,} regions")
        yield Pair(region, before.matches, after.matches)

    def _alike(self, before: _Taken, after: _Taken) -> bool:
        return self.numbers.told_alike(
            [match.path for match in before.matches], [match.path for match in after.matches]
        )

    def _suspected(
        self, old: Numbered, new: Numbered, region: Region, aligned: Sequence[Step], *, every: bool
    ) -> Iterator[Region]:
        """Parts of `region` outside of which both trees come to the same; they are disjoint.

        What matches no child that differs takes the same others in the same order.
        """
        differing = [step for step in aligned if not step.is_same]
        if every or old.tells != new.tells or len(differing) * FEW > len(aligned):
            yield region
            return
        left = [region]
        for step in differing:
            if len(left) > MAX_PIECES:
                break
            still: list[Region] = []
            for piece in left:
                inside, outside = _parted(piece, step.given.node.conditions)
                if inside is not None:
                    yield inside
                still += outside
            left = still
        else:
            return
        yield from left

    def _cells(
        self, old: Numbered, new: Numbered, region: Region, *, every: bool
    ) -> Iterator[tuple[Region, _Places, _Places]]:
        """`region` by the values that the children of both ask for by name; which can match each.

        Cells in which the same children come to the same are left out, unless `every` is asked for.
        """
        label = _told_apart_by(old, new)
        if label is None:
            yield region, _all_places(old), _all_places(new)
            return
        language = region.language(label)
        if isinstance(language, Finite):
            listed = sorted(language.strings)
            rest: Language = NOTHING
        else:
            siblings = (old.node.children, new.node.children)
            values = dict.fromkeys(value for one in siblings for value in one.listed_values)
            listed = [value for value in values if value in language]
            rest = language & CoFinite(frozenset(listed)) if listed else language
        by_places: dict[tuple[_Places, _Places], list[str]] = {}
        for value in listed:
            places = _places(old, value), _places(new, value)
            if every or not _come_to_the_same(old, new, *places):
                by_places.setdefault(places, []).append(value)
        for (old_places, new_places), texts in by_places.items():
            yield region.replaced(label, only(*texts)), old_places, new_places
        places = _places(old, None), _places(new, None)
        if (every or not _come_to_the_same(old, new, *places)) and not self._has_none(label, rest):
            yield region.replaced(label, rest), *places

    def _is_empty(self, region: Region) -> bool:
        return any(self._has_none(name, language) for name, language in region.named)

    def _has_none(self, name: str, language: Language) -> bool:
        try:
            return is_empty(language)
        except Undecided as undecided:
            raise Unwalked(self._asking(name), str(undecided)) from None

    def _asking(self, name: str | None) -> Matcher:
        """The first matcher of either tree, of those for the label `name` if one is given."""
        return next(
            asked.matcher
            for tree in (self.old, self.new)
            for node in _nodes(tree)
            for asked in node.node.conditions
            if name is None or asked.matcher.name == name
        )


def _nodes(top: Numbered) -> Iterator[Numbered]:
    yield top
    for child in top.children:
        yield from _nodes(child)


def _told_apart_by(old: Numbered, new: Numbered) -> str | None:
    """The label by whose value the children of both are looked up; None where there is none."""
    labels = {one.node.children.label for one in (old, new) if one.children}
    return labels.pop() if len(labels) == 1 else None


def _all_places(parent: Numbered) -> _Places:
    return tuple(range(len(parent.children)))


def _places(parent: Numbered, value: str | None) -> _Places:
    """The places of the children that can match where the label has this value, or no listed one.

    A route without children has none, whatever label is asked for.
    """
    children = parent.node.children
    return tuple(children.unlisted_places if value is None else children.places(value))


def _come_to_the_same(
    old: Numbered, new: Numbered, old_places: _Places, new_places: _Places
) -> bool:
    return (
        old.tells == new.tells
        and len(old_places) == len(new_places)
        and all(
            old.children[one].whole == new.children[other].whole
            for one, other in zip(old_places, new_places, strict=True)
        )
    )


def _aligned(old: Sequence[Numbered], new: Sequence[Numbered]) -> tuple[Step, ...]:
    """The steps of both, as many in pairs as can be; the order of `new` is kept where it counts."""
    aligned = steps(old, new)
    alone = {step.old.asks for step in aligned if step.old is not None and step.new is None}
    if any(step.new.asks in alone for step in aligned if step.new is not None and step.old is None):
        return steps(old, nearer_to(old, new))
    return aligned


def _left(step: Step, before: _Taken, after: _Taken) -> Step | None:
    """What of `step` is still to be walked."""
    old = None if before.is_over else step.old
    new = None if after.is_over else step.new
    return None if old is None and new is None else Step(old, new)


def _or_self(taken: _Taken, node: RouteNode) -> _Taken:
    return _Taken(taken.matches or (node.match,), is_over=True)


def _parted(
    region: Region, conditions: Sequence[Condition]
) -> tuple[Region | None, tuple[Region, ...]]:
    """As `split`, but what is outside of one condition may be empty, and is said in few words."""
    if len(conditions) != 1:
        return split(region, conditions)
    asked = conditions[0]
    name = asked.matcher.name
    try:
        inside = _plainer(region, asked).narrowed(name, asked.language)
    except Undecided as undecided:
        raise Unwalked(asked.matcher, str(undecided)) from None
    return inside, (region,) if inside is None else _rest(region, asked)


def _rest(region: Region, asked: Condition) -> tuple[Region, ...]:
    """What of `region` does not satisfy `asked`; whether there is any is not asked yet.

    It would be asked of every one of thousands of children, and is once, where it comes to a pair.
    """
    name = asked.matcher.name
    language = region.language(name)
    wanted = (one for one in factors(language) if isinstance(one, Matching) and not one.negated)
    if any(are_disjoint(one, asked.language) for one in wanted):
        return (region,)
    rest = language & ~asked.language
    return () if rest == NOTHING else (region.replaced(name, rest),)


def _plainer(region: Region, asked: Condition) -> Region:
    """`region` or more, without what it excludes that does not satisfy `asked` anyway."""
    name = asked.matcher.name
    language = region.language(name)
    parts = factors(language)
    ends = fixed_ends(asked.language)
    kept = [
        part
        for part in parts
        if not are_apart(left_out_ends(part), ends) and not are_disjoint(~part, asked.language)
    ]
    return region if len(kept) == len(parts) else region.replaced(name, all_of(kept))
