"""The fields of Prometheus's files as a page of the reference."""

from __future__ import annotations

from declared_fields import declared_sections, since
from field_tables import FieldRow, SectionTable, field_page

from buckstop.prometheus.config_tables import TOP
from buckstop.prometheus.rule_tables import RULE_FILE
from buckstop.prometheus.versions import OLDEST
from buckstop.promql.features import FUNCTIONS, SYNTAX, Feature


def prometheus_fields_page() -> str:
    """Rule files, the alerting part of ``prometheus.yml``, and what PromQL has not always had."""
    sections = [
        *declared_sections(RULE_FILE, OLDEST),
        *declared_sections(TOP, OLDEST),
        SectionTable(
            "PromQL",
            "Functions, aggregations and notations that some supported version lacks, or takes "
            "only when it is started with a flag. All others are in every version.",
            tuple(_feature_row(feature) for feature in (*FUNCTIONS.values(), *SYNTAX)),
        ),
    ]
    return field_page(
        "Fields of Prometheus's files",
        (
            "What `check --target prometheus=VERSION` knows of rule files and of the alerting",
            "part of `prometheus.yml`. An empty cell under Since means every version from 2.42 on,",
            "under Until every later one.",
            "",
            "Measured: Prometheus 2.42, 2.53 and 3.5, as Debian builds them, judge all of this",
            "in the tests. Read: a version between two of these, or after 3.5, is that of the",
            "release notes (to 3.16), or of the change that they name; `labels` of a group and",
            "`metric_name_validation_scheme` are of 3.0 by what was written of that release",
            "elsewhere. Bounded: where a row says that the release was not found, the version",
            "is the first measured one that has it. `http_headers` is measured in Debian's build",
            "of 2.53; the release notes have it in 2.55.",
        ),
        sections,
    )


def _feature_row(feature: Feature) -> FieldRow:
    name = feature.what.removeprefix("the function ").strip("'")
    notes = []
    if feature.flag is not None:
        until = "" if feature.stable is None else f" until {since(feature.stable, OLDEST)}"
        notes.append(f"needs `--enable-feature={feature.flag}`{until}")
    if feature.is_bounded:
        notes.append("the release was not found: this one or an earlier one")
    kind = "function" if feature in FUNCTIONS.values() else "notation"
    return FieldRow(
        name,
        kind,
        since(feature.since, OLDEST),
        "" if feature.until is None else since(feature.until, OLDEST),
        "; ".join(notes),
    )
