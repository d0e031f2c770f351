"""``alertmanager.yml`` out: the same to a server, however it was spelled."""

from __future__ import annotations

import pytest

from buckstop.alertmanager import read, write

WHOLE = """\
route:
  receiver: r
receivers:
  - name: r
"""


def rewritten(text: str, version: str | None = None) -> str:
    config, diagnostics = read(text, "alertmanager.yml", version)
    assert diagnostics == ()
    assert config is not None
    return write(config)


def test_what_was_written_is_written_so_again() -> None:
    """The order of keys stays, and a second pass changes nothing."""
    assert rewritten("receivers: [{name: r}]\nroute: {receiver: r}") == (
        "receivers:\n  - name: r\nroute:\n  receiver: r\n"
    )
    assert rewritten(WHOLE) == WHOLE


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("0755", "'0755'"),
        ("yes", "'yes'"),
        ("1e3", "'1e3'"),
        ("5.0", "'5.0'"),
        ("'null'", "'null'"),
        ("null", "null"),
        ("!!str 5", "'5'"),
        ('"a\\r\\n"', '"a\\r\\n"'),
    ],
)
def test_text_stays_the_characters_that_it_is(written: str, expected: str) -> None:
    """A password ``0755`` is not the number 493, nor ``yes`` a truth, secret or not."""
    for key in ("password", "username"):
        text = (
            f"{WHOLE}    webhook_configs:\n      - url: http://x/\n"
            f"        http_config: {{basic_auth: {{{key}: {written}}}}}\n"
        )
        assert f" {key}: {expected}\n" in rewritten(text)


def test_truths_and_numbers_are_written_as_such() -> None:
    """A server refuses them in quotes."""
    text = (
        f"{WHOLE}    telegram_configs:\n"
        "      - {bot_token: t, chat_id: -0x10, send_resolved: off, api_url: http://x/}\n"
        "    webhook_configs:\n      - {url: http://x/, max_alerts: 1_000, timeout: 5}\n"
    )
    once = rewritten(text)
    assert all(
        line in once
        for line in (
            "chat_id: -16\n",
            "send_resolved: false\n",
            "max_alerts: 1000\n",
            "timeout: 5\n",
        )
    )
    assert rewritten(once) == once


def test_details_keep_their_kinds_where_any_may_stand() -> None:
    """PagerDuty gets a number as a number since 0.30, and as text before."""
    text = (
        f"{WHOLE}    pagerduty_configs:\n      - {{routing_key: k, details: {{a: 5, b: [yes]}}}}\n"
    )
    assert "a: 5\n" in rewritten(text, "0.30")
    assert "- true\n" in rewritten(text, "0.30")
    older = text.replace(", b: [yes]", "")
    assert "a: '5'\n" in rewritten(older, "0.29")


def test_anchors_are_written_out() -> None:
    """What two contacts share stands in both."""
    text = (
        "route: {receiver: r}\nreceivers:\n- name: r\n  webhook_configs:\n"
        "  - {url: http://a/, http_config: &h {bearer_token: t}}\n"
        "  - {url: http://b/, http_config: *h}\n"
    )
    assert rewritten(text).count("bearer_token: t\n") == 2


def test_header_stands_at_the_top() -> None:
    """Who finds the file sees where it comes from."""
    config, _ = read(WHOLE, "alertmanager.yml")
    assert config is not None
    assert write(config, "Generated.") == f"# Generated.\n{WHOLE}"
