"""What can be wrong with Kubernetes objects that hold rules and routes; what they leave open."""

from __future__ import annotations

from typing import Final

from buckstop.diagnostics import Code, Level

_LEFT_OUT: Final = (
    "The operator leaves the whole object out and says so in an event that few read: the alerts "
    "that its routes would take go to whoever comes next."
)
_OPEN: Final = (
    "Who is told depends on it. It is said here so that nobody takes an assumption for a proof."
)

KUBERNETES_OBJECT_INVALID: Final = Code(
    "kubernetes-object-invalid",
    Level.ERROR,
    "An object lacks what Kubernetes or the operator needs, or is refused by them",
    _LEFT_OUT,
)
KUBERNETES_DATA_UNREADABLE: Final = Code(
    "kubernetes-data-unreadable",
    Level.ERROR,
    "A value of a Secret or a ConfigMap cannot be decoded",
    "What cannot be read decides nothing: nobody is accountable for what stands in it.",
)
KUBERNETES_SECRET_MISSING: Final = Code(
    "kubernetes-secret-missing",
    Level.ERROR,
    "A Secret is given, but not the key that an object refers to",
    _LEFT_OUT,
)
KUBERNETES_SECRET_UNSEEN: Final = Code(
    "kubernetes-secret-unseen",
    Level.INFO,
    "An object refers to a Secret that is not among the files",
    _OPEN,
)
KUBERNETES_NAMESPACE_ASSUMED: Final = Code(
    "kubernetes-namespace-assumed",
    Level.INFO,
    "An object names no namespace, and where it goes decides what it does",
    _OPEN,
)
KUBERNETES_SELECTION_UNDECIDED: Final = Code(
    "kubernetes-selection-undecided",
    Level.INFO,
    "The files do not decide whether an object is selected",
    _OPEN,
)
KUBERNETES_UNSELECTED: Final = Code(
    "kubernetes-unselected",
    Level.WARNING,
    "No server among the files selects an object",
    "It is applied without a word and does nothing: its alerts never fire, or its routes never "
    "take one, and everybody believes that they do.",
)
KUBERNETES_RUN_ELSEWHERE: Final = Code(
    "kubernetes-run-elsewhere",
    Level.INFO,
    "Rules are run by a Prometheus that was not chosen, and are not judged",
    "Nothing is said here of who answers for their alerts; that is a check of its own.",
)
KUBERNETES_BASE_UNSEEN: Final = Code(
    "kubernetes-base-unseen",
    Level.INFO,
    "The configuration that an Alertmanager starts from is not among the files",
    _OPEN,
)
KUBERNETES_CHART_UNRENDERED: Final = Code(
    "kubernetes-chart-unrendered",
    Level.INFO,
    "The templates of a Helm chart are not read before they are rendered",
    _OPEN,
)
