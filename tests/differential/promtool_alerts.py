"""The alerts that ``promtool test rules`` prints where none is expected."""

from __future__ import annotations

import ast
import re

_CASE = re.compile(r"alertname: (\w+), time: ")
_ALERT = re.compile(r"Labels:\{(.*)\}\n")
_LABEL = re.compile(r'([a-zA-Z_]\w*)=("(?:[^"\\]|\\.)*")')


def printed_alerts(output: str) -> list[tuple[str, dict[str, str]]]:
    """The name asked for, and the labels of each alert that promtool says it got."""
    _, *reports = _CASE.split(output)
    return [
        (name, {label: ast.literal_eval(text) for label, text in _LABEL.findall(found)})
        for name, report in zip(reports[::2], reports[1::2], strict=True)
        for found in _ALERT.findall(report)
    ]
