"""Which labels the series that an expression gives may have."""

from __future__ import annotations

import random

import pytest
from tests.differential.random_expressions import ExpressionGrammar

from buckstop.promql import Expression, parse
from buckstop.promql.domains import (
    ANY_LABELS,
    NO_LABELS,
    Domain,
    ExpressionDomains,
    RecordedDomains,
    Recording,
    domain,
    labels_named,
    series_followed,
)
from buckstop.promql.domains.algebra import MAX_REGIONS
from buckstop.promql.domains.reading import MAX_DEPTH

Labels = dict[str, str]


def expression(text: str) -> Expression:
    parsed = parse(text)
    assert isinstance(parsed, Expression), parsed
    return parsed


def has(domain: Domain, labels: Labels) -> bool:
    return any(here.has(labels) for here in domain)


# Each line: an expression, label sets that its series may have, and label sets that none has.
SELECTORS: list[tuple[str, list[Labels], list[Labels]]] = [
    ("up", [{}, {"job": "a"}], [{"__name__": "up"}]),
    ('up{job="a"}', [{"job": "a", "x": "y"}], [{"job": "b"}, {}]),
    ('up{job!="a"}', [{"job": "b"}, {}], [{"job": "a"}]),
    ('up{job=""}', [{"x": "y"}], [{"job": "a"}]),
    ('up{job=~"a|b.*"}', [{"job": "a"}, {"job": "bc"}], [{"job": "c"}, {}]),
    ('up{job!~"a|b.*"}', [{"job": "c"}, {}], [{"job": "a"}, {"job": "bc"}]),
    ('up{job=~"a.*",job!="ab"}', [{"job": "ac"}], [{"job": "ab"}, {"job": "b"}]),
    ('{__name__=~"up|down",job="a"}', [{"job": "a"}], [{"job": "b"}]),
    ('up{job="\\xc3\\xa9"}', [{"job": "é"}], [{"job": "Ã©"}]),
    ("up{job=`a\\d`}", [{"job": "a\\d"}], [{"job": "a1"}]),
    ('up{job="a"} offset 5m', [{"job": "a"}], [{}]),
    ('up{job="a"} @ start()', [{"job": "a"}], [{}]),
    ('max_over_time(up{job="a"}[5m:1m])', [{"job": "a"}], [{}]),
    ('-(up{job="a"})', [{"job": "a"}], [{}]),
]
AGGREGATIONS: list[tuple[str, list[Labels], list[Labels]]] = [
    ("sum(up)", [{}], [{"job": "a"}]),
    ('sum by (job, env) (up{job="a"})', [{"job": "a", "env": "x"}], [{"job": "a", "x": "y"}, {}]),
    ("sum without (job) (up)", [{"env": "x"}], [{"job": "a"}]),
    ('topk by (env) (3, up{job="a"})', [{"job": "a", "x": "y"}], [{"job": "b"}]),
    ("bottomk(3, up)", [{"x": "y"}], []),
    ("limitk without (job) (3, up)", [{"job": "a"}], []),
    ("limit_ratio(0.5, up)", [{"x": "y"}], []),
    ("quantile(0.9, up)", [{}], [{"job": "a"}]),
    ('count_values("v", up)', [{"v": "1"}], [{}, {"v": "1", "job": "a"}]),
    ('count_values by (job) ("v", up)', [{"v": "1", "job": "a"}], [{"v": "1", "x": "y"}]),
    ('count_values without (v) ("v", up)', [{"job": "a"}], [{"v": "1"}]),
]
OPERATORS: list[tuple[str, list[Labels], list[Labels]]] = [
    ('up{job="a"} > 3', [{"job": "a", "x": "y"}], [{"job": "b"}]),
    ('3 < bool up{job="a"}', [{"job": "a"}], [{"job": "b"}]),
    ('up{a=~"1|2"} + up{a=~"2|3",b="4"}', [{"a": "2", "b": "4", "c": "5"}], [{"a": "1"}]),
    ('x{a="1",b="2"} > on(a) y', [{"a": "1"}], [{"a": "1", "b": "2"}]),
    ('x{a=~"1|2"} == on(a) y{a=~"2|3"}', [{"a": "2"}], [{"a": "1"}, {"a": "3"}]),
    ('x{a="1",b="2"} / ignoring(b) y{b="3"}', [{"a": "1"}], [{"a": "1", "b": "2"}]),
    (
        'x{a=~"1|2"} * on(a) group_left(b, c) y{a=~"2|3",b="3"}',
        [{"a": "2", "b": "3", "d": "4"}, {"a": "2", "b": "3", "c": "5"}],
        [{"a": "1", "b": "3"}, {"a": "2", "b": "2"}],
    ),
    (
        'x{a=~"1|2",b="9"} * on(a) group_right(b) y{a=~"2|3",b="3"}',
        [{"a": "2", "b": "9", "d": "4"}],
        [{"a": "2", "b": "3"}],
    ),
    (
        'x{a="1"} - ignoring(b, c) group_left(b) sum by (a, b) (y{b="2"})',
        [{"a": "1", "b": "2", "c": "3"}],
        [{"a": "1", "b": "2", "d": "4"}, {"a": "1", "b": "3"}],
    ),
    ('x{a=~"1|2"} and on(a) y{a=~"2|3",b="3"}', [{"a": "2", "b": "4"}], [{"a": "1"}]),
    ('x{b=~"1|2"} and ignoring(a) y{a="3",b="2"}', [{"a": "4", "b": "2"}], [{"b": "1"}]),
    ('x{a="1"} and on() vector(1)', [{"a": "1", "b": "2"}], [{"a": "2"}]),
    ('x{a="1"} and y{a="2"}', [], [{"a": "1"}, {"a": "2"}, {}]),
    ('x{a="1"} unless on(a) y{a="1"}', [{"a": "1", "b": "2"}], [{"a": "2"}]),
    ('x{a="1"} or on(a) y{a="2",b="3"}', [{"a": "1"}, {"a": "2", "b": "3"}], [{"a": "2"}]),
    ("1 > bool 2", [{}], [{"a": "1"}]),
    ("x + on(a) fill(0) y", [{"a": "1"}, {}], []),
]
FUNCTIONS: list[tuple[str, list[Labels], list[Labels]]] = [
    ("vector(1)", [{}], [{"a": "1"}]),
    ("time() + 3", [{}], [{"a": "1"}]),
    ("scalar(up) > bool 1", [{}], [{"a": "1"}]),
    ("hour()", [{}], [{"a": "1"}]),
    ('hour(up{a="1"})', [{"a": "1"}], [{}]),
    ('rate(up{a="1"}[5m])', [{"a": "1"}], [{"a": "2"}]),
    ('holt_winters(up{a="1"}[5m], 0.5, 0.5)', [{"a": "1"}], [{"a": "2"}]),
    ('quantile_over_time(0.5, up{a="1"}[5m])', [{"a": "1"}], [{"a": "2"}]),
    ('sort_by_label(up{a="1"}, "b")', [{"a": "1"}], [{"a": "2"}]),
    ("histogram_quantile(0.9, sum by (le, a) (x))", [{"a": "1"}], [{"a": "1", "b": "2"}]),
    ('info(up{a="1"})', [{"a": "2"}], []),
    ('absent(up{a="1",b!="2",c=~"3"})', [{"a": "1"}], [{}, {"a": "1", "b": "3"}]),
    ('absent(up{a="1",a="1",b="2"})', [{"b": "2"}], [{"a": "1", "b": "2"}]),
    ('absent((up{a="1"}))', [{"a": "1"}], [{}]),
    ('absent(up{a!="2",a="1"})', [{"a": "1"}, {}], [{"a": "2"}]),
    ('absent(up{a="1",a!="2"})', [{"a": "1"}, {}], [{"a": "2"}]),
    ('absent(sum by (a) (up{a="1"}))', [{}], [{"a": "1"}]),
    ('absent_over_time(up{a="1"}[5m])', [{"a": "1"}], [{}]),
    ('absent(up{a="1"} > 3)', [{}], [{"a": "1"}]),
    ('up{a!~"(?s).*|u"}', [], [{}, {"a": "u"}]),
    (
        'label_replace(x{a=~"u|v"}, "b", "$1-team", "a", "(.*)")',
        [{"a": "u", "b": "u-team"}],
        [{"a": "u"}, {"a": "u", "b": "u"}],
    ),
    (
        'label_replace(x{a=~"u|v",b="w"}, "b", "t", "a", "u")',
        [{"a": "u", "b": "t"}, {"a": "v", "b": "w"}],
        [{"a": "u", "b": "w"}, {"a": "v", "b": "t"}],
    ),
    (
        'label_replace(x, "b", "$1", "a", "([a-z]+)-.*")',
        [{"a": "svc-1", "b": "svc"}, {"a": "1"}],
        [{"a": "svc-1"}, {"a": "svc-1", "b": "svc-1"}],
    ),
    ('label_replace(x{a="u"}, "a", "", "a", ".*")', [{}], [{"a": "u"}]),
    ('label_replace(x, "b", "t", "", "")', [{"b": "t"}], [{}, {"b": "u"}]),
    ('label_join(x{a=~"u|v",c="w"}, "b", "-", "a", "c")', [{"a": "u", "b": "u-w", "c": "w"}], [{}]),
    ('label_join(x{a="u"}, "b", "-", "a", "c")', [{"a": "u", "b": "u-"}], [{"a": "u"}]),
]


