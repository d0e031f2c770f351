"""Existing rules and routes in: a charter to start from that says what they say."""

from buckstop.adoption.facts import Start, read_start
from buckstop.adoption.text import start_texts

__all__ = ["Start", "read_start", "start_texts"]
