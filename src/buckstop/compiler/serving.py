"""PromQL for what a model server exports of itself: its histogram, its counter, its targets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from buckstop.charter.model import Serving
from buckstop.compiler.notation import Labels, over, selector
from buckstop.language.patterns import PatternError, compile_pattern

_MATCHER: Final = re.compile(
    r"""\s*([a-zA-Z_]\w*)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*(?:,|$)""",
    re.ASCII,
)
_LIKELY_VALUES: Final = ("200", "500", "503", "429", "error", "failure", "false", "true", "ok")
"""Values that labels of outcomes have in practice; tests need one on either side."""


def model_labels(serving: Serving) -> Labels:
    """What selects this model's series among the server's."""
    if serving.model_label is None:
        return ()
    return ((serving.model_label, serving.model_value),)


def bucket_rate(serving: Serving, window_seconds: float) -> str:
    """The histogram's rate by bucket, summed over pods: only so can a quantile be taken."""
    buckets = selector(f"{serving.latency}_bucket", model_labels(serving))
    return f"sum by (le) (rate({over(window_seconds, buckets)}))"


def observations(serving: Serving) -> str:
    """Selector of the histogram's count."""
    return selector(f"{serving.latency}_count", model_labels(serving))


def requests(serving: Serving) -> str:
    """Selector of all requests."""
    return selector(serving.requests, model_labels(serving))


def failed_requests(serving: Serving) -> str:
    """Selector of the requests that failed."""
    return selector(serving.requests, model_labels(serving), serving.errors)


def counts_requests_apart(serving: Serving) -> bool:
    """Whether the requests have a counter of their own, other than the histogram's count."""
    return serving.requests not in {"", f"{serving.latency}_count"}


def errors_problem(serving: Serving) -> str | None:
    """Why Prometheus would refuse the charter's ``errors`` matchers, or None."""
    matchers = _matchers(serving.errors)
    if matchers is None:
        return 'expected `label="value"` or `label=~"pattern"`, more of them after commas'
    try:
        for _, operator, value in matchers:
            if operator in {"=~", "!~"}:
                compile_pattern(value)
    except PatternError as error:
        return str(error)
    return None


def outcome_inputs(serving: Serving) -> tuple[str, str] | None:
    """Two series of the request counter for tests: one that succeeded, one that failed.

    None where no such labels were found for the charter's ``errors`` matchers.
    """
    matchers = _matchers(serving.errors)
    if matchers is None or errors_problem(serving) is not None:
        return None
    failed = _labels_such_that(serving, matchers, failed=True)
    succeeded = _labels_such_that(serving, matchers, failed=False)
    if failed is None or succeeded is None:
        return None
    return selector(serving.requests, succeeded), selector(serving.requests, failed)


def _matchers(text: str) -> list[tuple[str, str, str]] | None:
    """The matchers in `text` as name, operator, value; None where they cannot be read."""
    found: list[tuple[str, str, str]] = []
    rest = text
    while rest.strip():
        match = _MATCHER.match(rest)
        if match is None:
            return None
        found.append((match.group(1), match.group(2), _unescaped(match.group(3)[1:-1])))
        rest = rest[match.end() :]
    return found or None


def _unescaped(text: str) -> str:
    """A PromQL string without its backslashes; escapes other than of quotes are left alone."""
    return re.sub(r"""\\(["'\\])""", r"\1", text)


def _labels_such_that(
    serving: Serving, matchers: list[tuple[str, str, str]], *, failed: bool
) -> Labels | None:
    """Labels that all matchers accept, or of which the first refuses the first."""
    wanted = matchers if failed else matchers[:1]
    labels = list(model_labels(serving))
    for name, operator, value in wanted:
        chosen = next(
            (one for one in _candidates(value) if _holds(one, operator, value) == failed), None
        )
        if chosen is None:
            return None
        if chosen:
            labels.append((name, chosen))
    return tuple(labels)


def _candidates(pattern: str) -> Iterator[str]:
    yield ""
    yield from _LIKELY_VALUES
    for alternative in pattern.strip("()").split("|"):
        yield alternative.replace(".+", "0").replace(".*", "").replace(".", "0")
    yield pattern


def _holds(value: str, operator: str, pattern: str) -> bool:
    match operator:
        case "=":
            return value == pattern
        case "!=":
            return value != pattern
        case "=~":
            return compile_pattern(pattern)(value)
        case _:
            return not compile_pattern(pattern)(value)
