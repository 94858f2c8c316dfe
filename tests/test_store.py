from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from models.catalogue import Catalogue
from models.korean_time import moment
from tracker.authors import KeyFileError, hash_author, key_path, load_key
from tracker.lock import Occupied, only_writer
from tracker.store import StoreError, get_meta, mark_dirty, open_db, open_to_read, set_meta, transaction
from tracker.store_catalogue import save_catalogue

NOW = moment("2026-11-22T12:00:00Z")


def test_a_new_database_is_made_and_opened_again(tmp_path: Path) -> None:
    for _ in range(2):
        db = open_db(tmp_path / "o.db")
        assert db.execute("pragma journal_mode").fetchone()[0] == "wal"
        assert db.execute("pragma foreign_keys").fetchone()[0] == 1
        db.conn.close()


@pytest.mark.parametrize(
    "content", [b"<html>not a database at all, but long enough</html>" * 30, b"SQLite format 3\0" + b"x" * 4000]
)
def test_what_is_no_database_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "o.db"
    file.write_bytes(content)
    with pytest.raises(StoreError, match=r"o\.db"):
        open_db(file)
    assert file.read_bytes() == content


def test_somebody_elses_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "recipes.db"
    other = sqlite3.connect(file)
    other.execute("create table recipes (name text)")
    other.close()
    with pytest.raises(StoreError, match="is a database of something else"):
        open_db(file)
    other = sqlite3.connect(file)
    assert [row[0] for row in other.execute("select name from sqlite_master")] == ["recipes"]
    other.close()


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    db = open_db(tmp_path / "o.db")
    db.execute(
        "insert into _sqlite_migrations (migration_set, name, applied_at) values ('ostpulse', 'm999_future', '')"
    )
    db.conn.close()
    with pytest.raises(StoreError, match="newer ostpulse"):
        open_db(tmp_path / "o.db")


def test_reading_needs_a_database_and_cannot_write(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no such database yet"):
        open_to_read(tmp_path / "o.db")
    open_db(tmp_path / "o.db").conn.close()
    db = open_to_read(tmp_path / "o.db")
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        db.execute("insert into meta values ('a', 'b')")
    db.conn.close()


def _half_a_job(connection: sqlite3.Connection) -> None:
    set_meta(connection, "half", "done")
    connection.execute("insert into meta values ('half', 'again')")


def test_a_failed_transaction_leaves_nothing(tmp_path: Path) -> None:
    db = open_db(tmp_path / "o.db")
    with pytest.raises(sqlite3.IntegrityError), transaction(db) as connection:
        _half_a_job(connection)
    assert get_meta(db, "half") is None
    db.conn.close()


def test_the_catalogue_is_stored_once_and_new_songs_are_tracked_from_now(tmp_path: Path, catalogue: Catalogue) -> None:
    db = open_db(tmp_path / "o.db")
    some = Catalogue(catalogue.dramas, catalogue.artists, dict(list(catalogue.songs.items())[:200]), ())
    save_catalogue(db, some, now=NOW)
    save_catalogue(db, catalogue, now=NOW)
    tracked = dict(db.execute("select tracked_since, count(*) from songs group by 1").fetchall())
    assert tracked == {None: 200, "2026-11-22T12:00:00Z": 2}
    assert db.execute("select hangul from dramas where id = 'goblin'").fetchone()[0] == "도깨비"
    assert db.execute("select count(*) from events").fetchone()[0] == len(catalogue.events)
    db.conn.close()


def test_only_what_was_scored_can_become_dirty(tmp_path: Path) -> None:
    db = open_db(tmp_path / "o.db")
    mark_dirty(db.conn, "2026-01-01T00:00:00Z")
    assert get_meta(db, "dirty_from") is None
    set_meta(db.conn, "scored_until", "2026-02-01T00:00:00Z")
    for known_at in ("2026-01-05T00:00:00Z", "2026-01-03T00:00:00Z", "2026-01-04T00:00:00Z", "2026-03-01T00:00:00Z"):
        mark_dirty(db.conn, known_at)
    assert get_meta(db, "dirty_from") == "2026-01-03T00:00:00Z"
    db.conn.close()


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    database = tmp_path / "o.db"
    key = load_key(database)
    assert load_key(database) == key
    assert key_path(database).stat().st_mode & 0o777 == 0o600
    assert hash_author(key, "x", "someone") != hash_author(load_key(tmp_path / "p.db"), "x", "someone")
    assert hash_author(key, "x", "someone") != hash_author(key, "tiktok", "someone")


def test_a_damaged_key_is_refused_rather_than_replaced(tmp_path: Path) -> None:
    key_path(tmp_path / "o.db").write_text("short\n")
    with pytest.raises(KeyFileError, match=r"o\.db\.key"):
        load_key(tmp_path / "o.db")


def test_the_second_writer_is_told_who_the_first_is(tmp_path: Path) -> None:
    with only_writer(tmp_path / "o.db", task="daemon"):
        second = only_writer(tmp_path / "o.db", task="import")
        with pytest.raises(Occupied, match=r"o\.db: in use by another ostpulse \(daemon, process \d+\)"), second:
            pass
    with only_writer(tmp_path / "o.db", task="import"):
        pass
