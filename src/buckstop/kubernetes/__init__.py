"""Kubernetes objects in: the rules and routes that they hold, as the servers get them."""

from buckstop.kubernetes.alertmanagers import Routed
from buckstop.kubernetes.bases import Base
from buckstop.kubernetes.choosing import Candidate, Choice
from buckstop.kubernetes.embedding import Enclosure, enclosed
from buckstop.kubernetes.objects import Stream
from buckstop.kubernetes.reading import Manifests, ReadRules, read_manifests

__all__ = [
    "Base",
    "Candidate",
    "Choice",
    "Enclosure",
    "Manifests",
    "ReadRules",
    "Routed",
    "Stream",
    "enclosed",
    "read_manifests",
]
