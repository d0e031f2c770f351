"""What can be wrong with a rule file or a ``prometheus.yml``."""

from __future__ import annotations

from typing import Final

from buckstop.diagnostics import Code, Level

_NOT_LOADED = (
    "Prometheus refuses the whole file. At start none of its alerts exist; at a reload the old "
    "rules stay. Either way nobody is told of what the new ones would find."
)

PROMQL_INVALID: Final = Code(
    "promql-invalid", Level.ERROR, "An expression is not PromQL", _NOT_LOADED
)
RULE_KIND_UNCLEAR: Final = Code(
    "rule-kind-unclear",
    Level.ERROR,
    "A rule is neither an alert nor a recording, or both",
    _NOT_LOADED,
)
RULE_NAME_INVALID: Final = Code(
    "rule-name-invalid",
    Level.ERROR,
    "A recording rule, a label or an annotation has a name that none can have",
    _NOT_LOADED,
)
RULE_FIELD_MISPLACED: Final = Code(
    "rule-field-misplaced",
    Level.ERROR,
    "A recording rule has a field that only alerts have",
    _NOT_LOADED,
)
RULE_TEMPLATE_INVALID: Final = Code(
    "rule-template-invalid",
    Level.ERROR,
    "A template in a label or an annotation cannot be parsed",
    _NOT_LOADED,
)
RULE_TEMPLATE_FAILS: Final = Code(
    "rule-template-fails",
    Level.WARNING,
    "A template in a label or an annotation fails when the alert fires",
    "The alert is sent with `<error expanding template: …>` in place of the value: a label that "
    "routes ask for leads nowhere, and whoever is paged does not read what happened.",
)
RULE_DURATION_INVALID: Final = Code(
    "rule-duration-invalid", Level.ERROR, "A duration cannot be read", _NOT_LOADED
)
RULE_GROUP_DUPLICATE: Final = Code(
    "rule-group-duplicate", Level.ERROR, "Two groups of a file have the same name", _NOT_LOADED
)
RULE_DUPLICATE: Final = Code(
    "rule-duplicate",
    Level.WARNING,
    "Two rules of a group have the same name, expression and labels",
    "Two rules that send the same alert overwrite each other: when one of them ends, the alert "
    "is reported as resolved although the other still fires.",
)
PROMETHEUS_TOO_OLD: Final = Code(
    "prometheus-too-old",
    Level.ERROR,
    "A file uses what came with a later Prometheus than the one aimed at",
    _NOT_LOADED,
)
PROMETHEUS_TOO_NEW: Final = Code(
    "prometheus-too-new",
    Level.ERROR,
    "A file uses what the Prometheus aimed at has no longer",
    _NOT_LOADED,
)
PROMQL_EXPERIMENTAL: Final = Code(
    "promql-experimental",
    Level.WARNING,
    "An expression needs a feature that the server must be started with",
    "Without the flag Prometheus refuses the whole file, and with it every alert in it.",
)
RELABELLING_INVALID: Final = Code(
    "relabelling-invalid",
    Level.ERROR,
    "A relabelling step says what Prometheus cannot do",
    "Prometheus refuses the whole configuration: a server that starts has no rules and sends "
    "nothing, one that reloads keeps what it had.",
)
RULE_GLOB_INVALID: Final = Code(
    "rule-glob-invalid",
    Level.ERROR,
    "A path under rule_files has a '*' before its last part",
    "Prometheus refuses the whole configuration: a server that starts has no rules and sends "
    "nothing, one that reloads keeps what it had.",
)
RULE_GLOB_EMPTY: Final = Code(
    "rule-glob-empty",
    Level.WARNING,
    "A path under rule_files names no file",
    "Prometheus starts without a word, and none of the alerts that were meant exist.",
)
RELABELLING_SHARED: Final = Code(
    "relabelling-shared",
    Level.WARNING,
    "What is relabelled for one group of Alertmanagers may reach another",
    "A label that one Alertmanager should not see may be gone for the one that pages, the team's "
    "among them; who is told then depends on chance.",
)
