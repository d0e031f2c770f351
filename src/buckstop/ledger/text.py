"""Alert texts are hostile input: what may be kept of them, and what may be shown."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_HIDDEN = re.compile(
    # Controls but newline and tab; bidirectional marks and overrides; invisible joiners; tags.
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)


def neutral(text: str, limit: int = 2_000) -> str:
    """`text` with what could deceive a reader made visible as U+FFFD, and cut at `limit`."""
    shown = _HIDDEN.sub("\ufffd", text[: limit + 1])
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def web_address(text: str) -> str | None:
    """`text` if it is an http or https address that a page may link to, else None."""
    if len(text) > 2_000 or _HIDDEN.search(text) or any(c.isspace() for c in text):
        return None
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return None
    return text if parts.scheme in {"http", "https"} and host else None
