"""What ConfigMaps and Secrets hold: values decoded, rules and configurations told by content."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from buckstop.alertmanager import looks_like_alertmanager
from buckstop.diagnostics import Diagnostic, Span
from buckstop.document import Mapping, MoveSpan, Node, Scalar, Sequence, parse_one, wrong_type
from buckstop.document.text import MAX_BYTES
from buckstop.kubernetes.codes import KUBERNETES_DATA_UNREADABLE
from buckstop.kubernetes.embedding import Enclosure, literal_places
from buckstop.kubernetes.objects import Object, namespace_of
from buckstop.prometheus import looks_like_prometheus, looks_like_rules

MAX_UNPACKED_BYTES: Final = MAX_BYTES
"""Of a compressed value only this much is unpacked; one that holds more is refused."""
TEMPLATE_SUFFIX: Final = ".tmpl"

Shape = Literal["rules", "alertmanager", "prometheus", "relabelling"]

CONFIG_KEY: Final = "alertmanager.yaml"
PACKED_KEY: Final = "alertmanager.yaml.gz"
"""Under this key the operator writes what it has put together."""

_STEP_FIELDS: Final = frozenset(
    {"action", "modulus", "regex", "replacement", "separator", "source_labels", "target_label"}
)
_BY_KEY: Final[dict[str, Shape]] = {
    CONFIG_KEY: "alertmanager",
    PACKED_KEY: "alertmanager",
    "alertmanager.yml": "alertmanager",
    "prometheus.yml": "prometheus",
}
"""Under these keys nothing else stands, whatever it looks like."""
_GZIP_START: Final = b"\x1f\x8b"
_GZIP_WINDOW: Final = 31
"""As zlib wants it: the largest window, and a gzip header."""
_WORD: Final = r"^[\"']?(?:{})[\"']?[ \t]*:"
_MEANT: Final[tuple[tuple[Shape, tuple[re.Pattern[str], ...]], ...]] = (
    (
        "alertmanager",
        (
            re.compile(_WORD.format("route"), re.MULTILINE),
            re.compile(_WORD.format("receivers"), re.MULTILINE),
        ),
    ),
    (
        "rules",
        (
            re.compile(_WORD.format("groups"), re.MULTILINE),
            re.compile(r"^[ \t-]+(?:alert|record)[ \t]*:", re.MULTILINE),
        ),
    ),
    (
        "prometheus",
        (re.compile(_WORD.format("scrape_configs|rule_files|alerting"), re.MULTILINE),),
    ),
    (
        "relabelling",
        (re.compile(r"^-[ ]+(?:action|regex|source_labels|target_label)[ \t]*:", re.MULTILINE),),
    ),
)
"""By these a text is taken for a kind of file before it is read, so that a slip in it is found."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a ConfigMap or a Secret.

    Attributes:
        scalar: as it stands in the manifest.
        text: decoded and unpacked; None where that cannot be done, or it is no text.
        is_encoded: whether `text` differs from what stands in the manifest.
    """

    holder: Object
    key: str
    scalar: Scalar
    text: str | None
    is_encoded: bool

    @property
    def said(self) -> str:
        """The value for people: ``Secret monitoring/main, alertmanager.yaml``."""
        return f"{self.holder.said}, {self.key}"


@dataclass(frozen=True, slots=True)
class Content:
    """A value that is a rule file, an ``alertmanager.yml`` or a ``prometheus.yml``.

    Attributes:
        file: the name that its places are given with.
        node: its tree; None where it could not be read, which a finding says.
        findings: what reading it as YAML found.
        enclosure: where its lines are no lines of the manifest.
    """

    value: Value
    shape: Shape
    file: str
    node: Node | None
    findings: tuple[Diagnostic, ...]
    enclosure: Enclosure | None

    def is_at(self, holder: tuple[str, str, str], key: str) -> bool:
        """Whether it is that value of the object of this kind, namespace and name."""
        of = self.value.holder
        return self.value.key == key and holder == (of.kind, namespace_of(of), of.name)


def values_of(holder: Object, findings: list[Diagnostic]) -> tuple[Value, ...]:
    """All values of a ConfigMap or a Secret; of one key, ``stringData`` wins over ``data``."""
    encoded = ("data",) if holder.kind == "Secret" else ("binaryData",)
    plain = ("stringData",) if holder.kind == "Secret" else ("data",)
    values: dict[str, Value] = {}
    for section in (*encoded, *plain):
        for key, scalar in _scalars(holder, section, findings):
            if section in plain:
                values[key] = Value(holder, key, scalar, scalar.text, is_encoded=False)
            else:
                text = _decoded(holder, key, scalar, findings)
                values[key] = Value(holder, key, scalar, text, is_encoded=True)
    return tuple(values.values())


def content_of(value: Value, lines: list[str]) -> Content | None:
    """`value` as a file of the servers; None where it is meant as something else.

    Args:
        lines: of the manifest that it stands in.
    """
    if value.text is None:
        return None
    named = _BY_KEY.get(value.key)
    meant = named or _meant(value.text)
    if meant is None:
        return None
    file, move, enclosure = _placed(value, lines)
    node, diagnostics = parse_one(value.text, file, move)
    shape = named or _shape(node) or (meant if _is_plain(meant, node) else None)
    if shape is None:
        return None
    return Content(value, shape, file, node, diagnostics, enclosure)


def shape_of(node: Node) -> Shape | None:
    """What kind of file a document is, or None; one with a key too many is still what it is."""
    if isinstance(node, Mapping) and "groups" in node:
        return "rules"
    return _shape(node)


def _is_plain(meant: Shape, node: Node | None) -> bool:
    """Whether a text that looks so can be meant as nothing else, though it is not all right."""
    return node is None or (isinstance(node, Mapping) and meant in {"rules", "alertmanager"})


def secret_spans(holder: Object) -> Iterator[Span]:
    """Where the values of a Secret stand; literal blocks, whose lines may be shown, are left out.

    A value may be any secret; those that are configurations are quoted line by line instead.
    """
    for section in ("data", "stringData"):
        node = holder.node.get(section)
        for entry in node.entries if isinstance(node, Mapping) else ():
            if isinstance(entry.value, Scalar):
                meant = _meant(entry.value.text) if section == "stringData" else None
                if entry.value.style != "literal" or meant is None:
                    yield entry.value.span


def _scalars(
    holder: Object, section: str, findings: list[Diagnostic]
) -> Iterator[tuple[str, Scalar]]:
    node = holder.node.get(section)
    if node is None or (isinstance(node, Scalar) and node.is_null):
        return
    if not isinstance(node, Mapping):
        findings.append(wrong_type(node, f"a mapping of keys to values under '{section}'"))
        return
    for entry in node.entries:
        if isinstance(entry.value, Scalar):
            yield entry.key.text, entry.value
        else:
            findings.append(wrong_type(entry.value, f"text for '{entry.key.text}'"))


def _decoded(holder: Object, key: str, scalar: Scalar, findings: list[Diagnostic]) -> str | None:
    """The text behind base64 and, where it begins so, gzip; None for what is no text."""

    def say(message: str, hint: str | None = None) -> None:
        findings.append(Diagnostic(KUBERNETES_DATA_UNREADABLE, message, scalar.span, hint))

    try:
        raw = base64.b64decode("".join(scalar.text.split()), validate=True)
    except (binascii.Error, ValueError):
        hint = "write plain text under 'stringData'" if holder.kind == "Secret" else None
        say(f"the value of '{key}' is not base64", hint)
        return None
    if raw.startswith(_GZIP_START):
        unpacker = zlib.decompressobj(_GZIP_WINDOW)
        try:
            raw = unpacker.decompress(raw, MAX_UNPACKED_BYTES)
        except zlib.error:
            say(f"the value of '{key}' is no whole gzip file")
            return None
        if unpacker.unconsumed_tail:
            say(f"the value of '{key}' unpacks to more than {MAX_UNPACKED_BYTES >> 20} MiB")
            return None
        if not unpacker.eof:
            say(f"the value of '{key}' is no whole gzip file")
            return None
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        # Keys and certificates are binary; only a configuration must be text.
        return None


def _meant(text: str) -> Shape | None:
    if text.lstrip()[:1] == "{":
        # Dashboards are long and frequent; these words are in no other JSON that concerns us.
        hinted = '"groups"' in text or '"receivers"' in text or '"scrape_configs"' in text
        return "rules" if hinted else None
    for shape, patterns in _MEANT:
        if all(pattern.search(text) for pattern in patterns):
            return shape
    return None


def _shape(node: Node | None) -> Shape | None:
    if looks_like_alertmanager(node):
        return "alertmanager"
    if looks_like_rules(node):
        return "rules"
    if looks_like_prometheus(node):
        return "prometheus"
    is_relabelling = isinstance(node, Sequence) and all(
        isinstance(item, Mapping) and all(one.key.text in _STEP_FIELDS for one in item.entries)
        for item in node.items
    )
    return "relabelling" if is_relabelling else None


def _placed(value: Value, lines: list[str]) -> tuple[str, MoveSpan | None, Enclosure | None]:
    if not value.is_encoded:
        move = literal_places(value.scalar, lines)
        if move is not None:
            return value.scalar.span.file, move, None
    file = f"{value.holder.file}({value.said})"
    assert value.text is not None, "only what could be decoded is placed"
    return file, None, Enclosure(file, value.scalar.span, value.key, value.text)
