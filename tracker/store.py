"""The database: opening it safely, one transaction at a time, and what it remembers of itself."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlite_utils import Database

from models.complaint import Complaint
from tracker.migrations import MIGRATIONS

BUSY_SECONDS = 10.0


class StoreError(Complaint):
    """A database that cannot be used; the message names the file and says why."""


def open_db(path: Path | str) -> Database:
    """Open or create the database, bring its schema up to date and set what every connection needs.

    Raises StoreError for a file that is no database of ours, is damaged or cannot be written.
    """
    try:
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        db = Database(connection)
        db.execute("pragma journal_mode = wal")
        db.execute("pragma synchronous = normal")
        db.execute("pragma foreign_keys = on")
        _refuse_foreign(db, path)
        MIGRATIONS.apply(db)
    except sqlite3.Error as error:
        raise StoreError(f"{path}: {error}") from None
    return db


def open_to_read(path: Path) -> Database:
    """Open an existing database for reading only; raises StoreError when there is none or it is not ours."""
    if not path.is_file():
        raise StoreError(f"{path}: there is no such database yet; make one with collect, import or demo")
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS)
        db = Database(connection)
        _refuse_foreign(db, path)
        if MIGRATIONS.pending(db):
            raise StoreError(f"{path}: has an older schema; any command that writes, such as score, upgrades it")
    except sqlite3.Error as error:
        raise StoreError(f"{path}: {error}") from None
    return db


def _refuse_foreign(db: Database, path: Path | str) -> None:
    tables = set(db.table_names())
    if tables and "_sqlite_migrations" not in tables:
        raise StoreError(f"{path}: is a database of something else (tables: {', '.join(sorted(tables)[:5])})")
    if tables:
        applied = {migration.name for migration in MIGRATIONS.applied(db)}
        if newer := sorted(applied - _known_migrations()):
            raise StoreError(f"{path}: was written by a newer ostpulse (schema {newer[-1]}); upgrade ostpulse")


def _known_migrations() -> set[str]:
    with closing(sqlite3.connect(":memory:")) as empty:
        return {migration.name for migration in MIGRATIONS.pending(Database(empty))}


@contextmanager
def transaction(db: Database) -> Iterator[sqlite3.Connection]:
    """One write transaction that takes the write lock at its start, so that it can wait for it (never half done)."""
    connection = db.conn
    connection.execute("begin immediate")
    try:
        yield connection
        connection.execute("commit")
    except BaseException:
        if connection.in_transaction:  # SQLite has rolled back by itself where the disk is full
            connection.execute("rollback")
        raise


def get_meta(db: Database, key: str) -> str | None:
    """A remembered value, or None."""
    row = db.execute("select value from meta where key = ?", [key]).fetchone()
    return row[0] if row else None


def set_meta(connection: sqlite3.Connection, key: str, value: str) -> None:
    """Remember a value under `key`."""
    connection.execute(
        "insert into meta (key, value) values (?, ?) on conflict (key) do update set value = excluded.value",
        (key, value),
    )


def to_json(value: object) -> str:
    """Compact JSON with Hangul left readable."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def mark_dirty(connection: sqlite3.Connection, known_at: str) -> None:
    """Say that something became known at `known_at`, so that scores made later than that are brought up to date."""
    connection.execute(
        """insert into meta (key, value) select 'dirty_from', ?
        where exists (select 1 from meta where key = 'scored_until' and value > ?)
        on conflict (key) do update set value = min(value, excluded.value)""",
        (known_at, known_at),
    )
