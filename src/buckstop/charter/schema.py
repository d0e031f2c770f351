"""The charter's form: scalars, and what all entries have in common.

Every scalar reaches these types as the text that the user wrote (or None for an empty value), so
that what a word means is decided here and not by YAML. The JSON Schema is made from the same types.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from buckstop.prometheus import parse_duration

ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$"
"""Ids become label values, receivers' names and files' names."""
METRIC_PATTERN = r"^[a-zA-Z_:][a-zA-Z0-9_:]*$"
LABEL_PATTERN = r"^[a-zA-Z_][a-zA-Z0-9_]*$"

SECRET_INLINE = "secret_inline"  # noqa: S105 - the name of an error, not a secret
"""Type of the validation error for a text where a secret belongs."""
CHOICE = "choice"
"""Type of the validation error for a choice of keys; its context has ``message``, ``hint``."""
UNIT = "unit"
"""Type of the validation error for a quantity that cannot be read."""


def _duration(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return parse_duration(value)
    except ValueError as error:
        raise PydanticCustomError(
            UNIT,
            "{message}",
            {"message": str(error), "hint": "write durations like `30s`, `15m`, `1h30m`, `30d`"},
        ) from error


def _one_or_many(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
Text = Annotated[str, StringConstraints(min_length=1)]
MetricName = Annotated[str, StringConstraints(pattern=METRIC_PATTERN)]
LabelName = Annotated[str, StringConstraints(pattern=LABEL_PATTERN)]
Duration = Annotated[
    float,
    BeforeValidator(_duration),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^([0-9]+(ms|[smhdwy]))+$",
            "examples": ["30s", "15m", "30d"],
        }
    ),
]
"""Seconds, written like ``15m``."""
OneOrMany = Annotated[
    tuple[Text, ...],
    BeforeValidator(_one_or_many),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "minLength": 1},
                {"type": "array", "items": {"type": "string", "minLength": 1}},
            ]
        }
    ),
]
"""A word, or a list of words."""


Number = Annotated[
    str,
    StringConstraints(min_length=1),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "minLength": 1}]}),
]
"""A number as written, read exactly later on."""


class Entry(BaseModel):
    """Something that the charter declares; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


def exactly_one(entry: Entry, keys: tuple[str, ...], rule: str) -> None:
    """Raise a validation error unless exactly one of `keys` is given; `rule` says why."""
    given = [key for key in keys if getattr(entry, key) is not None]
    if len(given) == 1:
        return
    said = f"this has {' and '.join(f'`{key}`' for key in given)}" if given else "this has none"
    raise PydanticCustomError(
        CHOICE,
        "{message}",
        {
            "message": f"{rule}; {said}",
            "hint": f"give exactly one of {', '.join(f'`{key}`' for key in keys)}",
        },
    )
