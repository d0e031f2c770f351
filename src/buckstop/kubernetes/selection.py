"""Label selectors as Kubernetes evaluates them, and what the files leave open of them."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as Labels
from dataclasses import dataclass
from typing import Final

from buckstop.diagnostics import Diagnostic
from buckstop.document import Mapping, Node, Scalar, Sequence
from buckstop.kubernetes.codes import KUBERNETES_SELECTION_UNDECIDED, KUBERNETES_UNSELECTED
from buckstop.kubernetes.nodes import text_at, value_at
from buckstop.kubernetes.objects import Object, namespace_of

NAME_LABEL: Final = "kubernetes.io/metadata.name"
"""Kubernetes gives it to every namespace; its value is the namespace's name."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One condition of a selector; unknown operators are never fulfilled, as the API refuses them.

    Attributes:
        operator: ``In``, ``NotIn``, ``Exists`` or ``DoesNotExist``.
    """

    key: str
    operator: str
    values: tuple[str, ...]

    def holds(self, labels: Labels[str, str]) -> bool:
        """Whether an object with `labels` fulfils it; a missing label fulfils ``NotIn``."""
        match self.operator:
            case "In":
                return labels.get(self.key) in self.values
            case "NotIn":
                return labels.get(self.key) not in self.values
            case "Exists":
                return self.key in labels
            case "DoesNotExist":
                return self.key not in labels
            case _:
                return False


def requirements_of(node: Node | None) -> tuple[Requirement, ...] | None:
    """The conditions of a selector, none for ``{}``; None where there is no selector."""
    if not isinstance(node, Mapping):
        return None
    exact = node.get("matchLabels")
    found = [
        Requirement(entry.key.text, "In", (entry.value.text,))
        for entry in (exact.entries if isinstance(exact, Mapping) else ())
        if isinstance(entry.value, Scalar)
    ]
    expressions = node.get("matchExpressions")
    for item in expressions.items if isinstance(expressions, Sequence) else ():
        if isinstance(item, Mapping):
            values = item.get("values")
            found.append(
                Requirement(
                    text_at(item, "key"),
                    text_at(item, "operator"),
                    tuple(
                        value.text
                        for value in (values.items if isinstance(values, Sequence) else ())
                        if isinstance(value, Scalar)
                    ),
                )
            )
    return tuple(found)


def selects(node: Node | None, labels: Labels[str, str]) -> bool:
    """Whether a selector takes an object with `labels`; none takes none, ``{}`` takes all."""
    requirements = requirements_of(node)
    return requirements is not None and all(one.holds(labels) for one in requirements)


def selects_namespace(
    node: Node | None, namespace: str, own: str, namespaces: Iterable[Object]
) -> bool | None:
    """Whether a namespace selector takes `namespace`; None where its labels are not known.

    Args:
        own: the namespace of the object that selects: without a selector it takes only this one.
        namespaces: those whose labels are among the files.
    """
    requirements = requirements_of(node)
    if requirements is None:
        return namespace == own
    given = next((one for one in namespaces if one.name == namespace), None)
    if given is not None:
        labels = {**given.labels, NAME_LABEL: namespace}
        return all(one.holds(labels) for one in requirements)
    known = [one.holds({NAME_LABEL: namespace}) for one in requirements if one.key == NAME_LABEL]
    if not all(known):
        return False
    return True if len(known) == len(requirements) else None


def selected(
    one: Object, server: Object, prefix: str, namespaces: Iterable[Object]
) -> tuple[bool, Diagnostic | None]:
    """Whether `server` selects `one`, and a finding where the files do not decide it.

    What is not decided counts as selected.

    Args:
        prefix: before ``Selector`` and ``NamespaceSelector`` in the names of the two selectors.
        namespaces: those whose labels are among the files.
    """
    namespace = namespace_of(one)
    in_namespace = selects_namespace(
        value_at(server.spec, f"{prefix}NamespaceSelector"),
        namespace,
        namespace_of(server),
        namespaces,
    )
    if in_namespace is False:
        return False, None
    if not selects(value_at(server.spec, f"{prefix}Selector"), one.labels):
        return False, None
    if in_namespace:
        return True, None
    return True, Diagnostic(
        KUBERNETES_SELECTION_UNDECIDED,
        f"{server.said} selects by labels of the namespace '{namespace}', which is not among the "
        f"files; {one.said} is taken as selected",
        one.place,
        hint=f"give the Namespace object '{namespace}' as well",
    )


def unselected(one: Object, servers: Iterable[Object], prefix: str) -> Diagnostic:
    """Says that none of `servers` selects `one`."""
    named = ", ".join(server.said for server in servers)
    return Diagnostic(
        KUBERNETES_UNSELECTED,
        f"{one.said} is selected by none of: {named}",
        one.place,
        hint=f"compare its labels and its namespace with '{prefix}Selector' and "
        f"'{prefix}NamespaceSelector'",
    )
