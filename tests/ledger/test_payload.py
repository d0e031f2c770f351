"""What is posted: limits, malformed bodies, and that good alerts survive bad neighbours."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.ledger_world import START, encoded, feed_alert, labels, webhook

from buckstop.ledger.payload import ALERTS, LABELS, LEASE_SECONDS, read_feed, read_webhook

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


def test_a_feed_alert_that_has_not_ended_fires_under_a_lease() -> None:
    """Prometheus's endsAt is when its word runs out."""
    (seen,) = read_feed(encoded([feed_alert(labels(), START)]), "p", START).observations
    assert not seen.resolved
    assert seen.ends_at == START + timedelta(seconds=240)


def test_a_feed_alert_whose_end_has_passed_is_resolved() -> None:
    """Prometheus sends a resolved alert with its end in the past."""
    alert = feed_alert(labels(), START, ended_seconds_ago=1)
    (seen,) = read_feed(encoded([alert]), "p", START).observations
    assert seen.resolved


def test_a_firing_notification_has_no_end_though_alertmanager_writes_the_year_one() -> None:
    """0001-01-01 is how Alertmanager says that there is no time."""
    alert = feed_alert(labels(), START) | {"endsAt": "0001-01-01T00:00:00Z"}
    (seen,) = read_webhook(encoded(webhook(alert)), "am", START).observations
    assert seen.ends_at is None


@pytest.mark.parametrize("without", [{}, {"endsAt": None}, {"endsAt": "0001-01-01T00:00:00Z"}])
def test_a_feed_alert_without_an_end_has_a_lease_all_the_same(without: dict[str, Any]) -> None:
    """Else a source that falls silent would count as live for ever."""
    alert = feed_alert(labels(), START)
    del alert["endsAt"]
    (seen,) = read_feed(encoded([alert | without]), "p", START).observations
    assert not seen.resolved
    assert seen.ends_at == START + timedelta(seconds=LEASE_SECONDS)


def test_nanoseconds_and_other_zones_are_read() -> None:
    """Go writes nanoseconds and, where configured, local time."""
    alert = feed_alert(labels(), START) | {"startsAt": "2030-01-31T13:00:00.123456789+01:00"}
    (seen,) = read_feed(encoded([alert]), "p", START).observations
    assert seen.starts_at == START + timedelta(microseconds=123456)


def test_empty_labels_are_no_labels() -> None:
    """`team=""` and no team are the same to Prometheus, and to the record."""
    (seen,) = read_feed(
        encoded([feed_alert({"alertname": "A", "x": ""}, START)]), "p", START
    ).observations
    assert seen.labels == {"alertname": "A"}


@pytest.mark.parametrize(
    ("change", "where", "said"),
    [
        ({"labels": {"severity": 3}}, "[1].labels.severity", "a string"),
        ({"labels": {}}, "[1].labels", "at least one"),
        ({"labels": []}, "[1].labels", "an object"),
        ({"labels": {"a b": "x"}}, "[1].labels.a b", "no label name"),
        ({"labels": {"a": "\ud800"}}, "[1].labels.a", "Unicode"),
        ({"labels": {"a": "x" * 9000}}, "[1].labels.a", "8192 are the most"),
        ({"labels": {f"l{i}": "x" for i in range(LABELS + 1)}}, "[1].labels", "are the most"),
        ({"startsAt": "yesterday"}, "[1].startsAt", "is no time"),
        ({"startsAt": 5}, "[1].startsAt", "a time was expected"),
        ({"endsAt": "0001-01-01T00:00:00+14:00"}, "[1].endsAt", "is no time"),
        ({"startsAt": "2030-01-31T13:00:00"}, "[1].startsAt", "is no time"),
    ],
)
def test_a_bad_alert_is_named_and_the_others_are_kept(
    change: dict[str, Any], where: str, said: str
) -> None:
    """Whoever posts learns what is wrong and where; no good alert is lost by it."""
    good = feed_alert(labels(), START)
    payload = read_feed(encoded([good, good | change, good]), "p", START)
    assert len(payload.observations) == 2
    (mistake,) = payload.mistakes
    assert mistake.where == where
    assert said in mistake.message


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ('{"labels":{"alertname":"A","x":"","alertname":"B"}}', ".labels.alertname"),
        ('{"labels":{"alertname":"A","alertname":"A"}}', ".labels.alertname"),
        ('{"labels":{"a":"b"},"annotations":{"s":"1","s":"2"}}', ".annotations.s"),
        ('{"labels":{"a":"b"},"labels":{"a":"c"}}', ".labels"),
    ],
)
def test_a_key_given_twice_is_named_and_the_other_alerts_are_kept(said: str, where: str) -> None:
    """Which of two values is meant decides who answers; the ledger does not guess."""
    good = encoded(feed_alert(labels(), START)).decode()
    body = f"[{good},{said},{good}]".encode()
    payload = read_feed(body, "p", START)
    assert len(payload.observations) == 2
    (mistake,) = payload.mistakes
    assert mistake.where == f"[1]{where}"
    assert "given twice" in mistake.message


def test_a_notification_that_gives_a_key_twice_is_refused() -> None:
    """Of two lists of alerts, none may be lost in silence."""
    payload = read_webhook(b'{"version":"4","alerts":[],"alerts":[]}', "am", START)
    assert [str(mistake) for mistake in payload.mistakes] == ["alerts: the key is given twice"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"{}",
        b"\xff\xfe",
        b"\x00" * 10,
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"[1,2",
        encoded([[]]),
        encoded([None]),
        encoded([{}] * (ALERTS + 1)),
    ],
)
def test_what_is_no_feed_is_refused_with_a_reason(body: bytes) -> None:
    """Nothing that can be posted ends in a traceback or an empty refusal."""
    payload = read_feed(body, "p", START)
    assert not payload.observations
    assert all(mistake.message for mistake in payload.mistakes)
    assert payload.mistakes


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (encoded([]), "an object"),
        (encoded({"version": "3", "alerts": []}), "version '4'"),
        (encoded({"version": "4"}), "alerts: a list"),
        (encoded(webhook({"labels": {"a": "b"}}, status="burning")), "'firing' or 'resolved'"),
        (encoded(webhook() | {"truncatedAlerts": 3}), "max_alerts"),
    ],
)
def test_what_is_no_notification_is_refused_with_a_reason(body: bytes, said: str) -> None:
    """A webhook of another version, or one that left alerts out, is said to be so."""
    (mistake,) = read_webhook(body, "am", START).mistakes
    assert said in str(mistake)


def test_a_long_annotation_is_cut_and_the_alert_kept() -> None:
    """A text that is only shown never costs the alert."""
    alert = feed_alert(labels(), START, annotations={"summary": "x" * 100_000, "a": "\ud800"})
    (seen,) = read_feed(encoded([alert]), "p", START).observations
    assert len(seen.annotations["summary"]) == 16_384
    assert seen.annotations["a"] == "?"


@given(st.binary() | JSON.map(encoded) | JSON.map(lambda value: encoded([value])))
def test_no_body_breaks_the_readers(body: bytes) -> None:
    """Whatever comes, the answer is observations and mistakes."""
    read_feed(body, "p", START)
    read_webhook(body, "p", START)


@given(JSON)
def test_no_field_breaks_the_readers(value: object) -> None:
    """Nor does any value in any field of an alert."""
    for field in ("labels", "annotations", "startsAt", "endsAt", "generatorURL", "status"):
        alert = feed_alert(labels(), START) | {field: value}
        read_feed(encoded([alert]), "p", START)
        read_webhook(encoded(webhook(alert)), "p", START)
