"""The fields of Prometheus's files as a page of the reference."""

from __future__ import annotations

from typing import Final

from field_tables import FieldRow, SectionTable, field_page

from buckstop.prometheus.config_tables import CONFIG_TABLES
from buckstop.prometheus.rule_tables import RULE_TABLES
from buckstop.prometheus.table import Field, Shape, Table
from buckstop.prometheus.versions import Version, dotted
from buckstop.promql.features import FUNCTIONS, SYNTAX, Feature

_SHAPES: Final[dict[Shape, str]] = {
    "text": "text",
    "secret": "text, a secret",
    "boolean": "true or false",
    "integer": "whole number",
    "natural": "whole number from 0",
    "size": "size such as `10MB`",
    "duration": "duration such as `1m30s`",
    "expression": "PromQL",
    "pattern": "regular expression, anchored",
    "labels": "names and texts",
    "texts": "list of texts",
    "list": "list",
    "section": "section",
}


def prometheus_fields_page() -> str:
    """Rule files, the alerting part of ``prometheus.yml``, and what PromQL has not always had."""
    sections = [
        *(_section("Rule files", table) for table in RULE_TABLES),
        *(_section("prometheus.yml", table) for table in CONFIG_TABLES),
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


def _section(file: str, table: Table) -> SectionTable:
    title = f"{file}: the top" if table.where == "(top)" else f"{file}: {table.where}"
    return SectionTable(title, "", tuple(map(_row, table.fields)))


def _row(field: Field) -> FieldRow:
    return FieldRow(field.name, _SHAPES[field.shape], _version(field.since), _version(field.until))


def _feature_row(feature: Feature) -> FieldRow:
    name = feature.what.removeprefix("the function ").strip("'")
    notes = []
    if feature.flag is not None:
        until = "" if feature.stable is None else f" until {_version(feature.stable)}"
        notes.append(f"needs `--enable-feature={feature.flag}`{until}")
    if feature.is_bounded:
        notes.append("the release was not found: this one or an earlier one")
    kind = "function" if feature in FUNCTIONS.values() else "notation"
    return FieldRow(name, kind, _version(feature.since), _version(feature.until), "; ".join(notes))


def _version(version: Version | None) -> str:
    return "" if version is None or version == (0, 0) else dotted(version)
