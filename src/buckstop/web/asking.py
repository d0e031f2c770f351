"""The acts that a person can ask for, and what each needs to be told: for API and forms alike."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from concurrent.futures import Future

from pydantic import BaseModel, Field

from buckstop.ledger.domain.acting import WHY_CHARACTERS
from buckstop.ledger.domain.incident import Incident
from buckstop.ledger.domain.membership import Person
from buckstop.ledger.ledger import Ledger

ENTRIES = 1_000_000
"""Numbers of entries and proposals beyond this mean nothing."""


class Asked(BaseModel, ABC):
    """One act and what it needs to be told; its docstring is the API's description of it."""

    @classmethod
    def name(cls) -> str:
        """What the act is called."""
        return cls.__name__.lower()

    @abstractmethod
    def of(self, ledger: Ledger, number: int, person: Person) -> Future[Incident]:
        """Have `person` do it to incident `number`."""


class Said(Asked, ABC):
    """An act beside which a person may say something."""

    note: str = Field("", max_length=WHY_CHARACTERS)


class Reasoned(Asked, ABC):
    """An act that needs a reason."""

    reason: str = Field(min_length=1, max_length=WHY_CHARACTERS)


class Written(Asked, ABC):
    """An act that is a text."""

    text: str = Field(min_length=1, max_length=WHY_CHARACTERS)


class ToTeam(Reasoned, ABC):
    """An act that names a team."""

    team: str = Field(min_length=1, max_length=100, description="a team's id")


class Answer(Asked, ABC):
    """An answer to a proposal."""

    proposal: int | None = Field(
        None, ge=1, le=ENTRIES, description="the one that waits, where it is left out"
    )


class Acknowledge(Said):
    """Take notice of an open incident for the accountable team. It stays accountable."""

    def of(self, ledger: Ledger, number: int, person: Person) -> Future[Incident]:
        """See `Asked`."""
        return ledger.acknowledge(number, person, self.note)


class Note(Written):
    """Write something down for the accountable team."""

    def of(self, ledger: Ledger, number: int, person: Person) -> Future[Incident]:
        """See `Asked`."""
        return ledger.note(number, person, self.text)


class Resolve(Reasoned):
    """End an open incident by hand, for the accountable team."""

    def of(self, ledger: Ledger, number: int, person: Person) -> Future[Incident]:
        """See `Asked`."""
        return ledger.resolve(number, person, self.reason)


class Propose(ToTeam):
    """Ask another team to take it over. Until it accepts, nothing moves."""

    within_seconds: float | None = Field(
        None, gt=0, description="the charter's time, which is the most, where it is left out"
    )

    def of(self, ledger: Ledger, number: int, person: Person) -> Future[Incident]:
        """See `Asked`."""
        return ledger.propose(number, person, self.team, self.reason, seconds=self.within_seconds)


class Accept(Answer, Said):
    """Take it over for the team that was asked, which is accountable from now on."""

    def of(self, ledger: Ledger, number: int, person: Person) -> Future[Incident]:
        """See `Asked`."""
        return ledger.accept(number, person, self.proposal, self.note)


class Decline(Answer, Reasoned):
    """Say no for the team that was asked."""

    def of(self, ledger: Ledger, number: int, person: Person) -> Future[Incident]:
        """See `Asked`."""
        return ledger.decline(number, person, self.proposal, self.reason)


class Withdraw(Answer, Said):
    """Take the proposal back for the accountable team."""

    def of(self, ledger: Ledger, number: int, person: Person) -> Future[Incident]:
        """See `Asked`."""
        return ledger.withdraw(number, person, self.proposal, self.note)


class Assign(ToTeam):
    """Give what nobody recognised to a team, as the lead of the team for the unrecognised."""

    def of(self, ledger: Ledger, number: int, person: Person) -> Future[Incident]:
        """See `Asked`."""
        return ledger.assign(number, person, self.team, self.reason)


class Correct(Written):
    """Say what is wrong in an entry of the record, which stays as it is."""

    entry: int = Field(ge=1, le=ENTRIES)

    def of(self, ledger: Ledger, number: int, person: Person) -> Future[Incident]:
        """See `Asked`."""
        return ledger.correct(number, person, self.entry, self.text)


_KINDS: tuple[type[Asked], ...] = (
    Acknowledge,
    Note,
    Resolve,
    Propose,
    Accept,
    Decline,
    Withdraw,
    Assign,
    Correct,
)
ACTS: Mapping[str, type[Asked]] = {kind.name(): kind for kind in _KINDS}
"""Every act by its name, which is the last part of its address in API and forms."""
