"""The functions, fields and names that templates have, by version, for people."""

from __future__ import annotations

from collections.abc import Iterable

from buckstop.alertmanager import versions as alertmanager
from buckstop.gotemplate.alertmanager_data import DATA_FIELDS
from buckstop.gotemplate.alertmanager_functions import ALERTMANAGER_FUNCTIONS
from buckstop.gotemplate.builtins import BUILTINS
from buckstop.gotemplate.default_templates import DEFAULT_TEMPLATES
from buckstop.gotemplate.functions import Function
from buckstop.gotemplate.prometheus_data import DATA_FIELDS as RULE_FIELDS
from buckstop.gotemplate.prometheus_data import PROMETHEUS_FUNCTIONS, VARIABLES
from buckstop.prometheus import versions as prometheus
from buckstop.prometheus.versions import dotted

OLDEST_ALERTMANAGER = dotted(alertmanager.OLDEST)
OLDEST_PROMETHEUS = dotted(prometheus.OLDEST)


def template_functions_page() -> str:
    """``docs/reference/template-functions.md``"""
    lines = [
        "# What templates have, by version",
        "",
        "Asked of the servers: Alertmanager 0.25.0, 0.28.1 and 0.33.1, Prometheus 2.42.0, 2.53.3",
        "and 3.5.3. Where the last column names a version, it is the newest that was seen without.",
        "",
        "## Go's own functions, in both",
        "",
        ", ".join(f"`{name}`" for name in sorted(BUILTINS)),
        "",
        "## Alertmanager: functions",
        "",
        *_functions(ALERTMANAGER_FUNCTIONS, OLDEST_ALERTMANAGER),
        "",
        "## Alertmanager: fields of the data",
        "",
        "| Field | Type | Seen in | Not yet in |",
        "|---|---|---|---|",
        *(
            f"| `.{name}` | `{type_.name}` | {present or OLDEST_ALERTMANAGER} | {absent or ''} |"
            for name, type_, absent, present in DATA_FIELDS
        ),
        "",
        "## Alertmanager: templates of its own",
        "",
        "| Name | Seen in | Not yet in |",
        "|---|---|---|",
        *(
            f"| `{one.name}` | {one.present or OLDEST_ALERTMANAGER} | {one.absent or ''} |"
            for one in sorted(DEFAULT_TEMPLATES, key=lambda one: one.name)
        ),
        "",
        "## Prometheus: functions in rules",
        "",
        *_functions(PROMETHEUS_FUNCTIONS, OLDEST_PROMETHEUS),
        "",
        "## Prometheus: data in rules",
        "",
        "| Field | Variable | Type |",
        "|---|---|---|",
        *(
            f"| `.{field}` | `{variable}` | `{RULE_FIELDS[field].name}` |"
            for variable, field in VARIABLES.items()
        ),
    ]
    return "\n".join(lines) + "\n"


def _functions(functions: Iterable[Function], oldest: str) -> list[str]:
    rows = ["| Function | Takes | Seen in | Not yet in |", "|---|---|---|---|"]
    for function in sorted(functions, key=lambda one: one.name):
        taken = [f"`{type_.name}`" for type_ in function.parameters]
        if function.rest is not None:
            taken.append(f"any number of `{function.rest.name}`")
        present = function.present or (oldest if function.absent is None else "")
        rows.append(
            f"| `{function.name}` | {', '.join(taken)} | {present} | {function.absent or ''} |"
        )
    return rows
