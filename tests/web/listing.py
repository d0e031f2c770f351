"""All that the API lists, page after page."""

from __future__ import annotations

import time
from typing import Any

import httpx


def open_incidents(http: httpx.Client) -> list[dict[str, Any]]:
    """Every open incident; waits where the ledger says that it is asked too much."""
    found: list[dict[str, Any]] = []
    while True:
        asked = {"limit": 500, "offset": len(found)}
        while (answer := http.get("/api/v1/incidents", params=asked)).status_code == 429:
            time.sleep(0.2)
        answer.raise_for_status()
        page = answer.json()
        found += page["incidents"]
        if not page["more"]:
            return found