@pytest.mark.parametrize(
    ("text", "inside", "outside"), [*SELECTORS, *AGGREGATIONS, *OPERATORS, *FUNCTIONS]
)
def test_domain_of_an_expression(text: str, inside: list[Labels], outside: list[Labels]) -> None:
    """No alert can have other labels, so who answers for these is all there is to prove."""
    found = domain(expression(text))
    assert [labels for labels in inside if not has(found, labels)] == []
    assert [labels for labels in outside if has(found, labels)] == []


def test_dot_matches_a_newline_since_prometheus_3() -> None:
    """Where the version is not known, what either of them selects is taken to be selected."""
    newline = {"a": "1\n2"}
    for text, versions in (('x{a=~"1.2"}', [None, True]), ('x{a!~"1.2"}', [None, False])):
        found = [
            version
            for version in (None, True, False)
            if has(domain(expression(text), dot_newline=version), newline)
        ]
        assert found == versions


@pytest.mark.parametrize(
    "text",
    [
        " or ".join(f'x{{a="{number}",b="{number}"}}' for number in range(MAX_REGIONS + 1)),
        " + ".join(["x"] * (MAX_DEPTH + 2)),
        'x{a=~"\\\\Qa.b\\\\E{"}',
        'x{a="\\xff"}',
        'label_replace(x, "a", ("b"), "c", "d")',
    ],
)
def test_what_exceeds_the_limits_is_wider(text: str) -> None:
    """It is still a domain, and says no more than is known."""
    found = domain(expression(text))
    assert len(found) == 1
    assert has(found, {"a": "1", "b": "2"}) or found == ANY_LABELS


