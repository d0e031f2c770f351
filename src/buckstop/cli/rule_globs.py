"""Which files the ``rule_files`` of a configuration name on this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from buckstop.diagnostics import Diagnostic
from buckstop.prometheus.codes import RULE_GLOB_EMPTY
from buckstop.prometheus.globs import has_magic, part_test

if TYPE_CHECKING:
    from buckstop.prometheus import PrometheusConfig

MAX_PLACES: Final = 10_000
"""Files and folders that one glob may lead through."""


def empty_globs(config: PrometheusConfig, folder: Path) -> Iterator[Diagnostic]:
    """A finding for each relative glob that names no file below `folder`.

    What is absolute belongs to the machine that runs the server, which need not be this one.
    """
    for glob in config.rule_globs:
        if _is_here(glob.pattern) and not matching(folder, glob.pattern):
            yield Diagnostic(
                RULE_GLOB_EMPTY,
                f"'{glob.pattern}' names no file: Prometheus loads no rules by it, silently",
                glob.span,
                hint="a path is relative to the folder of the prometheus.yml",
            )


def named_files(config: PrometheusConfig, folder: Path) -> list[Path]:
    """What the relative globs of `config` name below `folder`, each path once."""
    return list(
        dict.fromkeys(
            path
            for glob in config.rule_globs
            if _is_here(glob.pattern)
            for path in matching(folder, glob.pattern)
        )
    )


def _is_here(pattern: str) -> bool:
    return not pattern.startswith("/")


def matching(folder: Path, pattern: str) -> list[Path]:
    """What `pattern` names below `folder`, in order; nothing where it cannot be looked at."""
    places = [folder]
    for part in pattern.split("/"):
        if part in {"", "."}:
            continue
        places = [found for place in places for found in _within(place, part)][:MAX_PLACES]
    return sorted(places)


def _within(folder: Path, part: str) -> list[Path]:
    if not has_magic(part):
        path = folder / part
        return [path] if os.path.lexists(path) else []
    test = part_test(part)
    try:
        names = os.listdir(folder)  # noqa: PTH208 - names, which may not be UTF-8, are compared
    except OSError:
        return []
    return [folder / name for name in names if test is not None and test(name)]
