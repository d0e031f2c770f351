"""All that the streams of one run hold, put together: objects refer to one another across files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from buckstop.diagnostics import Diagnostic, Span
from buckstop.diagnostics.source import source_lines
from buckstop.document import Node, shown_text
from buckstop.kubernetes.codes import KUBERNETES_NAMESPACE_ASSUMED
from buckstop.kubernetes.contents import (
    TEMPLATE_SUFFIX,
    Content,
    Value,
    content_of,
    secret_spans,
    values_of,
)
from buckstop.kubernetes.objects import (
    DEFAULT_NAMESPACE,
    Object,
    Stream,
    find_objects,
    namespace_of,
)


@dataclass(frozen=True, slots=True)
class Collection:
    """What was found.

    Attributes:
        objects: by kind, in the order of the files.
        plain: documents that are no Kubernetes objects, with the file that each stands in.
        contents: of ConfigMaps and Secrets: rule files and configurations.
        keys: of each ConfigMap and Secret, by kind, namespace and name.
        templates: values of ConfigMaps and Secrets that are notification templates.
        ignored: objects by kind that do not concern us.
        names: names of files in places to the stream's own, where they differ.
        secrets: where values of Secrets stand that must not be shown.
    """

    objects: dict[str, tuple[Object, ...]]
    plain: tuple[tuple[str, Node], ...]
    contents: tuple[Content, ...]
    keys: dict[tuple[str, str, str], frozenset[str]]
    templates: tuple[Value, ...]
    ignored: Counter[str]
    names: dict[str, str]
    secrets: tuple[Span, ...]
    findings: tuple[Diagnostic, ...]

    def of_kind(self, kind: str) -> tuple[Object, ...]:
        """The objects of one kind, in the order of the files."""
        return self.objects.get(kind, ())


def collect(streams: Iterable[Stream]) -> Collection:
    """Everything in `streams`; what is wrong anywhere does not keep the rest from being read."""
    objects: dict[str, list[Object]] = {}
    plain: list[tuple[str, Node]] = []
    contents: list[Content] = []
    keys: dict[tuple[str, str, str], frozenset[str]] = {}
    templates: list[Value] = []
    ignored: Counter[str] = Counter()
    names: dict[str, str] = {}
    secrets: list[Span] = []
    findings: list[Diagnostic] = []
    for stream in streams:
        found = find_objects(stream)
        findings += found.diagnostics
        ignored += found.ignored
        names |= dict.fromkeys(found.names, stream.file)
        for one in found.objects:
            objects.setdefault(one.kind, []).append(one)
        plain += [(node.span.file, node) for node in found.plain]
        lines: list[str] | None = None
        for holder in found.objects:
            if holder.kind not in {"ConfigMap", "Secret"}:
                continue
            if lines is None:
                lines = source_lines(shown_text(stream.data))
            values = values_of(holder, findings)
            name = (holder.kind, namespace_of(holder), holder.name)
            keys[name] = frozenset(value.key for value in values)
            for value in values:
                if value.key.endswith(TEMPLATE_SUFFIX):
                    templates.append(value)
                    continue
                content = content_of(value, lines)
                if content is not None:
                    contents.append(content)
                    findings += content.findings
            if holder.kind == "Secret":
                secrets += secret_spans(holder)
    return Collection(
        {kind: tuple(listed) for kind, listed in objects.items()},
        tuple(plain),
        tuple(contents),
        keys,
        tuple(templates),
        ignored,
        names,
        tuple(secrets),
        tuple(findings),
    )


def namespace_finding(one: Object) -> Diagnostic | None:
    """Says that the namespace of `one` is assumed, where it is."""
    if one.namespace is not None:
        return None
    return Diagnostic(
        KUBERNETES_NAMESPACE_ASSUMED,
        f"{one.said} names no namespace; it is taken as '{DEFAULT_NAMESPACE}'",
        one.place,
        hint="write 'metadata.namespace', or render the chart so that it does",
    )
