"""Attacks on a stored record of 19 events, and what each must be found as."""

from __future__ import annotations

from collections.abc import Callable

from tests.ledger.record.recorded import Attacker


def edit_body(attacker: Attacker) -> None:
    """Another owner in an opening."""
    attacker.run(
        "UPDATE events SET body = replace(body, 'infra_sre', 'data_team') WHERE position = 5"
    )


def edit_body_and_hash(attacker: Attacker) -> None:
    """The same by somebody who knows how the hash is made."""
    body = attacker.body(5).replace("infra_sre", "data_team")
    previous = attacker.hash(4)
    attacker.run("DELETE FROM events WHERE position = 5")
    attacker.forge(5, body, previous)
    attacker.run(
        "UPDATE events SET incident = 2, at = e.at, kind = 'opened' "
        "FROM (SELECT at FROM events WHERE position = 6) AS e WHERE position = 5"
    )


def edit_sealed_name(attacker: Attacker) -> None:
    """A name in the place of a commitment."""
    attacker.run(
        "UPDATE events SET body = json_set(body, '$.by.name', 'maria') WHERE position = 14"
    )


def delete_one(attacker: Attacker) -> None:
    """An acknowledgement gone."""
    attacker.run("DELETE FROM events WHERE position = 15")
    attacker.run("DELETE FROM personal WHERE position = 15")


def delete_one_and_close_the_gap(attacker: Attacker) -> None:
    """The same, and the others moved up."""
    delete_one(attacker)
    attacker.shift(16, -1)


def delete_the_last(attacker: Attacker) -> None:
    """The latest two events gone."""
    attacker.run("DELETE FROM events WHERE position > 17")
    attacker.run("DELETE FROM personal WHERE position > 17")


def insert_one(attacker: Attacker) -> None:
    """An event between 4 and 5, with hashes that fit it."""
    attacker.shift(5, 1)
    attacker.forge(5, attacker.body(4), attacker.hash(4))
    attacker.run(
        "UPDATE events SET (incident, at, kind) = (SELECT incident, at, kind FROM events "
        "WHERE position = 4) WHERE position = 5"
    )
    attacker.run("UPDATE head SET size = 20")


def append_one(attacker: Attacker) -> None:
    """An event after the last, the head left as it was."""
    attacker.forge(20, attacker.body(13), attacker.hash(19))
    attacker.run(
        "UPDATE events SET (incident, at, kind) = (SELECT incident, at, kind FROM events "
        "WHERE position = 13) WHERE position = 20"
    )


def insert_before_the_first(attacker: Attacker) -> None:
    """An event before all others."""
    attacker.forge(0, attacker.body(13), bytes(32))
    attacker.run(
        "UPDATE events SET (incident, at, kind) = (SELECT incident, at, kind FROM events "
        "WHERE position = 13) WHERE position = 0"
    )


def swap_two(attacker: Attacker) -> None:
    """Who was first changed."""
    attacker.renumber({14: 15, 15: 14})


def move_one(attacker: Attacker) -> None:
    """An acknowledgement made earlier than it was."""
    attacker.renumber({14: 10, **{position: position + 1 for position in range(10, 14)}})


def set_the_head_back(attacker: Attacker) -> None:
    """The head says less than there is."""
    attacker.run("UPDATE head SET size = 18")


def take_the_head(attacker: Attacker) -> None:
    """No head at all."""
    attacker.run("DELETE FROM head")


def change_the_heads_hash(attacker: Attacker) -> None:
    """A head that belongs to no event."""
    attacker.run("UPDATE head SET hash = zeroblob(32)")


def change_a_column(attacker: Attacker) -> None:
    """An acknowledgement is no longer found with its incident."""
    attacker.run("UPDATE events SET incident = 2 WHERE position = 14")


def change_a_time_column(attacker: Attacker) -> None:
    """The time by which it is looked up."""
    attacker.run("UPDATE events SET at = '2031' WHERE position = 13")


def resolve_in_the_list(attacker: Attacker) -> None:
    """An open incident vanishes from the board."""
    attacker.run("UPDATE incidents SET resolved_at = opened_at WHERE number = 1")


def take_from_the_list(attacker: Attacker) -> None:
    """An incident vanishes altogether."""
    attacker.run("DELETE FROM incidents WHERE number = 4")


def add_to_the_list(attacker: Attacker) -> None:
    """An incident that nobody recorded."""
    attacker.run("INSERT INTO incidents VALUES (9, '[]', 1, '', NULL)")


def blame_another(attacker: Attacker) -> None:
    """Another name for the person who acknowledged."""
    attacker.run("UPDATE personal SET text = 'maria' WHERE position = 14 AND place = '/by/name'")


def take_a_name(attacker: Attacker) -> None:
    """The name of the person who acknowledged, gone unrecorded."""
    attacker.run("DELETE FROM personal WHERE position = 14 AND place = '/by/name'")


def add_a_text(attacker: Attacker) -> None:
    """A text where the event has none, and one of no event."""
    attacker.run("INSERT INTO personal VALUES (1, '/why', 'jo', x'00', 'because')")
    attacker.run("INSERT INTO personal VALUES (99, '/why', 'jo', x'00', 'because')")


def write_nonsense(attacker: Attacker) -> None:
    """A body that is no event, chained as if it were."""
    attacker.run("UPDATE events SET body = '{\"by\": []}' WHERE position = 13")
    attacker.chain_anew()


def write_what_cannot_be(attacker: Attacker) -> None:
    """A resolution of an incident that never was, chained."""
    attacker.run(
        "UPDATE events SET body = replace(body, '\"incident\":2', '\"incident\":7') "
        "WHERE position = 9"
    )
    attacker.run("UPDATE events SET incident = 7 WHERE position = 9")
    attacker.chain_anew()


ATTACKS: list[tuple[Callable[[Attacker], None], list[tuple[str, int | None]]]] = [
    (edit_body, [("edited", 5)]),
    (edit_body_and_hash, [("unlinked", 6)]),
    (edit_sealed_name, [("edited", 14)]),
    (delete_one, [("missing", 15)]),
    (delete_one_and_close_the_gap, [("moved", 15), ("head-differs", None)]),
    (delete_the_last, [("head-differs", None), ("index-differs", None)]),
    (insert_one, [("moved", 6)]),
    (append_one, [("head-differs", None)]),
    (insert_before_the_first, [("unlinked", 0), ("unlinked", 1)]),
    (swap_two, [("moved", 14), ("moved", 15), ("unlinked", 16)]),
    (move_one, [("moved", 10), ("moved", 11), ("unlinked", 15)]),
    (set_the_head_back, [("head-differs", None)]),
    (take_the_head, [("head-differs", None)]),
    (change_the_heads_hash, [("head-differs", None)]),
    (change_a_column, [("column-differs", 14)]),
    (change_a_time_column, [("column-differs", 13)]),
    (resolve_in_the_list, [("index-differs", None)]),
    (take_from_the_list, [("index-differs", None)]),
    (add_to_the_list, [("index-differs", None)]),
    (blame_another, [("text-changed", 14)]),
    (take_a_name, [("text-missing", 14)]),
    (add_a_text, [("text-stray", 1), ("text-stray", 99)]),
    (write_nonsense, [("unreadable", 13)]),
    (write_what_cannot_be, [("impossible", 9)]),
]
