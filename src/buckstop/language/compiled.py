"""Patterns as programs, and what a program tells without an automaton."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Final

from buckstop.language.program import Accept, Fork, Program, Read, Require, program_of
from buckstop.language.reading import expression_of
from buckstop.language.sets import Matching

MAX_LETTERS: Final = 64
"""Of a beginning, so many are looked at."""


@functools.lru_cache(maxsize=4_096)
def compiled(language: Matching) -> Program:
    """The program of the pattern of `language`. Raises `Undecided`."""
    return program_of(expression_of(language.pattern, dot_newline=language.dot_newline))


def can_begin_with(language: Matching, text: str) -> bool:
    """Whether something that the pattern of `language` matches may begin with `text`.

    True where that is not seen: what the pattern asks of a position is taken to hold.

    Raises:
        Undecided: if the pattern cannot be compiled.
    """
    program = compiled(language)
    waiting = _reads(program, (program.start,))
    for character in text[:MAX_LETTERS]:
        code_point = ord(character)
        following = {step.then for step in waiting if code_point in step.characters}
        if not following:
            return False
        waiting = _reads(program, following)
    return True


def _reads(program: Program, begin: Iterable[int]) -> list[Read]:
    """The steps that read a character next."""
    reads: list[Read] = []
    seen = set(begin)
    waiting = list(seen)
    while waiting:
        match program.steps[waiting.pop()]:
            case Read() as step:
                reads.append(step)
                following: tuple[int, ...] = ()
            case Fork(then):
                following = then
            case Require(_, after):
                following = (after,)
            case Accept():
                following = ()
        waiting += (number for number in following if number not in seen)
        seen.update(following)
    return reads
