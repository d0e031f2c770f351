"""Expressions of a user's own: what they must give, and whose model they are of."""

from __future__ import annotations

import json

import pytest
from tests.charter.written_charters import TABLE, TEAMS, charter_of, findings, slos

OWN = "name: own, fault: quality, objective: '<= 3', severity: minor"


def named(*texts: str) -> list[tuple[str, str]]:
    return [(one.code.name, one.message) for one in findings(TEAMS, TABLE, *texts)]


def own(expr: str) -> str:
    return f"models:\n  m:\n    slos:\n      - {{{OWN}, expr: {json.dumps(expr)}}}\n"


@pytest.mark.parametrize(
    ("expr", "kind"),
    [
        ("scalar(foo)", "scalar"),
        ("(1 + -3)", "scalar"),
        ('"text"', "string"),
        ("foo[5m]", "range vector"),
        ("rate(foo[5m])[5m:]", "range vector"),
    ],
)
def test_what_gives_no_instant_vector_is_an_error(expr: str, kind: str) -> None:
    """Prometheus would refuse the rule file, as each value stands in an aggregation."""
    ((code, message),) = named(own(expr))
    assert code == "expr-invalid"
    assert f"gives a {kind}" in message


@pytest.mark.parametrize("expr", ["1 + foo", "vector(1)", "-foo", "time() - foo", "foo or bar"])
def test_what_gives_an_instant_vector_is_taken(expr: str) -> None:
    """One side that is a vector makes the whole one."""
    assert named(own(expr)) == []


def test_comments_are_left_out() -> None:
    """What follows the expression in a rule would else be a part of the comment."""
    (slo,) = slos(charter_of(TEAMS, TABLE, own("foo{a='#'} # the number")), "m").values()
    assert slo.expr == "foo{a='#'}"


@pytest.mark.parametrize("expr", ["foo > 3", "(foo != 0)"])
def test_a_comparison_in_place_of_a_number_is_told(expr: str) -> None:
    """It gives nothing while all is well, so the number would be called missing."""
    assert [code for code, _ in named(own(expr))] == ["expr-compares"]


def test_a_comparison_that_gives_a_number_is_fine() -> None:
    """With `bool`, or within an aggregation, there is a number."""
    assert named(own("foo > bool 3")) == []
    assert named(own("count(foo > 3)")) == []


PROFILE = "profiles:\n  tier1:\n    - {{{}, expr: {}{}}}\n"
MODELS = """models:
  credit.eu: {use: tier1, features: ["a'b"]}
  fraud: {use: tier1, features: [x]}
"""


def test_an_expression_of_several_models_must_tell_them_apart() -> None:
    """Both teams would be paged for one model's breach; both models are named."""
    ((code, message),) = named(PROFILE.format(OWN, json.dumps("rate(foo[5m])"), ""), MODELS)
    assert code == "expr-shared"
    assert "`credit.eu`" in message
    assert "`fraud`" in message


def test_an_expression_of_one_model_need_not_name_it() -> None:
    """A model that overrides the expression does not use it."""
    override = f"models:\n  a: {{use: tier1}}\n  b: {{use: tier1, slos: [{{{OWN}, expr: bar}}]}}\n"
    assert named(PROFILE.format(OWN, "foo", ""), override) == []


def test_placeholders_stand_for_the_model_and_the_feature() -> None:
    """A value stands for itself, in a pattern as well; other dollars stay."""
    expr = 'foo{model="$model", name=~"$model-.*", f=\'$feature\', x="$1$modelling"}'
    charter = charter_of(
        TEAMS, TABLE, PROFILE.format(OWN, json.dumps(expr), ", each: feature"), MODELS
    )
    assert [slo.expr for slo in slos(charter, "credit.eu").values()] == [
        'foo{model="credit.eu", name=~"credit\\\\.eu-.*", f="a\'b", x="$1$modelling"}'
    ]


def test_an_expression_for_each_feature_must_tell_them_apart() -> None:
    """The same number for each feature is a slip."""
    assert [code for code, _ in named(PROFILE.format(OWN, "foo", ", each: feature"))] == [
        "slo-field-misplaced"
    ]


def test_a_feature_that_no_objective_has_cannot_be_named() -> None:
    """`$feature` would be searched for as it is written, and never be found."""
    assert [code for code, _ in named(own('foo{f="$feature"}'))] == ["expr-invalid"]


def test_a_placeholder_in_a_string_that_is_not_utf_8_is_told() -> None:
    """No label value can be such a string, and nothing can be put into it."""
    assert [code for code, _ in named(own('foo{a="\\xff$model"}'))] == ["expr-invalid"]


def test_the_slip_in_an_expression_is_underlined_with_its_mend() -> None:
    """In a text on one line the token, in a block its line."""
    (one,) = findings(TEAMS, TABLE, own("sum(foo) = 3"))
    assert one.span is not None
    line = own("sum(foo) = 3").splitlines()[3]
    assert one.span.column == line.rindex("= 3") + 1
    assert one.span.end_column == one.span.column + 1
    assert one.hint == "did you mean '=='?"
    block = "expr: |\n          sum(foo)\n          / sum by job (foo)\n"
    head = "models:\n  m:\n    slos:\n      - "
    fields = OWN.replace(", ", "\n        ") + "\n        "
    (one,) = findings(TEAMS, TABLE, head + fields + block)
    assert one.code.name == "expr-invalid"
    assert one.span is not None
    assert one.span.line == len((head + fields).splitlines()) + 2
