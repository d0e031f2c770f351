"""What running servers say they have loaded: asked for, made into files again, compared."""

from buckstop.loaded.asking import (
    LoadedRoutes,
    LoadedRules,
    NotSaidError,
    ask_alertmanager,
    ask_prometheus,
    client_of,
    get_json,
    without_credentials,
)
from buckstop.loaded.differing import differences
from buckstop.loaded.rule_texts import rule_texts
from buckstop.loaded.templates import with_templates_of

__all__ = [
    "LoadedRoutes",
    "LoadedRules",
    "NotSaidError",
    "ask_alertmanager",
    "ask_prometheus",
    "client_of",
    "differences",
    "get_json",
    "rule_texts",
    "with_templates_of",
    "without_credentials",
]
