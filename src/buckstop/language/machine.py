"""Deterministic automata, made state by state as they are walked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, Protocol

from buckstop.language.alphabet import Alphabet, bits
from buckstop.language.characters import NEWLINE, WORD, Characters
from buckstop.language.expression import Position
from buckstop.language.program import Accept, Fork, Program, Read, Require

Moves = tuple[tuple[int, int], ...]
"""Sets of kinds, disjoint, and the state that each leads to. Other kinds lead nowhere."""

Neighbour = Literal["edge", "newline", "word", "other"]
"""What stands before or after a position; the edge is the start or the end of the text."""

POSITION_SETS = (NEWLINE, WORD)
"""The sets that an alphabet must tell apart for a program that has positions."""


DEAD: Final = -1
"""The state of a machine that accepts nothing that begins like this."""


class Machine(Protocol):
    """Reads text kind by kind.

    Attributes:
        start: the state before the first character.
    """

    start: int

    def accepts(self, state: int) -> bool:
        """Whether the text may end here."""
        ...

    def moves(self, state: int) -> Moves:
        """Where each next character leads."""
        ...


class ProgramMachine:
    """The subset construction over a `Program`.

    A state is the steps that wait for the next character, before anything is said about it, and
    what the last character was where the program asks for positions.
    """

    def __init__(self, program: Program, alphabet: Alphabet) -> None:
        self._program = program
        self._alphabet = alphabet
        self._numbers: dict[tuple[frozenset[int], Neighbour], int] = {}
        self._states: list[tuple[frozenset[int], Neighbour]] = []
        self._moves: dict[int, Moves] = {}
        self._ahead: tuple[tuple[Neighbour, int], ...]
        if program.has_positions:
            newline, word = (alphabet.kinds(each) for each in POSITION_SETS)
            other = alphabet.everything & ~newline & ~word
            self._ahead = (("newline", newline), ("word", word), ("other", other))
        else:
            self._ahead = (("other", alphabet.everything),)
        self.start = self._number(frozenset({program.start}), "edge")

    def accepts(self, state: int) -> bool:
        """Whether the text may end here."""
        steps, behind = self._states[state]
        return self._reachable(steps, behind, "edge")[1]

    def moves(self, state: int) -> Moves:
        """Where each next character leads."""
        known = self._moves.get(state)
        if known is None:
            steps, behind = self._states[state]
            known = tuple(
                move
                for ahead, kinds in self._ahead
                for move in self._read(steps, behind, ahead, kinds)
            )
            self._moves[state] = known
        return known

    def _number(self, steps: frozenset[int], behind: Neighbour) -> int:
        state = (steps, behind if self._program.has_positions else "other")
        number = self._numbers.get(state)
        if number is None:
            number = self._numbers[state] = len(self._states)
            self._states.append(state)
        return number

    def _read(
        self, steps: frozenset[int], behind: Neighbour, ahead: Neighbour, kinds: int
    ) -> Iterable[tuple[int, int]]:
        reads, _ = self._reachable(steps, behind, ahead)
        targets: dict[int, set[int]] = {}
        for read in reads:
            for kind in bits(self._alphabet.kinds(read.characters) & kinds):
                targets.setdefault(kind, set()).add(read.then)
        masks: dict[frozenset[int], int] = {}
        for kind, then in targets.items():
            following = frozenset(then)
            masks[following] = masks.get(following, 0) | 1 << kind
        return ((mask, self._number(then, ahead)) for then, mask in masks.items())

    def _reachable(
        self, steps: frozenset[int], behind: Neighbour, ahead: Neighbour
    ) -> tuple[list[Read], bool]:
        """The reading steps reached without reading, and whether the end is."""
        reads: list[Read] = []
        accepted = False
        seen = set(steps)
        waiting = list(steps)
        while waiting:
            step = self._program.steps[waiting.pop()]
            match step:
                case Read():
                    reads.append(step)
                    continue
                case Accept():
                    accepted = True
                    continue
                case Fork(then):
                    following = then
                case Require(position, after):
                    following = (after,) if _is_at(position, behind, ahead) else ()
            for number in following:
                if number not in seen:
                    seen.add(number)
                    waiting.append(number)
        return reads, accepted


def _is_at(position: Position, behind: Neighbour, ahead: Neighbour) -> bool:
    match position:
        case "text_start":
            return behind == "edge"
        case "text_end":
            return ahead == "edge"
        case "line_start":
            return behind in {"edge", "newline"}
        case "line_end":
            return ahead in {"edge", "newline"}
        case "word_boundary":
            return (behind == "word") != (ahead == "word")
        case "no_word_boundary":
            return (behind == "word") == (ahead == "word")


class TrieMachine:
    """Accepts a few texts, kept as a tree of their beginnings."""

    start = 0

    def __init__(self, texts: Iterable[str], alphabet: Alphabet) -> None:
        children: list[dict[str, int]] = [{}]
        self._ends: set[int] = set()
        for text in sorted(texts):
            node = 0
            for character in text:
                if character not in children[node]:
                    children[node][character] = len(children)
                    children.append({})
                node = children[node][character]
            self._ends.add(node)
        self._moves: list[Moves] = [
            tuple(
                (alphabet.kinds(Characters.single(character)), child)
                for character, child in branches.items()
            )
            for branches in children
        ]

    def accepts(self, state: int) -> bool:
        """Whether the text may end here."""
        return state in self._ends

    def moves(self, state: int) -> Moves:
        """Where each next character leads."""
        return self._moves[state]


class MachineWithin:
    """Reads what stands between two texts that are always there."""

    def __init__(self, machine: Machine, before: str, after: str, alphabet: Alphabet) -> None:
        self._machine = machine
        self._alphabet = alphabet
        self._after = after
        self.start = self._read(machine.start, before)

    def accepts(self, state: int) -> bool:
        """Whether the text may end here."""
        end = self._read(state, self._after)
        return end != DEAD and self._machine.accepts(end)

    def moves(self, state: int) -> Moves:
        """Where each next character leads."""
        return self._machine.moves(state)

    def _read(self, state: int, text: str) -> int:
        for character in text:
            if state == DEAD:
                break
            kind = self._alphabet.kinds(Characters.single(character))
            moves = self._machine.moves(state)
            state = next((following for kinds, following in moves if kinds & kind), DEAD)
        return state
