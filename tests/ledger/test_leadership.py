"""Who acts by itself: never two at once, whatever was stopped for how long."""

from __future__ import annotations

from buckstop.ledger.leadership import HOLDS_SECONDS, Leadership


class Seconds:
    """A clock that goes on when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_lead_holds_only_as_long_as_it_is_confirmed() -> None:
    """A process that was stopped no longer leads when it goes on, though nobody told it."""
    clock = Seconds()
    one = Leadership(alone=True, clock=clock)
    seen = [one.leads]
    one.confirmed(clock.now)
    for seconds in (0.0, HOLDS_SECONDS - 0.01, 0.01):
        clock.now += seconds
        seen.append(one.leads)
    one.confirmed(clock.now)
    assert [*seen, one.leads] == [False, True, True, False, True]


def test_a_new_leader_waits_until_no_other_can_believe_that_it_leads() -> None:
    """The one before may have been confirmed just before it lost the lock."""
    clock = Seconds()
    before, after = (Leadership(alone=False, clock=clock) for _ in range(2))
    before.confirmed(clock.now - HOLDS_SECONDS)
    before.confirmed(clock.now)
    after.confirmed(clock.now)
    for _ in range(50):
        after.confirmed(clock.now)
        assert not (before.leads and after.leads)
        clock.now += HOLDS_SECONDS / 40
    assert after.leads


def test_a_lost_lead_ends_at_once_and_is_told() -> None:
    """Each change is told once, whatever is confirmed in between."""
    clock, told = Seconds(), list[bool]()
    one = Leadership(alone=True, clock=clock)
    one.listen(lambda: told.append(one.leads))
    for _ in range(3):
        one.confirmed(clock.now)
    one.lost()
    one.lost()
    assert not one.leads
    one.confirmed(clock.now)
    assert told == [True, False, True]
