"""Done once by the owner of a database: its tables, and the role that may only append."""

from __future__ import annotations

import psycopg
from psycopg import sql

from buckstop.ledger.store.errors import StoreRefusedError
from buckstop.ledger.store.postgres.connecting import (
    check_schema,
    connect,
    refused,
    schema_version,
)
from buckstop.ledger.store.sql import migrations

GRANTS = {
    "events": "SELECT, INSERT",
    "head": "SELECT, UPDATE",
    "personal": "SELECT, INSERT",
    "incidents": "SELECT, INSERT, UPDATE",
    "leases": "SELECT, INSERT, UPDATE, DELETE",
    "lease_renewals": "USAGE",
    "buckstop_schema": "SELECT",
}
"""What the ledger's role may do; nobody changes or deletes an event, and only the owner erases."""


def prepare(where: str, role: str) -> int:
    """Bring the database at `where` to the newest schema, for a ledger that connects as `role`.

    Returns the schema's number.

    Raises:
        StoreRefusedError: the database cannot be reached, is not the connecting role's to change,
            is somebody else's, or has no such role.
    """
    steps = migrations("postgres")
    with refused(where):
        db = connect(where)
        try:
            with db.transaction():
                # Two who prepare at once do it one after the other.
                db.execute("SELECT pg_advisory_xact_lock(hashtext('buckstop record prepare'))")
                version = schema_version(db)
                if version == 0 and db.execute("SELECT to_regclass('events')").fetchall()[0][0]:
                    raise StoreRefusedError("the database has tables of another program")
                db.execute("CREATE TABLE IF NOT EXISTS buckstop_schema (version INTEGER NOT NULL)")
                for number, text in steps[version:]:
                    db.execute(sql.SQL(text))
                    db.execute("INSERT INTO buckstop_schema VALUES (%s)", (number,))
                _grant(db, role)
            check_schema(db, where)
        finally:
            db.close()
    return len(steps)


def _grant(db: psycopg.Connection[tuple[object, ...]], role: str) -> None:
    name = sql.Identifier(role)
    for table, rights in GRANTS.items():
        # PostgreSQL takes a sequence for a table here.
        identifier = sql.Identifier(table)
        db.execute(sql.SQL("REVOKE ALL ON {} FROM PUBLIC, {}").format(identifier, name))
        db.execute(
            sql.SQL("GRANT {} ON {} TO {}").format(
                sql.SQL(rights),
                identifier,
                name,
            )
        )
