"""``prometheus.yml`` in, as far as it says what happens to alerts and when."""

from __future__ import annotations

import re
from typing import Final

from buckstop.diagnostics import Diagnostic, Related, Span
from buckstop.document import (
    Fields,
    Mapping,
    Node,
    Scalar,
    Sequence,
    finish_section,
    parse_one,
    wrong_type,
)
from buckstop.document.codes import KEY_MISSING, VALUE_INVALID
from buckstop.document.versions import Version
from buckstop.prometheus.alertmanager_reading import read_alertmanagers
from buckstop.prometheus.codes import RULE_DURATION_INVALID, RULE_GLOB_INVALID
from buckstop.prometheus.config_model import PrometheusConfig, RuleGlob
from buckstop.prometheus.config_tables import ALERTING, GLOBAL, TOP
from buckstop.prometheus.durations import parse_duration
from buckstop.prometheus.global_values import check_values
from buckstop.prometheus.names import is_label_name
from buckstop.prometheus.relabel_reading import read_relabelling
from buckstop.prometheus.versions import field_faults, parse_version

_DEFAULT_INTERVAL_SECONDS: Final = 60.0
_GLOB = re.compile(r"[^*]*(?:\*[^/]*)?")


def read_config(
    text: str | bytes, file: str, version: str | None = None
) -> tuple[PrometheusConfig | None, tuple[Diagnostic, ...]]:
    """The configuration that `text` holds; parts that say nothing of alerts are not judged.

    None where it is no mapping, which a diagnostic says.

    Args:
        version: Prometheus's, such as ``3.5``; None takes what any supported version takes.

    Raises:
        ValueError: if `version` is none.
    """
    parse_version(version)
    node, diagnostics = parse_one(text, file)
    if node is None:
        return None, diagnostics
    config, findings = read_config_node(node, file, version)
    return config, (*diagnostics, *findings)


def read_config_node(
    node: Node, file: str, version: str | None = None
) -> tuple[PrometheusConfig | None, tuple[Diagnostic, ...]]:
    """As `read_config`, of a tree that stands at `node`."""
    aimed = parse_version(version)
    findings: list[Diagnostic] = []
    root = Fields.of(node, TOP.what, findings)
    if root is None:
        return None, tuple(findings)
    settings = root.fields("global", GLOBAL.what)
    scrape = evaluation = _DEFAULT_INTERVAL_SECONDS
    offset = 0.0
    external: tuple[tuple[str, str], ...] = ()
    if settings is not None:
        scrape, evaluation, offset = _times(settings)
        external = _external_labels(settings, aimed)
        check_values(settings, GLOBAL)
        finish_section(settings, GLOBAL, field_faults(aimed))
    globs = _rule_globs(root)
    alerting = root.fields("alerting", ALERTING.what)
    steps = () if alerting is None else read_relabelling(alerting, "alert_relabel_configs", aimed)
    groups = () if alerting is None else read_alertmanagers(alerting, aimed)
    if alerting is not None:
        finish_section(alerting, ALERTING, field_faults(aimed))
    _check_jobs(root)
    finish_section(root, TOP, field_faults(aimed))
    config = PrometheusConfig(
        file=file,
        node=root.node,
        scrape_interval_seconds=scrape,
        evaluation_interval_seconds=evaluation,
        rule_query_offset_seconds=offset,
        external_labels=external,
        rule_globs=globs,
        alert_relabel_configs=steps,
        alertmanagers=groups,
        relabelled=None if alerting is None else _relabelled(alerting.node),
    )
    return config, tuple(findings)


def looks_like_prometheus(root: Node | None) -> bool:
    """Whether a document is meant as a ``prometheus.yml``, by a section that only it has."""
    return (
        isinstance(root, Mapping)
        and any(key in root for key in ("scrape_configs", "rule_files", "alerting"))
        and all(entry.key.text in TOP.names for entry in root.entries)
    )


