"""``alertmanager.yml`` in: its values with their places, and all refusals in one run."""

from __future__ import annotations

from itertools import pairwise

import pytest

from buckstop.alertmanager import codes, looks_like_alertmanager, read, secret_field, walk_routes
from buckstop.alertmanager.kinds import FILE, GLOBAL, KINDS
from buckstop.diagnostics import Diagnostic, Level
from buckstop.document import Table, parse

PLAIN = "route: {receiver: r}\nreceivers: [{name: r}]\n"


def found(text: str, version: str | None = None) -> list[tuple[str, int]]:
    """Code and line of each finding."""
    return [
        (one.code.name, one.span.line if one.span is not None else 0)
        for one in read(text, "alertmanager.yml", version)[1]
    ]


def test_values_are_read_with_their_places() -> None:
    """What a check needs to point at is there, as the user wrote it."""
    config, diagnostics = read(
        """\
global: {resolve_timeout: 5m}
route:
  receiver: ops
  routes:
  - match: {team: sre}
    match_re: {env: prod.*}
    matchers: ['severity=~"a|b", x!=y']
    receiver: sre
    continue: true
    group_by: [alertname, model]
    group_wait: 10s
    active_time_intervals: [office]
receivers:
- name: ops
- name: sre
  webhook_configs: [{url: http://a/}, {url: http://b/}]
  slack_configs: [{api_url_file: f}]
inhibit_rules:
- {source_matchers: [a=b], target_match: {c: d}, equal: [model]}
time_intervals: [{name: office}]
templates: ['*.tmpl']
""",
        "am.yml",
    )
    assert diagnostics == ()
    assert config is not None
    route = config.route.routes[0]
    assert [(m.name, m.operator, m.value, m.span.line, m.deprecated) for m in route.matchers] == [
        ("team", "=", "sre", 5, True),
        ("env", "=~", "prod.*", 6, True),
        ("severity", "=~", "a|b", 7, False),
        ("x", "!=", "y", 7, False),
    ]
    assert route.continues
    assert (route.group_by, route.group_wait) == (("alertname", "model"), "10s")
    assert route.active_time_intervals == ("office",)
    assert [interval.name for interval in config.time_intervals] == ["office"]
    assert config.templates == ("*.tmpl",)
    sre = config.receiver("sre")
    assert sre is not None
    assert [(i.kind, i.index, i.span.line) for i in sre.integrations] == [
        ("slack", 0, 17),
        ("webhook", 0, 16),
        ("webhook", 1, 16),
    ]
    assert config.receiver("nobody") is None
    (rule,) = config.inhibit_rules
    assert (rule.source[0].name, rule.target[0].value, rule.equal) == ("a", "d", ("model",))


def test_all_mistakes_are_found_in_one_run() -> None:
    """Nobody has to mend, run, mend and run again."""
    text = """\
global: {smtp_smart_host: h}
route:
  receiver: nobody
  matchers: [a=b]
  group_wait: 1.5m
  routes:
  - recever: r
  - matchers: ['a=~"("']
    mute_time_intervals: [night]
  - group_by: ['...', a]
    repeat_interval: 0s
receivers:
- name: r
  slack_configs: [{channel: c}]
  pagerduty_configs: [{url: x}]
- name: r
time_intervals:
- name: day
  time_intervals: [{weekdays: [mon]}]
"""
    assert sorted(found(text)) == sorted(
        [
            ("key-unknown", 1),
            ("receiver-undefined", 3),
            ("route-root-conditional", 4),
            ("duration-invalid", 5),
            ("key-unknown", 7),
            ("matcher-invalid", 8),
            ("time-interval-undefined", 9),
            ("group-by-invalid", 10),
            ("interval-zero", 11),
            ("slack-url-missing", 14),
            ("contact-field-missing", 15),
            ("url-invalid", 15),
            ("receiver-duplicate", 16),
            ("time-interval-invalid", 19),
        ]
    )


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("route: {reciever: r}\nreceivers: [{name: r}]", "receiver"),
        ("route: {receiver: Infra}\nreceivers: [{name: infra}]", "infra"),
        ("route: {receiver: r}\nreceivers: [{name: r, slack_config: []}]", "slack_configs"),
        (f"{PLAIN}inhibit_rule: []", "inhibit_rules"),
    ],
)
def test_slip_of_the_pen_is_answered_with_the_word_that_was_meant(text: str, hint: str) -> None:
    """The nearest known key or receiver stands in the hint."""
    hints = [one.hint or "" for one in read(text, "am.yml")[1]]
    assert any(f"'{hint}'" in one or f"`{hint}`" in one or hint in one for one in hints), hints


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing",
        "[]",
        "text",
        "receivers: []",
        "route: {receiver: x}\nreceivers: []",
        "route: {receiver: r, routes: [{matchers: [a]}]}\nreceivers: [{name: r}]",
        "route: {receiver: r, routes: [{continue: maybe}]}\nreceivers: [{name: r}]",
        "route: {receiver: r, routes: {}}\nreceivers: [{name: r}]",
        "\x00",
        "route: {",
    ],
)
def test_where_routing_is_in_doubt_there_is_no_configuration(text: str) -> None:
    """Nothing is routed by a tree of which a part could not be read."""
    config, diagnostics = read(text, "am.yml")
    assert config is None
    assert any(one.level is Level.ERROR for one in diagnostics)


