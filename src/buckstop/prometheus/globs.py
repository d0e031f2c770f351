"""The globs of ``rule_files`` as Go's ``filepath.Glob`` reads them, a part of a path at a time."""

from __future__ import annotations

import re
from collections.abc import Callable

_TOKEN = re.compile(
    r"\\(?P<escaped>.)|(?P<any>\*)|(?P<one>\?)|\[(?P<class>\^?(?:\\.|[^\]\\])+)\]|(?P<text>[^\\\[])"
)


def has_magic(part: str) -> bool:
    """Whether `part` is more than a name."""
    return any(character in part for character in "*?[\\")


def part_test(part: str) -> Callable[[str], bool] | None:
    """Whether a name matches `part` of a glob, hidden files included; None for no glob at all."""
    pattern = ""
    position = 0
    while position < len(part):
        found = _TOKEN.match(part, position)
        if found is None:
            return None
        position = found.end()
        if found["any"]:
            pattern += "[^/]*"
        elif found["one"]:
            pattern += "[^/]"
        elif found["class"]:
            pattern += f"[{_class(found['class'])}]"
        else:
            pattern += re.escape(found["escaped"] or found["text"])
    try:
        compiled = re.compile(pattern, re.DOTALL)
    except re.error:
        return None
    return lambda name: compiled.fullmatch(name) is not None


def _class(body: str) -> str:
    """The inside of a character class; of Python's own marks only the hyphen and ``^`` are kept."""
    negated, rest = ("^", body[1:]) if body.startswith("^") else ("", body)
    return negated + re.sub(r"(?<!\\)[\[&~|^]", r"\\\g<0>", rest)
