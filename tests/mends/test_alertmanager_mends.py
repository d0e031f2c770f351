"""Mends of an ``alertmanager.yml``: what changes, what stays byte for byte, what is left alone."""

from __future__ import annotations

import pytest

from buckstop.mends import mend_alertmanager

TAIL = "receivers: [{name: a}, {name: b}]\n"


def routes(text: str) -> str:
    """A file whose root has the child routes `text`."""
    return f"route:\n  receiver: a\n  routes:\n{text}{TAIL}"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "  - match:\n      team: sre\n      env: 'a b'\n    receiver: b\n",
            '  - matchers:\n      - team="sre"\n      - env="a b"\n    receiver: b\n',
        ),
        ("  - match: {team: sre}\n", "  - matchers: ['team=\"sre\"']\n"),
        ("  - match_re: {team: a|b}\n", "  - matchers: ['team=~\"a|b\"']\n"),
        ("  - match: {team: 5, env: }\n", "  - matchers: ['team=\"5\"', 'env=\"\"']\n"),
        (
            "  - match: # whose\n      # who\n      team: sre   # us\n",
            '  - matchers: # whose\n      # who\n      - team="sre"   # us\n',
        ),
        (
            "  - match:\n      team: sre\n    receiver: b # b\n    match_re:\n      env: 'a.*'\n",
            '  - matchers:\n      - team="sre"\n      - env=~"a.*"\n    receiver: b # b\n',
        ),
        (
            "  - matchers:\n    - team=sre # us\n    match_re: {env: a|b}\n",
            '  - matchers:\n    - team=sre # us\n    - env=~"a|b"\n',
        ),
        (
            "  - match: {team: sre}\n    matchers: [env=a]\n",
            "  - matchers: ['team=\"sre\"', 'env=a']\n",
        ),
        (
            "  - {match: {a: b}, match_re: {c: d}, receiver: b}\n",
            "  - {matchers: ['a=\"b\"', 'c=~\"d\"'], receiver: b}\n",
        ),
        (
            '  - match:\n      path: "a\\\\b\\"c"\n',
            '  - matchers:\n      - path="a\\\\b\\"c"\n',
        ),
        ("  - match:\n      a: 'x: y'\n", "  - matchers:\n      - 'a=\"x: y\"'\n"),
        ("  - match: {a: it's}\n", "  - matchers: ['a=\"it''s\"']\n"),
        ("  - match_re: {a: 'x)|(?:y'}\n", "  - matchers: ['a=~\"^(?:x)|(?:y)$\"']\n"),
        ("  - matchers: [a = b c]\n", "  - matchers: ['a=\"b c\"']\n"),
        ("  - matchers: ['a=b c, d=e']\n", '  - matchers: [\'a="b c", d="e"\']\n'),
        ("  - receiver: b\n    continue: false\n", "  - receiver: b\n"),
        ("  - {receiver: b, continue: false}\n", "  - {receiver: b}\n"),
        ("  - {continue: no, receiver: b}\n", "  - {receiver: b}\n"),
    ],
)
def test_routes_are_mended_where_they_stand(old: str, new: str) -> None:
    """Only what is mended changes; a second look finds nothing; Windows' line ends stay."""
    mended = mend_alertmanager(routes(old), "am.yml")
    assert mended.text == routes(new)
    assert mended.mends
    assert mended.kept == ()
    again = mend_alertmanager(mended.text, "am.yml")
    assert (again.text, again.mends) == (mended.text, ())
    windows = mend_alertmanager(routes(old).replace("\n", "\r\n"), "am.yml")
    assert windows.text == routes(new).replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("  - match:\n      team: sre\n    match_re:\n      env: a|b # or\n", "a comment"),
        ("  - match:\n      team: |\n        sre\n", "a block of lines"),
        ("  - match: {a: &x b}\n  - match: {a: *x}\n", "an anchor"),
        ('  - match: {a: "b\\u2028"}\n', "YAML cannot show"),
    ],
)
def test_what_cannot_be_mended_safely_is_left_alone_and_said(text: str, reason: str) -> None:
    """A comment that would be lost is worth more than a newer key."""
    mended = mend_alertmanager(routes(text), "am.yml")
    assert mended.text == routes(text)
    assert reason in mended.kept[0].reason


