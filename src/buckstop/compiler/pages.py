"""What a page says: the annotations of an alert, as templates and as a test expects them."""

from __future__ import annotations

from functools import lru_cache
from typing import Final
from urllib.parse import urlencode

from buckstop.charter.model import Charter
from buckstop.compiler.ownership import Owned
from buckstop.compiler.rule import VALUE

_LITERAL_BRACES: Final = '{{ "{{" }}'


def page_annotations(owned: Owned, charter: Charter) -> dict[str, str]:
    """The annotations as Prometheus is given them; charter text in them is never a template."""
    form = owned.alert.value_format
    return {
        name: text.replace("{{", _LITERAL_BRACES).replace(VALUE, form)
        for name, text in _texts(owned, charter)
    }


def expected_annotations(owned: Owned, charter: Charter, shown: str) -> dict[str, str]:
    """The annotations as they arrive when the alert's value is shown as `shown`."""
    return {name: text.replace(VALUE, shown) for name, text in _texts(owned, charter)}


def ledger_page(charter: Charter, owned: Owned) -> str | None:
    """Where the alert's incident is found and acknowledged; None without a ledger.

    The page is found by what makes an incident (team, model, fault), not by a fingerprint: those
    of Prometheus, Alertmanager and the ledger differ.
    """
    if charter.ledger is None:
        return None
    model = owned.alert.model
    return _page(
        charter.ledger.url, owned.answer.team, model.id if model else None, owned.alert.fault
    )


@lru_cache(maxsize=1024)
def _page(ledger_url: str, team: str, model: str | None, fault: str) -> str:
    query = {"team": team, **({} if model is None else {"model": model}), "fault": fault}
    return f"{ledger_url}/?{urlencode(query)}"


def _texts(owned: Owned, charter: Charter) -> list[tuple[str, str]]:
    alert = owned.alert
    texts = [
        ("summary", alert.summary),
        ("description", alert.description),
        ("accountability", owned.answer.accountability),
        ("charter", charter.digest),
    ]
    ledger_url = ledger_page(charter, owned)
    if ledger_url is not None:
        texts.append(("ledger_url", ledger_url))
    if alert.runbook is not None:
        texts.append(("runbook_url", alert.runbook))
    return texts
