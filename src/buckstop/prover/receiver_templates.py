"""The fields of receivers that Alertmanager executes as templates, and how each will fare."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from buckstop.alertmanager.model import AlertmanagerConfig, Integration, Receiver
from buckstop.diagnostics import Span
from buckstop.document import Mapping, Node, Scalar, Sequence, inside
from buckstop.gotemplate import (
    RESOLVED_WITNESSES,
    Executes,
    Fault,
    Finding,
    Judgement,
    TemplateSet,
    alertmanager_engine,
    alertmanagers_own,
    judge,
    parse,
    parsed_version,
)
from buckstop.prover.model import Verdict

VERBATIM_SECTIONS: Final = frozenset({"http_config", "tls_config"})
VERBATIM_FIELDS: Final = frozenset(
    {"api_url", "url", "webhook_url", "smarthost", "hello", "bot_token", "send_resolved"}
    | {"auth_username", "auth_password", "auth_secret", "auth_identity"}
)
"""Fields that no version, or only some, execute as templates."""
SENDS_RESOLVED: Final = frozenset(
    {"discord", "jira", "msteams", "msteamsv2", "opsgenie", "pagerduty", "pushover", "sns"}
    | {"telegram", "victorops", "webex", "webhook"}
)
"""Integrations that tell of resolved alerts unless they are told not to."""


@dataclass(frozen=True, slots=True)
class TemplatedField:
    """A field that holds ``{{``.

    Attributes:
        field: its key, for example ``service_key``.
        judged: whether it executes; not decided for fields that only some versions execute.
    """

    receiver: Receiver
    integration: Integration
    field: str
    scalar: Scalar
    judged: Judgement

    @property
    def verdict(self) -> Verdict:
        """Whether the receiver can deliver, as far as this field decides it."""
        match self.judged.executes:
            case Executes.ALWAYS:
                return Verdict.PROVEN
            case Executes.NEVER:
                return Verdict.REFUTED
            case Executes.NOT_FOR_ALL | Executes.NOT_DECIDED:
                return Verdict.UNKNOWN

    @property
    def reason(self) -> str:
        """Why it is not proven, with the witness where there is one; empty where it is."""
        if not self.judged.findings:
            return ""
        witness = self.judged.witness
        shown = "" if witness is None else f"for {witness.name}: "
        return shown + self.complaint

    @property
    def complaint(self) -> str:
        """What the engine says, and of what, where that does not stand in this field."""
        found = self.judged.findings[0]
        is_elsewhere = self.judged.parses and found.end == 0 and found.source
        where = f"`{found.source.strip()}` in a template that it calls: " if is_elsewhere else ""
        return where + found.reason

    @property
    def place(self) -> Span:
        """Where in the file it fails."""
        found = self.judged.findings[0]
        return inside(self.scalar, found.start, found.end) if found.end else self.scalar.span

    @property
    def action(self) -> str:
        """The action that fails, as written; empty where it does not stand in this field.

        Of a text that does not parse nothing is shown: it may be a secret that only looks like
        a template.
        """
        found = self.judged.findings[0]
        if not self.judged.parses or found.end == 0:
            return ""
        text = self.scalar.text
        opened, closed = text.rfind("{{", 0, found.start + 2), text.find("}}", found.end)
        return "" if opened == -1 or closed == -1 else text[opened : closed + 2]


@dataclass(frozen=True, slots=True)
class BrokenFile:
    """A template file that Alertmanager cannot parse, so that it does not load.

    Attributes:
        number: its place among the files that ``templates:`` names, from 1.
    """

    number: int
    fault: Fault


@dataclass(frozen=True, slots=True)
class ReceiverTemplates:
    """The templates of one configuration.

    Attributes:
        fields: every field of every receiver that holds a template, judged.
        broken: template files that cannot be parsed.
    """

    fields: tuple[TemplatedField, ...] = ()
    broken: tuple[BrokenFile, ...] = ()


def receiver_templates(config: AlertmanagerConfig, version: str | None = None) -> ReceiverTemplates:
    """The templates of `config`, as Alertmanager `version` executes them; None: any version."""
    judging = _Judging(config, version)
    fields = tuple(
        TemplatedField(receiver, integration, key, scalar, judging.judged(integration, key, scalar))
        for receiver in config.receivers
        for integration in receiver.integrations
        for key, scalar in _scalars(integration.node, "")
        if "{{" in scalar.text
    )
    return ReceiverTemplates(fields, tuple(judging.broken))


@dataclass(frozen=True, slots=True)
class _Asked:
    """A field's text and how it is executed; receivers repeat each other's."""

    text: str
    is_html: bool
    sends_resolved: bool


class _Judging:
    """Judges the fields of one configuration, with the template files that it names."""

    def __init__(self, config: AlertmanagerConfig, version: str | None) -> None:
        aimed = None if version is None else parsed_version(version)
        self._engine = alertmanager_engine(aimed)
        self.broken: list[BrokenFile] = []
        self._known: dict[_Asked, Judgement] = {}
        self._templates = self._beside(config, alertmanagers_own(aimed))

    def _beside(self, config: AlertmanagerConfig, known: TemplateSet) -> TemplateSet:
        if config.template_texts is None:
            if config.templates:
                return known.opened("it stands in a template file that is not read")
            return known
        for number, text in enumerate(config.template_texts, start=1):
            parsed = parse(text, self._engine.knows)
            if parsed.faults:
                self.broken.append(BrokenFile(number, parsed.faults[0]))
                known = known.opened("it may stand in a template file that cannot be parsed")
                continue
            known = known.adding(parsed.definitions)
            if parsed.doubts:
                known = known.opened(parsed.doubts[0].message)
        # A file is called by its own name, of which only the pattern is known here.
        names = tuple(posixpath.basename(pattern) for pattern in config.templates)
        return replace(known, open_names=names)

    def judged(self, integration: Integration, key: str, scalar: Scalar) -> Judgement:
        """The verdict on the field `key` of `integration`."""
        if key in VERBATIM_FIELDS or key.endswith("_file"):
            reason = f"`{key}` is sent as it stands by some versions, not as a template"
            return Judgement(Executes.NOT_DECIDED, (Finding(reason),))
        if integration.kind == "webhook":
            reason = "which data the templates of a webhook see is not followed"
            return Judgement(Executes.NOT_DECIDED, (Finding(reason),))
        asked = _Asked(scalar.text, _is_html(integration, key), _sends_resolved(integration))
        if asked not in self._known:
            self._known[asked] = judge(
                asked.text,
                self._engine,
                self._templates,
                is_html=asked.is_html,
                excluded_witnesses=(frozenset() if asked.sends_resolved else RESOLVED_WITNESSES),
            )
        return self._known[asked]


def _sends_resolved(integration: Integration) -> bool:
    chosen = integration.node.get("send_resolved")
    if isinstance(chosen, Scalar):
        return chosen.text == "true"
    return integration.kind in SENDS_RESOLVED


def _is_html(integration: Integration, key: str) -> bool:
    """Whether Alertmanager executes the field as HTML."""
    match integration.kind, key:
        case "email", "html":
            return True
        case "pushover", "message":
            return _says(integration, "html", "true")
        case "telegram", "message":
            # HTML is what it takes where nothing is said, since some version.
            return not _says(integration, "parse_mode", "MarkdownV2", "Markdown", "")
        case _:
            return False


def _says(integration: Integration, key: str, *texts: str) -> bool:
    node = integration.node.get(key)
    return isinstance(node, Scalar) and node.text in texts


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
