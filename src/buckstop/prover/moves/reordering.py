"""Children of a route in another order that comes to the same.

Of an alert only the children count that it matches, in their order. So two that no alert matches
both may change places, and most routes of teams are such: a file that is sorted anew moves nothing.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from typing import Final

from buckstop.language import EVERYTHING, Language
from buckstop.language.fixed_ends import are_disjoint
from buckstop.language.overlaps import Overlaps
from buckstop.language.sets import Finite
from buckstop.prover.moves.alignment import Numbered

MAX_TOGETHER: Final = 50
"""Children for each, on average, that an alert may match with it; beyond, none change places."""


def nearer_to(old: Sequence[Numbered], new: Sequence[Numbered]) -> Sequence[Numbered]:
    """`new` in the order of those of `old` that ask for the same, as far as it comes to the same.

    Two keep their order unless it is seen that no alert matches both.
    """
    behind = _followers(new)
    if behind is None:
        return new
    ranks = _ranks(old, new)
    awaited = Counter(after for following in behind.values() for after in following)
    ready = [(ranks[place], place) for place in range(len(new)) if not awaited[place]]
    heapq.heapify(ready)
    ordered: list[Numbered] = []
    while ready:
        _, place = heapq.heappop(ready)
        ordered.append(new[place])
        for after in behind.get(place, ()):
            awaited[after] -= 1
            if not awaited[after]:
                heapq.heappush(ready, (ranks[after], after))
    assert len(ordered) == len(new), "each waits for earlier ones alone"
    return ordered


def _ranks(old: Sequence[Numbered], new: Sequence[Numbered]) -> list[int]:
    """The place in `old` of what each of `new` pairs with; of others, that of the one before it."""
    places: dict[int, deque[int]] = defaultdict(deque)
    for place, one in enumerate(old):
        places[one.asks].append(place)
    ranks: list[int] = []
    for one in new:
        here = places.get(one.asks)
        ranks.append(here.popleft() if here else (ranks[-1] if ranks else -1))
    return ranks


def _followers(children: Sequence[Numbered]) -> Mapping[int, Sequence[int]] | None:
    """Place to the later places of those that an alert may match with it; None for too many."""
    asked = [dict(child.asked) for child in children]
    names = Counter(name for one in asked for name in sorted(one))
    if not names:
        return None
    # Any label would do; the one that most ask for tells most of them apart.
    name = max(names, key=lambda one: names[one])
    overlaps = Overlaps()
    found: dict[int, list[int]] = defaultdict(list)
    left = MAX_TOGETHER * len(children)
    for place, one in enumerate(asked):
        language = one.get(name, EVERYTHING)
        for earlier in overlaps.with_strings_of(language):
            left -= 1
            if left < 0:
                return None
            if not _are_apart(asked[earlier], one):
                found[earlier].append(place)
        overlaps.add(language)
    return found


def _are_apart(left: Mapping[str, Language], right: Mapping[str, Language]) -> bool:
    """Whether it is seen that no label set is asked for by both."""
    return any(_have_none_in_common(left[name], right[name]) for name in left.keys() & right.keys())


def _have_none_in_common(left: Language, right: Language) -> bool:
    if isinstance(left, Finite) and isinstance(right, Finite):
        return left.strings.isdisjoint(right.strings)
    return are_disjoint(left, right)
