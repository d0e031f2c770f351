"""Carrying an action out on an Alertmanager, over its API v2."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, assert_never

import httpx

from buckstop.ledger.outbox.actions import (
    Action,
    CloseOriginal,
    ExpireSilence,
    PostCopy,
    RenewSilence,
    ResolveCopy,
    SetSilence,
)
from buckstop.ledger.outbox.copies import Labels
from buckstop.ledger.outbox.silences import AUTHOR, Matcher, comment

TIMEOUT_SECONDS: Final = 5.0
NOT_FOUND: Final = 404


class NotDoneError(Exception):
    """An Alertmanager did not take an action, or nobody knows whether it did."""


async def carry_out(client: httpx.AsyncClient, action: Action, now: datetime) -> None:
    """Do `action`. Raises NotDoneError; it may have been done all the same."""
    base = f"{action.url.rstrip('/')}/api/v2"
    try:
        response = await _send(client, base, action, now)
        if not (isinstance(action, ExpireSilence) and response.status_code == NOT_FOUND):
            response.raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        name = type(action).__name__
        raise NotDoneError(f"{name} at {action.url}: {error or type(error).__name__}") from error


async def _send(
    client: httpx.AsyncClient, base: str, action: Action, now: datetime
) -> httpx.Response:
    match action:
        case PostCopy():
            copy = action.copy
            alert = {
                "labels": copy.labels,
                "annotations": copy.annotations,
                "startsAt": _text(min(copy.starts_at, now)),
                "endsAt": _text(action.until),
                "generatorURL": copy.generator_url,
            }
            return await _post(client, f"{base}/alerts", [alert])
        case ResolveCopy() | CloseOriginal():
            return await _post(client, f"{base}/alerts", [_ended(action.labels, now)])
        case SetSilence():
            said = comment(action.copy)
            value = _silence(action.matchers, _text(now), action.until, said)
            return await _post(client, f"{base}/silences", value)
        case RenewSilence():
            silence = action.silence
            value = _silence(silence.matchers, silence.starts_at, action.until, silence.comment)
            return await _post(client, f"{base}/silences", {"id": silence.id, **value})
        case ExpireSilence():
            url = f"{base}/silence/{action.silence.id}"
            return await client.delete(url, timeout=TIMEOUT_SECONDS)
        case _:
            assert_never(action)


async def _post(client: httpx.AsyncClient, url: str, value: object) -> httpx.Response:
    return await client.post(url, json=value, timeout=TIMEOUT_SECONDS)


def _ended(labels: Labels, now: datetime) -> dict[str, Any]:
    # A start of its own, or the server would take it for the very alert of which it knows the end.
    return {
        "labels": dict(labels),
        "startsAt": _text(now - timedelta(seconds=1)),
        "endsAt": _text(now),
    }


def _silence(
    asked: Iterable[Matcher], starts_at: str, until: datetime, said: str
) -> dict[str, Any]:
    return {
        "matchers": [dict(one) for one in asked],
        "startsAt": starts_at,
        "endsAt": _text(until),
        "createdBy": AUTHOR,
        "comment": said,
    }


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")
