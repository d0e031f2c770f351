"""References to keys of Secrets and ConfigMaps: whether they lead anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from buckstop.diagnostics import Diagnostic, Span
from buckstop.document import Fields, Node
from buckstop.document.codes import KEY_MISSING
from buckstop.kubernetes.codes import KUBERNETES_SECRET_MISSING, KUBERNETES_SECRET_UNSEEN
from buckstop.kubernetes.objects import Object


@dataclass(frozen=True, slots=True)
class Reference:
    """``{name, key}``: one value of a Secret or a ConfigMap of the same namespace."""

    kind: str
    name: str
    key: str
    span: Span


@dataclass(slots=True)
class References:
    """Resolves what the objects of one namespace refer to.

    Values themselves are never taken over: that one is there is all that is needed, and what is
    not held cannot be printed.

    Attributes:
        keys: of each Secret and ConfigMap among the files, by kind, namespace and name.
        namespace: in which the names are looked up.
        unseen: references to objects that are not among the files.
    """

    keys: Mapping[tuple[str, str, str], frozenset[str]]
    namespace: str
    findings: list[Diagnostic]
    unseen: list[Reference] = field(default_factory=list)

    def read(self, node: Node, kind: str) -> Reference | None:
        """The reference at `node`; None, with a finding, where it is none or leads nowhere."""
        fields = Fields.of(node, f"a reference to a key of a {kind}", self.findings)
        if fields is None:
            return None
        name, key = fields.text("name"), fields.text("key")
        optional = fields.boolean("optional")
        fields.finish()
        if not name or not key:
            lacking = "name" if not name else "key"
            self.findings.append(
                Diagnostic(KEY_MISSING, f"a reference needs '{lacking}'", node.span)
            )
            return None
        reference = Reference(kind, name, key, node.span)
        known = self.keys.get((kind, self.namespace, name))
        if known is None:
            self.unseen.append(reference)
        elif key not in known and not optional:
            there = ", ".join(sorted(known)) or "none"
            self.findings.append(
                Diagnostic(
                    KUBERNETES_SECRET_MISSING,
                    f"the {kind} '{name}' has no key '{key}'",
                    node.span,
                    hint=f"its keys: {there}",
                )
            )
        return reference

    def unseen_finding(self, of: Object) -> Diagnostic | None:
        """One finding for all that `of` refers to and that is not among the files."""
        if not self.unseen:
            return None
        names = sorted({f"{one.kind} {one.name}, key {one.key}" for one in self.unseen})
        return Diagnostic(
            KUBERNETES_SECRET_UNSEEN,
            f"{of.said} takes values from what is not among the files: {'; '.join(names)}",
            self.unseen[0].span,
            hint="they are taken as present and right, else the operator leaves the object out",
        )
