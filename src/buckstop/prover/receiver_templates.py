"""The fields of receivers that Alertmanager executes as templates, and how each will fare."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from buckstop.alertmanager.model import AlertmanagerConfig, Integration, Receiver
from buckstop.document import Mapping, Node, Scalar, Sequence
from buckstop.prover.model import Verdict
from buckstop.prover.template_execution import Execution, execution

VERBATIM_SECTIONS: Final = frozenset({"http_config", "tls_config"})
VERBATIM_FIELDS: Final = frozenset(
    {"api_url", "url", "webhook_url", "smarthost", "hello", "bot_token", "send_resolved"}
    | {"auth_username", "auth_password", "auth_secret", "auth_identity"}
)
"""Fields that no version, or only some, execute as templates."""


@dataclass(frozen=True, slots=True)
class TemplatedField:
    """A field that holds ``{{``.

    Attributes:
        field: its key, for example ``service_key``.
        executes: the judgement; unknown for fields that only some versions execute.
    """

    receiver: Receiver
    integration: Integration
    field: str
    scalar: Scalar
    executes: Execution


def templated_fields(config: AlertmanagerConfig) -> tuple[TemplatedField, ...]:
    """Every field of every receiver that holds a template, judged."""
    return tuple(
        TemplatedField(receiver, integration, key, scalar, _judged(config, key, scalar))
        for receiver in config.receivers
        for integration in receiver.integrations
        for key, scalar in _scalars(integration.node, "")
        if "{{" in scalar.text
    )


def _judged(config: AlertmanagerConfig, key: str, scalar: Scalar) -> Execution:
    if key in VERBATIM_FIELDS or key.endswith("_file"):
        return Execution(
            Verdict.UNKNOWN, f"`{key}` is sent as it stands by some versions, not as a template"
        )
    return execution(scalar.text, own_templates=bool(config.templates))


def _scalars(node: Node, key: str) -> Iterator[tuple[str, Scalar]]:
    match node:
        case Scalar():
            yield key, node
        case Sequence():
            for item in node.items:
                yield from _scalars(item, key)
        case Mapping():
            for entry in node:
                if entry.key.text not in VERBATIM_SECTIONS:
                    yield from _scalars(entry.value, entry.key.text)
