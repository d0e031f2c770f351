"""``--labels FILE``: which values labels have on the series, so that more can be proven.

.. code-block:: yaml

    env: [prod, staging]                 # label: the values that it has, where a series has it
    namespace: {matches: "team-.+"}      # or the pattern that they match as a whole
"""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from typing import Final

from buckstop.diagnostics import Diagnostic, Related, Span
from buckstop.document import Entry, Fields, Mapping, Node, Scalar, Sequence, parse_one
from buckstop.document.codes import KEY_MISSING, VALUE_INVALID
from buckstop.document.values import wrong_type
from buckstop.language import ABSENT, Language, PatternError, matching, only
from buckstop.language.domains import Domain, narrowed, simplified

LabelEnvironment = MappingType[str, Language]
"""Label to the values that it may have on a series; any series may lack it."""

_VALUES: Final = 'a list of values, or {matches: "a pattern"}'


def bounded(series: Domain, environment: LabelEnvironment) -> Domain:
    """Those label sets of `series` that the environment knows."""
    within = series
    for name, language in environment.items():
        within = tuple(
            part for here in within if (part := narrowed(here, name, language | ABSENT)) is not None
        )
    return simplified(within)


def read_label_environment(
    text: str | bytes, file: str
) -> tuple[dict[str, Language] | None, tuple[Diagnostic, ...]]:
    """What the file says of each label; None where the file cannot be used."""
    node, diagnostics = parse_one(text, file)
    findings = list(diagnostics)
    fields = None if node is None else Fields.of(node, "a label environment", findings)
    if fields is None:
        return None, tuple(findings)
    environment: dict[str, Language] = {}
    for entry in fields.node.entries:
        language = _language(entry, findings)
        if language is not None:
            environment[entry.key.text] = language
    return environment, tuple(findings)


def _language(entry: Entry, findings: list[Diagnostic]) -> Language | None:
    value = entry.value
    if entry.key.text == "":
        findings.append(_invalid("a label has a name", entry.key.span))
        return None
    match value:
        case Sequence(items=items):
            return _listed(entry.key, items, findings)
        case Mapping():
            return _pattern(Fields(value, f"'{entry.key.text}'", findings))
    findings.append(wrong_type(value, _VALUES))
    return None


def _listed(label: Scalar, items: tuple[Node, ...], findings: list[Diagnostic]) -> Language | None:
    values: dict[str, Span] = {}
    for item in items:
        if not isinstance(item, Scalar):
            findings.append(wrong_type(item, f"a value of '{label.text}' as text"))
        elif item.is_null or item.text == "":
            findings.append(
                _invalid(
                    f"an empty value of '{label.text}' is no value",
                    item.span,
                    hint="leave it out: a series may lack any label",
                )
            )
        elif item.text in values:
            findings.append(
                _invalid(
                    f"'{item.text}' stands in this list already",
                    item.span,
                    related=(Related(values[item.text], "it is here"),),
                )
            )
        else:
            values[item.text] = item.span
    if not items:
        findings.append(
            _invalid(
                f"no value of '{label.text}' is named",
                label.span,
                hint="list its values; of a label that is not here nothing is known",
            )
        )
    return only(*values) if values else None


def _pattern(fields: Fields) -> Language | None:
    pattern = fields.scalar("matches", "a regular expression")
    if pattern is None and fields.node_at("matches") is None:
        findings = fields.findings
        findings.append(
            Diagnostic(KEY_MISSING, f"{fields.what} needs 'matches'", fields.node.span, _VALUES)
        )
    fields.finish()
    if pattern is None:
        return None
    try:
        return matching(pattern.text)
    except PatternError as error:
        fields.findings.append(
            _invalid(f"'{pattern.text}' is no valid regular expression: {error}", pattern.span)
        )
        return None


def _invalid(
    message: str, span: Span, hint: str | None = None, related: tuple[Related, ...] = ()
) -> Diagnostic:
    return Diagnostic(VALUE_INVALID, message, span, hint, related)
