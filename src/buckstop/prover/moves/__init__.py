"""Accountability that moves between two states of the files: what, from whom to whom, exactly."""
