"""Mends within Kubernetes objects: the text that a value is, and the file around it as it was."""

from __future__ import annotations

import base64
import gzip
import random
import textwrap

import pytest
from tests.differential.test_mends_keep_routing import mended_pair

from buckstop.mends import mend_objects

OLD = """\
# who is told
route:
  receiver: a
  routes:
  - match:   # the team
      team: sre

    receiver: b
    continue: false
receivers: [{name: a}, {name: b}]
"""
BREAKS = frozenset("\x85\u2028\u2029")
NEW = """\
# who is told
route:
  receiver: a
  routes:
  - matchers:   # the team
      - team="sre"

    receiver: b
receivers: [{name: a}, {name: b}]
"""


def secret(value: str, section: str = "stringData", after: str = "") -> str:
    return (
        "# ours\napiVersion: v1\nkind: Secret\nmetadata: {name: main}   # kept\n"
        f"{section}:\n  other: 'aHVudGVyMg=='\n  alertmanager.yaml: {value}{after}"
    )


def block(text: str, indent: str = "    ", header: str = "|") -> str:
    return f"{header}\n{textwrap.indent(text, indent)}"


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def in_block(text: str) -> str:
    return secret(block(text))


def in_base64(text: str) -> str:
    return secret(encoded(text), "data", "\n")


def config(routes: str, version: str = "v1alpha1") -> str:
    return (
        f"apiVersion: monitoring.coreos.com/{version}\nkind: AlertmanagerConfig\n"
        "metadata: {name: a, namespace: b}\nspec:\n"
        f"  route:\n    receiver: r\n    routes:\n{routes}  receivers: [{{name: r}}]\n"
    )


OTHER = config("    - {receiver: r}\n")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (secret(block(OLD)), secret(block(NEW))),
        (secret(block(OLD, "  " * 5, "|-  # why")), secret(block(NEW, "  " * 5, "|-  # why"))),
        (secret(block(OLD, "   ")), secret(block(NEW, "   "))),
        (secret(block(OLD), after="  last: x\n"), secret(block(NEW), after="  last: x\n")),
        (secret(block(OLD).rstrip("\n")), secret(block(NEW).rstrip("\n"))),
        (secret(encoded(OLD), "data", "   # in\n"), secret(encoded(NEW), "data", "   # in\n")),
        (secret(f'"{encoded(OLD)}"\n', "data"), secret(f'"{encoded(NEW)}"\n', "data")),
        (
            secret(block(OLD)).replace("Secret", "ConfigMap").replace("stringData", "data"),
            secret(block(NEW)).replace("Secret", "ConfigMap").replace("stringData", "data"),
        ),
        (secret(block(OLD)).replace("\n", "\r\n"), secret(block(NEW)).replace("\n", "\r\n")),
        ("\ufeff" + secret(block(OLD)), "\ufeff" + secret(block(NEW))),
        (
            "kind: List\napiVersion: v1\nitems:\n-\n" + textwrap.indent(secret(block(OLD)), "  "),
            "kind: List\napiVersion: v1\nitems:\n-\n" + textwrap.indent(secret(block(NEW)), "  "),
        ),
        (
            f"{secret(block(OLD))}---\nkind: [\n---\n{OTHER}",
            f"{secret(block(NEW))}---\nkind: [\n---\n{OTHER}",
        ),
    ],
)
def test_only_what_is_mended_changes(old: str, new: str) -> None:
    """Comments, layout and line ends around a value stay byte for byte, as within it."""
    assert mend_objects(old, "a.yaml").text == new
    assert mend_objects(new, "a.yaml").mends == ()


