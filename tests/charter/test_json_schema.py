"""The schema that editors use says what each field means, and its examples are right."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from click.testing import CliRunner
from pydantic import ValidationError

from buckstop.charter import json_schema, model_schema, table_schema, team_schema
from buckstop.charter.schema import Entry
from buckstop.cli.schema import command

SCHEMA = json_schema()
KINDS = {
    name: kind
    for module in (team_schema, table_schema, model_schema)
    for name, kind in vars(module).items()
    if isinstance(kind, type) and issubclass(kind, Entry) and kind is not Entry
}
FIELDS = [
    (name, field, about)
    for name, definition in {"charter": SCHEMA, **SCHEMA["$defs"]}.items()
    for field, about in definition["properties"].items()
]


def as_written(value: Any) -> Any:
    """Scalars as the text of a file."""
    match value:
        case dict():
            return {key: as_written(one) for key, one in value.items()}
        case list():
            return [as_written(one) for one in value]
        case bool():
            return str(value).lower()
        case _:
            return str(value)


@pytest.mark.parametrize(("kind", "field", "about"), FIELDS, ids=lambda value: str(value)[:20])
def test_every_field_says_what_it_means(kind: str, field: str, about: dict[str, Any]) -> None:
    """An editor shows a sentence and an example for every key."""
    assert re.search(r"\.$", about["description"]), f"{kind}.{field}"
    assert about["examples"], f"{kind}.{field}"


@pytest.mark.parametrize(
    ("kind", "field", "about"),
    [one for one in FIELDS if one[0] != "charter"],
    ids=lambda value: str(value)[:20],
)
def test_every_example_is_accepted(kind: str, field: str, about: dict[str, Any]) -> None:
    """No example would be refused if it were copied."""
    for example in about["examples"]:
        try:
            KINDS[kind].model_validate({field: as_written(example)})
        except ValidationError as error:
            wrong = [one for one in error.errors() if one["loc"][:1] == (field,)]
            assert wrong == [], f"{kind}.{field}: {example}"


def test_unknown_keys_are_refused_everywhere() -> None:
    """The editor underlines a misspelt key, as `check` does."""
    for name, definition in {"charter": SCHEMA, **SCHEMA["$defs"]}.items():
        assert definition["additionalProperties"] is False, name


def test_schema_command_prints_the_schema() -> None:
    """What the command prints is the schema, as JSON."""
    result = CliRunner().invoke(command)
    assert result.exit_code == 0
    assert json.loads(result.stdout) == SCHEMA
