"""Route trees and label sets made from a seed, with all that a router can get wrong."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

NAMES = ("team", "severity", "env", "model", "_x1")
VALUES = (
    "a",
    "b",
    "ab",
    "A",
    "aa",
    "0",
    "a.b",
    "a b",
    " a",
    "a\n",
    "a\nb",
    "\n",
    "\t",
    'a"b',
    "a\\b",
    "a,b",
    "{a}",
    "é",
    "É",
    "e\u0301",
    "ß",
    "ſ",
    "S",
    "s",
    "K",
    "k",
    "\u212a",
    "日本",
    "😀",
    "\u2028",
    "\ufffd",
    "\x7f",
    "a" * 300,
)
PATTERNS = (
    "",
    ".*",
    ".+",
    ".",
    "a|b",
    "a|",
    "|",
    "(a|b)+",
    "a.*",
    ".*b",
    "[^a]",
    "[^a]*",
    "^a$",
    "a$",
    "^a|b$",
    "a)|(?:b",
    "(?i)a",
    "(?i)k",
    "(?i)S",
    "(?i:é)",
    "(?i)ß",
    "(?-i)a",
    "(?s).*",
    "(?s)a.b",
    "(?m)a$",
    "(?m)^b",
    "a(?m)$\\nb",
    "a\\nb",
    "\\pL+",
    "\\PL*",
    "\\p{Han}+",
    "\\p{Lu}",
    "\\w+",
    "\\W",
    "\\s",
    "\\S+",
    "\\d",
    "[[:alpha:]]+",
    "[[:^alpha:]]",
    "\\x61",
    "\\x{e9}",
    "a\\.b",
    "a.b",
    "\\Qa.b\\E",
    "a{1,2}",
    "a{2}",
    "a{300}",
    "a*?",
    "(?U)a+",
    "\\ba\\b.*",
    "\\Aa\\z",
    "(?P<n>a)b?",
)
QUOTED_NAMES = ("foo bar", "é", "日本", "a,b", 'say "x"', "1st", "a.b", "{x}")
"""Names that need the newer syntax of matchers."""
WAITS = ("0s", "3s")
REPEATS = ("5m", "1h", "2h30m", "1d")
MAX_DEPTH = 4
RECEIVERS = 6


@dataclass(frozen=True, slots=True)
class Kind:
    """What trees and label sets are to have.

    Attributes:
        quoted_names: label names that only Alertmanager 0.27 and newer know.
        webhook: where all receivers post to at once or after 3 s; None for receivers without.
    """

    quoted_names: bool = False
    webhook: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The labels that alerts and matchers have."""
        return (*NAMES, *QUOTED_NAMES) if self.quoted_names else NAMES


PLAIN = Kind()


def pattern(rng: random.Random) -> str:
    """A regular expression that the servers take."""
    return rng.choice(PATTERNS)


def labels(rng: random.Random, kind: Kind = PLAIN) -> dict[str, str]:
    """Some of the names, each with a value that may be empty."""
    return {
        name: rng.choice(("", *VALUES)) if rng.random() < 0.3 else rng.choice(VALUES[:6])
        for name in kind.names
        if rng.random() < 0.75
    }


def config(rng: random.Random, kind: Kind = PLAIN) -> str:
    """An ``alertmanager.yml`` in which every string is escaped to plain ASCII."""
    receivers: list[dict[str, Any]] = [{"name": f"r{number}"} for number in range(RECEIVERS)]
    root = _route(rng, 0, kind)
    root["receiver"] = "r0"
    if kind.webhook is not None:
        for receiver in receivers:
            receiver["webhook_configs"] = [{"url": kind.webhook}]
        root |= {"group_wait": rng.choice(WAITS), "group_interval": "1s"}
    for key in ("match", "match_re", "matchers", "continue"):
        root.pop(key, None)
    return f"route: {_flow(root)}\nreceivers: {_flow(receivers)}\n"


def _flow(value: Any) -> str:
    match value:
        case dict():
            return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
        case list():
            return "[" + ", ".join(_flow(item) for item in value) + "]"
        case bool():
            return "true" if value else "false"
        case _:
            return escaped(value)


def escaped(text: str) -> str:
    """A string in double quotes, all but letters and digits escaped."""
    return '"' + "".join(_character(character) for character in text) + '"'


def _character(character: str) -> str:
    if character.isalnum() and character.isascii():
        return character
    return f"\\U{ord(character):08x}"


def _route(rng: random.Random, depth: int, kind: Kind) -> dict[str, Any]:
    route: dict[str, Any] = {}
    if rng.random() < 0.7:
        route["receiver"] = f"r{rng.randrange(RECEIVERS)}"
    if rng.random() < 0.4:
        route["continue"] = rng.random() < 0.8
    if rng.random() < 0.3:
        route["group_by"] = (
            ["..."] if rng.random() < 0.2 else rng.sample(kind.names, rng.randrange(len(NAMES)))
        )
    if kind.webhook is not None:
        for key, values in (("group_wait", WAITS), ("repeat_interval", REPEATS)):
            if rng.random() < 0.3:
                route[key] = rng.choice(values)
    for _ in range(rng.choice((0, 1, 1, 1, 2, 2, 3))):
        _add_condition(rng, route, kind)
    if depth < MAX_DEPTH:
        children = [_route(rng, depth + 1, kind) for _ in range(rng.randrange(5 - depth))]
        if children:
            route["routes"] = children
    return route


def _add_condition(rng: random.Random, route: dict[str, Any], kind: Kind) -> None:
    name = rng.choice(NAMES)
    named = (
        rng.choice([quoted(one) for one in QUOTED_NAMES] + [name]) if kind.quoted_names else name
    )
    value = rng.choice(("", *VALUES[:6], *VALUES[:6], *VALUES))
    match rng.randrange(6):
        case 0:
            route.setdefault("match", {})[name] = value
        case 1:
            route.setdefault("match_re", {})[name] = pattern(rng)
        case 2 | 3:
            operator = rng.choice(("=", "=", "!="))
            route.setdefault("matchers", []).append(f"{named}{operator}{quoted(value)}")
        case _:
            operator = rng.choice(("=~", "=~", "!~"))
            route.setdefault("matchers", []).append(f"{named}{operator}{quoted(pattern(rng))}")


def quoted(value: str) -> str:
    """A matcher's value in quotes."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def label_sets(rng: random.Random, count: int, kind: Kind = PLAIN) -> Iterator[dict[str, str]]:
    """`count` label sets, each with a label ``case`` of its own, which no route asks for."""
    for number in range(count):
        yield {**labels(rng, kind), "case": str(number)}
