"""Streams of documents in: the Kubernetes objects among them, lists opened, and the rest."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from buckstop.diagnostics import Diagnostic, Span
from buckstop.diagnostics.source import source_lines
from buckstop.document import Entry, Mapping, MoveSpan, Node, Scalar, Sequence, parse, shown_text
from buckstop.document.codes import UNREAD, YAML_EMPTY
from buckstop.kubernetes.codes import KUBERNETES_OBJECT_INVALID

MAX_OBJECTS: Final = 100_000
"""Objects of one stream, those within lists counted; what comes after them is not read."""
MAX_LIST_DEPTH: Final = 8
"""Lists within lists that are opened."""

DEFAULT_NAMESPACE: Final = "default"
"""Where Kubernetes puts an object that names no namespace, unless it is applied with one."""

OPERATOR_GROUP: Final = "monitoring.coreos.com"
"""The API group of the Prometheus Operator's objects."""

CONCERNED: Final = frozenset(
    {
        "PrometheusRule",
        "AlertmanagerConfig",
        "Alertmanager",
        "Prometheus",
        "ConfigMap",
        "Secret",
        "Namespace",
    }
)
"""Kinds of which something is read."""

_SOURCE: Final = re.compile(r"# Source: (\S.*?)\s*")
_LIST_SUFFIX: Final = "List"


@dataclass(frozen=True, slots=True)
class Stream:
    """Documents as they were given.

    Attributes:
        file: the name that places are given with.
        is_piped: whether they come from another program, so that a document's ``# Source:``
            comment says more than `file` does.
    """

    data: bytes
    file: str
    is_piped: bool = False


@dataclass(frozen=True, slots=True)
class Object:
    """One Kubernetes object.

    Attributes:
        group: of its API, empty for the core's; `version` is the rest of ``apiVersion``.
        namespace: as written, or None.
        place: where it begins, for findings about the whole of it.
        node: all of it.
    """

    group: str
    version: str
    kind: str
    name: str
    namespace: Scalar | None
    place: Span
    node: Mapping

    @property
    def file(self) -> str:
        """The name of the file that it stands in."""
        return self.place.file

    @property
    def labels(self) -> dict[str, str]:
        """The labels of its metadata; values that are no text are left out."""
        metadata = self.node.get("metadata")
        labels = metadata.get("labels") if isinstance(metadata, Mapping) else None
        if not isinstance(labels, Mapping):
            return {}
        return {
            entry.key.text: entry.value.text
            for entry in labels.entries
            if isinstance(entry.value, Scalar)
        }

    @property
    def spec(self) -> Mapping | None:
        """Its ``spec``, where that is a mapping."""
        spec = self.node.get("spec")
        return spec if isinstance(spec, Mapping) else None

    @property
    def said(self) -> str:
        """The object for people: ``PrometheusRule monitoring/node``."""
        prefix = "" if self.namespace is None else f"{self.namespace.text}/"
        return f"{self.kind} {prefix}{self.name}"


def namespace_of(one: Object) -> str:
    """The namespace that `one` goes to: as written, else the default."""
    return DEFAULT_NAMESPACE if one.namespace is None else one.namespace.text


@dataclass(frozen=True, slots=True)
class Found:
    """What a stream holds.

    Attributes:
        plain: documents that are no Kubernetes objects.
        ignored: how many objects there are of each kind that does not concern us.
        names: names of files in places, other than the stream's own.
    """

    objects: tuple[Object, ...]
    plain: tuple[Node, ...]
    ignored: Counter[str]
    names: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]


def find_objects(stream: Stream) -> Found:
    """Every object of `stream`; a broken document is a finding, and the rest is still read."""
    lines, names = _sources(stream)
    parsed = parse(stream.data, stream.file, _by_source(lines, names) if lines else None)
    objects: list[Object] = []
    plain: list[Node] = []
    ignored: Counter[str] = Counter()
    unrelated: list[Span] = []
    findings: list[Diagnostic] = []
    read = 0
    for root in parsed.roots:
        if root is None or (isinstance(root, Scalar) and root.is_null):
            continue
        if not _is_object(root):
            plain.append(root)
            continue
        for node in _opened(root, 0):
            read += 1
            if read > MAX_OBJECTS:
                findings.append(
                    Diagnostic(
                        KUBERNETES_OBJECT_INVALID,
                        f"more than {MAX_OBJECTS:,} objects: the rest is not read",
                        node.span,
                        hint="give fewer at a time",
                    )
                )
                break
            concerned = _object(node, findings)
            if concerned is not None:
                objects.append(concerned)
            else:
                ignored[_text(node, "kind")] += 1
                unrelated.append(node.span)
    return Found(
        tuple(objects),
        tuple(plain),
        ignored,
        tuple(dict.fromkeys(name for name in names if name != stream.file)),
        (*_concerning(parsed.diagnostics, unrelated), *findings),
    )


