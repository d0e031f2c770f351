"""The template files of a running Alertmanager, of which it tells the names alone."""

from __future__ import annotations

import posixpath
from dataclasses import replace

from buckstop.prover.given import Given


def with_templates_of(runs: Given, files: Given) -> Given:
    """`runs` with the texts of the template files beside `files`, where they have the same names.

    The proof then says that it rests on them.
    """
    loaded, said = runs.config, files.config
    if loaded is None or said is None or said.template_texts is None:
        return runs
    names = [tuple(map(posixpath.basename, config.templates)) for config in (loaded, said)]
    if names[0] != names[1]:
        return runs
    config = replace(loaded, template_texts=said.template_texts)
    return replace(runs, config=config, templates_source=said.file)