def test_undecided_patterns_do_not_narrow() -> None:
    """Whether two large patterns have something in common may take too long to find out."""
    pattern = "(a|b)*a(a|b){20}"
    found = domain(expression(f'x{{a=~"{pattern}"}} and on(a) x{{a=~"(b|a)*b(a|b){{20}}c"}}'))
    assert found != ()


RECORDED = [
    Recording("job:up", "sum by (job) (up)"),
    Recording("team:up", 'sum by (job) (up{job="a"})', (("team", "sre"), ("job", ""))),
    Recording("team:up", "sum(up)", (("team", "web"),)),
    Recording("next", 'team:up{team="web"} > 1'),
    Recording("loop", "loop or on(a) vector(1)"),
    Recording("broken", "sum("),
]


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("job:up", [{"job": "a"}], [{"job": "a", "x": "y"}]),
        ("team:up", [{"team": "sre"}, {"team": "web"}], [{}, {"team": "sre", "job": "a"}]),
        ('team:up{team!="web"}', [{"team": "sre"}], [{"team": "web"}]),
        ("next", [{"team": "web"}], [{"team": "sre"}, {}]),
        ('{__name__=~".*:up"}', [{"team": "web"}, {"job": "a"}, {"anything": "else"}], []),
        ('{__name__=~"(job|team):up",__name__!~".*b:.*"}', [{"team": "web"}], []),
        ("loop", [{"anything": "else"}], []),
        ("broken", [{"anything": "else"}], []),
        ("up", [{"anything": "else"}], []),
    ],
)
def test_recorded_series_are_followed(
    text: str, inside: list[Labels], outside: list[Labels]
) -> None:
    """Most alerts are written on recorded series; what these have is in the files."""
    found = domain(expression(text), RecordedDomains(RECORDED))
    assert [labels for labels in inside if not has(found, labels)] == []
    assert [labels for labels in outside if has(found, labels)] == []


