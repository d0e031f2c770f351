"""Buckstop: when an AI system breaks, who answers for it?"""

from __future__ import annotations

__version__ = "0.1.0"
