"""``slack_configs``."""

from __future__ import annotations

from typing import Final

from buckstop.alertmanager.codes import CONTACT_FIELDS_CONFLICT, SLACK_URL_MISSING
from buckstop.alertmanager.kinds.http import COMMON_FIELDS, is_authorized
from buckstop.alertmanager.kinds.integration_kind import Kind
from buckstop.diagnostics import Diagnostic
from buckstop.document import Field, Mapping, Scalar, Table, as_bool, has_text, is_nothing, texts
from buckstop.document.tables import Inherited
from buckstop.document.versions import Version

SLACK_API_URL: Final = "https://slack.com/api/chat.postMessage"
"""Where an app's token is used unless ``app_url`` says otherwise."""

_CONFIRMATION: Final = Table(
    "a Slack confirmation",
    texts("text", "title", "ok_text", "dismiss_text"),
    required=(("text",),),
)

_ACTION: Final = Table(
    "a Slack action",
    (*texts("type", "text", "url", "style", "name", "value"), Field("confirm", _CONFIRMATION)),
    required=(("type",), ("text",), ("url", "name")),
)

_FIELD: Final = Table(
    "a Slack field",
    (*texts("title", "value"), Field("short", "boolean")),
    required=(("title",), ("value",)),
)

_FIRST_UNKNOWN_UPDATES: Final[Version] = (0, 34)
"""From here on it is not known what ``update_message`` needs."""

_URLS: Final = ("api_url", "api_url_file")
_TOKENS: Final = ("app_token", "app_token_file")


def _updates_messages(section: Mapping, version: Version, findings: list[Diagnostic]) -> None:
    """Only Slack's own API edits a message, and the contact itself must name it."""
    updates, url = section.get("update_message"), section.get("api_url")
    if updates is None or as_bool(updates) is not True or version >= _FIRST_UNKNOWN_UPDATES:
        return
    if not isinstance(url, Scalar) or url.text != SLACK_API_URL:
        findings.append(
            Diagnostic(
                CONTACT_FIELDS_CONFLICT,
                f"'update_message' needs 'api_url: {SLACK_API_URL}'",
                updates.span,
            )
        )


def _one_authorization(
    section: Mapping, settings: Mapping | None, findings: list[Diagnostic]
) -> None:
    """The token of a Slack app is sent as the authorization; there is no room for a second.

    A contact with an authorization of its own, or a URL, does not inherit the global token.
    """
    own_http, settings_http = section.get("http_config"), None
    if settings is not None and (own_http is None or is_nothing(own_http)):
        settings_http = settings.get("http_config")
    own_authorized = isinstance(own_http, Mapping) and is_authorized(own_http)
    settings_authorized = isinstance(settings_http, Mapping) and is_authorized(settings_http)
    has_token = any(has_text(section, name) for name in _TOKENS)
    has_url = any(has_text(section, name) for name in _URLS)
    inherited = settings is not None and any(
        has_text(settings, f"slack_{name}") for name in _TOKENS
    )
    inherited_url = settings is not None and any(
        has_text(settings, f"slack_{name}") for name in _URLS
    )
    takes_token = inherited and not own_authorized and not has_text(section, "api_url")
    if inherited and own_authorized and not (has_token or has_url or inherited_url):
        findings.append(
            Diagnostic(
                SLACK_URL_MISSING,
                "a Slack contact with an authorization of its own does not inherit the app's token",
                section.span,
                hint="set 'api_url' here, or leave the authorization to the token",
            )
        )
    if (own_authorized or settings_authorized) and (has_token or takes_token):
        findings.append(
            Diagnostic(
                CONTACT_FIELDS_CONFLICT,
                "a Slack app's token is the authorization: 'http_config' cannot have another",
                section.span,
            )
        )


SLACK: Final = Kind(
    "slack",
    Table(
        "a Slack contact",
        (
            *COMMON_FIELDS,
            Field("api_url", "secret_url"),
            Field("api_url_file", "path"),
            Field("app_token", "secret", since=(0, 30)),
            Field("app_token_file", "path", since=(0, 30)),
            Field("app_url", "url", since=(0, 30)),
            *texts("channel", "username", "color", "title", "title_link", "pretext", "text"),
            Field("message_text", since=(0, 31)),
            Field("fields", _FIELD, many=True),
            Field("short_fields", "boolean"),
            *texts("footer", "fallback", "callback_id", "icon_emoji", "icon_url", "image_url"),
            Field("thumb_url"),
            Field("link_names", "boolean"),
            Field("mrkdwn_in", "texts"),
            Field("actions", _ACTION, many=True),
            Field("update_message", "boolean", since=(0, 32)),
            Field("timeout", "nanoseconds", since=(0, 30)),
        ),
        exclusive=(("api_url", "api_url_file", "app_token", "app_token_file"),),
        inherits=(
            Inherited(
                "a webhook URL",
                ("api_url", "api_url_file", "app_token", "app_token_file"),
                (
                    "slack_api_url",
                    "slack_api_url_file",
                    "slack_app_token",
                    "slack_app_token_file",
                ),
            ),
        ),
        check=_updates_messages,
        check_inherited=_one_authorization,
    ),
)