def test_long_chains_of_recordings_end_in_any_labels() -> None:
    """However many rules read one another, the answer comes, and is no narrower than true."""
    chain = [Recording(f"r{number}", f"r{number + 1}") for number in range(2_000)]
    assert domain(expression("r0"), RecordedDomains(chain)) == ANY_LABELS


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('up{a="1",b="",c!="",d=~"2|",e!="3"}', {"a", "c", "d", "e"}),
        ("sum by (a) (up) > on(b) group_left(c) sum without (d) (up)", {"a", "b", "c"}),
        ("up > ignoring(a) up", set()),
        ('label_replace(up, "a", "$1", "b", "c.*")', {"a", "$1", "b", "c.*"}),
        ('count_values("a", up)', {"a"}),
        ("next", {"team", "job"}),
        ("job:up", {"job"}),
        ('{__name__=~"j.*"}', {"job"}),
        ("up", set()),
    ],
)
def test_labels_that_an_expression_names(text: str, named: set[str]) -> None:
    """Nobody may assume of a label that no series has it, where a rule asks for it by name."""
    assert labels_named(expression(text), RecordedDomains(RECORDED)) == named


def test_recordings_that_an_expression_rests_on() -> None:
    """That these rules alone make such series is an assumption, which is to be told."""
    recorded = RecordedDomains(RECORDED)
    assert series_followed(expression("next > 3"), recorded) == {"next", "team:up"}
    assert series_followed(expression("loop"), recorded) == {"loop"}
    assert series_followed(expression("up"), recorded) == frozenset()


def test_number_gives_one_alert_without_labels() -> None:
    """A rule on a number alone fires with the labels of the rule, and no others."""
    assert domain(expression("1")) == NO_LABELS
    assert domain(expression("scalar(up)")) == NO_LABELS


def test_every_label_set_is_one_region() -> None:
    """What nothing is known of is walked once, however many ways lead to it."""
    assert domain(expression('info(x) or up{a="1"}')) == ANY_LABELS


ALIKE = [
    'up{a="1",b!="2"} > 0.5',
    'up{a="v1",b!="v0"} > 3',
    'x{a="1"} and on(a) y{a="1"}',
    'x{a="1"} and on(a) y{a="2"}',
    'x{a="1"} or y{a="2"} or z{a="1"}',
    'x{a="1"} unless on(a) y{a="2",c=~"v0|v1"}',
    'x{a="v0"} and on(b) y{b=~"v0|v1"}',
    'x{a="5xx"} and on(a) y{a=~"5.."}',
    "x{a=~'b=\"1\"'}",
    'x{a=~"= 5",b="1"} == 5',
    'label_replace(x{a="1"}, "b", "$1", "a", "(.*)")',
    'count_values("v", x{a="1"}) # b="2"',
    'absent(x{a="1",b="1"})',
    'absent(x{a="1",a="2",b="1"})',
    'team:up{team="web"}',
    'team:up{team="none"}',
    '{__name__="team:up",team="web"}',
    '{team="web"}',
    '{team="none"}',
    'x{a=~"\\\\d"} or y{b="\\\\"}',
    'x{a=~"\\"1"} or y{b="2"}',
    'x{ a != "1" , b =~ "2" }',
]


def test_rules_that_differ_in_values_have_domains_that_differ_in_values() -> None:
    """What is said of one rule from what is known of another is what it would be told itself."""
    recorded = RecordedDomains(RECORDED)
    together = ExpressionDomains(recorded)
    for text in (*ALIKE, *reversed(ALIKE), *(line[0] for line in (*SELECTORS, *OPERATORS))):
        alone = expression(text)
        assert together.domain(text) == domain(alone, recorded)
        assert together.labels_named(text) == labels_named(alone, recorded)
        assert together.series_followed(text) == series_followed(alone, recorded)
    assert together.domain("sum(") == ANY_LABELS
    assert together.labels_named("sum(") == frozenset()
    assert together.series_followed("sum(") == frozenset()


def test_random_rules_have_the_same_domain_together_as_alone() -> None:
    """However expressions are put together."""
    seed = random.randrange(10**9)
    grammar = ExpressionGrammar(random.Random(seed))
    recorded = RecordedDomains(RECORDED)
    together = ExpressionDomains(recorded)
    for _ in range(1_000):
        text = grammar.expression()
        assert together.domain(text) == domain(expression(text), recorded), (seed, text)