def test_contact_that_cannot_deliver_leaves_routing_in_no_doubt() -> None:
    """The article's own file is refused for its Slack URL, and still says where alerts go."""
    text = "route: {receiver: r}\nreceivers: [{name: r, slack_configs: [{}], pager_configs: []}]"
    config, diagnostics = read(text, "am.yml")
    assert config is not None
    assert {one.code for one in diagnostics} > {codes.SLACK_URL_MISSING}


def test_secret_is_in_no_message() -> None:
    """A URL that is refused may hold a token."""
    text = "route: {receiver: r}\nreceivers: [{name: r, slack_configs: [{api_url: s3cret}]}]"
    _, diagnostics = read(text, "am.yml")
    assert diagnostics
    assert all("s3cret" not in str((one.message, one.hint, one.related)) for one in diagnostics)


@pytest.mark.parametrize(
    ("contact", "version"),
    [
        ("webhook_configs: [{url_file: f}]", "0.26"),
        ("webhook_configs: [{url: http://x/, timeout: 5s}]", "0.28"),
        ("msteamsv2_configs: [{webhook_url_file: f}]", "0.28"),
        ("incidentio_configs: [{url_file: f, alert_source_token_file: g}]", "0.29"),
        ("slack_configs: [{app_token_file: f}]", "0.30"),
        ("slack_configs: [{api_url: http://x/, timeout: 5s}]", "0.30"),
        ("mattermost_configs: [{webhook_url_file: f, channel: c}]", "0.30"),
        ("slack_configs: [{api_url: http://x/, message_text: t}]", "0.31"),
        ("mattermost_configs: [{webhook_url_file: f, title: t}]", "0.32"),
        ("webhook_configs: [{url: http://x/, payload: {a: [1]}}]", "0.32"),
        ("labels: {team: sre}", "0.33"),
    ],
)
def test_newer_field_is_refused_for_an_older_server_only(contact: str, version: str) -> None:
    """Where no version is aimed at, whatever some version knows is taken."""
    text = f"route: {{receiver: r}}\nreceivers: [{{name: r, {contact}}}]"
    assert found(text) == []
    assert found(text, version) == found(text, f"{version}.1") == []
    assert ("field-too-new", 2) in found(text, "0.25")


@pytest.mark.parametrize(
    ("addition", "version", "older"),
    [
        ("tracing: {endpoint: 'x:4317'}", "0.30", "0.29"),
        ("inhibit_rules: [{name: n}]", "0.30", "0.29"),
        ("global: {telegram_bot_token_file: f}", "0.31", "0.30"),
        ("event_recorder: {file_outputs: [{path: f}]}", "0.33", "0.32"),
        ("event_recorder: {stdout_outputs: [{}]}", "0.34", "0.33"),
    ],
)
def test_newer_section_is_refused_for_an_older_server_only(
    addition: str, version: str, older: str
) -> None:
    """What stands outside receivers has its versions too."""
    text = f"{PLAIN}{addition}\n"
    assert found(text) == found(text, version) == []
    assert found(text, older) == [("field-too-new", 3)]


