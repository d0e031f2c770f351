"""Random series, and random expressions over them that a server can often evaluate."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from buckstop.promql.strings import quote

Series = tuple[str, tuple[tuple[str, str], ...]]
"""A name and labels."""

LABELS = ("a", "b", "c", "team")
VALUES = ("u", "v", "u-1", "v-2", "größe", "x\ny", "1.5")
NAMES = ("m", "n", "job:m", "single")
BUCKETS = ("0.1", "1", "+Inf")
PATTERNS = (
    *("u|v", "u.*", ".+", ".*", "", "u|", "[a-v]+", "x.y", "(?s)x.y", ".*-[0-9]", "(?i)U", "^u$"),
    *("\\\\d.\\\\d", "gr.*e", "\\\\pL+", "\\\\Qu\\\\E", "u-1|x\\ny", "[^u]*"),
)
REPLACED = (
    "(.*)",
    "(.+)-(.*)",
    "([a-z]+)-.*",
    "(u)|(v)",
    "(?P<x>u).*",
    ".*",
    "u",
    "(x).(y)",
    "",
    "u)|(?:(v)",
)
TEMPLATES = ("$1", "t", "", "$1-$2", "${x}", "$0-team", "$$", "${1}x$9")
RECORDED = ("r:one", "r:two", "r:three", "r:loop")
OVER_TIME = ("rate", "max_over_time", "count_over_time", "last_over_time", "delta", "changes")
PLAIN = ("abs", "ceil", "timestamp", "hour", "sgn", "sort_desc", "floor", "exp")
AGGREGATING = ("sum", "avg", "count", "max", "group", "stddev")
CHOOSING = ("topk", "bottomk")
ARITHMETIC = ("+", "-", "*", "/", "%", "^", "atan2")
COMPARING = ("==", "!=", ">", "<", ">=", "<=")


def random_series(generator: random.Random) -> list[Series]:
    """Series that differ in labels, and have few values so that they often match."""
    found: dict[Series, None] = {}
    for name in NAMES[:3]:
        for _ in range(12):
            labels = {label: generator.choice(VALUES) for label in LABELS}
            for label in LABELS:
                if generator.random() < 0.3:
                    del labels[label]
            found[name, tuple(sorted(labels.items()))] = None
    for value in VALUES[:3]:
        found["single", (("a", value),)] = None
        for bound in BUCKETS:
            found["h_bucket", (("a", value), ("le", bound))] = None
    return list(found)


class ExpressionGrammar:
    """Expressions, with `experimental` functions too where the server has them."""

    def __init__(self, generator: random.Random, *, experimental: bool = False) -> None:
        self._generator = generator
        self._experimental = experimental

    def expression(self) -> str:
        """An instant vector, seldom a number."""
        if self._generator.random() < 0.02:
            return self._generator.choice(("1", "time() - 1", "scalar(single)", "vector(1)"))
        return self._vector(self._generator.randint(1, 3))

    def _vector(self, depth: int) -> str:
        if depth == 0:
            return self._selector()
        forms: list[Callable[[int], str]] = [
            *[self._aggregation] * 4,
            *[self._binary] * 6,
            *[self._set] * 3,
            *[self._function] * 3,
            *[self._replacement] * 3,
            self._count_values,
            self._absent,
            lambda _: self._histogram(),
            self._with_number,
            lambda depth: f"({self._vector(depth)})",
            lambda depth: f"-{self._vector(depth - 1)}",
        ]
        return self._generator.choice(forms)(depth)

    def _selector(self) -> str:
        chance = self._generator.random()
        if chance < 0.75:
            return self._generator.choice((*NAMES, *RECORDED)) + self._matchers(2)
        if chance < 0.85:
            return f"h_bucket{self._matchers(1)}"
        pattern = self._generator.choice(("m|n", "r:.*", "job.*", "m|r:one", "[mn]"))
        return f'{{__name__=~"{pattern}"{self._matchers(1, braces=False)}}}'

    def _matchers(self, most: int, *, braces: bool = True) -> str:
        count = self._generator.choice((0, 0, 1, 1, most))
        written = ",".join(self._matcher() for _ in range(count))
        if braces:
            return f"{{{written}}}" if written else ""
        return f",{written}" if written else ""

    def _matcher(self) -> str:
        label = self._generator.choice(LABELS)
        if self._generator.random() < 0.5:
            operator = self._generator.choice(("=", "!="))
            return f"{label}{operator}{quote(self._generator.choice((*VALUES, '')))}"
        operator = self._generator.choice(("=~", "!~"))
        return f'{label}{operator}"{self._generator.choice(PATTERNS)}"'

    def _some(self, labels: Sequence[str] = LABELS) -> list[str]:
        return self._generator.sample(labels, self._generator.randint(0, 2))

    def _grouping(self, *words: str) -> str:
        word = self._generator.choice((*words, ""))
        labels = self._some((*LABELS, "le", "__name__"))
        return f" {word} ({', '.join(labels)}) " if word else " "

    def _aggregation(self, depth: int) -> str:
        operand = self._vector(depth - 1)
        grouping = self._grouping("by", "by", "without")
        chance = self._generator.random()
        if chance < 0.75:
            return f"{self._generator.choice(AGGREGATING)}{grouping}({operand})"
        if chance < 0.8:
            return f"quantile{grouping}(0.5, {operand})"
        if self._experimental and chance < 0.9:
            return f"limitk{grouping}(2, {operand})"
        return f"{self._generator.choice(CHOOSING)}{grouping}(2, {operand})"

    def _count_values(self, depth: int) -> str:
        label = self._generator.choice((*LABELS, "v"))
        grouping = self._grouping("by", "without")
        return f'count_values{grouping}("{label}", {self._vector(depth - 1)})'

    def _operator(self) -> str:
        if self._generator.random() < 0.5:
            return self._generator.choice(ARITHMETIC)
        bool_ = self._generator.choice(("", "", " bool"))
        return self._generator.choice(COMPARING) + bool_

    def _binary(self, depth: int) -> str:
        labels = self._some()
        word = self._generator.choice(("on", "on", "on", "ignoring"))
        one = f"max by ({', '.join(labels)}) ({self._vector(depth - 1)})"
        if word == "ignoring":
            one = f"max without ({', '.join(labels)}) ({self._vector(depth - 1)})"
        many = f"min by ({', '.join({*labels, *self._some()})}) ({self._vector(depth - 1)})"
        taken = [label for label in self._some((*LABELS, "v")) if label not in labels]
        matching = f"{word}({', '.join(labels)})"
        match self._generator.randrange(5):
            case 0:
                return f"{one} {self._operator()} {matching} {one}"
            case 1:
                group = f"group_left({', '.join(taken)})"
                return f"({self._vector(depth - 1)}) {self._operator()} {matching} {group} {one}"
            case 2:
                group = f"group_right({', '.join(taken)})"
                return f"{one} {self._operator()} {matching} {group} ({self._vector(depth - 1)})"
            case 3:
                left = self._vector(depth - 1)
                return f"({left}) {self._operator()} ({self._vector(depth - 1)})"
            case _:
                return f"{one} {self._operator()} {matching} {many}"

    def _set(self, depth: int) -> str:
        left, right = self._vector(depth - 1), self._vector(depth - 1)
        matching = self._grouping("on", "ignoring")
        operator = self._generator.choice(("and", "or", "unless"))
        return f"({left}) {operator}{matching}({right})"

    def _function(self, depth: int) -> str:
        chance = self._generator.random()
        if chance < 0.4:
            return f"{self._generator.choice(PLAIN)}({self._vector(depth - 1)})"
        if chance < 0.8:
            return f"{self._generator.choice(OVER_TIME)}({self._selector()}[20m])"
        if self._experimental and chance < 0.9:
            return f'sort_by_label({self._vector(depth - 1)}, "a")'
        return f"clamp_max(sum_over_time(({self._vector(depth - 1)})[5m:1m]), 3)"

    def _replacement(self, depth: int) -> str:
        operand = self._vector(depth - 1)
        target = self._generator.choice((*LABELS, "new"))
        source = self._generator.choice((*LABELS, "__name__"))
        if self._generator.random() < 0.3:
            separator = self._generator.choice(("-", "", "."))
            others = "".join(f', "{label}"' for label in self._some())
            return f'label_join({operand}, "{target}", "{separator}", "{source}"{others})'
        template = self._generator.choice(TEMPLATES)
        pattern = self._generator.choice((*REPLACED, *PATTERNS))
        return f'label_replace({operand}, "{target}", "{template}", "{source}", "{pattern}")'

    def _absent(self, depth: int) -> str:
        matchers = self._matchers(2, braces=False)
        chance = self._generator.random()
        if chance < 0.5:
            return f'absent(none{{a="u"{matchers}}})'
        if chance < 0.7:
            return f'absent((none{{b="v"{matchers}}}))'
        if chance < 0.85:
            return f'absent_over_time(none{{team="v-2"{matchers}}}[5m])'
        return f"absent({self._vector(depth - 1)})"

    def _histogram(self) -> str:
        grouping = self._grouping("by", "without")
        return f"histogram_quantile(0.9, sum{grouping}(rate(h_bucket{self._matchers(1)}[20m])))"

    def _with_number(self, depth: int) -> str:
        operand = self._vector(depth - 1)
        number = self._generator.choice(("1", "0", "time()", "scalar(single)"))
        if self._generator.random() < 0.5:
            return f"({operand}) {self._operator()} {number}"
        return f"{number} {self._operator()} ({operand})"
