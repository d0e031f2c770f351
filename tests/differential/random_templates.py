"""Templates as people write them, and as they get them wrong: generated from a grammar."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the templates of one server are made of.

    Attributes:
        texts, lists, others: expressions that are strings, can be ranged over, or neither.
        wrong: expressions that fail, or that exist in some places only.
        elements: fields of what a ``range`` puts into the dot.
        calls: functions; ``T``, ``L``, ``N`` and ``X`` stand for a text, a list, a number and
            anything.
        odd_calls: such as often fail.

    No number is large: newer versions of Go range over one, for as long as that takes.
    """

    texts: Sequence[str]
    lists: Sequence[str]
    others: Sequence[str]
    wrong: Sequence[str]
    elements: Sequence[str]
    calls: Sequence[str]
    odd_calls: Sequence[str]


_CALLS = (
    "len L", "len T", "index .Alerts 0", "not X", "print X X", 'printf "%v" X', "println",
    "html X", "js T", "urlquery T", "eq T T", "eq T T T", "ne T T", "le T T", "lt T T",
    "gt (len L) 0", "and X X", "or X X", "and X X X", "or T X", "toUpper T", "toLower T",
    "title T", 'match "a.*" T', 'reReplaceAll "a+" "b" T', "safeHtml T", "printf T X",
)  # fmt: skip
_ODD_CALLS = (
    "index L N", "index X X", "slice T N", "slice X N N", "printf X", "eq X X", "eq T T X",
    "lt N N", "gt N X", "ge X X", "call X", "toUpper X", 'match "(" T', "reReplaceAll T T T",
    "toUpper", "len", "len X", "nothing X", "X X", "not", "title X X", "slice T 0", "slice L 0 1",
)  # fmt: skip

ALERTMANAGER = Vocabulary(
    texts=(
        ".Status", ".Receiver", ".ExternalURL", ".CommonLabels.alertname", ".GroupLabels.a",
        "$.Status", '"a"', '""', "`b`", "(index $.Alerts 0).Status", ".CommonLabels.severity",
        "(index $.Alerts 0).Labels.a", ".CommonAnnotations.summary",
    ),
    lists=(
        ".Alerts", ".Alerts.Firing", ".Alerts.Resolved", ".GroupLabels",
        ".CommonLabels.SortedPairs", ".CommonLabels.Names", ".CommonLabels.Values",
        "(index $.Alerts 0).Labels", "$.Alerts", '(.CommonLabels.Remove (stringSlice "a"))',
        ".CommonAnnotations", '(stringSlice "a" "b")',
    ),
    others=(
        ".", "$", "true", "false", "1", "0", "2.5", "-1", "'a'", "0x1F", "1e3",
        "(index $.Alerts 0)", "(index $.Alerts 0).StartsAt", "(index $.Alerts 0).EndsAt.Hour",
        "(len .Alerts)", "(index $.Alerts 0).StartsAt.Month", "(index $.Alerts 0).StartsAt.Day",
    ),
    wrong=(
        ".Nope", "$x", "$e.Status", ".CommonLabels.alertname.x", ".Alerts.Nope", "nil", "(nil).x",
        "(index .Alerts 0).StartsAt.Zone", "(index .Alerts.Firing 0)", "3 | 4", "08", "1_0", "'ab'",
        "(index .Alerts 0).StartsAt.Before", "(index .Alerts 1).Status", "'\\n'", '"\\q"', "0b11",
        ".NotificationReason",
    ),
    elements=(
        ".", ".", "$", "$.Status", "print .", 'printf "%v" .', ".Status", ".Labels.a", ".Name",
        ".Value", ".StartsAt", ".Nope", "$e", "$i", ".Annotations.SortedPairs.Names",
        "$e.Labels.a", "len .", ".Fingerprint", "toUpper .",
    ),
    calls=(
        *_CALLS, 'join "," .CommonLabels.Names', 'stringSlice T "a"', 'join T (stringSlice T)',
        ".CommonLabels.Remove (stringSlice T)",
    ),
    odd_calls=(
        *_ODD_CALLS, "trimSpace T", "date `2006` (index .Alerts 0).StartsAt", 'tz "UTC" X',
        "since (index .Alerts 0).StartsAt", "humanizeDuration X", "humanizeDuration N", "toJson X",
        "list X X", "dict T X", "dict X", "append (list X) X", "append L X", "now", "safeUrl T",
        "urlUnescape T", "(now).Hour", "(list X X)", "urlUnescape `%zz`", "join T L",
        "safeHtml (safeHtml T)", "toUpper (safeHtml T)",
    ),
)  # fmt: skip