def _is_object(node: Node) -> bool:
    return isinstance(node, Mapping) and "apiVersion" in node and "kind" in node


def _opened(node: Node, depth: int) -> Iterator[Mapping]:
    """The objects of a ``List``, of a ``PrometheusRuleList`` and the like, else `node` itself."""
    if not isinstance(node, Mapping):
        return
    items = node.get("items")
    is_list = _text(node, "kind").endswith(_LIST_SUFFIX) and isinstance(items, Sequence)
    if not is_list or depth >= MAX_LIST_DEPTH:
        yield node
        return
    assert isinstance(items, Sequence), "asked above"
    own_kind = _text(node, "kind").removesuffix(_LIST_SUFFIX)
    for item in items.items:
        if isinstance(item, Mapping) and own_kind and "kind" not in item:
            # In a list of one kind, items need not say it again.
            version = node.entry("apiVersion")
            kind = node.entry("kind")
            assert version is not None, "an object has both"
            assert kind is not None, "an object has both"
            said = Entry(kind.key, Scalar(own_kind, *kind.value.span))
            item = Mapping((version, said, *item.entries), item.span)  # noqa: PLW2901
        yield from _opened(item, depth + 1)


def _object(node: Mapping, findings: list[Diagnostic]) -> Object | None:
    """The object at `node`; None where its kind does not concern us."""
    group, _, version = _text(node, "apiVersion").rpartition("/")
    kind = _text(node, "kind")
    core = {"ConfigMap", "Secret", "Namespace"}
    if kind not in CONCERNED or group != ("" if kind in core else OPERATOR_GROUP):
        return None
    metadata = node.get("metadata")
    inner = metadata if isinstance(metadata, Mapping) else None
    name = None if inner is None else inner.get("name") or inner.get("generateName")
    entry = node.entry("kind")
    assert entry is not None, "an object has a kind"
    if not isinstance(name, Scalar) or name.text == "":
        findings.append(
            Diagnostic(
                KUBERNETES_OBJECT_INVALID,
                f"this {kind} has no 'metadata.name'",
                entry.key.span,
                hint="Kubernetes refuses an object without a name",
            )
        )
        name = Scalar("", *entry.key.span)
    namespace = None if inner is None else inner.get("namespace")
    return Object(
        group=group,
        version=version,
        kind=kind,
        name=name.text,
        namespace=namespace if isinstance(namespace, Scalar) and namespace.text else None,
        place=entry.key.span,
        node=node,
    )


def _text(node: Mapping, key: str) -> str:
    value = node.get(key)
    return value.text if isinstance(value, Scalar) else ""


def _concerning(
    diagnostics: tuple[Diagnostic, ...], unrelated: list[Span]
) -> tuple[Diagnostic, ...]:
    """Without what is said of objects that do not concern us, unless it kept one from being read.

    A stream without documents is not called empty: a chart may render nothing.
    """
    starts = sorted((span.file, span.line, span.end_line) for span in unrelated)

    def is_unrelated(span: Span | None) -> bool:
        if span is None:
            return False
        index = bisect_right(starts, (span.file, span.line, 2**31)) - 1
        return index >= 0 and starts[index][0] == span.file and span.line <= starts[index][2]

    return tuple(
        found
        for found in diagnostics
        if found.code is not YAML_EMPTY and (found.code in UNREAD or not is_unrelated(found.span))
    )


def _sources(stream: Stream) -> tuple[list[int], list[str]]:
    """Lines from which on documents have names of their own, as ``helm template`` says them."""
    lines: list[int] = []
    names: list[str] = []
    if not stream.is_piped or b"# Source: " not in stream.data:
        return lines, names
    for number, line in enumerate(source_lines(shown_text(stream.data)), 1):
        if line[:3] == "---":
            lines.append(number)
            names.append(stream.file)
        elif line[:10] == "# Source: " and (source := _SOURCE.fullmatch(line)):
            lines.append(number)
            names.append(f"{stream.file}({source[1]})")
    return lines, names


def _by_source(lines: list[int], names: list[str]) -> MoveSpan:
    """Gives each place the name that holds from the last of `lines` before it."""

    def move(span: Span) -> Span:
        index = bisect_right(lines, span.line) - 1
        return span if index < 0 else span._replace(file=names[index])

    return move
