"""Text on the pages can be read, by day and by night: WCAG AA."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

CSS = files("buckstop.web").joinpath("static/board.css").read_text(encoding="utf-8")
PAIRS = [
    ("ink", "ground"),
    ("ink", "sheet"),
    ("dim", "ground"),
    ("dim", "sheet"),
    ("accent", "sheet"),
    ("on-accent", "accent"),
    ("good", "sheet"),
    ("good", "ground"),
    ("grave", "ground"),
    ("serious", "sheet"),
    ("grave", "grave-ground"),
    ("serious", "serious-ground"),
    ("slight", "slight-ground"),
    ("ink", "grave-ground"),
]


def colour(name: str, scheme: int) -> str:
    """The colour `name` for light (0) or dark (1)."""
    found = re.search(rf"--{name}: light-dark\((#\w+), (#\w+)\)", CSS)
    assert found is not None, name
    return found.groups()[scheme]


def luminance(colour_text: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour_text[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back"), PAIRS)
def test_text_stands_out_from_its_ground(front: str, back: str, scheme: int) -> None:
    """At least 4.5 to 1 for every pair of colours that carries text."""
    light, dark = sorted(
        (luminance(colour(front, scheme)), luminance(colour(back, scheme))), reverse=True
    )
    assert (light + 0.05) / (dark + 0.05) >= 4.5
