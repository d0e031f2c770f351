"""The ``global`` section: what integrations inherit."""

from __future__ import annotations

from typing import Final

from buckstop.alertmanager.codes import CONTACT_FIELDS_CONFLICT
from buckstop.alertmanager.kinds.http import HTTP_CONFIG, TLS_CONFIG
from buckstop.alertmanager.kinds.slack import SLACK_API_URL
from buckstop.diagnostics import Diagnostic
from buckstop.document import Field, Mapping, Scalar, Table, has_text, texts
from buckstop.document.versions import Version

_URLS: Final = ("slack_api_url", "slack_api_url_file")
_TOKENS: Final = ("slack_app_token", "slack_app_token_file")


def _one_way_to_slack(section: Mapping, _version: Version, findings: list[Diagnostic]) -> None:
    """A webhook's URL or an app's token; the app's own URL may stand beside the token."""
    urls = [name for name in _URLS if has_text(section, name)]
    tokens = [name for name in _TOKENS if has_text(section, name)]
    if not urls or not tokens:
        return
    url, app_url = section.get("slack_api_url"), section.get("slack_app_url")
    own = app_url.text if isinstance(app_url, Scalar) and app_url.text else SLACK_API_URL
    if not isinstance(url, Scalar) or url.text != own:
        findings.append(
            Diagnostic(
                CONTACT_FIELDS_CONFLICT,
                f"the global section has both '{urls[0]}' and '{tokens[0]}'; only one may be given",
                section.span,
            )
        )


GLOBAL: Final = Table(
    "the global section",
    (
        Field("resolve_timeout", "duration"),
        Field("http_config", HTTP_CONFIG),
        *texts("smtp_from", "smtp_hello"),
        Field("smtp_smarthost", "host_port"),
        *texts("smtp_auth_username", "smtp_auth_identity"),
        Field("smtp_auth_password", "secret"),
        Field("smtp_auth_password_file", "path", since=(0, 25)),
        Field("smtp_auth_secret", "secret"),
        Field("smtp_auth_secret_file", "path", since=(0, 31)),
        Field("smtp_require_tls", "boolean"),
        Field("smtp_tls_config", TLS_CONFIG, since=(0, 28)),
        Field("smtp_force_implicit_tls", "boolean", since=(0, 31)),
        Field("slack_api_url", "secret_url"),
        Field("slack_api_url_file", "path"),
        Field("slack_app_token", "secret", since=(0, 30)),
        Field("slack_app_token_file", "path", since=(0, 30)),
        Field("slack_app_url", "url", since=(0, 30)),
        Field("pagerduty_url", "url"),
        Field("opsgenie_api_url", "url"),
        Field("opsgenie_api_key", "secret"),
        Field("opsgenie_api_key_file", "path"),
        Field("wechat_api_url", "url"),
        Field("wechat_api_secret", "secret"),
        Field("wechat_api_secret_file", "path", since=(0, 31)),
        Field("wechat_api_corp_id"),
        Field("victorops_api_url", "url"),
        Field("victorops_api_key", "secret"),
        Field("victorops_api_key_file", "path", since=(0, 25)),
        Field("telegram_api_url", "url"),
        Field("telegram_bot_token", "secret", since=(0, 31)),
        Field("telegram_bot_token_file", "path", since=(0, 31)),
        Field("webex_api_url", "url"),
        Field("jira_api_url", "url", since=(0, 28)),
        Field("rocketchat_api_url", "url", since=(0, 28)),
        Field("rocketchat_token", "secret", since=(0, 28), empty_counts=True),
        Field("rocketchat_token_file", "path", since=(0, 28)),
        Field("rocketchat_token_id", "secret", since=(0, 28), empty_counts=True),
        Field("rocketchat_token_id_file", "path", since=(0, 28)),
        Field("mattermost_webhook_url", "secret_url", since=(0, 32)),
        Field("mattermost_webhook_url_file", "path", since=(0, 32)),
    ),
    exclusive=(
        ("slack_api_url", "slack_api_url_file"),
        ("slack_app_token", "slack_app_token_file"),
        ("opsgenie_api_key", "opsgenie_api_key_file"),
        ("victorops_api_key", "victorops_api_key_file"),
        ("telegram_bot_token", "telegram_bot_token_file"),
        ("wechat_api_secret", "wechat_api_secret_file"),
        ("mattermost_webhook_url", "mattermost_webhook_url_file"),
        ("smtp_auth_password", "smtp_auth_password_file"),
        ("smtp_auth_secret", "smtp_auth_secret_file"),
        ("rocketchat_token", "rocketchat_token_file"),
        ("rocketchat_token_id", "rocketchat_token_id_file"),
    ),
    check=_one_way_to_slack,
)
