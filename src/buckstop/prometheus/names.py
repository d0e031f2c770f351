"""Names of series, labels and annotations, as each version of Prometheus takes them."""

from __future__ import annotations

import re
from typing import Final, Literal

from buckstop.diagnostics import Diagnostic
from buckstop.document import Scalar
from buckstop.document.versions import Version
from buckstop.prometheus.codes import RULE_NAME_INVALID
from buckstop.prometheus.versions import UTF8_NAMES, dotted

METRIC_NAME_LABEL: Final = "__name__"

Named = Literal["series", "label", "annotation"]

_LABEL_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_METRIC_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
_ARTICLES: Final[dict[Named, str]] = {
    "series": "a series",
    "label": "a label",
    "annotation": "an annotation",
}
_RULES: Final[dict[Named, str]] = {
    "series": "a name has letters, digits, underscores and colons, and no digit first",
    "label": "a name has letters, digits and underscores, and no digit first",
    "annotation": "a name has letters, digits and underscores, and no digit first",
}


def is_label_name(name: str, version: Version | None) -> bool:
    """Whether a label may be called `name`; since 3.0 any text but none at all."""
    if version is None or version >= UTF8_NAMES:
        return name != ""
    return _LABEL_NAME.fullmatch(name) is not None


def name_fault(name: Scalar, of: Named, version: Version | None) -> Diagnostic | None:
    """What is wrong with the name of `of` in a rule, or None.

    Since 3.0 any text is a name, save that a recorded series has no braces in its; ``__name__``
    names no label of a rule in any version.
    """
    is_metric_name = of == "label" and name.text == METRIC_NAME_LABEL
    if not is_metric_name and _is_classic(name.text, of):
        return None
    hint = _RULES[of]
    if is_metric_name:
        hint = "it stands for the name of the series, which a recording rule gives with 'record'"
    elif of == "series" and {"{", "}"} & set(name.text):
        hint = "an expression stands under 'expr', labels stand under 'labels'"
    elif name.text != "":
        if version is None or version >= UTF8_NAMES:
            return None
        hint = f"{hint}; Prometheus {dotted(UTF8_NAMES)} takes any text"
    return Diagnostic(
        RULE_NAME_INVALID, f"'{name.text}' cannot be the name of {_ARTICLES[of]}", name.span, hint
    )


def _is_classic(name: str, of: Named) -> bool:
    pattern = _METRIC_NAME if of == "series" else _LABEL_NAME
    return pattern.fullmatch(name) is not None
