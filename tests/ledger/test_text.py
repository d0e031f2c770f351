"""Hostile texts are shown as what they are."""

from __future__ import annotations

import pytest

from buckstop.ledger.text import neutral, web_address


@pytest.mark.parametrize(
    "hidden",
    ["\x1b", "\x00", "\x9b", "\u202e", "\u2066", "\u200b", "\ufeff", "\U000e0041", "\ud800"],
)
def test_what_hides_or_turns_text_is_made_visible(hidden: str) -> None:
    """Neither a terminal nor a page can be made to show what is not there."""
    assert neutral(f"a{hidden}b") == "a\ufffdb"


def test_scripts_of_the_world_are_left_alone() -> None:
    """Chinese, Arabic and accents are texts like any other."""
    assert neutral("延迟 تأخير é 👍\n\t") == "延迟 تأخير é 👍\n\t"


def test_a_long_text_is_cut_visibly() -> None:
    """A cut shows."""
    assert neutral("x" * 100, 10) == "x" * 9 + "…"


@pytest.mark.parametrize("address", ["http://a.example/b?c#d", "https://a.example:1/"])
def test_web_addresses_may_be_linked(address: str) -> None:
    """A runbook's link works."""
    assert web_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "http://",
        "http:///x",
        " http://a.example",
        "http://a.example/\u202e",
        "http://[",
        "https://a.example/" + "x" * 3000,
        "ftp://a.example",
        "",
    ],
)
def test_nothing_else_may(address: str) -> None:
    """An annotation cannot smuggle a script or a disguised address into a link."""
    assert web_address(address) is None
