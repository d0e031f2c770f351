"""``alerting.alertmanagers`` of a ``prometheus.yml``: whom alerts are sent to, and how changed."""

from __future__ import annotations

from typing import Final

from buckstop.diagnostics import Diagnostic, did_you_mean
from buckstop.document import Fields, finish_section
from buckstop.document.codes import VALUE_INVALID
from buckstop.document.versions import Version
from buckstop.prometheus.codes import RELABELLING_SHARED, RULE_DURATION_INVALID
from buckstop.prometheus.config_model import AlertmanagerGroup
from buckstop.prometheus.config_tables import ALERTMANAGERS, TARGETS
from buckstop.prometheus.durations import parse_duration
from buckstop.prometheus.http_reading import read_http
from buckstop.prometheus.names import is_label_name
from buckstop.prometheus.relabel_reading import read_relabelling
from buckstop.prometheus.relabelling import relabel
from buckstop.prometheus.versions import field_faults, version_fault

_DISCOVERY_SUFFIX: Final = "_sd_configs"
_API_VERSIONS: Final = ("v1", "v2")
_V1_GONE: Final[Version] = (3, 0)
RELABELLED_APART: Final[Version] = (3, 7)
"""Since then each Alertmanager is sent alerts of its own, which its steps alone change."""


def read_alertmanagers(alerting: Fields, version: Version | None) -> tuple[AlertmanagerGroup, ...]:
    """The groups; what is wrong with one is a finding, and the rest of it is read."""
    groups: list[AlertmanagerGroup] = []
    for item in alerting.sequence("alertmanagers", "Alertmanagers"):
        fields = Fields.of(item, ALERTMANAGERS.what, alerting.findings)
        if fields is not None:
            groups.append(_read_group(fields, version))
    changing = next((group for group in groups if group.alert_relabel_configs), None)
    is_shared = version is None or version < RELABELLED_APART
    if changing is not None and len(groups) > 1 and is_shared:
        alerting.findings.append(
            Diagnostic(
                RELABELLING_SHARED,
                "these steps may change what the other Alertmanagers are sent too",
                changing.alert_relabel_configs[0].span,
                hint="relabel under 'alerting' for all of them alike",
            )
        )
    return tuple(groups)


def _read_group(fields: Fields, version: Version | None) -> AlertmanagerGroup:
    _check_api_version(fields, version)
    timeout = fields.scalar("timeout", "a duration such as 10s")
    if timeout is not None:
        try:
            parse_duration(timeout.text)
        except ValueError as error:
            fields.findings.append(Diagnostic(RULE_DURATION_INVALID, str(error), timeout.span))
    discoveries = [
        entry.key.text for entry in fields.node if entry.key.text.endswith(_DISCOVERY_SUFFIX)
    ]
    for name in discoveries:
        # Which kinds of discovery there are differs from build to build.
        fields.entry(name)
    relabelling = read_relabelling(fields, "relabel_configs", version)
    scheme = fields.text("scheme") or "http"
    path_prefix = fields.text("path_prefix") or ""
    targets = _targets(fields, version, are_relabelled=bool(relabelling))
    of_group = {
        "__scheme__": scheme,
        "__alerts_path__": f"{path_prefix.rstrip('/')}/api/v2/alerts",
    }
    group = AlertmanagerGroup(
        span=fields.node.span,
        node=fields.node,
        scheme=scheme,
        path_prefix=path_prefix,
        targets=tuple(target["__address__"] for target in targets),
        is_reached=bool(discoveries)
        or any(relabel(relabelling, of_group | target, version) is not None for target in targets),
        alert_relabel_configs=read_relabelling(fields, "alert_relabel_configs", version),
    )
    read_http(fields, ALERTMANAGERS, version)
    finish_section(fields, ALERTMANAGERS, field_faults(version))
    return group


def _check_api_version(fields: Fields, version: Version | None) -> None:
    value = fields.scalar("api_version", "v2")
    if value is None:
        return
    if value.text not in _API_VERSIONS:
        hint = did_you_mean(value.text, _API_VERSIONS) or "write v2"
        fields.findings.append(
            Diagnostic(VALUE_INVALID, f"'{value.text}' is no version of the API", value.span, hint)
        )
        return
    gone = _V1_GONE if value.text == "v1" else None
    fault = version_fault("the API version v1", version, value.span, until=gone)
    if fault is not None:
        fields.findings.append(fault)


def _targets(
    fields: Fields, version: Version | None, *, are_relabelled: bool
) -> tuple[dict[str, str], ...]:
    """The labels of each server that is named, its address among them."""
    targets: list[dict[str, str]] = []
    for item in fields.sequence("static_configs", "groups of targets"):
        group = Fields.of(item, TARGETS.what, fields.findings)
        if group is None:
            continue
        labels = group.pairs("labels", "label names and values")
        of_group = {name.text: value.text for name, value in labels}
        for target in group.scalars("targets", "addresses") or ():
            address = "" if target.is_null else target.text
            targets.append(of_group | {"__address__": address})
            if "/" in target.text and not are_relabelled:
                fields.findings.append(
                    Diagnostic(
                        VALUE_INVALID,
                        f"'{target.text}' is no host and port",
                        target.span,
                        hint="write host:port; the path goes under 'path_prefix'",
                    )
                )
        for name, _ in labels:
            if not is_label_name(name.text, version):
                fields.findings.append(
                    Diagnostic(
                        VALUE_INVALID, f"'{name.text}' is not the name of a label", name.span
                    )
                )
        finish_section(group, TARGETS, field_faults(version))
    return tuple(targets)
