"""All mends of one ``alertmanager.yml``, tried against the file as it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from buckstop.alertmanager import read, walk_routes
from buckstop.alertmanager.model import AlertmanagerConfig
from buckstop.alertmanager.versions import OLDEST, parse_version
from buckstop.diagnostics import Diagnostic, has_errors
from buckstop.mends.agreement import agree
from buckstop.mends.inline_secrets import mend_secrets
from buckstop.mends.leftovers import mend_continue, mend_time_intervals
from buckstop.mends.matchers import mend_matchers
from buckstop.mends.model import Kept, Mend
from buckstop.mends.source import Source, apply, do_overlap

_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Mended:
    """A file, mended as far as that is safe.

    Attributes:
        text: the new text; the old one where nothing is mended.
        mends: what was done, in the order of the file.
        kept: what is left to its owner.
        diagnostics: why the file was not looked at, where it has errors.
    """

    text: str
    mends: tuple[Mend, ...]
    kept: tuple[Kept, ...]
    diagnostics: tuple[Diagnostic, ...]


def mend_alertmanager(
    text: str, file: str, version: str | None = None, secrets_folder: str | None = None
) -> Mended:
    """`text` mended: what Alertmanager does with it stays as it is.

    Args:
        file: the name that places are given with.
        version: Alertmanager's; None means every supported one.
        secrets_folder: where inline secrets are to move, or None to leave them.

    Raises:
        ValueError: if `version` is none.
    """
    bare = text.removeprefix(_BOM)
    config, diagnostics = read(bare, file, version)
    if config is None or has_errors(diagnostics):
        return Mended(text, (), (), diagnostics)
    source = Source(bare)
    found = list(_found(source, config, version, secrets_folder))
    mends = tuple(one for one in found if isinstance(one, Mend))
    kept = [one for one in found if isinstance(one, Kept)]
    if mends and not _is_same(bare, config, mends, version):
        tried = {one: _is_same(bare, config, (one,), version) for one in mends}
        reason = "what it means could not be shown to stay the same"
        kept += [Kept(one.span, reason) for one, is_same in tried.items() if not is_same]
        mends = tuple(one for one, is_same in tried.items() if is_same)
        if not _is_same(bare, config, mends, version):
            kept += [Kept(one.span, reason) for one in mends]
            mends = ()
    mends = tuple(sorted(mends, key=lambda one: one.span))
    new = apply(bare, (edit for one in mends for edit in one.edits))
    return Mended(
        text[: len(text) - len(bare)] + new,
        mends,
        tuple(sorted(kept, key=lambda one: one.span)),
        (),
    )


def _found(
    source: Source, config: AlertmanagerConfig, version: str | None, secrets_folder: str | None
) -> Iterator[Mend | Kept]:
    for route in walk_routes(config.route):
        yield from mend_matchers(source, route.node, "")
        yield from mend_continue(source, route.node)
    for rule in config.inhibit_rules:
        yield from mend_matchers(source, rule.node, "source_")
        yield from mend_matchers(source, rule.node, "target_")
    yield from mend_time_intervals(source, config.node)
    if secrets_folder is not None:
        # Without one aimed at, a secret moves only where every supported version finds it.
        aimed = OLDEST if version is None else parse_version(version)
        yield from mend_secrets(source, config, secrets_folder, aimed)


def _is_same(
    text: str, config: AlertmanagerConfig, mends: tuple[Mend, ...], version: str | None
) -> bool:
    """Whether the file still loads with `mends`, and does what it did."""
    edits = [edit for one in mends for edit in one.edits]
    if do_overlap(edits):
        return False
    new, diagnostics = read(apply(text, edits), config.file, version)
    return new is not None and not has_errors(diagnostics) and agree(config, new)
