"""Templates, with filters that make the hostile texts of alerts harmless.

Jinja escapes every value; `plain` besides shows control and bidirectional characters as such and
bounds lengths; `address` lets only http and https links through.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from buckstop.ledger.text import neutral, web_address


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("buckstop.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["plain"] = plain
    environment.filters["address"] = web_address
    environment.filters["sentence"] = sentence
    environment.filters["moment"] = moment
    environment.filters["ago"] = ago
    environment.filters["lasting"] = lasting
    environment.filters["machine_time"] = machine_time
    return environment


def page(template: str, context: Mapping[str, object], status: int = 200) -> HTMLResponse:
    """The page that `template` makes of `context`."""
    return HTMLResponse(_environment().get_template(template).render(context), status)


def plain(text: object, limit: int = 600) -> str:
    """`text` for people: nothing hidden in it, at most `limit` characters."""
    return neutral(str(text), limit)


def sentence(text: str) -> str:
    """`text` beginning with a capital, the rest as it is."""
    return text[:1].upper() + text[1:]


def moment(at: datetime) -> str:
    """A time for people, exact to the second: ``2030-01-31 12:00:00 UTC``."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def machine_time(at: datetime) -> str:
    """A time for the ``datetime`` attribute."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def ago(at: datetime, now: datetime) -> str:
    """How long ago, in the one unit or two that matter: ``4 min``, ``2 h 10 min``, ``3 d``."""
    return lasting((now - at).total_seconds())


def lasting(duration_seconds: float) -> str:
    """A length of time, as `ago` says it."""
    seconds = max(0, int(duration_seconds))
    if seconds < 60:
        return f"{seconds} s"
    minutes = seconds // 60
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours and days < 7 else f"{days} d"