def _times(settings: Fields) -> tuple[float, float, float]:
    """Scrape interval, evaluation interval and query offset in seconds."""
    # Zero counts as not given, as in the server.
    scrape = _duration(settings, "scrape_interval") or _DEFAULT_INTERVAL_SECONDS
    timeout = _duration(settings, "scrape_timeout")
    if timeout is not None and timeout > scrape:
        place = settings.node_at("scrape_timeout")
        assert place is not None, "it was read"
        settings.findings.append(
            Diagnostic(
                VALUE_INVALID, "'scrape_timeout' is longer than the scrape interval", place.span
            )
        )
    evaluation = _duration(settings, "evaluation_interval") or _DEFAULT_INTERVAL_SECONDS
    return scrape, evaluation, _duration(settings, "rule_query_offset") or 0.0


def _duration(settings: Fields, key: str) -> float | None:
    value = settings.scalar(key, "a duration such as 15s")
    if value is None:
        return None
    try:
        return parse_duration(value.text)
    except ValueError as error:
        settings.findings.append(Diagnostic(RULE_DURATION_INVALID, str(error), value.span))
        return None


def _external_labels(settings: Fields, version: Version | None) -> tuple[tuple[str, str], ...]:
    read: list[tuple[str, str]] = []
    for name, value in settings.pairs("external_labels", "label names and values"):
        if is_label_name(name.text, version):
            read.append((name.text, "" if value.is_null else value.text))
            continue
        settings.findings.append(
            Diagnostic(VALUE_INVALID, f"'{name.text}' is not the name of a label", name.span)
        )
    return tuple(read)


def _rule_globs(root: Fields) -> tuple[RuleGlob, ...]:
    globs: list[RuleGlob] = []
    node = root.node_at("rule_files")
    if node is not None and not isinstance(node, Sequence):
        root.findings.append(wrong_type(node, "a list of globs of rule files"))
        return ()
    for item in node.items if node is not None else ():
        if not isinstance(item, Scalar):
            root.findings.append(wrong_type(item, "a glob of rule files"))
        elif item.text != "" and not item.is_null and not _GLOB.fullmatch(item.text):
            root.findings.append(
                Diagnostic(
                    RULE_GLOB_INVALID,
                    f"'{item.text}' has a '*' before its last part",
                    item.span,
                    hint="write each folder out; '*' may stand only after the last '/'",
                )
            )
        elif item.text != "" and not item.is_null:
            globs.append(RuleGlob(item.text, item.span))
    return tuple(globs)


def _check_jobs(root: Fields) -> None:
    """Each job of what is scraped has a name of its own; else the server does not start."""
    named: dict[str, Scalar] = {}
    for item in root.sequence("scrape_configs", "what is scraped"):
        name = item.get("job_name") if isinstance(item, Mapping) else None
        if not isinstance(name, Scalar) or name.is_null or name.text == "":
            root.findings.append(
                Diagnostic(KEY_MISSING, "an entry of scrape_configs needs 'job_name'", item.span)
            )
            continue
        first = named.setdefault(name.text, name)
        if first is not name:
            root.findings.append(
                Diagnostic(
                    VALUE_INVALID,
                    f"the job name '{name.text}' is given twice",
                    name.span,
                    hint="give each entry of scrape_configs a name of its own",
                    related=(Related(first.span, "it is first given here"),),
                )
            )


def _relabelled(alerting: Mapping) -> Span | None:
    """Where the first relabelling of alerts stands, whether it can be read or not."""
    places = [alerting.get("alert_relabel_configs")]
    groups = alerting.get("alertmanagers")
    places += [
        group.get("alert_relabel_configs")
        for group in (groups.items if isinstance(groups, Sequence) else ())
        if isinstance(group, Mapping)
    ]
    return next(
        (place.span for place in places if place is not None and _says_something(place)), None
    )


def _says_something(node: Node) -> bool:
    if isinstance(node, Sequence):
        return bool(node.items)
    return not (isinstance(node, Scalar) and node.is_null)
