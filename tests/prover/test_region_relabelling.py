"""What relabelling makes of regions, held against what it makes of single alerts."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from typing import Any

import pytest
from tests.differential.test_relabelling_agrees import EXTERNAL, group, random_step
from tests.prover.random_domains import NAMES, random_members, random_region
from tests.volume import cases

from buckstop.document.versions import Version
from buckstop.language import ABSENT, ALL_LABEL_SETS, EVERYTHING, Region, matching, only, region
from buckstop.language.domains import Domain
from buckstop.prometheus import PrometheusConfig, read_config, relabel, sent_labels
from buckstop.prover.alert_domain import sent_domain

Step = dict[str, Any]
MEMBERS = 8
"""Label sets that are tried of one region."""


def config_of(
    steps: list[Step], *groups: list[Step], external: Mapping[str, str] | None = None
) -> PrometheusConfig:
    """A configuration with global steps, and one group of Alertmanagers for each of `groups`."""
    alertmanagers = [group(9_093, f"g{index}", own or None) for index, own in enumerate(groups)]
    config, _ = read_config(
        json.dumps(
            {
                "global": {"external_labels": external or {}},
                "alerting": {"alert_relabel_configs": steps, "alertmanagers": alertmanagers},
            }
        ),
        "prometheus.yml",
    )
    assert config is not None
    return config


def sent(
    here: Region,
    *steps: Step,
    version: Version | None = (3, 5),
    mentioned: tuple[str, ...] = (),
    external: Mapping[str, str] | None = None,
) -> Domain:
    """What is sent of `here` after global `steps`."""
    config = config_of(list(steps), [], external=external)
    return sent_domain((here,), config, config.alertmanagers[0], version, mentioned)


OPEN = region({"env": only("prod", "dev"), "job": matching("api-.*"), "zone": matching("[a-z]*")})
A_LABEL_FEW = region({"env": only("prod", "dev")}, ABSENT)
TEAM_X = {"target_label": "team", "replacement": "x"}
FROM_ENV = {"source_labels": ["env"]}
FROM_JOB = {"source_labels": ["job"]}
ENV_AND_JOB = {"source_labels": ["env", "job"]}


@pytest.mark.parametrize(
    ("here", "step", "expected"),
    [
        pytest.param(
            A_LABEL_FEW,
            {**FROM_ENV, "regex": "prod", **TEAM_X},
            [{"env": only("dev")}, {"env": only("prod"), "team": only("x")}],
            id="values-stay-paired",
        ),
        pytest.param(
            A_LABEL_FEW,
            {**FROM_ENV, "regex": "(.)(.*)", "target_label": "$1", "replacement": "$2"},
            [{"env": only("dev"), "d": only("ev")}, {"env": only("prod"), "p": only("rod")}],
            id="targets-of-listed-values",
        ),
        pytest.param(A_LABEL_FEW, {**TEAM_X}, [{"env": only("prod", "dev"), "team": only("x")}]),
        pytest.param(A_LABEL_FEW, {**FROM_ENV, "regex": "test", **TEAM_X}, [A_LABEL_FEW]),
        pytest.param(
            A_LABEL_FEW, {**FROM_ENV, "regex": "p.*", "action": "keep"}, [{"env": only("prod")}]
        ),
        pytest.param(
            A_LABEL_FEW, {**FROM_ENV, "regex": "p.*", "action": "drop"}, [{"env": only("dev")}]
        ),
        pytest.param(A_LABEL_FEW, {**FROM_ENV, "regex": "x", "action": "keep"}, []),
        pytest.param(A_LABEL_FEW, {**FROM_ENV, "regex": ".*", "action": "drop"}, []),
        pytest.param(
            A_LABEL_FEW,
            {**FROM_ENV, "target_label": "env", "action": "uppercase"},
            [{"env": only("PROD", "DEV")}],
        ),
        pytest.param(A_LABEL_FEW, {"regex": "env", "action": "labeldrop"}, [{}]),
        pytest.param(A_LABEL_FEW, {"regex": "e.*", "action": "labelkeep"}, [A_LABEL_FEW]),
        pytest.param(A_LABEL_FEW, {"regex": "x", "action": "labelkeep"}, [{}]),
        pytest.param(
            A_LABEL_FEW,
            {"regex": "(e)nv", "replacement": "${1}_x", "action": "labelmap"},
            [
                {"env": only("dev"), "e_x": only("dev")},
                {"env": only("prod"), "e_x": only("prod")},
            ],
        ),
        pytest.param(
            region({"env": only("a", "b"), "team": only("b", "c")}, ABSENT),
            {**FROM_ENV, "target_label": "team", "action": "keepequal"},
            [{"env": only("b"), "team": only("b")}],
        ),
        pytest.param(
            region({"env": only("a"), "team": only("a", "c")}, ABSENT),
            {**FROM_ENV, "target_label": "team", "action": "dropequal"},
            [{"env": only("a"), "team": only("c")}],
        ),
    ],
)
def test_where_values_are_listed_nothing_is_added(
    here: Region, step: Step, expected: list[Region | dict[str, Any]]
) -> None:
    """What is added would keep rules from being proven that are sound."""
    given = [one if isinstance(one, Region) else region(one, ABSENT) for one in expected]
    assert set(sent(here, step)) == set(given)


@pytest.mark.parametrize(
    ("step", "has", "lacks"),
    [
        pytest.param(
            {**FROM_JOB, "regex": "api-(a|b)-.*", "target_label": "team"},
            [{"job": "api-a-", "team": "a"}, {"job": "api-c", "team": "z"}],
            [{"job": "api-a-", "team": "z"}, {"job": "api-a-", "team": ""}],
            id="a-group-is-what-its-pattern-says",
        ),
        pytest.param(
            {**FROM_JOB, "regex": "(api)-(x)?.*", "target_label": "team", "replacement": "$1$2"},
            [{"job": "api-x", "team": "apix"}, {"job": "api-y", "team": "api"}],
            [{"job": "api-x", "team": ""}, {"job": "api-x", "team": "x"}],
            id="a-group-may-take-no-part",
        ),
        pytest.param(
            {**FROM_JOB, "target_label": "team"},
            [{"job": "api-x", "team": "api-x"}],
            [{"job": "api-x", "team": "x"}, {"job": "api-x"}],
            id="all-of-the-value",
        ),
        pytest.param(
            {**FROM_JOB, "regex": "api-x.*", "action": "drop"},
            [{"job": "api-y"}],
            [{"job": "api-x"}, {"job": "api-xy"}],
            id="what-is-matched-is-dropped",
        ),
        pytest.param(
            {**ENV_AND_JOB, "regex": "prod;web.*", **TEAM_X},
            [{"job": "api-x", "env": "prod"}, {"job": "api-x", "env": "prod", "team": "y"}],
            [],
            id="joined-values-that-cannot-match",
        ),
        pytest.param(
            {**ENV_AND_JOB, "regex": "prod;api-.*", **TEAM_X},
            [{"job": "api-x", "env": "prod", "team": "x"}, {"job": "api-x", "env": "dev"}],
            [{"job": "api-x", "env": "prod"}, {"job": "api-x", "env": "prod", "team": "y"}],
            id="joined-values-that-match",
        ),
        pytest.param(
            {**ENV_AND_JOB, "regex": "prod;api-(x|y)", "target_label": "team", "separator": ";"},
            [
                {"job": "api-x", "env": "prod", "team": "x"},
                {"job": "api-z", "env": "prod"},
                {"job": "api-x", "env": "dev"},
            ],
            [
                {"job": "api-x", "env": "prod", "team": ""},
                {"job": "api-x", "env": "prod", "team": "z"},
            ],
            id="joined-values-of-which-one-is-open",
        ),
        pytest.param(
            {**FROM_JOB, "target_label": "team", "modulus": 2, "action": "hashmod"},
            [{"job": "api-x", "team": "1"}, {"job": "api-x", "team": "0"}],
            [{"job": "api-x", "team": "2"}, {"job": "api-x"}],
        ),
        pytest.param(
            {**FROM_JOB, "target_label": "team", "modulus": 100_000, "action": "hashmod"},
            [{"job": "api-x", "team": "0"}, {"job": "api-x", "team": "99999"}],
            [{"job": "api-x", "team": "x"}, {"job": "api-x", "team": "!"}, {"job": "api-x"}],
            id="too-many-remainders-to-list",
        ),
        pytest.param(
            {**FROM_JOB, "target_label": "team", "action": "uppercase"},
            [{"job": "api-x", "team": "API-X"}],
            [{"job": "api-x", "team": "api-x"}, {"job": "api-x"}],
        ),
        pytest.param(
            {"source_labels": ["zone"], "target_label": "team", "action": "uppercase"},
            [{"job": "api-x"}, {"job": "api-x", "zone": "eu", "team": "EU"}],
            [{"job": "api-x", "zone": "eu", "team": "eu"}],
            id="what-may-be-missing-leaves-nothing-behind",
        ),
        pytest.param(
            {"regex": "k8s_.*|team", "action": "labeldrop"},
            [{"job": "api-x", "pod": "p"}],
            [{"job": "api-x", "team": "y"}, {"job": "api-x", "k8s_app": "y"}],
            id="mentioned-labels-are-told-apart",
        ),
        pytest.param(
            {"regex": "(job|env)", "replacement": "x_$1", "action": "labelmap"},
            [{"job": "api-x", "env": "dev", "x_env": "dev", "x_job": "api-x", "team": "y"}],
            [{"job": "api-x", "env": "dev", "x_env": "prod", "x_job": "api-x"}],
        ),
        pytest.param(
            {**FROM_JOB, "regex": "api-(.*)", "target_label": "t_$1", "replacement": "y"},
            [{"job": "api-x", "t_x": "y"}],
            [{"job": "y", "t_x": "y"}],
            id="a-target-of-an-open-value",
        ),
    ],
)
def test_where_values_are_open_the_target_is_widened(
    step: Step, has: list[dict[str, str]], lacks: list[dict[str, str]]
) -> None:
    """To what the step can make, and no further than is said here."""
    env = {"env": "dev"}
    domain = sent(OPEN, step, mentioned=("team", "k8s_app"))
    for labels in has:
        assert any(one.has({**env, **labels}) for one in domain), labels
    for labels in lacks:
        assert not any(one.has({**env, **labels}) for one in domain), labels


def test_external_labels_fill_what_is_missing() -> None:
    """An alert's own label stays; one from the environment may be any text."""
    here = region({"env": only("", "dev"), "team": only("a")}, ABSENT)
    external = {"env": "prod", "team": "b", "region": "$REGION"}
    assert sent(here, external=external) == (
        region({"env": only("dev", "prod"), "team": only("a"), "region": EVERYTHING}, ABSENT),
    )


