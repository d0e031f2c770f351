"""Languages in words, for people who read where an alert goes."""

from __future__ import annotations

import json
import re
from typing import Final, assert_never

from buckstop.language import Language
from buckstop.language.sets import CoFinite, Every, Finite, Matching, Some

MAX_VALUES: Final = 3
"""Values that are listed; the rest is a number."""
_BARE: Final = re.compile(r"[\w./:-]+")


def values_text(language: Language) -> str:
    """What values are in `language`, so that ``env is …`` reads as a sentence."""
    match language:
        case Finite(strings):
            return _listed(strings, "or")
        case CoFinite(excluded):
            return f"not {_listed(excluded, 'nor')}" if excluded else "anything"
        case Matching(pattern, _, negated):
            return f"{'not ' if negated else ''}like {json.dumps(pattern, ensure_ascii=False)}"
        case Every(parts):
            return _joined(parts, "and")
        case Some(parts):
            return _joined(parts, "or")
        case _:
            assert_never(language)


def value_text(value: str) -> str:
    """One value: as it is where that is readable, else quoted; ``missing`` for none."""
    if not value:
        return "missing"
    return value if _BARE.fullmatch(value) else json.dumps(value, ensure_ascii=False)


def _listed(strings: frozenset[str], word: str) -> str:
    texts = [value_text(value) for value in sorted(strings)[:MAX_VALUES]]
    if len(strings) > MAX_VALUES:
        texts.append(f"{len(strings) - MAX_VALUES:,} more")
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} {word} {texts[-1]}"


def _joined(parts: tuple[Language, ...], word: str) -> str:
    texts = [values_text(part) for part in parts[:MAX_VALUES]]
    if len(parts) > MAX_VALUES:
        texts.append(f"{len(parts) - MAX_VALUES:,} conditions more")
    return f" {word} ".join(texts)
