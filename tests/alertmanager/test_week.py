"""How hours of the week are said."""

from __future__ import annotations

import pytest

from buckstop.alertmanager.week import WEEKDAYS, Stretch, said_hours


def minute(text: str) -> int:
    day, clock = text.split()
    hour, rest = clock.split(":")
    return WEEKDAYS.index(day) * 1440 + int(hour) * 60 + int(rest)


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ([], ""),
        ([("Mon 00:00", "Sun 24:00")], "the whole week"),
        ([("Tue 09:30", "Tue 10:00")], "Tue 09:30–10:00"),
        ([("Sat 00:00", "Sun 24:00")], "Sat 00:00–Sun 24:00"),
        ([("Sat 00:00", "Sat 24:00")], "Sat 00:00–24:00"),
        ([("Mon 22:00", "Tue 06:00")], "Mon 22:00–Tue 06:00"),
        ([("Mon 00:00", "Mon 05:00"), ("Sun 22:00", "Sun 24:00")], "Sun 22:00–Mon 05:00"),
        ([("Mon 12:00", "Mon 13:00"), ("Tue 12:00", "Tue 13:00")], "Mon–Tue 12:00–13:00"),
        (
            [("Mon 12:00", "Mon 13:00"), ("Wed 12:00", "Wed 13:00")],
            "Mon 12:00–13:00, Wed 12:00–13:00",
        ),
        (
            [("Mon 12:00", "Mon 13:00"), ("Tue 12:00", "Tue 14:00")],
            "Mon 12:00–13:00, Tue 12:00–14:00",
        ),
        (
            [("Mon 18:00", "Tue 08:00"), ("Tue 18:00", "Wed 08:00")],
            "Mon–Tue 18:00–08:00 the day after",
        ),
        (
            [("Mon 18:00", "Tue 19:00"), ("Wed 18:00", "Thu 19:00")],
            "Mon 18:00–Tue 19:00, Wed 18:00–Thu 19:00",
        ),
        ([("Mon 00:00", "Mon 02:00"), ("Mon 03:00", "Sun 24:00")], "Mon 03:00–Mon 02:00"),
    ],
)
def test_the_same_hours_of_following_days_are_said_once(
    hours: list[tuple[str, str]], said: str
) -> None:
    """What ends at midnight ends at 24:00, and what goes on over Sunday's midnight is one."""
    stretches = [Stretch(minute(first), minute(last), "never", None) for first, last in hours]
    assert said_hours(stretches) == said
