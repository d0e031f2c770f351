"""Which known word was probably meant."""

from __future__ import annotations

from collections.abc import Iterable

MAX_WORD = 80
"""Longer words are not compared: nobody mistypes 80 characters by one."""


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that `word` is most likely a slip of, or None where none is close.

    A difference of case, hyphens, underscores or spaces alone is the closest (``Infra_SRE`` is
    ``infra_sre``); else at most one slip in three characters: a letter too many, too few, wrong,
    or two swapped. Of equally close candidates the first wins.
    """
    if len(word) > MAX_WORD:
        return None
    sought = _plain(word)
    best: str | None = None
    limit = max(1, len(sought) // 3)
    if len(sought) < 2:
        limit = 0
    for candidate in candidates:
        if candidate == word:
            return candidate
        other = _plain(candidate)
        if abs(len(other) - len(sought)) > limit:
            continue
        slips = _slips(sought, other)
        if slips <= limit:
            best, limit = candidate, slips - 1
            if limit < 0:
                break
    return best


def did_you_mean(word: str, candidates: Iterable[str]) -> str | None:
    """A hint that names the nearest candidate, or None where none is close."""
    found = nearest(word, candidates)
    return None if found is None else f"did you mean '{found}'?"


def _plain(word: str) -> str:
    return word.casefold().replace("-", "_").replace(" ", "_")


def _slips(left: str, right: str) -> int:
    """How many slips apart (Damerau and Levenshtein's distance, adjacent swaps only)."""
    before_last: list[int] = []
    last = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        row = [i]
        for j, b in enumerate(right, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before_last[j - 2] + 1)
            row.append(cost)
        before_last, last = last, row
    return last[-1]