def test_value_is_judged_by_the_shape_that_the_aimed_at_version_knows() -> None:
    """PagerDuty's details were text before 0.30, a webhook's URL no template before 0.31."""
    receiver = "route: {{receiver: r}}\nreceivers: [{{name: r, {}}}]"
    details = receiver.format("pagerduty_configs: [{routing_key: k, details: {a: [b]}}]")
    assert found(details) == found(details, "0.30") == []
    assert found(details, "0.29") == [("type-wrong", 2)]
    url = receiver.format("webhook_configs: [{url: '{{ .X }}'}]")
    assert found(url) == found(url, "0.31") == []
    assert found(url, "0.30") == [("url-invalid", 2)]


def test_matcher_names_in_utf8_are_refused_before_0_27() -> None:
    """The older parser knows no quoted names."""
    text = "route: {receiver: r, routes: [{matchers: ['\"a b\"=c']}]}\nreceivers: [{name: r}]"
    assert found(text, "0.27") == []
    assert found(text, "0.26") == [("matcher-invalid", 1)]


def test_a_matcher_that_newer_versions_read_says_from_when_on() -> None:
    """Else one that is right looks wrong; one that is wrong everywhere has no such way out."""
    text = "route: {{receiver: r, routes: [{{matchers: [{}]}}]}}\nreceivers: [{{name: r}}]"
    hints = [read(text.format(one), "a.yml", "0.26")[1][0].hint for one in ("a.b=c", "'a b'")]
    assert hints == ["aim at Alertmanager 0.27 or newer, which takes any text as a name", None]


@pytest.mark.parametrize("version", ["", "0", "0.x", "1.2.3.4", "0.25-rc1", "0.２５"])
def test_version_that_is_none_is_the_callers_mistake(version: str) -> None:
    """A version comes from a flag, which is checked before."""
    with pytest.raises(ValueError, match="is no version"):
        read(PLAIN, "am.yml", version)


@pytest.mark.parametrize(
    ("kind", "field", "version", "expected"),
    [
        ("slack", "api_url", "0.25", "api_url_file"),
        ("pagerduty", "routing_key", "0.25", "routing_key_file"),
        ("pagerduty", "routing_key", "0.24", None),
        ("pagerduty", "service_key", "0.25.0", "service_key_file"),
        ("opsgenie", "api_key", "0.25", "api_key_file"),
        ("email", "auth_password", "0.25", "auth_password_file"),
        ("global", "smtp_auth_password", "0.25", "smtp_auth_password_file"),
        ("global", "victorops_api_key", "0.25", "victorops_api_key_file"),
        ("global", "slack_api_url", "0.25", "slack_api_url_file"),
        ("webhook", "url", "0.25", None),
        ("webhook", "url", "0.26", "url_file"),
        ("telegram", "bot_token", "0.26", "bot_token_file"),
        ("pushover", "token", "0.25", None),
        ("pushover", "user_key", "0.26", "user_key_file"),
        ("discord", "webhook_url", "0.26", None),
        ("discord", "webhook_url", "0.27", "webhook_url_file"),
        ("msteams", "webhook_url", "0.26", None),
        ("msteams", "webhook_url", "0.27", "webhook_url_file"),
        ("msteamsv2", "webhook_url", "0.27", None),
        ("msteamsv2", "webhook_url", "0.28", "webhook_url_file"),
        ("rocketchat", "token", "0.28", "token_file"),
        ("incidentio", "url", "0.29", "url_file"),
        ("slack", "app_token", "0.29", None),
        ("slack", "app_token", "0.30", "app_token_file"),
        ("telegram", "chat_id", "0.31", "chat_id_file"),
        ("wechat", "api_secret", "0.31", "api_secret_file"),
        ("mattermost", "webhook_url", "0.29", None),
        ("mattermost", "webhook_url", "0.30", "webhook_url_file"),
        ("global", "mattermost_webhook_url", "0.31", None),
        ("global", "mattermost_webhook_url", "0.32", "mattermost_webhook_url_file"),
        ("global", "telegram_bot_token", "0.31", "telegram_bot_token_file"),
        ("global", "smtp_auth_secret", "0.30", None),
        ("sns", "secret_key", "0.31", None),
        ("pager", "key", "0.31", None),
    ],
)
def test_secret_can_be_a_file_since_the_version_that_learnt_it(
    kind: str, field: str, version: str, expected: str | None
) -> None:
    """A secret is never written inline where the server could read it from a file."""
    assert secret_field(kind, field, version) == expected


