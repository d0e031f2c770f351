"""The decision table against its definition, spelt out case by case over small universes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from buckstop.charter.model import Charter, Defaults, Model, Row
from buckstop.charter.table import Table, covers
from buckstop.diagnostics import Span

FAULTS = ("drift", "latency")
SEVERITIES = ("critical", "minor")
TASKS = ("rank", "class", None)
RISKS = ("high", "low", None)
HERE = Span("charter.yaml", 1, 1, 1, 1)


def model(name: str, task: str | None, risk: str | None) -> Model:
    return Model(name, None, None, task, risk, (), None, (), None, HERE)


@dataclass(frozen=True)
class World:
    models: tuple[Model, ...]
    rows: tuple[Row, ...]

    @property
    def table(self) -> Table:
        return Table(self.rows, FAULTS, SEVERITIES, self.models)

    @property
    def universe(self) -> list[tuple[str, str, Model | None]]:
        """Every case, of models that are declared, that could be declared, and of none."""
        could_be = [
            model(f"undeclared-{task}-{risk}", task, risk)
            for task in (*TASKS, "other")
            for risk in (*RISKS, "other")
        ]
        return list(product(FAULTS, SEVERITIES, (*self.models, *could_be, None)))

    def cases(self, row: Row) -> frozenset[tuple[str, str, str | None]]:
        return frozenset(
            (fault, severity, of.id if of else None)
            for fault, severity, of in self.universe
            if covers(row, fault, severity, of)
        )


def subsets(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...] | None]:
    some = st.lists(st.sampled_from(values), min_size=1, unique=True).map(tuple)
    return st.one_of(st.none(), some)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    names = draw(st.lists(st.sampled_from("abc"), unique=True, max_size=3))
    models = tuple(
        model(name, draw(st.sampled_from(TASKS)), draw(st.sampled_from(RISKS))) for name in names
    )
    rows = []
    for number in range(draw(st.integers(0, 4))):
        conditions = {
            "fault": draw(subsets(FAULTS)),
            "severity": draw(subsets(SEVERITIES)),
            "model": draw(subsets(tuple(names))) if names else None,
            "task": draw(subsets(("rank", "class"))),
            "risk": draw(subsets(("high", "low"))),
        }
        when = tuple((name, values) for name, values in conditions.items() if values)
        if when:
            rows.append(Row(when, f"team-{number}", (), None, None, otherwise=False, span=HERE))
    if draw(st.booleans()):
        rows.append(Row((), "rest", (), None, None, otherwise=True, span=HERE))
    return World(models, tuple(rows))


def expected(world: World, fault: str, severity: str, of: Model | None) -> str:
    """The definition: the row whose cases are a strict subset of those of every other row here."""
    here = [row for row in world.rows if not row.otherwise and covers(row, fault, severity, of)]
    if not here:
        rest = [row for row in world.rows if row.otherwise]
        return rest[0].accountable if rest else "hole"
    for row in here:
        if all(other is row or world.cases(row) < world.cases(other) for other in here):
            return row.accountable
    return "conflict"


@settings(max_examples=150, deadline=None)
@given(worlds())
def test_the_most_specific_row_decides(world: World) -> None:
    """For every case of a declared model, and of none, the table decides as it is defined."""
    table = world.table
    for fault, severity, of in product(FAULTS, SEVERITIES, (*world.models, None)):
        row = table.decide(fault, severity, of)
        if row is not None:
            got = row.accountable
        else:
            got = "conflict" if table.matching(fault, severity, of) else "hole"
        assert got == expected(world, fault, severity, of), (fault, severity, of)


@settings(max_examples=150, deadline=None)
@given(worlds())
def test_every_conflict_and_every_hole_is_found(world: World) -> None:
    """No case in which two teams, or none, would answer passes; no sound case is reported."""
    cases = list(product(FAULTS, SEVERITIES, (*world.models, None)))

    def of_kind(kind: str) -> set[tuple[str, str, str | None, str | None]]:
        return {
            (fault, severity, of.task if of else "none", of.risk if of else "none")
            for fault, severity, of in cases
            if expected(world, fault, severity, of) == kind
        }

    def found(items: object) -> set[tuple[str, str, str | None, str | None]]:
        assert isinstance(items, list)
        return {
            (
                one.fault,
                one.severity,
                one.model.task if one.model else "none",
                one.model.risk if one.model else "none",
            )
            for one in items
        }

    assert found(list(world.table.conflicts())) == of_kind("conflict")
    assert found(list(world.table.holes())) == of_kind("hole")


@settings(max_examples=200, deadline=None)
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_rows_says_nothing(world: World, random: object) -> None:
    """A charter whose rows are sorted by somebody means the same."""
    rows = list(world.rows)
    random.shuffle(rows)  # type: ignore[attr-defined]
    other = World(world.models, tuple(rows)).table
    for fault, severity, of in product(FAULTS, SEVERITIES, (*world.models, None)):
        assert world.table.decide(fault, severity, of) == other.decide(fault, severity, of)


@settings(max_examples=150, deadline=None)
@given(worlds())
def test_a_charter_decides_as_its_table_does(world: World) -> None:
    """What the compiler asks, alert by alert, is the answer of the table that was checked."""
    rest = Row((), "rest", (), None, None, otherwise=True, span=HERE)
    rows = (*(row for row in world.rows if not row.otherwise), rest)
    table = Table(rows, FAULTS, SEVERITIES, world.models)
    defaults = Defaults(None, 0, 0, 0, 0, 0)
    charter = Charter(
        "", SEVERITIES, FAULTS, defaults, None, (), rows, (), world.models, (), "sha256:"
    )
    for fault, severity, of in product(FAULTS, SEVERITIES, (*world.models, None)):
        row = table.decide(fault, severity, of)
        if row is not None:
            assert Table.of(charter).decision(fault, severity, of).row is row
