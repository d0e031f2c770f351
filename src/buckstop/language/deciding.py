"""Questions about languages, decided: is it empty, does one contain another, for example which?

The automata of all patterns that a language speaks of are walked side by side, breadth first, so
that the first string found is a shortest one, and the most readable of these.
"""

from __future__ import annotations

import functools
import itertools
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final, assert_never

from buckstop.language.alphabet import Alphabet, readability
from buckstop.language.characters import Characters
from buckstop.language.compiled import compiled
from buckstop.language.fixed_ends import are_disjoint
from buckstop.language.machine import (
    DEAD,
    POSITION_SETS,
    Machine,
    MachineWithin,
    Moves,
    ProgramMachine,
    TrieMachine,
)
from buckstop.language.samples import MORE, samples
from buckstop.language.sets import CoFinite, Every, Finite, Language, Matching, Some, every
from buckstop.language.undecided import Undecided

MAX_STATES: Final = 100_000
"""States that one question may visit unless its asker says otherwise."""

Place = tuple[int, ...]
"""A state of each machine."""


def example(
    language: Language, *, preferred: Iterable[str] = (), max_states: int = MAX_STATES
) -> str | None:
    """A string of `language`: the first of `preferred` that is in it, else a shortest readable one.

    Returns:
        None if and only if the language is empty.

    Raises:
        Undecided: if the answer needs more than `max_states` states.
    """
    for candidate in preferred:
        if candidate in language:
            return candidate
    match language:
        case Finite(strings) if len(strings) == 1:
            return next(iter(strings))
        case Finite(strings):
            return min(strings, key=lambda text: (readability(text), text), default=None)
        case _:
            return _search(language, max_states)


def is_empty(language: Language, *, max_states: int = MAX_STATES) -> bool:
    """Whether no string is in `language`. Raises `Undecided`."""
    if isinstance(language, CoFinite):
        return False
    if isinstance(language, Matching) and next(samples(language), None) is not None:
        return False
    quick = _quick_emptiness(language, max_states) if isinstance(language, Every) else None
    return example(language, max_states=max_states) is None if quick is None else quick


def _quick_emptiness(language: Every, max_states: int) -> bool | None:
    """Whether `language` is empty, where a look at some of its parts tells; else None.

    Most often it is what some patterns match and many others do not. An example of the former that
    RE2 finds in none of the others spares the walk of all their automata side by side.
    """
    wanted = [part for part in language.parts if not _excludes(part)]
    if any(are_disjoint(*pair) for pair in itertools.combinations(wanted, 2)):
        return True
    if len(wanted) == len(language.parts):
        return None
    core = every(wanted)
    if isinstance(core, Matching) and any(text in language for text in samples(core)):
        return False
    try:
        found = example(core, max_states=max_states)
    except Undecided:
        return None
    if found is None:
        return True
    return False if any(found + more in language for more in MORE) else None


def _excludes(part: Language) -> bool:
    return isinstance(part, CoFinite) or (isinstance(part, Matching) and part.negated)


def includes(outer: Language, inner: Language, *, max_states: int = MAX_STATES) -> bool:
    """Whether every string of `inner` is in `outer`. Raises `Undecided`."""
    return is_empty(inner - outer, max_states=max_states)


def equal(left: Language, right: Language, *, max_states: int = MAX_STATES) -> bool:
    """Whether both have the same strings. Raises `Undecided`."""
    return includes(left, right, max_states=max_states) and includes(
        right, left, max_states=max_states
    )


@functools.lru_cache(maxsize=4_096)
def _search(language: Language, max_states: int) -> str | None:
    leaves = tuple(dict.fromkeys(_leaves(language)))
    alphabet, machines = _machines(leaves)
    verdict = _formula(language, leaves)
    start = tuple(machine.start for machine in machines)
    if verdict(_ends(machines, start)):
        return ""
    origins: dict[Place, tuple[Place, int] | None] = {start: None}
    waiting = deque([start])
    while waiting:
        place = waiting.popleft()
        for mask, following in _steps(machines, place, alphabet.everything):
            if following in origins:
                continue
            if verdict(tuple(None if state != DEAD else False for state in following)) is False:
                continue  # whatever comes next, it is not in the language
            if len(origins) >= max_states:
                raise Undecided(f"more than {max_states:,} states")
            origins[following] = (place, (mask & -mask).bit_length() - 1)
            if verdict(_ends(machines, following)):
                return _spelt(following, origins, alphabet)
            waiting.append(following)
    return None