def test_other_groups_steps_may_come_in_between() -> None:
    """As on servers before 3.7, which change the alert itself: in any order, or not at all."""
    here = region({"team": only("a"), "env": only("prod")}, ABSENT)
    config = config_of(
        [],
        [],
        [{"regex": "team", "action": "labeldrop"}],
        [{"regex": "env", "action": "labeldrop"}],
    )
    first = config.alertmanagers[0]
    left = region({"team": only("", "a"), "env": only("", "prod")}, ABSENT)
    assert sent_domain((here,), config, first, (3, 5)) == (left,)
    assert sent_domain((here,), config, first, None) == (left,)
    assert sent_domain((here,), config, first, (3, 7)) == (here,)


def test_many_other_groups_may_make_anything_of_an_alert() -> None:
    """But nothing of one that is dropped for all."""
    here = region({"team": only("a")}, ABSENT)
    others = [[{"regex": f"x{index}", "action": "labeldrop"}] for index in range(4)]
    config = config_of([], [], *others)
    assert sent_domain((here,), config, config.alertmanagers[0], None) == (ALL_LABEL_SETS,)
    dropping = config_of([{"source_labels": ["team"], "action": "drop"}], [], *others)
    assert sent_domain((here,), dropping, dropping.alertmanagers[0], None) == ()


