"""What can be wrong with label sets and builds given to a command, and verdicts as findings."""

from __future__ import annotations

from typing import Final

from buckstop.diagnostics import Code, Level

LABEL_SET_INVALID: Final = Code(
    "label-set-invalid",
    Level.ERROR,
    "A line holds no label set",
    "Where this alert goes is not looked up, so nobody knows whether its owner is told.",
)
ROUTE_UNEXPECTED: Final = Code(
    "route-unexpected",
    Level.ERROR,
    "An alert reaches other receivers than expected",
    "Those who were to be told are not, or others are told who do not expect it.",
)
EXPECTATION_INVALID: Final = Code(
    "expectation-invalid",
    Level.ERROR,
    "A routing expectation cannot be tried",
    "It protects nobody, while its file looks as if it did.",
)
EXPECTATION_NAME_UNKNOWN: Final = Code(
    "expectation-name-unknown",
    Level.ERROR,
    "An expectation names a receiver or a team that there is none of",
    "It can never be met, and whoever reads it believes that somebody of that name is told.",
)
EXPECTATION_UNMET: Final = Code(
    "expectation-unmet",
    Level.ERROR,
    "An alert does not go where it is expected to go",
    "Somebody wrote down who relies on being told; the routes say something else.",
)
BUILD_STALE: Final = Code(
    "build-stale",
    Level.ERROR,
    "A build is not of the charter beside it",
    "The servers load the build: whom it pages is not who answers by the charter.",
)
RULE_REFUTED: Final = Code(
    "rule-refuted",
    Level.ERROR,
    "It is not so that exactly one team answers for a rule",
    "When it fires, nobody answers, or several do and each waits for the other.",
)
RULE_NOT_DECIDED: Final = Code(
    "rule-not-decided",
    Level.WARNING,
    "Who answers for a rule is not decided",
    "It depends on what the files do not say; until that is settled nobody can rely on an answer.",
)
WAIVER_EXPIRED: Final = Code(
    "waiver-expired",
    Level.ERROR,
    "The day until which a finding was waived has passed",
    "What was to be mended by then is not looked at any more, by nobody's decision.",
)
WAIVER_INVALID: Final = Code(
    "waiver-invalid",
    Level.ERROR,
    "A waiver cannot be read",
    "It waives nothing, while whoever wrote it believes that the finding is settled.",
)
WAIVER_UNUSED: Final = Code(
    "waiver-unused",
    Level.WARNING,
    "A waiver matches no finding",
    "It stands ready to hide the next finding of its kind, which nobody has looked at.",
)
AMTOOL_DISAGREES: Final = Code(
    "amtool-disagrees",
    Level.ERROR,
    "amtool sends an alert elsewhere than Buckstop says",
    "One of the two is wrong about who is told, and a verdict rests on it.",
)
LOADED_DIFFERS: Final = Code(
    "loaded-differs",
    Level.ERROR,
    "A server has loaded something else than the files say",
    "Who was agreed to answer stands in the files; who is told is what the server has loaded.",
)
ALWAYS_COUNT: Final = frozenset({WAIVER_EXPIRED, WAIVER_INVALID, WAIVER_UNUSED, AMTOOL_DISAGREES})
"""Kinds of finding that neither a waiver nor a baseline makes not to count."""
