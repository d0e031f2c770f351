"""Receivers of an ``AlertmanagerConfig`` as the operator writes them into ``alertmanager.yml``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, assert_never

from buckstop.diagnostics import Diagnostic
from buckstop.document import Entry, Fields, Mapping, Node, Scalar, Sequence, wrong_type
from buckstop.document.codes import KEY_MISSING
from buckstop.kubernetes.contact_fields import CONTACTS, Spelling, Spellings
from buckstop.kubernetes.nodes import entry, mapping, text
from buckstop.kubernetes.references import Reference, References

CERTIFICATES: Final = "/etc/alertmanager/certs"
"""Where the operator mounts what a TLS configuration refers to."""
STAND_IN_HOST: Final = "secret.invalid"
"""The host of every URL that stands for one in a Secret, which is not known."""
_THREADED_BY: Final = {"Daily": "daily", "None": "none"}


@dataclass(frozen=True, slots=True)
class ReceiverWriter:
    """Writes receivers.

    Attributes:
        qualify: from a name within the object to the name in ``alertmanager.yml``.
        references: resolves keys of Secrets.
        findings: to which everything wrong is appended.
    """

    qualify: Callable[[str], str]
    references: References
    findings: list[Diagnostic]

    def write(self, node: Node) -> Mapping | None:
        """The receiver at `node`; None, with a finding, where it has no name."""
        fields = Fields.of(node, "a receiver", self.findings)
        if fields is None:
            return None
        name = fields.scalar("name")
        entries: list[Entry] = []
        for key, (to, spellings) in CONTACTS.items():
            items = fields.sequence(key, f"contacts under '{key}'")
            written = fields.entry(key)
            if not items or written is None:
                continue
            sections = [
                section
                for item in items
                if (section := self.section(item, f"a contact of '{key}'", spellings)) is not None
            ]
            listed = Sequence(tuple(sections), written.value.span)
            entries.append(entry(to, listed, written.key.span))
        fields.finish()
        if name is None or name.text == "":
            self.findings.append(Diagnostic(KEY_MISSING, "a receiver needs 'name'", node.span))
            return None
        named = entry("name", text(self.qualify(name.text), name.span))
        return mapping((named, *entries), fields.node.span)

    def section(self, node: Node, what: str, spellings: Spellings) -> Mapping | None:
        """The mapping at `node` under the names of ``alertmanager.yml``; `what` it is in words."""
        fields = Fields.of(node, what, self.findings)
        if fields is None:
            return None
        written: dict[str, Entry] = {}
        for key, spelling in spellings.items():
            value = fields.node_at(key)
            if value is None:
                continue
            translated = self._value(value, f"'{key}'", spelling)
            place = fields.entry(key)
            if translated is not None and place is not None:
                # Where two fields mean the same, the later in the table wins, as in the operator.
                written[spelling.to] = entry(spelling.to, translated, place.key.span)
        fields.finish()
        return mapping(written.values(), fields.node.span)

    def _value(self, node: Node, what: str, spelling: Spelling) -> Node | None:
        if spelling.nested is not None:
            return self._nested(node, what, spelling, spelling.nested)
        match spelling.way:
            case "copy":
                return node
            case "secret":
                return self._secret(node, spelling.to)
            case "either":
                reference = self._either(node, what)
                return None if reference is None else text(_stand_in(reference, ""), node.span)
            case "tls_file":
                reference = self._either(node, what)
                return None if reference is None else text(_mounted(reference), node.span)
            case "pairs":
                return self._pairs(node, what)
            case "header_secrets":
                return self._header_secrets(node, what)
            case "threading":
                return self._threading(node)
            case "nothing":
                return None
            case _:
                assert_never(spelling.way)

    def _nested(
        self, node: Node, what: str, spelling: Spelling, spellings: Spellings
    ) -> Node | None:
        if not spelling.many:
            return self.section(node, what, spellings)
        if not isinstance(node, Sequence):
            self.findings.append(wrong_type(node, f"a list under {what}"))
            return None
        sections = [
            section
            for item in node.items
            if (section := self.section(item, f"an item of {what}", spellings)) is not None
        ]
        return Sequence(tuple(sections), node.span)

    def _secret(self, node: Node, to: str) -> Scalar | None:
        reference = self.references.read(node, "Secret")
        if reference is None:
            return None
        written = _mounted(reference) if to.endswith("_file") else _stand_in(reference, to)
        return text(written, node.span)

    def _either(self, node: Node, what: str) -> Reference | None:
        fields = Fields.of(node, what, self.findings)
        if fields is None:
            return None
        found: Reference | None = None
        for key, kind in (("configMap", "ConfigMap"), ("secret", "Secret")):
            selector = fields.node_at(key)
            if selector is not None:
                found = self.references.read(selector, kind)
        fields.finish()
        return found

    def _pairs(self, node: Node, what: str) -> Mapping | None:
        if not isinstance(node, Sequence):
            self.findings.append(wrong_type(node, f"a list of keys and values under {what}"))
            return None
        pairs: dict[str, Entry] = {}
        for item in node.items:
            fields = Fields.of(item, f"an item of {what}", self.findings)
            if fields is None:
                continue
            key, value = fields.scalar("key"), fields.scalar("value")
            fields.finish()
            if key is None or key.text == "":
                self.findings.append(
                    Diagnostic(KEY_MISSING, f"an item of {what} needs 'key'", item.span)
                )
                continue
            said = value if value is not None else text("", item.span)
            pairs[key.text] = entry(key.text, text(said.text, said.span), key.span)
        return mapping(pairs.values(), node.span)

    def _header_secrets(self, node: Node, what: str) -> Mapping | None:
        fields = Fields.of(node, what, self.findings)
        if fields is None:
            return None
        headers: list[Entry] = []
        for header in fields.node.entries:
            items = fields.sequence(header.key.text, "references to keys of Secrets")
            values = tuple(value for item in items if (value := self._secret(item, "")) is not None)
            headers.append(Entry(header.key, Sequence(values, header.value.span)))
        return mapping(headers, node.span)

    def _threading(self, node: Node) -> Mapping | None:
        fields = Fields.of(node, "'threading'", self.findings)
        if fields is None:
            return None
        by = fields.scalar("threadByDate")
        fields.finish()
        entries = [entry("enabled", Scalar("true", *node.span))]
        if by is not None and by.text in _THREADED_BY:
            entries.append(entry("thread_by_date", text(_THREADED_BY[by.text], by.span)))
        return mapping(entries, node.span)


def _stand_in(reference: Reference, to: str) -> str:
    """What is written for a value that is there and stays unknown; a URL where one is wanted."""
    if to.endswith("url"):
        return f"https://{STAND_IN_HOST}/{reference.name}/{reference.key}"
    return f"<{reference.name}/{reference.key}>"


def _mounted(reference: Reference) -> str:
    kind = reference.kind.lower()
    return f"{CERTIFICATES}/{kind}_{reference.name}_{reference.key}"
