"""The record of who is accountable for what, from when to when, on what authority."""