def _leaves(language: Language) -> Iterator[Finite | Matching]:
    match language:
        case Finite():
            yield language
        case CoFinite(excluded):
            yield Finite(excluded)
        case Matching():
            yield replace(language, negated=False)
        case Every(parts) | Some(parts):
            for part in parts:
                yield from _leaves(part)
        case _:
            assert_never(language)


def _machines(leaves: tuple[Finite | Matching, ...]) -> tuple[Alphabet, list[Machine]]:
    programs = {leaf: compiled(leaf) for leaf in leaves if isinstance(leaf, Matching)}
    sets: set[Characters] = set()
    for program in programs.values():
        sets |= program.character_sets()
        if program.has_positions:
            sets.update(POSITION_SETS)
    for leaf in leaves:
        texts = leaf.strings if isinstance(leaf, Finite) else (leaf.before, leaf.after)
        sets |= {Characters.single(character) for text in texts for character in text}
    alphabet = Alphabet(sets)

    def machine(leaf: Finite | Matching) -> Machine:
        if isinstance(leaf, Finite):
            return TrieMachine(leaf.strings, alphabet)
        whole = ProgramMachine(programs[leaf], alphabet)
        if leaf.before or leaf.after:
            return MachineWithin(whole, leaf.before, leaf.after, alphabet)
        return whole

    return alphabet, [machine(leaf) for leaf in leaves]


Truth = bool | None
"""Of a leaf or of the whole; None where it depends on what comes next."""
Verdict = Callable[[tuple[Truth, ...]], Truth]


def _formula(language: Language, leaves: tuple[Finite | Matching, ...]) -> Verdict:
    """What the truth of each leaf makes of the whole."""
    match language:
        case Finite() | CoFinite() | Matching():
            (leaf,) = _leaves(language)
            return _leaf(leaves.index(leaf), is_positive=leaf == language)
        case Every(parts):
            return _combination([_formula(part, leaves) for part in parts], deciding=False)
        case Some(parts):
            return _combination([_formula(part, leaves) for part in parts], deciding=True)
        case _:
            assert_never(language)


def _leaf(index: int, *, is_positive: bool) -> Verdict:
    if is_positive:
        return lambda truths: truths[index]

    def negated(truths: tuple[Truth, ...]) -> Truth:
        truth = truths[index]
        return None if truth is None else not truth

    return negated


def _combination(parts: list[Verdict], *, deciding: bool) -> Verdict:
    """One `deciding` part decides; else, where all are known, the opposite."""

    def combined(truths: tuple[Truth, ...]) -> Truth:
        is_open = False
        for part in parts:
            truth = part(truths)
            if truth is deciding:
                return deciding
            is_open = is_open or truth is None
        return None if is_open else not deciding

    return combined


def _ends(machines: list[Machine], place: Place) -> tuple[Truth, ...]:
    """Which leaves have the text that ends here."""
    return tuple(
        state != DEAD and machine.accepts(state)
        for machine, state in zip(machines, place, strict=True)
    )


def _steps(machines: list[Machine], place: Place, everything: int) -> list[tuple[int, Place]]:
    """Where each next character leads all machines together, most readable character first."""
    pieces: list[tuple[int, Place]] = [(everything, ())]
    for machine, state in zip(machines, place, strict=True):
        moves: Moves = () if state == DEAD else machine.moves(state)
        split: list[tuple[int, Place]] = []
        for mask, reached in pieces:
            rest = mask
            for kinds, following in moves:
                both = rest & kinds
                if both:
                    split.append((both, (*reached, following)))
                    rest &= ~both
            if rest:
                split.append((rest, (*reached, DEAD)))
        pieces = split
    return sorted(pieces, key=lambda piece: piece[0] & -piece[0])


def _spelt(place: Place, origins: dict[Place, tuple[Place, int] | None], alphabet: Alphabet) -> str:
    letters: list[str] = []
    origin = origins[place]
    while origin is not None:
        place, kind = origin
        letters.append(alphabet.best[kind])
        origin = origins[place]
    return "".join(reversed(letters))
