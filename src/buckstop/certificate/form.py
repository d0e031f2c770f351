"""How a certificate is written: languages as JSON, and the digest over all of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final, assert_never

from buckstop.language import Language, PatternError, compile_pattern
from buckstop.language.sets import CoFinite, Every, Finite, Matching, Some

VERSION: Final = 1
MAX_DEPTH: Final = 50
"""Combinations within combinations, of one language."""


class CertificateError(Exception):
    """Why a certificate does not hold, or is none."""


def digest(certificate: Mapping[str, Any]) -> str:
    """Of all but the digest itself, so that a slip of the pen is seen; anybody can make one."""
    rest = {name: value for name, value in certificate.items() if name != "digest"}
    text = json.dumps(rest, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def language_value(language: Language) -> dict[str, Any]:
    """`language` as JSON."""
    match language:
        case Finite(strings):
            return {"is": sorted(strings)}
        case CoFinite(excluded):
            return {"is not": sorted(excluded)}
        case Matching(pattern, dot_newline, negated, before, after):
            value: dict[str, Any] = {"is not like" if negated else "is like": pattern}
            return value | {"dot_newline": dot_newline, "between": [before, after]}
        case Every(parts):
            return {"every": [language_value(part) for part in parts]}
        case Some(parts):
            return {"some": [language_value(part) for part in parts]}
        case _:
            assert_never(language)


def language_of(value: Any, depth: int = MAX_DEPTH) -> Language:
    """The language that `value` stands for.

    Raises:
        CertificateError: if it stands for none.
    """
    match value:
        case {"is": [*texts], **rest} if not rest and _are_texts(texts):
            return Finite(frozenset(texts))
        case {"is not": [*texts], **rest} if not rest and _are_texts(texts):
            return CoFinite(frozenset(texts))
        case {"dot_newline": bool(dots), "between": [str(before), str(after)], **rest}:
            match rest:
                case {"is like": str(pattern)} | {"is not like": str(pattern)} if len(rest) == 1:
                    try:
                        compile_pattern(pattern, dot_newline=dots)
                    except PatternError as error:
                        raise CertificateError(f"{pattern!r} is no pattern: {error}") from error
                    return Matching(pattern, dots, "is not like" in rest, before, after)
        case {"every": [*parts], **rest} if not rest and parts and depth > 0:
            return Every(tuple(language_of(part, depth - 1) for part in parts))
        case {"some": [*parts], **rest} if not rest and parts and depth > 0:
            return Some(tuple(language_of(part, depth - 1) for part in parts))
    raise CertificateError(f"no language: {json.dumps(value)[:200]}")


def _are_texts(values: list[Any]) -> bool:
    return all(isinstance(value, str) for value in values)
