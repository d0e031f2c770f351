"""What stands around each page's own matter."""

from __future__ import annotations

from starlette.requests import Request

from buckstop.web.site import site_of
from buckstop.web.tokens import Identity


def frame(request: Request) -> dict[str, object]:
    """The values that the template of every page asks for; ``request`` says who looks."""
    site = site_of(request)
    identity = getattr(request.state, "identity", None)
    return {
        "now": site.ledger.now(),
        "organization": site.ledger.accountability.manifest.organization,
        "problems": site.all_problems() if identity is not None else {},
        "person": identity.person if isinstance(identity, Identity) else None,
        "may_act": isinstance(identity, Identity) and "act" in identity.scopes,
        "signed_in": site.access.tokens is not None and identity is not None,
        "shadow": site.ledger.is_shadow,
        "position": site.hub.position,
        "place": "/" + request.url.path.split("/")[1],
    }
