"""What can be wrong with an ``alertmanager.yml``: all of it keeps Alertmanager from loading it."""

from __future__ import annotations

from typing import Final

from buckstop.diagnostics import Code, Level

_NOT_LOADED = (
    "Alertmanager refuses the whole file. At start nobody is told anything; at a reload the old "
    "routes stay, and with them the old owners."
)

ROUTE_MISSING: Final = Code(
    "route-missing", Level.ERROR, "There is no root route, or it names no receiver", _NOT_LOADED
)
ROUTE_ROOT_CONDITIONAL: Final = Code(
    "route-root-conditional",
    Level.ERROR,
    "The root route has matchers, time intervals or continue",
    "The root is where everything ends that nobody else takes; it cannot have conditions. "
    + _NOT_LOADED,
)
MATCHER_INVALID: Final = Code(
    "matcher-invalid", Level.ERROR, "A matcher cannot be read", _NOT_LOADED
)
LABEL_NAME_INVALID: Final = Code(
    "label-name-invalid", Level.ERROR, "No label can have this name", _NOT_LOADED
)
GROUP_BY_INVALID: Final = Code(
    "group-by-invalid",
    Level.ERROR,
    "group_by names a label twice, or '...' beside others",
    _NOT_LOADED,
)
INTERVAL_ZERO: Final = Code(
    "interval-zero", Level.ERROR, "group_interval or repeat_interval is zero", _NOT_LOADED
)
RECEIVER_UNDEFINED: Final = Code(
    "receiver-undefined", Level.ERROR, "A route names a receiver that does not exist", _NOT_LOADED
)
RECEIVER_DUPLICATE: Final = Code(
    "receiver-duplicate", Level.ERROR, "Two receivers have the same name", _NOT_LOADED
)
TIME_INTERVAL_UNDEFINED: Final = Code(
    "time-interval-undefined",
    Level.ERROR,
    "A route names a time interval that does not exist",
    _NOT_LOADED,
)
TIME_INTERVAL_DUPLICATE: Final = Code(
    "time-interval-duplicate", Level.ERROR, "Two time intervals have the same name", _NOT_LOADED
)
TIME_INTERVAL_INVALID: Final = Code(
    "time-interval-invalid",
    Level.ERROR,
    "A time, day, month, year or time zone cannot be read",
    _NOT_LOADED,
)
DURATION_INVALID: Final = Code(
    "duration-invalid", Level.ERROR, "A duration cannot be read", _NOT_LOADED
)
URL_INVALID: Final = Code(
    "url-invalid", Level.ERROR, "A URL is not http or https, or has no host", _NOT_LOADED
)
SLACK_URL_MISSING: Final = Code(
    "slack-url-missing",
    Level.ERROR,
    "A Slack contact has no webhook URL, neither its own nor a global one",
    _NOT_LOADED,
)
CONTACT_FIELD_MISSING: Final = Code(
    "contact-field-missing",
    Level.ERROR,
    "A contact lacks what it needs to deliver: a key, a URL, an address",
    _NOT_LOADED,
)
CONTACT_FIELDS_CONFLICT: Final = Code(
    "contact-fields-conflict",
    Level.ERROR,
    "Two fields are given of which only one may be",
    _NOT_LOADED,
)
FIELD_TOO_NEW: Final = Code(
    "field-too-new",
    Level.ERROR,
    "A field is not known yet to the Alertmanager that is aimed at",
    _NOT_LOADED,
)
