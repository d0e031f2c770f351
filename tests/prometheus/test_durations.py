"""Durations: what the servers' parser takes, and no more."""

from __future__ import annotations

import pytest

from buckstop.prometheus import format_duration, parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("0s", 0),
        ("5m", 300),
        ("1h30m", 5400),
        ("1500ms", 1.5),
        ("1d", 86_400),
        ("1w", 604_800),
        ("1y", 31_536_000),
        ("1y2w3d4h5m6s7ms", 31_536_000 + 2 * 604_800 + 3 * 86_400 + 4 * 3600 + 306.007),
        ("0001s", 1),
        ("292y", 292 * 31_536_000),
    ],
)
def test_durations_of_the_servers_are_read_in_seconds(text: str, seconds: float) -> None:
    """Units go from large to small; a year has 365 days."""
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5",
        "-5m",
        "1.5m",
        "5 m",
        "30m1h",
        "5m5m",
        "5M",
        "1h ",
        "1h\n",
        "٥m",
        "293y",
        "9" * 40 + "s",
        "9" * 5_000 + "s",
        "s",
    ],
)
def test_what_the_servers_refuse_is_refused(text: str) -> None:
    """The message names the text, or says that it is missing."""
    with pytest.raises(ValueError, match=r"duration|range"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (0.001, "1ms"),
        (1.5, "1s500ms"),
        (90, "1m30s"),
        (3600, "1h"),
        (30 * 86_400, "30d"),
        (7 * 86_400, "1w"),
        (365 * 86_400, "1y"),
        (366 * 86_400, "366d"),
        (8 * 86_400, "8d"),
    ],
)
def test_durations_are_written_as_the_servers_print_them(seconds: float, text: str) -> None:
    """Weeks and years only where they divide the whole; what is written reads back."""
    assert format_duration(seconds) == text
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("seconds", [-1, 0.0005, 1e12, float("nan"), float("inf")])
def test_what_has_no_form_is_not_written(seconds: float) -> None:
    """Never a rounded or negative duration in a generated file."""
    with pytest.raises(ValueError, match="seconds"):
        format_duration(seconds)