def test_the_last_line_of_a_block_goes_without_what_follows() -> None:
    """The line behind a block is indented otherwise, and is no part of it."""
    text = "receivers: [{name: a}]\nroute:\n  receiver: a\n  continue: false\n"
    old = secret(block(text), after="  last: x\n")
    expected = secret(block(text.replace("  continue: false\n", "")), after="  last: x\n")
    assert mend_objects(old, "a.yaml").text == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "    - matchers:\n      - name: team\n        value: b\n        regex: true # why\n",
            "    - matchers:\n      - name: team\n        value: b\n        matchType: =~ # why\n",
        ),
        (
            "    - {matchers: [{name: a, value: b, regex: true}, {name: c, regex: false}]}\n",
            "    - {matchers: [{name: a, value: b, matchType: =~}, {name: c}]}\n",
        ),
        (
            "    - matchers: [{name: a, value: b, regex: true, matchType: '!='}]\n",
            "    - matchers: [{name: a, value: b, matchType: '!='}]\n",
        ),
        (
            "    - receiver: r\n      continue: false\n      routes: [{continue: false}]\n",
            "    - receiver: r\n      routes: [{}]\n",
        ),
    ],
)
def test_an_alertmanager_config_keeps_what_the_operator_makes_of_it(old: str, new: str) -> None:
    """Its own deprecated words go, without a change in what is written into the cluster."""
    mended = mend_objects(config(old), "a.yaml")
    assert mended.text == config(new)
    assert mended.kept == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (secret(f'"{OLD.encode("unicode_escape").decode()}"\n'), "quoted or folded"),
        (
            secret(base64.b64encode(gzip.compress(OLD.encode())).decode(), "data", "\n").replace(
                "alertmanager.yaml:", "alertmanager.yaml.gz:"
            ),
            "compressed",
        ),
        (secret(block(encoded(OLD)[:60] + "\n" + encoded(OLD)[60:]), "data", "\n"), "over lines"),
        (
            config("    - matchers: [{name: a, value: b, regex: true, matchType: ''}]\n"),
            "write `=~` there",
        ),
        (config("    - continue: false\n      receiver: r\n"), "something else on its line"),
        (
            config("    - matchers:\n      - regex: false\n        name: a\n"),
            "something else is on its line",
        ),
    ],
)
def test_what_cannot_be_mended_in_place_is_said(text: str, reason: str) -> None:
    """Nothing is passed over in silence, and nothing is written that was not shown to be right."""
    mended = mend_objects(text, "a.yaml")
    assert mended.text == text
    assert mended.mends == ()
    assert mended.kept
    assert all(reason in one.reason for one in mended.kept)


def test_places_are_those_of_the_file() -> None:
    """A block's lines are lines of the file; what is encoded stands where its value does."""
    blocked = mend_objects(secret(block(OLD)), "a.yaml")
    assert [str(one.span) for one in blocked.mends] == ["a.yaml:12:9", "a.yaml:16:9"]
    behind = mend_objects(secret(encoded(OLD), "data", "\n"), "a.yaml")
    assert {str(one.span) for one in behind.mends} == {"a.yaml:7:22"}
    (view,) = behind.views
    assert (view.file, view.old, view.new) == (
        "a.yaml(Secret main, alertmanager.yaml)",
        OLD,
        NEW,
    )


def test_a_value_with_errors_is_left_alone_and_others_are_mended() -> None:
    """What a server refuses is for its owner to mend first."""
    broken = secret(block(OLD.replace("receiver: b", "receiver: gone"))).replace("main", "broken")
    mended = mend_objects(f"{broken}---\n{secret(block(OLD))}", "a.yaml")
    assert mended.text == f"{broken}---\n{secret(block(NEW))}"
    assert [(one.code.name, str(one.span)) for one in mended.diagnostics] == [
        ("receiver-undefined", "a.yaml:15:19")
    ]


def test_secrets_stay_in_objects() -> None:
    """A file that a pod does not have would silence its Alertmanager."""
    text = NEW.replace("{name: b}", "{name: b, slack_configs: [{api_url: 'https://x/y'}]}")
    mended = mend_objects(secret(block(text)), "a.yaml", moves_secrets=True)
    assert mended.mends == ()
    assert ["files of Secrets that it mounts" in one.reason for one in mended.kept] == [True]


def test_a_configuration_is_mended_within_an_object_as_alone() -> None:
    """Random trees in both styles, as a block and encoded; what YAML breaks lines at is apart."""
    first = random.SystemRandom().randrange(2**32)
    for seed in range(first, first + 60):
        old, new, _ = mended_pair(seed)
        if BREAKS & set(new):
            continue
        for wrap in (in_block, in_base64):
            assert mend_objects(wrap(old), "a.yaml").text == wrap(new), f"seed {seed}"
