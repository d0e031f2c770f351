"""Whether Prometheus loads a rule file and sends its alerts; without that nobody hears of them.

A file that is refused keeps the server from loading any: at start it ends, at a reload it keeps
what it had. Measured with Prometheus 2.42, 2.53 and 3.5.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import PurePath
from typing import TYPE_CHECKING, Literal

from buckstop.alertmanager.matcher_syntax import FIRST_UTF8_VERSION
from buckstop.alertmanager.versions import parse_version
from buckstop.diagnostics import Diagnostic, Level
from buckstop.prometheus.globs import part_test
from buckstop.prover.model import Judgement, Property, RuleAnswer, Verdict

if TYPE_CHECKING:
    from buckstop.prometheus import PrometheusConfig
    from buckstop.prometheus.model import AlertingRule

Naming = Literal["by path", "by name", "not"]

_CLASSIC_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")


def refusal_of(diagnostics: Iterable[Diagnostic], what: str = "this file") -> str | None:
    """Why Prometheus refuses the file that `diagnostics` are about; None where it loads."""
    for found in diagnostics:
        if found.level is Level.ERROR:
            where = "" if found.span is None else f" (line {found.span.line})"
            return f"Prometheus does not load {what}: {found.message}{where}"
    return None


def hindrances(
    files: Iterable[str],
    refusals: Mapping[str, str],
    prometheus: PrometheusConfig | None,
    prometheus_refusal: str | None,
) -> dict[str, Judgement]:
    """Rule file to what keeps its alerts from being sent; files that nothing hinders are left out.

    Args:
        refusals: rule file to why Prometheus does not load it, where it does not.
        prometheus: the configuration of the server that runs the rules, or None.
        prometheus_refusal: why Prometheus does not load that configuration, or None.
    """
    files = tuple(files)
    found: dict[str, Judgement] = {}
    common = _common_hindrance(prometheus, prometheus_refusal)
    broken = None
    if prometheus is not None:
        broken = next((file for file in refusals if naming(prometheus, file) == "by path"), None)
    for file in files:
        own = refusals.get(file)
        if own is not None:
            found[file] = _refuted(own)
        elif common is not None:
            found[file] = common
        elif prometheus is not None:
            how = naming(prometheus, file)
            if how == "by path" and broken is not None:
                found[file] = _refuted(
                    f"Prometheus loads no rule file while it refuses one of them, {broken}"
                )
            elif how == "not":
                found[file] = Judgement(
                    Verdict.UNKNOWN,
                    f"not decided: no entry of rule_files in {prometheus.file} names a file like "
                    "this; which Prometheus loads it is not known",
                    "not loaded",
                )
    return found


def _common_hindrance(
    prometheus: PrometheusConfig | None, prometheus_refusal: str | None
) -> Judgement | None:
    if prometheus_refusal is not None:
        return _refuted(prometheus_refusal)
    if prometheus is not None and not prometheus.has_alertmanagers:
        how = "drops every Alertmanager" if prometheus.alertmanagers else "names no Alertmanager"
        return _refuted(
            f"{prometheus.file} {how} (`alerting: {{alertmanagers: …}}`), so no alert is sent"
        )
    return None


def _refuted(reason: str) -> Judgement:
    return Judgement(Verdict.REFUTED, reason, "nothing is sent")


def naming(prometheus: PrometheusConfig, file: str) -> Naming:
    """How ``rule_files`` of `prometheus` name `file`.

    By its path, as the files stand here; by its name alone, where they may stand elsewhere on the
    server; or not at all.
    """
    folder = PurePath(prometheus.file).parent.as_posix()
    path = posixpath.normpath(PurePath(file).as_posix())
    name = posixpath.basename(path)
    how: Naming = "not"
    for pattern in prometheus.rule_files:
        whole = posixpath.normpath(posixpath.join(folder, pattern))
        if _matches(path, whole):
            return "by path"
        if _matches(name, posixpath.basename(pattern)):
            how = "by name"
    return how


def _matches(path: str, pattern: str) -> bool:
    """Whether all parts of `path` match those of `pattern`: a ``*`` stays within one folder."""
    parts, tests = path.split("/"), _tests(pattern)
    return len(parts) == len(tests) and all(
        test is not None and test(part) for part, test in zip(parts, tests, strict=True)
    )


@lru_cache(maxsize=1000)
def _tests(pattern: str) -> tuple[Callable[[str], bool] | None, ...]:
    """A test for each part of `pattern`; thousands of files are held against the same few."""
    return tuple(part_test(part) for part in pattern.split("/"))


def unless_hindered(answer: RuleAnswer, hindered: Mapping[str, Judgement]) -> RuleAnswer:
    """`answer`, with what `hindered` (rule file to judgement) says of the file it stands in.

    What is not known of the file takes away a proof, and no other verdict.
    """
    judgement = hindered.get(answer.span.file)
    if judgement is None:
        return answer
    if judgement.verdict is Verdict.UNKNOWN and answer.verdict is not Verdict.PROVEN:
        return answer
    return _judged(answer, judgement)


def unless_refused(answer: RuleAnswer, rule: AlertingRule, alertmanager: str | None) -> RuleAnswer:
    """`answer`, refuted where Alertmanager refuses the alerts of `rule` for one of their names.

    Before 0.27 it answers such an alert with 400 and stores nothing; measured with 0.25. Without a
    version, what any supported one takes is taken.
    """
    if alertmanager is None or parse_version(alertmanager) >= FIRST_UTF8_VERSION:
        return answer
    for name, value in (*rule.labels, *rule.annotations):
        if value.text != "" and not value.is_null and not _CLASSIC_NAME.fullmatch(name):
            return _judged(
                answer, _refuted(f"Alertmanager {alertmanager} refuses an alert with '{name}'")
            )
    return answer


def _judged(answer: RuleAnswer, judgement: Judgement) -> RuleAnswer:
    return replace(
        answer,
        properties=tuple(
            (of, judgement if of is Property.DELIVERS else judged)
            for of, judged in answer.properties
        ),
        verdict=judgement.verdict,
        reason=judgement.reason,
        cause=judgement.cause,
    )
