"""Domains: several regions, kept few without leaving out a label set."""

from __future__ import annotations

from buckstop.language import (
    ABSENT,
    ALL_LABEL_SETS,
    EVERYTHING,
    NOTHING,
    matching,
    only,
    region,
)
from buckstop.language.domains import (
    MAX_REGIONS,
    MAX_UNITED,
    hull,
    narrowed,
    simplified,
    split_by_values,
    union,
    without,
)


def test_a_union_has_the_strings_of_all() -> None:
    """One that left some out would prove what is not so."""
    assert union([]) == NOTHING
    assert union([only("a"), only("b"), only()]) == only("a", "b")
    assert union([only("a"), EVERYTHING]) == EVERYTHING
    mixed = union([only("x"), matching("a.*"), matching("b.*")])
    assert all(text in mixed for text in ("x", "a1", "b1"))
    assert "c" not in mixed
    assert union([matching("a.*")]) == matching("a.*")


def test_a_union_too_long_to_say_is_everything() -> None:
    """Rather more than there is than an answer that takes for ever."""
    patterns = [matching(f"team-{number}-.*") for number in range(MAX_UNITED + 1)]
    assert union(patterns) == EVERYTHING
    assert union(patterns[1:]) != EVERYTHING
    assert union([only(str(number)) for number in range(MAX_UNITED + 1)]) != EVERYTHING


def test_regions_that_differ_in_one_listed_label_are_one() -> None:
    """Hundreds of rules' alerts are a few regions; the others stay as they are."""
    of_teams = [region({"env": only("prod"), "team": only(team)}, ABSENT) for team in "abc"]
    open_team = region({"env": only("prod"), "team": matching("x.*")}, ABSENT)
    united = region({"env": only("prod"), "team": only("a", "b", "c")}, ABSENT)
    assert set(simplified([*of_teams, open_team, *of_teams])) == {united, open_team}
    of_both = [
        region({"env": only(env), "team": only(team)}, ABSENT) for env in "xy" for team in "ab"
    ]
    assert simplified(of_both) == (region({"env": only("x", "y"), "team": only("a", "b")}, ABSENT),)


def test_what_is_paired_stays_paired() -> None:
    """Two labels that change together are no product: uniting them would add label sets."""
    paired = (region({"a": only("1"), "b": only("1")}), region({"a": only("2"), "b": only("2")}))
    assert set(simplified(paired)) == set(paired)


def test_too_many_regions_become_one_around_them() -> None:
    """It may have more label sets, and has none fewer."""
    many = [
        region({"a": only(str(number)), "b": only(str(number)), "c": matching("x.*")}, ABSENT)
        for number in range(MAX_REGIONS + 1)
    ]
    assert len(simplified(many[1:])) == MAX_REGIONS
    (around,) = simplified(many)
    numbers = only(*map(str, range(MAX_REGIONS + 1)))
    assert around == region({"a": numbers, "b": numbers, "c": matching("x.*")}, ABSENT)


def test_the_region_around_others_leaves_no_label_out() -> None:
    """Neither one that only some of them name, nor one that only some of them may have."""
    around = hull([region({"a": only("1")}, ABSENT), region({"b": only("2")})])
    assert around.has({"a": "1"})
    assert around.has({"b": "2", "a": "other", "c": "more"})
    assert hull([region({"a": only("1")}, ABSENT), region({"a": only("2")}, ABSENT)]) == region(
        {"a": only("1", "2")}, ABSENT
    )


def test_a_split_takes_labels_with_few_values_first_and_stops_at_the_limit() -> None:
    """Each value of what is split is followed apart; the rest stays together."""
    here = region({"a": only("x", "y", "z"), "b": only("1", "2"), "c": matching("o.*")})
    assert list(split_by_values(here, ["c", "d"], 10)) == [(here, {})]
    by_both = list(split_by_values(here, ["a", "b", "a"], 6))
    assert [given for _, given in by_both] == [
        {"a": second, "b": first} for first in "12" for second in "xyz"
    ]
    for part, given in by_both:
        assert part == region({"a": only(given["a"]), "b": only(given["b"]), "c": matching("o.*")})
    by_one = list(split_by_values(here, ["a", "b"], 5))
    assert by_one == [(here.replaced("b", only(value)), {"b": value}) for value in "12"]
    assert list(split_by_values(here, ["a", "b"], 1)) == [(here, {})]


def test_what_is_left_without_others_is_told_apart_label_by_label() -> None:
    """Disjoint, and nothing but what the others have is gone."""
    here = region({"a": only("1", "2"), "b": only("1", "2")}, ABSENT)
    other = region({"a": only("1"), "b": only("1")})
    left = without(here, [other, region({"a": only("3")})])
    assert left == (
        region({"a": only("2"), "b": only("1", "2")}, ABSENT),
        region({"a": only("1"), "b": only("2")}, ABSENT),
    )
    assert without(here, [ALL_LABEL_SETS]) == ()


def test_a_part_of_which_it_cannot_be_told_whether_it_is_empty_is_taken_in() -> None:
    """What is left out of a domain would be proven to reach nobody else."""
    too_deep = matching("(" * 101 + "x" + ")" * 101 + "+")
    here = region({"a": matching("x.*")})
    assert narrowed(here, "a", too_deep) == here
    assert narrowed(here, "a", only("y")) is None
    assert narrowed(here, "a", only("y", "xz")) == region({"a": only("xz")})
