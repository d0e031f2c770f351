"""The walk of the route tree: for a concrete alert, and where only some labels are known."""

from __future__ import annotations

import pytest

from buckstop.alertmanager import Router, read

OBSERVED = """\
route:
  receiver: ops
  group_by: [alertname]
  routes:
  - {receiver: ledger, continue: true}
  - receiver: sre
    matchers: [team="sre"]
    group_wait: 0s
    routes:
    - {receiver: pager, matchers: [severity=~"critical|page"]}
  - {receiver: data, matchers: [team="data"], continue: true, group_by: ['...']}
receivers: [{name: ops}, {name: ledger}, {name: sre}, {name: pager}, {name: data}]
"""


def router(text: str = OBSERVED, version: str | None = None) -> Router:
    config, diagnostics = read(text, "alertmanager.yml", version)
    assert config is not None, diagnostics
    return Router(config)


def receivers(labels: dict[str, str], text: str = OBSERVED) -> list[str]:
    return [match.receiver for match in router(text).route(labels)]


def test_matched_child_suppresses_its_parent() -> None:
    """Only the pager is told of a critical alert, not the team's default as well."""
    assert receivers({"team": "sre", "severity": "page"}) == ["ledger", "pager"]
    assert receivers({"team": "sre", "severity": "minor"}) == ["ledger", "sre"]


def test_observer_as_first_child_makes_the_root_receiver_unreachable() -> None:
    """What matches nothing else reaches the observer alone: nobody is paged."""
    assert receivers({"team": "Infra_SRE"}) == ["ledger"]


def test_receiver_that_is_reached_twice_is_listed_twice() -> None:
    """Two routes to one receiver are two notifications."""
    text = "route: {receiver: a, routes: [{continue: true}, {}]}\nreceivers: [{name: a}]"
    assert receivers({}, text) == ["a", "a"]


def test_path_names_the_route_that_was_taken() -> None:
    """The path leads from the root, child by child, to the route that matched."""
    ledger, pager = router().route({"team": "sre", "severity": "critical"})
    assert (ledger.path, pager.path) == ((0,), (1, 0))
    assert pager.route.span.line == 10


def test_options_are_inherited_until_given() -> None:
    """A route has its parent's grouping and times where it says nothing itself."""
    _, pager = router().route({"team": "sre", "severity": "page"})
    assert pager.options.group_by == ("alertname",)
    assert pager.options.group_wait_seconds == 0
    assert pager.options.group_interval_seconds == 300
    assert pager.options.repeat_interval_seconds == 4 * 3600


def test_three_dots_group_by_all_labels() -> None:
    """`...` makes each label set a group; an empty label belongs to no group."""
    _, data = router().route({"team": "data"})
    assert data.options.group_by_all
    labels = {"team": "data", "model": "m", "env": ""}
    assert data.options.group_labels(labels) == {"team": "data", "model": "m"}
    ledger, _ = router().route({"team": "data"})
    assert ledger.options.group_labels({"alertname": "A", "team": "x"}) == {"alertname": "A"}


def test_three_dots_end_where_labels_are_named() -> None:
    """A list below `...` groups by that list again."""
    text = (
        "route: {receiver: a, group_by: ['...'], routes: [{group_by: [z]}]}\nreceivers: [{name: a}]"
    )
    (match,) = router(text).route({})
    assert match.options.group_by == ("z",)
    assert not match.options.group_by_all


@pytest.mark.parametrize(("version", "inherits"), [("0.30", True), ("0.31", False), (None, False)])
def test_empty_group_by_inherits_before_0_31_and_is_one_group_since(
    version: str | None,
    inherits: bool,  # noqa: FBT001 # a parameter
) -> None:
    """`group_by: []` is read as the version that is aimed at reads it."""
    text = "route: {receiver: a, group_by: [x], routes: [{group_by: []}]}\nreceivers: [{name: a}]"
    (match,) = router(text, version).route({})
    assert match.options.group_by == (("x",) if inherits else ())


@pytest.mark.parametrize(
    ("matcher", "missing_label_matches"),
    [('a!="x"', True), ('a=""', True), ('a=~".*"', True), ('a=~".+"', False), ('a!~"x"', True)],
)
def test_missing_label_is_the_empty_string(matcher: str, missing_label_matches: bool) -> None:  # noqa: FBT001 # a parameter
    """A matcher sees no difference between a label that is missing and one that is empty."""
    text = f"route: {{receiver: a, routes: [{{receiver: b, matchers: ['{matcher}']}}]}}\n"
    text += "receivers: [{name: a}, {name: b}]"
    expected = ["b"] if missing_label_matches else ["a"]
    assert receivers({}, text) == receivers({"a": ""}, text) == expected


def test_pattern_under_match_re_is_anchored_even_where_it_closes_the_anchor() -> None:
    """`a)|(?:b` under match_re matches whole values; under matchers it begins or ends them."""
    old = "{receiver: old, match_re: {x: 'a)|(?:b'}}"
    new = "{receiver: new, matchers: ['x=~\"a)|(?:b\"']}"
    text = f"route: {{receiver: r, routes: [{old}, {new}]}}\n"
    text += "receivers: [{name: r}, {name: old}, {name: new}]"
    assert receivers({"x": "a"}, text) == ["old"]
    assert receivers({"x": "a-b"}, text) == ["new"]