@pytest.mark.parametrize(
    "text",
    [
        "  - matchers: [team=sre, 'env=~\"a|b\"']\n",
        "  - receiver: b\n    continue: true\n",
        "  - match: {}\n",
        "  - match:\n",
    ],
)
def test_what_is_well_stays(text: str) -> None:
    """Nothing is changed for the sake of change."""
    mended = mend_alertmanager(routes(text), "am.yml")
    assert (mended.text, mended.mends, mended.kept) == (routes(text), (), ())


def test_an_alias_is_mended_once_for_all_who_have_it() -> None:
    """The mapping that several routes share becomes a list that they share."""
    text = "  - match: &m {team: sre}\n    receiver: b\n"
    mended = mend_alertmanager(routes(text), "am.yml")
    assert mended.text in {
        routes(text),
        routes("  - matchers: &m ['team=\"sre\"']\n    receiver: b\n"),
    }


def test_inhibitions_and_time_intervals_are_mended_too() -> None:
    """Both sides of an inhibition, and the section's older name."""
    text = (
        "route: {receiver: a}\n"
        "inhibit_rules:\n- source_match: {severity: page}\n  target_match_re:\n    severity: .+\n"
        "mute_time_intervals:\n- name: night\n  time_intervals: [{weekdays: [saturday]}]\n" + TAIL
    )
    mended = mend_alertmanager(text, "am.yml")
    assert mended.text == (
        "route: {receiver: a}\n"
        "inhibit_rules:\n- source_matchers: ['severity=\"page\"']\n  target_matchers:\n"
        '    - severity=~".+"\n'
        "time_intervals:\n- name: night\n  time_intervals: [{weekdays: [saturday]}]\n" + TAIL
    )


SECRETS = """\
global:
  slack_api_url: https://hooks.example/T/B/s3cret # ours
route: {receiver: 'in fra'}
receivers:
- name: in fra
  slack_configs: [{channel: '#a'}]
  pagerduty_configs: [{routing_key: k3y}, {routing_key: other}]
  webhook_configs:
  - url: 'http://127.0.0.1/'
    http_config: {basic_auth: {username: u, password: "p w"}}
"""


def test_secrets_move_to_files_of_their_own() -> None:
    """Each has a name that says whose it is, and a file that every supported version reads."""
    mended = mend_alertmanager(SECRETS, "am.yml", None, "/etc/secrets")
    files = {one.secret.path: one.secret.secret for one in mended.mends if one.secret}
    assert files == {
        "/etc/secrets/global.slack_api_url": "https://hooks.example/T/B/s3cret",
        "/etc/secrets/in-fra.pagerduty.0.routing_key": "k3y",
        "/etc/secrets/in-fra.pagerduty.1.routing_key": "other",
        "/etc/secrets/in-fra.webhook.0.http_config.basic_auth.password": "p w",
    }
    assert "slack_api_url_file: '/etc/secrets/global.slack_api_url' # ours\n" in mended.text
    assert "url: 'http://127.0.0.1/'" in mended.text, "0.25 reads no url_file"
    newer = mend_alertmanager(SECRETS, "am.yml", "0.28", "/etc/secrets")
    assert "url_file: '/etc/secrets/in-fra.webhook.0.url'" in newer.text
    assert "s3cret" not in repr(mended.mends)


def test_secrets_stay_where_no_folder_is_named() -> None:
    """Where they would go is the user's to say."""
    assert mend_alertmanager(SECRETS, "am.yml").mends == ()


def test_a_file_with_errors_is_not_mended() -> None:
    """What nobody can read cannot be shown to mean the same."""
    text = routes("  - match: {a: b}\n    receiver: nobody\n")
    mended = mend_alertmanager(text, "am.yml")
    assert (mended.text, mended.mends) == (text, ())
    assert [found.code.name for found in mended.diagnostics] == ["receiver-undefined"]
