"""The file that says which values labels have."""

from __future__ import annotations

import pytest

from buckstop.language import ABSENT, ALL_LABEL_SETS, EVERYTHING, matching, only, region
from buckstop.prover.label_environment import bounded, read_label_environment


def test_a_label_environment_names_values() -> None:
    """By a list, or by a pattern that they match."""
    text = "env: [prod, 7]\nnamespace: {matches: 'team-.+'}\n"
    environment, found = read_label_environment(text, "labels.yaml")
    assert found == ()
    assert environment == {"env": only("prod", "7"), "namespace": matching("team-.+")}


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("- env\n", "type-wrong", 1, 1),
        ("env: prod\n", "type-wrong", 1, 6),
        ("env:\n", "type-wrong", 1, 5),
        ("env: [[a]]\n", "type-wrong", 1, 7),
        ("env: []\n", "value-invalid", 1, 1),
        ("env: [a, '']\n", "value-invalid", 1, 10),
        ("env: [a, ~]\n", "value-invalid", 1, 10),
        ("env: [a, b, a]\n", "value-invalid", 1, 13),
        ("'': [a]\n", "value-invalid", 1, 1),
        ("env: [a]\nenv: [b]\n", "yaml-duplicate-key", 2, 1),
        ("env: {}\n", "key-missing", 1, 6),
        ("env: {matches: [a]}\n", "type-wrong", 1, 16),
        ("env: {matches: 'a('}\n", "value-invalid", 1, 16),
        ("env: {matches: a, match: b}\n", "key-unknown", 1, 19),
        ("env: [a\n", "yaml-syntax", 2, 1),
    ],
)
def test_a_slip_in_a_label_environment_is_a_finding(
    text: str, code: str, line: int, column: int
) -> None:
    """A value that is not read would be taken for one that no series has."""
    (finding,) = read_label_environment(text, "labels.yaml")[1]
    assert finding.span is not None
    assert (finding.code.name, finding.span.line, finding.span.column) == (code, line, column)


def test_what_the_environment_does_not_know_is_no_series() -> None:
    """A label that it names has one of its values, or is missing; of others nothing is said."""
    environment = {"env": only("prod", "dev"), "namespace": matching("team-.+")}
    assert bounded((ALL_LABEL_SETS,), environment) == (
        region({"env": only("", "dev", "prod"), "namespace": matching("team-.+") | ABSENT}),
    )
    here = region({"env": only("prod", "test"), "pod": EVERYTHING}, ABSENT)
    assert bounded((here,), environment) == (here.replaced("env", only("prod")),)
    assert bounded((region({"env": only("test")}),), environment) == ()
