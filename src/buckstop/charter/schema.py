"""The charter's form: scalars, and what all entries have in common.

Every scalar reaches these types as the text that the user wrote (or None for an empty value), so
that what a word means is decided here and not by YAML. The JSON Schema is made from the same types.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Final, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
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
"""Type of the validation error for a rule about several keys: `broken_rule`."""
PARTIAL: Final = "partial"
"""Context of a validation that leaves out the rules about several keys: some may be missing."""
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

    STAND_INS: ClassVar[Mapping[str, Any]] = {}
    """For each required key a value that speaks of nothing declared.

    It stands where the key is missing or cannot be read, so that the other keys can be checked.
    """


class RuledEntry(Entry):
    """An entry whose keys depend on each other."""

    def rules_broken(self) -> Iterator[PydanticCustomError]:
        """Each rule that the entry breaks, as `broken_rule` makes it."""
        raise NotImplementedError

    @model_validator(mode="after")
    def _obey(self, info: ValidationInfo) -> Self:
        if info.context != PARTIAL:
            for error in self.rules_broken():
                raise error
        return self


def broken_rule(keys: tuple[str, ...], message: str, hint: str) -> PydanticCustomError:
    """The validation error of a rule about `keys`."""
    return PydanticCustomError(
        CHOICE, "{message}", {"keys": keys, "message": message, "hint": hint}
    )


def exactly_one(entry: Entry, keys: tuple[str, ...], rule: str) -> Iterator[PydanticCustomError]:
    """A validation error unless exactly one of `keys` is given; `rule` says why."""
    given = [key for key in keys if getattr(entry, key) is not None]
    if len(given) == 1:
        return
    said = f"this has {' and '.join(f'`{key}`' for key in given)}" if given else "this has none"
    yield broken_rule(
        keys, f"{rule}; {said}", f"give exactly one of {', '.join(f'`{key}`' for key in keys)}"
    )