# Not among these: `externalURL` and `pathPrefix`, which fail in promtool alone: it has no URL.
PROMETHEUS = Vocabulary(
    texts=(
        "$labels.a", "$labels.none", ".Labels.a", "$externalLabels.x", "$externalURL", '"a"',
        '""', "`5`", "`1.5`",
    ),
    lists=(
        "$labels", ".Labels", ".ExternalLabels", "$externalLabels",
    ),
    others=(
        "$value", ".Value", ".", "$", "true", "1", "0", "2.5", "-1", "(len $labels)",
    ),
    wrong=(
        "$labels.a.b", ".Nope", "$nope", "$x", "nil", '(query "up" | first)', "(args 1).arg0",
        '(query "nothing" | first)', '(query ")")', '(query "up")', "1e400", "(args 1 `a`)",
        "$labels.a 5", "$value.x",
    ),
    elements=(
        ".", ".", "$labels.a", "$value", "$e", "$i", ".Labels.a", ".Value", ".Nope", ". | value",
        'label "a" .', "$e.Value", "toUpper .", "print .",
    ),
    calls=(
        *(call for call in _CALLS if "Alerts" not in call), "humanize $value", "humanize1024 5",
        "humanizePercentage $value", "humanizeDuration 1.5", "stripPort T", "stripDomain T",
        "graphLink T", "tableLink T", "args X X", "(humanize $value)",
    ),
    odd_calls=(
        *_ODD_CALLS, "humanize X", "humanizeDuration T", "humanizeTimestamp $value",
        "toTime $value", "parseDuration `5m`", "parseDuration T", "first L", "value X",
        'label "a" X', "strvalue X", "tableLink X", "sortByLabel T L", "(toTime $value).Hour",
        "urlQueryEscape T", "trimSpace T", "humanizePercentage L", "toTime `a`",
    ),
)  # fmt: skip


@dataclass(slots=True)
class Grammar:
    """Generates templates of one vocabulary."""

    random: random.Random
    words: Vocabulary
    _variables: list[str] = field(default_factory=list)

    def template(self) -> str:
        """One template: a few statements, mostly well formed."""
        text = "".join(self._statement(0) for _ in range(self.random.randint(1, 3)))
        if self.random.random() < 0.05:
            cut = self.random.randrange(len(text) + 1)
            text = text[:cut] + self.random.choice(["", "}}", "{{", ")", "|", "{{ end }}", " -}}"])
        return text

    def _one(self, choices: Sequence[str]) -> str:
        return self.random.choice(choices)

    def _anything(self) -> str:
        of = self.random.random()
        if of < 0.04:
            return self._one(self.words.wrong)
        if of < 0.45:
            return self._one(self.words.texts)
        return self._one(self.words.lists if of < 0.7 else self.words.others)

    def _call(self, depth: int) -> str:
        words = []
        calls = self.words.calls if self.random.random() < 0.85 else self.words.odd_calls
        for word in self._one(calls).split(" "):
            match word:
                case "T":
                    words.append(self._one(self.words.texts))
                case "L":
                    words.append(self._one(self.words.lists))
                case "N":
                    words.append(self._one(["0", "1", "2", "-1", "(len .)", "$i", "0.0"]))
                case "X" if depth < 2 and self.random.random() < 0.15:
                    words.append(f"({self._call(depth + 1)})")
                case "X":
                    words.append(self._anything())
                case _:
                    words.append(word)
        return " ".join(words)

    def _pipeline(self) -> str:
        first = self._anything() if self.random.random() < 0.5 else self._call(0)
        if self.random.random() < 0.2:
            words = ["toUpper", "len", "print", "not", 'printf "%v"', "html", "eq 1", "title"]
            first = f"{first} | {self._one(words)}"
        return first

    def _statement(self, depth: int) -> str:
        kind = self.random.random()
        if kind < 0.5 or depth == 3:
            return f"{{{{ {self._pipeline()} }}}}"
        if kind < 0.55:
            return "text "
        if kind < 0.6:
            self._variables.append("$x")
            mark = self._one([":=", ":=", "="])
            return f"{{{{ $x {mark} {self._pipeline()} }}}}"
        inner = self._statement(depth + 1)
        if kind < 0.8:
            return self._conditional(inner, depth)
        if kind < 0.97:
            return self._range(depth)
        return f"{{{{- {self._pipeline()} -}}}} {inner}"

    def _conditional(self, inner: str, depth: int) -> str:
        keyword = self._one(["if", "with"])
        tail = ""
        if self.random.random() < 0.4:
            tail = f"{{{{ else }}}}{self._statement(depth + 1)}"
        elif self.random.random() < 0.1:
            tail = f"{{{{ else {self._one(['if', 'with'])} {self._pipeline()} }}}}b"
        return f"{{{{ {keyword} {self._pipeline()} }}}}{inner}{tail}{{{{ end }}}}"

    def _range(self, depth: int) -> str:
        names = self._one(["", "", "$e := ", "$i, $e := "])
        over = self._one(self.words.lists) if self.random.random() < 0.85 else self._pipeline()
        inner = f"{{{{ {self._one(self.words.elements)} }}}}"
        if self.random.random() < 0.3:
            jump = self._one(["break", "continue"])
            inner += f"{{{{ if {self._anything()} }}}}{{{{ {jump} }}}}{{{{ end }}}}"
        if self.random.random() < 0.4:
            inner += self._statement(depth + 1)
        tail = "{{ else }}none" if self.random.random() < 0.2 else ""
        return f"{{{{ range {names}{over} }}}}{inner}{tail}{{{{ end }}}}"