def test_tables_name_only_fields_that_they_have() -> None:
    """A rule about a field that the table lacks would never be checked.

    Of a field that changed its shape, one shape follows the other without a gap.
    """
    tables = [FILE]
    settings = {field.name for field in GLOBAL.fields}
    seen = 0
    while tables:
        table = tables.pop()
        names = [field.name for field in table.fields]
        for shapes in table.shapes().values():
            for older, newer in pairwise(shapes):
                assert older.until == newer.since, f"{table.what}: {newer.name}"
            assert shapes[-1].until is None, f"{table.what}: {shapes[-1].name}"
        for group in (*table.required, *table.exclusive):
            assert set(group) <= set(names), table.what
        for inherited in table.inherits:
            assert set(inherited.fields) <= set(names), table.what
            assert set(inherited.global_fields) <= settings, table.what
        tables += [field.shape for field in table.fields if isinstance(field.shape, Table)]
        seen += 1
    assert seen > len(KINDS)


def test_routes_are_walked_parents_first() -> None:
    """Checks see routes in the order of the file."""
    text = (
        "route: {receiver: a, routes: [{receiver: b, routes: [{receiver: c}]}, {receiver: d}]}\n"
        "receivers: [{name: a}, {name: b}, {name: c}, {name: d}]"
    )
    config, _ = read(text, "am.yml")
    assert config is not None
    assert [route.receiver for route in walk_routes(config.route)] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [(PLAIN, True), ("route: {}", False), ("groups: []", False), ("[]", False), ("a", False)],
)
def test_document_is_known_by_its_routes_and_receivers(text: str, expected: bool) -> None:  # noqa: FBT001 # a parameter
    """Discovery tells an alertmanager.yml from other YAML by what stands at its top."""
    assert looks_like_alertmanager(parse(text, "f").root) is expected


@pytest.mark.parametrize(
    "text",
    [
        "route: &a {receiver: r, routes: [*a]}\nreceivers: [{name: r}]",
        "route: " + "{routes: [" * 200,
        "route: {receiver: r, routes: [[], a, null, {routes: [5]}]}\nreceivers: [a, [], null]",
        "route: {receiver: {}, group_by: {}, matchers: 5, match: [], match_re: a}\nreceivers: 5",
        "route: {receiver: r, match_re: {a: [b]}, group_wait: {}, continue: []}\nglobal: 5",
        (
            "inhibit_rules: [5, {equal: {}}, {source_match: 5}]\ntime_intervals: [5, {times: 5}]\n"
            "templates: {}\nroute: {receiver: r}\nreceivers: [{name: r, webhook_configs: [5]}]"
        ),
    ],
)
def test_values_of_the_wrong_kind_are_findings_never_exceptions(text: str) -> None:
    """Whatever stands where something else was expected is said, with its place."""
    _, diagnostics = read(text, "am.yml")
    assert diagnostics
    assert all(isinstance(one, Diagnostic) and one.span is not None for one in diagnostics)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("route: {reciever: r}\nreceivers: [{name: r}]\n", 1),
        ("receivers: [{name: r}]\nruote: {receiver: r}\n", 2),
    ],
)
def test_a_misspelt_key_of_the_root_is_not_missing_too(text: str, line: int) -> None:
    """The slip is told once, where it stands."""
    assert found(text) == [("key-unknown", line)]