def test_what_another_group_is_not_sent_is_sent_here() -> None:
    """A step that drops an alert drops it for its own group alone."""
    here = region({"team": only("a")}, ABSENT)
    config = config_of([], [], [{"source_labels": ["team"], "action": "drop"}])
    first, second = config.alertmanagers
    assert sent_domain((here,), config, first, None) == (here,)
    assert sent_domain((here,), config, second, None) == ()


def test_a_label_without_a_name_is_followed() -> None:
    """`labelmap` can make one, and a pattern that matches no text keeps it."""
    copied = {"regex": "env(.*)", "replacement": "$1", "action": "labelmap"}
    (left,) = sent(ALL_LABEL_SETS, copied, {"regex": "|x", "action": "labelkeep"})
    assert left.has({"": "prod"})


KEPT = region({"team": only("a"), "xa": only("old")}, ABSENT)
GONE = region({"team": only("a")}, ABSENT)
EITHER = region({"team": only("a"), "xa": only("", "old")}, ABSENT)


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        (None, EITHER),
        ((2, 42), KEPT),
        ((2, 45), EITHER),
        ((2, 53), GONE),
        ((3, 5), GONE),
    ],
)
def test_a_version_relabels_as_those_that_were_measured(
    version: Version | None, expected: Region
) -> None:
    """A known one as itself; one between two that differ may be like either."""
    step = {
        "source_labels": ["team"],
        "regex": "(a)(x?)",
        "target_label": "x$1",
        "replacement": "${2}",
    }
    assert sent(KEPT, step, version=version) == (expected,)


