"""``alertmanager.yml`` out: what was read, so written that no server notices a difference."""

from __future__ import annotations

from buckstop.alertmanager.kinds import FILE, ROUTE
from buckstop.alertmanager.model import AlertmanagerConfig
from buckstop.document import emit, rewritten


def write(config: AlertmanagerConfig, header: str = "") -> str:
    """All that `config` was read from, comments and layout aside, its keys in their order.

    What a server reads as text is written as text, however it was spelled: ``0755`` stays these
    four characters. Anchors are written out where they are used.

    Args:
        header: a comment for the top of the file.
    """
    return emit(rewritten(config.node, FILE, config.version, ROUTE), header)
