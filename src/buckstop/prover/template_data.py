"""What a notification template finds in Alertmanager: types, their fields, functions, names.

Source: Alertmanager's ``template`` package (``Data``, ``Alert``, ``KV``, ``Pairs``,
``DefaultFuncs``) and Go's ``text/template`` builtins.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ANY: Final = "any"
"""The type of what is not followed further."""

FIELDS: Final[Mapping[str, Mapping[str, str]]] = {
    "template.Data": {
        "Receiver": "string",
        "Status": "string",
        "Alerts": "template.Alerts",
        "GroupLabels": "template.KV",
        "CommonLabels": "template.KV",
        "CommonAnnotations": "template.KV",
        "ExternalURL": "string",
    },
    "template.Alerts": {"Firing": "alerts that may be none", "Resolved": "alerts that may be none"},
    "template.Alert": {
        "Status": "string",
        "Labels": "template.KV",
        "Annotations": "template.KV",
        "StartsAt": "time.Time",
        "EndsAt": "time.Time",
        "GeneratorURL": "string",
        "Fingerprint": "string",
    },
    "template.Pairs": {"Names": "strings", "Values": "strings"},
    "template.Pair": {"Name": "string", "Value": "string"},
    "alerts that may be none": {},
    "strings": {},
    "string": {},
}
"""Fields and methods by type. A field of a type that is not here leaves the template undecided."""

KV_METHODS: Final = {"SortedPairs": "template.Pairs", "Names": "strings", "Values": "strings"}
"""Methods of a label or annotation map; any other name is a key, and a missing key is empty."""

ELEMENTS: Final = {
    "template.Alerts": "template.Alert",
    "alerts that may be none": "template.Alert",
    "template.Pairs": "template.Pair",
    "template.KV": "string",
    "strings": "string",
}
"""What ``range`` puts into the dot."""

STRING_FUNCTIONS: Final = frozenset(
    {"toUpper", "toLower", "title", "trimSpace", "safeHtml", "html", "js", "urlquery"}
)
"""They take strings and give a string, whatever the string."""
PRINT_FUNCTIONS: Final = frozenset({"print", "printf", "println"})
"""They take anything and give a string."""
PATTERN_FUNCTIONS: Final = frozenset({"reReplaceAll"})
"""They take a pattern, a replacement and a text, and give a string."""
COMPARISONS: Final = frozenset({"eq", "ne", "lt", "le", "gt", "ge"})
OTHER_FUNCTIONS: Final = frozenset(
    {"and", "or", "not", "len", "index", "slice", "call", "join", "match", "reReplaceAll"}
    | {"stringSlice"}
)
RECENT_FUNCTIONS: Final = frozenset(
    {"date", "tz", "since", "humanizeDuration", "safeUrl", "urlUnescape", "toJson", "now"}
    | {"append", "dict", "list"}
)
"""Functions that only some versions of Alertmanager have: never judged."""
FUNCTIONS: Final = (
    STRING_FUNCTIONS | PRINT_FUNCTIONS | COMPARISONS | OTHER_FUNCTIONS | RECENT_FUNCTIONS
)

DEFAULT_TEMPLATES: Final = (
    "__alertmanager",
    "__alertmanagerURL",
    "__subject",
    "__description",
    "__text_alert_list",
    "__text_alert_list_markdown",
)
"""Names that Alertmanager's own template file defines, beside those of `DEFAULT_PREFIXES`."""
DEFAULT_PREFIXES: Final = (
    "slack.default.",
    "pagerduty.default.",
    "email.default.",
    "opsgenie.default.",
    "victorops.default.",
    "pushover.default.",
    "wechat.default.",
    "sns.default.",
    "telegram.default.",
    "discord.default.",
    "webex.default.",
    "msteams.default.",
    "msteamsv2.default.",
    "jira.default.",
    "rocketchat.default.",
    "mattermost.default.",
    "incidentio.default.",
)
