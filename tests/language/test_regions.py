"""Regions: label sets by one language a label."""

from __future__ import annotations

from buckstop.language import ABSENT, ALL_LABEL_SETS, matching, only, region


def test_equal_regions_are_equal_however_they_were_made() -> None:
    """Rules that the routes cannot tell apart are walked once, and known by their region."""
    narrowed = ALL_LABEL_SETS.narrowed("team", only("a"))
    assert narrowed == region({"team": only("a")})
    assert region({"team": ABSENT}, ABSENT) == region({}, ABSENT)


def test_a_missing_label_has_the_empty_value() -> None:
    """As it has for a matcher: a region that closes a label set has no further labels."""
    closed = region({"job": matching("a.*")}, ABSENT)
    assert closed.has({"job": "api"})
    assert not closed.has({"job": "api", "pod": "x"})
    assert not closed.has({})
    assert ALL_LABEL_SETS.has({"anything": "at all"})


def test_a_part_that_is_empty_is_none() -> None:
    """What no alert can be is not walked further."""
    here = region({"env": only("prod", "test")})
    assert here.narrowed("env", only("dev")) is None
    assert here.narrowed("env", matching("p.*")) == region({"env": only("prod")})
    assert here.intersection(region({"env": only("dev")})) is None
    assert here.intersection(region({}, ABSENT)) is None
    both = region({"env": ~only("test"), "job": only("a")}).intersection(here)
    assert both == region({"env": only("prod"), "job": only("a")})


def test_a_witness_leaves_out_what_may_be_missing() -> None:
    """It is read by people, who should see only what matters."""
    here = region({"env": ~only("prod"), "job": matching("a.*"), "team": only("x", "y")})
    assert here.witness() == {"job": "a", "team": "x"}
    assert here.witness({"team": ["y"], "env": ["prod", "dev"]}) == {
        "env": "dev",
        "job": "a",
        "team": "y",
    }
