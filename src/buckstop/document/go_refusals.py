"""What libyaml takes and go-yaml does not, told in libyaml's own way: an error of the parser."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

import yaml

_GO_VERSION: Final = (1, 1)
"""The only one that may stand after ``%YAML``; measured with amtool and promtool."""
_ESCAPED_SLASH: Final = re.compile(r'"(?:[^\\]|\\[^/])*?(\\/)', re.DOTALL)


def as_go_reads(events: Iterable[Any], text: str) -> Iterable[Any]:
    """The events of `text`, up to what go-yaml refuses.

    Raises (while they are taken):
        yaml.MarkedYAMLError: an escaped slash, or a version of YAML other than 1.1.
    """
    if "\\/" not in text and "%YAML" not in text:
        return events
    return _checked(events, text)


def _checked(events: Iterable[Any], text: str) -> Iterator[Any]:
    for event in events:
        if isinstance(event, yaml.ScalarEvent):
            if event.style == '"':
                _refuse_escaped_slash(event, text)
        elif isinstance(event, yaml.DocumentStartEvent):
            _refuse_version(event)
        yield event


def _refuse_escaped_slash(event: Any, text: str) -> None:
    found = _ESCAPED_SLASH.search(text, event.start_mark.index, event.end_mark.index)
    if found is not None:
        raise yaml.MarkedYAMLError(
            context="while parsing a quoted scalar",
            context_mark=event.start_mark,
            problem="found unknown escape character",
            # A place by its offset, which is all that is asked of it.
            problem_mark=yaml.Mark("", found.start(1), 0, 0, None, 0),
        )


def _refuse_version(event: Any) -> None:
    if event.version is not None and tuple(event.version) != _GO_VERSION:
        raise yaml.MarkedYAMLError(
            context="while parsing a document",
            context_mark=event.start_mark,
            problem="found incompatible YAML document",
            problem_mark=event.end_mark,
        )
