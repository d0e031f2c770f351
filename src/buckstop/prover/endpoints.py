"""What Alertmanager loads as an endpoint and can never send to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from buckstop.alertmanager.model import Integration
from buckstop.document import Mapping, Node, Scalar, Sequence

MAX_PORT: Final = 65_535

REDACTED: Final = "<secret>"
"""What Alertmanager's status page shows in place of a secret, and takes back as one."""

_GLOBAL_PREFIXES: Final = {"email": "smtp_", "telegram": "telegram_"}
"""How a kind's fields in ``global`` begin, where not with its own name."""

_PORT: Final = re.compile(r"https?://[^/?#]*:(?P<port>\d+)(?:[/?#]|$)", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"[^\s@<>,]+@[^\s@<>,]+")
_NAMED_ADDRESS: Final = re.compile(r".*<[^\s@<>,]+@[^\s@<>,]+>\s*", re.DOTALL)


def endpoint_faults(
    integration: Integration, global_: Mapping | None, *, hides_secrets: bool = False
) -> Iterator[str]:
    """Why nothing arrives through `integration`, though the file loads; nothing where it may.

    Args:
        hides_secrets: whether ``<secret>`` stands for a secret that the server has.
    """
    for name, value in _scalars(integration.node):
        if value.text == REDACTED:
            if not hides_secrets:
                yield _is_redacted(name)
        elif (port := _PORT.match(value.text)) is not None and not _is_port(port["port"]):
            yield f"no port is called {port['port']} (`{name}`)"
    prefix = _GLOBAL_PREFIXES.get(integration.kind, f"{integration.kind}_")
    for entry in global_.entries if global_ is not None else ():
        name, inherited = entry.key.text, entry.value
        own = name.removeprefix(prefix)
        if not name.startswith(prefix) or own in integration.node:
            continue
        is_redacted = _text(inherited) == REDACTED and not hides_secrets
        if is_redacted and f"{own}_file" not in integration.node:
            yield _is_redacted(f"global: {name}")
    if integration.kind == "email":
        yield from _address_faults(_text(integration.node.get("to")))


def endpoint_doubts(integration: Integration) -> Iterator[str]:
    """Why it is not known whether anything arrives; nothing where `endpoint_faults` decides."""
    if integration.kind == "email" and "{{" in _text(integration.node.get("to")):
        yield "not decided: `to` is made from the alert, and may give no address"


def _address_faults(to: str) -> Iterator[str]:
    if "{{" in to:
        return
    for address in to.split(","):
        found = address.strip()
        if not _ADDRESS.fullmatch(found) and not _NAMED_ADDRESS.fullmatch(found):
            yield f"`to` is no e-mail address: '{found}'"


def _is_redacted(name: str) -> str:
    return (
        f"`{name}` is the text '{REDACTED}', which Alertmanager shows in place of a secret: "
        "the secret itself is missing"
    )


def _is_port(digits: str) -> bool:
    return len(digits) <= len(str(MAX_PORT)) and 0 < int(digits) <= MAX_PORT


def _scalars(node: Node, name: str = "") -> Iterator[tuple[str, Scalar]]:
    match node:
        case Scalar():
            yield name, node
        case Sequence(items):
            for item in items:
                yield from _scalars(item, name)
        case Mapping(entries):
            for entry in entries:
                yield from _scalars(entry.value, entry.key.text)


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) and not node.is_null else ""
