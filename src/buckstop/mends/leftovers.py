"""Keys that have a newer name or say what holds without them."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.document import Mapping, Scalar, as_bool
from buckstop.mends.model import Edit, Kept, Mend
from buckstop.mends.source import Source


def mend_time_intervals(source: Source, root: Mapping) -> Iterator[Mend | Kept]:
    """The top-level ``mute_time_intervals`` as ``time_intervals``, known since 0.24."""
    entry = root.entry("mute_time_intervals")
    if entry is None:
        return
    if "time_intervals" in root:
        yield Kept(entry.key.span, "`time_intervals` stands in the file too: move them there")
        return
    edit = Edit(source.start(entry.key.span), source.end(entry.key.span), "time_intervals")
    yield Mend("`mute_time_intervals` becomes `time_intervals`", entry.key.span, (edit,))


def mend_continue(source: Source, route: Mapping) -> Iterator[Mend | Kept]:
    """``continue: false`` goes: it is what holds where nothing is said."""
    entry = route.entry("continue")
    if entry is None or not isinstance(entry.value, Scalar) or as_bool(entry.value) is not False:
        return
    removal = source.without_entry(route, entry)
    if removal is None:
        yield Kept(entry.key.span, "`continue: false` has something else on its line")
    else:
        yield Mend("`continue: false` goes: it is the default", entry.key.span, (removal,))
