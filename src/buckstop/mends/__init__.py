"""Mends that are safe: what is deprecated or unsafe in a file, as edits that keep all the rest."""

from buckstop.mends.alertmanager import Mended, mend_alertmanager
from buckstop.mends.model import Kept, Mend, SecretFile, View
from buckstop.mends.objects import MendedObjects, mend_objects

__all__ = [
    "Kept",
    "Mend",
    "Mended",
    "MendedObjects",
    "SecretFile",
    "View",
    "mend_alertmanager",
    "mend_objects",
]
