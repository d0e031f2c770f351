"""Labels and matchers as Alertmanager prints them: what its group keys are made of."""

from __future__ import annotations

import pytest

from buckstop.alertmanager import Router, read
from buckstop.alertmanager.label_text import fingerprint, label_set_text, quoted


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ('a"b\\', r'"a\"b\\"'),
        ("\n\t\x01\x7f", r'"\n\t\x01\x7f"'),
        ("é日\u200b\u2028\ufeff", r'"é日\u200b\u2028\ufeff"'),
        ("😀\U000e0001", r'"😀\U000e0001"'),
        ("\xa0", r'"\u00a0"'),
    ],
)
def test_values_are_quoted_as_go_quotes_them(text: str, printed: str) -> None:
    """What can be printed stays; everything else is an escape."""
    assert quoted(text) == printed


def test_labels_are_sorted_and_their_names_are_not_quoted() -> None:
    """Also a name with a space, as measured on 0.28 and 0.33."""
    assert label_set_text({"foo bar": "x\ny", "a": "x"}) == r'{a="x", foo bar="x\ny"}'


def test_fingerprint_is_the_one_in_the_servers_api() -> None:
    """As 0.25, 0.28 and 0.33 give it; an empty label is no label."""
    assert fingerprint({"sev": "crit"}) == "9f237baad9045403"
    assert fingerprint({"sev": "crit", "n": "1", "x": ""}) == "3b597c6ec71065ca"


def test_group_key_is_the_route_and_the_groups_labels() -> None:
    """Matchers are sorted by name, value and kind; a pattern under match_re has its anchors."""
    text = r"""
route:
  receiver: r
  routes:
  - match_re: {a: "x|y"}
    matchers: ['z="\"q"', 'b!="\nx\t"', 'b=~"a"', 'b="a"', '{"foo bar"="x\ny", "é"=~".*"}']
    routes: [{matchers: [a=x], group_by: ["é", b, missing]}]
receivers: [{name: r}]
"""
    config, diagnostics = read(text, "alertmanager.yml")
    assert config is not None, diagnostics
    labels = {"a": "x", "b": "a", "z": '"q', "foo bar": "x\ny", "é": "ü"}
    (match,) = Router(config).route(labels)
    assert match.group_key(labels) == (
        r'{}/{a=~"^(?:x|y)$",b!="\nx\\t",b="a",b=~"a","foo bar"="x\ny",z="\"q",é=~".*"}/{a="x"}'
        ':{b="a", é="ü"}'
    )
