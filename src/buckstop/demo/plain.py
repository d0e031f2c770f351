"""The demo where there is no terminal: one line for each thing that happened."""

from __future__ import annotations

from buckstop.demo.story import Intake, Seen, Story, split


def news(before: Story, after: Story) -> list[str]:
    """What `after` shows that `before` did not, one line each, oldest kind first."""
    lines = []
    if after.ledger_url and not before.ledger_url:
        lines += [
            f"who answers, live: {after.ledger_url}",
            f"Prometheus {after.prometheus_url}, Alertmanager {after.alertmanager_url}",
            f"stand-ins: PagerDuty {after.pagerduty_url}, Slack {after.slack_url}",
            f"shortened: {after.shortened}",
        ]
    if after.phase != before.phase:
        lines.append(after.phase)
    for old, new in zip(before.seen, after.seen, strict=True):
        lines += [f"{new.what.name}: {line}" for line in _news_of(old, new)]
    lines += [f"also firing: {alert}" for alert in after.beside if alert not in before.beside]
    lines += after.refusals[len(before.refusals) :]
    return lines


def _news_of(old: Seen, new: Seen) -> list[str]:
    lines: list[str] = []
    made = new.made
    if made is None:
        return lines
    if old.crossed is None and new.crossed is not None:
        lines.append(f"SLI broken after {new.crossed - made:.1f} s ({new.what.alert} pending)")
    if old.firing is None and new.firing is not None:
        lines.append(f"firing after {new.firing - made:.1f} s")
    if old.owned is None and new.owned is not None:
        wrong = f", but it is {new.what.team}'s" if new.wrong_owner else ""
        lines.append(f"owner on record after {new.owned - made:.1f} s: {new.owner}{wrong}")
    if old.paged is None and new.paged is not None:
        where = f"{new.what.service} {new.what.recipient}"
        lines.append(f"page after {new.paged - made:.1f} s, routed to {where}")
    lines += [f"a page went astray, to {name}" for name in new.strays if name not in old.strays]
    if old.healed is None and new.healed is not None:
        lines.append("healed")
    if old.resolved is None and new.resolved is not None and new.healed is not None:
        lines.append(f"resolved {new.resolved - new.healed:.1f} s after healing")
    return lines


def summary(story: Story) -> list[str]:
    """The result in a line for each break."""
    lines = [f"{one.what.name}: {_result(one)}" for one in story.seen]
    return lines if story.intake is None else [*lines, intake_line(story.intake)]


def intake_line(intake: Intake) -> str:
    """The ledger's own time in words."""
    return (
        f"ledger: a request is durable after {intake.mean_seconds * 1000:.1f} ms on average "
        f"({intake.requests} requests)"
    )


def _result(seen: Seen) -> str:
    if not seen.answered:
        return f"NOT ANSWERED by {seen.what.team}: {_lacking(seen)}"
    parts = split(seen)
    phases = [
        ("signal", parts.signal_seconds),
        ("evaluation", parts.evaluation_seconds),
        ("for", parts.holding_seconds),
        ("Alertmanager", parts.grouping_seconds),
    ]
    spent = [f"{word} {seconds:.1f} s" for word, seconds in phases if seconds is not None]
    return (
        f"{seen.owner} paged after {_seconds(seen, seen.paged)}, on record after "
        f"{_seconds(seen, seen.owned)} ({', '.join(spent)})"
    )


def _seconds(seen: Seen, moment: float | None) -> str:
    seconds = seen.since_made(moment)
    return "?" if seconds is None else f"{seconds:.1f} s"


def _lacking(seen: Seen) -> str:
    if seen.made is None:
        return "the break was not made"
    lacking = []
    if seen.wrong_owner:
        lacking.append(f"the ledger names {seen.owner}")
    elif seen.owner is None:
        lacking.append("no owner on record")
    if seen.paged is None:
        lacking.append(f"no page at {seen.what.service} {seen.what.recipient}")
    if seen.strays:
        lacking.append(f"a page went to {', '.join(seen.strays)}")
    return ", ".join(lacking)