def test_an_unknown_version_may_be_any() -> None:
    """A newline is matched by a dot in some versions alone."""
    here = region({"team": only("a\nb")}, ABSENT)
    step = {"source_labels": ["team"], "regex": "a.b", "action": "drop"}
    assert sent(here, step, version=(2, 53)) == (here,)
    assert sent(here, step, version=(3, 0)) == ()
    assert sent(here, step, version=None) == (here,)


def _holds(seed: int, configurations: int) -> None:
    """What is sent of a label set of a region is in the domain that is sent of the region."""
    source = random.Random(seed)
    for _ in range(configurations):
        here = random_region(source)
        steps = [random_step(source) for _ in range(source.randint(1, 3))]
        own = [random_step(source) for _ in range(source.randint(0, 2))]
        config = config_of(steps, own, external=source.choice([{}, EXTERNAL]))
        (target,) = config.alertmanagers
        version = source.choice([(2, 42), (2, 53), (3, 5)])
        aimed = source.choice([version, version, None])
        domain = sent_domain((here,), config, target, aimed, source.sample(NAMES, 2))
        for labels in random_members(source, here, MEMBERS):
            alert = sent_labels(
                config.external_labels, config.alert_relabel_configs, labels, version
            )
            if alert is not None:
                alert = relabel(target.alert_relabel_configs, alert, version)
            if alert is not None:
                assert any(one.has(alert) for one in domain), (
                    f"seed {seed}: {labels} of {here} becomes {alert} by {steps}, {own}"
                )


def test_what_is_sent_lies_in_what_may_be_sent() -> None:
    """A label set that is left out would be proven to reach nobody else, and might."""
    _holds(random.SystemRandom().randrange(2**32), cases(150))


@pytest.mark.nightly
@pytest.mark.timeout(1200)
def test_what_is_sent_lies_in_what_may_be_sent_in_volume() -> None:
    """As above, with more of everything."""
    _holds(random.SystemRandom().randrange(2**32), 10_000)
